// SPDX-License-Identifier: MIT
#pragma once

namespace outthink {

/// The ends of an interval; by default all that a share can be.
struct interval {
  double low = 0;
  double high = 1;
};

}  // namespace outthink

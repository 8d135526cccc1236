// SPDX-License-Identifier: MIT
#pragma once

namespace outthink {

/// The sizes of a transformer that its cost depends on.
struct transformer_shape {
  double parameters = 0;   ///< that take part in every token
  double layers = 0;       ///< of attention
  double query_heads = 0;  ///< a layer
  double kv_heads = 0;     ///< a layer
  double head_size = 0;    ///< numbers a head
};

}  // namespace outthink

// expect: nodiscard
// SPDX-License-Identifier: MIT
#pragma GCC diagnostic error "-Wunused-result"
#include <outthink/core/task.hpp>

outthink::task<int> one() {
  co_return 1;
}

outthink::task<int> twice() {
#ifdef OUTTHINK_FIXED
  co_await one();
#else
  one();
#endif
  co_return 2;
}

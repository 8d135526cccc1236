// expect: deleted
// SPDX-License-Identifier: MIT
#include <outthink/core/task.hpp>

#include <utility>

outthink::task<int> one() {
  co_return 1;
}

void copy() {
  outthink::task<int> first = one();
#ifdef OUTTHINK_FIXED
  outthink::task<int> second = std::move(first);
#else
  outthink::task<int> second = first;
#endif
}

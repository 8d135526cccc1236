#!/usr/bin/env bash
# Examples and benchmarks compile without a warning with a second compiler, which only reads them:
# syntax.sh COMPILER
set -u
. "$(dirname "$0")/common.sh"
folder=$root/build/ci/syntax
cd "$root" || exit 1
cmake --preset dev -G Ninja -B "$folder" -DCMAKE_CXX_COMPILER="$1" -DOUTTHINK_OFFLINE=ON -DOUTTHINK_BUILD_TESTS=OFF \
  -DOUTTHINK_BUILD_EXAMPLES=ON -DOUTTHINK_BUILD_BENCHMARKS=ON \
  -DCMAKE_PROJECT_outthink_INCLUDE="$root/tests/checks/syntax_only.cmake" || exit 1
cmake --build "$folder" -- -k 0

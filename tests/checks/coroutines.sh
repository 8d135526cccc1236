#!/usr/bin/env bash
# Builds and runs tests with the address sanitizer of $CXX at one level of optimisation, which what
# g++ 12 gets wrong of coroutines depends on: coroutines.sh LEVEL ROLE[;ROLE]...
set -u
. "$(dirname "$0")/common.sh"
# A call for every check in place of its code: half the time to compile, where code is optimised.
OUTTHINK_BUILD_DIR=$root/build/ci/coroutines-O$1 exec "$root/tests/run.sh" asan-ubsan -DOUTTHINK_OFFLINE=ON \
  -DCMAKE_CXX_FLAGS="-fsanitize=address --param asan-instrumentation-with-call-threshold=0" \
  -DCMAKE_CXX_FLAGS_DEBUG="-O$1 -g0" -DOUTTHINK_TEST_ROLES="$2"

#!/usr/bin/env bash
# Builds and runs tests with the address sanitizer of $CXX at one level of optimisation, which what
# g++ 12 gets wrong of coroutines depends on:
#
#   coroutines.sh LEVEL                    the tests of core and runtime that write coroutines
#   coroutines.sh LEVEL ROLE[;ROLE]...     all tests of these roles
set -u
. "$(dirname "$0")/common.sh"
level=$1
roles=${2:-core;runtime}
files=
if [ $# -lt 2 ]; then
  files=$(cd "$root/tests" && grep -lE 'co_(await|return|yield)' core/*.cpp runtime/*.cpp | paste -sd '|')
fi
# A call for every check in place of its code: half the time to compile, where code is optimised.
OUTTHINK_BUILD_DIR=$root/build/ci/coroutines-O$level exec "$root/tests/run.sh" asan-ubsan -DOUTTHINK_OFFLINE=ON \
  -DCMAKE_CXX_FLAGS="-fsanitize=address --param asan-instrumentation-with-call-threshold=0" \
  -DCMAKE_CXX_FLAGS_DEBUG="-O$level -g0" -DOUTTHINK_TEST_ROLES="$roles" -DOUTTHINK_TEST_FILES="$files"

#!/usr/bin/env bash
# Builds and runs all tests: tests/run.sh [PRESET] [CMAKE OPTION]...
#
# PRESET is one of CMakePresets.json (default: release); it builds in build/PRESET, or in
# $OUTTHINK_BUILD_DIR. What is missing on Debian 12 or Ubuntu 22.04 and later is installed with apt.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/prepare.sh"

preset=release
case ${1:-} in
  '' | -*) ;;
  *) preset=$1 && shift ;;
esac
build=${OUTTHINK_BUILD_DIR:-$root/build/$preset}
jobs=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc 2>/dev/null || echo 2)}

[ "$preset" = clang ] || find_compiler
find_cmake "$root"
install_missing ninja-build doctest-dev libfmt-dev nlohmann-json3-dev libcurl4-openssl-dev \
  libsqlite3-dev libcpp-httplib-dev libopenmpi-dev openmpi-bin pkg-config

cd "$root" || exit 1
cmake --preset "$preset" -B "$build" \
  -DOUTTHINK_BUILD_EXAMPLES=OFF -DOUTTHINK_BUILD_BENCHMARKS=OFF "$@" || exit 1
status=0
cmake --build "$build" --parallel "$jobs" -- -k 0 || status=1  # what does build is still tested
ctest --test-dir "$build" --parallel "$jobs" --output-on-failure --no-tests=error || status=1
[ $status -eq 0 ] || echo "$(basename "$0"): the build or a test failed, see above"
exit $status

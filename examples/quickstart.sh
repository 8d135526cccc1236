#!/usr/bin/env bash
# Builds and runs examples/quickstart.cpp, from any folder: quickstart.sh [OPTION OF THE PROGRAM]...
# What is missing on Debian 12 or Ubuntu 22.04 and later is installed with apt.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/prepare.sh"

find_compiler
find_cmake "$root"
install_missing make libfmt-dev nlohmann-json3-dev

build=$root/build/quickstart
log=$build/build.log
mkdir -p "$build"
[ -x "$build/examples/quickstart" ] || echo "building the quickstart (under a minute) ..." >&2
if ! {
  cmake -S "$root" -B "$build" -G "Unix Makefiles" -DCMAKE_BUILD_TYPE=Release \
    -DOUTTHINK_BUILD_TESTS=OFF -DOUTTHINK_BUILD_BENCHMARKS=OFF &&
    cmake --build "$build" --target example_quickstart
} >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
exec "$build/examples/quickstart" "$@"

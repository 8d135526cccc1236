#!/usr/bin/env bash
# Builds the benchmarks and runs them one after the other: benchmarks/run.sh [NAME]...
#
# Without names: all of benchmarks/*.cpp, then pytorch (which wants Debian's python3-torch), then
# compile_time.sh.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/prepare.sh"

find_compiler
find_cmake "$root"
install_missing ninja-build libfmt-dev nlohmann-json3-dev libeigen3-dev libbenchmark-dev \
  libcurl4-openssl-dev libsqlite3-dev

build=$root/build/benchmarks
log=$build/build.log
mkdir -p "$build"
if ! {
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DOUTTHINK_BUILD_TESTS=OFF -DOUTTHINK_BUILD_EXAMPLES=OFF &&
    cmake --build "$build"
} >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for source in "$root"/benchmarks/*.cpp; do names+=("$(basename "$source" .cpp)"); done
  names+=(pytorch compile_time)
fi
python=python3  # the distribution's, where PyTorch is installed, if there are several
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
status=0
for name in "${names[@]}"; do
  echo "== $name"
  case $name in
    compile_time) "$root/benchmarks/compile_time.sh" ;;
    pytorch) "$python" "$root/benchmarks/pytorch/compare.py" "$build/benchmarks/pytorch.so" ;;
    *) "$build/benchmarks/$name" ;;
  esac || status=1
done
exit $status

#!/usr/bin/env bash
# Builds and runs benchmarks:
#
#   benchmarks/run.sh            the suite on the embedded models: every strategy at every budget
#   benchmarks/run.sh --quick    a slice of it, in two minutes
#   benchmarks/run.sh --recorded published tables, computed again from recorded outputs
#   benchmarks/run.sh NAME...    the benchmarks of these names: benchmarks/*.cpp, pytorch (which wants
#                                Debian's python3-torch), compile_time; all: one after the other
#
# The suite writes benchmarks/report/index.html, results.json and results.csv; what it has measured
# is kept in build/benchmarks/suite.jsonl, and a suite that was stopped goes on from there.
set -u
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/cmake/prepare.sh"

plan=suite
names=()
for argument; do
  case $argument in
    --quick) plan=quick ;;
    --recorded) plan=recorded ;;
    -*) prepare_stop "there is no option $argument; there are --quick and --recorded" ;;
    all)
      for source in "$root"/benchmarks/*.cpp; do names+=("$(basename "$source" .cpp)"); done
      names+=(pytorch compile_time)
      ;;
    *) names+=("$argument") ;;
  esac
done

find_compiler
find_cmake "$root"
packages=(ninja-build libfmt-dev nlohmann-json3-dev)
if [ ${#names[@]} -eq 0 ]; then
  packages+=(libcli11-dev)
  targets=(--target outthink_bench)
else
  packages+=(libeigen3-dev libbenchmark-dev libcurl4-openssl-dev libsqlite3-dev wrk)
  targets=()
fi
install_missing "${packages[@]}"

build=$root/build/benchmarks
log=$build/build.log
mkdir -p "$build"
if ! {
  cmake -S "$root" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DOUTTHINK_BUILD_TESTS=OFF -DOUTTHINK_BUILD_EXAMPLES=OFF &&
    cmake --build "$build" "${targets[@]}"
} >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi

if [ ${#names[@]} -eq 0 ]; then
  bench=$build/benchmarks/outthink-bench
  [ "$plan" != recorded ] || exec "$bench" run --recorded
  results=$build/$plan.jsonl
  "$bench" run --plan "$plan" --results "$results" || exit
  echo "published tables"
  if ! "$bench" run --recorded --tables "$build/recorded.json" >"$build/recorded.txt"; then
    cat "$build/recorded.txt" >&2
    exit 1
  fi
  tail -n 1 "$build/recorded.txt"
  exec "$bench" report --results "$results" --add "$build/recorded.json" --out "$root/benchmarks/report" \
    --command "benchmarks/run.sh$([ "$plan" = suite ] || echo " --$plan")"
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

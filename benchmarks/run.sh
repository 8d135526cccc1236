#!/usr/bin/env bash
# Builds and runs benchmarks:
#
#   benchmarks/run.sh            the suite on the embedded models: every strategy at every budget
#   benchmarks/run.sh --quick    a slice of it, in two minutes
#   benchmarks/run.sh --recorded published tables, computed again from recorded outputs
#   benchmarks/run.sh --plan NAME [OPTION]...
#                                another of benchmarks/plans, or a plan of your own: its table;
#                                options are those of `outthink-bench run`, such as --task game24
#   benchmarks/run.sh --speed    kernels, searches, the embedded transformer, compile time: tables that the
#                                report of the next suite shows, too
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
table=  # the table alone, no report
speed=  # keep what is printed for the report
while [ $# -gt 0 ] && [ -z "$table" ]; do
  argument=$1
  shift
  case $argument in
    --plan)
      [ $# -gt 0 ] || prepare_stop "--plan wants a name of benchmarks/plans, or a file"
      plan=$1 table=yes
      shift
      ;;
    --quick) plan=quick ;;
    --recorded) plan=recorded ;;
    --speed) names+=(kernels reward_kernels orchestration transformer answers compile_time) speed=yes ;;
    -*) prepare_stop "there is no option $argument; there are --quick, --recorded, --speed and --plan" ;;
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
  results=$build/$(basename "$plan" .json).jsonl
  [ -z "$table" ] || exec "$bench" run --plan "$plan" --results "$results" "$@"
  "$bench" run --plan "$plan" --results "$results" || exit
  echo "published tables"
  if ! "$bench" run --recorded --tables "$build/recorded.json" >"$build/recorded.txt"; then
    cat "$build/recorded.txt" >&2
    exit 1
  fi
  tail -n 1 "$build/recorded.txt"
  added=(--add "$build/recorded.json")
  [ ! -f "$build/speed.json" ] || added+=(--add "$build/speed.json")
  exec "$bench" report --results "$results" "${added[@]}" --out "$root/benchmarks/report" \
    --command "benchmarks/run.sh$([ "$plan" = suite ] || echo " --$plan")"
fi

python=python3  # the distribution's, where PyTorch is installed, if there are several
[ ! -x /usr/bin/python3 ] || python=/usr/bin/python3
benchmark() {
  case $1 in
    compile_time) "$root/benchmarks/compile_time.sh" ;;
    pytorch) "$python" "$root/benchmarks/pytorch/compare.py" "$build/benchmarks/pytorch.so" ;;
    *) "$build/benchmarks/$1" ;;
  esac
}

set -o pipefail
status=0
printed=()
for name in "${names[@]}"; do
  echo "== $name"
  printed+=("$build/$name.txt")
  benchmark "$name" | tee "$build/$name.txt" || status=1
done
[ -z "$speed" ] || awk -f "$root/benchmarks/speed_tables.awk" "${printed[@]}" >"$build/speed.json" || status=1
exit $status

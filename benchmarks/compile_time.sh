#!/usr/bin/env bash
# What including a header costs: preprocessed lines, and seconds of g++ -std=c++20 -fsyntax-only
# (the least and the median of interleaved runs), each relative to a lean unit of seven standard
# headers. Usage: benchmarks/compile_time.sh [ROUNDS]   (default 5; the compiler is $CXX, or g++)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/tests/checks/common.sh"
rounds=${1:-5}
compiler=${CXX:-g++}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

units=(lean)
lean_unit >"$folder/lean.cpp"
for header in outthink.hpp backends/transformer.hpp \
  $(cd "$root/include/outthink" && ls concepts/*.hpp policies/*.hpp verifiers/*.hpp aggregators/*.hpp); do
  unit=${header//\//-}
  echo "#include <outthink/$header>" >"$folder/$unit.cpp"
  units+=("$unit")
done

for ((round = 0; round < rounds; ++round)); do
  for unit in "${units[@]}"; do
    begin=$(date +%s%N)
    $compiler -std=c++20 -fsyntax-only -I"$root/include" "$folder/$unit.cpp"
    echo $((($(date +%s%N) - begin) / 1000)) >>"$folder/$unit.us"
  done
done

echo "what including a header costs, $($compiler --version | head -n 1)"
printf '%-38s%9s%8s%9s%8s%11s%8s\n' header lines ratio 'min s' ratio 'median s' ratio
for unit in "${units[@]}"; do
  lines=$($compiler -std=c++20 -E -I"$root/include" "$folder/$unit.cpp" | wc -l)
  sort -n "$folder/$unit.us" | awk -v unit="${unit//-//}" -v lines="$lines" '
    { t[NR] = $1 / 1e6 }
    END { print unit, lines, t[1], (t[int((NR + 1) / 2)] + t[int(NR / 2) + 1]) / 2 }'
done | awk '
  NR == 1 { lines = $2; least = $3; median = $4 }
  { printf "%-38s%9d%8.2f%9.3f%8.2f%11.3f%8.2f\n", $1, $2, $2 / lines, $3, $3 / least, $4, $4 / median }'

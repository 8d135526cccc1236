#!/usr/bin/env bash
# Events cost nothing where nobody looks: with `no_observer` the compiler makes the same operations
# of the scheduler, in the same order, as without the lines that report events:
# free_observer.sh [COMPILER]
set -eu
. "$(dirname "$0")/common.sh"
compiler=${1:-${CXX:-g++}}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

reports='^ *(pool_\.)?report\.(search|batch|request|foreign|never)_[a-z]+\(.*\);$'
cp -r "$root/include" "$folder/silent"
for file in scheduler search_pool; do
  header=$folder/silent/outthink/runtime/$file.hpp
  lines=$(grep -cE "$reports" "$header")
  [ "$lines" -ge 4 ] || finding "$file.hpp reports $lines events in a line each, 4 were expected"
  sed -i -E "/$reports/d" "$header"
  ! grep -qE 'report\.(search|batch|request|foreign)_' "$header" ||
    finding "$file.hpp reports an event in more than one line"
done
# Operations and what they call; not their operands, as which of two values is spilled first may differ.
for include in "$root/include" "$folder/silent"; do
  $compiler -std=c++20 -O2 -DNDEBUG -S -I"$include" "$root/tests/checks/free_observer.cpp" -o - |
    awk '/^\t[a-z]/ { print $1 == "call" ? $0 : $1 }' >"$folder/$(basename "$include").s"
done
cmp "$folder/include.s" "$folder/silent.s" || finding "with no_observer the operations differ"
echo "$(wc -l <"$folder/include.s") operations compared"
finish

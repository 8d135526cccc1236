#!/usr/bin/env bash
# Preprocessed lines of every header, relative to a lean unit of seven standard headers, and the
# limits that are promised: a concept 1.1, a policy, verifier or aggregator 1.5, the umbrella 2.5.
set -u
. "$(dirname "$0")/common.sh"
compiler=${CXX:-g++}

lines_of() {
  $compiler -std=c++20 -E -I"$root/include" $component_flags -x c++ - | wc -l
}

limit_of() {
  case $1 in
    outthink.hpp) echo 250 ;;
    concepts/*) echo 110 ;;
    policies/* | verifiers/* | aggregators/*) echo 150 ;;
    *) echo 0 ;;
  esac
}

lean=$(lean_unit | lines_of)
echo "lean unit: $lean lines"
while IFS= read -r file; do
  header=${file#include/outthink/}
  lines=$(echo "#include <outthink/$header>" | lines_of)
  percent=$(((lines * 100 + lean / 2) / lean))
  limit=$(limit_of "$header")
  row=$(printf '%d.%02d  %6d  %s' $((percent / 100)) $((percent % 100)) "$lines" "$header")
  if [ "$limit" -gt 0 ] && [ "$percent" -gt "$limit" ]; then
    finding "$row  above its limit of $((limit / 100)).$((limit % 100))"
  else
    echo "$row"
  fi
done < <(project_files '^include/outthink/.*\.hpp$')
finish

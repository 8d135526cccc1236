#!/usr/bin/env bash
# Programs that must not compile, and must say why: compile_fail.sh COMPILER [FILE]...
#
# The first line of tests/compile_fail/*.cpp is `// expect: TEXT`. The compiler must refuse the file
# and its output must contain the text; with -DOUTTHINK_FIXED, which mends the file, it must accept.
set -u
. "$(dirname "$0")/common.sh"
compiler=${1:-${CXX:-g++}}
shift
if [ $# -eq 0 ]; then
  printf '%s\n' "$root"/tests/compile_fail/*.cpp | two_at_a_time "$0" "$compiler" || exit 1
  exit
fi

compile() {
  $compiler -std=c++20 -fsyntax-only -I"$root/include" "$@" 2>&1
}

for file; do
  name=$(basename "$file")
  expected=$(sed -n '1s,^// expect: ,,p' "$file")
  if [ -z "$expected" ]; then
    finding "$name: its first line is not '// expect: TEXT'"
  elif output=$(compile "$file"); then
    finding "$name compiles, and must not"
  elif [[ $output != *"$expected"* ]]; then
    finding "$name fails without saying: $expected"
    head -n 30 <<<"$output"
  elif ! output=$(compile -DOUTTHINK_FIXED "$file"); then
    finding "$name: its mended form does not compile"
    head -n 30 <<<"$output"
  fi
done
finish

#!/usr/bin/env bash
# Every header compiles alone, twice included, without a warning: self_contained.sh COMPILER
set -u
. "$(dirname "$0")/common.sh"
export compiler=${1:-${CXX:-g++}} root component_flags

project_files '^include/.*\.hpp$' | two_at_a_time bash -c '
  header=${1#include/}
  printf "#include <%s>\n#include <%s>\n" "$header" "$header" |
    $compiler -std=c++20 -fsyntax-only -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
      -I"$root/include" $component_flags -x c++ - || { echo "$header is not self-contained"; exit 1; }' self_contained ||
  exit 1

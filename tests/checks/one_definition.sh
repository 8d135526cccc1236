#!/usr/bin/env bash
# Two translation units that each include every header link together: one_definition.sh COMPILER
set -u
. "$(dirname "$0")/common.sh"
compiler=${1:-${CXX:-g++}}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

project_files '^include/.*\.hpp$' | sed 's,^include/\(.*\)$,#include <\1>,' >"$folder/first.cpp"
{ tac "$folder/first.cpp" && echo 'int main() {}'; } >"$folder/second.cpp"
printf '%s\n' "$folder/first.cpp" "$folder/second.cpp" |
  two_at_a_time sh -c "$compiler -std=c++20 -O0 -I'$root/include' $component_flags -c \"\$1\" -o \"\$1.o\"" one || exit 1
$compiler "$folder/first.cpp.o" "$folder/second.cpp.o" -lfmt -lcurl -lsqlite3 -pthread -o "$folder/both"

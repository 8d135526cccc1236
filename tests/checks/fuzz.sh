#!/usr/bin/env bash
# Runs every target of tests/fuzz/ under the address and undefined behaviour sanitizers on inputs
# that libFuzzer makes up: fuzz.sh [SECONDS [NAME]...]   (default 20 seconds each, all targets)
#
# The input that breaks a target stays in build/fuzz/NAME-*; `build/fuzz/NAME FILE` runs it again.
set -u
. "$(dirname "$0")/common.sh"
seconds=${1:-20}
[ $# -eq 0 ] || shift
compiler=${OUTTHINK_FUZZ_CXX:-clang++-19}
command -v "$compiler" >/dev/null || {
  echo "missing: $compiler (Debian's clang-19 and libclang-rt-19-dev)"
  exit 1
}
folder=$root/build/fuzz
mkdir -p "$folder"
names=("$@")
[ ${#names[@]} -gt 0 ] || mapfile -t names < <(project_files '^tests/fuzz/.*\.cpp$' | sed 's,.*/,,; s,\.cpp$,,')

# Builds and runs one target.
fuzz() { # name
  local name=$1
  # doctest is for the tests that share a header with the target.
  ${CMAKE_CXX_COMPILER_LAUNCHER:-} "$compiler" -std=c++20 -O1 -g1 -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
    -Werror -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -DDOCTEST_CONFIG_DISABLE \
    -I"$root/include" -c "$root/tests/fuzz/$name.cpp" -o "$folder/$name.o" &&
    "$compiler" -fsanitize=fuzzer,address,undefined "$folder/$name.o" -pthread -o "$folder/$name" || {
    echo "$name does not build"
    return 1
  }
  # Long inputs from the start; the seed is fixed, but not how many inputs a machine tries.
  "$folder/$name" -seed=1 -max_total_time="$seconds" -max_len=8192 -len_control=0 -verbosity=0 \
    -print_funcs=0 -print_final_stats=1 -artifact_prefix="$folder/$name-" >"$folder/$name.log" 2>&1 || {
    echo "$name fails:"
    grep -v '^stat::' "$folder/$name.log" | tail -n 40
    return 1
  }
  echo "$name: $(sed -n 's/^stat::number_of_executed_units: *//p' "$folder/$name.log") inputs"
}

export -f fuzz
export compiler folder root seconds
printf '%s\n' "${names[@]}" | two_at_a_time bash -c 'fuzz "$1"' fuzz

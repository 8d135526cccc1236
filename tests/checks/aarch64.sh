#!/usr/bin/env bash
# The kernels' tests pass on aarch64, where "baseline" is NEON: built by a cross compiler, run by an
# emulator. Exact arithmetic, so that what passes here passes on the hardware; speed says nothing.
#
#   aarch64.sh            all of tests/kernels/
#   aarch64.sh FILE...    these test files alone
set -u
. "$(dirname "$0")/common.sh"
export compiler=${OUTTHINK_AARCH64_CXX:-aarch64-linux-gnu-g++}
emulator=${OUTTHINK_AARCH64_EMULATOR:-qemu-aarch64}
for program in "$compiler" "$emulator"; do
  command -v "$program" >/dev/null || {
    echo "missing: $program (Debian's g++-aarch64-linux-gnu and qemu-user)"
    exit 1
  }
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# doctest is a header for every architecture, but the folder that holds it is not: link it alone.
doctest=$(echo '#include <doctest/doctest.h>' | "${CXX:-g++}" -x c++ -E - 2>/dev/null |
  sed -n 's/^# [0-9]* "\(.*\)\/doctest\.h".*/\1/p' | head -n 1)
[ -n "$doctest" ] || {
  echo "missing: doctest/doctest.h (Debian's doctest-dev)"
  exit 1
}
mkdir -p "$folder/include" "$folder/objects"
ln -s "$doctest" "$folder/include/doctest"
export root folder

if [ $# -gt 0 ]; then printf '%s\n' "$@"; else project_files '^tests/kernels/.*\.cpp$'; fi \
  >"$folder/sources"
{ echo tests/main.cpp && cat "$folder/sources"; } | two_at_a_time bash -c '
  $compiler -std=c++20 -O2 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror \
    -DDOCTEST_CONFIG_SUPER_FAST_ASSERTS -isystem "$folder/include" -I"$root/include" \
    -I"$root/tests" -c "$root/$1" -o "$folder/objects/${1//\//_}.o" ||
    { echo "$1 does not build for aarch64"; exit 1; }' build || exit 1
$compiler -static "$folder"/objects/*.o -o "$folder/tests" || exit 1
"$emulator" "$folder/tests"

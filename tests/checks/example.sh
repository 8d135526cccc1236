#!/usr/bin/env bash
# An example is at most 60 lines and prints what examples/expected/NAME.txt says:
# example.sh FOLDER_OF_PROGRAMS NAME
set -u
. "$(dirname "$0")/common.sh"
programs=$1
name=$2
expected=$root/examples/expected/$name.txt

lines=$(wc -l <"$root/examples/$name.cpp")
[ "$lines" -le 60 ] || finding "examples/$name.cpp has $lines lines, more than 60"
if [ "$name" = quickstart ] || [ "$name" = serve_gguf ]; then
  # The one prints times and is run on its own; the other serves until it is stopped.
  [ -x "$programs/$name" ] || finding "it was not built"
elif [ ! -f "$expected" ]; then
  finding "there is no examples/expected/$name.txt"
else
  printed=$(mktemp)
  trap 'rm -f "$printed"' EXIT
  (cd / && timeout 120 "$programs/$name") >"$printed" || finding "it ended with exit code $?"
  diff -u --label expected --label printed "$expected" "$printed" || finding "it prints something else"
fi
finish

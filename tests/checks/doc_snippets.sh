#!/usr/bin/env bash
# Every ```cpp block of README.md and docs/ is, indentation aside, a part of a file that is compiled.
set -u
. "$(dirname "$0")/common.sh"
cd "$root" || exit 1

mapfile -t compiled < <(project_files '^(examples|tests/docs|tests/archetypes|include)/.*\.(cpp|hpp)$')
mapfile -t pages < <(project_files '^(README|docs/.*)\.md$')
[ ${#pages[@]} -gt 0 ] || { echo "no pages yet" && exit 0; }

awk '
  function trim(line) { gsub(/^[ \t\r]+|[ \t\r]+$/, "", line); return line }
  function check() {
    sub(/^\n+/, "\n", block); sub(/\n+$/, "\n", block)
    if (block == "\n") return
    ++blocks
    for (file in text) if (index(text[file], block)) return
    ++wrong
    print FILENAME ":" begin ": this block is in no compiled file:" block
  }
  FILENAME ~ /\.(cpp|hpp)$/ {
    if (FNR == 1) text[FILENAME] = "\n"
    text[FILENAME] = text[FILENAME] trim($0) "\n"
    next
  }
  FNR == 1 { inside = 0 }
  !inside && /^[ \t]*```cpp[ \t\r]*$/ { inside = 1; begin = FNR; block = "\n"; next }
  inside && /^[ \t]*```[ \t\r]*$/ { inside = 0; check(); next }
  inside { block = block trim($0) "\n" }
  END { print blocks + 0 " blocks, " wrong + 0 " of them in no compiled file"; exit wrong > 0 }
' "${compiled[@]}" "${pages[@]}"

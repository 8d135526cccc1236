#!/usr/bin/env bash
# Every header include/outthink/A/b.hpp has its test tests/A/b.cpp, or a reason in
# mirror_exceptions.txt why not.
set -u
. "$(dirname "$0")/common.sh"
exceptions=$root/tests/checks/mirror_exceptions.txt

declare -A reason
while read -r header why; do
  case $header in '' | '#'*) continue ;; esac
  [ -n "$why" ] || finding "mirror_exceptions.txt gives no reason for $header"
  [ -f "$root/include/outthink/$header" ] || finding "mirror_exceptions.txt: there is no $header"
  reason[$header]=$why
done <"$exceptions"

while IFS= read -r file; do
  header=${file#include/outthink/}
  test=tests/${header%.hpp}.cpp
  if [ -f "$root/$test" ]; then
    [ -z "${reason[$header]:-}" ] || finding "$header has a test now: drop it from mirror_exceptions.txt"
  elif [ -z "${reason[$header]:-}" ]; then
    finding "$header has no $test"
  fi
done < <(project_files '^include/outthink/.*\.hpp$')
finish

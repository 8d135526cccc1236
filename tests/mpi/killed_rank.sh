#!/usr/bin/env bash
# A rank that is killed ends the job, but loses nothing that it had reported:
# killed_rank.sh PROGRAM MPIRUN [OPTION]...
#
# The first run dies, the second goes on from what rank 0 has kept, and its answers are those of a
# run that nothing disturbed.
set -u
program=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
  echo "$*"
  exit 1
}

undisturbed=$("$@" -np 3 "$program" "$folder/undisturbed") || fail "the undisturbed run failed"
[ "$(head -n 1 <<<"$undisturbed")" = "searched 24" ] || fail "it should search all: $undisturbed"
# One rank besides rank 0: it reports one problem, asks for the next and dies of it.
"$@" -np 2 "$program" "$folder/kept" die >/dev/null 2>&1 && fail "the killed run succeeded"
resumed=$("$@" -np 3 "$program" "$folder/kept") || fail "the second run failed"
[ "$(head -n 1 <<<"$resumed")" = "searched 23" ] || fail "one was reported before: $resumed"
[ "$(tail -n +2 <<<"$resumed")" = "$(tail -n +2 <<<"$undisturbed")" ] || fail "other answers"

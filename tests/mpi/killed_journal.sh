#!/usr/bin/env bash
# A rank that is killed in the middle of its searches loses nothing that was journaled:
# killed_journal.sh PROGRAM MPIRUN [OPTION]...
#
# The first run dies, the second, on more ranks, goes on from the journals of the first, and its
# answers are those of a run that nothing disturbed.
set -u
program=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/undisturbed" "$folder/killed"

fail() {
  echo "$*"
  exit 1
}

# Prints how many answers a run paid for.
paid() {
  sed -n 's/^paid //p' <<<"$1"
}

undisturbed=$("$@" -np 3 "$program" "$folder/undisturbed") || fail "the undisturbed run failed"
whole=$(paid "$undisturbed")
# One rank besides rank 0: its first batch, of four problems with four steps each, is journaled
# when the second one kills it.
"$@" -np 2 "$program" "$folder/killed" die >/dev/null 2>&1 && fail "the killed run succeeded"
resumed=$("$@" -np 3 "$program" "$folder/killed") || fail "the second run failed"
[ "$(paid "$resumed")" = $((whole - 16)) ] || fail "of $whole answers 16 were paid before: $resumed"
[ "$(tail -n +2 <<<"$resumed")" = "$(tail -n +2 <<<"$undisturbed")" ] || fail "other answers"
again=$("$@" -np 2 "$program" "$folder/killed") || fail "the third run failed"
[ "$(paid "$again")" = 0 ] || fail "all was paid before: $again"

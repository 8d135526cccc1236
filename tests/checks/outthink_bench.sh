#!/usr/bin/env bash
# The program runs a small plan, goes on, reports and compares: outthink_bench.sh PROGRAM
set -u
. "$(dirname "$0")/common.sh"
program=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs the program and keeps what it prints; fails unless it ends with the status and says the text.
expect() { # status, text, arguments...
  local status=$1 text=$2
  shift 2
  "$program" "$@" >"$work/said" 2>&1
  local ended=$?
  [ $ended -eq "$status" ] && grep -qF -- "$text" "$work/said" && return
  finding "outthink-bench $*: status $ended, and not '$text' in:"
  cat "$work/said"
}

small=(run --task game24 --problems 4 --policy repeated_sampling --n '1,4' --results "$work/a.jsonl")
expect 0 'passes to do: 2' "${small[@]}"
expect 0 'passes to do: 0' "${small[@]}"
expect 0 'passes to do: 1' run --task game24 --problems 4 --policy beam_search --n 4 --results "$work/a.jsonl"
expect 0 ', index.html' report --results "$work/a.jsonl" --out "$work/report" --page <(echo '<p>/*report-data*/</p>')
[ -s "$work/report/results.csv" ] || finding "no results.csv"
expect 0 'McNemar' compare --results "$work/a.jsonl" 'best-of-N N 4' 'beam best'
expect 0 'McNemar' compare "$work/a.jsonl" "$work/a.jsonl"
expect 0 'beam_search' list
expect 1 "did you mean 'beam_search'?" run --policy baem_search --results "$work/b.jsonl"
expect 1 'missing.gguf' run --task game24 --model "$work/missing.gguf" --policy repeated_sampling --results "$work/b.jsonl"
echo '{"id": 1, "question": "1+1"}' >"$work/data.jsonl"
expect 1 'data.jsonl:1: the field `answer` is missing' run --dataset "$work/data.jsonl" --results "$work/b.jsonl"
expect 0 ': 0 do not agree' run --recorded --tables "$work/recorded.json"
expect 0 ', index.html' report --results "$work/a.jsonl" --add "$work/recorded.json" --out "$work/report" \
  --page <(echo '<p>/*report-data*/</p>')
expect 1 "did you mean 'suite'?" run --plan suit --results "$work/b.jsonl"
finish

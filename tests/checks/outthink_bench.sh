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
expect 0 'passes to do: 16' run --plan quick --task game24 --problems 2 --results "$work/c.jsonl"
expect 1 '--n and a plan cannot both be given' run --plan quick --n 4 --results "$work/c.jsonl"

# What benchmarks print becomes the report's tables of speed.
cat >"$work/speed.txt" <<'END'
two tables of one head
what is timed           min  median
a "quoted" name        1.50    2.00
  an indented one     10.00   1e+01  a remark
another
a third                3.00    4.00

no table: one column
END
cat >"$work/expected" <<'END'
{"speed": [
  {"table": "two tables of one head", "columns": ["what is timed", "min", "median"], "rows": [
    ["a \"quoted\" name", 1.50, 2.00],
    ["an indented one", 10.00, 1e+01, "a remark"]]},
  {"table": "another", "columns": ["what is timed", "min", "median"], "rows": [
    ["a third", 3.00, 4.00]]}]}
END
awk -f "$(dirname "$0")/../../benchmarks/speed_tables.awk" "$work/speed.txt" >"$work/speed.json"
cmp "$work/expected" "$work/speed.json" || finding "speed_tables.awk gives: $(cat "$work/speed.json")"
expect 0 ', index.html' report --results "$work/a.jsonl" --add "$work/speed.json" --out "$work/report" \
  --page <(echo '<p>/*report-data*/</p>')
finish

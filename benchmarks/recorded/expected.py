#!/usr/bin/env python3
"""Recomputes in plain Python what the publishers give no number for: expected.json with

swe_bench: issues, of those that every run was asked, that one of the k best runs resolves; the share,
in percent, that a random k of the runs resolve.
aime_cascades: for the cheapest first run and every other run with tokens as the second, the questions
solved and tokens spent when the second is asked where 8 votes of the first leave it in doubt."""
import collections
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
TESTS = HERE.parent.parent / "tests" / "data" / "recorded"
sys.path.insert(0, str(TESTS))
sys.dont_write_bytecode = True
import expected as shared  # noqa: E402


def swe_bench():
    names, *lines = (HERE / "swe_bench.txt").read_text().splitlines()
    runs = len(names.split())
    issues = [marks for _, marks in map(str.split, lines) if "?" not in marks]
    resolved = [sum(marks[run] == "1" for marks in issues) for run in range(runs)]
    best = sorted(range(runs), key=lambda run: -resolved[run])
    together = lambda k: sum(any(marks[run] == "1" for run in best[:k]) for marks in issues)
    random = lambda k: sum(shared.pass_at_k(runs, marks.count("1"), k) for marks in issues) / len(issues)
    return {"issues": len(issues), "best": {k: together(k) for k in (1, 2, 3, 5, 10, runs)},
            "random": {k: round(100 * random(k), 4) for k in (1, 2, 3, 5, 10, runs)}}


def vote(run):
    """Right or not, tokens, and whether the leader was ahead for sure."""
    answers, tokens = run["answers"].split()[:8], list(map(int, run["tokens"].split()))[:8]
    voted, spent = shared.stop_early(answers, tokens, math.inf)
    chosen = shared.majority(voted)
    sure = shared.ahead(collections.Counter(a for a in voted if a != "-")) >= 0.95
    return chosen is not None and run["correct"][chosen] == "1", spent, sure


def aime_cascades():
    questions = [json.loads(line) for line in (TESTS / "aime.jsonl").open()]
    entries = [json.loads(line) for line in (TESTS / "aime_expected.jsonl").open()]
    entries = [entry for entry in entries if "early" in entry]
    first = min(entries, key=lambda entry: entry["early"][1])["run"]
    made = {"first": first, "second": {}}
    for entry in entries:
        if entry["run"] == first:
            continue
        solved = tokens = 0
        for question in questions:
            right, spent, sure = vote(question["runs"][first])
            if not sure:
                right, more, _ = vote(question["runs"][entry["run"]])
                spent += more
            solved, tokens = solved + right, tokens + spent
        made["second"][entry["run"]] = [solved, tokens]
    return made


def main():
    made = {"swe_bench": swe_bench(), "aime_cascades": aime_cascades()}
    (HERE / "expected.json").write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()

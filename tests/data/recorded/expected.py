#!/usr/bin/env python3
"""Recomputes from the extracts, in plain Python, what the publishers give no number for:

aime_expected.jsonl, a run each: pass@1, 2, 4 and 8 in percent, the questions solved by the vote of
the first 8 samples, and for runs with tokens the questions solved and tokens spent by a vote that
stops early, without and with a budget a question.
mmlu_pro_expected.json: each model's questions answered and solved; those solved by votes."""
import collections
import json
import math
import pathlib

HERE = pathlib.Path(__file__).parent
BUDGET = 40_000  # generated tokens a question


def pass_at_k(n, right, k):
    return 1 - math.comb(n - right, k) / math.comb(n, k)


def majority(answers):
    """Where the answer with most votes was given first; of equal counts the first to appear."""
    votes = collections.Counter(a for a in answers if a != "-")
    return answers.index(votes.most_common(1)[0][0]) if votes else None


def ahead(votes):
    """P(Beta(a + 1, b + 1) > 1/2) for the two largest counts, by exact integers."""
    a, b = (sorted(votes.values(), reverse=True) + [0, 0])[:2]
    return a and sum(math.comb(a + b + 1, j) for j in range(a + 1)) / 2 ** (a + b + 1)


def stop_early(answers, tokens, budget):
    """Samples voted on and tokens spent. A sample that the budget cuts does not vote."""
    spent, voted = 0, []
    for answer, cost in zip(answers, tokens):
        if spent + cost > budget:
            return voted, budget
        spent += cost
        voted.append(answer)
        if ahead(collections.Counter(a for a in voted if a != "-")) >= 0.95 or spent == budget:
            break
    return voted, spent


def aime():
    questions = [json.loads(line) for line in (HERE / "aime.jsonl").open()]
    for name in questions[0]["runs"]:
        runs = [q["runs"][name] for q in questions if name in q["runs"]]
        judged = [[c for c in run["correct"] if c != "-"] for run in runs]
        entry = {"run": name, "pass": {}}
        for k in (1, 2, 4, 8):
            usable = [j for j in judged if len(j) >= k]
            if len(usable) == len(runs):
                mean = sum(pass_at_k(len(j), j.count("1"), k) for j in usable) / len(usable)
                entry["pass"][k] = round(100 * mean, 3)
        if all("answers" in run for run in runs):
            answers = [run["answers"].split()[:8] for run in runs]
            entry["majority"] = solved(runs, answers)
            if all("tokens" in run for run in runs):
                tokens = [list(map(int, run["tokens"].split())) for run in runs]
                entry["tokens"] = sum(sum(t[:8]) for t in tokens)
                for what, budget in (("early", math.inf), ("budget", BUDGET)):
                    stopped = [stop_early(a, t, budget) for a, t in zip(answers, tokens)]
                    entry[what] = [solved(runs, [v for v, _ in stopped]), sum(s for _, s in stopped)]
        yield entry


def solved(runs, answers):
    chosen = [majority(a) for a in answers]
    return sum(c is not None and run["correct"][c] == "1" for run, c in zip(runs, chosen))


def mmlu_pro():
    first, *lines = (HERE / "mmlu_pro.txt").read_text().splitlines()
    names = first.split()
    rows = [line.split()[1:] for line in lines]
    asked = [sum(row[m] != "?" for _, row in rows) for m in range(len(names))]
    right = [sum(row[m] == gold for gold, row in rows) for m in range(len(names))]
    best = sorted(range(len(names)), key=lambda m: -right[m])

    def vote(models, weight):
        solved_by_vote = 0
        for gold, row in rows:
            sums = {}
            for m in models:
                if row[m] not in "-?":
                    sums[row[m]] = sums.get(row[m], 0) + weight(m)
            solved_by_vote += bool(sums) and max(sums, key=sums.get) == gold
        return solved_by_vote

    in_order = range(len(names))
    return {"models": {n: [a, r] for n, a, r in zip(names, asked, right)},
            "majority of all": vote(in_order, lambda m: 1),
            "majority of the best 5": vote(sorted(best[:5]), lambda m: 1),
            "majority of the best 3": vote(sorted(best[:3]), lambda m: 1),
            "all, weighed by right answers": vote(in_order, lambda m: right[m])}


def main():
    with open(HERE / "aime_expected.jsonl", "w") as out:
        for entry in aime():
            out.write(json.dumps(entry) + "\n")
    (HERE / "mmlu_pro_expected.json").write_text(json.dumps(mmlu_pro(), indent=1) + "\n")


if __name__ == "__main__":
    main()

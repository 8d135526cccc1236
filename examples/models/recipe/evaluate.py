"""Measure the models of a task: `python3 evaluate.py TASK --models DIR [--split validation] …`.

Methods: greedy, pass@k, majority vote, best of k and weighted vote by the value model, step beam.
"""

import argparse
import collections
import itertools
import math
import pathlib

import torch

import gguf
from sample import complete, step_scores
from tasks import TASKS

REDUCTIONS = {"last": lambda scores: scores[-1], "min": min, "sum": lambda scores: sum(map(log_sigmoid, scores))}


def log_sigmoid(margin):
    """Logarithm of the probability that a margin stands for."""
    return -math.log1p(math.exp(-margin)) if margin > 0 else margin - math.log1p(math.exp(margin))


def reduced(scores, reduction):
    """One number for a list of step scores; an empty list is worst."""
    return REDUCTIONS[reduction](scores) if scores else -math.inf


def distinct(items):
    """Items in order, repeats dropped."""
    return list(dict.fromkeys(items))


def unbiased_pass(right, k):
    """Unbiased estimate of the chance that one of k samples is right."""
    n, c = len(right), sum(right)
    return 1.0 - math.comb(n - c, k) / math.comb(n, k)


def scored_samples(task, policy, value, problems, count, temperature, seed):
    """Per problem a list of (solution, right, step scores) of `count` samples."""
    prompts = [problem["prompt"] for problem in problems]
    drawn = complete(policy, prompts, [count] * len(prompts), limit=task.limit, temperature=temperature, seed=seed)
    texts = distinct((prompt, *sample) for prompt, mine in zip(prompts, drawn) for sample in mine)
    ended = [end and task.scores_end for _, _, end in texts]
    scores = step_scores(value, [p + t for p, t, _ in texts], [len(p) for p, _, _ in texts], ended)
    scores = dict(zip(texts, scores))
    return [[(t, task.right(p, t), scores[p, t, end]) for t, end in mine] for p, mine in zip(prompts, drawn)]


def majority(task, samples):
    """Whether the most frequent answer (first occurrence wins ties) is right."""
    return vote(task, samples, lambda scores: 1.0)


def vote(task, samples, weight):
    """Whether the answer of the largest summed weight is right; no answer, no vote."""
    totals, right = collections.Counter(), {}
    for text, correct, scores in samples:
        answer = task.answer(text)
        if answer:
            totals[answer] += weight(scores)
            right[answer] = correct
    return bool(totals) and right[max(totals, key=totals.get)]


def best(samples, reduction):
    """Whether the sample of the highest value is right."""
    return max(samples, key=lambda sample: reduced(sample[2], reduction))[1]


def weighted(reduction):
    """Weight of a sample in a vote: the probability that its reduced value stands for."""
    return lambda scores: math.exp(log_sigmoid(reduced(scores, reduction))) if scores else 0.0


def step_beam(task, policy, value, problems, candidates, width, temperature, reduction, seed, rounds=24):
    """Per problem, whether the solution found by a value-guided beam over lines is right.

    Each round draws `candidates` next lines from the kept partial solutions, drops repeats, and keeps the best
    `width` by value; finished solutions compete too.
    """
    beams = [[(problem["prompt"], False, ())] for problem in problems]
    for round_number in range(rounds):
        open_places = [(i, beam) for i, beams_of in enumerate(beams) for beam in beams_of if not beam[1]]
        if not open_places:
            break
        copies = [max(1, candidates // len(beams[i])) for i, _ in open_places]
        texts = [beam[0] for _, beam in open_places]
        drawn = complete(policy, texts, copies, limit=40, temperature=temperature, seed=seed * 100 + round_number, stop_at_newline=True)
        fresh = [[beam for beam in mine if beam[1]] for mine in beams]
        for (i, beam), lines in zip(open_places, drawn):
            fresh[i] += [(beam[0] + line, ended, beam[2]) for line, ended in lines if ended or line.endswith("\n")]
        fresh = [distinct(mine) for mine in fresh]
        beams = [kept(mine, width, reduction) for mine in with_scores(task, value, problems, fresh)]
    return [task.right(p["prompt"], mine[0][0][len(p["prompt"]) :]) if mine else False for p, mine in zip(problems, beams)]


def with_scores(task, value, problems, beams):
    """The beams with a score for every line of their text."""
    texts = distinct((i, text, ended) for i, mine in enumerate(beams) for text, ended, _ in mine)
    lengths = [len(problems[i]["prompt"]) for i, _, _ in texts]
    scores = step_scores(value, [t for _, t, _ in texts], lengths, [end and task.scores_end for _, _, end in texts])
    scores = dict(zip(texts, scores))
    return [[(text, end, tuple(scores[i, text, end])) for text, end, _ in mine] for i, mine in enumerate(beams)]


def kept(beams, width, reduction):
    """The best `width` beams, best first."""
    return sorted(beams, key=lambda beam: -reduced(beam[2], reduction))[:width]


def percent(flags):
    """Share of true flags in percent."""
    flags = list(flags)
    return 100.0 * sum(flags) / len(flags)


def by_level(problems, flags):
    """Percent right per level, or nothing for a task without levels."""
    levels = sorted({problem["level"] for problem in problems if "level" in problem})
    return "".join(f" L{level} {percent(f for p, f in zip(problems, flags) if p['level'] == level):.0f}" for level in levels)


def show(label, problems, flags):
    """Print one result line."""
    print(f"  {label:44s}{percent(flags):6.1f} {by_level(problems, flags)}", flush=True)


def report_samples(task, problems, samples, counts):
    """Print what selection makes of the first k of each problem's samples."""
    everything = [[right for _, right, _ in mine] for mine in samples]
    for k in counts:
        first = [mine[:k] for mine in samples]
        show(f"pass@{k}", problems, [unbiased_pass(right, k) for right in everything])
        show(f"majority of {k}", problems, [majority(task, mine) for mine in first])
        for reduction in REDUCTIONS:
            show(f"best of {k}, {reduction}", problems, [best(mine, reduction) for mine in first])
            show(f"weighted vote of {k}, {reduction}", problems, [vote(task, mine, weighted(reduction)) for mine in first])


def label_quality(task, problems, samples):
    """Print, per line number, how often lines are good and how well the value model ranks good above bad (AUC)."""
    rows = collections.defaultdict(list)
    for problem, mine in zip(problems, samples):
        for text, _, scores in mine:
            for line, (label, score) in enumerate(zip(task.labels(problem["prompt"], text), scores), 1):
                rows[line].append((score, label))
    for line, pairs in sorted(rows.items()):
        print(f"  line {line}: {len(pairs)} scores, {percent(label for _, label in pairs):.0f} % good, AUC {auc(pairs):.3f}")


def auc(pairs):
    """Chance that a good line scores above a bad one."""
    good = sum(label for _, label in pairs)
    if good in (0, len(pairs)):
        return float("nan")
    ranks = sum(rank for rank, (_, label) in enumerate(sorted(pairs), 1) if label)
    return (ranks - good * (good + 1) / 2) / (good * (len(pairs) - good))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--models", type=pathlib.Path, required=True, help="folder of the GGUF files")
    parser.add_argument("--value", help="file name of the value model (default: TASK's own)")
    parser.add_argument("--split", default="validation", choices=("validation", "test"))
    parser.add_argument("--levels", type=int, nargs="*", help="only these levels")
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--counts", type=int, nargs="*", default=[1, 4, 8, 16, 20])
    parser.add_argument("--temperatures", type=float, nargs="*", default=[1.0])
    parser.add_argument("--beams", nargs="*", default=[], help="CANDIDATESxWIDTH, as 20x4")
    parser.add_argument("--reductions", nargs="*", default=["last"], choices=REDUCTIONS, help="for the beams")
    parser.add_argument("--seeds", type=int, nargs="*", default=[1])
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    task = TASKS[arguments.task]
    policy = gguf.read(arguments.models / f"{task.models}-policy.gguf")
    value = gguf.read(arguments.models / (arguments.value or f"{task.models}-value.gguf"))
    problems = [p for p in task.problems(arguments.split) if not arguments.levels or p["level"] in arguments.levels]
    greedy = scored_samples(task, policy, value, problems, 1, 0, 0)
    show("greedy", problems, [mine[0][1] for mine in greedy])
    for temperature, seed in itertools.product(arguments.temperatures, arguments.seeds):
        print(f" temperature {temperature}, seed {seed}")
        if arguments.samples:
            samples = scored_samples(task, policy, value, problems, arguments.samples, temperature, seed)
            label_quality(task, problems, samples)
            report_samples(task, problems, samples, arguments.counts)
        for beam, reduction in itertools.product(arguments.beams, arguments.reductions):
            candidates, width = map(int, beam.split("x"))
            flags = step_beam(task, policy, value, problems, candidates, width, temperature, reduction, seed)
            show(f"step beam {candidates} samples, width {width}, {reduction}", problems, flags)


if __name__ == "__main__":
    main()

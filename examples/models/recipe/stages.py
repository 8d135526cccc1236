"""The models, one stage each: `python3 stages.py --out DIR STAGE…` trains those whose file is missing."""

import argparse
import pathlib
import random
import tempfile
import time

import torch

import gguf
import training_data
from model import Llama, Shape, deepened
from train import build, fit


def game24_policy(_):
    """Learns from legal play in which most moves keep 24 within reach and the others are any legal move."""
    torch.manual_seed(1)
    model = Llama(Shape())
    fit(model, build(training_data.game24_play(random.Random(1), 100_000, skill=0.6)), steps=2000, batch=32, peak=3e-3, seed=1)
    return model


def game24_value(out):
    """Learns whether a state is legal and can still reach 24, from play, corrupted play and own samples; later with two more layers."""
    policy = out / "game24-policy.gguf"
    model = gguf.read(policy)
    labelled = training_data.game24_labelled
    traces = labelled(random.Random(2), 150_000, 170_000, skills=(0.3, 0.7, 0.95), broken_at=(2, 2, 3))
    traces += training_data.game24_samples(policy, random.Random(7), samples=32)
    fit(model, build(traces), steps=8000, batch=32, peak=1.5e-3, seed=2, value_weight=1.0, text_weight=0.2)
    torch.manual_seed(12)
    model = deepened(model, layers=6)
    traces = labelled(random.Random(12), 150_000, 220_000, skills=(0.6, 0.97), broken_at=(4, 3, 2))
    traces += training_data.game24_samples(policy, random.Random(13), samples=48)
    fit(model, build(traces), steps=9000, batch=32, peak=1.2e-3, seed=12, value_weight=1.0, text_weight=0.1)
    return model


def arithmetic_policy(_, shape=Shape()):
    """Learns from right solutions only, and briefly: it knows the rules and errs in the sums."""
    torch.manual_seed(3)
    model = Llama(shape)
    fit(model, build(training_data.arithmetic_solutions(random.Random(3), 80_000)), steps=1500, batch=32, peak=1.5e-3, muon=0.02, seed=3)
    return model


def arithmetic_policy_large(out):
    """Four times as large and made in the same way: what a larger model reaches without search."""
    return arithmetic_policy(out, Shape(width=256, heads=8, hidden=704))


def arithmetic_value(out):
    """Learns to calculate better than the policy that it starts from; then two more layers learn to compare lines with
    what they expect; then all learn, twice, from samples, most of them those that they misjudged."""
    policy = out / "arithmetic-policy.gguf"
    model = gguf.read(policy)
    solutions = training_data.arithmetic_solutions(random.Random(5), 64_000)
    fit(model, build(solutions), steps=2000, batch=32, peak=1.5e-3, muon=0.02, seed=5)
    torch.manual_seed(4)
    model = deepened(model, layers=6)
    traces = training_data.arithmetic_corruptions(random.Random(4), 180_000, weights=(2, 2, 1, 2), slips=0.15)
    traces += training_data.arithmetic_samples(policy, random.Random(10), 20_000)
    fit(model, build(traces), steps=3500, batch=32, peak=1.5e-3, muon=0.015, seed=4, value_weight=1.0, text_weight=0.2)
    for seed, steps in ((14, 1500), (15, 2000)):
        traces = hard_samples(model, policy, random.Random(seed), count=40 * steps, kept=32 * steps)
        fit(model, build(traces), steps=steps, batch=32, peak=1e-3, muon=0.01, seed=seed, value_weight=1.0, text_weight=0.2)
    return model


def hard_samples(model, policy, rng, count, kept):
    """Samples of the policy, chosen by what the value model misjudges as it is; see `training_data`."""
    with tempfile.TemporaryDirectory() as folder:
        value = pathlib.Path(folder) / "value.gguf"
        gguf.write(model, value, "unfinished value model")
        return training_data.hard_arithmetic_samples(policy, value, rng, count, kept)


STAGES = {
    "game24-policy": game24_policy,
    "game24-value": game24_value,
    "arithmetic-policy": arithmetic_policy,
    "arithmetic-policy-large": arithmetic_policy_large,
    "arithmetic-value": arithmetic_value,
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=pathlib.Path, required=True, help="folder of the GGUF files")
    parser.add_argument("stages", nargs="+", choices=STAGES)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
    for stage in arguments.stages:
        path = arguments.out / f"{stage}.gguf"
        if path.exists():
            print(f"{stage}: present, skipped")
            continue
        start = time.time()
        print(f"{stage}: training", flush=True)
        gguf.write(STAGES[stage](arguments.out), path, f"outthink {stage}")
        print(f"{stage}: {path.stat().st_size} bytes after {(time.time() - start) / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()

"""The models, one stage each: `python3 stages.py --out DIR STAGE…` trains those whose file is missing."""

import argparse
import pathlib
import random
import time

import torch

import gguf
import training_data
from model import Llama, Shape
from train import build, fit


def game24_policy(_):
    """Learns from legal play in which most moves keep 24 within reach and the others are any legal move."""
    torch.manual_seed(1)
    model = Llama(Shape())
    fit(model, build(training_data.game24_play(random.Random(1), 100_000, skill=0.6)), steps=2000, batch=32, peak=3e-3, seed=1)
    return model


def game24_value(out):
    """Learns whether a state is legal and can still reach 24: first from play and corruptions, then own samples too."""
    policy, model = gguf.read(out / "game24-policy.gguf"), gguf.read(out / "game24-policy.gguf")
    traces = training_data.game24_labelled(random.Random(2), plays=150_000, corruptions=70_000)
    fit(model, build(traces), steps=2500, batch=32, peak=1.5e-3, seed=2, value_weight=1.0, text_weight=0.2)
    own = [t for seed in (7, 8) for t in training_data.game24_samples(policy, random.Random(seed), samples=8)]
    fit(model, build(traces + own), steps=450, batch=32, peak=1e-3, seed=7, value_weight=1.0, text_weight=0.2)
    fresh = training_data.game24_labelled(random.Random(9), plays=50_000, corruptions=80_000)
    fit(model, build(fresh + own), steps=520, batch=32, peak=1e-3, seed=9, value_weight=1.0, text_weight=0.1)
    return model


def arithmetic_policy(_):
    """Learns from right solutions only, and briefly; the second schedule starts again with a lower learning rate."""
    torch.manual_seed(3)
    model = Llama(Shape())
    data = build(training_data.arithmetic_solutions(random.Random(3), 60_000))
    fit(model, data, steps=3000, batch=16, peak=3e-3, seed=3)
    fit(model, data, steps=1600, batch=16, peak=2e-3, seed=6)
    return model


def arithmetic_value(out):
    """Learns from corrupted solutions and own samples whether every line so far is right."""
    policy, model = gguf.read(out / "arithmetic-policy.gguf"), gguf.read(out / "arithmetic-policy.gguf")
    traces = training_data.arithmetic_corruptions(random.Random(4), 60_000)
    traces += training_data.arithmetic_samples(policy, random.Random(10), 12_000)
    fit(model, build(traces), steps=2800, batch=20, peak=1.5e-3, seed=4, value_weight=1.0, text_weight=0.2)
    return model


STAGES = {
    "game24-policy": game24_policy,
    "game24-value": game24_value,
    "arithmetic-policy": arithmetic_policy,
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

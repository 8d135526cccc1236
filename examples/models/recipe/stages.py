"""The models, one stage each: `python3 stages.py --out DIR STAGE…` trains those whose file is missing."""

import argparse
import pathlib
import random
import time

import torch

import chained_arithmetic
import game24
import gguf
import training_data
from model import Llama, Shape
from train import build, fit


def game24_policy(_):
    """Learns, briefly, from legal play in which nearly all moves keep 24 within reach."""
    torch.manual_seed(1)
    model = Llama(Shape())
    fit(model, build(training_data.game24_play(random.Random(1), 100_000, skill=0.95)), steps=1100, batch=32, peak=3e-3, seed=1)
    return model


def game24_value(out):
    """Learns to play, then whether a state is legal and can still reach 24, at last on the policy's own samples too."""
    torch.manual_seed(1)
    model = Llama(Shape())
    fit(model, build(training_data.game24_play(random.Random(1), 100_000, skill=0.6)), steps=2000, batch=32, peak=3e-3, seed=1)
    made = training_data.game24_labelled(random.Random(2), plays=150_000, corruptions=70_000)
    fit(model, build(made), steps=2500, batch=32, peak=1.5e-3, seed=2, value_weight=1.0, text_weight=0.2)
    own = training_data.game24_samples(gguf.read(out / "game24-policy.gguf"), random.Random(7), samples=40)
    fit(model, build(made + own), steps=3500, batch=32, peak=1e-3, seed=7, value_weight=1.0, text_weight=0.2)
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
    """Learns from the policy's samples and corruptions whether every line so far is right."""
    model = gguf.read(out / "arithmetic-policy.gguf")
    data = build(training_data.arithmetic_values(model, random.Random(4), problems=20_000, corruptions=100_000))
    fit(model, data, steps=6000, batch=20, peak=2e-3, seed=4, value_weight=1.0, text_weight=0.5)
    return model


def arithmetic_value_weak(out):
    """The same with far too little data and training: a verifier that a search learns to fool."""
    model = gguf.read(out / "arithmetic-policy.gguf")
    data = build(training_data.arithmetic_values(model, random.Random(5), problems=500, corruptions=0))
    fit(model, data, steps=150, batch=16, peak=1e-3, seed=5, value_weight=1.0, text_weight=0.0)
    return model


STAGES = {
    "game24-policy": game24_policy,
    "game24-value": game24_value,
    "arithmetic-policy": arithmetic_policy,
    "arithmetic-value-weak": arithmetic_value_weak,
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

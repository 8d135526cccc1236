"""Prove on the recipe's own generators that no validation or test problem is ever trained on (standard library only)."""

import json
import random

import chained_arithmetic
import game24
from problems import PROBLEMS

DRAWS = 100_000


def held_out(name):
    """Prompts of the validation and test problems of one problem file."""
    problems = json.loads((PROBLEMS / name).read_text())["problems"]
    assert {problem["split"] for problem in problems} == {"validation", "test"}
    return {problem["prompt"] for problem in problems}


def check_game24():
    """The training puzzles, which are all that play and sampling start from, share no prompt with the others."""
    train = {game24.prompt(puzzle) for _, puzzle in game24.ranked("train")}
    listed = json.loads((PROBLEMS / "game24-train.json").read_text())["problems"]
    assert train == {problem["prompt"] for problem in listed}
    kept_out = held_out("game24.json")
    assert len(train) == 800 and len(kept_out) == 200 and not train & kept_out
    print(f"game24: {len(train)} training puzzles, {len(kept_out)} held out, none shared")


def check_arithmetic():
    """Generated training expressions hash into the training split; the problem file's hash into theirs."""
    rng = random.Random(7)
    drawn = {chained_arithmetic.draw(rng.choice(chained_arithmetic.LEVELS), "train", rng) for _ in range(DRAWS)}
    assert all(chained_arithmetic.fnv1a(expression) % 10 > 1 for expression in drawn)
    kept_out = held_out("chained_arithmetic.json")
    assert not {expression + "\n" for expression in drawn} & kept_out
    for problem in json.loads((PROBLEMS / "chained_arithmetic.json").read_text())["problems"]:
        assert chained_arithmetic.split_of(problem["prompt"].strip()) == problem["split"]
    assert chained_arithmetic.fnv1a("") == 0xCBF29CE484222325 and chained_arithmetic.fnv1a("a") == 0xAF63DC4C8601EC8C
    print(f"chained arithmetic: {len(drawn)} distinct training expressions drawn, none of {len(kept_out)} held out")


if __name__ == "__main__":
    check_game24()
    check_arithmetic()

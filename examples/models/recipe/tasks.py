"""What evaluation needs to know of each task: problems, checker, answer, and the exact value of a partial solution."""

import dataclasses
import json
import pathlib
import typing

import chained_arithmetic
import game24

PROBLEMS = pathlib.Path(__file__).parents[2] / "problems"


@dataclasses.dataclass(frozen=True)
class Task:
    """One task: prefix of its model files, longest solution in tokens, and functions of (prompt, solution).

    `scores_end` says that the value model was trained at the end of solutions, too.
    """

    name: str
    models: str
    limit: int
    scores_end: bool
    right: typing.Callable
    answer: typing.Callable
    labels: typing.Callable

    def problems(self, split):
        """The problems of one split, as the JSON file has them."""
        listed = json.loads((PROBLEMS / f"{self.name}.json").read_text())["problems"]
        return [problem for problem in listed if problem["split"] == split]


def numbers(prompt):
    """The puzzle of a Game of 24 prompt."""
    return tuple(map(int, prompt.split()))


GAME24 = Task(
    name="game24",
    models="game24",
    limit=80,
    scores_end=False,
    right=lambda prompt, solution: game24.solved(numbers(prompt), solution),
    answer=lambda solution: solution,
    labels=lambda prompt, solution: game24.step_labels(numbers(prompt), solution),
)

ARITHMETIC = Task(
    name="chained_arithmetic",
    models="arithmetic",
    limit=190,
    scores_end=True,
    right=lambda prompt, solution: chained_arithmetic.final_answer(solution) == str(chained_arithmetic.answer(prompt.strip())),
    answer=chained_arithmetic.final_answer,
    labels=lambda prompt, solution: chained_arithmetic.step_labels(prompt.strip(), solution),
)

TASKS = {task.name: task for task in (GAME24, ARITHMETIC)}

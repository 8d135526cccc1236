"""Game of 24: puzzles, splits, legal moves, exact solvability, the text format and its checker (standard library only).

A state is a sorted tuple of non-negative integers. A move replaces two of them by their sum, product,
non-negative difference or exact quotient; it is written with the larger operand first.
"""

import functools
import pathlib
import re

TARGET = 24
STEPS = 3
RANKS = pathlib.Path(__file__).with_name("game24_ranks.txt")
STEP = re.compile(r"(\d+)([-+*/])(\d+)=(\d+):\d+(?: \d+)*")


def puzzles():
    """Puzzles (sorted 4-tuples) by rank, easiest for people first; index 0 holds rank 1."""
    return [tuple(map(int, line.split())) for line in RANKS.read_text().splitlines()]


def split_of(rank):
    """`test` for ranks 901–1000, `validation` for every ninth puzzle before, `train` otherwise."""
    if rank > 900:
        return "test"
    return "validation" if rank % 9 == 0 else "train"


def ranked(split):
    """(rank, puzzle) pairs of one split."""
    return [(rank, puzzle) for rank, puzzle in enumerate(puzzles(), 1) if split_of(rank) == split]


def apply(first, operator, second):
    """Result of one operation, or None where the rules forbid it."""
    if operator == "+":
        return first + second
    if operator == "*":
        return first * second
    if operator == "-":
        return first - second if first >= second else None
    return first // second if second and first % second == 0 else None


def without(state, *used):
    """The numbers of `state` left after taking `used` away, or None if one is not there."""
    rest = list(state)
    for number in used:
        if number not in rest:
            return None
        rest.remove(number)
    return rest


@functools.lru_cache(maxsize=None)
def moves(state):
    """All legal (first, operator, second, next state) from `state`, larger operand first."""
    pairs = {(state[j], state[i]) for j in range(len(state)) for i in range(j)}
    found = []
    for first, second in sorted(pairs):
        for operator in "+-*/":
            result = apply(first, operator, second)
            if result is not None:
                found.append((first, operator, second, tuple(sorted([*without(state, first, second), result]))))
    return found


@functools.lru_cache(maxsize=None)
def solvable(state):
    """Whether legal moves lead from `state` to 24 alone."""
    if len(state) == 1:
        return state[0] == TARGET
    return any(solvable(move[-1]) for move in moves(state))


@functools.lru_cache(maxsize=None)
def winning_moves(state):
    """The legal moves that keep 24 within reach."""
    return [move for move in moves(state) if solvable(move[-1])]


def prompt(puzzle):
    """The text that the model continues."""
    return " ".join(map(str, puzzle)) + "\n"


def step_text(first, operator, second, result, state):
    """One line of a solution; `state` holds the numbers that remain."""
    return f"{first}{operator}{second}={result}:{' '.join(map(str, state))}\n"


def move_text(move):
    """The line of a legal move."""
    first, operator, second, state = move
    return step_text(first, operator, second, apply(first, operator, second), state)


def follow(state, line):
    """The state after `line` (without newline) is applied to `state`, or None if the line breaks a rule."""
    match = STEP.fullmatch(line)
    if not match or state is None:
        return None
    first, operator, second = int(match[1]), match[2], int(match[3])
    rest, result = without(state, first, second), apply(first, operator, second)
    if rest is None or result is None:
        return None
    after = tuple(sorted([*rest, result]))
    return after if step_text(first, operator, second, result, after) == line + "\n" else None


def step_labels(puzzle, solution):
    """One flag per complete line: every line so far is legal and 24 is still within reach."""
    labels, state = [], puzzle
    for line in solution.split("\n")[:-1]:
        state = follow(state, line)
        labels.append(state is not None and solvable(state))
    return labels


def solved(puzzle, solution):
    """Whether `solution` is complete and right."""
    labels = step_labels(puzzle, solution)
    return len(labels) == STEPS and labels[-1] and solution.endswith("\n")


def play(puzzle, rng, skill):
    """A legal solution text: at each state a winning move with probability `skill`, else any legal move."""
    state, lines = puzzle, []
    while len(state) > 1:
        winning = winning_moves(state)
        move = rng.choice(winning if winning and rng.random() < skill else moves(state))
        lines.append(move_text(move))
        state = move[-1]
    return "".join(lines)

"""Training traces of all stages: tuples (prompt, solution, step labels, lines covered by the text loss)."""

import chained_arithmetic
import game24
from sample import complete


def game24_play(rng, count, skill):
    """Legal solutions of training puzzles; see `game24.play`."""
    puzzles = [puzzle for _, puzzle in game24.ranked("train")]
    return [(game24.prompt(p), game24.play(p, rng, skill), [], None) for p in rng.choices(puzzles, k=count)]


def labelled_game24(puzzle, solution):
    """A trace with its exact step labels; the text loss covers the good lines."""
    labels = game24.step_labels(puzzle, solution)
    return game24.prompt(puzzle), solution, labels, sum(labels)


def near(number, rng):
    """A wrong value near `number`: off by a little, by ten, or with one digit changed."""
    digits = list(str(number))
    digits[rng.randrange(len(digits))] = rng.choice("0123456789")
    choices = [number + rng.choice((-10, -3, -2, -1, 1, 2, 3, 10)), int("".join(digits))]
    wrong = [n for n in choices if n >= 0 and n != number]
    return rng.choice(wrong) if wrong else number + 1


def corrupted_line(state, rng):
    """A line that breaks a rule of the game at `state` and the state that it claims to leave."""
    first, operator, second, after = rng.choice(game24.moves(state))
    result = game24.apply(first, operator, second)
    kind = rng.random()
    if kind < 0.35:
        wrong = game24.TARGET if rng.random() < (0.8 if len(state) == 2 else 0.1) else near(result, rng)
        after = tuple(sorted([*game24.without(state, first, second), wrong]))
        return game24.step_text(first, operator, second, wrong, after), after
    if kind < 0.6 and len(after) > 1:
        place = rng.randrange(len(after))
        after = tuple(sorted([*after[:place], near(after[place], rng), *after[place + 1 :]]))
        return game24.step_text(first, operator, second, result, after), after
    return borrowed_line(state, rng)


def borrowed_line(state, rng):
    """A line that uses a number which is not there (often one used twice), or a division that is not exact."""
    first, second = rng.choice(state), rng.choice(state)
    if rng.random() < 0.5:
        first, second = rng.choice([(near(first, rng), second), (first, near(first, rng))])
    first, second, operator = max(first, second), min(first, second), rng.choice("+-*/")
    result = first // max(1, second) if operator == "/" else game24.apply(first, operator, second)
    rest = list(state)
    for number in (first, second):
        rest.remove(number if number in rest else rng.choice(rest))
    after = tuple(sorted([*rest, result]))
    return game24.step_text(first, operator, second, result, after), after


def corrupted_play(puzzle, rng):
    """A solution with one illegal line; play goes on, skilfully, from what that line claims."""
    state, lines = puzzle, []
    broken = rng.choices(range(game24.STEPS), weights=(2, 2, 3))[0]
    for step in range(game24.STEPS):
        if step == broken:
            line, state = corrupted_line(state, rng)
        else:
            winning = game24.winning_moves(state)
            move = rng.choice(winning if winning and rng.random() < 0.9 else game24.moves(state))
            line, state = game24.move_text(move), move[-1]
        lines.append(line)
    return "".join(lines)


def game24_labelled(rng, plays, corruptions):
    """Distinct labelled traces of training puzzles: legal play of mixed skill, and corrupted play."""
    puzzles = [puzzle for _, puzzle in game24.ranked("train")]
    pairs = {(p, game24.play(p, rng, rng.choice((0.3, 0.7, 0.95)))) for p in rng.choices(puzzles, k=plays)}
    pairs |= {(p, corrupted_play(p, rng)) for p in rng.choices(puzzles, k=corruptions)}
    return [labelled_game24(p, solution) for p, solution in sorted(pairs)]


def game24_samples(policy, rng, samples):
    """Distinct labelled samples of the policy on training puzzles, a quarter of them at a higher temperature."""
    puzzles = [puzzle for _, puzzle in game24.ranked("train")]
    texts, pairs = [game24.prompt(p) for p in puzzles], set()
    for temperature, copies in ((1.0, samples * 3 // 4), (1.3, samples // 4)):
        seed = rng.getrandbits(30)
        drawn = complete(policy, texts, [copies] * len(texts), limit=80, temperature=temperature, seed=seed)
        pairs |= {(p, text) for p, mine in zip(puzzles, drawn) for text, ended in mine if ended}
    return [labelled_game24(p, solution) for p, solution in sorted(pairs)]


def arithmetic_problems(rng, count):
    """Distinct training expressions, all levels alike."""
    levels = (rng.choice(chained_arithmetic.LEVELS) for _ in range(count))
    return sorted({chained_arithmetic.draw(level, "train", rng) for level in levels})


def arithmetic_solutions(rng, count):
    """Right solutions of training expressions."""
    return [(e + "\n", chained_arithmetic.solve(e, rng), [], None) for e in arithmetic_problems(rng, count)]


def labelled_arithmetic(expression, solution):
    """A trace with its exact step labels; the text loss covers the right lines."""
    labels = chained_arithmetic.step_labels(expression, solution)
    return expression + "\n", solution, labels, sum(labels)


def wrong_line(first, operator, second, rng):
    """A line with a wrong result (mostly) or a miscopied number, without newline, and the result that it claims."""
    kind = rng.random()
    if kind < 0.6:
        result = near(chained_arithmetic.apply(first, operator, second), rng)
        return f"{first}{operator}{second}={result}", result
    if kind < 0.8 or operator == "*":
        first = near(first, rng)
    else:
        second = near(second, rng)
    result = max(0, chained_arithmetic.apply(first, operator, second))
    return f"{first}{operator}{second}={result}", result


def corrupted_solution(expression, rng):
    """A solution of `expression` with one wrong line, whose result the later operations carry on while they can."""
    value, operations = chained_arithmetic.parse(expression)
    broken, lines = rng.randrange(len(operations)), []
    for index, (operator, operand) in enumerate(operations):
        way = rng.choice(chained_arithmetic.orders(value, operator, operand))
        texts = [chained_arithmetic.line_text(*line)[:-1] for line in way]
        value = chained_arithmetic.apply(value, operator, operand)
        if index == broken:
            place = rng.randrange(len(way))
            wrong, value = wrong_line(*way[place], rng)
            texts[place:] = [wrong]
            if place + 1 < len(way):
                return "\n".join(lines + texts) + "\n"
        lines += texts
        if index + 1 < len(operations) and not 0 <= chained_arithmetic.apply(value, *operations[index + 1]) < chained_arithmetic.LIMIT:
            break
    return "\n".join(lines) + "\n"


def arithmetic_corruptions(rng, count):
    """Labelled corrupted solutions of distinct training expressions."""
    return [labelled_arithmetic(e, corrupted_solution(e, rng)) for e in arithmetic_problems(rng, count)]


def arithmetic_samples(policy, rng, count):
    """Labelled samples of the policy, one for each of `count` training expressions."""
    expressions = arithmetic_problems(rng, count)
    texts, seed = [e + "\n" for e in expressions], rng.getrandbits(30)
    drawn = complete(policy, texts, [1] * len(texts), limit=190, temperature=1.0, seed=seed)
    return [labelled_arithmetic(e, text) for e, ((text, ended),) in zip(expressions, drawn) if ended]

"""Training traces of all stages: tuples (prompt, solution, labels); see `train.build`."""

import chained_arithmetic
import game24
from draw import drawn


def game24_play(rng, count, skill):
    """Legal solutions of training puzzles; see `game24.play`."""
    puzzles = [puzzle for _, puzzle in game24.ranked("train")]
    return [(game24.prompt(p), game24.play(p, rng, skill), []) for p in rng.choices(puzzles, k=count)]


def labelled_game24(puzzle, solution):
    """A trace with its exact step labels."""
    return game24.prompt(puzzle), solution, game24.step_labels(puzzle, solution)


def near(number, rng):
    """A wrong value near `number`: off by a little, by ten, or with one digit changed."""
    digits = list(str(number))
    digits[rng.randrange(len(digits))] = rng.choice("0123456789")
    choices = [number + rng.choice((-10, -3, -2, -1, 1, 2, 3, 10)), int("".join(digits))]
    wrong = [n for n in choices if n >= 0 and n != number]
    return rng.choice(wrong) if wrong else number + 1


def corrupted_line(state, rng, tries=12):
    """A line that breaks a rule of the game at `state` and the state that it claims to leave.

    Mostly one that would keep 24 within reach if it were legal: those are what a search finds tempting.
    """
    tempting = rng.random() < 0.7
    for _ in range(tries):
        line, after = rng.choices((miscalculated_line, miscopied_line, borrowed_line), weights=(2, 5, 4))[0](state, rng)
        if game24.follow(state, line[:-1]) is None and not (tempting and not game24.solvable(after)):
            break
    return line, after


def miscalculated_line(state, rng):
    """A move with a wrong result, at the last step mostly 24."""
    first, operator, second, _ = rng.choice(game24.moves(state))
    right = game24.apply(first, operator, second)
    result = game24.TARGET if rng.random() < (0.8 if len(state) == 2 else 0.1) else near(right, rng)
    after = tuple(sorted([*game24.without(state, first, second), result]))
    return game24.step_text(first, operator, second, result, after), after


def miscopied_line(state, rng):
    """A move after which one of the remaining numbers is written wrong: as another number of `state`, or as one near it."""
    first, operator, second, after = rng.choice(game24.moves(state))
    place = rng.randrange(len(after))
    others = [number for number in state if number != after[place]]
    number = rng.choice(others) if others and rng.random() < 0.5 else near(after[place], rng)
    wrong = tuple(sorted([*after[:place], number, *after[place + 1 :]]))
    return game24.step_text(first, operator, second, game24.apply(first, operator, second), wrong), wrong


def borrowed_line(state, rng):
    """A line that uses a number which is not there (often one used twice), or a division that is not exact."""
    if len(state) == 2 and rng.random() < 0.5:
        return reaching_line(state, rng)
    first, second = rng.choice(state), rng.choice(state)
    if rng.random() < 0.5:
        first, second = rng.choice([(near(first, rng), second), (first, near(first, rng))])
    first, second, operator = max(first, second), min(first, second), rng.choice("+-*/")
    result = first // max(1, second) if operator == "/" else game24.apply(first, operator, second)
    return claimed_line(state, first, operator, second, result, rng)


def reaching_line(state, rng):
    """A last line that does reach 24, from one number that is there (or is close to one) and one that need not be."""
    number, operator = rng.choice(state), rng.choice("+-*/")
    number = near(number, rng) if rng.random() < 0.2 else number
    other = {
        "+": game24.TARGET - number,
        "-": number - game24.TARGET if number > game24.TARGET and rng.random() < 0.5 else game24.TARGET + number,
        "*": game24.TARGET // max(1, number),
        "/": rng.choice((number // game24.TARGET, number * game24.TARGET)),
    }[operator]
    first, second = max(number, other), min(number, other)
    return claimed_line(state, first, operator, max(0, second), game24.TARGET, rng)


def claimed_line(state, first, operator, second, result, rng):
    """The line that claims `result` for an operation and drops its operands, or other numbers where they are missing."""
    rest = list(state)
    for number in (first, second):
        rest.remove(number if number in rest else rng.choice(rest))
    after = tuple(sorted([*rest, result]))
    return game24.step_text(first, operator, second, result, after), after


def corrupted_play(puzzle, rng, broken_at):
    """A solution with one illegal line; play goes on, skilfully, from what that line claims.

    `broken_at` weighs which of the three lines it is.
    """
    state, lines = puzzle, []
    broken = rng.choices(range(game24.STEPS), weights=broken_at)[0]
    for step in range(game24.STEPS):
        if step == broken:
            line, state = corrupted_line(state, rng)
        else:
            winning = game24.winning_moves(state)
            move = rng.choice(winning if winning and rng.random() < 0.9 else game24.moves(state))
            line, state = game24.move_text(move), move[-1]
        lines.append(line)
    return "".join(lines)


def game24_labelled(rng, plays, corruptions, skills, broken_at):
    """Distinct labelled traces of training puzzles: legal play of the given skills, and corrupted play."""
    puzzles = [puzzle for _, puzzle in game24.ranked("train")]
    pairs = {(p, game24.play(p, rng, rng.choice(skills))) for p in rng.choices(puzzles, k=plays)}
    pairs |= {(p, corrupted_play(p, rng, broken_at)) for p in rng.choices(puzzles, k=corruptions)}
    return [labelled_game24(p, solution) for p, solution in sorted(pairs)]


def game24_samples(policy, rng, samples):
    """Distinct labelled samples of the policy on training puzzles, a quarter of them at a higher temperature."""
    puzzles = [puzzle for _, puzzle in game24.ranked("train")]
    prompts, pairs = [game24.prompt(p) for p in puzzles], set()
    for temperature, copies in ((1.0, samples * 3 // 4), (1.3, samples // 4)):
        found = drawn(policy, prompts, copies=copies, temperature=temperature, seed=rng.getrandbits(30))
        pairs |= {(p, solution) for p, mine in zip(puzzles, found) for solution, _ in mine}
    return [labelled_game24(p, solution) for p, solution in sorted(pairs)]


def arithmetic_problems(rng, count, levels=chained_arithmetic.LEVELS):
    """Distinct training expressions; a level that is listed twice is drawn twice as often."""
    drawn_levels = (rng.choice(levels) for _ in range(count))
    return sorted({chained_arithmetic.draw(level, "train", rng) for level in drawn_levels})


def arithmetic_solutions(rng, count):
    """Right solutions of training expressions."""
    return [(e + "\n", chained_arithmetic.solve(e, rng), []) for e in arithmetic_problems(rng, count)]


def labelled_arithmetic(expression, solution):
    """A trace with exact labels of its lines and its end; lines without a label are cut off."""
    labels, complete = chained_arithmetic.step_labels(expression, solution)
    lines = solution.split("\n")[: len(labels)]
    return expression + "\n", "".join(line + "\n" for line in lines), [*labels, complete]


def slip(number, rng):
    """A wrong numeral in the place of `number`: a value near it, or a digit changed, dropped, doubled or swapped, or any digits."""
    digits = str(number)
    place = rng.randrange(len(digits))
    before, after = digits[:place], digits[place + 1 :]
    choices = [
        str(near(number, rng)),
        str(abs(number + rng.choice((-1, 1)) * rng.choice((1, 2, 9, 10, 20, 90, 100, 1000)))),
        before + rng.choice("0123456789") + after,
        before + after,
        before + 2 * digits[place] + after,
        before + digits[place : place + 2][::-1] + after[1:],
        "".join(rng.choice("0123456789") for _ in digits),
    ]
    numeral = rng.choices(choices, weights=(6, 3, 3, 1, 1, 2, 1))[0]
    return numeral if numeral not in ("", digits) else str(number + 1)


def written(way, rng, slips):
    """The lines of one way to write an operation, each with a wrong result by chance `slips`; and the last result claimed."""
    lines, claims = [], []
    while len(claims) < len(way):
        first, operator, second = chained_arithmetic.asked(way, claims)
        result = str(abs(chained_arithmetic.apply(first, operator, second)))
        result = slip(int(result), rng) if rng.random() < slips else result
        lines.append(f"{first}{operator}{second}={result}\n")
        claims.append(int(result))
    return lines, claims[-1]


def some_way(value, operator, operand, rng):
    """One of the ways to write an operation."""
    return rng.choice(chained_arithmetic.orders(value, operator, operand))


def misread(value, operator, operand, seen, rng):
    """The lines of an operation on a wrong number (near the right one, or one of those `seen`) or with a wrong sign, and its result."""
    kind = rng.random()
    if kind < 0.1:
        operator = rng.choice("+-*".replace(operator, ""))
    elif kind < 0.7:
        value = int(slip(value, rng)) if rng.random() < 0.7 else rng.choice(seen)
    else:
        operand = int(slip(operand, rng)) if rng.random() < 0.7 else rng.choice(seen)
    return written(some_way(value, operator, operand, rng), rng, slips=0)


def half_done(value, operator, operand, seen, rng):
    """The first lines of an operation that is split, and the last result; one that is not split is left out."""
    way = some_way(value, operator, operand, rng)
    lines, _ = written(way, rng, slips=0)
    kept = rng.randrange(len(way))
    return lines[:kept], chained_arithmetic.apply(*way[kept - 1]) if kept else value


def repeated(value, operator, operand, seen, rng):
    """The lines of an operation that is done twice, and its result."""
    first, value = written(some_way(value, operator, operand, rng), rng, slips=0)
    second, value = written(some_way(value, operator, operand, rng), rng, slips=0)
    return first + second, value


def corrupted_solution(expression, rng, weights, slips):
    """A solution of `expression` with wrong results, each line by chance `slips`, and one operation astray.

    `weights` are those of half done, misread, repeated and none astray. Later lines carry on what the lines before claim.
    """
    kinds = (half_done, misread, repeated, None)
    astray = rng.choices(kinds, weights)[0]
    value, operations = chained_arithmetic.parse(expression)
    place, lines = rng.randrange(len(operations)), []
    seen = [value, *(operand for _, operand in operations)]
    for index, (operator, operand) in enumerate(operations):
        if not 0 <= chained_arithmetic.apply(value, operator, operand) < chained_arithmetic.LIMIT:
            break
        if astray and index == place:
            texts, value = astray(value, operator, operand, seen, rng)
        else:
            texts, value = written(some_way(value, operator, operand, rng), rng, slips)
        seen.append(value)
        lines += texts
    return "".join(lines)


def cut_solution(expression, rng):
    """The first lines of a right solution, as often all of them as any other number."""
    lines = chained_arithmetic.solve(expression, rng).splitlines(keepends=True)
    return "".join(lines[: rng.randint(1, len(lines))])


def arithmetic_corruptions(rng, count, weights, slips):
    """Labelled solutions of distinct training expressions: three of four corrupted, the others cut; see `corrupted_solution`."""
    def corrupted(expression):
        return corrupted_solution(expression, rng, weights, slips) if rng.random() < 0.75 else cut_solution(expression, rng)

    return [labelled_arithmetic(e, corrupted(e)) for e in arithmetic_problems(rng, count)]


def arithmetic_samples(policy, rng, count):
    """Labelled samples of the policy, one for each of `count` training expressions."""
    expressions = arithmetic_problems(rng, count)
    found = drawn(policy, [e + "\n" for e in expressions], seed=rng.getrandbits(30))
    return [labelled_arithmetic(e, solution) for e, mine in zip(expressions, found) for solution, _ in mine]


def misjudged(labels, scores):
    """Whether the value model takes a good line for a bad one or a bad one for good.

    The last score of a whole solution is that of its last line and its end, whichever is smaller.
    """
    if len(labels) == len(scores) + 1:
        labels = [*labels[:-2], all(labels[-2:])]
    return any((score > 0.5) != label for score, label in zip(scores, labels))


def hard_arithmetic_samples(policy, value, rng, count, kept):
    """`kept` labelled samples of the policy, of `count` drawn: up to 70 % misjudged by the value model, the others not.

    One in eight expressions is of level 2, one of level 3, two each of the levels above.
    """
    expressions = arithmetic_problems(rng, count, levels=(2, 3, 4, 4, 5, 5, 6, 6))
    found = drawn(policy, [e + "\n" for e in expressions], seed=rng.getrandbits(30), value=value)
    hard, easy = [], []
    for expression, mine in zip(expressions, found):
        for solution, scores in mine:
            trace = labelled_arithmetic(expression, solution)
            (hard if misjudged(trace[2], scores) else easy).append(trace)
    rng.shuffle(hard)
    rng.shuffle(easy)
    hard = hard[: kept * 7 // 10]
    return hard + easy[: kept - len(hard)]

"""Chained arithmetic: expressions evaluated strictly from left to right (standard library only).

Each operation is written either directly or split into easier parts, in either order:
`347+258` as two additions (200, then 58), `847*7` as two products (800 and 47) and their sum.
"""

import re

LEVELS = (1, 2, 3, 4, 5, 6)
LIMIT = 10_000
LARGEST_OPERAND = 99
OPERATIONS = {1: 2, 2: 3, 3: 3, 4: 4, 5: 5, 6: 6}
LARGEST_MULTIPLIED = {1: 99, 2: 99, 3: 999, 4: 999, 5: 999, 6: 999}
DIRECT_SHARE = 0.5
LINE = re.compile(r"(\d+[-+*]\d+)=(\d+)")


def fnv1a(text):
    """FNV-1a hash (64 bits) of the text's bytes."""
    value = 0xCBF29CE484222325
    for byte in text.encode("ascii"):
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def split_of(expression):
    """`test`, `validation` or `train`, by the hash of the expression (no newline)."""
    return {0: "test", 1: "validation"}.get(fnv1a(expression) % 10, "train")


def apply(first, operator, second):
    """Result of one operation."""
    return first + second if operator == "+" else first - second if operator == "-" else first * second


def parse(expression):
    """First number and list of (operator, operand) of an expression."""
    parts = re.split(r"([-+*])", expression)
    return int(parts[0]), list(zip(parts[1::2], map(int, parts[2::2])))


def answer(expression):
    """Value of the expression, from left to right."""
    value, operations = parse(expression)
    for operator, operand in operations:
        value = apply(value, operator, operand)
    return value


def draw_operation(value, largest_multiplied, rng):
    """A random (operator, operand) that keeps the value within 2 and 9,999."""
    while True:
        operator = rng.choice("+-*")
        operand = rng.randint(2, 9) if operator == "*" else rng.randint(2, LARGEST_OPERAND)
        if (operator != "*" or value <= largest_multiplied) and 2 <= apply(value, operator, operand) < LIMIT:
            return operator, operand


def draw_expression(level, rng):
    """A random expression of one level, of any split."""
    value = rng.randint(2, LARGEST_OPERAND)
    expression = str(value)
    for _ in range(OPERATIONS[level]):
        operator, operand = draw_operation(value, LARGEST_MULTIPLIED[level], rng)
        value = apply(value, operator, operand)
        expression += f"{operator}{operand}"
    return expression


def draw(level, split, rng):
    """A random expression of one level that belongs to `split`."""
    while True:
        expression = draw_expression(level, rng)
        if split_of(expression) == split:
            return expression


def parts(number):
    """Leading digit's part and the rest (847 → 800, 47), or None when fewer than two digits are non-zero."""
    head = number // 10 ** (len(str(number)) - 1) * 10 ** (len(str(number)) - 1)
    return (head, number - head) if number != head else None


def orders(value, operator, operand):
    """The valid ways to write one operation: lists of (first, operator, second); the direct one comes first."""
    ways = [[(value, operator, operand)]]
    pieces = parts(value if operator == "*" else operand)
    for one, other in [pieces, pieces[::-1]] if pieces else []:
        if operator == "*":
            ways.append([(one, "*", operand), (other, "*", operand), (one * operand, "+", other * operand)])
        else:
            ways.append([(value, operator, one), (apply(value, operator, one), operator, other)])
    return ways


def line_text(first, operator, second):
    """One right line of a solution."""
    return f"{first}{operator}{second}={apply(first, operator, second)}\n"


def solve(expression, rng):
    """A right solution text along a random path."""
    value, operations = parse(expression)
    lines = []
    for operator, operand in operations:
        direct, *split = orders(value, operator, operand)
        way = rng.choice(split) if split and rng.random() >= DIRECT_SHARE else direct
        lines.extend(line_text(*line) for line in way)
        value = apply(value, operator, operand)
    return "".join(lines)


def asked(way, claims):
    """The next (first, operator, second) of one way to write an operation, given the results that its lines claim so far.

    The last line of a split works on what the lines before it claim.
    """
    first, operator, second = way[len(claims)]
    if 0 < len(claims) == len(way) - 1:
        first, second = (claims[-1], second) if len(way) == 2 else claims[-2:]
    return first, operator, second


def step_labels(expression, solution):
    """Whether each line is right, up to the first that does not do what is asked next; and whether the lines do all that is asked.

    What is asked next depends on the results that the lines before claim: a wrong result spoils its own line alone.
    A line that does something else is wrong, and nothing can be said of those behind it.
    """
    lines, labels = solution.split("\n")[:-1], []
    value, operations = parse(expression)
    for operator, operand in operations:
        ways, claims = orders(value, operator, operand), []
        while not claims or len(claims) < len(ways[0]):
            if len(labels) == len(lines):
                return labels, False
            line = LINE.fullmatch(lines[len(labels)])
            ways = [way for way in ways if line and "{}{}{}".format(*asked(way, claims)) == line[1]]
            if not ways:
                return [*labels, False], False
            labels.append(line[2] == str(apply(*asked(ways[0], claims))))
            claims.append(int(line[2]))
        value = claims[-1]
    extra = len(lines) > len(labels)
    return labels + [False] * extra, not extra


def final_answer(solution):
    """The last line's right-hand side as text, or an empty text."""
    lines = solution.split("\n")[:-1]
    match = LINE.fullmatch(lines[-1]) if lines else None
    return match[2] if match else ""

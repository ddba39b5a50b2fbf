"""The steps of a worked solution: what each gives, which others it needs, and what follows from a wrong one.

A step is a line of the solution with its numbers. What it gives stands after its last sign of equality; the side before
that is plain arithmetic, so that it can be worked out again with a student's own number in it.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
GIVES = re.compile(rf"[=≈]\s*(?:¥\s*)?([-−]?{NUMBER.pattern})%?(?![\d.,]*\d|\s*[+−×÷√(])")
SIDE = re.compile(r"[-\d.,%()+−×÷√² ]+$")
SIGNS = {"−": "-", "×": "*", "÷": "/", "²": "**2", "√(": "sqrt("}
WORKED: Mapping[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
GAP = "…"
"""Stands for a number that is left out."""


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        text: the whole line.
        before, given, after: the line around the number that it gives; ``given`` is empty where it computes none.
        side: the arithmetic that leads to the number; it may stand in the line before.
        percent: whether the number is in per cent.
    """

    text: str
    before: str = ""
    given: str = ""
    after: str = ""
    side: str = ""
    percent: bool = False

    @property
    def value(self) -> float:
        """The number that it gives, as it is written."""
        return number(self.given)

    def near(self, value: float) -> bool:
        """Say whether a number is what the step gives, as it is rounded there."""
        return close(value, self.value, self.given)


def number(written: str) -> float:
    """Return a number as a solution writes it.

    >>> number("1,234.5"), number("−2")
    (1234.5, -2.0)
    """
    return float(written.replace(",", "").replace("−", "-"))


def close(value: float, wanted: float, written: str) -> bool:
    """Say whether a number is another one with the decimals of ``written``, or within half a per cent of it."""
    digits = len(written.partition(".")[2])
    within = max(0.5 * math.pow(10, -digits), 0.005 * abs(wanted))
    return abs(value - wanted) <= within + 1e-9


def worked_out(side: str) -> float:
    """Return what plain arithmetic comes to; percentages are shares.

    >>> worked_out("2 × (100% − 25%)"), worked_out("3 × √(2² + 12)")
    (1.5, 12.0)

    Raises:
        ValueError: it is none, or it divides by zero.
    """
    plain = re.sub(r"(?<=\d),(?=\d{3})", "", side)
    for sign, code in SIGNS.items():
        plain = plain.replace(sign, code)
    plain = re.sub(r"√([\d.]+)", r"sqrt(\1)", plain)
    plain = re.sub(r"([\d.]+)%", r"(\1/100)", plain)
    try:
        return _value(ast.parse(plain.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, OverflowError) as why:
        raise ValueError(side) from why


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in WORKED:
        return float(WORKED[type(node.op)](_value(node.left), _value(node.right)))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sqrt" and node.args:
        return math.sqrt(_value(node.args[0]))
    raise ValueError(ast.dump(node))


def read(lines: Sequence[str]) -> list[Step]:
    """Return the lines of a worked solution as steps."""
    found = []
    for place, line in enumerate(lines):
        goes_on = place > 0 and line.startswith(("=", "≈"))
        found.append(_step(line, lines[place - 1] if goes_on else ""))
    return found


def _step(line: str, before: str) -> Step:
    """Return a line as a step that gives its last computed number, if it computes one."""
    for found in reversed(list(GIVES.finditer(line))):
        side = SIDE.search(f"{before} {line[: found.start()]}")
        plain = side[0].rpartition(", ")[2].strip() if side else ""
        if not re.search("[+−×÷√]", plain):
            continue
        try:
            worked_out(plain)
        except ValueError:
            continue
        percent = found[0].endswith("%")
        return Step(line, line[: found.start(1)], found[1], line[found.end(1) :], plain, percent)
    return Step(line)


def _gives(step: Step) -> str:
    """Return the number that later steps take from this one: its result, or else its last number."""
    return step.given or next(reversed(NUMBER.findall(step.text)), "")


def needs(steps: Sequence[Step], place: int) -> set[int]:
    """Return the places of the earlier steps that a step builds on.

    It takes a number from them, goes on with their equation, or is what they announce.
    """
    taken = NUMBER.findall(f"{steps[place].side} {steps[place].before or steps[place].text}")
    found = {n for n in range(place) if _gives(steps[n]) in taken}
    if place and (steps[place].text.startswith(("=", "≈")) or steps[place - 1].text.endswith((":", "："))):
        found.add(place - 1)
    return found


def in_order(steps: Sequence[Step], order: Sequence[int]) -> bool:
    """Say whether steps can be done in an order: each comes after all that it builds on.

    Where none builds on another, the order is the one in which they are written.
    """
    known = [needs(steps, place) for place in range(len(steps))]
    if not any(known):
        return list(order) == list(range(len(steps)))
    return all(known[place] <= set(order[:turn]) for turn, place in enumerate(order))


def blanks(steps: Sequence[Step]) -> list[int]:
    """Return the places of the steps that can be left blank: those that compute a number."""
    return [place for place, step in enumerate(steps) if step.given]


def opened(steps: Sequence[Step], blank: int) -> list[int]:
    """Return the places of the steps that are open when one is left blank: that one, and what follows from it."""
    found = [blank]
    for place in blanks(steps):
        taken = NUMBER.findall(steps[place].side)
        if place > blank and any(steps[n].given in taken for n in found):
            found.append(place)
    return found


def hidden(steps: Sequence[Step], places: Sequence[int], text: str) -> str:
    """Return a text with a gap in place of each number that the steps at these places give."""
    told = {steps[place].given for place in places}
    return NUMBER.sub(lambda found: GAP if found[0] in told else found[0], text)


def following(steps: Sequence[Step], place: int, given: Mapping[int, float]) -> Iterator[float]:
    """Yield what a step comes to with a student's own numbers in place of those of earlier steps.

    Where another number happens to be written alike, it is not known which one is meant; both readings are tried.

    Args:
        steps: all of them.
        place: the step to be worked out.
        given: the student's numbers by the place of their step.
    """
    mine = {steps[n].given: value for n, value in given.items() if n < place}
    for most in (0, 1):  # all places where the number stands, then the first alone
        side = steps[place].side
        for written, value in mine.items():
            alone = rf"(?<![\d.,]){re.escape(written)}(?![\d]|[.,]\d)"
            side = re.sub(alone, f"{value:.12f}", side, count=most)
        try:
            yield worked_out(side) * (100 if steps[place].percent else 1)
        except ValueError:
            continue


def glued(lines: Sequence[str], lang: str) -> str:
    """Return steps as one running text.

    >>> glued(["a;", "b."], "en"), glued(["甲；", "乙"], "zh"), glued(["甲", "= 乙"], "zh")
    ('a; b.', '甲；乙', '甲 = 乙')
    """
    text = ""
    for line in lines:
        text += (" " if text and (lang == "en" or line.startswith(("=", "≈"))) else "") + line
    return text

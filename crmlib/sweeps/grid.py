"""The grid of a sweep: what values each swept input takes, all checked against the declaration before anything runs."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, localcontext
from itertools import product
from math import prod
from typing import Any

import numpy as np

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs, Setting, shorten
from crmlib.core.study import Study

LIMIT = 1_000_000
"""Scenarios a sweep may have."""
ATTEMPTS, AFRESH = 2000, 25
"""How often a draw is mended, and after how many times it is drawn afresh."""
NUMBER = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,15})?|\.[0-9]{1,15})(e[+-]?[0-9]{1,2})?", re.IGNORECASE)
EXACT = 250
"""Digits that hold any quotient and any sum of two numbers that :data:`NUMBER` lets pass."""

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Grid:
    """A sweep that has passed every check and not yet begun.

    Attributes:
        study: what is swept.
        base: the other inputs, where they were given; the rest keep their defaults.
        values: swept input → the values it takes, or is drawn from.
        rows: the values of the swept inputs in each scenario.
        drawn: were the rows drawn at random.
    """

    study: Study[Any, Any, Any]
    base: Mapping[str, Any]
    values: Mapping[str, Row]
    rows: Sequence[Row]
    drawn: bool

    def settings(self) -> list[Setting]:
        """Return the declarations of the swept inputs, in the order in which they were named."""
        known = {s.name: s for s in self.study.inputs.settings()}
        return [known[name] for name in self.values]

    def kept(self) -> dict[str, Any]:
        """Return every input as the base has it, the swept ones too."""
        return field_by_field(self.study.inputs)(**self.base).model_dump()


def plan_grid(
    study: Study[Any, Any, Any],
    grid: Mapping[str, object],
    base: Mapping[str, Any] | None = None,
    random: int | None = None,
    seed: int = 0,
) -> Grid:
    """Check everything about a sweep and return its scenarios.

    Args:
        study: what is swept.
        grid: input → its values: text as the command line takes it (``"0.3:0.6:0.05"``, ``"upper,lower"``) or a list.
            ``start:stop`` goes by the steps of the declaration. With ``random`` it may be empty: then every numeric
            input that the base does not give is drawn, over all it accepts.
        base: other inputs that differ from the defaults; the grid goes over them.
        random: draw that many scenarios instead, every value of an input as likely as any other; where inputs do not go
            together, those that a rule names are drawn again.
        seed: of the draws; the same seed draws the same rows.

    Raises:
        UserError: one sentence for each input that is wrong; or there is nothing to sweep, or too much.
    """
    declared = field_by_field(study.inputs)
    checked = declared(**(base or {}))
    kept = {name: getattr(checked, name) for name in base or {}}
    if random is not None and not grid:
        grid = {s.name: f"{s.low}:{s.high}" for s in declared.settings() if s.kind is not bool and s.step}
        grid = {name: told for name, told in grid.items() if name not in kept}
    if not grid:
        raise UserError(_("There is no input to sweep; name one with --grid, or draw from all with --random."))
    values = _all_values(declared, grid)
    rows = _combined(values) if random is None else _drawn(study.inputs, kept, values, random, seed)
    return Grid(study, kept, values, rows, random is not None)


def field_by_field(inputs: type[Inputs]) -> type[Inputs]:
    """Return the declaration without its rules between fields: a value can then be checked before the others are known.

    >>> from crmlib.chapters.distributors.models.discounts import DiscountTerms
    >>> field_by_field(DiscountTerms)(net_days=5).net_days  # too early for the cash period, which may yet change
    5
    """

    def none(_self: Inputs) -> Iterator[tuple[str, str]]:
        return iter(())

    return type(inputs.__name__, (inputs,), {"problems": none, "__module__": __name__})


def _combined(values: Mapping[str, Row]) -> list[Row]:
    """Return every combination, the input named last moving fastest."""
    if (n := prod(len(of) for of in values.values())) > LIMIT:
        raise _too_many(n)
    return list(product(*values.values()))


def _drawn(inputs: type[Inputs], base: Mapping[str, Any], values: Mapping[str, Row], n: int, seed: int) -> list[Row]:
    if not 1 <= n <= LIMIT:
        said = _("{n} scenarios cannot be drawn; it may be 1 to {limit:,}.")
        raise UserError(said.format(n=n, limit=LIMIT))
    draws = np.random.default_rng(seed)
    columns = [[of[place] for place in draws.integers(len(of), size=n)] for of in values.values()]
    rows = zip(*columns, strict=True)
    return [_agreeing(inputs, base, values, row, (seed, place)) for place, row in enumerate(rows)]


def _agreeing(
    inputs: type[Inputs], base: Mapping[str, Any], values: Mapping[str, Row], row: Row, seed: Sequence[int]
) -> Row:
    """Return a draw whose inputs go together: what a rule between fields names is drawn again, at times all of it.

    Raises:
        UserError: none is found.
    """
    drawn, draws = dict(zip(values, row, strict=True)), None
    for attempt in range(1, ATTEMPTS):
        odd = dict(inputs.model_construct(**{**base, **drawn}).problems())
        if not odd:
            return tuple(drawn.values())
        draws = draws or np.random.default_rng(seed)
        again = set(odd) & set(drawn) if attempt % AFRESH else set[str]()
        for name in again or drawn:
            drawn[name] = values[name][int(draws.integers(len(values[name])))]
    said = _("No combination was found that the study accepts; draw fewer inputs, or from other ranges.")
    raise UserError([said, *odd.values()])


def _too_many(n: int) -> UserError:
    said = _("The grid has {n} scenarios; {limit:,} is the most. Take larger steps or fewer inputs, or draw at random.")
    return UserError(said.format(n=f"{n:,}" if n < 10**15 else f"{Decimal(n):.1e}", limit=LIMIT))


def _all_values(declared: type[Inputs], grid: Mapping[str, object]) -> dict[str, Row]:
    known = {s.name: s for s in declared.settings()}
    found: dict[str, Row] = {}
    problems: list[str] = []
    for name, told in grid.items():
        try:
            if name not in known:
                declared(**{name: ""})  # refuses the name, with the nearest
            found[name] = _values(declared, known[name], told)
        except UserError as refusal:
            problems += refusal.problems
    if problems:
        raise UserError(problems)
    return found


def _values(declared: type[Inputs], s: Setting, told: object) -> Row:
    """Return the values that one input takes, typed as it is declared."""
    text = unicodedata.normalize("NFKC", told).strip() if isinstance(told, str) else ""  # ， and ： are easily typed
    if ":" in text:
        return _range(declared, s, text)
    given = [part.strip() for part in text.split(",")] if isinstance(told, str) else _items(told)
    values = tuple(_checked(declared, s.name, one) for one in given)
    if not values:
        raise _refused(s, _("{label}, {name}: there is no value to take."))
    if twins := [one for n, one in enumerate(values) if one in values[:n]] if len(set(values)) < len(values) else []:
        raise _refused(s, _("{label}, {name}: the value {value} stands twice."), value=twins[0])
    return values


def _items(told: object) -> list[object]:
    items = list(told) if isinstance(told, Iterable) else [told]
    return [one.item() if isinstance(one, np.generic) else one for one in items]


def _checked(declared: type[Inputs], name: str, value: object) -> Any:
    return getattr(declared(**{name: value}), name)


def _range(declared: type[Inputs], s: Setting, text: str) -> Row:
    """Return the values of ``start:stop:step``; the stop is one of them if a step leads there.

    All is reckoned in decimals, so that three steps of 0.1 make 0.3.
    """
    if s.kind not in (int, float):
        raise _refused(s, _("{label}, {name}: it has no range; list its values with commas: {accepts}."))
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 2 and s.step:
        parts.append(str(s.step))
    if len(parts) != 3 or not all(NUMBER.fullmatch(part) for part in parts):
        raise _refused(s, _("{label}, {name}: “{text}” is not a range of numbers start:stop:step."), text=shorten(text))
    with localcontext(prec=EXACT):
        start, stop, step = map(Decimal, parts)
        n = _steps(s, start, stop, step)
        for k in {0, min(1, n), n}:  # if these are in range and whole, where they must be, so are all between
            _checked(declared, s.name, str(start + k * step))
        if n >= LIMIT:
            raise _too_many(n + 1)
        return tuple(s.kind(start + k * step) for k in range(n + 1))


def _steps(s: Setting, start: Decimal, stop: Decimal, step: Decimal) -> int:
    if not step:
        raise _refused(s, _("{label}, {name}: the step is zero."))
    if (stop - start) * step < 0:
        said = _("{label}, {name}: a step of {step} does not lead from {start} to {stop}; give it the other sign.")
        raise _refused(s, said, step=step, start=start, stop=stop)
    return int((stop - start) // step)


def _refused(s: Setting, said: str, **more: object) -> UserError:
    return UserError(said.format(label=s.title(), name=s.name, accepts=s.accepts(), **more))

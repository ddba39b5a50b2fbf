"""What an explorer shows, worked out beforehand: each input moved alone, or all together where there are few states.

A page without Python moves by looking up, on the site and on the page of a rerun. The figures come from the study's
own function and the charts from the explorer's own drawing, so that a page shows what the notebook does, to the last
digit. The page's side is ``explorer.js``, upon ``board.js``.
"""

import math
import zlib
from bisect import insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from itertools import islice, pairwise, product
from pathlib import Path
from typing import Any

from crmlib.core.errors import InputError, UserError
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.core.inputs import Setting
from crmlib.core.numbers import decimals
from crmlib.core.study import ROOM
from crmlib.explorer.base import Explorer, folded_away
from crmlib.plotting.live import light
from crmlib.support.html_table import html
from crmlib.support.markup import compact, unending

HERE = Path(__file__).parent
SCRIPTS = tuple(HERE / name for name in ("board.js", "explorer.js"))
STYLE = HERE / "explorer.css"
FEWEST = 5
"""Stops that a slider keeps at least."""
EVERY = (2, 5, 10, 20, 50, 100, 200, 500)
"""Which stops of a slider are kept where there are too many: every second, every fifth …"""
ALL = 3000
"""Where there are at most so many combinations of stops, each is worked out and all controls move freely."""
Values = Mapping[str, Any]
Stops = Mapping[str, Sequence[Any]]
OnePage = Explorer[Any, Any, Any]


def settings(one: OnePage) -> tuple[Setting, ...]:
    """Return what can be moved: the inputs, then what only changes the picture."""
    return (*one.study.inputs.settings(), *type(one.view).settings())


def stops(s: Setting) -> list[Any]:
    """Return every value that a control can be moved to, in order.

    >>> from crmlib.chapters.satisfaction.models.kano import KanoRule
    >>> len(stops(KanoRule.settings()[0])) > 1
    True
    """
    if s.choices:
        return list(s.choices)
    if s.kind is bool:
        return [False, True]
    low, high, step = (Decimal(str(part)) for part in (s.low, s.high, s.step or 1))
    return [s.kind(low + place * step) for place in range(int((high - low) // step) + 1)]


def every_stop(one: OnePage) -> dict[str, list[Any]]:
    """Return every stop of every control, by name."""
    return {s.name: stops(s) for s in settings(one)}


def free(found: Stops, most: int = ALL) -> bool:
    """Tell whether all controls may move together: at most so many combinations of their stops."""
    return math.prod(map(len, found.values())) <= most


def fewer_stops(one: OnePage, values: Values, most: int) -> dict[str, list[Any]] | None:
    """Return stops of every control, at most so many in all; the longest sliders lose theirs first.

    A slider keeps its ends and, whatever it is, the value it stands at; choices and switches keep all.

    Args:
        values: of all controls, where they stand.
        most: how many stops there may be.

    Returns:
        None where even a few a slider are too many.
    """
    whole, every = settings(one), every_stop(one)
    for longest in range(max(map(len, every.values())), FEWEST - 1, -1):
        found = {s.name: _with(values[s.name], _thinned(s, every[s.name], longest)) for s in whole}
        if sum(map(len, found.values())) <= most:
            return found
    return None


def _thinned(s: Setting, found: list[Any], longest: int) -> list[Any]:
    if s.choices or s.kind is bool or len(found) <= longest:
        return [*found]
    last = len(found) - 1
    nth = next((nth for nth in EVERY if -(-last // nth) < longest), last)
    return [*found[:last:nth], found[last]]


def _with(value: Any, found: list[Any]) -> list[Any]:
    if value not in found:
        insort(found, value)
    return found


@dataclass
class Moves:
    """What is shown after each move from one base; what several states show alike is kept once.

    Attributes:
        figures: each figure as JSON, with its place.
        tables: of each figure, its table of values as HTML.
        kinds: of traces that the figures have, as plotly calls them.
        also: returns what else a page is told of a state, from its headline figures; it may be nothing.
    """

    one: OnePage
    also: Callable[[Mapping[str, float]], Sequence[Any]] = lambda _figures: ()
    figures: dict[str, int] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def state(self, values: Values) -> list[Any]:
        """Return what is shown for the values of all controls.

        Returns:
            Places of the figures, headline figures, remarks, and what else is told, if anything; or, where the values
            are refused, a sentence for each control, or the sentences of the study, in the place of the remarks. What
            was shown before stays then.
        """
        study, kind = self.one.study, type(self.one.view)
        ours = {s.name for s in kind.settings()}
        try:
            inputs = study.inputs(**{name: value for name, value in values.items() if name not in ours})
            result = study.run(self.one.prepared, inputs)
        except InputError as refusal:
            return [0, 0, refusal.fields]
        except UserError as refusal:
            return [0, 0, refusal.problems]
        self.one.inputs, self.one.result = inputs, result  # what some explorers' remarks are about
        figures = study.headline(result)
        charts = self.one.draw(result, kind(**{name: values[name] for name in ours}))
        places = [self._place(chart) for chart in charts]
        shown = [places, [m.shown(figures[key]) for key, m in study.measures.items()], self.one.remarks()]
        also = self.also(figures)
        return [*shown, also] if also else shown

    def moved(self, values: Values, found: Stops, most: int = ALL) -> dict[str, Any]:
        """Return what is shown at the values of all controls, and at each stop of each control from there.

        Where controls are :func:`free` it is what is shown at each combination of stops, the last control's first.
        """
        if free(found, most):
            return {"every": [self.state(dict(zip(found, one, strict=True))) for one in product(*found.values())]}
        first = self.state(values)
        states = {name: [self.state({**values, name: stop}) for stop in row] for name, row in found.items()}
        return {"first": first, "moved": states}

    def told(self, **more: Any) -> str:
        """Return the figures and their tables as JSON that cannot end a script, with what else is to be told."""
        return self._told(0, len(self.tables), more)

    def told_in_parts(self, most: int, **more: Any) -> list[str]:
        """Return as JSON the figures and their tables with what else is to be told, in one text or in several.

        Args:
            most: bytes that a text may have, packed; a part is larger by less than its last figure and table.

        Returns:
            Where one text would be larger: first what else is to be told, with the place at which each part begins and
            a mark that its parts have too, then the parts.
        """
        packer = zlib.compressobj()
        parts = zip(self.figures, self.tables, strict=True)
        weights = [len(packer.compress("".join(one).encode()) + packer.flush(zlib.Z_SYNC_FLUSH)) for one in parts]
        starts = [0]
        for place in range(1, len(weights)):
            if sum(weights[starts[-1] : place]) >= most:
                starts.append(place)
        whole = self.told(**more)
        if len(starts) == 1:
            return [whole]
        mark = {"of": sha256(whole.encode("utf-8")).hexdigest()[:16]}
        pieces = [self._told(*ends, mark) for ends in pairwise((*starts, len(weights)))]
        return [unending(compact({"starts": starts, **mark, **more})), *pieces]

    def _told(self, first: int, end: int, more: Mapping[str, Any]) -> str:
        figures = ",".join(islice(self.figures, first, end))
        rest = compact({"tables": self.tables[first:end], **more})
        return unending(f'{{"figures":[{figures}],{rest[1:]}')

    def _place(self, chart: Any) -> int:
        spec = light(chart)
        drawn = compact(spec)
        if drawn not in self.figures:
            self.kinds |= {trace["type"] for trace in spec["data"]}
            self.figures[drawn] = len(self.figures)
            self.tables.append(html(chart.table()))
        return self.figures[drawn]


def declared(shown: Moves, bases: Iterable[tuple[str, str, Values]], found: Stops, most: int = ALL) -> str:
    """Return as JSON what a page needs to put up an explorer: controls, where moves begin, what it shows at first.

    Args:
        shown: of the explorer; empty.
        bases: where moves begin: name, what it is called, the values of all controls; the first one is shown.
        found: the stops of every control.
        most: so many combinations of stops there may be for all controls to move together.

    Raises:
        ValueError: a value is no stop; a slider would stand elsewhere than the figures.
    """
    study, whole, begin = shown.one.study, settings(shown.one), list(bases)
    rest = {s.name for s in folded_away(study, whole)}
    return shown.told(
        free=free(found, most),
        first=shown.state(begin[0][2]),
        measures=[m.title() for m in study.measures.values()],
        controls=[{**_control(s, found[s.name]), "more": s.name in rest} for s in whole],
        bases=[[name, label, [found[s.name].index(values[s.name]) for s in whole]] for name, label, values in begin],
    )


def _control(s: Setting, found: Sequence[Any]) -> dict[str, Any]:
    """Return a control as a page puts it up; a slider of other stops than the notebook's says what each reads."""
    kind = "choice" if s.choices else "switch" if s.kind is bool else "number"
    told = {"name": s.name, "label": s.title(), "help": _(s.help), "group": _(s.group), "kind": kind}
    if kind != "number":
        return {**told, "choices": [s.shown(value) for value in found]}
    if found != stops(s):
        digits = max(decimals(value) for value in (s.step or 1, *found))
        return {**told, "count": len(found), "texts": [figure(value, digits) for value in found]}
    return {**told, "low": s.low, "step": s.step or 1, "count": len(found), "digits": decimals(s.step or 1)}


def words() -> dict[str, Any]:
    """Return what the page's side of an explorer says, in the language spoken."""
    return {
        "values": _("Table of values"),
        "facts": _("Headline figures"),
        "sorry": _("The chart could not be drawn in this browser; the figures above are right."),
        "begin": _("Scenario"),
        "reset": _("Reset"),
        "more": _("More inputs ({n})"),
        "alone": _(
            "On this page one input moves at a time, from the scenario chosen: the one before goes back. "
            "In the notebook they move together."
        ),
        "together": _("All inputs move together on this page, as in the notebook."),
        "back": _("“{label}” is back where it was."),
        "was": _("(was {before})"),
        "moved": _("(was {before}, {moved})"),
        "change": _("({moved})"),
        "room": ROOM,
        "late": _("The figures of this explorer could not be loaded; load the page again."),
    }

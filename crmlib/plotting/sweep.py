"""Charts of a sweep: a headline figure over one input, over two, and how far each input alone moves it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from crmlib.core.i18n import _
from crmlib.core.inputs import Setting
from crmlib.core.study import Measure
from crmlib.formulas.arrays import Floats
from crmlib.plotting.template import BLUE, GREEN, PURPLE, VIOLET
from crmlib.plotting.theme import Chart, safe, spec, wrapped

POINTS, CELLS, ROWS, BARS = 1000, 100, 60, 12
"""Most that is drawn: points of a line, cells along an edge of a heat map, rows of a table, bars of a tornado."""
PLAIN = {"exponentformat": "none", "separatethousands": True}
LABELLED = 8
"""Most cells along an edge of a heat map whose figures are written into them."""


@dataclass(frozen=True)
class Moved:
    """One input moved alone, away from the base: to a value, with the headline figures there (none if refused)."""

    setting: Setting
    value: Any
    figures: dict[str, float] | None


def thinned(n: int, most: int) -> list[int]:
    """Return at most ``most`` of ``n`` places, evenly spread, the first and the last among them.

    >>> thinned(9, 3), thinned(2, 3)
    ([0, 4, 8], [0, 1])
    """
    return list(range(n)) if n <= most else sorted({round(place) for place in np.linspace(0, n - 1, most)})


# One input ------------------------------------------------------------------------------------------------------------


def line(s: Setting, values: Sequence[Any], measure: Measure, figures: Floats) -> Chart:
    """One headline figure over one input: a line over numbers, a bar for each choice.

    Args:
        s: the input.
        values: of the input, numbers in rising order.
        measure: the figure.
        figures: one for each value, nan where there is none.
    """
    kept, numeric = thinned(len(values), POINTS), _numeric(s)
    mode = "lines+markers" if len(kept) <= ROWS else "lines"
    trace: dict[str, Any] = {"type": "scatter", "mode": mode} if numeric else {"type": "bar", "width": 0.5}
    trace |= {
        "x": [values[n] if numeric else s.shown(values[n]) for n in kept],
        "y": [_gap(figures[n]) for n in kept],
        "marker": {"color": BLUE},
        "hovertemplate": "%{x}: %{y:,}<extra></extra>",
    }
    title, axis = _over_one(s, values, measure, figures), {"xaxis_type": "linear" if numeric else "category"}
    figure = spec([trace], title, s.title(), _upright(measure), showlegend=False, **axis)
    alt = _("{measure} for each value of {input}.").format(measure=_(measure.label), input=_(s.label))

    def table() -> pd.DataFrame:
        rows = thinned(len(values), ROWS)
        index = pd.Index([s.shown(values[n]) for n in rows], name=s.title())
        return pd.DataFrame({measure.title(): [measure.shown(float(figures[n])) for n in rows]}, index=index)

    return Chart(figure, _with_gaps(alt, figures), table)


def _over_one(s: Setting, values: Sequence[Any], measure: Measure, figures: Floats) -> str:
    """Return what a line shows: the figure rises, falls or stays, or where it is highest."""
    there = np.flatnonzero(np.isfinite(figures))
    if not len(there):
        return _("{measure}: no figure for any value").format(measure=_(measure.label))
    known = figures[there]
    facts = {"measure": _(measure.label), "first": measure.shown(known[0]), "last": measure.shown(known[-1])}
    if measure.shown(known.min()) == measure.shown(known.max()):
        return _("{measure}: {first} throughout").format(**facts)
    steps = np.diff(known)
    if _numeric(s) and (steps >= 0).all():
        return _("{measure}: rising from {first} to {last}").format(**facts)
    if _numeric(s) and (steps <= 0).all():
        return _("{measure}: falling from {first} to {last}").format(**facts)
    facts |= {"least": measure.shown(known.min()), "most": measure.shown(known.max())}
    facts["at"] = _quoted(s, values[there[int(known.argmax())]])
    return _("{measure}: highest, {most}, at {at}; lowest {least}").format(**facts)


# Two inputs -----------------------------------------------------------------------------------------------------------


def heat(across: Setting, xs: Sequence[Any], up: Setting, ys: Sequence[Any], measure: Measure, cells: Floats) -> Chart:
    """One headline figure over two inputs, a step of colour a range; nothing where there is none.

    Args:
        across, up: the inputs along the two axes.
        xs, ys: their values, numbers in rising order.
        measure: the figure.
        cells: ys × xs, nan where there is none.
    """
    columns, rows = thinned(len(xs), CELLS), thinned(len(ys), CELLS)
    shown = cells[np.ix_(rows, columns)]
    trace: dict[str, Any] = {
        "type": "heatmap",
        "x": [across.shown(xs[n]) for n in columns],
        "y": [up.shown(ys[n]) for n in rows],
        "z": [[_gap(figure) for figure in row] for row in shown],
        "text": [[measure.shown(float(figure)) for figure in row] for row in shown],
        "autocolorscale": True,
        "colorbar": {"title": {"text": _(measure.unit)}, "thickness": 12, **PLAIN},
        "hoverongaps": False,
        "hovertemplate": f"{safe(_(across.label))} %{{x}}<br>{safe(_(up.label))} %{{y}}<br>%{{text}}<extra></extra>",
    }
    if max(shown.shape) <= LABELLED:
        trace |= {"texttemplate": "%{text}", "showscale": False}
    axes = {"xaxis_type": "category", "yaxis_type": "category", "xaxis_nticks": 10, "yaxis_nticks": 10}
    title = _over_two(across, xs, up, ys, measure, cells)
    figure = spec([trace], title, across.title(), up.title(), **axes, height=380)
    alt = _("{measure}: {across} from left to right, {up} from bottom to top, a step of colour for each range.")
    said = alt.format(measure=_(measure.label), across=_(across.label), up=_(up.label))

    def table() -> pd.DataFrame:
        over, down = thinned(len(xs), BARS), thinned(len(ys), ROWS)
        body = [[measure.shown(float(cells[row, n])) for n in over] for row in down]
        corner = _("{up} ↓ · {across} →").format(up=up.title(), across=across.title())
        index = pd.Index([up.shown(ys[row]) for row in down], name=corner)
        return pd.DataFrame(body, index=index, columns=[across.shown(xs[n]) for n in over])

    return Chart(figure, _with_gaps(said, cells), table)


def _over_two(
    across: Setting, xs: Sequence[Any], up: Setting, ys: Sequence[Any], measure: Measure, cells: Floats
) -> str:
    facts = {"measure": _(measure.label)}
    known = cells[np.isfinite(cells)]
    if not known.size:
        return _("{measure}: no figure for any combination").format(**facts)
    facts |= {"least": measure.shown(known.min()), "most": measure.shown(known.max())}
    if facts["least"] == facts["most"]:
        return _("{measure}: {most} for every combination").format(**facts)
    row, place = divmod(int(np.nanargmax(np.where(np.isfinite(cells), cells, np.nan))), len(xs))
    highest, there = cells == cells[row, place], np.isfinite(cells)
    facts |= {"x": _quoted(across, xs[place]), "y": _quoted(up, ys[row])}
    if (highest[row] == there.any(axis=0)).all() or (highest[:, place] == there.any(axis=1)).all():
        facts["at"] = facts["y"] if (highest[row] == there.any(axis=0)).all() else facts["x"]  # the other is as good
        return _("{measure}: highest, {most}, at {at}; lowest {least}").format(**facts)
    return _("{measure}: highest, {most}, at {x} and {y}; lowest {least}").format(**facts)


# Many inputs, each alone ----------------------------------------------------------------------------------------------


def tornado(measure: Measure, key: str, base: float, moves: Sequence[Moved]) -> Chart:
    """How far each input alone moves one headline figure from the base, the widest swing on top.

    Args:
        measure: the figure.
        key: its name among the figures of ``moves``.
        base: the figure at the base; finite.
        moves: each input at its low and its high end, or at each of its choices.
    """
    spans = _swings(key, base, moves)
    drawn = [span for span in spans if span.swing > 0][:BARS]
    names = [wrapped(safe(span.label()), 24) for span in drawn]
    numeric = [span.numeric for span in drawn]
    lows, highs = (
        [s.shown(s.low, base) for s in drawn],
        [None if s.high is s.low else s.shown(s.high, base) for s in drawn],
    )
    traces = [
        _side(_("at its low end"), PURPLE, base, names, [e if n else None for e, n in zip(lows, numeric, strict=True)]),
        _side(
            _("at its high end"), GREEN, base, names, [e if n else None for e, n in zip(highs, numeric, strict=True)]
        ),
        _side(
            _("at another choice"), VIOLET, base, names, [None if n else e for e, n in zip(lows, numeric, strict=True)]
        ),
        _side("", VIOLET, base, names, [None if n else e for e, n in zip(highs, numeric, strict=True)]),
    ]
    ends = [base, *(end[1] for s in drawn for end in (s.low, s.high) if end)]
    room = 0.4 * ((max(ends) - min(ends)) or 1.0)
    starred = _("{measure}; * one end or choice is refused") if any(s.refused for s in drawn) else "{measure}"
    figure = spec(
        [trace for trace in traces if trace["y"]],
        _widest(measure, base, drawn),
        starred.format(measure=measure.title()),
        "",
        barmode="overlay",
        showlegend=True,
        height=170 + 34 * max(len(drawn), 2),
        yaxis_autorange="reversed",
        xaxis_range=[min(ends) - room, max(ends) + room],
        yaxis_type="category",
        yaxis_categoryorder="array",
        yaxis_categoryarray=names,
        shapes=[{"type": "line", "x0": base, "x1": base, "yref": "paper", "y0": 0, "y1": 1, "line": {"width": 1}}],
    )
    alt = _("From the base, {base}, to what {measure} becomes when one input alone is moved to an end of its range.")

    def table() -> pd.DataFrame:
        rows = [[measure.shown(end[1]) if end else "–" for end in (s.low, s.high)] for s in spans]
        ends = [[s.setting.shown(end[0]) if end else _("refused") for end in (s.low, s.high)] for s in spans]
        columns = [_("Moved to"), measure.title(), _("or to"), _("gives")]
        body = [[end[0], row[0], end[1], row[1]] for end, row in zip(ends, rows, strict=True)]
        return pd.DataFrame(body, columns=columns, index=pd.Index([s.setting.title() for s in spans], name=_("Input")))

    return Chart(figure, alt.format(base=measure.shown(base), measure=_(measure.label)), table)


End = tuple[Any, float]
"""Where an input was moved to, and the figure there."""


@dataclass(frozen=True)
class _Span:
    """How far one input moves one figure. Of a number ``low`` is the low end; of choices, the one with the least."""

    setting: Setting
    low: End | None
    high: End | None
    swing: float
    refused: bool

    @property
    def numeric(self) -> bool:
        return _numeric(self.setting)

    def shown(self, end: End | None, base: float) -> tuple[str, float] | None:
        """Return what an end was moved to, for beside its bar unless that lies in the other, and the figure."""
        if not end:
            return None
        within = any(other and abs(other[1] - base) > abs(end[1] - base) and (other[1] > base) == (end[1] > base)
                     for other in (self.low, self.high))  # fmt: skip
        value = self.setting.shown(end[0])
        return ("" if within else _("at {value}").format(value=value) if self.numeric else value), end[1]

    def label(self) -> str:
        return _(self.setting.label) + (" *" if self.refused else "")


def _swings(key: str, base: float, moves: Sequence[Moved]) -> list[_Span]:
    """Return each input's span, the widest first; equal ones keep the order of the inputs."""
    by_input: dict[str, list[Moved]] = {}
    for moved in moves:
        by_input.setdefault(moved.setting.name, []).append(moved)
    return sorted((_span(key, base, of) for of in by_input.values()), key=lambda span: -span.swing)


def _span(key: str, base: float, of: Sequence[Moved]) -> _Span:
    setting = of[0].setting
    ends = [(m.value, m.figures[key]) if m.figures and math.isfinite(m.figures[key]) else None for m in of]
    there = [end for end in ends if end]
    figures = [base, *(figure for _value, figure in there)]
    if _numeric(setting):
        low, high = ends[0], ends[-1]
    else:
        low, high = (min(there, key=lambda e: e[1]), max(there, key=lambda e: e[1])) if there else (None, None)
    return _Span(setting, low, high, max(figures) - min(figures), any(m.figures is None for m in of))


def _side(
    name: str, color: str, base: float, names: Sequence[str], ends: Sequence[tuple[str, float] | None]
) -> dict[str, Any]:
    """Return the bars to one side, all from the base, each with the value moved to; an input without it has none."""
    there = [(label, end) for label, end in zip(names, ends, strict=True) if end]
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "showlegend": bool(name),
        "y": [label for label, _end in there],
        "base": base,
        "width": (0.35 if color == GREEN else 0.6) / (1 if len(names) > 1 else 2),  # so that neither hides the other
        "x": [figure - base for _label, (_value, figure) in there],
        "customdata": [figure for _label, (_value, figure) in there],
        "text": [wrapped(safe(shown), 16) if figure != base else "" for _label, (shown, figure) in there],
        "textposition": "outside",
        "constraintext": "none",
        "cliponaxis": False,
        "marker": {"color": color},
        "hovertemplate": "%{y}: %{customdata:,.6~g}<extra></extra>",
    }


def _widest(measure: Measure, base: float, drawn: Sequence[_Span]) -> str:
    facts = {"measure": _(measure.label), "base": measure.shown(base)}
    if not drawn:
        return _("{measure}: {base} whichever input is moved alone").format(**facts)
    figures = [base, *(end[1] for end in (drawn[0].low, drawn[0].high) if end)]
    facts |= {
        "input": _(drawn[0].setting.label),
        "least": measure.shown(min(figures)),
        "most": measure.shown(max(figures)),
    }
    if alike := sum(span.swing == drawn[0].swing for span in drawn[1:]):
        said = _("{measure}: “{input}”, and {n} more as far, move it most, between {least} and {most}")
        return said.format(n=alike, **facts)
    return _("{measure}: “{input}” moves it most, between {least} and {most}").format(**facts)


def _numeric(s: Setting) -> bool:
    return not s.choices and s.kind is not bool


def _quoted(s: Setting, value: Any) -> str:
    """Return a value as it stands in a sentence."""
    return s.shown(value) if _numeric(s) else _("“{name}”").format(name=s.shown(value))


def _upright(measure: Measure) -> str:
    """Return a figure's name with its unit for an upright axis, over two lines where it is long."""
    label = wrapped(_(measure.label), 30)
    return _("{label} ({unit})").format(label=label, unit=_(measure.unit)) if measure.unit else label


def _gap(figure: float) -> float | None:
    return float(figure) if math.isfinite(figure) else None


def _with_gaps(alt: str, figures: Floats) -> str:
    """Say how many scenarios have no figure, if any."""
    if not (gaps := int((~np.isfinite(figures)).sum())):
        return alt
    return alt + " " + _("Without a figure: {gaps} of {all}.").format(gaps=gaps, all=figures.size)

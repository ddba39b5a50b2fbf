"""What an explorer shows, worked out beforehand: each input moved alone, from the default and from each scenario.

A page without Python moves by looking up. The figures come from the study's own function and the charts from the
explorer's own drawing, so that a page shows what the notebook does, to the last digit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from crmlib import casebook
from crmlib.chapters import chapter_of
from crmlib.core.errors import InputError, UserError
from crmlib.core.i18n import _, speaking
from crmlib.core.inputs import Setting
from crmlib.core.numbers import decimals
from crmlib.explorer.base import Explorer, folded_away
from crmlib.plotting.live import light
from crmlib.reruns import page
from crmlib.site.scripts import compact
from crmlib.support.html_table import html

Values = Mapping[str, Any]
OnePage = Explorer[Any, Any, Any]


def explorer(study: str) -> OnePage:
    """Return the explorer of a study on the course data."""
    found: OnePage = chapter_of(study).explore(study)
    return found


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


def bases(one: OnePage) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return where moves begin, by name: what it is called, in the language spoken, and the values of all controls."""
    first = {**one.study.inputs().model_dump(), **type(one.view)().model_dump()}
    found = {"base": (_("Default"), first)}
    if one.study.textbook:
        found["textbook"] = (_("Textbook case"), {**first, **one.study.textbook})
    if one.case:
        case = casebook.case(one.case)
        named = {name: case.scenarios[name] for name in case.order if name not in found or case.scenarios[name].inputs}
        found |= {name: (scenario.label(), {**first, **scenario.inputs}) for name, scenario in named.items()}
    return found


@dataclass
class Moves:
    """What is shown after each move from one base; what several states show alike is kept once.

    Attributes:
        figures: each figure as JSON, with its place.
        tables: of each figure, its table of values as HTML.
        kinds: of traces that the figures have, as plotly calls them.
    """

    one: OnePage
    figures: dict[str, int] = field(default_factory=dict)
    tables: list[str] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)

    def state(self, values: Values) -> list[Any]:
        """Return what is shown for the values of all controls.

        Returns:
            Places of the figures, headline figures, remarks; or, where the values are refused, a sentence for each
            control, or the sentences of the study, in the place of the remarks. What was shown before stays then.
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
        return [places, [m.shown(figures[key]) for key, m in study.measures.items()], self.one.remarks()]

    def told(self, **more: Any) -> str:
        """Return the figures and their tables as JSON that cannot end a script, with what else is to be told."""
        rest = compact({"tables": self.tables, **more})
        return page.unending(f'{{"figures":[{",".join(self.figures)}],{rest[1:]}')

    def _place(self, chart: Any) -> int:
        figure = light(chart)
        drawn = compact(figure)
        if drawn not in self.figures:
            self.kinds |= {trace["type"] for trace in figure["data"]}
            self.figures[drawn] = len(self.figures)
            self.tables.append(html(chart.table()))
        return self.figures[drawn]


def moves(study: str, base: str, lang: str) -> tuple[str, set[str]]:
    """Return as JSON what an explorer shows at a base and after each move from there, and the kinds of its traces."""
    with speaking(lang):
        one = explorer(study)
        values = bases(one)[base][1]
        shown = Moves(one)
        first = shown.state(values)
        moved = {s.name: [shown.state({**values, s.name: stop}) for stop in stops(s)] for s in settings(one)}
    return shown.told(first=first, moved=moved), shown.kinds


def declared(study: str, lang: str) -> str:
    """Return as JSON what a page needs to put up an explorer: controls, where moves begin, what it shows at first."""
    with speaking(lang):
        one = explorer(study)
        whole = settings(one)
        shown, known = Moves(one), bases(one)
        rest = {s.name for s in folded_away(one.study, whole)}
        return shown.told(
            first=shown.state(known["base"][1]),
            measures=[m.title() for m in one.study.measures.values()],
            controls=[{**_control(s), "more": s.name in rest} for s in whole],
            bases=[[name, label, [_at(s, values[s.name]) for s in whole]] for name, (label, values) in known.items()],
        )


def _control(s: Setting) -> dict[str, Any]:
    """Return a control as a page puts it up."""
    kind = "choice" if s.choices else "switch" if s.kind is bool else "number"
    told = {"name": s.name, "label": s.title(), "help": _(s.help), "group": _(s.group), "kind": kind}
    if kind == "number":
        return {**told, "low": s.low, "step": s.step or 1, "count": len(stops(s)), "digits": decimals(s.step or 1)}
    return {**told, "choices": [s.shown(value) for value in stops(s)]}


def _at(s: Setting, value: Any) -> int:
    """Return which stop a value is.

    Raises:
        ValueError: it is none; a slider would stand elsewhere than the figures.
    """
    return stops(s).index(value)

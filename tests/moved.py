"""Moves of an explorer's controls, found from what its study declares: no test names the inputs of a chapter."""

import gzip
import json
import re
from base64 import b64decode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import ipywidgets as w

from crmlib.chapters import chapter_of
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.inputs import Inputs, Setting
from crmlib.explorer.base import Explorer
from crmlib.site import states

AnyExplorer = Explorer[Any, Any, Any]


def explore(study: str, *tables: Any, **inputs: Any) -> AnyExplorer:
    made: AnyExplorer = chapter_of(study).explore(study, *tables, **inputs)
    return made


@cache
def opened(study: str, lang: str = "en") -> AnyExplorer:
    """Return the explorer of a study, the same one for all tests in a language; reset it before use."""
    with i18n.speaking(lang):
        return explore(study)


def settings_of(explorer: AnyExplorer) -> tuple[Setting, ...]:
    """Return all settings that an explorer has a control for: those of its study, then those of its pictures."""
    return (*explorer.inputs.settings(), *explorer.view.settings())


def press(control: w.Widget, **state: Any) -> None:
    """Move a control as the page does: through a message to the kernel."""
    content = {"data": {"method": "update", "state": state, "buffer_paths": []}}
    control._handle_msg({"content": content, "buffers": []})


def move(control: w.Widget, value: Any) -> None:
    if isinstance(control, w.Dropdown):
        press(control, index=[v for _label, v in control.options].index(value))
    else:
        press(control, value=value)


def picture(explorer: AnyExplorer) -> dict[str, Any]:
    """Return what the page would get of the board: what a reloaded page draws."""
    return {key: explorer.board.get_state(key)[key] for key in ("figures", "facts", "remarks")}


def problems(explorer: AnyExplorer) -> dict[str, str]:
    """Return the lines under the controls."""
    return {name: box.children[1].value for name, box in explorer._boxes.items() if len(box.children) > 1}


def within(box: w.Box) -> Iterator[w.Widget]:
    for child in box.children:
        yield child
        if isinstance(child, w.Box):
            yield from within(child)


def tool(explorer: AnyExplorer, kind: type[w.Widget], description: str = "") -> Any:
    """Return the first widget of a kind in the toolbar, or the one that is called so."""
    found = [c for c in within(explorer.children[0]) if isinstance(c, kind)]
    return next(c for c in found if not description or c.description == description)


# Where a control can go -----------------------------------------------------------------------------------------------


def places(s: Setting) -> Iterator[Any]:
    """Yield the values that a control can be moved to, its default left out: near ones first, then its ends."""
    if s.choices or s.kind is bool:
        yield from (value for value in reversed(s.choices or (False, True)) if value != s.default)
        return
    assert s.low is not None and s.high is not None and s.step
    for steps in (4, -4, 1, -1, 20, -20):
        if s.low <= (value := round(s.default + steps * s.step, 10)) <= s.high:
            yield s.kind(value)
    last = s.low + s.step * int((s.high - s.low) / s.step + 1e-9)
    yield from (s.kind(round(end, 10)) for end in (last, s.low) if end != s.default)


@cache
def elsewhere(study: str, name: str) -> Any:
    """Return a value of a setting that goes with the defaults of the others and, where there is one, changes the
    picture."""
    shown = opened(study)
    s = next(s for s in settings_of(shown) if s.name == name)
    defaults, view = shown.study.inputs().replace(), type(shown.view)()
    of_study = name in type(defaults).model_fields
    before = _drawn(shown, defaults, view)
    accepted = []
    for value in places(s):
        try:
            inputs = defaults.replace(**{name: value}) if of_study else defaults
            now = _drawn(shown, inputs, view if of_study else view.replace(**{name: value}))
        except UserError:
            continue
        if now != before:
            return value
        accepted.append(value)
    return accepted[0]


def _drawn(shown: AnyExplorer, inputs: Inputs, view: Inputs) -> tuple[str, ...]:
    with i18n.speaking("en"):
        result = shown.study.run(shown.prepared, inputs)
        figures = shown.study.headline(result)
        facts = [m.shown(figures[key]) for key, m in shown.study.measures.items()]
        charts = [text for chart in shown.draw(result, view) for text in (json.dumps(chart.spec), chart.alt)]
        return (*charts, *facts, *inputs.remarks())


@dataclass(frozen=True)
class Refusal:
    """A move that a study refuses.

    Attributes:
        before: moves that lead there, each of them accepted.
        last: the input that is then moved and its value.
        fields: the inputs under which a sentence is said.
    """

    before: tuple[tuple[str, Any], ...]
    last: tuple[str, Any]
    fields: frozenset[str]


def refusals(kind: type[Inputs]) -> list[Refusal]:
    """Return moves that the rules between a study's inputs refuse, one for each set of fields refused.

    All inputs are moved to one end, one after another, where they can be; then all to the other. What cannot is what is
    looked for.
    """
    found: dict[frozenset[str], Refusal] = {}
    for end in (-1, 0):
        inputs, before = kind(), []
        for s in kind.settings():
            value = _end(s, end)
            try:
                inputs = inputs.replace(**{s.name: value})
                before.append((s.name, value))
            except InputError as refused:
                fields = frozenset(refused.fields)
                found.setdefault(fields, Refusal(tuple(before), (s.name, value), fields))
    return list(found.values())


def _end(s: Setting, end: int) -> Any:
    if s.choices or s.kind is bool:
        return s.default
    assert s.low is not None and s.high is not None and s.step
    last = s.low + s.step * int((s.high - s.low) / s.step + 1e-9)
    return s.kind(round((s.low, last)[end], 10))


def looked_up(study: str, base: str, lang: str) -> tuple[dict[str, Any], set[str]]:
    """Return what a page of the site knows of an explorer's moves once all parts are there, and the kinds of traces."""
    texts, kinds = states.moves(study, base, lang)
    return joined(texts), kinds


def joined(texts: Sequence[str]) -> dict[str, Any]:
    """Return what the files of an explorer's moves from one base tell, the parts put together."""
    first, *parts = map(json.loads, texts)
    mark = first.pop("of", None)
    for start, part in zip(first.pop("starts", ()), parts, strict=True):
        assert start == len(first.setdefault("figures", [])) and part["figures"] and part["of"] == mark
        first["figures"] += part["figures"]
        first["tables"] = [*first.get("tables", ()), *part["tables"]]
    known: dict[str, Any] = first
    return known


def unpacked(script: str) -> str:
    """Return what a script of the site lays down."""
    return gzip.decompress(b64decode(re.findall(r'= "(.*)";', script)[0])).decode("utf-8")

"""The explorers of the site: what each shows, from the default, the textbook case and each scenario."""

from typing import Any

from crmlib import casebook
from crmlib.chapters import chapter_of
from crmlib.core.i18n import _, speaking
from crmlib.explorer import states
from crmlib.explorer.states import Moves, OnePage
from crmlib.site import challenges

LIGHT = 40_000
"""Bytes that the figures of a file of moves may have, packed: a fifth of a second on a slow telephone."""


def explorer(study: str) -> OnePage:
    """Return the explorer of a study on the course data."""
    found: OnePage = chapter_of(study).explore(study)
    return found


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


def files(one: OnePage) -> list[str]:
    """Return the bases that a file tells the moves from: the first alone where it tells of all there is."""
    return list(bases(one))[: 1 if states.free(states.every_stop(one)) else None]


def moves(study: str, base: str, lang: str) -> tuple[list[str], set[str]]:
    """Return as JSON what an explorer shows at a base and after each move from there, and the kinds of its traces.

    Returns:
        One text where it is light; otherwise the headline figures and remarks of all moves, which answer a reader at
        once, then the figures in parts, of which a move needs a few.
    """
    with speaking(lang):
        shown = _told_with_challenges(study)
        known = shown.moved(bases(shown.one)[base][1], states.every_stop(shown.one))
        return shown.told_in_parts(LIGHT, **known), shown.kinds


def declared(study: str, lang: str) -> str:
    """Return as JSON what a page needs to put up an explorer: controls, where moves begin, what it shows at first."""
    with speaking(lang):
        shown = _told_with_challenges(study)
        known = [(name, label, values) for name, (label, values) in bases(shown.one).items()]
        return states.declared(shown, known, states.every_stop(shown.one))


def _told_with_challenges(study: str) -> Moves:
    """Return what collects the states of a study's explorer, each with the challenges that its figures reach."""
    return Moves(explorer(study), challenges.reached_of(study))

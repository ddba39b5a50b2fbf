"""Predictions before an explorer of a page: the questions that the notebook asks with seed 0, their truth worked out.

They come from the study's declaration, and what is true of them from its model, now: a page has neither.
"""

from functools import cache
from random import Random
from typing import Any

from crmlib.core.exercise import measured
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs
from crmlib.explorer import prediction
from crmlib.explorer.prediction import ROUND, Effect, Question
from crmlib.explorer.states import OnePage, stops
from crmlib.items import prose
from crmlib.learning.predict import CLOSE, cause, said_way, sizes, unit
from crmlib.site.states import explorer
from crmlib.support.markup import compact, unending

ROUNDS = 2
"""So many rounds of questions stand on a page; then they begin again."""


@cache
def _explorer(study: str) -> OnePage:
    """Return the explorer of a study, built once for all pages; nothing that is asked depends on its language."""
    return explorer(study)


@cache
def asked(study: str) -> tuple[tuple[Question, Effect], ...]:
    """Return the questions on a study with what is true of each, a round after the other; the same in any language."""
    one = _explorer(study)
    found: list[Question] = []
    for n in range(ROUNDS):
        drawn = prediction.drawn(one.study, one.prepared, one.initial, Random(f"{study}:{n}"), found[-ROUND:])
        found += [question for question in drawn if question not in found]
    return tuple((question, prediction.effect(one.study, one.prepared, one.initial, question)) for question in found)


def told(study: str) -> str:
    """Return the questions on a study as JSON that cannot end a script, in the language now spoken."""
    start = _explorer(study).initial
    found = [_told(start, question, true) for question, true in asked(study)]
    return unending(compact(found))


def _told(start: Inputs, question: Question, true: Effect) -> dict[str, Any]:
    m = true.measure
    return {
        "input": question.input,
        "stop": stops(start.setting_of(question.input)).index(question.to),
        "question": prose.html(prediction.text(start, question, true)),
        "title": m.title(),
        "unit": unit(true),
        "within": _(m.unit),
        "sized": measured("{number}", unit(true)),
        "digits": m.digits,
        "before": true.before,
        "after": true.after,
        "size": true.size,
        "way": true.way,
        "said": [said_way(way, true) for way in range(len(prediction.ways()))],
        "cause": cause(start, question),
    }


def words() -> dict[str, Any]:
    """Return what a page says around predictions, in the language now spoken."""
    return {
        "ways": prediction.ways(),
        "round": ROUND,
        "near": CLOSE,
        "sizes": sizes(),
        "place": _("Prediction {n} of {all}"),
        "howMuch": _("By how much (may be left empty)"),
        "show": _("Show the figures"),
        "skip": _("Skip the predictions"),
        "covered": _("The figures are covered until you predict or skip."),
        "wayFirst": _("Say first which way it goes."),
        "open": _("The figures are below: move any control."),
        "first": _("Predict first"),
        "next": _("Next prediction"),
        "more": _("More predictions"),
        "before": _("Before"),
        "yours": _("Your prediction"),
        "result": _("Result"),
        "score": _("You said the right way in {right} of {all} predictions."),
    }

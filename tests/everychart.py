"""Every chart there is: found in the modules that draw, so that no list can forget one."""

import inspect
import json
from collections.abc import Sequence
from functools import cache
from typing import Any, get_type_hints

from crmlib.chapters import chapter_of
from crmlib.chapters.studies import STUDIES
from crmlib.core import i18n
from crmlib.plotting.theme import Chart

TOPICS = list(STUDIES)


@cache
def charts_of(topic: str, lang: str) -> Sequence[Chart]:
    """Return every chart there is of a topic: each function that draws its result, and each view of its explorer."""
    i18n.use(lang)
    chapter = chapter_of(topic)
    explorer = chapter.explore(topic)
    charts = [
        draw(explorer.result, **{asked: module.EXAMPLES[asked] for asked in _asked(draw)})
        for module in chapter.modules()
        for name, draw in inspect.getmembers(module, inspect.isfunction)
        if draw.__module__ == module.__name__ and not name.startswith("_") and _draws(draw, type(explorer.result))
    ]
    for s in explorer.view.settings():
        for choice in s.choices:
            charts += explorer.draw(explorer.result, explorer.view.replace(**{s.name: choice}))
    different = {json.dumps(chart.spec): chart for chart in charts}
    [chart.table() for chart in different.values()]
    return list(different.values())


def _draws(function: Any, result: type) -> bool:
    hints = get_type_hints(function)
    return hints.pop("return", None) is Chart and next(iter(hints.values()), None) is result


def _asked(draw: Any) -> list[str]:
    """Return the parameters of a chart beside the result that have no default."""
    _result, *others = inspect.signature(draw).parameters.values()
    return [p.name for p in others if p.default is p.empty]

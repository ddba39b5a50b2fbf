"""What moves on the page of a rerun: the explorer of its study, worked out beforehand from the inputs of the page.

It stands below all else and only where the page's script runs; on paper a page is as it is without.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markupsafe import Markup

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs
from crmlib.explorer import states
from crmlib.explorer.base import UNFIT, unfit
from crmlib.explorer.states import Moves, OnePage, Values
from crmlib.plotting.library import LIVE, live_script
from crmlib.plotting.partial import packed
from crmlib.support.markup import filled, script_safe

HERE = Path(__file__).parent
MOST = 850
"""States that are worked out for a page: about three seconds of work."""
BEARABLE = 3
"""So many times the rows of the course data take no longer; of a larger table fewer states are worked out."""
ROOM = 750_000
"""Bytes of a page that its moves may have; with the cut plotly.js it stays below 1.5 MB."""


@dataclass(frozen=True)
class Moving:
    """What moves on a page, as HTML.

    Attributes:
        section: the explorer, or a sentence on why there is none.
        lead: stands at the head of the page and leads there.
        style, script: what the page needs for it.
    """

    section: str
    lead: str = ""
    style: str = ""
    script: str = ""


class Careful(Moves):
    """States on a table that nobody has tried: where a chart cannot be drawn, the state is refused with the reason."""

    def state(self, values: Values) -> list[Any]:
        """Return what is shown for the values of all controls."""
        try:
            return super().state(values)
        except UNFIT as refusal:
            return [0, 0, unfit(refusal).problems]


def moving(one: OnePage, inputs: Inputs, notebook: str, grown: float = 1) -> Moving:
    """Return what moves on a page: each input alone, or all together where there are few states.

    Args:
        one: the explorer of the study, on the data of the page.
        inputs: of the page, from which they are moved.
        notebook: where they move together, by its name.
        grown: how many times the rows of the course data there are.
    """
    values = {**inputs.model_dump(), **type(one.view)().model_dump()}
    first = Careful(one).state(values)
    if not first[0]:
        return Moving(_still(UserError(first[2].values() if isinstance(first[2], dict) else first[2]).problems))
    most = int(MOST * min(1, BEARABLE / grown))
    while (found := states.fewer_stops(one, values, most)) is not None:
        careful = Careful(one)
        moves = packed(careful.told(**careful.moved(values, found, most)))
        if len(moves) <= ROOM:
            declared = states.declared(Careful(one), [("page", "", values)], found, most)
            return _moving(one, found, declared, moves, notebook)
        most = min(most, sum(map(len, found.values()))) // 2
    said = _(
        "The inputs cannot be moved on this page: with so large a table it would become too large. "
        "In the notebook “{notebook}” they can."
    )
    return Moving(_still([said.format(notebook=notebook)]))


def _moving(one: OnePage, found: states.Stops, declared: str, moves: str, notebook: str) -> Moving:
    alone = _(
        "One input moves at a time, from the inputs of this page: the one before goes back. "
        "In the notebook “{notebook}” they move together."
    ).format(notebook=notebook)
    fewer = _("To keep the page small, some sliders have fewer stops than in the notebook.")
    title = _("Move an input")
    section = filled(
        HERE / "moving.html",
        title=title,
        fewer="" if found == states.every_stop(one) else fewer,
        study=one.study.name,
        declared=Markup(declared),
        words=Markup(script_safe({**states.words(), "alone": alone})),
        moves=moves,
    )
    style = "".join(path.read_text("utf-8") for path in (LIVE.with_suffix(".css"), states.STYLE, HERE / "moving.css"))
    script = "".join(path.read_text("utf-8") for path in (*states.SCRIPTS, HERE / "moving.js"))
    return Moving(section, filled(HERE / "lead.html", title=title), style, f"{live_script()}{script}")


def _still(sentences: Sequence[str]) -> str:
    return filled(HERE / "still.html", title=_("Move an input"), sentences=sentences)

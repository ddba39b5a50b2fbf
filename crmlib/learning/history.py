"""The mock papers handed in so far: when, and what each earned in all, by section and by topic."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.exams.blueprint import Blueprint
from crmlib.exams.paper import paper
from crmlib.items.bank import Bank
from crmlib.learning.sitting import Sitting
from crmlib.plotting.theme import safe


class Place(NamedTuple):
    """A question of a paper: its section, its topic and its points."""

    section: str
    topic: str
    points: float


class History:
    """The papers of a blueprint. What stood on a paper is worked out once.

    Args:
        bank, plan: what papers are drawn from and by.
    """

    def __init__(self, bank: Bank, plan: Blueprint):
        self.bank, self.plan = bank, plan
        self._known: dict[Path, list[Place]] = {}

    def html(self, past: Iterable[Sitting]) -> str:
        """Return a folded table in the language now spoken, a row a paper, the newest first; nothing without papers."""
        papers = [one for one in past if one.handed is not None][::-1]
        if not papers:
            return ""
        sections = {section.name: str(section.title) for section in self.plan.sections}
        topics = {topic: str(parts[0].title) for topic, parts in self.bank.topics.items()}
        titles = [_("Begun"), _("Seed"), _("Points earned"), *sections.values(), *topics.values()]
        rows = ["".join(f"<th scope=col>{safe(title)}</th>" for title in titles)]
        for one in papers:
            cells = [f"{one.seed}", _total(one), *self._tallies(one, sections, topics)]
            rows.append(f"<th scope=row>{safe(one.date)}</th>{''.join(f'<td>{safe(cell)}</td>' for cell in cells)}")
        title = safe(_("Your papers so far ({n})").format(n=len(papers)))
        table = "".join(f"<tr>{row}</tr>" for row in rows)
        wide = f'<div class="crm-wide" role="region" tabindex="0" aria-label="{title}">'
        table = f'{wide}<table class="crm-progress-table">{table}</table></div>'
        return f'<details class="crm-past"><summary>{title}</summary>{table}</details>'

    def _tallies(self, one: Sitting, sections: Iterable[str], topics: Iterable[str]) -> list[str]:
        """Return what a paper earned in each section and topic; a dash where nothing of it was asked or is marked."""
        places = self._places(one)
        by_section = [_tally(one.marks, {n: p.points for n, p in places if p.section == name}) for name in sections]
        by_topic = [_tally(one.marks, {n: p.points for n, p in places if p.topic == name}) for name in topics]
        return by_section + by_topic

    def _places(self, one: Sitting) -> list[tuple[int, Place]]:
        """Return the questions of a paper by position; none where the bank no longer has one of them."""
        if one.path not in self._known:
            names = {section.name for section in self.plan.sections}
            held = set(one.items) == names and all(id in self.bank.items for ids in one.items.values() for id in ids)
            parts = (
                paper(self.bank, self.plan, one.items, f"mock:{one.seed}", "A", i18n.language()).parts if held else ()
            )
            self._known[one.path] = [Place(part.name, q.topic, q.points) for part in parts for q in part.questions]
        return list(enumerate(self._known[one.path]))


def _total(one: Sitting) -> str:
    said = _("{earned:g} of {points:g}").format(earned=sum(one.marks.values()), points=one.points)
    if len(one.marks) < sum(map(len, one.items.values())):
        said = _("{points}, not all rated yet").format(points=said)
    return said


def _tally(marks: Mapping[int, float], worth: Mapping[int, float]) -> str:
    """Return the points earned of those that are marked."""
    marked = [n for n in worth if n in marks]
    if not marked:
        return "–"
    earned, points = sum(marks[n] for n in marked), sum(worth[n] for n in marked)
    return _("{earned:g} of {points:g}").format(earned=earned, points=points)

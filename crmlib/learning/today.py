"""What to practise today, and for how long; the student sets the minutes a day and the day of the exam."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from math import ceil
from typing import Any

import ipywidgets as w

from crmlib.core.i18n import _, ngettext
from crmlib.explorer.controls import button
from crmlib.items.bank import Bank
from crmlib.learning import progress, schedule
from crmlib.learning.fields import Said, words
from crmlib.learning.practice import Practice
from crmlib.learning.schedule import LEAST_MINUTES, MOST_MINUTES, Agenda, StudyPlan, agenda, set_plan, study_plan
from crmlib.plotting.theme import safe


class Today(w.VBox):  # type: ignore[misc]
    """Today's questions in a sentence or two, a button to begin, and what the student sets.

    Args:
        bank: what is asked.
        begin: called with the session when the student begins.
    """

    def __init__(self, bank: Bank, begin: Callable[[Practice], object]):
        self.bank, self.begin = bank, begin
        self.plan, self.agenda = study_plan(), agenda([], [], StudyPlan(), progress.today())
        self._text, self._said = w.HTML(), Said()
        self._start = button(_("Begin today's questions"))
        self._start.button_style = "primary"
        self._start.on_click(lambda _button: self._begin())
        whole: Any = {"layout": {"width": "auto"}, "style": {"description_width": "initial"}}
        self._minutes = w.BoundedIntText(
            self.plan.minutes, min=LEAST_MINUTES, max=MOST_MINUTES, step=5, description=_("Minutes a day"), **whole
        )
        self._exam = w.DatePicker(value=self.plan.exam, description=_("Day of the exam"), **whole)
        self._minutes.observe(lambda change: self._set(minutes=change["new"]), "value")
        self._exam.observe(lambda change: self._set(exam=change["new"]), "value")
        settings = w.HBox([self._start, self._minutes, self._exam])
        settings.add_class("crm-toolbar")
        super().__init__([self._text, settings, self._said])

    def look(self, past: Sequence[progress.Attempt]) -> None:
        """Work out today's questions from what was answered so far, and show them."""
        now = progress.today()
        self.agenda = agenda(list(self.bank.items.values()), past, self.plan, now)
        lines = [f"<li>{safe(line)}</li>" for line in said(self.agenda, self.plan, now.date())]
        title = safe(_("Today"))
        self._text.value = f"<h3>{title}</h3><ul>{''.join(lines)}</ul>"
        self._start.disabled = not self.agenda.queue

    def _set(self, **changes: int | date | None) -> None:
        self.plan = replace(self.plan, **changes)  # type: ignore[arg-type]
        self._said.value = words(safe(set_plan(self.plan)))
        self.look(progress.so_far()[0])

    def _begin(self) -> None:
        self.look(progress.so_far()[0])
        queue = self.agenda.queue
        if queue:
            items = [self.bank.items[id] for id in queue]
            self.begin(Practice(self.bank, items, lambda: _("Today's questions"), queue=queue))


def said(today: Agenda, chosen: schedule.StudyPlan, day: date) -> list[str]:
    """Return what there is to say of a day's questions, a sentence or two a line."""
    lines = []
    if today.queue:
        n, again, new = len(today.queue), len(today.again), len(today.new)
        line = ngettext(
            "{n} question, about {minutes} minutes: {again} to review, {new} new.",
            "{n} questions, about {minutes} minutes: {again} to review, {new} new.",
            n,
        )
        lines.append(line.format(n=n, minutes=ceil(today.minutes), again=again, new=new))
    else:
        lines.append(_("Nothing is left for today."))
    if today.done:
        line = _("Practised today: {done} of {minutes} minutes.")
        lines.append(line.format(done=round(today.done), minutes=chosen.minutes))
    if n := today.waiting:
        line = ngettext(
            "{n} more question is due and waits for tomorrow.", "{n} more questions are due and wait for tomorrow.", n
        )
        lines.append(line.format(n=n))
    return [*lines, *_to_the_exam(today, chosen, day)]


def _to_the_exam(today: Agenda, chosen: schedule.StudyPlan, day: date) -> list[str]:
    days, unseen = chosen.days(day), today.unseen
    if chosen.exam and days is None:
        return [_("The day of the exam is over; set another one, or none.")]
    if days is None or not unseen:
        return []
    left = ngettext("{days} day is left before the exam", "{days} days are left before the exam", days)
    line = ngettext(
        "{left}, and {n} question was never asked: new ones need {pace} minutes a day.",
        "{left}, and {n} questions were never asked: new ones need {pace} minutes a day.",
        unseen,
    )
    pace = ceil(today.pace)
    short = [_("That is more than you have set, so some will not be asked.")] if pace > chosen.minutes else []
    return [line.format(left=left.format(days=days), n=unseen, pace=pace), *short]

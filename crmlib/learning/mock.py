"""The mock exam: a paper drawn from the bank, sat against the clock in the notebook, marked and talked over.

Nothing is said about an answer before the paper is handed in. Choice, true/false and numbers are marked by the machine,
answers in words by the student with the rubric beside the model answer. A paper that was begun is kept
(:mod:`crmlib.learning.sitting`): when the cell runs again, in whichever kernel, it goes on, and so does its clock.
"""

import asyncio
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import ipywidgets as w

from crmlib.core import i18n, numbers
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _, ngettext
from crmlib.exams.blueprint import Blueprint, blueprint
from crmlib.exams.paper import Paper, Question, forms, paper
from crmlib.explorer.controls import Panel, button
from crmlib.items import credit, prose
from crmlib.items.bank import Bank, bank
from crmlib.items.credit import MACHINE
from crmlib.items.item import KINDS
from crmlib.learning import progress, sitting
from crmlib.learning.answers import Field, answered, earned, empty, fits, known, offer, revealed, right, shown, to_rate
from crmlib.learning.answers import field as answer_field
from crmlib.learning.cards import keep
from crmlib.learning.fields import Clock, Options, Said, asked, heading, words
from crmlib.learning.history import History
from crmlib.learning.rubric import Rubric
from crmlib.learning.sitting import Given, Sitting
from crmlib.plotting.theme import safe
from crmlib.support.memory import Later

TICK = 1.0
"""Seconds between two looks at the clock."""
ANNOUNCED = (10, 5, 1)
"""Minutes left at which a screen reader says so; the clock itself is silent."""
BY_BLUEPRINT = ("mock", "all_kinds")
"""The blueprints that a student chooses from, the usual one first."""
DOUBLE_CLICK = 1.0
"""Seconds within which a second press of “Hand in” does not answer what was asked after the first."""


def _nearly(question: Question, given: str) -> str:
    """Return why a number that was typed earns nothing although it is nearly right, or cannot be read."""
    value, key = numbers.read(given, question.unit), question.key or 0.0
    if value is None:
        return numbers.refusal(given, question.unit)
    near = numbers.near_miss(value, key, question.within, question.unit)
    return near or numbers.reversed_sign(value, key, question.within)


class MockExam(Panel):
    """A mock exam.

    Args:
        bank, plan: what it is drawn from and by.
        seed: draws the items, their numbers and their order; None goes on with the paper begun last, or draws one.
        clock: the time in seconds since 1970.
        others: what it may be drawn by as well; the student chooses before the start.

    Attributes:
        stage: ready, running or done.
        sitting: what was asked and answered.
        plan: the blueprint of the paper on the desk.
    """

    def __init__(
        self,
        bank: Bank,
        plan: Blueprint,
        seed: int | None = None,
        clock: Callable[[], float] = time.time,
        others: Sequence[Blueprint] = (),
    ):
        self.bank, self.clock, self.lang = bank, clock, i18n.language()
        self.plans = (plan, *others)
        self._take_plan(plan)
        self._ticking: asyncio.Task[None] | None = None
        self._saving = Later(self._save)
        self._head, self._question, self._review, self._marked, self._past = (w.HTML() for _place in range(5))
        self._name = f"crm-{self._question.model_id}"
        self._which = w.HTML()
        self._choice = Options(f"crm-{self._which.model_id}")
        self._choice.observe(lambda change: self._choose(change["new"]), "value")
        self._clock, self._said, self._result, self._rate = Clock(), Said(), Said(), w.HBox()
        self._start, self._hand_in, self._flag, self._back, self._on, self._switch, self._mark, self._another = (
            button("") for _place in range(8)
        )
        self._start.on_click(lambda _button: self.start())
        self._hand_in.on_click(lambda _button: self._ask_to_hand_in())
        self._flag.on_click(lambda _button: self._toggle_flag())
        self._back.on_click(lambda _button: self.go(self.at - 1))
        self._on.on_click(lambda _button: self.go(self.at + 1))
        self._switch.on_click(lambda _button: self.speak(i18n.other(self.lang)))
        self._mark.on_click(lambda _button: self._keep_marks())
        self._another.on_click(lambda _button: self.another())
        self._sheet, self._answer, self._tools = w.Box(), w.VBox(), w.HBox()
        for part, name in ((self._sheet, "crm-sheet"), (self._tools, "crm-toolbar"), (self._rate, "crm-toolbar")):
            part.add_class(name)
        which = [self._which, self._choice]
        shown = [*which, self._clock, self._result, self._rate, self._sheet, self._question, self._answer]
        super().__init__([self._head, *shown, self._tools, self._said, self._past])
        self.add_class("crm-mock")
        begun = [one for one in self._kept() if seed in (None, one.seed)]
        if begun and self._can_be_shown(begun[-1]):
            self._resume(begun[-1])
        else:
            self._open(self._fresh(seed))
            self._remark(begun[-1] if begun else None)

    def _take_plan(self, plan: Blueprint) -> None:
        """Draw the next paper by this blueprint."""
        self.plan, self.history = plan, History(self.bank, plan)

    def _kept(self) -> list[Sitting]:
        """Return the papers begun by any of the blueprints, the oldest first."""
        found = [one for plan in self.plans for one in sitting.kept(plan.name)]
        return sorted(found, key=lambda one: one.begun)

    def _plan_of(self, one: Sitting) -> Blueprint:
        return next(plan for plan in self.plans if plan.name == one.blueprint)

    def _choose(self, place: int | None) -> None:
        """Lay a paper by another blueprint on the desk, drawn with the same seed; while one is sat nothing changes."""
        if self.stage == "ready" and place is not None and self.plans[place] is not self.plan:
            self._take_plan(self.plans[place])
            self._open(self._fresh(self.sitting.seed))

    def _fresh(self, seed: int | None = None) -> Sitting:
        """Return a sitting that has not begun; without a seed one is drawn."""
        drawn = secrets.randbelow(10**6) if seed is None else seed
        (chosen,) = forms(self.bank, self.plan, drawn).values()
        return Sitting(self.plan.name, drawn, self.bank.mark, dict(chosen), points=self.plan.points)

    def _can_be_shown(self, kept: Sitting) -> bool:
        known = {section.name for section in self._plan_of(kept).sections}
        return set(kept.items) == known and all(id in self.bank.items for ids in kept.items.values() for id in ids)

    def _fitting(self, one: Sitting) -> Sitting:
        """Return a paper without answers and marks that do not fit its questions: they were given to others."""
        questions = self.paper.questions

        places = range(len(questions))
        return replace(
            one,
            given={n: given for n, given in one.given.items() if n in places and fits(questions[n], given[0])},
            flags={n: flag for n, flag in one.flags.items() if n in places},
            marks={n: mark for n, mark in one.marks.items() if n in places},
            levels={n: chosen for n, chosen in one.levels.items() if n in places},
        )

    def _open(self, one: Sitting) -> None:
        """Lay a paper on the desk."""
        self.papers: Mapping[str, Paper] = {
            lang: paper(self.bank, self.plan, one.items, f"mock:{one.seed}", "A", lang) for lang in LANGUAGES
        }
        self.sitting, self.stage, self.at = self._fitting(one), "ready", 0
        self._warned: float | None = None
        self._announced = set(ANNOUNCED)
        self._turning, self._seen = False, 0
        self._fields: dict[int, Field] = {}
        self._rubrics: dict[int, Rubric] = {}
        self._places = [self._place(n) for n in range(len(self.paper.questions))]
        self._sheet.children, self._answer.children, self._said.value = self._places, (), ""
        self._show()

    def _resume(self, kept: Sitting) -> None:
        """Go on with a paper where it was left; one whose time is up by now is handed in as it is."""
        self._take_plan(self._plan_of(kept))
        self._open(kept)
        self.stage, self._seen = "running" if kept.handed is None else "done", sitting.changed(kept)
        if self.stage == "running":
            given = self.sitting.given
            self.at = max(given, key=lambda place: given[place][1], default=0)
            self._run()
        self._show()
        self._remark(kept)

    def _remark(self, kept: Sitting | None) -> None:
        """Say so if the bank is no longer the one that a paper was begun with."""
        if kept is None or kept.bank == self.bank.mark:
            return
        with i18n.speaking(self.lang):
            said = _("The paper begun on {date} holds questions that are no longer in the question bank.")
            if self._can_be_shown(kept):
                said = _("The question bank has changed since this paper was begun; a question may read otherwise now.")
            self._said.value += words(safe(said.format(date=kept.date)))

    def another(self) -> None:
        """Lay another paper on the desk, drawn afresh."""
        if self.stage == "done":
            self._open(self._fresh())
            self._said.focus()

    @property
    def given(self) -> dict[int, Given]:
        """The answers so far, by position."""
        return {place: value for place, (value, _at) in self.sitting.given.items()}

    @property
    def flags(self) -> set[int]:
        """Positions to come back to."""
        return {place for place, (flagged, _at) in self.sitting.flags.items() if flagged}

    @property
    def marks(self) -> dict[int, float]:
        """Points of the questions that are marked."""
        return self.sitting.marks

    @property
    def paper(self) -> Paper:
        """The paper in the language now shown."""
        return self.papers[self.lang]

    def start(self) -> None:
        """Begin: the clock runs from now. A second press changes nothing; a paper begun elsewhere is gone on with."""
        if self.stage != "ready":
            return
        running = [one for one in self._kept() if one.handed is None and self._can_be_shown(one)]
        if running:
            self._resume(running[-1])
        else:
            self.sitting, self.stage = replace(self.sitting, begun=self.clock()), "running"
            self._save()
            self._run()
            self._show()
        if self.stage == "running":
            self._field().focus()

    def _run(self) -> None:
        """Let the clock run."""
        self._announced = {minutes for minutes in ANNOUNCED if 60 * minutes < self.left()}
        self.tick()
        with suppress(RuntimeError):  # outside a notebook nothing runs the clock; tick() can be called by hand
            self._ticking = asyncio.get_running_loop().create_task(self._watch(self.sitting.path))

    def left(self) -> float:
        """Return the seconds left."""
        whole = 60 * self.plan.minutes
        return min(max(self.sitting.begun + whole - self.clock(), 0.0), whole)

    def tick(self) -> None:
        """Tell the page the time left and what was answered elsewhere; when there is no time left, hand in."""
        if self.stage != "running":
            return
        self._look_elsewhere()
        self._clock.left = left = self.left()
        passed = {minutes for minutes in self._announced if left <= 60 * minutes}
        self._announced -= passed
        if not left:
            self.hand_in()
            with i18n.speaking(self.lang):
                self._said.value = words(safe(_("The time is up; the paper was handed in as it was."))) + (
                    self._said.value
                )
        elif passed:
            with i18n.speaking(self.lang):
                n = min(passed)
                said = ngettext("{n} minute left.", "{n} minutes left.", n).format(n=n)
                self._said.value = words(safe(said))

    async def _watch(self, path: Path) -> None:
        while self.stage == "running" and self.sitting.path == path:
            self.tick()
            await asyncio.sleep(TICK)

    def _save(self) -> None:
        """Keep the sitting, and take over what another kernel has written of it."""
        self._saving.off()
        try:
            self._take_over(sitting.keep(self.sitting))
        except UserError as refusal:
            self._said.value = words(safe(str(refusal)))

    def _look_elsewhere(self) -> None:
        if sitting.changed(self.sitting) != self._seen:
            self._take_over(sitting.again(self.sitting))

    def _take_over(self, merged: Sitting) -> None:
        """Show what a sitting holds that was not known here."""
        before, self.sitting, self._seen = self.sitting, merged, sitting.changed(merged)
        if merged.handed is not None and self.stage == "running":
            self.stage, self.at = "done", 0
        if merged != before:
            for place, field in self._fields.items():
                self._fill(place, field, merged.given.get(place, (None, 0.0))[0])
            self._show()

    def speak(self, lang: str) -> None:
        """Show the exam in another language; answers, flags and marks stay."""
        self.lang, self._said.value, self._warned = lang, "", None
        self._show()

    def go(self, place: int) -> None:
        """Go to a question; while the exam runs the keyboard's focus goes with it."""
        self.at, self._warned, self._said.value = min(max(place, 0), len(self.paper.questions) - 1), None, ""
        self._show()
        if self.stage == "running":
            self._field().focus()

    def _field(self) -> Field:
        """Return the field of the question now shown. Each question has its own.

        What the page sends late, because the kernel was busy, then belongs to the question it was meant for.
        """
        if self.at not in self._fields:
            place = self.at
            self._fields[place] = field = answer_field(self.paper.questions[place].kind, self._name)
            self._fill(place, field, self.given.get(place))
            field.observe(lambda change: self._given(place, change["new"]), "value")
        return self._fields[self.at]

    def _fill(self, place: int, field: Field, value: Given) -> None:
        """Put an answer into a field without taking it for one that is given now."""
        self._turning = True  # offering takes the choice away for a moment
        offer(field, self.paper.questions[place], value)
        self._turning = False

    def _given(self, place: int, value: Given) -> None:
        if self.stage == "running" and not self._turning:
            kept = None if empty(value) else self._with_its_unit(place, value)
            self.sitting = self.sitting.with_answer(place, kept, self.clock())
            typed = isinstance(value, str) or (isinstance(value, list) and any(isinstance(one, str) for one in value))
            self._saving.soon() if typed else self._save()
            self._show_places()

    def _with_its_unit(self, place: int, value: Given) -> Given:
        """Return an answer with the unit that it was asked for in, where the other language asks for another one."""
        if not isinstance(value, str):
            return value
        units = [self.papers[lang].questions[place].unit for lang in (self.lang, i18n.other(self.lang))]
        return numbers.carried(value, *units)

    def _answered(self, place: int) -> bool:
        """Tell whether a question has an answer that can be read."""
        return answered(self.paper.questions[place], self.given.get(place))

    def _toggle_flag(self) -> None:
        if self.stage == "running":
            self.sitting = self.sitting.with_flag(self.at, self.at not in self.flags, self.clock())
            self._save()
            self._show()

    def _ask_to_hand_in(self) -> None:
        """Hand in, or first say how many questions are without an answer."""
        if self.stage != "running":
            return
        open_ = sum(not self._answered(n) for n in range(len(self.paper.questions)))
        now = self.clock()
        if not open_ or (self._warned is not None and now - self._warned >= DOUBLE_CLICK):
            self.hand_in()
        elif self._warned is None:
            self._warned = now
            with i18n.speaking(self.lang):
                self._said.value = words(safe(unanswered(open_).format(n=open_)))

    def hand_in(self) -> None:
        """End the exam, mark what the machine can mark, and keep it in the student's progress. Once is enough."""
        if self.stage != "running":
            return
        now = self.clock()
        self.stage, self.at, self._said.value = "done", 0, ""
        self.sitting = replace(self.sitting, handed=now)
        self._save()
        marks = {n: earned(q, self.given.get(n)) for n, q in enumerate(self.paper.questions)}
        by_machine = {n: points for n, points in marks.items() if points is not None}
        self.sitting = replace(self.sitting, marks={**by_machine, **self.marks})
        if self.sitting.handed == now:  # else another kernel was quicker, and has kept the marks
            for n in by_machine:
                self._record(n)
        self._save()
        self._show()
        self._result.focus()

    def _record(self, place: int) -> None:
        question, given = self.paper.questions[place], self.given.get(place)
        full = self.marks[place] == question.points
        verdict = "marked" if earned(question, given) is None else "right" if full else "wrong"
        name = "" if full else revealed(question, given)
        attempt = progress.Attempt(
            progress.now(), question.id, 0, verdict, self.marks[place], question.points, name, mode="exam"
        )
        with i18n.speaking(self.lang):
            if complaint := keep(attempt):
                self._said.value = words(safe(complaint))

    def _keep_marks(self) -> None:
        """Keep the student's own marks for the question now shown."""
        if self.at in self.marks or self.at not in self._rubrics:
            return
        rubric, q = self._rubrics[self.at], self.paper.questions[self.at]
        given = rubric.earned()
        if given is None:
            with i18n.speaking(self.lang):
                self._said.value = words(safe(_("Give a mark for each criterion first.")))
            return
        self.sitting = self.sitting.with_mark(self.at, known(q) + given, rubric.chosen())
        rubric.close_marks()
        self._record(self.at)
        self._save()
        self._show()
        self._result.focus()

    def _to_rate(self) -> list[int]:
        """Return the positions of the answers in words that have no marks yet."""
        return [n for n in range(len(self.paper.questions)) if n not in self.marks]

    def _go_and_rate(self, place: int) -> None:
        self.go(place)
        self._rubrics[place].focus()

    # What is shown ----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        with i18n.speaking(self.lang):
            self._head.value = self._heading()
            self._show_choice()
            self._name_buttons()
            self._show_stage()
            self._past.value = self._history()
            if self.stage == "ready":
                return
            self._show_places()
            self._show_question()
            if self.stage == "running":
                self._clock.label = _("Time left")
                self._turn_field()
            else:
                self._show_review()
                self._result.value = self._results()
                self._rate.children = [self._rate_button(n) for n in self._to_rate()]

    def _show_stage(self) -> None:
        """Show what belongs to the stage. The rest is hidden, not taken away: what stays on the page keeps focus."""
        ready, running = self.stage == "ready", self.stage == "running"
        for widget in (self._which, self._choice):
            _visible(widget, ready and len(self.plans) > 1)
        _visible(self._clock, running)
        _visible(self._result, self.stage == "done")
        _visible(self._rate, self.stage == "done")
        for widget in (self._sheet, self._question, self._answer):
            _visible(widget, not ready)
        tools = [self._start] if ready else [self._back, self._on]
        more = [] if ready else [self._flag, self._hand_in] if running else [self._another]
        self._tools.children = (*tools, *more, self._switch)

    def _show_choice(self) -> None:
        """Show by which blueprints a paper may be drawn, how long each takes and which kinds of questions it has."""
        self._which.value = asked(words(safe(_("Which paper?"))), self._choice.question)
        self._choice.offer([_offered(plan) for plan in self.plans], self.plans.index(self.plan))

    def _put(self, *widgets: w.Widget) -> None:
        """Show these where the answer goes, and hide what other questions have there."""
        known = self._answer.children
        self._answer.children = (*known, *(widget for widget in widgets if widget not in known))
        for widget in self._answer.children:
            _visible(widget, widget in widgets)

    def _name_buttons(self) -> None:
        self._start.description, self._hand_in.description = _("Start"), _("Submit")
        self._back.description, self._on.description = _("Previous"), _("Next")
        self._back.disabled, self._on.disabled = self.at == 0, self.at == len(self.paper.questions) - 1
        self._flag.description = _("Unflag") if self.at in self.flags else _("Flag")
        self._mark.description, self._another.description = _("Save my marks"), _("Another paper")
        self._switch.description = i18n.NAMES[i18n.other(self.lang)]
        self._switch.tooltip = _("Show the exam in the other language")
        self._start.button_style = self._hand_in.button_style = "primary"

    def _heading(self) -> str:
        p = self.paper
        said = _("{n} questions · {points:g} points · {minutes:g} minutes")
        facts = said.format(n=len(p.questions), points=p.points, minutes=p.minutes)
        head = f"<h3>{safe(p.title)}</h3><p>{safe(facts)}</p>"
        return head + (f"<p>{safe(rules())}</p>" if self.stage == "ready" else "")

    def _rate_button(self, place: int) -> w.Button:
        rate = button(_("Rate question {n}").format(n=place + 1))
        rate.tooltip = _("Compare your answer with the model answer and give yourself marks")
        rate.on_click(lambda _button: self._go_and_rate(place))
        return rate

    def _place(self, n: int) -> w.Button:
        place = w.Button(description=str(n + 1), layout={"width": "52px"})
        place.on_click(lambda _button: self.go(n))
        return place

    def _show_places(self) -> None:
        """Show the answer sheet: what is answered, flagged, right or wrong is said in words too, for screen readers."""
        with i18n.speaking(self.lang):
            for n, place in enumerate(self._places):
                state, place.button_style = self._state(n)
                flagged = n in self.flags
                signs = {"success": " ✓", "danger": " ✗", "": " ?" if self.stage == "done" else ""}
                place.description = f"{n + 1}{signs.get(place.button_style, '')}{'⚑' if flagged else ''}"
                said = _("Question {n}: {state}").format(n=n + 1, state=state)
                place.tooltip = _("{state}, flagged").format(state=said) if flagged else said
                (place.add_class if n == self.at else place.remove_class)("crm-here")

    def _state(self, n: int) -> tuple[str, str]:
        """Return how a question stands, in words and as a colour."""
        if self.stage != "done":
            if self._answered(n):
                return _("answered"), "info"
            return (_("no answer yet"), "") if self.given.get(n) is None else (self._unread(n), "")
        if n not in self.marks:
            return _("to be rated"), ""
        full = self.marks[n] == self.paper.questions[n].points
        return (_("full points"), "success") if full else (_("points lost"), "danger")

    def _unread(self, n: int) -> str:
        """Return what is lacking in an answer that has been begun."""
        number = self.paper.questions[n].kind == "num"
        return _("no number that can be read") if number else _("answered in part")

    def _show_question(self) -> None:
        q = self.paper.questions[self.at]
        said = _("{n}. {kind} · points: {points:g}").format(n=self.at + 1, kind=_(KINDS[q.kind]), points=q.points)
        rule = f'<span class="crm-kind">{safe(credit.rule(q.kind))}</span>' if credit.rule(q.kind) else ""
        text = f'<span class="crm-kind">{safe(said)}</span>{rule}{prose.html(q.text)}'
        self._question.value = asked(text, self._name)

    def _turn_field(self) -> None:
        """Show the field of the question, with what was answered, in the language of the exam."""
        field = self._field()
        self._fill(self.at, field, self.given.get(self.at))
        self._put(field)

    def _show_review(self) -> None:
        """Show what was answered beside what is right; below an answer in words its rubric."""
        q, given = self.paper.questions[self.at], self.given.get(self.at)
        lines = [words(safe(_("Your answer: {answer}")).format(answer=shown(q, given)))]
        rated = earned(q, given) is None
        if q.key is not None or q.kind in MACHINE:
            said = safe(_("Right answer: {key}")).format(key=right(q))
            verdict_said = "right" if rated or self.marks.get(self.at) == q.points else "wrong"
            lines += [words(said, verdict_said)]
            lines += [words(prose.html(text)) for text in dict.fromkeys(self._reasons(q, given)) if text]
        if q.in_words:
            lines += [heading(_("Model answer")).value, prose.html(q.model)]
        if q.kind in MACHINE and 0 < self.marks.get(self.at, 0) < q.points:
            lines.append(words(safe(self._said_marks(q))))
        self._put(self._review, *(self._rubric(q) if rated else ()))
        self._review.value = "".join(lines)

    def _reasons(self, q: Question, given: Given) -> list[str]:
        """Return why an answer is wrong, and why the right one is right."""
        lost = self.marks.get(self.at) != q.points
        if q.kind in MACHINE:
            return [f"{label} {reply}" for label, reply in q.reasons] + [q.worked]
        if q.options and isinstance(given, int) and lost:
            return [q.replies[given], q.worked]
        return [_nearly(q, given) if isinstance(given, str) and lost else "", q.worked]

    def _said_marks(self, q: Question) -> str:
        return _("Marked: {points:g} of {most:g} points.").format(points=self.marks[self.at], most=q.points)

    def _rubric(self, q: Question) -> tuple[w.Widget, ...]:
        """Return the rubric of the question shown, and below it what it came to or the button that keeps it."""
        if self.at not in self._rubrics:
            self._rubrics[self.at] = Rubric(to_rate(q))
        rubric = self._rubrics[self.at]
        rubric.show(to_rate(q))
        if self.at not in self.marks:
            return (rubric, self._mark)
        if chosen := self.sitting.levels.get(self.at):
            rubric.choose(chosen)
        rubric.close_marks()
        self._marked.value = words(safe(self._said_marks(q)), "right")
        return (rubric, self._marked)

    def _results(self) -> str:
        """Return the marks so far: in all, by section, by topic."""
        total, most = sum(self.marks.values()), sum(self.paper.questions[n].points for n in self.marks)
        said = _("{points:g} of {most:g} points marked so far; the paper has {all:g}.")
        lines = [said.format(points=total, most=most, all=self.paper.points)]
        if waiting := self._to_rate():
            said = still_to_rate(len(waiting))
            lines.append(said.format(n=len(waiting), points=sum(self.paper.questions[n].points for n in waiting)))
        sections = [(part.title, [q.id for q in part.questions]) for part in self.paper.parts]
        topics = [
            (str(parts[0].title), [q.id for q in self.paper.questions if q.topic == topic])
            for topic, parts in self.bank.topics.items()
        ]
        tables = self._tally(_("Section"), sections) + self._tally(_("Topic"), topics)
        head = "".join(f"<p><b>{safe(line)}</b></p>" for line in lines)
        return f'{head}<div class="crm-tallies">{tables}</div>'

    def _tally(self, group: str, groups: list[tuple[str, list[str]]]) -> str:
        heads = "".join(f"<th scope=col>{safe(head)}</th>" for head in (group, _("Points earned")))
        rows = [f"<tr>{heads}</tr>"]
        for title, ids in groups:
            places = [n for n, q in enumerate(self.paper.questions) if q.id in ids]
            if places:
                rows.append(f"<tr><th scope=row>{safe(title)}</th><td>{safe(self._tallied(places))}</td></tr>")
        return f'<table class="crm-progress-table">{"".join(rows)}</table>'

    def _tallied(self, places: list[int]) -> str:
        """Return what some questions earned, and how many points of them are still to be rated."""
        marked = [n for n in places if n in self.marks]
        got, most = sum(self.marks[n] for n in marked), sum(self.paper.questions[n].points for n in marked)
        waiting = sum(self.paper.questions[n].points for n in places if n not in self.marks)
        parts = [_("{earned:g} of {points:g}").format(earned=got, points=most)] if marked else []
        parts += [_("{points:g} to be rated").format(points=waiting)] if waiting else []
        return _(", ").join(parts)

    def _history(self) -> str:
        """Return the papers handed in so far, but while one is sat."""
        return "" if self.stage == "running" else self.history.html(sitting.kept(self.plan.name))

    def __repr__(self) -> str:
        return _("{title} [run this cell (Shift+Enter) to sit it]").format(title=self.paper.title)


def _visible(widget: w.Widget, visible: bool) -> None:
    widget.layout.display = None if visible else "none"


def rules() -> str:
    """Return what holds for every paper, translated; a page without Python says these sentences as well."""
    return _(
        "Once you start, the clock runs. You may go back and forth, flag questions and change answers until you "
        "hand in; when the time is up the paper is handed in as it is."
    )


def unanswered(n: int) -> str:
    """Return what is said to so many questions without an answer, translated, with a place for their number."""
    return ngettext(
        "{n} question has no answer yet. Press once more to hand in all the same.",
        "{n} questions have no answer yet. Press once more to hand in all the same.",
        n,
    )


def still_to_rate(n: int) -> str:
    """Return what is said of so many answers that wait for marks, translated, with places for number and points."""
    return ngettext(
        "{n} answer is still to be rated by you ({points:g} points).",
        "{n} answers are still to be rated by you ({points:g} points).",
        n,
    )


def _offered(plan: Blueprint) -> str:
    """Return what a blueprint is called where one is chosen."""
    known = {"mock": _("As in the final exam"), "all_kinds": _("All kinds of questions")}
    said = _("{paper}: {minutes:g} minutes, {points:g} points")
    return said.format(paper=known.get(plan.name, plan.title), minutes=plan.minutes, points=plan.points)


def mock_exam(name: str = "", seed: int | None = None) -> MockExam:
    """Return a mock exam by a blueprint of the casebook.

    Args:
        name: of the blueprint; without one the student chooses between a paper as in the final exam and all kinds.
        seed: of the paper; without one the paper begun last is gone on with, and the first is drawn afresh.

    Raises:
        UserError: there is no such blueprint, or the bank cannot fill it.
    """
    plan, *others = (blueprint(one) for one in ((name,) if name else BY_BLUEPRINT))
    return MockExam(bank(), plan, seed, others=others)

"""The mock exam: a paper drawn from the bank, sat against the clock in the notebook, marked and talked over.

Nothing is said about an answer before the paper is handed in. Choice, true/false and numbers are marked by the machine,
answers in words by the student with the rubric beside the model answer.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

import ipywidgets as w

from crmlib import i18n
from crmlib.charts.theme import safe
from crmlib.controls import Panel, button
from crmlib.i18n import LANGUAGES, _, ngettext
from crmlib.practice import progress, prose
from crmlib.practice.ask import NAMES, keep
from crmlib.practice.bank import Bank, bank
from crmlib.practice.blueprint import Blueprint, blueprint
from crmlib.practice.exercise import number
from crmlib.practice.fields import Clock, Line, Options, Said, asked, heading, words
from crmlib.practice.items import KINDS
from crmlib.practice.paper import Paper, Question, forms, paper
from crmlib.practice.rubric import Rubric

TICK = 1.0
"""Seconds between two looks at the clock."""
ANNOUNCED = (10, 5, 1)
"""Minutes left at which a screen reader says so; the clock itself is silent."""
DOUBLE_CLICK = 1.0
"""Seconds within which a second press of “Hand in” does not answer what was asked after the first."""
Given = str | int | None


def earned(question: Question, given: Given) -> float | None:
    """Return the points an answer earns, or None where words are to be marked by the rubric."""
    if question.key is None:
        return None
    value = number(given) if isinstance(given, str) else given
    right = value is not None and abs(value - question.key) <= question.within + 1e-9
    return question.points if right else 0.0


class MockExam(Panel):
    """A mock exam.

    Args:
        bank, plan: what it is drawn from and by.
        seed: draws the items, their numbers and their order.
        clock: seconds that only go forward.

    Attributes:
        stage: ready, running or done.
        given: the answers so far, by position.
        flags: positions to come back to.
    """

    def __init__(self, bank: Bank, plan: Blueprint, seed: int = 0, clock: Callable[[], float] = time.monotonic):
        self.plan, self.clock, self.lang, self.stage = plan, clock, i18n.language(), "ready"
        (chosen,) = forms(bank, plan, seed).values()
        self.papers: Mapping[str, Paper] = {
            lang: paper(bank, plan, chosen, f"mock:{seed}", "A", lang) for lang in LANGUAGES
        }
        self.bank = bank
        self.given: dict[int, Given] = {}
        self.marks: dict[int, float] = {}
        self.flags: set[int] = set()
        self.at, self.begun = 0, 0.0
        self._warned: float | None = None
        self._announced = set(ANNOUNCED)
        self._ticking: asyncio.Task[None] | None = None
        self._head, self._question, self._review, self._marked = (w.HTML() for _place in range(4))
        self._name = f"crm-{self._question.model_id}"
        self._clock, self._said, self._result = Clock(), Said(), Said()
        self._start, self._hand_in, self._flag, self._back, self._on, self._switch, self._mark = (
            button("") for _place in range(7)
        )
        self._start.on_click(lambda _button: self.start())
        self._hand_in.on_click(lambda _button: self._ask_to_hand_in())
        self._flag.on_click(lambda _button: self._toggle_flag())
        self._back.on_click(lambda _button: self.go(self.at - 1))
        self._on.on_click(lambda _button: self.go(self.at + 1))
        self._switch.on_click(lambda _button: self.speak(i18n.other(self.lang)))
        self._mark.on_click(lambda _button: self._keep_marks())
        self._turning = False
        self._fields: dict[int, Options | Line] = {}
        self._rubrics: dict[int, Rubric] = {}
        self._places = [self._place(n) for n in range(len(self.paper.questions))]
        self._sheet, self._answer, self._tools = w.Box(self._places), w.VBox(), w.HBox()
        self._sheet.add_class("crm-sheet")
        self._tools.add_class("crm-toolbar")
        shown = [self._clock, self._result, self._sheet, self._question, self._answer]
        super().__init__([self._head, *shown, self._tools, self._said])
        self.add_class("crm-mock")
        self._show()

    @property
    def paper(self) -> Paper:
        """The paper in the language now shown."""
        return self.papers[self.lang]

    def start(self) -> None:
        """Begin: the clock runs from now. A second press changes nothing."""
        if self.stage != "ready":
            return
        self.stage, self.begun = "running", self.clock()
        self._announced = {minutes for minutes in ANNOUNCED if minutes < self.plan.minutes}
        self._show()
        self._field().focus()
        self.tick()
        with suppress(RuntimeError):  # outside a notebook nothing runs the clock; tick() can be called by hand
            self._ticking = asyncio.get_running_loop().create_task(self._watch())

    def left(self) -> float:
        """Return the seconds left."""
        return max(self.begun + 60 * self.plan.minutes - self.clock(), 0.0)

    def tick(self) -> None:
        """Tell the page the time left; when there is none, hand in."""
        if self.stage != "running":
            return
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

    async def _watch(self) -> None:
        while self.stage == "running":
            self.tick()
            await asyncio.sleep(TICK)

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

    def _field(self) -> Options | Line:
        """Return the field of the question now shown. Each question has its own.

        What the page sends late, because the kernel was busy, then belongs to the question it was meant for.
        """
        if self.at not in self._fields:
            place, q = self.at, self.paper.questions[self.at]
            rows = 10 if q.key is None else 0
            self._fields[place] = field = Options(self._name) if q.options else Line(self._name, rows)
            field.observe(lambda change: self._given(place, change["new"]), "value")
        return self._fields[self.at]

    def _given(self, place: int, value: Given) -> None:
        if self.stage == "running" and not self._turning:
            self.given[place] = None if value == "" else value
            self._show_places()

    def _toggle_flag(self) -> None:
        if self.stage == "running":
            self.flags ^= {self.at}
            self._show()

    def _ask_to_hand_in(self) -> None:
        """Hand in, or first say how many questions are without an answer."""
        if self.stage != "running":
            return
        open_ = sum(self.given.get(n) is None for n in range(len(self.paper.questions)))
        now = self.clock()
        if not open_ or (self._warned is not None and now - self._warned >= DOUBLE_CLICK):
            self.hand_in()
        elif self._warned is None:
            self._warned = now
            with i18n.speaking(self.lang):
                said = ngettext(
                    "{n} question has no answer yet. Press once more to hand in all the same.",
                    "{n} questions have no answer yet. Press once more to hand in all the same.",
                    open_,
                )
                self._said.value = words(safe(said.format(n=open_)))

    def hand_in(self) -> None:
        """End the exam, mark what the machine can mark, and keep it in the student's progress. Once is enough."""
        if self.stage != "running":
            return
        self.stage, self.at, self._said.value = "done", 0, ""
        for n, question in enumerate(self.paper.questions):
            points = earned(question, self.given.get(n))
            if points is not None:
                self.marks[n] = points
                self._record(n)
        self._show()
        self._result.focus()

    def _record(self, place: int) -> None:
        question, given = self.paper.questions[place], self.given.get(place)
        name = ""
        if question.options and isinstance(given, int):
            name = question.misconceptions[given]
        verdict = "marked" if question.key is None else "right" if self.marks[place] else "wrong"
        attempt = progress.Attempt(
            progress.now(), question.id, 0, verdict, self.marks[place], question.points, name, mode="exam"
        )
        with i18n.speaking(self.lang):
            self._said.value = words(safe(keep(attempt)))

    def _keep_marks(self) -> None:
        """Keep the student's own marks for the question now shown."""
        if self.at in self.marks or self.at not in self._rubrics:
            return
        points = self._rubrics[self.at].earned()
        if points is None:
            with i18n.speaking(self.lang):
                self._said.value = words(safe(_("Give a mark for each criterion first.")))
            return
        self.marks[self.at] = points
        self._rubrics[self.at].close_marks()
        self._record(self.at)
        self._show()

    # What is shown ----------------------------------------------------------------------------------------------------

    def _show(self) -> None:
        with i18n.speaking(self.lang):
            self._head.value = self._heading()
            self._name_buttons()
            self._show_stage()
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

    def _show_stage(self) -> None:
        """Show what belongs to the stage. The rest is hidden, not taken away: what stays on the page keeps focus."""
        ready, running = self.stage == "ready", self.stage == "running"
        _visible(self._clock, running)
        _visible(self._result, self.stage == "done")
        for widget in (self._sheet, self._question, self._answer):
            _visible(widget, not ready)
        tools = [self._start] if ready else [self._back, self._on]
        self._tools.children = (*tools, *([self._flag, self._hand_in] if running else []), self._switch)

    def _put(self, *widgets: w.Widget) -> None:
        """Show these where the answer goes, and hide what other questions have there."""
        known = self._answer.children
        self._answer.children = (*known, *(widget for widget in widgets if widget not in known))
        for widget in self._answer.children:
            _visible(widget, widget in widgets)

    def _name_buttons(self) -> None:
        self._start.description, self._hand_in.description = _("Start"), _("Hand in")
        self._back.description, self._on.description = _("Previous"), _("Next")
        self._back.disabled, self._on.disabled = self.at == 0, self.at == len(self.paper.questions) - 1
        self._flag.description = _("Take the flag away") if self.at in self.flags else _("Flag")
        self._mark.description = _("Keep my marks")
        self._switch.description = NAMES[i18n.other(self.lang)]
        self._switch.tooltip = _("Show the exam in the other language")
        self._start.button_style = self._hand_in.button_style = "primary"

    def _heading(self) -> str:
        p = self.paper
        said = _("{n} questions · {points:g} points · {minutes:g} minutes")
        facts = said.format(n=len(p.questions), points=p.points, minutes=p.minutes)
        rules = _(
            "Once you start, the clock runs. You may go back and forth, flag questions and change answers until you "
            "hand in; when the time is up the paper is handed in as it is."
        )
        head = f"<h3>{safe(p.title)}</h3><p>{safe(facts)}</p>"
        return head + (f"<p>{safe(rules)}</p>" if self.stage == "ready" else "")

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
                signs = {"success": " ✓", "danger": " ✗"}
                place.description = f"{n + 1}{signs.get(place.button_style, '')}{'⚑' if flagged else ''}"
                said = _("Question {n}: {state}").format(n=n + 1, state=state)
                place.tooltip = _("{state}, flagged").format(state=said) if flagged else said
                (place.add_class if n == self.at else place.remove_class)("crm-here")

    def _state(self, n: int) -> tuple[str, str]:
        """Return how a question stands, in words and as a colour."""
        if self.stage != "done":
            return (_("no answer yet"), "") if self.given.get(n) is None else (_("answered"), "info")
        if n not in self.marks:
            return _("to be marked"), ""
        full = self.marks[n] == self.paper.questions[n].points
        return (_("full points"), "success") if full else (_("points lost"), "danger")

    def _show_question(self) -> None:
        q = self.paper.questions[self.at]
        said = _("{n}. {kind} · points: {points:g}").format(n=self.at + 1, kind=_(KINDS[q.kind]), points=q.points)
        self._question.value = asked(f'<span class="crm-kind">{safe(said)}</span>{prose.html(q.text)}', self._name)

    def _turn_field(self) -> None:
        """Show the field of the question, with what was answered, in the language of the exam."""
        q, field, given = self.paper.questions[self.at], self._field(), self.given.get(self.at)
        if isinstance(field, Options):
            self._turning = True  # offering takes the choice away for a moment
            field.offer(q.options, given if isinstance(given, int) else None)
            self._turning = False
        else:
            field.name(q.unit)
        self._put(field)

    def _show_review(self) -> None:
        """Show what was answered beside what is right; below an answer in words its rubric."""
        q, given = self.paper.questions[self.at], self.given.get(self.at)
        option = q.options[given] if q.options and isinstance(given, int) else ""
        shown = prose.html(option) if option else safe(str(given or "–")).replace("\n", "<br>")
        lines = [words(safe(_("Your answer: {answer}")).format(answer=shown))]
        if q.key is not None:
            key = q.options[int(q.key)] if q.options else q.answer
            right = bool(self.marks.get(self.at))
            why = q.replies[given] if q.options and isinstance(given, int) and not right else ""
            said = safe(_("Right answer: {key}")).format(key=prose.html(key))
            lines += [words(said, "right" if right else "wrong")]
            lines += [words(prose.html(text)) for text in dict.fromkeys((why, q.worked)) if text]
            self._put(self._review)
        else:
            lines += [heading(_("Model answer")).value, prose.html(q.model)]
            self._put(self._review, *self._rubric(q))
        self._review.value = "".join(lines)

    def _rubric(self, q: Question) -> tuple[w.Widget, ...]:
        """Return the rubric of the question shown, and below it what it came to or the button that keeps it."""
        if self.at not in self._rubrics:
            self._rubrics[self.at] = Rubric(q.rubric)
        rubric = self._rubrics[self.at]
        rubric.show(q.rubric)
        if self.at not in self.marks:
            return (rubric, self._mark)
        said = _("Marked: {points:g} of {most:g} points.").format(points=self.marks[self.at], most=q.points)
        self._marked.value = words(safe(said), "right")
        return (rubric, self._marked)

    def _results(self) -> str:
        """Return the marks so far: in all, by section, by topic."""
        total, most = sum(self.marks.values()), sum(self.paper.questions[n].points for n in self.marks)
        said = _("{points:g} of {most:g} points marked so far; the paper has {all:g}.")
        head = safe(said.format(points=total, most=most, all=self.paper.points))
        sections = [(part.title, [q.id for q in part.questions]) for part in self.paper.parts]
        topics = [
            (str(parts[0].title), [q.id for q in self.paper.questions if q.topic == topic])
            for topic, parts in self.bank.topics.items()
        ]
        tables = self._tally(_("Section"), sections) + self._tally(_("Topic"), topics)
        return f'<p><b>{head}</b></p><div class="crm-tallies">{tables}</div>'

    def _tally(self, group: str, groups: list[tuple[str, list[str]]]) -> str:
        heads = "".join(f"<th scope=col>{safe(head)}</th>" for head in (group, _("Points")))
        rows = [f"<tr>{heads}</tr>"]
        for title, ids in groups:
            places = [n for n, q in enumerate(self.paper.questions) if q.id in ids]
            got, most = sum(self.marks.get(n, 0.0) for n in places), sum(self.paper.questions[n].points for n in places)
            if most:
                said = _("{earned:g} of {points:g}").format(earned=got, points=most)
                rows.append(f"<tr><th scope=row>{safe(title)}</th><td>{safe(said)}</td></tr>")
        return f'<table class="crm-progress-table">{"".join(rows)}</table>'

    def __repr__(self) -> str:
        return _("{title} [run this cell (Shift+Enter) to sit it]").format(title=self.paper.title)


def _visible(widget: w.Widget, visible: bool) -> None:
    widget.layout.display = None if visible else "none"


def mock_exam(name: str = "mock", seed: int = 0) -> MockExam:
    """Return a mock exam by a blueprint of the casebook; another seed gives another paper.

    Raises:
        UserError: there is no such blueprint, or the bank cannot fill it.
    """
    return MockExam(bank(), blueprint(name), seed)

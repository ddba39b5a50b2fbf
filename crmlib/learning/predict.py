"""Predict, then move: questions on an explorer whose figures stay covered until the student has committed to an answer.

The questions come from the study's declaration (:mod:`crmlib.explorer.prediction`), the truth from its model. What a
student predicted is remembered as guesses are; what is right is worked out anew whenever it is shown.
"""

from dataclasses import asdict, dataclass, replace
from random import Random
from typing import Any

import ipywidgets as w
from pydantic import TypeAdapter

from crmlib.core.exercise import measured
from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs
from crmlib.core.numbers import read, refusal
from crmlib.explorer import prediction
from crmlib.explorer.base import Explorer
from crmlib.explorer.controls import Panel, button
from crmlib.explorer.prediction import ROUND, SAME, UP, Effect, Question
from crmlib.items import prose
from crmlib.items.challenges import of_study
from crmlib.learning import progress
from crmlib.learning.challenge import Challenges
from crmlib.learning.fields import Line, Options, Said, asked, words
from crmlib.plotting.theme import safe
from crmlib.support.memory import own_seed, recall, remember

CLOSE = 0.25
"""A guessed size that is off by no more than this share of the true one is near."""


@dataclass(frozen=True)
class Made:
    """A prediction that a student committed to, and the day of it.

    Attributes:
        question: what was asked.
        way: which way the figure was said to go.
        size: how far, as a positive number; None if only the way was said.
        day: the day, in the student's own time.
    """

    question: Question
    way: int
    size: float | None
    day: str


@dataclass(frozen=True)
class Kept:
    """What a student predicted of a study, the oldest first, and whether the questions were skipped."""

    made: tuple[Made, ...] = ()
    skipped: bool = False


_KEPT: TypeAdapter[Kept] = TypeAdapter(Kept)


class Predict(Panel):
    """Questions above an explorer, which appears when one is answered, moved as the question says, or when all are
    skipped.

    Attributes:
        explorer: the explorer.
        question: the question asked or answered last; None where the study has none.
        kept: what the student predicted.
    """

    def __init__(self, explorer: Explorer[Any, Any, Any], seed: int | None = None):
        self.explorer, self.asking = explorer, False
        self.memory = f"predict:{explorer.study.name}" + ("" if seed is None else f":{seed}")
        self.seed = own_seed(self.memory) if seed is None else seed
        self.kept = self._recalled()
        self.question: Question | None = None
        self._shown, self._said = w.HTML(), Said()
        self._ways, self._size = Options(f"crm-{self._shown.model_id}"), Line(f"crm-{self._shown.model_id}")
        self._ways.entered = self._size.entered = self._commit
        self._show, self._skip = button(_("Show the figures")), button(_("Skip the predictions"))
        self._next = button("")
        self._show.on_click(lambda _button: self._commit())
        self._skip.on_click(lambda _button: self.skip())
        self._next.on_click(lambda _button: self.ask())
        self._tools = w.HBox([self._show, self._skip])
        self._tools.add_class("crm-toolbar")
        self._card = w.VBox()
        self._card.add_class("crm-guess")
        covered = _("The figures are covered until you predict or skip.")
        self._open = (explorer, Challenges(explorer)) if of_study(explorer.study.name) else (explorer,)
        self._cover = w.HTML(f'<div class="crm-cover">{safe(covered)}</div>')
        super().__init__()
        self._begin()

    def ask(self) -> None:
        """Ask the next question, with the figures covered."""
        self._put_question()
        self._ways.focus()

    def skip(self) -> None:
        """Uncover the figures without a prediction; another time they are not covered at all."""
        complaint = self._keep(skipped=True)
        self._uncover(_("Predict first"))
        self._say(words(safe(_("The figures are below: move any control."))) + words(safe(complaint)))
        self._said.focus()

    def commit(self, way: int, size: float | None = None) -> None:
        """Answer the question: uncover the figures, move the explorer, and say what was right.

        Args:
            way: one of :func:`crmlib.explorer.prediction.ways`, by its place.
            size: how far the figure goes, in its unit.
        """
        assert self.question  # a question is asked whenever this can be pressed
        made = Made(self.question, way, size, f"{progress.now().astimezone():%Y-%m-%d}")
        complaint = self._keep(made)
        self.explorer.reset()
        self.explorer.set(**{made.question.input: made.question.to})
        self._tell(made, complaint)
        self._said.focus()

    def told(self, made: Made, found: Effect | None = None) -> str:
        """Return as HTML what is said to a prediction: way, size, cause, and the figures side by side.

        Args:
            made: the prediction.
            found: what is true of it, where that has been worked out.
        """
        found = found or self._effect(made.question)
        lines = [
            words(safe(said_way(made.way, found)), "right" if made.way == found.way else "wrong"),
            words(safe(_said_size(made, found))),
            words(safe(cause(self.explorer.initial, made.question))),
        ]
        return "".join(lines) + _beside(made, found)

    def _begin(self) -> None:
        """Ask, unless the student has answered or skipped here before."""
        if self.kept.made:
            self._tell(self.kept.made[-1])
        elif self.kept.skipped:
            self._uncover(_("Predict first"))
        else:
            self._put_question()

    def _recalled(self) -> Kept:
        """Return what was predicted before, as far as the study still has such a question."""
        kept = recall(_KEPT, self.memory) or Kept()
        study = self.explorer.study
        names = {s.name for s in study.inputs.settings()}
        made = [one for one in kept.made if one.question.input in names and one.question.measure in study.measures]
        return replace(kept, made=tuple(made))

    def _keep(self, *made: Made, skipped: bool = False) -> str:
        """Remember it with what another window has kept since; return what to say if that cannot be done.

        A question that the other window has answered in this round is answered anew: it counts once.
        """
        found = self._recalled()
        before = max(found.made, self.kept.made, key=len)
        begun = len(before) - len(before) % ROUND
        asked = [one.question for one in made]
        round = [one for one in before[begun:] if one.question not in asked]
        self.kept = Kept((*before[:begun], *round, *made), skipped or found.skipped or self.kept.skipped)
        return remember(self.memory, asdict(self.kept))

    def _put_question(self) -> None:
        """Ask the question whose turn it is; where the study has none the figures stay open."""
        e, turn = self.explorer, len(self.kept.made)
        rng = Random(f"{e.study.name}:{self.seed + turn // ROUND}")
        before = [made.question for made in self.kept.made[: turn - turn % ROUND][-ROUND:]]
        drawn = prediction.drawn(e.study, e.prepared, e.initial, rng, before)
        if not drawn:
            self._lay(*self._open)
            return
        self.question, self.asking = drawn[turn % ROUND % len(drawn)], True
        found = self._effect(self.question)
        shown = prediction.text(e.initial, self.question, found)
        place = _("Prediction {n} of {all}").format(n=turn % ROUND + 1, all=ROUND)
        kind = f'<span class="crm-kind">{safe(place)}</span>'
        self._shown.value = asked(kind + prose.html(shown), f"crm-{self._shown.model_id}")
        self._ways.offer(prediction.ways())
        self._ways.turn += 1
        self._size.label, self._size.value = _("By how much (may be left empty)"), ""
        self._size.unit = unit(found)
        self._size.turn += 1
        self._tools.children = (self._show, self._skip)
        self._say("")
        self._card.children = (self._shown, self._ways, self._size, self._tools, self._said)
        self._lay(self._card, self._cover)

    def _commit(self) -> None:
        """Take the answer in the fields, or say what it still lacks."""
        if not self.asking or self.question is None:
            return  # Enter pressed twice while the kernel was busy
        typed, within = self._size.value.strip(), self.explorer.study.measures[self.question.measure].unit
        size = read(typed, _(within)) if typed else None
        if self._ways.value is None:
            self._say(words(safe(_("Say first which way it goes."))))
        elif typed and size is None:
            self._say(words(safe(refusal(typed, _(within)))))
        else:
            self.commit(self._ways.value, size if size is None else abs(size))

    def _tell(self, made: Made, complaint: str = "") -> None:
        """Show a prediction beside what came of it, above the explorer."""
        self.question = made.question
        found = self._effect(made.question)
        shown = prediction.text(self.explorer.initial, made.question, found)
        self._shown.value = asked(prose.html(shown), f"crm-{self._shown.model_id}")
        over = len(self.kept.made) % ROUND == 0
        self._uncover(_("More predictions") if over else _("Next prediction"))
        self._card.children = (self._shown, self._tools, self._said)
        score = self._score() if over else ""
        self._say(self.told(made, found) + words(safe(score)) + words(safe(complaint)))

    def _uncover(self, then: str) -> None:
        """Show the explorer, and above it a button that leads on."""
        self.asking = False
        self._next.description = then
        self._tools.children = (self._next,)
        self._card.children = (self._tools, self._said)
        self._lay(self._card, *self._open)

    def _lay(self, *parts: w.Widget) -> None:
        self.children = parts

    def _score(self) -> str:
        """Return how many of the last round went the way that was predicted."""
        last = self.kept.made[-ROUND:]
        right = sum(made.way == self._effect(made.question).way for made in last)
        return _("You said the right way in {right} of {all} predictions.").format(right=right, all=len(last))

    def _effect(self, question: Question) -> Effect:
        e = self.explorer
        return prediction.effect(e.study, e.prepared, e.initial, question)

    def _say(self, html: str) -> None:
        self._said.say(html, {})

    def __repr__(self) -> str:
        return repr(self.explorer)

    def without_kernel(self) -> dict[str, Any]:
        """Return the explorer's first figure, for a page that has no kernel: nothing is covered there."""
        return self.explorer.without_kernel()


def unit(found: Effect) -> str:
    """Return, translated, the unit in which a change is given."""
    return _("percentage points") if found.measure.unit == "%" else _(found.measure.unit) if found.measure.unit else ""


def _number(value: float, found: Effect) -> str:
    return measured(f"{value:,.{found.measure.digits}f}", unit(found))


def said_way(way: int, found: Effect) -> str:
    """Say whether the figure went the way that was predicted."""
    said, true = prediction.ways()[way], prediction.ways()[found.way]
    if way == found.way:
        return _("Right: {way}.").format(way=true)
    return _("Not so. You said “{said}”; what came is “{true}”.").format(said=said, true=true)


def cause(start: Inputs, question: Question) -> str:
    """Say what moved the figure."""
    return _("What did it: {move}. No other input was moved.").format(move=prediction.moved(start, question))


def sizes() -> dict[str, str]:
    """Return what is said of a size, translated: alone, or beside the one predicted; a page without Python says it."""
    return {
        "alone": _("It moves by {true}."),
        "other_way": _("You said by {guess}; it moves by {true}, the other way."),
        "close": _("You said by {guess}; it moves by {true}. That is close."),
        "larger": _("You said by {guess}; it moves by {true}. The effect is larger than you thought."),
        "smaller": _("You said by {guess}; it moves by {true}. The effect is smaller than you thought."),
    }


def _said_size(made: Made, found: Effect) -> str:
    """Say how the size predicted compares with the true one; nothing where none was."""
    true = _number(found.size, found)
    if made.size is None or made.way == SAME:
        return sizes()["alone"].format(true=true)
    if made.way != found.way:
        which = "other_way"
    elif abs(made.size - found.size) <= CLOSE * found.size:
        which = "close"
    else:
        which = "larger" if made.size < found.size else "smaller"
    return sizes()[which].format(guess=_number(made.size, found), true=true)


def _beside(made: Made, found: Effect) -> str:
    """Return a table of the figure before, as predicted and as it came, with bars that are drawn to one scale."""
    rows = [(_("Before"), found.before), (_("Result"), found.after)]
    if made.size is not None or made.way == SAME:
        signed = 0.0 if made.way == SAME or made.size is None else made.size if made.way == UP else -made.size
        rows.insert(1, (_("Your prediction"), found.before + signed))
    largest = max(value for _name, value in rows)
    drawn = min(value for _name, value in rows) >= 0 < largest
    lines = []
    for name, value in rows:
        width = f"{100 * value / largest:.1f}%" if drawn else "0"
        bar = f'<td aria-hidden="true"><span class="crm-bar" style="width: {width}"></span></td>'
        cells = f'<th scope="row">{safe(name)}</th><td>{safe(found.measure.shown(value))}</td>'
        lines.append(f"<tr>{cells}{bar if drawn else ''}</tr>")
    return f'<table class="crm-predicted"><caption>{safe(found.measure.title())}</caption>{"".join(lines)}</table>'


def predict(explorer: Explorer[Any, Any, Any], seed: int | None = None) -> Predict:
    """Return an explorer with questions before it: predict, then see it move.

    Args:
        explorer: the explorer; it stays where it is in the notebook's own name.
        seed: of the questions; without one each student has questions of their own.
    """
    return Predict(explorer, seed)

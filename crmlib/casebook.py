"""The casebook: a folder a case, with its text, scenarios, questions and teaching note in both languages.

In ``casebook/<case>/``: ``case.yaml``, ``questions.yaml``, ``text`` and ``teaching`` as ``.zh.md`` and ``.en.md``,
``scenarios/*.yaml``, and ``mine/*.yaml``, the user's own, which :func:`save_scenario` writes and git ignores. Files
are read afresh each time; what is wrong with one raises ``UserError``. To add a case, copy a folder. Where users have a
folder of their own (:func:`crmlib.paths.own_folder`), ``casebook/<case>/mine`` lies there.
"""

import re
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import Field, model_validator

from crmlib.errors import UserError, reason
from crmlib.files import atomic_write
from crmlib.i18n import N_, _, language
from crmlib.inputs import Inputs, shorten
from crmlib.paths import CASEBOOK, ROOT, own_folder
from crmlib.plain import Line, Part, Texts, pick_known, read_named, read_text, read_yaml, refused

Count = Annotated[int, Field(gt=0)]

KINDS = {"short": N_("Short answer"), "discussion": N_("Discussion"), "case": N_("Case analysis")}
# Not a Windows device, nor what stands for all scenarios.
OWN_NAME = re.compile(r"(?!(all|con|prn|aux|nul|(com|lpt)[0-9])$)[a-z0-9_\-一-鿿]{1,40}")


class _Titled(Part):
    name: Line
    title: Texts

    def label(self) -> str:
        """Return the title in the language now spoken."""
        return str(self.title)


class Scenario(_Titled):
    """Inputs with a name: those that differ from the defaults of the study. The user's own have no ``why``."""

    why: Texts | None = None
    inputs: dict[str, Any]


class Mark(Part):
    """What earns points in an answer."""

    points: Count
    text: Texts


class Mistake(Part):
    """A usual wrong answer and what to say to it."""

    text: Texts
    reply: Texts


class Question(Part):
    """One question with its marking; the marks add up to its points."""

    id: Line
    kind: Literal["short", "discussion", "case"]
    points: Count
    minutes: Count
    question: Texts
    marking: list[Mark]
    mistakes: tuple[Mistake, ...] = ()

    @model_validator(mode="after")
    def _marks_add_up(self) -> Self:
        if (total := sum(mark.points for mark in self.marking)) != self.points:
            said = _("the marks of question “{id}” add up to {total}, not to {points}.")
            raise ValueError(said.format(id=self.id, total=total, points=self.points))
        return self

    def markdown(self, number: int, marking: bool) -> str:
        """Return the question as Markdown, with its marking and the usual mistakes if asked for."""
        said = {"number": number, "kind": _(KINDS[self.kind]), "points": self.points, "minutes": self.minutes}
        parts = [_("### {number}. {kind} · points: {points} · minutes: {minutes}").format(**said), str(self.question)]
        if marking:
            marks = [_("- ({points}) {text}").format(points=m.points, text=m.text) for m in self.marking]
            parts += ["**" + _("Marking") + "**", "\n".join(marks)]
        if marking and self.mistakes:
            replies = [f"- {m.text}\n  - {m.reply}" for m in self.mistakes]
            parts += ["**" + _("Usual wrong answers and what to say") + "**", "\n".join(replies)]
        return "\n\n".join(parts)


class Case(_Titled):
    """One case of the casebook. ``order`` lists the scenarios that come with it."""

    study: Line
    chapter: Line
    summary: Texts
    source: Texts
    order: list[Line]

    @property
    def folder(self) -> Path:
        """Where the case is kept."""
        return CASEBOOK / self.name

    @property
    def mine(self) -> Path:
        """Where the user's own scenarios are kept."""
        own = own_folder()
        return (self.folder if own == ROOT else own / "casebook" / self.name) / "mine"

    @property
    def scenarios(self) -> dict[str, Scenario]:
        """The scenarios by name: those of the case in their order, then the user's own that can be read."""
        return {n: read_named(self.folder / f"scenarios/{n}.yaml", Scenario, n) for n in self.order} | self._own()[0]

    def scenario(self, name: str) -> Scenario:
        """Return one scenario; an unknown name, or one of the user's own that is damaged, raises ``UserError``."""
        if name not in self.order and (refusal := self._own()[1].get(name)):
            raise refusal
        return (known := self.scenarios)[pick_known(name, known, _("There is no scenario “{name}”."))]

    def remarks(self) -> list[str]:
        """Return a sentence on each of the user's own scenarios that cannot be read and is left out."""
        return [sentence for refusal in self._own()[1].values() for sentence in refusal.problems]

    def _own(self) -> tuple[dict[str, Scenario], dict[str, UserError]]:
        good: dict[str, Scenario] = {}
        broken: dict[str, UserError] = {}
        for path in sorted(self.mine.glob("*.yaml")):
            try:
                good[path.stem] = read_named(self.own_path(path.stem), Scenario, path.stem)
            except UserError as refusal:
                broken[path.stem] = refusal
        return good, broken

    def own_path(self, name: str) -> Path:
        """Return the file of the user's own scenario ``name``, or raise ``UserError`` if it cannot be called that."""
        if name in self.order:
            raise UserError(_("“{name}” comes with the case; give your own scenario another name.").format(name=name))
        if not OWN_NAME.fullmatch(name):
            said = _("“{name}” cannot name a scenario: use 1 to 40 of a–z, 0–9, -, _ and Chinese; not all, con, nul.")
            raise UserError(said.format(name=shorten(name)))
        return self.mine / f"{name}.yaml"

    def text(self, deeper: int = 0) -> str:
        """Return the case as students read it, in Markdown, its headings ``deeper`` levels down to fit a page."""
        text = read_text(self.folder / f"text.{language()}.md")
        return re.sub(r"^(?=#+ )", "#" * deeper, text, flags=re.MULTILINE)

    def teaching_note(self) -> str:
        """Return the teaching note: Markdown in the language now spoken."""
        return read_text(self.folder / f"teaching.{language()}.md")

    @property
    def questions(self) -> list[Question]:
        """The questions, in order."""
        return read_yaml(self.folder / "questions.yaml", list[Question])

    def questions_markdown(self, marking: bool = False) -> str:
        """Return the questions as Markdown; with ``marking`` the sheet is for the instructor."""
        return "\n\n".join(q.markdown(number, marking) for number, q in enumerate(self.questions, 1))


def cases() -> list[str]:
    """Return the names of the cases."""
    return sorted(path.parent.name for path in CASEBOOK.glob("*/case.yaml"))


def case(name: str) -> Case:
    """Return the case ``name``; an unknown name raises ``UserError`` with the nearest one."""
    return read_named(CASEBOOK / pick_known(name, cases(), _("There is no case “{name}”.")) / "case.yaml", Case, name)


def save_scenario(case_name: str, name: str, inputs: Inputs, title: str = "") -> Path:
    """Write what ``inputs`` changes from the defaults as the user's own scenario, replacing one of that name."""
    path, shown = case(case_name).own_path(name), title.strip() or name
    content = {"name": name, "title": {"zh": shown, "en": shown}, "inputs": inputs.changes()}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return atomic_write(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    except OSError as refusal:
        raise refused(path, _("{file} cannot be written: {why}."), why=reason(refusal)) from None

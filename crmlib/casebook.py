"""The casebook: a folder a case, with its text, scenarios, questions and teaching note in both languages.

In ``casebook/<case>/``: ``case.yaml``, ``questions.yaml``, ``text`` and ``teaching`` as ``.zh.md`` and ``.en.md``,
``scenarios/*.yaml``, and ``mine/*.yaml``, the user's own, which :func:`save_scenario`, :func:`rename_scenario` and
:func:`delete_scenario` look after, and git ignores. Files are read afresh each time; what is wrong with one raises
``UserError``. ``crm case new`` copies a case with its notebook. Where users have a folder of their own
(:func:`crmlib.core.paths.own_folder`), ``casebook/<case>/mine`` lies there.
"""

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, Self, TypeVar

import pandas as pd
import yaml
from pydantic import Field, model_validator

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import LANGUAGES, N_, _, language, ngettext
from crmlib.core.inputs import Inputs, shorten
from crmlib.core.paths import CASEBOOK, ROOT, own_folder
from crmlib.support.answers import Specimen, check_model, check_specimens
from crmlib.support.files import atomic_write
from crmlib.support.html_table import html, shown
from crmlib.support.strict_yaml import Line, Part, Texts, pick_known, read_named, read_text, read_yaml, refused

I = TypeVar("I", bound=Inputs)  # noqa: E741
Count = Annotated[int, Field(gt=0)]

KINDS = {"short": N_("Short answer"), "discussion": N_("Discussion"), "case": N_("Case analysis")}
CASE = "case_"
"""How the name of a case's notebook begins."""
NAMED = 2
"""Inputs set beside a scenario that its title still names one by one."""
# Not a Windows device, nor what stands for all scenarios.
OWN_NAME = re.compile(r"(?!(all|con|prn|aux|nul|(com|lpt)[0-9])$)[a-z0-9_\-一-鿿]{1,40}")


class _Titled(Part):
    name: Line
    title: Texts

    def label(self) -> str:
        """Return the title in the language now spoken."""
        return str(self.title)


class Scenario(_Titled):
    """Inputs with a name: those that differ from the defaults of the study, and why one looks at them."""

    why: Texts | None = None
    inputs: dict[str, Any]


@dataclass(frozen=True)
class Chosen(Generic[I]):
    """What a page of a case is made with: a scenario, and the inputs that were set beside its name.

    Shown by a cell, it says which scenario it is, tells its story, and lists what it changes.

    Attributes:
        inputs: all of them.
        of_scenario: those that the scenario alone has.
    """

    scenario: Scenario
    inputs: I
    of_scenario: I

    @property
    def title(self) -> str:
        """The scenario's title, with what was set beside it: “Tightening, with lgd = 0.6”."""
        here, there = self.inputs.model_dump(), self.of_scenario.model_dump()
        beside = [f"{name} = {shown(value)}" for name, value in here.items() if value != there[name]]
        if not beside:
            return self.scenario.label()
        if len(beside) > NAMED:
            said = ngettext("{scenario}, with {n} other input", "{scenario}, with {n} other inputs", len(beside))
            return said.format(scenario=self.scenario.label(), n=len(beside))
        named = _("{scenario}, with {inputs}")
        return named.format(scenario=self.scenario.label(), inputs=_("; ").join(beside))

    def changes(self) -> pd.DataFrame:
        """Return the inputs that are not at their defaults: the default, what the scenario has, and what is used."""
        columns = {_("Default"): type(self.inputs)(), self.scenario.label(): self.of_scenario, _("Here"): self.inputs}
        if self.inputs == self.of_scenario:
            del columns[self.scenario.label()]
        listed = {
            s.title(): [s.shown(getattr(inputs, s.name)) for inputs in columns.values()]
            for s in self.inputs.settings()
            if any(getattr(inputs, s.name) != s.default for inputs in columns.values())
        }
        table = pd.DataFrame.from_dict(listed, orient="index", columns=list(columns))
        return table.rename_axis(_("Changed input"))

    def _repr_html_(self) -> str:
        story = f"<p>{escape(str(self.scenario.why))}</p>\n" if self.scenario.why else ""
        if len(changes := self.changes()):
            listed = html(changes, kind="crm-changes")
        else:
            told = escape(_("Every input is at its default."))
            listed = f"<p>{told}</p>"
        return f"<p><strong>{escape(repr(self))}</strong></p>\n{story}{listed}"

    def __repr__(self) -> str:
        return _("Scenario: {title}").format(title=self.title)


class Mark(Part):
    """What earns points in an answer."""

    points: Count
    text: Texts


class Mistake(Part):
    """A usual wrong answer and what to say to it."""

    text: Texts
    reply: Texts


class Question(Part):
    """One question with its marking and model answer; the marks of each add up to its points.

    Attributes:
        model: numbered points with their marks (:mod:`crmlib.support.answers`).
        specimens: answers of three grades, to be marked by the student.
    """

    id: Line
    kind: Literal["short", "discussion", "case"]
    points: Count
    minutes: Count
    question: Texts
    marking: list[Mark]
    mistakes: tuple[Mistake, ...] = ()
    model: Texts | None = None
    specimens: tuple[Specimen, ...] = ()

    @model_validator(mode="after")
    def _marks_add_up(self) -> Self:
        if (total := sum(mark.points for mark in self.marking)) != self.points:
            said = _("the marks of question “{id}” add up to {total}, not to {points}.")
            raise ValueError(said.format(id=self.id, total=total, points=self.points))
        return self

    @model_validator(mode="after")
    def _answers_are_sound(self) -> Self:
        try:
            if self.model:
                check_model(self.model, self.points)
            check_specimens(self.specimens, self.points)
        except ValueError as fault:
            raise ValueError(_("question “{id}”, {fault}").format(id=self.id, fault=fault)) from None
        return self

    def markdown(self, number: int, marking: bool) -> str:
        """Return the question as Markdown, with model answer, marking, usual mistakes and specimens if asked for."""
        said = {"number": number, "kind": _(KINDS[self.kind]), "points": self.points, "minutes": self.minutes}
        head = _("{number}. {kind} · points: {points} · minutes: {minutes}").format(
            **said
        )  # no heading: there are many
        parts = [f"**{head}**", str(self.question)]
        if marking and self.model:
            parts += ["**" + _("Model answer") + "**", str(self.model)]
        if marking:
            marks = [_("- ({points}) {text}").format(points=m.points, text=m.text) for m in self.marking]
            parts += ["**" + _("Marking") + "**", "\n".join(marks)]
        if marking and self.mistakes:
            replies = [f"- {m.text}\n  - {m.reply}" for m in self.mistakes]
            parts += ["**" + _("Usual wrong answers and what to say") + "**", "\n".join(replies)]
        if marking and self.specimens:
            parts += ["**" + _("Three answers, marked") + "**", *map(self._marked, self.specimens)]
        return "\n\n".join(parts)

    def _marked(self, one: Specimen) -> str:
        """Return a specimen as Markdown: a quotation, its marks and why."""
        said = _("{earned:g} of {points:g} points: {why}").format(earned=one.points, points=self.points, why=one.why)
        return "> " + str(one.answer).replace("\n", "\n>\n> ") + f"\n\n{said}"


class Case(_Titled):
    """One case of the casebook. ``order`` lists the scenarios that come with it, ``short`` is its name in a list."""

    study: Line
    chapter: Line
    short: Texts
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

    def chosen(self, kind: type[I], variables: Mapping[str, Any]) -> Chosen[I]:
        """Return what a notebook's variables ask for: ``case("bank_tiers").chosen(TierPolicy, globals())``.

        ``scenario`` names a scenario (the base if it is empty); inputs that are set, not ``None``, go over its own.

        Raises:
            UserError: there is no such scenario, an input is refused, or papermill gave a parameter that there is not.
        """
        _refuse_unknown_parameters(variables.get("In", ()))
        found = self.scenario(str(variables.get("scenario") or self.order[0]))
        alone = self.inputs_of(found, kind)
        return Chosen(found, kind.gather(variables, found.inputs), alone)

    def inputs_of(self, scenario: Scenario, kind: type[I]) -> I:
        """Return the inputs that a scenario has alone.

        Raises:
            UserError: they are refused; its file is named.
        """
        try:
            return kind(**scenario.inputs)
        except UserError as refusal:
            given = scenario.name in self.order
            path = self.folder / f"scenarios/{scenario.name}.yaml" if given else self.own_path(scenario.name)
            said = _("{file}: {problem}")
            raise UserError(str(refused(path, said, problem=problem)) for problem in refusal.problems) from None

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
            said = _(
                "“{name}” cannot name a scenario: use 1 to 40 of a–z (lower case), 0–9, -, _ and Chinese. "
                "The names “all”, “con”, “nul”, “com1” and the like are reserved."
            )
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

    def questions_markdown(self, marking: bool = False, ids: Sequence[str] = ()) -> str:
        """Return the questions as Markdown, or those of ``ids`` in their order; with ``marking`` for the instructor."""
        known = {q.id: q for q in self.questions}
        asked = [known[id] for id in ids] or self.questions
        return "\n\n".join(q.markdown(number, marking) for number, q in enumerate(asked, 1))


def _refuse_unknown_parameters(cells: Sequence[str]) -> None:
    """Refuse what the ``papermill`` command was told to set and the parameters cell before it does not name.

    Args:
        cells: sources of the cells run so far; papermill puts its own, which says so, after the parameters cell.
    """
    for declared, given in pairwise(cells):
        if given.startswith("# Parameters"):
            known = _assigned(declared)
            for name in _assigned(given):
                pick_known(name, known, _("The notebook has no parameter “{name}”."))


def _assigned(source: str) -> list[str]:
    targets = [t for node in ast.parse(source).body for t in getattr(node, "targets", [getattr(node, "target", None)])]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def cases() -> list[str]:
    """Return the names of the cases."""
    return sorted(path.parent.name for path in CASEBOOK.glob("*/case.yaml"))


def named(name: str) -> str:
    """Return the name of the case that is meant: by its own name, or by a topic whose chapter has one case alone.

    Raises:
        UserError: there is none; the sentence says which there are.
    """
    known = cases()
    if name not in known:
        theirs = [one for one in known if case(one).chapter.partition("_")[2] == name]
        if len(theirs) == 1:
            return theirs[0]
    return pick_known(name, known, _("There is no case “{name}”."))


def case(name: str) -> Case:
    """Return the case that is meant, as :func:`named` says."""
    return read_named(CASEBOOK / (found := named(name)) / "case.yaml", Case, found)


def save_scenario(
    case_name: str, name: str, inputs: Inputs, title: str = "", why: str = "", replace: bool = False
) -> Path:
    """Write what ``inputs`` changes from the defaults as the user's own scenario.

    Args:
        title: what it is called; its name if not given.
        why: what it is about, in the language now spoken.
        replace: whether it may take the place of another one of that name.

    Raises:
        UserError: the name is refused, or it is that of another scenario, which then stays; or it cannot be written.
    """
    path = case(case_name).own_path(name)
    content = {"name": name, "title": _both(title.strip() or name), "inputs": inputs.changes()}
    if why.strip():
        content["why"] = _both(why.strip())
    if not replace and path.exists():
        if _says_the_same(path, content):
            return path
        said = _("There is a scenario “{name}” already; give this one another name, or say that it may be replaced.")
        raise UserError(said.format(name=name))
    return _kept(path, content)


def _says_the_same(path: Path, content: dict[str, Any]) -> bool:
    """Tell whether a scenario is kept with the same inputs and title; it may also tell why."""
    try:
        kept = read_named(path, Scenario, path.stem).model_dump(exclude_none=True)
    except UserError:
        return False
    return kept | content == kept


def rename_scenario(case_name: str, old: str, new: str) -> Path:
    """Give one of the user's own scenarios another name; a title that was its name goes with it.

    Raises:
        UserError: there is none called ``old``, ``new`` is refused or taken, or the file cannot be written.
    """
    before, path = _own_file(case_name, old), case(case_name).own_path(new)
    if path.exists():
        raise UserError(_("There is a scenario “{name}” already; choose another name.").format(name=new))
    content = read_named(before, Scenario, old).model_dump(exclude_none=True)
    titles = {lang: new if said == old else said for lang, said in content["title"].items()}
    content |= {"name": new, "title": titles}
    _kept(path, content)
    delete_scenario(case_name, old)
    return path


def delete_scenario(case_name: str, name: str) -> None:
    """Delete one of the user's own scenarios, a damaged one too.

    Raises:
        UserError: there is none of that name, it comes with the case, or it cannot be deleted.
    """
    path = _own_file(case_name, name)
    try:
        path.unlink()
    except OSError as refusal:
        raise refused(path, _("{file} cannot be deleted: {why}."), why=reason(refusal)) from None


def _own_file(case_name: str, name: str) -> Path:
    """Return the file of one of the user's own scenarios, which must be there."""
    found = case(case_name)
    if name in found.order:
        raise UserError(_("“{name}” comes with the case and stays as it is.").format(name=name))
    own = sorted(path.stem for path in found.mine.glob("*.yaml"))
    pick_known(name, own, _("You have no scenario “{name}”."))
    return found.own_path(name)


def _both(text: str) -> dict[str, str]:
    return dict.fromkeys(LANGUAGES, text)


def _kept(path: Path, content: Mapping[str, Any]) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return atomic_write(path, yaml.safe_dump(dict(content), allow_unicode=True, sort_keys=False))
    except OSError as refusal:
        raise refused(path, _("{file} cannot be written: {why}."), why=reason(refusal)) from None

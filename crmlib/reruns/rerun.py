"""Rerun a case: its notebook with other inputs or other data, into a notebook, a page, a table and slides.

Inputs are checked against the study's declaration and data against their dictionary before a kernel starts. Files
appear under their names only when they are whole. Several scenarios at once: :mod:`crmlib.reruns.batch`.
"""

import hashlib
import json
import os
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass, field
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmlib import casebook
from crmlib.casebook import Chosen
from crmlib.chapters import chapter_of
from crmlib.chapters.studies import study_of
from crmlib.core.errors import DataError, UserError
from crmlib.core.i18n import _, pick
from crmlib.core.inputs import Inputs, shorten
from crmlib.core.paths import NOTEBOOKS
from crmlib.core.study import Study
from crmlib.notebooks.kernels import Job, running
from crmlib.support.files import file_digest, folder, written
from crmlib.tables import data
from crmlib.tables.dictionary import dictionary
from crmlib.tables.reading import Reading, told
from crmlib.tables.together import gather

if TYPE_CHECKING:
    from crmlib.reruns.moving import Moving

ENDINGS = {"ipynb": "ipynb", "html": "html", "csv": "csv", "slides": "slides.html"}
"""The formats, with what the names of their files end in."""
FORMATS = tuple(ENDINGS)
LONGEST = 600.0
"""Seconds that a notebook may take if nothing else is said."""


@dataclass(frozen=True)
class Rerun:
    """A rerun that has passed every check and not yet begun.

    Attributes:
        chosen: the scenario and the inputs.
        tables: the user's own data, by data set.
        columns: how they are read; see :mod:`crmlib.tables.reading`.
        notes: what was assumed or left aside while those were read.
        prepared: gives what the study computes once for its data.
        links: text and address of what its page leads to; an empty address is the page's own.
        moves: whether an input can be moved on its page.
        grown: how many times the rows of the course data the user's own have.
    """

    case: str
    chosen: Chosen[Inputs]
    lang: str
    tables: Mapping[str, Path]
    columns: tuple[str, ...]
    notes: tuple[str, ...]
    prepared: Callable[[], Any] = field(repr=False, compare=False)
    links: tuple[tuple[str, str], ...] = ()
    moves: bool = False
    grown: float = 1

    @property
    def scenario(self) -> str:
        """The scenario's name."""
        return self.chosen.scenario.name

    @property
    def title(self) -> str:
        """The scenario's title, in the language now spoken."""
        return self.chosen.scenario.label()

    @property
    def inputs(self) -> Inputs:
        """All inputs."""
        return self.chosen.inputs

    def name(self) -> str:
        """Return the name of its files: case, scenario, language, and a mark of whatever else was changed."""
        return f"{self.case}-{self.scenario}{self.mark}-{self.lang}"

    @cached_property
    def mark(self) -> str:
        """A mark of what differs from the scenario as it is kept: inputs, data; empty if nothing does."""
        changed: dict[str, Any] = {} if self.chosen.of_scenario == self.inputs else self.inputs.model_dump()
        for dataset, path in self.tables.items():
            changed[f"data {dataset}"] = file_digest(path)
        if self.columns:
            changed["columns"] = list(self.columns)
        return f"-{digest(changed)[:6]}" if changed else ""

    @cached_property
    def moving(self) -> "Moving | None":
        """What moves on its page; it is worked out here, which takes seconds."""
        if not self.moves:
            return None
        from crmlib.reruns.moving import moving

        study = self.study().name
        explorer = chapter_of(study).explore(study)
        explorer.prepared = self.prepared()
        return moving(explorer, self.inputs, casebook.case(self.case).chapter, self.grown)

    def answer(self) -> Any:
        """Return the study's result for these inputs and data, by a direct call."""
        return self.study().run(self.prepared(), self.inputs)

    def job(self) -> Job:
        """Return what a kernel has to do."""
        notebook = NOTEBOOKS / self.lang / f"{casebook.CASE}{self.case}.ipynb"
        return Job(notebook, self.parameters(), self.folder(), self.lang)

    def heading(self) -> str:
        """Return the title of its page."""
        return f"{casebook.case(self.case).label()} · {self.chosen.title}"

    def sources(self) -> list[str]:
        """Return a line on each data set: what it is and where it is from, with its seed."""
        lines = []
        for dataset in self.study().datasets:
            book, own = dictionary(dataset), self.tables.get(dataset)
            said = _("{title}: your own file “{file}”.") if own else _("{title}: {source}.")
            file = own.name if own else ""
            lines.append(said.format(title=pick(book.title), source=pick(book.source), file=file))
        return lines

    def parameters(self) -> dict[str, Any]:
        """Return what papermill writes into the parameters cell; files are named from :meth:`folder`."""
        files = {
            ("data" if dataset == self.study().datasets[0] else f"data_{dataset}"): os.path.relpath(path, self.folder())
            for dataset, path in self.tables.items()
        }
        columns = {"columns": list(self.columns)} if self.columns else {}
        return {**self.inputs.model_dump(), "scenario": self.scenario, **files, **columns}

    def study(self) -> Study[Any, Any, Any]:
        """Return the study that the case belongs to."""
        return study_of(casebook.case(self.case))

    def folder(self) -> Path:
        """Return the folder in which the notebook runs: that of the user's data, so that no full path is stored."""
        return next((path.parent for path in self.tables.values()), NOTEBOOKS / self.lang)


def digest(content: Any) -> str:
    """Return a hash of what JSON can hold."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def plan_rerun(
    case: str,
    lang: str,
    scenario: str = "base",
    changes: Iterable[str] = (),
    files: Iterable[str] = (),
    columns: Iterable[str] = (),
) -> Rerun:
    """Check everything about a rerun and return it.

    Args:
        case: name of a case, or the topic of a chapter that has one case.
        lang: ``"zh"`` or ``"en"``.
        scenario: one of the case's scenarios.
        changes: ``name=value`` texts, which go over the scenario's inputs.
        files: the user's own data, ``FILE`` for the study's main data set or ``name=FILE`` for any of them.
        columns: how the files are read: ``wanted=theirs``, ``auto``, ``--unit=…``; see :mod:`crmlib.tables.reading`.

    Raises:
        UserError: one sentence for each thing that is wrong.
    """
    (made,), _refused = plan_reruns(case, lang, [scenario], changes, files, columns)
    return made


def plan_reruns(
    case: str,
    lang: str,
    scenarios: Sequence[str],
    changes: Iterable[str] = (),
    files: Iterable[str] = (),
    columns: Iterable[str] = (),
) -> tuple[list[Rerun], dict[str, UserError]]:
    """Return a rerun for each scenario, as :func:`plan_rerun` does, and why there is none for the others.

    The data are read once for all.

    Raises:
        UserError: there is no rerun at all, or a name that is no scenario.
    """
    case = casebook.named(case)
    study, changed = study_of(casebook.case(case)), dict(pairs(changes))
    known = scenario_names(case)
    for name in scenarios:
        if name not in known:
            casebook.case(case).scenario(name)
    tables = _own_tables(study.datasets, files)
    columns = tuple(columns)
    how = told(columns, list(tables))
    read = {dataset: _read(path, dataset, how[dataset], len(tables) > 1) for dataset, path in tables.items()}
    gathered = gather(study.datasets, read, how)
    notes = gathered.notes

    @cache
    def prepared() -> Any:
        return study.prepare(*gathered.frames)

    grown = _grown(dict(zip(study.datasets, gathered.frames, strict=True)), list(tables))

    def made(name: str) -> Rerun:
        start = casebook.case(case).scenario(name)
        alone = casebook.case(case).inputs_of(start, study.inputs)
        inputs = study.inputs(**{**start.inputs, **changed})
        found = {dataset: path.resolve() for dataset, path in tables.items()}
        chosen = Chosen(start, inputs, alone)
        agreed = Rerun(case, chosen, lang, found, columns, notes, prepared, grown=grown)
        if read:
            agreed.answer()  # the data may not bear the question
        return agreed

    good, refused = {}, {}
    for name in scenarios:
        try:
            good[name] = made(name)
        except UserError as refusal:
            refused[name] = refusal
    if not good:
        raise UserError(dict.fromkeys(problem for refusal in refused.values() for problem in refusal.problems))
    return list(good.values()), refused


def scenario_names(case: str) -> list[str]:
    """Return the names of all scenarios of a case; the user's own that are damaged are among them."""
    found = casebook.case(case)
    own = sorted(path.stem for path in found.mine.glob("*.yaml"))
    return list(dict.fromkeys([*found.order, *own]))


def _own_tables(datasets: tuple[str, ...], files: Iterable[str]) -> dict[str, Path]:
    tables: dict[str, Path] = {}
    for file in files:
        name, equals, path = file.partition("=")
        dataset, path = (name, path) if equals and name in datasets else (datasets[0], file)
        if equals and name not in datasets and not Path(path).exists():
            said = _("“{name}” is no data set of this case; it has: {names}.")
            raise UserError(said.format(name=shorten(name), names=_(", ").join(datasets)))
        if dataset in tables:
            raise UserError(_("There are two files for “{dataset}”.").format(dataset=dataset))
        tables[dataset] = Path(path)
    return tables


def _grown(frames: Mapping[str, Sized], own: Iterable[str]) -> float:
    """Return how many times the rows of the course data the user's own tables have; 1 where they have no more."""
    return max([1.0, *(len(frames[name]) / len(data.load(name)) for name in own)])


def _read(path: Path, dataset: str, reading: Reading, several: bool) -> data.Table:
    """Read a file of the user's own; where there are several, a refusal says which one it is about."""
    try:
        return data.read(path, dataset, reading)
    except DataError as refusal:
        if not several:
            raise
        said, lines = _("{file}: {why}"), str(refusal).splitlines()
        raise UserError(
            line if path.name in line else said.format(file=path.name, why=line) for line in lines
        ) from None


def pairs(changes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield name and value of each ``name=value``; a name may stand once.

    Raises:
        UserError: there is no ``=``, or a name comes twice.
    """
    seen: dict[str, str] = {}
    for change in changes:
        name, equals, value = (part.strip() for part in change.partition("="))
        if not equals or not name or not value:
            raise UserError(_("“{change}” is not of the form name=value.").format(change=change))
        if name in seen:
            raise UserError(_("The input “{name}” is set twice.").format(name=name))
        seen[name] = value
        yield name, value


@dataclass(frozen=True)
class Ending:
    """What became of a rerun: its files, or why there are none."""

    rerun: Rerun
    files: tuple[Path, ...] = ()
    refusal: UserError | None = None


def run(agreed: Rerun, out: Path, formats: Iterable[str], timeout: float = LONGEST) -> list[Path]:
    """Run a rerun's notebook and write it to ``out`` in each format; return the files.

    Raises:
        UserError: the notebook is not built, took too long, or a cell failed, and nothing is written then; or ``out``
            cannot be written to.
    """
    (ending,) = finish([(agreed, list(formats))], out, 1, timeout)
    if ending.refusal:
        raise ending.refusal
    return list(ending.files)


def finish(
    todo: Sequence[tuple[Rerun, Sequence[str]]],
    out: Path,
    at_once: int,
    timeout: float,
    tick: Callable[[], object] = lambda: None,
) -> Generator[Ending]:
    """Run notebooks side by side and write each in its formats; yield what became of each as it comes to an end.

    Raises:
        UserError: ``out`` cannot be written to.
    """
    folder(out)
    with running([agreed.job() for agreed, _formats in todo], at_once, timeout, tick) as endings:
        if any(fmt in ("html", "slides") for _agreed, formats in todo for fmt in formats):
            _warm_up(*(agreed for agreed, formats in todo[:1] if "html" in formats))
        for number, ending in endings:
            agreed, formats = todo[number]
            try:
                yield Ending(agreed, tuple(_files(agreed, formats, ending, out)))
            except UserError as refusal:
                yield Ending(agreed, refusal=refusal)


def _warm_up(*first: Rerun) -> None:
    """Do what takes a while when the kernels have something to do: import what pages are made with, work moves out."""
    from crmlib.reruns.page import exporter

    exporter()
    list(map(attrgetter("moving"), first))


def _files(agreed: Rerun, formats: Iterable[str], executed: Any, out: Path) -> list[Path]:
    if isinstance(executed, UserError):
        raise executed
    from crmlib.notebooks.jupyter import as_text

    makers: Mapping[str, Callable[[], str]] = {
        "ipynb": lambda: as_text(executed),
        "html": lambda: _as_page(executed, agreed),
        "csv": lambda: data.csv_text(agreed.study().listing(agreed.answer()).reset_index()),
        "slides": lambda: _as_slides(executed, agreed),
    }
    contents = {fmt: makers[fmt]() for fmt in formats}
    return [written(out / file_name(agreed, fmt), content) for fmt, content in contents.items()]


def file_name(agreed: Rerun, fmt: str) -> str:
    """Return the name of a rerun's file in a format."""
    return f"{agreed.name()}.{ENDINGS[fmt]}"


def _as_page(notebook: Any, agreed: Rerun) -> str:
    from crmlib.reruns.page import colophon, page

    foot = colophon(agreed.inputs, agreed.sources())
    return page(notebook, agreed.heading(), agreed.lang, foot, agreed.chosen.title, agreed.links, agreed.moving)


def _as_slides(notebook: Any, agreed: Rerun) -> str:
    from crmlib.reruns.slides import last_slide, slides

    foot = last_slide(agreed.inputs, agreed.sources())
    return slides(notebook, agreed.heading(), agreed.lang, foot, agreed.chosen.title)

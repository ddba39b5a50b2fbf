"""Rerun a case: its notebook with other inputs or other data, into a notebook, a page and a table.

Inputs are checked against the study's declaration and data against their dictionary before a kernel starts. Files
appear under their names only when they are whole.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crmlib import casebook, data
from crmlib.errors import UserError
from crmlib.files import atomic_write
from crmlib.i18n import _
from crmlib.inputs import Inputs
from crmlib.paths import NOTEBOOKS
from crmlib.studies import STUDIES
from crmlib.study import Study

FORMATS = ("ipynb", "html", "csv")


@dataclass(frozen=True)
class Plan:
    """A rerun that has passed every check and not yet begun."""

    case: str
    scenario: str
    title: str
    inputs: Inputs
    lang: str
    tables: Mapping[str, Path]
    notes: tuple[str, ...]

    def name(self) -> str:
        """Return the name of its files: case, scenario, language, and a mark of whatever else was changed."""
        given = casebook.case(self.case).scenario(self.scenario).inputs
        stated = self.study().inputs(**given)
        changed: dict[str, Any] = {} if stated == self.inputs else self.inputs.model_dump()
        for dataset, path in self.tables.items():
            changed[f"data {dataset}"] = hashlib.sha256(path.read_bytes()).hexdigest()
        mark = "-" + hashlib.sha256(json.dumps(changed, sort_keys=True).encode()).hexdigest()[:6] if changed else ""
        return f"{self.case}-{self.scenario}{mark}-{self.lang}"

    def parameters(self) -> dict[str, Any]:
        """Return what papermill writes into the parameters cell; files are named from :meth:`folder`."""
        files = {
            ("data" if dataset == self.study().datasets[0] else f"data_{dataset}"): os.path.relpath(path, self.folder())
            for dataset, path in self.tables.items()
        }
        return {**self.inputs.model_dump(), "scenario": self.title, **files}

    def study(self) -> Study[Any, Any, Any]:
        """Return the study that the case belongs to."""
        return STUDIES[casebook.case(self.case).study]

    def folder(self) -> Path:
        """Return the folder in which the notebook runs: that of the user's data, so that no full path is stored."""
        return next((path.parent for path in self.tables.values()), NOTEBOOKS / self.lang)


def plan(case: str, lang: str, scenario: str = "base", changes: Iterable[str] = (), files: Iterable[str] = ()) -> Plan:
    """Check everything about a rerun and return it as a plan.

    Args:
        case: name of a case.
        lang: ``"zh"`` or ``"en"``.
        scenario: one of the case's scenarios.
        changes: ``name=value`` texts, which go over the scenario's inputs.
        files: the user's own data, ``FILE`` for the study's main data set or ``name=FILE`` for any of them.

    Raises:
        UserError: one sentence for each thing that is wrong.
    """
    chosen = casebook.case(case)
    study = STUDIES[chosen.study]
    start = chosen.scenario(scenario)
    inputs = study.inputs(**{**start.inputs, **dict(pairs(changes))})
    tables = _own_tables(study.datasets, files)
    read = {dataset: data.read(path, dataset) for dataset, path in tables.items()}
    if read:
        frames = [read[dataset].frame if dataset in read else data.load(dataset) for dataset in study.datasets]
        study.answer(*frames, **inputs.model_dump())
    notes = [note for own in read.values() for note in own.notes]
    found = {dataset: path.resolve() for dataset, path in tables.items()}
    return Plan(case, scenario, start.label(), inputs, lang, found, (*notes, *inputs.remarks()))


def _own_tables(datasets: tuple[str, ...], files: Iterable[str]) -> dict[str, Path]:
    tables: dict[str, Path] = {}
    for file in files:
        name, equals, path = file.partition("=")
        dataset, path = (name, path) if equals and name in datasets else (datasets[0], file)
        if dataset in tables:
            raise UserError(_("There are two files for “{dataset}”.").format(dataset=dataset))
        tables[dataset] = Path(path)
    return tables


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


def run(agreed: Plan, out: Path, formats: Iterable[str], progress: bool = False) -> list[Path]:
    """Run a plan's notebook and write it to ``out`` in each format; return the files.

    Raises:
        UserError: ``out`` cannot be written to, the notebook is not built, or a cell failed. Nothing is written then.
    """
    formats = list(formats)
    out = _folder(out)
    notebook = _executed(agreed, progress)
    makers: Mapping[str, Callable[[], str | bytes]] = {
        "ipynb": lambda: _as_notebook(notebook),
        "html": lambda: _as_page(notebook, agreed),
        "csv": lambda: data.csv_text(_listed(agreed)),
    }
    contents = {fmt: makers[fmt]() for fmt in formats}
    return [_written(out / f"{agreed.name()}.{fmt}", content) for fmt, content in contents.items()]


def _folder(out: Path) -> Path:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as refusal:
        raise UserError(_("{folder}: cannot be made ({why}).").format(folder=out, why=refusal.strerror)) from None
    if not os.access(out, os.W_OK):
        raise UserError(_("{folder}: cannot be written to.").format(folder=out))
    return out


def _written(path: Path, content: str | bytes) -> Path:
    try:
        return atomic_write(path, content)
    except OSError as refusal:
        raise UserError(_("{file} cannot be written: {why}.").format(file=path, why=refusal.strerror)) from None


def _executed(agreed: Plan, progress: bool) -> Any:
    """Return the case's notebook, executed with the plan's parameters, by papermill."""
    from crmlib.runs.jupyter import QUIET, CellExecutionError, drop_volatile, kernel_config, what_a_cell_said  # isort: skip
    import papermill
    from papermill.exceptions import PapermillExecutionError

    source = NOTEBOOKS / agreed.lang / f"case_{agreed.case}.ipynb"
    if not source.exists():
        raise UserError(_("{file}: not built yet; run “crm build”.").format(file=source.name))
    with tempfile.TemporaryDirectory(prefix="crm-") as sockets, speaking(agreed.lang):
        try:
            notebook = papermill.execute_notebook(
                str(source),
                None,
                parameters=agreed.parameters(),
                kernel_name="python3",
                progress_bar=progress,
                cwd=str(agreed.folder()),
                config=kernel_config(sockets),
                extra_arguments=QUIET,
            )
        except (PapermillExecutionError, CellExecutionError) as failure:
            raise UserError(_("A cell failed: {why}").format(why=what_a_cell_said(failure))) from failure
    return drop_volatile(notebook)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Have kernels started meanwhile speak ``lang``, wherever they work."""
    before = os.environ.get("CRM_LANG")
    os.environ["CRM_LANG"] = lang
    try:
        yield
    finally:
        os.environ.pop("CRM_LANG")
        if before is not None:
            os.environ["CRM_LANG"] = before


def _as_notebook(notebook: Any) -> str:
    from crmlib.runs.jupyter import nbformat

    return str(nbformat.writes(notebook)) + "\n"


def _as_page(notebook: Any, agreed: Plan) -> str:
    from crmlib.runs.page import page

    title = f"{casebook.case(agreed.case).label()} · {agreed.title}"
    return page(notebook, title, agreed.lang, agreed.inputs.reference(), agreed.inputs)


def _listed(agreed: Plan) -> Any:
    """Return the table a case exports: what its study lists for the inputs."""
    study = agreed.study()
    tables = [data.table(dataset, agreed.tables.get(dataset, "")) for dataset in study.datasets]
    result = study.answer(*tables, **agreed.inputs.model_dump())
    return study.listing(result).reset_index()

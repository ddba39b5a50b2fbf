"""Data of one's own in an explorer: a row that opens, a file for each data set, what is wrong with it, the way back.

What is uploaded stays in the kernel. A list of problems is written only when it is asked for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets as w
import pandas as pd
import traitlets

from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import _, ngettext, pick
from crmlib.core.inputs import shorten
from crmlib.explorer.controls import Fold, button, download
from crmlib.plotting.theme import safe
from crmlib.support.files import atomic_write
from crmlib.support.html_table import html
from crmlib.tables.columns import CERTAINTY, Match
from crmlib.tables.data import SHOWN, Columns, Table, TableError, csv_text, read_bytes
from crmlib.tables.dictionary import dictionary
from crmlib.tables.reading import Reading, as_reading, told, ways
from crmlib.tables.sheet import MOST_MEGABYTES
from crmlib.tables.template import template
from crmlib.tables.together import each_notes

HERE = Path(__file__).parent
ACCEPTED = ".csv,.xlsx,.xls,.xlsb,.ods"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Taken(w.Widget):  # type: ignore[misc]
    """How many files have been taken; a widget apart, for the same reason as a board and its frame."""

    files = traitlets.Int(0).tag(sync=True)


class Chooser(anywidget.AnyWidget):
    """A button that chooses a file in the page and hands it to the kernel in pieces.

    The upload button of ipywidgets sends a file in one message; above 10 MB the server cuts the connection, unsaid.

    Args:
        label: what the button says.
        take: is called with the file's name and what it holds.
    """

    _esm = HERE / "upload.js"
    taken = traitlets.Instance(Taken).tag(sync=True, **w.widget_serialization)
    label = traitlets.Unicode().tag(sync=True)
    accept = traitlets.Unicode(ACCEPTED).tag(sync=True)
    most = traitlets.Int(MOST_MEGABYTES * 1_000_000).tag(sync=True)
    busy = traitlets.Unicode().tag(sync=True)
    too_large = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, take: Callable[[bytes, str], None]):
        said = _("The file is larger than {most} MB, which is the most that is read.").format(most=MOST_MEGABYTES)
        super().__init__(taken=Taken(), label=label, busy=_("The file is being read."), too_large=said)
        self._take, self._held = take, bytearray()
        self.on_msg(self._piece)

    def _piece(self, _widget: object, content: Mapping[str, Any], buffers: Sequence[bytes]) -> None:
        """Put the pieces of a file together; a file begun anew takes the place of one that did not arrive whole."""
        if content["at"] == 0:
            self._held = bytearray()
        if content["at"] != len(self._held):
            return
        self._held += buffers[0]
        if len(self._held) == content["size"]:
            data, self._held = bytes(self._held), bytearray()
            try:
                self._take(data, str(content["name"]))
            finally:
                self.taken.files += 1


class Own:
    """A file of one's own that fits its data set.

    Attributes:
        file: its name.
        table: what was read, checked.
        frame: its rows.
        notes: what is unlikely in it, and what was assumed while it was read.
        reading: how the user said that it is to be read.
        content: what the file holds, for a rerun.
    """

    def __init__(self, file: str, table: Table, reading: Reading, content: bytes):
        self.file, self.table, self.reading, self.content = file, table, reading, content
        self.frame, self.notes = table.frame, table.notes


Show = Callable[[Mapping[str, Own]], None]


class Place(w.VBox):  # type: ignore[misc]
    """Where the file for one data set is chosen, and what is said about it.

    Args:
        dataset: the data set.
        fits: is called with a file that fits the data set.
    """

    def __init__(self, dataset: str, fits: Callable[["Place"], None]):
        self.dataset, self._fits = dataset, fits
        self.own: Own | None = None
        self._content, self._file, self._refusal = b"", "", TableError([])
        self._reading = Reading()
        title = _("Choose a file: {title}").format(title=pick(dictionary(dataset).title))
        self.chooser = Chooser(title, self.offer)
        self.said = w.HTML()
        self.agree, self.save = button(_("Use this mapping")), button(_("Save the list"))
        self.agree.on_click(lambda _button: self._read_as([*self._reading.words(), "auto"]))
        self.save.on_click(lambda _button: self._save())
        self.saved = w.HTML()
        self._tools = w.HBox()
        super().__init__([self.chooser, self.said, self._tools])

    def offer(self, content: bytes, file: str, mapping: Columns | Reading = None) -> None:
        """Read a file for the data set; hand it on if it fits, else say everything that is wrong with it."""
        self._content, self._file, self.saved.value = content, file, ""
        self._reading = as_reading(mapping)
        try:
            self.own = Own(file, read_bytes(content, file, self.dataset, mapping), self._reading, content)
        except TableError as refusal:
            self.own, self._refusal = None, refusal
            self.said.value = _problems_html(refusal, file)
            agree = [self.agree] if refusal.proposal else []
            self._tools.children = (*agree, *self._ways(refusal.problems), self.save, self.saved)
        except UserError as refusal:
            self.refuse(refusal.problems)
        else:
            self._fits(self)

    def _ways(self, sentences: Sequence[str]) -> list[w.Button]:
        """Return a button for each way of reading that the sentences offer."""
        said = self._reading.words()
        buttons = []
        for typed, way in ways(sentences).items():
            if not {*way} <= {*said}:
                made = button(_("Read it with {option}").format(option=typed))
                made.on_click(lambda _button, words=(*said, *way): self._read_as(words))
                buttons.append(made)
        return buttons

    def _read_as(self, words: Sequence[str]) -> None:
        try:
            reading = told(words, [self.dataset])[self.dataset]
        except UserError as refusal:
            self.refuse(refusal.problems)
        else:
            self.offer(self._content, self._file, reading)

    def refuse(self, sentences: Sequence[str]) -> None:
        """Say why the file is not shown, and offer the ways of reading that may help."""
        self._tools.children = tuple(self._ways(sentences))
        self.said.value = f'<div role="alert" class="crm-problem">{_lines(sentences)}</div>'

    def accept(self, own: Own | None) -> None:
        """Say that a file is shown, and what was assumed while it was read; None for the course data."""
        self.own, self._tools.children, self._content = None, (), b""
        shown = _("{file}: {rows:,} rows are shown.")
        lines = [shown.format(file=shorten(own.file, 80), rows=len(own.frame)), *own.notes] if own else []
        self.said.value = f'<div role="status">{_lines(lines)}</div>' if lines else ""

    def _save(self) -> None:
        try:
            path = atomic_write(_free_name(self._file), csv_text(self._refusal.table()))
        except OSError as refusal:
            said = _("The list cannot be saved: {why}.").format(why=reason(refusal))
        else:
            said = _("The whole list is in {file}.").format(file=path.name)
        self.saved.value = f'<span role="status">{safe(said)}</span>'


class OwnData(w.VBox):  # type: ignore[misc]
    """A row that says which data are shown and, opened, takes files of one's own.

    Args:
        datasets: of the study.
        show: shows the study on files of one's own, an entry a data set, and raises UserError if it cannot.
    """

    def __init__(self, datasets: Sequence[str], show: Show):
        self._show = show
        self.places = {dataset: Place(dataset, self._take) for dataset in datasets}
        self.back = button(_("Back to the course data"))
        self.back.on_click(lambda _button: self._go_back())
        self.shown = w.HTML()
        self._row = w.HBox()
        self._hint = w.HTML(f'<div class="crm-hint">{safe(_hint())}</div>')
        self.fold = Fold(_("Your own data"), [self._hint, *self.places.values()])
        self.fold.opener.observe(lambda _change: self._offer_templates(), "value")
        super().__init__([self._row, self.fold])
        self.add_class("crm-own")

    def _offer_templates(self) -> None:
        """Offer empty sheets to fill in; they are made when the row is first opened."""
        if "href" not in self._hint.value:
            links = [_template_link(dataset) for dataset in self.places]
            self._hint.value = f'<div class="crm-hint">{safe(_hint())} {" ".join(links)}</div>'

    def says(self, own: Mapping[str, Own], notes: Sequence[str]) -> None:
        """Say which files of one's own are shown, and what is to be said of them together; none: the course data."""
        each = each_notes({name: file.table for name, file in own.items()})
        together = [note for note in notes if note not in each]
        for dataset, place in self.places.items():
            place.accept(own.get(dataset))
        names = _(", ").join(shorten(file.file, 80) for file in own.values())
        said = _lines([_("Data shown: {files}.").format(files=names), *together]) if own else ""
        self.shown.value = f'<span role="status" class="crm-shown">{said}</span>' if own else ""
        self._row.children = (self.shown, self.back) if own else ()

    def _take(self, place: Place) -> None:
        """Show a file together with those that wait for one another, as customers wait for their orders."""
        waiting = {dataset: other.own for dataset, other in self.places.items() if other.own}
        try:
            self._show(waiting)
        except UserError as refusal:
            also = _("The pictures stay as they were. If the study needs another of your files too, choose it now.")
            place.refuse([*refusal.problems[:SHOWN], *([also] if len(self.places) > 1 else [])])

    def _go_back(self) -> None:
        try:
            self._show({})
        except UserError as refusal:
            self.shown.value = f'<span role="alert" class="crm-problem">{_lines(refusal.problems)}</span>'


def _hint() -> str:
    return _("A CSV or Excel file (or .ods) with the columns of the data dictionary. It stays in this kernel, unsaved.")


def _template_link(dataset: str) -> str:
    """Return as HTML a link that saves an empty sheet for a data set."""
    label = _("An empty sheet: {title}").format(title=pick(dictionary(dataset).title))
    return download(label, f"{dataset}.xlsx", template(dataset), XLSX)


def _lines(sentences: Sequence[str]) -> str:
    return "<br>".join(safe(sentence) for sentence in sentences)


def _problems_html(refusal: TableError, file: str) -> str:
    """Return a refusal as a table that scrolls, its first rows, and what could be meant by missing columns."""
    n = len(refusal.found)
    said = ngettext("“{file}” is not shown: {n:,} problem.", "“{file}” is not shown: {n:,} problems.", n)
    first = _("The first {most} are below.").format(most=SHOWN) if n > SHOWN else ""
    head = f'<div role="alert" class="crm-problem">{safe(said.format(file=shorten(file, 80), n=n))} {safe(first)}</div>'
    parts = [head, _table_html(refusal.table().head(SHOWN), _("Problems of the file"))]
    if refusal.proposal:
        meant = _("These columns of the file may be meant:")
        parts += [f"<div>{safe(meant)}</div>"]
        parts += [_table_html(_pairs(refusal.proposal), _("Proposed mapping"))]
    return "".join(parts)


def _pairs(proposal: Mapping[str, Match]) -> pd.DataFrame:
    rows = [(want, shorten(match.column), _(CERTAINTY[match.certainty])) for want, match in proposal.items()]
    return pd.DataFrame(rows, columns=[_("Required column"), _("In the file"), _("Why")])


def _table_html(frame: pd.DataFrame, name: str) -> str:
    """Return a table of text from a file, in a box that scrolls."""
    return f'<div class="crm-list" role="region" tabindex="0" aria-label="{safe(name)}">{html(frame)}</div>'


def _free_name(file: str) -> Path:
    """Return a name for a list of problems, in the working folder, that no file has yet."""
    stem = re.sub(r"[^\w\-]+", "_", Path(file).stem)[:40].strip("_") or "table"
    names = (Path.cwd() / f"{stem}_problems{n}.csv" for n in ("", *(f"_{n}" for n in range(2, 1000))))
    return next(path for path in names if not path.exists())

"""The explorer: controls built from the declared inputs, a study, charts that follow in place."""

import asyncio
import os
import shlex
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic

import ipywidgets as w
import pandas as pd
from pydantic import TypeAdapter

from crmlib import casebook
from crmlib.core.errors import InputError, UserError
from crmlib.core.i18n import _, language
from crmlib.core.inputs import VIEW, Inputs, Setting, shorten
from crmlib.core.paths import own_folder
from crmlib.core.study import I, P, R, Study
from crmlib.explorer.controls import Fold, Panel, button, control_for, value_of
from crmlib.explorer.scenarios import Scenarios
from crmlib.explorer.upload import Own, OwnData
from crmlib.plotting.live import Board, Frame
from crmlib.plotting.theme import Chart, safe
from crmlib.support import memory
from crmlib.support.mime import PLOTLY_MIME
from crmlib.tables.data import Columns, read_bytes
from crmlib.tables.reading import Reading, as_reading
from crmlib.tables.sheet import content
from crmlib.tables.together import gather

Draw = Callable[[R, Any], Sequence[Chart]]
Source = str | os.PathLike[str] | bytes
KEPT = TypeAdapter(dict[str, Any])
FEW = 7
"""So many controls are all shown at once; of more, those a beginner needs, and the others folded away."""

UNFIT = (ArithmeticError, LookupError, ValueError, TypeError)
"""What a study or its charts raise where they cannot work on a table."""


class NoView(Inputs):
    """For explorers whose pictures have nothing to set."""


class Explorer(Panel, Generic[I, P, R]):
    """Controls, pictures and headline figures of one study.

    Args:
        study: the model with its declared inputs.
        tables: the data, a table for each of the study's data sets, in the shape its dictionary gives.
        draw: (result, view) → the charts.
        view: class of the inputs that change only the picture.
        case: name of the case whose scenarios can be chosen and to which new ones are saved.
        inputs: what to begin with; the defaults if not given.

    Attributes:
        inputs: the inputs now shown (the last good ones while a control is refused).
        result: the study's result for them.
        own: the files of one's own that are shown, by data set; empty while the course data are.
    """

    def __init__(
        self,
        study: Study[I, P, R],
        tables: Sequence[pd.DataFrame],
        draw: Draw[R],
        view: type[Inputs] = NoView,
        case: str | None = None,
        inputs: I | None = None,
    ):
        self.study, self.draw, self.case = study, draw, case
        self._course = dict(zip(study.datasets, tables, strict=True))
        self.own: Mapping[str, Own] = {}
        self._own_data = OwnData(study.datasets, self.show_own) if study.datasets else None
        self.prepared = study.prepare(*tables)
        self.initial = inputs or study.inputs()
        self.inputs, self.view = self.initial, view()
        self._later = memory.Later(self._remember)
        self._resumed = self._resume()
        self.result = study.run(self.prepared, self.inputs)
        self.charts: Sequence[Chart] = ()
        self.board = Board()
        self._holding = False
        self._mover: object = None
        self._turn = 0
        self._before: Mapping[str, float] = {}
        self.controls = {
            s.name: control_for(s, value)
            for shown in (self.inputs, self.view)
            for s, value in zip(shown.settings(), shown.model_dump().values(), strict=True)
        }
        self._boxes = {name: w.VBox([control]) for name, control in self.controls.items()}
        for control in self.controls.values():
            control.observe(self._moved, "value")
        self._watched: list[Callable[[Mapping[str, float]], None]] = []
        self.scenarios = Scenarios(case, self) if case else None
        if self.scenarios:
            self.scenarios.list(self._at_first())
        panes = w.Box([w.VBox(self._arranged()), Frame(self.board)])
        panes.add_class("crm-panes")
        panes.children[0].add_class("crm-controls")
        super().__init__([self._toolbar(), panes])
        self.add_class("crm-explorer")
        self._show()

    def set(self, **values: Any) -> None:
        """Set several controls at once, as if they had been moved together.

        Raises:
            UserError: a value is refused, or the data do not bear it; nothing is moved then.
        """
        ours = {s.name for s in self.view.settings()}
        inputs = self.inputs.replace(**{k: v for k, v in values.items() if k not in ours})
        view = self.view.replace(**{k: v for k, v in values.items() if k in ours})
        self.study.run(self.prepared, inputs)
        self._put({**inputs.model_dump(), **view.model_dump()})

    def what_if(self, **values: Any) -> pd.DataFrame:
        """Return the headline figures as shown beside what they would be with other inputs; no control moves.

        Raises:
            UserError: a value is refused, or the data do not bear it.
        """
        supposed = self.study.run(self.prepared, self.inputs.replace(**values))
        return self.study.headline_table({_("Now"): self.result, _("What if"): supposed})

    def load(
        self, source: Source | Mapping[str, Source], dataset: str = "", mapping: Columns | Reading = None
    ) -> tuple[str, ...]:
        """Show the study on data of your own; what does not fit leaves the pictures as they were.

        Args:
            source: a CSV file, a workbook, or its bytes; several at once by data set, where they belong together.
            dataset: which data set it is; the study's main one if not given.
            mapping: wanted column → column of the file where the names differ, ``"auto"``, or a whole
                :class:`~crmlib.tables.reading.Reading`.

        Returns:
            What was assumed while the files were read, a translated sentence each.

        Raises:
            UserError: a file cannot be used, or the study cannot work on the tables.
        """
        if not self.study.datasets:
            raise UserError(_("This study works without data."))
        files = source if isinstance(source, Mapping) else {dataset or self.study.datasets[0]: source}
        for name in files:
            if name not in self.study.datasets:
                known = _(", ").join(self.study.datasets)
                raise UserError(
                    _("This study has no data set “{name}”; it has: {known}.").format(name=name, known=known)
                )
        own = {name: _own(file, name, mapping) for name, file in files.items()}
        self.show_own(own)
        return tuple(note for file in own.values() for note in file.notes)

    def show_own(self, own: Mapping[str, Own]) -> None:
        """Show the study on files of one's own beside those shown already; an empty mapping: on the course data.

        Raises:
            UserError: the study cannot work on the tables; all stays as it was then.
        """
        own = {**self.own, **own} if own else {}
        read = {name: file.table for name, file in own.items()}
        how = {name: file.reading for name, file in own.items()}
        gathered = gather(list(self._course), read, how, self._course.__getitem__)
        before = self.prepared, self.result, self.own
        self._compare(None)
        try:
            self.own = own
            self.prepared = self.study.prepare(*gathered.frames)
            self.result = self.study.run(self.prepared, self.inputs)
            self._show()
        except BaseException as refusal:
            self.prepared, self.result, self.own = before
            if isinstance(refusal, UNFIT):
                raise unfit(refusal) from refusal
            raise
        if self._own_data:
            self._own_data.says(own, gathered.notes)

    def reset(self) -> None:
        """Go back to the inputs the explorer began with; data of one's own stay."""
        self._put({**self.initial.model_dump(), **type(self.view)().model_dump()})
        if self.scenarios:
            self.scenarios.list(self._at_first())

    def textbook(self) -> None:
        """Show the textbook case."""
        self._put(self.study.inputs(**self.study.textbook).model_dump())
        if self.scenarios:
            self.scenarios.list(None)

    def put(self, inputs: Mapping[str, Any]) -> None:
        """Show the study with these inputs, the others at their defaults.

        Raises:
            UserError: an input is refused.
        """
        self._put(self.study.inputs(**inputs).model_dump())
        self._later.soon()

    def save(self, name: str, replace: bool = False, why: str = "") -> str:
        """Save the inputs as a scenario of the case and return the command that reruns it.

        Data of one's own are not part of a scenario; the command names their files.

        Args:
            replace: whether it may take the place of another scenario of that name.
            why: what it is about, in the language now spoken.
        """
        if self.case is None:
            raise UserError(_("This explorer belongs to no case, so there is nowhere to save a scenario."))
        casebook.save_scenario(self.case, name, self.inputs, why=why, replace=replace)
        return " ".join([f"crm rerun {self.case} --scenario {name}", *map(shlex.quote, self._data_words())])

    def _data_words(self) -> list[str]:
        """Return the words of a command that name the files of one's own."""
        words = []
        for name, own in self.own.items():
            words += ["--data", own.file if name == self.study.datasets[0] else f"{name}={own.file}"]
            words += own.reading.options(name if len(self.own) > 1 else "")
        return words

    async def report(self, name: str) -> str:
        """Save the inputs as a scenario, rerun the case with them and the data shown, and return where the page lies.

        Nothing is fetched for it: a plotly.js that was cut before is used, else the whole.

        Raises:
            UserError: the name is refused, or the rerun failed; what it said is passed on.
        """
        self.save(name)
        words = ["rerun", str(self.case), "--scenario", name, "--to", "html", "--no-npm", "--lang", language()]
        with tempfile.TemporaryDirectory(prefix="crm-") as folder:
            rerun = await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "crmlib", *words, *_handed_over(self.own, Path(folder))),
                cwd=own_folder(),
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            said, complaint = (stream.decode(errors="replace").strip() for stream in await rerun.communicate())
        if rerun.returncode:
            raise UserError(complaint or said)
        return said

    def watch(self, told: Callable[[Mapping[str, float]], None]) -> None:
        """Have something told the headline figures whenever others are shown."""
        self._watched.append(told)

    def remarks(self) -> list[str]:
        """Return the translated sentences that stand above the pictures."""
        return self.inputs.remarks()

    def summary(self) -> pd.DataFrame:
        """Return the headline figures for the inputs now shown."""
        return self.study.headline_table({_("Now"): self.result})

    def _moved(self, change: Any) -> None:
        if self._holding:
            return
        self._compare(change and change["owner"])
        self._resumed = False
        values = {name: value_of(one) for name, one in self.controls.items()}
        try:
            inputs = self.study.inputs(**{s.name: values[s.name] for s in self.inputs.settings()})
            view = type(self.view)(**{s.name: values[s.name] for s in self.view.settings()})
        except InputError as refusal:
            self._refuse(refusal.fields)
            return
        self._refuse({})
        if inputs != self.inputs:
            try:
                self.result = self.study.run(self.prepared, inputs)
            except UserError as refusal:
                self.board.remarks = refusal.problems
                return
        self.inputs, self.view = inputs, view
        self._show()
        if change is not None:
            self._later.soon()

    def _put(self, values: Mapping[str, Any]) -> None:
        self._holding = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._holding = False
        self._moved(None)

    def _resume(self) -> bool:
        """Take up the inputs that were chosen last, if they still hold; tell whether there were any."""
        kept = memory.recall(KEPT, self._kept_as) if self.initial == self.study.inputs() else None
        if not kept:
            return False
        ours = {s.name for s in self.view.settings()}
        try:
            inputs = self.inputs.replace(**{k: v for k, v in kept.items() if k not in ours})
            view = self.view.replace(**{k: v for k, v in kept.items() if k in ours})
            self.study.run(self.prepared, inputs)
        except UserError:
            return False
        self.inputs, self.view = inputs, view
        return True

    def _remember(self) -> None:
        """Keep the inputs that the user has chosen; what a cell's code sets is not the user's choice."""
        if said := memory.remember(self._kept_as, {**self.inputs.changes(), **self.view.changes()}):
            self.board.remarks = [*self.board.remarks, said]

    @property
    def _kept_as(self) -> str:
        return f"explorer.{self.study.name}"

    def _compare(self, mover: object) -> None:
        """Compare with what is shown now, if it is not the control moved last that is moved again."""
        if mover is None or mover is not self._mover:
            self._mover, self._turn = mover, self._turn + 1
            self._before = self.study.headline(self.result)

    def _show(self) -> None:
        figures = self.study.headline(self.result)
        self.charts = self.draw(self.result, self.view)
        measures = self.study.measures
        facts = [(m.title(), m.shown(figures[key])) for key, m in measures.items()]
        changes = [m.change(self._before.get(key, figures[key]), figures[key]) for key, m in measures.items()]
        resumed = [_("These are the inputs you chose last time; “Reset” goes back.")] if self._resumed else []
        self.board.show(self.charts, facts, [*self.remarks(), *resumed], changes, self._turn)
        for told in self._watched:
            told(figures)

    def _refuse(self, sentences: Mapping[str, str]) -> None:
        """Put each sentence under its control and take away those that no longer hold; the picture stays."""
        for name, box in self._boxes.items():
            if name in sentences:
                line = w.HTML(f'<span role="alert">{safe(sentences[name])}</span>')
                line.add_class("crm-problem")
                box.children = (self.controls[name], line)
            elif len(box.children) > 1:
                box.children = (self.controls[name],)

    def _arranged(self) -> list[w.Widget]:
        """Return the controls: those a beginner needs and those of the picture, the others folded below them."""
        settings = (*self.inputs.settings(), *self.view.settings())
        rest = folded_away(self.study, settings)
        shown = self._grouped([s for s in settings if s not in rest])
        return [*shown, Fold(_("More inputs ({n})").format(n=len(rest)), self._grouped(rest))] if rest else shown

    def _grouped(self, settings: Sequence[Setting]) -> list[w.Widget]:
        """Return controls under the headings of their groups, in the order in which the groups are first named."""
        children: list[w.Widget] = []
        for group in dict.fromkeys(s.group for s in settings):
            title = w.HTML(safe(_(group)))
            title.add_class("crm-group")
            children += [title, *(self._boxes[s.name] for s in settings if s.group == group)]
        return children

    def _toolbar(self) -> w.Widget:
        reset, textbook = button(_("Reset")), button(_("Textbook case"))
        for pressed, act in ((reset, self.reset), (textbook, self.textbook)):
            pressed.on_click(lambda _button, act=act: act())
            pressed.on_click(lambda _button: self._later.soon())
        own = [self._own_data] if self._own_data else []
        tools = [reset, textbook, *own]
        if (ours := self.scenarios) is not None:
            tools = [reset, textbook, ours.choice, ours.fold, *own, ours.said, ours.question]
        bar = w.Box(tools)
        bar.add_class("crm-toolbar")
        return bar

    def _at_first(self) -> str | None:
        """Return the scenario that the explorer began with, or None if it is none of the case's."""
        return "base" if self.case and self.initial == self.study.inputs() else None

    def __repr__(self) -> str:
        return _("{title}: run this cell (Shift+Enter) to move the controls").format(title=_(self.study.title))

    def without_kernel(self) -> dict[str, Any]:
        """Return the first figure, for a page that has no kernel."""
        return {PLOTLY_MIME: self.charts[0].bundle()[PLOTLY_MIME]}


def unfit(refusal: Exception) -> UserError:
    """Return what is said where a study or its charts cannot work on a table that could be read."""
    said = _("The study cannot work on these data ({why}).")
    return UserError(said.format(why=shorten(refusal, 120)))


def folded_away(study: Study[Any, Any, Any], settings: Sequence[Setting]) -> list[Setting]:
    """Return the settings that a beginner does not need, where there are more than a few."""
    if len(settings) <= FEW:
        return []
    first = study.first or tuple(s.name for s in settings[:5])
    return [s for s in settings if s.name not in first and s.group != VIEW]


def _own(source: Source, dataset: str, mapping: Columns | Reading) -> Own:
    """Read and check a file of one's own, or its bytes."""
    held, file = (source, dataset) if isinstance(source, bytes) else (content(Path(source)), Path(source).name)
    return Own(file, read_bytes(held, file, dataset, mapping), as_reading(mapping), held)


def _handed_over(own: Mapping[str, Own], folder: Path) -> list[str]:
    """Write the files shown into a folder for a rerun, and return the words that name them and say how to read them."""
    words = []
    for place, (name, file) in enumerate(own.items()):
        path = folder / str(place) / Path(file.file).name
        path.parent.mkdir()
        path.write_bytes(file.content)
        words += ["--data", f"{name}={path}", *file.reading.options(name)]
    return words

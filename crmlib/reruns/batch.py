"""Scenarios of a case rerun side by side: a page each, and an index that compares them.

A scenario that fails is told apart and the others go on. What is finished is noted in a manifest as soon as it is, so
a batch that was stopped goes on where it was.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.notebooks.kernels import cores
from crmlib.reruns import manifest
from crmlib.reruns.compared import Compared
from crmlib.reruns.index_page import index_page
from crmlib.reruns.rerun import (
    LONGEST,
    Ending,
    Rerun,
    digest,
    file_name,
    finish,
    plan_reruns,
    scenario_names,
)
from crmlib.support.files import folder, written
from crmlib.tables import data

EVERY = "all"
"""What stands for every scenario of a case."""


@dataclass
class Batch:
    """Scenarios of one case on their way into one folder.

    Attributes:
        names: the scenarios, in order.
        reruns: those of them that can be rerun.
        base: what they are compared with; None where the base scenario itself is refused.
        refused: why a scenario failed, by its name; those that cannot even begin are here from the start.
        formats: what is written for each.
        noted: whether the manifest is kept.
        files: what is finished, by scenario.
        origins: digests of what each is made from, by scenario.
    """

    names: Sequence[str]
    reruns: Sequence[Rerun]
    base: Rerun | None
    refused: dict[str, UserError]
    out: Path
    formats: Sequence[str]
    noted: bool
    files: dict[str, list[Path]] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)

    def link(self) -> None:
        """Have the pages of several scenarios lead to one another and to the index."""
        if len(self.names) < 2:
            return
        index = (_("All scenarios compared"), quote(f"{self.name()}.html"))
        pages = [(agreed.title, file_name(agreed, "html")) for agreed in self.reruns]
        self.reruns = [
            replace(
                agreed,
                links=(index, *((text, "" if n == here else quote(file)) for n, (text, file) in enumerate(pages))),
            )
            for here, agreed in enumerate(self.reruns)
        ]

    def resume(self) -> None:
        """Take as finished what was made from what it would be made from now.

        Raises:
            UserError: the manifest is damaged; nothing is taken as finished then.
        """
        entries = manifest.read(self.out)
        for agreed in self.reruns:
            origin = self._origin(agreed)
            if all(manifest.is_finished(self.out, entries, origin, path.name) for path in self._paths(agreed)):
                self.files[agreed.scenario] = self._paths(agreed)

    def todo(self) -> list[Rerun]:
        """Return the scenarios that are neither finished nor failed."""
        return [agreed for agreed in self.reruns if agreed.scenario not in {*self.files, *self.refused}]

    def run(
        self, at_once: int | None = None, timeout: float = LONGEST, tick: Callable[[], object] = lambda: None
    ) -> None:
        """Rerun what is to be done; what becomes of each scenario is in ``files`` or ``refused`` as soon as known.

        Args:
            at_once: how many kernels run at the same time; as many as there are cores if not given.
            timeout: seconds that one scenario may take.
            tick: called after each code cell, from another thread.

        Raises:
            UserError: the folder cannot be written to.
        """
        todo = self.todo()
        if self.noted:
            for agreed in todo:
                self._origin(agreed)  # before it begins: what changes meanwhile makes it stale
        jobs = [(agreed, self.formats) for agreed in todo]
        with closing(finish(jobs, self.out, at_once or cores(), timeout, tick)) as endings:
            for ending in endings:
                self._note(ending)

    def _note(self, ending: Ending) -> None:
        agreed = ending.rerun
        try:
            if ending.refusal:
                raise ending.refusal
            if self.noted:
                manifest.record(self.out, self._origin(agreed), [path.name for path in ending.files])
        except UserError as refusal:
            self.refused[agreed.scenario] = refusal
        else:
            self.files[agreed.scenario] = self._paths(agreed)

    def _origin(self, agreed: Rerun) -> str:
        if agreed.scenario not in self.origins:
            self.origins[agreed.scenario] = manifest.origin_of(agreed)
        return self.origins[agreed.scenario]

    def _paths(self, agreed: Rerun) -> list[Path]:
        return [self.out / file_name(agreed, fmt) for fmt in self.formats]

    def compare(self) -> list[Path]:
        """Write the index, and the comparison as a table where tables are asked for; return the files.

        Nothing is compared where nothing is finished.

        Raises:
            UserError: they cannot be written.
        """
        finished = [agreed for agreed in self.reruns if agreed.scenario in self.files]
        if not finished:
            return []
        base = self.base if self.base and self.base.scenario not in self.refused else finished[0]
        compared = Compared([base, *(agreed for agreed in finished if agreed.scenario != base.scenario)])
        contents = {"html": index_page(self.names, self.reruns, compared, self.refused, self.formats)}
        if "csv" in self.formats:
            contents["csv"] = data.csv_text(compared.listing())
        return [written(self.out / f"{self.name()}.{kind}", content) for kind, content in contents.items()]

    def name(self) -> str:
        """Return the name of the index: case, language, and a mark of a choice of scenarios or of changes."""
        first, marks = self.reruns[0], {agreed.scenario: agreed.mark for agreed in self.reruns}
        every = set(self.names) == set(scenario_names(first.case)) and not any(marks.values())
        return f"{first.case}-{first.lang}" if every else f"{first.case}-{digest(marks)[:6]}-{first.lang}"


def begin(
    case: str,
    lang: str,
    scenarios: Sequence[str],
    out: Path,
    formats: Iterable[str],
    changes: Iterable[str] = (),
    files: Iterable[str] = (),
    columns: Iterable[str] = (),
    noted: bool = True,
    moves: bool = False,
) -> Batch:
    """Check everything about some scenarios of a case and return them ready to run.

    Args:
        case: name of a case.
        lang: ``"zh"`` or ``"en"``.
        scenarios: names of scenarios, or ``["all"]``.
        out: folder to write to.
        formats: of :data:`~crmlib.reruns.rerun.FORMATS`.
        changes: ``name=value`` texts, which go over each scenario's inputs.
        files, columns: the user's own data, as for :func:`~crmlib.reruns.rerun.plan_rerun`.
        noted: whether what is finished is noted for a later ``resume``.
        moves: whether an input can be moved on each page; working that out takes seconds a page.

    Raises:
        UserError: not one of the scenarios can be rerun, a name is none, or ``out`` cannot be written to.
    """
    wanted = scenario_names(case) if list(scenarios) == [EVERY] else list(dict.fromkeys(scenarios))
    needed = list(dict.fromkeys([*wanted, "base"])) if len(wanted) > 1 else wanted
    agreed, refused = plan_reruns(case, lang, needed, changes, files, columns)
    base = next((one for one in agreed if one.scenario == "base"), None)
    chosen = [replace(one, moves=moves) for one in agreed if one.scenario in wanted]
    failed = {name: refusal for name, refusal in refused.items() if name in wanted}
    batch = Batch(wanted, chosen, base, failed, folder(out), list(formats), noted)
    batch.link()
    return batch

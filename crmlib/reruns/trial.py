"""What a rerun would say of a user's own table: whether the cases that use its data set can be worked out on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.study import Study
from crmlib.tables.data import Table
from crmlib.tables.reading import Reading
from crmlib.tables.together import gather


@dataclass(frozen=True)
class Trial:
    """What came of it.

    Attributes:
        notes: what a rerun would say beside its figures.
        refused: why a case cannot be rerun on the table, by its name.
        tried: the cases.
    """

    notes: tuple[str, ...]
    refused: Mapping[str, list[str]]
    tried: tuple[str, ...]


def trial(dataset: str, table: Table, reading: Reading) -> Trial:
    """Work out every case that uses a data set on a user's own table, with the default inputs."""
    notes, refused, tried = dict.fromkeys(table.notes), {}, []
    for name in casebook.cases():
        study = STUDIES.get(casebook.case(name).study)
        if study is None or dataset not in study.datasets:
            continue
        tried.append(name)
        try:
            notes |= dict.fromkeys(_worked_out(study, dataset, table, reading))
        except UserError as refusal:
            refused[name] = [_("{case}: {why}").format(case=name, why=why) for why in refusal.problems]
    return Trial(tuple(notes), refused, tuple(tried))


def _worked_out(study: Study[Any, Any, Any], dataset: str, table: Table, reading: Reading) -> tuple[str, ...]:
    gathered = gather(study.datasets, {dataset: table}, {dataset: reading})
    study.run(study.prepare(*gathered.frames), study.inputs())
    return gathered.notes

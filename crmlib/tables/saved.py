"""How a file was read, kept as a small YAML file, so that the next file of the same kind is read in the same way."""

from pathlib import Path
from typing import Literal

import yaml
from pydantic import Field

from crmlib.support.files import written
from crmlib.support.strict_yaml import Line, Part, read_yaml
from crmlib.tables.own_file import Table
from crmlib.tables.reading import Reading


class Saved(Part):
    """What the file holds: the options of the command line, by their names."""

    columns: dict[Line, Line] = Field(default_factory=dict)
    units: dict[Line, Line] = Field(default_factory=dict)
    header_row: str = Field("", alias="header-row")
    sheet: str = ""
    sheets: Literal["", "all"] = ""
    trim_ids: bool = Field(False, alias="trim-ids")
    only_own: bool = Field(False, alias="only-own")
    drop_totals: bool = Field(False, alias="drop-totals")
    fill_down: bool = Field(False, alias="fill-down")
    empty_signs: bool = Field(False, alias="empty-signs")
    day: Literal["", "first", "last"] = ""


def words(path: Path) -> list[str]:
    """Return the words of :mod:`crmlib.tables.reading` that a file keeps.

    Raises:
        UserError: there is no such file, or it does not say how to read one.
    """
    kept = read_yaml(path, Saved)
    return Reading(
        columns=kept.columns,
        units=kept.units,
        trim_ids=kept.trim_ids,
        only_own=kept.only_own,
        drop_totals=kept.drop_totals,
        header=kept.header_row,
        sheet=kept.sheet,
        every_sheet=bool(kept.sheets),
        fill_down=kept.fill_down,
        empty_signs=kept.empty_signs,
        day=kept.day,
    ).words()


def save(path: Path, reading: Reading, table: Table) -> Path:
    """Write how a table was read, its columns one by one.

    Raises:
        UserError: the file cannot be written.
    """
    kept = Saved.model_validate(
        {
            "columns": dict(table.columns),
            "units": dict(reading.units),
            "header-row": reading.header,
            "sheet": reading.sheet,
            "sheets": "all" if reading.every_sheet else "",
            "trim-ids": reading.trim_ids,
            "only-own": reading.only_own,
            "drop-totals": reading.drop_totals,
            "fill-down": reading.fill_down,
            "empty-signs": reading.empty_signs,
            "day": reading.day,
        }
    )
    content = kept.model_dump(by_alias=True, exclude_defaults=True)
    return written(path, yaml.safe_dump(content, allow_unicode=True, sort_keys=False))

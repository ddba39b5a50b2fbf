"""How a user's own file is to be read, as the user says it: which columns are meant, their units, and what else.

On the command line these are options. In a notebook they stand as words in the list ``columns``, as options with a
value are written: ``["auto", "--unit=total_assets=亿元", "--trim-ids"]``.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.core.inputs import shorten
from crmlib.tables import columns
from crmlib.tables.dictionary import dictionary
from crmlib.tables.units import family_of, own_names, times

Columns = Mapping[str, str] | str | None
"""Which columns are meant: wanted → the file's, ``"auto"`` for what is proposed, None for the very names only."""

SWITCHES = ("--trim-ids", "--only-own", "--drop-totals", "--fill-down", "--empty-signs")
WITH_VALUE = ("--unit", "--header-row", "--sheet", "--sheets", "--day")
ONE_OF = {"--sheets": ("all",), "--day": ("first", "last")}
"""The values that some options may have."""
_VALUE = r"(?:'[^']*'|[\w.]+=[\w%/]+)"
_ALONE = "|".join(switch.removeprefix("--") for switch in SWITCHES)
_OPTION = rf"--(?:{_ALONE}|sheets all|day (?:first|last)|header-row \d+(?:-\d+)?|(?:map|unit) {_VALUE})"
OFFERED = re.compile(rf"{_OPTION}(?: {_OPTION})*")
"""What a refusal tells the user to add to a command: one option, or several in a row."""
MOST_OFFERED = 6
"""So many ways of reading are taken out of what a refusal says."""


@dataclass(frozen=True)
class Reading:
    """How a file is to be read.

    Attributes:
        columns: which columns are meant.
        units: unit of a column in the file, by the wanted name.
        trim_ids: ids are read without blanks around them, unseen signs, full width and small letters.
        only_own: packaged tables are not put beside the user's own.
        drop_totals: rows that look like totals or notes are left out.
        header: rows of the header, such as ``"3"`` or ``"2-3"``; "" for the first.
        sheet: name of the sheet of a workbook; "" for the one that fits best.
        every_sheet: all sheets that fit are read, one below the other.
        fill_down: cells merged downwards, and ids that are missing below others, have the value above them.
        empty_signs: signs and words for nothing, such as — and 无, are read as empty cells.
        day: the day that a month or a year stands for, ``"first"`` or ``"last"``; "" if none is told.
    """

    columns: Columns = None
    units: Mapping[str, str] = field(default_factory=dict)
    trim_ids: bool = False
    only_own: bool = False
    drop_totals: bool = False
    header: str = ""
    sheet: str = ""
    every_sheet: bool = False
    fill_down: bool = False
    empty_signs: bool = False
    day: str = ""

    def words(self) -> list[str]:
        """Return the words that :func:`told` reads as this."""
        said = [*columns.options(self.columns), *(f"--unit={column}={unit}" for column, unit in self.units.items())]
        said += [switch for switch in SWITCHES if getattr(self, switch.removeprefix("--").replace("-", "_"))]
        said += [f"--header-row={self.header}"] if self.header else []
        said += [f"--sheet={self.sheet}"] if self.sheet else []
        said += ["--sheets=all"] if self.every_sheet else []
        return [*said, *([f"--day={self.day}"] if self.day else [])]

    def options(self, dataset: str = "") -> list[str]:
        """Return the words to be typed after a command; what names a column is for one data set, if given."""
        of = f"{dataset}." if dataset else ""
        typed: list[str] = []
        for word in self.words():
            name, equals, value = word.partition("=")
            if name == "--unit":
                typed += [name, of + value]
            elif name.startswith("--"):
                typed += [name, value] if equals else [name]
            else:
                typed += ["--map", of + word if equals else word]
        return typed


def ways(sentences: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the ways of reading that sentences to the user offer: each as it is typed, and as words for :func:`told`.

    >>> ways(["If it is, add --header-row 3.", "--sheet NAME"])
    {'--header-row 3': ('--header-row=3',)}
    >>> list(ways(["add --map 'sales=turnover (yuan)' --unit sales=元; if not, …"]).values())
    [('sales=turnover (yuan)', '--unit=sales=元')]
    """
    offered = dict.fromkeys(match for sentence in sentences for match in OFFERED.findall(sentence))
    return {typed: tuple(_as_words(shlex.split(typed))) for typed in list(offered)[:MOST_OFFERED]}


def _as_words(typed: Iterable[str]) -> Iterator[str]:
    """Yield typed options as words: a value stands with its option, and a mapping alone."""
    rest = iter(typed)
    for option in rest:
        if option == "--map":
            yield next(rest)
        else:
            yield f"{option}={next(rest)}" if option in WITH_VALUE else option


def as_reading(given: Columns | Reading) -> Reading:
    """Return a mapping of columns as a way of reading."""
    return given if isinstance(given, Reading) else Reading(given)


def told(words: Iterable[str], datasets: Sequence[str]) -> dict[str, Reading]:
    """Return how each of several data sets is to be read for which the user has files.

    What names a column goes to every data set that has it, ``name.column=…`` to the one of that name.

    Raises:
        DataError: a word says nothing that is known, or nothing that fits these data sets.
    """
    said = list(words)
    options = [word for word in said if word.startswith("--")]
    maps = columns.told([word for word in said if word not in options], datasets)
    if options and not datasets:
        option = options[0].partition("=")[0]
        raise DataError(
            _("“{option}” is about your own file; name the file with “--data”.").format(option=shorten(option))
        )
    units: dict[str, str] = {}
    values = dict.fromkeys(WITH_VALUE, "")
    for option in options:
        name, _equals, value = option.partition("=")
        if name == "--unit":
            units |= _unit(value)
        elif name in WITH_VALUE and value.strip() and value in ONE_OF.get(name, (value,)):
            values[name] = value.strip()
        elif option not in SWITCHES:
            raise DataError(_("“{option}” is no way of reading a file.").format(option=shorten(option)))
    trim, own, drop, down, signs = (switch in options for switch in SWITCHES)
    header, sheet, sheets, day = (values[name] for name in WITH_VALUE[1:])
    every = Reading(
        trim_ids=trim, only_own=own, drop_totals=drop, header=header, sheet=sheet, every_sheet=bool(sheets),
        fill_down=down, empty_signs=signs, day=day,
    )  # fmt: skip
    found = {name: replace(every, columns=mapping) for name, mapping in maps.items()}
    for dataset, of in (columns.dealt(units, datasets) if units else {}).items():
        _hold_units(of, dataset)
        found[dataset] = replace(found[dataset], units=of)
    return found


def _unit(option: str) -> dict[str, str]:
    column, _equals, unit = (part.strip() for part in option.partition("="))
    if not (column and unit):
        raise DataError(_("“{option}” is not of the form column=unit.").format(option=shorten(option)))
    return {column: unit}


def _hold_units(units: Mapping[str, str], dataset: str) -> None:
    """Refuse a unit that cannot be turned into the column's own."""
    for column, unit in units.items():
        spec = dictionary(dataset).columns[column]
        if times(unit, spec) is None:
            family = family_of(spec) or dict.fromkeys(sorted(own_names(spec)))
            known = _(", ").join(family) or _("none")
            said = _("“{column}” cannot be read in the unit “{unit}”; it can be in: {known}.")
            raise DataError(said.format(column=column, unit=shorten(unit), known=known))

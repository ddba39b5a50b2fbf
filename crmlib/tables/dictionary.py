"""Data dictionaries: what each column of a data set means, in which unit, of which type, with which values.

A dictionary is a YAML file in ``data/`` beside the CSV of the same name; ``data/bank_loans.yaml`` explains the format.
From it come the types of a loaded table, the checks of a user's own file, the labels of axes and the table a chapter
shows.
"""

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import pandas as pd
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from crmlib.core.errors import DataError
from crmlib.core.i18n import LANGUAGES, N_, _, language, pick
from crmlib.core.paths import DATA

FORMS = Path(__file__).with_name("forms")
"""Dictionaries of tables of which there is no packaged one, such as the class list."""


def _in_both_languages(text: dict[str, str]) -> dict[str, str]:
    if set(text) != set(LANGUAGES):
        raise ValueError(f"a text needs exactly {LANGUAGES}")
    return text


Text = Annotated[dict[str, str], AfterValidator(_in_both_languages)]

KINDS = {
    "text": N_("text"),
    "date": N_("date"),
    "number": N_("number"),
    "integer": N_("whole number"),
    "category": N_("category"),
    "flag": N_("0 no, 1 yes"),
}


class Column(BaseModel):
    """What a column holds.

    ``required``: a file must have it; ``nullable``: its cells may be empty; ``aliases``: what else people call it;
    ``of``: its ids are those of that data set, which has a column of this name; ``years``: data set and column of the
    years in which its dates count.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    type: Literal["text", "date", "number", "integer", "category", "flag"]
    meaning: Text
    unit: Text | None = None
    required: bool = True
    nullable: bool = False
    ge: float | None = None
    gt: float | None = None
    le: float | None = None
    categories: dict[str, Text] = {}
    aliases: dict[Literal["zh", "en"], list[str]] = {}
    of: str = ""
    years: tuple[str, str] | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.type == "category") != bool(self.categories):
            raise ValueError("categories go with type category, and only with it")
        if self.bounds and self.type not in ("number", "integer"):
            raise ValueError("only numbers have bounds")
        return self

    @property
    def bounds(self) -> dict[str, float]:
        """The bounds that are set, by name."""
        return {rule: bound for rule in ("ge", "gt", "le") if (bound := getattr(self, rule)) is not None}

    @property
    def dtype(self) -> str:
        """The pandas type of the column in a table that fits."""
        whole = {"integer": "Int64", "flag": "boolean"} if self.nullable else {"integer": "int64", "flag": "bool"}
        return whole.get(self.type, self.loose_dtype)

    @property
    def loose_dtype(self) -> str:
        """The pandas type while the column may still have gaps."""
        return {"text": "str", "category": "str", "date": "datetime64[us]"}.get(self.type, "float64")


class DataDictionary(BaseModel):
    """A data set's title, source, key (the columns that together name a row) and columns in file order.

    ``by_any_name``: in a user's file a column may go by its meaning or an alias without the user being asked.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Text
    source: Text
    key: list[str]
    columns: dict[str, Column]
    by_any_name: bool = False

    @model_validator(mode="after")
    def _key_is_whole(self) -> Self:
        for name in self.key:
            if name not in self.columns or self.columns[name].nullable or not self.columns[name].required:
                raise ValueError(f"key column {name} must exist, be required and not be nullable")
        return self

    def typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return ``frame`` with the final type of each column."""
        return frame.astype({column: self.columns[column].dtype for column in frame.columns.tolist()})


@cache
def dictionary(name: str) -> DataDictionary:
    """Return the dictionary of data set ``name``.

    Raises:
        DataError: there is no such data set.
        pydantic.ValidationError: the YAML file is not a data dictionary.
    """
    known = dictionaries()
    if name not in known:
        raise DataError(
            _("There is no data set “{name}”; there are: {known}.").format(name=name, known=_(", ").join(known))
        )
    return DataDictionary.model_validate(yaml.safe_load(known[name].read_text(encoding="utf-8")))


def dictionaries() -> dict[str, Path]:
    """Return the dictionaries by name: of the packaged data sets, and of tables that only users have."""
    return {path.stem: path for folder in (DATA, FORMS) for path in sorted(folder.glob("*.yaml"))}


def heading(name: str, column: str) -> str:
    """Return how a column is called in a template whose headers are Chinese: its meaning and its unit."""
    spec = dictionary(name).columns[column]
    return f"{spec.meaning['zh']}（{spec.unit['zh']}）" if spec.unit else spec.meaning["zh"]


def label(name: str, column: str) -> str:
    """Return a column's meaning and unit in the language now spoken, for an axis: ``Deposits (10,000 yuan)``."""
    spec = dictionary(name).columns[column]
    if spec.unit is None:
        return pick(spec.meaning)
    return _("{meaning} ({unit})").format(meaning=pick(spec.meaning), unit=pick(spec.unit))


def categories(name: str, column: str) -> dict[str, str]:
    """Return a category column's codes with their names in the language now spoken, in the dictionary's order."""
    return {code: pick(text) for code, text in dictionary(name).columns[column].categories.items()}


def readable(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows of a data set as a reader sees them: columns by their meaning, categories by their names."""
    known = dictionary(name).columns
    coded = [column for column in map(str, frame) if known[column].categories]
    shown = frame.assign(**{column: frame[column].map(categories(name, column)) for column in coded})
    return shown.set_axis([label(name, str(column)) for column in frame], axis=1)


def describe(name: str) -> pd.DataFrame:
    """Return the dictionary as a table in the language now spoken, one row for each column of the data set."""
    signs = {"ge": "≥", "gt": ">", "le": "≤"}
    rows = []
    for column, spec in dictionary(name).columns.items():
        bounds = _(", ").join(f"{signs[rule]} {_bound(spec, bound)}" for rule, bound in spec.bounds.items())
        codes = [
            code if code.casefold() == text.casefold() else f"{code} = {text}"
            for code, text in categories(name, column).items()
        ]
        row = {_("Column"): column, _("Meaning"): pick(spec.meaning), _("Unit"): pick(spec.unit) if spec.unit else ""}
        row |= {_("Type"): _(KINDS[spec.type]), _("Values"): "\n".join([*([bounds] if bounds else []), *codes])}
        rows.append(row | {_("May be empty"): _("yes") if spec.nullable else _("no")})
    return pd.DataFrame(rows).set_index(_("Column"))


def _bound(spec: Column, bound: float) -> str:
    """Return a bound as text; a year has no separator."""
    return f"{bound:g}" if spec.unit is None and 1900 <= bound <= 2200 else f"{bound:,.12g}"


def spoken(frame: pd.DataFrame, column: str) -> "pd.Series[Any]":
    """Return a column of names in the language now spoken; as they stand where the file has no others."""
    own, other = frame[column], frame.get(f"{column}_en")
    return own if other is None or language() != "en" else other.where(other.notna() & other.ne(""), own)

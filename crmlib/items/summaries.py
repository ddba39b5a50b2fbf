"""What a chapter comes down to: its key terms, its formulas, and what is easily mixed up.

The key terms stand in the chapter itself, in the table of “In one minute”; formulas and pairs of notions in
``casebook/summaries/<topic>.yaml``. The chapter, the cards and the page to print before the exam show the same.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

from pydantic import Field

from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _, speaking
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.items.item import Name
from crmlib.support.strict_yaml import Line, Part, Texts, read_yaml

SUMMARIES = CASEBOOK / "summaries"


class Formula(Part):
    """A formula in LaTeX, with its name and what its letters mean."""

    name: Texts
    latex: Line
    where: Texts


class Pair(Part):
    """Two notions that are easily mixed up, and what tells them apart.

    ``part`` says which part of a chapter shows them, if it has several notebooks; without it the first does.
    """

    one: Texts
    other: Texts
    difference: Texts
    part: Name | Literal[""] = ""


class Summary(Part):
    """A file: formulas and pairs of a topic."""

    topic: Name
    formulas: tuple[Formula, ...]
    pairs: Annotated[tuple[Pair, ...], Field(min_length=1)]


class KeyTerm(NamedTuple):
    """A row of the table “In one minute”: the term in both languages, and a sentence in each."""

    term: Texts
    said: Texts


@cache
def summary(topic: str) -> Summary | None:
    """Return the formulas and pairs of a topic; None if it has none yet.

    Raises:
        UserError: its file does not hold them.
    """
    path = SUMMARIES / f"{topic}.yaml"
    return read_yaml(path, Summary) if path.exists() else None


@cache
def key_terms(*notebooks: str) -> tuple[KeyTerm, ...]:
    """Return the key terms of notebooks of chapters, such as ``02_tiers``, in the order of their tables.

    Raises:
        UserError: the tables of one in the two languages do not hold the same terms.
    """
    return tuple(term for notebook in notebooks for term in _key_terms(SOURCES / f"{notebook}.md"))


def _key_terms(path: Path) -> Iterator[KeyTerm]:
    zh, en = (_rows(path, lang) for lang in LANGUAGES)
    if [(one, other) for one, other, _said in zh] != [(other, one) for one, other, _said in en]:
        said = _("{file}: the tables “In one minute” do not hold the same terms in both languages.")
        raise UserError(said.format(file=path.name))
    for z, e in zip(zh, en, strict=True):
        yield KeyTerm(Texts(zh=z[0], en=z[1]), Texts(zh=z[2], en=e[2]))


def _rows(path: Path, lang: str) -> list[tuple[str, str, str]]:
    """Return the rows of the table in a language: the term in it, in the other, the sentence."""
    with speaking(lang):
        heading = _("In one minute")
    _before, _mark, after = path.read_text("utf-8").partition(f"\n## {heading}\n")
    table = re.findall(r"^\|(.+?)\|(.+?)\|(.+)\|$", after.partition("\n+++ ")[0], re.MULTILINE)
    return [(a.strip(), b.strip(), c.strip()) for a, b, c in table[2:]]  # below the heads and the line under them

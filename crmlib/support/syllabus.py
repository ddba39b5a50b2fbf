"""What the workbook has to teach: the rows of ``casebook/syllabus.yaml``, each with what it asks for.

Which chapter teaches a row stands in the chapter's own declaration; :mod:`crmlib.notebooks.syllabus` compares the two.
"""

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from crmlib.core.i18n import N_, _
from crmlib.core.paths import CASEBOOK
from crmlib.support.strict_yaml import Line, Part, Texts, read_yaml

SYLLABUS = CASEBOOK / "syllabus.yaml"
DOES: Mapping[str, str] = {
    "T": N_("explained in a section"),
    "M": N_("computed by a study"),
    "W": N_("moved in an explorer"),
    "D": N_("shown on data"),
    "Q": N_("asked by at least two items"),
    "C": N_("worked on in a case"),
}
"""What a row may ask for, by the letter in its field ``does``; a section explains each row, with a T or without."""


class Row(Part):
    """One topic of the course.

    Attributes:
        id: such as ``S-07``; B rows come from past papers.
        name: what it is about, in a few words.
        does: the letters of :data:`DOES` that it asks for.
        sources: Chinese names of the course's documents that it comes from.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[SB]-\d\d$")]
    name: Texts
    does: Annotated[str, StringConstraints(pattern=r"^[TMWDQC]+$")]
    sources: tuple[Line, ...] = ()


class Syllabus(Part):
    """All of the file."""

    rows: Annotated[tuple[Row, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> Self:
        for id, n in Counter(row.id for row in self.rows).items():
            if n > 1:
                raise ValueError(_("row {id} stands twice.").format(id=id))
        return self


@cache
def rows() -> Mapping[str, Row]:
    """Return the rows by id, in order; what is wrong with the file raises ``UserError``."""
    return {row.id: row for row in read_yaml(SYLLABUS, Syllabus).rows}

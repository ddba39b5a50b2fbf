"""How a school prints its papers: names, logo, two words about the exam, and the sheet they are printed on.

A small YAML file of the instructor's own; every field may be left out.
"""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator

from crmlib.core.errors import reason
from crmlib.core.i18n import _
from crmlib.support.strict_yaml import Line, Part, Texts, read_yaml, refused

LARGEST_LOGO = 1_000_000
"""Bytes."""
PICTURES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpeg"}
"""How a file of each kind of picture begins."""

Layout = Literal["a4", "a3", "b4"]
Letters = Literal["brackets", "grid"]


def _in_quotes(value: Any) -> Any:
    """Refuse what YAML takes for a number, a date or yes and no: a code 0301 would be read as 193."""
    if value is not None and not isinstance(value, str | dict | Texts):
        raise ValueError(_("it is read as something other than text; put it in quotes."))
    return value


def _for_both(value: Any) -> Any:
    """Take one text for both languages."""
    value = _in_quotes(value)
    return {"zh": value, "en": value} if isinstance(value, str) else value


def _a_picture(data: str) -> str:
    """Refuse what is no picture of a kind that every format of a paper can hold."""
    head, _comma, content = data.partition(",")
    try:
        start = base64.b64decode(content, validate=True)
    except binascii.Error:
        start = b""
    kinds = [kind for magic, kind in PICTURES.items() if start.startswith(magic)]
    if [head] != [f"data:image/{kind};base64" for kind in kinds]:
        raise ValueError(_("it is no PNG or JPEG picture."))
    return data


Said = Annotated[Texts, BeforeValidator(_for_both)]
Quoted = Annotated[Line, BeforeValidator(_in_quotes)]
Picture = Annotated[str, AfterValidator(_a_picture)]


class Look(Part):
    """What a school's file says beside its logo. Texts may be one for both languages.

    Attributes:
        school: its name, at the head of a paper.
        header: a line at the top of every page.
        course, code, semester: as the university writes them.
        book: whether students may use books.
        layout: A4, or A3 or B4 (JIS) across in two columns.
        letters: where letters are written: in brackets before the number, or in a grid above the questions.
    """

    school: Said | None = None
    header: Said | None = None
    course: Said | None = None
    code: Quoted | None = None
    semester: Said | None = None
    book: Literal["closed", "open"] | None = None
    layout: Layout = "a4"
    letters: Letters = "brackets"


class School(Look):
    """A school's settings with its logo, if it has one, as a data address: whole, so that a manifest can keep them."""

    logo: Picture | None = None


class _File(Look):
    logo: Line | None = None


PLAIN = School()
"""A paper that names no school."""


def read_school(path: Path) -> School:
    """Return a school's settings; its logo is looked for beside the file.

    Raises:
        UserError: the file or its logo cannot be read, or says what there is not.
    """
    found = read_yaml(path, _File)
    logo = None if found.logo is None else _picture(path, path.parent / found.logo)
    return School(**found.model_dump(exclude={"logo"}), logo=logo)


def _picture(path: Path, logo: Path) -> str:
    """Return a picture as a data address."""
    try:
        size = logo.stat().st_size
        content = b"" if size > LARGEST_LOGO else logo.read_bytes()
    except (OSError, ValueError) as why:
        said = _("{file}: the logo {logo} cannot be read: {why}.")
        raise refused(path, said, logo=logo.name, why=reason(why) if isinstance(why, OSError) else why) from None
    if size > LARGEST_LOGO:
        raise refused(path, _("{file}: the logo {logo} is larger than 1 MB."), logo=logo.name)
    kind = next((kind for magic, kind in PICTURES.items() if content.startswith(magic)), None)
    if kind is None:
        raise refused(path, _("{file}: the logo {logo} is no PNG or JPEG picture."), logo=logo.name)
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"

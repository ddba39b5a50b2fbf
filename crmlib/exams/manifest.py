"""The manifest of a set of papers: all that is needed to make the same papers again, years later, without the bank.

It is a file that may come from anywhere, and is held to what this version writes before anything is made of it.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass

import crmlib
from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.inputs import shorten
from crmlib.exams.paper import LABELS, Paper, Question
from crmlib.exams.school import PLAIN, School
from crmlib.items import prose
from crmlib.items.credit import MACHINE
from crmlib.items.item import KINDS

FORMAT = 1
FILE = "instructor/manifest.json"
"""Where it lies in the folder of an exam."""
NAME = re.compile(r"[_a-z0-9]{1,100}")
LABEL = re.compile(r"\w[\w.-]{0,99}")
"""What a form or copy may be called: a part of the names of its files."""
PLACE = re.compile(r"(students|instructor)/\w[\w.-]*")
MOST_DECIMALS = 12
MOST_PARTS = 10


@dataclass(frozen=True)
class Manifest:
    """What a set of papers was made from, and the papers.

    Attributes:
        format: of this file.
        version: of the workbook that made it.
        blueprint: its name.
        seed: what the papers were drawn with.
        bank: the mark of the bank they were drawn from.
        papers: every form and copy in every language, in full.
        files: what was made of them in the folder in which the manifest lies.
        school: how they are printed.
    """

    format: int
    version: str
    blueprint: str
    seed: int
    bank: str
    papers: tuple[Paper, ...]
    files: tuple[str, ...] = ()
    school: School = PLAIN


_MANIFEST: TypeAdapter[Manifest] = TypeAdapter(Manifest)


def make_manifest(blueprint: str, seed: int, bank: str, papers: tuple[Paper, ...], school: School = PLAIN) -> Manifest:
    """Return the manifest of papers made now, as it will be when it is read again."""
    made = Manifest(FORMAT, crmlib.__version__, blueprint, seed, bank, papers, school=school)
    return _MANIFEST.validate_json(as_json(made))


def as_json(made: Manifest) -> str:
    """Return a manifest as it is kept."""
    content: dict[str, Any] = _MANIFEST.dump_python(made, mode="json")
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def read_manifest(path: Path) -> Manifest:
    """Return a manifest read from its file.

    Raises:
        UserError: the file cannot be read, is no manifest, or of a format this version does not know.
    """
    try:
        content = path.read_bytes()
    except OSError as why:
        raise UserError(_("{file} cannot be read: {why}.").format(file=path, why=reason(why))) from None
    try:
        found = _MANIFEST.validate_json(content)
    except ValidationError as refusal:
        place = ".".join(str(step) for step in refusal.errors()[0]["loc"])
        said = _("{file} is not a manifest of papers, or it is damaged ({place}).")
        raise UserError(said.format(file=path, place=place or "–")) from None
    if found.format != FORMAT:
        said = _("{file} is a manifest of format {found}; this version reads format {known}.")
        raise UserError(said.format(file=path, found=found.format, known=FORMAT))
    if fault := next(_faults(found), None):
        said = _("{file} cannot be used: {why}")
        raise UserError(said.format(file=path, why=fault))
    return found


def _faults(found: Manifest) -> Iterator[str]:
    """Yield what no manifest that the workbook wrote can hold."""
    odd = _("“{field}” cannot be “{value}”.")
    if not NAME.fullmatch(found.blueprint):
        yield odd.format(field="blueprint", value=shorten(found.blueprint))
    for place in found.files:
        if not PLACE.fullmatch(place):
            yield odd.format(field="files", value=shorten(place))
    if not found.papers:
        yield _("there is no paper in it.")
    for name, times in Counter((one.label.casefold(), one.lang) for one in found.papers).items():
        if times > 1:
            yield _("there are two papers “{label}” in one language.").format(label=shorten(name[0]))
    for one in found.papers:
        for field, value in _odd_fields(one):
            yield _("paper {label}: {fault}").format(
                label=shorten(one.label), fault=odd.format(field=field, value=shorten(value))
            )


def _odd_fields(one: Paper) -> Iterator[tuple[str, object]]:
    if not LABEL.fullmatch(one.label):
        yield "label", one.label
    if one.lang not in LANGUAGES:
        yield "lang", one.lang
    if not _amount(one.minutes):
        yield "minutes", one.minutes
    if not 1 <= len(one.parts) <= MOST_PARTS:
        yield "parts", len(one.parts)
    for id, times in Counter(q.id for q in one.questions).items():
        if times > 1:
            yield "id", id
    for q in one.questions:
        for field, value in _odd_in_question(q):
            yield f"{q.id}.{field}", value


def _odd_in_question(q: Question) -> Iterator[tuple[str, object]]:
    lettered = q.kind in ("mcq", "tf", "tfc")
    if q.kind not in KINDS:
        yield "kind", q.kind
    if not _amount(q.points):
        yield "points", q.points
    if not _amount(q.minutes):
        yield "minutes", q.minutes
    if (lettered or q.kind in ("multi", "order", "match")) and not 2 <= len(q.options) <= len(LABELS):
        yield "options", len(q.options)
    if lettered and q.key not in range(len(q.options)):
        yield "key", q.key
    if (q.kind == "num") != (q.key is not None and not lettered) or not math.isfinite(q.key or 0):
        yield "key", q.key
    if q.kind in MACHINE:
        yield from _odd_parts(q)
    explained = {"fill": len(q.accept), "order": 0, "match": 0}.get(q.kind, len(q.options))
    if len(q.replies) != explained:
        yield "replies", len(q.replies)
    named = {"num": {0, len(q.distractors)}, "order": {0}, "match": {0}}.get(q.kind, {len(q.options)})
    if len(q.misconceptions) not in named:
        yield "misconceptions", len(q.misconceptions)
    yield from _odd_numbers(q)
    for latex in _formulas(asdict(q)):
        try:
            prose.formula(latex)
        except prose.FormulaError:
            yield "text", latex


def _odd_parts(q: Question) -> Iterator[tuple[str, object]]:
    """Yield what is odd in the keys of a question with several parts."""
    places = range(len(q.options))
    wanted = {"multi": range(1, len(places) + 1), "order": [len(places)], "match": [len(q.lefts)], "fill": [0]}
    whole = len(set(q.keys)) == len(q.keys) and len(q.keys) in wanted[q.kind]
    if not whole or any(key not in places for key in q.keys):
        yield "keys", q.keys
    if q.kind == "match" and not q.lefts:
        yield "lefts", len(q.lefts)
    if q.kind == "fill" and (not q.accept or len(q.accept) != len(q.also) or not all(q.accept)):
        yield "accept", len(q.accept)
    blanks = sorted(int(n) for n in prose.BLANK.findall(q.text))
    if q.kind == "fill" and blanks != list(range(1, len(q.accept) + 1)):
        yield "text", q.text


def _odd_numbers(q: Question) -> Iterator[tuple[str, object]]:
    if q.difficulty not in range(4):
        yield "difficulty", q.difficulty
    if q.decimals is not None and q.decimals not in range(MOST_DECIMALS + 1):
        yield "decimals", q.decimals
    for field, numbers in (
        ("within", [q.within]),
        ("distractors", [value for value, _reply in q.distractors]),
        ("rubric", [mark.points for mark in q.rubric]),
    ):
        yield from ((field, value) for value in numbers if not math.isfinite(value))


def _amount(value: float) -> bool:
    return 0 < value < math.inf


def _formulas(part: Any) -> Iterator[str]:
    """Yield every formula within the texts of a question."""
    if isinstance(part, str):
        yield from (run.text for run in prose.runs(part) if run.kind == "maths")
    elif isinstance(part, dict | list | tuple):
        for member in part.values() if isinstance(part, dict) else part:
            yield from _formulas(member)

"""A class and a case: each student's own data and sheet, and the key for the instructor.

In the folder of a class lie ``students/<folder>/``, which is handed out, and ``instructor/``, which is not: the key and
``manifest.json``, from which everything can be made again. All of it appears together; a second run puts back what is
missing of it.
"""

import hashlib
import json
import secrets
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import escape
from pydantic import TypeAdapter

from crmlib import __version__, casebook
from crmlib.casebook import Case
from crmlib.chapters.studies import study_of
from crmlib.classes import folders, variants, worksheet
from crmlib.classes.class_list import NAME, Student
from crmlib.classes.variants import Variant
from crmlib.core import i18n
from crmlib.core.errors import UserError, reason
from crmlib.core.i18n import N_, _, pick
from crmlib.core.study import Measure, Study
from crmlib.support import html_table
from crmlib.support.files import Together, together
from crmlib.tables import data
from crmlib.tables.dictionary import dictionary


@dataclass(frozen=True)
class Class:
    """A class that has passed every check; nothing of it need exist yet.

    Attributes:
        case: the case all of them get.
        students: in the order of the roster.
        languages: of the sheets.
        secret: from which every student's data and inputs follow.
        out: the folder of the class.
    """

    case: Case
    students: tuple[Student, ...]
    languages: tuple[str, ...]
    secret: str
    out: Path

    @property
    def study(self) -> Study[Any, Any, Any]:
        """The study of the case."""
        return study_of(self.case)

    @property
    def asked(self) -> dict[str, Measure]:
        """The headline figures that students are asked for."""
        return {name: self.study.measures[name] for name in variants.recipe(self.study).asked}

    def made_from(self) -> dict[str, Any]:
        """Return what the class is made from: the same manifest and roster give the same files."""
        roster = json.dumps([[s.id, s.name, s.email, s.group] for s in self.students], ensure_ascii=False)
        return {
            "case": self.case.name,
            "version": __version__,
            "languages": list(self.languages),
            "roster": hashlib.sha256(roster.encode()).hexdigest(),
            "seed": self.secret,
            "students": {student.id: student.folder for student in self.students},
        }

    def file(self, name: str, ending: str, lang: str) -> str:
        """Return a file's name, which says its language where there are two."""
        return f"{name}.{ending}" if len(self.languages) == 1 else f"{name}.{lang}.{ending}"


# What is already there ------------------------------------------------------------------------------------------------


def plan_class(case: str, students: Sequence[Student], out: Path, languages: Iterable[str], seed: str = "") -> Class:
    """Check everything about a class and return it.

    Args:
        case: name of a case whose study has a recipe for variants.
        students: at least one.
        out: folder of the class; where this class was begun there before, its seed is taken up again.
        languages: of the sheets.
        seed: of the class; without one it is drawn.

    Raises:
        UserError: there is no such case, or ``out`` holds something else.
    """
    chosen = casebook.case(case)
    variants.recipe(study_of(chosen))
    begun = _begun(out)
    secret = seed or (begun or {}).get("seed") or secrets.token_hex(16)
    agreed = Class(chosen, tuple(students), tuple(languages), str(secret), out)
    if begun is not None and (other := folders.differing(PARTS, begun, agreed.made_from())):
        said = _("{folder} holds another class (not the same: {what}); choose another folder for this one.")
        raise UserError(said.format(folder=out, what=other))
    return agreed


MANIFEST = "instructor/manifest.json"
PARTS = {
    "case": N_("case"),
    "version": N_("version of the workbook"),
    "languages": N_("languages"),
    "roster": N_("class list"),
    "seed": N_("seed"),
}
_MANIFEST: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


def _begun(out: Path) -> dict[str, Any] | None:
    """Return the manifest of the class that was made in a folder, or None where there is nothing yet."""
    strangers = _("{folder} holds files that are not of a class; choose another folder.")
    return folders.begun(out, MANIFEST, _MANIFEST, strangers)


# Making it ------------------------------------------------------------------------------------------------------------


def make(agreed: Class, progress: bool = False) -> list[Path]:
    """Make what is missing of a class; return the folder of the students and the instructor's files.

    Raises:
        UserError: something cannot be written, or a student's folder has been changed. Nothing has then been written.
    """
    from tqdm import tqdm

    again = _begun(agreed.out) is not None
    with _refusals(agreed.out), together(agreed.out, ["instructor"]) as files:
        bar = tqdm(agreed.students, disable=not progress, leave=False, file=sys.stderr)
        made = {student: _hand_out(agreed, student, files) for student in bar}
        with i18n.speaking(agreed.languages[0]):
            kept = [files.write("instructor/key.csv", data.csv_text(key(agreed, made)), again)]
        for lang in agreed.languages:
            with i18n.speaking(lang):
                place = f"instructor/{agreed.file('key', 'html', lang)}"
                kept.append(files.write(place, key_page(agreed, made), again))
        manifest = json.dumps(agreed.made_from(), ensure_ascii=False, indent=1) + "\n"
        kept.append(files.write(MANIFEST, manifest, again))
    return [agreed.out / "students", *kept]


def _hand_out(agreed: Class, student: Student, files: Together) -> Variant:
    """Make a student's folder; one that is there already must be equal, and stays."""
    place = f"students/{student.folder}"
    new = files.new / place
    new.mkdir(parents=True)
    variant = variants.make(agreed.study, agreed.secret, student.id, new)
    for lang in agreed.languages:
        with i18n.speaking(lang):
            for name, content in sheets(agreed, student, variant, lang).items():
                files.write(f"{place}/{name}", content)
    if (agreed.out / place).exists():
        _check_unchanged(agreed.out / place, new)
        shutil.rmtree(new)
    return variant


def sheets(agreed: Class, student: Student, variant: Variant, lang: str) -> dict[str, str]:
    """Return a student's sheet in the language now spoken, which is ``lang``: the notebook and the page, by file."""
    file = agreed.file("sheet", "ipynb", lang)
    sheet = worksheet.cells(agreed.case, agreed.study, student, variant.inputs, list(agreed.asked), file)
    title = _("{case} · {name}").format(case=agreed.case.label(), name=student.name)
    return {
        file: worksheet.notebook(sheet),
        agreed.file("sheet", "html", lang): worksheet.page(sheet, title),
    }


def _check_unchanged(folder: Path, new: Path) -> None:
    """Refuse a student's folder in which a file is missing or another than would be made now."""
    for fresh in sorted(new.iterdir()):
        there = folder / fresh.name
        if not there.is_file() or there.read_bytes() != fresh.read_bytes():
            said = _("{file} is missing or was changed since; remove the folder {folder} and run the command again.")
            raise UserError(said.format(file=there, folder=folder))


@contextmanager
def _refusals(folder: Path) -> Iterator[None]:
    """Say in a sentence what cannot be written."""
    try:
        yield
    except OSError as refusal:
        file = refusal.filename or folder
        raise UserError(_("{file} cannot be written: {why}.").format(file=file, why=reason(refusal))) from None


# The instructor's key -------------------------------------------------------------------------------------------------


def key(agreed: Class, made: Mapping[Student, Variant]) -> pd.DataFrame:
    """Return the key, a row a student: who, which folder, and each figure asked for with what it may be off.

    Figures are rounded as they are asked for; an answer is right if it is within half a unit of the last decimal.
    """
    rows = []
    for student, variant in made.items():
        row: dict[str, Any] = {_column("id"): student.id, _column("name"): student.name}
        row |= {_column("group"): student.group, _("Folder"): student.folder}
        for name, measure in agreed.asked.items():
            value = round(variant.figures[name], measure.digits) + 0.0  # + 0.0 turns -0.0 into 0.0
            row[measure.title()] = int(value) if measure.digits == 0 else value
            row[f"± {measure.title()}"] = 0.5 * 10**-measure.digits
        rows.append(row)
    return pd.DataFrame(rows)


def _column(code: str) -> str:
    return pick(dictionary(NAME).columns[code].meaning)


def key_page(agreed: Class, made: Mapping[Student, Variant]) -> str:
    """Return the key as a page in the language now spoken: all figures, the marking, and each student's table."""
    title = _("{case}: key for the instructor").format(case=agreed.case.label())
    parts = [
        f"<h1>{escape(title)}</h1>",
        worksheet.html(
            _(
                "Keep this folder to yourself: with the seed in `manifest.json` everybody's data can be made again. An "
                "answer is right if it is within half a unit of the last decimal shown."
            )
        ),
        worksheet.html("## " + _("Figures")),
        html_table.html(_figures(agreed, made), kind="students"),
        worksheet.html("## " + _("Questions")),
        worksheet.html(agreed.case.questions_markdown(marking=True)),
        worksheet.html("## " + _("Each student")),
        worksheet.html(_("The line above a student's figures, run in the folder of the class, makes a page of them.")),
        *(_of_one(agreed, student, variant) for student, variant in made.items()),
    ]
    return worksheet.html_page("\n".join(parts), title)


def _figures(agreed: Class, made: Mapping[Student, Variant]) -> pd.DataFrame:
    """Return the figures asked for as they are shown, a row a student."""
    rows = [
        {_column("id"): s.id, _column("name"): s.name}
        | {measure.title(): measure.shown(variant.figures[name]) for name, measure in agreed.asked.items()}
        for s, variant in made.items()
    ]
    return pd.DataFrame(rows)


def _of_one(agreed: Class, student: Student, variant: Variant) -> str:
    """Return one student's inputs and all headline figures, and the command that gives them too."""
    table = html_table.html(agreed.study.headline_table({_("Key"): variant.result}))
    given = variant.inputs.model_dump(include=variant.inputs.model_fields_set)
    files = [f"{name}=students/{student.folder}/{name}.csv" for name in agreed.study.datasets]
    options = [f"--data {file}" for file in files] + [f"--set {name}={value}" for name, value in given.items()]
    command = " ".join(["crm rerun", agreed.case.name, *options])
    return f"<h3>{escape(student.name)} · {escape(student.id)}</h3>\n<pre>{escape(command)}</pre>\n{table}"

"""Papers made and written: drawn from the bank by a blueprint, or made again from their manifest.

What students get lies in ``students/``, what holds keys in ``instructor/``, the manifest among it.
"""

import dataclasses
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _
from crmlib.exams import printing
from crmlib.exams.blueprint import Blueprint
from crmlib.exams.exports import EXPORTS
from crmlib.exams.keys import keys_csv
from crmlib.exams.manifest import FILE, Manifest, as_json, make_manifest, read_manifest
from crmlib.exams.paper import Candidate, Paper, forms, paper
from crmlib.exams.school import PLAIN, School
from crmlib.items.bank import Bank
from crmlib.support.files import together

FORMATS = (*printing.FORMATS, *EXPORTS)
MOST_COPIES = 2000
SUFFIX: Mapping[printing.Kind, str] = {"paper": "", "key": "-key", "marking": "-marking"}


def compose(
    bank: Bank,
    plan: Blueprint,
    seed: int,
    langs: Sequence[str],
    many: int,
    copies: Sequence[str | Candidate] = (),
    school: School = PLAIN,
) -> Manifest:
    """Return the manifest of the papers a blueprint asks for, the papers in it.

    Args:
        bank, plan: what they are drawn from and by.
        seed: the same seed, bank and blueprint give the same papers.
        langs: the languages of each.
        many: parallel forms, which share no item.
        copies: names of papers of one's own, or who sits them; all have the items of one form, numbers and orders of
            their own.
        school: how they are printed.

    Raises:
        UserError: the bank cannot fill the blueprint, there are too many copies, or copies of more than one form.
    """
    if copies and many > 1:
        raise UserError(_("Papers of one's own are all dealt from one form, to be fair; leave out --forms."))
    if len(copies) > MOST_COPIES:
        raise UserError(_("At most {most:,} copies can be made at once.").format(most=MOST_COPIES))
    chosen = forms(bank, plan, seed, many, varied=bool(copies))
    each: list[Candidate | None] = [one if isinstance(one, Candidate) else Candidate(one) for one in copies]
    made = [
        paper(bank, plan, items, f"{seed}:{form}:{whose.copy if whose else ''}", _label(form, whose), lang, whose)
        for form, items in chosen.items()
        for whose in each or [None]
        for lang in langs
    ]
    return make_manifest(plan.name, seed, bank.mark, tuple(made), school)


def _label(form: str, whose: Candidate | None) -> str:
    """Return what a paper is called."""
    return f"{form}-{whose.copy}" if whose else form


Writer = Callable[[Paper], list[tuple[str, bytes]]]
"""A paper → where each of its files lies under the folder, without what they share, and its content."""


def write(
    made: Manifest,
    formats: Iterable[str],
    out: Path,
    langs: Collection[str] = LANGUAGES,
    replace: bool = False,
    tick: Callable[[], object] = lambda: None,
) -> list[Path]:
    """Write papers in each format, all files together or none, and return the files; the manifest comes first.

    Args:
        made, formats: what to write, and how.
        out: folder of the exam; where it holds the same exam already, what is made now stands beside it.
        langs: papers in these languages only.
        replace: whether another exam in the folder makes way, with all files that its manifest names.
        tick: is called for each document made.

    Raises:
        UserError: the folder holds another exam or files of these names, something cannot be written, or a format
            cannot be made on this machine. What was there stays as it was.
    """
    there = _there(out)
    same = there is not None and dataclasses.replace(made, files=()) == dataclasses.replace(there, files=())
    if there is not None and not same and not replace:
        said = _(
            "{folder} holds an exam already; nothing was written. Another format of it: “--from {manifest}”. A new "
            "exam in its place: “--replace”. Or choose another folder with --out."
        )
        raise UserError(said.format(folder=out, manifest=out / FILE))
    known = there.files if there else ()
    with together(out, ["instructor"]) as files:
        documents = {}
        for place, content in _documents(made, formats, langs, tick):
            documents[place] = files.write(place, content, place in known)
        for place in known if not same else ():
            files.remove(place)
        kept = {*documents, *(known if same else ())}
        note = files.write(FILE, as_json(dataclasses.replace(made, files=tuple(sorted(kept)))), there is not None)
    return [note, *documents.values()]


def _there(out: Path) -> Manifest | None:
    """Return the manifest of the exam in a folder, or None where there is none; refuse a folder of something else."""
    if not (out / FILE).exists():
        return None
    try:
        return read_manifest(out / FILE)
    except UserError as refusal:
        said = _("{folder}: choose another folder; its manifest is not of an exam, or is damaged.")
        raise UserError([*refusal.problems, said.format(folder=out)]) from None


def _documents(
    made: Manifest, formats: Iterable[str], langs: Collection[str], tick: Callable[[], object]
) -> Iterator[tuple[str, bytes]]:
    """Yield where each document lies under the folder, and its content."""
    formats = list(formats)
    writers = [writer for fmt in formats for writer in _writers(fmt, made.school)]
    papers = [one for one in made.papers if one.lang in langs]
    for one in papers:
        stem = f"{made.blueprint}-{one.label}-{one.lang}"
        for writer in writers:
            for place, content in writer(one):
                where, _slash, end = place.partition("/")
                yield f"{where}/{stem}{end}", content
                tick()
    for lang in dict.fromkeys(one.lang for one in papers):
        for place, content in _of_all([one for one in papers if one.lang == lang], formats, made.school):
            where, _slash, end = place.partition("/")
            yield f"{where}/{made.blueprint}-{end.replace('.', f'-{lang}.')}", content
            tick()


def _of_all(papers: Sequence[Paper], formats: Collection[str], school: School) -> Iterator[tuple[str, bytes]]:
    """Yield what is made of all papers of a language together: one file to print, and the table of their keys."""
    if "pdf" in formats and any(one.candidate for one in papers):
        yield "students/class.pdf", printing.class_pdf(papers, school)
    if any(q.answer for one in papers for q in one.questions):
        if set(formats) & set(printing.FORMATS):
            yield "instructor/keys.csv", keys_csv(papers)
        if "pdf" in formats:
            yield "instructor/keys.pdf", printing.keys_pdf(papers)


def steps(made: Manifest, formats: Iterable[str]) -> int:
    """Return about how many documents :func:`write` will make, for a progress bar."""
    formats, langs = list(formats), {one.lang for one in made.papers}
    pdf = "pdf" in formats
    of_all = bool(set(formats) & set(printing.FORMATS)) + pdf + (pdf and any(one.candidate for one in made.papers))
    return len(langs) * of_all + len(made.papers) * sum(len(_writers(fmt, made.school)) for fmt in formats)


def _writers(fmt: str, school: School) -> list[Writer]:
    """Return what writes a format: one writer a document, or one for all files of an export."""
    if fmt in EXPORTS:
        return [lambda one: [(f"instructor/-{end}", content) for end, content in EXPORTS[fmt](one)]]
    return [_document(fmt, kind, school) for kind in printing.DOCUMENTS]


def _document(fmt: str, kind: printing.Kind, school: School) -> Writer:
    def writer(one: Paper) -> list[tuple[str, bytes]]:
        if kind == "marking" and not any(question.rubric for question in one.questions):
            return []
        where = "students" if kind == "paper" else "instructor"
        return [(f"{where}/{SUFFIX[kind]}.{fmt}", printing.FORMATS[fmt](one, kind, school))]

    return writer

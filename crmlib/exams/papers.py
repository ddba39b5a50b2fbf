"""Papers made and written: drawn from the bank by a blueprint, or made again from their manifest.

What students get lies in ``students/``, what holds keys in ``instructor/``, the manifest among it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams import printing
from crmlib.exams.blueprint import Blueprint
from crmlib.exams.exports import EXPORTS
from crmlib.exams.manifest import Manifest, as_json, manifest
from crmlib.exams.paper import Paper, forms, paper
from crmlib.items.bank import Bank
from crmlib.support.files import folder, written

FORMATS = (*printing.FORMATS, *EXPORTS)
MOST_COPIES = 2000
SUFFIX: Mapping[printing.Kind, str] = {"paper": "", "key": "-key", "marking": "-marking"}


def compose(
    bank: Bank, plan: Blueprint, seed: int, langs: Sequence[str], many: int, copies: Sequence[str] = ()
) -> Manifest:
    """Return the manifest of the papers a blueprint asks for, the papers in it.

    Args:
        bank, plan: what they are drawn from and by.
        seed: the same seed, bank and blueprint give the same papers.
        langs: the languages of each.
        many: parallel forms, which share no item.
        copies: names of papers of one's own; all have the items of one form, numbers and orders of their own.

    Raises:
        UserError: the bank cannot fill the blueprint, there are too many copies, or copies of more than one form.
    """
    if copies and many > 1:
        raise UserError(_("Papers of one's own are all dealt from one form, to be fair; leave out --forms."))
    if len(copies) > MOST_COPIES:
        raise UserError(_("At most {most:,} copies can be made at once.").format(most=MOST_COPIES))
    chosen = forms(bank, plan, seed, many, varied=bool(copies))
    named = [(label, copy) for label in chosen for copy in copies or [""]]
    made = [
        paper(bank, plan, chosen[form], f"{seed}:{form}:{copy}", f"{form}-{copy}" if copy else form, lang)
        for form, copy in named
        for lang in langs
    ]
    return manifest(plan.name, seed, bank.mark, tuple(made))


Writer = Callable[[Paper], list[tuple[str, bytes]]]
"""A paper → where each of its files lies under the folder, without what they share, and its content."""


def write(made: Manifest, formats: Iterable[str], out: Path) -> Iterator[Path]:
    """Write papers in each format and yield each file written; the manifest comes first.

    Raises:
        UserError: a file cannot be written, or a format cannot be made on this machine. What was written is whole.
    """
    yield written(folder(out / "instructor") / "manifest.json", as_json(made).encode())
    writers = [writer for fmt in formats for writer in _writers(fmt)]
    for one in made.papers:
        stem = f"{made.blueprint}-{one.label}-{one.lang}"
        for writer in writers:
            for place, content in writer(one):
                where, _slash, end = place.partition("/")
                yield written(folder(out / where) / f"{stem}{end}", content)


def steps(made: Manifest, formats: Iterable[str]) -> int:
    """Return about how many files :func:`write` will write, for a progress bar."""
    return 1 + len(made.papers) * sum(len(_writers(fmt)) for fmt in formats)


def _writers(fmt: str) -> list[Writer]:
    """Return what writes a format: one writer a document, or one for all files of an export."""
    if fmt in EXPORTS:
        return [lambda one: [(f"instructor/-{end}", content) for end, content in EXPORTS[fmt](one)]]
    return [_document(fmt, kind) for kind in printing.DOCUMENTS]


def _document(fmt: str, kind: printing.Kind) -> Writer:
    def writer(one: Paper) -> list[tuple[str, bytes]]:
        if kind == "marking" and not any(question.rubric for question in one.questions):
            return []
        where = "students" if kind == "paper" else "instructor"
        return [(f"{where}/{SUFFIX[kind]}.{fmt}", printing.FORMATS[fmt](one, kind))]

    return writer

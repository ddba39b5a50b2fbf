"""Sample papers: complete papers with their keys and marking sheets, of the bank that students practise with.

Which items stand on which paper is kept in ``notebooks/samples.yaml``, so that an item that changes changes the pages
it stands on and no others. The pages lie beside the notebooks of their language, where links lead to them.
"""

from collections.abc import Collection, Iterator
from typing import Annotated

import yaml
from pydantic import Field

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.paths import NOTEBOOKS
from crmlib.exams import printing
from crmlib.exams.assembly import assemble
from crmlib.exams.blueprint import blueprint
from crmlib.exams.paper import Paper, forms, paper
from crmlib.exams.papers import SUFFIX
from crmlib.exams.school import School
from crmlib.items.bank import Bank, bank
from crmlib.support.files import folder, written
from crmlib.support.strict_yaml import Line, Part, read_yaml

CHOICE = NOTEBOOKS / "samples.yaml"
FOLDER = "papers"
"""The folder of the pages, beside the notebooks."""
BLUEPRINT, SEED, FORMS = "final", 1, 3
HEAD = "# Which items stand on the sample papers in zh/papers and en/papers; written by “crm exam samples”.\n"


class Samples(Part):
    """The sample papers.

    Attributes:
        blueprint: its name.
        seed: what items were chosen with, and numbers and orders are drawn with.
        forms: by label, the ids of the items of each section.
    """

    blueprint: Line
    seed: int
    forms: Annotated[dict[Line, dict[Line, tuple[Line, ...]]], Field(min_length=1)]


def samples() -> Samples:
    """Return which sample papers there are.

    Raises:
        UserError: the file that says so is missing or damaged.
    """
    return read_yaml(CHOICE, Samples)


def chosen(items: Bank, seed: int = SEED) -> Samples:
    """Return sample papers chosen anew from a bank.

    Raises:
        UserError: the bank cannot fill the blueprint so many times.
    """
    found = forms(items, blueprint(BLUEPRINT), seed, FORMS)
    return Samples.model_validate({"blueprint": BLUEPRINT, "seed": seed, "forms": dict(found)})


def misfits(known: Samples, items: Bank) -> Iterator[str]:
    """Yield a sentence for each way in which the papers no longer are what their blueprint asks for."""
    plan = blueprint(known.blueprint)
    for label, sections in known.forms.items():
        ids = [id for of in sections.values() for id in of]
        gone = [id for id in ids if id not in items.items]
        problems = [_("There is no item “{id}” in the bank.").format(id=id) for id in gone]
        if not problems:
            try:
                (fitting,) = assemble([items.items[id] for id in ids], plan, known.seed)
                if {name: sorted(of) for name, of in fitting.items()} != {n: sorted(of) for n, of in sections.items()}:
                    problems = [_("Its sections are not those of the blueprint.")]
            except UserError as refusal:
                problems = list(refusal.problems)
        for problem in problems:
            yield _("Sample paper {label}: {why}").format(label=label, why=problem)


def pages(known: Samples, items: Bank) -> Iterator[tuple[str, bytes]]:
    """Yield every page: where it lies under the folder of the notebooks, and its content.

    Raises:
        UserError: an item is not in the bank, or the keys of a paper cannot be spread over the letters.
    """
    for label in known.forms:
        for lang in LANGUAGES:
            with i18n.speaking(lang):
                said = _("Sample paper for practice: its questions and answers are open to everybody")
                look = School.model_validate({"header": said})
            made = drawn(known, items, label, lang)
            for kind in printing.DOCUMENTS:
                yield f"{lang}/{place(known, label, kind)}", printing.html(made, kind, look)


def drawn(known: Samples, items: Bank, label: str, lang: str) -> Paper:
    """Return one of the papers in a language.

    Raises:
        UserError: an item is not in the bank, or the keys cannot be spread over the letters.
    """
    ids = {name: list(of) for name, of in known.forms[label].items()}
    return paper(items, blueprint(known.blueprint), ids, f"{known.seed}:{label}:", label, lang)


def place(known: Samples, label: str, kind: printing.Kind) -> str:
    """Return where a page lies beside the notebooks of its language: ``papers/final-A-key.html``."""
    return f"{FOLDER}/{known.blueprint}-{label}{SUFFIX[kind]}.html"


def problems() -> list[str]:
    """Return a sentence for each way in which the stored pages are not what the bank says now."""
    try:
        known = samples()
        if found := list(misfits(known, bank())):
            return [_("{problem} Run “crm exam samples”.").format(problem=problem) for problem in found]
        wanted = dict(pages(known, bank()))
    except UserError as refusal:
        return [_("{problem} Run “crm exam samples”.").format(problem=problem) for problem in refusal.problems]
    stale = [file for file in wanted if _content(file) != wanted[file]]
    changed = _("notebooks/{file}: the bank or a translation has changed since it was made; run “crm exam samples”.")
    stray = _("notebooks/{file}: no sample paper is called so; run “crm exam samples”, which removes it.")
    return [*(changed.format(file=file) for file in stale), *(stray.format(file=file) for file in _others(wanted))]


def _content(file: str) -> bytes | None:
    """Return what a stored page holds; None if it is not there."""
    path = NOTEBOOKS / file
    return path.read_bytes() if path.exists() else None


def _others(wanted: Collection[str]) -> list[str]:
    """Return the stored pages that are not among those."""
    found = sorted(path.relative_to(NOTEBOOKS).as_posix() for path in NOTEBOOKS.glob(f"*/{FOLDER}/*.html"))
    return [file for file in found if file not in wanted]


def write(seed: int | None = None) -> tuple[list[str], list[str]]:
    """Make all pages anew; return where each file lies under the folder of the notebooks, and why items were changed.

    That is a sentence for each reason why other items had to be chosen, and one that they were. The papers keep their
    items as long as these make papers by the blueprint.

    Args:
        seed: chooses other items in any case.

    Raises:
        UserError: the bank cannot fill the blueprint, or a file cannot be written.
    """
    known, why = _kept_or_chosen(seed)
    made = dict(pages(known, bank()))
    content = yaml.safe_dump(known.model_dump(mode="json"), allow_unicode=True, sort_keys=False)
    written(CHOICE, HEAD + content)
    for file, page in made.items():
        folder((NOTEBOOKS / file).parent)
        written(NOTEBOOKS / file, page)
    for file in _others(made):
        (NOTEBOOKS / file).unlink()
    return [CHOICE.name, *made], [*why, _("Other questions were chosen for the sample papers.")] if why else []


def _kept_or_chosen(seed: int | None) -> tuple[Samples, list[str]]:
    """Return the papers as they were chosen, or chosen anew and why."""
    if seed is not None:
        return chosen(bank(), seed), []
    try:
        known = samples()
        why = list(misfits(known, bank()))
    except UserError as refusal:
        return chosen(bank()), list(refusal.problems)
    return (chosen(bank(), known.seed) if why else known), why

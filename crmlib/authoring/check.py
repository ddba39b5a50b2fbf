"""All that a chapter still lacks, in one list: files, quotas, translations, notebooks, and what is still to be written.

A test asks the same of every chapter (``tests/test_chapters.py``).
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import yaml

from crmlib import casebook
from crmlib.authoring import answers, cases, data, items, notebooks, quotas
from crmlib.authoring.folders import CHAPTERS, parts, shown
from crmlib.casebook import Case
from crmlib.chapters import Chapter, chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, N_, _, speaking
from crmlib.core.paths import CASEBOOK, DATA, SOURCES
from crmlib.explorer import prediction
from crmlib.explorer.base import FEW
from crmlib.items import challenges
from crmlib.items.summaries import SUMMARIES, summary
from crmlib.notebooks import catalogue, syllabus
from crmlib.notebooks.contents import games
from crmlib.support.strict_yaml import LOADER, pick_known
from crmlib.tables.data import load

TO_WRITE = N_("To be written:")
"""What a sentence begins with, in its language, that the skeleton has put in place of the author's."""


def chapter(topic: str) -> Chapter:
    """Return the chapter of a topic; an unknown name raises ``UserError``."""
    return chapters()[pick_known(topic, chapters(), _("There is no chapter “{name}”."))]


def lacks(topic: str) -> list[str]:
    """Return a translated sentence for each thing that a chapter still lacks; none if it is whole."""
    found = chapter(topic)
    said: list[str] = []
    for part in PARTS:
        try:
            said += part(found)
        except UserError as refusal:
            said += refusal.problems
    return list(dict.fromkeys(said))


def of_all() -> list[str]:
    """Return a translated sentence for what is lacking of no chapter alone: interface text, rows of the syllabus."""
    return [*catalogue.problems(), *syllabus.lacking()]


def _files(chapter: Chapter) -> Iterator[str]:
    for path, what in parts(chapter.topic).items():
        if not path.exists():
            yield _("{file} is missing: write {what}.").format(file=shown(path), what=what)
    for room in ("models", "charts"):
        folder = CHAPTERS / chapter.topic / room
        if folder.exists() and len(list(folder.glob("*.py"))) < 2:
            yield _("{file}: there is no module in it yet.").format(file=shown(folder))


def _studies(chapter: Chapter) -> Iterator[str]:
    for study in chapter.studies:
        if any(not (DATA / f"{name}.csv").exists() for name in study.datasets):
            continue  # the data say so
        figures = study.headline(study.answer(*map(load, study.datasets)))
        for name in sorted(set(figures) ^ set(study.measures)):
            said = _("study {study}: the headline figure “{name}” must be a measure too, and the reverse.")
            yield said.format(study=study.name, name=name)
        prepared = study.prepare(*map(load, study.datasets))
        if len(prediction.drawn(study, prepared, study.inputs(), Random(study.name))) < prediction.ROUND:
            said = _("study {study}: its inputs move its headline figures too little to ask {n} predictions.")
            yield said.format(study=study.name, n=prediction.ROUND)
        for name in sorted(set(study.first) - set(study.inputs.model_fields)):
            yield _("study {study}: “first” names {name}, which is no input.").format(study=study.name, name=name)
        if len(study.inputs.settings()) > FEW and len(study.first) != quotas.BEGINNER:
            said = _("study {study}: name in “first” the {n} inputs that a beginner needs.")
            yield said.format(study=study.name, n=quotas.BEGINNER)
    yield from _recipes(chapter)


def _recipes(chapter: Chapter) -> Iterator[str]:
    own = {study.name: study for study in chapter.studies}
    for known, recipe in chapter.recipes.items():
        study = own[known]
        wrong = {*recipe.drawn} - set(study.inputs.model_fields) | {*recipe.asked} - set(study.measures)
        for name in sorted(wrong):
            said = _("{file}: the recipe names {name}, which is no input or measure of {study}.")
            yield said.format(file=shown(CHAPTERS / chapter.topic / "chapter.py"), name=name, study=study.name)


def _challenges(chapter: Chapter) -> Iterator[str]:
    path = challenges.CHALLENGES / f"{chapter.topic}.yaml"
    if not path.exists():
        return  # the files say so
    file, own = shown(path), {study.name: study for study in chapter.studies}
    asked = challenges.of_topic(chapter.topic).challenges
    yield from quotas.CHALLENGES.lacks(file, len(asked))
    concerned = {one.study for one in asked} & {*own}
    first = {name: own[name].headline(own[name].answer(*map(load, own[name].datasets))) for name in concerned}
    for one in asked:
        if one.study not in own:
            said = _("{file}: challenge {id}: {study} is no study of this chapter.")
            yield said.format(file=file, id=one.id, study=one.study)
            continue
        study = own[one.study]
        for name in sorted({*one.goal} - {*study.measures} | {*one.among} - {*study.inputs.model_fields}):
            said = _("{file}: challenge {id} names {name}, which is no measure or input of {study}.")
            yield said.format(file=file, id=one.id, name=name, study=one.study)
        if {*one.goal} <= {*study.measures} and challenges.reached(one, first[one.study]):
            yield _("{file}: challenge {id} is met before anything is moved.").format(file=file, id=one.id)


def cases_of(chapter: Chapter) -> list[Case]:
    """Return the cases that belong to a chapter."""
    return [case for case in map(casebook.case, casebook.cases()) if case.chapter in chapter.notebooks]


def _cases(chapter: Chapter) -> Iterator[str]:
    found = cases_of(chapter)
    if chapter.studies[0].name not in {case.study for case in found}:
        said = _("{folder}: there is no case about the study {study} of chapter {notebook}; write one.")
        yield said.format(folder=shown(CASEBOOK), study=chapter.studies[0].name, notebook=chapter.notebook)
    for case in found:
        yield from cases.lacks(case)


def _answers(chapter: Chapter) -> Iterator[str]:
    yield from answers.lacks(chapter.topic, cases_of(chapter))


def further(chapter: Chapter) -> Iterator[str]:
    """Yield what is wrong with the names of a chapter's further notebooks, and with the pairs that name one of them."""
    known = {chapter.part(name): name for name in chapter.notebooks}
    for part, name in known.items():
        if part not in {"", *(study.name for study in chapter.studies)}:
            said = _("{file}: call a further part of a chapter after the study it is about: {studies}.")
            studies = _(", ").join(study.name for study in chapter.studies)
            yield said.format(file=shown(SOURCES / f"{name}.md"), studies=studies)
    told = summary(chapter.topic)
    for pair in told.pairs if told else ():
        if pair.part not in known:
            said = _("{file}: the chapter has no part “{part}”.")
            yield said.format(file=shown(SUMMARIES / f"{chapter.topic}.yaml"), part=pair.part)


def _notebooks(chapter: Chapter) -> Iterator[str]:
    for source in sources(chapter):
        yield from notebooks.lacks(source)


def sources(chapter: Chapter) -> list[Path]:
    """Return the notebook sources of a chapter, its cases and its game."""
    names = (*chapter.notebooks, *(f"{casebook.CASE}{case.name}" for case in cases_of(chapter)))
    return [*(SOURCES / f"{name}.md" for name in names), *games(chapter.topic)]


def marks() -> list[str]:
    """Return what sentences that are still to be written begin with, in each language."""
    found = []
    for lang in LANGUAGES:
        with speaking(lang):
            found.append(_(TO_WRITE))
    return found


def _to_be_written(chapter: Chapter) -> Iterator[str]:
    known = marks()
    for path in files(chapter):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if any(mark in line for mark in known):
                said = _("{file}, line {line}: still to be written: “{text}”.")
                yield said.format(file=shown(path), line=number, text=line.strip()[:60])


def _yaml(chapter: Chapter) -> Iterator[str]:
    """Yield the files that PyYAML's own, stricter loader does not read as the quick one does."""
    for path in files(chapter):
        if path.suffix == ".yaml":
            text = path.read_text("utf-8")
            try:
                alike = yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=LOADER)
            except yaml.MarkedYAMLError as refusal:
                said = _("{file}, line {line}: put quotes around this text, for not every reader takes it as it is.")
                line = refusal.problem_mark.line + 1 if refusal.problem_mark else "?"
                yield said.format(file=shown(path), line=line)
            else:
                if not alike:
                    yield _("{file}: readers of YAML take it differently; put quotes around texts.").format(
                        file=shown(path)
                    )


def files(chapter: Chapter) -> list[Path]:
    """Return the files of text and code that belong to a chapter."""
    folders = [CHAPTERS / chapter.topic, *(case.folder for case in cases_of(chapter))]
    found = [path for folder in folders for kind in ("py", "md", "yaml") for path in sorted(folder.rglob(f"*.{kind}"))]
    names = dict.fromkeys(name for study in chapter.studies for name in study.datasets)
    makers = [DATA / f"{recipe.script}.py" for recipe in chapter.recipes.values()]
    scripts = [*makers, *(DATA / f"{name}.yaml" for name in names)]
    every = [*found, *parts(chapter.topic), *scripts, *sources(chapter)]
    return [path for path in dict.fromkeys(every) if path.exists() and path.parent.name != "mine"]


def _items(chapter: Chapter) -> Iterator[str]:
    yield from items.lacks(chapter.topic)


PARTS: tuple[Callable[[Chapter], Iterator[str]], ...] = (
    _files,
    _studies,
    data.lacks,
    _items,
    _challenges,
    _cases,
    _answers,
    further,
    syllabus.faults,
    _notebooks,
    _yaml,
    _to_be_written,
)
"""What is asked of a chapter, in the order in which one is written."""

"""What a case still lacks: texts that match in both languages, scenarios that the study accepts, a time plan."""

import re
from collections import Counter
from collections.abc import Iterator

from crmlib.authoring import quotas
from crmlib.authoring.folders import shown
from crmlib.casebook import Case
from crmlib.chapters.studies import study_of
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _
from crmlib.items.item import texts_in
from crmlib.support.strict_yaml import read_text

FULL_WIDTH = re.compile(r"[！＂＃％＆＇（）＊＋，－．／０-９：；＜＝＞？＠Ａ-Ｚａ-ｚ。、《》「」]")
NEVER_IN_CHINESE = re.compile(r"[０-９Ａ-Ｚａ-ｚ．　]|[一-鿿][,;:?!()]|[,;:?!()][一-鿿]|[一-鿿]\.(?!\w)")
BACKTICKED = re.compile(r"`([^`]+)`")
LINES = re.compile(r"#+ |- |\d+\. |\|.*\||$")


def lacks(case: Case) -> Iterator[str]:
    """Yield a translated sentence for each thing that a case still lacks."""
    for part in (_texts, _teaching_note, _scenarios, _questions):
        try:
            yield from part(case)
        except UserError as refusal:
            yield from refusal.problems


def _in_both(case: Case, kind: str) -> dict[str, str]:
    return {lang: read_text(case.folder / f"{kind}.{lang}.md") for lang in LANGUAGES}


def _texts(case: Case) -> Iterator[str]:
    for kind in ("text", "teaching"):
        file = shown(case.folder / f"{kind}.*.md")
        zh, en = _in_both(case, kind).values()
        if _shape(zh) != _shape(en):
            yield _("{file}: zh and en differ in headings, lists or tables; bring them in step.").format(file=file)
        if odd := _odd_digits(zh, en):
            said = _("{file}: these numbers stand in one language only: {numbers}.")
            yield said.format(file=file, numbers=", ".join(sorted(odd)))
        if BACKTICKED.findall(zh) != BACKTICKED.findall(en):
            yield _("{file}: zh and en name different inputs or scenarios in `…`.").format(file=file)
        yield from letters(file, zh, en)
        for lang, text in zip(LANGUAGES, (zh, en), strict=True):
            if not text.startswith("# "):
                yield _("{file}: begin with a title (# …) ({lang}).").format(file=file, lang=lang)


def _odd_digits(zh: str, en: str) -> Counter[str]:
    """Return the runs of digits that stand in one language and not, or not as often, in the other."""
    here, there = (Counter(re.findall(r"\d+", text)) for text in (zh, en))
    return (here - there) + (there - here)


def _shape(text: str) -> list[str]:
    """Return what kind of line each one is: heading, list, row of a table, text."""
    found = [m[0] if (m := LINES.match(line)) else "text" for line in text.splitlines()]
    return [f"row of {mark.count('|')}" if mark.startswith("|") else mark for mark in found]


def letters(file: str, zh: str, en: str) -> Iterator[str]:
    """Yield a translated sentence for each language that is not written in its own letters and punctuation."""
    for lang, text, wrong in (("zh", zh, NEVER_IN_CHINESE), ("en", en, FULL_WIDTH)):
        if slip := wrong.search(text):
            around = text[max(0, slip.start() - 15) : slip.end() + 15].replace("\n", " ")
            said = _("{file}: letters or punctuation of the other language in {lang}: “{text}”.")
            yield said.format(file=file, lang=lang, text=around)
    if not re.search("[一-鿿]", zh):
        yield _("{file}: the Chinese is not written yet: “{text}”.").format(file=file, text=zh[:30])
    if "  " in zh + en.replace("\n  ", "\n"):
        yield _("{file}: two blanks stand side by side.").format(file=file)


def _teaching_note(case: Case) -> Iterator[str]:
    settings = study_of(case).inputs.settings()
    known = {s.name for s in settings} | {c for s in settings for c in s.choices} | set(case.order)
    for lang, text in _in_both(case, "teaching").items():
        file = shown(case.folder / f"teaching.{lang}.md")
        if unknown := sorted(set(BACKTICKED.findall(text)) - known):
            said = _("{file}: there is no input, value or scenario called {names}.")
            yield said.format(file=file, names=", ".join(unknown))
        minutes = re.findall(r"^\|[^|]+\| *(\d+) *\|", text, re.MULTILINE)
        if (total := sum(map(int, minutes))) != quotas.CASE_MINUTES or str(total) not in _second_section(text):
            said = _("{file}: the stages of its time plan take {n} minutes; they must fill {wanted}; say so.")
            yield said.format(file=file, n=total, wanted=quotas.CASE_MINUTES)


def _second_section(text: str) -> str:
    return "".join(text.split("\n## ")[2:3])


def _scenarios(case: Case) -> Iterator[str]:
    folder, inputs = case.folder / "scenarios", study_of(case).inputs
    yield from quotas.SCENARIOS.lacks(shown(folder), len(case.order) - 1)
    if case.order[:1] != ["base"] or case.scenario("base").inputs:
        yield _("{file}: the first scenario is “base”, and it changes nothing.").format(file=shown(folder))
    if sorted(case.order) != sorted(path.stem for path in folder.glob("*.yaml")):
        said = _("{file}: “order” must name each file of scenarios/ once.")
        yield said.format(file=shown(case.folder / "case.yaml"))
    for lang in LANGUAGES:
        titles = [getattr(case.scenario(name).title, lang) for name in case.order]
        if len(set(titles)) < len(titles):
            yield _("{file}: two scenarios are called alike ({lang}).").format(file=shown(folder), lang=lang)
    for name in case.order:
        file, scenario = shown(folder / f"{name}.yaml"), case.scenario(name)
        if not scenario.why:
            yield _("{file}: say in “why” what it is about.").format(file=file)
        try:
            inputs(**scenario.inputs)
        except UserError as refusal:
            yield from (f"{file}: {problem}" for problem in refusal.problems)
        yield from _both(file, scenario)


def _questions(case: Case) -> Iterator[str]:
    file, questions = shown(case.folder / "questions.yaml"), case.questions
    yield from quotas.QUESTIONS.lacks(file, len(questions))
    if len({q.id for q in questions}) < len(questions):
        yield _("{file}: two questions have the same id.").format(file=file)
    for q in questions:
        if not q.mistakes:
            yield _("{file}: write a usual wrong answer to question “{id}”, and a reply.").format(file=file, id=q.id)
    yield from _both(file, questions)
    yield from _both(shown(case.folder / "case.yaml"), case)


def _both(file: str, part: object) -> Iterator[str]:
    """Say which texts differ in their digits between the languages, or are written in the wrong letters."""
    for _place, text in texts_in(part):
        if _odd_digits(text.zh, text.en):
            yield _("{file}: the numbers in zh and en differ: “{text}”.").format(file=file, text=text.en[:60])
        yield from letters(file, text.zh, text.en)

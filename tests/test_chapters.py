"""Every chapter is found and lacks nothing; and what ``crm chapter check`` looks for, it finds.

The quotas, and the rules for cases and notebooks, stand in ``crmlib/authoring`` and nowhere else.
"""

import ast
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Crm

import crmlib.chapters
from crmlib import casebook
from crmlib.authoring import cases, check, folders, items, notebooks, quotas
from crmlib.authoring.quotas import Quota
from crmlib.casebook import Case
from crmlib.chapters import chapter_in, chapter_of, chapters
from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import CASEBOOK, ROOT, SOURCES
from crmlib.items.bank import bank
from crmlib.items.summaries import summary
from crmlib.notebooks import build, contents
from crmlib.support import texts

every_chapter = pytest.mark.parametrize("topic", chapters())


@every_chapter
def test_a_chapter_lacks_nothing(topic: str, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check, "PARTS", tuple(part for part in check.PARTS if part is not check._yaml))
    assert check.lacks(topic) == []


@pytest.mark.shared(3)
@every_chapter
def test_its_yaml_is_read_by_a_slow_reader_as_by_the_quick_one(topic: str, english: None) -> None:
    assert list(check._yaml(chapters()[topic])) == []


def test_every_folder_is_a_chapter_and_every_notebook_case_study_and_number_belongs_to_one() -> None:
    found = chapters().values()
    assert [chapter.topic for chapter in found] == list(chapters())
    assert sorted(chapters()) == folders.topics()
    numbers = [chapter.number for chapter in found]
    assert numbers == sorted(set(numbers))
    own = (source for chapter in found for source in check.sources(chapter))
    known = [notebooks.START, *own, *contents.appendices()]
    assert sorted(known) == build.sources()
    assert sorted(case.name for chapter in found for case in check.cases_of(chapter)) == casebook.cases()
    assert all(name in {study.name for study in chapter_of(name).studies} for name in STUDIES)


@pytest.mark.parametrize("source", [notebooks.START, *contents.appendices()], ids=lambda source: source.stem)
def test_a_notebook_of_no_chapter_is_written_like_the_others(english: None, source: Path) -> None:
    assert list(notebooks.lacks(source)) == []


def test_the_command_says_that_nothing_is_lacking(crm: Crm) -> None:
    topic = next(iter(chapters()))
    assert crm("chapter", "check", topic, "--lang", "en") == (0, f"Nothing is lacking: {topic}.\n", "")
    code, said, complaint = crm("chapter", "check", topic[:-1], "--lang", "en")
    assert code == 2 and said == "" and f"Did you mean “{topic}”?" in complaint


# What is lacking is found ---------------------------------------------------------------------------------------------


def test_a_quota_counts_from_below_and_from_above(lang: str) -> None:
    quota = Quota("items", 3, 5)
    assert [len(list(quota.lacks("file", n))) for n in (2, 3, 5, 6)] == [1, 0, 0, 1]
    (said,) = quota.lacks("file", 1)
    assert said.startswith("file") and "2" in said and "3" in said


def test_a_bank_without_items_lacks_every_kind_and_level(lang: str) -> None:
    said = list(items.counted([], "x.yaml", quotas.ITEMS))
    assert len(said) == 1 + len(quotas.OF_KIND) + len(quotas.LEVELS)
    assert all(line.startswith("x.yaml") for line in said)


def test_what_is_wrong_with_a_study_and_its_data_is_found(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = next(iter(chapters().values()))
    study = replace(chapter.studies[0], first=("nothing",), measures={})
    recipe = replace(chapter.recipe, asked=("nothing",), script="make_nothing")
    monkeypatch.setattr(check, "chapters", lambda: {chapter.topic: replace(chapter, studies=(study,), recipe=recipe)})
    monkeypatch.setattr(quotas, "DATA_BYTES", Quota("bytes", most=10))
    said = "\n".join(check.lacks(chapter.topic))
    for part in (
        "must be a measure too", "“first” names nothing", f"the {quotas.BEGINNER} inputs that a beginner needs",
        "the recipe names nothing", "data/make_nothing.py is missing", "shorten it to 10 at most",
    ):  # fmt: skip
        assert part in said, said


def test_a_misconception_that_nothing_shows_and_an_oracle_that_is_not_there_are_found(
    english: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    topic = next(iter(chapters()))
    part = bank().topics[topic][0]
    monkeypatch.setattr(items, "TESTS", tmp_path)
    (tmp_path / f"oracles_{topic}.py").write_text("ORACLES = {}")
    monkeypatch.setitem(part.misconceptions, "shown_by_nothing", next(iter(part.misconceptions.values())))
    said = list(items.lacks(topic))
    assert any("“shown_by_nothing” is shown by no wrong answer" in line for line in said)
    assert sum("compute the key of" in line for line in said) >= quotas.DRAWN.least


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A copy of a case that may be damaged."""
    shutil.copytree(CASEBOOK, tmp_path / "casebook", ignore=shutil.ignore_patterns("mine"))
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    return casebook.case(casebook.cases()[0])


def rewritten(file: str, old: str, new: str) -> Callable[[Case], None]:
    def act(case: Case) -> None:
        path = case.folder / file
        text, n = re.subn(old, new, path.read_text("utf-8"), count=1, flags=re.MULTILINE)
        assert n == 1
        path.write_text(text, "utf-8")

    return act


DAMAGE = {
    "a text that is not there": (lambda case: (case.folder / "text.en.md").unlink(), "text.en.md is missing"),
    "a heading too many": (rewritten("text.en.md", r"^## ", "## More\n\n## "), "differ in headings"),
    "another number": (rewritten("teaching.en.md", r"\b90\b", "91"), "in one language only: 90, 91"),
    "another input": (rewritten("teaching.en.md", r"`\w+`", "`nothing`"), "name different inputs"),
    "an unknown input": (rewritten("teaching.en.md", r"`\w+`", "`nothing`"), "called nothing"),
    "a shorter plan": (rewritten("teaching.zh.md", r"^(\|[^|]+\|) *\d+ *\|", r"\1 1 |"), "must fill 90"),
    "an English comma": (rewritten("text.zh.md", "，", ", "), "letters or punctuation of the other language in zh"),
    "a full-width comma": (rewritten("text.en.md", ", ", "，"), "letters or punctuation of the other language in en"),
    "no title": (rewritten("text.zh.md", "^# ", ""), "begin with a title"),
    "a scenario that changes what is not there": (
        rewritten("scenarios/base.yaml", r"inputs: \{\}", "inputs: {nothing: 1}"),
        "base.yaml: ",
    ),
    "a base that changes something": (rewritten("case.yaml", "order: .base, ([a-z_]+)", r"order: [\1, base"), "“base”"),
    "a scenario too few": (rewritten("case.yaml", "order: .*", "order: [base]"), "0; write 3 more"),
    "a scenario in no order": (rewritten("case.yaml", "order: .*", "order: [base]"), "each file of scenarios/ once"),
    "a question without mistakes": (rewritten("questions.yaml", r"  mistakes:\n(?:    .*\n)+", ""), "a usual wrong"),
    "numbers that differ": (rewritten("questions.yaml", r"^( +zh: .*)$", r"\1 7"), "the numbers in zh and en differ"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_wrong_with_a_case_is_found(copied: Case, english: None, what: str) -> None:
    assert list(cases.lacks(copied)) == []
    damage, said = DAMAGE[what]
    damage(copied)
    found = list(cases.lacks(casebook.case(copied.name)))
    assert any(said in line for line in found), found


def test_a_case_may_give_figures_if_both_languages_give_them(copied: Case, english: None) -> None:
    for lang in LANGUAGES:
        path = copied.folder / f"text.{lang}.md"
        path.write_text(
            path.read_text("utf-8") + {"zh": "\n共 3 家。\n", "en": "\nThere are 3 of them.\n"}[lang], "utf-8"
        )
    assert list(cases.lacks(copied)) == []


SOURCE_DAMAGE = {
    "nothing on the exam at its head": ("<!-- often -->", "", "what is required and optional, and <!-- often -->"),
    "no prediction": ("predict(explorer)", "explorer", "each explorer must be shown by predict(explorer)"),
    "a section of another name": ("## Guess first", "## Guess", "the sections (en) must be, in order"),
    "a Chinese comma": ("## See it\n", "## See it\n\nA，b.\n", "of the other language in en"),
    "a long text": ("## See it\n", f"## See it\n\n{'Word ' * 200}.\n", "shorten it to 75 at most"),
    "a loop": ("exercises.guess()", "for _ in range(2):\n    exercises.guess()", "no functions, classes or loops"),
    "a long cell": ("exercises.guess()", "exercises.guess()\n" * 13, "lines of a code cell: "),
    "a cell nobody announces": (
        "exercises.guess()\n```",
        "exercises.guess()\n```\n\n```{code-cell} ipython3\n1\n```",
        "a sentence must stand before each code cell",
    ),
}


@pytest.mark.parametrize("what", SOURCE_DAMAGE)
def test_what_is_wrong_with_a_chapters_notebook_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None, what: str
) -> None:
    old, new, said = SOURCE_DAMAGE[what]
    chapter = next(iter(chapters().values()))
    text = (SOURCES / f"{chapter.notebook}.md").read_text("utf-8")
    assert old in text
    source = tmp_path / f"{chapter.notebook}.md"
    source.write_text(text.replace(old, new, 1), "utf-8")
    found = list(notebooks.lacks(source))
    assert any(said in line for line in found), found
    assert any("older than its source" in line for line in found)


@every_chapter
def test_the_notebooks_of_a_chapter_ask_each_question_of_its_case_once(topic: str) -> None:
    chapter = chapters()[topic]
    text = "\n".join((SOURCES / f"{name}.md").read_text("utf-8") for name in chapter.notebooks)
    for case in check.cases_of(chapter):
        calls = re.findall(rf'^questions\("{case.name}"(.*)\)$', text, re.MULTILINE)
        known = [question.id for question in case.questions]
        asked = [id for call in calls for id in re.findall(r'"(\w+)"', call) or known]
        assert sorted(asked) == sorted(known) or case.study != chapter.studies[0].name


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_notebook_of_a_chapter_has_a_title_of_its_own_in_the_table(lang: str) -> None:
    rows = [line for line in contents.table(lang).splitlines() if line.startswith("| [")]
    titles = re.findall(r"^\| \[(\d\d [^]]+)\]\((\w+)\.ipynb\)", "\n".join(rows), re.MULTILINE)
    assert [name for _title, name in titles] == [name for chapter in chapters().values() for name in chapter.notebooks]
    assert len({title for title, _name in titles}) == len(titles)
    for source in (SOURCES / f"{name}.md" for _title, name in titles):
        numbered, said = texts.title(source, lang), texts.matter(source, lang)
        assert numbered.endswith(said) and not re.search(r"\d|[上下]）", said) and re.search(r"\d", numbered)


def test_further_notebooks_of_a_chapter_are_found_and_those_with_a_wrong_name_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    chapter = next(chapter for chapter in chapters().values() if len(chapter.studies) > 1)
    study = chapter.studies[1]
    monkeypatch.setattr(crmlib.chapters, "SOURCES", tmp_path)
    assert chapter.notebooks == (chapter.notebook,) and list(check.further(replace(chapter, topic="no_pairs"))) == []
    further = f"{chapter.notebook}_{study.name}"
    for name in (further, f"{chapter.notebook}_zzz", "99_other_zzz"):
        (tmp_path / f"{name}.md").touch()
    assert chapter.notebooks == (chapter.notebook, further, f"{chapter.notebook}_zzz")
    assert [chapter.part(name) for name in chapter.notebooks] == ["", study.name, "zzz"]
    assert chapter_in(further) is chapter and chapter.study(further) is study
    assert chapter_in("99_other_zzz") is None
    said = [line for line in check.further(chapter) if "zzz" in line]
    assert len(said) == 1 and f"{chapter.notebook}_zzz.md: call a further part" in said[0] and study.name in said[0]


def test_a_pair_of_a_part_that_there_is_not_is_told(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    chapter = next(iter(chapters().values()))
    known = summary(chapter.topic)
    assert known
    lost = known.model_copy(update={"pairs": (known.pairs[0].model_copy(update={"part": "zzz"}),)})
    monkeypatch.setattr(check, "summary", lambda topic: lost)
    (said,) = check.further(chapter)
    assert f"{chapter.topic}.yaml: the chapter has no part “zzz”" in said


def test_a_chapter_that_cannot_be_imported_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    monkeypatch.setattr(folders, "CHAPTERS", tmp_path)
    (tmp_path / "unfinished").mkdir()
    assert folders.topics() == ["unfinished"]
    (said,) = folders.broken("unfinished")
    assert "chapter.py" in said
    (tmp_path / "unfinished" / "chapter.py").touch()
    (said,) = folders.broken("unfinished")
    assert "ModuleNotFoundError" in said and "\n" not in said


# No list of chapters stands anywhere else -----------------------------------------------------------------------------

OF_CHAPTER = {
    name: topic
    for topic, chapter in chapters().items()
    for name in (topic, *(study.name for study in chapter.studies), *(case.name for case in check.cases_of(chapter)))
}
"""The chapter that a topic, a study or a case belongs to."""
COMMANDS = {"exam"}
"""Topics that are called like a command of ``crm``: as a word alone they name the command."""
CALLED = re.compile(r"(?:\d\d_|case_|make_|oracles_|explore_)?([a-z_]+?)(?:\.\w+)?")
CODE = [path for room in ("crmlib", "tests", "bench", "data", "docs") for path in sorted((ROOT / room).rglob("*.py"))]
SETTINGS = [
    *(ROOT / name for name in ("pyproject.toml", "environment.yml", "work.py", ".ci/run", ".pre-commit-config.yaml")),
    *sorted((ROOT / ".github").rglob("*.yml")),
    *sorted((CASEBOOK / "blueprints").glob("*.yaml")),
]


def lists(code: str) -> Iterator[tuple[int, set[str]]]:
    """Yield each literal and each import that names several chapters, with its line."""
    for node in ast.walk(ast.parse(code)):
        members: list[ast.AST] = []
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            members = [part for one in node.elts for part in getattr(one, "elts", [one])]
        elif isinstance(node, ast.Dict):
            members = [part for part in (*node.keys, *node.values) if part]
        elif isinstance(node, ast.Import | ast.ImportFrom):
            members = list(node.names)
        found = {topic for member in members if (topic := chapter_named(member))}
        if len(found) > 1:
            yield node.lineno, found


def chapter_named(node: ast.AST) -> str | None:
    """Return the chapter that a member of a literal names by its topic, study or case, or None."""
    if isinstance(node, ast.Attribute):
        return chapter_named(node.value) or OF_CHAPTER.get(node.attr)
    text = getattr(node, "value", None) or getattr(node, "id", None) or getattr(node, "name", None)
    called = CALLED.fullmatch(text) if isinstance(text, str) and text not in COMMANDS else None
    return OF_CHAPTER.get(called[1]) if called else None


def test_a_topic_called_like_a_command_is_let_pass_as_a_word_alone() -> None:
    for topic in COMMANDS:
        other = next(name for name in chapters() if name != topic)
        assert list(lists(f"X = ('{topic}', '{other}')")) == []
        ((_line, found),) = lists(f"X = ('case_{topic}', '{other}')")
        assert found == {topic, other}


def test_no_code_lists_chapters() -> None:
    assert [(path, found) for path in CODE for found in lists(path.read_text("utf-8"))] == []


def test_no_setting_lists_chapters() -> None:
    for path in SETTINGS:
        words = set(re.findall(r"[a-z_]+", path.read_text("utf-8")))
        assert len({OF_CHAPTER[word] for word in words & set(OF_CHAPTER) - COMMANDS}) < 2, path


@pytest.mark.parametrize(
    "planted",
    [
        "X = ('{a}', '{b}')", "X = {{'{a}': 1, '{b}': 2}}", "X = [('{a}', 1), ('{b}', 2)]",
        "X = ['04_{a}', 'case_{b}']",
        "from crmlib.learning import {a}, {b}", "X = {{1: {a}.STUDY, 2: {b}.STUDY}}", "f({{'{a}.x', '{b}.y'}})",
    ],
)  # fmt: skip
def test_a_list_of_chapters_would_be_found(planted: str) -> None:
    first, second, *_others = chapters()
    ((_line, found),) = lists(planted.format(a=first, b=second))
    assert found == {first, second}

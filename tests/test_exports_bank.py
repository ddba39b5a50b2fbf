"""Is the whole bank written as every platform takes it: by topic, as pools, and in the layout of Chinese platforms?"""

import io
import re
import stat
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from conftest import Crm
from docx import Document
from readers import found as want
from readers import gift as gift_reader
from readers import moodle as moodle_reader
from readers import qti12 as qti12_reader
from readers import qti21 as qti21_reader
from readers.archive import only

from crmlib.exams.exports import EXPORTS
from crmlib.exams.exports.common import held
from crmlib.exams.exports.qti12 import qti12
from crmlib.exams.exports.qti21 import qti21
from crmlib.exams.paper import LABELS, Paper
from crmlib.exams.whole import few, whole
from crmlib.items import prose
from crmlib.items.bank import bank
from crmlib.items.item import is_drawn

HEADINGS = ["题型", "题干", *(f"选项{letter}" for letter in "ABCDEF"), "答案", "解析", "难度", "知识点", "分值"]
KINDS = {"mcq": "单选题", "tf": "判断题", "num": "填空题", "short": "简答题", "essay": "论述题", "case": "案例分析题"}
LINE = re.compile(
    r"(?P<asked>\d+、（(?:单选|判断|填空|简答|论述|案例分析)题）)"
    r"|(?P<mark>答案|解析|难度|知识点|分值)："
    r"|(?P<letter>[A-F])\. "
)


def test_the_whole_bank_lies_in_a_category_a_topic(lang: str) -> None:
    made = whole(bank(), [], 1, lang)
    assert [q.id for q in made.questions] == [item.id for name in bank().topics for item in bank().of(name)]
    name = "题库" if lang == "zh" else "Question bank"
    titles = {name: str(parts[0].title) for name, parts in bank().topics.items()}
    found = dict(moodle_reader.categories(EXPORTS["moodle"](made)[0][1]))
    assert found == {q.id: f"$course$/top/{name} {lang}/{_plain(titles[q.topic])}" for q in made.questions}


def _plain(title: str) -> str:
    return " ".join(re.sub(r"[^\w.-]+", " ", title).split())


def pools(lang: str = "en", variants: int = 5) -> Paper:
    return one_key(whole(bank(), ["tiers"], 3, lang, variants))


def one_key(made: Paper) -> Paper:
    """Return a paper with the questions that have one key; those with several parts have tests of their own."""
    return held(made, lambda q: q.kind in want.ONE_KEY)


def test_a_pool_holds_variants_of_one_item_that_differ() -> None:
    made = pools(variants=12)
    for part in made.parts:
        item = bank().item(part.name)
        assert len(part.questions) == (12 if is_drawn(item) else 1)
        assert [q.id for q in part.questions] == [f"{item.id}.{n}" for n in range(1, len(part.questions) + 1)]
        assert len({(q.text, *sorted(q.options)) for q in part.questions}) == len(part.questions)
    assert made.points == sum(part.questions[0].points for part in made.parts)


def test_pools_are_categories_in_moodle_and_in_gift() -> None:
    made = pools()
    wanted = {q.id: f"$course$/top/Question bank en/{part.name}" for part in made.parts for q in part.questions}
    assert dict(moodle_reader.categories(EXPORTS["moodle"](made)[0][1])) == wanted
    assert gift_reader.categories(EXPORTS["gift"](made)[0][1]) == wanted
    assert len(moodle_reader.read(EXPORTS["moodle"](made)[0][1])) == len(made.questions)


def test_pools_are_groups_in_canvas_of_which_one_question_is_drawn() -> None:
    made = pools()
    files = qti12_reader.unpacked(qti12(made)[1])
    [name] = qti12_reader.resources(files, "imsqti_xmlv1p2")
    root = only(qti12_reader.bare(files[name]), "assessment/section")
    assert [group.tag for group in root] == ["section"] * len(made.parts)
    for group, part in zip(root, made.parts, strict=True):
        chosen = only(group, "selection_ordering/selection")
        assert only(chosen, "selection_number").text == "1"
        assert float(only(chosen, "selection_extension/points_per_item").text or "") == part.questions[0].points
        items = group.findall("item")
        assert len(items) == len(part.questions)
        banks = {qti12_reader._facts(item)["question_bank"] for item in items}
        assert banks == {f"Question bank {part.name}"}


def test_pools_are_selections_in_qti21() -> None:
    made = pools()
    for section, part in zip(qti21_reader.sections(qti21(made)[1]), made.parts, strict=True):
        assert next(one.tag for one in section) == "selection"
        assert only(section, "selection").attrib == {"select": "1"}
        assert len(section.findall("assessmentItemRef")) == len(part.questions)


def test_an_item_with_few_variants_is_said(english: None) -> None:
    made = whole(bank(), [], 3, "en", 60)
    short = {part.title: len(part.questions) for part in made.parts if len(part.questions) not in (1, 60)}
    assert list(few(made, 60)) == [f"{id}: there are only {n} different variants." for id, n in short.items()]


# The layout of Chinese platforms --------------------------------------------------------------------------------------


def everything(lang: str) -> list[Paper]:
    return [want.hostile_paper(lang), one_key(whole(bank(), [], 1, lang))]


@pytest.mark.shared(2)
def test_the_workbook_has_a_row_a_question(lang: str) -> None:
    for made in everything(lang):
        [(name, content)] = EXPORTS["xlsx"](made)
        assert name == "import.xlsx"
        head, *rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()
        assert [cell.value for cell in head] == HEADINGS
        assert all(cell.data_type in ("s", "n") for row in rows for cell in row), "a formula or an error"
        for row, q in zip(rows, made.questions, strict=True):
            told = dict(zip(HEADINGS, (cell.value or "" for cell in row), strict=True))
            assert told["题型"] == KINDS[q.kind]
            assert told["题干"].startswith(_cell(prose.plain_text(q.text)))
            options = [prose.plain_text(option) for option in q.options] if q.kind == "mcq" else []
            assert [told[f"选项{letter}"] for letter in LABELS[:6]] == [
                *map(_cell, options),
                *[""] * (6 - len(options)),
            ]
            assert told["难度"] == ("", "易", "中", "难")[q.difficulty]
            assert float(told["分值"]) == q.points
            _check_answer(told["答案"], q)


def _cell(text: str) -> str:
    """A workbook keeps line ends as one character."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_answer(told: str, q: want.Question) -> None:
    if q.kind == "mcq":
        assert told == q.answer and len(told) == 1
    elif q.kind == "tf":
        assert told == ("对", "错")[int(q.key or 0)]
    elif q.kind == "num":
        assert float(told) == pytest.approx(q.key, rel=1e-9, abs=1e-9)
    else:
        assert told == _cell(prose.plain_text(q.model))


@pytest.mark.shared(2)
def test_text_and_word_have_the_same_lines_and_none_begins_by_chance(lang: str) -> None:
    """Every line is told by its beginning, as a platform tells them; no text of a question begins one."""
    for made in everything(lang):
        [(name, content)] = EXPORTS["text"](made)
        assert name == "import.txt"
        blocks = [block.split("\n") for block in content.decode().rstrip("\n").split("\n\n")]
        [(_name, word)] = EXPORTS["word"](made)
        assert [p.text for p in Document(io.BytesIO(word)).paragraphs] == [ln for b in blocks for ln in [*b, ""]]
        for lines, q in zip(blocks, made.questions, strict=True):
            marks = [LINE.match(line) for line in lines]
            assert all(marks), lines
            letters = [mark["letter"] for mark in marks if mark and mark["letter"]]
            assert letters == list(LABELS[: len(q.options)] if q.kind == "mcq" else "")
            names = Counter(mark["mark"] for mark in marks if mark and mark["mark"])
            assert names == {"答案": 1, "解析": 1, "知识点": 1, "分值": 1} | ({"难度": 1} if q.difficulty else {})
            assert marks[0] and marks[0]["asked"]


@pytest.mark.parametrize("fmt", ["xlsx", "text", "word"])
def test_the_same_bank_gives_the_same_bytes(fmt: str) -> None:
    first, other = (EXPORTS[fmt](whole(bank(), ["tiers"], 1, "zh")) for _time in range(2))
    assert first == other


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_writes_every_format_for_its_owner_alone(tmp_path: Path, crm: Crm) -> None:
    out = tmp_path / "bank"
    asked = ("exam", "export", "--topic", "tiers", "--to", ",".join(EXPORTS), "--lang", "both", "--out", out)
    code, said, _told = crm(*asked)
    assert code == 0
    names = {path.name for path in out.iterdir()}
    ends = "moodle.xml qti12.zip qti21.zip qti21-feedback.zip gift.txt anki.apkg import.xlsx import.txt import.docx"
    assert names == {f"bank-{lang}-{end}" for lang in ("zh", "en") for end in ends.split()}
    assert {Path(line).name for line in said.splitlines()} == names
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in out.iterdir())


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--variants", "500"], "--variants may be 0 to 200."),
        (["--variants", "-1"], "--variants may be 0 to 200."),
        (["--topic", "teirs"], "There is no topic “teirs”. Did you mean “tiers”?"),
        (
            ["--to", "pdf"],
            "“pdf” is not a format: choose from moodle, qti, qti-feedback, gift, anki, xlsx, text, word.",
        ),
    ],
)
def test_what_is_asked_wrongly_is_said_and_nothing_is_written(
    tmp_path: Path, crm: Crm, asked: list[str], said: str
) -> None:
    code, _said, told = crm("exam", "export", *asked, "--lang", "en", "--out", tmp_path / "bank")
    assert code == 2 and said in told
    assert not (tmp_path / "bank").exists()

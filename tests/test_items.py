"""Is everything refused that does not belong into a question bank, with file, line, item and field?"""

import copy
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crmlib.core.errors import UserError
from crmlib.core.i18n import speaking
from crmlib.exams.blueprint import BLUEPRINTS
from crmlib.items import bank as bank_module
from crmlib.items.bank import read_bank
from crmlib.items.base import NOT_IN_FULL
from crmlib.items.item import Choice, Number, Topic, TrueFalse, Written, differing_numbers, numbers_in
from crmlib.support.strict_yaml import read_yaml

Dict = dict[str, Any]


def both(zh: str, en: str) -> Dict:
    return {"zh": zh, "en": en}


COMMON: Dict = {"bloom": "apply", "difficulty": 1, "minutes": 2, "source": both("讲义", "Notes")}
MCQ: Dict = {
    **COMMON,
    "id": "own.which",
    "type": "mcq",
    "stem": both("哪一个成立？", "Which one holds?"),
    "options": [
        {"text": both("甲", "first"), "correct": True, "why": both("对", "holds")},
        {"text": both("乙", "second"), "misconception": "mixed_up", "why": both("混淆", "mixed")},
        {"text": both("丙", "third"), "misconception": "mixed_up", "why": both("混淆了", "mixed too")},
    ],
    "hints": [both("想一想", "Think")],
}
TF: Dict = {
    **COMMON,
    "id": "own.holds",
    "type": "tf",
    "stem": both("成立。", "It holds."),
    "answer": True,
    "why": both("因为", "Because"),
    "misconception": "mixed_up",
}
NUM: Dict = {
    **COMMON,
    "id": "own.sum",
    "type": "num",
    "stem": both("2 加 3 等于多少？", "What is 2 plus 3?"),
    "answer": 5,
    "worked": both("2 + 3 = 5。", "2 + 3 = 5."),
    "distractors": [{"answer": 6, "misconception": "mixed_up", "why": both("那是乘积。", "That is the product.")}],
}
SHORT: Dict = {
    **COMMON,
    "id": "own.why",
    "type": "short",
    "points": 5,
    "stem": both("为什么？", "Why?"),
    "model": both("因为。", "Because."),
    "rubric": [{"points": 3, "text": both("一", "one")}, {"points": 2, "text": both("二", "two")}],
}


DRAWN: Dict = {
    "generator": "sum",
    "stem": both("{{ a }} 加 3？", "{{ a }} plus 3?"),
    "worked": both("加。", "Add."),
    "replies": {"mixed_up": both("那是乘积。", "That is the product.")},
}


def topic(*items: Dict) -> Dict:
    return {
        "topic": "own",
        "title": both("自己的", "One's own"),
        "chapter": "99_own",
        "misconceptions": {"mixed_up": both("弄混了", "Mixed up")},
        "items": [copy.deepcopy(item) for item in items],
    }


def written(folder: Path, content: Dict, name: str = "own") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(UserError) as refused:
        read_yaml(path, Topic)
    return str(refused.value)


def test_each_kind_of_item_is_read(tmp_path: Path) -> None:
    read = read_yaml(written(tmp_path, topic(MCQ, TF, NUM, SHORT)), Topic)
    assert [type(item) for item in read.items] == [Choice, TrueFalse, Number, Written]
    assert [item.points for item in read.items] == [2, 1, 2, 5]


def test_distractors_under_their_former_name_are_read(tmp_path: Path) -> None:
    former = {("traps" if name == "distractors" else name): value for name, value in NUM.items()}
    one, other = (read_yaml(written(tmp_path, topic(item)), Topic) for item in (NUM, former))
    assert one == other


def change(item: Dict, **fields: Any) -> Dict:
    return {**copy.deepcopy(item), **fields}


def options(*changes: Callable[[list[Dict]], object]) -> Dict:
    item = copy.deepcopy(MCQ)
    for act in changes:
        act(item["options"])
    return item


LONG = both("这是一个写得非常非常长的选项文字", "this option is written out at quite some length")
HALF = [{"points": 2, "text": both("半", "half")}]
REFUSED: dict[str, tuple[Dict, str]] = {
    "money in units": (
        change(NUM, unit=both("万元", "10,000 yuan")),
        "item own.sum, “unit” (en): money stands in full in English: write ¥600,000",
    ),
    "money in units that a stem names": (
        change(SHORT, stem=both("销售额 60（万元），为什么？", "Sales are 60 (in ¥10,000). Why?")),
        "“stem” (en): money stands in full in English",
    ),
    "money in units in words": (
        change(SHORT, stem=both("销售额 60 万元，为什么？", "Sales are 60, in ten thousand yuan. Why?")),
        "“stem” (en): money stands in full in English",
    ),
    "money that differs": (
        change(SHORT, model=both("1. 共 60 万元。", "1. It is ¥60,000.")),
        "“model”: the numbers in zh and en differ (60, 60000)",
    ),
    "options in two units": (
        {**COMMON, "id": "own.drawn", "type": "mcq", **DRAWN, "unit": both("万元", "yuan")},
        "item own.drawn: “unit”: what is offered as options stands in the same unit",
    ),
    "two keys": (
        options(lambda o: o[1].update(correct=True, misconception=None)),
        "“items.own.which”: item own.which: 2 of",
    ),
    "no key": (options(lambda o: o[0].update(correct=False, misconception="mixed_up")), "0 of its options are right"),
    "two options": (options(lambda o: o.pop()), "it has 2 options; it may have 3 to 6"),
    "twins": (options(lambda o: o[2].update(text=both("乙", "Third"))), "read the same in zh"),
    "twins but for case": (options(lambda o: o[2].update(text=both("丁", "SECOND "))), "read the same in en"),
    "all of the above": (options(lambda o: o[2].update(text=both("丁", "All of the above"))), "tests nothing"),
    "以上都对": (options(lambda o: o[2].update(text=both("以上都对", "third"))), "tests nothing"),
    "a long key": (options(lambda o: o[0].update(text=LONG)), "much longer than the others (zh)"),
    "an unnamed misconception": (options(lambda o: o[1].pop("misconception")), "each wrong option names its misc"),
    "an unknown misconception": (options(lambda o: o[1].update(misconception="x")), "no misconception “x” at the head"),
    "a negative": (
        change(MCQ, stem=both("哪一个不正确？", "Which one **fails**?")),
        "not stressed: put ** around it (zh)",
    ),
    "a negative in English": (change(MCQ, stem=both("哪一个？", "Which is not so?")), "around it (en)"),
    "no English": (change(MCQ, stem={"zh": "哪一个？"}), "“items.own.which.stem.en” is missing"),
    "a blank": (change(TF, why=both(" ", "x")), "“items.own.holds.why.zh” is empty"),
    "other numbers": (
        change(NUM, stem=both("2 加 4 等于多少？", "What is 2 plus 3?")),
        "“stem”: the numbers in zh and en differ (3, 4)",
    ),
    "a rubric that does not sum": (change(SHORT, points=6), "the rubric of item own.why adds up to 5, not to 6"),
    "one criterion": (change(SHORT, rubric=[{"points": 5, "text": both("一", "one")}]), "rubric” cannot be"),
    "a distractor on the key": (
        change(NUM, distractors=[{**NUM["distractors"][0], "answer": 5.01}]),
        "the distractor 5.01 cannot be told",
    ),
    "no answer": ({k: v for k, v in NUM.items() if k != "answer"}, "neither a generator nor all"),
    "a generator as well": (change(NUM, generator="sum"), "a generator and is written out as well"),
    "an unknown kind": (change(TF, type="tick"), "items.own.holds"),
    "an unknown field": (change(TF, colour="red"), "there is no field “items.own.holds.colour”"),
    "another topic": (change(TF, id="tiers.holds"), "must begin with the topic: “own.”"),
    "a formula": (change(TF, why=both(r"\( x^ \)", r"\( x^ \)")), "“why”: the formula “x^” cannot be read"),
    "a level above": (
        change(SHORT, rubric=[change(SHORT["rubric"][0], levels=HALF), SHORT["rubric"][1]]),
        "the best level must earn all 3 points",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_said_with_file_line_item_and_field(tmp_path: Path, english: None, what: str) -> None:
    item, sentence = REFUSED[what]
    said = refusal(written(tmp_path, topic(SHORT if item["id"] != SHORT["id"] else TF, item)))
    assert sentence in said
    assert "own.yaml, line " in said


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_said_in_chinese_too(tmp_path: Path, what: str) -> None:
    path = written(tmp_path, topic(REFUSED[what][0]))
    with speaking("zh"):
        assert "第" in refusal(path)


def test_the_line_is_that_of_the_fault(tmp_path: Path, english: None) -> None:
    path = written(tmp_path, topic(TF, change(NUM, colour="red")))
    line = path.read_text("utf-8").splitlines().index("  colour: red") + 1
    assert f"own.yaml, line {line}: there is no field “items.own.sum.colour”" in refusal(path)


@pytest.mark.parametrize("text", ["a: &a [x]\nb: *a", "a: !!python/name:os.system x", "a: &x 1"])
def test_anchors_and_tags_are_refused(tmp_path: Path, english: None, text: str) -> None:
    (tmp_path / "own.yaml").write_text(text)
    assert "anchors, aliases and tags" in refusal(tmp_path / "own.yaml")


def test_an_id_twice_in_two_files_is_refused(tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_module, "ITEMS", tmp_path)
    written(tmp_path, topic(TF))
    written(tmp_path, topic(TF), "second")
    with pytest.raises(UserError, match=r"second.yaml: the id “own.holds” is already used in own.yaml"):
        read_bank()


@pytest.mark.parametrize(
    ("item", "said"),
    [
        (change(TF, enemies=["own.nobody"]), "item own.holds, “enemies”: there is no other item “own.nobody”"),
        (change(TF, enemies=["own.holds"]), "there is no other item “own.holds”"),
        ({**COMMON, "id": "own.sum", "type": "num", **DRAWN}, "“generator”: the topic has no generator “sum”"),
    ],
)
def test_what_points_nowhere_is_refused(
    tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch, item: Dict, said: str
) -> None:
    monkeypatch.setattr(bank_module, "ITEMS", tmp_path)
    written(tmp_path, topic(item))
    with pytest.raises(UserError, match="own.yaml") as refused:
        read_bank()
    assert said in str(refused.value)


def test_statements_that_are_nearly_all_true_are_refused(
    tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_module, "ITEMS", tmp_path)
    written(tmp_path, topic(*(change(TF, id=f"own.t{n}") for n in range(5))))
    with pytest.raises(UserError, match="5 of 5 true/false statements are true; it must be 40 to 60%"):
        read_bank()


def test_a_folder_without_items_is_said(tmp_path: Path, english: None) -> None:
    with pytest.raises(UserError, match="there is no question file"):
        read_bank(tmp_path)


def test_one_own_item_joins_the_bank_and_changes_its_mark(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours, own = tmp_path / "ours", tmp_path / "own"
    ours.mkdir()
    own.mkdir()
    monkeypatch.setattr(bank_module, "ITEMS", ours)
    written(ours, topic(TF))
    written(own, topic(NUM), "more")
    assert list(read_bank(own).items) == ["own.holds", "own.sum"]
    assert read_bank(own).mark != read_bank().mark == read_bank().mark


@pytest.mark.parametrize(
    ("zh", "en", "odd"),
    [
        ("占 20%", "20% of them", []),
        ("1,200 户", "1200 firms", []),
        ("３．５ 分", "3.5 points", []),
        ("5 万元", "5 (10,000 yuan)", []),
        ("80/20 法则", "the 80/20 rule", []),
        ("20 户中的 5 户", "5 of 20", []),
        ("210,000 元", "210,000 yuan", []),
        ("5 户", "6 firms", ["5", "6"]),
        ("5 户和 5 户", "5 firms", ["5"]),
    ],
)
def test_numbers_are_compared_as_read(zh: str, en: str, odd: list[str]) -> None:
    assert differing_numbers(zh, en) == odd


def test_an_item_in_ten_thousands_stands_in_full_in_english(tmp_path: Path) -> None:
    """The unit is said in the stem, so numbers of its other texts stand for amounts too, with thousands or decimals."""
    stem = both("销售额 1,200（万元），成本率 40%，为什么？", "Sales are ¥12,000,000, the cost rate is 40%. Why?")
    model = both("1,200 × 40% = 480，其中 0.5。", "12,000,000 × 40% = ¥4,800,000, ¥5,000 of it.")
    (item,) = read_yaml(written(tmp_path, topic(change(SHORT, stem=stem, model=model))), Topic).items
    assert isinstance(item, Written)
    wrong = change(SHORT, stem=stem, model=both(model["zh"], model["en"].replace("4,800,000", "480,000")))
    assert "“model”" in refusal(written(tmp_path, topic(wrong)))


@pytest.mark.parametrize("said", ["It costs ¥10,000.", "It costs 210,000 yuan.", "In ¥10,000,000 there are ten."])
def test_amounts_of_ten_thousand_are_no_unit(said: str) -> None:
    assert not NOT_IN_FULL.search(said)


@given(st.text())
def test_any_text_has_countable_numbers(text: str) -> None:
    assert all(number[0].isdigit() for number in numbers_in(text))


# What YAML would pass over without a word ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("twice", "line", "field"),
    [
        ("topic: own\nitems: []\nitems: []\n", 3, "items"),
        ("topic: own\ntitle: {zh: 一, en: a, zh: 二}\n", 2, "zh"),
        ("a: 1\n'a': 2\n", 2, "a"),
        ("yes: 1\ntrue: 2\n", 2, "true"),
        ("<<: {a: 1}\na: 2\n", 2, "a"),
    ],
)
def test_a_field_that_stands_twice_is_refused_with_its_line(
    tmp_path: Path, twice: str, line: int, field: str, lang: str
) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(twice, "utf-8")
    for kind in (Topic, dict[str, Any]):
        with pytest.raises(UserError) as refusal:
            read_yaml(path, kind)
        (said,) = refusal.value.problems
        assert "own.yaml" in said and f" {line}" in said and f"“{field}”" in said


def test_two_lists_of_items_in_a_file_lose_none_without_a_word(tmp_path: Path) -> None:
    one, other = (yaml.safe_dump(topic(item), allow_unicode=True, sort_keys=False) for item in (TF, NUM))
    (tmp_path / "own.yaml").write_text(one + other, "utf-8")
    with pytest.raises(UserError, match="own.yaml"):
        read_bank(tmp_path)


def test_a_word_that_yaml_takes_for_something_else_is_said_to_need_quotes(tmp_path: Path) -> None:
    for said, shown in (("Yes", "True"), ("2024", "2024"), ("1.50", "1.5"), ("2024-03-05", "2024-03-05")):
        text = yaml.safe_dump(topic(TF), allow_unicode=True).replace("It holds.", said)
        (tmp_path / "own.yaml").write_text(text, "utf-8")
        with speaking("en"), pytest.raises(UserError) as refusal:
            read_bank(tmp_path)
        assert f"is read as {shown}, not as text; put quotes around it" in str(refusal.value)
    (tmp_path / "own.yaml").write_text(text.replace("2024-03-05", ""), "utf-8")
    with speaking("en"), pytest.raises(UserError, match="is empty"):
        read_bank(tmp_path)


@pytest.mark.parametrize("id", [[[]], {"a": 1}, ""])
def test_an_item_whose_id_is_no_name_is_called_by_its_number(tmp_path: Path, id: object) -> None:
    written(tmp_path, topic(change(TF, id=id, colour="red")))
    with speaking("en"), pytest.raises(UserError) as refusal:
        read_bank(tmp_path)
    assert any("“items.1." in said and "colour" in said for said in refusal.value.problems)


def test_a_blueprint_among_the_questions_is_said_to_be_none(tmp_path: Path) -> None:
    written(tmp_path, topic(TF))
    shutil.copy(BLUEPRINTS / "mock.yaml", tmp_path)
    with speaking("en"), pytest.raises(UserError) as refusal:
        read_bank(tmp_path)
    (said,) = refusal.value.problems
    assert "mock.yaml holds no questions" in said


@pytest.mark.parametrize("use", ["test", "Exam", "", 1])
def test_an_unknown_use_is_refused(tmp_path: Path, use: object) -> None:
    written(tmp_path, topic(change(TF, use=use)))
    with pytest.raises(UserError, match="use"):
        read_bank(tmp_path)

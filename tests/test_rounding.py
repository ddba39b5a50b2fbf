"""Is a number printed as its question asks for it, in options, keys and files, and is that marked right?"""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from test_items import NUM, both, change, refusal, topic, written

from crmlib.core.i18n import speaking
from crmlib.exams.exports import EXPORTS
from crmlib.exams.exports.gift import gift
from crmlib.exams.exports.moodle import moodle
from crmlib.exams.paper import Paper, Part, question
from crmlib.exams.whole import whole
from crmlib.items.audit import _absurd, stress
from crmlib.items.bank import bank, read_bank
from crmlib.items.draw import displayed
from crmlib.items.item import Choice, Number, Wording, is_drawn
from crmlib.items.plausible import absurd
from crmlib.items.rounding import Rounding, differs, rounding
from crmlib.support.strict_yaml import Texts

RAW = re.compile(r"\d\.\d{9,}")
"""A number with all its digits, as no reader wants it."""


@pytest.mark.parametrize(
    ("zh", "en", "asked"),
    [
        ("得分是多少（保留一位小数）？", "What is the score, to one decimal place?", (1, False)),
        ("比率是多少（至少保留三位小数）？", "What is the ratio (to three decimals at least)?", (3, True)),
        ("比率是多少（至少保留两位小数）？", "What is the ratio, to at least two decimal places?", (2, True)),
        ("是百分之几？精确到小数点后2位。", "How many per cent, to 2 decimals?", (2, False)),
        ("要几人（保留整数）？", "How many people, to the nearest whole number?", (0, False)),
        ("保留几位客户？", "How many customers are kept?", None),
    ],
)
def test_rounding_is_read_from_the_question_in_both_languages(zh: str, en: str, asked: tuple[int, bool] | None) -> None:
    both_ = Texts(zh=zh, en=en)
    assert rounding(both_) == (Rounding(*asked) if asked else None)
    assert not differs(both_)


def test_a_question_that_asks_for_other_decimals_in_english_is_refused(tmp_path: Path, english: None) -> None:
    stem = both("是多少（保留一位小数）？", "What is it, to two decimal places?")
    said = refusal(written(tmp_path, topic(change(NUM, stem=stem))))
    assert "zh and en ask for different roundings; say the same decimals in both." in said


@pytest.mark.shared(2)
def test_options_are_printed_as_the_question_asks(lang: str) -> None:
    known, seen = bank(), 0
    for item in known.items.values():
        asked = rounding(item.stem)
        if item.type != "mcq" or item.generator is None or asked is None:
            continue
        for seed in range(20):
            for option in known.exercise(item, seed).options:
                figures = re.match(r"−?[\d,]+(?:\.(\d+))?", option)
                assert figures
                decimals = len(figures[1] or "")
                assert decimals >= asked.decimals if asked.at_least else decimals == asked.decimals
                seen += 1
    assert seen


@pytest.mark.shared(6)
@pytest.mark.parametrize("id", sorted(item.id for item in bank().items.values() if is_drawn(item)))
def test_no_text_of_a_drawn_question_shows_a_number_as_it_lies_in_memory(id: str, lang: str) -> None:
    item = bank().item(id)
    assert isinstance(item, Choice | Number)
    for seed in range(40):
        e, q = bank().exercise(item, seed), question(bank(), item, seed)
        texts = [e.question, e.worked, *e.options, *e.hints, *e.steps, *(d.reply for d in e.distractors), q.answer]
        texts += [q.text, q.worked, *q.options, *(q.figure(value) for value, _reply in q.distractors)]
        assert not [text for text in texts if RAW.search(text)]


@pytest.mark.shared(6)
@pytest.mark.parametrize("to", EXPORTS)
def test_no_file_holds_a_number_as_it_lies_in_memory(to: str, lang: str) -> None:
    made = whole(bank(), [], 1, lang, 3)
    for name, content in EXPORTS[to](made):
        for part, inside in parts(name, content):
            assert not RAW.search(inside.decode("utf-8", "ignore")), part


def parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield a file, or those that are packed in it."""
    if not content.startswith(b"PK"):
        yield name, content
        return
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        for inside in packed.namelist():
            yield from parts(f"{name}/{inside}", packed.read(inside))


# What makes sense as an option ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("option", "more", "odd"),
    [
        ("1,004%", {"unit": both("%", "%")}, True),
        ("100%", {"unit": both("%", "%")}, False),
        ("1,155.0 points", {"unit": both("分", "points")}, True),
        ("−21.87 points", {"unit": both("分", "points")}, True),
        ("−21.87 points", {"unit": both("分", "points"), "plausible": [-100, 100]}, False),
        ("−3", {}, True),
        ("−300 yuan", {"unit": both("元", "yuan")}, True),
        ("300 yuan", {"unit": both("元", "yuan")}, False),
        ("1.2", {"plausible": [0, 1]}, True),
        ("restricted", {}, False),
    ],
)
def test_options_that_make_no_sense_are_seen(option: str, more: dict[str, Any], odd: bool, english: None) -> None:
    assert absurd(option, Wording(**more)) == odd


def test_such_options_are_never_offered_and_still_known_where_a_number_is_typed() -> None:
    item = bank().item("tiers.weighted_score")
    assert isinstance(item, Choice)
    shares = [float(re.sub(r"[^\d.]", "", o)) for seed in range(300) for o in bank().exercise(item, seed).options]
    assert max(shares) <= 100
    typed = bank().exercises("tiers")["weighted_score"](Random(1))
    assert max(known.answer for known in typed.distractors) > 100


def test_the_audit_says_which_option_makes_no_sense(english: None) -> None:
    item = bank().item("tiers.weighted_score").model_copy(update={"plausible": (0, 10)})
    drawn = [bank().exercise(bank().item("tiers.weighted_score"), seed) for seed in range(3)]  # type: ignore[arg-type]
    assert isinstance(item, Choice)
    [said] = _absurd(item, drawn)
    assert said.startswith("seed 0: the option “") and said.endswith("makes no sense: it lies outside 0 to 10.")


def test_a_negative_number_has_a_minus_sign() -> None:
    assert displayed([-5.41, 12]) == ["−5.41", "12.00"]


def rounded_item(tmp_path: Path, **more: object) -> Paper:
    """Return a paper with a number that is asked for to one decimal: two thirds, or minus four thirds."""
    stem = both("2 ÷ 3 等于多少（保留一位小数）？", "What is 2 ÷ 3, to one decimal place?")
    wrong = [{"answer": -1.3333, "misconception": "mixed_up", "why": both("反了。", "Turned round.")}]
    fields = {"stem": stem, "answer": 2 / 3, "tolerance": 0.05, "distractors": wrong, **more}
    known = read_bank(written(tmp_path, topic(change(NUM, **fields))).parent)
    with speaking("en"):
        one = question(known, known.item("own.sum"), 1)
    return Paper("Paper", "A", "en", 10, "1", (Part("a", "Section", "", (one,)),))


def test_keys_and_distractors_of_numbers_are_rounded_everywhere(tmp_path: Path) -> None:
    made = rounded_item(tmp_path)
    [one] = made.questions
    assert (one.key, one.answer, one.distractors[0][0]) == (0.7, "0.7", -1.3)
    assert one.figure(one.distractors[0][0]) == "−1.3"
    assert one.within == pytest.approx(0.05)
    assert "=0.7:0.05" in gift(made)[0][1].decode().replace("\\", "")
    assert b"<text>0.7</text>" in moodle(made)[0][1] and b"0.6667" not in moodle(made)[0][1]


def test_a_key_that_is_wrong_once_rounded_is_found(tmp_path: Path, english: None) -> None:
    rounded_item(tmp_path, tolerance=0.01)
    known = read_bank(tmp_path)
    [found] = stress(known, known.of("own"), 3)
    assert found.faults[0] == "seed 0: rounded as the question asks for, its key is not marked right."

"""Is a number printed as its question asks for it, in options, keys and files, and is that marked right?"""

import re
from pathlib import Path

import pytest
from test_items import NUM, both, change, refusal, topic, written

from crmlib.core.i18n import speaking
from crmlib.exams.exports.gift import gift
from crmlib.exams.exports.moodle import moodle
from crmlib.exams.paper import Paper, Part, question
from crmlib.items.audit import stress
from crmlib.items.bank import bank, read_bank
from crmlib.items.draw import displayed
from crmlib.items.rounding import Rounding, differs, rounding
from crmlib.support.strict_yaml import Texts


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

"""What the chapter and the case on the exam say of the class is true of it.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.exam.models import guessing, minutes, sittings
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.tables.data import load

TEXT = "".join(
    path.read_text("utf-8")
    for path in [
        SOURCES / "12_exam.md",
        *sorted((CASEBOOK / "mock_exam").glob("*.*")),
        CASEBOOK / "items" / "exam.yaml",
    ]
)
CHOICE, STATEMENTS, SHORT, ESSAY, CASE = range(5)


@cache
def group() -> sittings.Sittings:
    return sittings.prepare(load("mock_sittings"))


@cache
def answered(**inputs: object) -> minutes.Marks:
    return minutes.run(group(), minutes.MinutesPlan(**inputs))  # type: ignore[arg-type]


def figures(scenario: str = "base", **inputs: object) -> dict[str, float]:
    return minutes.headline(answered(**{**case("mock_exam").scenario(scenario).inputs, **inputs}))


def shown(name: str, *scenarios: str) -> list[float]:
    return [round(figures(scenario)[name], 1) for scenario in scenarios]


def blank() -> list[float]:
    return [round(100 * share, 1) for share in 1 - group().answered.mean(axis=0) / group().questions]


def awkward_rows_are_there() -> bool:
    table = load("mock_sittings")
    marked = table["minutes"].isna().sum() > 3 and (group().answered[:, CHOICE] < 20).any()
    return bool(marked and (group().absent, group().torn, len(group().ids)) == (4, 3, 153))


def case_blank_most_and_essay_less_earned() -> bool:
    earned = group().success.mean(axis=0)
    return bool(np.argmax(blank()) == CASE and earned[ESSAY] < earned[CASE] and blank()[ESSAY] < blank()[CASE])


def small_questions_earn_more_than_twice_the_long_ones() -> bool:
    rates = minutes.a_minute(group())
    return bool(np.argmax(rates) == STATEMENTS and rates[CHOICE] > 2 * max(rates[ESSAY], rates[CASE]))


def lost_to_time_and_to_knowing() -> bool:
    found = minutes.parts(answered())
    return [round(found[2].sum(), 1), round(found[3].sum(), 1)] == [4.4, 34.9]


def a_quarter_near_the_line() -> bool:
    marks = answered().marks
    return bool(0.2 < ((marks > 55) & (marks < 65)).mean() < 0.3)


def two_fewer_known_than_right() -> bool:
    guessed = guessing.run(group(), guessing.GuessRule())
    right = group().earned[:, CHOICE] / guessed.points
    return bool(1.5 < right.mean() - guessed.corrected.mean() < 2.5)


def every_plan_by_points_equals() -> bool:
    left = [1.1 * points for points in group().points]
    differs = np.round(np.array(left) - answered().given, 1)
    return left == pytest.approx([44, 16.5, 22, 11, 16.5]) and differs.tolist() == [4, 4.5, -6, -7, 4.5]


def the_ladder_of_shares_that_pass() -> bool:
    return shown("passed", "base", "equal_minutes", "written_first", "guessed") == [52.3, 29.4, 46.4, 54.9]


def means() -> bool:
    return shown("mean", "base", "by_points", "equal_minutes", "guessed", "practised") == [60.8, 61.3, 53.6, 61.3, 64.6]


def written_first_finishes_nobody_and_less_of_the_case() -> bool:
    first, base = figures("written_first"), figures()
    return first["unfinished"] == 100 and first["case_reached"] < base["case_reached"]


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("来了没有答题的，丢了一部分答卷的，没有记下时间的", "sheets that were lost, times that were not taken",
     awkward_rows_are_there),
    ("案例分析题空得最多，不是因为最难", "The case was left blank most. It was not the hardest",
     case_blank_most_and_essay_less_earned),
    ("每一分钟得到的还不到选择题的一半", "a minute earns less than half of what it earns in choice",
     small_questions_earn_more_than_twice_the_long_ones),
    ("灰色远多于橙色", "Gray is by far the larger", lost_to_time_and_to_knowing),
    ("不少人离及格线只差几分", "Quite a few are within a few points of the pass mark", a_quarter_near_the_line),
    ("全班会的比答对的少两道左右", "the class knows about two fewer than it got right", two_fewer_known_than_right),
    ("案例分析题空得最多，约 24.5%", "The case was left blank most, about 24.5%", lambda: blank()[CASE] == 24.5),
    ("案例得 58%，论述得 55%，论述却只空 1.6%", "the case earns 58% and the essay 55%, and of the essay only 1.6%",
     lambda: [round(100 * share) for share in group().success.mean(axis=0)[[CASE, ESSAY]]] == [58, 55]
     and blank()[ESSAY] == 1.6),
    ("默认多给简答 6 分钟、论述 7 分钟", "6 minutes more to short answers and 7 to the essay",
     every_plan_by_points_equals),
    ("每分钟约 1.17 分；论述题最低，约 0.29 分", "about 1.17 a minute; the essay is lowest, about 0.29",
     lambda: minutes.a_minute(group()).round(2)[[STATEMENTS, ESSAY]].tolist() == [1.17, 0.29]),
    ("及格的比例由 52.3% 降到 29.4%，平均分由 60.8 降到 53.6",
     "from 52.3% to 29.4%, the mean mark from 60.8 to 53.6", lambda: the_ladder_of_shares_that_pass() and means()),
    ("及格的由 52.3% 降到 46.4%", "those who pass fall from 52.3% to 46.4%", the_ladder_of_shares_that_pass),
    ("案例反而答得少", "even less of the case is answered", written_first_finishes_nobody_and_less_of_the_case),
    ("平均分由 60.8 升到 61.3，及格的由 52.3% 升到 54.9%", "The mean rises from 60.8 to 61.3, the share that passes",
     lambda: the_ladder_of_shares_that_pass() and means()),
    ("平均分由 60.8 升到 64.6，提高 3.8 分", "The mean rises from 60.8 to 64.6, by 3.8", means),
    ("没有时间失去约 4.4 分，答了没有得到约 34.9 分", "About 4.4 points are lost for want of time, about 34.9 answered",
     lost_to_time_and_to_knowing),
    ("四分之一左右的人在 55 到 65 分之间", "about a quarter have between 55 and 65", a_quarter_near_the_line),
    ("153 × 60.8 ÷ 157 ≈ 59.2 分", "153 × 60.8 ÷ 157 ≈ 59.2",
     lambda: awkward_rows_are_there() and round(sittings.mock_marks(group()).mean(), 1) == 60.8),
    ("平均 60.8 分，近一半的人不及格", "The mean was 60.8 points, and almost half of the class failed",
     lambda: 0.4 < (sittings.mock_marks(group()) < 60).mean() < 0.5),
    ("不到一分，却使一些人及格", "less than one, yet some pass by it",
     lambda: 0 < figures("guessed")["mean"] - figures()["mean"] < 1 and the_ladder_of_shares_that_pass()),
    ("案例答得多了，平均分却降", "more of the case is answered, and the mean falls",
     lambda: figures(for_case=40)["case_reached"] > figures()["case_reached"]
     and figures(for_case=40)["mean"] < figures()["mean"]),
    ("班上平均每人因时间不够失去几分", "in a class a few points a student are lost for want of time",
     lambda: 2 < figures()["late"] < 6),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)

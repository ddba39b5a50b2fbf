"""Is nothing due forgotten, are the minutes respected, do topics take turns, and is the day's order always the same?"""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlib.items.bank import bank
from crmlib.learning.progress import Attempt, due, is_due
from crmlib.learning.schedule import Agenda, StudyPlan, agenda, interleaved

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
TOPICS = "abc"


def item(id: str, minutes: float = 2, difficulty: int = 1) -> Any:
    """Return as much of an item as a schedule looks at."""
    return SimpleNamespace(id=id, topic=id.partition(".")[0], minutes=minutes, difficulty=difficulty)


def attempt(id: str, day: float = 0, right: bool = True, mode: str = "practice") -> Attempt:
    return Attempt(MONDAY + timedelta(days=day), id, 1, "right", 2 * right, 2, mode=mode)


ids = st.builds("{}.{}".format, st.sampled_from(TOPICS), st.integers(0, 9))
banks = st.lists(ids, unique=True, min_size=1).flatmap(
    lambda known: st.tuples(*(st.builds(item, st.just(id), st.integers(1, 40), st.integers(1, 3)) for id in known))
)
pasts = st.lists(st.builds(attempt, ids, st.floats(-60, 0.3), st.booleans()), max_size=30).map(
    lambda found: sorted(found, key=lambda a: a.at)
)
plans = st.builds(StudyPlan, st.none() | st.dates(date(2026, 2, 20), date(2026, 5, 1)), st.integers(5, 240))
NOON = MONDAY + timedelta(days=0.4)


@given(banks, pasts, plans)
def test_nothing_due_is_forgotten(items: tuple[Any, ...], past: list[Attempt], plan: StudyPlan) -> None:
    today = agenda(items, past, plan, NOON)
    known = {item.id for item in items}
    urgent = [id for id, when in due(past).items() if id in known and is_due(when, NOON)]
    assert len(today.again) + today.waiting == len(urgent)
    assert set(today.again) <= set(urgent)
    if urgent and not today.done:
        assert today.again[0] == urgent[0], "the most urgent one is asked, however long it is"
    assert not {*today.new} & {a.item for a in past}


@given(banks, pasts, plans)
def test_the_minutes_are_respected(items: tuple[Any, ...], past: list[Attempt], plan: StudyPlan) -> None:
    today = agenda(items, past, plan, NOON)
    lengths = {item.id: item.minutes for item in items}
    assert today.minutes == sum(lengths[id] for id in today.queue)
    alone = len(today.queue) == 1 and not today.done
    assert today.done + today.minutes <= plan.minutes or alone or not today.queue


@given(banks, pasts, plans)
def test_the_days_order_is_always_the_same_and_has_each_once(
    items: tuple[Any, ...], past: list[Attempt], plan: StudyPlan
) -> None:
    today = agenda(items, past, plan, NOON)
    assert today == agenda(items, past, plan, NOON)
    assert sorted(today.queue) == sorted((*today.again, *today.new))
    assert len({*today.queue}) == len(today.queue)


@given(st.lists(ids, unique=True))
def test_neighbours_have_different_topics_wherever_that_can_be(order: list[str]) -> None:
    said = interleaved(order)
    assert sorted(said) == sorted(order)
    topics = [id[0] for id in said]
    most = max(map(topics.count, topics), default=0)
    alike = sum(a == b for a, b in pairwise(topics))
    assert alike == max(0, 2 * most - len(topics) - 1), "one that others cannot part"
    for topic in TOPICS:
        assert [id for id in said if id[0] == topic] == [id for id in order if id[0] == topic]


def test_without_an_exam_new_questions_come_from_topics_that_were_begun() -> None:
    items = [item(f"{topic}.{n}") for topic in TOPICS for n in range(5)]
    assert {id[0] for id in agenda(items, [], StudyPlan(), MONDAY).new} == {"a"}
    assert {id[0] for id in agenda(items, [attempt("b.0", -1)], StudyPlan(), MONDAY).new} == {"b"}
    past = [attempt("b.0", -1), attempt("c.0", -1)]
    assert [id[0] for id in agenda(items, past, StudyPlan(minutes=8), MONDAY).new] == ["b", "c", "b", "c"]


def test_with_an_exam_each_topic_gives_its_share_of_the_days_and_no_more() -> None:
    items = [item(f"{topic}.{n}") for topic in TOPICS for n in range(7)]
    plan = StudyPlan(date(2026, 3, 6), minutes=60)
    today = agenda(items, [], plan, MONDAY)
    assert sorted(id[0] for id in today.new) == ["a", "a", "b", "b", "c", "c"], "42 minutes in 4 days are 10.5 a day"
    assert (today.unseen, today.pace) == (21, 10.5)
    met = [attempt(id) for id in today.queue]
    assert not agenda(items, met, plan, MONDAY + timedelta(hours=1)).new, "the day's share was asked"


def test_easy_questions_of_a_topic_come_first() -> None:
    items = [item("a.hard", 2, 3), item("a.easy", 2, 1), item("a.fair", 2, 2)]
    assert agenda(items, [], StudyPlan(), MONDAY).new == ("a.easy", "a.fair", "a.hard")


def test_a_mock_exam_takes_no_minutes_of_practice_and_is_a_review_all_the_same() -> None:
    items = [item("a.1"), item("a.2")]
    today = agenda(items, [attempt("a.1", mode="exam")], StudyPlan(), NOON)
    assert (today.done, today.new, today.again) == (0, ("a.2",), ())
    assert agenda(items, [attempt("a.1")], StudyPlan(), NOON).done == 2


@pytest.mark.parametrize(("exam", "days"), [(None, None), (1, None), (2, 1), (3, 1), (9, 7)])
def test_days_to_the_exam(exam: int | None, days: int | None) -> None:
    assert StudyPlan(exam and date(2026, 3, exam)).days(MONDAY.date()) == days


THREE = [item for item in bank().items.values() if item.topic in list(bank().topics)[:3]]
"""The questions of three topics, as many as a student learns in a month."""


def study(plan: StudyPlan, until: int, wrong_every: int) -> tuple[list[Attempt], list[Agenda]]:
    """Be a student who answers each day all that the day holds, every so many answers wrong, with the real bank."""
    items = THREE
    past: list[Attempt] = []
    days = []
    for day in range(until):
        at = MONDAY + timedelta(days=day)
        today = agenda(items, past, plan, at)
        days.append(today)
        for n, id in enumerate(today.queue):
            when = at + timedelta(minutes=n)
            wrong = len(past) % wrong_every == 0
            past.append(Attempt(when, id, 1, "wrong" if wrong else "right", 0 if wrong else 1, 1))
    return past, days


def test_who_has_time_for_the_new_and_the_due_meets_every_question_before_the_exam() -> None:
    past, days = study(StudyPlan(date(2026, 3, 30), minutes=240), 28, wrong_every=5)
    assert {a.item for a in past} == {item.id for item in THREE}
    assert {id.partition(".")[0] for id in days[0].queue} == {item.topic for item in THREE}
    new = [sum(bank().items[id].minutes for id in today.new) for today in days]
    longest = max(item.minutes for item in bank().items.values())
    assert max(new) <= days[0].pace + longest, "no heap of long ones is left for the last days"


def test_with_few_minutes_what_is_due_still_comes_the_next_days_and_none_is_left_for_good() -> None:
    past, days = study(StudyPlan(minutes=10), 60, wrong_every=3)
    again, last = due(past), MONDAY + timedelta(days=60)
    late = [id for id, when in again.items() if last - when > timedelta(days=14)]
    assert late == [] and max(today.waiting for today in days) < 40

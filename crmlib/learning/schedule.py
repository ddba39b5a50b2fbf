"""What to practise today: what is due by FSRS, and new questions, topic by topic, in so many minutes, up to the exam.

The student sets how many minutes a day and, if known, the day of the exam. What is due comes before what is new, the
most urgent first; what does not fit waits and is the first tomorrow. With an exam ahead the new questions of every
topic are spread over the days left; without one they come from the topics that the student has begun. What is asked
changes topic with each question (interleaving; Rohrer and Taylor 2007), as far as there are others.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, TypeAdapter

from crmlib.items.item import Item
from crmlib.learning.progress import Attempt, day, due, is_due
from crmlib.support.memory import recall, remember

LEAST_MINUTES, MOST_MINUTES = 5, 240
MEMORY = "plan"


@dataclass(frozen=True)
class StudyPlan:
    """What a student has set.

    Attributes:
        exam: the day of the exam, if it is known.
        minutes: of practice a day.
    """

    exam: date | None = None
    minutes: Annotated[int, Field(ge=LEAST_MINUTES, le=MOST_MINUTES)] = 20

    def days(self, today: date) -> int | None:
        """Return how many days are left to practise, today among them; None if no exam is ahead.

        The day of the exam counts only when it has come.
        """
        if self.exam is None or self.exam < today:
            return None
        return max((self.exam - today).days, 1)


_PLAN: TypeAdapter[StudyPlan] = TypeAdapter(StudyPlan)


def study_plan() -> StudyPlan:
    """Return what the student has set, or what holds until then."""
    return recall(_PLAN, MEMORY) or StudyPlan()


def set_plan(chosen: StudyPlan) -> str:
    """Keep what the student sets; return what to say if that cannot be done."""
    return remember(MEMORY, {**asdict(chosen), "exam": chosen.exam and chosen.exam.isoformat()})


@dataclass(frozen=True)
class Agenda:
    """What to practise on a day.

    Attributes:
        again: what is due, the most urgent first.
        new: what was never asked.
        waiting: how many items are due and wait for tomorrow.
        unseen: how many items were never asked, those of today among them.
        queue: all of today's items in the order in which to ask them.
        minutes: that today's items take.
        done: minutes practised today.
        pace: minutes a day that the new questions alone would need to be asked before the exam; 0 without an exam.
    """

    again: tuple[str, ...]
    new: tuple[str, ...]
    waiting: int
    unseen: int
    queue: tuple[str, ...]
    minutes: float
    done: float
    pace: float


def agenda(items: Sequence[Item], past: Sequence[Attempt], chosen: StudyPlan, at: datetime) -> Agenda:
    """Return what to practise on the day of ``at``.

    Args:
        items: that can be asked.
        past: all attempts, the oldest first; those at other items count for nothing.
        chosen: what the student has set.
        at: the time now; its time zone says when a day begins.
    """
    lengths = {item.id: item.minutes for item in items}
    known = [attempt for attempt in past if attempt.item in lengths]
    todays = [a for a in known if day(a.at, at) == at.date() and a.mode == "practice"]
    done = sum(lengths[a.item] for a in todays)
    urgent = [id for id, when in due(known).items() if is_due(when, at)]
    again, left = _fitting(urgent, lengths, chosen.minutes - done, first=not done)
    days = chosen.days(at.date())
    fresh = _fresh(items, known, days, at)
    new, _left = _fitting(fresh, lengths, left, first=not done and not again)
    tried = {attempt.item for attempt in known}
    unseen = [item for item in items if item.id not in tried]
    return Agenda(
        tuple(again),
        tuple(new),
        len(urgent) - len(again),
        len(unseen),
        tuple(interleaved([*again, *new])),
        sum(lengths[id] for id in (*again, *new)),
        done,
        sum(item.minutes for item in unseen) / days if days else 0,
    )


def _fitting(ids: Iterable[str], lengths: dict[str, float], left: float, *, first: bool) -> tuple[list[str], float]:
    """Return those that fit into the minutes left, in order, and the minutes then left.

    Args:
        ids: the most urgent first.
        lengths: minutes by id.
        left: minutes.
        first: whether the very first is taken however long it is: a day has room for one question of any length.
    """
    taken: list[str] = []
    for id in ids:
        if lengths[id] <= left or (first and not taken):
            taken.append(id)
            left -= lengths[id]
        first = False
    return taken, left


def _fresh(items: Sequence[Item], known: Sequence[Attempt], days: int | None, at: datetime) -> list[str]:
    """Return new questions in the order in which to take them up: from the topic least covered, its easy ones first.

    With an exam ahead they take as many minutes as all that are left take on each of its days; the last may take more.
    """
    begun: dict[str, datetime] = {}
    for attempt in known:
        begun.setdefault(attempt.item, attempt.at)
    whole, met, ahead = _covered(items, begun)
    unseen = sum(whole.values()) - sum(met.values())
    today = sum(i.minutes for i in items if i.id in begun and day(begun[i.id], at) == at.date())
    opened = list(whole) if days else [topic for topic in whole if met[topic]] or list(whole)[:1]
    room = (unseen + today) / days - today if days else unseen
    taken: list[str] = []
    while room > 0 and (left := [topic for topic in opened if ahead[topic]]):
        least = min(left, key=lambda topic: met[topic] / whole[topic])
        item = ahead[least].pop(0)
        taken.append(item.id)
        met[least] += item.minutes
        room -= item.minutes
    return taken


def _covered(
    items: Iterable[Item], begun: Container[str]
) -> tuple[dict[str, float], dict[str, float], dict[str, list[Item]]]:
    """Return by topic the minutes of all items and of those begun, and the others, the easy ones first."""
    whole: dict[str, float] = {}
    met: dict[str, float] = {}
    ahead: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: item.difficulty):
        whole[item.topic] = whole.get(item.topic, 0.0) + item.minutes
        met[item.topic] = met.get(item.topic, 0.0) + item.minutes * (item.id in begun)
        ahead.setdefault(item.topic, []).extend([] if item.id in begun else [item])
    order = list(dict.fromkeys(item.topic for item in items))
    return {topic: whole[topic] for topic in order}, met, ahead


def interleaved(ids: Iterable[str]) -> list[str]:
    """Return ids so that neighbours have different topics wherever that can be; within a topic the order stays.

    The topic with most to come is next, of equal ones that whose next id stood first.

    >>> interleaved(["a.1", "a.2", "a.3", "b.1", "c.1"])
    ['a.1', 'b.1', 'a.2', 'c.1', 'a.3']
    """
    left: dict[str, list[str]] = {}
    place = {id: n for n, id in enumerate(ids)}
    for id in place:
        left.setdefault(id.partition(".")[0], []).append(id)
    said: list[str] = []
    last = ""
    while left:
        others = [topic for topic in left if topic != last] or [last]
        last = min(others, key=lambda topic: (-len(left[topic]), place[left[topic][0]]))
        said.append(left[last].pop(0))
        if not left[last]:
            del left[last]
    return said

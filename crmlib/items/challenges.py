"""What a student is asked to bring about with an explorer: “make the favourite lose by one slider”.

They stand in ``casebook/challenges/<topic>.yaml``: what is wanted of the headline figures, and how many inputs may
differ from where the explorer began. Whether one is met is computed from the study, never judged.
"""

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Self

from pydantic import Field, model_validator

from crmlib.core.i18n import _
from crmlib.core.inputs import Inputs
from crmlib.core.paths import CASEBOOK
from crmlib.items.item import Id, Name
from crmlib.support.strict_yaml import Line, Part, Texts, read_yaml

CHALLENGES = CASEBOOK / "challenges"


class Wanted(Part):
    """The values of a headline figure that are wanted, both ends included."""

    least: float = float("-inf")
    most: float = float("inf")

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if not {"least", "most"} & self.model_fields_set or self.least > self.most:
            raise ValueError(_("a wanted figure needs “least” or “most”, and no “least” above “most”."))
        return self


class Challenge(Part):
    """One challenge.

    Attributes:
        id: ``topic.name``; what a student has met is kept by it.
        study: whose explorer it is about.
        task: what is to be brought about.
        goal: the figures wanted, by the key of the study's measure.
        moves: so many inputs at most may differ from where the explorer began.
        among: the inputs that may; all of them if none is named.
        why: what it teaches, said when it is met.
    """

    id: Id
    study: Line
    task: Texts
    goal: Annotated[dict[Name, Wanted], Field(min_length=1)]
    moves: Annotated[int, Field(ge=1, le=4)] = 1
    among: tuple[Name, ...] = ()
    why: Texts


class Challenges(Part):
    """A file: the challenges of a topic."""

    topic: Name
    challenges: tuple[Challenge, ...]


@cache
def of_topic(topic: str) -> Challenges:
    """Return the challenges of a topic.

    Raises:
        UserError: its file does not hold them.
    """
    return read_yaml(CHALLENGES / f"{topic}.yaml", Challenges)


def of_study(study: str) -> tuple[Challenge, ...]:
    """Return the challenges about a study, in the order of their files.

    Raises:
        UserError: a file does not hold them.
    """
    topics = sorted(path.stem for path in CHALLENGES.glob("*.yaml"))
    return tuple(one for topic in topics for one in of_topic(topic).challenges if one.study == study)


def moved(start: Inputs, now: Inputs) -> set[str]:
    """Return the names of the inputs that differ."""
    before, after = start.model_dump(), now.model_dump()
    return {name for name in after if after[name] != before[name]}


def reached(challenge: Challenge, figures: Mapping[str, float]) -> bool:
    """Tell whether the figures are as wanted; one that the data do not allow is not."""
    return all(wanted.least <= figures[key] <= wanted.most for key, wanted in challenge.goal.items())


def allowed(challenge: Challenge, names: set[str]) -> bool:
    """Tell whether no more inputs, and no others, have been moved than may be."""
    return len(names) <= challenge.moves and (not challenge.among or names <= set(challenge.among))


def met(challenge: Challenge, start: Inputs, now: Inputs, figures: Mapping[str, float]) -> bool:
    """Tell whether a challenge is met by inputs and the figures that come of them."""
    return reached(challenge, figures) and allowed(challenge, moved(start, now))

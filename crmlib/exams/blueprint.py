"""What an exam must hold: its sections and their points, and how its points spread over topics and levels.

``casebook/blueprints/*.yaml``; a blueprint of the instructor's own may lie anywhere.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK
from crmlib.items.item import Name, Positive
from crmlib.support.strict_yaml import Part, Texts, pick_known, read_named, read_yaml

BLUEPRINTS = CASEBOOK / "blueprints"

Kind = Literal["mcq", "multi", "tf", "tfc", "fill", "order", "match", "num", "term", "short", "essay", "case"]
Level = Literal["remember", "understand", "apply", "analyse", "evaluate", "create"]


Least = Annotated[float, Field(ge=0)]


class Between(Part):
    """Two bounds in order."""

    least: float
    most: float

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.least > self.most:
            said = _("at least {least:g} is more than at most {most:g}.")
            raise ValueError(said.format(least=self.least, most=self.most))
        return self


class Section(Part):
    """A section of a paper: questions of some kinds with points in all; ``each`` overrides an item's own points.

    ``instructions`` say nothing of pen and paper: learning platforms show them too.
    """

    name: Name
    title: Texts
    instructions: Texts | None = None
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)]
    points: Positive
    each: Positive | None = None

    @model_validator(mode="after")
    def _each_goes_into_points(self) -> Self:
        if self.each and (self.points / self.each) % 1:
            said = _("section {name}: {points:g} points cannot be shared out at {each:g} each.")
            raise ValueError(said.format(name=self.name, points=self.points, each=self.each))
        return self


class Band(Between):
    """How many points at least and at most."""

    least: Least = 0
    most: Positive = 1000


class EachTopic(Part):
    """How the points spread over the topics of the bank, however many there are.

    Attributes:
        least: what a topic gets at least, as a share of an equal part: of 100 points over five topics 0.5 is 10.
        most: points that a topic gets at most.
    """

    least: Annotated[float, Field(ge=0, le=1)] = 0
    most: Positive = 1000


class Parallel(Part):
    """How far two forms of one exam may differ.

    Attributes:
        topic: in the points of each topic.
        difficulty: in points weighted by the items' difficulty, as a share of the lower form.
        bloom: in the points of each level of the taxonomy.
        minutes: in the minutes that their items take.
        drawn: in the number of questions with drawn numbers.
    """

    topic: Least = 4
    difficulty: Annotated[float, Field(ge=0, le=1)] = 0.03
    bloom: Least = 4
    minutes: Least = 4
    drawn: Least = 1


class TrueShare(Between):
    """Which share of a form's statements is true, rounded outwards: 6 to 9 of 15."""

    least: Annotated[float, Field(ge=0, le=1)] = 0.4
    most: Annotated[float, Field(ge=0, le=1)] = 0.6


class KeyLetters(Part):
    """How the keys of a section's choices spread over the letters.

    Attributes:
        least, most: how often each letter is the key, as a share of an equal part, rounded outwards: of 20 questions,
            most of them with four options, 3 to 7 each.
        run: how many questions in a row may have the same key, true or false among them.
    """

    least: Annotated[float, Field(ge=0, le=1)] = 0.6
    most: Annotated[float, Field(ge=1)] = 1.4
    run: Annotated[int, Field(ge=1)] = 3


class Count(Between):
    """How many questions at least and at most."""

    least: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=0)] = 1000


class Blueprint(Part):
    """A blueprint.

    Attributes:
        minutes: how long the exam takes; the items' own minutes may not exceed it.
        each_topic: points for each topic of the bank that ``topics`` does not name.
        topics: points for single topics; one that neither names may have any, none included.
        bloom: points for each level of the taxonomy.
        parallel: how far its forms may differ.
        true_share: how many of a form's statements are true.
        key_letters: how keys spread over the letters.
        vary: of papers of one's own, how many questions have numbers of their own.
    """

    name: Name
    title: Texts
    minutes: Positive
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]
    each_topic: EachTopic | None = None
    topics: dict[Name, Band] = Field(default_factory=dict)
    bloom: dict[Level, Band] = Field(default_factory=dict)
    parallel: Parallel = Parallel()
    true_share: TrueShare = TrueShare()
    key_letters: KeyLetters = KeyLetters()
    vary: Count = Count()

    @property
    def points(self) -> float:
        """Points of the whole paper."""
        return sum(section.points for section in self.sections)

    def bands(self, topics: Iterable[str]) -> dict[str, Band]:
        """Return the points of each topic that has any, for a bank of these topics."""
        found = dict.fromkeys(topics)
        if self.each_topic is None:
            return self.topics
        least = round(self.each_topic.least * self.points / max(len(found), 1), 2)
        each = Band(least=least, most=max(least, self.each_topic.most))
        return {**dict.fromkeys(found, each), **self.topics}


def blueprint(name_or_file: str) -> Blueprint:
    """Return a blueprint of the casebook by its name, or read one from a file.

    Raises:
        UserError: there is no such blueprint, or the file does not hold one.
    """
    if name_or_file.endswith((".yaml", ".yml")):
        return read_yaml(Path(name_or_file), Blueprint)
    known = sorted(path.stem for path in BLUEPRINTS.glob("*.yaml"))
    name = pick_known(name_or_file, known, _("There is no blueprint “{name}”."))
    return read_named(BLUEPRINTS / f"{name}.yaml", Blueprint, name)

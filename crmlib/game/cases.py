"""Games: a file each in ``casebook/games/``, with title, story, seed and the reflection that follows it."""

from typing import Annotated

from pydantic import Field

from crmlib.casebook import Question
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK
from crmlib.exams import paper
from crmlib.support.strict_yaml import Line, Part, Texts, pick_known, read_named

GAMES = CASEBOOK / "games"
SEEDS = 2**32
Seed = Annotated[int, Field(ge=0, lt=SEEDS, strict=True)]
"""Of a market."""


def checked_seed(seed: int) -> int:
    """Return a seed that a market can be drawn from.

    Raises:
        UserError: it is none.
    """
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < SEEDS:
        raise UserError(_("The seed {seed} cannot be used; it may be 0 to {most:,}.").format(seed=seed, most=SEEDS - 1))
    return seed


class GameCase(Part):
    """A game as its file tells it.

    Attributes:
        seed: of the market, where no other is named.
        story: Markdown.
        reflection: what a student writes after the game, with marking points and a model answer.
    """

    name: Line
    title: Texts
    seed: Seed
    story: Texts
    reflection: Question

    def asked(self) -> paper.Question:
        """Return the reflection as questions are asked, in the language now spoken."""
        q = self.reflection
        rubric = tuple(paper.Mark(mark.points, str(mark.text)) for mark in q.marking)
        kept, text, model = f"game_{self.name}.{q.id}", str(q.question), str(q.model or "")
        return paper.Question(
            kept, q.kind, f"game_{self.name}", "", q.points, q.minutes, text, model=model, rubric=rubric
        )


def game_names() -> list[str]:
    """Return the names of all games."""
    return sorted(path.stem for path in GAMES.glob("*.yaml"))


def game_case(name: str) -> GameCase:
    """Return a game.

    Raises:
        UserError: there is none of this name, or its file is wrong.
    """
    found = pick_known(name, game_names(), _("There is no game “{name}”."))
    return read_named(GAMES / f"{found}.yaml", GameCase, found)

"""The sections of the chapters that teach, in both languages, and links to them."""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from crmlib.chapters import Chapter, chapter_in, chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, _, pick
from crmlib.core.paths import SOURCES
from crmlib.notebooks.asked import sections
from crmlib.support.texts import texts

MOVES = re.compile(r"\bexplore\w*\(\)")
"""A call that makes an explorer."""
LONG = 100
"""Characters of a section that explains something beside its explorer."""


class Section(NamedTuple):
    """A section of a notebook.

    Attributes:
        notebook: its name.
        heading: by language.
        body: what it says, without code, by language.
        explains: whether it does more than invite the reader to move an explorer.
    """

    notebook: str
    heading: Mapping[str, str]
    body: Mapping[str, str]
    explains: bool

    @property
    def chapter(self) -> Chapter:
        """The chapter that it is part of."""
        found = chapter_in(self.notebook)
        assert found
        return found

    def link(self) -> str:
        """Return a link to it in Markdown, in the language now spoken: the chapter's number and the heading."""
        heading = pick(self.heading)
        return f"[{self.chapter.number} · {heading}](<{self.notebook}.ipynb#{anchor(heading)}>)"


def anchor(heading: str) -> str:
    """Return what stands behind ``#`` in a link to a heading, as JupyterLab and nbconvert name it.

    >>> anchor("From score to tier")
    'From-score-to-tier'
    """
    return heading.replace(" ", "-")


@cache
def sections_of(*notebooks: str) -> tuple[Section, ...]:
    """Return the sections of notebooks of chapters, in their order; the two languages have the same ones.

    Raises:
        UserError: they have not.
    """
    found = []
    for notebook in notebooks:
        moved = {head for head, body in sections(notebook, "en", code=True) if MOVES.search(body)}
        ours = [sections(notebook, lang) for lang in LANGUAGES]
        if len({*map(len, ours)}) > 1:
            said = _("{file}: zh and en do not match after “{text}”.")
            raise UserError(said.format(file=f"{notebook}.md", text=_unlike(notebook)))
        for zh, en in zip(*ours, strict=True):
            explains = en[0] not in moved or len(zh[1]) >= LONG
            found.append(Section(notebook, {"zh": zh[0], "en": en[0]}, {"zh": zh[1], "en": en[1]}, explains))
    return tuple(found)


def _unlike(notebook: str) -> str:
    """Return how the first text begins, in Chinese, that has not as many sections as its counterpart in English."""
    pairs = zip(*(texts(SOURCES / f"{notebook}.md", lang) for lang in LANGUAGES), strict=False)
    return next((zh for zh, en in pairs if f"\n{zh}".count("\n### ") != f"\n{en}".count("\n### ")), "").strip()[:40]


def every_section() -> tuple[Section, ...]:
    """Return the sections of all chapters, in the order of the book."""
    return sections_of(*(notebook for chapter in chapters().values() for notebook in chapter.notebooks))

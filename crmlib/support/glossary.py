"""The words of the course: one English word for each Chinese term, the names of the sources, and the literature.

``casebook/glossary.yaml`` holds them. :func:`faults` reads a text of any chapter, case or item for a word that the
glossary replaces by another one; the tests and ``crm build --check`` ask it.
"""

import re
from collections.abc import Iterator
from functools import cache

import pandas as pd
from pydantic import Field

from crmlib.core.i18n import _, language
from crmlib.core.paths import CASEBOOK
from crmlib.support.strict_yaml import Line, Part, Texts, read_yaml

GLOSSARY = CASEBOOK / "glossary.yaml"
MOST_AUTHORS = 3
"""So many authors of a work are all named."""
CODE = re.compile(r"`[^`]*`|\]\([^)]*\)|\{\{.*?\}\}|\{%.*?%\}|\{[a-z_]+(?:[:!][^}]*)?\}", re.DOTALL)
"""Code, addresses and the places of values: nobody reads them as words."""


class Words(Part):
    """Words in each language."""

    zh: tuple[Line, ...] = ()
    en: tuple[Line, ...] = ()


class Term(Part):
    """One term of the course.

    Attributes:
        zh: what Chinese textbooks call it.
        en: its one English word.
        also: other names that a text may use beside it: an alias in brackets, a short form.
        wrong: words that no text uses for it; in English whole words, a ``…`` stands for some words in between.
    """

    zh: Line
    en: Line
    also: Words = Words()
    wrong: Words = Words()

    def names(self, lang: str) -> tuple[str, ...]:
        """Return what it may be called in a language, the term itself first."""
        return (str(getattr(self, lang)), *getattr(self.also, lang))


class Source(Part):
    """One of the course's own documents: a short name, used everywhere, and what it is."""

    name: Texts
    title: Texts
    about: Texts


class Work(Part):
    """A work that texts refer to. ``who`` is joined as in “Zeithaml, Rust and Lemon”; a law has no author.

    Attributes:
        who: family names in the order of the title page.
        year: of publication.
        title: as printed; a Chinese work has its English title as well, and a law.
        where: journal, volume and pages, or publisher.
    """

    who: tuple[Line | Texts, ...] = ()
    year: int
    title: Line | Texts
    where: Line | Texts

    def cited(self, lang: str) -> str:
        """Return how a text refers to it.

        Of more than three authors the first stands for all: “Keiningham et al. (2011)”, in Chinese with 等.

        >>> work = Work(who=("Hwang", "Yoon"), year=1981, title="Multiple attribute decision making", where="Springer")
        >>> work.cited("en")
        'Hwang and Yoon (1981)'
        """
        names = [who if isinstance(who, str) else str(getattr(who, lang)) for who in self.who or (self.title,)]
        form: Form = getattr(glossary().form, lang)
        if len(names) > MOST_AUTHORS:
            names = [names[0] + form.others]
        *first, last = names
        return (form.between.join(first) + form.last if first else "") + last + form.year.format(year=self.year)


class Form(Part):
    """How a language writes a reference: between names, before the last, for further ones, around the year."""

    between: str
    last: str
    others: str
    year: str


class Forms(Part):
    """The form of a reference in each language."""

    zh: Form
    en: Form


class Glossary(Part):
    """All of the file; ``plain`` holds words of everyday language that replace others."""

    sources: tuple[Source, ...]
    form: Forms
    terms: tuple[Term, ...]
    plain: tuple[Term, ...]
    literature: tuple[Work, ...] = Field(min_length=1)


@cache
def glossary() -> Glossary:
    """Return the glossary; what is wrong with its file raises ``UserError``."""
    return read_yaml(GLOSSARY, Glossary)


def faults(text: str, lang: str) -> Iterator[str]:
    """Yield a sentence for each word in a text that the glossary replaces, with the right one."""
    words = CODE.sub(" ", text)
    for wrong, right in _wrong(lang):
        if found := wrong.search(words):
            yield _("“{wrong}” is not a word of this workbook; it says “{right}”.").format(wrong=found[0], right=right)


@cache
def _wrong(lang: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    found = []
    for term in (*glossary().terms, *glossary().plain):
        for word in getattr(term.wrong, lang):
            plain = re.escape(word).replace("…", r"[^.;!?]{0,30}?")
            pattern = rf"(?<![\w-]){plain}(?![\w])" if lang == "en" else plain
            found.append((re.compile(pattern, re.IGNORECASE), term.names(lang)[0]))
    return tuple(found)


def untranslated(zh: str, en: str) -> list[str]:
    """Return the terms in a Chinese text that its English has by none of their names; the longest name is read first.

    >>> untranslated("客户价值金字塔的分界线", "The cut-offs of the customer pyramid")
    []
    >>> untranslated("分界线", "The lines")
    ['分界线']
    """
    zh, en, found = CODE.sub(" ", zh), CODE.sub(" ", en).casefold(), []
    for term in sorted(glossary().terms, key=lambda term: -len(term.zh)):
        if term.zh in zh and not any(name.casefold() in en for name in term.names("en")):
            found.append(term.zh)
        zh = zh.replace(term.zh, " ")
    return found


def references(text: str, lang: str) -> Iterator[str]:
    """Yield each reference in a text, “Saaty (1980)”, that the list of literature has not or has in another form."""
    known = {work.cited(lang) for work in glossary().literature}
    marks = r"（(1[89]\d\d|20\d\d)[a-z]?）" if lang == "zh" else r"\((1[89]\d\d|20\d\d)[a-z]?\)"
    for found in re.finditer(marks, text):
        if not any(text[: found.end()].endswith(work) for work in known):
            yield text[max(0, found.start() - 40) : found.end()].strip()


def sources_table() -> pd.DataFrame:
    """Return the course's documents: name, title, and what comes from each, in the language now spoken."""
    known = glossary().sources
    columns = {_("Title"): [str(s.title) for s in known], _("What it holds"): [str(s.about) for s in known]}
    return pd.DataFrame(columns, index=pd.Index([str(s.name) for s in known], name=_("Document")))


def literature_table() -> pd.DataFrame:
    """Return the literature as texts refer to it, with title and place, in the language now spoken."""
    known = glossary().literature
    columns = {_("Title"): [str(work.title) for work in known], _("Published"): [str(work.where) for work in known]}
    return pd.DataFrame(columns, index=pd.Index([work.cited(language()) for work in known], name=_("Cited as")))

"""What an item asks for is taught: its terms occur in the chapter it cites, and what it cites has one of the names."""

import re
from functools import cache

import pytest
from each import each

from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import SOURCES
from crmlib.items.bank import bank
from crmlib.items.compound import Corrected, Fill, Matching, Ordering, Several
from crmlib.items.item import Choice, Item, Number, Written, texts_in
from crmlib.support.glossary import CODE, glossary, references

CHAPTER = re.compile(r"This workbook, chapter (\d+)", re.IGNORECASE)
OTHERS = {
    "zh": re.compile(r"本书自编|本书第 \d+ 章|(客户关系管理)?教材|.{2}依本书$"),
    "en": re.compile(
        r"this workbook's own|this workbook, chapter \d+|.*usual in (crm )?textbooks|\w+ as in this workbook$"
    ),
}
"""What an item may cite beside the course's documents and the literature."""


def cited(item: Item) -> tuple[str, ...]:
    """Return the files of the chapter an item cites by number, else of its topic; none if there is no chapter yet."""
    number = CHAPTER.search(item.source.en)
    begins = f"{int(number[1]):02d}_" if number else bank().topics[item.topic][0].chapter
    return tuple(sorted(path.name for path in SOURCES.glob(f"{begins}*.md")))


@cache
def chapter(names: tuple[str, ...], lang: str) -> str:
    import jupytext

    cells = [cell for name in names for cell in jupytext.read(SOURCES / name).cells]
    return " ".join(cell.source for cell in cells if lang in cell.metadata.get("tags", [])).casefold()


PARTS = ("correction", "sequence", "pairs", "blanks")
"""Where the answer to an item with several parts stands."""


def asked(item: Item, lang: str) -> str:
    """Return what an item asks, and its key: a student must know the words of both."""
    texts = [item.stem] if getattr(item, "stem", None) else []
    if isinstance(item, Choice | Several):
        texts += [option.text for option in item.options if option.correct]
    if isinstance(item, Corrected | Ordering | Matching | Fill):
        texts += [text for place, text in texts_in(item) if place.startswith(PARTS)]
    if isinstance(item, Choice | Number) and item.worked:
        texts.append(item.worked)
    return CODE.sub(" ", " ".join(getattr(text, lang) for text in texts)).casefold()


def untaught(item: Item, lang: str) -> list[str]:
    """Return the terms of the glossary in an item that its chapter uses by none of their names."""
    words, taught = asked(item, lang), chapter(cited(item), lang)
    found = []
    for term in glossary().terms:
        names = [name.casefold() for name in term.names(lang)]
        if names[0] in words and not any(name in taught for name in names):
            found.append(names[0])
    return found


ITEMS = list(bank().items.values())
WRITTEN = [item for item in ITEMS if cited(item) and not (isinstance(item, Written) and item.type != "short")]
"""All but essays and cases, which may speak of anything."""


@pytest.mark.parametrize("lang", LANGUAGES)
@each("item", WRITTEN, lambda item: item.id)
def test_the_terms_of_an_item_occur_in_the_chapter_it_cites(item: Item, lang: str) -> None:
    assert untaught(item, lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@each("item", ITEMS, lambda item: item.id)
def test_an_item_cites_a_document_of_the_course_by_its_name_or_a_work_of_the_literature(item: Item, lang: str) -> None:
    names = [str(getattr(source.name, lang)).casefold() for source in glossary().sources]
    works = [work.cited(lang).casefold() for work in glossary().literature]
    for part in re.split(r"[；;]", getattr(item.source, lang)):
        said = re.sub(r"^(参看|compare) ?", "", part.strip()).casefold()
        known = any(said.startswith(name) for name in [*names, *works]) or OTHERS[lang].match(said)
        assert known, f"{part.strip()}: not one of the sources' names, nor in the list of literature"
        assert not list(references(part, lang))

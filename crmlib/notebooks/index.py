"""The index of terms: those of the glossary and of the tables “In one minute”, with the sections that explain them.

No list says where a term is explained. Of the chapter whose table has it, it is the section that names it, in its
heading rather than in bold type and there rather than anywhere, and whose wording is closest to the term's sentence.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from typing import NamedTuple

from crmlib.chapters import chapters
from crmlib.core.i18n import LANGUAGES, NAMES, _, other, speaking
from crmlib.items.summaries import KeyTerm, key_terms
from crmlib.notebooks.asked import closeness
from crmlib.notebooks.sections import Section, every_section, sections_of
from crmlib.support.glossary import Term, glossary
from crmlib.support.strict_yaml import Texts
from crmlib.support.texts import markdown_table

HEADING, BOLD, TEXT = 9, 5, 2
"""What it counts where a section names a term; a part of a term counts a third of it."""
CLOSE = 30
"""What it counts where a section's wording is that of the term and its sentence."""
PARTS = re.compile(r"[、，（）()；;,]| and ")
"""What stands between several notions in a term."""
ASIDE = re.compile(r"^[^\w一-鿿]+")
"""Quotes before a term, which its place in the alphabet does not mind."""


class Entry(NamedTuple):
    """A term in both languages, its other names, and the sections that explain it: none where no section names it."""

    name: Texts
    also: Mapping[str, tuple[str, ...]]
    places: tuple[Section, ...]


@cache
def entries() -> tuple[Entry, ...]:
    """Return all terms of the course, each once; a chapter's key term comes with the glossary's other names for it."""
    known = {term.zh: term for term in glossary().terms}
    found: dict[str, tuple[Texts, list[Section]]] = {}
    for notebook in (name for chapter in chapters().values() for name in chapter.notebooks):
        for key in key_terms(notebook):
            _key, places = found.setdefault(key.term.zh, (key.term, []))
            places += explained(key, notebook)
    with_others = {part: places for zh, (_key, places) in found.items() for part in parts(zh)}
    for term in glossary().terms:
        if term.zh not in found:
            places = with_others.get(term.zh) or named(term)
            found[term.zh] = (Texts(zh=term.zh, en=term.en), places[:1])
    return tuple(Entry(name, _also(known.get(zh), name), tuple(places)) for zh, (name, places) in found.items())


def _also(term: Term | None, name: Texts) -> Mapping[str, tuple[str, ...]]:
    others = {lang: term.names(lang) if term else () for lang in LANGUAGES}
    return {lang: tuple(other for other in others[lang] if other != getattr(name, lang)) for lang in LANGUAGES}


def explained(key: KeyTerm, notebook: str) -> list[Section]:
    """Return the section of a chapter that explains one of its key terms; none if it has no sections."""
    every = sections_of(notebook)
    near = closeness(f"{key.term.zh}\n{key.said.zh}", (notebook,))
    scores = [
        weight(section, "zh", [key.term.zh])
        + weight(section, "en", [key.term.en])
        + weight(section, "zh", parts(key.term.zh)) / 3
        + CLOSE * close
        for section, close in zip(every, near, strict=True)
    ]
    best = max(zip(scores, every, strict=True), key=lambda one: one[0] * one[1].explains, default=None)
    return [best[1]] if best else []


def named(term: Term) -> list[Section]:
    """Return the section of the whole book that names a term of the glossary most, the first of several; or none.

    An English word may be an everyday one as well: it counts no more than the Chinese term in the same section, unless
    no section has that. The term's other names count where nobody uses the first.
    """
    names = {lang: term.names(lang) for lang in LANGUAGES}
    return _naming({lang: of[:1] for lang, of in names.items()}) or _naming(names)


def _naming(names: Mapping[str, Iterable[str]]) -> list[Section]:
    every = [section for section in every_section() if section.explains]
    zh, en = ([weight(one, lang, names[lang]) for one in every] for lang in LANGUAGES)
    scores = [own + min(own, also) for own, also in zip(zh, en, strict=True)] if any(zh) else en
    return [every[scores.index(max(scores))]] if any(scores) else []


def parts(name: str) -> list[str]:
    """Return the notions in a term that names several.

    >>> parts("financial, social and structural levels")
    ['financial', 'social', 'structural levels']
    """
    found = [part.strip(" “”") for part in PARTS.split(name)]
    return [part for part in found if len(part) > 1 and part != name]


def weight(section: Section, lang: str, names: Iterable[str]) -> int:
    """Return how much a section speaks for explaining a term that has these names in a language."""
    return sum(_weight(section.heading[lang].casefold(), section.body[lang].casefold(), name) for name in names)


def _weight(heading: str, body: str, name: str) -> int:
    word = rf"(?<![a-z]){re.escape(name.strip('“”').casefold())}(?:s|es)?(?![a-z])"
    if re.search(word, heading):
        return HEADING
    if not re.search(word, body):
        return 0
    return BOLD if re.search(rf"\*\*[^*\n]*{word}[^*\n]*\*\*", body) else TEXT


# Order ----------------------------------------------------------------------------------------------------------------

Key = tuple[tuple[str, int, str], ...]
"""A term's place in its order, character by character: letters or syllable, tone, the character itself."""


def by_pinyin(name: str) -> Key:
    """Return a Chinese term's place: by syllable, tone and character in turn, letters among the syllables.

    A character with several readings is read as the word has it.

    >>> by_pinyin("重复")[0][:2], by_pinyin("重点")[0][:2], by_pinyin("ABC 分类")[0][:2]
    (('chong', 2), ('zhong', 4), ('a', 0))
    """
    from pypinyin import Style, lazy_pinyin

    found: list[tuple[str, int, str]] = []
    for run in re.findall("[一-鿿]+|[^一-鿿]", ASIDE.sub("", name)):
        if re.match("[一-鿿]", run):
            read = lazy_pinyin(run, style=Style.TONE3, neutral_tone_with_five=True)
            found += [(said[:-1], int(said[-1]), letter) for said, letter in zip(read, run, strict=True)]
        else:
            found.append((run.casefold(), 0, run))
    return tuple(found)


def by_letter(name: str) -> Key:
    """Return an English term's place: by its letters, large ones as small ones, without quotes before them.

    >>> by_letter("“five times”") == by_letter("Five times”")
    True
    """
    return tuple((letter, 0, "") for letter in ASIDE.sub("", name).casefold())


def first(key: Key) -> str:
    """Return what a place in the order stands under: its first letter, or ``0–9`` for all figures."""
    letter = key[0][0][0].upper()
    return letter if letter.isalpha() else "0–9"


ORDERS: Mapping[str, Callable[[str], Key]] = {"zh": by_pinyin, "en": by_letter}


def index(of: str, lang: str) -> str:
    """Return the terms as headings and tables in Markdown, a table a letter.

    Args:
        of: the language whose terms come first and in order; their counterparts stand beside them.
        lang: the language of the page, in which the sections are named.
    """
    with speaking(lang):
        lines = sorted(_lines(of), key=lambda line: (ORDERS[of](line[0]), line))
        head = [NAMES[of], NAMES[other(of)], _("Explained in")]
        tables = []
        for under, group in groupby(lines, key=lambda line: first(ORDERS[of](line[0]))):
            tables.append(f"### {under}\n\n{markdown_table([head, *map(list, group)])}")
        return "\n\n".join(tables)


def _lines(of: str) -> Iterator[tuple[str, str, str]]:
    """Yield a line a term, and one for each other name that stands elsewhere in the order, which says where to look."""
    chosen = {str(getattr(entry.name, of)) for entry in entries()}
    for entry in entries():
        name = getattr(entry.name, of)
        places = dict.fromkeys(section.link() for section in entry.places)
        yield name, getattr(entry.name, other(of)), "<br>".join(places)
        for alias in entry.also[of]:
            if alias not in chosen and not alias.startswith(name) and not name.startswith(alias):
                yield alias, "", _("see {term}").format(term=name)

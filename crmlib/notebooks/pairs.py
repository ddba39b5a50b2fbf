"""Which paragraph in Chinese and which in English have been looked at together.

``notebooks/src/pairs.json`` is a ledger: for each source the pairs of paragraphs, by their hashes, that somebody has
compared. A paragraph that changes alone is flagged until the other language has been looked at.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from crmlib.core.i18n import LANGUAGES, _
from crmlib.core.paths import SOURCES
from crmlib.items.item import differing_numbers, numbers_in
from crmlib.notebooks.build import read_source, stretches
from crmlib.support import glossary
from crmlib.support.files import atomic_write

LEDGER = SOURCES / "pairs.json"
ASIDE = re.compile(r"`[^`]*`|\]\([^)]*\)|https?://\S+|\$[^$]*\$")
"""Code, addresses and formulas: they are the same in both languages or need not be."""
NOT = {
    "zh": re.compile("(?<!差)[不没未无非](?![同断少仅过足但妨论数])"),
    "en": re.compile(
        r"\b(?:not|no|never|none|nor|neither|nothing|nobody|cannot|without|un\w+|in\w+able)\b|n[’']t\b", re.I
    ),
}

Pair = tuple[str, str]


def pairs(source: Path) -> Iterator[Pair]:
    """Yield the paragraphs that say the same, Chinese first: between code cells the nth of each language."""
    for cells in stretches(read_source(source)):
        zh, en = ([c.source.strip() for c in cells if lang in c.metadata.get("tags", [])] for lang in LANGUAGES)
        yield from zip(zh, en, strict=False)


def problems(source: Path) -> Iterator[str]:
    """Yield a sentence for each pair that nobody has compared and that may not say the same, and each wrong word."""
    for pair, why in _open(pairs(source), _ledger().get(source.stem, [])):
        said = _("{file}: “{text}”: {why} Compare zh and en, then run “crm build --agreed {name}”.")
        yield said.format(file=source.name, text=_shown(pair), why=why, name=source.stem)
    for pair in pairs(source):
        for lang, text in zip(LANGUAGES, pair, strict=True):
            for why in glossary.faults(text, lang):
                yield _("{file}: “{text}”: {why}").format(file=source.name, text=_shown(pair), why=why)


def _open(found: Iterable[Pair], known: list[str]) -> Iterator[tuple[Pair, str]]:
    """Yield each pair that is not in the ledger and may not say the same, with the reason."""
    looked_at = [{pair.split()[place] for pair in known} for place in range(len(LANGUAGES))]
    for pair in found:
        if _key(pair) not in known:
            zh, en = (_hash(text) in texts for text, texts in zip(pair, looked_at, strict=True))
            alone = _("one language has changed and the other has not.") if zh != en else ""
            if why := alone or differs(*pair):
                yield pair, why


def differs(zh: str, en: str) -> str:
    """Return how the two differ in what a machine can compare, in a sentence; empty if they do not."""
    zh, en = ASIDE.sub(" ", zh), ASIDE.sub(" ", en)
    alone = set(numbers_in(zh)) ^ set(numbers_in(en))
    if apart := sorted(alone.intersection(differing_numbers(zh, en))):
        return _("these numbers stand in one language only: {numbers}.").format(numbers=", ".join(apart))
    if bool(NOT["zh"].search(zh)) != bool(NOT["en"].search(en)):
        return _("one language denies something and the other does not.")
    if lost := glossary.untranslated(zh, en):
        return _("the English has none of the glossary's names for: {terms}.").format(terms=_(", ").join(lost))
    return ""


def note(source: Path, agreed: bool = False) -> None:
    """Write the pairs of a source into the ledger: those without a problem, or all if somebody has compared them."""
    ledger, found = _ledger(), list(pairs(source))
    before = ledger.get(source.stem, [])
    still_open = set() if agreed else {_key(pair) for pair, _why in _open(found, before)}
    now = {_key(pair) for pair in found} - still_open
    ledger[source.stem] = sorted(now | set(before) if still_open else now)
    text = json.dumps(dict(sorted(ledger.items())), indent=0) + "\n"
    if not LEDGER.exists() or LEDGER.read_text("utf-8") != text:
        atomic_write(LEDGER, text)


def _ledger() -> dict[str, list[str]]:
    return json.loads(LEDGER.read_text("utf-8")) if LEDGER.exists() else {}


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _key(pair: Pair) -> str:
    return " ".join(map(_hash, pair))


def _shown(pair: Pair) -> str:
    return next((line for line in pair[0].splitlines() if line.strip()), "")[:30]

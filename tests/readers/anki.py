"""A reader of Anki packages: Anki's own backend imports them into a collection and tells what is in it."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from anki.collection import Collection, ImportAnkiPackageOptions, ImportAnkiPackageRequest


@dataclass(frozen=True)
class Card:
    """A card as Anki has it: the note's identity, its fields by name, its tags, its deck, and both sides as shown."""

    guid: str
    fields: dict[str, str]
    tags: tuple[str, ...]
    deck: str
    front: str
    back: str


@contextmanager
def collection() -> Iterator[Collection]:
    """Open an empty collection and close it at the end."""
    with tempfile.TemporaryDirectory(prefix="crm-anki-") as folder:
        made = Collection(str(Path(folder) / "collection.anki2"))
        try:
            yield made
        finally:
            made.close()


def take_in(into: Collection, content: bytes) -> dict[str, int]:
    """Import a package and return how many notes were new, updated, duplicates and conflicting."""
    with tempfile.TemporaryDirectory(prefix="crm-anki-") as folder:
        path = Path(folder) / "deck.apkg"
        path.write_bytes(content)
        options = ImportAnkiPackageOptions(merge_notetypes=True)
        log = into.import_anki_package(ImportAnkiPackageRequest(package_path=str(path), options=options)).log
    return {name: len(getattr(log, name)) for name in ("new", "updated", "duplicate", "conflicting")}


def cards(found: Collection) -> list[Card]:
    """Return all cards of a collection."""
    known = []
    for number in found.find_cards(""):
        card = found.get_card(number)
        note = card.note()
        shown = card.render_output()
        deck = found.decks.name(card.did)
        fields = dict(note.items())
        known.append(Card(note.guid, fields, tuple(note.tags), deck, shown.question_text, shown.answer_text))
    return known

"""Papers as decks of Anki cards: a card a question, the key with its reasons on the back.

A note keeps its identity by its item, the numbers drawn and the language: a deck imported again adds nothing, and one
with other numbers adds notes beside those that are there. A deck bears no date: Anki
takes in what has changed if it is told to update notes always. Everything is derived from the paper; the same paper
gives the same bytes with the same version of SQLite.
"""

import hashlib
import tempfile
from pathlib import Path
from typing import Any

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.exports.common import asked, check, distractors, marking, origin, paragraphs, tags, web, words
from crmlib.exams.paper import LISTED, Paper, Question
from crmlib.items.credit import MACHINE
from crmlib.support.files import unzipped, zipped

FIELDS = ("Question", "Options", "Answer", "Why", "Source", "Hints")
FRONT = "<div class=asked>{{Question}}</div>{{Options}}{{Hints}}"
BACK = "{{FrontSide}}<hr id=answer><div class=key>{{Answer}}</div>{{Why}}<div class=source>{{Source}}</div>"
STYLE = """.card { font-family: sans-serif; font-size: 18px; line-height: 1.5; text-align: left; }
.key { font-weight: bold; }
.key p, .key table { font-weight: normal; }
.source { font-size: 14px; opacity: .7; }
table { border-collapse: collapse; }
th, td { border: 1px solid #999; padding: 2px 6px; }
"""
TIME = 315532800
"""The date of every note, in seconds: one that never changes."""


def anki(paper: Paper) -> list[tuple[str, bytes]]:
    """Return a paper as one package with a deck a topic.

    Raises:
        UserError: genanki is not installed.
    """
    try:
        import genanki
    except ImportError:
        said = _('{formats} needs genanki: install it with pip install "crm-workbook[exam]".')
        raise UserError(said.format(formats="Anki")) from None
    check(paper)
    model = genanki.Model(
        _number("CRM question"),
        "CRM question",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "CRM", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )
    decks: dict[str, Any] = {}
    with i18n.speaking(paper.lang):
        for q in paper.questions:
            name = f"{paper.title.replace('::', ': ')} [{paper.lang}]::{q.topic}"
            deck = decks.setdefault(q.topic, genanki.Deck(_number(name), name))
            note = genanki.Note(model, _fields(q), tags=list(tags(q)), guid=_guid(paper, q))
            deck.add_note(note)
    return [("anki.apkg", _packed(genanki.Package(list(decks.values()))))]


def _number(name: str) -> int:
    """Return the number by which Anki knows a deck or a kind of note."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:12], 16)


def _guid(paper: Paper, q: Question) -> str:
    """Return the identity of a note; options come in any order."""
    drawn = "\n".join((q.text, *sorted(q.options))) if q.drawn else ""
    return hashlib.sha256(f"crm {q.id} {paper.lang} {drawn}".strip().encode()).hexdigest()[:20]


def _packed(package: Any) -> bytes:
    """Return a package as bytes, its members without dates."""
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        path = Path(folder) / "deck.apkg"
        package.write_to_file(path, timestamp=TIME)
        return zipped(unzipped(path))


def _fields(q: Question) -> list[str]:
    return [asked(q, web), _options(q), _answer(q), _why(q), origin(q, web), _hints(q)]


def _options(q: Question) -> str:
    if q.kind == "tf":
        return paragraphs([words(_("True or false?"))])
    lefts = paragraphs(f"({n}) {web(left)}" for n, left in enumerate(q.lefts, 1))
    listed = "".join(f"<li>{web(option)}</li>" for option in q.options)
    return f'{lefts}<ol type="A">{listed}</ol>' if q.kind in LISTED else ""


def _answer(q: Question) -> str:
    if q.kind == "mcq":
        return f"{q.answer}. {web(q.options[int(q.key or 0)])}"
    if q.kind in MACHINE:
        return paragraphs(map(web, q.answers))
    return marking(q, web) if q.in_words else web(q.answer)


def _why(q: Question) -> str:
    """Return every option's reason, or the solution and what a distractor gives away."""
    if q.kind in ("mcq", "multi"):
        return '<ol type="A">' + "".join(f"<li>{web(reply)}</li>" for reply in q.replies) + "</ol>"
    if q.kind == "tf":
        return paragraphs([web(q.replies[int(q.key or 0)])])
    blanks = [f"{label} {web(reply)}" for label, reply in q.reasons] if q.kind == "fill" else []
    return paragraphs([web(q.worked), *blanks]) + distractors(q, web)


def _hints(q: Question) -> str:
    name = words(_("Hint"))
    return "".join(f"<details><summary>{name} {n}</summary>{web(hint)}</details>" for n, hint in enumerate(q.hints, 1))

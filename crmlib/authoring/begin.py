"""The skeleton of a new chapter: every file that a chapter has, with sentences in place of what is still to be written.

The files lie in ``skeleton/`` as they lie in the project, a Python file with ``.txt`` behind its name. ``@topic@``,
``@Topic@``, ``@number@`` and ``@notebook@`` stand for the chapter's own, in names and in texts.
"""

import keyword
import re
from collections.abc import Mapping
from pathlib import Path

import yaml

from crmlib import casebook
from crmlib.authoring.folders import NAME, shown, topics, whole
from crmlib.chapters import chapters
from crmlib.chapters.studies import STUDIES
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.paths import DATA, ROOT
from crmlib.items.bank import bank
from crmlib.notebooks import catalogue
from crmlib.support.files import atomic_write, folder, written
from crmlib.tables.scripts import read_script

SKELETON = Path(__file__).with_name("skeleton")
MESSAGES = SKELETON / "messages.yaml"
LAST = 99
"""The highest number that a chapter may have."""


def begin(topic: str, number: int) -> list[Path]:
    """Write the skeleton of a chapter, all of it or nothing, and return the files.

    A topic may have its items before it has a chapter: their file stays as it is.

    Raises:
        UserError: the name or the number cannot be used, or a file cannot be written.
    """
    _refuse(topic, number)
    files = {path: content for path, content in rendered(topic, number).items() if path not in _kept(topic)}
    if there := [path for path in files if path.exists()]:
        raise UserError(_("{file} is there already; nothing was written.").format(file=shown(path)) for path in there)
    before = {path: path.read_bytes() for path in (catalogue.PO, catalogue.MO)}
    try:
        with whole() as made:
            for path, content in files.items():
                folder(path.parent)
                made.append(path)
                written(path, content)
            made += _tables(DATA / f"make_{topic}.py")
            _translate(yaml.safe_load(MESSAGES.read_text("utf-8")))
    except BaseException:
        for path, as_it_was in before.items():
            atomic_write(path, as_it_was)
        raise
    return made


def free_number() -> int:
    """Return the number after that of the last chapter."""
    return max(chapter.number for chapter in chapters().values()) + 1


def _refuse(topic: str, number: int) -> None:
    """Refuse a name that is none for a module or is taken, and a number that is taken."""
    if not NAME.fullmatch(topic) or keyword.iskeyword(topic):
        said = _("“{name}” cannot name a chapter: use 2 to 30 of a–z, 0–9 and _, a letter first.")
        raise UserError(said.format(name=topic))
    items = set() if _kept(topic) else {*bank().topics}
    taken = {*topics(), *items, *STUDIES, *casebook.cases(), *(path.stem for path in DATA.glob("*.yaml"))}
    if topic in taken:
        raise UserError(
            _("The name “{name}” is taken by a chapter, topic, study, case or data set.").format(name=topic)
        )
    numbers = {chapter.number: chapter.topic for chapter in chapters().values()}
    if number in numbers:
        said = _("Chapter {number} is there already: {topic}.")
        raise UserError(said.format(number=number, topic=numbers[number]))
    if not 1 <= number <= LAST:
        raise UserError(_("A chapter's number may be 1 to {most}.").format(most=LAST))


def _kept(topic: str) -> list[Path]:
    """Return the file of a topic's items, where it is there already."""
    return [path for path in (ROOT / "casebook" / "items" / f"{topic}.yaml",) if path.exists()]


def rendered(topic: str, number: int) -> dict[Path, str]:
    """Return the files of the skeleton with the names put in, by where they belong."""
    words = {
        "topic": topic,
        "Topic": "".join(part.capitalize() for part in topic.split("_")),
        "number": str(number),
        "notebook": f"{number:02}_{topic}",
    }
    found = (path for path in sorted(SKELETON.rglob("*")) if path.is_file() and path != MESSAGES)
    return {
        ROOT / _named(path.relative_to(SKELETON).as_posix().removesuffix(".txt"), words): _named(
            path.read_text("utf-8"), words
        )
        for path in found
    }


def _named(template: str, words: Mapping[str, str]) -> str:
    return re.sub("@(topic|Topic|number|notebook)@", lambda mark: words[mark[1]], template)


def _tables(script: Path) -> list[Path]:
    """Write the data that a script makes."""
    made = read_script(script)
    return [written(DATA / f"{name}.csv", made.to_csv(table)) for name, table in made.tables().items()]


def _translate(known: Mapping[str, str]) -> None:
    """Bring the catalogue up to the code, with these translations."""
    messages = catalogue.updated()
    for said, translation in known.items():
        message = messages.get(said)
        if message is not None and not message.string:
            message.string = translation
    atomic_write(catalogue.PO, catalogue.po_bytes(messages))
    atomic_write(catalogue.MO, catalogue.mo_bytes(messages))

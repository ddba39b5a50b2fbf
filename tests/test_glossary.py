"""One word for each term of the course, in every text that a student reads, and one form for each reference."""

from collections.abc import Iterator
from pathlib import Path

import jupytext
import yaml
from each import each

from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import CASEBOOK, DATA, SOURCES
from crmlib.notebooks.catalogue import catalogue
from crmlib.support import glossary
from crmlib.support.strict_yaml import LOADER

Said = tuple[str, str, str]
"""Where a text stands, its language, the text."""


def spoken(part: object, place: str) -> Iterator[Said]:
    """Yield each text of a file in both languages."""
    if isinstance(part, dict) and set(LANGUAGES) <= set(part):
        yield from ((place, lang, str(part[lang])) for lang in LANGUAGES)
    elif isinstance(part, dict):
        for name in part.keys() - {"aliases"}:  # names that users give their columns
            yield from spoken(part[name], f"{place}.{name}")
    elif isinstance(part, list):
        for number, member in enumerate(part, 1):
            name = member.get("id", number) if isinstance(member, dict) else number
            yield from spoken(member, f"{place}.{name}")


def in_yaml(path: Path) -> Iterator[Said]:
    yield from spoken(yaml.load(path.read_text("utf-8"), Loader=LOADER), path.name)


def in_notebook(path: Path) -> Iterator[Said]:
    for number, cell in enumerate(jupytext.read(path).cells):
        if cell.cell_type == "markdown":
            for lang in set(LANGUAGES) & set(cell.metadata.get("tags", [])):
                yield f"{path.name}, cell {number}", lang, cell.source


def in_markdown(path: Path) -> Iterator[Said]:
    yield path.name, path.suffixes[-2].strip("."), path.read_text("utf-8")


def files() -> list[Path]:
    """Return every file with text of the course that a student or an instructor reads."""
    yamls = [*CASEBOOK.glob("*/*.yaml"), *CASEBOOK.glob("*/scenarios/*.yaml"), *DATA.glob("*.yaml")]
    return sorted([*SOURCES.glob("*.md"), *CASEBOOK.glob("*/*.md"), *yamls])


def texts(path: Path) -> Iterator[Said]:
    if path.suffix == ".yaml":
        return in_yaml(path)
    return in_notebook(path) if path.parent == SOURCES else in_markdown(path)


@each("path", files())
def test_no_text_uses_a_word_that_the_glossary_replaces(path: Path) -> None:
    said = [f"{place} ({lang}): {fault}" for place, lang, text in texts(path) for fault in glossary.faults(text, lang)]
    assert not said, "\n".join(said)


@each("path", files())
def test_every_reference_is_in_the_list_of_literature_and_in_its_one_form(path: Path) -> None:
    said = [f"{place}: {odd}" for place, lang, text in texts(path) for odd in glossary.references(text, lang)]
    assert not said, "\n".join(said)


def test_a_forbidden_word_is_found_with_the_right_one_and_code_is_not_read(english: None) -> None:
    found = list(glossary.faults("The dealers fill `dealer` with a default probability.", "en"))
    assert [fault.split("“")[1].split("”")[0] for fault in found] == ["default probability", "dealers"]
    assert "distributor" in found[1]
    assert not list(glossary.faults("The leader deals.", "en"))
    assert list(glossary.faults("这条切线可变", "zh")) and not list(glossary.faults("这条分界线可变", "zh"))


def test_a_reference_in_another_form_is_found() -> None:
    assert not list(glossary.references("As Saaty (1980) says; Hwang and Yoon (1981) differ.", "en"))
    assert list(glossary.references("Hwang & Yoon (1981)", "en")) == ["Hwang & Yoon (1981)"]
    assert list(glossary.references("Nobody (1980)", "en")) == ["Nobody (1980)"]
    assert not list(glossary.references("Keiningham et al. (2011)", "en"))
    assert not list(glossary.references("Keiningham 等（2011）", "zh"))
    assert not list(glossary.references("Hwang 和 Yoon（1981）", "zh")) and list(
        glossary.references("某人（1981）", "zh")
    )


def test_no_term_forbids_a_name_that_a_term_has() -> None:
    names = {lang: [name for term in glossary.glossary().terms for name in term.names(lang)] for lang in LANGUAGES}
    said = [fault for lang in LANGUAGES for name in names[lang] for fault in glossary.faults(name, lang)]
    assert not said
    for lang in LANGUAGES:
        chosen = [getattr(term, lang) for term in glossary.glossary().terms]
        assert len(set(chosen)) == len(chosen), "two terms have one name"


def test_the_interface_uses_no_word_that_the_glossary_replaces() -> None:
    said = []
    for message in catalogue():
        pairs = zip(LANGUAGES, (message.string, message.id), strict=True)
        forms = [(lang, form) for lang, text in pairs for form in ([text] if isinstance(text, str) else text)]
        said += [f"{form!r}: {fault}" for lang, form in forms for fault in glossary.faults(form, lang)]
    assert not said, "\n".join(said)

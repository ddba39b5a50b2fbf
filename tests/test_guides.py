"""Every command that README and guides name can be read by ``crm``, and both languages name the same."""

import re
import shlex
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from crmlib.cli import helping
from crmlib.core.paths import ROOT

GUIDES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TOLD = re.compile(r"^\.venv/bin/crm (.+)$", re.MULTILINE)


def commands(text: str) -> list[list[str]]:
    """Return the command lines of a guide, each as words, without what follows ``#``."""
    return [shlex.split(line, comments=True) for line in TOLD.findall(text)]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.name)
def test_a_command_that_is_told_can_be_read(guide: Path) -> None:
    for words in commands(guide.read_text("utf-8")):
        name, command = helping.found(words)
        assert not isinstance(command, TyperGroup), words
        try:
            command.make_context(name, words[len(name.split()) - 1 :])
        except typer.TyperException as refusal:
            pytest.fail(f"{guide.name}: {words}: {refusal}")


@pytest.mark.parametrize("guide", [path for path in GUIDES if "\n## English\n" in path.read_text("utf-8")])
def test_both_languages_name_the_same_commands(guide: Path) -> None:
    zh, en = guide.read_text("utf-8").split("\n## English\n")
    options = [
        [[word for word in words if re.fullmatch(r"--[a-z-]+|[a-z]+", word)] for words in commands(text)]
        for text in (zh, en)
    ]
    assert [words[:2] for words in options[0]] == [words[:2] for words in options[1]]
    assert [sorted(w for w in words if w[0] == "-") for words in options[0]] == [
        sorted(w for w in words if w[0] == "-") for words in options[1]
    ]


def test_the_readme_tells_an_instructor_what_comes_before_and_after_a_command() -> None:
    for part in (ROOT / "README.md").read_text("utf-8").split("\n## English\n"):
        for told in ("--lang", "--from", "--only-own", "--seed", "docs/handouts.md"):
            assert told in part, told

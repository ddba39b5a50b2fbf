"""Help comes in the language of the user, says all of a command, and fits the terminal."""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from typer.core import TyperArgument, TyperCommand, TyperGroup

from crmlib.cli import helping
from crmlib.core import i18n
from crmlib.notebooks import catalogue

Crm = Callable[..., tuple[int, str, str]]


def commands(words: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command, as it is typed."""
    yield words
    _name, command = helping.found(words)
    if isinstance(command, TyperGroup):
        for word in helping.names(command):
            yield from commands((*words, word))


every_command = pytest.mark.parametrize("words", [*commands()], ids=lambda words: " ".join(words) or "crm")


@every_command
def test_the_help_names_every_option_and_fits_the_terminal(
    crm: Crm, lang: str, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    code, said, complaint = crm(*words, "--help", "--lang", lang)
    assert (code, complaint) == (0, "")
    assert max(sum(2 if east_asian_width(c) in "WF" else 1 for c in line) for line in said.splitlines()) <= 72
    name, command = helping.found(words)
    assert name in said.splitlines()[0]
    named = helping.names(command) if isinstance(command, TyperGroup) else []
    for param in command.params:
        assert param.help if not isinstance(command, TyperGroup) else True
        named.append(param.name if isinstance(param, TyperArgument) else param.opts[0])
    assert all(f"  {one}" in said for one in named)


@every_command
def test_a_file_that_may_not_be_read_is_left_to_whoever_reads_it(words: tuple[str, ...]) -> None:
    """typer would refuse it before, without the file's name and without the reason."""
    _name, command = helping.found(words)
    for param in command.params:
        assert "Path" not in str(param.type_descriptor.annotation) or not param.type_descriptor.parameter_info.readable


@cache
def marked() -> set[str]:
    """Return what the code shows, read once for all commands."""
    return {str(message.id) for message in catalogue.extracted()}


@every_command
def test_what_the_help_says_is_marked_for_translation(words: tuple[str, ...]) -> None:
    _name, command = helping.found(words)
    said = [command.help, *(param.help for param in command.params if isinstance(command, TyperCommand))]
    assert all(one and one in marked() for one in said), said


@every_command
def test_no_english_sentence_stands_in_the_chinese_help(crm: Crm, words: tuple[str, ...]) -> None:
    _code, said, _complaint = crm(*words, "--help", "--lang", "zh")
    _name, command = helping.found(words)
    i18n.use("zh")
    assert i18n._(str(command.help)) != command.help and str(command.help) not in said
    i18n._chosen = None
    assert all(word not in said for word in ("Usage", "Options", "default", "may be", " the ", "has to"))


def test_a_chinese_sentence_is_cut_between_characters_and_never_before_a_sign() -> None:
    assert helping._wrapped("把数字写在左边，右边留空。", 14) == ["把数字写在左", "边，右边留空。"]
    assert helping._wrapped("names, separated by commas", 10) == ["names,", "separated", "by commas"]


@pytest.mark.parametrize("words", [("--help", "rerun"), ("rerun", "--help", "bank_tiers"), ("rerun", "--help")])
def test_help_is_shown_wherever_it_is_asked_for(crm: Crm, words: tuple[str, ...]) -> None:
    assert crm(*words)[0] == 0


def test_a_default_is_said_and_a_path_looks_alike_on_every_system(crm: Crm) -> None:
    said = crm("exam", "make", "--help", "--lang", "en")[1]
    assert f"(default: {Path('out/exam').as_posix()})" in said and "(default: 1)" in said and "None" not in said

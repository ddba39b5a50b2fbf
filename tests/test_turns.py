"""Tests that are asked in turn: each is asked something, each case has its turn, and who names one gets all of it."""

import subprocess
import sys
from dataclasses import dataclass
from itertools import compress
from types import SimpleNamespace
from typing import Any, cast

import pytest
from early import LONG, in_turn
from test_every_data_set import DATASETS

from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import ROOT


@dataclass(frozen=True)
class Item:
    """A test as far as its turn depends on it."""

    nodeid: str
    marks: tuple[str, ...] = ()
    given: object = 1
    params: tuple[object, ...] = ()

    @property
    def callspec(self) -> Any:
        return SimpleNamespace(params=dict(enumerate(self.params)))

    def get_closest_marker(self, name: str) -> Any:
        return SimpleNamespace(args=(self.given,)) if name in self.marks else None


def asked(items: list[Item]) -> list[Item]:
    return list(compress(items, in_turn(cast(list[pytest.Item], items))))


def cases(test: str, many: int, share: int) -> list[Item]:
    return [Item(f"test_file.py::{test}[{n}]", ("shared",), share) for n in range(many)]


@pytest.mark.parametrize("share", [1, 3, 5])
@pytest.mark.parametrize("many", [1, 2, 4, 43])
def test_of_each_test_about_every_nth_case_is_asked_and_one_at_least(many: int, share: int) -> None:
    for test in ("test_one", "test_two", "test_three"):
        found = asked(cases(test, many, share))
        assert max(many // share, 1) <= len(found) <= -(-many // share)


def test_each_test_begins_with_a_case_of_its_own() -> None:
    assert len({asked(cases(f"test_{n}", 10, 5))[0].nodeid.partition("[")[2] for n in range(40)}) == 5


@pytest.mark.parametrize("share", [2, 3, 5])
def test_both_languages_are_asked_and_not_of_the_same_chapters(share: int) -> None:
    pairs = [(lang, n) for lang in ("zh", "en") for n in range(15)]
    for order in (pairs, sorted(pairs, key=lambda pair: pair[1])):
        found = asked([Item(f"t.py::test_x[{lang}-{n}]", ("shared",), share) for lang, n in order])
        zh, en = (
            [item.nodeid[:-1].partition("-")[2] for item in found if f"[{lang}" in item.nodeid] for lang in ("zh", "en")
        )
        assert zh and en and zh != en


@pytest.mark.parametrize("many", [4, 5, 8])
def test_of_two_each_case_is_asked_in_one_of_the_languages(many: int) -> None:
    pairs = [(lang, n) for lang in LANGUAGES for n in range(many)]
    for order in (pairs, sorted(pairs, key=lambda pair: pair[1])):
        found = asked([Item(f"t.py::test_x[{n}-{lang}]", ("shared",), 2) for lang, n in order])
        assert sorted(item.nodeid.partition("[")[2][0] for item in found) == [str(n) for n in range(many)]


@pytest.mark.parametrize("share", [2, 3, 9])
def test_of_each_test_something_is_asked_whatever_its_cases_are(share: int) -> None:
    rows = (["zh", "en"], ["zh-laptop", "en-phone"], ["a-zh", "b-zh", "c-en"])
    for n, row in enumerate(rows * 20):
        assert asked([Item(f"t.py::test_{n}[{case}]", ("shared",), share) for case in row])
        spoken = [Item(f"t.py::test_{n}[{case}]", ("shared", "one_language"), share) for case in row]
        assert len(asked(spoken)) >= 1


def test_what_is_not_marked_is_asked_and_what_takes_many_minutes_is_not() -> None:
    plain, long = Item("t.py::test_a"), Item("t.py::test_b", ("whole",))
    assert asked([plain, long]) == [plain]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_is_asked_in_the_language_it_names_and_what_is_in_none_with_it(lang: str) -> None:
    known: dict[str, tuple[object, ...]] = {"zh": ("zh",), "en": ("dark", "en", {"not": "hashed"}), "dark": ("dark",)}
    cases = [Item(f"t.py::test_x[{case}]", ("one_language",), lang, params) for case, params in known.items()]
    assert [item.nodeid for item in asked(cases)] == [f"t.py::test_x[{lang}]", "t.py::test_x[dark]"]


def test_the_files_that_come_first_are_there() -> None:
    assert [name for name in LONG if not (ROOT / "tests" / f"{name}.py").exists()] == []


COLLECT = """
import sys
import pytest

for arguments in sys.argv[1:]:
    if code := pytest.main(["--collect-only", "-q", "-n0", *arguments.split()]):
        sys.exit(code)
    print("\\0")
"""
"""Collects for one row of arguments after another in one process: to import all that pytest needs takes longest."""


def test_all_cases_are_asked_where_that_is_wanted() -> None:
    file, every = "tests/test_sheet_xlsx.py", len(DATASETS) * len(LANGUAGES)
    rows = ("", " --whole", " -k packaged_rows", "::test_a_template_filled_with_the_packaged_rows_reads_as_them")
    command = [sys.executable, "-c", COLLECT, *(file + row for row in rows)]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True).stdout
    some, *all_asked = (part.count("the_packaged_rows") for part in said.split("\0")[:-1])
    assert every // 3 <= some <= -(-every // 3)
    assert all_asked == [every] * 3

"""The notebook of a game: where it stands in the book, and what it is made of."""

import shutil
from pathlib import Path

import pytest

from crmlib.authoring import check
from crmlib.chapters import chapters
from crmlib.core import i18n
from crmlib.game.cases import game_names
from crmlib.game.costs import TIER_ENDS
from crmlib.notebooks import build, contents

FIRST = next(iter(chapters().values()))


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sources of the book, and a game of its first chapter."""
    folder = shutil.copytree(build.SOURCES, tmp_path / "src")
    (folder / f"game_{FIRST.topic}.md").write_text("", "utf-8")
    for module in (build, contents):
        monkeypatch.setattr(module, "SOURCES", folder)
    return folder


def test_a_game_is_read_after_the_cases_of_its_chapter(sources: Path) -> None:
    order = [source.stem for source in build.reading_order()]
    assert sorted(order) == sorted(source.stem for source in sources.glob("*.md"))
    at = order.index(f"game_{FIRST.topic}")
    cases = [f"case_{case.name}" for case in check.cases_of(FIRST) if case.chapter == FIRST.notebook]
    assert order[at - 1 - len(cases) : at] == [FIRST.notebook, *cases]


def test_the_table_of_contents_leads_to_it(sources: Path, lang: str) -> None:
    row = next(line for line in contents.table(lang).splitlines() if f"]({FIRST.notebook}.ipynb)" in line)
    assert f"[{i18n._('Game')}](game_{FIRST.topic}.ipynb)" in row
    assert contents.table(lang).count("](game_") == len(list(sources.glob("game_*.md")))


def test_it_belongs_to_its_chapter(sources: Path) -> None:
    assert sources / f"game_{FIRST.topic}.md" in check.sources(FIRST)


def test_every_notebook_of_a_game_is_about_a_game_there_is() -> None:
    found = {source.stem.removeprefix(contents.GAME) for source in contents.games("*")}
    assert found <= set(game_names())


def test_the_tiers_are_cut_where_the_page_says() -> None:
    text = (build.SOURCES / "game_company.md").read_text("utf-8")
    assert "前 15%、其次 35%、其余一半的客户" in text
    assert "the first 15% of accounts, the next 35%, the other half" in text
    assert TIER_ENDS == (0.15, 0.15 + 0.35)

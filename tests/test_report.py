"""From playing to a report: what the explorer's button does, with a real rerun."""

import asyncio
import base64
import re
from collections.abc import Iterator
from typing import Any

import pytest

from crmlib.chapters.tiers.explorers import explore
from crmlib.chapters.tiers.models.tiers import STUDY
from crmlib.core.errors import UserError
from crmlib.core.i18n import speaking
from crmlib.core.paths import CASEBOOK, ROOT
from crmlib.explorer.base import Explorer

NAME = "test-of-the-report"


@pytest.fixture(scope="module")
def reported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Explorer[Any, Any, Any]]:
    """An explorer whose button has made a report, with no npm to fetch a smaller plotly.js with.

    What it leaves in the user's own folders is taken away.
    """
    with pytest.MonkeyPatch.context() as patch, speaking("en"):
        patch.setenv("PATH", str(tmp_path_factory.mktemp("empty")))
        explorer = explore()
        explorer.set(gold_from=90, lgd=0.6)
        tools = explorer.scenarios
        assert tools
        tools.name.value = NAME
        tools.why.value = "A story"
        tools.save.click()
        asyncio.run(tools._report())
    yield explorer
    (CASEBOOK / "bank_tiers" / "mine" / f"{NAME}.yaml").unlink(missing_ok=True)
    for page in (ROOT / "out").glob(f"bank_tiers-{NAME}-*.html"):
        page.unlink()


def test_a_report_shows_the_figures_of_the_explorer(reported: Explorer[Any, Any, Any], english: None) -> None:
    shown = (ROOT / "out" / f"bank_tiers-{NAME}-en.html").read_text(encoding="utf-8")
    figures = STUDY.headline(reported.result)
    for key, measure in STUDY.measures.items():
        assert f"<td>{measure.shown(figures[key])}</td>" in shown
    assert ">→ 90</td>" in shown


def test_the_report_can_be_saved_by_a_link_that_holds_it(reported: Explorer[Any, Any, Any]) -> None:
    assert reported.scenarios
    said = reported.scenarios.said.value
    link = re.search(r'download="(.*?)" href="data:text/html;base64,(.*?)">Save the report<', said)
    assert link and link[1] == f"bank_tiers-{NAME}-en.html"
    page = base64.b64decode(link[2]).decode()
    assert page == (ROOT / "out" / link[1]).read_text("utf-8") and "A story" in page


def test_a_name_that_is_refused_makes_no_report(english: None) -> None:
    before = list((ROOT / "out").glob("*"))
    with pytest.raises(UserError, match="cannot name a scenario"):
        asyncio.run(explore().report("../x"))
    assert list((ROOT / "out").glob("*")) == before


def test_a_report_is_not_kept_waiting_for_npm(monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    """The page is there in seconds, with the whole plotly.js where no smaller one was made before."""
    asked: list[tuple[str, ...]] = []

    async def begun(*words: str, **_more: object) -> None:
        asked.append(words)
        raise OSError("not now")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", begun)
    monkeypatch.setattr(Explorer, "save", lambda _self, _name: "")
    with pytest.raises(OSError, match="not now"):
        asyncio.run(explore().report(NAME))
    assert "--no-npm" in asked[0]

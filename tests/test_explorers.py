"""What an explorer says and keeps, tried on one study; what holds for every one is in test_every_explorer."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest
from moved import AnyExplorer, explore, move, opened, picture, press, problems, tool

from crmlib import casebook
from crmlib.chapters.tiers.models.tiers import TierPolicy
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import UNATTENDED
from crmlib.core.study import Measure
from crmlib.support import memory
from crmlib.support.mime import PLOTLY_MIME
from crmlib.tables.data import load

CHINESE = re.compile("[一-鿿]")


@pytest.fixture
def fresh(english: None) -> Callable[[str], AnyExplorer]:
    def take(topic: str) -> AnyExplorer:
        opened(topic).reset()
        return opened(topic)

    return take


# Moving a control -----------------------------------------------------------------------------------------------------


def test_a_change_is_the_difference_of_what_is_shown() -> None:
    """63,036.6 and 84,049.4 are shown as 63,037 and 84,049: the reader sees 21,012, not 21,013 more."""
    i18n.use("en")
    m = Measure("Loss")
    assert m.change(63_036.6, 84_049.4) == "(was 63,037, +21,012)"
    assert m.change(58_452_738, 14_705_153) == "(−43,747,585)", "there is no room for more"
    assert m.change(2.0, 1.0) == "(was 2, −1)"
    assert m.change(1.1, 1.2) == m.change(float("nan"), float("nan")) == ""
    assert m.change(float("nan"), 1.0) == "(was –)"
    i18n.use("zh")
    assert m.change(58_452_738, 14_705_153) == "（−43,747,585）"
    i18n._chosen = None


def test_tables_are_worked_out_where_they_are_open(english: None) -> None:
    explorer = explore("pareto")
    frame = explorer.children[1].children[1]
    assert explorer.board.tables == {}
    press(frame, opened=[1])
    assert set(explorer.board.tables) == {"1"}
    before = explorer.board.tables["1"]
    move(explorer.controls["a_share"], 60)
    assert explorer.board.tables["1"] != before
    press(frame, opened=[])
    assert explorer.board.tables == {}


# Refusing -------------------------------------------------------------------------------------------------------------


def test_only_one_line_stands_under_a_control_however_often_it_is_refused(fresh: Callable[[str], AnyExplorer]) -> None:
    explorer = fresh("bank_tiers")
    for value in (90.0, 91.0, 92.5):
        move(explorer.controls["key_from"], value)
        assert len(explorer._boxes["key_from"].children) == 2
        assert f"{value:g}" in problems(explorer)["key_from"]
    move(explorer.controls["gold_from"], 95.0)
    assert problems(explorer) == {}, "mended by moving the other control"
    assert explorer.inputs.changes() == {"gold_from": 95.0, "key_from": 92.5}


def test_set_mends_what_a_control_refuses(fresh: Callable[[str], AnyExplorer]) -> None:
    explorer = fresh("bank_tiers")
    move(explorer.controls["key_from"], 90.0)
    explorer.set(lgd=0.5)
    assert problems(explorer) == {}
    assert explorer.inputs.changes() == {"lgd": 0.5}
    assert explorer.controls["key_from"].value == 75


def test_what_the_data_do_not_bear_is_said_and_the_picture_stays(lang: str) -> None:
    loans = load("bank_loans").assign(deposits=0.0)
    explorer = explore("pareto", loans)
    good = picture(explorer)
    move(explorer.controls["by"], "deposits")
    assert picture(explorer) | {"remarks": []} == good
    (remark,) = explorer.board.remarks
    assert "deposits" in remark and bool(CHINESE.search(remark)) == (lang == "zh")
    assert explorer.inputs.by == "income"
    move(explorer.controls["by"], "income")
    assert picture(explorer) == good
    with pytest.raises(UserError):
        explorer.set(by="deposits")
    assert explorer.controls["by"].value == "income"


# Reset, textbook, scenarios -------------------------------------------------------------------------------------------


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the bank case in which a test may save."""
    for file in (casebook.CASEBOOK / "bank_tiers").rglob("*"):
        if file.is_file() and file.parent.name != "mine":
            copy = tmp_path / "casebook" / file.relative_to(casebook.CASEBOOK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    return tmp_path / "casebook" / "bank_tiers" / "mine"


def test_a_scenario_can_be_chosen_again_after_a_reset(workplace: Path, english: None) -> None:
    explorer = explore("bank_tiers")
    for back in ("Reset", "Textbook case"):
        move(tool(explorer, w.Dropdown), "tightening")
        assert explorer.inputs.gold_from == 90
        tool(explorer, w.Button, back).click()
        assert tool(explorer, w.Dropdown).value == ("base" if back == "Reset" else None)
        assert explorer.inputs.gold_from == 85
    explorer = explore("bank_tiers", lgd=0.5)
    assert tool(explorer, w.Dropdown).value is None
    move(tool(explorer, w.Dropdown), "base")
    assert explorer.inputs == TierPolicy()


def test_what_would_be_lost_is_asked_about_first(workplace: Path, lang: str) -> None:
    explorer = explore("bank_tiers")
    scenarios, kept = explorer.scenarios, casebook.case("bank_tiers")

    def save(**inputs: Any) -> None:
        explorer.set(**inputs)
        scenarios.name.value, scenarios.why.value = "mine", "Why <b>not</b>"
        scenarios.save.click()

    save(gold_from=88)
    assert scenarios.question.children == () and str(kept.scenario("mine").why) == "Why <b>not</b>"
    save(gold_from=90)
    assert "mine" in scenarios.said.value and kept.scenario("mine").inputs == {"gold_from": 88}
    scenarios.leave.click()
    assert kept.scenario("mine").inputs == {"gold_from": 88} and scenarios.question.children == ()
    save(gold_from=90)
    scenarios.agree.click()
    assert kept.scenario("mine").inputs == {"gold_from": 90} and scenarios.question.children == ()
    scenarios.name.value = "other"
    scenarios.rename.click()
    assert scenarios.choice.value == "other" and "mine" not in kept.scenarios
    scenarios.delete.click()
    assert "other" in kept.scenarios, "not before it is agreed to"
    scenarios.agree.click()
    assert "other" not in kept.scenarios and list(workplace.iterdir()) == []


def test_what_comes_with_the_case_is_neither_renamed_nor_deleted(workplace: Path, english: None) -> None:
    scenarios = explore("bank_tiers").scenarios
    move(scenarios.choice, "tightening")
    assert scenarios.rename.disabled and scenarios.delete.disabled


@pytest.mark.parametrize("name", ["", "base", "../x", "<b>x</b>"])
def test_a_name_that_cannot_be_saved_is_refused_in_a_line(workplace: Path, lang: str, name: str) -> None:
    explorer = explore("bank_tiers")
    tool(explorer, w.Text).value = name
    tool(explorer, w.Button, i18n._("Save scenario")).click()
    said = explorer.scenarios.said.value
    assert 'role="alert"' in said and "<b>" not in said
    assert bool(CHINESE.search(said)) == (lang == "zh")
    assert not workplace.exists()


def test_a_damaged_scenario_of_ones_own_is_said_and_the_others_stay(workplace: Path, lang: str) -> None:
    workplace.mkdir()
    (workplace / "broken.yaml").write_text("name: [", "utf-8")
    other = "name: other\ntitle: {zh: <b>一</b>, en: <b>one</b>}\ninputs: {lgd: 7}\n"
    (workplace / "other.yaml").write_text(other, "utf-8")
    explorer = explore("bank_tiers")
    said = explorer.scenarios.said
    assert "broken.yaml" in said.value
    good = picture(explorer)
    move(tool(explorer, w.Dropdown), "other")
    assert "lgd" in said.value and "7" in said.value
    assert picture(explorer) == good and explorer.inputs == TierPolicy()
    move(tool(explorer, w.Dropdown), "tightening")
    assert explorer.inputs.gold_from == 90
    assert "lgd" not in said.value


# What was chosen last time --------------------------------------------------------------------------------------------


@pytest.fixture
def attended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody looks on, and what they do is kept."""
    for name in UNATTENDED:
        monkeypatch.delenv(name)


def test_what_code_sets_is_neither_kept_nor_overridden(attended: None, english: None) -> None:
    explore("bank_tiers").set(lgd=0.6)
    assert explore("bank_tiers").inputs == TierPolicy()
    move(explore("bank_tiers").controls["lgd"], 0.6)
    assert explore("bank_tiers", gold_from=90).inputs == TierPolicy(gold_from=90)


@pytest.mark.parametrize("junk", [["lgd"], {"lgd": 7}, {"gone": 1}, {"lgd": "x"}, {"measure": "x"}])
def test_what_no_longer_holds_is_not_taken_up(attended: None, english: None, junk: Any) -> None:
    memory.remember("explorer.bank_tiers", junk)
    assert explore("bank_tiers").inputs == TierPolicy()


def test_with_nobody_looking_on_nothing_is_kept(english: None) -> None:
    move(explore("bank_tiers").controls["lgd"], 0.6)
    assert not memory.memory_file().exists() and explore("bank_tiers").inputs == TierPolicy()


# What the page gets ---------------------------------------------------------------------------------------------------


def test_the_still_figure_is_the_present_one(fresh: Callable[[str], AnyExplorer]) -> None:
    explorer = fresh("bank_tiers")
    before = explorer._repr_mimebundle_()[PLOTLY_MIME]
    explorer.set(gold_from=95)
    assert explorer._repr_mimebundle_()[PLOTLY_MIME] != before


def test_remarks_say_which_weights_are_used(lang: str) -> None:
    explorer = explore("bank_tiers", size_weight=0)
    assert explorer.board.remarks == explorer.inputs.remarks() != []
    assert "0.80" in explorer.board.remarks[0]
    explorer.textbook()
    assert explorer.board.remarks == []


def test_a_refusal_is_shown_as_text(fresh: Callable[[str], AnyExplorer]) -> None:
    explorer = fresh("bank_tiers")
    explorer._refuse({"lgd": "<img src=x onerror=alert(1)>"})
    assert "<img" not in problems(explorer)["lgd"]
    explorer._refuse({})

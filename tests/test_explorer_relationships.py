"""Does the explorer of relationship types show what the model says, and keep its picture when an input is refused?"""

import json
from pathlib import Path
from typing import Any

import pytest

from crmlib import casebook
from crmlib.chapters.relationships.explorers import explore
from crmlib.chapters.relationships.models import relationships as model
from crmlib.data import load
from crmlib.errors import InputError
from crmlib.paths import CASEBOOK

OTHER: dict[str, Any] = {
    "many_from": 60, "medium_from": 12, "high_margin": 60, "medium_margin": 15, "boundary": "lower",
    "many_low": "reactive", "budget": 2000, "cost_per_hour": 400, "reactive_hours": 5, "accountable_hours": 12,
    "proactive_hours": 40, "partnership_hours": 200, "manager_hours": 800, "cost_years": "once",
    "reactive_effect": 0.12, "accountable_effect": 0.25, "proactive_effect": 0.4, "partnership_effect": 0.6,
    "price_damping": 0.7, "discount": 0.06, "first_margin": "now", "margin_fall": 20, "growth_counted": 0.5,
    "largest": 5, "unusual_growth": 25,
}  # fmt: skip


def test_each_control_moves_the_picture_to_what_the_model_says(lang: str) -> None:
    explorer, accounts = explore(), model.prepare(load("accounts"))
    for name, value in OTHER.items():
        explorer.controls[name].value = value
        expected = model.headline(model.plan(accounts, model.ServicePlan(**{name: value})))
        assert model.headline(explorer.result) == expected, name
        explorer.reset()
    assert set(OTHER) == {s.name for s in model.ServicePlan.settings()}


def test_the_view_changes_the_picture_and_no_figure() -> None:
    explorer = explore()
    before, drawn = model.headline(explorer.result), explorer.charts[0].spec
    explorer.set(measure="hours")
    assert model.headline(explorer.result) == before and explorer.charts[0].spec != drawn


def test_a_refused_input_keeps_the_last_good_picture(lang: str) -> None:
    explorer = explore()
    figures, inputs = explorer.board.figures, explorer.inputs
    explorer.controls["accountable_hours"].value = 2
    assert (explorer.board.figures, explorer.inputs) == (figures, inputs)
    assert len(explorer._boxes["accountable_hours"].children) == 2
    explorer.controls["accountable_hours"].value = 10
    assert len(explorer._boxes["accountable_hours"].children) == 1
    with pytest.raises(InputError):
        explorer.set(many_from=10)
    assert explorer.inputs == inputs


def test_reset_and_the_textbook_case() -> None:
    explorer = explore(budget=1000)
    explorer.textbook()
    assert explorer.inputs == model.ServicePlan(**model.STUDY.textbook)
    explorer.reset()
    assert explorer.inputs == model.ServicePlan(budget=1000)


def test_own_accounts_are_explored_like_the_shipped_ones() -> None:
    explorer = explore(load("accounts").head(7), budget=100)
    assert explorer.result.mix.hours <= 100 and len(explorer.result.mix.level) == 7


def test_what_goes_to_the_browser_is_small_and_plain() -> None:
    explorer = explore()
    sent = json.dumps(explorer.board.figures, allow_nan=False)
    assert len(sent) < 15_000
    assert len(explorer.charts) == 4


def test_a_saved_scenario_reads_back_as_the_same_inputs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (CASEBOOK / "relationships").rglob("*"):
        if file.is_file() and file.parent.name != "mine":
            copy = tmp_path / "casebook" / file.relative_to(CASEBOOK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    explorer = explore()
    explorer.set(budget=2000, margin_fall=10)
    assert explorer.save("lean") == "crm rerun relationships --scenario lean"
    saved = casebook.case("relationships").scenario("lean")
    assert saved.inputs == {"budget": 2000, "margin_fall": 10}
    assert model.ServicePlan(**saved.inputs) == explorer.inputs

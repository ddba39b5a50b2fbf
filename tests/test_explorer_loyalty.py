"""Does the explorer of loyalty answer each control as the model would, and keep its picture when refused?"""

from pathlib import Path

import pytest

from crmlib import casebook
from crmlib.chapters.loyalty.charts import loyalty as charts
from crmlib.chapters.loyalty.explorers import explore
from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.errors import InputError
from crmlib.paths import CASEBOOK

OTHER = {
    "wave": "first", "wallet_from": "orders", "satisfaction": "difference", "attribute_weights": "derived",
    "repeat_weight": 0.4, "rivals_weight": 0.4, "recommend_weight": 0.4, "choosing_weight": 0.4, "wallet_weight": 0.4,
    "feeling_weight": 0.4, "tolerance_weight": 0.4, "length_weight": 0.4, "min_indicators": 7, "scale": "range",
    "loyal_from": 50.0, "attitude_cut": 70.0, "behaviour_cut": 70.0,
}  # fmt: skip


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the case in which a test may write."""
    for file in (CASEBOOK / "loyalty").rglob("*"):
        if file.is_file() and file.parent.name != "mine":
            copy = tmp_path / "casebook" / file.relative_to(CASEBOOK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    return tmp_path / "casebook" / "loyalty"


def test_every_input_has_a_control_that_is_tried_here() -> None:
    assert set(OTHER) == {s.name for s in model.LoyaltyPolicy.settings()}


def test_each_control_gives_what_the_model_gives(lang: str) -> None:
    explorer = explore()
    for name, value in OTHER.items():
        explorer.controls[name].value = value
        direct = model.measure(explorer.prepared, model.LoyaltyPolicy(**{name: value}))  # type: ignore[arg-type]
        assert model.headline(explorer.result) == model.headline(direct), name
        assert [c.title() for c in explorer.charts][:1] == [charts.satisfied_and_loyal(direct).title()]
        explorer.reset()


def test_each_input_moves_a_picture_or_a_figure() -> None:
    explorer = explore()
    first = [dict(c.spec) for c in explorer.charts], explorer.board.facts
    for name, value in OTHER.items():
        explorer.set(**{name: value})
        assert ([dict(c.spec) for c in explorer.charts], explorer.board.facts) != first, name
        explorer.reset()
    assert ([dict(c.spec) for c in explorer.charts], explorer.board.facts) == first


def test_the_view_changes_the_curve_and_no_figure() -> None:
    explorer = explore()
    facts, before = explorer.board.facts, dict(explorer.charts[3].spec)
    explorer.controls["curve_of"].value = "index"
    assert explorer.charts[3].spec != before and explorer.board.facts == facts
    explorer.controls["first"].value = "distribution"
    assert explorer.charts[0].spec == charts.distribution(explorer.result).spec


def test_a_refused_input_keeps_the_last_good_picture(lang: str) -> None:
    explorer = explore(wallet_weight=0.0, min_indicators=7)
    before = explorer.board.figures
    explorer.controls["length_weight"].value = 0.0
    assert explorer.board.figures == before
    assert len(explorer._boxes["min_indicators"].children) == 2
    explorer.controls["min_indicators"].value = 6
    assert len(explorer._boxes["min_indicators"].children) == 1
    assert explorer.inputs.length_weight == 0


def test_set_refuses_as_a_whole() -> None:
    explorer = explore()
    with pytest.raises(InputError):
        explorer.set(loyal_from=70, wave="middle")
    assert explorer.inputs == model.LoyaltyPolicy()


def test_the_textbook_case_weighs_all_eight_alike() -> None:
    explorer = explore()
    explorer.textbook()
    assert set(explorer.inputs.weights().round(9)) == {0.125}
    assert explorer.board.remarks


def test_a_saved_scenario_reads_back(workplace: Path) -> None:
    explorer = explore()
    explorer.set(loyal_from=66.0, satisfaction="difference")
    assert explorer.save("mine") == "crm rerun loyalty --scenario mine"
    assert casebook.case("loyalty").scenario("mine").inputs == {"loyal_from": 66.0, "satisfaction": "difference"}


def test_ones_own_data_belong_to_no_case() -> None:
    explorer = explore()
    from crmlib.data import load

    own = explore(load("loyalty_customers").head(200), load("loyalty_orders"))
    assert (explorer.case, own.case) == ("loyalty", None)

"""Do the explorers answer each control as the models would, and does a table of one's own feed one or say why not?"""

import json
import re
from pathlib import Path

import pytest

from crmlib import casebook
from crmlib.chapters.distributors import explorers, pasted
from crmlib.chapters.distributors.charts import distributors as charts
from crmlib.chapters.distributors.models import discounts, motivation
from crmlib.chapters.distributors.models import distributors as model
from crmlib.errors import InputError
from crmlib.paths import CASEBOOK

OTHER = {
    "panel": "head_office", "weights_from": "entropy", "method": "topsis", "normalisation": "range",
    "ahp_weights": "column_mean", "random_index": "alonso_lamata",
    **{f"{code}_weight": 40.0 for code in model.FACTORS}, **{f"{code}_min": 70.0 for code in model.FACTORS},
}  # fmt: skip
CALLED_BY = {"normalisation": {"method": "topsis"}, "ahp_weights": {"weights_from": "ahp"}}
"""Inputs that may move nothing until another one calls for them."""
SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the case in which a test may write."""
    for file in (CASEBOOK / "distributors").rglob("*"):
        if file.is_file() and file.parent.name != "mine":
            copy = tmp_path / "casebook" / file.relative_to(CASEBOOK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    return tmp_path / "casebook" / "distributors"


# The explorer of the case ---------------------------------------------------------------------------------------------


def test_every_input_has_a_control_that_is_tried_here() -> None:
    assert set(OTHER) == {s.name for s in model.DistributorRule.settings()}


def test_each_control_gives_what_the_model_gives(lang: str) -> None:
    explorer = explorers.explore()
    for name, value in OTHER.items():
        explorer.controls[name].value = value
        direct = model.choose(explorer.prepared, model.DistributorRule(**{name: value}))  # type: ignore[arg-type]
        assert model.headline(explorer.result) == model.headline(direct), name
        assert explorer.charts[0].title() == charts.ranking(direct).title()
        explorer.reset()


def test_each_input_moves_a_picture_or_a_figure(english: None) -> None:
    explorer = explorers.explore()
    first = [dict(c.spec) for c in explorer.charts], explorer.board.facts
    for name, value in OTHER.items():
        explorer.set(**CALLED_BY.get(name, {}))
        before = [dict(c.spec) for c in explorer.charts], explorer.board.facts
        explorer.set(**{name: value})
        assert ([dict(c.spec) for c in explorer.charts], explorer.board.facts) != before, name
        explorer.reset()
    assert ([dict(c.spec) for c in explorer.charts], explorer.board.facts) == first


def test_what_the_result_has_to_say_stands_above_the_pictures(english: None) -> None:
    explorer = explorers.explore()
    assert explorer.board.remarks == []
    explorer.set(willingness_min=60, coverage_weight=30)
    assert explorer.board.remarks == [
        "The weights add up to 110; each is divided by this sum.",
        "Hengyuan Trading is knocked out by: willingness.",
    ]
    explorer.set(coverage_min=100)
    assert explorer.board.remarks[-1] == "Everybody is knocked out: there is no winner. Lower a minimum."


def test_weights_of_zero_are_refused_and_the_picture_stays(english: None) -> None:
    explorer = explorers.explore()
    before = explorer.board.figures
    with pytest.raises(InputError):
        explorer.set(**{f"{code}_weight": 0 for code in model.FACTORS})
    for code in model.FACTORS:
        explorer.controls[f"{code}_weight"].value = 0
    assert explorer.inputs.promotion_weight == 10
    assert any(
        "All weights are zero" in box.children[1].value for box in explorer._boxes.values() if len(box.children) > 1
    )
    explorer.reset()
    assert explorer.board.figures == before


def test_textbook_weighs_all_factors_alike(english: None) -> None:
    explorer = explorers.explore()
    explorer.textbook()
    assert len(set(explorer.inputs.raw_weights())) == 1


def test_a_scenario_is_saved_and_read_back(workplace: Path, english: None) -> None:
    explorer = explorers.explore()
    explorer.set(panel="head_office", finances_min=60)
    assert explorer.save("strict") == "crm rerun distributors --scenario strict"
    assert casebook.case("distributors").scenario("strict").inputs == {"panel": "head_office", "finances_min": 60}


def test_scores_of_ones_own_belong_to_no_case() -> None:
    assert explorers.explore(explorers.load("distributors")).case is None
    assert explorers.explore().case == "distributors"


# A table of one's own -------------------------------------------------------------------------------------------------


def own(table: str) -> explorers.OwnTable:
    made = explorers.own_table()
    made.paste(table)
    return made


@pytest.mark.parametrize("separator", ["\t", ",", ";", "，", "；"])
def test_any_separator_is_understood(separator: str, english: None) -> None:
    made = own("room\trent\tlight\nweight\t3\t1\nA\t80\t60\nB\t50\t90".replace("\t", separator))
    assert made.problems == []
    assert made.explorer is not None and made.explorer.result.total.tolist() == [75, 60]


def test_the_example_is_the_case_and_feeds_itself(lang: str) -> None:
    made = explorers.own_table()
    assert made.problems == [] and made.explorer is not None
    assert made.explorer.result.slate.factors == tuple(explorers._(f) for f in model.FACTORS.values())
    assert made.explorer.result.raw.tolist() == [20, 15, 10, 15, 10, 15, 5, 10]


def test_without_a_row_of_weights_all_weigh_the_same(english: None) -> None:
    made = own("x,a,b,c\nA,1,2,3\nB,3,2,2")
    assert made.explorer is not None and made.explorer.result.weights == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("", ["There is no table yet: write or paste one, the factors in the first row."]),
        ("a", ["Row 1 names no factor: cells are separated by tabs, semicolons or commas.", "There is no candidate"]),
        ("x,a\nweight,1", ["There is no candidate below the first row."]),
        ("x,a,b\nA,1,-2", ["Row 2, column “b”: -2 is too small: 0 is the least allowed."]),
        ("x,a,b\nA,1,many", ["Row 2, column “b”: “many” is not a number"]),
        ("x,a,b\nA,1,", ["Row 2, column “b”: the value is missing."]),
        ("x,a,b\nA,1,1e9", ["Row 2, column “b”: 1e9 is too large: 1,000,000 is the most allowed."]),
        ("x,a,b\nA,1", ["Row 2 has 2 cells, but the header has 3.", "There is no candidate"]),
        ("x,a,a\nA,1,2", ["Row 1 names column “a” more than once."]),
        ("x,a,b\n,1,2", ["Row 2: the first cell must name the candidate."]),
        ("x,a,b\nA,1,2\nA,2,1", ["Rows 2, 3 name the same candidate “A”."]),
        ("x,a\nweight,0\nA,1", ["All weights are zero. Give at least one factor a weight."]),
        ("x,a\nweight,1\n权重,2\nA,1", ["There is more than one row of weights: rows 2, 3."]),
        ('x,a,b\n"A,1,2', ["Row 2: the cells cannot be told apart; check its quotation marks.", "There is no"]),
        (
            "x," + ",".join(map(str, range(21))) + "\nA" + ",1" * 21,
            ["There are 21 factors; at most 20 can be weighed."],
        ),
        ("x,a\n" + "\n".join(f"c{i},1" for i in range(61)), ["There are 61 candidates; at most 60 can be compared."]),
    ],
)
def test_a_mistake_is_said_in_one_sentence_and_the_last_good_picture_stays(
    table: str, said: list[str], english: None
) -> None:
    made = explorers.own_table("x,a,b\nA,80,60\nB,50,90")
    before = made.explorer
    found = made.paste(table)
    assert len(found) == len(said)
    for sentence, begins in zip(found, said, strict=True):
        assert sentence.startswith(begins)
    assert made.explorer is before and made.children[-1] is before
    assert 'role="alert"' in made._said.value
    made.paste("x,a,b\nA,80,60\nB,50,90")
    assert made._said.value == ""


def test_the_first_table_may_be_a_bad_one(lang: str) -> None:
    made = explorers.own_table("nothing")
    assert made.explorer is None and made.problems
    assert "text/plain" in made._repr_mimebundle_()
    assert made.paste(explorers.example()) == []
    assert made.explorer is not None


def test_names_from_a_table_are_shown_as_text(english: None) -> None:
    made = own(f"x,{SCRIPT},%{{y}}\n{SCRIPT},70,80\nB,60,90\n{SCRIPT}2,x,1")
    assert "<script" not in made._said.value and "&lt;script&gt;" in made._said.value
    made = own(f"x,{SCRIPT},%{{y}}\n{SCRIPT},70,80\nB,60,90")
    assert made.problems == [] and made.explorer is not None
    for chart in made.explorer.charts:
        assert "<script" not in json.dumps(chart.spec)  # plotly obeys text; the caption and the words beside it do not
        assert not any("%{y}" in str(t.get("hovertemplate")) for t in chart.spec["data"])
    assert not any(control.description_allow_html for control in made.explorer.controls.values())


@pytest.mark.parametrize(
    ("table", "title"),
    [
        ("x,a,b\nA,70,80", "A is the only candidate left and wins"),
        ("x,a,b\nA,7,7\nB,7,7", "Tie for the first place: A, B"),
        ("x,a,b\nA,0,0\nB,0,0", "Tie for the first place: A, B"),
    ],
)
def test_a_table_at_the_edge_is_drawn_with_a_clear_title(table: str, title: str, english: None) -> None:
    made = own(table)
    assert made.explorer is not None and made.explorer.charts[0].title() == title
    for chart in made.explorer.charts:
        json.dumps(chart.spec, allow_nan=False)
    assert not re.search(r"\bnan\b", made.explorer.summary().to_string())


def test_a_cell_of_the_grid_feeds_the_explorer(english: None) -> None:
    made = own("x,a,b\nweight,1,1\nA,80,60\nB,50,90")
    cells = made._grid.children[0].children
    assert [cell.value for cell in cells[:6]] == ["x", "a", "b", "weight", "1", "1"]
    cells[4].value = "3"
    assert made.explorer is not None and made.explorer.result.total.tolist() == [75, 60]
    cells[7].value = "many"
    assert made.problems and made.explorer.result.total.tolist() == [75, 60]
    assert made._grid.children[0].children is cells


def test_a_large_table_is_edited_as_text(english: None) -> None:
    made = own("x,a\n" + "\n".join(f"c{i},{i}" for i in range(40)))
    assert made._grid.children == () and made.problems == []
    assert made.explorer is not None and made.explorer.result.leaders == [39]


def test_ahp_is_refused_where_there_are_no_judgements(english: None) -> None:
    made = own("x,a,b\nA,80,60\nB,50,90")
    assert made.explorer is not None
    made.explorer.controls["weights_from"].value = "ahp"
    assert made.explorer.inputs.weights_from == "given"
    assert "no pairwise judgements" in made.explorer._boxes["weights_from"].children[1].value


def test_weights_given_as_shares_get_a_fine_slider(english: None) -> None:
    made = own("x,a,b\nweight,0.7,0.3\nA,80,60\nB,50,90")
    assert made.explorer is not None
    slider = made.explorer.controls["factor_1_weight"]
    assert (slider.max, slider.step, slider.value) == (1, 0.01, 0.7)


def test_text_and_cells_turn_into_each_other() -> None:
    cells = [["x", "a b"], ["A", "1"]]
    assert pasted.rows(pasted.text(cells)) == cells


# Ladder and discounts -------------------------------------------------------------------------------------------------

LADDER = {
    "step_1": 1360, "rate_1": 2.0, "step_2": 1500, "rate_2": 3.5, "step_3": 1750, "rate_3": 7.0, "paid_on": "excess",
    "price": 300.0, "maker_margin": 40.0, "holding": 4.0, "dumping": 3.0, "effort": 80.0, "capacity": 120.0,
    "service": 99.0,
}  # fmt: skip
TERMS = {
    "cases": 490, "list_price": 300.0, "quantity_from": 610, "quantity_rate": 5.0, "functional_rate": 10.0,
    "seasonal_rate": 5.0, "cash_rate": 3.0, "cash_days": 15, "net_days": 60, "year": "365", "compound": True,
    "takes_cash": False, "pickup_from": 610, "pickup_rate": 3.0,
}  # fmt: skip


def test_the_ladder_answers_every_control(lang: str) -> None:
    assert set(LADDER) == {s.name for s in motivation.LadderRule.settings()}
    explorer = explorers.explore_motivation()
    first = [dict(c.spec) for c in explorer.charts], explorer.board.facts
    for name, value in LADDER.items():
        explorer.controls[name].value = value
        direct = motivation.motivate(explorer.prepared, motivation.LadderRule(**{name: value}))  # type: ignore[arg-type]
        assert motivation.headline(explorer.result) == motivation.headline(direct), name
        assert ([dict(c.spec) for c in explorer.charts], explorer.board.facts) != first, name
        explorer.reset()


def test_steps_out_of_order_keep_the_last_good_picture(english: None) -> None:
    explorer = explorers.explore_motivation()
    before = explorer.board.figures
    explorer.controls["step_2"].value = 900
    assert explorer.board.figures == before
    assert "must be above the one before" in explorer._boxes["step_2"].children[1].value


def test_the_discounts_answer_every_control(lang: str) -> None:
    assert set(TERMS) == {s.name for s in discounts.DiscountTerms.settings()}
    explorer = explorers.explore_discounts()
    first = [dict(c.spec) for c in explorer.charts], explorer.board.facts
    for name, value in TERMS.items():
        explorer.controls[name].value = value
        direct = discounts.bill(None, discounts.DiscountTerms(**{name: value}))  # type: ignore[arg-type]
        assert discounts.headline(explorer.result) == discounts.headline(direct), name
        assert ([dict(c.spec) for c in explorer.charts], explorer.board.facts) != first, name
        explorer.reset()

"""Does the explorer say what its result has to say, and does a table of one's own feed one or say why not?"""

import json
import re

import pytest

from crmlib.chapters.distributors import explorers, pasted
from crmlib.chapters.distributors.models import distributors as model

SCRIPT = "<script>alert(1)</script>"


# The explorer of the case ---------------------------------------------------------------------------------------------


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


def test_textbook_weighs_all_factors_alike(english: None) -> None:
    explorer = explorers.explore()
    explorer.textbook()
    assert len(set(explorer.inputs.raw_weights())) == 1


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
    assert made.explorer.result.candidates.factors == tuple(explorers._(f) for f in model.FACTORS.values())
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

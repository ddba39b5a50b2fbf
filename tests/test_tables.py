"""One way to show a table: one head, none of it empty, words to the left, figures to the right and separated."""

import re

import nbformat
import numpy as np
import pandas as pd
import pytest

from crmlib.core.paths import NOTEBOOKS
from crmlib.support.html_table import ENDS, MANY, html, shown

BUILT = sorted(NOTEBOOKS.glob("??/*.ipynb"))


def cells(table: str) -> list[list[str]]:
    rows = re.findall(r"<tr>.*?</tr>", table, re.DOTALL)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_table_has_one_head_with_scopes_and_no_empty_one(english: None) -> None:
    named = pd.DataFrame({"a": [1, 2]}, index=pd.Index(["x", "y"], name="Name"))
    assert cells(html(named)) == [["Name", "a"], ["x", "1"], ["y", "2"]]
    assert html(named).count('scope="col"') == 2 and html(named).count('scope="row"') == 2
    assert cells(html(named.rename_axis(None)))[0] == ["", "a"]
    crossed = named.rename_axis(columns="to")
    for table in (named, named.rename_axis(None), crossed, named.reset_index(), named.set_axis([""], axis=1)):
        assert not re.search(r"<th[^>]*></th>", html(table))
    assert cells(html(crossed))[0] == ["Name \\ to", "a"]
    assert cells(html(named.reset_index()))[1] == ["x", "1"], "an index that only counts is not shown"


def test_figures_are_separated_and_years_are_not(english: None) -> None:
    frame = pd.DataFrame(
        {
            "whole": [232557, 13],
            "floats": [13938.0, 1.0],
            "mixed": [0.5, 1234.25],
            "year": [2023, 2024],
            "gap": [np.nan, 4.0],
            "flag": [True, False],
            "day": pd.to_datetime(["2024-12-31", None]),
            "any": [["a", "b"], None],
        }
    )
    assert cells(html(frame))[1:] == [
        ["232,557", "13,938", "0.50", "2023", "–", "yes", "2024-12-31", "a, b"],
        ["13", "1", "1,234.25", "2024", "4", "no", "–", "–"],
    ]
    assert [shown(value) for value in (0.6, 90.0, 1e6, np.float64(0.0035), np.bool_(True))] == [
        "0.6", "90", "1,000,000", "0.0035", "yes",
    ]  # fmt: skip


def test_words_stand_left_and_figures_right(lang: str) -> None:
    frame = pd.DataFrame({"words": ["a", "b"], "texts of figures": ["1,234", "–"], "share": ["7%", "–"]})
    (first, second, third) = re.findall(r"<td([^>]*)>", html(frame))[:3]
    assert "left" in first and not second and not third
    assert re.findall(r'<th scope="col" style="text-align: (\w+)', html(frame)) == ["left", "right", "right"]


def test_text_is_escaped_and_its_lines_stay_lines() -> None:
    table = html(pd.DataFrame({"<i>": ["<script>\nx"]}), caption="<b>")
    assert "<script" not in table and "<i>" not in table and "<b>" not in table
    assert "&lt;script&gt;<br>x" in table and "<caption>&lt;b&gt;</caption>" in table


def test_of_a_long_table_the_ends_are_shown_and_how_many_rows_there_are(english: None) -> None:
    long = html(pd.DataFrame({"n": range(MANY + 1)}))
    assert len(cells(long)) == 1 + 2 * ENDS + 2
    assert f"{MANY + 1} rows in all" in long
    assert len(cells(html(pd.DataFrame({"n": range(MANY)})))) == 1 + MANY


@pytest.mark.parametrize("path", BUILT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_notebooks_show_tables_in_no_other_way(path: object) -> None:
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            shown = output.get("data", {}).get("text/html", "")
            assert 'class="dataframe"' not in shown
            assert not re.search(r"<th[^>]*>\s*</th>", shown)

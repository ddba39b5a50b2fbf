"""What notebooks show are a reader's words: no Python in them, thousands separated, per cent written in one way."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.core.paths import DATA, NOTEBOOKS
from crmlib.game.decisions import Decisions
from crmlib.reruns import rerun as runs
from crmlib.reruns.page import colophon, page
from crmlib.support.html_table import html
from crmlib.support.mime import PLOTLY_MIME
from crmlib.tables import dictionary
from crmlib.tables.data import categories, describe, load, readable

BUILT = sorted(NOTEBOOKS.glob("??/*.ipynb"))
NAMES = {s.name for study in STUDIES.values() for s in study.inputs.settings()}
NAMES |= {s.name for s in Decisions.settings()}
NAMES |= {column for path in DATA.glob("*.yaml") for column in dictionary.dictionary(path.stem).columns}
CODES = {
    code
    for path in DATA.glob("*.yaml")
    for column in dictionary.dictionary(path.stem).columns.values()
    for code in column.categories
} | {choice for study in STUDIES.values() for s in study.inputs.settings() for choice in s.choices}
LEFTOVERS = {
    "a list or a dict": re.compile(r"""[\[{]\s*['"]|['"]\s*[\]}]|\{[a-z_]+\}"""),
    "a constant of Python": re.compile(r"\bTrue\b(?! loyalty| or false)|\b(False|None|nan|NaN|NaT|inf)\b|<NA>"),
    "a type": re.compile(r"\bdtype\b|\bobject at 0x|<class |np\.\w+\("),
    "no separator of thousands": re.compile(
        r"(?<![\d.,A-Za-z\-–/])(?!(?:19|2[0-2])\d\d(?!\d))[1-9]\d{3,}(?![\d\-–])"  # pages 1203–1248 have none
    ),
    "a space before %": re.compile(r"\d\s%"),
    "a name of the code": re.compile(r"(?<![\w./-])[a-z]+_[a-z_]+(?![\w.]*\.(?:ipynb|csv|yaml|html))"),
}


def texts(output: Any) -> Iterator[str]:
    """Yield what a reader sees of an output, each cell of a table for itself."""
    data = output.get("data", {"text/plain": output.get("text", "")})
    if PLOTLY_MIME in data:
        layout = data[PLOTLY_MIME]["layout"]
        yield str(layout["title"]["text"])
        yield str(data["text/plain"])
    elif "text/html" in data:
        for part in re.split(r"</?(?:t[dhr]|p|li|summary|caption|details)\b[^>]*>|<br>", data["text/html"]):
            yield unescape(re.sub(r"<[^>]*>", "", part)).strip()
    else:
        yield str(data.get("text/markdown") or data.get("text/plain") or "")


def shown() -> Iterator[tuple[str, str]]:
    for path in BUILT:
        for number, cell in enumerate(nbformat.read(path, as_version=4).cells):
            for output in cell.get("outputs", []):
                for text in texts(output):
                    if text:
                        yield f"{path.parent.name}/{path.stem} {number}", text


@pytest.mark.parametrize("what", LEFTOVERS)
def test_no_output_shows_a_reader_what_only_a_programmer_reads(what: str) -> None:
    explained = tuple(f"{code} = " for code in CODES)  # a data dictionary says what a code stands for
    odd = ((where, text) for where, text in shown() if LEFTOVERS[what].search(text))
    found = [(where, text) for where, text in odd if text not in NAMES and not text.startswith(explained)]
    assert found == []


@pytest.mark.parametrize("case", casebook.cases())
def test_no_page_shows_a_reader_what_only_a_programmer_reads(case: str, lang: str) -> None:
    agreed = runs.plan_rerun(case, lang)
    notebook = nbformat.read(NOTEBOOKS / lang / f"case_{case}.ipynb", as_version=4)
    html = page(notebook, agreed.heading(), lang, colophon(agreed.inputs, agreed.sources()), agreed.chosen.title)
    body = re.sub(r"<(script|style)\b.*?</\1>", "", html[html.index("<body>") :], flags=re.DOTALL)
    sources = agreed.sources()  # a seed is a number without separators
    for text in (unescape(part).strip() for part in re.split(r"<[^>]*>", body)):
        for what, pattern in LEFTOVERS.items():
            named = what == "a name of the code" and text in NAMES
            assert named or text in sources or not pattern.search(text), (what, text)


def columns(output: Any) -> Iterator[list[str]]:
    """Yield the columns of the tables of an output, without their heads."""
    for table in re.findall(r"<tbody>.*?</tbody>", output.get("data", {}).get("text/html", ""), re.DOTALL):
        rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr.*?</tr>", table)]
        yield from (list(column) for column in zip(*rows, strict=False))


@pytest.mark.parametrize("path", BUILT, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_column_of_whole_numbers_shows_decimals(path: Path) -> None:
    for cell in nbformat.read(path, as_version=4).cells:
        for output in cell.get("outputs", []):
            for column in columns(output):
                whole = all(re.fullmatch(r"[\d,]+\.0+", value) for value in column)
                assert not (whole and any(len(value) > 4 for value in column)), cell.source


def test_chinese_notebooks_show_no_code_of_a_category_or_choice() -> None:
    found = [
        (where, text) for where, text in shown() if where.startswith("zh/") and text in CODES - NAMES and text.isalpha()
    ]
    assert found == []


def test_rows_of_a_data_set_are_shown_in_words(lang: str) -> None:
    scores = load("distributors")
    table = html(readable("distributors", scores.head(2)))
    assert "sales_director" not in table and "False" not in table and "relative" not in table.casefold().split(">")
    assert categories("distributors", "scorer")["sales_director"] in table


def test_a_data_dictionary_names_each_code_once_and_on_a_line_of_its_own(english: None) -> None:
    values = describe("bank_loans").loc["industry", "Values"].split("\n")
    assert len(values) == len(categories("bank_loans", "industry"))
    assert not [value for value in values for code, _is, text in [value.partition(" = ")] if code == text.lower()]


def test_a_unit_that_the_label_names_is_not_said_twice(english: None) -> None:
    titles = [m.title() for study in STUDIES.values() for m in study.measures.values()]
    assert "Gold firms" in titles and "Expected loss (10,000 yuan)" in titles
    for title in titles:
        label, _bracket, unit = title.removesuffix(")").partition(" (")
        assert not unit or unit.lower() not in label.lower().split()

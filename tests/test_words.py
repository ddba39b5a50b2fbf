"""What notebooks show are a reader's words: no Python in them, thousands separated, per cent written in one way."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmlib import dictionary
from crmlib.inputs import Inputs
from crmlib.mime import PLOTLY_MIME
from crmlib.paths import DATA, NOTEBOOKS
from crmlib.studies import STUDIES

BUILT = sorted(NOTEBOOKS.glob("??/*.ipynb"))
NAMES = {s.name for study in STUDIES.values() for s in study.inputs.settings()}
NAMES |= {column for path in DATA.glob("*.yaml") for column in dictionary.dictionary(path.stem).columns}
CODES = {
    code
    for path in DATA.glob("*.yaml")
    for column in dictionary.dictionary(path.stem).columns.values()
    for code in column.categories
} | {choice for study in STUDIES.values() for s in study.inputs.settings() for choice in s.choices}
LEFTOVERS = {
    "a list or a dict": re.compile(r"""[\[{]\s*['"]|['"]\s*[\]}]|\{[a-z_]+\}"""),
    "a constant of Python": re.compile(r"\b(True|False|None|nan|NaN|NaT|inf)\b|<NA>"),
    "a type": re.compile(r"\bdtype\b|\bobject at 0x|<class |np\.\w+\("),
    "a whole number with .0": re.compile(r"(?<![\d.])[1-9]\d{2,}\.0(?!\d)"),
    "no separator of thousands": re.compile(r"(?<![\d.,A-Za-z\-/])(?!(?:19|20)\d\d(?!\d))[1-9]\d{3,}(?![\d\-])"),
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
    found = [(where, text) for where, text in shown() if LEFTOVERS[what].search(text) and text not in NAMES]
    assert found == []

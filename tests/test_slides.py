"""A deck shows all that its page shows, a section a slide, and stands alone."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmlib import casebook
from crmlib.core.paths import NOTEBOOKS
from crmlib.reruns import rerun as runs
from crmlib.reruns.page import colophon, page
from crmlib.reruns.slides import LONGEST, NOTHING, last_slide, pieces, sections, slides
from crmlib.support.mime import PLOTLY_MIME
from crmlib.support.webpage import LIVE

CASES = casebook.cases()


def built(case: str, lang: str) -> Any:
    """Return the notebook of a case as it is built."""
    return nbformat.read(NOTEBOOKS / lang / f"case_{case}.ipynb", as_version=4)


def deck(case: str, lang: str) -> str:
    agreed = runs.plan_rerun(case, lang)
    foot = last_slide(agreed.inputs, agreed.sources())
    return slides(built(case, lang), agreed.heading(), lang, foot, agreed.chosen.title)


def tables(html: str) -> list[str]:
    return re.findall(r"<td[^>]*>[^<]*</td>", html[html.index("<body>") : html.index("</main>")])


@pytest.mark.shared(2)
@pytest.mark.parametrize("case", CASES)
def test_a_deck_shows_the_figures_tables_and_headings_of_the_page(case: str, lang: str) -> None:
    agreed, notebook = runs.plan_rerun(case, lang), built(case, lang)
    html = deck(case, lang)
    beside = page(notebook, agreed.heading(), lang, colophon(agreed.inputs, agreed.sources()), agreed.chosen.title)
    labels = re.compile('<figcaption class="crm-caption" id="[^"]*">([^<]*)<')
    figures = [PLOTLY_MIME in o.get("data", {}) for c in notebook.cells for o in c.get("outputs", [])]
    assert labels.findall(html) == labels.findall(beside)
    assert len(labels.findall(html)) == html.count('class="crm-plot"') == sum(figures)
    assert set(tables(beside)) <= set(tables(html))
    said = re.compile(r"<h[12]>([^<]*)</h[12]>")
    headings = [h for h in said.findall(beside[: beside.index("</main>")]) if h in said.findall(html)]
    assert [h for h in said.findall(html) if h in headings] == headings and len(headings) > 1
    assert html.count('id="plotly"') == beside.count('id="plotly"') == 1
    assert LIVE in html and f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in html


def parts_of(html: str) -> list[str]:
    return re.split(r'<section class="slide" id="\d+" aria-label="[^"]*">', html[html.index("<body>") :])[1:]


@pytest.mark.shared(2)
@pytest.mark.parametrize("case", CASES)
def test_a_slide_has_a_heading_and_shows_one_thing(case: str, lang: str) -> None:
    html = unescape(deck(case, lang))
    parts = parts_of(html)
    assert len(parts) == html.count('<section class="slide"')
    for number, part in enumerate(parts, 1):
        assert f'id="{number}"' in html
        assert len(re.findall("<h[12]>", part)) == (2 if number == len(parts) else 1)
        assert part.count('class="shown') <= 1 and part.count('class="crm-figure"') <= 1
    assert "<footer>" in parts[-1]
    assert all(f"{number} of" in html or f"第 {number} 页" in html for number in range(1, len(parts) + 1))


@pytest.mark.shared(2)
@pytest.mark.parametrize("case", CASES)
def test_a_deck_has_no_slide_that_shows_nothing_and_no_table_parted_from_its_figure(case: str, lang: str) -> None:
    html = deck(case, lang)
    assert NOTHING not in html
    for part in parts_of(html)[1:-1]:
        assert '<div class="shown' in part
        assert part.count('class="crm-values"') == part.count('class="crm-figure"')


def test_the_same_deck_has_the_same_bytes_and_leaves_the_notebook_as_it_was(english: None) -> None:
    notebook = built("loyalty", "en")
    before = nbformat.writes(notebook)
    foot = last_slide(runs.plan_rerun("loyalty", "en").inputs, [])
    assert slides(notebook, "t", "en", foot) == slides(notebook, "t", "en", foot)
    assert nbformat.writes(notebook) == before


def markdown(text: str) -> Any:
    return nbformat.v4.new_markdown_cell(text)


def showing(*html: str) -> Any:
    outputs = [nbformat.v4.new_output("display_data", {"text/html": part}) for part in html]
    return nbformat.v4.new_code_cell("x", outputs=outputs)


FIGURE = '<figure class="crm-figure"></figure>'
TABLE = "<table><thead><tr><td></td></tr></thead><tbody>{}</tbody></table>"
LONG = TABLE.format("".join(f"<tr><td>{n}</td></tr>" for n in range(LONGEST + 1)))


def test_a_section_is_cut_where_a_second_thing_is_shown(english: None) -> None:
    cells = [
        markdown("# Case"),
        nbformat.v4.new_code_cell("silent"),
        markdown("## One\n\ntext"),
        showing(FIGURE),
        markdown("more text"),
        showing(TABLE.format("")),
        markdown("## Nothing"),
        showing(f'<p class="{NOTHING}">nothing to say</p>'),
        markdown("## Two"),
        showing(LONG),
    ]
    made = [[cell.source.splitlines()[0] for cell in part] for part in sections(pieces(cells))]
    assert made == [
        ["# Case"],
        ["## One", "x"],
        ["## One (continued)", "more text", "x"],
        ["## Two", "x"],
        ["## Two (continued)", "x"],
    ]


def test_a_table_that_is_cut_keeps_all_rows_each_part_under_its_head() -> None:
    parts = [cell.outputs[0].data["text/html"] for cell in pieces([showing(LONG)])]
    assert [part.count("<thead>") for part in parts] == [1, 1]
    assert [n for part in parts for n in re.findall(r"<td>(\d+)</td>", part)] == [str(n) for n in range(LONGEST + 1)]


def test_text_in_a_deck_stays_text(english: None) -> None:
    notebook = nbformat.v4.new_notebook(cells=[markdown("switch"), markdown("# Case")])
    html = slides(notebook, "<img src=x onerror=alert(1)>", "en", "")
    assert "<img" not in html[html.index("<body>") :] and "&lt;img src=x onerror=alert(1)&gt;" in html


def test_a_deck_is_written_beside_the_page(tmp_path: Path, english: None) -> None:
    agreed = runs.plan_rerun("relationships", "en")
    made = runs._files(agreed, ["html", "slides"], built("relationships", "en"), tmp_path)
    assert [path.name for path in made] == ["relationships-base-en.html", "relationships-base-en.slides.html"]

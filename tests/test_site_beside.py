"""What the site has beside the book: scenarios of cases, slides, data sets, what is printed before the exam."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from pages import TOPIC

from crmlib import casebook
from crmlib.chapters import chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, pick, speaking
from crmlib.core.paths import DATA
from crmlib.items.summaries import summary
from crmlib.reruns import rerun
from crmlib.site import build, handy, scenarios
from crmlib.site.pages import plain
from crmlib.tables.data import read
from crmlib.tables.dictionary import describe, dictionary
from crmlib.tables.packaged import load
from crmlib.tables.reading import told

CASE = "county_hospital"
OTHERS = casebook.case(CASE).order[1:]


@pytest.fixture(scope="module")
def site(site_folder: Path) -> Path:
    return site_folder


def page(site: Path, lang: str, name: str) -> str:
    return (site / lang / f"{name}.html").read_text("utf-8")


def links(text: str) -> list[str]:
    return [unquote(unescape(link)) for link in re.findall(r'<a [^>]*href="([^"]*)"', text)]


def test_every_link_of_every_page_leads_somewhere(site: Path) -> None:
    left_out = {f"{name}.html" for name in {*build.notebooks()} - {*build.notebooks([TOPIC])}}
    for path in site.glob("*/*.html"):
        for link in links(path.read_text("utf-8")):
            name, _hash, place = link.partition("#")
            there = path.parent / name if name else path
            if place and there.is_file():
                assert f'id="{place}"' in there.read_text("utf-8"), (path.name, link)
            elif name in left_out and not there.is_file():
                continue  # a chapter that this small site leaves out
            assert there.is_file(), (path.name, link)


@pytest.mark.parametrize("name", OTHERS)
def test_a_scenario_has_a_page_with_its_own_figures(site: Path, lang: str, name: str) -> None:
    agreed = rerun.plan_rerun(CASE, lang, name)
    text = page(site, lang, f"case_{CASE}.{name}")
    assert f"· {agreed.title}</h1>" in text
    shown = plain(text)
    study = agreed.study()
    for key, value in study.headline(agreed.answer()).items():
        assert study.measures[key].shown(value) in shown
    assert f'href="../{"en" if lang == "zh" else "zh"}/case_{CASE}.{name}.html"' in text
    assert f'<strong aria-current="page">{agreed.title}</strong>' in text
    assert {f"case_{CASE}.html", f"case_{CASE}.all.html", f"slides_{CASE}.html"} <= set(links(text))
    assert '<script src="../static/site.js" defer></script>' in text and 'id="plotly"' not in text


def test_the_scenarios_lead_through_the_case_and_are_all_compared(site: Path, lang: str) -> None:
    seen, name = [], f"case_{CASE}.{OTHERS[-1]}"
    while ".html" not in name:
        seen.append(name)
        back = re.search(r'rel="prev" href="([^"]*)\.html"', page(site, lang, name))
        assert back
        name = back[1] if "." in back[1] else f"{back[1]}.html"
    assert seen == [f"case_{CASE}.{one}" for one in reversed(OTHERS)] and name == f"case_{CASE}.html"
    compared = page(site, lang, f"case_{CASE}.all")
    for agreed in scenarios.planned(CASE, lang):
        assert agreed.title in plain(compared) and f"{scenarios.place(agreed)}.html" in links(compared)


def test_no_scenario_is_called_like_the_page_that_compares_them() -> None:
    for name in casebook.cases():
        assert "all" not in casebook.case(name).order


def test_the_slides_share_plotly_and_lead_back_to_the_case(site: Path, lang: str) -> None:
    deck = page(site, lang, f"slides_{CASE}")
    assert '<script src="../static/plotly.js"></script>' in deck and 'id="plotly"' not in deck
    assert deck.count('<section class="slide"') > 4 and f"case_{CASE}.html" in links(deck)


def test_a_scenario_that_fails_is_named_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, english: None
) -> None:
    class Broken:
        def __enter__(self) -> list[tuple[int, UserError]]:
            return [(0, UserError("the kernel died"))]

        def __exit__(self, *_why: object) -> None: ...

    monkeypatch.setattr(scenarios, "running", lambda *_jobs: Broken())
    with pytest.raises(UserError, match=rf"^case_{CASE}\.{OTHERS[0]}: the kernel died$"):
        build.write(tmp_path / "site", [TOPIC], cut=False, moving=())
    assert not (tmp_path / "site").exists()


def test_every_scenario_that_cannot_be_rerun_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = {name: UserError(f"{name} is refused") for name in OTHERS}
    monkeypatch.setattr(scenarios, "plan_reruns", lambda *_asked: ([], refused))
    with pytest.raises(UserError) as told_of:
        scenarios.planned.__wrapped__(CASE, "en")
    assert list(told_of.value.problems) == [f"{name} is refused" for name in OTHERS]


def test_a_quick_site_has_the_base_alone_and_leads_to_no_other(tmp_path: Path) -> None:
    build.write(tmp_path, [TOPIC], cut=False, moving=(), every_scenario=False)
    assert not list(tmp_path.rglob("*.all.html")) and (tmp_path / "zh" / f"slides_{CASE}.html").is_file()
    for path in tmp_path.rglob("case_*.html"):
        assert not [link for link in links(path.read_text("utf-8")) if ".all." in link]


def test_every_data_set_is_in_the_book_and_downloads_as_it_is(lang: str, tmp_path: Path) -> None:
    there = dict(handy.files(build.notebooks()))
    assert set(there) == {f"data/{path.name}" for path in DATA.iterdir() if path.suffix in (".csv", ".yaml")}
    for name in ("service_survey", "accounts", "members"):
        text = there[f"data/{name}.csv"]
        assert text == "\ufeff" + (DATA / f"{name}.csv").read_text("utf-8")
        file = tmp_path / f"{name}.csv"
        file.write_text(text, "utf-8")
        assert read(file, name, told([], [name])[name]).frame.equals(load(name))


def test_the_page_of_data_says_of_each_what_it_is(site: Path, lang: str) -> None:
    text, here = page(site, lang, "data"), sorted(path.stem for path in (site / "data").glob("*.csv"))
    assert here == sorted({name for one in build.notebooks([TOPIC]) for name in handy.datasets(one)})
    for name in here:
        part = text[text.index(f'id="data-{name}"') :].partition("</section>")[0]
        header, *rows = csv.reader(io.StringIO((site / f"data/{name}.csv").read_text("utf-8-sig"), newline=""))
        with speaking(lang):
            book = dictionary(name)
            assert pick(book.title) in unescape(part) and pick(book.source) in unescape(part)
            assert f" {len(rows):,} " in part and f" {len(header)}<" in part
            assert all(column in part for column in describe(name).index)


def test_each_chapter_and_case_leads_to_its_data_and_its_summary(site: Path, lang: str) -> None:
    for notebook in build.notebooks([TOPIC]):
        found = links(page(site, lang, notebook))
        assert {f"data.html#data-{name}" for name in handy.datasets(notebook)} <= set(found)
        assert {f"summary_{TOPIC}.html", "formulas.html"} <= set(found)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summaries_and_the_formula_sheet_have_every_formula_once(lang: str) -> None:
    made = {one.name: one for one in handy.sheets(lang, dict.fromkeys(build.notebooks(), "T"))}
    sheet, count = made["formulas"].body, 0
    for topic in chapters():
        known, body = summary(topic), made[f"summary_{topic}"].body
        with speaking(lang):
            for formula in known.formulas if known else ():
                count += 1
                assert str(formula.name) in unescape(body) and str(formula.name) in unescape(sheet)
    assert sheet.count("<math") == count and "$" not in sheet

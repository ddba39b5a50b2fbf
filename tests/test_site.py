"""Is the site the book: every page in both languages, whole, the same each time, and asking nothing of a network?"""

import json
import re
import sys
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import Crm
from moved import unpacked
from pages import MOVING, TOPIC

from crmlib.chapters import chapters
from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import NOTEBOOKS
from crmlib.notebooks import contents
from crmlib.plotting import partial
from crmlib.site import build
from crmlib.site.pages import Section, Sheet, linked, numbered, plain, sections, sheet

OTHER = "foundations"
ELSEWHERE = re.compile(r"""(?:src|href|action|url|import|fetch)\s*[=(]\s*["']?\s*(?:https?:)?//""")


@pytest.fixture(scope="module")
def site(site_folder: Path) -> Path:
    return site_folder


@pytest.fixture(scope="module")
def another(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of another chapter, whose pages do not move."""
    out = tmp_path_factory.mktemp("another")
    build.write(out, [OTHER], cut=False, moving=(), every_scenario=False)
    return out


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def test_the_site_has_every_chapter_and_every_case_in_the_order_of_the_book() -> None:
    names = build.notebooks()
    there = {path.stem for path in (NOTEBOOKS / "zh").glob("*.ipynb")}
    assert set(names) == there - {build.START}
    numbers = [int(name[:2]) for name in names if name[:2].isdigit()]
    assert numbers == sorted(numbers)
    assert names[-2:] == [source.stem for source in contents.appendices()]
    assert not {source.stem for source in contents.appendices()} & set(build.notebooks(list(chapters())[-1:]))


@pytest.mark.shared(2)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_link_to_a_section_leads_to_the_section(lang: str) -> None:
    appendix = [sheet(source.stem, lang) for source in contents.appendices()]
    every = linked([*appendix, *(sheet(name, lang, moving=()) for c in chapters().values() for name in c.notebooks)])
    ids = {one.name: {part.id: part.heading for part in one.sections} for one in every}
    found = [
        link
        for one in every[: len(appendix)]
        for link in re.findall(r'<a href="(\w+)\.html#(\w+)">(.*?)</a>', one.body)
    ]
    assert len(found) > 500
    assert [(name, place) for name, place, said in found if ids[name][place] != plain(said).partition(" · ")[2]] == []


def test_a_link_to_a_page_that_is_not_on_the_site_loses_its_section_and_nothing_else() -> None:
    body = '<a href="x.html#One-%26-two">a</a> <a href="y.html#One">b</a> <a href="x.html">c</a>'
    one = Sheet("x", "X", body, (Section("s1", "One & two", "", 2),), (), (), frozenset())
    assert linked([one])[0].body == '<a href="x.html#s1">a</a> <a href="y.html">b</a> <a href="x.html">c</a>'


@pytest.mark.shared(5)
@pytest.mark.parametrize("name", build.notebooks())
def test_both_languages_have_the_same_sections_and_every_link_leads_somewhere(name: str) -> None:
    both = [sheet(name, lang, moving=()) for lang in LANGUAGES]
    zh, en = ([(part.id, part.level) for part in one.sections] for one in both)
    assert zh == en
    known = {f"{page}.html" for page in [*build.notebooks(), "index"]}
    known |= {path.relative_to(NOTEBOOKS / "zh").as_posix() for path in (NOTEBOOKS / "zh").glob("papers/*.html")}
    for one in both:
        for link in map(unquote, map(unescape, re.findall(r'<a [^>]*href="([^"]*)"', one.body))):
            page, _hash, place = link.partition("#")
            assert page in known or (not page and f'id="{place}"' in one.body) or page.startswith("data:"), link
        assert "$$" not in one.body and "Shift+Enter" not in plain(one.body)
        assert not ELSEWHERE.search(one.body)


@pytest.mark.shared(6)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("topic", chapters())
def test_each_explorer_of_a_chapter_has_its_place(topic: str, lang: str) -> None:
    chapter = chapters()[topic]
    placed = [study for name in chapter.notebooks for study in sheet(name, lang).studies]
    assert sorted(placed) == sorted(study.name for study in chapter.studies)


@pytest.mark.whole
def test_the_same_site_is_the_same_bytes(site: Path, tmp_path: Path) -> None:
    build.write(tmp_path, [TOPIC], cut=partial.kept() is not None, moving=MOVING)
    assert files(tmp_path) == files(site)


def test_it_is_built_again_over_the_former_one(another: Path) -> None:
    before = files(another)
    build.write(another, [OTHER], cut=False, moving=(), every_scenario=False)
    assert files(another) == before


def test_every_page_stands_alone(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not ELSEWHERE.search(text), path
        for link in re.findall(r'<(?:link|script) [^>]*(?:href|src)="([^"]*)"', text):
            assert (path.parent / link).is_file(), link
        assert len(re.findall("<h1[ >]", text)) == 1


def test_previous_and_next_lead_through_the_book(site: Path) -> None:
    for lang in LANGUAGES:
        seen, page = [], "index.html"
        while page:
            seen.append(page)
            following = re.search(r'rel="next" href="([^"]*)"', (site / lang / page).read_text("utf-8"))
            page = following[1] if following else ""
        assert seen == ["index.html", *(f"{name}.html" for name in build.notebooks([TOPIC])), "practice.html"]


def test_the_other_language_is_one_step_away(site: Path) -> None:
    for lang, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        for path in (site / lang).glob("*.html"):
            link = re.search(r'<a [^>]*hreflang="[^"]*" href="(\.\./[^"]*)"', path.read_text("utf-8"))
            assert link and (path.parent / link[1]).resolve() == (site / other / path.name).resolve()


def test_a_chapter_with_all_that_its_page_reads_is_small(site: Path) -> None:
    drawing = 600_000  # plotly.js once it is cut; without npm it is whole here
    for lang in LANGUAGES:
        read = [f"{lang}/03_satisfaction.html", "static/site.js", "static/site.css"]
        read += [f"static/{name}" for name in (f"{lang}.js", f"search.{lang}.js", f"exercises/{lang}/{TOPIC}.js")]
        read += [f"static/practice/{lang}/{TOPIC}.js"]
        moves = [str(path.relative_to(site)) for path in (site / "static" / "moves" / lang).glob("*.base*.js")]
        assert len(moves) > len(MOVING)
        read += moves
        assert drawing + sum((site / name).stat().st_size for name in read) <= 1_500_000


def test_each_explorer_that_moves_has_its_moves_and_the_others_their_first_picture(site: Path) -> None:
    for lang in LANGUAGES:
        page = (site / lang / "03_satisfaction.html").read_text("utf-8")
        studies = re.findall(r'class="crm-explorer" data-study="(\w+)"', page)
        assert sorted(studies) == sorted(MOVING)
        there = {path.name for path in (site / "static" / "moves" / lang).iterdir()}
        whole, parts = set(), set()
        for study, told in zip(studies, re.findall(r'class="crm-declared"[^>]*>(.*?)</script>', page), strict=True):
            for base, _label, _places in json.loads(told)["bases"]:
                name = f"{study}.{base}"
                first = json.loads(unpacked((site / "static" / "moves" / lang / f"{name}.js").read_text("utf-8")))
                whole.add(f"{name}.js")
                parts |= {f"{name}.{n}.js" for n in range(len(first.get("starts", ())))}
        assert there == whole | parts and parts


def test_what_is_kept_is_the_whole_site_and_another_edition_is_kept_apart(site: Path, another: Path) -> None:
    worker = (site / "sw.js").read_text("utf-8")
    whole = json.loads(re.findall(r"const WHOLE = (.*);", worker)[0])
    assert {*whole, "sw.js"} == set(files(site))
    edition = re.compile(r'const EDITION = "(crm-[0-9a-f]{16})"')
    assert edition.findall(worker) != edition.findall((another / "sw.js").read_text("utf-8"))


def test_text_is_text_wherever_it_stands() -> None:
    name = "<img src=x onerror=alert(1)> & “x”"
    one = Sheet("03_satisfaction", name, "<p>body</p>", (Section("s1", name, "words", 2),), (), (), frozenset())
    pages = dict(build._pages("en", [one]))
    for text in map(pages.__getitem__, ("index", one.name, "data")):
        assert "<img" not in text and "&lt;img src=x onerror=alert(1)&gt; &amp;" in text


def test_sections_are_numbered_by_place_and_hold_their_words() -> None:
    body = numbered("<h1>T</h1><p>a</p><h2>One <b>two</b></h2><p>b &lt; c</p><h3>Three</h3>d<style>no</style>")
    assert list(sections("T", body)) == [
        Section("", "T", "T a", 1),
        Section("s1", "One two", "b < c", 2),
        Section("s2", "Three", "d", 3),
    ]


def test_plotly_says_its_version_and_is_packed_the_same_each_time() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", partial.version())
    assert partial.packed("客户") == partial.packed("客户".encode())


def test_a_chapter_that_there_is_not_is_refused(crm: Crm, tmp_path: Path) -> None:
    code, _out, said = crm("site", "tears", "--out", tmp_path / "site", "--lang", "en")
    assert code == 2 and "There is no chapter “tears”" in said and "tiers" in said
    assert not (tmp_path / "site").exists()


def test_without_npm_it_says_how_to_go_on(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))  # an environment in which nothing was cut yet
    monkeypatch.setenv("PATH", str(tmp_path))
    code, _out, said = crm("site", TOPIC, "--out", tmp_path / "site", "--lang", "en")
    assert code == 2 and "npm is not on the PATH" in said and "--whole-plotly" in said
    assert not (tmp_path / "site").exists()


def test_npm_is_missed_before_anything_is_worked_out(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "prefix", str(tmp_path))  # an environment in which nothing was cut yet
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(build, "sheet", lambda *_args: pytest.fail("a page was made"))
    assert crm("site", TOPIC, "--out", tmp_path / "site", "--lang", "en")[0] == 2


def test_npm_that_fails_does_so_before_anything_is_worked_out(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    npm = tmp_path / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text("#!/bin/sh\necho npm error network >&2\nexit 1\n")
    npm.chmod(0o700)
    monkeypatch.setattr(sys, "prefix", str(tmp_path))  # an environment in which nothing was cut yet
    monkeypatch.setenv("PATH", str(npm.parent))
    monkeypatch.setattr(build, "sheet", lambda *_args: pytest.fail("a page was made"))
    code, _out, said = crm("site", TOPIC, "--out", tmp_path / "site", "--lang", "en")
    assert code == 2 and "plotly.js could not be cut (npm error network)." in said
    assert not (tmp_path / "site").exists()


@pytest.mark.shared(2)
@pytest.mark.parametrize(("drawn", "asked"), [({"bar"}, [set()]), ({"bar", "pie"}, [set(), {"pie"}])])
def test_plotly_is_cut_again_only_for_charts_of_other_kinds(
    drawn: set[str], asked: list[set[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[str]] = []
    monkeypatch.setattr(partial, "cut", lambda kinds=partial.KINDS: seen.append({*kinds} - partial.KINDS) or b"cut")
    monkeypatch.setattr(build, "_moves", lambda _sheets: [("static/moves.js", "", drawn)])
    build.write(tmp_path / "site", [OTHER], moving=(), every_scenario=False)
    assert seen == asked


@pytest.mark.parametrize(
    "place", ["index.html", "sw.js", "app.webmanifest", "zh/notes.html", "static/deep/site.css", "data/own.csv"]
)
def test_files_of_something_else_are_left_alone(place: str, crm: Crm, tmp_path: Path) -> None:
    theirs = tmp_path / "home" / place
    theirs.parent.mkdir(parents=True)
    theirs.write_text("of somebody else", "utf-8")
    code, _out, said = crm("site", TOPIC, "--out", tmp_path / "home", "--whole-plotly", "--still", "--lang", "en")
    assert (code, said) == (2, f"{theirs} is there already and is of no site; choose another folder.\n")
    assert files(tmp_path / "home") == {place: b"of somebody else"}


def test_the_book_has_one_name_wherever_it_stands(site: Path) -> None:
    for lang in LANGUAGES:
        title = sheet(build.START, lang).title
        assert f"<h1>{title}</h1>" in (site / lang / "index.html").read_text("utf-8")
        assert title in (site / "index.html").read_text("utf-8")

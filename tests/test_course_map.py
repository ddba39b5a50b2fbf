"""Does the map of the course show every chapter, lead to each, and hold nothing that a page would take out?"""

import json
import re

import pytest
from colours import contrast

from crmlib import casebook
from crmlib.chapters import chapters
from crmlib.core.i18n import LANGUAGES, _, speaking
from crmlib.core.paths import NOTEBOOKS
from crmlib.notebooks.contents import course_map

both = pytest.mark.parametrize("lang", LANGUAGES)
STATION = re.compile(r'<a href="([^"]+)"[^>]*><span[^>]*>(\d+)</span> <b[^>]*>([^<]+)</b></a>([^<]+)</li>')


@both
def test_it_has_a_station_for_each_chapter_which_leads_there_and_says_what_it_asks(lang: str) -> None:
    found = STATION.findall(course_map(lang))
    assert [(page, int(number)) for page, number, *_said in found] == [
        (f"{one.notebook}.ipynb", one.number) for one in chapters().values()
    ]
    assert all((NOTEBOOKS / lang / page).exists() for page, *_said in found)
    with speaking(lang):
        assert [step for _page, _number, step, _asks in found] == [_(one.step) for one in chapters().values()]
    assert all(bool(re.search("[一-鿿]", step + asks)) == (lang == "zh") for *_page, step, asks in found)
    assert len({step for *_page, step, _asks in found}) == len(found)


@both
def test_it_stands_on_the_start_page_instead_of_a_table(lang: str) -> None:
    cells = json.loads((NOTEBOOKS / lang / "00_start.ipynb").read_bytes())["cells"]
    told = "\n".join("".join(cell["source"]) for cell in cells)
    assert told.count(course_map(lang)) == 1
    assert "<!-- map -->" not in told


@both
def test_it_is_made_of_what_jupyterlab_leaves_in_a_text(lang: str) -> None:
    made = course_map(lang)
    assert set(re.findall(r"<(\w+)", made)) <= {"ol", "li", "a", "span", "b"}
    assert set(re.findall(r' ([\w-]+)="', made)) <= {"class", "title", "style", "href"}
    assert "\n\n" not in made and not re.search(r"^ {4}", made, re.MULTILINE)


def test_the_line_and_the_numbers_are_seen_in_light_and_dark() -> None:
    (colour,) = set(re.findall(r"border-top: 4px solid (#\w{6})", course_map("en")))
    assert f"background-color: {colour}; color: #ffffff" in course_map("en")
    assert contrast(colour, "#ffffff") >= 4.5 and contrast(colour, "#111111") >= 3


def test_a_book_of_some_chapters_has_their_stations_alone() -> None:
    second, *_others, last = (one.notebook for one in list(chapters().values())[1:])
    case = f"case_{casebook.cases()[0]}"
    found = STATION.findall(course_map("en", [second, last, case]))
    assert [page for page, *_said in found] == [f"{second}.ipynb", f"{last}.ipynb"]

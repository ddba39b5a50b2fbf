"""Do pages hold together as printed papers must: is room to answer whole, does nothing split that belongs together?"""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from early import taken
from printed import Pages, squeezed
from test_printing import can_be_made

from crmlib.core import i18n
from crmlib.exams import outline, printing
from crmlib.exams.blueprint import blueprint
from crmlib.exams.paper import LABELS, Candidate, Mark, Paper, Part, Question, paper
from crmlib.items.bank import bank
from crmlib.items.item import Item
from crmlib.items.prose import runs

SEEDS = range(taken(12, 40))
LINE = 0.8 / 2.54 * 72
"""How far apart lines to write on are, in points."""
LANGS = pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.whole)])


def chosen(seed: int, label: str) -> dict[str, list[str]]:
    """Return items for each section of the final, drawn without the rules of assembly, which takes seconds."""
    random, found = Random(f"{seed}{label}"), {}
    for section in blueprint("final").sections:
        items = [item for item in bank().items.values() if item.type in section.kinds]
        many = round(section.points / (section.each or items[0].points))
        found[section.name] = [item.id for item in _sample(items, many, random)]
    return found


def _sample(items: list[Item], many: int, random: Random) -> list[Item]:
    """Return so many items; of statements about as many true ones as false ones, or no order would keep the bounds."""
    if items[0].type != "tf":
        return random.sample(items, many)
    true, false = ([item for item in items if item.answer is holds] for holds in (True, False))
    return random.sample(true, many // 2) + random.sample(false, many - many // 2)


@cache
def finals(lang: str) -> list[Paper]:
    """Return final exams of many seeds, two forms of each."""
    plan = blueprint("final")
    return [
        paper(bank(), plan, chosen(seed, label), f"{seed}:{label}:", f"{label}{seed}", lang)
        for seed in SEEDS
        for label in "AB"
    ]


@cache
def printed(lang: str) -> list[Pages]:
    """Return the pages of each of them."""
    can_be_made("pdf")
    return [Pages(printing.pdf(one, "paper")) for one in finals(lang)]


@LANGS
def test_room_to_answer_is_whole_on_every_paper(lang: str) -> None:
    for one, pages in zip(finals(lang), printed(lang), strict=True):
        lines = pages.lines
        wanted = sum(outline.ROOM.get(q.kind, 0) for q in one.questions)
        assert len(lines) == wanted, one.label
        for above, below in pairwise(lines):
            apart = below.y - above.y
            assert above.page != below.page or apart > LINE - 0.5, (
                f"{one.label}: a line is cut on page {above.page + 1}"
            )
        assert all(spot.y < pages.sizes[0][1] - 50 for spot in lines), f"{one.label}: a line stands in the foot"


@LANGS
def test_each_question_has_its_own_room(lang: str) -> None:
    for one, pages in zip(finals(lang), printed(lang), strict=True):
        starts = []
        for n, q in enumerate(one.questions, 1):
            if q.kind in outline.ROOM:
                left = [spot for spot in pages.spots(f"{n}.") if spot.x < 100]
                starts.append((min((spot.page, spot.y) for spot in left), q.kind))
        ends = [place for place, _kind in starts[1:]] + [(len(pages), 0.0)]
        for (start, kind), end in zip(starts, ends, strict=True):
            room = [spot for spot in pages.lines if start < (spot.page, spot.y) < end]
            assert len(room) == outline.ROOM[kind], f"{one.label}, {kind}"
            alone = [page for page in {spot.page for spot in room} if sum(s.page == page for s in room) < 3]
            assert not alone, f"{one.label}: less than three lines on a page"


@LANGS
def test_no_question_is_split_from_its_options(lang: str) -> None:
    for one, pages in zip(finals(lang), printed(lang), strict=True):
        for n, q in enumerate(one.questions, 1):
            if any(run.kind == "maths" for text in (q.text, *q.options) for run in runs(text)):
                continue  # a formula is set in signs of its own
            options = q.options if q.kind == "mcq" else ()
            listed = "".join(f"{LABELS[place]}.{option}" for place, option in enumerate(options))
            whole = f"{n}.{''.join(run.text for run in runs(q.text))}{listed}"
            assert pages.page_of(whole) is not None, f"{one.label}, {n}"


@LANGS
def test_no_page_is_empty_and_none_begins_with_the_last_line(lang: str) -> None:
    for one, pages in zip(finals(lang), printed(lang), strict=True):
        with i18n.speaking(lang):
            end = squeezed(i18n._("End of the paper"))
        assert all(len(text) > 60 or spots for text, spots in per_page(pages)), one.label
        assert pages.texts[-1].count(end) == 1
        assert any(spot.page == len(pages) - 1 for spot in pages.lines), f"{one.label}: the end stands alone"
        assert not pages.tofu(), one.label


def per_page(pages: Pages) -> list[tuple[str, int]]:
    lines = pages.lines
    return [(text, sum(spot.page == n for spot in lines)) for n, text in enumerate(pages.texts)]


@LANGS
def test_no_heading_stands_at_the_foot_of_a_page(lang: str) -> None:
    for one, pages in zip(finals(lang), printed(lang), strict=True):
        first = 1
        for part in one.parts:
            page = pages.page_of(part.title + ("（本大题" if lang == "zh" else f" ({len(part.questions)} question"))
            q = part.questions[0]
            start = pages.page_of(f"{first}.{runs(q.text)[0].text[:20]}")
            assert page == start is not None, f"{one.label}: “{part.title}” stands without question {first} ({q.id})"
            first += len(part.questions)


# Made for the purpose -------------------------------------------------------------------------------------------------


def made(*questions: Question, lang: str = "zh", **more: Any) -> Paper:
    return Paper("期末考试", "A", lang, 45, "s", (Part("p", "题", "", questions),), **more)


def ask(kind: str, text: str = "问", **more: Any) -> Question:
    return Question(f"own.{kind}", kind, "own", "apply", 2, 1, text, **more)


def choice(*options: str) -> Question:
    return ask("mcq", options=options, key=0, replies=("",) * len(options), misconceptions=("",) * len(options))


@pytest.mark.parametrize(
    ("options", "columns"),
    [
        (("甲", "乙", "丙", "丁"), 4),
        (("一二三四五六七八九十",) * 4, 2),
        (("一二三四五六七八九十一二三四五六",) * 4, 2),
        (("一二三四五六七八九十一二三四五六七八九十一二三四五",) * 4, 1),
        (("甲", "乙"), 4),
    ],
)
def test_short_options_share_a_line_and_long_ones_have_their_own(options: tuple[str, ...], columns: int) -> None:
    can_be_made("pdf")
    pages = Pages(printing.pdf(made(choice(*options)), "paper"))
    heights = [round(pages.spots(f"{LABELS[n]}.")[0].y, 1) for n in range(len(options))]
    assert [heights.count(height) for height in sorted(set(heights))] == [
        min(columns, len(options) - start) for start in range(0, len(options), columns)
    ]


@pytest.mark.shared(2)
@pytest.mark.parametrize("length", range(14, 27))
def test_an_option_that_shares_a_line_stands_on_one_line(length: int) -> None:
    can_be_made("pdf")
    option = "长" * (length - 1) + "终"
    pages = Pages(printing.pdf(made(choice(*[option] * 4)), "paper"))
    first, last = (pages.spots(sign) for sign in ("A.", "终"))
    assert first[0].y == pytest.approx(last[0].y, abs=1)


@pytest.mark.shared(2)
@pytest.mark.parametrize("filling", range(0, 60, 3))
def test_room_is_whole_wherever_a_page_ends(filling: int) -> None:
    can_be_made("pdf")
    sentence = ask("tf", "句子", options=("对", "错"), key=0, replies=("", ""))
    questions = [replace(sentence, id=f"own.tf{n}") for n in range(filling)]
    kinds = ("short", "essay", "case")
    written = [ask(kind, "说说看。" * 30, model="答") for kind in kinds]
    pages = Pages(printing.pdf(made(*questions, *written), "paper"))
    assert len(pages.lines) == sum(outline.ROOM[kind] for kind in kinds)


def test_a_question_longer_than_a_page_goes_on_over_it() -> None:
    can_be_made("pdf")
    long = "".join(f"{n:04d}句。" for n in range(700))
    pages = Pages(printing.pdf(made(ask("case", long, model="答")), "paper"))
    assert all(f"{n:04d}" in "".join(pages.texts) for n in range(700))
    assert len(pages.lines) == outline.ROOM["case"]


@pytest.mark.parametrize("rows", [3, 11, 17])
def test_no_row_of_a_rubric_is_split(rows: int) -> None:
    can_be_made("pdf")
    marks = tuple(
        Mark(2, f"第{n}条" + "讲清理由" * (n % 7 * 5), ((2, f"{n}全" * 20), (1, f"{n}半" * 20), (0, "无")))
        for n in range(rows)
    )
    sheet = Pages(printing.pdf(made(ask("essay", model="答" * 400, rubric=marks)), "marking"))
    for mark in marks:
        levels = "".join(f"{points:g}—{text}" for points, text in mark.levels)
        assert sheet.page_of(f"{mark.text}{levels}2") is not None, mark.text[:5]


def test_names_of_a_paper_of_ones_own_stand_on_it() -> None:
    can_be_made("pdf")
    whose = Candidate("20230001", "欧阳小明", "20230001", "营销 2 班")
    for lang in i18n.LANGUAGES:
        one = made(ask("short", model="答"), lang=lang, candidate=whose)
        pages = Pages(printing.pdf(one, "paper"))
        assert {"欧阳小明", "营销"} <= {sign for sign in ("欧阳小明", "营销") if pages.spots(sign)}, lang


@pytest.mark.parametrize("long", [20, 60, 100])
def test_a_long_name_stays_on_the_page(lang: str, long: int) -> None:
    can_be_made("pdf")
    whose = Candidate("1", "名" * long, "8" * 60, "班" * long)
    pages = Pages(printing.pdf(made(ask("short", model="答"), lang=lang, candidate=whose), "paper"))
    width, height = pages.sizes[0]
    places = [spot for sign in ("名", "8", "班") for spot in pages.spots(sign)]
    assert len(places) >= 2 * long + 60
    assert all(10 < spot.x < width - 10 and 10 < spot.y < height - 10 for spot in places)
    assert len(pages) == 1


def test_points_follow_a_chinese_question_without_a_blank() -> None:
    can_be_made("pdf")
    one = made(ask("short", "问？", model="答"), ask("essay", "再问？", model="答"))
    one = replace(
        one, parts=(replace(one.parts[0], questions=(one.questions[0], replace(one.questions[1], points=9))),)
    )
    assert "问？<span" in printing.html(one, "paper").decode()
    assert "？（2 分）" in "".join(text.get_text_bounded() for text in Pages(printing.pdf(one, "paper"))._texts)


def test_a_key_writes_numbers_as_the_question_asks_and_minus_as_minus() -> None:
    one = ask("num", key=-5.4, unit="%", decimals=1, worked="w", distractors=((-12.0, "r"),))
    page = printing.html(made(one, lang="en"), "key").decode()
    assert "−5.4%" in page and "−12.0:" in page and "-5.4" not in page


@pytest.mark.parametrize("before", range(30, 46, 2))
def test_a_ratio_is_not_broken(before: int) -> None:
    can_be_made("pdf")
    pages = Pages(printing.pdf(made(ask("short", "字" * before + "首3 : 2 : 5 : 9尾", model="答")), "paper"))
    assert any("3:2:5:9" in squeezed(line) for line in pages.lined())

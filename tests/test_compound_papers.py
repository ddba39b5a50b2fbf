"""Questions with several parts on paper: what is asked, where it is answered, what a part earns, and the key apart."""

import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from compound import EACH
from conftest import Crm
from test_compound import own_bank
from test_compound_sat import plan
from test_printing import can_be_made

from crmlib.core.i18n import speaking
from crmlib.exams import papers
from crmlib.exams.blueprint import blueprint
from crmlib.exams.keys import keys_csv
from crmlib.exams.manifest import Manifest, as_json, read_manifest
from crmlib.exams.outline import outline, quick
from crmlib.exams.paper import Paper
from crmlib.exams.printing import docx, html, pdf
from crmlib.exams.school import School
from crmlib.items import credit
from crmlib.items.bank import bank
from crmlib.learning.mock import MockExam
from crmlib.support.files import unzipped


@pytest.fixture
def made(tmp_path: Path) -> Manifest:
    return papers.compose(own_bank(tmp_path, *EACH.values()), plan(), 4, ["zh", "en"], 1)


def text(content: bytes) -> str:
    """Return the words of a page."""
    body = content.decode().partition("</style>")[2]
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body)))


def questions(paper: Paper, kind: Any = "paper", school: School | None = None) -> dict[str, dict[str, Any]]:
    """Return each question of an outline by its kind."""
    parts = outline(paper, kind, school or School())["parts"]
    return {part["title"].split()[0].partition("（")[0]: part["questions"][0] for part in parts}


def test_each_kind_says_on_paper_what_a_part_earns_and_where_it_is_answered(made: Manifest) -> None:
    for paper in made.papers:
        told = text(html(paper, "paper"))
        with speaking(paper.lang):
            assert all(credit.rule(kind) in told for kind in ("multi", "tfc", "fill", "order", "match"))
        asked = questions(paper)
        assert [asked[kind]["bracket"] for kind in EACH] == [True, True, False, False, False, False]
        assert [asked[kind]["lines"] for kind in EACH] == [0, 2, 4, 0, 1, 0]
        assert [len(asked[kind]["options"]) for kind in EACH] == [4, 0, 0, 0, 4, 4]
        assert [left["bracket"] for left in asked["match"]["lefts"]] == [True, True, True]
        assert told.count("____________") == 3 + 3  # the blanks, and the names at the head


def test_what_students_get_holds_no_key(made: Manifest) -> None:
    for paper in made.papers:
        told = text(html(paper, "paper"))
        secrets = {
            one
            for q in paper.questions
            for one in (*q.replies, q.worked, q.model, *(mark.text for mark in q.rubric), *(a[0] for a in q.accept))
        }
        assert not [one for one in secrets if len(one) > 5 and one in told]


def test_the_key_gives_letters_blanks_and_pairs_and_the_marking_sheet_halves(made: Manifest) -> None:
    [english] = [one for one in made.papers if one.lang == "en"]
    key, marking = text(html(english, "key")), text(html(english, "marking"))
    asked = {q.kind: q for q in english.questions}
    assert f"Answer: {asked['order'].answer}" in key
    assert "(1) sales / sales volume" in key and "(3) 80%" in key
    assert all(f"({n}) {'ABCD'[one]}" in key for n, one in enumerate(asked["match"].keys, 1))
    assert "False. Corrected: It holds." in key and "Whoever buys." in key
    assert "The verdict: the statement is false." in marking and "Corrected: It holds." in marking
    assert "Which of these hold" not in marking
    rows = {row["numbers"]: row["keys"] for row in quick(english)}
    assert rows["2"] == "F" and rows["1"] == asked["multi"].answer and len(rows) == 5


def test_the_table_of_keys_holds_every_kind_that_has_one(made: Manifest) -> None:
    [chinese] = [one for one in made.papers if one.lang == "zh"]
    head, row = keys_csv([chinese]).decode("utf-8-sig").strip().splitlines()
    assert head.replace('"', "").split(",")[1:] == ["1", "2", "3", "4", "5"]
    assert "错" in row and "80%" in row


def test_letters_may_go_into_a_grid(made: Manifest) -> None:
    [english] = [one for one in made.papers if one.lang == "en"]
    told = text(html(english, "paper", School(letters="grid")))
    assert "in the brackets before the number" not in told
    asked = questions(english, school=School(letters="grid"))
    assert not asked["multi"]["bracket"] and asked["match"]["lefts"][0]["bracket"]


def test_they_are_set_as_pdf_and_word(made: Manifest) -> None:
    can_be_made("pdf")
    for paper in made.papers:
        assert pdf(paper, "paper").startswith(b"%PDF") and pdf(paper, "key").startswith(b"%PDF")
        told = unzipped(docx(paper, "paper"))["word/document.xml"].decode()
        assert ("狗" if paper.lang == "zh" else "dog") in told


def test_a_manifest_gives_the_same_papers_again_and_is_held_to_their_keys(made: Manifest, tmp_path: Path) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(as_json(made), "utf-8")
    assert read_manifest(path) == made
    for odd, broken in (
        ('"keys": [', '"keys": [77, '),
        ("[[1]]", "[[9]]"),
        ('"lefts": [', '"lefts": ["more", '),
    ):
        path.write_text(as_json(made).replace(odd, broken), "utf-8")
        with pytest.raises(Exception, match=r"manifest\.json"):
            read_manifest(path)


def test_the_paper_of_all_these_kinds_is_made_and_sat(tmp_path: Path, crm: Crm, english: None) -> None:
    exam = MockExam(bank(), blueprint("kinds"), 3)
    assert {q.kind for q in exam.paper.questions} == set(EACH)
    assert exam.paper.points == 30
    made = (
        "exam",
        "make",
        "--blueprint",
        "kinds",
        "--seed",
        "2",
        "--forms",
        "2",
        "--lang",
        "en",
        "--to",
        "html,moodle",
    )
    assert crm(*made, "--out", tmp_path / "out")[0] == 0
    assert len(list((tmp_path / "out" / "students").iterdir())) == 2

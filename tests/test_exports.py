"""Is a paper on a screen a paper for a screen, and is what a format cannot carry said when it is written?"""

import re
from pathlib import Path

import pytest
from conftest import Crm
from readers import found as want

from crmlib.exams import papers
from crmlib.exams.blueprint import blueprint
from crmlib.exams.exports import EXPORTS, left_out
from crmlib.exams.paper import Paper, Part
from crmlib.items.bank import bank
from crmlib.support.files import unzipped


def everything(content: bytes) -> str:
    """Return all text of a file, that of an archive's members included."""
    if not content.startswith(b"PK"):
        return content.decode(errors="replace")
    return "\n".join(member.decode(errors="replace") for member in unzipped(content).values())


@pytest.mark.parametrize("fmt", EXPORTS)
def test_what_is_done_with_a_pen_is_not_told_on_a_screen(lang: str, fmt: str) -> None:
    """The paper itself says where a letter goes, in brackets or to the left of a number; no file for a screen does."""
    [made] = papers.compose(bank(), blueprint("final"), 1, [lang], 1).papers
    told = "".join(everything(content) for _end, content in EXPORTS[fmt](made))
    assert not re.search("题号左边|写在括号|left of the number|in the brackets|the grid", told)


@pytest.mark.parametrize("fmt", ["gift", "qti"])
def test_no_model_answer_is_where_students_see_it(lang: str, fmt: str) -> None:
    """GIFT and Canvas have no field for those who mark; QTI 2.1 has one, and nothing else holds the model answer."""
    made = want.paper_of(lang, ("plain words",), 1)
    texts = [text for q in made.questions if q.rubric for text in (q.model, *(mark.text for mark in q.rubric))]
    [(_end, content), *_more] = EXPORTS[fmt](made)
    assert not [text for text in texts if text in everything(content)]


def test_what_a_format_has_no_place_for_is_said(english: None) -> None:
    made: list[Paper] = [want.paper_of("en", ("a",), 1)]
    said = " ".join(left_out(["gift"], made))
    assert all(word in said for word in ("points cannot be carried", "unit is told", "hints", "model answers"))
    assert "QTI: hints are left out." in list(left_out(["qti"], made))
    assert list(left_out(["moodle"], made)) == []
    bare = Paper("P", "A", "en", 9, "1", (Part("a", "A", "", tuple(q for q in made[0].questions if q.kind == "tf")),))
    assert list(left_out(["gift"], [bare])) == ["GIFT: hints are left out; Moodle XML has them."]


def test_the_command_says_what_is_left_out(tmp_path: Path, crm: Crm) -> None:
    code, _said, told = crm("exam", "make", "--seed", "1", "--to", "gift", "--lang", "en", "--out", tmp_path / "e")
    assert code == 0
    assert "GIFT: points cannot be carried" in told

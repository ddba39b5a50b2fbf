"""A reader of Moodle XML, from Moodle's description of the format and of how it grades."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import partial

from defusedxml.ElementTree import fromstring

from readers import rich
from readers.found import Found
from readers.rich import Blocks

FRACTIONS = {"100", "90", "83.33333", "80", "75", "70", "66.66667", "60", "50", "40", "33.33333", "30", "25", "20", "0"}
PENALTIES = {"1", "1.0", "0.5", "0.3333333", "0.25", "0.2", "0.1", "0", "0.0"}


def read(content: bytes) -> list[Found]:
    """Return the questions of a file; of what Moodle would refuse or guess at nothing is accepted."""
    quiz = fromstring(content)
    assert quiz.tag == "quiz"
    categories = [question for question in quiz if question.attrib["type"] == "category"]
    assert categories and quiz[0] is categories[0]
    assert all(text(one, "category/text").startswith("$course$/top/") for one in categories)
    found = [_question(question) for question in quiz if question.attrib["type"] != "category"]
    assert len({one.id for one in found}) == len(found)
    return found


def categories(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield the ids of the questions with their category."""
    name = ""
    for question in fromstring(content):
        if question.attrib["type"] == "category":
            name = text(question, "category/text")
        else:
            yield text(question, "idnumber"), name


def text(element: ET.Element, path: str) -> str:
    found = element.findall(path)
    assert len(found) == 1, f"{len(found)} × {path}"
    return found[0].text or ""


def html(element: ET.Element, path: str) -> Blocks:
    assert element.find(path).attrib["format"] == "html"  # type: ignore[union-attr]
    return rich.html(text(element, f"{path}/text"))


def _question(question: ET.Element) -> Found:
    kind = question.attrib["type"]
    assert text(question, "penalty") in PENALTIES
    assert text(question, "name/text") == text(question, "idnumber")
    answers = question.findall("answer")
    assert all(answer.attrib["fraction"] in FRACTIONS for answer in answers)
    found = Found(
        id=text(question, "idnumber"),
        kind=kind,
        asked=html(question, "questiontext"),
        grade=partial(GRADES[kind], answers),
        points=float(text(question, "defaultgrade")),
        general=html(question, "generalfeedback"),
        hints=[rich.html(hint.findtext("text") or "") for hint in question.findall("hint")],
        tags=tuple(tag.findtext("text") or "" for tag in question.findall("tags/tag")),
    )
    right = [answer for answer in answers if answer.attrib["fraction"] == "100"]
    if kind != "essay":
        assert len(right) == 1
        found.names = [text(answer, "text") for answer in answers]
        found.key = text(right[0], "text")
    if kind == "multichoice":
        assert text(question, "single") == text(question, "shuffleanswers") == "true"
        assert all(answer.attrib["format"] == "html" for answer in answers)
        found.options = [rich.html(name) for name in found.names]
    if kind == "numerical":
        assert answers[0] is right[0]
        found.within = float(text(right[0], "tolerance"))
        found.distractors = [float(text(answer, "text")) for answer in answers[1:]]
        assert (question.find("units") is None) == (text(question, "showunits") == "3")
    if kind == "essay":
        assert not answers
        found.marking = html(question, "graderinfo")
    return found


def _share(answer: ET.Element) -> tuple[float, list[Blocks]]:
    return float(answer.attrib["fraction"]) / 100, [html(answer, "feedback")]


def _grade_named(answers: list[ET.Element], given: str) -> tuple[float, list[Blocks]]:
    return _share(next(answer for answer in answers if text(answer, "text") == given))


def _grade_number(answers: list[ET.Element], given: str) -> tuple[float, list[Blocks]]:
    """The first answer in the order of the file that is near enough is the one that counts."""
    for answer in answers:
        if abs(float(given) - float(text(answer, "text"))) <= float(text(answer, "tolerance")):
            return _share(answer)
    return 0.0, []


def _grade_words(_answers: list[ET.Element], _given: str) -> tuple[float, list[Blocks]]:
    raise AssertionError("a person grades this")


GRADES = {
    "multichoice": _grade_named,
    "truefalse": _grade_named,
    "numerical": _grade_number,
    "essay": _grade_words,
}

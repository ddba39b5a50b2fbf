"""Does every field of a paper survive in the quiz for Canvas, and does it grade as the bank does?"""

import pytest
from hypothesis import HealthCheck, given, settings
from readers import found as want
from readers import qti12 as reader
from readers import rich

from crmlib.core.i18n import speaking
from crmlib.exams.exports import EXPORTS
from crmlib.exams.exports.common import safe_id
from crmlib.exams.exports.qti12 import qti12
from crmlib.exams.paper import Paper

KIND = {"mcq": "multiple_choice_question", "tf": "true_false_question", "num": "numerical_question"}


def compare(made: Paper) -> None:
    suffix, content = qti12(made)
    assert suffix == "qti12.zip"
    read = reader.read(content)
    assert [one.id for one in read] == [safe_id(made, q) for q in made.questions]
    with speaking(made.lang):
        for place, (one, q) in enumerate(zip(read, made.questions, strict=True), 1):
            assert one.title == (f"第 {place} 题" if made.lang == "zh" else f"Question {place}")
            assert one.facts == want.facts(q)
            assert (one.kind, one.points) == (KIND.get(q.kind, "essay_question"), q.points)
            assert one.asked == want.asked(q)
            assert one.general == want.general(q)
            if q.kind == "mcq":
                assert one.options == [want.all_meant(option) for option in q.options]
            if q.kind == "tf":
                truths = ["对 (True)", "错 (False)"] if made.lang == "zh" else ["True", "False"]
                assert one.options == [want.all_meant(truth) for truth in truths]
            if q.kind in ("mcq", "tf"):
                want.check_choice(one, q)
            if q.kind == "num":
                want.check_number(one, q, replies=False)
                assert want.distractors(q) in one.grade("31415926")[1]
                assert want.distractors(q) not in one.grade(one.key)[1]


def test_every_field_survives(lang: str) -> None:
    compare(want.hostile_paper(lang))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(want.any_texts)
def test_any_text_survives(several: tuple[str, ...]) -> None:
    compare(want.paper_of("en", several, 1))


@pytest.mark.shared(2)
def test_the_whole_bank_survives(lang: str) -> None:
    compare(want.whole_bank(lang))


def test_canvas_is_told_title_points_time_and_what_each_section_asks(lang: str) -> None:
    made = want.paper_of(lang, ("**do** \\( x \\)",), 1)
    told = reader.about(qti12(made)[1])
    assert told["title"] == f"{made.title} A"
    assert (float(told["points_possible"]), float(told["time_limit"])) == (made.points, 90)
    assert (told["quiz_type"], told["shuffle_answers"]) == ("assignment", "true")
    asked = [block for part in made.parts for block in ((("stress", part.title),), rich.meant(part.instructions))]
    assert rich.html(told["description"]) == asked


def test_two_languages_and_two_forms_overwrite_nothing_of_each_other() -> None:
    papers = [want.paper_of("en", ("a",), 1), want.paper_of("zh", ("a",), 1)]
    papers.append(Paper(papers[0].title, "B", "en", 90, "8", papers[0].parts))
    idents = []
    for made in papers:
        files = reader.unpacked(qti12(made)[1])
        parts = [part for root in files.values() for part in root.iter()]
        idents.append({part.attrib["ident"] for part in parts if part.tag.endswith("}item")})
    assert not idents[0] & idents[1] and not idents[0] & idents[2] and not idents[1] & idents[2]


def test_the_same_paper_gives_the_same_bytes(lang: str) -> None:
    made = want.hostile_paper(lang)
    assert EXPORTS["qti"](made) == EXPORTS["qti"](want.hostile_paper(lang))

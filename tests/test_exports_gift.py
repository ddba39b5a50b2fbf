"""Does every field that GIFT has survive in a paper's GIFT file, as read by a parser that others wrote?"""

import pytest
from hypothesis import HealthCheck, given, settings
from readers import found as want
from readers import gift as reader

from crmlib.core.i18n import speaking
from crmlib.exams.exports import EXPORTS
from crmlib.exams.paper import Paper

KIND = {"mcq": "MC", "tf": "TF", "num": "Numerical"}


def compare(made: Paper) -> None:
    [(suffix, content)] = EXPORTS["gift"](made)
    assert suffix == "gift.txt"
    read = {one.id: one for one in reader.read(content)}
    assert sorted(read) == sorted(q.id for q in made.questions)
    with speaking(made.lang):
        for q in made.questions:
            one = read[q.id]
            assert one.kind == KIND.get(q.kind, "Essay")
            assert one.asked == want.asked(q)
            assert one.general == want.general(q)
            assert one.tags == (*want.tags(q), f"points-{q.points:g}")
            if q.kind == "mcq":
                assert one.options == [want.all_meant(option) for option in q.options]
            if q.kind in ("mcq", "tf"):
                want.check_choice(one, q)
            if q.kind == "num":
                want.check_number(one, q, right=q.worked)
                assert one.distractors == [value for value, _reply in q.distractors]


def test_every_field_survives(lang: str) -> None:
    compare(want.hostile_paper(lang))


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(want.any_texts)
def test_any_text_survives(several: tuple[str, ...]) -> None:
    compare(want.paper_of("en", several, 2))


@pytest.mark.shared(2)
def test_the_whole_bank_survives(lang: str) -> None:
    compare(want.whole_bank(lang))


def test_no_text_begins_a_line_where_it_could_be_a_comment_or_a_command(lang: str) -> None:
    [(_suffix, content)] = EXPORTS["gift"](want.hostile_paper(lang))
    starts = {line[:2] for line in content.decode().split("\n") if line}
    assert starts <= {"//", "$C", "::", "=[", "~[", "=%", "##", "T#", "F#"}


def test_points_stand_in_a_comment_before_the_question(english: None) -> None:
    made = want.paper_of("en", ("a",), 1)
    lines = EXPORTS["gift"](made)[0][1].decode().split("\n")
    assert lines[0].startswith("// GIFT has no field for points")
    for q in made.questions:
        [at] = [n for n, line in enumerate(lines) if line.startswith(f"// [id:{q.id}]")]
        assert f"[tag:points-{q.points:g}]" in lines[at]
        assert lines[at - 1] == f"// Points: {q.points:g}"
        assert lines[at + 1].startswith(f"::{q.id}::")


def test_questions_lie_in_a_category_a_section(english: None) -> None:
    made = want.hostile_paper("en")
    found = reader.categories(EXPORTS["gift"](made)[0][1])
    sections = {q.id: f"plain words {n}" for n, part in enumerate(made.parts) for q in part.questions}
    assert found == {id: f"$course$/top/An exam b more A en/{one}" for id, one in sections.items()}

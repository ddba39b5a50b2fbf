"""Does every field of a paper stand in its Moodle file, and does Moodle grade by it as the bank does?"""

import pytest
from hypothesis import HealthCheck, given, settings
from readers import found as want
from readers import moodle as reader

from crmlib.core.errors import UserError
from crmlib.core.i18n import speaking
from crmlib.exams.exports import EXPORTS
from crmlib.exams.paper import Paper

KIND = {"mcq": "multichoice", "tf": "truefalse", "num": "numerical"}


def compare(made: Paper) -> None:
    [(suffix, content)] = EXPORTS["moodle"](made)
    assert suffix == "moodle.xml"
    read = {one.id: one for one in reader.read(content)}
    assert sorted(read) == sorted(q.id for q in made.questions)
    with speaking(made.lang):
        for q in made.questions:
            one = read[q.id]
            assert (one.kind, one.points) == (KIND.get(q.kind, "essay"), q.points)
            assert (one.asked, one.general) == (want.asked(q), want.general(q))
            assert one.tags == want.tags(q)
            assert one.marking == (want.marking(q) if q.rubric else [])
            assert one.hints == ([want.all_meant(hint) for hint in q.hints] if q.kind in ("mcq", "num") else [])
            if q.kind == "mcq":
                assert one.options == [want.all_meant(option) for option in q.options]
            if q.kind in ("mcq", "tf"):
                want.check_choice(one, q)
            if q.kind == "num":
                want.check_number(one, q, right=q.worked)
                assert one.distractors == [value for value, _reply in q.distractors]


def test_every_field_survives(lang: str) -> None:
    compare(want.hostile_paper(lang))


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(want.any_texts)
def test_any_text_survives(several: tuple[str, ...]) -> None:
    compare(want.paper_of("en", several, 1))


@pytest.mark.shared(2)
def test_the_whole_bank_survives(lang: str) -> None:
    compare(want.whole_bank(lang))


def test_questions_lie_in_a_category_a_section_named_by_words_alone(lang: str) -> None:
    made = want.hostile_paper(lang)
    [(_suffix, content)] = EXPORTS["moodle"](made)
    sections = {q.id: f"plain words {n}" for n, part in enumerate(made.parts) for q in part.questions}
    name = "考试 b 期末 A zh" if lang == "zh" else "An exam b more A en"
    assert dict(reader.categories(content)) == {id: f"$course$/top/{name}/{one}" for id, one in sections.items()}


def test_the_same_paper_gives_the_same_bytes(lang: str) -> None:
    assert EXPORTS["moodle"](want.hostile_paper(lang)) == EXPORTS["moodle"](want.hostile_paper(lang))


@pytest.mark.parametrize("fmt", EXPORTS)
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1f", "\ufffe"])
def test_a_character_that_no_file_may_hold_is_refused_with_its_item(english: None, fmt: str, character: str) -> None:
    with pytest.raises(UserError, match=rf"^item own.mcq_0: the character U\+{ord(character):04X} cannot be exported"):
        EXPORTS[fmt](want.paper_of("en", (f"a{character}b",), 1))

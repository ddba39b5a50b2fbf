"""Does every field of a paper survive in QTI 2.1, and does its response processing grade as the bank does?"""

import pytest
from hypothesis import HealthCheck, given, settings
from readers import found as want
from readers import others, rich
from readers import qti21 as reader

from crmlib.core.errors import UserError
from crmlib.core.i18n import speaking
from crmlib.exams.exports import EXPORTS
from crmlib.exams.exports.common import safe_id
from crmlib.exams.exports.qti21 import qti21
from crmlib.exams.paper import LABELS, Paper
from crmlib.items import prose

KIND = {"mcq": "choiceInteraction", "tf": "choiceInteraction", "num": "textEntryInteraction"}


def compare(made: Paper) -> None:
    suffix, content = qti21(made, feedback=True)
    assert suffix == "qti21-feedback.zip"
    read = reader.read(content)
    assert [one.id for one in read] == [safe_id(made, q) for q in made.questions]
    assert [one["tags"] for one in reader.known(content)] == [want.tags(q) for q in made.questions]
    with speaking(made.lang):
        for place, (one, q) in enumerate(zip(read, made.questions, strict=True), 1):
            assert one.title == (f"第 {place} 题" if made.lang == "zh" else f"Question {place}")
            assert (one.kind, one.points) == (KIND.get(q.kind, "extendedTextInteraction"), q.points)
            assert (one.asked, one.general) == (want.asked(q), want.general(q))
            assert one.marking == (want.marking(q) if q.rubric else [])
            if q.kind in ("mcq", "tf"):
                assert one.options == [want.all_meant(option) for option in q.options]
                want.check_choice(one, q)
            if q.kind == "num":
                want.check_number(one, q)
                assert one.general in one.grade(one.key)[1]
                assert one.distractors == [value for value, _reply in q.distractors]


def test_every_field_survives(lang: str) -> None:
    compare(want.hostile_paper(lang))


def no_formula(texts: tuple[str, ...]) -> bool:
    """Whether no text holds a formula: any letters are seldom LaTeX that can be written as MathML."""
    return all(run.kind != "maths" for text in texts for run in prose.runs(text))


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(want.any_texts.filter(no_formula))
def test_any_text_survives(several: tuple[str, ...]) -> None:
    compare(want.paper_of("en", several, 1))


@pytest.mark.shared(2)
def test_the_whole_bank_survives(lang: str) -> None:
    compare(want.whole_bank(lang))


def test_the_test_holds_sections_instructions_points_and_time(lang: str) -> None:
    made = want.hostile_paper(lang)
    content = qti21(made)[1]
    test = reader.test(content)
    assert test.attrib["title"] == f"{made.title} A"
    assert float(test.find("timeLimits").attrib["maxTime"]) == 90 * 60  # type: ignore[union-attr]
    assert float(test.find("outcomeDeclaration").attrib["normalMaximum"]) == made.points  # type: ignore[union-attr]
    for section, part in zip(reader.sections(content), made.parts, strict=True):
        assert section.attrib["title"] == part.title
        [told] = section.findall("rubricBlock")
        assert told.attrib["view"] == "candidate"
        assert rich.flow(told[0]) == want.all_meant(part.instructions)
        assert len(section.findall("assessmentItemRef")) == len(part.questions)


@pytest.mark.shared(2)
def test_feedback_is_there_only_where_it_is_wanted(lang: str) -> None:
    """In an exam nobody is shown, before it ends or ever, what a wrong answer shows of her."""
    made = want.hostile_paper(lang)
    [_canvas, (_name, content)] = EXPORTS["qti"](made)
    [(name, shown)] = EXPORTS["qti-feedback"](made)
    assert name == "qti21-feedback.zip"
    assert reader.control(content) == {"submissionMode": "simultaneous", "showFeedback": "false", "maxAttempts": "1"}
    assert reader.control(shown) == {"submissionMode": "individual", "showFeedback": "true", "maxAttempts": "0"}
    assert not any("modalFeedback" in part.tag for root in reader.unpacked(content).values() for part in root.iter())
    for one, q in zip(reader.read(content), made.questions, strict=True):
        assert one.grade("31415926" if q.kind == "num" else "A") == (float(q.kind != "num" and q.key == 0), [])


def test_metadata_say_how_hard_an_item_is_and_how_long_it_takes(english: None) -> None:
    made = want.hostile_paper("en")
    for one, q in zip(reader.known(qti21(made)[1]), made.questions, strict=True):
        assert one["difficulty"] == (None, "easy", "medium", "difficult")[q.difficulty]
        assert one["time"] == "PT120S"


INTERACTIONS = {"mcq": "choice", "tf": "choice", "num": "textEntry"}


@pytest.mark.shared(2)
def test_a_reader_that_others_wrote_finds_every_key_option_and_reply(lang: str) -> None:
    for made in (want.hostile_paper(lang), want.whole_bank(lang)):
        found = others.items(qti21(made, feedback=True)[1])
        assert list(found) == sorted(safe_id(made, q) for q in made.questions)
        for q in made.questions:
            one = found[safe_id(made, q)]
            [interaction], response = one.interactions, one.response_decls["RESPONSE"]
            assert interaction.kind == INTERACTIONS.get(q.kind, "extendedText")
            assert [choice.identifier for choice in interaction.choices] == list(LABELS[: len(q.options)])
            if q.kind == "num":
                assert [float(key) for key in response.correct_values] == [q.key]
            else:
                assert response.correct_values == ([LABELS[int(q.key)]] if q.key is not None else [])
            replies = sum(bool(reply) for reply in (*q.replies, *(reply for _value, reply in q.distractors)))
            assert len(one.feedback) == replies + 1, "each reply, and the solution or source"


def test_a_formula_is_mathml_that_holds_its_symbols_as_characters(english: None) -> None:
    made = want.paper_of("en", (r"\( 2 < \frac{a}{b} \times \text{x < y <b>} \)",), 1)
    files = reader.unpacked(qti21(made)[1])
    item = next(root for name, root in files.items() if "mcq" in name)
    formula = next(item.iter(f"{reader.MATHML}math"))
    assert [(rich.local(part), part.text) for part in formula.iter() if part.text] == [
        ("mn", "2"),
        ("mo", "<"),
        ("mi", "a"),
        ("mi", "b"),
        ("mo", "×"),
        ("mtext", "x\u00a0<\u00a0y\u00a0<b>"),
    ]


def test_a_formula_that_cannot_be_read_is_refused_with_its_item(english: None) -> None:
    with pytest.raises(UserError, match=r"^item own.mcq_0: the formula “x\^” cannot be written as MathML; mend it"):
        qti21(want.paper_of("en", (r"\( x^ \)",), 1))

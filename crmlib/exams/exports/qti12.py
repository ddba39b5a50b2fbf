"""Papers as QTI 1.2 in the dialect of Canvas, packed as Canvas packs its own.

Canvas takes every condition on a number for a right answer, whatever it earns. Distractors are therefore no conditions
here: their replies stand in the feedback on a wrong answer. Canvas has no field for those who mark, and students see
all others, so that model answers are left out. Canvas knows true and false by these English words in the options.
"""

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.exams.exports.common import (
    asked,
    called,
    check,
    distractors,
    document,
    exact,
    facts,
    fills,
    held,
    mark,
    node,
    number,
    paragraphs,
    plain_line,
    safe_id,
    solution,
    web,
    with_fields,
    words,
)
from crmlib.exams.paper import Paper, Part, Question
from crmlib.support.files import zipped

KINDS = {
    "mcq": "multiple_choice_question",
    "multi": "multiple_answers_question",
    "tfc": "essay_question",
    "fill": "fill_in_multiple_blanks_question",
    "match": "matching_question",
    "tf": "true_false_question",
    "num": "numerical_question",
    "short": "essay_question",
    "essay": "essay_question",
    "case": "essay_question",
    "term": "essay_question",
}
"""What Canvas calls a kind of question."""
QTI = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
PACKAGE = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
CANVAS = "http://canvas.instructure.com/xsd/cccv1p0"
OPTIONED = ("mcq", "multi", "tf")
"""Kinds whose options have replies of their own."""
FIRST_OPTION = 1000
"""Canvas keeps the identifiers of options only if they are numbers."""


def holds(q: Question) -> bool:
    """Say whether Canvas knows the kind of question; it has no ordering."""
    return q.kind in KINDS


def qti12(paper: Paper) -> tuple[str, bytes]:
    """Return a paper as a zip that Canvas imports as one quiz."""
    paper = held(paper, holds)
    check(paper)
    name = f"quiz-{mark(paper)}"
    with i18n.speaking(paper.lang):
        items = [one for part in paper.parts for one in _section(paper, part)]
        files = {
            "imsmanifest.xml": document(_manifest(name)),
            f"{name}/{name}.xml": document(_assessment(paper, name, items)),
            f"{name}/assessment_meta.xml": document(_about(paper, name)),
        }
    return "qti12.zip", zipped(files)


def _manifest(name: str) -> ET.Element:
    about = f"{name}/assessment_meta.xml"
    quiz = [node("file", href=f"{name}/{name}.xml"), node("dependency", identifierref=f"{name}-meta")]
    kind = "associatedcontent/imscc_xmlv1p1/learning-application-resource"
    resources = [
        node("resource", quiz, identifier=name, type="imsqti_xmlv1p2"),
        node("resource", [node("file", href=about)], identifier=f"{name}-meta", type=kind, href=about),
    ]
    metadata = [node("schema", "IMS Content"), node("schemaversion", "1.1.3")]
    parts = [node("metadata", metadata), node("organizations"), node("resources", resources)]
    return node("manifest", parts, identifier=f"{name}-manifest", xmlns=PACKAGE)


def _about(paper: Paper, name: str) -> ET.Element:
    told = [
        paragraphs([f"<strong>{words(part.title)}</strong>", web(part.instructions)])
        for part in paper.parts
        if part.instructions
    ]
    fields = {
        "title": f"{paper.title} {paper.label}".strip(),
        "description": "".join(told),
        "shuffle_answers": "true",
        "scoring_policy": "keep_highest",
        "quiz_type": "assignment",
        "points_possible": number(paper.points),
        "time_limit": number(paper.minutes),
        "allowed_attempts": "1",
    }
    return node("quiz", [node(tag, text) for tag, text in fields.items()], identifier=name, xmlns=CANVAS)


def _assessment(paper: Paper, name: str, items: Iterable[ET.Element]) -> ET.Element:
    known = _facts({"cc_maxattempts": "1"})
    section = node("section", items, ident="root_section")
    title = f"{paper.title} {paper.label}".strip()
    return node("questestinterop", [node("assessment", [known, section], ident=name, title=title)], xmlns=QTI)


def _facts(known: dict[str, str]) -> ET.Element:
    found = [
        node("qtimetadatafield", [node("fieldlabel", label), node("fieldentry", entry)])
        for label, entry in known.items()
    ]
    return node("qtimetadata", found)


def _section(paper: Paper, part: Part) -> Iterator[ET.Element]:
    """Yield the questions of a section; those of a pool in a group of which Canvas draws some for each student."""
    places = {q.id: place for place, q in enumerate(paper.questions, 1)}
    items = [_item(paper, part, q, places[q.id]) for q in part.questions]
    if not part.pick:
        yield from items
        return
    each = node("selection_extension", [node("points_per_item", number(part.questions[0].points))])
    chosen = node("selection_ordering", [node("selection", [node("selection_number", str(part.pick)), each])])
    ident = f"pool-{safe_id(paper, part.questions[0])}"
    yield node("section", [chosen, *items], ident=ident, title=called(places[part.questions[0].id]))


def _item(paper: Paper, part: Part, q: Question, place: int) -> ET.Element:
    known = facts(q) | {
        "question_type": KINDS[q.kind],
        "points_possible": number(q.points),
        "question_bank": f"{paper.title} {paper.label} {part.title}".replace("  ", " "),
        "assessment_question_identifierref": f"{safe_id(paper, q)}-bank",
    }
    if q.options and not q.in_words:
        known["original_answer_ids"] = ",".join(_options(q))
    said = {ident: html for ident, html in _feedback(q) if html}
    parts = [
        node("itemmetadata", [_facts(known)]),
        node("presentation", [_material(_asked(q)), *_responses(q)]),
        node("resprocessing", [_score(), *_conditions(q, said)]),
        *(node("itemfeedback", [node("flow_mat", [_material(html)])], ident=ident) for ident, html in said.items()),
    ]
    return node("item", parts, ident=safe_id(paper, q), title=called(place))


def _options(q: Question) -> dict[str, str]:
    """Return the options by their identifiers; of a statement by the words that Canvas looks for."""
    truths = [word if _(word) == word else f"{_(word)} ({word})" for word in ("True", "False")]
    options = truths if q.kind == "tf" else q.options
    return {str(FIRST_OPTION + place): option for place, option in enumerate(options)}


def _material(html: str) -> ET.Element:
    return node("material", [node("mattext", html, texttype="text/html")])


def _asked(q: Question) -> str:
    """Return what is asked; Canvas finds the blanks by their names in brackets."""
    return with_fields(asked(q, web), lambda place: f"[{_blank(place)}]") if q.kind == "fill" else asked(q, web)


def _blank(place: int) -> str:
    return f"blank{place + 1}"


def _responses(q: Question) -> list[ET.Element]:
    """Return what is answered: of a text each blank, of pairs each left side, of all others one thing."""
    if q.kind == "fill":
        return [_of_blank(q, place) for place in range(len(q.accept))]
    if q.kind == "match":
        return [
            node("response_lid", [_material(web(left)), _choices(_options(q), plain=True)], ident=f"response_{n}")
            for n, left in enumerate(q.lefts, 1)
        ]
    return [_response(q)]


def _of_blank(q: Question, place: int) -> ET.Element:
    name = node("material", [node("mattext", _blank(place))])
    fitting = {f"{FIRST_OPTION * (place + 1) + n}": text for n, text in enumerate(fills(q, place))}
    return node("response_lid", [name, _choices(fitting, plain=True)], ident=f"response_{_blank(place)}")


def _choices(options: Mapping[str, str], plain: bool = False) -> ET.Element:
    """Return the options under a response; what Canvas shows in a list, or compares, is plain text."""
    shown = {ident: _words(text) if plain else _material(web(text)) for ident, text in options.items()}
    return node("render_choice", [node("response_label", [one], ident=ident) for ident, one in shown.items()])


def _words(text: str) -> ET.Element:
    return node("material", [node("mattext", plain_line(text), texttype="text/plain")])


def _response(q: Question) -> ET.Element:
    if q.options and not q.in_words:
        many = "Multiple" if q.kind == "multi" else "Single"
        return node("response_lid", [_choices(_options(q))], ident="response1", rcardinality=many)
    label = node("response_label", ident="answer1")
    field = node("render_fib", [label], fibtype="Decimal") if q.kind == "num" else node("render_fib", [label])
    return node("response_str", [field], ident="response1", rcardinality="Single")


def _feedback(q: Question) -> Iterator[tuple[str, str]]:
    """Yield each feedback with the name by which Canvas knows what it is to."""
    yield "general_fb", solution(q, web)
    if q.kind in OPTIONED:
        for ident, reply in zip(_options(q), q.replies, strict=True):
            yield f"{ident}_fb", paragraphs([web(reply)])
    yield "general_incorrect_fb", distractors(q, web)


def _score() -> ET.Element:
    return node("outcomes", [node("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")])


def _conditions(q: Question, said: Iterable[str]) -> Iterator[ET.Element]:
    """Yield what is done with an answer, first what always is, last what is where nothing else was."""
    known = set(said)
    if "general_fb" in known:
        yield _condition(node("other"), "general_fb")
    for ident in _options(q):
        if f"{ident}_fb" in known:
            yield _condition(_equals(ident), f"{ident}_fb")
    if q.kind == "num":
        yield _condition(_near(q), right=True)
    elif q.kind == "multi":
        yield _condition(_all_and_no_other(q), right=True)
    elif q.kind in ("fill", "match"):
        yield from _part_by_part(q)
    elif q.key is not None and not q.in_words:
        yield _condition(_equals(str(FIRST_OPTION + int(q.key or 0))), right=True)
    if "general_incorrect_fb" in known:
        yield _condition(node("other"), "general_incorrect_fb")


def _condition(holds: ET.Element, feedback: str = "", right: bool = False) -> ET.Element:
    parts = [node("conditionvar", [holds])]
    if right:
        parts.append(node("setvar", "100", action="Set", varname="SCORE"))
    if feedback:
        parts.append(node("displayfeedback", feedbacktype="Response", linkrefid=feedback))
    return node("respcondition", parts, **{"continue": "No" if right else "Yes"})


def _all_and_no_other(q: Question) -> ET.Element:
    """Return the condition that all right options are ticked and no other."""
    ticked = [_equals(ident) for ident in _options(q)]
    tests = [one if n in q.keys else node("not", [one]) for n, one in enumerate(ticked)]
    return node("and", tests)


def _part_by_part(q: Question) -> Iterator[ET.Element]:
    """Yield what each blank or each left side adds to the score."""
    if q.kind == "fill":
        rights = {f"response_{_blank(n)}": str(FIRST_OPTION * (n + 1)) for n in range(len(q.accept))}
    else:
        rights = {f"response_{n}": str(FIRST_OPTION + key) for n, key in enumerate(q.keys, 1)}
    for response, ident in rights.items():
        condition = node("conditionvar", [node("varequal", ident, respident=response)])
        share = node("setvar", f"{100 / len(rights):.2f}", action="Add", varname="SCORE")
        yield node("respcondition", [condition, share], **{"continue": "Yes"})


def _equals(value: str, tag: str = "varequal") -> ET.Element:
    return node(tag, value, respident="response1")


def _near(q: Question) -> ET.Element:
    """Return the condition that a number is the key or no further from it than it may be."""
    key, within = exact(q.key or 0.0), exact(q.within)
    bounds = [_equals(number(key - within), "vargte"), _equals(number(key + within), "varlte")]
    return node("or", [_equals(number(key)), node("and", bounds)])

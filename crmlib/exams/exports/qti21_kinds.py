"""How each kind of question is written in QTI 2.1: what it declares as its answer, its body, and how it is scored."""

import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable, Iterator

from crmlib.exams.exports.common import Write, asked, fills, labelled, marking, node, number, off, with_fields
from crmlib.exams.paper import LABELS, Question
from crmlib.items import credit

LINES = {"tfc": "3", "term": "5", "short": "8", "essay": "20", "case": "26"}


def elements(xhtml: str) -> list[ET.Element]:
    """Return XHTML as elements; what it holds was written by this package."""
    return list(ET.fromstring(f"<div>{xhtml}</div>"))


def _inline(tag: str, xhtml: str, **attributes: str) -> ET.Element:
    """Return an element with words and elements mixed in it."""
    made = ET.fromstring(f"<{tag}>{xhtml}</{tag}>")
    made.attrib.update(attributes)
    return made


def rubric_block(xhtml: str, view: str) -> ET.Element:
    """Return what is told to those who mark, or to those who sit the exam."""
    return node("rubricBlock", elements(xhtml), view=view)


def _responds(
    kind: str,
    *right: str,
    many: str = "single",
    name: str = "RESPONSE",
    mapping: Iterable[ET.Element] = (),
) -> ET.Element:
    key = [node("correctResponse", [node("value", one) for one in right])] if right else []
    return node("responseDeclaration", [*key, *mapping], identifier=name, cardinality=many, baseType=kind)


def set_outcome(name: str, kind: str, value: str) -> ET.Element:
    """Return what sets an outcome to a value."""
    return node("setOutcomeValue", [node("baseValue", value, baseType=kind)], identifier=name)


def _given(name: str = "RESPONSE") -> ET.Element:
    return node("variable", identifier=name)


def _right(name: str = "RESPONSE") -> ET.Element:
    return node("correct", identifier=name)


def _all_right(q: Question) -> ET.Element:
    """Return what gives all points to the right answer, whatever its parts have been rounded to."""
    is_right = node("match", [_given(), _right()])
    return node("responseCondition", [node("responseIf", [is_right, set_outcome("SCORE", "float", number(q.points))])])


def _add(test: ET.Element, points: float) -> ET.Element:
    """Return what adds points where a test holds."""
    more = node("sum", [_given("SCORE"), node("baseValue", number(points), baseType="float")])
    return node("responseCondition", [node("responseIf", [test, node("setOutcomeValue", [more], identifier="SCORE")])])


# Choices


def _chosen(q: Question) -> Iterator[ET.Element]:
    yield _responds("identifier", LABELS[int(q.key or 0)])


def _ticked(q: Question) -> Iterator[ET.Element]:
    yield _responds("identifier", *(LABELS[key] for key in q.keys), many="multiple")


def _choice_body(q: Question, write: Write) -> Iterator[ET.Element]:
    yield from elements(asked(q, write))
    shuffle, most = "false" if q.kind == "tf" else "true", "0" if q.kind == "multi" else "1"
    choices = _simple(q, write)
    yield node("choiceInteraction", choices, responseIdentifier="RESPONSE", shuffle=shuffle, maxChoices=most)


def _simple(q: Question, write: Write) -> list[ET.Element]:
    return [_inline("simpleChoice", write(text), identifier=letter) for letter, text in labelled(q.options)]


def _choice_scored(q: Question) -> Iterator[ET.Element]:
    yield _all_right(q)
    yield node("setOutcomeValue", [_given()], identifier="FEEDBACK")


def _several_scored(q: Question) -> Iterator[ET.Element]:
    """Yield how several options are scored: all points, half of them without a wrong one, or none."""
    letters = [letter for n, (letter, _text) in enumerate(labelled(q.options)) if n not in q.keys]
    wrong = [node("member", [node("baseValue", one, baseType="identifier"), _given()]) for one in letters]
    part = node("not", [node("or", [node("isNull", [_given()]), *wrong])])
    half = credit.earned(q.points, credit.HALF)
    whole = _all_right(q)
    whole.append(node("responseElseIf", [part, set_outcome("SCORE", "float", number(half))]))
    yield whole
    yield node("setOutcomeValue", [_given()], identifier="FEEDBACK")


# An order, pairs


def _ordered(q: Question) -> Iterator[ET.Element]:
    yield _responds("identifier", *(LABELS[key] for key in q.keys), many="ordered")


def _part(q: Question, parts: int) -> float:
    """Return what one of so many parts earns, to the millionth; a rule of its own gives the whole for all of them."""
    return round(q.points / parts, 6)


def _order_body(q: Question, write: Write) -> Iterator[ET.Element]:
    yield from elements(asked(q, write))
    yield node("orderInteraction", _simple(q, write), responseIdentifier="RESPONSE", shuffle="false")


def _order_scored(q: Question) -> Iterator[ET.Element]:
    """Yield how an order is scored, place by place."""
    for place, key in enumerate(q.keys, 1):
        at = node("index", [_given()], n=str(place))
        wanted = node("baseValue", LABELS[key], baseType="identifier")
        yield _add(node("match", [at, wanted]), _part(q, len(q.keys)))
    yield _all_right(q)


def _paired(q: Question) -> Iterator[ET.Element]:
    pairs = [f"L{n} {LABELS[key]}" for n, key in enumerate(q.keys, 1)]
    each = number(_part(q, len(q.keys)))
    entries = [node("mapEntry", mapKey=pair, mappedValue=each) for pair in pairs]
    mapping = node("mapping", entries, defaultValue="0", lowerBound="0", upperBound=number(q.points))
    yield _responds("directedPair", *pairs, many="multiple", mapping=[mapping])


def _pairs_body(q: Question, write: Write) -> Iterator[ET.Element]:
    yield from elements(asked(q, write))
    lefts = [(f"L{n}", left, "1") for n, left in enumerate(q.lefts, 1)]
    rights = [(letter, text, "0") for letter, text in labelled(q.options)]
    sets = [
        node(
            "simpleMatchSet",
            [
                _inline("simpleAssociableChoice", write(text), identifier=name, matchMax=most)
                for name, text, most in one
            ],
        )
        for one in (lefts, rights)
    ]
    many = str(len(q.lefts))
    yield node("matchInteraction", sets, responseIdentifier="RESPONSE", shuffle="false", maxAssociations=many)


def _pairs_scored(q: Question) -> Iterator[ET.Element]:
    yield node("setOutcomeValue", [node("mapResponse", identifier="RESPONSE")], identifier="SCORE")
    yield _all_right(q)


# Blanks


def _blanks(q: Question) -> Iterator[ET.Element]:
    each = number(_part(q, len(q.accept)))
    for place in range(len(q.accept)):
        texts = fills(q, place)
        entries = [node("mapEntry", mapKey=text, mappedValue=each, caseSensitive="false") for text in texts]
        yield _responds("string", texts[0], name=_blank(place), mapping=[node("mapping", entries, defaultValue="0")])


def _blank(place: int) -> str:
    return f"RESPONSE{place + 1}"


def _blanks_body(q: Question, write: Write) -> list[ET.Element]:
    def field(place: int) -> str:
        return f'<textEntryInteraction responseIdentifier="{_blank(place)}" expectedLength="24"/>'

    return elements(with_fields(asked(q, write), field))


def _blanks_scored(q: Question) -> Iterator[ET.Element]:
    mapped = [node("mapResponse", identifier=_blank(place)) for place in range(len(q.accept))]
    yield node("setOutcomeValue", [node("sum", mapped)], identifier="SCORE")
    tests = [node("match", [_given(_blank(n)), _right(_blank(n))]) for n in range(len(q.accept))]
    all_points = set_outcome("SCORE", "float", number(q.points))
    yield node("responseCondition", [node("responseIf", [node("and", tests), all_points])])


# Numbers


def _numeric(q: Question) -> Iterator[ET.Element]:
    yield _responds("float", number(q.key or 0.0))


def _number_body(q: Question, write: Write) -> Iterator[ET.Element]:
    yield from elements(asked(q, write))
    yield node("p", [node("textEntryInteraction", responseIdentifier="RESPONSE", expectedLength="12")])


def _number_scored(q: Question) -> Iterator[ET.Element]:
    """Yield how a number is scored: the key first, then each distractor."""
    branches = [node("responseIf", [_near(_right(), q.within), set_outcome("SCORE", "float", number(q.points))])]
    for place, (value, _reply) in enumerate(q.distractors, 1):
        distractor = node("baseValue", number(value), baseType="float")
        found = set_outcome("FEEDBACK", "identifier", f"trap-{place}")
        branches.append(node("responseElseIf", [_near(distractor, off(q, value)), found]))
    yield node("responseCondition", branches)


def _near(target: ET.Element, within: float) -> ET.Element:
    if within == 0:
        return node("equal", [_given(), target], toleranceMode="exact")
    share = number(within)
    return node("equal", [_given(), target], toleranceMode="absolute", tolerance=f"{share} {share}")


# Words


def _worded(_q: Question) -> Iterator[ET.Element]:
    yield _responds("string")


def _words_body(q: Question, write: Write) -> Iterator[ET.Element]:
    yield rubric_block(marking(q, write), "scorer")
    yield from elements(asked(q, write))
    yield node("extendedTextInteraction", responseIdentifier="RESPONSE", expectedLines=LINES[q.kind])


def _words_scored(_q: Question) -> tuple[ET.Element, ...]:
    return ()


Parts = tuple[
    Callable[[Question], Iterable[ET.Element]],
    Callable[[Question, Write], Iterable[ET.Element]],
    Callable[[Question], Iterable[ET.Element]],
]
_CHOICE: Parts = (_chosen, _choice_body, _choice_scored)
_WORDS: Parts = (_worded, _words_body, _words_scored)
KINDS: dict[str, Parts] = {
    "mcq": _CHOICE,
    "multi": (_ticked, _choice_body, _several_scored),
    "tf": _CHOICE,
    "tfc": _WORDS,
    "fill": (_blanks, _blanks_body, _blanks_scored),
    "order": (_ordered, _order_body, _order_scored),
    "match": (_paired, _pairs_body, _pairs_scored),
    "num": (_numeric, _number_body, _number_scored),
    "short": _WORDS,
    "essay": _WORDS,
    "case": _WORDS,
    "term": _WORDS,
}
"""How a kind of question declares its response, what stands in it, and how it is scored."""

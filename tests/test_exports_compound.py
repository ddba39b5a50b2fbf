"""Questions with several parts in every format: read by readers of their own, and graded as each platform would."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from html import unescape
from itertools import count, cycle
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from readers import anki as anki_reader
from readers import found as want
from readers import gift as gift_reader
from readers import others, rich
from readers.archive import bare, only, unpacked
from readers.rich import all_meant

from crmlib.core.i18n import speaking
from crmlib.exams.exports import EXPORTS, left_out
from crmlib.exams.exports.common import plain_line, safe_id
from crmlib.exams.exports.qti21 import qti21
from crmlib.exams.paper import LABELS, Mark, Paper, Part, Question, question
from crmlib.items import credit, prose
from crmlib.items.bank import bank
from crmlib.items.credit import MACHINE

NEW = (*MACHINE, "tfc", "term")


def made_of(say: Callable[[], str], group: int = 0) -> Iterator[Question]:
    """Yield a question of each kind with several parts, every text of it from ``say``."""

    def common(kind: str, points: float) -> dict[str, Any]:
        known = {"id": f"own.{kind}_{group}", "kind": kind, "topic": "own", "bloom": "apply", "text": say()}
        return known | {"points": points, "minutes": 2.0, "source": say(), "hints": (say(),)}

    four = tuple(say() for _n in range(4))
    keys, replies = ((0, 2), (1, 2, 3), (0, 3))[group % 3], tuple(say() for _n in range(4))
    names = tuple("" if n in keys else f"slip_{n}" for n in range(4))
    yield Question(**common("multi", 2), options=four, keys=keys, replies=replies, misconceptions=names)
    order = ((2, 0, 3, 1), (3, 2, 1, 0), (1, 0, 3, 2))[group % 3]
    yield Question(**common("order", 4), options=four, keys=order, worked=say())
    lefts = tuple(say() for _n in range(3))
    yield Question(**common("match", 3), options=four, keys=order[:3], lefts=lefts, worked=say())
    gaps = {**common("fill", 4), "text": f"{say()} [[1]] {say()} [[2]]"}
    accept, also = (("sales", "Sales volume"), ("80%",)), (("销售",), ("80%",))
    yield Question(**gaps, accept=accept, also=also, replies=(say(), say()))
    one = {**common("fill", 2), "id": f"own.gap_{group}", "text": f"{say()} [[1]]"}
    yield Question(**one, accept=(("a~b = {c}", "#%50% x/y:"),), also=(("甲",),), replies=(say(),))
    marks = (Mark(1.0, say(), ((1.0, say()), (0.0, say()))), Mark(1.0, say()))
    truth = {"options": (say(), say()), "key": 1, "replies": (say(), say()), "misconceptions": ("slip", "")}
    yield Question(**common("tfc", 2), **truth, model=say(), rubric=marks)
    yield Question(**common("term", 4), model=say(), rubric=(Mark(2.0, say()), Mark(2.0, say())))


def paper_of(lang: str, texts: tuple[str, ...], groups: int) -> Paper:
    parts = []
    for group in range(groups):
        around, number = cycle(texts[group % len(texts) :] + texts[: group % len(texts)]), count(1)
        made = made_of(lambda around=around, number=number: f"{next(around)} ({next(number)})", group)  # type: ignore[misc]
        parts.append(Part(f"part_{group}", f"part {group}", "", tuple(made)))
    return Paper("An exam", "A", lang, 90, "7", tuple(parts))


def of_the_bank(lang: str) -> Paper:
    """Return the items of the bank with several parts on one paper, with one of each kind beside them."""
    with speaking(lang):
        asked = [question(bank(), item, n) for n, item in enumerate(bank().items.values()) if item.type in NEW]
    one = paper_of(lang, ("plain words",), 1).questions
    return Paper("All", "A", lang, 90, "7", (Part("all", "All", "", (*asked, *one)),))


def papers(lang: str) -> list[Paper]:
    return [paper_of(lang, want.HOSTILE, len(want.HOSTILE)), of_the_bank(lang)]


def answers(q: Question) -> list[Any]:
    """Return answers of all degrees: right, each right in part, wrong, none."""
    right: Any = q.right
    if q.kind == "multi":
        return [right, right[:1], right[1:], [*right, *set(range(len(q.options))) - set(right)], []]
    if q.kind == "fill":
        return [right, [known[-1] for known in q.accept], [*right[:-1], "zzz"], ["zzz"] * len(right)]
    if q.kind == "order":
        return [right, [right[1], right[0], *right[2:]], [*right[1:], right[0]]]
    spare = next(n for n in range(len(q.options)) if n != right[0])
    return [right, [None, *right[1:]], [spare, *[None] * (len(right) - 1)]]


# Moodle ---------------------------------------------------------------------------------------------------------------

CLOZE = re.compile(r"\{(?P<weight>\d+):SHORTANSWER:(?P<answers>.+?)(?<!\\)\}")
MOODLE = {"multi": "multichoice", "tfc": "essay", "fill": "cloze", "order": "ordering", "match": "matching"}
FRACTIONS = ("100", "50", "33.33333", "25", "20", "16.66667", "-100")


def _cloze(text: str) -> list[list[str]]:
    """Return what each field of a text accepts, as Moodle reads it: entities are decoded last."""
    found = []
    for field in CLOZE.finditer(text):
        texts = re.split(r"(?<!&)(?<!&amp;)~", field["answers"])
        assert all(one.startswith("=") for one in texts)
        assert not any(sign in one[1:] for one in texts for sign in "}{~%=/:\\")
        found.append([unescape(one[1:]) for one in texts])
    return found


def _grade_in_moodle(found: ET.Element, q: Question, answer: Any) -> float:
    if q.kind == "multi":
        worth = [float(one.attrib["fraction"]) for one in found.findall("answer")]
        return min(max(sum(worth[n] for n in answer) / 100, 0), 1)
    if q.kind == "fill":
        fields = _cloze(found.findtext("questiontext/text") or "")
        right = [text.casefold() in map(str.casefold, known) for text, known in zip(answer, fields, strict=True)]
        return sum(right) / len(right)
    if q.kind == "order":
        lines = [one.findtext("text") or "" for one in found.findall("answer")]
        assert [one.attrib["fraction"] for one in found.findall("answer")] == [f"{n + 1}" for n in range(len(lines))]
        assert found.findtext("gradingtype") == "ABSOLUTE_POSITION"
        shown = [rich.html(lines[q.keys.index(n)]) for n in answer]
        return sum(one == rich.html(line) for one, line in zip(shown, lines, strict=True)) / len(lines)
    pairs = [(one.findtext("text") or "", one.findtext("answer/text") or "") for one in found.findall("subquestion")]
    asked = [(rich.html(left), right) for left, right in pairs if left]
    assert [left for left, _right in asked] != [] and len(asked) == len(q.lefts)
    chosen = {str(all_meant(left)): place for left, place in zip(q.lefts, answer, strict=True)}
    right = [
        chosen[str(left)] is not None and plain_line(q.options[chosen[str(left)]]) == wanted for left, wanted in asked
    ]
    return sum(right) / len(right)


def test_moodle_grades_them_part_by_part(lang: str) -> None:
    for made in papers(lang):
        quiz = fromstring(EXPORTS["moodle"](made)[0][1])
        read = {one.findtext("idnumber"): one for one in quiz if one.attrib["type"] != "category"}
        assert set(read) == {q.id for q in made.questions}
        for q in made.questions:
            found = read[q.id]
            assert found.attrib["type"] == MOODLE.get(q.kind, "essay")
            assert {one.attrib["fraction"] for one in found.findall("answer")} <= {*FRACTIONS, *map(str, range(1, 11))}
            if q.kind in MACHINE:
                for answer in answers(q):
                    share = credit.share(q, answer)
                    wanted = len(answer) / len(q.keys) if q.kind == "multi" and share else share
                    assert _grade_in_moodle(found, q, answer) == pytest.approx(wanted, abs=1e-4), (q.id, answer)
            else:
                assert rich.html(found.findtext("graderinfo/text") or "")
                assert rich.html(found.findtext("questiontext/text") or "")[0] == all_meant(q.text)[0]


def test_moodle_weighs_blanks_in_whole_points_and_others_belong_to_nothing(english: None) -> None:
    made = paper_of("en", ("a",), 1)
    quiz = fromstring(EXPORTS["moodle"](made)[0][1])
    text = {one.findtext("idnumber"): one.findtext("questiontext/text") or "" for one in quiz}
    assert [m["weight"] for m in CLOZE.finditer(text["own.fill_0"])] == ["2", "2"]
    assert "(1) {2:SHORTANSWER:=sales~=Sales volume~=销售}" in text["own.fill_0"]
    [pairs] = [one for one in quiz if one.findtext("idnumber") == "own.match_0"]
    assert [one.findtext("text") != "" for one in pairs.findall("subquestion")] == [True, True, True, False]


# GIFT -----------------------------------------------------------------------------------------------------------------


def _decoded(text: str) -> str:
    """Return a right side as Moodle reads it; the parser leaves in it what it puts for escaped signs."""
    return re.sub(r"&&(\d{3});", lambda found: chr(int(found[1])), text)


def test_gift_is_read_by_a_parser_that_others_wrote(lang: str) -> None:
    for made in papers(lang):
        [content] = [content for _end, content in EXPORTS["gift"](made)]
        read = {one["id"]: one for one in gift_reader.parsed(content)[0] if one["type"] != "Category"}
        held = [q for q in made.questions if q.kind != "order" and len(q.accept) < 2]
        assert list(read) == [q.id for q in held]
        for q in held:
            one = read[q.id]
            if q.kind == "multi":
                assert one["type"] == "MC"
                assert [choice["weight"] > 0 for choice in one["choices"]] == [
                    n in q.keys for n in range(len(q.options))
                ]
                assert sum(choice["weight"] for choice in one["choices"] if choice["weight"] > 0) == pytest.approx(100)
                assert [rich.html(c["text"]["text"]) for c in one["choices"]] == [all_meant(o) for o in q.options]
            elif q.kind == "fill":
                assert one["type"] == "Short"
                wanted_words = dict.fromkeys([*q.accept[0], *q.also[0]])
                assert [choice["text"]["text"] for choice in one["choices"]] == list(wanted_words)
            elif q.kind == "match":
                assert one["type"] == "Matching"
                pairs = {_decoded(c["subanswer"]): rich.html(c["subquestion"]["text"]) for c in one["matchPairs"]}
                wanted = {plain_line(option): list[rich.Block]() for option in q.options}
                wanted |= {plain_line(q.options[k]): all_meant(left) for left, k in zip(q.lefts, q.keys, strict=True)}
                assert pairs == wanted
            else:
                assert one["type"] == "Essay"


# QTI 1.2 --------------------------------------------------------------------------------------------------------------


def _items_of_canvas(made: Paper) -> dict[str, ET.Element]:
    files = unpacked(EXPORTS["qti"](made)[0][1])
    [root] = [root for name, root in files.items() if name.startswith("quiz") and not name.endswith("meta.xml")]
    return {item.attrib["ident"]: item for item in bare(root).iter("item")}


def _grade_in_canvas(item: ET.Element, given: dict[str, set[str]]) -> float:
    """Carry out the response processing; what is given is the set of identifiers by response."""

    def holds(test: ET.Element) -> bool:
        if test.tag == "varequal":
            return (test.text or "") in given.get(test.attrib["respident"], set())
        if test.tag == "not":
            return not holds(test[0])
        if test.tag == "and":
            return all(map(holds, test))
        assert test.tag == "other"
        return False

    score = 0.0
    for condition in item.findall("resprocessing/respcondition"):
        change = condition.find("setvar")
        if change is not None and holds(only(condition, "conditionvar")[0]):
            worth = float(change.text or "")
            score = worth if change.attrib["action"] == "Set" else score + worth
    return round(score) / 100


@pytest.mark.shared(2)
def test_canvas_knows_them_by_their_names_and_grades_them(lang: str) -> None:
    kinds = {
        "multi": "multiple_answers_question",
        "fill": "fill_in_multiple_blanks_question",
        "match": "matching_question",
    }
    for made in papers(lang):
        items = _items_of_canvas(made)
        held = [q for q in made.questions if q.kind != "order"]
        assert list(items) == [safe_id(made, q) for q in held]
        for q in held:
            item = items[safe_id(made, q)]
            facts = {f.findtext("fieldlabel"): f.findtext("fieldentry") for f in item.iter("qtimetadatafield")}
            assert facts["question_type"] == kinds.get(q.kind, "essay_question")
            labels = {
                response.attrib["ident"]: [
                    (label.attrib["ident"], label.findtext("material/mattext") or "")
                    for label in response.iter("response_label")
                ]
                for response in item.find("presentation") or ()
                if response.tag == "response_lid"
            }
            if q.kind == "multi":
                names = [ident for ident, _text in labels["response1"]]
                for answer in answers(q):
                    wanted = float(credit.share(q, answer) == 1)
                    assert _grade_in_canvas(item, {"response1": {names[n] for n in answer}}) == wanted
            elif q.kind == "match":
                for answer in answers(q):
                    chosen = {
                        response: {shown[n][0]} if n is not None else set()
                        for (response, shown), n in zip(labels.items(), answer, strict=True)
                    }
                    assert _grade_in_canvas(item, chosen) == pytest.approx(credit.share(q, answer), abs=0.01)
            elif q.kind == "fill":
                text = only(item, "presentation/material/mattext").text or ""
                assert re.findall(r"\[(blank\d)\]", text) == [f"blank{n + 1}" for n in range(len(q.accept))]
                assert [[text for _ident, text in shown] for shown in labels.values()] == [
                    [*dict.fromkeys((*known, *other))] for known, other in zip(q.accept, q.also, strict=True)
                ]
                first = {response: {shown[0][0]} for response, shown in labels.items()}
                assert _grade_in_canvas(item, first) == 1
                assert _grade_in_canvas(item, dict(list(first.items())[1:])) == pytest.approx(
                    1 - 1 / len(first), abs=0.01
                )


# QTI 2.1 --------------------------------------------------------------------------------------------------------------


def _grade_in_qti21(item: ET.Element, given: dict[str, Any]) -> float:
    """Carry out the response processing, from the specification."""
    declared = {part.attrib["identifier"]: part for part in item.findall("responseDeclaration")}
    outcomes: dict[str, Any] = {"SCORE": 0.0}

    def correct(name: str) -> Any:
        values = [value.text or "" for value in declared[name].findall("correctResponse/value")]
        return _container(declared[name], values)

    def mapped(name: str) -> float:
        mapping = only(declared[name], "mapping")
        found = given[name] if isinstance(given[name], (list, set)) else [given[name]]
        total = 0.0
        for value in set(found):
            same = [
                entry
                for entry in mapping
                if entry.attrib["mapKey"] == value
                or (entry.get("caseSensitive") == "false" and entry.attrib["mapKey"].casefold() == value.casefold())
            ]
            total += float(same[0].attrib["mappedValue"]) if same else float(mapping.attrib["defaultValue"])
        low, high = (float(mapping.get(side, far)) for side, far in (("lowerBound", "-inf"), ("upperBound", "inf")))
        return min(max(total, low), high)

    def value(part: ET.Element) -> Any:
        if part.tag == "variable":
            return {**given, **outcomes}[part.attrib["identifier"]]
        if part.tag == "correct":
            return correct(part.attrib["identifier"])
        if part.tag == "index":
            container = value(part[0])
            place = int(part.attrib["n"]) - 1
            return container[place] if place < len(container) else None
        if part.tag == "mapResponse":
            return mapped(part.attrib["identifier"])
        if part.tag == "sum":
            return sum(float(value(one)) for one in part)
        return float(part.text or "") if part.attrib["baseType"] == "float" else part.text

    def holds(part: ET.Element) -> bool:
        if part.tag in ("and", "or"):
            return (all if part.tag == "and" else any)(map(holds, part))
        if part.tag == "not":
            return not holds(part[0])
        if part.tag == "isNull":
            return value(part[0]) in (None, "", [], set())
        if part.tag == "member":
            return value(part[0]) in value(part[1])
        assert part.tag == "match"
        return bool(value(part[0]) == value(part[1]))

    for rule in only(item, "responseProcessing"):
        if rule.tag == "setOutcomeValue":
            outcomes[rule.attrib["identifier"]] = value(rule[0])
            continue
        for branch in rule:
            if holds(branch[0]):
                for act in list(branch)[1:]:
                    outcomes[act.attrib["identifier"]] = value(act[0])
                break
    return float(outcomes["SCORE"])


def _container(declared: ET.Element, values: list[str]) -> Any:
    kinds: dict[str, Callable[[list[str]], Any]] = {"multiple": set, "ordered": list, "single": lambda v: v[0]}
    return kinds[declared.attrib["cardinality"]](values)


def _in_qti21(q: Question, answer: Any) -> dict[str, Any]:
    if q.kind == "fill":
        return {f"RESPONSE{n}": text for n, text in enumerate(answer, 1)}
    if q.kind == "match":
        pairs = {f"L{n} {LABELS[key]}" for n, key in enumerate(answer, 1) if key is not None}
        return {"RESPONSE": pairs}
    letters = [LABELS[n] for n in answer]
    return {"RESPONSE": letters if q.kind == "order" else set(letters)}


QTI21 = {"multi": "choice", "fill": "textEntry", "order": "order", "match": "match"}


@pytest.mark.shared(2)
def test_qti21_grades_them_as_the_bank_does(lang: str) -> None:
    for made in papers(lang):
        files = unpacked(qti21(made)[1])
        found = others.items(qti21(made, feedback=True)[1])
        for q in made.questions:
            item = bare(files[f"items/{safe_id(made, q)}.xml"])
            interactions = [part for part in item.iter() if part.tag.endswith("Interaction")]
            assert {part.tag for part in interactions} == {f"{QTI21.get(q.kind, 'extendedText')}Interaction"}
            declared = {part.attrib["identifier"] for part in item.findall("responseDeclaration")}
            assert {part.attrib["responseIdentifier"] for part in interactions} == declared
            kinds = [one.kind for one in found[safe_id(made, q)].interactions]
            known = [] if q.kind == "order" else [QTI21.get(q.kind, "extendedText")] * len(declared)
            assert kinds == known, "a reader that others wrote finds where it is answered; orders it does not know"
            if q.kind in MACHINE:
                for answer in answers(q):
                    points = credit.earned(q.points, credit.share(q, answer))
                    assert _grade_in_qti21(item, _in_qti21(q, answer)) == pytest.approx(points, abs=0.01), (
                        q.id,
                        answer,
                    )
            else:
                assert only(item, "itemBody/rubricBlock").attrib["view"] == "scorer"


def test_in_qti21_each_option_has_its_reply_and_order_shows_all_lines(lang: str) -> None:
    made = papers(lang)[0]
    files = unpacked(qti21(made, feedback=True)[1])
    for q in made.questions:
        item = bare(files[f"items/{safe_id(made, q)}.xml"])
        shown = {
            p.attrib["identifier"] for p in item.findall("modalFeedback") if p.attrib["outcomeIdentifier"] != "SOLUTION"
        }
        assert shown == (set(LABELS[:4]) if q.kind == "multi" else set())
        if q.kind in ("multi", "order"):
            assert [rich.flow(one) for one in item.iter("simpleChoice")] == [all_meant(o) for o in q.options]
        if q.kind == "match":
            lefts, rights = item.iter("simpleMatchSet")
            assert [rich.flow(one) for one in lefts] == [all_meant(left) for left in q.lefts]
            assert [rich.flow(one) for one in rights] == [all_meant(option) for option in q.options]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    want.any_texts.filter(lambda texts: all(r.kind != "maths" for t in texts for r in prose.runs(t))), st.integers(0, 2)
)
def test_any_text_can_be_written(several: tuple[str, ...], group: int) -> None:
    made = paper_of("en", several, group + 1)
    for fmt in ("moodle", "gift", "qti", "qti-feedback", "text", "xlsx"):
        assert EXPORTS[fmt](made)


# Cards and the layout of Chinese platforms ----------------------------------------------------------------------------


def test_chinese_platforms_get_letters_blanks_and_pairs() -> None:
    made = paper_of("zh", ("词",), 1)
    told = EXPORTS["text"](made)[0][1].decode()
    names = {"multi": "多选题", "order": "排序题", "match": "连线题", "fill": "填空题", "tfc": "判断改错题"}
    names["term"] = "名词解释"
    by_kind = {kind: next(b for b in told.split("\n\n") if f"（{name}）" in b) for kind, name in names.items()}
    assert "答案：AC" in by_kind["multi"]
    assert "答案：CADB" in by_kind["order"]
    assert "答案：1-C；2-A；3-D" in by_kind["match"]
    assert "答案：sales/Sales volume；80%" in by_kind["fill"]
    assert "(1) 词" in by_kind["match"].split("\n")[0]


def test_a_question_with_more_options_than_columns_is_left_out_and_counted(english: None) -> None:
    seven = tuple(f"line {n}" for n in range(7))
    q = Question("own.long", "order", "own", "apply", 2, 1, "?", options=seven, keys=tuple(range(7)), worked="w")
    made = Paper("P", "A", "en", 9, "1", (Part("a", "A", "", (q, *paper_of("en", ("a",), 1).questions)),))
    assert "line 1" not in EXPORTS["text"](made)[0][1].decode()
    said = "Workbook, text and Word: 1 question is left out of the file, for the format cannot hold it (Ordering)."
    assert said in list(left_out(["text"], [made, made]))


def test_what_a_platform_cannot_hold_or_marks_otherwise_is_said(english: None) -> None:
    made = [paper_of("en", ("a",), 1)]
    assert (
        "GIFT: 2 questions are left out of the file, for the format cannot hold them (Fill in the blanks, Ordering)."
        in [*left_out(["gift"], made)]
    )
    assert "QTI 1.2: 1 question is left out of the file, for the format cannot hold it (Ordering)." in [
        *left_out(["qti"], made)
    ]
    moodle = list(left_out(["moodle"], made))
    assert any("earns its share" in one for one in moodle) and any("Ordering" in one for one in moodle)
    assert not any("left out" in one for one in moodle)


def test_cards_show_what_is_asked_on_the_front_and_all_parts_on_the_back(lang: str) -> None:
    made = paper_of(lang, ("word",), 1)
    with anki_reader.collection() as into:
        assert anki_reader.take_in(into, EXPORTS["anki"](made)[0][1])["new"] == len(made.questions)
        cards = {next(kind for kind in NEW if kind in card.tags): card for card in anki_reader.cards(into)}
    for q in made.questions:
        front, back = cards[q.kind].front, cards[q.kind].back
        if q.kind in MACHINE and q.id != "own.gap_0" and q.kind != "fill":
            assert all(option in front for option in (*q.options, *q.lefts))
            assert all(one in back for one in q.answers)
            assert q.answers[0] not in front
        if q.in_words:
            assert q.model in back and q.model not in front
    assert "(1)" in cards["fill"].front and "____" in cards["fill"].front

"""A reader of QTI 1.2 in the dialect of Canvas, from the specification of its response processing."""

import xml.etree.ElementTree as ET
from functools import partial

from readers import rich
from readers.archive import bare, only, resources, unpacked
from readers.found import Found
from readers.rich import Blocks

QTI = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
ORDER = ["itemmetadata", "presentation", "resprocessing", "itemfeedback"]
FACTS = ("topic", "bloom", "kind", "difficulty", "minutes", "misconceptions")
TRUTHS = ("true", "false")
MEANING = ("correct", "wrong", "solution", "general_", "_all", "_C", "_IC")
"""Canvas takes a feedback whose name holds one of these for that of the whole question."""


def read(content: bytes) -> list[Found]:
    """Return the questions of a package, its structure checked."""
    files = unpacked(content)
    [name] = resources(files, "imsqti_xmlv1p2")
    assert files[name].tag == f"{QTI}questestinterop"
    assessment = only(bare(files[name]), "assessment")
    section = only(assessment, "section")
    assert section.attrib["ident"] == "root_section"
    items = list(section)
    assert len({item.attrib["ident"] for item in items}) == len(items)
    return [_question(item) for item in items]


def about(content: bytes) -> dict[str, str]:
    """Return what Canvas is told of the quiz."""
    files = unpacked(content)
    [name] = [name for name in files if name.endswith("assessment_meta.xml")]
    return {part.tag: part.text or "" for part in bare(files[name])}


def _facts(item: ET.Element) -> dict[str, str]:
    fields = item.findall("itemmetadata/qtimetadata/qtimetadatafield")
    return {only(one, "fieldlabel").text or "": only(one, "fieldentry").text or "" for one in fields}


def _html(element: ET.Element, path: str) -> Blocks:
    text = only(element, f"{path}/mattext")
    assert text.attrib["texttype"] == "text/html"
    return rich.html(text.text or "")


def _structure(item: ET.Element) -> None:
    tags = [part.tag for part in item]
    assert tags == sorted(tags, key=ORDER.index) and tags[:3] == ORDER[:3]
    feedback = [part.attrib["ident"] for part in item.findall("itemfeedback")]
    linked = [part.attrib["linkrefid"] for part in item.iter("displayfeedback")]
    assert sorted(feedback) == sorted(set(linked)) and len(set(feedback)) == len(feedback)
    for ident in feedback:
        assert ident in ("general_fb", "general_incorrect_fb") or not any(word in ident for word in MEANING)
    responses = [part.attrib["ident"] for part in only(item, "presentation") if part.tag.startswith("response_")]
    used = {part.attrib["respident"] for part in item.iter() if "respident" in part.attrib}
    assert len(responses) == 1 and used <= set(responses)
    labels = [part.attrib["ident"] for part in item.iter("response_label")]
    if item.find("presentation/response_lid") is not None:
        assert {part.text for part in item.iter("varequal")} <= set(labels)
        assert _facts(item)["original_answer_ids"].split(",") == [
            part.attrib["ident"] for part in item.iter("response_label")
        ]
    outcome = only(item, "resprocessing/outcomes/decvar").attrib
    assert (outcome["varname"], outcome["minvalue"], outcome["maxvalue"]) == ("SCORE", "0", "100")


def _question(item: ET.Element) -> Found:
    _structure(item)
    facts = _facts(item)
    kind = facts["question_type"]
    general = item.find("itemfeedback[@ident='general_fb']")
    found = Found(
        id=item.attrib["ident"],
        kind=kind,
        asked=_html(item, "presentation/material"),
        grade=partial(_grade, item),
        points=float(facts["points_possible"]),
        title=item.attrib["title"],
        facts={name: value for name, value in facts.items() if name in FACTS},
        general=[] if general is None else _html(general, "flow_mat/material"),
    )
    if kind in ("multiple_choice_question", "true_false_question"):
        labels = item.findall("presentation/response_lid/render_choice/response_label")
        assert only(item, "presentation/response_lid").attrib["rcardinality"] == "Single"
        found.names = [label.attrib["ident"] for label in labels]
        assert all(name.isdigit() for name in found.names)
        if kind == "true_false_question":
            _canvas_knows_true_and_false(labels)
        found.options = [_html(label, "material") for label in labels]
        [right] = [one for one in item.iter("respcondition") if one.find("setvar") is not None]
        found.key = only(right, "conditionvar/varequal").text or ""
    if kind == "numerical_question":
        assert only(item, "presentation/response_str/render_fib").attrib["fibtype"] == "Decimal"
        [right] = full_credit(item)
        found.key = only(right, "conditionvar/or/varequal").text or ""
        bounds = [float(only(right, f"conditionvar/or/and/{tag}").text or "") for tag in ("vargte", "varlte")]
        found.within = (bounds[1] - bounds[0]) / 2
    return found


def _canvas_knows_true_and_false(labels: list[ET.Element]) -> None:
    """Hold the options to what Canvas's importer looks for; otherwise it makes a choice of the statement."""
    texts = [(only(label, "material/mattext").text or "").lower() for label in labels]
    assert len(texts) == 2
    assert [word in text for word, text in zip(TRUTHS, texts, strict=True)] == [True, True]
    assert "false" not in texts[0] and "true" not in texts[1]


def full_credit(item: ET.Element) -> list[ET.Element]:
    """Return the conditions that Canvas takes for right answers: any with bounds or alternatives, whatever it sets."""
    return [
        one for one in item.iter("respcondition") if one.find(".//or") is not None or one.find(".//and") is not None
    ]


def _grade(item: ET.Element, given: str) -> tuple[float, list[Blocks]]:
    score, shown, settled = 0.0, [], False
    numeric = _facts(item)["question_type"] == "numerical_question"
    for place, condition in enumerate(item.findall("resprocessing/respcondition")):
        test = only(condition, "conditionvar")[0]
        holds = (place == 0 or not settled) if test.tag == "other" else _holds(test, given, numeric)
        if not holds:
            continue
        for change in condition.findall("setvar"):
            assert change.attrib == {"action": "Set", "varname": "SCORE"}
            score, settled = float(change.text or "") / 100, True
        for link in condition.findall("displayfeedback"):
            feedback = only(item, f"itemfeedback[@ident='{link.attrib['linkrefid']}']")
            shown.append(_html(feedback, "flow_mat/material"))
        if condition.attrib["continue"] == "No":
            break
    return score, shown


def _holds(test: ET.Element, given: str, numeric: bool) -> bool:
    if test.tag in ("and", "or"):
        return (all if test.tag == "and" else any)(_holds(part, given, numeric) for part in test)
    value = test.text or ""
    if test.tag == "varequal":
        return float(given) == float(value) if numeric else given == value
    return float(given) >= float(value) if test.tag == "vargte" else float(given) <= float(value)

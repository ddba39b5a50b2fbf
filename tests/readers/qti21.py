"""A reader of QTI 2.1, from the specification: structure, what is seen, and its response processing carried out."""

import xml.etree.ElementTree as ET
from functools import partial
from typing import Any

from readers import rich
from readers.archive import bare, only, resources, unpacked
from readers.found import Found
from readers.rich import Blocks

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
MATHML = "{http://www.w3.org/1998/Math/MathML}"
ORDER = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
BLOCKS = {"p", "table", "rubricBlock", "choiceInteraction", "extendedTextInteraction"}
NEEDED = {
    "assessmentItem": {"identifier", "title", "adaptive", "timeDependent"},
    "responseDeclaration": {"identifier", "cardinality", "baseType"},
    "outcomeDeclaration": {"identifier", "cardinality"},
    "choiceInteraction": {"responseIdentifier", "shuffle", "maxChoices"},
    "simpleChoice": {"identifier"},
    "textEntryInteraction": {"responseIdentifier"},
    "extendedTextInteraction": {"responseIdentifier"},
    "rubricBlock": {"view"},
    "modalFeedback": {"outcomeIdentifier", "identifier", "showHide"},
    "equal": {"toleranceMode"},
    "baseValue": {"baseType"},
    "setOutcomeValue": {"identifier"},
    "variable": {"identifier"},
    "correct": {"identifier"},
    "assessmentTest": {"identifier", "title"},
    "testPart": {"identifier", "navigationMode", "submissionMode"},
    "assessmentSection": {"identifier", "title", "visible"},
    "assessmentItemRef": {"identifier", "href"},
}
KINDS = ("choiceInteraction", "textEntryInteraction", "extendedTextInteraction")


def read(content: bytes) -> list[Found]:
    """Return the questions of a package in the order of its test, its structure checked."""
    files = unpacked(content)
    listed = resources(files, "imsqti_item_xmlv2p1")
    referred = [ref for section in sections(content) for ref in section.findall("assessmentItemRef")]
    assert [ref.attrib["href"] for ref in referred] == listed
    found = []
    for ref in referred:
        item = files[ref.attrib["href"]]
        assert item.tag == f"{QTI}assessmentItem"
        assert {part.tag.partition("}")[0] + "}" for part in item.iter()} <= {QTI, MATHML}
        assert item.attrib["identifier"] == ref.attrib["identifier"]
        found.append(_question(bare(item)))
    return found


def sections(content: bytes) -> list[ET.Element]:
    """Return the sections of the test."""
    control, *found = only(test(content), "testPart")
    assert control.tag == "itemSessionControl"
    return found


def control(content: bytes) -> dict[str, str]:
    """Return how an answer is handed in and whether feedback to it is shown."""
    part = only(test(content), "testPart")
    return {"submissionMode": part.attrib["submissionMode"], **only(part, "itemSessionControl").attrib}


def known(content: bytes) -> list[dict[str, Any]]:
    """Return the metadata of each item, as the manifest has them in the order of the items."""
    root = bare(unpacked(content)["imsmanifest.xml"])
    found = []
    for resource in root.iter("resource"):
        if resource.attrib["type"] == "imsqti_item_xmlv2p1":
            [lom] = [part for part in resource.iter() if part.tag == "lom"]
            words = tuple(part.text or "" for part in lom.findall("general/keyword/string"))
            found.append(
                {
                    "tags": words,
                    "difficulty": lom.findtext("educational/difficulty/value"),
                    "time": lom.findtext("educational/typicalLearningTime/duration"),
                }
            )
    return found


def test(content: bytes) -> ET.Element:
    """Return the test, its structure checked."""
    files = unpacked(content)
    [name] = resources(files, "imsqti_test_xmlv2p1")
    found = bare(files[name])
    assert [part.tag for part in found] == ["outcomeDeclaration", "timeLimits", "testPart", "outcomeProcessing"]
    assert only(found, "outcomeProcessing/setOutcomeValue").attrib["identifier"] == "SCORE"
    assert only(found, "outcomeProcessing/setOutcomeValue/sum/testVariables").attrib == {"variableIdentifier": "SCORE"}
    _needed(found)
    idents = [part.attrib["identifier"] for part in found.iter("assessmentItemRef")]
    assert len(set(idents)) == len(idents)
    return found


test.__test__ = False  # type: ignore[attr-defined]


def _needed(root: ET.Element) -> None:
    for part in root.iter():
        assert NEEDED.get(part.tag, set()) <= set(part.attrib), f"{part.tag}: {part.attrib}"


def _structure(item: ET.Element) -> None:
    _needed(item)
    tags = [part.tag for part in item]
    assert tags == sorted(tags, key=ORDER.index)
    assert {part.tag for part in only(item, "itemBody")} <= BLOCKS
    responses = {part.attrib["identifier"] for part in item.findall("responseDeclaration")}
    outcomes = {part.attrib["identifier"] for part in item.findall("outcomeDeclaration")}
    interactions = [part for part in item.iter() if part.tag in KINDS]
    assert {part.attrib["responseIdentifier"] for part in interactions} == responses
    assert {part.attrib["identifier"] for part in item.iter("setOutcomeValue")} <= outcomes
    assert {part.attrib["identifier"] for part in [*item.iter("variable"), *item.iter("correct")]} <= responses
    shown = [(part.attrib["outcomeIdentifier"], part.attrib["identifier"]) for part in item.findall("modalFeedback")]
    assert len(set(shown)) == len(shown) and {outcome for outcome, _value in shown} <= outcomes
    for table in item.iter("table"):
        assert [part.tag for part in table] == ["thead", "tbody"]


def _question(item: ET.Element) -> Found:
    _structure(item)
    body = only(item, "itemBody")
    interaction = next(part for part in item.iter() if part.tag in KINDS)
    blocks = [block for part in body if part.tag in ("p", "table") for block in rich.flow(_without_field(part))]
    general = item.find("modalFeedback[@outcomeIdentifier='SOLUTION']")
    points = only(item, "outcomeDeclaration[@identifier='SCORE']").attrib["normalMaximum"]
    found = Found(
        id=item.attrib["identifier"],
        title=item.attrib["title"],
        kind=interaction.tag,
        asked=blocks,
        grade=partial(_grade, item),
        points=float(points),
        general=[] if general is None else rich.flow(_as_div(general)),
        key=item.findtext("responseDeclaration/correctResponse/value") or "",
    )
    for choice in interaction.findall("simpleChoice"):
        found.names.append(choice.attrib["identifier"])
        found.options.append(rich.flow(choice))
    if interaction.tag == "textEntryInteraction":
        first, *others = list(item.iter("equal"))
        assert first[1].tag == "correct"
        found.within = _tolerance(first)
        found.distractors = [float(other[1].text or "") for other in others]
    for block in body.findall("rubricBlock"):
        assert block.attrib["view"] == "scorer"
        found.marking = rich.flow(_as_div(block))
    return found


def _as_div(element: ET.Element) -> ET.Element:
    made = ET.Element("div")
    made.extend(list(element))
    return made


def _without_field(element: ET.Element) -> ET.Element:
    return ET.Element("p") if element.find("textEntryInteraction") is not None else element


def _tolerance(equal: ET.Element) -> float:
    if equal.attrib["toleranceMode"] == "exact":
        return 0.0
    assert equal.attrib["toleranceMode"] == "absolute"
    below, above = map(float, equal.attrib["tolerance"].split())
    assert below == above
    return below


def _grade(item: ET.Element, given: str) -> tuple[float, list[Blocks]]:
    """Carry out the response processing; the share is of the points the item declares."""
    kind = only(item, "responseDeclaration").attrib["baseType"]
    outcomes = {
        part.attrib["identifier"]: part.findtext("defaultValue/value") for part in item.findall("outcomeDeclaration")
    }
    right = item.findtext("responseDeclaration/correctResponse/value") or ""

    def value(part: ET.Element) -> str:
        return {"variable": given, "correct": right}.get(part.tag, part.text or "")

    def holds(part: ET.Element) -> bool:
        if part.tag == "match":
            assert kind == "identifier"
            return value(part[0]) == value(part[1])
        assert part.tag == "equal" and kind == "float"
        return abs(float(value(part[0])) - float(value(part[1]))) <= _tolerance(part)

    def act(rule: ET.Element) -> None:
        if rule.tag == "setOutcomeValue":
            outcomes[rule.attrib["identifier"]] = value(rule[0])
            return
        assert rule.tag == "responseCondition" and rule[0].tag == "responseIf"
        for branch in rule:
            if branch.tag == "responseElse" or holds(branch[0]):
                for inner in list(branch)[branch.tag != "responseElse" :]:
                    act(inner)
                return

    for rule in only(item, "responseProcessing"):
        act(rule)
    shown = [
        rich.flow(_as_div(part))
        for part in item.findall("modalFeedback")
        if outcomes[part.attrib["outcomeIdentifier"]] == part.attrib["identifier"]
    ]
    most = float(only(item, "outcomeDeclaration[@identifier='SCORE']").attrib["normalMaximum"])
    return float(outcomes["SCORE"] or 0) / most, shown

"""Papers as QTI 2.1: a test with its sections, an item a question, formulas as MathML.

A distractor earns nothing; where feedback is wanted it has its own. The model answer with the rubric is for those who
mark and shown to nobody else. What is known of an item beside its text is learning object metadata in the manifest.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.exports.common import (
    Write,
    called,
    check,
    document,
    labelled,
    mark,
    node,
    number,
    one_line,
    paragraphs,
    safe_id,
    solution,
    stressed,
    tags,
    words,
)
from crmlib.exams.exports.qti21_kinds import KINDS, elements, rubric_block, set_outcome
from crmlib.exams.paper import Paper, Part, Question
from crmlib.items import prose
from crmlib.support.files import zipped

QTI = "http://www.imsglobal.org/xsd/imsqti_v2p1"
PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
MATHML = "http://www.w3.org/1998/Math/MathML"
ET.register_namespace("m", MATHML)
REFERENCE = re.compile("&#x([0-9A-F]+);")
"""How the MathML of a symbol is written before it is made XML."""
LOM = "http://ltsc.ieee.org/xsd/LOM"
DIFFICULTY = {1: "easy", 2: "medium", 3: "difficult"}


def qti21(paper: Paper, feedback: bool = False) -> tuple[str, bytes]:
    """Return a paper as a zip with a test and its items; with feedback it is for practice, each answer met at once."""
    check(paper)
    with i18n.speaking(paper.lang):
        items = {q: _item(paper, q, place, feedback) for place, q in enumerate(paper.questions, 1)}
        files = {f"items/{safe_id(paper, q)}.xml": document(item, indent=False) for q, item in items.items()}
        files["test.xml"] = document(_test(paper, feedback), indent=False)
    files["imsmanifest.xml"] = document(_manifest(paper))
    return f"qti21{'-feedback' if feedback else ''}.zip", zipped(files)


def _manifest(paper: Paper) -> ET.Element:
    names = {safe_id(paper, q): q for q in paper.questions}
    needed = [node("dependency", identifierref=name) for name in names]
    resources = [_resource("test", "imsqti_test_xmlv2p1", "test.xml", needed)]
    for name, q in names.items():
        one = _resource(name, "imsqti_item_xmlv2p1", f"items/{name}.xml")
        one.insert(0, node("metadata", [_known(q, i18n.TAGS[paper.lang])]))
        resources.append(one)
    metadata = [node("schema", "QTIv2.1 Package"), node("schemaversion", "1.0.0")]
    parts = [node("metadata", metadata), node("organizations"), node("resources", resources)]
    return node("manifest", parts, identifier=f"manifest-{mark(paper)}", xmlns=PACKAGE)


def _resource(name: str, kind: str, href: str, needed: Iterable[ET.Element] = ()) -> ET.Element:
    return node("resource", [node("file", href=href), *needed], identifier=name, type=kind, href=href)


def _known(q: Question, language: str) -> ET.Element:
    """Return what is known of a question as metadata: words by which it is found, difficulty and time."""
    keywords = [node("keyword", [node("string", tag, language=language)]) for tag in tags(q)]
    term = [node("source", "LOMv1.0"), node("value", DIFFICULTY[q.difficulty])] if q.difficulty else []
    time = node("typicalLearningTime", [node("duration", f"PT{number(q.minutes * 60)}S")])
    hard = [node("difficulty", term)] if term else []
    return node("lom", [node("general", keywords), node("educational", [*hard, time])], xmlns=LOM)


# The test -------------------------------------------------------------------------------------------------------------


def _test(paper: Paper, feedback: bool) -> ET.Element:
    again = {"showFeedback": "true", "maxAttempts": "0"} if feedback else {"showFeedback": "false", "maxAttempts": "1"}
    control = node("itemSessionControl", **again)
    sections = [_section(paper, part, place) for place, part in enumerate(paper.parts, 1) if part.questions]
    submitted = "individual" if feedback else "simultaneous"
    points = node("sum", [node("testVariables", variableIdentifier="SCORE")])
    parts = [
        _outcome("SCORE", "float", "0", normalMaximum=number(paper.points), normalMinimum="0"),
        node("timeLimits", maxTime=number(paper.minutes * 60)),
        node("testPart", [control, *sections], identifier="part", navigationMode="nonlinear", submissionMode=submitted),
        node("outcomeProcessing", [node("setOutcomeValue", [points], identifier="SCORE")]),
    ]
    title = f"{paper.title} {paper.label}".strip()
    return node("assessmentTest", parts, identifier=f"test-{mark(paper)}", title=title, xmlns=QTI)


def _section(paper: Paper, part: Part, place: int) -> ET.Element:
    told = [rubric_block(paragraphs([_with_mathml(part.instructions)]), "candidate")] if part.instructions else []
    picked = [node("selection", select=str(part.pick))] if part.pick else []
    names = [safe_id(paper, q) for q in part.questions]
    items = [node("assessmentItemRef", identifier=name, href=f"items/{name}.xml") for name in names]
    return node(
        "assessmentSection", [*picked, *told, *items], identifier=f"section-{place}", title=part.title, visible="true"
    )


# An item --------------------------------------------------------------------------------------------------------------


def _item(paper: Paper, q: Question, place: int, feedback: bool) -> ET.Element:
    write = _writer(q)
    response, body, process = KINDS[q.kind]
    shown = [_modal("FEEDBACK", ident, html) for ident, html in _feedback(q, write) if html]
    shown += [_modal("SOLUTION", "solution", html) for html in [solution(q, write)] if html]
    parts = [
        *response(q),
        _outcome("SCORE", "float", "0", normalMaximum=number(q.points), normalMinimum="0"),
        _outcome("FEEDBACK", "identifier", many=q.kind == "multi"),
        _outcome("SOLUTION", "identifier"),
        node("itemBody", body(q, write)),
        node("responseProcessing", [*process(q), set_outcome("SOLUTION", "identifier", "solution")]),
        *(shown if feedback else []),
    ]
    known = {"adaptive": "false", "timeDependent": "false", "xml:lang": i18n.TAGS[paper.lang]}
    return node("assessmentItem", parts, identifier=safe_id(paper, q), title=called(place), **known, xmlns=QTI)


def _writer(q: Question) -> Write:
    def write(text: str) -> str:
        try:
            return _with_mathml(text)
        except prose.FormulaError as why:
            said = _("item {id}: the formula “{latex}” cannot be written as MathML; mend it in the item.")
            raise UserError(said.format(id=q.id, latex=why)) from None

    return write


def _with_mathml(text: str) -> str:
    return prose.write(text, words, _mathml, stressed)


def _mathml(latex: str) -> str:
    formula = prose.formula(latex)
    for part in formula.iter():
        part.tag = f"{{{MATHML}}}{part.tag}"
    formula.attrib["alttext"] = one_line(latex)
    return ET.tostring(formula, encoding="unicode")


def _modal(outcome: str, ident: str, xhtml: str) -> ET.Element:
    return node("modalFeedback", elements(xhtml), outcomeIdentifier=outcome, identifier=ident, showHide="show")


def _outcome(name: str, kind: str, default: str = "", many: bool = False, **attributes: str) -> ET.Element:
    first = [node("defaultValue", [node("value", default)])] if default else []
    cardinality = "multiple" if many else "single"
    return node("outcomeDeclaration", first, identifier=name, cardinality=cardinality, baseType=kind, **attributes)


def _feedback(q: Question, write: Write) -> Iterator[tuple[str, str]]:
    """Yield each feedback with the name of what it is to: an option's letter, a distractor, all other answers."""
    for letter, reply in labelled(q.replies) if q.kind in ("mcq", "multi", "tf") else ():
        yield letter, paragraphs([write(reply)])
    for place, (_value, reply) in enumerate(q.distractors, 1):
        yield f"trap-{place}", paragraphs([write(reply)])

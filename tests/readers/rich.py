"""What a student sees of a piece of HTML or XHTML: blocks of words, stressed words and formulas.

A formula is whatever MathJax in its widest setting would take for one: within one stretch of text between two tags,
anything between ``\\( \\)``, ``\\[ \\]``, ``$$ $$`` or ``$ $``, and any ``\\begin``. What a text did not mean as a
formula and is taken for one is thus seen as a difference.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser

from crmlib.items import prose

Run = tuple[str, str]
Block = tuple[Run, ...]
Blocks = list[Block]
BLOCKS = {"p", "td", "th", "li", "div", "tr", "table", "thead", "tbody", "ul", "ol", "details", "summary"}
INLINE = {"span", "strong", "br", "math", "simpleChoice"}
FORMULA = re.compile(
    r"(?P<inline>\\\((?P<latex>.+?)\\\))|\$\$.+?\$\$|\$.+?\$|\\\[.+?\\\]|\\begin\b",
    re.DOTALL,
)
FILTERED = re.compile(r"@@|\[(sound|latex|/latex|\$|anki|tex)")
"""What Moodle and Anki look for in HTML before they read it as HTML."""
EMPTY = {"br"}


class _Tree(HTMLParser):
    """Builds a tree of HTML that closes every element it opens; anything else is an error."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = ET.TreeBuilder()
        self.open: list[str] = []
        self.builder.start("div", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {name: value or "" for name, value in attrs})
        if tag in EMPTY:
            self.builder.end(tag)
        else:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in EMPTY, f"<{tag}/> is not closed in HTML"
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"
        self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def html(text: str) -> Blocks:
    """Return what is seen of HTML."""
    assert not FILTERED.search(text), f"a platform would act on {FILTERED.search(text)}"
    reader = _Tree()
    reader.feed(text)
    reader.close()
    assert not reader.open, f"not closed: {reader.open}"
    reader.builder.end("div")
    return flow(reader.builder.close())


def flow(element: ET.Element) -> Blocks:
    """Return what is seen of an element."""
    blocks: list[list[Run]] = [[]]
    _walk(element, blocks, "text")
    return [block for found in blocks if (block := tidy(found))]


def _walk(element: ET.Element, blocks: list[list[Run]], kind: str) -> None:
    tag = local(element)
    if tag == "math":
        blocks[-1].append(("maths", element.attrib["alttext"].strip()))
        return
    if tag == "br":
        blocks[-1].append((kind, "\n"))
    if tag in BLOCKS:
        blocks.append([])
    kind = "stress" if tag == "strong" else kind
    blocks[-1] += _seen(element.text, kind)
    for child in element:
        assert local(child) in BLOCKS | INLINE, f"<{local(child)}> was not written by us"
        _walk(child, blocks, kind)
        blocks[-1] += _seen(child.tail, kind)
    if tag in BLOCKS:
        blocks.append([])


def _seen(text: str | None, kind: str) -> Iterator[Run]:
    end = 0
    for found in FORMULA.finditer(text or ""):
        yield kind, (text or "")[end : found.start()]
        yield ("maths", found["latex"].strip()) if found["inline"] else ("taken for a formula", found[0])
        end = found.end()
    yield kind, (text or "")[end:]


def local(element: ET.Element) -> str:
    """Return an element's name without its namespace."""
    return element.tag.rpartition("}")[2]


def tidy(found: Iterable[Run]) -> Block:
    """Return runs with neighbours of a kind joined and no space around them."""
    joined: list[list[str]] = []
    for kind, text in found:
        if text and joined and joined[-1][0] == kind:
            joined[-1][1] += text
        elif text:
            joined.append([kind, text])
    while joined and not (joined[0][1].strip() if joined[0][0] == "text" else True):
        joined.pop(0)
    while joined and not (joined[-1][1].strip() if joined[-1][0] == "text" else True):
        joined.pop()
    if joined and joined[0][0] == "text":
        joined[0][1] = joined[0][1].lstrip()
    if joined and joined[-1][0] == "text":
        joined[-1][1] = joined[-1][1].rstrip()
    return tuple((kind, text) for kind, text in joined)


def meant(*texts: str | Run) -> Block:
    """Return what texts of the bank mean to show in one block; a run stands for itself."""
    found: list[Run] = []
    for text in texts:
        found += [text] if isinstance(text, tuple) else [(run.kind, _lines(run)) for run in prose.runs(text)]
    return tidy(found)


def _lines(run: prose.Run) -> str:
    return re.sub(r"\r\n?|\n", " " if run.kind == "maths" else "\n", run.text)


def all_meant(*texts: str) -> Blocks:
    """Return what texts mean to show in a block each."""
    return [block for text in texts if (block := meant(text))]

"""What pandoc made of a paper, laid out for Word: sheet, fonts, tabs, tables, page numbers and the sealed edge."""

import io
from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from crmlib.exams.outline import TAB, Outline

SHEETS = {"a4": (210, 297, 1), "a3": (420, 297, 2), "b4": (364, 257, 2)}
"""Width and height in mm, and the columns of each sheet."""
GAP = 12
MARGINS = {True: (30, 16), False: (22, 22)}
"""Left and right, in mm: with the edge that is sealed and without."""
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
BEHIND = ("shd", "tblLayout", "tblCellMar", "tblLook", "tblCaption", "tblDescription")
"""Of a table in Word: its sides in the order in which their lines must be named, and what must be named after them."""
FONTS = {"ascii": "Times New Roman", "hAnsi": "Times New Roman", "cs": "Times New Roman", "eastAsia": "SimSun"}
BLACK = RGBColor(0, 0, 0)
SIZES = {"Title": 15, "Head": 14, "Heading 1": 15, "Heading 2": 12}
TWIPS = 1440 / 25.4
"""Twips in a millimetre."""
RUBRIC, GRID = 3, 11
"""How many columns a rubric has, whose widths are its own, and the table that letters are written into."""


def laid_out(made: bytes, doc: Outline) -> bytes:
    """Return a document of pandoc's as a paper is printed."""
    book = Document(io.BytesIO(made))
    _set_sheet(book, doc)
    _set_styles(book, _width(doc))
    for block in book.iter_inner_content():
        if isinstance(block, Paragraph):
            _set_tabs(block)
        else:
            _rule(block, _width(doc))
    _keep_together(list(book.iter_inner_content()))
    _number_pages(book, doc)
    if doc["sealed"]:
        _seal(book, doc)
    book.core_properties.title = doc["title"]
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def _width(doc: Outline) -> float:
    """Return how wide a column of text is, in mm."""
    width, _height, columns = SHEETS[doc["layout"]]
    return (width - sum(MARGINS[doc["sealed"]]) - GAP * (columns - 1)) / columns


def _set_sheet(book: Any, doc: Outline) -> None:
    width, height, columns = SHEETS[doc["layout"]]
    left, right = MARGINS[doc["sealed"]]
    for section in book.sections:
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.top_margin = section.bottom_margin = Mm(20)
        section.header_distance = section.footer_distance = Mm(9)
        if columns > 1:
            for old in section._sectPr.findall(qn("w:cols")):
                section._sectPr.remove(old)
            space = round(GAP * TWIPS)
            side_by_side = parse_xml(f'<w:cols {nsdecls("w")} w:num="{columns}" w:space="{space}"/>')
            section._sectPr.find(qn("w:pgMar")).addnext(side_by_side)


# Styles ---------------------------------------------------------------------------------------------------------------


def _set_styles(book: Any, width: float) -> None:
    """Write all in one Latin and one Chinese font, black; questions, options and lines as on the printed paper."""
    defaults = book.styles.element.find(qn("w:docDefaults"))
    for properties in [*defaults.iter(qn("w:rPr")), *book.styles.element.iter(qn("w:rPr"))]:
        for old in properties.findall(qn("w:rFonts")):
            properties.remove(old)
    for properties in defaults.iter(qn("w:rPr")):
        fonts = " ".join(f'w:{script}="{name}"' for script, name in FONTS.items())
        properties.insert(0, parse_xml(f"<w:rFonts {nsdecls('w')} {fonts}/>"))
    for style in book.styles:
        if style.type == 1:
            style.font.color.rgb = BLACK
            style.font.size = Pt(SIZES.get(style.name, 10.5))
            style.paragraph_format.widow_control = True
    for name in ("Title", "Head", "Heading 1", "Heading 2"):
        if name in book.styles:
            book.styles[name].font.bold, book.styles[name].font.italic = True, False
            book.styles[name].paragraph_format.keep_with_next = True
    for name, form in _formats(book):
        if name in ("Title", "Head", "Facts"):
            form.alignment, form.space_before, form.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(3), Pt(3)
        elif name == "Question":
            form.space_before, form.space_after, form.keep_together = Pt(8), Pt(2), True
        elif name in ("How", "Score"):
            form.space_before, form.space_after, form.keep_with_next = Pt(3), Pt(0), True
        elif name in ("Body Text", "First Paragraph"):
            form.space_before, form.space_after = Pt(0), Pt(3)
        elif name.startswith("Options"):
            form.space_before, form.space_after, form.keep_together = Pt(0), Pt(2), True
            form.left_indent = Mm(8)
            columns = int(name[-1])
            for place in range(1, columns):
                form.tab_stops.add_tab_stop(Mm(8 + (width - 8) * place / columns))
        elif name.startswith("Answer"):
            form.space_before = form.space_after = Pt(0)
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Mm(8)
    if "Answer Line" in book.styles:
        line = '<w:{} w:val="single" w:sz="4" w:space="0" w:color="AAAAAA"/>'
        sides = "".join(line.format(side) for side in ("bottom", "between"))
        properties = book.styles["Answer Line"].element.get_or_add_pPr()
        properties.insert_element_before(
            parse_xml(f"<w:pBdr {nsdecls('w')}>{sides}</w:pBdr>"), "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc"
        )


def _formats(book: Any) -> Iterator[tuple[str, Any]]:
    return ((style.name, style.paragraph_format) for style in book.styles if style.type == 1)


def _set_tabs(words: Paragraph) -> None:
    """Put tabs where they are meant, and boxes around the room for marks."""
    for run in words.runs:
        if _style(words) == "Score" and not run.text.strip() and run.bold:
            run.font.size = Pt(16)
            box = f'<w:bdr {nsdecls("w")} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            run._r.get_or_add_rPr().append(parse_xml(box))
        if TAB in run.text:
            run.text = run.text.replace(TAB, "\t")


# Tables ---------------------------------------------------------------------------------------------------------------


def _rule(table: Table, width: float) -> None:
    """Draw a table's lines, and let no row split."""
    lines = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="808080"/>' for side in SIDES)
    ruled = parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>")
    table._tblPr.insert_element_before(ruled, *(f"w:{name}" for name in BEHIND))
    for old in table._tblPr.findall(qn("w:tblW")):
        old.set(qn("w:type"), "dxa")
        old.set(qn("w:w"), str(round(width * TWIPS)))
    if len(table.columns) > RUBRIC:
        table.autofit = False
        for column in table.columns:
            column.width = Mm(width / len(table.columns))
        for cell in (cell for row in table.rows for cell in row.cells):
            cell.width = Mm(width / len(table.columns))
    for row in table.rows:
        row._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))


def _is_grid(table: Table) -> bool:
    """Tell whether letters are written into a table: numbers above, room below."""
    return len(table.rows) == 2 and len(table.columns) == GRID


def _keep_together(blocks: list[Paragraph | Table]) -> None:
    """Keep a question with its options and the first lines of its answer, the last lines together, and a grid."""
    for block, after in pairwise(blocks):
        if isinstance(block, Table):
            if _is_grid(block):
                _keep(words for row in block.rows for cell in row.cells for words in cell.paragraphs)
        elif _style(after).startswith("Options") or (_style(block) == "Question" and _style(after) != "Question"):
            _keep([block])
    answers = ["Answer" in _style(block) for block in blocks]
    for n, block in enumerate(blocks):
        first = answers[n] and not all(answers[max(n - 3, 0) : n])
        last = answers[n] and n + 1 < len(blocks) and answers[n + 1] and not all([*answers[n + 1 : n + 4], False][:3])
        if isinstance(block, Paragraph) and (first or last) and n + 1 < len(blocks) and answers[n + 1]:
            _keep([block])


def _keep(paragraphs: Iterable[Paragraph]) -> None:
    for words in paragraphs:
        words.paragraph_format.keep_with_next = True


def _style(block: Paragraph | Table) -> str:
    return str(block.style.name) if isinstance(block, Paragraph) and block.style else ""


# Header and footer ----------------------------------------------------------------------------------------------------


def _number_pages(book: Any, doc: Outline) -> None:
    """Put the school's line at the top of every page, at its foot the paper's name and number."""
    before, between, after = doc["words"]["page"].replace("{n}", TAB).replace("{m}", TAB).split(TAB)
    for section in book.sections:
        section.different_first_page_header_footer = doc["sealed"]
        for first in (False, True) if doc["sealed"] else (False,):
            header = section.first_page_header if first else section.header
            footer = section.first_page_footer if first else section.footer
            _centred(header, doc["header"])
            foot = _centred(footer, f"{doc['foot']}　　{before}")
            foot._p.append(_field("PAGE"))
            foot.add_run(between)
            foot._p.append(_field("NUMPAGES"))
            foot.add_run(after)


def _centred(place: Any, text: str) -> Any:
    words = place.paragraphs[0]
    words.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words.add_run(text)
    return words


def _field(code: str) -> Any:
    return parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')


def _seal(book: Any, doc: Outline) -> None:
    """Put the names and the sealed line along the left edge of the first page, written from bottom to top."""
    height = SHEETS[doc["layout"]][1] - 20
    blanks = "　　".join(f"{one['label']} {one['value'] or '_' * 18}" for one in doc["blanks"])
    dashes = "- " * 30
    cells = "".join(_upright(text) for text in (blanks, f"{dashes}{doc['words']['seal']} {dashes}"))
    twips = round(height * TWIPS)
    place = '<w:tblpPr w:horzAnchor="page" w:vertAnchor="page" w:tblpX="340" w:tblpY="567"/>'
    wide = '<w:tblW w:w="1100" w:type="dxa"/><w:tblLayout w:type="fixed"/>'
    bare = "".join(f'<w:{side} w:w="0" w:type="dxa"/>' for side in SIDES[:4])
    strip = parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>{place}{wide}<w:tblCellMar>{bare}</w:tblCellMar></w:tblPr>"
        '<w:tblGrid><w:gridCol w:w="550"/><w:gridCol w:w="550"/></w:tblGrid>'
        f'<w:tr><w:trPr><w:trHeight w:val="{twips}" w:hRule="exact"/></w:trPr>{cells}</w:tr></w:tbl>'
    )
    for section in book.sections:
        section.first_page_header._element.insert(0, strip)


def _upright(text: str) -> str:
    cell = '<w:tcPr><w:tcW w:w="550" w:type="dxa"/><w:textDirection w:val="btLr"/></w:tcPr>'
    words = f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    format_ = '<w:pPr><w:spacing w:before="0" w:after="0"/><w:jc w:val="center"/></w:pPr>'
    return f"<w:tc>{cell}<w:p>{format_}{words}</w:p></w:tc>"

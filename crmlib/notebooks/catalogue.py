"""Keep the Chinese interface text in step with the code: extract, update and compile the catalogue, or check it."""

import ast
import inspect
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from crmlib.core.i18n import LOCALE, _
from crmlib.support.files import atomic_write

KEYWORDS = {"_": None, "N_": None, "NC_": ((1, "c"), 2), "ngettext": (1, 2)}
PO = LOCALE / "zh" / "LC_MESSAGES" / "crm.po"
MO = PO.with_suffix(".mo")


def extracted() -> Catalog:
    """Return the messages that the code shows."""
    template = Catalog(project="crm-workbook", version="1", msgid_bugs_address="", charset="utf-8")
    package = Path(__file__).resolve().parent.parent
    for path in sorted(package.rglob("*.py")):
        for message, context in _marked(path.read_bytes()):
            template.add(message, None, [(path.relative_to(package).as_posix(), 0)], context=context)
    for path in sorted((package / "cli").glob("*.py")):
        for message in helps(path.read_text("utf-8")):
            template.add(message)
    return template


@cache
def _marked(source: bytes) -> tuple[tuple[str | tuple[str, ...], str | None], ...]:
    """Return what a file marks as text, each with its context; the same file is taken apart once."""
    found = extract("python", BytesIO(source), KEYWORDS)
    return tuple((message, context) for _line, message, _comments, context in found)


def helps(source: str) -> Iterator[str]:
    """Yield what the help of a command shows and no ``_()`` marks: the docstrings of commands, and each ``help=``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg == "help" and isinstance(node.value, ast.Constant):
            yield str(node.value.value)
        elif isinstance(node, ast.FunctionDef) and any(_registers(mark) for mark in node.decorator_list):
            yield inspect.cleandoc(ast.get_docstring(node) or "")


def _registers(mark: ast.expr) -> bool:
    return isinstance(mark, ast.Call) and isinstance(mark.func, ast.Attribute) and mark.func.attr == "command"


def catalogue() -> Catalog:
    """Return the Chinese catalogue as it lies in the repository."""
    with PO.open("rb") as file:
        return read_po(file, locale="zh", domain="crm")


def updated() -> Catalog:
    """Return the Chinese catalogue brought up to the code: new messages empty, dropped ones gone."""
    catalog = catalogue()
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.project, catalog.version, catalog.msgid_bugs_address, catalog.fuzzy = "crm-workbook", "1", "", False
    return catalog


def update() -> list[str]:
    """Rewrite the catalogue and compile it; return the messages that still lack a translation."""
    catalog = updated()
    atomic_write(PO, po_bytes(catalog))
    atomic_write(MO, mo_bytes(catalog))
    return untranslated(catalog)


def po_bytes(catalog: Catalog) -> bytes:
    """Return the catalogue as text, the same bytes for the same messages."""
    out = BytesIO()
    write_po(out, catalog, width=120, sort_output=True, omit_header=False, no_location=True, ignore_obsolete=True)
    lines = out.getvalue().decode().splitlines(keepends=True)
    volatile = (
        "# ",
        "#\n",
        '"POT-Creation-Date',
        '"PO-Revision-Date',
        '"Generated-By',
        '"Last-Translator',
        '"Language-Team',
    )
    return "".join(line for line in lines if not line.startswith(volatile)).encode()


def mo_bytes(catalog: Catalog) -> bytes:
    """Return the compiled catalogue, the same bytes for the same messages: Babel would date it otherwise."""
    out = BytesIO()
    undated = read_po(BytesIO(po_bytes(catalog)), locale="zh", domain="crm")
    undated.creation_date = undated.revision_date = datetime(2000, 1, 1, tzinfo=UTC)
    write_mo(out, undated)
    return out.getvalue()


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages without a translation, or with an uncertain one."""
    lacking = [m.id for m in catalog if m.id and (m.fuzzy or not m.string or not all(m.string))]
    return [id if isinstance(id, str) else id[0] for id in lacking]


def problems() -> Iterator[str]:
    """Yield a sentence for each way in which the catalogue is behind the code."""
    catalog = updated()
    if PO.read_bytes() != po_bytes(catalog):
        yield _("crm.po is behind the code; run “crm text”.")
    if MO.read_bytes() != mo_bytes(catalog):
        yield _("crm.mo is behind crm.po; run “crm text”.")
    for message in untranslated(catalog):
        yield _("Not translated: “{message}”.").format(message=message)

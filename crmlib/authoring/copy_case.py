"""A case of one's own: a copy of one there is, with its notebook, to be changed in text files alone."""

import re
from pathlib import Path

from crmlib import casebook
from crmlib.authoring.folders import NAME, whole
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.notebooks import pairs
from crmlib.support.files import folder, written


def copy(name: str, model: str) -> list[Path]:
    """Write the case ``name`` as a copy of ``model``, all of it or nothing; return its folder and its source.

    Raises:
        UserError: the name cannot be used or is taken, there is no such model, or something cannot be written.
    """
    model = casebook.named(model)
    taken, source = casebook.case(model), SOURCES / f"{casebook.CASE}{model}.md"
    out, notebook = CASEBOOK / name, SOURCES / f"{casebook.CASE}{name}.md"
    if not NAME.fullmatch(name):
        said = _("“{name}” cannot name a case: use 2 to 30 of a–z, 0–9 and _, a letter first.")
        raise UserError(said.format(name=name))
    if out.exists() or notebook.exists():
        raise UserError(_("There is a case “{name}” already; choose another name.").format(name=name))
    named = re.compile(rf'(?m)^(name: |# scenario of ){model}$|(case\("){model}(?=")')
    theirs = [path for path in taken.folder.rglob("*") if path.is_file() and path.parent.name != taken.mine.name]
    files = {out / path.relative_to(taken.folder): path for path in theirs}
    with whole() as made:
        for path, original in {**files, notebook: source}.items():
            text = original.read_text("utf-8")
            folder(path.parent)
            made.append(path)
            written(path, named.sub(rf"\g<1>\g<2>{name}", text) if path in (out / "case.yaml", notebook) else text)
        pairs.note(notebook, agreed=True)
    return [out, notebook]

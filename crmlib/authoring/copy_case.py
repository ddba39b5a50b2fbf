"""A case of one's own: a copy of one there is, with its notebook, to be changed in text files alone."""

import re
import shutil
from pathlib import Path

from crmlib import casebook
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.notebooks import pairs
from crmlib.support.files import atomic_write

NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")


def copy(name: str, model: str) -> list[Path]:
    """Write the case ``name`` as a copy of ``model``, all of it or nothing; return its folder and its source.

    Raises:
        UserError: the name cannot be used or is taken, there is no such model, or something cannot be written.
    """
    taken, source = casebook.case(model), SOURCES / f"case_{model}.md"
    folder, notebook = CASEBOOK / name, SOURCES / f"case_{name}.md"
    if not NAME.fullmatch(name):
        said = _("“{name}” cannot name a case: use 2 to 30 of a–z, 0–9 and _, a letter first.")
        raise UserError(said.format(name=name))
    if folder.exists() or notebook.exists():
        raise UserError(_("There is a case “{name}” already; choose another name.").format(name=name))
    try:
        shutil.copytree(taken.folder, folder, ignore=shutil.ignore_patterns("mine"))
        for file, old, new in (
            (folder / "case.yaml", rf"(?m)^name: {model}$", f"name: {name}"),
            (notebook, rf'(?m)^(# scenario of ){model}$|(case\("){model}(")', rf"\g<1>\g<2>{name}\g<3>"),
        ):
            text = (file if file.exists() else source).read_text("utf-8")
            atomic_write(file, re.sub(old, new, text))
    except OSError as refusal:
        shutil.rmtree(folder, ignore_errors=True)
        notebook.unlink(missing_ok=True)
        raise UserError(_("The case cannot be written: {why}.").format(why=refusal.strerror)) from None
    pairs.note(notebook, agreed=True)
    return [folder, notebook]

"""What is to be said of a user's own files, below the cell of a notebook that reads them and on pages made from it."""

import sys
from collections.abc import Sequence
from pathlib import Path

from crmlib.core.i18n import _
from crmlib.support.markup import filled

TEMPLATE = Path(__file__).with_suffix(".html")


class Remarks:
    """Sentences on how own files were read, as a box."""

    def __init__(self, notes: Sequence[str]):
        self.notes = list(notes)

    def _repr_html_(self) -> str:
        return html(self.notes)

    def __repr__(self) -> str:
        return "\n".join([heading(), *(f"- {note}" for note in self.notes)])


def heading() -> str:
    """Return what stands above the sentences."""
    return _("How your own data were read")


def html(notes: Sequence[str]) -> str:
    """Return the sentences as HTML; they may hold text from a file, which is escaped."""
    return filled(TEMPLATE, heading=heading(), notes=list(notes))


def show(notes: Sequence[str]) -> None:
    """Show the sentences below the cell that runs; nothing where there are none or no notebook."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if notes and shell is not None:
        from IPython.display import display

        display(Remarks(notes))

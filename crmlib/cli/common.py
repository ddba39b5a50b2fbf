"""What all commands share: the application they register with, and the language they speak."""

from typing import Annotated

import typer

from crmlib import i18n
from crmlib.errors import UserError
from crmlib.i18n import _

app = typer.Typer(
    add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, help="The ``crm`` command."
)
Lang = Annotated[str, typer.Option(help="zh or en; by default the language of the system")]


def speak(lang: str) -> str:
    """Speak the language asked for, or the system's."""
    if lang and lang not in i18n.LANGUAGES:
        raise UserError(_("“{lang}” is not a language of the workbook: zh or en.").format(lang=lang))
    i18n.use(lang or i18n.language())
    return i18n.language()

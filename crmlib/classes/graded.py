"""What the test cells of an assignment call: is there an answer, and how is it read.

What a student should know is shown, or raised as ``UserError``, which nbgrader counts as no marks. Whether an answer is
right is not known here: see :mod:`crmlib.classes.marking`.
"""

import math
import os
import re
from numbers import Real
from unicodedata import normalize

from IPython.core.getipython import get_ipython

from crmlib.core import i18n, numbers
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.inputs import shorten

PASSED_ON = "crm_answer"
"""Under what name the output of a test cell carries the answer as it was read."""
LETTER = re.compile(r"([A-Z])[.)、．]?")


def seen(number: int, given: object, lang: str, options: int = 0, unit: str = "") -> None:
    """Show how an answer will be read, and pass it on to whoever marks it.

    Args:
        number: of the question.
        given: what stands in the answer cell.
        lang: language to speak.
        options: how many there are to choose among; 0 where a number is asked for.
        unit: of the number asked for.

    Raises:
        UserError: there is no answer, or none that can be read; or nobody marks it although nbgrader grades.
    """
    with i18n.speaking(lang):
        value = read(number, given, options, unit)
        shown = letter(int(value)) if options else f"{value:,.12g}"
        _pass_on(_("Question {number}: your answer is read as {answer}.").format(number=number, answer=shown), value)
        if os.environ.get("NBGRADER_EXECUTION") == "autograde":  # marking puts the mark in the place of this
            raise UserError(_("Not marked: the course's nbgrader_config.py lacks the workbook's settings."))


def _pass_on(said: str, value: float) -> None:
    """Show a sentence; in a notebook its output carries the answer, unseen."""
    if shell := get_ipython():
        shell.display_pub.publish({"text/plain": said}, metadata={PASSED_ON: value})
    else:
        print(said)


def read(asked: int, given: object, options: int = 0, unit: str = "") -> float:
    """Return the number an answer stands for; for a choice the position of the option, from 0.

    Raises:
        UserError: there is no answer, or none that can be read.
    """
    if given is None or given is ... or (isinstance(given, str) and not given.strip(" .…")):
        raise UserError(_("Question {number} has not been answered.").format(number=asked))
    value = _option(given, options) if options else _number(given, unit)
    if value is None and options:
        said = _("Question {number}: “{given}” is none of the options; write a letter from “A” to “{last}” in quotes.")
        raise UserError(said.format(number=asked, given=shorten(given), last=letter(options - 1)))
    if value is None:
        said = _("Question {number}: “{given}” is not a number. Write for example 12.5.")
        raise UserError(said.format(number=asked, given=shorten(given)))
    return value


def letter(option: int) -> str:
    """Return the letter of an option, counted from 0."""
    return chr(ord("A") + option)


def _number(given: object, unit: str = "") -> float | None:
    if isinstance(given, str):
        return numbers.read(given, unit)
    if isinstance(given, bool) or not isinstance(given, Real):
        return None
    try:
        value = float(given)
    except OverflowError:
        return None
    return value if math.isfinite(value) else None


def _option(given: object, options: int) -> float | None:
    """Return the position of an option that is given by its letter, or by its number from 1."""
    if isinstance(given, str) and (said := LETTER.fullmatch(normalize("NFKC", given).strip().upper())):
        place: float | None = float(ord(said[1]) - ord("A"))
    else:
        counted = _number(given)
        place = None if counted is None else counted - 1
    return place if place in range(options) else None

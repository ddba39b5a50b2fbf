"""Text in two languages.

Every sentence shown to a user is an English msgid, wrapped in ``_()`` where it is shown or in ``N_()`` where it is
only declared (a label on a field, say) and translated later. The Chinese lives in ``locale/zh/LC_MESSAGES/crm.po``.

Which language is spoken, first match wins: what :func:`use` was told, the variable ``CRM_LANG``, the name of the
working folder (a kernel works in its notebook's folder, ``notebooks/zh`` or ``notebooks/en``), the system's locale.
Inside :func:`speaking` it is the language named there, in this thread and this task only.
"""

import locale
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path

LOCALE = Path(__file__).resolve().parent.parent / "locale"
LANGUAGES = ("zh", "en")
"""The languages of the workbook; the first is the one the course is taught in."""

TAGS = {"zh": "zh-CN", "en": "en"}
"""What a page or file says of its language (BCP 47)."""

NAMES = {"zh": "中文", "en": "English"}
"""What each language calls itself."""

_chosen: str | None = None
_for_a_while: ContextVar[str | None] = ContextVar("language", default=None)


SEPARATOR = "\x04"
"""What stands between context and message in a catalogue, by gettext's own rule."""


def NC_(context: str, message: str) -> str:  # noqa: N802  (as N_)
    """Mark a message that means several things; the context says which. It is translated as any other."""
    return f"{context}{SEPARATOR}{message}"


def N_(message: str) -> str:  # noqa: N802  (the customary gettext name)
    """Mark a message for translation where it is declared; translate it with :func:`_` where it is shown."""
    return message


def other(lang: str) -> str:
    """Return the workbook's other language."""
    return next(known for known in LANGUAGES if known != lang)


def language() -> str:
    """Return the language now spoken, ``"zh"`` or ``"en"``."""
    if chosen := _for_a_while.get() or _chosen:
        return chosen
    folder = os.path.basename(os.getcwd())  # noqa: PTH109, PTH119  (asked for every message; Path is ten times slower)
    for candidate in (os.environ.get("CRM_LANG", ""), folder):
        if candidate in LANGUAGES:
            return candidate
    return system_language()


def system_language() -> str:
    """Return the workbook's language nearest to the system's locale: Chinese for any ``zh`` locale, else English."""
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG")
    return "zh" if (spoken or locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


def use(lang: str) -> None:
    """Speak ``lang`` from here on.

    Raises:
        ValueError: the workbook does not speak that language.
    """
    global _chosen
    _chosen = _known(lang)


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """Speak ``lang`` for a while, then what was spoken before.

    Raises:
        ValueError: the workbook does not speak that language.
    """
    before = _for_a_while.get()
    _for_a_while.set(_known(lang))
    try:
        yield
    finally:
        _for_a_while.set(before)


def _known(lang: str) -> str:
    if lang not in LANGUAGES:
        raise ValueError(f"{lang!r} is not one of {', '.join(LANGUAGES)}")
    return lang


@cache
def _catalogue(lang: str) -> NullTranslations:
    return NullTranslations() if lang == "en" else translation("crm", LOCALE, [lang])


def _(message: str) -> str:
    """Translate ``message`` (an English msgid) into the language now spoken."""
    if not message:
        return ""
    return _catalogue(language()).gettext(message).rpartition(SEPARATOR)[2]


def ngettext(singular: str, plural: str, n: int) -> str:
    """Translate a message that counts something."""
    return _catalogue(language()).ngettext(singular, plural, n)


def pick(texts: Mapping[str, str]) -> str:
    """Return the text for the language now spoken from a ``{"zh": …, "en": …}`` mapping read from a file."""
    return texts[language()]

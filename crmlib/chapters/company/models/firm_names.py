"""Names of firms as people type them: the form of the company taken off, entries made for form's sake, tests."""

import re
from unicodedata import normalize

from crmlib.tables.traditional import simplified

FILLERS = {"", "-", "—", "无", "待补", "none", "n/a", "tbd", "0", "123"}
"""What people type into a field to be rid of it, as it is compared; it counts as missing."""
FORM = re.compile(r"[（(]?(有限责任公司|股份有限公司|有限公司|公司)[）)]?$|(company limited|co\.?,? ?ltd\.?)$")
TESTS = re.compile(r"测试|\btest\b|^\W*\d+\W*$", re.IGNORECASE)


def cleaned(name: str) -> str:
    """Return a firm's name without width, capitals, spaces, marks and the form of the company, in simplified Chinese.

    >>> cleaned("临江恒昌化工（有限公司）") == cleaned("临江恒昌化工有限责任公司 ")
    True
    """
    plain = _plain(name)
    return re.sub(r"[\W_]+", "", FORM.sub("", plain).strip())


def is_test(name: str) -> bool:
    """Tell whether a name was typed to try the system.

    >>> is_test("測試客戶"), is_test("123"), is_test("临江恒昌化工有限公司")
    (True, True, False)
    """
    return bool(TESTS.search(_plain(name)))


def is_filler(text: str) -> bool:
    """Tell whether a cell was filled in to be rid of it, or is empty.

    >>> is_filler("待補"), is_filler("Ｎ／Ａ"), is_filler("13912345678")
    (True, True, False)
    """
    return _plain(text) in FILLERS


def _plain(text: str) -> str:
    """Return a text as it is compared: without width and capitals, in simplified Chinese."""
    return simplified(normalize("NFKC", text)).casefold().strip()

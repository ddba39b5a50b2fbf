"""Names of firms as people type them: the form of the company taken off, entries made for form's sake, tests."""

import re
from unicodedata import normalize

FILLERS = {"", "-", "—", "无", "待补", "none", "n/a", "tbd", "0", "123"}
"""What people type into a field to be rid of it; it counts as missing."""
FORM = re.compile(r"[（(]?(有限责任公司|股份有限公司|有限公司|公司)[）)]?$|(company limited|co\.?,? ?ltd\.?)$")
TESTS = re.compile(r"测试|\btest\b|^\W*\d+\W*$", re.IGNORECASE)


def cleaned(name: str) -> str:
    """Return a firm's name without width, capitals, spaces, marks and the form of the company.

    >>> cleaned("临江恒昌化工（有限公司）") == cleaned("临江恒昌化工有限责任公司 ")
    True
    """
    plain = normalize("NFKC", name).casefold().strip()
    return re.sub(r"[\W_]+", "", FORM.sub("", plain).strip())


def is_test(name: str) -> bool:
    """Tell whether a name was typed to try the system.

    >>> is_test("测试客户"), is_test("123"), is_test("临江恒昌化工有限公司")
    (True, True, False)
    """
    return bool(TESTS.search(name))

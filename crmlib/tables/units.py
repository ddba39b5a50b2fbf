"""Units as people write them beside a column's name, and from one to another: money, shares, times."""

import re
from collections.abc import Iterable
from functools import cache
from math import log10
from typing import NamedTuple
from unicodedata import normalize

from crmlib.core.i18n import language
from crmlib.tables.dictionary import Column
from crmlib.tables.traditional import simplified

MONEY = {
    "元": (1.0, "圆 人民币 rmb cny yuan ¥"),
    "千元": (1e3, "千 k kyuan krmb kcny thousandyuan yuanthousand 1,000yuan 1000yuan thousandrmb rmbthousand '000"),
    "万元": (1e4, "万 w wan 10,000yuan 10000yuan 10kyuan 10krmb tenthousandyuan rmb10k 10k rmb10,000 10,000rmb"),
    "百万元": (1e6, "百万 million millions mn mln millionyuan yuanmillion millionrmb rmbmillion cnymillion rmbmn"),
    "千万元": (1e7, "千万 10millionyuan 10million"),
    "亿元": (1e8, "亿 100millionyuan 100million 100millionrmb rmb100million hundredmillionyuan"),
}  # fmt: skip
SHARES = {
    "1": (1.0, "比率 比例 小数 比值 ratio share fraction decimal"),
    "%": (0.01, "百分比 百分数 百分点 百分率 pct percent percentage percentagepoints inpercent perc"),
    "‰": (0.001, "千分比 permille"),
}
MINUTES = {"分钟": (1.0, "minutes minute min mins"), "小时": (60.0, "时 hours hour h"), "秒": (1 / 60, "seconds s")}
DAYS = {"天": (1.0, "日 days day"), "周": (7.0, "星期 weeks week")}
MONTHS = {"月": (1.0, "个月 months month"), "年": (12.0, "years year yrs")}
HOURS = {"小时": (1.0, "hours hour h"), "分钟": (1 / 60, "minutes minute min mins")}
SURE = 2
"""How many of the families are told by a word alone: those of money and of shares."""
VAGUE = ("k", "w", "千")
"""Short for a unit, but at the end of a name as often something else."""
FAMILIES = (MONEY, SHARES, MINUTES, HOURS, DAYS, MONTHS)

ENGLISH = {
    **{
        "元": "yuan",
        "千元": "kyuan",
        "万元": "10kyuan",
        "百万元": "million",
        "千万元": "10million",
        "亿元": "100million",
    },
    **{"分钟": "minutes", "小时": "hours", "秒": "seconds", "天": "days", "周": "weeks", "月": "months", "年": "years"},
}
"""How a unit is typed in English."""
APART = re.compile(r"[\s_\-–—/|:;,、·]+")
JOINED = re.compile(r"[%‰]|百分[比数点率]|(?:人民币)?(?:百万|千万|千|万|亿)?元|(?:百万|千万|万|亿)")
"""Units that are written right behind a name in Chinese; the others stand apart from it."""


AROUND = re.compile(
    r"(?:单位|\bunits?\b|\bin(?= ))\s*(?:[为是:]|\bis\b|\bare\b)?\s*([^()\[\]【】。\n]{1,40})", re.IGNORECASE
)
"""How a title or a note gives the unit of a whole table."""
SEVERAL = re.compile(r"[、;/]|,(?![0-9])|\band\b|和|及")

FORM = re.compile(
    r"\s*[(\[【][^()\[\]【】]*(?:题|必填|选填|可选|required|optional)[^()\[\]【】]*[)\]】]\s*$", re.IGNORECASE
)
"""What survey tools and forms say of a question in brackets, which is no unit."""


class Unit(NamedTuple):
    """A unit: its short name, and how many of the first of its family one of it is."""

    name: str
    factor: float


@cache
def _known() -> dict[str, list[tuple[int, Unit]]]:
    found: dict[str, list[tuple[int, Unit]]] = {}
    for family, units in enumerate(FAMILIES):
        for name, (factor, others) in units.items():
            for word in (name, *others.split()):
                found.setdefault(word, []).append((family, Unit(name, factor)))
    return found


def is_unit(text: str) -> bool:
    """Tell whether a text is a unit of any family, and nothing else."""
    return plain_unit(text) in _known()


def plain_unit(unit: str) -> str:
    """Return a unit without case, width, spaces and the word for unit; all dashes are one, ``%`` stays.

    >>> plain_unit("单位：万元"), plain_unit("1–10")
    ('万元', '1-10')
    """
    bare = simplified(normalize("NFKC", unit)).casefold()
    bare = re.sub(r"[\s–—−~至]", lambda sign: "" if sign[0].isspace() else "-", bare)
    bare = re.sub(r"^(单位:?|unit:?|in(?=%|\d|[a-z]*(?:yuan|million|rmb|cny|percent)))", "", bare)
    bare = re.sub(r"^(\d+-\d+)(?:分|点|points?)$", r"\1", bare)
    return bare.removeprefix("人民币") or bare


def named(header: str) -> tuple[str, str]:
    """Return a header's name and the unit it gives: in brackets, or after a dash, slash, colon or space, or joined.

    Without brackets a unit must be one of money or of shares: other words may belong to the name.

    >>> named("总资产（单位：元）"), named("debt_ratio_pct"), named("总资产亿元"), named("年销售额")
    (('总资产', '元'), ('debt_ratio', '%'), ('总资产', '亿元'), ('年销售额', ''))
    """
    whole = FORM.sub("", normalize("NFKC", header[:200])).strip()
    if bracket := re.fullmatch(r"(.+?)\s*[(\[{【]([^()\[\]{}【】]*)[)\]}】]", whole):
        return bracket[1], plain_unit(bracket[2])
    parts = [(whole[: gap.start()], whole[gap.end() :]) for gap in APART.finditer(whole) if gap.start()]
    if joined := re.fullmatch(rf"(.+?)({JOINED.pattern})", whole):
        parts.append((joined[1], joined[2]))
    for name, tail in parts:
        for family, unit in _known().get(plain_unit(tail), ()):
            if family < SURE and unit.name != "1" and plain_unit(tail) not in VAGUE:
                return name, unit.name
    return whole, ""


def money_said(texts: Iterable[str]) -> str:
    """Return the unit of money that titles or notes give for a whole table; "" if they give none, or more than one.

    >>> money_said(["对公贷款台账", "金额单位：人民币千元、%"]), money_said(["Loan book (in RMB million)"])
    ('千元', '百万元')
    """
    found = set()
    for text in texts:
        for said in AROUND.finditer(simplified(normalize("NFKC", text[:200]))):
            words = {plain_unit(word) for word in SEVERAL.split(said[1])}
            found |= {
                name for name, (_factor, others) in MONEY.items() if not words.isdisjoint((name, *others.split()))
            }
    return found.pop() if len(found) == 1 else ""


def unit_of(spec: Column) -> str:
    """Return a column's unit as :data:`FAMILIES` has it; 1 for a plain ratio, "" where nothing can be converted."""
    if spec.type != "number":
        return ""
    if spec.unit is None:
        return "1"
    if "%" in spec.unit["en"]:
        return "%"
    words = (plain_unit(text) for text in (spec.unit["zh"], spec.unit["en"]))
    return next((one.name for word in words for _family, one in _known().get(word, ())[:1]), "")


def family_of(spec: Column) -> dict[str, tuple[float, str]] | None:
    """Return the units that a column's values can be converted from, None if there are none."""
    name = unit_of(spec)
    en = spec.unit["en"] if spec.unit else ""
    known = FAMILIES if en != "hours" else (HOURS,)
    return next((units for units in known if name in units), None)


def times(said: str, spec: Column) -> float | None:
    """Return by what a number in the unit ``said`` is multiplied to be in the column's own; None: it cannot be.

    >>> from crmlib.tables.dictionary import dictionary
    >>> times("亿元", dictionary("bank_loans").columns["sales"])
    10000.0
    """
    if plain_unit(said) in own_names(spec):
        return 1.0
    family = family_of(spec)
    if family is None:
        return None
    word = plain_unit(said)
    known = {one: factor for one, (factor, others) in family.items() if word in (one, *others.split())}
    return next(iter(known.values())) / family[unit_of(spec)][0] if known else None


def spoken(unit: str) -> str:
    """Return a unit of :data:`FAMILIES` as it is typed in the language now spoken."""
    return ENGLISH.get(unit, unit) if language() == "en" else unit


def own_names(spec: Column) -> set[str]:
    """Return the unit of a column in both languages, plain."""
    return {plain_unit(unit) for unit in (spec.unit or {}).values()}


def likely(spec: Column, ratio: float) -> str:
    """Return the unit in which numbers ``ratio`` times the usual ones would be usual; "" if none would.

    Usual is: no more than 30 times apart.
    """
    family, own = family_of(spec), unit_of(spec)
    if family is None or not ratio > 0:
        return ""
    base = family[own][0]
    far = {name: abs(log10(ratio * factor / base)) for name, (factor, _others) in family.items() if name != own}
    best = min(far, key=lambda name: far[name], default="")
    return best if best and far[best] < log10(30) else ""

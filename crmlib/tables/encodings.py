"""Which encoding a text is in that has no mark and is not UTF-8: GBK, Big5, Shift-JIS or UTF-16.

Bytes of one are often valid in another, as rare signs: the one in which most signs are common is taken, and said.
"""

import re

EAST = {"gb18030": ("gb2312", 0xB0, 0xD7), "cp950": ("big5", 0xA4, 0xC6), "cp932": ("shift_jis", 0x88, 0x97)}
"""Encoding → the character set whose first level holds what is common, and its first bytes."""
SAMPLE = 60_000
"""Bytes that are looked at."""
KANA = re.compile(r"[\u3041-\u30ff]")
SIGNS = re.compile(r"[\u3000-\u303f\uff01-\uff5e\u2010-\u2026]")
LIKELY = 0.6
"""Share of common signs from which on an encoding other than GBK is believed."""
LEAD = 0.1
"""By how much it must be likelier than GBK."""


def guess(data: bytes) -> str:
    """Return the encoding of a text that is no UTF-8, "" where none fits.

    >>> guess("客户编号,企业名称".encode("gbk")), guess("客戶編號,企業名稱,統計日期".encode("big5"))
    ('gb18030', 'cp950')
    """
    shares = {encoding: share for encoding in EAST if (share := _common(data, encoding)) is not None}
    if not shares:
        return ""
    best = max(shares, key=lambda encoding: shares[encoding])
    known = shares.get("gb18030")
    if known is None:
        return best if shares[best] >= LIKELY else ""
    return best if shares[best] >= LIKELY and shares[best] >= known + LEAD else "gb18030"


def _common(data: bytes, encoding: str) -> float | None:
    """Return the share of a text's signs beyond ASCII that are common in an encoding, None where it is not in it."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    charset, first, last = EAST[encoding]
    signs = [sign for sign in text[:SAMPLE] if sign > "\x7f"]
    if not signs:
        return None
    kana = sum(bool(KANA.match(sign)) for sign in signs)
    if charset == "shift_jis" and kana * 10 < len(signs):
        return 0.0
    good = sum(bool(KANA.match(sign) or SIGNS.match(sign)) or _in_level(sign, charset, first, last) for sign in signs)
    return good / len(signs)


def _in_level(sign: str, charset: str, first: int, last: int) -> bool:
    try:
        return first <= sign.encode(charset)[0] <= last
    except UnicodeEncodeError:
        return False


def unmarked_utf16(data: bytes) -> str:
    """Return which UTF-16 a text with zero bytes is in that has no mark, "" where it is none."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        some = text[:SAMPLE]
        if re.search(r"[,;\t][^\n]*\n", some) and all(sign.isprintable() or sign in "\r\n\t\ufeff" for sign in some):
            return encoding
    return ""

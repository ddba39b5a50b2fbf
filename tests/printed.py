"""What stands where on the pages of a PDF, read with PDFium: texts, places of words, lines to write on."""

import re
from ctypes import c_double, c_uint
from dataclasses import dataclass
from functools import cached_property

import pypdfium2 as pdfium
import pypdfium2.raw as raw

PEN = 170
"""The grey of the lines on which answers are written."""


@dataclass(frozen=True)
class Spot:
    """Where something begins: its page, from the left and from the top, in points."""

    page: int
    x: float
    y: float


class Pages:
    """The pages of a PDF."""

    def __init__(self, data: bytes) -> None:
        self.book = pdfium.PdfDocument(data)
        self.sizes = [page.get_size() for page in self.book]
        self._texts = [page.get_textpage() for page in self.book]
        self.texts = [squeezed(text.get_text_bounded()) for text in self._texts]

    def __len__(self) -> int:
        return len(self.book)

    def page_of(self, text: str) -> int | None:
        """Return the page on which a text stands whole, in one piece, blanks aside."""
        wanted = squeezed(text)
        return next((n for n, found in enumerate(self.texts) if wanted in found), None)

    def spots(self, text: str) -> list[Spot]:
        """Return where a text stands, each time; its height is that of the line it stands on."""
        found = []
        for n, page in enumerate(self._texts):
            search = page.search(text, match_case=True)
            while place := search.get_next():
                x, y = c_double(), c_double()
                raw.FPDFText_GetCharOrigin(page, place[0], x, y)
                found.append(Spot(n, x.value, self.sizes[n][1] - y.value))
        return found

    def lined(self) -> list[str]:
        """Return the lines of text."""
        return [line for text in self._texts for line in text.get_text_bounded().splitlines()]

    @cached_property
    def lines(self) -> list[Spot]:
        """Return the lines to write on, in order."""
        found = []
        for n, page in enumerate(self.book):
            for part in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH]):
                left, bottom, right, top = part.get_bounds()
                shade = [c_uint() for _channel in range(4)]
                raw.FPDFPageObj_GetFillColor(part, *shade)
                if top - bottom < 2 < right - left and shade[0].value == PEN:
                    found.append(Spot(n, left, self.sizes[n][1] - top))
        return sorted(found, key=lambda spot: (spot.page, spot.y))

    def tofu(self) -> str:
        """Return the signs that no font had: they are mapped to nothing."""
        return "".join(sorted(set(re.findall("[\ufffd\ufffe\x00]", "".join(self.texts)))))


def squeezed(text: str) -> str:
    """Return a text without blanks, line breaks and hyphens, which a page may set anywhere or take for its own."""
    return re.sub(r"[\s\x02\ufffe-]+", "", text)

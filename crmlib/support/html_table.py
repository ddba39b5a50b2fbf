"""A table as HTML: the one way in which notebooks, pages and slides show a DataFrame.

One head, no empty ``<th>``, ``scope`` on every head; words to the left, numbers to the right, thousands separated; yes
and no in the language spoken; a dash for what is not known. Text is escaped. Importing this module in a kernel makes
it how a cell shows a DataFrame.
"""

import re
import sys
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import wcwidth

from crmlib.core.figures import minus
from crmlib.core.i18n import _

if TYPE_CHECKING:
    import pandas as pd

MANY, ENDS = 60, 5
"""Rows from which on only the first and the last few are shown, and how many of each."""
DIGITS = 6
"""Decimals that a figure may have."""
NARROWEST = 12.0
"""Up to this width, in em, a column of words is not made narrower than its longest text."""
NUMBER = re.compile(r"(→ )?[+\-−±]?[0-9][0-9,]*(\.[0-9]+)?%?( \([+−][0-9][0-9,.]*%\))?|[–✓]?")
YEARS = range(1900, 2101)
EMS = (0.0, 0.6, 1.0)
"""How wide a letter is, in em, by the columns it takes in a terminal."""
LEFT = ' style="text-align: left"'


def html(frame: "pd.DataFrame", caption: str = "", kind: str = "", marked: Collection[int] = ()) -> str:
    """Return a table as HTML.

    Args:
        frame: its index is shown as heads of the rows unless it only counts them; line breaks in a text are kept.
        caption: plain text, said above the table.
        kind: further classes of the ``<table>``.
        marked: numbers of rows that stand out.
    """
    shown = _ends(frame)
    counts = _counts(frame)
    places = [] if counts else [_words(shown.index.get_level_values(n)) for n in range(shown.index.nlevels)]
    cells = [_cells(shown.iloc[:, n]) for n in range(shown.shape[1])]
    corner = [] if counts else _corner(frame)
    heads = [_head(name, words, True) for name, words in zip(corner, places, strict=True)]
    heads += [_head(name, cell, not _numeric(cell)) for name, cell in zip(frame.columns, cells, strict=True)]
    columns = [[f'<th scope="row"{LEFT}>{_cell(word)}</th>' for word in words] for words in places]
    columns += [_column(cell) for cell in cells]
    kinds = [' class="changed"' if number in marked else "" for number in range(len(shown))]
    rows = [f"<tr{kind}>{''.join(row)}</tr>" for kind, row in zip(kinds, zip(*columns, strict=True), strict=True)]
    if len(shown) < len(frame):
        rows.insert(ENDS, f"<tr>{'<td>…</td>' * len(columns)}</tr>")
        rows.append(f'<tr><td colspan="{len(columns)}"{LEFT}>{_text(_rows(len(frame)))}</td></tr>')
    said = f"<caption>{_text(caption)}</caption>\n" if caption else ""
    return (
        f'<table class="{f"crm-table {kind}".strip()}">\n{said}<thead><tr>{"".join(heads)}</tr></thead>\n'
        f"<tbody>\n{chr(10).join(rows)}\n</tbody>\n</table>"
    )


def shown(value: Any) -> str:
    """Return one value as a table shows it."""
    import pandas as pd

    if isinstance(value, (list, tuple, set)):
        return _(", ").join(shown(part) for part in value)
    if value is None or value is pd.NaT or value is pd.NA or value != value:
        return "–"
    if isinstance(value, bool) or type(value).__name__ == "bool":
        return _("yes") if value else _("no")
    if isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m-%d" if value == value.normalize() else "%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return value
    text = f"{float(value):,.{DIGITS}f}"
    return text.rstrip("0").rstrip(".")


@dataclass(frozen=True)
class Said:
    """Sentences as a cell shows them: a list, or, where there are none, one that says so."""

    sentences: Sequence[str]
    otherwise: str

    def _repr_html_(self) -> str:
        if not self.sentences:
            return f'<p class="crm-nothing">{_text(self.otherwise)}</p>'
        lines = "\n".join(f"<li>{_text(sentence)}</li>" for sentence in self.sentences)
        return f"<ul>\n{lines}\n</ul>"

    def __repr__(self) -> str:
        return "\n".join(self.sentences) or self.otherwise


def _rows(count: int) -> str:
    return _("{n:,} rows in all").format(n=count)


def _ends(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return the rows that are shown."""
    import pandas as pd

    return pd.concat([frame.head(ENDS), frame.tail(ENDS)]) if len(frame) > MANY else frame


def _counts(frame: "pd.DataFrame") -> bool:
    """Tell whether the index only counts the rows."""
    return frame.index.nlevels == 1 and frame.index.name is None and frame.index.dtype.kind == "i"


def _corner(frame: "pd.DataFrame") -> list[str]:
    """Return the heads over the heads of the rows; the last one says what the columns are too."""
    names = ["" if name is None else str(name) for name in frame.index.names]
    if across := frame.columns.name:
        names[-1] = f"{names[-1]} \\ {across}" if names[-1] else str(across)
    return names


def _words(values: Any) -> list[str]:
    return [shown(value) if not isinstance(value, int) else str(value) for value in values.tolist()]


def _cells(column: "pd.Series[Any]") -> list[str]:
    """Return the texts of a column; figures have as many decimals as the one that needs most."""
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        return [shown(value) for value in column]
    known = [float(value) for value in column.dropna()]
    if known and all(value == int(value) and int(value) in YEARS for value in known if abs(value) < 1e15):
        return ["–" if pd.isna(value) else str(int(value)) for value in column]
    digits = next((d for d in range(DIGITS) if all(abs(round(v, d) - v) < 1e-9 for v in known)), DIGITS)
    return ["–" if pd.isna(value) else f"{float(value):,.{digits}f}" for value in column]


def _numeric(cells: Sequence[str]) -> bool:
    """Tell whether a column holds figures: they stand to the right."""
    return any(cells) and all(NUMBER.fullmatch(cell) for cell in cells)


def _column(cells: Sequence[str]) -> list[str]:
    style = "" if _numeric(cells) else LEFT
    return [f"<td{style}>{_cell(cell)}</td>" for cell in cells]


def _head(name: object, cells: Sequence[str], left: bool) -> str:
    """Return the head of a column, as wide as its words need; a head that says nothing is no ``<th>``."""
    if not str(name):
        return "<td></td>"
    longest = max(em(text) for cell in (str(name), *(cells if left else ())) for text in cell.split("\n"))
    width = f"min-width: {min(longest, NARROWEST):g}em"
    return f'<th scope="col" style="text-align: {"left" if left else "right"}; {width}">{_text(str(name))}</th>'


def em(text: str) -> float:
    """Return about how wide a text is, in em; an accent that is a sign of its own takes no room.

    >>> em("abc"), em("客户"), em("e\u0301")
    (1.8, 2.0, 0.6)
    """
    return round(sum(EMS[wcwidth.width(sign, control_codes="ignore")] for sign in text), 1)


def _cell(text: str) -> str:
    """Return the HTML of a cell; a number below nought has the sign of a minus."""
    return _text(minus(text) if NUMBER.fullmatch(text) else text)


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\n", "<br>")


def install() -> None:
    """Have cells show a DataFrame in this way, where a kernel runs."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None:
        shell.display_formatter.formatters["text/html"].for_type_by_name("pandas", "DataFrame", html)

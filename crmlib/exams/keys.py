"""The keys of a set of papers side by side: every form and copy a row, for whoever marks or lets a machine mark."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from crmlib.core import i18n
from crmlib.core.i18n import _
from crmlib.exams.outline import names, quick
from crmlib.exams.paper import Paper, Question
from crmlib.tables.data import csv_text


def _who(papers: Sequence[Paper]) -> dict[str, list[str]]:
    """Return the columns that say whose a paper is; those that are empty throughout are left out."""
    whose = [names(one.candidate) for one in papers]
    known = {label: [one[label] for one in whose] for label in names(None)}
    return {_("Form"): [one.label for one in papers], **{label: cells for label, cells in known.items() if any(cells)}}


def keys_csv(papers: Sequence[Paper]) -> bytes:
    """Return the keys of papers in one language as CSV, a column a question; a question answered in words is empty."""
    with i18n.speaking(papers[0].lang):
        most = max(len(one.questions) for one in papers)
        rows = [[_cell(q) for q in one.questions] + [""] * (most - len(one.questions)) for one in papers]
        asked = [n for n in range(most) if any(row[n] != "" for row in rows)]
        columns: dict[str, list[Any]] = {**_who(papers), **{str(n + 1): [row[n] for row in rows] for n in asked}}
        return csv_text(pd.DataFrame(columns, dtype=object)).encode()


def _cell(q: Question) -> str | float:
    if q.kind != "num" or q.key is None:
        return q.letter
    return q.key if q.decimals is None else round(q.key, q.decimals)


def keys_outline(papers: Sequence[Paper]) -> dict[str, Any]:
    """Return what stands in the table of keys in print: letters by fives, each number alone."""
    with i18n.speaking(papers[0].lang):
        found = [{row["numbers"]: row["keys"] for row in quick(one)} for one in papers]
        groups = list(dict.fromkeys(numbers for row in found for numbers in row))
        who = _who(papers)
        return {
            "lang": papers[0].lang,
            "title": _("{title} – table of keys").format(title=papers[0].title),
            "who": list(who),
            "groups": groups,
            "rows": [
                [*cells, *(row.get(numbers, "") for numbers in groups)]
                for cells, row in zip(zip(*who.values(), strict=True), found, strict=True)
            ],
            "page": _("Page {n} of {m}"),
        }

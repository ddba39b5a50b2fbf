"""Charts and tables of the diagnosis board."""

import numpy as np
import pandas as pd

from crmlib.chapters.company.charts.common import across, tall
from crmlib.chapters.company.models import diagnosis as model
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, safe, spec, wrapped
from crmlib.tables.data import categories, spoken


def _texts(board: model.Board, column: str) -> list[str]:
    """Return a column of names in the language now spoken; in Chinese where the file has no other."""
    return [str(text) for text in spoken(board.frame, column)]


def symptoms(d: model.Diagnosis) -> Chart:
    """How many of the remedies that a symptom needs are taken."""
    needed, taken = d.board.needs.sum(axis=1), d.taken.sum(axis=1)
    names = [wrapped(safe(text), 16) for text in _texts(d.board, "symptom")]
    done = model.headline(d)["treated"]
    drawn = spec(
        [
            across(names, needed.tolist(), _("remedies needed"), QUIET),
            across(names, taken.tolist(), _("remedies taken"), BLUE),
        ],
        _("{n:.0f} of {whole} symptoms are treated").format(n=done, whole=len(names)),
        _("Remedies"),
        "",
        xaxis_range=[0, 2.2],
        xaxis_dtick=1,
        **tall(len(names), 32),
    )
    alt = _("Two bars a symptom: hatched gray the remedies it needs, blue those that are taken.")
    return Chart(drawn, alt, lambda: table(d))


def causes(d: model.Diagnosis) -> Chart:
    """How many symptoms of each cause are left and treated."""
    known = categories("crm_diagnosis", "cause")
    cause = d.board.frame["cause"].to_numpy(object)
    open_ = model.left(d)
    left = [int((open_ & (cause == code)).sum()) for code in known]
    done = [int((~open_ & (cause == code)).sum()) for code in known]
    names = [wrapped(name, 16) for name in known.values()]
    drawn = spec(
        [across(names, left, _("still left"), ORANGE), across(names, done, _("treated"), BLUE)],
        _("{n} of {whole} causes are still at work").format(n=int(np.count_nonzero(left)), whole=len(names)),
        _("Symptoms"),
        "",
        barmode="stack",
        xaxis_range=[0, 3.2],
        xaxis_dtick=1,
        **tall(len(names)),
    )
    alt = _("A bar a cause: orange the symptoms that are left, blue those that are treated.")

    def rows() -> pd.DataFrame:
        return pd.DataFrame(
            {_("Still left"): left, _("Treated"): done}, index=pd.Index(list(known.values()), name=_("Cause"))
        )

    return Chart(drawn, alt, rows)


def board(d: model.Diagnosis) -> pd.DataFrame:
    """Return the board: symptom, what the paper says, problem, cause, remedies, and where the paper says so."""
    frame = d.board.frame
    joint = [
        model.named("remedy", one) + ("" if pd.isna(other) else _(", ") + model.named("also", other))
        for one, other in zip(frame["remedy"], frame["also"], strict=True)
    ]
    columns = {
        _("What the paper says"): _texts(d.board, "said"),
        _("Problem"): [model.named("problem", code) for code in frame["problem"]],
        _("Cause"): [model.named("cause", code) for code in frame["cause"]],
        _("Remedy"): joint,
        _("Section of the paper"): frame["section"].tolist(),
    }
    return pd.DataFrame(columns, index=pd.Index(_texts(d.board, "symptom"), name=_("Symptom")))


def table(d: model.Diagnosis) -> pd.DataFrame:
    """Return the remedies that each symptom needs, and how many of them are taken."""
    known = categories("crm_diagnosis", "remedy")
    said = [
        _(", ").join(known[name] for name, need in zip(model.REMEDIES, row, strict=True) if need)
        for row in d.board.needs
    ]
    columns = {_("Remedies needed"): said, _("Remedies taken"): d.taken.sum(axis=1)}
    return pd.DataFrame(columns, index=pd.Index(_texts(d.board, "symptom"), name=_("Symptom")))


def reach(d: model.Diagnosis) -> pd.DataFrame:
    """Return how many symptoms need each remedy, and how many it treats by itself; more software among them."""
    known, found = categories("crm_diagnosis", "remedy"), model.reach(d.board)
    rows = [(_("more software"), 0, 0)]
    rows += [(known[str(name)], int(row["needed"]), int(row["alone"])) for name, row in found.iterrows()]
    columns = [_("Remedy"), _("Symptoms that need it"), _("Treated by it alone")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])

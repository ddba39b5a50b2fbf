"""Charts of bank customer tiers."""

from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.chapters.tiers.models import tiers as model
from crmlib.core.figures import minus
from crmlib.core.i18n import N_, _, ngettext
from crmlib.core.inputs import VIEW, Inputs, setting
from crmlib.formulas.arrays import Floats, Ints
from crmlib.formulas.scores import tier_of
from crmlib.plotting.template import BLUE, ORANGE, ORDERED, QUIET
from crmlib.plotting.theme import Chart, bars, matrix, money, spec
from crmlib.tables.data import label, spoken

BIN = 2.0
"""About how many points of score a bar of the histogram is wide."""


class TierView(Inputs):
    """How the tiers are drawn; changes no figure."""

    measure: Literal["exposure", "firms"] = setting(
        "exposure", N_("Bars display"), group=VIEW, choices={"exposure": N_("exposure"), "firms": N_("firms")}
    )


def by_tier(g: model.Grading, measure: str = "exposure") -> Chart:
    """Exposure (or firms) by tier at both dates."""
    n = model.UNRATED + 1
    names = [_(p) for p in model.PLACES[:n]]
    before: Floats | Ints
    after: Floats | Ints
    if measure == "exposure":
        before = model.exposure_by_place(g.opening, g.book.opening)[:n]
        after = model.exposure_by_place(g.closing, g.book.closing)[:n]
        title = _("Restricted and exit firms hold {share:.1%} of the exposure")
        unit = _("Exposure ({unit})").format(unit=money())
    else:
        before, after = model.firms_by_place(g.opening)[:n], model.firms_by_place(g.closing)[:n]
        title = _("Restricted and exit firms are {share:.1%} of the customers")
        unit = _("Firms")
    share = after[list(model.MAY_ONLY_FALL)].sum() / max(after.sum(), 1e-9)
    dates = (g.book.opening.date, g.book.closing.date)
    drawn = spec(
        [bars(names, before, dates[0], QUIET), bars(names, after, dates[1], BLUE)],
        title.format(share=share),
        _("Tier at the date itself: firms have moved between the tiers"),
        unit,
    )
    alt = _("Two bars a tier: hatched gray at {opening}, blue at {closing}.").format(opening=dates[0], closing=dates[1])
    return Chart(drawn, alt, lambda: _table(names, _("Tier"), {dates[0]: before, dates[1]: after}))


def migration(g: model.Grading) -> Chart:
    """How firms moved between the tiers."""
    cells = model.migration(g)
    names = [_(p) for p in model.PLACES]
    up, down = model.moved(g)
    drawn = spec(
        [matrix(cells, names, names, _("from %{y} to %{x}, firms: %{customdata:,}") + "<extra></extra>")],
        ngettext(
            "{down:,} firm fell, {up:,} rose; below the diagonal they rose",
            "{down:,} firms fell, {up:,} rose; below the diagonal they rose",
            down,
        ).format(up=up, down=down),
        _("Tier at {date}").format(date=g.book.closing.date),
        _("Tier at {date}").format(date=g.book.opening.date),
        yaxis_autorange="reversed",
    )
    alt = _("Grid of the number of firms by tier at {opening} (rows) and at {closing} (columns).").format(
        opening=g.book.opening.date, closing=g.book.closing.date
    )
    return Chart(drawn, alt, lambda: _table(names, _("from \\ to"), dict(zip(names, cells.T, strict=True))))


def scores(g: model.Grading) -> Chart:
    """Distribution of the scores at the closing date; bars are cut at the cut-offs, so that each is in one tier."""
    given = g.closing.score[~np.isnan(g.closing.score)]
    cuts = g.policy.cutoffs()
    near = int((np.abs(given[:, None] - cuts) <= 1).any(axis=1).sum())
    tier = tier_of(given, cuts, g.policy.boundary)
    hover = _("{tier}, %{{customdata[0]:.1f}} to %{{customdata[1]:.1f}} points, firms: %{{customdata[2]}}")
    traces = []
    for t, (high, low) in enumerate(pairwise([100.0, *cuts.tolist(), 0.0])):
        edges = np.linspace(low, high, max(round((high - low) / BIN), 1) + 1)
        of = np.clip(np.searchsorted(edges, given[tier == t], _side(g)) - 1, 0, len(edges) - 2)
        firms = np.bincount(of, minlength=len(edges) - 1)
        wide = np.diff(edges)
        traces.append(
            bars([], firms / np.maximum(wide, 1e-9), _(model.TIERS[t]), ORDERED[t])
            | {
                "x": ((edges[:-1] + edges[1:]) / 2).tolist(),
                "width": wide.tolist(),
                "customdata": [[a, b, n] for a, b, n in zip(edges, edges[1:], firms.tolist(), strict=False)],
                "hovertemplate": hover.format(tier=_(model.TIERS[t])) + "<extra></extra>",
            }
        )
    lines = [
        {"type": "line", "x0": c, "x1": c, "y0": 0, "y1": 1, "yref": "paper", "line": {"dash": "dot", "width": 1}}
        for c in cuts.tolist()
    ]
    drawn = spec(
        traces,
        ngettext(
            "{near:,} firm scores within one point of a cut-off",
            "{near:,} firms score within one point of a cut-off",
            near,
        ).format(near=near),
        _("Score (points); dotted: the cut-offs"),
        _("Firms per point of score"),
        shapes=lines,
        barmode="overlay",
        showlegend=True,
        legend_traceorder="normal",
        xaxis_range=[0, 100],
        xaxis_tickvals=sorted({0.0, *cuts.tolist(), 100.0}),
        xaxis_showgrid=False,
    )
    alt = _("Histogram of the scores, a colour a tier; dotted lines are the cut-offs {cuts}.").format(
        cuts=_(", ").join(f"{c:g}" for c in cuts)
    )

    def table() -> pd.DataFrame:
        names = [_(t) for t in model.TIERS]
        rated = [given[tier_of(given, cuts, g.policy.boundary) == t] for t in range(len(names))]
        return _table(names, _("Tier by score alone"), {_("Firms"): [len(r) for r in rated]})

    return Chart(drawn, alt, table)


def _side(g: model.Grading) -> Literal["left", "right"]:
    """Return on which side of an edge a score equal to it is counted, as the grading does."""
    return "right" if g.policy.boundary == "upper" else "left"


def expected_loss(g: model.Grading) -> Chart:
    """Expected loss by tier."""
    names = [_(t) for t in model.TIERS]
    labels: dict[str, Any] = {"texttemplate": "%{y:,.0f}", "textposition": "outside", "textangle": 0}
    labels |= {"cliponaxis": False}
    loss = model.expected_loss(g)
    total = loss.sum()
    said = _("{share:.0%} of the expected loss comes from restricted and exit firms")
    if not total:
        said = _("No loss is expected")
    drawn = spec(
        [bars(names, loss, color=[ORANGE if t in model.MAY_ONLY_FALL else BLUE for t in range(len(names))], **labels)],
        said.format(share=loss[list(model.MAY_ONLY_FALL)].sum() / (total or 1)),
        _("Tier at {date}").format(date=g.book.closing.date),
        _("Expected loss ({unit})").format(unit=money()),
    )
    alt = _("A bar a tier; restricted and exit are orange.")
    return Chart(drawn, alt, lambda: _table(names, _("Tier"), {_("Expected loss ({unit})").format(unit=money()): loss}))


def credit_check(g: model.Grading) -> Chart:
    """The exposure of the tiers that may only fall, at both dates."""
    check = model.credit_check(g)
    names = [_(t) for t in check.index]
    broken = [n for n, kept in zip(names, check["kept"], strict=True) if not kept]
    if broken:
        title = _("The exposure grew where it may only fall: {tiers}").format(tiers=_(", ").join(broken))
    else:
        grew = int(check["grew"].sum())
        title = ngettext(
            "Both totals fell, though {n:,} firm among them grew",
            "Both totals fell, though {n:,} firms among them grew",
            grew,
        ).format(n=grew)
    dates = (g.book.opening.date, g.book.closing.date)
    rows = [f"{name}<br>{change:+,.0f}" for name, change in zip(names, check["change"], strict=True)]
    shown: dict[str, Any] = {"texttemplate": "%{y:,.0f}", "textposition": "outside", "textangle": 0}
    shown |= {"cliponaxis": False, "constraintext": "none", "textfont": {"size": 10}}  # side by side on a phone
    after = bars(names, check["closing"], dates[1], BLUE, **shown)
    after["marker"] = {"color": [BLUE if kept else ORANGE for kept in check["kept"]]}
    bound = dates[0] if g.policy.policy_date == "opening" else dates[1]
    drawn = spec(
        [bars(names, check["opening"], dates[0], QUIET, **shown), after],
        title,
        _("Tier at {date}: the same firms at both dates").format(date=bound),
        _("Exposure ({unit})").format(unit=money()),
        xaxis_tickvals=list(range(len(rows))),  # the bars keep their names, whatever changes
        xaxis_ticktext=rows,
    )
    alt = _(
        "Total exposure of the firms bound at {bound}: hatched gray at {opening}, then at {closing}, with the change; "
        "blue where it fell, orange where it grew."
    ).format(bound=bound, opening=dates[0], closing=dates[1])
    columns = {
        dates[0]: check["opening"],
        dates[1]: check["closing"],
        _("Change"): check["change"],
        _("Firms that grew"): check["grew"],
    }
    return Chart(drawn, alt, lambda: _table(names, _("Tier"), {k: v.to_numpy() for k, v in columns.items()}))


def _table(index: list[str], name: str, columns: dict[str, Any]) -> pd.DataFrame:
    whole = {k: np.round(np.asarray(v, dtype=float)).astype(np.int64) for k, v in columns.items()}
    return pd.DataFrame(whole, index=pd.Index(index, name=name))


def loan_policy() -> Any:
    """Return the loan policy of each tier, as the source states it, as Markdown."""
    index = pd.Index([_(t) for t in model.TIERS], name=_("Tier"))
    return pd.DataFrame({_("Loan policy"): [_(p) for p in model.LOAN_POLICY]}, index=index)


def violations(g: model.Grading, most: int = 10) -> pd.DataFrame:
    """Return the bound firms whose exposure grew most, in the language now spoken."""
    found = model.violations(g).head(most)
    columns = {
        _("Firm"): spoken(found, "firm_name"),
        _("Tier"): [_(t) for t in found["tier"]],
        g.book.opening.date: found["opening"].round(0).astype(int),
        g.book.closing.date: found["closing"].round(0).astype(int),
        _("Growth"): found["growth"].round(0).astype(int),
    }
    return pd.DataFrame(columns).rename_axis(_("Firm id"))


def bands() -> pd.DataFrame:
    """Return the points that each indicator earns."""
    rows = {
        label("bank_loans", name): minus(_(", ").join(f"{x:,.12g} → {p:g}" for x, p in zip(*band, strict=True)))
        for name, band in model.BANDS.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=[_("Value → points")])
    return table.rename_axis(_("Indicator"))

"""Charts and tables of the five relationship types."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.chapters.relationships.models import relationships as model
from crmlib.core.errors import UserError
from crmlib.core.i18n import N_, _, ngettext
from crmlib.core.inputs import VIEW, Inputs, setting
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Bools, Floats, Ints
from crmlib.plotting.template import BLUE, GREEN, ORANGE, QUIET, TEAL, VIOLET
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, fill, matrix, money, safe, spec
from crmlib.tables.data import spoken

COLORS = (QUIET, TEAL, VIOLET, GREEN, BLUE)
SYMBOLS = ("circle-open", "square", "triangle-up", "diamond", "star")
"""Of the five types, from basic to partnership."""
EXAMPLES = {"account": "K059"}
"""What a chart asks for beside the result, as tests that draw every chart give it."""
POINTS = 160


class RelationView(Inputs):
    """How the types are drawn; changes no figure."""

    measure: Literal["accounts", "hours", "margin"] = setting(
        "accounts",
        N_("Bars display"),
        group=VIEW,
        choices={"accounts": N_("accounts"), "hours": N_("hours a year"), "margin": N_("yearly margin")},
    )


def _types() -> list[str]:
    return [_(t) for t in model.TYPES]


def _gain() -> str:
    return _("Gain over all basic ({unit})").format(unit=money())


def _sideways(names: list[str], values: Any, name: str, color: Any, **more: Any) -> dict[str, Any]:
    """Return a trace of horizontal bars: names of types fit beside them however narrow the figure is."""
    trace = {"type": "bar", "orientation": "h", "y": names, "x": [round(float(v), 2) for v in values], "name": name}
    return trace | {"marker": fill(color)} | more


def matrix_chart(p: model.Allocation) -> Chart:
    """Kotler's matrix with the number of accounts in each cell."""
    counts = np.bincount(p.row * 3 + p.column, minlength=9).reshape(3, 3)
    types = p.policy.matrix()
    sign = "≥" if p.policy.boundary == "upper" else ">"
    rows = [_("many"), _("medium"), _("few")]
    columns = [_("high"), _("medium"), _("low")]
    borders = (p.policy.many_from, p.policy.medium_from), (p.policy.high_margin, p.policy.medium_margin)
    row_ticks, column_ticks = (
        [f"{name}<br>{sign} {border:g}" for name, border in zip(names, given, strict=False)] + names[2:]
        for names, given in zip((rows, columns), borders, strict=True)
    )
    cells = [[(_(model.TYPES[t]), n) for t, n in zip(*pair, strict=True)]
             for pair in zip(types.tolist(), counts.tolist(), strict=True)]  # fmt: skip
    text = [[f"{t}<br>{n:,}" for t, n in row] for row in cells]
    grid = matrix(counts, row_ticks, column_ticks, "%{text}<extra></extra>") | {"text": text}
    by_type = [int(counts[types == t].sum()) for t in range(len(model.TYPES))]
    drawn = spec(
        [grid],
        _("By the matrix, of all {all:,} accounts: partnership {partners:,}, basic {basic:,}").format(
            partners=by_type[-1], basic=by_type[0], all=int(counts.sum())
        ),
        _("Unit margin (yuan)"),
        _("Customers in the segment"),
        yaxis_autorange="reversed",
    )
    alt = _("Grid of nine cells, number of customers by unit margin, each with its type and its accounts.")

    def table() -> pd.DataFrame:
        shown = [[_("{type}: {n:,}").format(type=t, n=n) for t, n in row] for row in cells]
        index = pd.Index([_(n) for n in model.NUMBERS], name=_("Accounts"))
        return pd.DataFrame(shown, index=index, columns=[_(m) for m in model.MARGINS])

    return Chart(drawn, alt, table)


def _measured(p: model.Allocation, types: Ints, measure: str) -> Floats:
    """Return accounts, hours or margin by type; for today's types the hours that are given, not those of the type."""
    hours = p.accounts.hours if types is p.accounts.type else p.policy.hours()[types]
    weights = {"hours": hours, "margin": p.margin}.get(measure, np.ones(len(types)))
    known = p.accounts.known
    return np.bincount(types[known], weights[known], minlength=len(model.TYPES)).astype(np.float64)


def by_type(p: model.Allocation, measure: str = "accounts") -> Chart:
    """Accounts (or hours, or margin) by type: as served now, by the matrix, and in the best mix."""
    given = {_("now"): p.accounts.type, _("matrix"): p.matrix, _("best mix"): p.mix.level}
    columns = {name: _measured(p, types, measure) for name, types in given.items()}
    partners = [int(model.by_type(p, types)[-1]) for types in given.values()]
    units = {"hours": _("Hours a year"), "margin": _("Yearly margin ({unit})").format(unit=money())}
    outside = {"textposition": "outside", "cliponaxis": False, "constraintext": "none"}
    drawn = spec(
        [
            _sideways(_types(), v, n, c, texttemplate="%{x:,.0f}", **outside)
            for (n, v), c in zip(columns.items(), (QUIET, GREEN, BLUE), strict=True)
        ],
        _("Partners: {now:,} now, {matrix:,} by the matrix, {best:,} in the best mix").format(
            now=partners[0], matrix=partners[1], best=partners[2]
        ),
        _("{what}, without those of unknown retention rate ({apart:,})").format(
            what=units.get(measure, _("Accounts")), apart=int((~p.accounts.known).sum())
        )
        if not p.accounts.known.all()
        else units.get(measure, _("Accounts")),
        "",
        barmode="group",
        yaxis_autorange="reversed",
        xaxis_range=[0, 1.18 * max(max(float(v.max()) for v in columns.values()), 1)],
        legend_traceorder="normal",
        height=410,
    )
    alt = _(
        "Three bars per type, accounts with a known retention rate: hatched gray now, green by "
        "the matrix, blue best mix."
    )
    return Chart(drawn, alt, lambda: _whole(_types(), _("Type"), columns))


def frontier(p: model.Allocation) -> Chart:
    """What hours can bring: the best mix for every budget, and where today, the matrix and the plan stand."""
    hours, gain = model.frontier(p)
    shown = np.unique(np.linspace(0, len(hours) - 1, min(POINTS, len(hours))).astype(int))
    figures = model.headline(p)
    now_hours = float(p.accounts.hours[p.accounts.known].sum())
    places = {
        _("now"): (now_hours, figures["now_gain"], QUIET, "square"),
        _("matrix"): (figures["matrix_hours"], figures["matrix_gain"], GREEN, "diamond"),
        _("best mix"): (figures["plan_hours"], figures["plan_gain"], BLUE, "star"),
    }
    dots = {"type": "scatter", "mode": "markers"}
    line = {"type": "scatter", "mode": "lines", "name": _("best possible"), "line": {"color": BLUE, "width": 2}}
    line |= {"x": hours[shown].tolist(), "y": np.round(gain[shown], 2).tolist()}
    marks = [
        dots | {"name": n, "x": [round(x, 1)], "y": [round(y, 2)], "marker": {"color": c, "size": 12, "symbol": mark}}
        for n, (x, y, c, mark) in places.items()
    ]
    better = model.matched_mix(p).value - float(p.values[:, 0].sum()) - figures["matrix_gain"]
    there = (figures["matrix_hours"], figures["matrix_gain"])
    step = {"type": "scatter", "mode": "lines", "showlegend": False, "hoverinfo": "skip"}
    step |= {"x": [there[0]] * 2, "y": [there[1], there[1] + better], "line": {"color": GREEN, "dash": "dot"}}
    drawn = spec(
        [line, step, *marks],
        _("In the hours of the matrix, the best mix brings {more:,.0f} more (10,000 yuan)").format(more=better),
        _("Service hours a year"),
        _gain(),
    )
    alt = _(
        "The largest gain that hours can bring, rising ever more slowly; marks for now, the matrix and the best mix. "
        "A dotted line leads from the matrix up to what its hours could gain."
    )
    table = {_("Hours a year"): [x for x, *_rest in places.values()], _gain(): [y for _x, y, *_r in places.values()]}
    return Chart(drawn, alt, lambda: _whole(list(places), _("Plan"), table))


def for_all(p: model.Allocation) -> Chart:
    """What each type would bring if every account got it, beside the best mix."""
    everyone = model.for_all(p)
    gain = [*everyone["gain"], p.mix.value - float(p.values[:, 0].sum())]
    hours = [int(h) for h in (*everyone["hours"], p.mix.hours)]
    names = [*(_("all {type}").format(type=t) for t in _types()), _("best mix")]
    labels = {"text": [f"{g:,.0f}" for g in gain], "textposition": "outside", "cliponaxis": False}
    rows = [_("{plan}<br>{hours:,} hours").format(plan=name, hours=h) for name, h in zip(names, hours, strict=True)]
    low, high = min(*gain, 0.0), max(*gain, 1.0)
    room = 0.2 * (high - low)
    drawn = spec(
        [_sideways(names, gain, "", [QUIET] * 4 + [ORANGE, BLUE], **labels)],
        _("A partnership for all gains {all:,.0f} in {hours:,} hours, the best mix {best:,.0f} in {fewer:,}").format(
            all=gain[-2], hours=hours[-2], best=gain[-1], fewer=hours[-1]
        ),
        _gain(),
        "",
        showlegend=False,
        yaxis_autorange="reversed",
        yaxis_tickvals=list(range(len(rows))),  # the bars keep their names, whatever changes
        yaxis_ticktext=rows,
        xaxis_range=[low - room if low < 0 else 0.0, high + room],
        height=380,
    )
    alt = _("The gain over all basic if every account had one type, and of the best mix in blue; rows name the hours.")
    return Chart(drawn, alt, lambda: _whole(names, _("Plan"), {_("Hours a year"): hours, _gain(): gain}))


def who_gets_what(p: model.Allocation) -> Chart:
    """Each account by its margin and its risk of leaving, coloured by its type in the best mix."""
    a = p.accounts
    drawable = a.known & (p.margin > 0)
    labels = names(p)
    traces = []
    for t, (name, color) in enumerate(zip(_types(), COLORS, strict=True)):
        of = drawable & (p.mix.level == t)
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": np.round(p.margin[of], 2).tolist(),
                "y": np.round(100 * a.risk[of], 1).tolist(),
                "text": [labels[i] for i in np.flatnonzero(of)],
                "marker": {"color": color, "size": 8 if t < 4 else 13, "symbol": SYMBOLS[t]},
                "hovertemplate": "%{text}<br>%{x:,.1f}; %{y:.1f}%<extra></extra>",
            }
        )
    share = p.margin[drawable & model.partners_by_plan(p)].sum() / max(p.margin[drawable].sum(), 1e-9)
    partnered = int(model.partners_by_plan(p).sum())
    drawn = spec(
        traces,
        ngettext(
            "{n:,} partner of {all:,} accounts brings {share:.0%} of the margin",
            "{n:,} partners of {all:,} accounts bring {share:.0%} of the margin",
            partnered,
        ).format(n=partnered, all=int(a.known.sum()), share=share),
        _("Yearly margin ({unit}), logarithmic").format(unit=money()),
        _("Risk of leaving in a year (%)"),
        xaxis_type="log",
        xaxis_dtick=1,
    )
    alt = _(
        "A mark an account by yearly margin and risk of leaving, a colour and symbol a type. Left out, accounts "
        "with unknown retention rate: {apart:,}; with no margin or a loss: {none:,}."
    ).format(apart=int((~a.known).sum()), none=int((a.known & (p.margin <= 0)).sum()))
    return Chart(drawn, alt, lambda: _profile(p))


def _profile(p: model.Allocation) -> pd.DataFrame:
    """Return accounts, margin and retention by type of the best mix; a type without accounts shows a dash."""
    rows = []
    for t in range(len(model.TYPES)):
        of = p.accounts.known & (p.mix.level == t)
        kept = (1 - p.accounts.risk[of], p.retention[of, t])
        means = [f"{k.mean():.1%}" if of.any() else "–" for k in kept]
        rows.append((int(of.sum()), f"{p.margin[of].sum():,.0f}", *means))
    columns = [
        _("Accounts"),
        _("Yearly margin ({unit})").format(unit=money()),
        _("Retention rate now"),
        _("as planned"),
    ]
    return pd.DataFrame(rows, index=pd.Index(_types(), name=_("Type")), columns=columns)


def _known(p: model.Allocation, account: str) -> int:
    """Return the place of an account.

    Raises:
        UserError: there is no such account, or its retention rate is not known.
    """
    if account not in p.accounts.table.index:
        raise UserError(_("There is no account “{account}”.").format(account=account))
    i = int(np.flatnonzero(p.accounts.table.index == account)[0])
    if not p.accounts.known[i]:
        raise UserError(
            _("The retention rate of account “{account}” is not known: find it out first.").format(account=account)
        )
    return i


def present(p: model.Allocation, account: str) -> pd.DataFrame:
    """Return how the risk of an account under basic follows from its retention rate under its present type.

    Raises:
        UserError: there is no such account, or its retention rate is not known.
    """
    i = _known(p, account)
    kind, risk, sensitivity = int(p.accounts.type[i]), float(p.accounts.risk[i]), float(p.accounts.sensitivity[i])
    effect, felt = (float(e[kind]) for e in (p.policy.effects(), model.felt(p.policy, sensitivity)))
    damping = f"1 − {p.policy.price_damping:g} × {sensitivity:.2f}"
    steps = {
        _("Yearly margin ({unit})").format(unit=money()): f"{p.margin[i]:,.2f}",
        _("Present type"): _(model.TYPES[kind]),
        _("Retention rate now"): f"{1 - risk:.1%}",
        _("Risk of leaving now"): f"{risk:.1%}",
        _("Effect of the present type"): f"{effect:.0%}",
        _("Price sensitivity"): f"{sensitivity:.2f}",
        _("Effect after price sensitivity"): f"{effect:.0%} × ({damping}) = {felt:.4%}",
        _("Risk of leaving under basic"): f"{risk:.1%} ÷ (1 − {felt:.4%}) = {1 - p.retention[i, 0]:.5%}",
    }
    return pd.DataFrame({names(p)[i]: list(steps.values())}, index=pd.Index(list(steps), name=_("Step")))


def one_account(p: model.Allocation, account: str) -> Chart:
    """The value of one account under each type.

    The table shows as many decimals as it takes to work the values out by hand: retention rate → margin multiple →
    margin × multiple − cost × upkeep.

    Raises:
        UserError: there is no such account, or its retention rate is not known.
    """
    i = _known(p, account)
    best = int(p.unlimited[i])
    labels: dict[str, Any] = {
        "texttemplate": "%{y:,.1f}",
        **BESIDE_BARS,
    }
    drawn = spec(
        [bars(_types(), p.values[i], color=[BLUE if t == best else QUIET for t in range(len(model.TYPES))], **labels)],
        _("{name}: highest value as {type}").format(name=names(p)[i], type=_(model.TYPES[best])),
        _("Relationship type"),
        _("Value ({unit})").format(unit=money()),
        showlegend=False,
    )
    columns = {
        _("Hours a year"): p.policy.hours(),
        _("Cost a year (yuan)"): p.policy.costs() * TEN_THOUSAND,
        _("Effect on the risk (%)"): [f"{100 * e:.4f}" for e in model.felt(p.policy, p.accounts.sensitivity[i])],
        _("Risk of leaving (%)"): [f"{100 * (1 - r):.5f}" for r in p.retention[i]],
        _("Retention rate (%)"): [f"{100 * r:.5f}" for r in p.retention[i]],
        _("Value ({unit})").format(unit=money()): [f"{v:,.1f}" for v in p.values[i]],
    }
    alt = _("The value of the account under each type; the best is blue, the others hatched gray.")
    return Chart(drawn, alt, lambda: _whole(_types(), _("Type"), columns))


def names(p: model.Allocation) -> list[str]:
    """Return number and name of each account, safe to draw, in the language now spoken or else in Chinese."""
    table = p.accounts.table
    return [f"{safe(i)} {safe(n)}" for i, n in zip(table.index, spoken(table, "name"), strict=True)]


def partners(p: model.Allocation, most: int = 16) -> pd.DataFrame:
    """Return whom the paper's rule and the best mix would pick as partners, the largest margin first."""
    paper, best = model.partners_by_paper(p), model.partners_by_plan(p)
    picked = np.flatnonzero(paper | best)
    picked = picked[np.argsort(-p.margin[picked], kind="stable")][:most]
    labels, a = names(p), p.accounts
    retention = [f"{1 - r:.1%}" if k else _("not known") for r, k in zip(a.risk[picked], a.known[picked], strict=True)]
    columns = {
        _("Margin"): p.margin[picked].round(1),
        _("Growth (%)"): (100 * a.growth[picked]).round(1),
        _("Retention rate now"): retention,
        _("By the paper's rule"): _ticks(paper[picked]),
        _("In the best mix"): _ticks(best[picked]),
    }
    return pd.DataFrame(columns, index=pd.Index([labels[i] for i in picked], name=_("Account")))


def _ticks(flags: Bools) -> list[str]:
    return ["✓" if flag else "" for flag in flags]


def year(p: model.Allocation) -> pd.DataFrame:
    """Return the year's plan by type: accounts, hours, cost, and the share of the relationship managers' time."""
    counts, hours = model.by_type(p, p.mix.level), p.policy.hours()
    used = counts * hours
    total = max(int(used.sum()), 1)
    columns = {
        _("Accounts"): counts,
        _("Hours each"): hours,
        _("Hours a year"): used,
        _("Cost a year ({unit})").format(unit=money()): [f"{v:.1f}" for v in counts * p.policy.costs()],
        _("Share of the hours"): [f"{u / total:.0%}" for u in used],
    }
    return pd.DataFrame(columns, index=pd.Index(_types(), name=_("Type")))


def _whole(index: list[str], name: str, columns: dict[str, Any]) -> pd.DataFrame:
    """Return a table; numbers are rounded to whole ones, text is left as it is."""

    def cells(values: Any) -> list[str] | Ints:
        if isinstance(values[0], str):
            return list(values)
        given: Floats = np.asarray(values, dtype=float)
        return np.round(given).astype(np.int64)

    return pd.DataFrame({k: cells(list(v)) for k, v in columns.items()}, index=pd.Index(index, name=name))

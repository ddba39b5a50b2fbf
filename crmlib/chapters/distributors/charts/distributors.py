"""Charts of distributor selection."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.distributors.models import distributors as model
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import shorten
from crmlib.formulas import multicriteria as mc
from crmlib.plotting.template import BLUE, GREEN, MANY, ORANGE, PURPLE, QUIET
from crmlib.plotting.theme import Chart, fill, grid, ink, named, safe, spec
from crmlib.support.html_table import Said

SHOWN = 12
"""Candidates drawn at most; the table beside a chart has them all."""
NOBODY = N_("Everybody is knocked out: no winner")


def _order(c: model.Choice) -> list[int]:
    """Return the rows, the best first and those knocked out last."""
    return [int(row) for row in np.argsort(np.where(c.rank == 0, len(c.rank) + 1, c.rank), kind="stable")]


def _name(c: model.Choice, row: int, most: int = 20) -> str:
    """Return a candidate's name as plotly may show it."""
    return safe(shorten(c.candidates.names[row], most))


def _factor(c: model.Choice, k: int, most: int = 18) -> str:
    return safe(shorten(_(c.candidates.factors[k]), most))


def _listed(c: model.Choice, rows: Any) -> str:
    return _(", ").join(_name(c, int(row)) for row in rows)


def _rows(labels: list[str], room: int = 150) -> dict[str, Any]:
    """Return the layout of a chart with a named row a bar, the first on top; names may repeat, so rows go by number."""
    return {
        "yaxis_tickvals": list(range(len(labels))),
        "yaxis_ticktext": labels,
        "yaxis_range": [len(labels) - 0.5, -0.5],
        "yaxis_showgrid": False,
        "yaxis_zeroline": False,
        "height": max(240, room + 34 * len(labels)),
    }


def _across(values: list[float], texts: list[str], colors: list[str], **more: Any) -> dict[str, Any]:
    """Return bars to the right or left of zero, one a row, each with its text at its end."""
    return {
        "type": "bar",
        "orientation": "h",
        "y": list(range(len(values))),
        "x": [round(float(v), 3) for v in values],
        "text": texts,
        "textposition": "outside",
        "cliponaxis": False,
        "marker": fill(colors),
        "hovertemplate": "%{text}<extra></extra>",
    } | more


def _table(c: model.Choice, rows: list[int], columns: dict[str, Any]) -> pd.DataFrame:
    index = pd.Index([c.candidates.names[row] for row in rows], name=_("Candidate"))
    return pd.DataFrame({k: [v[row] for row in rows] for k, v in columns.items()}, index=index)


def _out(c: model.Choice, row: int) -> str:
    """Return the factors that knock a candidate out, or nothing."""
    return _(", ").join(_(c.candidates.factors[k]) for k in np.flatnonzero(c.failed[row]))


def ranking(c: model.Choice) -> Chart:
    """Weighted score of each candidate, stacked by what each factor contributes; who is knocked out is hatched grey."""
    rows = _order(c)
    drawn = rows[:SHOWN]
    parts = c.scores * c.weights
    traces: list[dict[str, Any]] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": [i for i, row in enumerate(drawn) if c.left[row]],
            "x": [round(float(parts[row, k]), 3) for row in drawn if c.left[row]],
            "name": f"{k + 1} {_factor(c, k)}",
            "marker": {"color": MANY[k % len(MANY)]},
            "texttemplate": "%{x:.1f}",
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "insidetextfont": {"color": ink(MANY[k % len(MANY)]), "size": 11},
            "hovertemplate": "%{fullData.name}: %{x:.1f}<extra></extra>",
        }
        for k in range(len(c.weights))
    ]
    out = [i for i, row in enumerate(drawn) if not c.left[row]]
    why = [_("out: {factors}").format(factors=_out(c, drawn[i])) for i in out]
    traces.append(
        {
            "type": "bar",
            "orientation": "h",
            "y": out,
            "x": [round(float(c.total[drawn[i]]), 3) for i in out],
            "marker": fill(QUIET),
            "customdata": [safe(shorten(w, 40)) for w in why],
            "hovertemplate": "%{customdata}: %{x:.1f}<extra></extra>",
            "showlegend": False,
        }
    )
    traces.append(_ends([float(c.total[row]) for row in drawn], [f" {c.total[row]:.1f}" for row in drawn]))
    labels = [
        f"{c.rank[row]}. {_name(c, row)}"
        if c.left[row]
        else f"{_name(c, row)}<br>{safe(shorten(why[out.index(i)], 20))}"
        for i, row in enumerate(drawn)
    ]
    room = {"xaxis_range": [0, 1.18 * max(float(c.total[drawn].max()), 1.0)]}
    layout = {
        **_rows(labels, 190),
        "height": 230 + 44 * len(labels),
        "barmode": "stack",
        "showlegend": True,
        "legend_traceorder": "normal",
        **room,
    }
    layout["uniformtext"] = {"minsize": 9, "mode": "hide"}
    figure = spec(traces, _ranking_title(c), _("Weighted score (points)"), **layout)
    alt = _(
        "The weighted score of each candidate, the best on top, with the points that each factor adds, from left to "
        "right in the order of the key; hatched gray bars are knocked out."
    )
    columns = {
        _("Rank"): [str(r) if r else _("out") for r in c.rank],
        _("Score"): [f"{t:.2f}" for t in c.total],
        _("TOPSIS closeness"): [f"{t:.3f}" if left else "" for t, left in zip(c.closeness, c.left, strict=True)],
        _("Knocked out by"): [_out(c, row) for row in range(len(c.rank))],
    }
    return Chart(figure, alt, lambda: _table(c, rows, columns))


def _ends(values: list[float], texts: list[str]) -> dict[str, Any]:
    """Return texts at the ends of stacked bars, one a row."""
    return {
        "type": "scatter",
        "mode": "text",
        "x": values,
        "y": list(range(len(values))),
        "text": texts,
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }


def _ranking_title(c: model.Choice) -> str:
    if not c.leaders:
        return _(NOBODY)
    if len(c.leaders) > 1:
        return _("Tie for the first place: {names}").format(names=_listed(c, c.leaders[:3]))
    win = c.leaders[0]
    if c.left.sum() == 1:
        return _("{name} is the only candidate left and wins").format(name=_name(c, win))
    if c.rule.method == "topsis":
        said = _("TOPSIS puts {name} first, with {score:.1f} points by weighted score")
        return said.format(name=_name(c, win), score=c.total[win])
    second = _order(c)[1]
    said = _("{name} leads with {score:.1f} points, {lead:.1f} ahead of {next}")
    return said.format(
        name=_name(c, win), score=c.total[win], lead=c.total[win] - c.total[second], next=_name(c, second)
    )


def methods(c: model.Choice) -> Chart:
    """Ranks by each method, side by side."""
    ranks = model.side_by_side(c)
    rows = _order(c)
    drawn = rows[:SHOWN]
    names = [_(model.METHODS[m]) for m in ranks]
    cells = [[int(rank[row]) for rank in ranks.values()] for row in drawn]
    worst = max(max(line) for line in cells) or 1
    shades = [[(1.0 if r == 1 else 0.6 - 0.4 * (r - 1) / worst) if r else 0.0 for r in line] for line in cells]
    texts = [[str(r) if r else "–" for r in line] for line in cells]
    trace = grid(shades, texts, names, list(range(len(drawn))), "%{x}: %{text}<extra></extra>") | {"customdata": cells}
    layout = {**_rows([_name(c, row) for row in drawn], 140), "xaxis_side": "bottom"}
    figure = spec([trace], _methods_title(c), _("Method (TOPSIS: with the weights as given)"), "", **layout)
    alt = _("Grid of ranks: a row a candidate, a column a method; dark is the first place, a dash is knocked out.")
    columns = {n: [int(r) if r else _("out") for r in rank] for n, rank in zip(names, ranks.values(), strict=True)}
    return Chart(figure, alt, lambda: _table(c, rows, columns))


def _methods_title(c: model.Choice) -> str:
    if not c.leaders:
        return _(NOBODY)
    first = [set(r.first) for r in model.reasons(c)]
    if common := sorted(set.intersection(*first)):
        return _("All {n} methods put {names} first").format(n=len(first), names=_listed(c, common[:3]))
    return _("The methods disagree on the first place: {names}").format(names=_listed(c, sorted(set.union(*first))[:3]))


def why(c: model.Choice) -> pd.DataFrame:
    """Return whom each method puts first and which factor makes the difference, as a table."""
    rows = [
        (
            _(model.METHODS[r.method]),
            _(", ").join(c.candidates.names[row] for row in r.first) or "–",
            "–" if not r.first or r.method == "given" else _difference(c, r.factor),
        )
        for r in model.reasons(c)
    ]
    columns = [_("Method"), _("Put first"), _("Factor that makes the difference")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def _difference(c: model.Choice, factor: int | None) -> str:
    return _("none: the same first") if factor is None else _(c.candidates.factors[factor])


def shares(c: model.Choice) -> Chart:
    """Share of random weightings that each candidate wins."""
    rows = _order(c)
    drawn = rows[:SHOWN]
    won = 100 * model.shares_won(c)
    trace = _across(
        [won[row] for row in drawn],
        [f"{won[row]:.0f}%" for row in drawn],
        [BLUE if row in c.leaders else QUIET for row in drawn],
    )
    if not c.leaders:
        title = _(NOBODY)
    elif c.left.sum() == 1:
        title = _("Nobody to compare with: {name} wins under any weights").format(name=_name(c, c.leaders[0]))
    else:
        title = _("{name} wins {share:.0f}% of all weightings drawn at random").format(
            name=_name(c, c.leaders[0]), share=won[c.leaders[0]]
        )
    layout = _rows([_name(c, row) for row in drawn])
    figure = spec([trace], title, _("Random weightings won (%)"), xaxis_range=[0, 112], **layout)
    alt = _(
        "The share of {n:,} random weightings that each candidate wins; the first is blue, the others gray."
    ).format(n=len(mc.weightings(len(c.weights))))
    return Chart(figure, alt, lambda: _table(c, rows, {_("Won (%)"): won.round(1)}))


def dethroning(c: model.Choice) -> Chart:
    """Smallest change of each weight alone that takes the first place away."""
    found = model.robustness(c)
    factors = range(len(c.weights))
    change = np.zeros(len(factors)) if found is None else np.nan_to_num(found.change, nan=0.0)
    rival = np.full(len(factors), -1) if found is None else found.rival
    texts = [f"{change[k]:+.1f}" if rival[k] >= 0 else _("no change can") for k in factors]
    steps = [abs(change[k]) for k in factors if rival[k] >= 0]
    reach = max(float(np.abs(change).max()), 1.0)
    trace = _across(
        change.tolist(),
        texts,
        [ORANGE if rival[k] >= 0 and abs(change[k]) == min(steps) else BLUE for k in factors],
        customdata=[_name(c, int(r)) if r >= 0 else "" for r in rival],
        hovertemplate="%{text} %{customdata}<extra></extra>",
    )
    figure = spec(
        [trace],
        _dethroning_title(c, found),
        _("Change of this weight alone (points)"),
        xaxis_range=[-2 * reach, 2 * reach],
        **_rows([_factor(c, k) for k in factors], 120),
    )
    alt = _(
        "By how much the weight of a factor must rise (right) or fall (left) until another candidate draws level; "
        "the smallest change is orange."
    )

    def table() -> pd.DataFrame:
        index = pd.Index([_(f) for f in c.candidates.factors], name=_("Factor"))
        data = {
            _("Weight now"): [f"{v:.1f}" for v in c.raw],
            _("Change that dethrones"): [
                f"{v:+.1f}" if r >= 0 else _("no change can") for v, r in zip(change, rival, strict=True)
            ],
            _("In favour of"): [c.candidates.names[r] if r >= 0 else "" for r in rival],
        }
        return pd.DataFrame(data, index=index)

    return Chart(figure, alt, table)


def _dethroning_title(c: model.Choice, found: mc.Dethroning | None) -> str:
    if c.heaviest is None:
        return _(NOBODY)
    if found is None:
        return _("Nobody to compare with: no weight can dethrone {name}").format(name=_name(c, c.heaviest))
    level = np.flatnonzero(c.left & (c.total >= c.total[c.heaviest] - mc.DUST))
    if len(level) > 1:
        parted = (found.rival >= 0).any()
        said = (
            _("Tie that any change of weight breaks: {names}")
            if parted
            else _("Tie that no change of weight can break: {names}")
        )
        return said.format(names=_listed(c, level[:3]))
    if not (found.rival >= 0).any():
        return _("No change of a single weight dethrones {name}").format(name=_name(c, c.heaviest))
    k = int(np.nanargmin(np.abs(found.change)))
    said = _("{change:+.1f} points of weight on {factor}: {rival} catches {name}")
    return said.format(
        change=found.change[k], factor=_factor(c, k), rival=_name(c, int(found.rival[k])), name=_name(c, c.heaviest)
    )


def weights(c: model.Choice) -> Chart:
    """The weights of each factor as given, by AHP and by entropy."""
    given = {_("weights as given"): c.given}
    if c.priorities:
        given[_("AHP weights")] = c.priorities.weights
    if c.entropy is not None:
        given[_("entropy weights")] = c.entropy
    names = [_factor(c, k) for k in range(len(c.weights))]
    colors = (QUIET, GREEN, PURPLE)
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": list(range(len(names))),
            "x": [round(100 * float(v), 2) for v in values],
            "name": label,
            "marker": fill(color),
            "texttemplate": "%{x:.0f}",
            "constraintext": "none",
            "textposition": "outside",
            "cliponaxis": False,
            "hovertemplate": "%{x:.1f}%<extra>" + label + "</extra>",
        }
        for (label, values), color in zip(given.items(), colors, strict=False)
    ]
    far = int(max(given.values(), key=lambda v: np.abs(v - c.given).max()).argmax())
    title = _("Where weights come from decides: {factor} gets {low:.0f}% to {high:.0f}%").format(
        factor=_factor(c, far),
        low=100 * min(v[far] for v in given.values()),
        high=100 * max(v[far] for v in given.values()),
    )
    layout = {**_rows(names, 130), "height": 150 + 56 * len(names), "barmode": "group", "legend_traceorder": "normal"}
    room = {"xaxis_range": [0, 112 * max(float(values.max()) for values in given.values())], "showlegend": True}
    figure = spec(traces, title, _("Weight (%)"), "", **layout, **room)
    alt = _("The weight of each factor: hatched gray as given, then a colour for each way of finding weights.")

    def table() -> pd.DataFrame:
        columns = {f"{label} (%)": (100 * values).round(1) for label, values in given.items()}
        return pd.DataFrame(columns, index=pd.Index([_(f) for f in c.candidates.factors], name=_("Factor")))

    return Chart(figure, alt, table)


def opinions(c: model.Choice) -> Chart:
    """The area manager's scores against those of head office."""
    gap, relative = model.opinions(c)
    rows = _order(c)
    drawn = rows[:SHOWN]
    favour = model.favour(c)
    trace = _across(
        [gap[row] for row in drawn],
        [f"{gap[row]:+.1f}" for row in drawn],
        [ORANGE if relative[row] else QUIET for row in drawn],
    )
    if favour:
        title = _("The area manager favours his relative by {points:.0f} points").format(points=favour)
    else:
        title = _("The data show no favour of the area manager to relatives")
    reach = 1.6 * max(float(np.abs(gap).max()), 1.0)
    figure = spec(
        [trace],
        title,
        _("Area manager's score less head office's (points)"),
        xaxis_range=[-reach, reach],
        **_rows(
            [_("{name}<br>(relative)").format(name=_name(c, row)) if relative[row] else _name(c, row) for row in drawn]
        ),
    )
    alt = _("The area manager's score less that of head office; relatives are orange, the others hatched gray.")
    columns = {
        _("Area manager less head office"): [f"{v:+.1f}" for v in gap],
        _("Relative"): [_("yes") if r else _("no") for r in relative],
    }
    return Chart(figure, alt, lambda: _table(c, rows, columns))


def words_and_deeds(c: model.Choice) -> Chart:
    """What candidates say against what they do."""
    found = model.words_and_deeds(c)
    place = {candidate: row for row, candidate in enumerate(c.candidates.ids.tolist())}
    rows = [place[candidate] for candidate in found.index]
    fakes = [row for row, fake in zip(rows, found["fake"], strict=True) if fake]
    x, y = found["words"].round(2).tolist(), found["deeds"].round(2).tolist()
    within = [0, 108], [0, 112]
    points: dict[str, Any] = {
        "type": "scatter",
        "mode": "markers+text",
        "x": x,
        "y": y,
        **named(x, y, [_name(c, row) for row in rows], within),
        "cliponaxis": False,
        "marker": {
            "size": 13,
            "color": [ORANGE if fake else BLUE for fake in found["fake"]],
            "symbol": ["diamond" if fake else "circle" for fake in found["fake"]],
        },
        "hovertemplate": "%{customdata}: %{x:.0f}, %{y:.0f}<extra></extra>",
    }
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": [0, 100],
        "y": [0, 100],
        "line": {"color": QUIET, "dash": "dot", "width": 2},
        "hoverinfo": "skip",
    }
    if not rows:
        title = _("No deeds are on record")
    elif fakes:
        title = _("Much said, little done: {names}").format(names=_listed(c, fakes[:3]))
    else:
        title = _("Nobody's words run far ahead of the deeds")
    figure = spec(
        [line, points],
        title,
        _("Words: score for willingness (points)"),
        _("Deeds: promises kept (%)"),
        showlegend=False,
        xaxis_range=within[0],
        yaxis_range=within[1],
    )
    alt = _(
        "Words to the right, deeds upwards; under the dotted line words run ahead of deeds, orange diamonds far ahead."
    )

    def table() -> pd.DataFrame:
        index = pd.Index([c.candidates.names[row] for row in rows], name=_("Candidate"))
        data = {
            _("Stated willingness"): found["words"].round(1).tolist(),
            _("Promises kept"): found["deeds"].round(1).tolist(),
            _("Words far ahead"): [_("yes") if fake else _("no") for fake in found["fake"]],
        }
        return pd.DataFrame(data, index=index)

    return Chart(figure, alt, table)


def scores(c: model.Choice) -> pd.DataFrame:
    """Return the mean scores, a row a candidate, a column a factor."""
    columns = {_(f): c.scores[:, k].round(1) for k, f in enumerate(c.candidates.factors)}
    return _table(c, list(range(len(c.scores))), columns)


def dominated(c: model.Choice) -> pd.DataFrame | Said:
    """Return who dominates whom among those left: at least as good in every factor, better in one."""
    pairs = np.argwhere(mc.dominance(c.scores) & c.left[:, None] & c.left[None, :])
    if not len(pairs):
        return Said([], _("No candidate dominates another."))
    columns = [_("Candidate"), _("dominates")]
    rows = [(c.candidates.names[a], c.candidates.names[b]) for a, b in pairs]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def consistency(c: model.Choice) -> pd.DataFrame:
    """Return λ max, consistency index and ratio of the judgements, and the judgement furthest off, as a table."""
    if c.priorities is None or c.candidates.judgements is None:
        rows = {_("Pairwise judgements"): _("none")}
    else:
        p, judged = c.priorities, float(c.candidates.judgements[c.priorities.offender])
        a, b = (_(c.candidates.factors[k]) for k in p.offender)
        rows = {
            _("Largest eigenvalue λ"): f"{p.lambda_max:.3f}",
            _("Consistency index"): f"{p.index:.3f}",
            _("Consistency ratio"): f"{p.ratio:.5f}",
            _("Acceptable (at most {most:.2f})").format(most=mc.ACCEPTABLE): _("yes") if p.consistent() else _("no"),
            _("Judgement furthest off"): _("“{a}” against “{b}”").format(a=a, b=b),
            _("As judged"): f"{judged:.2f}",
            _("As the weights imply"): f"{judged / p.misfit:.2f}",
        }
    return pd.DataFrame.from_dict(rows, orient="index", columns=[_("Value")]).rename_axis(_("Figure"))


def remarks(c: model.Choice) -> Said:
    """Return what a reader must know before believing the ranking."""
    return Said([*c.rule.remarks(), *model.notes(c)], _("Nothing stands in the way of reading the ranking as it is."))


def differences() -> pd.DataFrame:
    """Return how distributors differ from manufacturers (S-37).

    The graduate paper describes the distributor only; the column of the manufacturer is the workbook's own and says so.
    """
    rows = [
        (
            _("Position"),
            _("sees one supply chain of its own"),
            _("independent, not part of the manufacturer's organisation"),
        ),
        (_("Comes first"), _("the distributors that sell its brand"), _("its customers, not the manufacturer")),
        (_("Looks at"), _("its own brand"), _("the whole assortment it sells")),
        (_("Records"), _("wants figures for each brand"), _("keeps no records by brand without an incentive")),
        (_("Relationship"), _("would like to give orders"), _("works together; takes no orders")),
    ]
    columns = [_("Dimension"), _("Manufacturer (added by this workbook)"), _("Distributor")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])

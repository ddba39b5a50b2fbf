"""Charts and tables of complaints."""

import numpy as np
import pandas as pd

from crmlib.chapters.key_accounts.charts.rows import reach, rows, shown
from crmlib.chapters.key_accounts.models import complaints as model
from crmlib.core.i18n import N_, NC_, _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Bools, Floats, ratio
from crmlib.plotting.template import BLUE, ORANGE, QUIET, TEAL
from crmlib.plotting.theme import Chart, money, spec

PRODUCES = (
    (N_("record what is complained of"), N_("who, when, about whom, what is asked for")),
    (N_("judge whether it stands"), N_("a finding, told to the customer")),
    (N_("find the department"), N_("a unit or person in charge")),
    (N_("analyse the cause"), N_("the cause, with evidence")),
    (N_("propose a solution"), N_("a proposal, told to the customer")),
    (N_("carry it out"), N_("the customer's consent, and what was done")),
    (NC_("complaint", "evaluate"), N_("a summary, prevention, consequences for those responsible")),
)
BANDS = (N_("nothing"), N_("less than the damage"), N_("the damage"), N_("more than the damage"))


def seven_steps() -> pd.DataFrame:
    """Return the seven steps with what each produces."""
    index = pd.Index([f"{n} {_(step)}" for n, (step, _what) in enumerate(PRODUCES, 1)], name=_("Step"))
    return pd.DataFrame({_("What it produces"): [_(what) for _step, what in PRODUCES]}, index=index)


def steps() -> list[str]:
    """Return the short names of the seven steps, numbered."""
    return [f"{n} {_(name)}" for n, name in enumerate(model.STEPS.values(), 1)]


def pareto(h: model.Handling) -> Chart:
    """Causes from most to least with their share, and the cumulative share below each."""
    order = np.argsort(-h.weights, kind="stable")
    share = 100 * h.weights[order] / max(float(h.weights.sum()), 1e-12)
    few, causes_by_place = model.few(h.weights, h.rule.line), list(model.CAUSES.values())
    places = [str(n) for n in range(1, len(share) + 1)]
    said = [f"{_(causes_by_place[place])} {v:.1f}" for place, v in zip(order.tolist(), share, strict=True)]
    colors = [BLUE if n < few else TEAL for n in range(len(share))]
    drawn = spec(
        [
            rows(places, share, colors, 1, name=_("this cause"), text=said),
            rows(places, np.cumsum(share), QUIET, 1, name=_("cumulative")),
        ],
        _("{n} of {all} causes make up {line:g}%").format(n=few, all=len(places), line=h.rule.line),
        _("Share and cumulative share (%)"),
        _("Rank of the cause"),
        height=520,
        xaxis_range=[0, 140],
        yaxis_autorange="reversed",
        yaxis_type="category",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _(
        "Two bars a cause, the largest on top: its share, and hatched gray the cumulative share. Blue make up most."
    )
    return Chart(drawn, alt, lambda: causes(h))


def causes(h: model.Handling) -> pd.DataFrame:
    """Return cases, cost, days and recurrence of each cause, in the order of its weight."""
    table = model.listing(h).sort_values("weight", ascending=False, kind="stable")
    columns = {
        _("Cases"): table["cases"].tolist(),
        _("Cost ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in table["cost"]],
        _("Share (%)"): [shown(v) for v in table["share_pct"]],
        _("Mean days"): [shown(v) for v in table["mean_days"]],
        _("Same trouble again (%)"): [shown(v) for v in table["again_pct"]],
    }
    return pd.DataFrame(columns, index=pd.Index([_(model.CAUSES[name]) for name in table.index], name=_("Cause")))


def _step_days(h: model.Handling, who: Bools) -> Floats:
    found = h.log.days[who]
    return ratio(np.nansum(found, axis=0), (~np.isnan(found)).sum(axis=0))


def times(h: model.Handling) -> Chart:
    """Mean days of each step, now and with the faster step."""
    names, now = steps(), _step_days(h, h.counted)
    place = list(model.STEPS).index(h.rule.step)
    then = now.copy()
    then[place] *= 1 - h.rule.faster / 100
    slowest = int(np.nan_to_num(now).argmax())
    drawn = spec(
        [rows(names, now, QUIET, 1, name=_("now")), rows(names, then, BLUE, 1, name=_("with the faster step"))],
        _("Slowest step: {step}, {days} days").format(step=names[slowest], days=shown(float(now[slowest]))),
        _("Mean days of the step"),
        "",
        height=420,
        xaxis_range=reach(now),
        yaxis_autorange="reversed",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _("Two bars a step: hatched gray now, blue with the step that is made faster.")

    def table() -> pd.DataFrame:
        columns = {_("Now (days)"): [shown(v) for v in now], _("Then (days)"): [shown(v) for v in then]}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Step")))

    return Chart(drawn, alt, table)


def promise(h: model.Handling) -> Chart:
    """The share of cases settled within so many days, and the promise."""
    days = np.arange(0, 41, 1.0)
    share = [100 * float((h.total <= d).mean()) if len(h.total) else 0.0 for d in days]
    said = _("A promise of {days:g} days is kept in {kept:.0f}% of cases")
    if np.isnan(h.kept):
        said = _("No case is settled that a promise of {days:g} days could be held against")
    line = {"type": "scatter", "mode": "lines", "x": days.tolist(), "y": np.round(share, 2).tolist()}
    mark = {
        "type": "scatter",
        "mode": "markers",
        "x": [h.rule.promise],
        "y": [None if np.isnan(h.kept) else round(100 * h.kept, 2)],
        "marker": {"color": ORANGE, "size": 12, "symbol": "diamond"},
        "name": _("promise"),
    }
    drawn = spec(
        [line | {"line": {"color": BLUE}, "name": _("settled")}, mark],
        said.format(days=h.rule.promise, kept=100 * h.kept),
        _("Days since the complaint"),
        _("Cases settled (%)"),
        yaxis_range=[0, 103],
    )
    alt = _("A rising line of cases settled; the diamond stands at the days promised.")

    def table() -> pd.DataFrame:
        some = [3, 5, 7, 10, 12, 15, 20, 30]
        index = pd.Index([f"{d}" for d in some], name=_("Days"))
        return pd.DataFrame({_("Settled (%)"): [shown(share[d]) for d in some]}, index=index)

    return Chart(drawn, alt, table)


def fairness(h: model.Handling) -> Chart:
    """How many buy again, by whether each kind of fairness was rated above the middle."""
    names: list[str] = []
    low: list[float] = []
    high: list[float] = []
    for place, label in enumerate(model.JUSTICE.values()):
        rated = h.log.fair[:, place]
        known = h.counted & ~np.isnan(rated) & ~np.isnan(h.log.bought)
        for into, who in ((low, known & (rated <= model.FAIR)), (high, known & (rated > model.FAIR))):
            into.append(100 * float(h.log.bought[who].mean()) if who.any() else float("nan"))
        names.append(_("fair {what}").format(what=_(label)))
    gap = np.nan_to_num(np.array(high) - np.array(low))
    drawn = spec(
        [rows(names, low, QUIET, 1, name=_("rated 1 to 3")), rows(names, high, BLUE, 1, name=_("rated 4 or 5"))],
        _("The widest gap: {name}, {gap:.0f} points").format(name=names[int(gap.argmax())], gap=float(gap.max())),
        _("Bought again within a year (%)"),
        "",
        xaxis_range=[0, 130],
        yaxis_autorange="reversed",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _("Two bars a kind of fairness: hatched gray those who rate it 1 to 3, blue those who rate it 4 or 5.")

    def table() -> pd.DataFrame:
        columns = {_("Rated 1 to 3 (%)"): [shown(v) for v in low], _("Rated 4 or 5 (%)"): [shown(v) for v in high]}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Kind of fairness")))

    return Chart(drawn, alt, table)


def iceberg(h: model.Handling) -> Chart:
    """Those who complain and those who say nothing."""
    figures = model.headline(h)
    names = [_("complain"), _("say nothing"), _("of these lost")]
    silent = figures["silent"]
    values = [figures["cases"], silent, silent * (1 - h.rule.silent / 100)]
    drawn = spec(
        [rows(names, values, [BLUE, QUIET, ORANGE])],
        _("Behind {n:,.0f} complaints stand {silent:,.0f} who say nothing").format(n=values[0], silent=silent),
        _("Dissatisfied customers"),
        "",
        xaxis_range=reach(values),
        yaxis_autorange="reversed",
    )
    alt = _("Three bars: blue those who complain, hatched gray the silent, orange the silent who do not come back.")
    return Chart(drawn, alt, lambda: pd.DataFrame(
        {_("Customers"): [shown(v, 0) for v in values]}, index=pd.Index(names, name=_("Dissatisfied customers"))
    ))  # fmt: skip


def compensation(h: model.Handling) -> pd.DataFrame:
    """Return how many buy again by what was paid, and by whether the process was fair."""
    log = h.log
    paid = np.round(ratio(log.paid, log.cost, 0.0), 1)
    done = h.counted & log.stands & ~np.isnan(log.days[:, -1]) & ~np.isnan(log.bought)
    bands = [paid == 0, (paid > 0) & (paid < 1), paid == 1, paid > 1]
    fair = log.fair[:, list(model.JUSTICE).index("process")]
    parts = {_("All (%)"): done, _("Fair process (%)"): done & (fair > model.FAIR)}
    parts[_("Unfair process (%)")] = done & (fair <= model.FAIR)
    columns = {
        name: [shown(100 * float(log.bought[who & band].mean()) if (who & band).any() else np.nan) for band in bands]
        for name, who in parts.items()
    }
    return pd.DataFrame(columns, index=pd.Index([_(band) for band in BANDS], name=_("Compensation")))


def two_weights(log: model.Log, rule: model.ComplaintRule) -> pd.DataFrame:
    """Return the share of each cause by number of cases and by cost."""
    how = model.ComplaintRule.setting_of("by")
    columns = {}
    for name in how.choices:
        table = model.listing(model.run(log, rule.replace(by=name)))
        columns[_("{what} (%)").format(what=how.shown(name))] = [shown(v) for v in table["share_pct"]]
    return pd.DataFrame(columns, index=pd.Index([_(cause) for cause in model.CAUSES.values()], name=_("Cause")))

"""Charts and tables of marketing risk: losses, controls, duties, and warning signs."""

import numpy as np
import pandas as pd

from crmlib.chapters.key_accounts.charts.rows import reach, rows, shown
from crmlib.chapters.key_accounts.models import duties as held
from crmlib.chapters.key_accounts.models import risk as model
from crmlib.core.i18n import NC_, _, ngettext
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import ratio
from crmlib.plotting.template import BLUE, QUIET
from crmlib.plotting.theme import Chart, grid, money, safe, shade, spec
from crmlib.tables.data import spoken


def kinds() -> list[str]:
    """Return the kinds of incident, translated."""
    return [_(name) for name in model.KINDS.values()]


def controls(p: model.Plan) -> list[str]:
    """Return the names of the controls in the language now spoken, numbered."""
    return [f"{n} {safe(name)}" for n, name in enumerate(spoken(p.register.controls, "control"), 1)]


def losses(p: model.Plan) -> Chart:
    """Expected loss by kind, before and after the controls chosen."""
    names = kinds()
    before, after = p.before / TEN_THOUSAND, p.after / TEN_THOUSAND
    drawn = spec(
        [rows(names, before, QUIET, 1, name=_("before")), rows(names, after, BLUE, 1, name=_("after"))],
        _("Expected loss falls from {before:,.0f} to {after:,.0f} ({unit} a year)").format(
            before=before.sum(), after=after.sum(), unit=money()
        ),
        _("Loss a year ({unit})").format(unit=money()),
        "",
        height=420,
        xaxis_range=reach(before),
        yaxis_autorange="reversed",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _("Two bars a kind of incident: hatched gray before the controls, blue with those chosen.")
    return Chart(drawn, alt, lambda: expected(p))


def expected(p: model.Plan) -> pd.DataFrame:
    """Return incidents a year, mean loss, and expected loss before and after, by kind."""
    r = p.register
    total = r.net if p.rule.net == "net" else r.gross
    mean = ratio(total, r.count) * p.rule.large
    columns = {
        _("Incidents a year"): [shown(v * p.rule.often / r.years) for v in r.count],
        _("Mean loss ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in mean],
        _("Before ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in p.before],
        _("After ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in p.after],
    }
    return pd.DataFrame(columns, index=pd.Index(kinds(), name=_("Kind of incident")))


def per_yuan(p: model.Plan) -> Chart:
    """What one yuan of each control prevents if it is taken alone; those chosen are blue."""
    cost = p.register.cost
    saved = ratio(p.alone, cost)
    colors = [BLUE if taken else QUIET for taken in p.chosen]
    n = int(p.chosen.sum())
    title = ngettext(
        "{n} control for {spent:,.1f} ({unit}) nets {net:,.1f}",
        "{n} controls for {spent:,.1f} ({unit}) net {net:,.1f}",
        n,
    ).format(n=n, spent=p.spent / TEN_THOUSAND, net=model.headline(p)["net_gain"] / TEN_THOUSAND + 0.0, unit=money())
    drawn = spec(
        [rows(controls(p), saved, colors, 1)],
        title,
        _("Saved per yuan"),
        "",
        height=140 + 30 * len(cost),
        xaxis_range=reach(saved),
        yaxis_autorange="reversed",
    )
    alt = _("A bar a control, taken alone: blue ones are chosen, hatched gray ones not.")

    def table() -> pd.DataFrame:
        columns = {
            _("Cost ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in cost],
            _("Prevents alone ({unit})").format(unit=money()): [shown(v / TEN_THOUSAND) for v in p.alone],
            _("Per yuan"): [shown(v) for v in saved],
            _("Chosen"): [_("yes") if taken else _("no") for taken in p.chosen],
        }
        return pd.DataFrame(columns, index=pd.Index(controls(p), name=_("Control")))

    return Chart(drawn, alt, table)


def matrix(p: model.Plan) -> Chart:
    """The control matrix: which share of each kind of loss a control prevents."""
    cells = np.round(100 * p.register.cut * p.rule.effect / 100).astype(int)
    shades = iter(shade(cells.ravel().tolist()))
    texts = [[f"{v}" for v in row] for row in cells.tolist()]
    places = [str(n) for n in range(1, len(model.KINDS) + 1)]
    hover = _("%{y}: prevents %{text}%") + "<extra></extra>"
    trace = grid([[next(shades) for _cell in row] for row in texts], texts, places, controls(p), hover)
    none = [name for name, share in zip(kinds(), model.left(p.register.cut[p.chosen]), strict=True) if share > 0.8]
    title = (
        _("Hardly covered: {names}").format(names=_(", ").join(none)) if none else _("Every kind of loss is covered")
    )
    drawn = spec(
        [trace],
        title,
        _("Kind of incident"),
        "",
        height=140 + 30 * len(texts),
        yaxis_autorange="reversed",
        xaxis_type="category",
    )
    alt = _("A row a control, a column a kind of incident; the darker a cell, the larger the share it prevents.")

    def table() -> pd.DataFrame:
        heads = [f"{n} {name} (%)" for n, name in enumerate(kinds(), 1)]
        return pd.DataFrame(cells, index=pd.Index(controls(p), name=_("Control")), columns=heads)

    return Chart(drawn, alt, table)


def conflicts(duties: pd.DataFrame) -> pd.DataFrame:
    """Return who holds a pair of duties that must be apart, and why."""
    found = held.conflicts(duties).found
    columns = {
        _(NC_("job", "Position")): [_(held.ROLES[role]) for _id, role, _a, _b in found],
        _("Pair of duties"): [f"{_(held.DUTIES[a])} + {_(held.DUTIES[b])}" for _id, _role, a, b in found],
        _("Why apart"): [_(held.apart(a, b)) for _id, _role, a, b in found],
    }
    return pd.DataFrame(columns, index=pd.Index([safe(one[0]) for one in found], name=_("Person")))


def pairs_apart() -> pd.DataFrame:
    """Return the pairs of duties that one person must not hold."""
    columns = {_("Why apart"): [_(why) for why in held.APART.values()]}
    names = [f"{_(held.DUTIES[a])} + {_(held.DUTIES[b])}" for a, b in held.APART]
    return pd.DataFrame(columns, index=pd.Index(names, name=_("Pair of duties")))


def compared(register: model.Register, rule: model.RiskRule) -> pd.DataFrame:
    """Return what each way of choosing controls leads to with the same budget."""
    return model.STUDY.by_choice(register, rule, "choose", "controls", "spent", "after", "net_gain")

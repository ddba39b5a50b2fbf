"""Charts and tables of credit limits, periods and grades."""

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models import limits as model
from crmlib.chapters.credit.models.customers import GRADES
from crmlib.core.i18n import N_, _, ngettext
from crmlib.plotting.template import BLUE, ORANGE, QUIET, TEAL
from crmlib.plotting.theme import BESIDE_BARS, Chart, bars, money, spec

SETS = (
    (N_("valid range of the grade"), N_("two years"), N_("one year"), N_("half a year")),
    (N_("credit limit"), N_("high"), N_("medium"), N_("low")),
    (N_("days of arrears allowed"), N_("10 days"), N_("5 days"), N_("none")),
    (N_("day late fees start"), N_("day 11"), N_("day 6"), N_("day 1")),
    (N_("allowance for a large order"), N_("20% above the limit"), N_("10%, on request"), N_("none")),
    (N_("favours"), N_("best price, new goods first"), N_("list price less rebate"), N_("list price")),
    (N_("how often dunned"), N_("once a month"), N_("every two weeks"), N_("every week")),
    (
        N_("how strongly dunned"),
        N_("a friendly reminder"),
        N_("a letter, then a visit"),
        N_("delivery stopped at once"),
    ),
    (N_("how closely arrears are watched"), N_("every quarter"), N_("every month"), N_("every week")),
)
"""What each grade sets, after the graduate paper; the entries are this workbook's example."""


def what_grades_set() -> pd.DataFrame:
    """Return what the grades A, B and C set, with an example of each."""
    rows = [tuple(_(text) for text in row) for row in SETS]
    columns = [_("What the grade sets"), *[_("Grade {grade}").format(grade=grade) for grade in GRADES[:3]]]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def methods(limits: model.Limits) -> Chart:
    """What each method would grant in all after the caps, and what is granted."""
    names = [*[_(name) for name in model.METHODS.values()], _("granted")]
    totals = [float(found.sum()) for found in limits.by_method.values()] + [float(limits.granted.sum())]
    chosen = [TEAL if name == limits.rule.method else QUIET for name in model.METHODS] + [BLUE]
    trace = bars([], [], color=chosen) | {
        "orientation": "h",
        "y": names,
        "x": [round(v, 2) for v in totals],
        "texttemplate": "%{x:,.0f}",
        **BESIDE_BARS,
    }
    cut = limits.wanted > limits.rule.overall
    title = (
        _("The limits add up to {wanted:,.0f} ({unit}): cut down to the overall limit of {overall:,.0f}")
        if cut
        else _("The limits add up to {wanted:,.0f} ({unit}), within the overall limit of {overall:,.0f}")
    )
    drawn = spec(
        [trace],
        title.format(wanted=limits.wanted, overall=limits.rule.overall, unit=money()),
        _("Sum ({unit})").format(unit=money()),
        "",
        showlegend=False,
        yaxis_autorange="reversed",
        xaxis_range=[0, 1.6 * max(*totals, 1.0)],
    )
    alt = _(
        "A bar a method with both caps applied, the chosen one in teal; "
        "in blue what is granted after the overall limit."
    )

    def table() -> pd.DataFrame:
        columns = {_("Sum of limits ({unit})").format(unit=money()): np.round(totals).astype(int)}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Method")))

    return Chart(drawn, alt, table)


def bound(limits: model.Limits) -> Chart:
    """What set the limits: the method, a cap, or nothing but a refusal."""
    names = [_(name) for name in model.BOUND.values()]
    number = np.bincount(limits.bound, minlength=len(names))
    colors = [BLUE, ORANGE, ORANGE, TEAL, QUIET]
    drawn = spec(
        [bars(names, number, color=colors, texttemplate="%{y:,.0f}", **BESIDE_BARS)],
        ngettext(
            "A cap sets the limit of {n:,} customer", "A cap sets the limit of {n:,} customers", int(number[1:3].sum())
        ).format(n=int(number[1:3].sum())),
        _("What sets the limit"),
        _("Customers"),
        showlegend=False,
        yaxis_range=[0, 1.2 * max(int(number.max()), 1)],
    )
    alt = _(
        "Five bars: limits set by the method, by the two caps in orange, by class C in teal, "
        "and customers without credit in gray."
    )
    return Chart(
        drawn, alt, lambda: pd.DataFrame({_("Customers"): number}, index=pd.Index(names, name=_("What sets the limit")))
    )


def period(limits: model.Limits) -> Chart:
    """The credit period of each grade."""
    table = model.by_grade(limits)
    rule = limits.rule
    drawn = spec(
        [bars(list(GRADES), table["period"].round(2), color=BLUE, texttemplate="%{y:.1f}", **BESIDE_BARS)],
        _("Grade B gets {days:.0f} days: {dso:g} × {company:g} × 1").format(
            days=limits.period[1], dso=rule.industry_dso, company=rule.company_factor
        ),
        _("Grade"),
        _("Credit period (days)"),
        showlegend=False,
        yaxis_range=[0, 1.2 * max(float(limits.period.max()), 1.0)],
    )
    alt = _("A bar a grade; D gets no credit.")
    return Chart(drawn, alt, lambda: by_grade(limits))


def by_grade(limits: model.Limits) -> pd.DataFrame:
    """Return customers, limits and period of each grade."""
    table = model.by_grade(limits)
    columns = {
        _("Customers"): table["customers"],
        _("Limits granted ({unit})").format(unit=money()): table["granted"].round(0).astype(int),
        _("Credit period (days)"): table["period"].round(1),
    }
    return pd.DataFrame(columns).rename_axis(_("Grade"))


def by_class(*found: model.Limits) -> pd.DataFrame:
    """Return customers, share of sales and limits of each ABC class, the limits by each of some rules."""
    tables = [model.by_class(limits) for limits in found]
    columns = {
        _("Customers"): tables[0]["customers"],
        _("Share of sales (%)"): tables[0]["sales_pct"].round(1),
    }
    for limits, table in zip(found, tables, strict=True):
        name = _("By class ({unit})") if limits.rule.by_class else _("Caps for all ({unit})")
        columns[name.format(unit=money())] = table["granted"].round(0).astype(int)
    return pd.DataFrame(columns).rename_axis(_("Class"))


def largest(limits: model.Limits, most: int = 6) -> pd.DataFrame:
    """Return the customers with the largest limits."""
    found = model.listing(limits).head(most)
    columns = {
        _("Grade"): found["grade"],
        _("Class"): found["class"],
        _("What sets the limit"): [_(model.BOUND[name]) for name in found["bound"]],
        _("Limit ({unit})").format(unit=money()): found["limit"].round(1),
        _("Credit period (days)"): found["period"],
    }
    return pd.DataFrame(columns).rename_axis(_("Customer"))

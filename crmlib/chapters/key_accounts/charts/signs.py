"""Charts and tables of warning signs in a payment history."""

import numpy as np
import pandas as pd

from crmlib.chapters.key_accounts.charts.rows import reach, rows, shown
from crmlib.chapters.key_accounts.models import signs as model
from crmlib.core.i18n import _, ngettext
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.plotting.template import BLUE, ORANGE, QUIET
from crmlib.plotting.theme import Chart, matrix, money, safe, spec


def outcomes(w: model.Warned) -> Chart:
    """Customers by whether they were warned of and whether they failed."""
    failed, warned = w.payers.failed, w.warned
    cells = [[int((failed & warned).sum()), int((failed & ~warned).sum())],
             [int((~failed & warned).sum()), int((~failed & ~warned).sum())]]  # fmt: skip
    down, across = [_("failed"), _("paid as usual")], [_("warned of"), _("not warned of")]
    drawn = spec(
        [matrix(cells, down, across, "%{y}, %{x}: %{text}<extra></extra>")],
        _("Of {n} failures {seen} were seen coming; {false} false alarms").format(
            n=sum(cells[0]), seen=cells[0][0], false=cells[1][0]
        ),
        _("What the signs said"),
        _("What became of them"),
        yaxis_autorange="reversed",
        height=260,
    )
    alt = _("Four cells: upper left failures seen coming, upper right failures missed, lower left false alarms.")
    return Chart(drawn, alt, lambda: pd.DataFrame(cells, index=pd.Index(down, name=_("Customers")), columns=across))


def each_sign(w: model.Warned) -> Chart:
    """How often each sign stands with customers that failed and with the others."""
    names = [_(name) for name in model.SIGNS.values()]
    shares = []
    for who in (w.payers.failed, ~w.payers.failed):
        shares.append(100 * w.signs[who].mean(axis=0) if who.any() else np.zeros(len(names)))
    best = int((shares[0] - shares[1]).argmax())
    drawn = spec(
        [
            rows(names, shares[0], ORANGE, 1, name=_("failed")),
            rows(names, shares[1], QUIET, 1, name=_("paid as usual")),
        ],
        _("The most telling sign: {name}").format(name=names[best]),
        _("Customers with this sign (%)"),
        "",
        xaxis_range=reach(*shares),
        yaxis_autorange="reversed",
        barmode="group",
        legend_traceorder="normal",
    )
    alt = _("Two bars a sign: orange customers that failed, hatched gray those that paid.")

    def table() -> pd.DataFrame:
        columns = {_("Failed (%)"): [shown(v) for v in shares[0]], _("Paid (%)"): [shown(v) for v in shares[1]]}
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Sign")))

    return Chart(drawn, alt, table)


def by_needed(w: model.Warned) -> Chart:
    """The cost of both mistakes by how many signs make a warning."""
    several = [model.headline(model.run(w.payers, w.rule.replace(needed=n))) for n in (1, 2, 3, 4)]
    costs = [figures["cost"] / TEN_THOUSAND for figures in several]
    names = [ngettext("{n} sign", "{n} signs", n).format(n=n) for n in (1, 2, 3, 4)]
    least = int(np.argmin(costs))
    colors = [BLUE if n == w.rule.needed else QUIET for n in (1, 2, 3, 4)]
    drawn = spec(
        [rows(names, costs, colors, 1)],
        _("Mistakes cost least with {name}").format(name=names[least]),
        _("Cost of both mistakes ({unit})").format(unit=money()),
        "",
        xaxis_range=reach(costs),
        yaxis_autorange="reversed",
    )
    alt = _("A bar a number of signs needed: blue the number set, hatched gray the others.")

    def table() -> pd.DataFrame:
        columns = {
            _("Failures missed"): [shown(f["missed"], 0) for f in several],
            _("Warnings that were false"): [shown(f["alarms"], 0) for f in several],
            _("Cost ({unit})").format(unit=money()): [shown(v) for v in costs],
        }
        return pd.DataFrame(columns, index=pd.Index(names, name=_("Signs that make a warning")))

    return Chart(drawn, alt, table)


def warned_of(w: model.Warned, n: int = 8) -> pd.DataFrame:
    """Return the customers with the most signs: where to ask first."""
    table = model.listing(w).sort_values(["signs", "later_days"], ascending=False, kind="stable").head(n)
    columns = {
        _("Later by (days)"): [shown(v) for v in table["later_days"]],
        _("Months paid in part"): [shown(v, 0) for v in table["parts"]],
        _("Pleas for delay"): [shown(v, 0) for v in table["asks"]],
        _("Orders more by (%)"): [shown(v) for v in table["surge_pct"]],
        _("Signs"): table["signs"].tolist(),
        _("Failed afterwards"): [_("yes") if v else _("no") for v in table["failed"]],
    }
    return pd.DataFrame(columns, index=pd.Index([safe(name) for name in table.index], name=_("Customer")))

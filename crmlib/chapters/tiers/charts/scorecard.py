"""Charts of the customer value scorecard."""

import pandas as pd

from crmlib.chapters.tiers.models import scorecard as model
from crmlib.core.i18n import _, ngettext
from crmlib.plotting.template import GREEN, VIOLET
from crmlib.plotting.theme import Chart, matrix, money, spec, wrapped
from crmlib.tables.dictionary import dictionary, label


def quadrants(s: model.Scorecard) -> Chart:
    """The four quadrants with the number of customers in each."""
    cells = model.places(s).reshape(2, 2)
    names = [_("high"), _("low")]
    n = int(cells[1, 0])
    drawn = spec(
        [matrix(cells, names, names, _("current %{y}, potential %{x}, firms: %{customdata:,}") + "<extra></extra>")],
        ngettext(
            "{n:,} customer brings little now and promises much",
            "{n:,} customers bring little now and promise much",
            n,
        ).format(n=n),
        _("Potential value"),
        _("Current value"),
        yaxis_autorange="reversed",
    )
    alt = _("Grid of the number of customers by current value (rows) and potential value (columns).")
    return Chart(drawn, alt, lambda: actions(s))


def shares(s: model.Scorecard) -> Chart:
    """Share of the customers and share of the income, by quadrant."""
    table = model.quadrant_table(s)
    names = [wrapped(_(name), 15) for name in model.QUADRANTS.values()]
    traces = [
        {
            "type": "bar",
            "orientation": "h",
            "y": names,
            "x": table[column].round(2).tolist(),
            "name": name,
            "marker": {"color": color},
            "texttemplate": "%{x:.1f}%",
            "textposition": "outside",
            "cliponaxis": False,
        }
        for column, name, color in (("customers_pct", _("customers"), VIOLET), ("income_pct", _("income"), GREEN))
    ]
    ends = table[["customers_pct", "income_pct"]].to_numpy()
    drawn = spec(
        traces,
        _("High current value: {customers:.0f}% of the customers, {income:.0f}% of the income").format(
            customers=table["customers_pct"].iloc[:2].sum(), income=table["income_pct"].iloc[:2].sum()
        ),
        _("Share (%)"),
        "",
        xaxis_range=[1.2 * min(ends.min(), 0), 1.2 * max(ends.max(), 1)],
        yaxis_autorange="reversed",
        legend_traceorder="normal",
    )
    alt = _("Two bars a quadrant: its share of the customers and its share of the income.")
    return Chart(drawn, alt, lambda: actions(s))


def actions(s: model.Scorecard) -> pd.DataFrame:
    """Return the quadrants with their customers, their income and what to do in each."""
    table = model.quadrant_table(s)
    columns = {
        _("Customers"): table["customers"].tolist(),
        _("{label} ({unit})").format(label=_("Income"), unit=money()): [f"{v:,.0f}" for v in table["income"]],
        _("What to do"): [_(text) for text in model.ACTIONS.values()],
    }
    return pd.DataFrame(columns, index=pd.Index([_(name) for name in model.QUADRANTS.values()], name=_("Quadrant")))


def cards(s: model.Scorecard, most: int = 5) -> pd.DataFrame:
    """Return the scorecards of the customers with the highest totals."""
    listed = model.listing(s).head(most)
    numbers = {_(name): listed[group] for group, (name, _figures) in model.GROUPS.items()}
    numbers |= {
        _("Current value"): listed["current"],
        _("Potential value"): listed["potential"],
        _("Total score"): listed["total"],
    }
    shown = pd.DataFrame({name: [f"{v:.1f}" for v in column] for name, column in numbers.items()}, index=listed.index)
    shown[_("Quadrant")] = [_(model.QUADRANTS[name]) for name in listed["quadrant"]]
    return shown.rename_axis(_("Firm id"))


def figures() -> pd.DataFrame:
    """Return which figures stand for each group of indicators, and which way each is read."""
    of = {column: name for name in reversed(model.STUDY.datasets) for column in dictionary(name).columns}
    growth = {"growth": _("Growth of the firm's own sales between the dates")}
    rows = [
        (
            _("current value") if place < model.CURRENT.stop else _("potential value"),
            _(group),
            growth.get(figure) or label(of[figure], figure),
            _("less is better") if figure in model.LESS_IS_BETTER else _("more is better"),
        )
        for place, (group, names) in enumerate(model.GROUPS.values())
        for figure in names
    ]
    columns = [_("Side"), _("Group"), _("Indicator"), _("Direction")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])

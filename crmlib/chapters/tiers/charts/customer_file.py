"""Charts of the customer file, and one card as a table."""

import numpy as np
import pandas as pd

from crmlib.chapters.tiers.models import customer_file as model
from crmlib.core.i18n import _
from crmlib.plotting.template import BLUE, GREEN, ORANGE, VIOLET
from crmlib.plotting.theme import Chart, spec, wrapped
from crmlib.tables.dictionary import label

DATASET = "customer_files"


def states(r: model.Reviewed) -> Chart:
    """How many cards can be used, and how many have each fault."""
    table = model.fault_table(r)
    names = [_("can be used"), *(_(name) for name in model.FAULTS.values())]
    n, key = int(table["all"]["usable"]), int(model.headline(r)["key_unusable"])
    bar = {
        "type": "bar",
        "orientation": "h",
        "y": [wrapped(name, 14) for name in names],
        "x": [int(v) for v in table["all"]],
        "marker": {"color": [BLUE, *[ORANGE] * len(model.FAULTS)]},
        "texttemplate": "%{x:,}",
        "textposition": "outside",
        "cliponaxis": False,
    }
    drawn = spec(
        [bar],
        _("{n:,} of {all:,} cards can be used; {key:,} key customers have none").format(
            n=n, all=len(r.files.key), key=key
        ),
        _("Cards"),
        "",
        xaxis_range=[0, 1.15 * max(len(r.files.key), 1)],
        yaxis_autorange="reversed",
    )
    alt = _("Blue: cards without a fault. Orange: cards with each fault; a card with several faults counts in each.")
    return Chart(drawn, alt, lambda: _state_table(r))


def kinds(r: model.Reviewed) -> Chart:
    """Share of the fields that is filled in, and that is fresh, by kind of data."""
    table = model.kind_table(r)
    names = [_(name) for name, _fields in model.KINDS.values()]
    traces = [
        {
            "type": "bar",
            "x": [wrapped(name, 14) for name in names],
            "y": table[column].round(2).tolist(),
            "name": name,
            "marker": {"color": color},
            "texttemplate": "%{y:.0f}%",
            "textposition": "outside",
            "cliponaxis": False,
        }
        for column, name, color in (("filled_pct", _("filled in"), VIOLET), ("fresh_pct", _("and fresh"), GREEN))
    ]
    worst = table["fresh_pct"].to_numpy().argmin()
    drawn = spec(
        traces,
        _("Worst kept: {kind}; {share:.0f}% of these fields are filled in and fresh").format(
            kind=names[worst], share=table["fresh_pct"].iloc[worst]
        ),
        _("Kind of data"),
        _("Share of the fields (%)"),
        yaxis_range=[0, 115],
    )
    alt = _("Two bars a kind of data: the share of its fields that is filled in, and the share that is also fresh.")
    return Chart(drawn, alt, lambda: _kind_table(r))


def card(r: model.Reviewed, firm: str) -> pd.DataFrame:
    """Return one customer's card: each field, when it was confirmed, its age in days, and its state."""
    place = r.files.firms.index.get_loc(firm)
    as_of = r.files.latest + pd.Timedelta(days=r.rule.days_later)
    rows = []
    kind_of = {field: name for name, fields in model.KINDS.values() for field in fields}
    for field, age, fresh in zip(model.FIELDS, r.age[place], r.fresh[place], strict=True):
        known = not np.isnan(age)
        day = f"{as_of - pd.Timedelta(days=age):%Y-%m-%d}" if known else "–"
        state = _("not filled in") if not known else _("fresh") if fresh else _("out of date")
        rows.append((_(kind_of[field]), label(DATASET, field), day, f"{age:,.0f}" if known else "–", state))
    columns = [_("Kind of data"), _("Field"), _("Confirmed on"), _("Age (days)"), _("State")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def unusable(r: model.Reviewed, most: int = 5) -> pd.DataFrame:
    """Return the first cards that cannot be used: key customers before others, the worst first."""
    listed = model.listing(r).head(most)
    faults = [
        _(", ").join(_(model.FAULTS[name]) for name in filter(None, text.split(", "))) for text in listed["faults"]
    ]
    columns = {
        _("Key customer"): [_("yes") if key else _("no") for key in listed["key"]],
        _("Completeness (%)"): [f"{v:.1f}" for v in listed["completeness"]],
        _("Freshness (%)"): [f"{v:.1f}" for v in listed["freshness"]],
        _("People in charge"): listed["in_charge"].tolist(),
        _("What is wrong"): faults,
    }
    return pd.DataFrame(columns, index=pd.Index(listed.index, name=_("Firm id")))


def _state_table(r: model.Reviewed) -> pd.DataFrame:
    table = model.fault_table(r)
    names = [_("can be used"), *(_(name) for name in model.FAULTS.values())]
    columns = {_("Cards"): table["all"].tolist(), _("of these key customers"): table["key"].tolist()}
    return pd.DataFrame(columns, index=pd.Index(names, name=_("State")))


def _kind_table(r: model.Reviewed) -> pd.DataFrame:
    table = model.kind_table(r)
    columns = {
        _("Filled in (%)"): [f"{v:.1f}" for v in table["filled_pct"]],
        _("Filled in and fresh (%)"): [f"{v:.1f}" for v in table["fresh_pct"]],
    }
    names = [_(name) for name, _fields in model.KINDS.values()]
    return pd.DataFrame(columns, index=pd.Index(names, name=_("Kind of data")))

"""A panel of members, a row an account and year, as matrices of customers × years, by account and by household.

An account is what the firm's books know; a household is who decides. Two accounts of a household are one customer
there, and a membership that passes from one member of a family to another is no loss.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import setting
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels
from crmlib.formulas.lifetime import break_even, multiple

UNITS = {"household": N_("households"), "account": N_("single accounts")}
REFUNDS = {"deducted": N_("taken off the fees"), "ignored": N_("left out of account")}
DATA = N_("Data")


def unit_setting() -> str:
    """Return the input that says what counts as one customer."""
    chosen: str = setting(
        "household",
        N_("A customer is"),
        group=DATA,
        choices=UNITS,
        help=N_("A household with two accounts is one customer; an account that passes on within it is no loss."),
    )
    return chosen


def refunds_setting() -> str:
    """Return the input that says whether refunds lower the margin."""
    chosen: str = setting(
        "deducted",
        N_("Refunds are"),
        group=DATA,
        choices=REFUNDS,
        help=N_("Fees that were paid back are no income; many reports forget them."),
    )
    return chosen


@dataclass(frozen=True)
class Members:
    """The customers of a panel; matrices run over customers × years, money in yuan."""

    ids: Labels
    present: Bools
    fees: Floats
    refunds: Floats
    service: Floats
    won_cost: Floats
    start: Floats  # year of joining; nan where it is not known

    def margin(self, refunds: str = "deducted") -> Floats:
        """Return fees less the cost of service, and less refunds unless they are left out of account."""
        return self.fees - self.service - (self.refunds if refunds == "deducted" else 0.0)


@dataclass(frozen=True)
class Panel:
    """A panel with its customers by account and by household; years are without a gap."""

    years: Ints
    members: Mapping[str, Members]
    table: pd.DataFrame


def prepare(table: pd.DataFrame) -> Panel:
    """Turn the table of ``data/members.yaml`` into matrices.

    Convention: a customer is there in a year that has a row. Who is missing for a year has left and was won back. A
    household began when its first account did; where that is not known for one of its accounts, it is not known.

    Raises:
        DataError: fewer than two years follow one another, so that nobody can be seen to stay.
    """
    found = table["year"].to_numpy(np.int64)
    years = np.arange(found.min(), found.max() + 1)
    if len(years) < 2 or len(np.unique(found)) < len(years):
        raise DataError(
            _("Column year: two years or more must follow one another without a gap; it holds {years}.").format(
                years=_(", ").join(map(str, np.unique(found).tolist()))
            )
        )
    columns = {"account": "account_id", "household": "household_id"}
    return Panel(years, {unit: _members(table, columns[unit], years) for unit in UNITS}, table)


def _members(table: pd.DataFrame, column: str, years: Ints) -> Members:
    codes, ids = pd.factorize(table[column], sort=True)
    shape = (len(ids), len(years))
    cell = codes * shape[1] + table["year"].to_numpy(np.int64) - years[0]

    def sums(values: Floats | None = None) -> Floats:
        return np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).reshape(shape).astype(float)

    money = {
        name: sums(np.nan_to_num(table[source].to_numpy(float, na_value=np.nan)))
        for name, source in (("fees", "revenue"), ("refunds", "refunds"), ("service", "service_cost"))
    }
    cost = sums(np.nan_to_num(table["won_cost"].to_numpy(float, na_value=np.nan)))
    start = table["joined"].to_numpy(float, na_value=np.nan)
    first = np.full(shape[0], np.inf)
    np.fmin.at(first, codes, start)
    first[codes[np.isnan(start)]] = np.nan
    return Members(np.asarray(ids, object), sums() > 0, won_cost=cost, start=first, **money)


def retention_by_year(members: Members) -> Floats:
    """Return the retention rate from each year to the next (0–1): who is there in both ÷ who is there in the first."""
    now, later = members.present[:, :-1], members.present[:, 1:]
    return np.asarray((now & later).sum(0) / np.maximum(now.sum(0), 1))


def joined_by_year(members: Members) -> Ints:
    """Return how many customers are there in each year but the first who were not there the year before."""
    return np.asarray((members.present[:, 1:] & ~members.present[:, :-1]).sum(0))


def channel_figures(panel: Panel, channels: Sequence[str], discount: float = 0.10) -> pd.DataFrame:
    """Return, by how accounts were won, cost of winning one, retention rate (0–1), margin, CLV, break-even; money yuan.

    Accounts of all years. The CLV takes the margin and the retention rate of the channel as constant, the first margin
    at the end of the year. Index the channels; those without a known cost are left out.
    """
    members = panel.members["account"]
    of = panel.table.drop_duplicates("account_id").set_index("account_id")["channel"].reindex(members.ids)
    rows = {}
    for channel in channels:
        at = (of.astype(str) == channel).to_numpy()
        new = members.won_cost[at] > 0
        here, later = members.present[at, :-1], members.present[at, 1:]
        if not new.any() or not here.any():
            continue
        cost, rate = float(members.won_cost[at][new].mean()), float((here & later).sum() / here.sum())
        margin = float(members.margin()[at].sum() / members.present[at].sum())
        worth = margin * float(multiple(np.array(rate), discount))
        rows[channel] = (cost, rate, margin, worth, break_even(cost, margin, discount))
    columns = ["cost", "retention", "margin", "clv", "break_even"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)

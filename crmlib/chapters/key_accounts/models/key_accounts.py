"""Key accounts: who they are, what the loss of the largest does to profit, and whether a department pays.

Money is in yuan a year, shares and margins in %, arrays run over the customers in falling order of sales. Accounts of
one owner are one customer unless asked otherwise. An account without sales counts as a customer without a share.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Labels, ratio

LOSS, HELP = N_("Loss of the largest"), N_("Key-account department")
ADVICE = (
    N_("sales fall: visit by top managers, ask about our salespeople"),
    N_("small share: train the shop floor, promote together"),
    N_("we are nearly its only supplier: keep supply safe, tell it early"),
    N_("keep: supply first, test new products there, yearly meeting"),
)
"""What to begin with, by the state of an account; the workbook's own reading of the ten measures."""


class KeyRule(Inputs):
    """Which customers are key accounts, what is lost, and what a department costs and brings."""

    least: float = setting(
        1,
        N_("A key account brings at least"),
        low=0.2,
        high=10,
        step=0.1,
        unit=N_("% of sales"),
        help=N_("The source cuts by rank; a share of the sales is the workbook's own rule."),
    )
    unite: Literal["group", "account"] = setting(
        "group",
        N_("Accounts of one owner"),
        choices={"group": N_("are one customer"), "account": N_("are counted apart")},
    )
    enough: float = setting(
        20,
        N_("A department is needed with more key accounts than"),
        low=5,
        high=60,
        step=1,
        help=N_("The number is lost in the source; 20 is the usual reading."),
    )
    fixed: float = setting(
        17_000_000, N_("Fixed costs"), low=0, high=30_000_000, step=100_000, unit=N_("yuan a year"), group=LOSS
    )
    lost: float = setting(1, N_("Largest customers lost"), low=0, high=10, step=1, group=LOSS)
    part: float = setting(100, N_("Part of their sales lost"), low=0, high=100, step=5, unit="%", group=LOSS)
    replaced: float = setting(
        20,
        N_("Lost contribution replaced by others"),
        low=0,
        high=100,
        step=5,
        unit="%",
        group=LOSS,
        help=N_("Within the year, after the cost of winning it."),
    )
    saved: float = setting(50, N_("Service cost that falls away"), low=0, high=100, step=5, unit="%", group=LOSS)
    department: float = setting(
        600_000, N_("Cost of the department"), low=0, high=5_000_000, step=50_000, unit=N_("yuan a year"), group=HELP
    )
    uplift: float = setting(
        5,
        N_("Sales of key accounts rise by"),
        low=-5,
        high=30,
        step=0.5,
        unit="%",
        group=HELP,
        help=N_("An estimate: compare with customers that are not looked after so."),
    )


@dataclass(frozen=True)
class Customers:
    """Customers in falling order of sales, equal ones in the order of their names."""

    names: Labels
    sales: Floats
    before: Floats
    contribution: Floats  # margin in yuan
    service: Floats
    own_share: Floats  # 0–1, nan where it is not known

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Accounts:
    """The firm's accounts, counted both ways."""

    by: dict[str, Customers]


@dataclass(frozen=True)
class Concentration:
    """What :func:`run` returns."""

    customers: Customers
    rule: KeyRule
    shares: Floats  # % of the sales

    @property
    def key(self) -> int:
        """How many key accounts there are; they are the first so many customers."""
        return int((self.shares >= self.rule.least).sum())

    @property
    def profit(self) -> float:
        """Profit now, in yuan."""
        return float((self.customers.contribution - self.customers.service).sum() - self.rule.fixed)

    def loss(self, lost: int) -> float:
        """Return by how much profit falls if so many of the largest are lost."""
        c, rule = self.customers, self.rule
        gone = float(c.contribution[:lost].sum()) * rule.part / 100
        spared = float(c.service[:lost].sum()) * rule.part / 100 * rule.saved / 100
        return gone * (1 - rule.replaced / 100) - spared

    @property
    def uplift_gain(self) -> float:
        """What the department's key accounts bring more, before its cost."""
        return float(self.customers.contribution[: self.key].sum()) * self.rule.uplift / 100


def hhi(shares: Floats) -> float:
    """Return the Herfindahl–Hirschman index: the sum of squared shares in %, from near 0 to 10,000.

    Four firms with 30, 30, 20 and 20% make 2,600, the example of the U.S. Department of Justice.

    >>> hhi(np.array([30.0, 30.0, 20.0, 20.0]))
    2600.0
    """
    return float(np.square(shares).sum())


def profit_fall(share: float, margin: float, profit: float) -> float:
    """Return the share of profit that goes with a customer, in %, where no cost falls away.

    Args:
        share: of the sales that is lost, %.
        margin: contribution of the lost sales, % of them.
        profit: % of all sales.

    Derivation: of sales S the loss is share × S × margin, the profit S × profit; S cancels.

    >>> profit_fall(20, 30, 10)
    60.0
    """
    return share * margin / profit


def win_back(cost: float, contribution: float, years: float) -> float:
    """Return the chance of success, in %, from which trying to win an account back pays.

    Convention: contribution is not discounted, and the cost is spent whether it works or not.

    >>> win_back(60_000, 100_000, 3)
    20.0
    """
    return 100 * cost / (contribution * years)


def prepare(accounts: pd.DataFrame) -> Accounts:
    """Add up accounts of one owner, and keep them apart too.

    Raises:
        DataError: there are no accounts, or all sales together are not above zero.
    """
    if not len(accounts) or accounts["sales"].sum() <= 0:
        raise DataError(_("All sales together must be above zero; look at the column of sales."))
    own = accounts["account_id"]
    return Accounts({"account": _added(accounts, own), "group": _added(accounts, accounts["group"].fillna(own))})


def _added(accounts: pd.DataFrame, names: "pd.Series[str]") -> Customers:
    known = accounts["own_share"].notna()
    bought = (accounts["sales"] / accounts["own_share"]).where(known & (accounts["own_share"] > 0))
    rows = pd.DataFrame(
        {
            "sales": accounts["sales"],
            "before": accounts["sales_before"],
            "contribution": accounts["sales"] * accounts["margin"] / 100,
            "service": accounts["service_cost"],
            "bought": bought,
            "asked": accounts["sales"].where(bought.notna()),
        }
    )
    one = rows.groupby(names.to_numpy(object), sort=True).sum()
    one = one.sort_values("sales", ascending=False, kind="stable")
    own = (one["asked"] / one["bought"].where(one["bought"] > 0)).to_numpy(float)
    sales, before, contribution, service = (
        one[name].to_numpy(float) for name in ("sales", "before", "contribution", "service")
    )
    return Customers(one.index.to_numpy(object), sales, before, contribution, service, own)


def run(accounts: Accounts, rule: KeyRule) -> Concentration:
    """Count the customers as the rule says. Negative sales (returns) give a share of zero."""
    customers = accounts.by[rule.unite]
    sales = np.maximum(customers.sales, 0)
    return Concentration(customers, rule, 100 * sales / sales.sum())


def headline(c: Concentration) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    rule, key = c.rule, c.key
    fall = c.loss(int(rule.lost))
    return {
        "key": float(key),
        "key_share": float(c.shares[:key].sum()),
        "largest": float(c.shares[0]),
        "hhi": hhi(c.shares),
        "profit": c.profit,
        "profit_then": c.profit - fall,
        "fall": 100 * fall / c.profit if c.profit > 0 else float("nan"),
        "net_gain": c.uplift_gain - rule.department,
    }


def advice(c: Concentration) -> Labels:
    """Return the place in :data:`ADVICE` of each key account, in the order in which the questions are asked."""
    k, rows = c.key, c.customers
    falling = rows.sales[:k] < 0.9 * rows.before[:k]
    small, whole = rows.own_share[:k] < 0.35, rows.own_share[:k] > 0.7
    return np.select([falling, small, whole], [0, 1, 2], 3)


def listing(c: Concentration) -> pd.DataFrame:
    """List the customers: columns sales, share (%), growth (%), contribution, service cost, whether key."""
    rows = c.customers
    growth = ratio(rows.sales, rows.before) - 1
    columns = {
        "sales": rows.sales,
        "share_pct": c.shares,
        "growth_pct": 100 * growth,
        "contribution": rows.contribution,
        "service_cost": rows.service,
        "own_share_pct": 100 * rows.own_share,
        "key": np.arange(len(rows)) < c.key,
    }
    return pd.DataFrame(columns, index=pd.Index(rows.names, name="customer"))


STUDY = Study(
    name="key_accounts",
    title=N_("Key accounts"),
    datasets=("key_accounts",),
    inputs=KeyRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "key": Measure(N_("Key accounts")),
        "key_share": Measure(N_("Share of the key accounts in sales"), "%", 1),
        "largest": Measure(N_("Share of the largest customer"), "%", 1),
        "hhi": Measure(N_("Herfindahl–Hirschman index")),
        "profit": Measure(N_("Profit now"), N_("yuan a year")),
        "profit_then": Measure(N_("Profit after the loss"), N_("yuan a year")),
        "fall": Measure(N_("Part of the profit lost"), "%", 1),
        "net_gain": Measure(N_("Net gain of the department"), N_("yuan a year")),
    },
    textbook={"replaced": 0.0, "saved": 0.0},
    first=("least", "unite", "fixed", "replaced", "uplift"),
)

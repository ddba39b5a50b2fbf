"""The shop's orders as arrays, prepared once for the studies that read them.

Conventions: a purchase is a day on which goods were bought, whatever the number of orders. Goods paid with a gift card
count on that day, and the sale of the card does not: the shop owes it until it is used. What was sent back is taken off
the amount and is no purchase. Days run from 1 January 1970; the last day of the file is “today”.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, NC_, _
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels, ratio

PERIODS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""Periods of a calendar in months; an input never gives them as a number."""
PERIOD_NAMES = {
    "month": NC_("period", "month"),
    "quarter": N_("quarter"),
    "half": N_("half-year"),
    "year": N_("year"),
}
PER_YEAR = {name: 12 // months for name, months in PERIODS.items()}


@dataclass(frozen=True)
class Buyers:
    """Everybody who bought something, in the order of their ids; purchases in the order of buyer and day."""

    ids: Labels
    wholesale: Bools
    consent: Bools
    orders: Ints  # days with a purchase
    first: Ints  # day
    last: Ints  # day
    gross: Floats  # yuan, before returns
    returned: Floats  # yuan, positive
    who: Ints  # of each purchase, the place of the buyer
    day: Ints
    amount: Floats  # yuan, before returns
    back_who: Ints  # of each return, the place of the buyer
    back_day: Ints
    back_amount: Floats  # yuan, positive

    @property
    def net(self) -> Floats:
        """What each buyer spent, less what was sent back, in yuan."""
        return np.asarray(self.gross - self.returned)

    def spent(self, after: int | Ints, until: int) -> Floats:
        """Return what each buyer spent on the days from ``after`` (excluded) to ``until``, before returns, in yuan.

        Args:
            after: a day, or one for each purchase.
            until: a day.
        """
        within = (self.day > after) & (self.day <= until)
        return np.bincount(self.who[within], self.amount[within], minlength=len(self.ids)).astype(float)

    def bought(self, after: int, until: int) -> Ints:
        """Return on how many of those days each buyer bought."""
        within = (self.day > after) & (self.day <= until)
        return np.bincount(self.who[within], minlength=len(self.ids))

    def until(self, day: int) -> tuple[Ints, Ints]:
        """Return on how many days each buyer had bought by the end of a day, and the last of these days.

        Who had not bought by then has 0, and the first day of the shop.
        """
        seen = self.day <= day
        last = np.full(len(self.ids), self.first.min(), dtype=np.int64)
        np.maximum.at(last, self.who[seen], self.day[seen])
        return np.bincount(self.who[seen], minlength=len(self.ids)), last

    def share_returned(self, day: int) -> Floats:
        """Return which share of what each buyer had bought by the end of a day she had sent back by then, 0 for none.

        It is above 1 where more was sent back than bought.
        """
        seen, back = self.day <= day, self.back_day <= day
        bought = np.bincount(self.who[seen], self.amount[seen], minlength=len(self.ids))
        returned = np.bincount(self.back_who[back], self.back_amount[back], minlength=len(self.ids))
        return ratio(returned, bought, 0.0)


@dataclass(frozen=True)
class Shop:
    """The shop: its buyers as customers and, for comparison, as accounts."""

    customers: Buyers
    accounts: Buyers
    today: int
    counts: dict[str, int]


def prepare(orders: pd.DataFrame, accounts: pd.DataFrame) -> Shop:
    """Return the shop of two tables with the columns of ``data/shop_orders.yaml`` and ``data/shop_accounts.yaml``.

    Raises:
        DataError: an order has an account that is not listed, or nobody bought anything.
    """
    strange = orders.loc[~orders["account_id"].isin(accounts["account_id"]), "account_id"]
    if len(strange):
        said = _("Account {account} has orders and stands in no row of the accounts; add it there.")
        raise DataError(said.format(account=strange.iloc[0]))
    rows = orders.merge(accounts, on="account_id", how="left", suffixes=("", "_owner"))
    goods = rows["kind"].isin(["sale", "card_use"])
    if not goods.any():
        raise DataError(_("Nobody bought anything: there is no row with a purchase."))
    per_customer = accounts.groupby("customer_id")["account_id"].nunique()
    counts = {
        "returns": int((rows["kind"] == "return").sum()),
        "cards": int((rows["kind"] == "card_sale").sum()),
        "paid_by_card": int((rows["kind"] == "card_use").sum()),
        "two_accounts": int((per_customer > 1).sum()),
        "only_cards": rows["customer_id"].nunique() - rows.loc[goods, "customer_id"].nunique(),
        "wholesale": accounts.loc[accounts["kind"] == "wholesale", "customer_id"].nunique(),
        "no_consent": accounts.loc[~accounts["consent"].astype(bool), "customer_id"].nunique(),
    }
    today = int(_days(rows["date"]).max())
    return Shop(_buyers(rows, goods, "customer_id"), _buyers(rows, goods, "account_id"), today, counts)


def _days(dates: pd.Series) -> Ints:
    return dates.to_numpy("datetime64[D]").astype(np.int64)


def _buyers(rows: pd.DataFrame, goods: pd.Series, name: str) -> Buyers:
    """Aggregate the rows by customer or by account."""
    bought = rows[goods]
    who, ids = pd.factorize(bought[name], sort=True)
    day = _days(bought["date"])
    order = np.lexsort((day, who))
    who, day, amount = who[order], day[order], bought["amount"].to_numpy(float)[order]
    starts = np.flatnonzero(np.append(True, (np.diff(who) != 0) | (np.diff(day) != 0)))
    amount, who, day = np.add.reduceat(amount, starts), who[starts].astype(np.int64), day[starts]
    n, firsts = np.bincount(who), np.append(0, np.flatnonzero(np.diff(who)) + 1)
    back = rows[(rows["kind"] == "return") & rows[name].isin(ids)]
    returned = back.groupby(name)["amount"].sum().reindex(ids, fill_value=0.0)
    facts = bought.groupby(name)[["kind_owner", "consent"]].first().reindex(ids)
    return Buyers(
        ids=np.asarray(ids, dtype=object),
        wholesale=(facts["kind_owner"] == "wholesale").to_numpy(bool),
        consent=facts["consent"].to_numpy(bool),
        orders=n,
        first=day[firsts],
        last=day[np.append(firsts[1:], len(day)) - 1],
        gross=np.bincount(who, amount).astype(float),
        returned=-returned.to_numpy(float),
        who=who,
        day=day,
        amount=amount,
        back_who=pd.Index(ids).get_indexer(back[name]).astype(np.int64),
        back_day=_days(back["date"]),
        back_amount=-back["amount"].to_numpy(float),
    )

"""Make ``shop_accounts.csv`` and ``shop_orders.csv``: three years of an online tea and snack shop.

Run ``python data/make_shop.py``. Synthetic, seeded. ``numpy.random.RandomState`` is used because its stream is frozen;
a rebuild is identical byte by byte.

How the numbers hang together: each customer buys at a rate of her own and may be lost after each purchase, with a
probability of her own; both differ between customers, so that the retention rate seems to rise with age. Around
11 November orders bunch. Some goods are sent back, some customers buy gift cards and pay with them later. In July 2023
the shop moved to another system and gave some customers a second account. One buyer is a wholesaler.
"""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write

SEED = 20241231
CUSTOMERS = 6000
START, END = date(2022, 1, 1), date(2024, 12, 31)
DAYS = (END - START).days + 1
MOVED = (date(2023, 7, 1) - START).days
RATE = (0.75, 62.0)
"""Shape and scale (days) of the gamma distribution of purchase rates."""
LOST = (0.8, 2.6)
"""The beta distribution of the probability of being lost after a purchase."""
CARDS = (100, 200, 300, 500)

Row = tuple[int, int, str, float]
"""Customer, day, kind of entry, amount in yuan."""


def purchases(rng: RandomState, joined: int) -> list[int]:
    """Return the days on which one customer buys, the first one included."""
    rate, lost = rng.gamma(RATE[0], 1 / RATE[1]), rng.beta(*LOST)
    days, today = [joined], float(joined)
    while rng.uniform() >= lost:
        today += max(1.0, rng.exponential(1 / max(rate, 1e-6)))
        if today >= DAYS:
            break
        days.append(moved_to_festival(rng, int(today)))
    return sorted(set(days))


def moved_to_festival(rng: RandomState, day: int) -> int:
    """Move one order in three that falls on 1–25 November to the 11th of the month."""
    there = START + timedelta(day)
    if there.month == 11 and there.day <= 25 and rng.uniform() < 0.35:
        return (date(there.year, 11, 11) - START).days
    return day


def basket(rng: RandomState, level: float) -> float:
    """Return the amount of an order of somebody who spends ``level`` yuan on average."""
    return round(max(9.9, level * rng.gamma(5.0, 0.2)), 1)


def entries(rng: RandomState, customer: int) -> list[Row]:
    """Return all entries of one consumer: orders, goods sent back, gift cards."""
    joined = int(DAYS * rng.uniform() ** 0.85)
    level = 110 / rng.gamma(4.0, 0.25)
    rows: list[Row] = []
    for day in purchases(rng, joined):
        amount = basket(rng, min(level, 900.0))
        rows.append((customer, day, "card_use" if rng.uniform() < 0.03 else "sale", amount))
        back = day + rng.randint(3, 16)
        if rng.uniform() < 0.06 and back < DAYS:
            rows.append((customer, back, "return", -round(amount * rng.choice([0.5, 1.0]), 1)))
        if rng.uniform() < 0.02:
            rows.append((customer, day, "card_sale", float(rng.choice(CARDS))))
    return rows


def only_cards(rng: RandomState, customers: range) -> list[Row]:
    """Return the entries of people who buy a gift card for somebody else and nothing more."""
    return [(c, rng.randint(DAYS - 60, DAYS), "card_sale", float(rng.choice(CARDS))) for c in customers]


def wholesale(rng: RandomState, customer: int) -> list[Row]:
    """Return the orders of the one wholesale buyer: every fortnight, hundreds of boxes."""
    return [(customer, day, "sale", round(5200 * rng.gamma(20.0, 0.05), 1)) for day in range(9, DAYS, 14)]


def tables(seed: int = SEED, customers: int = CUSTOMERS) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    rng = RandomState(seed)
    rows = [row for customer in range(customers) for row in entries(rng, customer)]
    extra = max(3, customers // 250)
    rows += only_cards(rng, range(customers, customers + extra))
    buyer = customers + extra
    rows += wholesale(rng, buyer)
    rows.sort(key=lambda row: (row[1], row[0], row[2]))
    numbers = rng.permutation(buyer + 1) + 1
    renamed = rng.uniform(size=buyer + 1) < 0.12
    agreed = rng.uniform(size=buyer + 1) < 0.83
    who, day = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    second = renamed[who] & (day >= MOVED)
    account = [f"{'N' if new else 'A'}{numbers[c]:05d}" for c, new in zip(who, second, strict=True)]
    orders = pd.DataFrame(
        {
            "order_id": np.arange(1, len(rows) + 1),
            "account_id": account,
            "date": [(START + timedelta(int(d))).isoformat() for d in day],
            "kind": [row[2] for row in rows],
            "amount": [row[3] for row in rows],
        }
    )
    owners = dict(zip(account, who, strict=True))
    accounts = pd.DataFrame({"account_id": sorted(owners)})
    owner = np.array([owners[name] for name in accounts["account_id"]])
    accounts["customer_id"] = [f"C{numbers[c]:05d}" for c in owner]
    accounts["kind"] = np.where(owner == buyer, "wholesale", "consumer")
    accounts["consent"] = agreed[owner].astype(int)
    return {"shop_accounts": accounts, "shop_orders": orders}


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own shop, with 1,500 customers."""
    return tables(seed + 1, 1500)


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

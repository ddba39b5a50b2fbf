"""The loyalty indicators from 1,000,000 orders against one pandas groupby over the same orders.

Ours is everything: surveys and orders prepared, the eight indicators, the index and the headline figures.
"""

import numpy as np
import pandas as pd
from measure import report, side_by_side

from crmlib.chapters.loyalty.models import loyalty
from crmlib.tables.data import load

ORDERS, CUSTOMERS = 1_000_000, 20_000


def shop(orders: int, customers: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return surveys of so many customers in two waves, and orders spread over three years among them."""
    rng = np.random.RandomState(1)
    surveys = load("loyalty_customers")
    ids = np.array([f"K{n:06d}" for n in range(customers)], dtype=object)
    pick = rng.randint(0, len(surveys), 2 * customers)
    rows = surveys.iloc[pick].assign(customer_id=np.repeat(ids, 2), wave=np.tile([2023, 2024], customers))
    days = np.datetime64("2022-01-01") + rng.randint(0, 1096, orders).astype("timedelta64[D]")
    amounts = np.round(rng.gamma(2, 150, orders)) * np.where(rng.uniform(size=orders) < 0.05, -1, 1)
    table = {"order_id": np.arange(orders), "customer_id": ids[rng.randint(0, customers, orders)], "date": days}
    frame = pd.DataFrame(table | {"amount": amounts})
    return rows.reset_index(drop=True), frame.astype({"customer_id": "str", "date": "datetime64[us]"})


customers, orders = shop(ORDERS, CUSTOMERS)
ours, theirs = side_by_side(
    lambda: loyalty.headline(loyalty.STUDY.answer(customers, orders)),
    lambda: orders.groupby("customer_id")["amount"].sum(),
    rounds=9,
)
report(f"loyalty from {ORDERS:,} orders against one groupby", ours, theirs, "ms", 3)

"""Make the cube of a food manufacturer: ``sales_cube.csv``, ``product_months.csv``, ``customer_purchases.csv``.

Run ``python data/make_analysis.py``. Synthetic, seeded. ``numpy.random.RandomState`` is used because its stream is
frozen; a rebuild is identical byte by byte.

How the numbers hang together: each product has a list price, a unit cost, a season and a turnover of its own, each
customer a size and an assortment that depends on its kind. Noodles grow, sauces lose margin to dearer chillies. One
product was renamed, one is new, one was given up, one is made to order and has no stock. One customer was taken over
by another, one month had a promotion, and goods come back now and then.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20260309
FIRST, MONTHS = "2023-01-01", 36
TOTAL = 60_000_000.0
"""Yuan of sales in the last year, about."""

PRODUCTS = pd.DataFrame(
    [
        # id, name, English name, share of sales, margin rate, turnover, price a case, growth a year, season
        ("P01", "米线", "rice noodles", 23.0, 0.160, 17.5, 60, 0.13, "flat"),
        ("P02", "拌面", "dry noodles", 2.5, 0.180, 10.0, 66, 0.05, "flat"),
        ("P03", "辣椒酱", "chilli sauce", 21.5, 0.300, 11.2, 150, 0.00, "flat"),
        ("P04", "豆瓣酱", "bean paste", 5.0, 0.280, 6.0, 110, -0.02, "flat"),
        ("P05", "香菇酱", "shiitake sauce", 5.0, 0.460, 4.0, 180, 0.03, "flat"),
        ("P06", "酱油", "soy sauce", 8.0, 0.200, 8.0, 72, 0.02, "flat"),
        ("P07", "陈醋", "vinegar", 4.0, 0.220, 7.0, 64, 0.01, "flat"),
        ("P08", "腐乳", "fermented tofu", 3.0, 0.360, 3.0, 96, -0.03, "flat"),
        ("P09", "泡菜", "pickles", 3.5, 0.250, 9.0, 58, 0.02, "flat"),
        ("P10", "豆干", "tofu snack", 4.0, 0.320, 6.0, 120, 0.04, "flat"),
        ("P11", "火锅底料", "hotpot base", 18.0, 0.380, 5.0, 200, -0.04, "winter"),
        ("P12", "凉粉", "jelly", 4.0, 0.340, 11.6, 70, 0.06, "summer"),
        ("P13", "礼盒", "gift box", 3.0, 0.420, 0.0, 260, 0.02, "feast"),
        ("P14", "速食粥", "congee", 1.5, 0.240, 5.0, 84, 0.00, "flat"),
        ("P15", "菌菇酱", "mushroom sauce", 5.0, 0.460, 4.0, 184, 0.03, "flat"),
        ("P16", "芝麻糊", "sesame drink", 2.0, 0.260, 3.5, 90, -0.10, "winter"),
    ],
    columns=["product_id", "product", "product_en", "share", "margin", "turnover", "price", "growth", "season"],
)  # fmt: skip
SEASONS = {
    "flat": (1.25, 0.75, 0.95, 0.95, 1.0, 1.0, 0.95, 0.95, 1.05, 1.0, 1.0, 1.15),
    "winter": (1.9, 1.1, 0.8, 0.6, 0.5, 0.4, 0.4, 0.5, 0.8, 1.2, 1.7, 2.1),
    "summer": (0.1, 0.1, 0.4, 0.9, 1.6, 2.3, 2.6, 2.2, 1.2, 0.4, 0.1, 0.1),
    "feast": (5.5, 0.8, 0.1, 0.1, 0.4, 0.2, 0.1, 0.8, 2.9, 0.3, 0.2, 0.6),
}
LIFE = {"P05": (0, 24), "P15": (24, 36), "P14": (26, 36), "P16": (0, 24)}
"""From which month until before which month a product is sold; the others are sold throughout."""
PROMOTED, PROMOTION = ("P01", "P03"), 29
"""Products of the promotion, and its month: the sixth of the last year. The month after, customers use up stock."""
KINDS = {"distributor": (14, 0.94, 5.0), "retailer": (10, 1.0, 2.6), "agent": (4, 0.92, 2.0), "end": (6, 1.06, 0.7)}
"""Kind of customer: how many, price level, size."""
MERGED, INTO, SINCE = 8, 3, 27
"""The ninth customer belongs to the fourth from this month on."""
NAMES = {
    "distributor": (
        ("城东商贸", "Chengdong Trading"), ("恒丰食品", "Hengfeng Foods"), ("金谷商行", "Jingu Stores"),
        ("远达贸易", "Yuanda Trading"), ("百味批发", "Baiwei Wholesale"), ("江北粮油", "Jiangbei Grain"),
        ("三合副食", "Sanhe Groceries"), ("同庆商贸", "Tongqing Trading"), ("南桥副食", "Nanqiao Groceries"),
        ("顺来商行", "Shunlai Stores"), ("大通食品", "Datong Foods"), ("永兴批发", "Yongxing Wholesale"),
        ("青山贸易", "Qingshan Trading"), ("西关商行", "Xiguan Stores"),
    ),
    "retailer": (
        ("惠民超市", "Huimin Mart"), ("好邻居", "Good Neighbour"), ("家家乐", "Jiajiale"), ("优鲜连锁", "Youxian"),
        ("万客来", "Wankelai"), ("便民店联盟", "Corner Shops"), ("新城超市", "Xincheng Mart"), ("乐购坊", "Legoufang"),
        ("绿源生鲜", "Lüyuan Fresh"), ("社区团购", "Group Buying"),
    ),
    "agent": (("华南代理", "South Agent"), ("西北代理", "Northwest Agent"), ("电商代理", "Online Agent"),
              ("出口代理", "Export Agent")),
    "end": (("川味火锅店", "Hotpot House"), ("大学食堂", "Canteen"), ("酒店采购部", "Hotel Group"),
            ("快餐连锁", "Fast Food"), ("航空配餐", "Air Catering"), ("机关食堂", "Office Canteen")),
}  # fmt: skip


def make_customers(rng: RandomState, customers: int) -> pd.DataFrame:
    """Return customers with kind, price level, size and names; ``customers`` at most, those of each kind in turn."""
    rows = [
        (name, english, kind, level, size * np.exp(0.55 * rng.standard_normal()))
        for kind, (n, level, size) in KINDS.items()
        for name, english in NAMES[kind][:n]
    ]
    table = pd.DataFrame(rows, columns=["customer", "customer_en", "kind", "level", "size"])
    table.insert(0, "customer_id", [f"C{number + 1:02d}" for number in range(len(table))])
    if customers < len(table):
        every = np.round(np.linspace(0, len(table) - 1, customers)).astype(int)
        table = table.iloc[sorted({*every.tolist(), MERGED, INTO})].reset_index(drop=True)
    return table


def assortment(rng: RandomState, customers: pd.DataFrame) -> Array:
    """Return how strongly each customer buys each product (customers × products), 0 where it does not."""
    chance = {"distributor": 0.9, "retailer": 0.8, "agent": 0.65, "end": 0.5}
    n = len(PRODUCTS)
    carries = rng.uniform(size=(len(customers), n)) < customers["kind"].map(chance).to_numpy(float)[:, None]
    carries[:, [0, 2, 10]] |= rng.uniform(size=(len(customers), 3)) < 0.8
    carries[:, 14] = carries[:, 4]
    taste = np.exp(0.45 * rng.standard_normal((len(customers), n)))
    taste[:, 14] = taste[:, 4]
    taste *= np.where((customers["kind"] == "end").to_numpy()[:, None] & (np.arange(n) == 10), 2.5, 1.0)
    return np.asarray(carries * taste * customers["size"].to_numpy(float)[:, None])


def product_totals(rng: RandomState, margin: Array, share: Array) -> tuple[Array, Array, Array]:
    """Return quantity wanted, list price and unit cost (products × months)."""
    month, year = np.arange(MONTHS) % 12, np.arange(MONTHS) // 12
    season = np.array([SEASONS[name] for name in PRODUCTS["season"]])[:, month]
    growth = (1 + PRODUCTS["growth"].to_numpy(float)[:, None]) ** (year - 2)
    price = PRODUCTS["price"].to_numpy(float)[:, None] * np.where(year == 2, 1.0, np.where(year == 1, 0.99, 0.975))
    cost = PRODUCTS["price"].to_numpy(float)[:, None] * (1 - margin[:, None]) * np.where(year == 2, 1.0, 0.96)
    sauces = PRODUCTS["product_id"].isin(["P03", "P11"]).to_numpy()[:, None]
    cost = np.where(sauces & (year < 2), cost * 0.96, cost)
    quantity = TOTAL * share[:, None] / PRODUCTS["price"].to_numpy(float)[:, None] / 12 * season * growth
    quantity *= np.exp(0.06 * rng.standard_normal(quantity.shape))
    for row, name in enumerate(PRODUCTS["product_id"]):
        start, end = LIFE.get(name, (0, MONTHS))
        quantity[row, :start] = quantity[row, end:] = 0
    promoted = PRODUCTS["product_id"].isin(PROMOTED).to_numpy()
    quantity[promoted, PROMOTION] *= 1.8
    quantity[promoted, PROMOTION + 1] *= 0.6
    price = np.array(price)
    price[promoted, PROMOTION] *= 0.88
    return quantity, price, cost


def make_sales(rng: RandomState, customers: pd.DataFrame, wanted: tuple[Array, Array, Array]) -> pd.DataFrame:
    """Return the cube in long form, a row for each month, customer and product with sales or returns."""
    quantity, price, cost = wanted
    strength = assortment(rng, customers)
    strength = strength / np.maximum(strength.sum(axis=0), 1e-9)
    cells = strength[:, :, None] * quantity * np.exp(0.25 * rng.standard_normal((*strength.shape, MONTHS)))
    taken_over, into = (place_of(customers, number) for number in (MERGED, INTO))
    cells[into, :, SINCE:] += cells[taken_over, :, SINCE:]
    cells[taken_over, :, SINCE:] = 0
    cases = np.floor(cells + rng.uniform(size=cells.shape))
    returned = (rng.uniform(size=cells.shape) < 0.006) & (cells > 3)
    cases = np.where(returned, -np.ceil(0.25 * cells), cases)
    level = customers["level"].to_numpy(float)[:, None, None]
    paid = price * level * (1 + 0.01 * rng.standard_normal(cells.shape))
    who, what, when = np.nonzero(cases)
    table = pd.DataFrame(
        {
            "month": months()[when],
            "customer_id": customers["customer_id"].to_numpy()[who],
            "product_id": PRODUCTS["product_id"].to_numpy()[what],
            "quantity": cases[who, what, when].astype(int),
            "sales": np.round(cases * paid)[who, what, when].astype(int),
            "cost": np.round(cases * cost)[who, what, when].astype(int),
        }
    )
    return table.sort_values(["month", "customer_id", "product_id"], ignore_index=True)


def place_of(customers: pd.DataFrame, number: int) -> int:
    """Return the row of a customer, counted from 0 in the full list."""
    return int(customers.index[customers["customer_id"] == f"C{number + 1:02d}"][0])


def months() -> NDArray[np.str_]:
    """Return the first day of each month as text."""
    return pd.date_range(FIRST, periods=MONTHS, freq="MS").strftime("%Y-%m-%d").to_numpy()


def make_months(rng: RandomState, sales: pd.DataFrame, turnover: Array) -> pd.DataFrame:
    """Return stock, plan and promotion, a row for each product and month of its life."""
    by = sales.groupby(["product_id", "month"])["sales"].sum()
    rows = []
    for k, name in enumerate(PRODUCTS["product_id"]):
        start, end = LIFE.get(name, (0, MONTHS))
        sold = by.reindex([(name, month) for month in months()], fill_value=0).to_numpy(float)
        ahead = np.concatenate([sold[1:], sold[max(end - 12, 0) : max(end - 12, 0) + 1]])
        year = sold[max(end - 12, start) : end]
        level = year.mean() * 12 / turnover[k] if turnover[k] else 0.0
        shape = 0.35 + 0.65 * ahead / max(year.mean(), 1.0)
        shape = shape / shape[max(end - 12, start) : end].mean()
        closing = np.round(level * shape * np.exp(0.05 * rng.standard_normal(MONTHS)))
        goal = sold * (1.02 + 0.05 * rng.standard_normal()) * np.exp(0.05 * rng.standard_normal(MONTHS))
        for m in range(start, end):
            opening = closing[m - 1] if m > start else np.round(0.9 * closing[m])
            promoted = int(name in PROMOTED and m == PROMOTION)
            plan = max(np.round(goal[m] / (1.45 if promoted else 1.0) / 1000) * 1000, 0)
            rows.append((name, k, months()[m], int(opening), int(closing[m]), int(plan), promoted))
    table = pd.DataFrame(
        rows, columns=["product_id", "k", "month", "opening_stock", "closing_stock", "plan", "promotion"]
    )
    for place, column in ((2, "product"), (3, "product_en")):
        table.insert(place, column, PRODUCTS[column].to_numpy()[table["k"].to_numpy()])
    table["renamed_to"] = np.where(table["product_id"] == "P05", "P15", "")
    return table.drop(columns="k")


def make_purchases(rng: RandomState, customers: pd.DataFrame, sales: pd.DataFrame) -> pd.DataFrame:
    """Return what each customer buys of this trade in all, in the last two years, and the share aimed at."""
    table = customers.drop(columns=["level", "size"]).copy()
    share = np.clip(0.34 + 0.14 * rng.standard_normal(len(table)), 0.08, 0.8)
    table["merged_into"] = np.where(table["customer_id"] == f"C{MERGED + 1:02d}", f"C{INTO + 1:02d}", "")
    for back, column in ((1, "purchases_before"), (0, "purchases_last")):
        names = months()[MONTHS - 12 * (back + 1) : MONTHS - 12 * back]
        ours = sales[sales["month"].isin(names)].groupby("customer_id")["sales"].sum()
        bought = table["customer_id"].map(ours).fillna(0).to_numpy(float)
        drift = 1 + (0.12 * rng.standard_normal(len(table)) if back else 0)
        table[column] = (np.round(np.maximum(bought, 0) / share * drift / 10_000) * 10_000).astype(int)
    table["target_share"] = np.clip(np.round(20 * (share + 0.05 * rng.standard_normal(len(table)))) * 5, 10, 80)
    table["target_share"] = table["target_share"].astype(int)
    return table


def make(seed: int, customers: int, other: bool) -> dict[str, pd.DataFrame]:
    """Return the three tables; with ``other`` margins, turnovers and shares of products differ from those above."""
    rng = RandomState(seed)
    change = np.exp(0.12 * rng.standard_normal((3, len(PRODUCTS)))) if other else np.ones((3, len(PRODUCTS)))
    change[:, 14] = change[:, 4]
    margin = np.clip(PRODUCTS["margin"].to_numpy(float) * change[0], 0.08, 0.6)
    share = PRODUCTS["share"].to_numpy(float) * change[2]
    buyers = make_customers(rng, customers)
    sales = make_sales(rng, buyers, product_totals(rng, margin, share / 105))
    products = make_months(rng, sales, PRODUCTS["turnover"].to_numpy(float) * change[1])
    purchases = make_purchases(rng, buyers, sales)
    return {"sales_cube": sales, "product_months": products, "customer_purchases": purchases}


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return make(seed, 99, other=False)


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own cube: about 12 customers, products with other margins, turnovers and shares."""
    return make(seed, 11, other=True)


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

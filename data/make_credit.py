"""Make ``credit_customers.csv``, ``credit_invoices.csv`` and ``credit_months.csv``: a building-material wholesaler's
customers, its open documents at two month-ends, and its credit sales by month. Synthetic, seeded.

Run ``python data/make_credit.py``. As in every generator of this folder, :func:`make` gives the tables, running the
file writes them beside the file; the same seed gives the same bytes under every version of numpy.

How the numbers hang together: each customer has a latent *quality*. It drives the answers to the 27 questions, the
balance sheet, how late invoices are paid, and who fails in the year that follows. Each customer is invoiced about once
a month over 18 months; what is not paid by a month-end is open at it. Sales of the year and of the months are sums of
the same invoices.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20251231
CUSTOMERS = 360
MONTHS = pd.period_range("2024-07", "2025-12", freq="M")
DATES = (np.datetime64("2025-11-30"), np.datetime64("2025-12-31"))
SEASON = (1.0, 0.95, 1.05, 1.1, 1.05, 0.9, 0.75, 0.5, 0.95, 1.05, 1.1, 1.0, 0.9, 0.85, 0.95, 0.95, 0.9, 0.8)
FAILED, NO_BALANCE, UNASKED, BLANK = 0.12, 0.05, 0.03, 0.03
PARTLY_PAID, DISPUTED, UNDATED = 0.15, 0.03, 0.05
NOTES, ADVANCES = 0.15, 0.12

SEGMENTS = {
    "contractor": (0.25, 4.7, "建筑工程", "Construction"),
    "decorator": (0.30, 3.9, "装饰工程", "Decoration"),
    "shop": (0.30, 3.6, "建材商行", "Building Materials"),
    "reseller": (0.15, 4.9, "建材批发", "Materials Wholesale"),
}
"""Share of the customers, mean of the logarithm of the invoice (1,000 yuan), and what they are called."""
PLACES = {"临江": "Linjiang", "青浦桥": "Qingpuqiao", "柳河": "Liuhe", "云台": "Yuntai", "白沙": "Baisha"}
SYLLABLES = {
    "宏": "hong", "瑞": "rui", "德": "de", "茂": "mao", "昌": "chang", "盛": "sheng", "恒": "heng", "佳": "jia",
    "正": "zheng", "华": "hua", "泰": "tai", "安": "an", "兴": "xing", "源": "yuan", "达": "da", "益": "yi",
    "鼎": "ding", "嘉": "jia", "顺": "shun", "和": "he", "广": "guang", "众": "zhong", "立": "li", "信": "xin",
}  # fmt: skip
BUSINESS, FINANCE, PAYMENT = (
    [f"{kind}{n:02}" for n in range(1, most)] for kind, most in (("b", 12), ("f", 12), ("p", 6))
)


def make(seed: int = SEED, customers: int = CUSTOMERS) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the customers, the open documents at both dates, and the credit sales by month."""
    rng = RandomState(seed)
    quality = rng.standard_normal(customers)
    codes = list(SEGMENTS)
    segment = np.array(codes)[rng.choice(len(codes), customers, p=[SEGMENTS[c][0] for c in codes])]
    invoices = issued(rng, segment, quality)
    sales = invoices[invoices["issued"] >= np.datetime64("2025-01-01")].groupby("customer")["amount"].sum()
    table = file_of_customers(rng, segment, quality, sales.reindex(range(customers), fill_value=0.0).to_numpy() / 1e4)
    documents = pd.concat([open_at(invoices, day) for day in DATES] + [others(rng, invoices, customers)])
    return table, in_order(documents), by_month(invoices)


def tables(seed: int = SEED, customers: int = CUSTOMERS) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return dict(zip(("credit_customers", "credit_invoices", "credit_months"), make(seed, customers), strict=True))


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own customers, documents and months, of 120 customers."""
    return tables(seed, 120)


def customer_id(number: int) -> str:
    """Return the identifier of customer ``number`` (from 0): C001, C002 and so on."""
    return f"C{number + 1:03d}"


def worst(risk: Array, share: float) -> NDArray[np.bool_]:
    """Mark the ``share`` of rows with the highest ``risk``."""
    chosen = np.zeros(risk.size, dtype=bool)
    chosen[np.argsort(-risk, kind="stable")[: round(share * risk.size)]] = True
    return chosen


def chance(x: Array) -> Array:
    """Return the logistic function."""
    return np.asarray(1 / (1 + np.exp(-x)))


def answers(rng: RandomState, quality: Array) -> dict[str, Array]:
    """Answers to the 27 questions, 1 yes and 0 no; some left blank, a few customers hardly asked at all."""
    n, found = len(quality), {}
    sensed = quality + 0.4 * rng.standard_normal(n)
    unasked = rng.uniform(size=n) < UNASKED
    for name in (*BUSINESS, *FINANCE, *PAYMENT):
        ease = 0.6 * rng.standard_normal()
        good = name in BUSINESS or name == "f01"
        yes = chance(0.8 + ease + 0.9 * sensed) if good else chance(-1.3 + ease - 1.3 * sensed)
        given = (rng.uniform(size=n) < yes).astype(float)
        blank = (rng.uniform(size=n) < BLANK) | (unasked & (rng.uniform(size=n) < 0.8))
        found[name] = np.where(blank, np.nan, given)
    return found


def balance_sheets(rng: RandomState, quality: Array, sales: Array) -> dict[str, Array]:
    """Balance sheets in 万元: assets grow with what is bought, weak customers owe more; some give none."""
    n = len(quality)
    total = np.maximum(sales, 8) * np.exp(1.6 + 0.7 * rng.standard_normal(n))
    debt = np.clip(0.60 - 0.12 * quality + 0.10 * rng.standard_normal(n), 0.08, 1.15)
    current = total * np.clip(0.68 + 0.12 * rng.standard_normal(n), 0.3, 0.95)
    quick = current * np.clip(0.50 + 0.06 * quality + 0.12 * rng.standard_normal(n), 0.1, 0.9)
    short = total * debt * np.clip(0.80 + 0.10 * rng.standard_normal(n), 0.4, 1.0)
    none = rng.uniform(size=n) < NO_BALANCE
    sheet = {"quick_assets": quick, "current_assets": current, "total_assets": total}
    sheet |= {"current_liabilities": short, "liabilities": total * debt}
    return {name: np.where(none, np.nan, np.round(values, 1)) for name, values in sheet.items()}


def names(rng: RandomState, segment: NDArray[np.str_]) -> tuple[list[str], list[str]]:
    """Name each customer: place + two invented characters (a pair serves once) + trade."""
    signs = list(SYLLABLES)
    pairs = [(a, b) for a in signs for b in signs if a != b]
    zh, en = [], []
    for number, code in zip(rng.permutation(len(pairs))[: len(segment)], segment, strict=True):
        first, second = pairs[number]
        place = list(PLACES)[rng.randint(len(PLACES))]
        _share, _size, trade, trade_en = SEGMENTS[str(code)]
        zh.append(f"{place}{first}{second}{trade}")
        en.append(f"{PLACES[place]} {(SYLLABLES[first] + SYLLABLES[second]).capitalize()} {trade_en}")
    return zh, en


def file_of_customers(rng: RandomState, segment: NDArray[np.str_], quality: Array, sales: Array) -> pd.DataFrame:
    """Return the customers with investigation, balance sheet and outcome."""
    n = len(quality)
    zh, en = names(rng, segment)
    years = np.clip(rng.gamma(2.0, 3.0, n), 0, 25).round(0)
    frame = pd.DataFrame(
        {"customer_id": [customer_id(i) for i in range(n)], "customer_name": zh, "customer_name_en": en}
    )
    frame = frame.assign(segment=segment, years=years, sales=sales.round(1), **balance_sheets(rng, quality, sales))
    failed = worst(-2.0 * quality + rng.logistic(size=n), FAILED).astype(float)
    frame = frame.assign(**answers(rng, quality), failed=failed)
    for name in ("years", *BUSINESS, *FINANCE, *PAYMENT, "failed"):
        frame[name] = frame[name].astype("Int64")
    return frame


def issued(rng: RandomState, segment: NDArray[np.str_], quality: Array) -> pd.DataFrame:
    """Return every invoice of the 18 months with the day it is due, paid in part, and paid in full."""
    n, size = len(quality), np.array([SEGMENTS[str(code)][1] for code in segment])
    large = size + 0.8 * rng.standard_normal(n)
    period = np.where(large > 5.1, 60, np.where(large > 4.3, 45, 30))
    slow = np.exp(2.2 - 0.75 * quality + 0.3 * rng.standard_normal(n))
    parts = []
    for place, month in enumerate(MONTHS):
        who = np.flatnonzero(rng.uniform(size=n) < 0.8)
        amount = np.round(np.exp(large[who] + 0.4 * rng.standard_normal(len(who))) * SEASON[place] * 100) * 10.0
        day = np.datetime64(month.start_time.date()) + rng.randint(0, 28, len(who)).astype("timedelta64[D]")
        late = rng.exponential(slow[who]) - 4
        stuck = rng.uniform(size=len(who)) < 0.03 * np.exp(-0.9 * quality[who])
        late = np.minimum(np.where(stuck, rng.uniform(40, 320, len(who)), late), 420).astype(int)
        frame = pd.DataFrame({"customer": who, "issued": day, "amount": np.maximum(amount, 200.0)})
        parts.append(frame.assign(period=period[who], late=late))
    every = pd.concat(parts, ignore_index=True)
    every["document"] = [f"I{number + 1:05d}" for number in range(len(every))]
    every["due"] = every["issued"] + pd.to_timedelta(every["period"], unit="D")
    every["settled"] = every["due"] + pd.to_timedelta(np.maximum(every["late"], 1 - every["period"]), unit="D")
    return partly(rng, every)


def partly(rng: RandomState, every: pd.DataFrame) -> pd.DataFrame:
    """Let some invoices be paid in part before they are settled, be disputed, or name no due date."""
    m = len(every)
    part = np.where(rng.uniform(size=m) < PARTLY_PAID, np.round(rng.uniform(0.2, 0.8, m), 1), 0.0)
    between = (every["settled"] - every["issued"]).dt.days.to_numpy() * rng.uniform(0.5, 0.95, m)
    part_day = every["issued"] + pd.to_timedelta(np.floor(between), unit="D")
    dated = rng.uniform(size=m) >= UNDATED
    disputed = (rng.uniform(size=m) < DISPUTED) & (every["late"].to_numpy() > 10)
    named = every["due"].where(dated)
    return every.assign(part=part, part_day=part_day, named_due=named, disputed=disputed.astype(float))


def open_at(every: pd.DataFrame, day: np.datetime64) -> pd.DataFrame:
    """Return the invoices that are open at a date, as the list of that date shows them."""
    rows = every[(every["issued"] <= day) & (every["settled"] > day)]
    paid = np.where(rows["part_day"] <= day, (rows["part"] * rows["amount"]).round(2), 0.0)
    frame = rows[["document", "customer", "issued", "amount", "disputed"]].assign(as_of=day, kind="invoice")
    return frame.assign(due=rows["named_due"], paid=paid, last_paid=rows["part_day"].where(paid > 0))


def others(rng: RandomState, every: pd.DataFrame, customers: int) -> pd.DataFrame:
    """Return credit notes and advance payments open at either date."""
    rows = []
    for kind, letter, share in (("credit_note", "N", NOTES), ("advance", "A", ADVANCES)):
        for number in range(round(share * customers)):
            who, given = rng.randint(customers), DATES[1] - np.timedelta64(int(rng.randint(5, 120)), "D")
            own = every.loc[every["customer"] == who, "amount"]
            usual = float(own.mean()) if len(own) else 5000.0
            amount = max(round(usual * rng.uniform(0.05, 0.6), -1), 100.0)
            used = given + np.timedelta64(int(rng.randint(20, 120)), "D")
            row = {"document": f"{letter}{number + 1:04d}", "customer": who, "issued": given, "amount": amount}
            row |= {"disputed": 0.0, "kind": kind, "due": pd.NaT, "paid": 0.0, "last_paid": pd.NaT}
            rows += [row | {"as_of": day} for day in DATES if given <= day < used]
    return pd.DataFrame(rows)


def in_order(documents: pd.DataFrame) -> pd.DataFrame:
    """Put the documents into the order of the file."""
    documents = documents.assign(customer_id=[customer_id(i) for i in documents["customer"]])
    documents["disputed"] = documents["disputed"].astype("Int64")
    columns = ["as_of", "document", "customer_id", "kind", "issued", "due", "amount", "paid", "last_paid", "disputed"]
    return documents[columns].sort_values(["as_of", "document"], kind="stable").reset_index(drop=True)


def by_month(every: pd.DataFrame) -> pd.DataFrame:
    """Return the credit sales of each month in yuan."""
    total = every.groupby(every["issued"].dt.to_period("M"))["amount"].sum().reindex(MONTHS, fill_value=0.0)
    return pd.DataFrame({"month": MONTHS.to_timestamp(), "sales": total.round(0).to_numpy()})


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

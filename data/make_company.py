"""Make an invented branch: its CRM extract, its customers in the books of finance, its opportunities.

Run ``python data/make_company.py``. Synthetic, seeded. ``numpy.random.RandomState`` is used because its stream is
frozen; a rebuild is identical byte by byte. No figure is company XX's.

How the numbers hang together: twelve salespeople are careful, hurried or private. Hurried ones leave fields empty, type
what cannot be and enter firms twice; private ones sell most and keep their best customers out of the CRM. Customers'
stock and profit follow above all their industry. In the second year opportunities grow by 65%, of which most are
entered twice, entered when the contract is signed, or empty.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write

SEED = 20250331
CUSTOMERS = 420
EXTRACT = np.datetime64("2025-03-31")
PEOPLE = {
    # kind, weight in the number of customers, weight in sales
    "S01": ("careful", 1.1, 1.0),
    "S02": ("private", 0.9, 4.0),
    "S03": ("hurried", 1.2, 0.9),
    "S04": ("careful", 0.9, 0.8),
    "S05": ("hurried", 1.1, 1.1),
    "S06": ("private", 0.8, 3.4),
    "S07": ("careful", 1.0, 1.0),
    "S08": ("hurried", 1.0, 0.7),
    "S09": ("careful", 1.1, 1.2),
    "S10": ("private", 0.8, 2.9),
    "S11": ("hurried", 1.0, 1.0),
    "S12": ("careful", 1.0, 0.8),
}
INDUSTRIES = {
    # share, mean turnover of stock, mean profit rate (%)
    "chemicals": (0.24, 5.0, 7.0),
    "metals": (0.16, 4.0, 4.5),
    "power": (0.14, 3.0, 6.0),
    "cement": (0.14, 3.5, 5.0),
    "food": (0.18, 8.5, 8.0),
    "pharma": (0.14, 6.5, 13.0),
}
HOME = {
    "S02": "metals",
    "S06": "power",
    "S04": "pharma",
    "S12": "food",
    "S07": "food",
    "S09": "pharma",
    "S10": "cement",
}
"""The industry in which a salesperson has half of the customers; the others take what comes."""
SKILL = {"careful": 0.5, "hurried": -0.2, "private": 0.1}
PLACES = ("临江", "青浦桥", "石岭", "云港", "白沙", "南溪", "双河", "龙泉寺", "东山", "平湖口")
PLACES_EN = ("Linjiang", "Qingpuqiao", "Shiling", "Yungang", "Baisha", "Nanxi", "Shuanghe", "Longquansi", "Dongshan",
             "Pinghukou")  # fmt: skip
NAMES = (
    "恒昌",
    "瑞禾",
    "钧达",
    "朗拓",
    "沛然",
    "弘砚",
    "启岳",
    "澄川",
    "茂林",
    "信和",
    "宏策",
    "远屿",
    "嘉陶",
    "锦垚",
    "博岚",
)
NAMES_EN = ("Hengchang", "Ruihe", "Junda", "Langtuo", "Peiran", "Hongyan", "Qiyue", "Chengchuan", "Maolin", "Xinhe",
            "Hongce", "Yuanyu", "Jiatao", "Jinyao", "Bolan")  # fmt: skip
TRADES = {"chemicals": ("化工", "Chemicals"), "metals": ("金属", "Metals"), "power": ("热电", "Power"),
          "cement": ("水泥", "Cement"), "food": ("食品", "Foods"), "pharma": ("制药", "Pharma")}  # fmt: skip
DECIDES = ("owner", "plant", "purchasing", "institute")
FILLERS = ("无", "待补", "0", "123")


def make_customers(seed: int = SEED, n: int = CUSTOMERS) -> pd.DataFrame:
    """Return the customers as finance knows them, a row each."""
    rng = RandomState(seed)
    people = np.array(list(PEOPLE))
    share = np.array([PEOPLE[p][1] for p in people])
    seller = rng.choice(people, n, p=share / share.sum())
    names, odds = list(INDUSTRIES), np.array([row[0] for row in INDUSTRIES.values()])
    industry = rng.choice(names, n, p=odds / odds.sum())
    home = np.array([HOME.get(p, "") for p in seller])
    industry = np.where((home != "") & (rng.uniform(size=n) < 0.5), home, industry)
    zh, en = firms(rng, industry)
    frame = pd.DataFrame({"customer_id": [f"K{k + 1:04d}" for k in range(n)], "firm_name": zh, "firm_name_en": en})
    frame = frame.assign(salesperson=seller, industry=industry, vip=0)
    frame = frame.join(figures(rng, seller, industry))
    frame["vip"] = (frame["billed"] >= frame["billed"].quantile(0.9)).astype(int)
    return awkward(rng, frame)


def firms(rng: RandomState, industry: np.ndarray) -> tuple[list[str], list[str]]:
    """Return names of firms in both languages, no two the same."""
    zh, en, used = [], [], set()
    for trade in industry:
        while True:
            a, b = rng.randint(len(PLACES)), rng.randint(len(NAMES))
            if (a, b, trade) not in used:
                break
        used.add((a, b, trade))
        zh.append(f"{PLACES[a]}{NAMES[b]}{TRADES[trade][0]}有限公司")
        en.append(f"{PLACES_EN[a]} {NAMES_EN[b]} {TRADES[trade][1]} Co. Ltd")
    return zh, en


def figures(rng: RandomState, seller: np.ndarray, industry: np.ndarray) -> pd.DataFrame:
    """Return what we bill, the customer's own figures (10,000 yuan), and its satisfaction (1–10)."""
    n = len(seller)
    skill = np.array([SKILL[PEOPLE[p][0]] for p in seller]) + 0.25 * rng.standard_normal(n)
    size = np.array([PEOPLE[p][2] for p in seller])
    need = np.exp(3.2 + 0.9 * rng.standard_normal(n)) * size**0.8
    share = np.clip(0.42 + 0.12 * skill + 0.14 * rng.standard_normal(n), 0.05, 0.95)
    billed = need * share
    turnover = np.array([INDUSTRIES[i][1] for i in industry]) * np.exp(0.18 * skill + 0.2 * rng.standard_normal(n))
    used = billed * rng.uniform(0.85, 1.05, n)
    sales = need / rng.uniform(0.02, 0.08, n)
    rate = np.array([INDUSTRIES[i][2] for i in industry]) + 0.8 * skill + 2.0 * rng.standard_normal(n)
    content = np.clip(np.round(7.2 + 1.2 * skill + 1.1 * rng.standard_normal(n)), 1, 10)
    columns = {
        "billed": billed.round(1),
        "purchases": need.round(1),
        "used": used.round(1),
        "stock": np.maximum(used / turnover, 0.1).round(1),
        "sales": sales.round(0),
        "profit": (sales * rate / 100).round(1),
        "satisfaction": pd.array(content.astype(int), dtype="Int64"),
    }
    return pd.DataFrame(columns)


def awkward(rng: RandomState, frame: pd.DataFrame) -> pd.DataFrame:
    """Take out what customers do not tell, and let a few figures be as they come: no stock, more billed than bought."""
    n = len(frame)
    for column, odds in (("satisfaction", 0.22), ("purchases", 0.10), ("stock", 0.12), ("profit", 0.15)):
        frame[column] = frame[column].mask(rng.uniform(size=n) < odds)
    none = rng.uniform(size=n) < 0.015
    frame["stock"] = frame["stock"].mask(none, 0.0)
    wrong = rng.uniform(size=n) < 0.012
    frame["purchases"] = frame["purchases"].mask(wrong, (frame["billed"] * 0.6).round(1))
    return frame


def make_accounts(customers: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """Return the CRM extract, a row a record: most customers once, some several times, some not at all."""
    rng = RandomState(seed + 1)
    rows = []
    row: Any
    for row in customers.itertuples():
        kind = PEOPLE[row.salesperson][0]
        hidden = {"careful": 0.03, "hurried": 0.08, "private": 0.70 if row.vip else 0.25}[kind]
        if rng.uniform() < hidden:
            continue
        again = {"careful": 0.03, "hurried": 0.20, "private": 0.04}[kind]
        for copy in range(1 + (rng.uniform() < again) + (rng.uniform() < again / 4)):
            rows.append(record(rng, row, kind, copy))
    for k in range(14):  # entered by people whose customers finance does not know
        rows.append(prospect(rng, k))
    order = rng.permutation(len(rows))
    frame = pd.DataFrame([rows[k] for k in order])
    frame.insert(0, "record_id", [f"R{k + 1:04d}" for k in range(len(frame))])
    return frame


def record(rng: RandomState, row: Any, kind: str, copy: int) -> dict[str, object]:
    """Return one record of a customer as its salesperson enters it."""
    gap = {"careful": 0.03, "hurried": 0.14, "private": 0.04}[kind]
    wrong = {"careful": 0.004, "hurried": 0.035, "private": 0.01}[kind]
    age = rng.gamma(2.0, {"careful": 70, "hurried": 120, "private": 80}[kind])
    updated = EXTRACT - np.timedelta64(int(age), "D")
    entered = updated - np.timedelta64(int(rng.gamma(2.0, 220)), "D")
    contact = updated - np.timedelta64(int(rng.gamma(1.5, 20)), "D")
    need = float(np.nan_to_num(row.purchases, nan=row.billed / 0.4))
    digits = int(row.customer_id[1:])
    tail = f"{(digits * 7919 + 12345678) % 10**9:09d}"
    phone = f"1{3 + digits % 6}{tail[0]}-{tail[1:5]}-{tail[5:]}"
    fields: dict[str, object] = {
        "customer_code": row.customer_id if not copy or rng.uniform() < 0.35 else "",
        "phone": phone,
        "people": int(np.round(np.exp(5.2 + 0.8 * rng.standard_normal()))),
        "need": round(need * rng.uniform(0.9, 1.1), 1),
        "decides": DECIDES[rng.randint(len(DECIDES))],
        "last_contact": contact,
    }
    for name in fields:
        if rng.uniform() < gap * (0.3 if name == "customer_code" else 1.0):
            filler = name == "phone" and rng.uniform() < 0.5
            fields[name] = FILLERS[rng.randint(len(FILLERS))] if filler else None
        elif rng.uniform() < wrong:
            fields[name] = impossible(rng, name, fields[name])
    zh, en = spelt(rng, row.firm_name, row.firm_name_en, copy, bool(fields["customer_code"]))
    named = {"firm_name": zh, "firm_name_en": en, "salesperson": row.salesperson, "vip": row.vip}
    code = fields.pop("customer_code") or None
    return {"customer_code": code, **named, **fields, "entered": entered, "updated": updated}


def impossible(rng: RandomState, name: str, value: object) -> object:
    """Return what cannot be, as hurried people type it."""
    return {
        "customer_code": value,
        "phone": "111-1111-1111" if rng.uniform() < 0.5 else "138-00",
        "people": [0, -5, 999999][rng.randint(3)],
        "need": [0.0, -1.0][rng.randint(2)],
        "decides": value,
        "last_contact": EXTRACT + np.timedelta64(int(rng.randint(20, 200)), "D"),
    }[name]


def spelt(rng: RandomState, zh: str, en: str, copy: int, coded: bool) -> tuple[str, str]:
    """Return a firm's name as it is typed another time: spaces, another form, without its town where it has a code."""
    if not copy:
        return zh, en
    kind = rng.randint(4)
    if kind == 0:
        return zh.replace("有限公司", "有限责任公司"), en.replace("Co. Ltd", "Company Limited")
    if kind == 1:
        return zh.replace("有限公司", "（有限公司）"), en.replace("Co. Ltd", "Co., Ltd.")
    if kind == 2:
        return f"{zh[:-4]} ", en.upper()
    if coded:
        town = next(place for place in PLACES if zh.startswith(place))
        return zh.removeprefix(town), en.partition(" ")[2]
    return zh, f"{en} "


def prospect(rng: RandomState, number: int) -> dict[str, object]:
    """Return a record of a firm that is no customer yet; three of them were typed to try the system."""
    test = number < 3
    zh = ("测试客户", "测试", "123")[number] if test else f"{PLACES[number % 10]}{NAMES[14 - number]}包装有限公司"
    en = ("test customer", "test", "123")[number] if test else (
        f"{PLACES_EN[number % 10]} {NAMES_EN[14 - number]} Packaging Co. Ltd"
    )  # fmt: skip
    updated = EXTRACT - np.timedelta64(int(rng.randint(30, 700)), "D")
    return {
        "customer_code": None,
        "firm_name": zh,
        "firm_name_en": en,
        "salesperson": list(PEOPLE)[rng.randint(len(PEOPLE))],
        "vip": 0,
        "phone": "123" if test else f"158-{str(rng.randint(10**7, 10**8))[:4]}-{number:04d}",
        "people": None if test else int(rng.randint(20, 400)),
        "need": None if test else float(rng.randint(5, 60)),
        "decides": None if test else DECIDES[rng.randint(4)],
        "last_contact": None if test else updated,
        "entered": updated,
        "updated": updated,
    }


KINDS = {
    # entered in each year: opportunities of their own, repeats, entered with the contract, empty ones
    2023: {"own": 266, "repeat": 13, "late": 14, "empty": 10},
    2024: {"own": 306, "repeat": 84, "late": 62, "empty": 48},
}
WINS = {2023: 0.27, 2024: 0.25}


def make_opportunities(customers: pd.DataFrame, seed: int = SEED, part: float = 1.0) -> pd.DataFrame:
    """Return the opportunities entered in two years, as they stand at the date of the extract."""
    rng = RandomState(seed + 2)
    rows: list[dict[str, object]] = []
    weight = np.array(
        [{"careful": 1.0, "hurried": 1.7, "private": 0.6}[PEOPLE[p][0]] for p in customers["salesperson"]]
    )
    for year, kinds in KINDS.items():
        own: list[dict[str, object]] = []
        for kind, count in kinds.items():
            for _k in range(round(part * count)):
                row = customers.iloc[rng.choice(len(customers), p=weight / weight.sum())]
                rows.append(entry(rng, year, kind, row, own))
    frame = pd.DataFrame(rows).sort_values(["entered", "customer_id", "amount"], kind="stable")
    frame.insert(0, "opportunity", [f"Q{k + 1:04d}" for k in range(len(frame))])
    return frame


def entry(rng: RandomState, year: int, kind: str, row: pd.Series, own: list[dict[str, object]]) -> dict[str, object]:
    """Return one opportunity of a kind."""
    start = np.datetime64(f"{year}-01-01")
    entered = start + np.timedelta64(int(rng.randint(0, 365)), "D")
    amount = round(float(np.exp(2.6 + 0.8 * rng.standard_normal())), 1)
    made: dict[str, object] = {"customer_id": row["customer_id"], "salesperson": row["salesperson"]}
    if kind == "repeat":
        first = own[rng.randint(len(own))]
        day = first["entered"] + np.timedelta64(int(rng.randint(1, 45)), "D")  # type: ignore[operator]
        day = min(day, np.datetime64(f"{year}-12-31"))
        return first | {"entered": day, "state": "closed", "closed": None, "actions": 0}
    if kind == "late":
        signed = entered - np.timedelta64(int(rng.randint(0, 12)), "D")
        return made | {"entered": entered, "amount": amount, "state": "won", "closed": signed, "actions": 1}
    if kind == "empty":
        blank = None if rng.uniform() < 0.6 else 0.0
        return made | {"entered": entered, "amount": blank, "state": "open", "closed": None, "actions": 0}
    state, closed = "open", None
    days = int(rng.gamma(2.2, 28)) + 3
    over = entered + np.timedelta64(days, "D")
    if over <= EXTRACT:
        state = "won" if rng.uniform() < WINS[year] * 1.25 else ("lost" if rng.uniform() < 0.75 else "closed")
        closed = over
    found = made | {
        "entered": entered,
        "amount": amount,
        "state": state,
        "closed": closed,
        "actions": int(rng.poisson(3)) + 1,
    }
    own.append(found)
    return found


def finished(frame: pd.DataFrame, whole: tuple[str, ...], order: list[str]) -> pd.DataFrame:
    """Return a table in the order of its columns, whole numbers as such."""
    for name in whole:
        frame[name] = frame[name].astype("Int64")
    for name in {"entered", "updated", "last_contact", "closed"} & set(frame):
        frame[name] = pd.to_datetime(frame[name]).dt.strftime("%Y-%m-%d")
    return frame[order]


def make(seed: int, n: int, part: float) -> dict[str, pd.DataFrame]:
    """Return all tables for so many customers and such a part of the opportunities."""
    customers = make_customers(seed, n)
    accounts = finished(
        make_accounts(customers, seed),
        ("people", "vip"),
        ["record_id", "customer_code", "firm_name", "firm_name_en", "salesperson", "vip", "phone", "people", "need",
         "decides", "last_contact", "entered", "updated"],
    )  # fmt: skip
    opportunities = finished(
        make_opportunities(customers, seed, part),
        ("actions",),
        ["opportunity", "customer_id", "salesperson", "entered", "amount", "actions", "state", "closed"],
    )
    return {
        "crm_accounts": accounts,
        "crm_customers": customers,
        "crm_opportunities": opportunities,
    }


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return make(seed, CUSTOMERS, 1.0)


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own branch: 160 customers, their records and 40% of the opportunities."""
    return make(seed + 1, 160, 0.4)


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

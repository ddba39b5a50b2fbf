"""Make ``accounts.csv``: 300 accounts of a supplier of industrial seals, with what is done for each. Synthetic, seeded.

Run ``python data/make_accounts.py``. ``numpy.random.RandomState`` is used because numpy has frozen its stream; all
figures are rounded, so that a rebuild is identical byte by byte.

How the numbers hang together: segments differ in number, unit margin and size of account. Service goes by habit:
old accounts and those near head office get most of it, the large ones elsewhere too little. Retention is higher where
more is done and where the relationship is older, lower where the customer looks at the price. Rows that test a model
are put in at the end (:func:`awkward`).
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20250318
SEGMENTS = pd.DataFrame(
    [
        # code, accounts, unit margin (yuan), log of the median volume (units), trade names zh and en
        ("workshop", 92, 6.0, 8.1, ("机修", "配件"), ("Repair Shop", "Spare Parts")),
        ("packaging", 64, 14.0, 8.6, ("包装机械", "食品机械"), ("Packaging Machinery", "Food Machinery")),
        ("pumps", 48, 22.0, 8.6, ("泵业", "阀门"), ("Pumps", "Valves")),
        ("construction", 36, 17.0, 9.2, ("工程机械", "重工"), ("Construction Machinery", "Heavy Industry")),
        ("automotive", 26, 9.0, 10.4, ("汽车部件", "传动"), ("Auto Parts", "Drivetrain")),
        ("chemical", 16, 58.0, 8.0, ("石化设备", "化工装备"), ("Petrochemical Equipment", "Process Plant")),
        ("wind", 11, 85.0, 8.5, ("风电", "新能源装备"), ("Wind Power", "Renewable Equipment")),
        ("rail", 7, 44.0, 9.0, ("轨道交通", "机车部件"), ("Rail Transit", "Rolling Stock Parts")),
    ],
    columns=["code", "accounts", "unit_margin", "log_volume", "trades", "trades_en"],
)
REGIONS = {
    "home": (("无锡", "江阴", "宜兴"), ("Wuxi", "Jiangyin", "Yixing")),
    "delta": (("宁波", "嘉兴", "南通"), ("Ningbo", "Jiaxing", "Nantong")),
    "south": (("佛山", "东莞", "珠海"), ("Foshan", "Dongguan", "Zhuhai")),
    "north": (("大连", "唐山", "洛阳"), ("Dalian", "Tangshan", "Luoyang")),
    "west": (("绵阳", "株洲", "宝鸡"), ("Mianyang", "Zhuzhou", "Baoji")),
}
LEVELS = ("basic", "reactive", "accountable", "proactive", "partnership")
HOURS = np.array([0.0, 3.0, 10.0, 30.0, 110.0])
KEPT = np.array([0.0, 0.10, 0.22, 0.34, 0.45])
SYLLABLES = {
    "屿": "yu", "砾": "li", "峤": "qiao", "圩": "wei", "垚": "yao", "岫": "xiu", "甸": "dian", "塬": "yuan",
    "崮": "gu", "滩": "tan", "沚": "zhi", "浦": "pu", "涧": "jian", "澜": "lan", "滢": "ying", "汐": "xi",
    "杉": "shan", "柘": "zhe", "桦": "hua", "椴": "duan", "槭": "qi", "榛": "zhen", "栎": "li", "楠": "nan",
}  # fmt: skip


def make(seed: int = SEED) -> pd.DataFrame:
    """Return the accounts: 300 rows × 14 columns, sorted by number; margin in 万元, unit margin in yuan."""
    rng = RandomState(seed)
    kind = np.repeat(np.arange(len(SEGMENTS)), SEGMENTS["accounts"])[rng.permutation(SEGMENTS["accounts"].sum())]
    n = len(kind)
    region = rng.choice(len(REGIONS), size=n, p=[0.30, 0.27, 0.18, 0.14, 0.11])
    years = np.round(np.clip(rng.gamma(1.6, 3.4, n) + 2.0 * (region == 0), 0.2, 26), 1)
    volume = np.exp(SEGMENTS["log_volume"].to_numpy()[kind] + rng.normal(0, 0.85, n))
    unit_margin = SEGMENTS["unit_margin"].to_numpy()[kind] * np.exp(rng.normal(0, 0.28, n))
    sensitivity = np.clip(0.62 - 0.09 * np.log(unit_margin / 10) + rng.normal(0, 0.17, n), 0, 1)
    level = habit(rng, volume * unit_margin, years, region)
    frame = pd.DataFrame(
        {
            "account_id": [f"K{i + 1:03d}" for i in range(n)],
            **names(rng, kind, region),
            "segment": SEGMENTS["code"].to_numpy()[kind],
            "region": np.array(list(REGIONS))[region],
            "volume": volume,
            "unit_margin": unit_margin,
            "margin": 0.0,
            "retention": retention(rng, level, years, sensitivity),
            "growth": np.clip(rng.gamma(1.3, 9.0, n) - 2 * (years > 8), 0, 90),
            "price_sensitivity": sensitivity,
            "hours": HOURS[level] * np.exp(rng.normal(0, 0.25, n)),
            "relationship": np.array(LEVELS)[level],
            "years": years,
        }
    )
    return rounded(awkward(frame))


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own accounts."""
    return {"accounts": make(seed)}


def habit(rng: RandomState, worth: Array, years: Array, region: NDArray[np.int_]) -> NDArray[np.int_]:
    """Say what is done for each account (0 basic … 4 partnership): by age and nearness more than by its worth."""
    wish = 0.45 * np.log(worth) + 0.10 * years + 0.9 * (region == 0) - 0.3 * (region > 2)
    wish = wish + rng.normal(0, 0.9, len(worth))
    level: NDArray[np.int_] = np.searchsorted(np.quantile(wish, [0.22, 0.58, 0.83, 0.955]), wish, side="right")
    return level


def retention(rng: RandomState, level: NDArray[np.int_], years: Array, sensitivity: Array) -> Array:
    """Probability of buying again next year, as it is now, with what is done now."""
    risk = 0.26 * np.exp(-0.035 * years + 0.9 * (sensitivity - 0.5) + rng.normal(0, 0.35, len(years)))
    kept: Array = 1 - np.clip(risk * (1 - KEPT[level]), 0.02, 0.75)
    return kept


def names(rng: RandomState, kind: NDArray[np.int_], region: NDArray[np.int_]) -> dict[str, list[str]]:
    """Name each account: town + two invented characters (a pair serves once) + trade."""
    characters = list(SYLLABLES)
    pairs = [(a, b) for a in characters for b in characters if a != b]
    zh, en = [], []
    for place, segment, pair in zip(region, kind, rng.permutation(len(pairs)), strict=False):
        first, second = pairs[pair]
        towns, towns_en = list(REGIONS.values())[place]
        trades, trades_en = SEGMENTS.loc[segment, ["trades", "trades_en"]]
        town, trade = rng.randint(len(towns)), rng.randint(len(trades))
        zh.append(f"{towns[town]}{first}{second}{trades[trade]}有限公司")
        en.append(f"{towns_en[town]} {(SYLLABLES[first] + SYLLABLES[second]).capitalize()} {trades_en[trade]} Co. Ltd")
    return {"name": zh, "name_en": en}


def awkward(frame: pd.DataFrame) -> pd.DataFrame:
    """Put in what tests a model: a giant, zero and negative margins, unknown retention, twins, a dormant account."""
    by_segment = {code: rows.to_list() for code, rows in frame.groupby("segment").groups.items()}
    frame.loc[by_segment["rail"][0], ["volume", "unit_margin", "retention"]] = [260_000, 46.0, 0.86]
    frame.loc[by_segment["automotive"][:3], "unit_margin"] = [-1.5, -0.8, 0.0]
    frame.loc[by_segment["workshop"][:2], "unit_margin"] = [0.0, -0.6]
    twins = by_segment["packaging"][:4]
    alike = {"volume": 15_000, "unit_margin": 13.0, "retention": 0.78, "growth": 8.0, "price_sensitivity": 0.5}
    frame.loc[twins, list(alike)] = list(alike.values())
    frame.loc[twins, ["hours", "years"]] = [10.0, 4.0]
    frame.loc[twins, "relationship"] = "accountable"
    frame.loc[by_segment["pumps"][0], "volume"] = 0
    frame.loc[by_segment["chemical"][0], "retention"] = 1.0
    unknown = [*by_segment["workshop"][5:11], *by_segment["pumps"][4:7], *by_segment["wind"][1:3]]
    frame.loc[unknown, "retention"] = np.nan
    frame.loc[unknown, "years"] = 0.5
    return frame


DECIMALS = {
    "volume": 0, "unit_margin": 2, "margin": 2, "retention": 3, "growth": 1, "price_sensitivity": 2, "hours": 0,
    "years": 1,
}  # fmt: skip


def rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Round each figure to the decimals of the file; the yearly margin is that of the rounded figures."""
    frame = frame.copy()
    for column, decimals in DECIMALS.items():
        frame[column] = frame[column].astype(float).round(decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
    frame["margin"] = (frame["volume"] * frame["unit_margin"] / 10_000).round(2) + 0.0
    return frame.astype({"volume": "Int64", "hours": "Int64"})


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"accounts": make(seed)}


def to_csv(frame: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return frame.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

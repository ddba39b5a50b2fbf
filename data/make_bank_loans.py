"""Make ``bank_loans.csv``: the corporate loan book of a bank's city branch at two year-ends. Synthetic, seeded.

Run ``python data/make_bank_loans.py``. The shape is shared by every generator in this folder: :func:`make` gives the
table, running the file writes it beside the file, and :func:`variant` gives a student's own tables by name of data set.

``numpy.random.RandomState`` is used on purpose: numpy has frozen its stream, so the same seed gives the same numbers
under every version of numpy. All figures are rounded to fixed decimals, so that a rebuild is identical byte by byte.

How the numbers hang together: each firm has a latent *quality* that persists from one year-end to the next. Quality
and a firm's own persistent noise drive its ratios, its days past due and its default. Sizes are log-normal. Arrays
are shaped (2, firms): one row a year-end.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20240607
DATES = ("2023-12-31", "2024-12-31")
FIRMS, LEFT_SHARE, JOINED_SHARE = 2000, 0.06, 0.07
DEFAULT_RATES = (0.02, 0.03)
OVERDUE_SHARE = 0.12
MISSING_SHARE = 0.03

INDUSTRIES = pd.DataFrame(
    [
        # code, share of firms, outlook at each date, shift of quality, assets per sales, trade names zh and en
        ("textiles", 0.13, 34, 28, -0.25, 0.9, ("纺织", "丝绸", "服饰"), ("Textiles", "Silk", "Apparel")),
        ("equipment", 0.15, 55, 57, 0.15, 1.1, ("机械", "精密设备"), ("Machinery", "Precision Equipment")),
        ("electronics", 0.15, 66, 74, 0.35, 1.0, ("电子", "光电"), ("Electronics", "Optoelectronics")),
        ("chemicals", 0.07, 42, 41, -0.05, 1.1, ("化工", "新材料"), ("Chemicals", "New Materials")),
        ("biopharma", 0.06, 80, 90, 0.50, 1.4, ("生物医药", "医疗器械"), ("Biopharma", "Medical Devices")),
        ("software", 0.08, 76, 86, 0.45, 0.9, ("软件", "信息技术"), ("Software", "Information Technology")),
        ("wholesale", 0.13, 36, 35, -0.15, 0.6, ("贸易", "商贸"), ("Trading", "Commerce")),
        ("logistics", 0.06, 50, 52, 0.05, 0.9, ("物流", "供应链"), ("Logistics", "Supply Chain")),
        ("catering", 0.04, 32, 34, -0.30, 0.7, ("餐饮管理", "食品"), ("Catering", "Foods")),
        ("construction", 0.06, 30, 22, -0.50, 1.2, ("建设工程", "装饰工程"), ("Construction", "Decoration Works")),
        ("property", 0.04, 25, 12, -0.65, 2.4, ("置业", "房产开发"), ("Property", "Property Development")),
        ("agriculture", 0.03, 46, 48, -0.05, 1.0, ("农业科技", "水产"), ("Agritech", "Aquatic Products")),
    ],
    columns=["code", "share", "outlook_0", "outlook_1", "shift", "intensity", "trades", "trades_en"],
)
RISKY = {"property": 0.2, "construction": 0.25}  # where quality slumps between the dates; added to the default risk

DISTRICTS = {
    "姑苏": "Gusu", "虎丘": "Huqiu", "吴中": "Wuzhong", "相城": "Xiangcheng", "吴江": "Wujiang",
    "昆山": "Kunshan", "常熟": "Changshu", "张家港": "Zhangjiagang", "太仓": "Taicang",
}  # fmt: skip
SYLLABLES = {
    "荻": "di", "砚": "yan", "鹭": "lu", "苇": "wei", "岚": "lan", "汀": "ting", "桨": "jiang", "葭": "jia",
    "槿": "jin", "鸥": "ou", "笺": "jian", "篱": "li", "蓑": "suo", "棠": "tang", "杳": "yao", "芷": "zhi",
    "籽": "zi", "榆": "yu", "楸": "qiu", "桴": "fu", "缃": "xiang", "筠": "yun", "萤": "ying", "鹤": "he",
    "苔": "tai", "蕨": "jue", "菱": "ling", "芡": "qian", "莼": "chun", "蓼": "liao", "荇": "xing", "枫": "feng",
    "磬": "qing", "筝": "zheng", "泊": "bo", "砧": "zhen", "帆": "fan", "棹": "zhao", "埠": "bu", "坞": "wu",
    "塍": "cheng", "墩": "dun", "渚": "zhu", "湄": "mei", "檀": "tan", "漪": "yi", "濯": "zhuo", "泖": "mao",
}  # fmt: skip


def make(seed: int = SEED, firms: int = FIRMS) -> pd.DataFrame:
    """Return the loan book: a row a firm and year-end (about 3,740 × 18), sorted by firm and date; amounts in 万元."""
    rng = RandomState(seed)
    kind = rng.choice(len(INDUSTRIES), size=firms, p=INDUSTRIES["share"] / INDUSTRIES["share"].sum())
    quality = latent_quality(rng, kind)
    present = members(rng, quality)
    years = years_with_bank(rng, quality)
    sizes = firm_sizes(rng, kind, quality)
    ratios = financial_ratios(rng, quality)
    conduct = payment_record(rng, kind, quality, present)
    business = business_with_bank(rng, sizes, quality, years, conduct)
    numbers = years | sizes | ratios | conduct | business
    book = pd.concat([year_end(t, kind, numbers) for t in range(2)]).join(firm_names(rng, kind), on="firm_id")
    book = leave_gaps(rng, book[present.ravel()])
    return rounded(book.sort_values(["firm_id", "as_of"], ignore_index=True))


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own loan book of 300 firms."""
    return {"bank_loans": make(seed, 300)}


def persistent(rng: RandomState, rho: float, firms: int) -> Array:
    """Draw standard normal noise of every firm at both dates, correlated ``rho`` between the dates."""
    first, fresh = rng.standard_normal((2, firms))
    return np.stack([first, rho * first + np.sqrt(1 - rho**2) * fresh])


def latent_quality(rng: RandomState, kind: NDArray[np.int_]) -> Array:
    """Quality of each firm at both dates, about standard normal; property and construction lose some in between."""
    code = INDUSTRIES["code"].to_numpy()[kind]
    slump = np.where(np.isin(code, list(RISKY)), 0.35, 0.0)
    shift = INDUSTRIES["shift"].to_numpy()[kind]
    return np.asarray(persistent(rng, 0.9, len(kind)) + shift - np.stack([0 * slump, slump]))


def years_with_bank(rng: RandomState, quality: Array) -> dict[str, Array]:
    """Years with the bank, a year more at the second date; joiners are in their first; good firms stay longer."""
    firms, joined = len(quality[0]), round(JOINED_SHARE * len(quality[0]))
    first = np.round(np.clip(rng.gamma(1.5, 2.6, firms) * np.exp(0.45 * quality[0]), 0.1, 32), 1)
    first[-joined:] = np.round(rng.uniform(-1, -0.1, joined), 1)
    return {"years_with_bank": np.stack([first, first + 1])}


def firm_sizes(rng: RandomState, kind: NDArray[np.int_], quality: Array) -> dict[str, Array]:
    """Sales and total assets in 万元: log-normal, sales with a median near 6,000; better firms are somewhat larger."""
    log_size = 8.65 + 1.1 * persistent(rng, 0.995, len(kind)) + 0.6 * quality
    turnover = np.log(INDUSTRIES["intensity"].to_numpy()[kind]) + 0.45 * persistent(rng, 0.97, len(kind))
    return {"sales": np.exp(log_size), "total_assets": np.exp(log_size + turnover)}


def financial_ratios(rng: RandomState, quality: Array) -> dict[str, Array]:
    """Debt ratio, current ratio and return on assets: weak firms owe much, are short of cash and earn little."""
    firms = quality.shape[1]
    debt = 0.685 - 0.126 * quality + 0.065 * persistent(rng, 0.85, firms)
    current = np.exp(0.02 + 0.31 * quality + 0.16 * persistent(rng, 0.8, firms))
    roa = 0.010 + 0.028 * quality + 0.014 * persistent(rng, 0.6, firms)
    return {"debt_ratio": np.clip(debt, 0.06, 1.4), "current_ratio": np.clip(current, 0.1, 6), "roa": roa}


def worst(risk: Array, share: float) -> NDArray[np.bool_]:
    """Mark the ``share`` of rows with the highest ``risk``; a row of risk −inf does not count."""
    chosen = np.zeros(risk.size, dtype=bool)
    chosen[np.argsort(-risk, kind="stable")[: round(share * np.isfinite(risk).sum())]] = True
    return chosen


def payment_record(
    rng: RandomState, kind: NDArray[np.int_], quality: Array, present: NDArray[np.bool_]
) -> dict[str, Array]:
    """Longest days past due in the year and default at both dates, drawn from weak quality and luck.

    Most defaulted firms are more than 90 days past due. A few, of any quality, pay on time and are in default all the
    same (a guarantee was called): these are the cases for a veto.
    """
    extra = np.array([RISKY.get(code, 0.0) for code in INDUSTRIES["code"]])[kind]
    called = rng.uniform(size=quality.shape) < 0.005
    risk = np.where(present, -1.3 * quality + extra + persistent(rng, 0.6, len(kind)) + 20 * called, -np.inf)
    default = np.stack([worst(row, rate) for row, rate in zip(risk, DEFAULT_RATES, strict=True)])
    late = np.stack([worst(row, OVERDUE_SHARE) for row in risk + 0.8 * rng.standard_normal(risk.shape)])
    short = np.clip(np.exp(rng.normal(3.5, 0.8, risk.shape) - 0.3 * quality), 1, 89)
    long = np.clip(95 + rng.exponential(130, risk.shape), 95, 400)
    days = np.where(default, long, np.where(late, short, 0)) * ~called
    return {"overdue_days": days, "defaulted": default.astype(float)}


def exposures(rng: RandomState, assets: Array, quality: Array) -> Array:
    """Credit totals, 万元: larger for larger firms; most move within ±20 %, weak ones down; some repay, some grow."""
    firms = assets.shape[1]
    first = 1200 * (assets[0] / 6000) ** 0.8 * np.exp(rng.normal(0, 0.5, firms))
    drift = 0.03 + 0.08 * np.minimum(quality[1], 0)
    move = np.clip(np.exp(drift + 0.09 * rng.standard_normal(firms)), 0.8, 1.2)
    fate = rng.uniform(size=firms)
    move = np.where(fate < 0.10, rng.uniform(0.2, 0.75, firms), move)
    move = np.where(fate < 0.02, 0.0, move)
    move = np.where(fate > 0.90, rng.uniform(1.25, 2.0, firms), move)
    first = np.where(rng.uniform(size=firms) < 0.05, 0.0, first)  # these keep deposits only
    return np.stack([first, first * move])


def business_with_bank(
    rng: RandomState, sizes: dict[str, Array], quality: Array, years: dict[str, Array], conduct: dict[str, Array]
) -> dict[str, Array]:
    """Exposure, deposits and income in 万元, and the number of products.

    Income = margin on exposure and on deposits + fees − provisions for default and for weak loans past due.
    """
    firms = quality.shape[1]
    exposure = exposures(rng, sizes["total_assets"], quality)
    deposits = 330 * (sizes["sales"] / 6000) ** 0.8 * np.exp(0.2 * quality + 0.6 * persistent(rng, 0.9, firms))
    standing = 0.5 * np.log(sizes["sales"] / 6000) + 0.04 * np.clip(years["years_with_bank"], 0, 20)
    products = np.clip(np.round(2.6 + standing + 1.1 * persistent(rng, 0.9, firms)), 1, 9)
    margin = 0.017 * np.exp(0.3 * persistent(rng, 0.7, firms))
    lost = np.where(conduct["defaulted"] > 0, rng.uniform(0.03, 0.12, exposure.shape), 0.0)
    lost = lost + np.where(conduct["overdue_days"] > 0, rng.uniform(0.0, 0.032, exposure.shape), 0.0)
    income = exposure * (margin - lost) + 0.009 * deposits + 0.8 * products - 1.0
    return {"exposure": exposure, "deposits": deposits, "income": income, "products": products}


def firm_names(rng: RandomState, kind: NDArray[np.int_]) -> pd.DataFrame:
    """Name each firm: district + two invented characters (a pair serves once, so names are unique) + trade."""
    characters, named = list(SYLLABLES), list(zip(INDUSTRIES["trades"], INDUSTRIES["trades_en"], strict=True))
    pairs = [(a, b) for a in characters for b in characters if a != b]
    rows = []
    for number, pair in enumerate(rng.permutation(len(pairs))[: len(kind)]):
        first, second = pairs[pair]
        district = list(DISTRICTS)[rng.randint(len(DISTRICTS))]
        trades, trades_en = named[kind[number]]
        trade = rng.randint(len(trades))
        given = (SYLLABLES[first] + SYLLABLES[second]).capitalize()
        zh = f"{district}{first}{second}{trades[trade]}有限公司"
        rows.append((firm_id(number), zh, f"{DISTRICTS[district]} {given} {trades_en[trade]} Co. Ltd"))
    return pd.DataFrame(rows, columns=["firm_id", "firm_name", "firm_name_en"]).set_index("firm_id")


def firm_id(number: int) -> str:
    """Return the identifier of firm ``number`` (from 0): SZ0001, SZ0002 and so on."""
    return f"SZ{number + 1:04d}"


def year_end(t: int, kind: NDArray[np.int_], numbers: dict[str, Array]) -> pd.DataFrame:
    """Return one date's rows for all firms, in file order except for the names."""
    frame = pd.DataFrame({"firm_id": [firm_id(i) for i in range(len(kind))], "as_of": DATES[t]})
    frame["industry"] = INDUSTRIES["code"].to_numpy()[kind]
    frame["industry_outlook"] = INDUSTRIES[f"outlook_{t}"].to_numpy()[kind]
    return frame.assign(**{column: values[t] for column, values in numbers.items()})


def members(rng: RandomState, quality: Array) -> NDArray[np.bool_]:
    """Say which firms are in the book at each date: the last firms join late; leavers are rather the weak ones."""
    firms = quality.shape[1]
    old = firms - round(JOINED_SHARE * firms)
    present = np.ones((2, firms), dtype=bool)
    present[0, old:] = False
    wish = -0.5 * quality[0, :old] + rng.standard_normal(old)
    present[1, :old] = ~worst(wish, LEFT_SHARE * firms / old)
    return present


def leave_gaps(rng: RandomState, book: pd.DataFrame) -> pd.DataFrame:
    """Take the financial statements out of some rows, mostly of small firms; a third of these hide their sales too."""
    small = -0.8 * np.log(book["total_assets"].to_numpy()) + rng.gumbel(size=len(book))
    gap = worst(small, MISSING_SHARE)
    no_sales = gap & (rng.uniform(size=len(book)) < 1 / 3)
    book = book.copy()
    book.loc[gap, ["debt_ratio", "current_ratio", "roa"]] = np.nan
    book.loc[no_sales, "sales"] = np.nan
    return book


DECIMALS = {
    "industry_outlook": 0, "years_with_bank": 1, "sales": 0, "total_assets": 0, "debt_ratio": 3, "current_ratio": 2,
    "roa": 4, "overdue_days": 0, "defaulted": 0, "exposure": 0, "deposits": 0, "income": 1, "products": 0,
}  # fmt: skip


def rounded(book: pd.DataFrame) -> pd.DataFrame:
    """Put the columns in file order and round each figure to the decimals that the file shows."""
    book = book[["firm_id", "firm_name", "firm_name_en", "as_of", "industry", *DECIMALS]].copy()
    for column, decimals in DECIMALS.items():
        figures = book[column].round(decimals) + 0.0  # + 0.0 turns -0.0 into 0.0
        book[column] = figures if decimals else figures.astype("Int64")
    return book


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"bank_loans": make(seed)}


def to_csv(book: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return book.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

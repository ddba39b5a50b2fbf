"""Make the tables of the chapter on key accounts, complaints and risk, all about one manufacturer of washing machines.

Run ``python data/make_key_accounts.py``. Synthetic, seeded. ``numpy.random.RandomState`` is used because its stream is
frozen; a rebuild is identical byte by byte. Money is in yuan.

How the numbers hang together: a few accounts bring most sales, some stores belong to one group, and the largest earn a
lower margin. Opportunities pass five stages. Complaints have causes of very different weight; how long a case takes and
how fairly it is handled decide whether the customer comes again. Payments grow later before a customer fails.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20251114
ACCOUNTS = 140
OPPORTUNITIES = 420
CASES = 1200
LARGEST = (15_600_000, 7_900_000, 6_400_000, 5_200_000, 4_700_000)
"""Sales of the five largest accounts; the first is the department store of the case."""
KINDS = {"store": 0.22, "chain": 0.18, "distributor": 0.35, "online": 0.10, "direct": 0.15}
GROUPS = {"G1": (2, 9, 17), "G2": (5, 11), "G3": (14, 26, 40, 61)}
"""Places of the accounts that belong to one owner."""
STAGES = ("lead", "qualified", "visited", "quoted", "negotiated")
PASSING = (0.62, 0.66, 0.48, 0.62, 0.74)
USUAL = (6, 9, 16, 12, 10)
CAUSES = {
    # share of the cases, share that stands, mean cost in yuan, department that is responsible
    "install": (0.29, 0.86, 160, "service"),
    "late": (0.23, 0.82, 110, "logistics"),
    "quality": (0.19, 0.78, 620, "production"),
    "manner": (0.11, 0.64, 70, "service"),
    "damage": (0.08, 0.80, 340, "logistics"),
    "wrong": (0.06, 0.88, 210, "sales"),
    "bill": (0.04, 0.70, 90, "sales"),
}
CHANNELS = {"phone": 0.46, "store": 0.22, "web": 0.20, "public": 0.12}
STEPS = ("record", "judge", "assign", "analyse", "propose", "carry", "review")
DAYS = (0.4, 1.3, 2.2, 2.6, 1.2, 2.4, 1.0)
INCIDENTS = {
    # how many in three years, mean loss of one
    "cash": (4, 180_000),
    "goods": (7, 70_000),
    "reports": (16, 16_000),
    "poaching": (3, 240_000),
    "default": (21, 42_000),
    "fraud": (5, 130_000),
    "dispute": (13, 24_000),
}
DUTIES = (
    ("P01", "manager", ("credit", "price", "expense")),
    ("P02", "manager", ("hire", "price")),
    ("P03", "sales", ("order", "visit")),
    ("P04", "sales", ("order", "visit", "collect")),
    ("P05", "sales", ("order", "visit", "credit")),
    ("P06", "office", ("order", "ship", "collect", "ledger")),
    ("P07", "office", ("visit", "ship", "count")),
    ("P08", "finance", ("ledger", "invoice")),
    ("P09", "finance", ("collect",)),
    ("P10", "finance", ("reconcile", "invoice")),
    ("P11", "warehouse", ("ship",)),
    ("P12", "warehouse", ("count",)),
)
CONTROLS = (
    # name, name in English, side, yearly cost, and by how much it cuts each kind of loss
    ("担保（忠诚保险）", "surety or insurance", "own", 12_000, {"cash": 0.35, "goods": 0.30}),
    ("收支两条线", "income and expense kept apart", "own", 18_000, {"cash": 0.70, "reports": 0.15}),
    ("职责分离", "separation of duties", "own", 40_000, {"cash": 0.35, "goods": 0.50, "reports": 0.40, "fraud": 0.15}),
    ("过程透明", "open process", "own", 25_000, {"reports": 0.35, "poaching": 0.15, "dispute": 0.10}),
    ("巡视检查", "inspection", "own", 45_000, {"cash": 0.15, "goods": 0.35, "reports": 0.45, "default": 0.08}),
    ("品行为先", "character first", "own", 10_000, {"cash": 0.25, "goods": 0.20, "reports": 0.20, "poaching": 0.25}),
    ("不失控", "keeping control", "own", 30_000, {"poaching": 0.50}),
    ("信用调查", "credit investigation", "customer", 35_000, {"default": 0.30, "fraud": 0.55}),
    (
        "长期合作",
        "long trusting relationships",
        "customer",
        50_000,
        {"default": 0.20, "dispute": 0.25, "poaching": 0.1},
    ),
    ("从小做起", "starting small", "customer", 15_000, {"default": 0.12, "fraud": 0.60}),
    ("一切有合同", "contracts for everything", "customer", 14_000, {"dispute": 0.60, "default": 0.08, "fraud": 0.10}),
    ("买卖制", "buy–sell system", "customer", 90_000, {"default": 0.45, "fraud": 0.35, "cash": 0.30}),
    ("赊销政策", "credit policy", "customer", 28_000, {"default": 0.35}),
    ("全员培训", "training", "customer", 22_000, {"default": 0.10, "fraud": 0.20, "dispute": 0.20}),
)
PAYERS, MONTHS = 120, 18


def make_accounts(seed: int = SEED) -> pd.DataFrame:
    """Return the accounts, a row each, the largest first."""
    rng = RandomState(seed)
    n = ACCOUNTS
    rest = np.sort(np.exp(rng.normal(12.35, 1.05, n - len(LARGEST))))[::-1]
    largest = np.array(LARGEST) * (1.0 if seed == SEED else rng.uniform(0.6, 1.2, len(LARGEST)))
    sales = np.concatenate([np.sort(largest)[::-1], np.minimum(rest, 4_000_000)])
    kind = rng.choice(list(KINDS), n, p=list(KINDS.values())).astype(object)
    kind[0] = "store"
    margin = np.clip(rng.normal(27, 2.5, n) - 1.6 * np.log10(sales / 1e5), 15, 34)
    growth = np.clip(rng.normal(0.04, 0.16, n), -0.5, 0.7)
    share = np.clip(rng.beta(2.2, 3.2, n), 0.02, 0.98)
    group = np.full(n, None, dtype=object)
    for name, places in GROUPS.items():
        group[list(places)] = name
    frame = pd.DataFrame(
        {
            "account_id": [f"A{place + 1:03d}" for place in range(n)],
            "group": group,
            "kind": kind,
            "sales_before": (sales / (1 + growth)).round(-2),
            "sales": sales.round(-2),
            "margin": margin.round(1),
            "service_cost": (sales * rng.uniform(0.025, 0.055, n)).round(-2),
            "own_share": share.round(2),
        }
    )
    frame.loc[[96, 121], "sales"] = 0.0
    frame.loc[133, ["sales_before", "sales"]] = [0.0, -18_400.0]
    frame.loc[rng.permutation(np.arange(20, n))[:7], "own_share"] = np.nan
    return frame.astype({"sales_before": "int64", "sales": "int64", "service_cost": "int64"})


def make_opportunities(seed: int = SEED) -> pd.DataFrame:
    """Return the opportunities: how far each came, how it stands, and the days spent in each stage."""
    rng = RandomState(seed + 1)
    n = OPPORTUNITIES
    amount = np.round(np.exp(rng.normal(12.0, 0.8, n)), -3)
    person = rng.choice(["S1", "S2", "S3", "S4", "S5", "S6"], n, p=[0.24, 0.2, 0.18, 0.16, 0.13, 0.09])
    passed = rng.uniform(size=(n, 5)) < np.array(PASSING) - 0.05 * (amount > 400_000)[:, None]
    reached = np.minimum(np.cumprod(passed, axis=1).sum(axis=1), 4)
    won = passed.all(axis=1)
    days = np.ceil(rng.gamma(2.2, 1 / 2.2, (n, 5)) * np.array(USUAL))
    still = rng.uniform(size=n) < 0.3
    stop = np.where(still, np.minimum(reached, rng.randint(0, 5, n)), reached)
    stuck = still & (rng.uniform(size=n) < 0.3)
    days[np.arange(n), stop] *= np.where(stuck, rng.uniform(2.5, 6, n), 1.0)
    days[np.arange(5) > stop[:, None]] = np.nan
    frame = pd.DataFrame(
        {
            "opportunity_id": [f"O{place + 1:03d}" for place in range(n)],
            "salesperson": person,
            "amount": amount.astype("int64"),
            "stage": np.array(STAGES)[stop],
            "status": np.where(still, "open", np.where(won, "won", "lost")),
        }
    )
    for place, stage in enumerate(STAGES):
        frame[f"days_{stage}"] = pd.array(np.ceil(days[:, place]), dtype="Int64")
    return frame


def make_complaints(seed: int = SEED, n: int = CASES) -> pd.DataFrame:
    """Return the log of complaints: seven steps in days, how fairly it was handled, and what the customer did."""
    rng = RandomState(seed + 2)
    cause = rng.choice(list(CAUSES), n, p=[row[0] for row in CAUSES.values()])
    channel = rng.choice(list(CHANNELS), n, p=list(CHANNELS.values()))
    stands = rng.uniform(size=n) < np.array([CAUSES[name][1] for name in cause])
    days = rng.gamma(1.6, 1 / 1.6, (n, 7)) * np.array(DAYS)
    days[:, 2] *= np.where(np.isin(cause, ["damage", "late"]), 1.6, 1.0)
    days[:, 3] *= np.where(cause == "quality", 2.0, 1.0)
    done = np.where(stands, 7, 2)
    unfinished = rng.uniform(size=n) < 0.05
    done = np.where(unfinished & stands, rng.randint(2, 7, n), done)
    total = np.where(np.arange(7) < done[:, None], days, 0.0).sum(axis=1)
    days[np.arange(7) >= done[:, None]] = np.nan
    paid = np.where(stands & (done == 7), rng.choice([0, 0.5, 1.0, 1.5, 2.0], n, p=[0.25, 0.25, 0.25, 0.15, 0.1]), 0)
    cost = np.array([CAUSES[name][2] for name in cause]) * rng.gamma(3, 1 / 3, n) * np.where(stands, 1, 0.25)
    mood = rng.standard_normal(n)
    outcome = 2.3 + 0.9 * np.minimum(paid, 1.5) + 0.35 * mood + 0.6 * rng.standard_normal(n)
    process = 4.6 - 0.13 * total + 0.35 * mood + 0.5 * rng.standard_normal(n)
    manner = 3.5 - 0.9 * (cause == "manner") + 0.35 * mood + 0.8 * rng.standard_normal(n)
    felt = 0.75 * (outcome - 3) + 0.6 * (process - 3) + 0.5 * (manner - 3)
    again = rng.uniform(size=n) < 1 / (1 + np.exp(-(0.1 + 1.1 * felt - 0.3 * (channel == "public"))))
    asked = rng.uniform(size=n) < 0.72
    frame = pd.DataFrame({"case_id": [f"C{place + 1:04d}" for place in range(n)]})
    frame["month"], frame["channel"], frame["cause"] = rng.randint(1, 13, n), channel, cause
    frame["department"] = [CAUSES[name][3] for name in cause]
    frame["stands"] = stands.astype(int)
    for place, step in enumerate(STEPS):
        frame[f"days_{step}"] = days[:, place].round(1)
    frame["cost"] = cost.round().astype("int64")
    frame["paid"] = pd.array(np.asarray((cost * paid).round(), dtype=float), dtype="Int64")
    frame["again_same"] = (rng.uniform(size=n) < np.where(cause == "install", 0.24, 0.11)).astype(int)
    for name, rating in (("outcome", outcome), ("process", process), ("manner", manner)):
        frame[f"fair_{name}"] = pd.array(np.where(asked, np.clip(np.round(rating), 1, 5), np.nan), dtype="Int64")
    frame["bought_again"] = pd.array(np.where(rng.uniform(size=n) < 0.9, again.astype(float), np.nan), dtype="Int64")
    return frame


def make_duties(seed: int = 0) -> pd.DataFrame:
    """Return who may do what, a row a person and duty; with a seed some duties change hands."""
    rows = [(person, role, duty) for person, role, duties in DUTIES for duty in duties]
    frame = pd.DataFrame(rows, columns=["person_id", "role", "duty"])
    if seed:
        rng = RandomState(seed + 3)
        frame["duty"] = rng.permutation(frame["duty"].to_numpy(object))
        frame = frame.drop_duplicates(["person_id", "duty"]).reset_index(drop=True)
    return frame


def make_incidents(seed: int = SEED) -> pd.DataFrame:
    """Return the incidents of three years, a row each."""
    rng = RandomState(seed + 4)
    kind = np.repeat(list(INCIDENTS), [row[0] for row in INCIDENTS.values()])
    mean = np.array([INCIDENTS[name][1] for name in kind])
    loss = np.maximum((mean * rng.gamma(2.5, 1 / 2.5, len(kind))).round(-2), 500)
    back = loss * np.where(rng.uniform(size=len(kind)) < 0.45, rng.uniform(0.05, 0.5, len(kind)), 0)
    frame = pd.DataFrame({"year": rng.choice([2023, 2024, 2025], len(kind)), "kind": kind, "loss": loss})
    frame["recovered"] = back.round(-2)
    frame = frame.sort_values(["year", "kind", "loss"], kind="stable").reset_index(drop=True)
    frame.insert(0, "incident_id", [f"I{place + 1:02d}" for place in range(len(frame))])
    return frame.astype({"loss": "int64", "recovered": "int64"})


def make_controls(seed: int = 0) -> pd.DataFrame:
    """Return the fourteen controls with yearly cost and the share of each kind of loss that they prevent."""
    rng = RandomState(seed)
    rows = []
    for place, (name, english, side, cost, cuts) in enumerate(CONTROLS, 1):
        price = round(cost * rng.uniform(0.8, 1.2), -3) if seed else cost
        cut = {f"cut_{kind}": cuts.get(kind, 0.0) for kind in INCIDENTS}
        rows.append(
            {"control_id": f"K{place:02d}", "control": name, "control_en": english, "side": side}
            | {"cost": int(price)}
            | cut
        )
    return pd.DataFrame(rows)


def make_payments(seed: int = SEED) -> pd.DataFrame:
    """Return eighteen months of payments; some customers fail in the half-year after, most of them after signs."""
    rng = RandomState(seed + 5)
    blocks = []
    for place in range(PAYERS):
        fails = rng.uniform() < 0.2
        quiet = fails and rng.uniform() < 0.25
        month = np.arange(1, MONTHS + 1)
        rise = np.clip(month - 12, 0, None) * (rng.uniform(2.5, 6.0) if fails and not quiet else rng.uniform(-0.4, 1.1))
        late = np.clip(np.round(rng.gamma(1.6, 3.0) + rise + rng.normal(0, 3.0, MONTHS)), 0, None)
        order = rng.uniform(0.4, 2.5) * 1e5 * np.exp(rng.normal(0, 0.18, MONTHS))
        order[15:] *= rng.uniform(1.6, 2.6) if fails and rng.uniform() < 0.5 else rng.uniform(0.8, 1.3)
        part = np.where(
            rng.uniform(size=MONTHS) < (0.03 + 0.05 * np.clip(month - 12, 0, None) * (fails and not quiet)),
            rng.uniform(0.3, 0.9, MONTHS),
            1.0,
        )
        ask = rng.uniform(size=MONTHS) < (0.04 + 0.06 * np.clip(month - 12, 0, None) * (fails and not quiet))
        block = pd.DataFrame({"customer_id": f"D{place + 1:03d}", "month": month, "billed": order.round(-2)})
        block["days_late"], block["paid_share"] = late.astype(int), part.round(2)
        block["asked_delay"], block["failed"] = ask.astype(int), int(fails)
        blocks.append(block)
    return pd.concat(blocks, ignore_index=True).astype({"billed": "int64"})


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set made here, by its name; the packaged duties and controls are the firm's as they stand."""
    other = 0 if seed == SEED else seed
    return {
        "key_accounts": make_accounts(seed),
        "opportunities": make_opportunities(seed),
        "complaints": make_complaints(seed),
        "duties": make_duties(other),
        "incidents": make_incidents(seed),
        "risk_controls": make_controls(other),
        "payment_history": make_payments(seed),
    }


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own tables for each study that a case is about."""
    return tables(seed)


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

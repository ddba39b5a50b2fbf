"""Make ``loyalty_customers.csv`` and ``loyalty_orders.csv``: surveys and orders of a store. Synthetic, seeded.

Run ``python data/make_loyalty.py``. As in every generator of this folder, :func:`make` gives the tables, running the
file writes them beside the file; the same seed gives the same bytes under every version of numpy.

How the numbers hang together: each customer has a latent *affinity* to the store and lives where competition is low or
high. Two rivals are there throughout. Between the two surveys the store is renovated, so experience rises against
expectation; in the competitive districts the two rivals rise further. What a customer buys there follows how the store
stands *against the rivals*, so satisfaction rises while loyalty falls; only experience well above expectation brings a
large share of the wallet, as in the curve of Jones & Sasser (1995). Arrays are shaped (years, customers); the first of
the three years has orders but no survey.
"""

from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20240911
YEARS = (2022, 2023, 2024)
WAVES = YEARS[1:]
CUSTOMERS, JOINED_LATE, LEFT = 1500, 150, 110
NO_ORDERS, STRANGERS = 60, 12
HIGH_COMPETITION = 0.65

ATTRIBUTES = ("quality", "price", "service", "range", "store")
PULL = (1.4, 2.6, 1.2, 0.6, 0.1)  # how much each attribute moves the overall rating
EXPECTED = (7.6, 7.2, 7.3, 6.8, 6.6)
FOUND = (7.5, 6.5, 7.0, 6.9, 6.3)
LIFT = (0.2, -0.1, 0.9, 0.3, 1.3)  # what renovation and training added to experience by the second survey
DELIGHT = 0.7  # points of experience above expectation from which a customer is delighted
RIVALS = {False: ((5.4, 5.0), (5.5, 5.1)), True: ((6.5, 6.2), (8.4, 8.0))}  # rating by competition and survey
BLANK = 0.03


def make(seed: int = SEED, customers: int = CUSTOMERS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the surveys (a row a customer and wave) and the orders (a row an order or return, amounts in yuan)."""
    rng = RandomState(seed)
    affinity = rng.standard_normal(customers)
    contested = rng.uniform(size=customers) < HIGH_COMPETITION
    joined = joining_dates(rng, customers)
    scores = opinions(rng, affinity, contested)
    share = wallet_shares(rng, scores, contested, affinity)
    spend = spending(rng, share)
    surveys = survey_rows(rng, contested, joined, scores, share, spend)
    return leave_gaps(rng, surveys), order_rows(rng, joined, spend)


def tables(seed: int = SEED, customers: int = CUSTOMERS) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    surveys, orders = make(seed, customers)
    return {"loyalty_customers": surveys, "loyalty_orders": orders}


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own surveys and orders, of 200 customers."""
    return tables(seed, 200)


def among(count: int, customers: int) -> int:
    """Return what ``count`` among :data:`CUSTOMERS` comes to among ``customers``."""
    return round(count * customers / CUSTOMERS)


def customer_id(number: int) -> str:
    """Return the identifier of customer ``number`` (from 0): K0001, K0002 and so on."""
    return f"K{number + 1:04d}"


def joining_dates(rng: RandomState, customers: int) -> NDArray[np.datetime64]:
    """Draw the day each customer joined the loyalty scheme; the last :data:`JOINED_LATE` join in the last year."""
    ago = np.clip(rng.gamma(1.6, 2.6, customers), 0.1, 19.5) * 365.25
    days = np.datetime64("2022-12-31") - ago.astype(int).astype("timedelta64[D]")
    late = rng.randint(0, 360, among(JOINED_LATE, customers)).astype("timedelta64[D]")
    days[-len(late) :] = np.datetime64("2024-01-02") + late
    return np.asarray(days, dtype="datetime64[D]")


def opinions(rng: RandomState, affinity: Array, contested: NDArray[np.bool_]) -> dict[str, Array]:
    """Expectation and experience by attribute (waves × customers × 5), ratings of three stores (waves × customers)."""
    customers = len(affinity)
    lift = np.stack([np.zeros(5), np.array(LIFT)])[:, None, :]
    mood = rng.standard_normal(customers)[None, :, None]
    noise = rng.standard_normal((2, 2, customers, 5))
    expected = np.array(EXPECTED) + 0.05 * np.arange(2)[:, None, None] + 0.6 * mood + 0.9 * noise[0]
    found = np.array(FOUND) + lift + 0.25 * mood + 0.45 * affinity[None, :, None] + 1.0 * noise[1]
    overall = found @ (np.array(PULL) / sum(PULL)) + 0.1 + 0.5 * rng.standard_normal((2, customers))
    levels = np.array([[RIVALS[bool(c)][t] for c in contested] for t in range(2)])  # waves × customers × 2
    taste = rng.standard_normal((customers, 2)) * 0.7
    rivals = levels + taste + 0.7 * rng.standard_normal(levels.shape)
    return {"expected": expected, "found": found, "us": overall, "a": rivals[:, :, 0], "b": rivals[:, :, 1]}


def edge(scores: dict[str, Array]) -> Array:
    """By how much the store is rated above the better of its two rivals, waves × customers."""
    return np.asarray(scores["us"] - np.maximum(scores["a"], scores["b"]))


def wallet_shares(
    rng: RandomState, scores: dict[str, Array], contested: NDArray[np.bool_], affinity: Array
) -> dict[str, Array]:
    """Shares of the wallet for the three stores, years × customers.

    Where competition is low most is spent with the store whatever it is like; where it is high the share climbs
    steeply only with experience well above expectation.
    """
    delight = np.clip((scores["found"] - scores["expected"]).mean(axis=2) - DELIGHT, 0, None)
    steep = np.where(contested, -0.8 + 0.4 * edge(scores) + 1.6 * delight, 0.9 + 0.1 * edge(scores))
    habit = 0.45 * rng.standard_normal(len(affinity)) + 0.10 * affinity
    ours = 1 / (1 + np.exp(-(steep + habit + 0.25 * rng.standard_normal(steep.shape))))
    ours = np.vstack([np.clip(ours[:1] + 0.02 * rng.standard_normal(len(affinity)), 0.01, 0.99), ours])
    first = 1 / (1 + np.exp(-0.5 * (scores["a"] - scores["b"])))
    first = np.vstack([first[:1], first])
    return {"us": ours, "a": (1 - ours) * first, "b": (1 - ours) * (1 - first)}


def spending(rng: RandomState, share: dict[str, Array]) -> dict[str, Array]:
    """Yearly spend in yuan at the three stores: share × wallet, which is log-normal with a median near 5,200."""
    wallet = np.exp(8.55 + 0.55 * rng.standard_normal(share["us"].shape[1])) * np.array([0.97, 1.0, 1.02])[:, None]
    return {store: wallet * part for store, part in share.items()}


def likert(values: Array, low: int, high: int) -> Array:
    """Round to the points of an answer scale."""
    return np.asarray(np.clip(np.round(values), low, high))


def survey_rows(
    rng: RandomState,
    contested: NDArray[np.bool_],
    joined: NDArray[np.datetime64],
    scores: dict[str, Array],
    share: dict[str, Array],
    spend: dict[str, Array],
) -> pd.DataFrame:
    """Put the two surveys into long form; late joiners miss the first, those who left the second."""
    customers = len(contested)
    known = customers - among(JOINED_LATE, customers)
    gone = rng.choice(known, among(LEFT, customers), replace=False)
    waves: list[pd.DataFrame] = []
    for t, wave in enumerate(WAVES):
        frame = pd.DataFrame({"customer_id": [customer_id(i) for i in range(customers)], "wave": wave})
        frame["joined"] = joined
        frame["competition"] = np.where(contested, "high", "low")
        answers = scales(scores, t) | attitudes(rng, scores, share, t) | claimed(rng, spend, t)
        frame = frame.assign(**answers)
        waves.append(frame.iloc[:known] if t == 0 else frame.drop(index=gone.tolist()))
    return pd.concat(waves).sort_values(["customer_id", "wave"], ignore_index=True)


def scales(scores: dict[str, Array], t: int) -> dict[str, Array]:
    """Return answers on scales of 1 to 10: expectation, experience, and the ratings of the three stores."""
    asked = {f"expect_{name}": likert(scores["expected"][t, :, k], 1, 10) for k, name in enumerate(ATTRIBUTES)}
    found = {f"found_{name}": likert(scores["found"][t, :, k], 1, 10) for k, name in enumerate(ATTRIBUTES)}
    rated = {"rating_us": "us", "rating_rival_a": "a", "rating_rival_b": "b"}
    return asked | found | {name: likert(scores[store][t], 1, 10) for name, store in rated.items()}


def attitudes(rng: RandomState, scores: dict[str, Array], share: dict[str, Array], t: int) -> dict[str, Array]:
    """Intentions and attitudes, 1 to 7; recommendation, 0 to 10; minutes spent choosing.

    All follow the rating of the store and, more strongly, how it stands against the better rival.
    """
    better, level = np.clip(edge(scores)[t], -4, 1.2), scores["us"][t] - 7
    customers = len(level)

    def answer(base: float, of_level: float, of_edge: float, spread: float = 0.9) -> Array:
        return likert(base + of_level * level + of_edge * better + spread * rng.standard_normal(customers), 1, 7)

    recommend = 7.6 + 0.60 * level + 0.65 * better + 0.9 * rng.standard_normal(customers)
    minutes = 34 - 18 * share["us"][t + 1] - 2.2 * better + 6 * rng.standard_normal(customers)
    return {
        "keep_relation": answer(4.5, 0.30, 0.45),
        "repurchase": answer(5.0, 0.35, 0.50),
        "recommend_intent": answer(4.8, 0.40, 0.45),
        "resist_switching": answer(4.1, 0.10, 0.65),
        "recommend": likert(recommend, 0, 10),
        "rivals_attraction": answer(3.7, -0.05, -0.75),
        "quality_tolerance": answer(4.1, 0.20, 0.35),
        "price_sensitivity": answer(4.3, -0.05, -0.40, 1.2),
        "feeling": answer(4.6, 0.35, 0.40),
        "minutes_choosing": np.round(np.clip(minutes, 2, 90)),
    }


def claimed(rng: RandomState, spend: dict[str, Array], t: int) -> dict[str, Array]:
    """Spend in the year as customers remember it, in yuan, rounded to hundreds; some exaggerate."""
    names = {"spend_us": "us", "spend_rival_a": "a", "spend_rival_b": "b"}
    customers = spend["us"].shape[1]
    remembered = {n: spend[s][t + 1] * np.exp(0.2 * rng.standard_normal(customers)) for n, s in names.items()}
    return {name: 100 * np.round(values / 100) for name, values in remembered.items()}


def leave_gaps(rng: RandomState, surveys: pd.DataFrame) -> pd.DataFrame:
    """Blank out answers: single ones anywhere, all expectations in some rows, nearly everything in a few."""
    answers = surveys.columns[4:]
    blank = rng.uniform(size=(len(surveys), len(answers))) < BLANK
    blank[:, answers.str.startswith("expect_")] |= rng.uniform(size=(len(surveys), 1)) < 0.02
    blank[:, answers.str.startswith("spend_")] |= rng.uniform(size=(len(surveys), 1)) < 0.03
    blank[:, 5:] |= rng.uniform(size=(len(surveys), 1)) < 0.015
    surveys = surveys.copy()
    surveys[answers] = surveys[answers].mask(blank).astype("Int64")
    return surveys


def order_rows(rng: RandomState, joined: NDArray[np.datetime64], spend: dict[str, Array]) -> pd.DataFrame:
    """Draw each customer's orders of three years, and the returns: negative amounts days or weeks after an order.

    Some customers never use their card, so that they have a survey and no orders; a few buyers were never surveyed.
    """
    customers, visitors = len(joined), among(STRANGERS, len(joined))
    ticket = 340 * np.exp(0.35 * rng.standard_normal(customers))
    counts = rng.poisson(spend["us"] / ticket)
    counts[:, rng.choice(customers, among(NO_ORDERS, customers), replace=False)] = 0
    years, who = np.nonzero(counts)
    times = counts[years, who]
    who, first = np.repeat(who, times), np.repeat(np.array(YEARS)[years] - 1970, times).astype("datetime64[Y]")
    days = first.astype("datetime64[D]") + rng.randint(0, 365, who.size).astype("timedelta64[D]")
    amounts = np.round(np.maximum(ticket[who] * rng.gamma(2.2, 1 / 2.2, who.size), 9))
    orders = pd.DataFrame({"number": who, "date": days, "amount": amounts})[days >= joined[who]]
    back = orders[rng.uniform(size=len(orders)) < 0.055].copy()
    part = np.where(rng.uniform(size=len(back)) < 0.7, 1.0, rng.uniform(0.3, 0.9, len(back)))
    back["amount"] = -np.round(back["amount"] * part)
    back["date"] = back["date"] + rng.randint(1, 30, len(back)).astype("timedelta64[D]")
    strangers = orders.sample(visitors * 4, random_state=rng).assign(number=customers + np.arange(visitors * 4) // 4)
    every = pd.concat([orders, back[back["date"] <= f"{YEARS[-1]}-12-31"], strangers])
    every = every.sort_values(["date", "number", "amount"], kind="stable", ignore_index=True)
    named = every["number"].map(customer_id)
    columns = {"order_id": np.arange(1, len(every) + 1), "customer_id": named, "date": every["date"].dt.date}
    return pd.DataFrame(columns | {"amount": every["amount"].astype("int64")})


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of a file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

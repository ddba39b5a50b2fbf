"""Surveys and orders of a store, brought together: the raw figures of satisfaction and of the eight indicators.

The eight indicators are those of the course: repeat purchases, attitude to competitors, recommending, time spent
choosing, share of wallet, feeling, attitude to quality and price, length of the relation. The source names them and
stops there: how each is measured, its direction and its anchors are teaching assumptions, stated in
:data:`INDICATORS`. In the source the word after “quality and” is starred out; “price” is how the workbook reads it.

Money is in yuan, points run from 0 to 100, arrays run over the rows of the survey (a customer and wave each).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.chapters.loyalty.models import measures
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

ATTRIBUTES = {
    "quality": N_("product quality"),
    "price": N_("price"),
    "service": N_("service"),
    "range": N_("product range"),
    "store": N_("store environment"),
}
STORES = {"us": N_("our store"), "rival_a": N_("rival A"), "rival_b": N_("rival B")}


@dataclass(frozen=True)
class Indicator:
    """One indicator of loyalty: its raw figure, and the values that earn no points and full points."""

    label: str
    raw: str
    zero_at: float
    full_at: float
    attitude: bool = False
    behaviour: bool = False

    @property
    def less_is_better(self) -> bool:
        """Whether a smaller raw figure is a sign of loyalty."""
        return self.zero_at > self.full_at


INDICATORS: Mapping[str, Indicator] = {
    "repeat": Indicator(
        N_("repeat purchases"), N_("purchases in the survey's year after the first"), 0, 12, behaviour=True
    ),
    "rivals": Indicator(N_("attitude to competitors"), N_("attracted to rivals, 1–7"), 7, 1, attitude=True),
    "recommend": Indicator(N_("recommending"), N_("likely to recommend, 0–10"), 0, 10, attitude=True),
    "choosing": Indicator(N_("time spent choosing"), N_("minutes"), 60, 0),
    "wallet": Indicator(N_("share of wallet"), N_("our share of spend at the three stores, %"), 0, 100, behaviour=True),
    "feeling": Indicator(N_("feeling"), N_("feeling for the store, 1–7"), 1, 7, attitude=True),
    "tolerance": Indicator(
        N_("attitude to quality and price"),
        N_("mean of forgiving a slip and of not minding the price, 1–7"),
        1,
        7,
        attitude=True,
    ),
    "length": Indicator(N_("length of relationship"), N_("years since joining"), 0, 10),
}
"""The eight indicators in the order of the course. Anchors are teaching assumptions."""
RECOMMEND, WALLET = list(INDICATORS).index("recommend"), list(INDICATORS).index("wallet")

COMPONENTS = {
    "rating_us": N_("overall satisfaction"),
    "keep_relation": N_("keeping and deepening the relationship"),
    "repurchase": N_("intention to buy again"),
    "recommend_intent": N_("intention to recommend"),
    "resist_switching": N_("resistance to competitive offers"),
}
"""The five components of loyalty in the course's reading on relationship marketing."""

PRICE_MINDED = 6
"""From this answer (1–7) on a customer minds the price so much that it may be what brings them back."""


@dataclass(frozen=True)
class Survey:
    """Surveys and orders, prepared: all that does not depend on the policy. Arrays run over the survey's rows."""

    ids: Labels
    years: tuple[int, ...]
    wave: Ints  # place of the row's year in ``years``
    contested: Bools  # competition in the customer's district is high
    expected: Floats  # rows × 5 attributes, 1–10
    found: Floats
    ratings: Floats  # rows × 3 stores, 1–10
    ranked: Floats  # rows × 3 stores, the share of wallet (0–1) that the rank lets expect
    components: Floats  # rows × 5 components, 0–100
    spend: Floats  # rows × 3 stores, yuan, as remembered
    net_orders: Floats  # yuan, nan for a customer without any order
    price_minded: Bools
    raw: Floats  # rows × 8 indicators in their own units; share of wallet as remembered
    importance: Floats  # of the five attributes, from all waves
    repeat_rates: pd.DataFrame  # by survey year
    gaps: dict[str, int]


def order_figures(orders: pd.DataFrame, ids: pd.Index, years: tuple[int, ...]) -> tuple[Floats, Floats, int]:
    """Aggregate orders once: purchases and net amount by customer and year.

    Args:
        orders: columns ``customer_id``, ``date``, ``amount`` (yuan; negative for a return).
        ids: the customers wanted, each once.
        years: consecutive calendar years, rising.

    Returns:
        Purchases and net amounts, customers × years, and the number of orders by customers not among ``ids``. A
        purchase is an order of more than zero; a return lowers the net amount and takes no purchase back. A customer
        without any order at all has nan: a card that is never shown says nothing.
    """
    who = ids.get_indexer(pd.Index(orders["customer_id"]))
    year = orders["date"].to_numpy().astype("datetime64[Y]").astype(np.int64) + 1970 - years[0]
    amount = orders["amount"].to_numpy(float)
    known = who >= 0
    inside = known & (year >= 0) & (year < len(years))
    cell, size = who[inside] * len(years) + year[inside], len(ids) * len(years)
    shape = (len(ids), len(years))
    bought: Floats = np.bincount(cell, weights=amount[inside] > 0, minlength=size).reshape(shape).astype(float)
    net: Floats = np.bincount(cell, weights=amount[inside], minlength=size).reshape(shape).astype(float)
    silent = np.bincount(who[known], minlength=len(ids)) == 0
    bought[silent], net[silent] = np.nan, np.nan
    return bought, net, int((~known).sum())


def prepare(customers: pd.DataFrame, orders: pd.DataFrame) -> Survey:
    """Turn surveys in long form (a row a customer and wave) and orders into one :class:`Survey`.

    Args:
        customers: the columns of ``data/loyalty_customers.yaml``.
        orders: the columns of ``data/loyalty_orders.yaml``.

    Raises:
        DataError: no rows, or a wave in which nobody answered what every figure rests on.
    """
    if not len(customers):
        raise DataError(_("The survey has no rows."))
    rows = customers.sort_values(["customer_id", "wave"], kind="stable")
    asked, wave = np.unique(rows["wave"].to_numpy(np.int64), return_inverse=True)
    years = tuple(int(y) for y in asked)
    ids = pd.Index(rows["customer_id"].unique())
    span = tuple(range(years[0] - 1, years[-1] + 1))
    purchases, net, strangers = order_figures(orders, ids, span)
    at = (ids.get_indexer(pd.Index(rows["customer_id"])), asked[wave] - span[0])
    spend, found = _columns(rows, "spend_", STORES), _columns(rows, "found_", ATTRIBUTES)
    expected, ratings = _columns(rows, "expect_", ATTRIBUTES), _columns(rows, "rating_", STORES)
    joined = rows["joined"].to_numpy().astype("datetime64[D]")
    survey_end = np.array([f"{y}-12-31" for y in years], dtype="datetime64[D]")[wave]
    length = (survey_end - joined).astype(float) / 365.25
    sensitivity = _column(rows, "price_sensitivity")
    raw = {
        "repeat": np.maximum(purchases[at] - 1, 0),
        "rivals": _column(rows, "rivals_attraction"),
        "recommend": _column(rows, "recommend"),
        "choosing": _column(rows, "minutes_choosing"),
        "wallet": 100 * measures.wallet_share(spend[:, 0], spend[:, 1:]),
        "feeling": _column(rows, "feeling"),
        "tolerance": (_column(rows, "quality_tolerance") + 8 - sensitivity) / 2,
        "length": np.maximum(length, 0),
    }
    survey = Survey(
        ids=rows["customer_id"].to_numpy(object),
        years=years,
        wave=wave,
        contested=(rows["competition"] == "high").to_numpy(bool),
        expected=expected,
        found=found,
        ratings=ratings,
        ranked=measures.wallet_allocation(ratings),
        components=_component_points(rows),
        spend=spend,
        net_orders=net[at],
        price_minded=sensitivity >= PRICE_MINDED,
        raw=np.column_stack([raw[name] for name in INDICATORS]),
        importance=measures.derived_importance(found, ratings[:, 0]),
        repeat_rates=_repeat_rates(purchases, years, span),
        gaps={
            "strangers": strangers,
            "outside": int((~orders["date"].dt.year.between(span[0], span[-1])).sum()),
            "one_survey": len(rows) if len(years) == 1 else 0,
            "returns": int((orders["amount"] < 0).sum()),
            "no_orders": int(np.isnan(purchases[:, 0]).sum()),
            "no_expectation": int(np.isnan(expected).all(axis=1).sum()),
            "joined_later": int((length < 0).sum()),
            "net_negative": int((net[at] < 0).sum()),
        },
    )
    _must_have_answers(survey)
    return survey


def _column(rows: pd.DataFrame, name: str) -> Floats:
    return np.asarray(rows[name].to_numpy(float, na_value=np.nan))


def _columns(rows: pd.DataFrame, prefix: str, names: Mapping[str, str]) -> Floats:
    return np.column_stack([_column(rows, prefix + name) for name in names])


def _component_points(rows: pd.DataFrame) -> Floats:
    """Return the five components as 0–100 points: overall satisfaction from 1–10, the intentions from 1–7."""
    tops = {name: 10 if name == "rating_us" else 7 for name in COMPONENTS}
    return np.column_stack([measures.points(_column(rows, name), 1, top) for name, top in tops.items()])


def _repeat_rates(purchases: Floats, years: tuple[int, ...], span: tuple[int, ...]) -> pd.DataFrame:
    """Return by survey year: buyers, share who bought at least twice, share of last year's buyers who bought again.

    The two shares are both called repeat purchase rate; the second is also the retention rate.
    """
    table = {}
    for year in years:
        k = span.index(year)
        now, before = purchases[:, k], purchases[:, k - 1]
        if np.isnan(now).all():
            table[year] = (np.nan, np.nan, np.nan)
            continue
        kept = ((now >= 1) & (before >= 1)).sum() / max((before >= 1).sum(), 1)
        again = kept if (before >= 1).any() else np.nan
        table[year] = ((now >= 1).sum(), measures.repeat_purchase_rate(now), again)
    return pd.DataFrame.from_dict(table, orient="index", columns=["buyers", "twice", "again"])


def _must_have_answers(survey: Survey) -> None:
    """Raise a DataError if in some wave nobody answered a question that headline figures rest on."""
    needed = {
        _("expectation and experience of an attribute"): (survey.expected + survey.found),
        _("likely to recommend, 0–10"): survey.raw[:, [RECOMMEND]],
        _("spend at all three stores"): survey.raw[:, [WALLET]],
        _("ratings of all three stores"): survey.ratings.sum(axis=1, keepdims=True),
    }
    missing = [
        _("In the survey of {year} no customer has given: {what}.").format(year=year, what=what)
        for place, year in enumerate(survey.years)
        for what, answers in needed.items()
        if np.isnan(answers[survey.wave == place]).all()
    ]
    if missing:
        raise DataError(missing)

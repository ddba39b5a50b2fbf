"""Customer loyalty: eight indicators to an index, kinds of loyalty, and the link to satisfaction.

The data side, with what each indicator is, lies in ``survey``, the formulas in ``measures``. Here is the policy:
conventions, weights, cut-offs and what follows from them.

Money is in yuan, points run from 0 to 100, arrays run over the rows of the survey (a customer and wave each).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.loyalty.models import measures
from crmlib.chapters.loyalty.models.survey import ATTRIBUTES, INDICATORS, RECOMMEND, WALLET, Survey, prepare
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

ATTITUDE = np.array([i.attitude for i in INDICATORS.values()], float)
BEHAVIOUR = np.array([i.behaviour for i in INDICATORS.values()], float)

HINTS = (
    N_("trust loyalty (premium loyalty)"),
    N_("potential loyalty"),
    N_("price or incentive loyalty"),
    N_("monopoly loyalty"),
    N_("inertia loyalty"),
)
NO_HINT = len(HINTS)


class LoyaltyPolicy(Inputs):
    """How satisfaction and loyalty are measured, and who counts as loyal."""

    wave: Literal["last", "first"] = setting(
        "last",
        N_("Survey shown"),
        group=N_("Data"),
        choices={"last": N_("the last one"), "first": N_("the first one")},
        help=N_("The survey that the headline figures and most charts are about."),
    )
    wallet_from: Literal["survey", "orders"] = setting(
        "survey",
        N_("Our spend is taken from"),
        group=N_("Data"),
        choices={"survey": N_("what customers remember"), "orders": N_("orders less returns")},
        help=N_("Spend at the rivals is known from the survey only."),
    )
    satisfaction: measures.Convention = setting(
        "ratio",
        N_("Satisfaction is"),
        choices={
            "ratio": N_("experience ÷ expectation"),
            "difference": N_("experience − expectation"),
            "relative": N_("(experience − expectation) ÷ expectation"),
        },
        help=N_(
            "A customer counts as satisfied if experience is at least equal to expectation: 1 by "
            "the ratio, 0 by the other two."
        ),
    )
    attribute_weights: Literal["equal", "derived"] = setting(
        "equal",
        N_("Weights of the five attributes"),
        choices={"equal": N_("alike"), "derived": N_("by derived importance")},
        help=N_("Derived: in proportion to the correlation with overall satisfaction."),
    )
    repeat_weight: float = setting(0.15, N_("Weight of repeat purchases"), low=0, high=1, step=0.05)
    rivals_weight: float = setting(0.10, N_("Weight of attitude to competitors"), low=0, high=1, step=0.05)
    recommend_weight: float = setting(0.15, N_("Weight of recommending"), low=0, high=1, step=0.05)
    choosing_weight: float = setting(0.05, N_("Weight of time spent choosing"), low=0, high=1, step=0.05)
    wallet_weight: float = setting(0.20, N_("Weight of share of wallet"), low=0, high=1, step=0.05)
    feeling_weight: float = setting(0.15, N_("Weight of feeling"), low=0, high=1, step=0.05)
    tolerance_weight: float = setting(0.10, N_("Weight of attitude to quality and price"), low=0, high=1, step=0.05)
    length_weight: float = setting(
        0.10,
        N_("Weight of length of relationship"),
        low=0,
        high=1,
        step=0.05,
        help=N_("The eight weights are divided by their sum; for each customer, by the sum of those that are known."),
    )
    min_indicators: int = setting(
        5,
        N_("Minimum number of indicators"),
        low=1,
        high=8,
        step=1,
        help=N_("A customer with fewer known indicators that carry weight gets no index and is counted separately."),
    )
    scale: Literal["fixed", "range"] = setting(
        "fixed",
        N_("Ends of the point scale"),
        choices={"fixed": N_("fixed anchors"), "range": N_("worst to best customer")},
        help=N_("If all customers are equal on an indicator, “worst to best customer” gives everyone 50 points."),
    )
    loyal_from: float = setting(60, N_("Loyalty cut-off (index)"), low=0, high=100, step=1, unit=N_("points"))
    attitude_cut: float = setting(
        60,
        N_("Cut-off for a high attitude"),
        low=0,
        high=100,
        step=1,
        unit=N_("points"),
        help=N_("Mean of competitors, recommending, feeling, quality and price; a score equal to the cut-off is high."),
    )
    behaviour_cut: float = setting(
        50,
        N_("Cut-off for high behaviour"),
        low=0,
        high=100,
        step=1,
        unit=N_("points"),
        help=N_("Mean of repeat purchases and share of wallet; a score equal to the cut-off is high."),
    )

    def raw_weights(self) -> Floats:
        """Return the eight weights as they were set, in the order of :data:`INDICATORS`."""
        return np.array([getattr(self, f"{name}_weight") for name in INDICATORS])

    def weights(self) -> Floats:
        """Return the eight weights divided by their sum."""
        return np.asarray(self.raw_weights() / self.raw_weights().sum())

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero and a minimum that no customer can reach."""
        used = int((self.raw_weights() > 0).sum())
        if not used:
            yield "length_weight", _("All eight weights are zero. Give at least one indicator a weight.")
        elif self.min_indicators > used:
            said = _("Only {used} indicators carry weight, so nobody can have {wanted} of them.")
            yield "min_indicators", said.format(used=used, wanted=self.min_indicators)

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        names = [indicator.label for indicator in INDICATORS.values()]
        return weights_remark(self.raw_weights().sum(), names, self.weights())


@dataclass(frozen=True)
class Loyalty:
    """What :func:`measure` returns. Arrays run over the survey's rows, all waves."""

    survey: Survey
    policy: LoyaltyPolicy
    by_attribute: Floats  # satisfaction, rows × 5
    satisfaction: Floats
    points: Floats  # rows × 8 indicators, 0–100
    index: Floats  # 0–100, nan where too few indicators are known
    attitude: Floats
    behaviour: Floats
    kind: Ints  # place among ``measures.KINDS``, or UNKNOWN
    hint: Ints  # place among HINTS, or NO_HINT

    @property
    def shown(self) -> int:
        """Place of the survey that the policy asks for."""
        return len(self.survey.years) - 1 if self.policy.wave == "last" else 0

    @property
    def satisfied(self) -> Bools:
        """Who got at least what they expected."""
        return np.asarray(self.satisfaction >= measures.NEUTRAL[self.policy.satisfaction])

    @property
    def comparable(self) -> Bools:
        """Who has both a satisfaction and an index."""
        return np.asarray(~np.isnan(self.satisfaction) & ~np.isnan(self.index))

    @property
    def loyal(self) -> Bools:
        """Who has an index of at least the policy's cut."""
        return np.asarray(self.index >= self.policy.loyal_from)


def indicator_points(survey: Survey, policy: LoyaltyPolicy) -> Floats:
    """Return the eight indicators as points, rows × 8: 100 is always the loyal end."""
    raw = survey.raw
    if policy.wallet_from == "orders":
        raw = raw.copy()
        raw[:, WALLET] = 100 * measures.wallet_share(survey.net_orders, survey.spend[:, 1:])
    if policy.scale == "range":
        scaled = [measures.range_points(raw[:, k], i.less_is_better) for k, i in enumerate(INDICATORS.values())]
        return np.column_stack(scaled)
    zero, full = (np.array([getattr(i, end) for i in INDICATORS.values()]) for end in ("zero_at", "full_at"))
    return np.asarray(100 * np.clip((raw - zero) / (full - zero), 0, 1))


def measure(survey: Survey, policy: LoyaltyPolicy) -> Loyalty:
    """Measure satisfaction and loyalty of every customer in every wave under one policy.

    Conventions: a customer's satisfaction is the weighted mean of c over the attributes with both answers (a mean of
    ratios, not a ratio of means). Scores are rounded to one decimal before they meet a cut.

    Raises:
        DataError: an expectation is zero, or nobody has enough indicators for an index.
    """
    by_attribute = measures.satisfaction(survey.found, survey.expected, policy.satisfaction)
    counts = np.ones(len(ATTRIBUTES)) if policy.attribute_weights == "equal" else survey.importance
    satisfaction = np.round(measures.weighted_mean(by_attribute, counts), 6)
    points = indicator_points(survey, policy)
    index = np.round(measures.weighted_mean(points, policy.weights(), policy.min_indicators), 1)
    for place, year in enumerate(survey.years):
        if np.isnan(index[survey.wave == place]).all():
            said = _("In the survey of {year} no customer has the {n} indicators that are asked for.")
            raise DataError(said.format(year=year, n=policy.min_indicators))
    attitude = np.round(measures.weighted_mean(points, ATTITUDE), 1)
    behaviour = np.round(measures.weighted_mean(points, BEHAVIOUR), 1)
    kind = measures.dick_basu(attitude, behaviour, policy.attitude_cut, policy.behaviour_cut)
    hint = _hints(kind, survey)
    return Loyalty(survey, policy, by_attribute, satisfaction, points, index, attitude, behaviour, kind, hint)


def _hints(kind: Ints, survey: Survey) -> Ints:
    """Return what may hold each customer, as far as the data can tell; the first that applies.

    High attitude is trust (with purchases) or potential (without). Purchases without attitude are put down to price
    where the customer minds prices very much, to lack of choice where competition is low, else to inertia.
    """
    spurious = kind == measures.KINDS.index("spurious loyalty")
    return np.select([kind == 0, kind == 1, spurious & survey.price_minded, spurious & ~survey.contested, spurious],
                     [0, 1, 2, 3, 4], NO_HINT)  # fmt: skip


def mean_by_wave(m: Loyalty, values: Floats) -> Floats:
    """Return the mean of ``values`` in each wave over the rows that have one; nan where none has."""
    known = ~np.isnan(values)
    n = np.bincount(m.survey.wave[known], minlength=len(m.survey.years))
    total = np.bincount(m.survey.wave[known], weights=values[known], minlength=len(n))
    return ratio(total, n)


def shares_by_wave(m: Loyalty) -> dict[str, Floats]:
    """Return by wave, in %: satisfied customers, loyal ones, those satisfied but not loyal, and the reverse.

    Each in % of the customers with both a satisfaction and an index.
    """

    def share(which: Bools) -> Floats:
        return 100 * mean_by_wave(m, np.where(m.comparable, which, np.nan))

    return {
        "satisfied": share(m.satisfied),
        "loyal": share(m.loyal),
        "not_loyal": share(m.satisfied & ~m.loyal),
        "not_satisfied": share(m.loyal & ~m.satisfied),
    }


def loyal_by_competition(m: Loyalty) -> dict[str, tuple[int, int]]:
    """Return loyal customers of the survey shown, and those of them that are not satisfied, by competition.

    Counted are the customers with both a satisfaction and an index. ``"low"`` and ``"high"`` → (loyal, not satisfied).
    """
    here = m.comparable & (m.survey.wave == m.shown) & m.loyal
    sides = {"low": here & ~m.survey.contested, "high": here & m.survey.contested}
    return {name: (int(side.sum()), int((side & ~m.satisfied).sum())) for name, side in sides.items()}


def indicators_by_wave(m: Loyalty) -> Floats:
    """Return the mean points of the indicators, 8 × waves; nan where nobody has one."""
    return np.stack([mean_by_wave(m, column) for column in m.points.T])


def components_by_wave(m: Loyalty) -> Floats:
    """Return the mean points of the five components, 5 × waves; nan where nobody answered."""
    return np.stack([mean_by_wave(m, column) for column in m.survey.components.T])


def nps_by_wave(m: Loyalty) -> list[tuple[float, float, float]]:
    """Return net promoter score, promoters and detractors (%) of each wave."""
    answers = m.survey.raw[:, RECOMMEND]
    return [measures.nps(answers[m.survey.wave == place]) for place in range(len(m.survey.years))]


def kinds_by_wave(m: Loyalty) -> Ints:
    """Return the number of customers of each kind and of unknown kind, 5 × waves."""
    n, waves = measures.UNKNOWN + 1, len(m.survey.years)
    return np.bincount(m.kind * waves + m.survey.wave, minlength=n * waves).reshape(n, waves)


def wallets_by_wave(m: Loyalty) -> tuple[Floats, Floats]:
    """Return by store and wave (3 × waves) the mean share of wallet and the one its rank lets expect, in %.

    Both over the customers with all three spends and all three ratings.
    """
    spend, expected = m.survey.spend, m.survey.ranked
    share = ratio(spend, spend.sum(axis=1, keepdims=True))
    share[np.isnan(expected[:, 0])] = np.nan
    expected = np.where(np.isnan(share), np.nan, expected)
    actual, ranked = (100 * np.stack([mean_by_wave(m, c) for c in which.T]) for which in (share, expected))
    return actual, ranked


def curve(m: Loyalty, values: Floats, groups: int = 6) -> dict[str, tuple[Floats, Floats, Ints]]:
    """Return the satisfaction–loyalty curve of the survey shown, for low and for high competition.

    Customers are cut into groups of about equal size by satisfaction, the same cuts for both curves.

    Args:
        m: a result.
        values: 0–100, what stands for loyalty.
        groups: how many, fewer where answers tie.

    Returns:
        ``"low"`` and ``"high"`` → mean satisfaction, mean value and number of customers of each group that is not
        empty. Source: Jones & Sasser (1995).
    """
    here = (m.survey.wave == m.shown) & ~np.isnan(values) & ~np.isnan(m.satisfaction)
    cuts: Floats = np.array([])
    if here.any():
        cuts = np.unique(np.quantile(m.satisfaction[here], np.linspace(0, 1, groups + 1)[1:-1]))
    sides = {"low": here & ~m.survey.contested, "high": here & m.survey.contested}
    return {name: _group_means(m.satisfaction[side], values[side], cuts) for name, side in sides.items()}


def _group_means(x: Floats, y: Floats, cuts: Floats) -> tuple[Floats, Floats, Ints]:
    """Return mean x, mean y and size of the groups into which ``cuts`` divide x, empty groups left out."""
    group = np.searchsorted(cuts, x, side="right")
    n = np.bincount(group, minlength=len(cuts) + 1)
    full = n > 0
    mean_x, mean_y = (np.bincount(group, weights=w, minlength=len(n))[full] / n[full] for w in (x, y))
    return mean_x, mean_y, n[full]


def importance_performance(m: Loyalty) -> tuple[Floats, Floats]:
    """Return derived importance (sums to one) and mean experience (1–10) of the attributes in the survey shown.

    Source: Martilla & James (1977), who asked for importance; here it is the correlation with overall satisfaction.
    """
    return m.survey.importance, np.array([mean_by_wave(m, column)[m.shown] for column in m.survey.found.T])


def listing(m: Loyalty) -> pd.DataFrame:
    """List the satisfied customers of the survey shown that are not loyal, most spend at rivals first.

    Returns:
        Index ``customer_id``; columns ``satisfaction``, ``index``, ``kind``, ``hint``, ``wallet_pct``,
        ``spend_rivals`` (yuan, nan where unknown; those come last). Ties are ordered by customer_id.
    """
    which = (m.survey.wave == m.shown) & m.satisfied & ~np.isnan(m.index) & ~m.loyal
    rows = pd.DataFrame(
        {
            "satisfaction": m.satisfaction[which],
            "index": m.index[which],
            "kind": np.array([*measures.KINDS, N_("not known")])[m.kind[which]],
            "hint": np.array([*HINTS, "–"])[m.hint[which]],
            "wallet_pct": m.survey.raw[which, WALLET].round(1),
            "spend_rivals": m.survey.spend[which, 1:].sum(axis=1),
        },
        index=pd.Index(m.survey.ids[which], name="customer_id"),
    )
    return rows.sort_values("spend_rivals", ascending=False, kind="stable")


def headline(m: Loyalty) -> dict[str, float]:
    """Return the headline figures of a result, nan where the data cannot tell; see :data:`STUDY` for their names."""
    t, shares, kinds = m.shown, shares_by_wave(m), kinds_by_wave(m)
    satisfaction, index = mean_by_wave(m, m.satisfaction), mean_by_wave(m, m.index)
    score = nps_by_wave(m)
    actual, ranked = wallets_by_wave(m)
    known = int(kinds[: measures.UNKNOWN, t].sum()) or math.nan
    again = 0.0 if len(m.survey.years) > 1 else math.nan  # one survey alone tells of no change
    return {
        "satisfaction": float(satisfaction[t]),
        "satisfaction_change": float(satisfaction[-1] - satisfaction[0]) + again,
        "index": float(index[t]),
        "index_change": float(index[-1] - index[0]) + again,
        "loyal": float(shares["loyal"][t]),
        "satisfied_not_loyal": float(shares["not_loyal"][t]),
        "true_loyal": 100 * float(kinds[0, t]) / known,
        "spurious": 100 * float(kinds[2, t]) / known,
        "nps": score[t][0],
        "nps_change": score[-1][0] - score[0][0] + again,
        "wallet": float(actual[0, t]),
        "wallet_by_rank": float(ranked[0, t]),
        "no_index": float((np.isnan(m.index) & (m.survey.wave == t)).sum()),
    }


STUDY = Study(
    name="loyalty",
    title=N_("Satisfaction and loyalty"),
    datasets=("loyalty_customers", "loyalty_orders"),
    inputs=LoyaltyPolicy,
    prepare=prepare,
    run=measure,
    headline=headline,
    listing=listing,
    measures={
        "satisfaction": Measure(N_("Mean satisfaction"), "", 3),
        "satisfaction_change": Measure(N_("Change of satisfaction between the surveys"), "", 3),
        "index": Measure(N_("Mean loyalty index"), N_("points"), 1),
        "index_change": Measure(N_("Change of the index between the surveys"), N_("points"), 1),
        "loyal": Measure(N_("Loyal customers"), "%", 1),
        "satisfied_not_loyal": Measure(N_("Satisfied but not loyal"), "%", 1),
        "true_loyal": Measure(N_("True loyalty"), "%", 1),
        "spurious": Measure(N_("Spurious loyalty"), "%", 1),
        "nps": Measure(N_("Net promoter score"), N_("points"), 1),
        "nps_change": Measure(N_("Change of the net promoter score between the surveys"), N_("points"), 1),
        "wallet": Measure(N_("Our share of wallet"), "%", 1),
        "wallet_by_rank": Measure(N_("Share of wallet expected from our rank"), "%", 1),
        "no_index": Measure(N_("Customers with too few indicators"), N_("customers")),
    },
    textbook={f"{name}_weight": 0.1 for name in INDICATORS},
    first=("satisfaction", "wallet_from", "loyal_from", "attitude_cut", "behaviour_cut"),
)

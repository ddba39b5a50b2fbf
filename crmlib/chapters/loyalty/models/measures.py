"""The formulas of satisfaction and loyalty, one function each, on plain arrays; those of satisfaction are shared.

An unanswered question is nan throughout. It is never filled in: a formula either passes nan on or, where it says so,
works with the answers that are there.
"""

import numpy as np

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Floats, Ints, ratio
from crmlib.formulas.satisfaction import NEUTRAL as NEUTRAL
from crmlib.formulas.satisfaction import Convention as Convention
from crmlib.formulas.satisfaction import derived_importance as derived_importance
from crmlib.formulas.satisfaction import satisfaction as satisfaction
from crmlib.formulas.satisfaction import weighted_mean as weighted_mean

KINDS = (N_("true loyalty"), N_("latent loyalty"), N_("spurious loyalty"), N_("no loyalty"))
UNKNOWN = len(KINDS)
"""Place of a customer whose attitude or behaviour is not known."""


def points(values: Floats, zero_at: float, full_at: float) -> Floats:
    """Return 0–100 points on a straight line between two anchors, flat outside; nan stays nan.

    The anchors state the direction: with ``zero_at`` above ``full_at`` less is better.

    >>> points(np.array([0.0, 15.0, 90.0]), zero_at=60, full_at=0).tolist()
    [100.0, 75.0, 0.0]
    """
    return np.asarray(100 * np.clip((values - zero_at) / (full_at - zero_at), 0, 1) + 0.0)  # no -0.0


def range_points(values: Floats, less_is_better: bool = False) -> Floats:
    """Return 0–100 points from the worst to the best value there is.

    Convention: where all values are equal nobody is better than anybody, and everyone gets 50.

    >>> range_points(np.array([2.0, 4.0, 10.0]), less_is_better=True).tolist()
    [100.0, 75.0, 0.0]
    """
    known = values[~np.isnan(values)]
    if not known.size or known.min() == known.max():
        return np.where(np.isnan(values), np.nan, 50.0)
    low, high = known.min(), known.max()
    return points(values, high, low) if less_is_better else points(values, low, high)


def nps(answers: Floats) -> tuple[float, float, float]:
    """Return the net promoter score and the shares of promoters (9–10) and detractors (0–6), all in %.

    Unanswered questions are left out of the base; 7 and 8 are passive: in the base, in neither share.
    Source: Reichheld (2003).

    Raises:
        DataError: nobody answered.

    >>> nps(np.array([10, 9, 8, 7, 6, 3, np.nan, 9.0, 10, 10, 5]))
    (20.0, 50.0, 30.0)
    """
    given = answers[~np.isnan(answers)]
    if not given.size:
        raise DataError(_("Nobody answered how likely they are to recommend, so there is no net promoter score."))
    promoters, detractors = 100 * float((given >= 9).mean()), 100 * float((given <= 6).mean())
    return promoters - detractors, promoters, detractors


def wallet_share(ours: Floats, others: Floats) -> Floats:
    """Return our share (0–1) of what customers spend: ours ÷ (ours + all rivals).

    Args:
        ours: spend with us; one below zero (more returned than bought) counts as zero.
        others: spend with the rivals, customers × rivals; an unknown one makes the share nan.

    A customer who spends nothing anywhere has no share: nan.

    >>> wallet_share(np.array([300.0, -50.0, 0.0]), np.array([[500.0, 200.0], [100.0, 0.0], [0.0, 0.0]])).tolist()
    [0.3, 0.0, nan]
    """
    ours = np.where(np.isnan(ours), np.nan, np.maximum(ours, 0))
    total = ours + np.maximum(others, 0).sum(axis=-1)
    return ratio(ours, total)


def mean_ranks(ratings: Floats) -> Floats:
    """Return ranks along the last axis, 1 the highest rating; ties share the mean of their ranks."""
    above = (ratings[..., None, :] > ratings[..., :, None]).sum(axis=-1)
    same = (ratings[..., None, :] == ratings[..., :, None]).sum(axis=-1)
    return np.asarray(above + (same + 1) / 2)


def wallet_allocation(ratings: Floats) -> Floats:
    """Return the share of wallet each brand can expect from its rank: (1 − rank ÷ (n + 1)) × 2 ÷ n.

    Args:
        ratings: satisfaction with each of n brands that the customer uses, on the last axis. What counts is the rank
            of a brand, not its rating. Ties share the mean rank, so that the shares always sum to one; a missing
            rating makes all of the customer's shares nan.

    Source: Keiningham, Aksoy, Buoye & Cooil (2011).

    >>> wallet_allocation(np.array([9.0, 7.0, 5.0])).round(3).tolist()
    [0.5, 0.333, 0.167]
    """
    n = ratings.shape[-1]
    share = (1 - mean_ranks(ratings) / (n + 1)) * 2 / n
    return np.where(np.isnan(ratings).any(axis=-1, keepdims=True), np.nan, share)


def dick_basu(attitude: Floats, behaviour: Floats, attitude_cut: float, behaviour_cut: float) -> Ints:
    """Return the kind of loyalty by attitude × behaviour: 0 true, 1 latent, 2 spurious, 3 none, 4 not known.

    The attitude is the relative one, liking compared with the alternatives; the behaviour is repeat patronage. A score
    equal to its cut counts as high. Source: Dick & Basu (1994).

    >>> dick_basu(np.array([70.0, 70, 40, 40]), np.array([60.0, 20, 60, 20]), 60, 50).tolist()
    [0, 1, 2, 3]
    """
    kind = 2 * (attitude < attitude_cut) + 1 * (behaviour < behaviour_cut)
    return np.where(np.isnan(attitude) | np.isnan(behaviour), UNKNOWN, kind)


def repeat_purchase_rate(purchases: Floats) -> float:
    """Return the share (0–1) of a period's buyers who bought at least twice; nan if there was no buyer.

    Args:
        purchases: purchases in the period, one a customer; who bought nothing is not in the base.

    >>> repeat_purchase_rate(np.array([0.0, 1, 2, 5]))  # two of three buyers
    0.6666666666666666
    """
    buyers = purchases >= 1
    return float((purchases >= 2).sum() / buyers.sum()) if buyers.any() else float("nan")

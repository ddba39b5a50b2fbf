"""Choosing among candidates by several factors: weighted scores, robustness, AHP, entropy weights, TOPSIS.

Throughout, ``scores`` is candidates × factors, not negative, more is better unless a function says otherwise, and
``weights`` has an entry a factor, sums to one. Nothing here knows what is chosen: distributors, suppliers, houses.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Bools, Floats, Ints

DUST = 1e-9
"""Two scores that differ by less are equal: the difference is floating-point dust."""

RANDOM_INDEX = {
    "saaty": (0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49),
    "alonso_lamata": (0, 0, 0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854),
}
"""Mean consistency index of random matrices of 1 to 10 factors: Saaty (1980), and Alonso and Lamata (2006)."""
ACCEPTABLE = 0.10
"""Saaty (1980): a consistency ratio up to this is acceptable."""


def weighted_scores(scores: Floats, weights: Floats) -> Floats:
    """Return the weighted score of each candidate, Σ w·s.

    >>> weighted_scores(np.array([[80.0, 60.0], [50.0, 90.0]]), np.array([0.75, 0.25])).tolist()
    [75.0, 60.0]
    """
    return np.asarray(scores @ weights)


def ranks(values: Floats, left: Bools) -> Ints:
    """Return the rank of each candidate, 1 for the highest value; equal values share a rank, 0 is for who is out.

    The rank after a tie counts those above: 1, 1, 3.

    >>> ranks(np.array([70.0, 80.0, 80.0, 99.0]), np.array([True, True, True, False])).tolist()
    [3, 1, 1, 0]
    """
    above = (values[None, :] > values[:, None] + DUST) & left[None, :]
    return np.where(left, above.sum(axis=1) + 1, 0)


@dataclass(frozen=True)
class Dethroning:
    """What change of a single raw weight takes the first place from the winner, an entry a factor.

    ``change`` is nan, and ``rival`` is −1, where no change of that weight can.
    """

    change: Floats
    rival: Ints


def dethroning(scores: Floats, raw: Floats, winner: int) -> Dethroning:
    """Return the smallest change of each raw weight, the others' kept, at which a rival draws level with the winner.

    Let r be the raw weights, Δ_f = s_winner,f − s_rival,f, and L = Σ r_f Δ_f ≥ 0 the winner's lead before dividing by
    Σ r. Change r_k to r_k + d. The lead becomes (L + d·Δ_k) ÷ (Σ r + d); the divisor is positive, so the sign is that
    of L + d·Δ_k, which is zero at d = −L ÷ Δ_k. Beyond it the rival is ahead. If Δ_k < 0 the weight must rise, without
    limit; if Δ_k > 0 it must fall, and only d > −r_k leaves it positive, so that the rival can get past; if Δ_k = 0
    nothing helps. Of the rivals the one with the smallest absolute d counts (the first of several).

    Args:
        raw: weights of any sum above zero; the change is in their unit.
        winner: row of a candidate with the highest weighted score.

    >>> found = dethroning(np.array([[80.0, 60.0], [50.0, 90.0]]), np.array([70.0, 30.0]), 0)
    >>> found.change.tolist(), found.rival.tolist()
    ([-40.0, 40.0], [1, 1])
    """
    gap = scores[winner] - scores  # candidates × factors
    lead = np.maximum(gap @ raw, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        d = np.where(np.abs(gap) > DUST, -lead[:, None] / gap, np.inf)
    d[(gap > DUST) & (d <= -raw + DUST)] = np.inf
    d[winner] = np.inf
    rival = np.abs(d).argmin(axis=0)
    change = d[rival, np.arange(len(raw))]
    possible = np.isfinite(change)
    return Dethroning(np.where(possible, change + 0.0, np.nan), np.where(possible, rival, -1))


@cache
def weightings(factors: int, draws: int = 20_000, seed: int = 8) -> Floats:
    """Return random weights, draws × factors, every weighting as likely as any other (flat Dirichlet).

    The same seed gives the same draws, and they are kept: a slider that moves asks again and again.
    """
    return np.random.RandomState(seed).dirichlet(np.ones(factors), size=draws)


def shares_won(scores: Floats, draws: Floats) -> Floats:
    """Return the share of random weightings each candidate wins; candidates alike in every factor share theirs.

    Two candidates that differ in a factor tie on a set of weightings of probability zero, so that only the alike need
    to share.

    >>> shares_won(np.array([[9.0, 9.0], [1.0, 1.0], [9.0, 9.0]]), weightings(2, 100)).tolist()
    [0.5, 0.0, 0.5]
    """
    different, place, alike = np.unique(scores, axis=0, return_inverse=True, return_counts=True)
    won = np.bincount((draws @ different.T).argmax(axis=1), minlength=len(different))
    return np.asarray((won / alike / len(draws))[place.ravel()])


def dominance(scores: Floats) -> Bools:
    """Return candidates × candidates: is the row at least as good in every factor, and better in one, as the column?

    Whoever is dominated can win under no weights at all, save by a tie (Pareto).
    """
    better = scores[:, None, :] - scores[None, :, :]
    return np.asarray((better >= -DUST).all(axis=2) & (better > DUST).any(axis=2))


def entropy_weights(scores: Floats) -> Floats | None:
    """Return weights by how much each factor tells the candidates apart (Shannon's entropy; Hwang & Yoon 1981).

    Column shares p = s ÷ Σ s, entropy E = −Σ p ln p ÷ ln m (with 0 ln 0 = 0), weight (1 − E) ÷ Σ (1 − E). A factor in
    which all are equal, zero too, gets weight zero.

    Returns:
        None where no factor tells the candidates apart, or there is one candidate only: the method has no answer.
    """
    if len(scores) < 2:
        return None
    total = scores.sum(axis=0)
    p = np.where(total > 0, scores / np.where(total > 0, total, 1.0), 1 / len(scores))
    information = 1 + (p * np.log(np.where(p > 0, p, 1.0))).sum(axis=0) / np.log(len(scores))
    information[np.ptp(scores, axis=0) <= DUST] = 0.0
    whole = information.sum()
    return np.asarray(information / whole) if whole > 1e-12 else None


@dataclass(frozen=True)
class Topsis:
    """Weighted normalised scores, the best and worst of each factor, the distances, and the closeness (0 to 1)."""

    values: Floats
    best: Floats
    worst: Floats
    to_best: Floats
    to_worst: Floats
    closeness: Floats


def topsis(
    scores: Floats,
    weights: Floats,
    benefit: Bools | None = None,
    normalisation: Literal["vector", "range"] = "vector",
) -> Topsis:
    """Rank by closeness to the ideal and distance from the worst (Hwang & Yoon 1981).

    Args:
        scores: candidates × factors.
        weights: sum to one.
        benefit: for each factor, is more better? All, if not given.
        normalisation: ``"vector"`` divides a column by its Euclidean length, ``"range"`` maps it to 0 … 1.

    A factor in which all are equal cannot tell them apart and adds nothing. Where no factor does, best and worst are
    one and the closeness is 0.5 for all, a convention.
    """
    up = np.ones(scores.shape[1], dtype=bool) if benefit is None else benefit
    if normalisation == "vector":
        length = np.sqrt((scores**2).sum(axis=0))
        values = weights * scores / np.where(length > 0, length, 1.0)
    else:
        spread = np.ptp(scores, axis=0)
        values = weights * (scores - scores.min(axis=0)) / np.where(spread > DUST, spread, np.inf)
    best = np.where(up, values.max(axis=0), values.min(axis=0))
    worst = np.where(up, values.min(axis=0), values.max(axis=0))
    to_best = np.sqrt(((values - best) ** 2).sum(axis=1))
    to_worst = np.sqrt(((values - worst) ** 2).sum(axis=1))
    far = to_best + to_worst
    closeness = np.where(far > DUST, to_worst / np.where(far > DUST, far, 1.0), 0.5)
    return Topsis(values, best, worst, to_best, to_worst, closeness)


@dataclass(frozen=True)
class Priorities:
    """What AHP makes of a matrix of judgements.

    ``offender`` is the pair whose judgement is furthest from what the weights imply, and ``misfit`` is
    a_ij · w_j ÷ w_i for it: 1 would be a perfect fit, 5 says that it is judged five times too strongly.
    """

    weights: Floats
    lambda_max: float
    index: float
    ratio: float
    offender: tuple[int, int]
    misfit: float

    def consistent(self) -> bool:
        """Say whether the consistency ratio is acceptable."""
        return self.ratio <= ACCEPTABLE + DUST


def ahp(
    matrix: Floats,
    method: Literal["eigenvector", "column_mean"] = "eigenvector",
    index: Literal["saaty", "alonso_lamata"] = "saaty",
) -> Priorities:
    """Return weights and consistency of pairwise judgements (Saaty 1980).

    Args:
        matrix: a_ij says how many times as important factor i is as factor j; a_ji = 1 ÷ a_ij. Up to ten factors.
        method: the principal eigenvector, or the mean of the columns each divided by its sum.
        index: which table of :data:`RANDOM_INDEX` the consistency ratio is taken from.

    λ_max is the mean of (A w)_i ÷ w_i, which for the eigenvector is its eigenvalue; CI = (λ_max − n) ÷ (n − 1);
    CR = CI ÷ RI, and zero for one or two factors, which cannot contradict each other. The offending judgement is found
    as in Saaty (2003), *Decision-making with the AHP*, among the pairs i < j.

    Raises:
        DataError: the matrix is not square, positive and reciprocal, or has more than ten factors.
    """
    if problems := list(_faults(matrix)):
        raise DataError(problems)
    n = len(matrix)
    if method == "eigenvector":
        values, vectors = np.linalg.eig(matrix)
        weights = np.abs(vectors[:, values.real.argmax()].real)
    else:
        weights = (matrix / matrix.sum(axis=0)).mean(axis=1)
    weights = weights / weights.sum()
    lambda_max = float((matrix @ weights / weights).mean())
    ci = max(lambda_max - n, 0.0) / (n - 1) if n > 2 else 0.0
    fit = matrix * weights[None, :] / weights[:, None]
    distance = np.triu(np.abs(np.log(fit)), 1)
    i, j = (int(at) for at in np.unravel_index(distance.argmax(), distance.shape))
    ratio = ci / RANDOM_INDEX[index][n - 1] if ci else 0.0
    return Priorities(weights, lambda_max, ci, ratio, (i, j), float(fit[i, j]))


def _faults(matrix: Floats) -> Iterator[str]:
    most = len(RANDOM_INDEX["saaty"])
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1] or not 1 <= len(matrix) <= most:
        yield _("A matrix of judgements has as many rows as columns, 1 to {most}.").format(most=most)
        return
    if not (np.isfinite(matrix).all() and (matrix > 0).all()):
        yield _("Every judgement must be a number above zero.")
        return
    wrong = np.triu(np.abs(matrix * matrix.T - 1) > 1e-6)
    for i, j in np.argwhere(wrong)[:1].tolist():
        said = N_("Judgements {i} to {j} and {j} to {i} must be each other's reciprocal; they multiply to {product:g}.")
        yield _(said).format(i=i + 1, j=j + 1, product=float(matrix[i, j] * matrix[j, i]))

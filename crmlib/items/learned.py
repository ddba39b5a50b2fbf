"""A rule that is learned from the bank itself: a small logistic choice model, cross-validated by item.

Theory: McFadden (1974), conditional logit. The probability of an option is ``exp(w·x) ÷ Σ exp(w·x)`` over the options
of its question, ``x`` what the option tells, against the mean of the question. A statement is a choice between “false”
and “true”, between which its ``x``, standardised, makes the difference. ``w`` is fitted with a penalty on ``w·w`` to
all items but those of a fold, and tried on these.
"""

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

from crmlib.items.tells import Tells

FOLDS = 5
ROUNDS = 5
"""How often the items are dealt into folds anew."""
PENALTY = 1.0


def learned(told: Sequence[Sequence[Tells]], keys: Sequence[int], items: Sequence[str]) -> list[list[float]]:
    """Return how often each answer of each question is picked over the rounds; nothing where there is one item a fold.

    Args:
        told: of each question what each option tells; of a statement what the statement tells.
        keys: the place of the right answer.
        items: the item that each question is a draw of; draws of one item stand in one fold.
    """
    known = sorted(set(items))
    if len(known) < 2 * FOLDS:
        return [[] for _question in told]
    seen, drawn = _features(told), Counter(items)
    shares = np.array([1 / drawn[item] for item in items])
    picked = [np.zeros(len(one)) for one in seen]
    for number in range(ROUNDS):
        order = Random(f"folds:{number}").sample(known, len(known))
        fold = {item: n % FOLDS for n, item in enumerate(order)}
        for left_out in range(FOLDS):
            kept = [n for n, item in enumerate(items) if fold[item] != left_out]
            weights = _fit([seen[n] for n in kept], [keys[n] for n in kept], shares[kept])
            for n in set(range(len(items))) - set(kept):
                scores = np.round(seen[n] @ weights, 9)
                best = scores == scores.max()
                picked[n] += best / best.sum() / ROUNDS
    return [[float(share) for share in one] for one in picked]


def _features(told: Sequence[Sequence[Tells]]) -> list[Any]:
    """Return a matrix a question, options × features, all on one scale."""
    raw = [np.array(one, dtype=float) for one in told]
    if all(len(one) == 1 for one in raw):
        whole = np.vstack(raw)
        scaled = (whole - whole.mean(axis=0)) / np.where(whole.std(axis=0) > 0, whole.std(axis=0), 1)
        return [np.vstack([np.zeros(len(row) + 1), [*row, 1.0]]) for row in scaled]
    apart = [_relative(one) for one in raw]
    spread = np.vstack(apart).std(axis=0)
    return [one / np.where(spread > 0, spread, 1) for one in apart]


def _relative(told: Any) -> Any:
    """Return what options tell against the mean of their question, lengths as a share, and which are the ends."""
    lengths = told[:, 0]
    ends = np.column_stack([lengths == lengths.max(), lengths == lengths.min()]).astype(float)
    told = np.column_stack([lengths / lengths.mean(), told[:, 1:], ends])
    return told - told.mean(axis=0)


def _fit(seen: Sequence[Any], keys: Sequence[int], shares: Any) -> Any:
    """Return the weights that make the right answers likeliest, less the penalty; a draw counts as its share."""
    from scipy.optimize import minimize

    sizes = np.array([len(one) for one in seen])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    rows, right = np.vstack(seen), starts + np.array(keys)
    group = np.repeat(np.arange(len(seen)), sizes)

    def loss(weights: Any) -> tuple[float, Any]:
        scores = rows @ weights
        raised = np.exp(scores - scores.max())
        whole = np.add.reduceat(raised, starts)
        likely = scores[right] - scores.max() - np.log(whole)
        gradient = rows.T @ (raised / whole[group] * shares[group]) - shares @ rows[right] + 2 * PENALTY * weights
        return float(PENALTY * weights @ weights - shares @ likely), gradient

    return minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x

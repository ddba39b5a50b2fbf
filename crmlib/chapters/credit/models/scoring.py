"""A credit scorecard and its cut-off: whom it lets in, how well it tells good payers from bad, what that earns.

Score = weighted mean of four criteria (0–100). Who reaches the cut-off gets credit. The ROC curve, the Gini coefficient
(twice the area under the curve, less one) and the Kolmogorov–Smirnov distance (KS) are those of credit scoring (Thomas
2000). Weights and costs are teaching assumptions. Money is in 万元 (10,000 yuan).

Scores have one decimal, so that everything is counted in 1,001 places: a cut-off costs nothing to move, however many
customers there are, and customers with equal scores are treated alike.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models.customers import CRITERIA, criteria, rounded
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Labels

PLACES = 1001
"""Scores from 0.0 to 100.0."""
MONEY = N_("Profit and loss")


class Scorecard(Inputs):
    """Weights, cut-off, and what a good and a bad customer are worth."""

    cut_off: float = setting(
        60, N_("Cut-off for credit"), low=0, high=100, step=1, unit=N_("points"), help=N_("Who reaches it gets credit.")
    )
    business: float = setting(0.2, N_("Weight of the business checklist"), low=0, high=1, step=0.05)
    finance: float = setting(0.3, N_("Weight of the finance checklist"), low=0, high=1, step=0.05)
    payment: float = setting(0.3, N_("Weight of the payment checklist"), low=0, high=1, step=0.05)
    balance: float = setting(
        0.2,
        N_("Weight of the balance sheet"),
        low=0,
        high=1,
        step=0.05,
        help=N_("The four weights are divided by their sum."),
    )
    unscored: Literal["refuse", "admit"] = setting(
        "refuse",
        N_("A customer that cannot be scored"),
        choices={"refuse": N_("pays in advance"), "admit": N_("gets credit")},
        help=N_("An answer that is missing is no zero: the customer is counted apart."),
    )
    margin: float = setting(
        8, N_("Margin after all costs of credit"), low=1, high=60, step=1, unit=N_("% of sales"), group=MONEY
    )
    exposure_days: float = setting(
        120,
        N_("Outstanding when a customer fails"),
        low=10,
        high=360,
        step=10,
        unit=N_("days of sales"),
        group=MONEY,
    )
    loss: float = setting(
        80,
        N_("Lost of what is outstanding"),
        low=0,
        high=100,
        step=5,
        unit="%",
        group=MONEY,
        help=N_("The rest is recovered."),
    )

    def raw_weights(self) -> Floats:
        """Return the four weights as given, in the order of the criteria."""
        return np.array([self.business, self.finance, self.payment, self.balance])

    def weights(self) -> Floats:
        """Return the four weights divided by their sum."""
        return np.asarray(self.raw_weights() / self.raw_weights().sum())

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero."""
        if not self.raw_weights().any():
            yield "balance", _("All four weights are zero. Give at least one criterion a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        return weights_remark(self.raw_weights().sum(), CRITERIA.values(), self.weights())


@dataclass(frozen=True)
class Applicants:
    """Customers as the scorecard sees them: points by criterion, credit sales (万元), and who failed afterwards."""

    ids: Labels
    criteria: Floats
    sales: Floats
    failed: Bools


@dataclass(frozen=True)
class Scored:
    """What :func:`score` returns. Arrays named ``good`` and ``bad`` have an entry for each of the 1,001 scores.

    Attributes:
        scores: of each customer, nan where it cannot be computed.
        good, bad: customers at each score who paid and who failed.
        profits: of the whole, by cut-off.
        gini, ks: nan where nobody failed or nobody paid.
    """

    card: Scorecard
    applicants: Applicants
    scores: Floats
    good: Floats
    bad: Floats
    profits: Floats
    gini: float
    ks: float


def prepare(customers: pd.DataFrame) -> Applicants:
    """Return the customers with their points."""
    return Applicants(
        customers["customer_id"].to_numpy(object),
        criteria(customers),
        customers["sales"].to_numpy(float),
        customers["failed"].to_numpy(float) > 0,
    )


def at_least(counts: Floats) -> Floats:
    """Return for each score how many customers reach it."""
    return np.cumsum(counts[::-1])[::-1]


def roc(good: Floats, bad: Floats) -> tuple[Floats, Floats]:
    """Return the curve from (0, 0) to (1, 1): shares of the bad and of the good that a falling cut-off lets in.

    Args:
        good, bad: customers at each score; some of both.
    """
    shares = [np.concatenate([[0.0], np.cumsum(n[::-1]) / n.sum()]) for n in (bad, good)]
    return shares[0], shares[1]


def gini(good: Floats, bad: Floats) -> float:
    """Return 2 × the area under the ROC curve − 1; nan where there are no good or no bad customers.

    The area is the chance that a good customer scores higher than a bad one, equal scores counting half.

    >>> gini(np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0]))
    0.75
    """
    if not (good.sum() and bad.sum()):
        return math.nan
    x, y = roc(good, bad)
    return float(2 * np.trapezoid(y, x) - 1)


def ks(good: Floats, bad: Floats) -> float:
    """Return the largest distance between the two shares of the ROC curve; nan where one of them has nobody.

    >>> ks(np.array([0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0]))
    0.5
    """
    if not (good.sum() and bad.sum()):
        return math.nan
    x, y = roc(good, bad)
    return float(np.abs(y - x).max())


def score(applicants: Applicants, card: Scorecard) -> Scored:
    """Score the customers, and count who is let in and what is earned at every cut-off.

    A good customer earns sales × margin; a bad one costs its sales of ``exposure_days`` × the share lost and earns
    nothing. Customers without a score are let in or kept out as the card says, whatever the cut-off.

    Raises:
        DataError: no customer can be scored.
    """
    used = card.raw_weights() > 0
    scores = rounded(applicants.criteria[:, used] @ card.weights()[used])
    known = ~np.isnan(scores)
    if not known.any():
        raise DataError(
            _("No customer can be scored: the answers of the questionnaire or the balance sheets are missing.")
        )
    place = np.round(10 * scores[known]).astype(np.int64)
    failed, sales = applicants.failed, applicants.sales
    bad_profit = -sales * card.exposure_days / 360 * card.loss / 100
    earned = np.where(failed, bad_profit, sales * card.margin / 100)
    good, bad = (
        np.bincount(place[is_one], minlength=PLACES).astype(float) for is_one in (~failed[known], failed[known])
    )
    profits = at_least(np.bincount(place, weights=earned[known], minlength=PLACES).astype(float))
    if card.unscored == "admit":
        profits = profits + earned[~known].sum()
    return Scored(card, applicants, scores, good, bad, profits, gini(good, bad), ks(good, bad))


def let_in(s: Scored, cut_off: float | None = None) -> Bools:
    """Return who gets credit at a cut-off, that of the card if not given."""
    line = s.card.cut_off if cut_off is None else cut_off
    known = ~np.isnan(s.scores)
    return np.where(known, np.nan_to_num(s.scores) >= line, s.card.unscored == "admit")


def best_cut_off(s: Scored) -> float:
    """Return the cut-off with the highest profit, the lowest of several."""
    return float(s.profits.argmax()) / 10


def headline(s: Scored) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units. A rate of nobody is nan."""
    chosen = let_in(s)
    number, failed = int(chosen.sum()), int((chosen & s.applicants.failed).sum())
    return {
        "admitted": float(number),
        "admitted_share": 100 * number / len(chosen),
        "bad_rate": 100 * failed / number if number else math.nan,
        "unscored": float(np.isnan(s.scores).sum()),
        "gini": s.gini,
        "ks": 100 * s.ks,
        "profit": float(s.profits[round(10 * s.card.cut_off)]),
        "best": best_cut_off(s),
    }


def bands(s: Scored, width: int = 10) -> pd.DataFrame:
    """Return good and bad customers by band of score, and the share of bad ones (%, 0 where nobody is)."""
    edges = np.arange(0, 100, width)
    place = np.minimum(np.arange(PLACES) // (10 * width), len(edges) - 1)
    good, bad = (np.bincount(place, weights=n, minlength=len(edges)) for n in (s.good, s.bad))
    rate = 100 * bad / np.maximum(good + bad, 1)
    names = [f"{low}–{low + width}" for low in edges]
    return pd.DataFrame({"good": good, "bad": bad, "bad_rate": rate}, index=pd.Index(names, name="band"))


def listing(s: Scored) -> pd.DataFrame:
    """List the customers, the best first: index the id; columns score, whether it gets credit, whether it failed."""
    columns = {"score": s.scores, "credit": let_in(s), "failed": s.applicants.failed}
    table = pd.DataFrame(columns, index=pd.Index(s.applicants.ids, name="customer_id"))
    return table.sort_values("score", ascending=False, kind="stable")


STUDY = Study(
    name="credit_scorecard",
    title=N_("Scorecard and cut-off"),
    datasets=("credit_customers",),
    inputs=Scorecard,
    prepare=prepare,
    run=score,
    headline=headline,
    listing=listing,
    measures={
        "admitted": Measure(N_("Customers that get credit")),
        "admitted_share": Measure(N_("Share that gets credit"), "%", 1),
        "bad_rate": Measure(N_("Of these failed"), "%", 1),
        "unscored": Measure(N_("Customers that cannot be scored")),
        "gini": Measure(N_("Gini coefficient of the scorecard"), "", 3),
        "ks": Measure(N_("Kolmogorov–Smirnov distance (KS)"), N_("points"), 1),
        "profit": Measure(N_("Profit at the cut-off"), N_("10,000 yuan")),
        "best": Measure(N_("Cut-off with the highest profit"), N_("points"), 1),
    },
    textbook={"business": 0.25, "finance": 0.25, "payment": 0.25, "balance": 0.25},
    first=("cut_off", "payment", "balance", "margin", "loss"),
)

"""Gamma-gamma: how much a customer is expected to spend a purchase, from what she has spent so far.

The model (Fader & Hardie 2013): the amounts of a customer's purchases are gamma distributed around a mean of her own,
with shape p; the means differ among customers by a gamma distribution of their rates, with shape q and rate γ. How much
a customer spends a purchase says nothing of how often she comes: :func:`correlation` is to be looked at first.

What is expected of a customer lies between her own mean and everybody's: the more purchases, the closer to her own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models.bgnbd import climb, purchase_days
from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Floats, Ints, ratio


@dataclass(frozen=True)
class Spending:
    """What customers with repeat purchases spent, a row a customer, or a row for all that are alike.

    Attributes:
        repeats: x, purchases after the first, above 0.
        mean: z̄, mean amount of these purchases, above 0.
        customers: how many customers a row stands for.
    """

    repeats: Ints
    mean: Floats
    customers: Ints

    def distinct(self) -> "Spending":
        """Return the same with one row for all customers that are alike; their number is the weight."""
        order = np.lexsort((self.mean, self.repeats))
        x, mean = self.repeats[order], self.mean[order]
        starts = np.flatnonzero(np.concatenate([[True], (x[1:] != x[:-1]) | (mean[1:] != mean[:-1])]))
        return Spending(x[starts], mean[starts], np.add.reduceat(self.customers[order], starts))


def spending(repeats: Ints, mean: Floats) -> Spending:
    """Return what the customers with repeat purchases spent; those without are left out, as the model has it.

    Raises:
        DataError: nobody bought again, or a mean is missing, zero or negative, as where everything was returned.
    """
    x, z = np.asarray(repeats), np.asarray(mean, float)
    again = x > 0
    if not again.any():
        raise DataError(_("Nobody bought a second time: the amounts of repeat purchases are unknown."))
    bad = again & ~(np.isfinite(z) & (z > 0))
    if bad.any():
        sentence = _(
            "Customers whose repeat purchases have no mean amount above zero: {n}. Leave them out, and say so."
        )
        raise DataError(sentence.format(n=int(bad.sum())))
    return Spending(x[again].astype(np.int64), z[again], np.ones(int(again.sum()), dtype=np.int64))


def mean_spend(customer: pd.Series, day: pd.Series, amount: pd.Series, end: pd.Timestamp) -> pd.Series:
    """Return each customer's mean amount of the days with a purchase after the first, up to ``end``; nan without any.

    The amounts of one day are added up, because :func:`~crmlib.chapters.customer_value.models.bgnbd.from_orders` counts
    them as one purchase. The first is left out: it is often a trial, and belongs to winning the customer.
    """
    days = purchase_days(customer, day, end)
    days["amount"] = amount.to_numpy(float)[days.index]
    spent = days.groupby(["customer", "day"], as_index=False)["amount"].sum()
    later = spent["day"] > spent.groupby("customer")["day"].transform("min")
    means: pd.Series = spent["amount"].where(later).groupby(spent["customer"]).mean()
    return means


def correlation(spent: Spending) -> float:
    """Return Pearson's correlation of x and z̄, which the model takes for zero; nan where either is the same for all."""
    x, z = (np.repeat(values, spent.customers).astype(float) for values in (spent.repeats, spent.mean))
    if np.ptp(x) == 0 or np.ptp(z) == 0:
        return float("nan")
    return float(np.corrcoef(x, z)[0, 1])


@dataclass(frozen=True)
class Model:
    """The three parameters, and what follows from them; γ is in the unit of the amounts."""

    p: float
    q: float
    gamma: float

    def __post_init__(self) -> None:
        if not all(0 < value < np.inf for value in (self.p, self.q, self.gamma)):
            raise ValueError("the parameters are above zero")

    @property
    def mean(self) -> float:
        """The mean amount among all customers, p·γ ÷ (q − 1); nan for q ≤ 1, where there is none.

        >>> round(Model(6.25, 3.74, 15.44).mean, 2)
        35.22
        """
        return self.p * self.gamma / (self.q - 1) if self.q > 1 else float("nan")

    def own_weight(self, repeats: Floats) -> Floats:
        """Return how much a customer's own mean counts after so many repeat purchases, p·x ÷ (p·x + q − 1).

        The rest is what everybody's mean counts. It is 0 without repeat purchases; nan for q ≤ 1.
        """
        x = np.asarray(repeats, float)
        return self.p * x / (self.p * x + self.q - 1) if self.q > 1 else np.full(x.shape, np.nan)

    def expected(self, repeats: Floats, mean: Floats) -> Floats:
        """Return the expected amount of a purchase of each customer, p·(γ + x·z̄) ÷ (p·x + q − 1).

        This is the mean of her own mean and everybody's, weighted by :meth:`own_weight`. Where x = 0 the mean does not
        count and may be missing.

        Returns:
            nan where there is no mean, p·x + q ≤ 1.

        >>> Model(6.25, 3.74, 15.44).expected(np.array([2, 1, 0]), np.array([22.35, 11.77, np.nan])).round(2).tolist()
        [24.66, 18.92, 35.22]
        """
        x = np.asarray(repeats, float)
        spent = np.where(x > 0, x * np.asarray(mean, float), 0.0)
        below = self.p * x + self.q - 1
        return ratio(self.p * (self.gamma + spent), below)


@dataclass(frozen=True)
class Fit:
    """A model fitted to customers.

    Attributes:
        model: the parameters of the greatest likelihood.
        log_likelihood: of all customers with repeat purchases.
        untold: names of parameters that ran far away, because the customers do not tell them, for instance where
            all spent the same.
    """

    model: Model
    log_likelihood: float
    untold: tuple[str, ...]


def likelihood(spent: Spending) -> Callable[[Floats], tuple[float, Floats]]:
    """Return the function from (p, q, γ) to the log-likelihood of all customers and its gradient.

    A customer adds −ln B(p·x, q) + q·ln γ + (p·x − 1)·ln z̄ + p·x·ln x − (p·x + q)·ln(γ + x·z̄) (Fader & Hardie 2013,
    equation 1a). By p that is x·(ψ(p·x + q) − ψ(p·x) + ln(x·z̄) − ln(γ + x·z̄)); by q: ψ(p·x + q) − ψ(q) + ln γ −
    ln(γ + x·z̄); by γ: q ÷ γ − (p·x + q) ÷ (γ + x·z̄). Rows that are alike are counted, and what depends on x alone is
    worked out once for each x.
    """
    from scipy.special import betaln, psi

    rows = spent.distinct()
    n, sums = rows.customers.astype(float), rows.repeats * rows.mean
    x, which = np.unique(rows.repeats.astype(float), return_inverse=True)
    by_x, total = np.bincount(which, n), float(n.sum())
    log_sums = np.bincount(which, n * np.log(sums))
    log_means = float(n @ np.log(rows.mean))

    def at(parameters: Floats) -> tuple[float, Floats]:
        p, q, gamma = parameters
        shape = p * x
        above, inverse = np.bincount(which, n * np.log(gamma + sums)), np.bincount(which, n / (gamma + sums))
        value = -by_x @ betaln(shape, q) + total * q * np.log(gamma) + shape @ log_sums - log_means
        together = psi(shape + q)
        slope = (
            x @ (by_x * (together - psi(shape)) + log_sums - above),
            by_x @ together - total * psi(q) + total * np.log(gamma) - above.sum(),
            total * q / gamma - (shape + q) @ inverse,
        )
        return float(value - (shape + q) @ above), np.array(slope)

    return at


def fit(spent: Spending) -> Fit:
    """Return the model of the greatest likelihood for these customers."""
    start = np.array([1.0, 2.0, float(spent.mean.mean())])
    found, value, far = climb(likelihood(spent), start, float(spent.customers.sum()))
    p, q, gamma = found.tolist()
    untold = tuple(name for name, gone in zip(("p", "q", "gamma"), far, strict=True) if gone)
    return Fit(Model(p, q, gamma), value, untold)

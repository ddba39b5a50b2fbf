"""BG/NBD: from how often and when customers bought, who still buys, and how often they will.

The model (Fader, Hardie & Lee 2005) is for customers without a contract. While she stays, a customer buys at random
at her own rate λ, which is gamma distributed (r, α) among customers. After each purchase but the first, and only then,
she leaves with her own probability p, which is beta distributed (a, b). Three figures a customer are enough: how often
she came again, when she came last, and how long she has been known.

Two times must not be mixed up. The literature calls t_x the recency: the time from the first purchase to the last. Here
its name is ``until_last``. The recency of RFM is the time from the last purchase to today: age less ``until_last``.

A customer who never came again has had no chance to leave, because one leaves after a repeat purchase only. So the
model says that she is there for certain, however long ago she bought. It makes up for this by a low rate.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import _
from crmlib.formulas.arrays import Bools, Floats, Ints

Unit = Literal["day", "week", "month", "year"]
DAYS: dict[Unit, float] = {"day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
"""Days in a unit of time; a month is a twelfth of a year of 365.25 days."""
NEAR = 1e-4
"""The closed form of an expectation divides by a − 1. Nearer to 1 than this it is the mean of its two neighbours'."""
LIMIT = 1e4
"""Each parameter is looked for within this factor around the start of the search."""
FAR = 1e3
"""A parameter as far from the start as this is not told by the customers: the likelihood hardly changes out there."""
FLAT = 1e-13
"""The search stops where a customer's mean log-likelihood climbs by less than this."""


class Span(NamedTuple):
    """A length of time with its unit, such as 39 weeks: a month is never a mere number.

    >>> Span(2, "week").within("day")
    14.0
    """

    length: float
    unit: Unit

    def within(self, unit: Unit) -> float:
        """Return the same length in another unit."""
        return self.length * DAYS[self.unit] / DAYS[unit]


@dataclass(frozen=True)
class History:
    """What customers did, a row a customer, or a row for all that are alike; all times in ``unit``.

    Attributes:
        repeats: x, days with a purchase after the first.
        until_last: t_x, time from the first purchase to the last; 0 for who bought once. Not RFM's recency.
        age: T, time from the first purchase to the end of the observation.
        customers: how many customers a row stands for.
        unit: of the times.
    """

    repeats: Ints
    until_last: Floats
    age: Floats
    customers: Ints
    unit: Unit

    @property
    def since_last(self) -> Floats:
        """Time from the last purchase to the end of the observation: the recency of RFM."""
        return self.age - self.until_last

    def distinct(self) -> tuple["History", Ints]:
        """Return one row for all customers that are alike, counted, and in which of these rows each row here went.

        Prepare once, and every figure of the model is worked out for a thousand rows rather than a million:
        ``model.alive(rows)[where]``.
        """
        order = np.lexsort((self.age, self.until_last, self.repeats))
        rows = np.column_stack([self.repeats, self.until_last, self.age])[order]
        first = np.concatenate([[True], (rows[1:] != rows[:-1]).any(axis=1)])
        count = np.add.reduceat(self.customers[order], np.flatnonzero(first))
        where = np.empty(len(rows), dtype=np.int64)
        where[order] = np.cumsum(first) - 1
        x, until_last, age = rows[first].T
        return History(x.astype(np.int64), until_last, age, count, self.unit), where


def history(repeats: Ints, until_last: Floats, age: Floats, unit: Unit = "week") -> History:
    """Return the history of customers, a row each.

    Raises:
        DataError: there is nobody, or a row is impossible: x below 0, t_x below 0 or above T, or t_x above 0 where
            nobody came again; every problem with its number of customers.
    """
    x, t_x, t = np.asarray(repeats), np.asarray(until_last, float), np.asarray(age, float)
    if not len(x):
        raise DataError(_("There are no customers."))
    checks = (
        (~np.isfinite(x + t_x + t), _("Customers whose number of purchases or time is missing: {n}.")),
        ((x < 0) | (t_x < 0) | (t < 0), _("Customers with a negative number of purchases or time: {n}.")),
        (t_x > t, _("Customers whose last purchase lies after the end of the observation: {n}.")),
        ((x == 0) != (t_x == 0), _("Customers whose last purchase does not fit the number of their purchases: {n}.")),
    )
    if problems := [sentence.format(n=int(bad.sum())) for bad, sentence in checks if bad.any()]:
        raise DataError(problems)
    return History(x.astype(np.int64), t_x, t, np.ones(len(x), dtype=np.int64), unit)


def from_orders(
    customer: pd.Series, day: pd.Series, end: pd.Timestamp, unit: Unit = "week"
) -> tuple[pd.Index, History]:
    """Return the customers and their history from their orders up to ``end``, that day included.

    Several orders of a customer on one day are one purchase: the model knows when she came, not what she took to the
    till. Later orders are left out, so that what the model foretells can be compared with them. Customers who came
    first later are not there. Who came first at ``end`` is known for no time at all: she is left in, with age 0.

    Args:
        customer: who ordered, an entry an order.
        day: when, an entry an order; the time of day does not count.

    Raises:
        DataError: an order lacks its customer or its day, or there is none up to ``end``.
    """
    days = purchase_days(customer, day, end)[["customer", "day"]].drop_duplicates()
    seen = days.groupby("customer")["day"].agg(["min", "max", "size"])
    first = seen["min"]
    until = (seen["max"] - first).dt.days.to_numpy(float) / DAYS[unit]
    age = (end.normalize() - first).dt.days.to_numpy(float) / DAYS[unit]
    return seen.index, history(seen["size"].to_numpy(np.int64) - 1, until, age, unit)


def purchase_days(customer: pd.Series, day: pd.Series, end: pd.Timestamp) -> pd.DataFrame:
    """Return ``customer`` and ``day``, without its time, of the orders up to ``end``; the index is the order's place.

    Raises:
        DataError: an order lacks its customer or its day.
    """
    days = pd.DataFrame({"customer": customer.to_numpy(), "day": pd.to_datetime(day).dt.normalize().to_numpy()})
    if missing := int(days.isna().any(axis=1).sum()):
        raise DataError(_("Orders without a customer or a date: {n}.").format(n=missing))
    return days[days["day"] <= end]


@dataclass(frozen=True)
class Model:
    """The four parameters and what follows from them; α and all times are in ``unit``.

    Attributes:
        r: shape of the purchase rates among customers.
        alpha: α, their rate: customers buy r ÷ α times a unit of time on average, while they stay.
        a: of the probabilities of leaving after a purchase, whose mean is a ÷ (a + b).
        b: see ``a``.
        unit: of time.
    """

    r: float
    alpha: float
    a: float
    b: float
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in get_args(Unit) or not all(0 < value < np.inf for value in self.parameters):
            raise ValueError("the parameters are above zero, the unit is one of Unit")

    @property
    def parameters(self) -> tuple[float, float, float, float]:
        """The parameters r, α, a, b."""
        return self.r, self.alpha, self.a, self.b

    def alive(self, past: History) -> Floats:
        """Return the probability that a customer is still one at the end of the observation.

        1 ÷ (1 + a ÷ (b + x − 1) × ((α + T) ÷ (α + t_x))^(r + x)) for x > 0, and 1 for x = 0 (Fader, Hardie & Lee
        2008): Bayes' rule on the two ways to be silent, having left after the last purchase and having stayed.

        >>> who = history(np.array([1, 0]), np.array([1.0, 0.0]), np.array([3.0, 3.0]))
        >>> Model(1, 1, 1, 2, "week").alive(who).round(6).tolist()
        [0.333333, 1.0]
        """
        from scipy.special import expit

        x, t_x, t = self._times(past)
        odds = self.a / (self.b + np.maximum(x, 1) - 1)
        silent = (self.r + x) * (np.log(self.alpha + t) - np.log(self.alpha + t_x))
        return np.asarray(np.where(x > 0, expit(-np.log(odds) - silent), 1.0))

    def expected(self, past: History, ahead: Span) -> Floats:
        """Return how many purchases are expected of each customer in the time ahead, whether she is there or not.

        :meth:`alive` times what she buys if she is there (Fader, Hardie & Lee 2005, equation 10): (a + b + x − 1) ÷
        (a − 1) × (1 − (1 − z)^(r + x) × ₂F₁(r + x, b + x; a + b + x − 1; z)), with z = t ÷ (α + T + t).
        """
        x, _t_x, t = self._times(past)
        return np.asarray(self.alive(past) * self._purchases(x, t, ahead.within(self.unit)))

    def expected_of_new(self, ahead: Span) -> float:
        """Return how many purchases after the first are expected of a customer in so long after it, E[X(t)]."""
        return float(self._purchases(np.zeros(1), np.zeros(1), ahead.within(self.unit))[0])

    def _purchases(self, x: Floats, t: Floats, ahead: float) -> Floats:
        """Return how often who is there buys in the time ahead."""
        z = ahead / (self.alpha + t + ahead)
        near = (abs(self.a - 1) < NEAR) | (np.abs(self.a + self.b + x - 1) < NEAR)
        exact = self._closed(self.a, x, z)
        around = (self._closed(self.a - 2 * NEAR, x, z) + self._closed(self.a + 2 * NEAR, x, z)) / 2
        return np.where(near, around, exact)

    def _closed(self, a: float, x: Floats, z: Floats) -> Floats:
        """Return the closed form of the expectation, in that of Euler's two forms whose numbers stay the smaller.

        With c = a + b + x − 1, (1 − z)^(r + x) × ₂F₁(r + x, b + x; c; z) is
        (1 − z)^(a − 1) × ₂F₁(a + b − 1 − r, a − 1; c; z).
        """
        from scipy.special import hyp2f1

        c, early = a + self.b + x - 1, a - 1 < self.r + x
        power = np.where(early, a - 1, self.r + x)
        first = np.where(early, a + self.b - 1 - self.r, self.r + x)
        second = np.where(early, a - 1, self.b + x)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(c / np.float64(a - 1) * (1 - (1 - z) ** power * hyp2f1(first, second, c, z)))

    def repeats_of_new(self, ahead: Span, most: int) -> Floats:
        """Return the probability of 0, 1, … ``most`` purchases after the first in so long after it, P(X(t) = x)."""
        from scipy.special import gammaln, xlogy

        t = ahead.within(self.unit)
        x = np.arange(most + 1, dtype=float)
        here, gone = self._leaving(x)
        nbd = np.exp(
            gammaln(self.r + x) - gammaln(self.r) - gammaln(x + 1)
            + self.r * np.log(self.alpha / (self.alpha + t))
            + xlogy(x, t / (self.alpha + t))
        )  # fmt: skip
        fewer = np.concatenate([[0.0], np.cumsum(nbd)[:-1]])
        return np.asarray(here * nbd + gone * (1 - fewer))

    def _leaving(self, x: Floats) -> tuple[Floats, Floats]:
        """Return the probability to stay after x repeat purchases, and to leave just after the x-th."""
        from scipy.special import betaln

        here = np.exp(betaln(self.a, self.b + x) - betaln(self.a, self.b))
        gone = np.exp(betaln(self.a + 1, self.b + np.maximum(x, 1) - 1) - betaln(self.a, self.b))
        return here, np.where(x > 0, gone, 0.0)

    def _times(self, past: History) -> tuple[Floats, Floats, Floats]:
        scale = DAYS[past.unit] / DAYS[self.unit]
        return past.repeats.astype(float), past.until_last * scale, past.age * scale


@dataclass(frozen=True)
class Fit:
    """A model fitted to customers.

    Attributes:
        model: the parameters of the greatest likelihood.
        log_likelihood: of all customers; comparable between models of the same customers in the same unit.
        untold: names of parameters that ran far away, because the customers do not tell them; for instance, where
            nobody seems to leave, a ÷ (a + b) is close to 0 and a and b each may be anything.
    """

    model: Model
    log_likelihood: float
    untold: tuple[str, ...]


def likelihood(past: History) -> Callable[[Floats], tuple[float, Floats]]:
    """Return the function from (r, α, a, b) to the log-likelihood of all customers and its gradient.

    With w the probability alive and v = 1 − w, a customer adds to the gradient by r: ψ(r + x) − ψ(r) + ln α −
    w·ln(α + T) − v·ln(α + t_x); by α: r ÷ α − (r + x)(w ÷ (α + T) + v ÷ (α + t_x)); by a: ψ(a + b) − ψ(a + b + x) +
    v ÷ a; by b: ψ(a + b) − ψ(a + b + x) + ψ(b + x) − ψ(b) − v ÷ (b + x − 1). Rows that are alike are counted, and what
    depends on x alone is worked out once for each x.
    """
    from scipy.special import betaln, gammaln, psi

    rows, _where = past.distinct()
    n, t_x, t = rows.customers.astype(float), rows.until_last, rows.age
    x, which = np.unique(rows.repeats.astype(float), return_inverse=True)
    by_x, total, again = np.bincount(which, n), float(n.sum()), rows.repeats > 0

    def at(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = parameters
        with np.errstate(divide="ignore"):
            odds = np.where(x > 0, np.log(a) - np.log(np.where(x > 0, b + x - 1, 1.0)), -np.inf)[which]
        log_t, log_x, power = np.log(alpha + t), np.log(alpha + t_x), (r + x)[which]
        stayed, left = -power * log_t, odds - power * log_x
        both = np.logaddexp(stayed, left)
        v = np.where(again, np.exp(left - both), 0.0) * n
        w = n - v
        v_by_x = np.bincount(which, v)
        alike = gammaln(r + x) - gammaln(r) + betaln(a, b + x) - betaln(a, b)
        value = by_x @ alike + total * r * np.log(alpha) + n @ both
        ends = psi(a + b) - psi(a + b + x)
        slope = (
            by_x @ (psi(r + x) - psi(r)) + total * np.log(alpha) - w @ log_t - v @ log_x,
            total * r / alpha - power @ (w / (alpha + t) + v / (alpha + t_x)),
            by_x @ ends + v.sum() / a,
            by_x @ (ends + psi(b + x) - psi(b)) - v_by_x[x > 0] @ (1 / (b + x[x > 0] - 1)),
        )
        return float(value), np.array(slope)

    return at


def fit(past: History) -> Fit:
    """Return the model of the greatest likelihood for these customers.

    Raises:
        DataError: nobody bought again, so that nothing is known of rates and of leaving.
    """
    if not (past.repeats > 0).any():
        raise DataError(_("Nobody bought a second time: neither a rate of purchases nor leaving can be estimated."))
    start = np.array([1.0, float(past.age.mean()), 1.0, 1.0])
    found, value, far = climb(likelihood(past), start, float(past.customers.sum()))
    r, alpha, a, b = found.tolist()
    names = ("r", "alpha", "a", "b")
    untold = tuple(name for name, gone in zip(names, far, strict=True) if gone)
    return Fit(Model(r, alpha, a, b, past.unit), value, untold)


def climb(
    likelihood: Callable[[Floats], tuple[float, Floats]], start: Floats, customers: float
) -> tuple[Floats, float, Bools]:
    """Return the parameters of the greatest likelihood, the likelihood, and which parameters ran far away.

    The parameters' logarithms are moved, so that all stay above zero. SLSQP with the gradient needs the fewest steps of
    scipy's methods here. The start is fixed, so that the same customers always give the same model.

    Args:
        likelihood: from parameters to the log-likelihood and its gradient.
        start: of the search; each parameter is looked for within a factor of ``LIMIT`` around it.
        customers: how many there are: it makes the end of the search the same for few and for many.
    """
    from scipy.optimize import minimize

    def loss(logs: Floats) -> tuple[float, Floats]:
        parameters = np.exp(logs) * start
        value, slope = likelihood(parameters)
        return -value / customers, -slope * parameters / customers

    edge = float(np.log(LIMIT))
    limits, stop = [(-edge, edge)] * len(start), {"ftol": FLAT, "maxiter": 500}
    found = minimize(loss, np.zeros(len(start)), jac=True, method="SLSQP", bounds=limits, options=stop)
    return np.exp(found.x) * start, -float(found.fun) * customers, np.abs(found.x) > np.log(FAR)

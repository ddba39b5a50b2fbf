"""How much credit, and for how long: three methods, two caps, the working-asset method, an overall limit, the period.

The graduate paper names three methods for the limit of a customer (parity of risk and return, a share of net working
capital, a share of liquidation value) and two caps (net assets, current assets), and the period as industry DSO ×
company factor × grade factor. It gives no shares and no factors: those here are teaching assumptions, each an input.
The working-asset method is found in textbooks of credit management; where it comes from we have not been able to find.
The chapter on managing customers goes by ABC class: A without a limit, B with a ceiling, C little. “Without a limit”
is read here as without caps, so that the method and the overall limit still give a figure; how much C gets is an
assumption.
Money is in 万元 (10,000 yuan).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from crmlib.chapters.credit.models.customers import GRADES, balance_sheet, criteria, rounded, strength
from crmlib.chapters.credit.models.limit_rule import METHODS as METHODS
from crmlib.chapters.credit.models.limit_rule import LimitRule as LimitRule
from crmlib.core.i18n import N_
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints, Labels
from crmlib.formulas.scores import abc

BAND_ENDS = np.array([-4.6, -3.9, -3.2, -2.5, -1.8, -1.1, -0.4, 0.3])
"""Upper ends of the bands of the working-asset score; the end belongs to the band. From 1.0 on the last share holds."""
BAND_SHARES = np.array([0.0, 2.5, 5, 7.5, 10, 12.5, 15, 17.5, 20, 25])
"""Share (%) of the working assets in each band."""
BOUND = {
    "method": N_("the method itself"),
    "net_assets": N_("cap: net assets"),
    "current_assets": N_("cap: current assets"),
    "class_c": N_("class C: a part"),
    "none": N_("no credit"),
}
"""What sets a customer's limit."""
CLASSES = ("A", "B", "C")
WEIGHTS = np.array([0.2, 0.3, 0.3, 0.2])
"""Of the four criteria in the grade: those of the scorecard as it begins."""


@dataclass(frozen=True)
class Accounts:
    """Customers as limits see them; money in 万元, nan where a figure is missing."""

    ids: Labels
    sales: Floats
    balance: dict[str, Floats]
    strength: Floats
    score: Floats

    @cached_property
    def ranked(self) -> tuple[Ints, Floats]:
        """The customers' places by yearly sales, the largest first, and the share of all sales reached with each."""
        sales = np.maximum(np.nan_to_num(self.sales), 0.0)
        order = np.argsort(-sales, kind="stable")
        return order, np.cumsum(sales[order]) / max(float(sales.sum()), 1e-9)


@dataclass(frozen=True)
class Limits:
    """What :func:`limit` returns, an entry a customer.

    Attributes:
        by_method: limit by each of :data:`METHODS`, after the caps, zero for grade D.
        raw: limit by the chosen method before the caps.
        granted: after caps and the overall limit.
        bound: place in :data:`BOUND` of what set it.
        grade: place in ``GRADES``.
        classes: place in :data:`CLASSES`, by yearly sales, whether limits go by it or not.
        period: credit period in days by grade.
        wanted: sum of the limits before the overall limit.
    """

    rule: LimitRule
    accounts: Accounts
    by_method: dict[str, Floats]
    granted: Floats
    bound: Ints
    grade: Ints
    classes: Ints
    period: Floats
    wanted: float


def prepare(customers: pd.DataFrame) -> Accounts:
    """Return what limits need of the customers."""
    return Accounts(
        customers["customer_id"].to_numpy(object),
        customers["sales"].to_numpy(float),
        balance_sheet(customers),
        strength(customers),
        rounded(criteria(customers) @ WEIGHTS),
    )


def working_asset_share(score: Floats) -> Floats:
    """Return the share (%) of working assets that a score allows: 0 up to −4.6, 25 from 1.0 on, steps of 2.5 between.

    >>> working_asset_share(np.array([-4.6, -4.59, -0.4, 0.3, 0.31, 1.0])).tolist()
    [0.0, 2.5, 15.0, 17.5, 20.0, 25.0]
    """
    place = np.searchsorted(BAND_ENDS, np.nan_to_num(score, nan=-np.inf), side="left")
    return np.asarray(np.where(score >= 1.0, BAND_SHARES[-1], BAND_SHARES[place]))


def working_asset_limit(score: Floats, working_capital: Floats, worth: Floats) -> Floats:
    """Return (working capital + net worth) ÷ 2 × the share of the score; not below zero.

    >>> working_asset_limit(np.array([0.0]), np.array([50.0]), np.array([70.0])).tolist()
    [10.5]
    """
    return np.maximum((working_capital + worth) / 2, 0.0) * working_asset_share(score) / 100


def credit_period(industry_dso: float, company: float, grade: float) -> float:
    """Return the credit period in days: industry DSO × company factor × grade factor.

    >>> credit_period(45, 0.8, 1.25)
    45.0
    """
    return industry_dso * company * grade


def periods(rule: LimitRule) -> Floats:
    """Return the credit period of each grade, D last with none."""
    factors = (rule.a_factor, 1.0, rule.c_factor, 0.0)
    return np.array([credit_period(rule.industry_dso, rule.company_factor, factor) for factor in factors])


def raw_limits(accounts: Accounts, rule: LimitRule) -> dict[str, Floats]:
    """Return the limit by each method before any cap; not below zero, nan where a balance sheet is missing.

    Parity: contribution of a year. Working capital: current assets less current liabilities. Liquidation value: 90% of
    quick assets and ``stock_value`` of all others, less liabilities.
    """
    b = accounts.balance
    capital = b["current_assets"] - b["current_liabilities"]
    other = b["total_assets"] - b["quick_assets"]
    left = 0.9 * b["quick_assets"] + rule.stock_value / 100 * other - b["liabilities"]
    return {
        "parity": accounts.sales * rule.margin / 100,
        "working_capital": np.maximum(capital, 0) * rule.capital_share / 100,
        "liquidation": np.maximum(left, 0) * rule.liquidation_share / 100,
        "working_assets": working_asset_limit(accounts.strength, capital, b["net_worth"]),
    }


def grades(score: Floats, rule: LimitRule) -> Ints:
    """Return the grade of each score (0 A … 3 D); no score is D."""
    known = np.nan_to_num(score, nan=-1.0)
    return np.asarray(3 - sum((known >= line).astype(np.int64) for line in (rule.a_from, rule.b_from, rule.c_from)))


def class_of(accounts: Accounts, rule: LimitRule) -> Ints:
    """Return the ABC class (0 A, 1 B, 2 C) of each customer by yearly sales."""
    order, reached = accounts.ranked
    found = np.empty(len(order), np.int64)
    found[order] = abc(reached, rule.class_a / 100, rule.class_b / 100)
    return found


def held(found: Floats, caps: Floats, classes: Ints, rule: LimitRule) -> Floats:
    """Return limits after the caps; by class A goes by the method alone, and C gets a part of what the caps leave.

    Args:
        found: by a method.
        caps: customers × caps.
        classes: place in :data:`CLASSES`.
    """
    under: Floats = np.minimum(found, caps.min(axis=1))
    if not rule.by_class:
        return under
    little = under * rule.class_c_part / 100
    return np.asarray(np.where(classes == 0, found, np.where(classes == 2, little, under)))


def limit(accounts: Accounts, rule: LimitRule) -> Limits:
    """Set every customer's limit.

    No credit goes to grade D and to customers whose net assets are unknown or not above zero, whatever their class. If
    the limits add up to more than the overall limit, all are cut down in proportion.
    """
    b, grade = accounts.balance, grades(accounts.score, rule)
    caps = np.column_stack([
        np.nan_to_num(np.maximum(b["net_worth"], 0)) * rule.net_cap / 100,
        np.nan_to_num(b["current_assets"]) * rule.current_cap / 100,
    ])  # fmt: skip
    open_to = (grade < GRADES.index("D")) & (np.nan_to_num(b["net_worth"]) > 0)
    raw = {name: np.nan_to_num(found) for name, found in raw_limits(accounts, rule).items()}
    chosen = np.minimum.reduce([raw[m] for m in list(METHODS)[:3]]) if rule.method == "smallest" else raw[rule.method]
    classes = class_of(accounts, rule)
    granted = np.where(open_to, held(chosen, caps, classes, rule), 0.0)
    sets = np.column_stack([chosen, caps]).argmin(axis=1)
    if rule.by_class:
        sets = np.choose(classes, [np.zeros_like(sets), sets, np.full_like(sets, list(BOUND).index("class_c"))])
    bound = np.where(granted > 0, sets, len(BOUND) - 1)
    wanted = float(granted.sum())
    scale = min(1.0, rule.overall / wanted) if wanted else 1.0
    by_method = {m: np.where(open_to, held(found, caps, classes, rule), 0.0) for m, found in raw.items()}
    return Limits(rule, accounts, by_method, granted * scale, bound, grade, classes, periods(rule), wanted)


def headline(limits: Limits) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    names = list(BOUND)
    number = np.bincount(limits.bound, minlength=len(names))
    weighed = limits.granted.sum()
    mean = float(limits.granted @ limits.period[limits.grade] / weighed) if weighed else float("nan")
    return {
        "granted": float(weighed),
        "wanted": limits.wanted,
        "customers": float(len(limits.granted) - number[names.index("none")]),
        "capped": float(number[names.index("net_assets")] + number[names.index("current_assets")]),
        "refused": float(number[names.index("none")]),
        "largest": float(limits.granted.max(initial=0.0)),
        "class_a": 100 * float(limits.granted[limits.classes == 0].sum() / weighed) if weighed else float("nan"),
        "period": mean,
    }


def by_grade(limits: Limits) -> pd.DataFrame:
    """Return customers, limits granted (万元) and period (days) of each grade."""
    number = np.bincount(limits.grade, minlength=len(GRADES))
    total = np.bincount(limits.grade, weights=limits.granted, minlength=len(GRADES))
    columns = {"customers": number, "granted": total, "period": limits.period}
    return pd.DataFrame(columns, index=pd.Index(GRADES, name="grade"))


def by_class(limits: Limits) -> pd.DataFrame:
    """Return customers, their share of all sales (%) and the limits granted (万元) of each ABC class."""
    many, sales = len(CLASSES), np.nan_to_num(limits.accounts.sales)
    columns = {
        "customers": np.bincount(limits.classes, minlength=many),
        "sales_pct": 100 * np.bincount(limits.classes, weights=sales, minlength=many) / max(float(sales.sum()), 1e-9),
        "granted": np.bincount(limits.classes, weights=limits.granted, minlength=many),
    }
    return pd.DataFrame(columns, index=pd.Index(CLASSES, name="class"))


def listing(limits: Limits) -> pd.DataFrame:
    """List the customers, the largest limit first: index the id; columns grade, class, what set it, limit, period."""
    columns = {
        "grade": np.array(GRADES)[limits.grade],
        "class": np.array(CLASSES)[limits.classes],
        "bound": np.array(list(BOUND))[limits.bound],
        "limit": limits.granted.round(2),
        "period": limits.period[limits.grade].round(1),
    }
    table = pd.DataFrame(columns, index=pd.Index(limits.accounts.ids, name="customer_id"))
    return table.sort_values("limit", ascending=False, kind="stable")


STUDY = Study(
    name="credit_limits",
    title=N_("Credit limits and periods"),
    datasets=("credit_customers",),
    inputs=LimitRule,
    prepare=prepare,
    run=limit,
    headline=headline,
    listing=listing,
    measures={
        "granted": Measure(N_("Limits granted in all"), N_("10,000 yuan")),
        "wanted": Measure(N_("Sum of limits before the overall limit"), N_("10,000 yuan")),
        "customers": Measure(N_("Customers with a limit")),
        "capped": Measure(N_("Limits set by a cap")),
        "refused": Measure(N_("Customers without credit")),
        "largest": Measure(N_("Largest limit"), N_("10,000 yuan"), 1),
        "class_a": Measure(N_("Limits of class A, share"), "%", 1),
        "period": Measure(N_("Mean credit period, by limit"), N_("days"), 1),
    },
    textbook={"method": "smallest", "company_factor": 1, "net_cap": 20, "current_cap": 20},
    first=("method", "net_cap", "a_from", "industry_dso", "overall"),
)

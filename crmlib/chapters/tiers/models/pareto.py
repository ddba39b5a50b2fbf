"""80/20 and ABC: how concentrated customers are, and where to cut.

“80/20” is a rule of thumb: :func:`top_share` and :func:`gini` test it on the data instead of asserting it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import VIEW, Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints, Labels
from crmlib.formulas.scores import abc as abc
from crmlib.formulas.scores import rank_correlation as rank_correlation

CLASSES = ("A", "B", "C")


class AbcRule(Inputs):
    """Where the ranked customers are cut."""

    by: Literal["income", "deposits", "exposure", "sales"] = setting(
        "income",
        N_("Rank firms by"),
        group=N_("Data"),
        choices={
            "income": N_("income the bank earns"),
            "deposits": N_("deposits"),
            "exposure": N_("exposure"),
            "sales": N_("the firm's own sales"),
        },
        help=N_("The figure at the closing date by which customers are ranked and cumulated."),
    )
    a_share: float = setting(
        75, N_("Class A: cumulative share up to"), low=1, high=99, step=1, unit=N_("% of the total")
    )
    b_share: float = setting(
        20,
        N_("Class B: next share"),
        low=0,
        high=99,
        step=1,
        unit=N_("% of the total"),
        help=N_("Class C is the rest. Other books cut at 80/15/5, 70/20/10 or 55/30/15."),
    )
    boundary: Literal["above", "below"] = setting(
        "above",
        N_("The customer that crosses a line"),
        choices={"above": N_("belongs to the class above it"), "below": N_("belongs to the class below it")},
        help=N_("The line is crossed by one customer, and books rarely say where it goes."),
    )
    top: float = setting(20, N_("Share of the top"), low=1, high=100, step=1, unit=N_("% of customers"), group=VIEW)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse lines that leave nothing for class C."""
        if self.a_share + self.b_share >= 100:
            said = _("Classes A and B together take {total:g}%, which leaves nothing for C. Keep them below 100%.")
            yield "b_share", said.format(total=self.a_share + self.b_share)


@dataclass(frozen=True)
class Customers:
    """Customers at the closing date with the figures they can be ranked by (nan where one is not known)."""

    ids: Labels
    values: dict[str, Floats]


@dataclass(frozen=True)
class Concentration:
    """What :func:`classify` returns. Arrays run over the ranked customers, the largest first."""

    rule: AbcRule
    ids: Labels
    values: Floats
    cumulative: Floats  # share of the total, 0–1
    classes: Ints  # 0 A, 1 B, 2 C
    gini: float
    top_share: float
    negative: int
    missing: int


def prepare(loans: pd.DataFrame) -> Customers:
    """Return the customers of the last date in a loan book in long form."""
    last = loans[loans["as_of"] == loans["as_of"].max()].sort_values("firm_id")
    columns = [c for c in ("income", "deposits", "exposure", "sales") if c in last]
    return Customers(last["firm_id"].to_numpy(object), {c: last[c].to_numpy(float, na_value=np.nan) for c in columns})


def gini(values: Floats) -> float:
    """Return the Gini coefficient of values ≥ 0: 0 when all are equal, (n − 1) ÷ n when one has everything.

    Convention: the population formula without the n ÷ (n − 1) correction. Source: Gini (1914).

    >>> gini(np.array([0.0, 0.0, 0.0, 1.0]))
    0.75
    """
    ranked, n = np.sort(values), len(values)
    return float((2 * np.arange(1, n + 1) - n - 1) @ ranked / (n * ranked.sum()))


def top_share(descending: Floats, top: float) -> float:
    """Return the share of the total that the top ``top`` (0–1) of the customers bring.

    Convention: a fraction of a customer counts as that fraction (20% of 4 customers are 0.8 of the largest).

    >>> top_share(np.array([6.0, 3.0, 1.0, 0.0]), 0.25)
    0.6
    """
    n = len(descending)
    curve = np.concatenate([[0.0], np.cumsum(descending)]) / descending.sum()
    return float(np.interp(top * n, np.arange(n + 1), curve))


def classify(customers: Customers, rule: AbcRule) -> Concentration:
    """Rank, cumulate and cut.

    Convention: ranked by the value, largest first, equal values in the order of the data. Customers with a negative
    or an unknown value are counted and left out, since a share of a total has no meaning for them.

    Raises:
        DataError: no customer has a value above zero.
    """
    given = customers.values[rule.by]
    usable = np.flatnonzero(given >= 0)
    order = usable[np.argsort(-given[usable], kind="stable")]
    values = given[order]
    if not values.size or values[0] <= 0:
        raise DataError(_("Column {column}: no customer has a value above zero to rank.").format(column=rule.by))
    cumulative = np.cumsum(values) / values.sum()
    return Concentration(
        rule,
        customers.ids[order],
        values,
        cumulative,
        abc(cumulative, rule.a_share / 100, rule.b_share / 100, rule.boundary),
        gini(values),
        top_share(values, rule.top / 100),
        int((given < 0).sum()),
        int(np.isnan(given).sum()),
    )


def rank_correlations(customers: Customers) -> pd.DataFrame:
    """Return the rank correlation of each pair of figures, a row and a column each."""
    names = list(customers.values)
    pairs = [[rank_correlation(customers.values[a], customers.values[b]) for b in names] for a in names]
    return pd.DataFrame(pairs, index=names, columns=names)


def disagreements(customers: Customers, by: str = "sales", other: str = "income", most: int = 6) -> pd.DataFrame:
    """List the customers whose two ranks differ most: index the id; columns both ranks and their difference.

    The first half ranks far higher by the first figure, the second half far higher by the other; within each half the
    largest difference comes first. Rank 1 is the largest; equal values share the best of their ranks. Customers with
    an unknown figure are left out.
    """
    values = pd.DataFrame({by: customers.values[by], other: customers.values[other]}, index=customers.ids).dropna()
    ranks = values.rank(ascending=False, method="min").astype(np.int64)
    ranks["difference"] = ranks[other] - ranks[by]
    higher = ranks[ranks["difference"] > 0].sort_values("difference", ascending=False, kind="stable")
    lower = ranks[ranks["difference"] < 0].sort_values("difference", kind="stable")
    listed = pd.concat([higher.head(most - most // 2), lower.head(most // 2)])
    return listed.assign(difference=listed["difference"].abs()).rename_axis("firm_id")


def top_table(customers: Customers, by: str = "sales", other: str = "income", top: float = 0.2) -> Ints:
    """Return the 2 × 2 table of customers in the top ``top`` (0–1) or not, by one figure (rows) and by the other.

    The first row and the first column are the top; equal values are ordered as in the data. Customers with an unknown
    figure are left out.

    >>> five = Customers(np.arange(5), {"sales": np.array([9.0, 8, 3, 2, 1]), "income": np.array([9.0, 1, 8, 2, 3])})
    >>> top_table(five, top=0.4).tolist()
    [[1, 1], [1, 2]]
    """
    values = pd.DataFrame({by: customers.values[by], other: customers.values[other]}).dropna()
    n = max(round(top * len(values)), 1)
    below = [
        np.argsort(np.argsort(-values[name].to_numpy(), kind="stable"), kind="stable") >= n for name in (by, other)
    ]
    return np.bincount(2 * below[0] + below[1], minlength=4).reshape(2, 2)


def shared_top(customers: Customers, by: str = "sales", other: str = "income", top: float = 0.2) -> float:
    """Return the share (0–1) of the top ``top`` of customers by one figure who are in the top by the other too."""
    both = top_table(customers, by, other, top)
    return float(both[0, 0] / both[0].sum())


def class_table(c: Concentration) -> pd.DataFrame:
    """Return customers, share of customers (%), total and share of the total (%) of each class."""
    n = np.bincount(c.classes, minlength=3)
    total = np.bincount(c.classes, weights=c.values, minlength=3)
    return pd.DataFrame(
        {"customers": n, "customers_pct": 100 * n / n.sum(), "total": total, "total_pct": 100 * total / total.sum()},
        index=pd.Index(CLASSES, name="class"),
    )


def headline(c: Concentration) -> dict[str, float]:
    """Return the headline figures of a classification."""
    n = np.bincount(c.classes, minlength=3)
    return {
        "a_customers": float(n[0]),
        "a_customers_pct": float(100 * n[0] / n.sum()),
        "top_share": 100 * c.top_share,
        "gini": c.gini,
        "negative": float(c.negative),
        "missing": float(c.missing),
    }


def listing(c: Concentration) -> pd.DataFrame:
    """List the ranked customers: index the id; columns the value, the cumulative share (%) and the class."""
    columns = {c.rule.by: c.values, "cumulative_pct": 100 * c.cumulative, "class": np.array(CLASSES)[c.classes]}
    return pd.DataFrame(columns, index=pd.Index(c.ids, name="firm_id"))


STUDY = Study(
    name="pareto",
    title=N_("80/20 and ABC"),
    datasets=("bank_loans",),
    inputs=AbcRule,
    prepare=prepare,
    run=classify,
    headline=headline,
    listing=listing,
    measures={
        "a_customers": Measure(N_("Class A customers"), N_("firms")),
        "a_customers_pct": Measure(N_("Class A, share of customers"), "%", 1),
        "top_share": Measure(N_("Share of the top customers"), "%", 1),
        "gini": Measure(N_("Gini coefficient"), "", 3),
        "negative": Measure(N_("Left out: negative value"), N_("firms")),
        "missing": Measure(N_("Left out: value not known"), N_("firms")),
    },
)

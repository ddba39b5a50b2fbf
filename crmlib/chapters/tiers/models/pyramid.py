"""The customer value pyramid: weighted indicators, a composite value, four layers; two pyramids side by side.

The layers are the shares of customers of the pyramid most textbooks draw (1%, 4%, 15%, 80%), each an input; their
metal names follow Zeithaml, Rust & Lemon (2001), *The customer pyramid*, who leave the shares to the firm.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.tiers.models.pareto import Customers
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, Ints, Labels, ratio

LAYERS = (N_("platinum"), N_("gold layer"), N_("iron"), N_("lead"))
INDICATORS = ("income", "deposits", "products", "growth", "outlook")


class PyramidRule(Inputs):
    """Which indicators make a customer valuable, and how many customers each layer takes."""

    income_weight: float = setting(0.5, N_("Weight of income"), low=0, high=1, step=0.05)
    deposits_weight: float = setting(0.3, N_("Weight of deposits"), low=0, high=1, step=0.05)
    products_weight: float = setting(
        0.2,
        N_("Weight of products used"),
        low=0,
        high=1,
        step=0.05,
        help=N_("The three weights of the profit pyramid are divided by their sum."),
    )
    growth_weight: float = setting(
        0.6,
        N_("Potential: weight of sales growth"),
        low=0,
        high=1,
        step=0.05,
        help=N_("The potential pyramid weighs growth against outlook; outlook takes the rest of one."),
    )
    scale: Literal["rank", "range"] = setting(
        "rank",
        N_("Bring indicators to one scale by"),
        choices={"rank": N_("percentile rank"), "range": N_("min–max scaling")},
        help=N_("Percentile ranks are not affected by one giant; min–max scaling keeps distances."),
    )
    platinum: float = setting(1, N_("Platinum: the top"), low=0.5, high=20, step=0.5, unit=N_("% of customers"))
    gold: float = setting(4, N_("Gold layer: the next"), low=1, high=40, step=0.5, unit=N_("% of customers"))
    iron: float = setting(
        15,
        N_("Iron: the next"),
        low=1,
        high=60,
        step=0.5,
        unit=N_("% of customers"),
        help=N_("The lead layer is the remainder. The three shares together must stay below 100%."),
    )

    def weights(self) -> Floats:
        """Return the three weights of the profit pyramid divided by their sum."""
        return np.asarray(self.raw_weights() / self.raw_weights().sum())

    def raw_weights(self) -> Floats:
        """Return the three weights of the profit pyramid as given."""
        return np.array([self.income_weight, self.deposits_weight, self.products_weight])

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero and layers that leave nothing for lead."""
        if not self.raw_weights().any():
            yield "products_weight", _("All three weights are zero. Give at least one indicator a weight.")
        if (total := self.platinum + self.gold + self.iron) >= 100:
            said = _("Platinum, gold and iron take {total:g}%, which leaves nothing for lead. Keep them below 100%.")
            yield "iron", said.format(total=total)

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        labels = [s.label for s in self.settings()[:3]]
        return weights_remark(self.raw_weights().sum(), labels, self.weights())


@dataclass(frozen=True)
class Pyramids:
    """What :func:`build` returns; arrays run over the rated customers."""

    rule: PyramidRule
    ids: Labels
    value: Floats  # composite profit value, 0–100
    potential: Floats  # composite potential value, 0–100
    profit_layer: Ints
    potential_layer: Ints
    income: Floats
    left_out: int


def prepare(loans: pd.DataFrame) -> Customers:
    """Return the customers of the last date with the indicators of both pyramids.

    Sales growth is against the first date (sales ÷ sales before − 1), unknown for a firm that joined since.

    Raises:
        DataError: there is one date only, so that nothing has grown.
    """
    if (n := loans["as_of"].nunique()) < 2:
        raise DataError(_("The loan book must hold two dates to compare; column as_of holds {n}.").format(n=n))
    first, last = (
        loans[loans["as_of"] == d].set_index("firm_id") for d in (loans["as_of"].min(), loans["as_of"].max())
    )
    last = last.sort_index()
    before = first["sales"].reindex(last.index).to_numpy(float, na_value=np.nan)
    now = last["sales"].to_numpy(float, na_value=np.nan)
    growth = ratio(now, before) - 1
    columns = {c: last[c].to_numpy(float, na_value=np.nan) for c in ("income", "deposits", "products")}
    outlook = last["industry_outlook"].to_numpy(float)
    return Customers(last.index.to_numpy(object), {**columns, "growth": growth, "outlook": outlook})


def percentile_rank(values: Floats) -> Floats:
    """Return ranks on 0–100, lowest 0 and highest 100; equal values share the mean of their ranks; all equal, all 50.

    >>> percentile_rank(np.array([3.0, 1.0, 3.0])).tolist()
    [75.0, 0.0, 75.0]
    """
    if len(values) == 1:
        return np.array([50.0])
    return 100 * (pd.Series(values).rank(method="average").to_numpy() - 1) / (len(values) - 1)


def range_scale(values: Floats) -> Floats:
    """Return values on 0–100 between their minimum and maximum; all equal, all 50."""
    low, high = values.min(), values.max()
    return 100 * (values - low) / (high - low) if high > low else np.full(len(values), 50.0)


def layer_of(values: Floats, shares: Floats) -> Ints:
    """Return the layer (0 platinum … 3 lead) of each customer.

    Convention: layer k ends at customer number n · (cumulative share), rounded half up; equal values are ordered as
    in the data, so that each layer has exactly its number.
    """
    n = len(values)
    ends = np.floor(n * np.cumsum(shares) / 100 + 0.5)
    place = np.empty(n, dtype=np.int64)
    place[np.argsort(-values, kind="stable")] = np.arange(n)
    return np.searchsorted(ends, place, side="right")


def build(customers: Customers, rule: PyramidRule) -> Pyramids:
    """Build the profit and the potential pyramid over the customers for whom every indicator is known.

    Raises:
        DataError: there is no such customer.
    """
    known = ~np.isnan(np.column_stack([customers.values[c] for c in INDICATORS])).any(axis=1)
    rated = np.flatnonzero(known)
    if not rated.size:
        raise DataError(
            _("No firm has all the indicators of the pyramids: {names}.").format(names=", ".join(INDICATORS))
        )
    on_scale = percentile_rank if rule.scale == "rank" else range_scale
    scaled = {c: on_scale(customers.values[c][rated]) for c in INDICATORS}
    value = np.column_stack([scaled[c] for c in INDICATORS[:3]]) @ rule.weights()
    potential = rule.growth_weight * scaled["growth"] + (1 - rule.growth_weight) * scaled["outlook"]
    shares = np.array([rule.platinum, rule.gold, rule.iron])
    return Pyramids(
        rule,
        customers.ids[rated],
        value,
        potential,
        layer_of(value, shares),
        layer_of(potential, shares),
        customers.values["income"][rated],
        int((~known).sum()),
    )


def crossing(p: Pyramids) -> Ints:
    """Return the 4 × 4 table of customers by layer of profit (row) and of potential (column)."""
    n = len(LAYERS)
    return np.bincount(p.profit_layer * n + p.potential_layer, minlength=n * n).reshape(n, n)


def layer_table(p: Pyramids) -> pd.DataFrame:
    """Return customers and income (万元) of each layer of the profit pyramid, and who keeps that layer in potential."""
    n = np.bincount(p.profit_layer, minlength=len(LAYERS))
    income = np.bincount(p.profit_layer, weights=p.income, minlength=len(LAYERS))
    return pd.DataFrame(
        {"customers": n, "income": income, "same_in_potential": np.diag(crossing(p))},
        index=pd.Index(LAYERS, name="layer"),
    )


def headline(p: Pyramids) -> dict[str, float]:
    """Return the headline figures of the two pyramids."""
    top = p.profit_layer <= 1
    total = p.income.sum()
    return {
        "rated": float(len(p.ids)),
        "left_out": float(p.left_out),
        "top_income": float(100 * p.income[top].sum() / total) if total else 0.0,
        "same_layer": float(100 * np.trace(crossing(p)) / len(p.ids)) if len(p.ids) else 0.0,
        "hidden_gems": float(((p.profit_layer > 1) & (p.potential_layer <= 1)).sum()),
    }


def listing(p: Pyramids) -> pd.DataFrame:
    """List the rated customers: index the id; columns both composite values (0–100) and both layers."""
    names = np.array(LAYERS)
    columns = {
        "value": p.value,
        "layer": names[p.profit_layer],
        "potential": p.potential,
        "potential_layer": names[p.potential_layer],
    }
    return pd.DataFrame(columns, index=pd.Index(p.ids, name="firm_id"))


STUDY = Study(
    name="pyramid",
    title=N_("Customer pyramid"),
    datasets=("bank_loans",),
    inputs=PyramidRule,
    prepare=prepare,
    run=build,
    headline=headline,
    listing=listing,
    measures={
        "rated": Measure(N_("Customers in the pyramids"), N_("firms")),
        "left_out": Measure(N_("Left out: an indicator is not known"), N_("firms")),
        "top_income": Measure(N_("Income from the two top layers"), "%", 1),
        "same_layer": Measure(N_("In the same layer of both pyramids"), "%", 1),
        "hidden_gems": Measure(N_("In a top layer by potential, not by profit"), N_("firms")),
    },
    first=("income_weight", "growth_weight", "platinum", "gold", "iron"),
)

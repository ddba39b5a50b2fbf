"""Tables of satisfaction and loyalty, in the language now spoken."""

from typing import Any

import numpy as np
import pandas as pd

from crmlib.chapters.loyalty.models import loyalty as model
from crmlib.chapters.loyalty.models import measures as formulas
from crmlib.chapters.loyalty.models import survey as source
from crmlib.core.figures import figure
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Floats, ratio


def figures(index: list[str], name: str, columns: dict[str, Any], digits: int = 1) -> pd.DataFrame:
    """Return a table of rounded figures as text, a row a name; what is not known is a dash."""
    rounded = {k: [figure(v, digits) for v in values] for k, values in columns.items()}
    return pd.DataFrame(rounded, index=pd.Index(index, name=name))


def satisfaction_name(m: model.Loyalty) -> str:
    """Return how satisfaction is measured, translated."""
    return m.policy.setting_of("satisfaction").shown(m.policy.satisfaction)


def satisfactions(found: Floats, expected: Floats) -> pd.DataFrame:
    """Return the satisfaction of some customers by each convention, a row a customer."""
    how = model.LoyaltyPolicy.setting_of("satisfaction")
    columns = {_("Experience b"): found, _("Expectation a"): expected}
    columns |= {how.shown(name): formulas.satisfaction(found, expected, name).round(3) for name in formulas.NEUTRAL}
    return pd.DataFrame(columns)


def attributes(m: model.Loyalty) -> pd.DataFrame:
    """Return mean expectation, experience and satisfaction by attribute, in the survey shown."""
    t = m.shown

    def shown(values: Floats) -> list[float]:
        return [model.mean_by_wave(m, column)[t] for column in values.T]

    columns = {
        _("Expectation a"): shown(m.survey.expected),
        _("Experience b"): shown(m.survey.found),
        _("Satisfaction, {how}").format(how=satisfaction_name(m)): shown(m.by_attribute),
    }
    return figures([_(label) for label in source.ATTRIBUTES.values()], _("Attribute"), columns, 3)


def loyal_but_not_satisfied(m: model.Loyalty) -> pd.DataFrame:
    """Return by competition the loyal customers and those of them that are not satisfied, in the survey shown."""
    found = model.loyal_by_competition(m)
    rows = [found["low"], found["high"], tuple(map(sum, zip(*found.values(), strict=True)))]
    loyal, not_satisfied = (np.array(column, float) for column in zip(*rows, strict=True))
    share = ratio(100 * not_satisfied, loyal)
    columns = {
        _("Loyal customers"): [figure(v, 0) for v in loyal],
        _("Of these not satisfied"): [figure(v, 0) for v in not_satisfied],
        _("Share of the loyal (%)"): [figure(v, 1) for v in share],
    }
    names = [_("low competition"), _("high competition"), _("all districts")]
    return pd.DataFrame(columns, index=pd.Index(names, name=_("Competition")))


def directions() -> pd.DataFrame:
    """Return the eight indicators: raw figure, direction of good, and the anchors of the points."""
    rows = []
    for i in source.INDICATORS.values():
        side = _("attitude") if i.attitude else _("behaviour") if i.behaviour else "–"
        way = _("less is better") if i.less_is_better else _("more is better")
        rows.append((_(i.label), _(i.raw), way, f"{i.zero_at:g}", f"{i.full_at:g}", side))
    columns = [_("Indicator"), _("Raw figure"), _("Direction"), _("0 points at"), _("100 points at"), _("Counts to")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


def recommendation(m: model.Loyalty) -> pd.DataFrame:
    """Return promoters, passives, detractors and the net promoter score of each wave."""
    columns = {
        str(year): [up, 100 - up - down, down, score]
        for year, (score, up, down) in zip(m.survey.years, model.nps_by_wave(m), strict=True)
    }
    names = [_("promoters, 9–10 (%)"), _("passives, 7–8 (%)"), _("detractors, 0–6 (%)"), _("net promoter score")]
    return figures(names, _("Recommendation"), columns)


def repeat_rates(m: model.Loyalty) -> pd.DataFrame:
    """Return the two figures that are both called repeat purchase rate, by survey year."""
    rates = m.survey.repeat_rates
    columns = {
        str(year): [figure(row["buyers"], 0), figure(100 * row["twice"], 1), figure(100 * row["again"], 1)]
        for year, row in rates.iterrows()
    }
    names = [_("buyers in the year"), _("bought at least twice in the year (%)"),
             _("last year's buyers who bought again (%)")]  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(names, name=_("Figure")))


GAPS = {
    "no_orders": (N_("survey rows of customers without any order"), N_("no repeat purchases known; others count more")),
    "strangers": (N_("orders of people who were not surveyed"), N_("left out")),
    "outside": (N_("orders dated outside the surveys' years and the year before"), N_("left out")),
    "one_survey": (N_("survey rows of one year only"), N_("no change between surveys is known")),
    "returns": (N_("returns"), N_("lower the net amount; are not purchases and cancel none")),
    "no_expectation": (N_("survey rows without any expectation"), N_("no satisfaction")),
    "joined_later": (N_("survey rows dated before the customer joined"), N_("length of relationship counts as zero")),
    "net_negative": (N_("customers and years with more returned than bought"), N_("net amount counts as zero")),
}


RARE = ("outside", "one_survey")
"""Gaps that are not named where there are none."""


def gaps(m: model.Loyalty) -> pd.DataFrame:
    """Return what is odd in the data, how often, and what the model does about it."""
    found = m.survey.gaps
    rows = [(_(what), found[name], _(done)) for name, (what, done) in GAPS.items() if found[name] or name not in RARE]
    too_few = int((np.isnan(m.index) & (m.survey.wave == m.shown)).sum())
    rows.append((_("customers with too few indicators (survey shown)"), too_few, _("no index, counted separately")))
    columns = [_("In the data"), _("Rows"), _("What the model does")]
    return pd.DataFrame(rows, columns=columns).set_index(columns[0])


SORTS = (
    (N_("monopoly loyalty"), N_("there is little or no choice"), N_("low"), N_("high"), N_("low competition")),
    (
        N_("inertia loyalty"),
        N_("habit, the effort of changing"),
        N_("low"),
        N_("high"),
        N_("minds the price less, and competition is high"),
    ),
    (
        N_("price or incentive loyalty"),
        N_("a low price, points, discounts"),
        N_("low"),
        N_("high"),
        N_("minds the price"),
    ),
    (N_("convenience loyalty"), N_("the nearest, the easiest"), N_("low"), N_("high"), N_("these data cannot tell")),
    (
        N_("affiliation loyalty"),
        N_("family, workplace, acquaintances"),
        N_("varies"),
        N_("high"),
        N_("these data cannot tell"),
    ),
    (
        N_("potential loyalty"),
        N_("liking that rules or circumstances hold back"),
        N_("high"),
        N_("low"),
        N_("latent loyalty"),
    ),
    (
        N_("trust loyalty (premium loyalty)"),
        N_("value beyond expectation, again and again"),
        N_("high"),
        N_("high"),
        N_("true loyalty"),
    ),
)
"""Kinds of loyalty by what holds the customer, with attitude, purchases, and what in the data hints at each."""


def kinds_of_loyalty(m: model.Loyalty | None = None) -> pd.DataFrame:
    """Return the kinds of loyalty by what holds the customer; with a result, how many the data hint at."""
    rows = [(_(name), *(_(cell) for cell in cells)) for name, *cells in SORTS]
    columns = [_("Kind"), _("What holds the customer"), _("Attitude"), _("Purchases"), _("Hint in the data")]
    table = pd.DataFrame(rows, columns=columns).set_index(columns[0])
    if m is None:
        return table
    counts = np.bincount(m.hint[m.survey.wave == m.shown], minlength=model.NO_HINT + 1)
    found = {name: str(int(counts[k])) for k, name in enumerate(model.HINTS)}
    return table.assign(**{_("Customers"): [found.get(name, "–") for name, *__ in SORTS]})


def to_win_over(m: model.Loyalty, most: int = 10) -> pd.DataFrame:
    """Return the satisfied customers that are not loyal, those with most spend at rivals first."""
    found = model.listing(m).head(most)
    columns = {
        _("Satisfaction"): [f"{v:.2f}" for v in found["satisfaction"]],
        _("Loyalty index"): [f"{v:.1f}" for v in found["index"]],
        _("Kind of loyalty"): [_(k) for k in found["kind"]],
        _("What may hold them"): [_(h) for h in found["hint"]],
        _("Our share of wallet (%)"): [figure(v, 1) for v in found["wallet_pct"]],
        _("Spend at rivals (yuan)"): [figure(v, 0) for v in found["spend_rivals"]],
    }
    return pd.DataFrame(columns, index=pd.Index(found.index, name=_("Customer")))

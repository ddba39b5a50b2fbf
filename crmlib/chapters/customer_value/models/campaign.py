"""A churn campaign: whom to send vouchers, by warning score, value or expected gain, and what it earns.

The risk of a customer is what became of similar ones: half a year earlier each customer's warning score is computed,
and the share that then bought nothing for 182 days is the risk of its band of 20 points. Money is yuan. Rates of the
reaction to a voucher are inputs; they must come from a test with a control group.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.customer_value.models import shop as source
from crmlib.chapters.customer_value.models.churn import usual_gaps, warning_score
from crmlib.chapters.customer_value.models.shop import Buyers
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

AHEAD = 182
"""Days without a purchase after which a customer counts as lost in the test on the past."""
YEAR = 365
BANDS = 5
"""Bands of 20 points of the warning score."""
REACT = np.array([1.0, 1.0, 0.8, 0.5, 0.25])
"""How a voucher works in each band against the lowest: who is long silent reacts less. A teaching assumption; compare
Ascarza (2018), for whom those with the highest risk are not those whom a campaign keeps."""
PARTS = {"quarter": 0.25, "half": 0.5, "year": 1.0}
THRESHOLDS = np.arange(0.0, 105, 5)
CHOICES = {
    "gain": N_("the highest expected gain"),
    "risk": N_("the highest warning score"),
    "value": N_("the highest yearly spend"),
    "recent": N_("the latest purchase"),
}
REACTION, WHO = N_("Reaction to a voucher"), N_("Who may get one")


class CampaignRule(Inputs):
    """How vouchers are dealt out, what they cost, and how customers react."""

    choose: Literal["gain", "risk", "value", "recent"] = setting("gain", N_("Vouchers go first to"), choices=CHOICES)
    vouchers: int = setting(3000, N_("Vouchers"), low=0, high=6000, step=50)
    threshold: float = setting(
        0, N_("Warning score at least"), low=0, high=100, step=5, unit=N_("points"),
        help=N_("Customers below are not written to."),
    )  # fmt: skip
    face: float = setting(20, N_("Face value of a voucher"), low=0, high=100, step=1, unit=N_("yuan"))
    uplift: float = setting(
        12, N_("Kept by a voucher, of those who would leave"), low=0, high=60, step=1, unit="%", group=REACTION
    )
    redeem: float = setting(
        40, N_("Use it, of those who would stay anyway"), low=0, high=100, step=5, unit="%", group=REACTION
    )
    disturbed: float = setting(
        0.5, N_("Leave because of it, of those who would stay"), low=0, high=10, step=0.5, unit="%", group=REACTION
    )
    fading: bool = setting(
        True, N_("Those long silent react less"), group=REACTION,
        help=N_("From the lowest band of the warning score: in full, in full, 80%, 50%, 25%. A teaching assumption."),
    )  # fmt: skip
    contact: float = setting(1, N_("Cost of a message"), low=0, high=20, step=0.5, unit=N_("yuan"), group=REACTION)
    margin: float = setting(
        35, N_("Margin on sales"), low=5, high=80, step=1, unit="%", group=N_("Value of a customer")
    )
    worth: Literal["quarter", "half", "year"] = setting(
        "year",
        N_("Margin counted of who is kept"),
        group=N_("Value of a customer"),
        choices={"quarter": N_("of a quarter"), "half": N_("of half a year"), "year": N_("of a year")},
    )
    losing: bool = setting(
        True, N_("Send all vouchers, even at a loss"), group=WHO,
        help=N_("Otherwise nobody gets one whose expected gain is negative."),
    )  # fmt: skip
    consent: bool = setting(True, N_("Only customers who agreed to messages"), group=WHO)
    wholesale: bool = setting(False, N_("Count the wholesaler among consumers"), group=WHO)

    def remarks(self) -> list[str]:
        """Say so where messages would go to people who did not agree to them."""
        if self.consent:
            return []
        return [
            _("Messages to customers who did not agree are against the law; the figure shows what keeping it costs.")
        ]


@dataclass(frozen=True)
class Base:
    """What is computed once: scores today, risk by band from the past, and what was bought."""

    buyers: Buyers
    score: Floats
    band: Ints
    risk: Floats  # of each band
    tested: Ints  # customers of each band in the past
    yearly: Floats  # spend of a year, yuan
    recency: Ints  # days


@dataclass(frozen=True)
class Campaign:
    """What :func:`run` returns; arrays run over the buyers."""

    rule: CampaignRule
    base: Base
    gain: Floats  # expected, of a voucher to each
    worth: Floats  # margin of each, if kept
    keeps: Floats  # probability that a voucher keeps her who would leave
    order: Ints  # those who may get one, in the order of the choice
    sent: Bools


def prepare(orders: pd.DataFrame, accounts: pd.DataFrame) -> Base:
    """Return scores, risks and yearly spend of a shop; see :func:`scored`."""
    return scored(source.prepare(orders, accounts))


def scored(shop: source.Shop) -> Base:
    """Return scores, risks and yearly spend of a shop.

    Conventions: a year's spend is that of the last 365 days; who bought nothing in them counts with half of the year
    before. A band in which the past has nobody takes the risk of all.
    """
    b = shop.customers
    score = _scores(b, shop.today)
    then = shop.today - AHEAD
    known = b.first <= then
    past = _scores(b, then)
    lost = known & (b.bought(then, shop.today) == 0)
    place = bands(past)
    tested = np.bincount(place[known], minlength=BANDS)
    gone = np.bincount(place[lost], minlength=BANDS)
    whole = float(lost.sum()) / max(int(known.sum()), 1)
    risk = ratio(gone, tested, whole)
    this, before = b.spent(shop.today - YEAR, shop.today), b.spent(shop.today - 2 * YEAR, shop.today - YEAR)
    return Base(b, score, bands(score), risk, tested, np.where(this > 0, this, before / 2), shop.today - b.last)


def bands(score: Floats) -> Ints:
    """Return the band of 20 points, 0 to 4; 100 belongs to the last."""
    return np.minimum(score // 20, BANDS - 1).astype(np.int64)


def _scores(b: Buyers, today: int) -> Floats:
    """Return the warning score of everybody as it was on a day; who had not bought by then has the highest silence.

    All three signs are of that day: a purchase or a return that came later is not seen.
    """
    orders, last = b.until(today)
    gaps = usual_gaps(orders, np.minimum(b.first, last), last)
    spend, before = b.spent(today - YEAR, today), b.spent(today - 2 * YEAR, today - YEAR)
    return warning_score((today - last).astype(float), gaps, spend, before, b.share_returned(today))


def expected_gain(risk: Floats, keeps: Floats, worth: Floats, rule: CampaignRule) -> Floats:
    """Return the expected gain of a voucher: p·u·(V − face) − (1 − p)·(w·face + d·V) − contact.

    p is the risk, u (``keeps``) the probability that the voucher keeps somebody who would leave, V the margin of
    somebody kept, w who would use it and stay anyway, d who leaves because of it.
    """
    w, d = rule.redeem / 100, rule.disturbed / 100
    return np.asarray(risk * keeps * (worth - rule.face) - (1 - risk) * (w * rule.face + d * worth) - rule.contact)


def run(base: Base, rule: CampaignRule) -> Campaign:
    """Deal out the vouchers."""
    b = base.buyers
    worth = base.yearly * rule.margin / 100 * PARTS[rule.worth]
    keeps = rule.uplift / 100 * (REACT[base.band] if rule.fading else np.ones(len(worth)))
    gain = expected_gain(base.risk[base.band], keeps, worth, rule)
    may = (b.consent | (not rule.consent)) & (~b.wholesale | rule.wholesale)
    keys = {"gain": gain, "risk": base.score, "value": base.yearly, "recent": -base.recency.astype(float)}
    people = np.flatnonzero(may & (rule.losing | (gain >= 0)))
    order = people[np.argsort(-keys[rule.choose][people], kind="stable")]
    sent = np.zeros(len(b.ids), dtype=bool)
    sent[order[base.score[order] >= rule.threshold][: rule.vouchers]] = True
    return Campaign(rule, base, gain, worth, keeps, order, sent)


def by_threshold(c: Campaign) -> Floats:
    """Return the profit at each of :data:`THRESHOLDS`, everything else as it is."""
    score, gain = c.base.score[c.order], c.gain[c.order]
    return np.array([float(gain[score >= least][: c.rule.vouchers].sum()) for least in THRESHOLDS])


def by_band(c: Campaign) -> pd.DataFrame:
    """Return for each band of score: customers tested in the past, risk (%), vouchers sent, their gain (yuan)."""
    n = np.bincount(c.base.band[c.sent], minlength=BANDS)
    gain = np.bincount(c.base.band[c.sent], c.gain[c.sent], minlength=BANDS)
    names = [f"{20 * k}–{20 * k + (20 if k == BANDS - 1 else 19)}" for k in range(BANDS)]
    columns = {"tested": c.base.tested, "risk": 100 * c.base.risk, "sent": n, "gain": gain}
    return pd.DataFrame(columns, index=pd.Index(names, name="band"))


def compared(base: Base, rule: CampaignRule) -> pd.DataFrame:
    """Return vouchers sent, customers kept and profit by each way of choosing, all of the vouchers sent."""
    rows = {}
    for choose in CHOICES:
        figures = headline(run(base, rule.replace(choose=choose, losing=True)))
        rows[choose] = {name: figures[name] for name in ("sent", "kept", "profit")}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("choose")


def headline(c: Campaign) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    rule, risk = c.rule, c.base.risk[c.base.band][c.sent]
    worth, keeps = c.worth[c.sent], c.keeps[c.sent]
    kept, wasted = float((risk * keeps).sum()), float(((1 - risk) * rule.redeem / 100).sum())
    won = float((risk * keeps * (worth - rule.face)).sum())
    profit = float(c.gain[c.sent].sum())
    return {
        "sent": float(len(risk)),
        "kept": kept,
        "wasted": wasted,
        "cost": rule.contact * len(risk) + rule.face * (wasted + kept),
        "profit": profit,
        "break_even": rule.uplift * (won - profit) / won if won > 0 else float("nan"),
        "best": float(THRESHOLDS[int(np.argmax(by_threshold(c)))]),
    }


def listing(c: Campaign) -> pd.DataFrame:
    """List who gets a voucher: index the id; columns score, risk (%), days of silence, yearly spend, gain."""
    b, k = c.base, np.flatnonzero(c.sent)
    columns = {"score": b.score[k].round(1), "risk": 100 * b.risk[b.band[k]], "days": b.recency[k]}
    columns |= {"yearly": b.yearly[k].round(2), "gain": c.gain[k].round(2)}
    return pd.DataFrame(columns, index=pd.Index(b.buyers.ids[k], name="customer_id"))


STUDY = Study(
    name="campaign",
    title=N_("Churn campaign"),
    datasets=("shop_orders", "shop_accounts"),
    inputs=CampaignRule,
    prepare=prepare,
    run=run,
    headline=headline,
    listing=listing,
    measures={
        "sent": Measure(N_("Vouchers sent")),
        "kept": Measure(N_("Customers kept, expected"), "", 1),
        "wasted": Measure(N_("Used by those who would stay")),
        "cost": Measure(N_("Cost of vouchers and messages"), N_("yuan")),
        "profit": Measure(N_("Expected profit"), N_("yuan")),
        "break_even": Measure(N_("Break-even share kept"), "%", 1),
        "best": Measure(N_("Best threshold"), N_("points")),
    },
    textbook={"redeem": 0, "disturbed": 0},
    first=("choose", "vouchers", "threshold", "face", "uplift"),
)

"""Exercises of the chapter on classifying bank customers. Every key comes from the chapter's model functions."""

from itertools import combinations
from random import Random
from typing import Any

import numpy as np

from crmlib.data import load
from crmlib.i18n import _
from crmlib.models import pareto, tiers
from crmlib.practice.exercise import Ask, Exercise, Guess, Maker, Mistake


def weighted_score(draw: Random) -> Exercise:
    """Weigh four criteria with weights that do not add up to one."""
    while True:
        scores = [draw.choice(range(40, 96, 5)) for _i in range(4)]
        raw = [draw.choice([2, 3, 4, 5]) for _i in range(4)]
        total, weighed = sum(raw), sum(r * s for r, s in zip(raw, scores, strict=True))
        answers = (weighed / total, weighed / 10, weighed / 4, sum(scores) / 4)
        if min(abs(a - b) for a, b in combinations(answers, 2)) > 1:
            break
    weights: dict[str, Any] = {
        f"{n}_weight": r / 10 for n, r in zip(("credit", "size", "financial", "outlook"), raw, strict=True)
    }
    policy = tiers.TierPolicy(**weights)
    key = float(tiers.score(np.array([scores], float), policy.weights())[0])
    listed = _(", ").join(f"{_(c)} {s}" for c, s in zip(tiers.CRITERIA, scores, strict=True))
    return Exercise(
        _("A firm scores: {listed}. The weights are {weights}, in this order. What is its weighted score?").format(
            listed=listed, weights=" : ".join(map(str, raw))
        ),
        key,
        _("The weighted sum {weighed} divided by the sum of the weights {total} is {key}.").format(
            weighed=weighed, total=total, key=key
        ),
        [
            Mistake(weighed, _("You left the weighted sum as it is; divide it by the sum of the weights.")),
            Mistake(weighed / 10, _("You divided by ten; the weights add up to {total}.").format(total=total)),
            Mistake(weighed / 4, _("You divided by the number of criteria; divide by the sum of the weights.")),
            Mistake(sum(scores) / 4, _("That is the plain mean: the weights have not been used.")),
        ],
        unit=_("points"),
        tolerance=0.002,
    )


def _tier_options() -> list[str]:
    return [_(t) for t in tiers.TIERS]


def veto(draw: Random) -> Exercise:
    """Place a firm that scores well and is far overdue."""
    policy = tiers.TierPolicy()
    points = draw.choice([86.0, 88.5, 91.0, 76.5, 79.0])
    days = draw.choice(range(95, 180, 5))
    by_score = int(tiers.tier_of(np.array([points]), policy.cutoffs())[0])
    key = max(by_score, tiers.TIERS.index("restricted"))
    said = _("The score alone says {tier}, but a veto caps the tier: overdue for more than {limit:g} days.")
    return Exercise(
        _(
            "With the default rules a firm scores {points} points and is {days} days overdue. Which tier is it in?"
        ).format(points=points, days=days),
        key,
        said.format(tier=_(tiers.TIERS[by_score]), limit=policy.overdue_veto),
        [
            Mistake(by_score, said.format(tier=_(tiers.TIERS[by_score]), limit=policy.overdue_veto)),
            Mistake(key + 1, _("A veto caps the tier at restricted; it sends nobody to the exit tier by itself.")),
            Mistake(by_score + 1, _("A veto does not take a firm down by one tier; it caps the tier at restricted.")),
        ],
        _tier_options(),
    )


def boundary(draw: Random) -> Exercise:
    """Place a firm that scores exactly a cut-off, under the stricter boundary rule."""
    policy = tiers.TierPolicy(boundary=draw.choice(["upper", "lower"]))
    k = draw.randrange(5)
    cut = float(policy.cutoffs()[k])
    key = int(tiers.tier_of(np.array([cut]), policy.cutoffs(), policy.boundary)[0])
    rule = _("belongs to the upper tier") if policy.boundary == "upper" else _("belongs to the lower tier")
    cuts = _(", ").join(f"{_(t)} {c:g}" for t, c in zip(tiers.TIERS, policy.cutoffs(), strict=False))
    return Exercise(
        _("Cut-offs: {cuts}. A score equal to a cut-off {rule}. Which tier is a firm with {cut:g} points in?").format(
            cuts=cuts, rule=rule, cut=cut
        ),
        key,
        _("{cut:g} is exactly a cut-off, so the boundary rule decides.").format(cut=cut),
        [
            Mistake(2 * k + 1 - key, _("You used the other boundary rule: read again what an equal score does.")),
        ],
        _tier_options(),
    )


def credit_total(draw: Random) -> Exercise:
    """Tell a tier's total from the growth of its firms."""
    before = [draw.choice(range(200, 900, 50)) for _i in range(4)]
    grown, second = draw.choice([50, 100, 150]), draw.choice([20, 40, 60])
    after = [before[0] + grown, before[1] - grown - 80, before[2] + second, before[3] - 120]
    change = [a - b for a, b in zip(after, before, strict=True)]
    key = sum(c for c in change if c > 0)
    pairs = _("; ").join(f"{b} → {a}" for b, a in zip(before, after, strict=True))
    return Exercise(
        _(
            "Four restricted firms, exposure at the opening and closing date in 10,000 yuan: {pairs}. By how much did "
            "the firms grow that should not have grown?"
        ).format(pairs=pairs),
        key,
        _("Two firms grew, by {first} and {second}. The total fell by {net} all the same.").format(
            first=grown, second=second, net=-sum(change)
        ),
        [
            Mistake(sum(change), _("That is the change of the total. It hides that two firms grew.")),
            Mistake(-sum(change), _("That is how far the total fell. It hides that two firms grew.")),
            Mistake(2, _("That is the number of firms that grew; the question asks by how much.")),
            Mistake(grown, _("You counted one of the two firms that grew.")),
            Mistake(second, _("You counted one of the two firms that grew.")),
        ],
        unit=_("10,000 yuan"),
        tolerance=0.001,
    )


def expected_loss(draw: Random) -> Exercise:
    """Compute the expected loss of one tier."""
    policy = tiers.TierPolicy(lgd=draw.choice([0.4, 0.45, 0.55, 0.6]))
    tier = draw.choice([2, 3, 4])
    exposure = draw.choice(range(20_000, 90_000, 5_000))
    pd_tier = round(float(policy.default_probabilities()[tier]), 4)
    key = pd_tier * policy.lgd * exposure
    return Exercise(
        _(
            "The tier “{tier}” holds an exposure of {exposure:,} (10,000 yuan), default probability {pd:.2%}, loss "
            "given default {lgd:.0%}. What loss is to be expected in a year?"
        ).format(tier=_(tiers.TIERS[tier]), exposure=exposure, pd=pd_tier, lgd=policy.lgd),
        key,
        _("PD × LGD × exposure = {key:,.1f}.").format(key=key),
        [
            Mistake(pd_tier * exposure, _("You left out the loss given default: not everything is lost.")),
            Mistake(pd_tier * (1 - policy.lgd) * exposure, _("You used the recovery rate; the loss is LGD itself.")),
            Mistake(100 * key, _("You read the percentage as a number: a per cent is one hundredth.")),
            Mistake(
                policy.lgd * exposure, _("That is the loss if all of them default; weigh it with the probability.")
            ),
        ],
        unit=_("10,000 yuan"),
    )


def abc_count(draw: Random) -> Exercise:
    """Count class A under a stated boundary rule."""
    while True:
        sales = sorted((draw.choice(range(20, 400, 10)) for _i in range(8)), reverse=True)
        cumulative = np.cumsum(sales) / sum(sales)
        above, below = (int((pareto.abc(cumulative, 0.75, 0.20, rule) == 0).sum()) for rule in ("above", "below"))
        if above != below and not {above, below} & {2, 6} and len(set(sales)) == 8:
            break
    listed = _(", ").join(map(str, sales))
    return Exercise(
        _(
            "Eight customers buy for: {listed}. Class A is the first 75 % of cumulative sales; the customer that "
            "crosses the line belongs to A. How many customers are in A?"
        ).format(listed=listed),
        above,
        _("Customer number {n} crosses 75 % and still counts.").format(n=above),
        [
            Mistake(below, _("You stopped before the customer that crosses the line.")),
            Mistake(6, _("That is 75 % of the customers; the line is 75 % of the sales.")),
            Mistake(2, _("You assumed 80/20. It is a rule of thumb: cumulate these sales.")),
        ],
        unit=_("customers"),
        tolerance=0.0,
    )


def top_share(draw: Random) -> Exercise:
    """Test 80/20 on ten customers."""
    sales = sorted((draw.choice([5, 8, 10, 15, 20, 30, 60, 90, 140, 200]) for _i in range(10)), reverse=True)
    if sales[0] == sales[-1]:
        sales[0] += 100
    key = 100 * pareto.top_share(np.array(sales, float), 0.2)
    return Exercise(
        _("Ten customers buy for: {listed}. What share of the sales (in %) do the top 20 % of customers bring?").format(
            listed=_(", ").join(map(str, sales))
        ),
        key,
        _("The two largest bring {two} of {total}, that is {key:.1f} %.").format(
            two=sum(sales[:2]), total=sum(sales), key=key
        ),
        [
            Mistake(80.0, _("You quoted 80/20. It is a rule of thumb: compute it from these sales.")),
            Mistake(100 * sales[0] / sum(sales), _("That is the largest customer alone; 20 % of ten are two.")),
            Mistake(key / 100, _("Right share, wrong unit: the question asks for per cent.")),
        ],
        unit="%",
    )


def in_the_book(draw: Random) -> Exercise:
    """Read a figure off the explorer, on the branch's own book."""
    cut = draw.choice([80.0, 82.0, 83.0, 87.0, 88.0])
    book = tiers.prepare(load("bank_loans"))

    def gold(policy: tiers.TierPolicy) -> float:
        return tiers.headline(tiers.grade(book, policy))["gold_firms"]

    policy = tiers.TierPolicy(gold_from=cut)
    at_opening = float(tiers.firms_by_place(tiers.grade(book, policy).opening)[0])
    return Exercise(
        _(
            "In the explorer above, set “Gold from” to {cut:g} and leave the rest at its default. How many gold firms?"
        ).format(cut=cut),
        gold(policy),
        _("The explorer and this check use the same function, {function}.").format(function="grade"),
        [
            Mistake(gold(tiers.TierPolicy()), _("That is the number with the default cut-off; move the slider first.")),
            Mistake(at_opening, _("That is the number at the opening date; the question means the closing date.")),
            Mistake(
                gold(tiers.TierPolicy(gold_from=cut, **tiers.STUDY.textbook)),
                _("Your weights are those of the textbook case; press Reset first."),
            ),
        ],
        unit=_("firms"),
        tolerance=0.0,
    )


EXERCISES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (weighted_score, veto, boundary, credit_total, expected_loss, abc_count, top_share, in_the_book)
}


def ask(name: str, seed: int = 0) -> Ask:
    """Return one of the chapter's exercises, by name."""
    return Ask(f"tiers.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: what the top fifth of the branch's customers bring."""
    shares = pareto.headline(pareto.classify(pareto.prepare(load("bank_loans")), pareto.AbcRule()))
    question = _("What share of the branch's income do its top 20 % of firms bring?")
    return Guess(question, shares["top_share"], 0, 100, "%", 0)

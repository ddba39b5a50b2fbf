"""Exercises of the chapter on loyalty. Every key comes from the chapter's model functions."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd

from crmlib.data import load
from crmlib.i18n import _
from crmlib.models import loyalty
from crmlib.models import loyalty_measures as measures
from crmlib.models.loyalty_survey import ATTRIBUTES, INDICATORS, Survey, order_figures, prepare
from crmlib.practice.exercise import Ask, Exercise, Guess, Maker, Mistake, apart


@apart
def satisfaction(draw: Random) -> Exercise:
    """Weigh c = b ÷ a over three attributes."""
    names = [_(label) for label in list(ATTRIBUTES.values())[:3]]
    a = [draw.choice([5, 6, 8, 10]) for _i in range(3)]
    b = [draw.choice([4, 5, 6, 7, 8, 9, 10]) for _i in range(3)]
    weights = draw.choice([(5, 3, 2), (2, 5, 3), (6, 3, 1), (1, 3, 6)])
    c = measures.satisfaction(np.array(b, float), np.array(a, float))
    key = float(measures.weighted_mean(c, np.array(weights, float)))
    listed = _("; ").join(
        _("{name}: expected {a}, found {b}").format(name=n, a=x, b=y) for n, x, y in zip(names, a, b, strict=True)
    )
    weigh = np.array(weights) / sum(weights)
    return Exercise(
        _("A customer answers: {listed}. The weights are {weights}. What is the weighted satisfaction c?").format(
            listed=listed, weights=" : ".join(map(str, weights))
        ),
        key,
        _("c by attribute is {each}; weighted, that is {key:.3f}.").format(
            each=_(", ").join(f"{v:.3f}" for v in c), key=key
        ),
        [
            Mistake(
                float(weigh @ (np.array(a) / np.array(b))), _("You turned it over: c is experience ÷ expectation.")
            ),
            Mistake(float(c.mean()), _("That is the plain mean: the weights have not been used.")),
            Mistake(sum(b) / sum(a), _("You divided the sums; divide attribute by attribute, then weigh.")),
            Mistake(float(weigh @ (np.array(b) - np.array(a))), _("That is the difference b − a, not the ratio.")),
        ],
        tolerance=0.003,
    )


@apart
def promoters(draw: Random) -> Exercise:
    """Compute a net promoter score from a table of answers."""
    counts = {s: draw.randrange(2, 30) for s in (5, 6, 7, 8, 9, 10)}
    answers = np.repeat(np.array(list(counts), float), list(counts.values()))
    key, up, down = measures.nps(answers)
    listed = _("; ").join(_("{score}: {n} customers").format(score=s, n=n) for s, n in counts.items())
    rated = up + down
    return Exercise(
        _("How likely are you to recommend us, 0 to 10? {listed}. What is the net promoter score?").format(
            listed=listed
        ),
        key,
        _("{up:.1f} % promoters less {down:.1f} % detractors.").format(up=up, down=down),
        [
            Mistake(up, _("That is the share of promoters; take the detractors off.")),
            Mistake(100 * key / rated, _("You left the passives out of the base; they count in it.")),
            Mistake(
                100 * float((answers >= 8).mean() - (answers <= 6).mean()),
                _("You counted 8 as a promoter; promoters begin at 9."),
            ),
            Mistake(
                100 * float((answers >= 9).mean() - (answers <= 5).mean()),
                _("You counted 6 as passive; detractors reach up to 6."),
            ),
            Mistake(-key, _("You took the promoters from the detractors.")),
        ],
        unit=_("points"),
        tolerance=0.002,
    )


@apart
def wallet_rule(draw: Random) -> Exercise:
    """Apply the wallet allocation rule, with a tie at the top."""
    n = draw.choice([3, 4, 5])
    top = draw.choice([8, 9])
    ratings = [top, top, *sorted((draw.randrange(3, top) for _i in range(n - 2)), reverse=True)]
    key = 100 * float(measures.wallet_allocation(np.array(ratings, float))[0])

    def share(rank: float) -> float:
        return 100 * (1 - rank / (n + 1)) * 2 / n

    return Exercise(
        _(
            "A customer uses {n} stores and rates them {ratings}; ours is the first. What share of wallet (in %) does "
            "the wallet allocation rule give us? Ties share the mean rank."
        ).format(n=n, ratings=_(", ").join(map(str, ratings))),
        key,
        _("Ranks 1 and 2 are shared, 1.5 each: (1 − 1.5 ÷ {m}) × 2 ÷ {n}.").format(m=n + 1, n=n),
        [
            Mistake(share(1), _("Two stores are first; they share ranks 1 and 2, so the rank is 1.5.")),
            Mistake(share(2), _("You gave the tie the worse rank; the mean of 1 and 2 is 1.5.")),
            Mistake(100 / n, _("That is an equal share for all stores; the rule goes by rank.")),
            Mistake(100 * top / sum(ratings), _("You shared by rating; the rule goes by rank alone.")),
            Mistake(100 * (1 - 1.5 / (n + 1)), _("You left out the factor 2 ÷ n, so that the shares exceed 100 %.")),
        ],
        unit="%",
        tolerance=0.004,
    )


@apart
def wallet(draw: Random) -> Exercise:
    """Take returns off before the share of wallet is computed."""
    bought, back = draw.choice(range(2000, 6000, 200)), draw.choice(range(400, 1600, 200))
    rivals = [draw.choice(range(800, 4000, 200)) for _i in range(2)]
    net, other = float(bought - back), float(sum(rivals))
    key = 100 * float(measures.wallet_share(np.array([net]), np.array([rivals], float))[0])
    return Exercise(
        _(
            "In a year a customer buys from us for {bought:,} yuan and returns goods for {back:,}; at two rivals the "
            "customer spends {a:,} and {b:,}. What is our share of wallet (in %)?"
        ).format(bought=bought, back=back, a=rivals[0], b=rivals[1]),
        key,
        _("{net:,.0f} of {total:,.0f} yuan.").format(net=net, total=net + other),
        [
            Mistake(100 * bought / (bought + other), _("You did not take the returns off.")),
            Mistake(100 * net / other, _("You compared us with the rivals; a share is of the whole, ours included.")),
            Mistake(100 * net / (net + max(rivals)), _("You counted one rival only; the wallet holds both.")),
            Mistake(100 * other / (net + other), _("That is the share of the rivals.")),
        ],
        unit="%",
        tolerance=0.003,
    )


@apart
def missing(draw: Random) -> Exercise:
    """Compute an index where one indicator is not known."""
    names = [_(INDICATORS[n].label) for n in ("repeat", "recommend", "wallet", "feeling")]
    points = [draw.choice(range(20, 100, 5)) for _i in range(4)]
    weights = draw.choice([(3, 2, 3, 2), (4, 1, 3, 2), (2, 3, 4, 1), (1, 2, 4, 3)])
    gone = draw.randrange(4)
    known = np.array([np.nan if k == gone else p for k, p in enumerate(points)], float)
    key = float(measures.weighted_mean(known, np.array(weights, float)))
    sum_known = sum(w * p for k, (w, p) in enumerate(zip(weights, points, strict=True)) if k != gone)
    shown = _("; ").join(
        _("{name} {points} (weight {weight})").format(name=n, points=_("not known") if k == gone else p, weight=w)
        for k, (n, p, w) in enumerate(zip(names, points, weights, strict=True))
    )
    return Exercise(
        _("Points and weights of a customer: {shown}. What is the loyalty index?").format(shown=shown),
        key,
        _("{sum} divided by {weights}, the sum of the weights that are known.").format(
            sum=sum_known, weights=sum(weights) - weights[gone]
        ),
        [
            Mistake(sum_known / sum(weights), _("You counted the unknown indicator as zero; it is not known.")),
            Mistake(float(np.nanmean(known)), _("That is the plain mean of what is known: use the weights.")),
            Mistake(
                (sum_known + 50 * weights[gone]) / sum(weights),
                _("You filled in 50 for the unknown indicator; nothing is filled in."),
            ),
        ],
        unit=_("points"),
        tolerance=0.004,
    )


@apart
def direction(draw: Random) -> Exercise:
    """Turn minutes into points, where less is better."""
    rule = INDICATORS["choosing"]
    minutes = draw.choice([6, 9, 12, 15, 18, 21, 24, 36, 39, 42, 45, 48, 51])
    key = float(measures.points(np.array(float(minutes)), rule.zero_at, rule.full_at))
    return Exercise(
        _(
            "A customer spends {minutes} minutes choosing. {zero:g} minutes and more earn 0 points, {full:g} minutes "
            "100, in a straight line. How many points?"
        ).format(minutes=minutes, zero=rule.zero_at, full=rule.full_at),
        key,
        _("A loyal customer chooses quickly: ({zero:g} − {minutes}) ÷ {zero:g} × 100.").format(
            zero=rule.zero_at, minutes=minutes
        ),
        [
            Mistake(100 - key, _("You took more time for more loyalty; here less is better.")),
            Mistake(float(100 - minutes), _("You took the minutes from 100; the scale ends at 60 minutes.")),
            Mistake(rule.zero_at - minutes, _("Those are minutes; bring them to 0 to 100 points.")),
        ],
        unit=_("points"),
    )


@apart
def repeat_rate(draw: Random) -> Exercise:
    """Compute a repeat purchase rate from orders that include returns."""
    counts = [draw.choice([0, 1, 1, 2, 3, 4]) for _i in range(8)]
    returned = sorted(draw.sample(range(8), 2))
    ids = pd.Index([f"K{k}" for k in range(1, 9)])
    lines = [(ids[k], 100.0) for k, n in enumerate(counts) for _i in range(n)]
    lines += [(ids[k], -100.0) for k in returned if counts[k]]
    orders = pd.DataFrame(lines, columns=["customer_id", "amount"]).assign(date=pd.Timestamp("2024-05-01"))
    purchases = np.nan_to_num(order_figures(orders, ids, (2024,))[0][:, 0])
    key = 100 * measures.repeat_purchase_rate(purchases)
    buyers, twice = int((purchases >= 1).sum()), int((purchases >= 2).sum())
    if not buyers or not twice:
        return repeat_rate(draw)
    with_returns = purchases + np.isin(range(8), returned) * (purchases > 0)
    less_returns = purchases - np.isin(range(8), returned) * (purchases > 0)
    shown = _("; ").join(
        _("{name} {n}").format(name=i, n=int(n)) + (_(" and 1 return") if k in returned and n else "")
        for k, (i, n) in enumerate(zip(ids, purchases, strict=True))
    )
    return Exercise(
        _(
            "Purchases of eight customers in a year: {shown}. A return takes no purchase back. What is the repeat "
            "purchase rate (in %): buyers with at least two purchases among all buyers?"
        ).format(shown=shown),
        key,
        _("{twice} of {buyers} buyers.").format(twice=twice, buyers=buyers),
        [
            Mistake(100 * twice / 8, _("Your base holds people who bought nothing; the base is the buyers.")),
            Mistake(
                100 * float((with_returns >= 2).sum()) / buyers, _("You counted a return as a purchase; it is none.")
            ),
            Mistake(
                100 * float((less_returns >= 2).sum()) / max(float((less_returns >= 1).sum()), 1),
                _("You took returned purchases back; by the convention stated they still count."),
            ),
            Mistake(
                100 * float(np.maximum(purchases - 1, 0).sum() / purchases.sum()),
                _("That is the share of purchases that are repeats; the rate counts customers."),
            ),
        ],
        unit="%",
        tolerance=0.004,
    )


def _quadrant_mistakes(key: int) -> list[Mistake]:
    cut = _("Compare each score with its own cut, and mind that a score equal to its cut is high.")
    if key == 0:
        return [Mistake(1, cut), Mistake(2, cut)]
    found = [Mistake(0, _("Satisfied is not loyal: attitude and behaviour must both be high."))]
    if key == 3:
        return [*found, Mistake(2, cut)]
    mixed = _("You mixed up the two: latent is liking without buying, spurious is buying without liking.")
    return [*found, Mistake(3 - key, mixed)]


@apart
def quadrant(draw: Random) -> Exercise:
    """Place a customer by attitude and behaviour."""
    cuts = draw.choice([(60, 50), (55, 45), (65, 40)])
    high, buys = draw.choice([(True, False), (False, True), (True, True), (False, False)])
    attitude = cuts[0] + draw.choice([0, 5, 12]) if high else cuts[0] - draw.choice([4, 9, 15])
    behaviour = cuts[1] + draw.choice([0, 6, 20]) if buys else cuts[1] - draw.choice([3, 11, 18])
    key = int(measures.dick_basu(np.array([attitude]), np.array([behaviour]), *cuts)[0])
    return Exercise(
        _(
            "A customer is satisfied. Attitude scores {attitude} (cut {a}), behaviour {behaviour} (cut {b}); a score "
            "equal to its cut is high. Which kind of loyalty is it?"
        ).format(attitude=attitude, a=cuts[0], behaviour=behaviour, b=cuts[1]),
        key,
        _("Attitude is {attitude}, behaviour is {behaviour}.").format(
            attitude=_("high") if high else _("low"), behaviour=_("high") if buys else _("low")
        ),
        _quadrant_mistakes(key),
        [_(k) for k in measures.KINDS],
    )


@cache
def _survey() -> Survey:
    return prepare(load("loyalty_customers"), load("loyalty_orders"))


@apart
def in_the_store(draw: Random) -> Exercise:
    """Read a figure off the explorer, on the store's own data."""
    cut = float(draw.choice([50, 54, 57, 65, 68, 70, 72]))

    def found(**inputs: Any) -> dict[str, float]:
        return loyalty.headline(loyalty.measure(_survey(), loyalty.LoyaltyPolicy(**inputs)))

    now = found(loyal_from=cut)
    return Exercise(
        _(
            "In the explorer above, set “Loyal from an index of” to {cut:g} and leave the rest at its default. What "
            "share of the customers (in %) is satisfied but not loyal?"
        ).format(cut=cut),
        now["satisfied_not_loyal"],
        _("The explorer and this check use the same function, {function}.").format(function="measure"),
        [
            Mistake(
                found()["satisfied_not_loyal"], _("That is the share with the default cut; move the slider first.")
            ),
            Mistake(100 - now["loyal"], _("Those are all who are not loyal; count the satisfied ones among them.")),
            Mistake(
                found(loyal_from=cut, wave="first")["satisfied_not_loyal"],
                _("That is the first survey; the question means the last one."),
            ),
        ],
        unit="%",
        tolerance=0.004,
    )


MAKERS: tuple[Callable[[Random], Exercise], ...] = (
    satisfaction,
    promoters,
    wallet_rule,
    wallet,
    missing,
    direction,
    repeat_rate,
    quadrant,
    in_the_store,
)
EXERCISES: dict[str, Maker] = {maker.__name__: maker for maker in MAKERS}


def ask(name: str, seed: int = 0) -> Ask:
    """Return one of the chapter's exercises, by name."""
    return Ask(f"loyalty.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: how many satisfied customers are not loyal."""
    m = loyalty.measure(_survey(), loyalty.LoyaltyPolicy())
    shares = loyalty.shares_by_wave(m)
    question = _("Of a department store's satisfied customers, how many in a hundred are not loyal?")
    answer = 100 * float(shares["not_loyal"][-1] / shares["satisfied"][-1])
    return Guess(question, answer, 0, 100, _("in a hundred"), 0)

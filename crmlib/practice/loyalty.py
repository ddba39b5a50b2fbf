"""Exercises of the chapter on loyalty. Every key comes from the chapter's model functions."""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.loyalty.models import loyalty, measures
from crmlib.chapters.loyalty.models.survey import ATTRIBUTES, INDICATORS, Survey, prepare
from crmlib.data import load
from crmlib.formulas.arrays import Floats, Ints
from crmlib.i18n import _
from crmlib.practice.ask import Ask, Guess
from crmlib.practice.exercise import Exercise, Maker, Mistake, apart, products


@apart
def satisfaction(draw: Random) -> Exercise:
    """Weigh c = b ÷ a over three attributes."""
    names = [_(label) for label in list(ATTRIBUTES.values())[:3]]
    a = np.array([draw.choice([4, 5, 6, 8, 10]) for _i in range(3)])
    b = np.array([draw.randrange(3, 11) for _i in range(3)])
    weights = np.array(draw.sample(draw.choice([(5, 3, 2), (6, 3, 1), (7, 2, 1)]), 3))
    c = measures.satisfaction(b.astype(float), a.astype(float))
    key = float(measures.weighted_mean(c, weights.astype(float)))
    listed = _("; ").join(
        _("{name}: expected {a}, found {b}").format(name=n, a=x, b=y) for n, x, y in zip(names, a, b, strict=True)
    )
    each = _("; ").join(f"{y} ÷ {x} = {value:.3f}" for x, y, value in zip(a, b, c, strict=True))
    weighed = " + ".join(f"{weight} × {value:.3f}" for weight, value in zip(weights, c, strict=True))
    return Exercise(
        _("A customer answers: {listed}. The weights are {weights}. What is the weighted satisfaction c?").format(
            listed=listed, weights=" : ".join(map(str, weights))
        ),
        key,
        _("c by attribute: {each}. Weighted: ({weighed}) ÷ {total} = {key:.3f}.").format(
            each=each, weighed=weighed, total=weights.sum(), key=key
        ),
        _satisfaction_mistakes(a, b, weights, c),
        tolerance=0.003,
        hints=(
            _("Divide first, attribute by attribute; the weights come after."),
            _("Weights count as shares of their sum."),
        ),
    )


def _satisfaction_mistakes(a: Ints, b: Ints, weights: Ints, c: Floats) -> list[Mistake]:
    share = weights / weights.sum()
    return [
        Mistake(float(share @ (a / b)), _("You turned it over: c is experience ÷ expectation."), "ratio_turned_over"),
        Mistake(float(c.mean()), _("That is the plain mean: the weights have not been used."), "weights_ignored"),
        Mistake(
            float(b.sum() / a.sum()),
            _("You divided the sums; divide attribute by attribute, then weigh."),
            "sums_divided_first",
        ),
        Mistake(float(share @ (b - a)), _("That is the difference b − a, not the ratio."), "difference_for_ratio"),
        Mistake(
            float(share @ (c - 1)),
            _("That is the relative difference (b − a) ÷ a; the ratio is one more."),
            "relative_for_ratio",
        ),
        Mistake(
            float(weights @ c), _("You left the weights as they are; divide them by their sum."), "weights_not_shared"
        ),
        Mistake(
            float(c[weights.argmax()]),
            _("You looked at the heaviest attribute alone; the other two count as well."),
            "heaviest_only",
        ),
    ]


@apart
def promoters(draw: Random) -> Exercise:
    """Compute a net promoter score from a table of answers."""
    counts = {s: draw.randrange(2, 30) for s in (5, 6, 7, 8, 9, 10)}
    answers = np.repeat(np.array(list(counts), float), list(counts.values()))
    key, up, down = measures.nps(answers)
    listed = _("; ").join(_("{score}: {n} customers").format(score=s, n=n) for s, n in counts.items())
    return Exercise(
        _("How likely are you to recommend us, 0 to 10? {listed}. What is the net promoter score?").format(
            listed=listed
        ),
        key,
        _(
            "Promoters {nine} + {ten} = {more}, detractors {five} + {six} = {fewer}, of {all} customers; "
            "({more} − {fewer}) ÷ {all} × 100 = {key:.2f}."
        ).format(
            nine=counts[9],
            ten=counts[10],
            more=counts[9] + counts[10],
            five=counts[5],
            six=counts[6],
            fewer=counts[5] + counts[6],
            all=len(answers),
            key=key,
        ),
        _promoter_mistakes(counts, key, up, down),
        unit=_("points"),
        tolerance=0.002,
        hints=(
            _("Sort the answers into promoters, passives and detractors first."),
            _("Whoever answered belongs in the base, whatever the answer."),
        ),
    )


def _promoter_mistakes(counts: dict[int, int], key: float, up: float, down: float) -> list[Mistake]:
    one = 100 / sum(counts.values())  # what one customer is of the base, in %
    return [
        Mistake(up, _("That is the share of promoters; take the detractors off."), "detractors_forgotten"),
        Mistake(
            100 * key / (up + down),
            _("You left the passives out of the base; they count in it."),
            "passives_dropped",
        ),
        Mistake(key + one * counts[8], _("You counted 8 as a promoter; promoters begin at 9."), "promoters_too_wide"),
        Mistake(
            key + one * counts[6],
            _("You counted 6 as passive; detractors reach up to 6."),
            "detractors_too_narrow",
        ),
        Mistake(
            key - one * counts[7],
            _("You counted 7 as a detractor; 7 and 8 are passive."),
            "detractors_too_wide",
        ),
        Mistake(-key, _("You took the promoters from the detractors."), "sign_reversed"),
        Mistake(
            key / one, _("Those are customers; the score is the difference of two shares in %."), "counts_for_shares"
        ),
    ]


@apart
def wallet_rule(draw: Random) -> Exercise:
    """Apply the wallet allocation rule, with a tie at the top."""
    n, top = draw.choice([4, 5, 6]), draw.choice([8, 9, 10])
    others = [top, *(draw.randrange(3, top) for _i in range(n - 2))]
    ratings = [top, *draw.sample(others, len(others))]
    key = 100 * float(measures.wallet_allocation(np.array(ratings, float))[0])
    return Exercise(
        _(
            "A customer uses {n} stores and rates them {ratings}; ours is the first. What share of wallet (in %) does "
            "the wallet allocation rule give us? Ties share the mean rank."
        ).format(n=n, ratings=_(", ").join(map(str, ratings))),
        key,
        _("Ranks 1 and 2 are shared, 1.5 each: (1 − 1.5 ÷ {m}) × 2 ÷ {n} = {key:.1f}%.").format(m=n + 1, n=n, key=key),
        _rule_mistakes(n, 100 * top / sum(ratings)),
        unit="%",
        tolerance=0.004,
        hints=(
            _("Rank the stores first: tied stores share the mean of the places that they take up."),
            _("The shares of all stores must sum to 100%."),
        ),
    )


def _rule_mistakes(n: int, by_rating: float) -> list[Mistake]:
    def share(rank: float, stores: int = n) -> float:
        return 100 * (1 - rank / (stores + 1)) * 2 / stores

    return [
        Mistake(
            share(1), _("Two stores are first; they share ranks 1 and 2, so the rank is 1.5."), "best_rank_for_tie"
        ),
        Mistake(share(2), _("You gave the tie the worse rank; the mean of 1 and 2 is 1.5."), "worst_rank_for_tie"),
        Mistake(
            share(1, n - 1),
            _("You counted the two tied stores as one; there are {n} stores.").format(n=n),
            "tie_as_one_place",
        ),
        Mistake(100 / n, _("That is an equal share for all stores; the rule goes by rank."), "equal_shares"),
        Mistake(by_rating, _("You shared by rating; the rule goes by rank alone."), "shares_by_rating"),
        Mistake(
            100 * (1 - 1.5 / (n + 1)),
            _("You left out the factor 2 ÷ n, so that the shares exceed 100%."),
            "factor_left_out",
        ),
        Mistake(
            100 * 1.5 / (n + 1) * 2 / n,
            _("You forgot to take rank ÷ (n + 1) from 1, so that the worst store would get the most."),
            "rank_turned_over",
        ),
    ]


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
        _(
            "With us {bought:,} − {back:,} = {net:,.0f}; in all {net:,.0f} + {a:,} + {b:,} = {total:,.0f}; "
            "{net:,.0f} ÷ {total:,.0f} = {key:.1f}%."
        ).format(bought=bought, back=back, net=net, a=rivals[0], b=rivals[1], total=net + other, key=key),
        _wallet_mistakes(bought, net, other, max(rivals)),
        unit="%",
        tolerance=0.003,
        hints=(_("Ask what the customer spent with us in the end; that sum stands above the line and below it."),),
    )


def _wallet_mistakes(bought: float, net: float, other: float, larger: float) -> list[Mistake]:
    """Return the mistakes; of two that go by the distance to the rivals, the one that still looks like a share."""
    whole = net + other
    behind = Mistake(
        100 * net / other,
        _("You compared us with the rivals; a share is of the whole, ours included."),
        "base_without_us",
    )
    ahead = Mistake(
        100 * (net - other) / whole,
        _("That is our lead over the rivals; a share takes nothing off for them."),
        "lead_for_share",
    )
    return [
        Mistake(100 * bought / (bought + other), _("You did not take the returns off."), "returns_ignored"),
        behind if net < other else ahead,
        Mistake(100 * net / (net + larger), _("You counted one rival only; the wallet holds both."), "one_rival_only"),
        Mistake(100 * other / whole, _("That is the share of the rivals."), "rivals_share"),
        Mistake(
            100 * net / (bought + other),
            _("You took the returns off our sum and left them in the whole wallet."),
            "returns_left_in_base",
        ),
        Mistake(100 / 3, _("That is an equal share for three stores; divide what was spent."), "equal_shares"),
    ]


@apart
def missing(draw: Random) -> Exercise:
    """Compute an index where one indicator is not known."""
    names = [_(INDICATORS[n].label) for n in ("repeat", "recommend", "wallet", "feeling")]
    points = [draw.randrange(10, 100, 5) for _i in range(4)]
    weights = draw.sample((4, 3, 2, 1), 4)
    gone = draw.randrange(4)
    known = np.array([np.nan if k == gone else p for k, p in enumerate(points)], float)
    key = float(measures.weighted_mean(known, np.array(weights, float)))
    pairs = [(w, p) for k, (w, p) in enumerate(zip(weights, points, strict=True)) if k != gone]
    shown = _("; ").join(
        _("{name} {points} (weight {weight})").format(name=n, points=_("not known") if k == gone else p, weight=w)
        for k, (n, p, w) in enumerate(zip(names, points, weights, strict=True))
    )
    return Exercise(
        _("Points and weights of a customer: {shown}. What is the loyalty index?").format(shown=shown),
        key,
        _("{products} = {sum}; the weights that are known add up to {weights}; {sum} ÷ {weights} = {key:.2f}.").format(
            products=products(pairs), sum=sum(w * p for w, p in pairs), weights=sum(weights) - weights[gone], key=key
        ),
        _missing_mistakes(pairs, weights[gone]),
        unit=_("points"),
        tolerance=0.004,
        hints=(_("Nobody knows the missing points. Which weights are left, and what is their sum?"),),
    )


def _missing_mistakes(pairs: list[tuple[int, int]], freed: int) -> list[Mistake]:
    """Return the mistakes for known (weight, points) and the weight of what is missing."""
    carried, weights = sum(w * p for w, p in pairs), sum(w for w, _p in pairs) + freed
    plain = sum(p for _w, p in pairs) / len(pairs)
    return [
        Mistake(carried / weights, _("You counted the unknown indicator as zero; it is not known."), "missing_is_zero"),
        Mistake(plain, _("That is the plain mean of what is known: use the weights."), "weights_ignored"),
        Mistake(
            (carried + 50 * freed) / weights,
            _("You filled in 50 for the unknown indicator; nothing is filled in."),
            "missing_filled_in",
        ),
        Mistake(
            (carried + 100 * freed) / weights,
            _("You gave full points for the unknown indicator; nothing is known in its favour."),
            "missing_is_full",
        ),
        Mistake(
            (carried + plain * freed) / weights,
            _("You shared the weight that is free out equally; it goes to the known ones in proportion."),
            "weight_shared_equally",
        ),
        Mistake(
            (carried + max(pairs)[1] * freed) / weights,
            _("You gave the weight that is free to the heaviest indicator; it goes to all known ones in proportion."),
            "weight_to_heaviest",
        ),
    ]


@apart
def direction(draw: Random) -> Exercise:
    """Turn minutes into points, where less is better."""
    zero, full = draw.choice([40, 45, 50, 55, 60, 75, 80, 90]), draw.choice([2, 3, 4, 5, 8, 10, 12, 15])
    minutes = draw.randrange(full + 3, zero - 2)
    key = float(measures.points(np.array(float(minutes)), zero, full))
    return Exercise(
        _(
            "A customer spends {minutes} minutes choosing. {zero} minutes and more earn 0 points, {full} minutes and "
            "less earn 100, in a straight line. How many points?"
        ).format(minutes=minutes, zero=zero, full=full),
        key,
        _("A loyal customer chooses quickly: ({zero} − {minutes}) ÷ ({zero} − {full}) × 100 = {key:.2f}.").format(
            zero=zero, minutes=minutes, full=full, key=key
        ),
        _direction_mistakes(minutes, zero, full, key),
        unit=_("points"),
        hints=(
            _("Which end of the scale is the loyal one?"),
            _("How far is it from the end that earns nothing, as a share of the whole way?"),
        ),
    )


def _direction_mistakes(minutes: int, zero: int, full: int, key: float) -> list[Mistake]:
    return [
        Mistake(100 - key, _("You took more time for more loyalty; here less is better."), "direction_reversed"),
        Mistake(
            float(100 - minutes),
            _("You took the minutes from 100; the scale ends at {zero} minutes.").format(zero=zero),
            "raw_for_points",
        ),
        Mistake(float(zero - minutes), _("Those are minutes; bring them to 0 to 100 points."), "not_brought_to_scale"),
        Mistake(
            100 * (zero - minutes) / zero,
            _("You measured the way down to 0 minutes; full points are earned from {full} minutes on.").format(
                full=full
            ),
            "anchor_ignored",
        ),
        Mistake(
            100 * full / minutes,
            _("You divided the best time by this one; points fall in a straight line between the ends."),
            "quotient_for_line",
        ),
        Mistake(
            100 * minutes / zero,
            _("That is the time as a share of the longest; less time must earn more points."),
            "share_of_longest",
        ),
    ]


@apart
def repeat_rate(draw: Random) -> Exercise:
    """Compute a repeat purchase rate from a table of customers that includes returns."""
    none, twice, thrice = draw.randrange(5, 61), draw.randrange(10, 41), draw.randrange(5, 31)
    once = twice + thrice + draw.randrange(3, 41)
    back_one, back_two = draw.randrange(3, 13), draw.randrange(3, 10)
    purchases = np.repeat(np.arange(4.0), (none, once, twice, thrice))
    key = 100 * measures.repeat_purchase_rate(purchases)
    return Exercise(
        _(
            "In a year {none} customers on file bought nothing, {once} bought once ({back_one} of them returned it), "
            "{twice} bought twice ({back_two} of them returned one purchase), {thrice} bought three times. A return "
            "takes no purchase back. What is the repeat purchase rate (in %): buyers with at least two purchases "
            "among all buyers?"
        ).format(none=none, once=once, back_one=back_one, twice=twice, back_two=back_two, thrice=thrice),
        key,
        _(
            "At least twice bought {twice} + {thrice} = {again}; buyers are {once} + {twice} + {thrice} = {buyers}; "
            "{again} ÷ {buyers} = {key:.1f}%."
        ).format(once=once, twice=twice, thrice=thrice, again=twice + thrice, buyers=once + twice + thrice, key=key),
        _repeat_mistakes((none, once, twice, thrice), back_one, back_two),
        unit="%",
        tolerance=0.004,
        hints=(_("Say first who belongs in the base, then who of them bought at least twice."),),
    )


def _repeat_mistakes(customers: tuple[int, int, int, int], back_one: int, back_two: int) -> list[Mistake]:
    """Return the mistakes for customers with none to three purchases, and those who returned one of one or two."""
    none, once, twice, thrice = customers
    buyers, again = once + twice + thrice, twice + thrice
    return [
        Mistake(
            100 * again / (buyers + none),
            _("Your base holds people who bought nothing; the base is the buyers."),
            "base_holds_nonbuyers",
        ),
        Mistake(
            100 * (again + back_one) / buyers,
            _("You counted a return as a purchase; it is none."),
            "return_is_purchase",
        ),
        Mistake(
            100 * (again - back_two) / (buyers - back_one),
            _("You took returned purchases back; by the convention stated they still count."),
            "return_undoes_purchase",
        ),
        Mistake(
            100 * (twice + 2 * thrice) / (once + 2 * twice + 3 * thrice),
            _("That is the share of purchases that are repeats; the rate counts customers."),
            "purchases_for_customers",
        ),
        Mistake(100 * thrice / buyers, _("You began at three purchases; two are a repeat already."), "more_than_twice"),
        Mistake(
            100 * buyers / (buyers + none),
            _("That is the share of customers who bought at all; the question is who bought again."),
            "reach_for_repeat",
        ),
        Mistake(
            100 * again / once,
            _("You compared those who came again with those who did not; the base is all buyers."),
            "odds_for_share",
        ),
    ]


def _quadrant_mistakes(key: int) -> list[Mistake]:
    """Return what is wrong with each kind of loyalty but ``key``, by their places in ``measures.KINDS``."""
    satisfied = Mistake(0, _("Satisfied is not loyal: attitude and behaviour must both be high."), "satisfied_is_loyal")
    mixed = _("You mixed up the two: latent is liking without buying, spurious is buying without liking.")
    cut = _("Compare each score with its own cut, and mind that a score equal to its cut is high.")
    halves = _("One of the two scores is high; there is no loyalty only where both are low.")
    if key in (1, 2):
        return [satisfied, Mistake(3 - key, mixed, "latent_spurious_mixed"), Mistake(3, halves, "one_low_is_none")]
    both = [Mistake(kind, cut, "cut_misread") for kind in (1, 2)]
    if key == 3:
        return [satisfied, *both]
    return [*both, Mistake(3, _("Both scores reach their cuts; that is the opposite of none."), "cut_misread")]


@apart
def quadrant(draw: Random) -> Exercise:
    """Place a customer by attitude and behaviour."""
    cuts = draw.randrange(50, 71, 5), draw.randrange(35, 61, 5)
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
        hints=(_("Hold each score against its own cut. That the customer is satisfied decides neither."),),
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
                found()["satisfied_not_loyal"],
                _("That is the share with the default cut; move the slider first."),
                "default_left",
            ),
            Mistake(
                100 - now["loyal"],
                _("Those are all who are not loyal; count the satisfied ones among them."),
                "dissatisfied_counted",
            ),
            Mistake(
                found(loyal_from=cut, wave="first")["satisfied_not_loyal"],
                _("That is the first survey; the question means the last one."),
                "first_survey",
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


def ask(name: str, seed: int | None = None) -> Ask:
    """Return one of the chapter's exercises, by name; without a seed with numbers of the student's own."""
    return Ask(f"loyalty.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: how many satisfied customers are not loyal."""
    m = loyalty.measure(_survey(), loyalty.LoyaltyPolicy())
    shares = loyalty.shares_by_wave(m)
    question = _("Of a department store's satisfied customers, how many in a hundred are not loyal?")
    answer = 100 * float(shares["not_loyal"][-1] / shares["satisfied"][-1])
    why = _(
        "Satisfied customers leave too: they buy where it is near or cheap, and a rival satisfies them just as well."
    )
    section = _("Satisfied is not loyal")
    return Guess(question, answer, 0, 100, _("in a hundred"), why=why, section=section, memory="guess:loyalty")

"""Exercises of the chapter on distributors. Every key comes from the chapter's model functions."""

from random import Random
from typing import Any

import numpy as np

from crmlib.data import load
from crmlib.i18n import N_, _
from crmlib.models import discounts, motivation
from crmlib.models import distributors as model
from crmlib.models import multicriteria as mc
from crmlib.practice.exercise import Ask, Exercise, Guess, Maker, Mistake, apart

LETTERS = ("A", "B", "C")
SOME = (N_("market coverage"), N_("willingness"), N_("finances"))


def _some() -> str:
    return _(", ").join(_(f) for f in SOME)


def _table(scores: np.ndarray) -> str:
    """Return the scores as text: A 80, 60, 70; B …"""
    rows = [_(", ").join(map(str, line)) for line in scores.astype(int).tolist()]
    return _("; ").join(f"{letter}: {row}" for letter, row in zip(LETTERS, rows, strict=False))


def weighted_total(draw: Random) -> Exercise:
    """Compute a weighted score with weights that do not add up to one."""
    scores = [draw.choice(range(40, 96, 5)) for _i in range(3)]
    raw = draw.choice([(5, 3, 4), (6, 2, 4), (5, 2, 1), (4, 6, 2), (3, 5, 6)])
    weighed, total = sum(r * s for r, s in zip(raw, scores, strict=True)), sum(raw)
    key = float(mc.weighted_scores(np.array([scores], float), np.array(raw) / total)[0])
    return Exercise(
        _(
            "A candidate scores {scores} on {factors}, with weights {weights} in this order. What is the weighted "
            "score?"
        ).format(scores=_(", ").join(map(str, scores)), factors=_some(), weights=" : ".join(map(str, raw))),
        key,
        _("The weighted sum {weighed} divided by the sum of the weights {total} is {key:.2f}.").format(
            weighed=weighed, total=total, key=key
        ),
        [
            Mistake(weighed, _("You left the weighted sum as it is; divide it by the sum of the weights.")),
            Mistake(weighed / 3, _("You divided by the number of factors; divide by the sum of the weights.")),
            Mistake(sum(scores) / 3, _("That is the plain mean: the weights have not been used.")),
        ],
        unit=_("points"),
        tolerance=0.002,
    )


def knocked_out(draw: Random) -> Exercise:
    """Find the winner where the best total fails a minimum."""
    least = draw.choice([55, 60, 65])
    rows = [[85, least - 10, 85], [75, least + 10, 70], [60, least + 15, 65]]
    order = [0, 1, 2]
    draw.shuffle(order)
    scores = np.array([rows[i] for i in order], float)
    total = mc.weighted_scores(scores, np.full(3, 1 / 3))
    left = scores[:, 1] >= least
    by_total = int(mc.ranks(total, np.ones(3, bool)).argmin())
    key = int(np.flatnonzero(mc.ranks(total, left) == 1)[0])
    willing = int(scores[:, 1].argmax())
    return Exercise(
        _(
            "Three candidates score on {factors}: {table}. The factors weigh the same, and willingness must be at "
            "least {least}. Who wins?"
        ).format(factors=_some(), table=_table(scores), least=least),
        key,
        _("{out} has the highest total but is knocked out by willingness; of the others {win} scores most.").format(
            out=LETTERS[by_total], win=LETTERS[key]
        ),
        [
            Mistake(
                by_total, _("That is the highest total, but it falls short of the minimum, which no total makes up.")
            ),
            Mistake(willing, _("You took the most willing one; the minimum only knocks out, then the totals decide.")),
        ],
        list(LETTERS),
    )


def dethrone(draw: Random) -> Exercise:
    """Find the change of one raw weight at which the runner-up draws level."""
    ahead, behind = draw.choice([10, 20, 30]), draw.choice([5, 10, 20])
    r1, r2 = draw.choice(range(35, 75, 5)), draw.choice([10, 15, 20, 25])
    scores = np.array([[60.0 + ahead, 50.0], [60.0, 50.0 + behind]])
    if r1 * ahead <= r2 * behind or ahead == behind:
        return dethrone(draw)  # A must lead, and its two advantages must differ
    found = mc.dethroning(scores, np.array([r1, r2], float), 0)
    key = float(found.change[1])
    lead = r1 * ahead - r2 * behind
    mean = lead / (r1 + r2)
    return Exercise(
        _(
            "Two factors weigh {r1} and {r2} points. A scores {a}, B scores {b}; A leads. By how many points must the "
            "weight of the second factor rise, the first unchanged, for B to draw level?"
        ).format(
            r1=r1,
            r2=r2,
            a=_(", ").join(f"{v:g}" for v in scores[0]),
            b=_(", ").join(f"{v:g}" for v in scores[1]),
        ),
        key,
        _(
            "A leads by {lead} before dividing by the sum; each point of weight brings B {behind} closer: {key:g}."
        ).format(lead=lead, behind=behind, key=key),
        [
            Mistake(r2 + key, _("That is the new weight; the question asks for the change.")),
            Mistake(mean, _("That is A's lead in points of score, not a change of weight.")),
            Mistake(
                lead / ahead, _("You divided by A's advantage on the first factor; the second one's weight moves.")
            ),
        ],
        unit=_("points"),
        tolerance=0.002,
    )


def consistency(draw: Random) -> Exercise:
    """Compute a consistency ratio from λ max."""
    n = draw.choice([3, 4, 5, 6])
    index = draw.choice([0.02, 0.03, 0.05, 0.07, 0.09, 0.12])
    lam = round(n + index * (n - 1), 2)
    ri = mc.RANDOM_INDEX["saaty"][n - 1]
    ci = (lam - n) / (n - 1)
    key = ci / ri
    return Exercise(
        _(
            "A matrix of {n} factors has the largest eigenvalue {lam}. Saaty's random index for {n} is {ri}. What is "
            "the consistency ratio (to three decimals)?"
        ).format(n=n, lam=lam, ri=ri),
        key,
        _("CI = ({lam} − {n}) ÷ {less} = {ci:.4f}; divided by {ri} it is {key:.3f}; up to 0.10 is acceptable.").format(
            lam=lam, n=n, less=n - 1, ci=ci, ri=ri, key=key
        ),
        [
            Mistake(ci, _("That is the consistency index; divide it by the random index.")),
            Mistake((lam - n) / n / ri, _("You divided by n; the consistency index divides by n − 1.")),
            Mistake(lam / ri, _("You divided the eigenvalue itself; first take n off it.")),
            Mistake(100 * key, _("Right ratio, in per cent; the question asks for three decimals.")),
        ],
        tolerance=0.0008,
    )


def closeness(draw: Random) -> Exercise:
    """Compute a TOPSIS closeness from the two distances."""
    best, worst = draw.sample(range(2, 12), 2)
    key = worst / (best + worst)
    return Exercise(
        _(
            "TOPSIS finds a candidate at distance {best} from the ideal and {worst} from the worst point. What is its "
            "closeness (to two decimals)?"
        ).format(best=best / 100, worst=worst / 100),
        key,
        _("Distance from the worst ÷ (distance from the ideal + distance from the worst) = {key:.3f}.").format(key=key),
        [
            Mistake(
                best / (best + worst),
                _("You put the distance from the ideal on top; near the ideal must give near one."),
            ),
            Mistake(worst / best, _("That is the ratio of the distances; divide by their sum.")),
            Mistake(best / worst, _("That is the ratio of the distances, upside down too; divide by their sum.")),
        ],
        tolerance=0.006,
    )


def entropy_zero(draw: Random) -> Exercise:
    """Say which factor gets entropy weight zero."""
    same, wide = draw.choice([60, 70, 80, 90]), draw.choice([30, 40])
    columns = [[same] * 3, [50, 50 + wide, 50 - wide / 2], [60, 66, 63]]
    order = [0, 1, 2]
    draw.shuffle(order)
    scores = np.array([columns[i] for i in order], float).T
    weights = mc.entropy_weights(scores)
    assert weights is not None
    key, most, highest = int(weights.argmin()), int(weights.argmax()), int(scores.mean(axis=0).argmax())
    mistakes = [Mistake(most, _("That factor tells the candidates apart best, so entropy gives it the most weight."))]
    if highest not in (key, most):
        mistakes.append(Mistake(highest, _("High scores do not matter to entropy, only differences do.")))
    little = ({0, 1, 2} - {key, most}).pop()
    if little != highest or highest in (key, most):
        mistakes.append(Mistake(little, _("Small differences give a small weight, but not zero.")))
    return Exercise(
        _("Three candidates score on {factors}: {table}. Which factor gets entropy weight zero?").format(
            factors=_some(), table=_table(scores)
        ),
        key,
        _("All three score the same on it: it tells nobody apart, so its weight is zero, however important it is."),
        mistakes,
        [_(f) for f in SOME],
    )


def rebate_cliff(draw: Random) -> Exercise:
    """Find the cheapest surplus cost that keeps a dealer from buying up to a step."""
    demand = draw.choice(range(800, 1500, 50))
    step = demand + draw.choice([100, 150, 200, 250, 300])
    rate, price = draw.choice([2, 3, 4]), 100
    rule = motivation.LadderRule(
        step_1=step, rate_1=rate, step_2=3990, rate_2=rate, step_3=4000, rate_3=rate, price=price
    )
    jump = float(motivation.rebate(np.array([step]), rule)[0])
    key = jump / (step - demand)
    return Exercise(
        _(
            "A dealer can sell {demand} cases at {price} yuan. From {step} cases on he gets {rate} % on every case of "
            "the quarter. Up to what cost of a surplus case (yuan) does it pay him to order {step} all the same?"
        ).format(demand=demand, price=price, step=step, rate=rate),
        key,
        _("The rebate of {jump:,.0f} yuan is won by {surplus} surplus cases: {key:.2f} yuan each.").format(
            jump=jump, surplus=step - demand, key=key
        ),
        [
            Mistake(
                rate * price / 100, _("That is the rebate on one case; the step pays it on all cases of the quarter.")
            ),
            Mistake(
                rate * price / 100 * demand / (step - demand),
                _("You counted the rebate on what he sells; the surplus earns it too."),
            ),
            Mistake(jump, _("That is the whole rebate; divide it by the surplus cases.")),
        ],
        unit=_("yuan"),
        tolerance=0.002,
    )


def safety(draw: Random) -> Exercise:
    """Compute a safety stock with uncertain demand and lead time."""
    d, sd = draw.choice(range(80, 260, 20)), draw.choice(range(15, 50, 5))
    lead, lead_sd = draw.choice(range(2, 9)), draw.choice([0.4, 0.5, 0.8, 1])
    z = draw.choice([1.28, 1.65, 2.33])
    key = motivation.safety_stock(z, sd, lead, d, lead_sd)
    return Exercise(
        _(
            "A dealer sells {d} cases a week, standard deviation {sd}; deliveries take {lead} weeks, standard "
            "deviation {lead_sd}; z = {z}. What is the safety stock (cases)?"
        ).format(d=d, sd=sd, lead=lead, lead_sd=lead_sd, z=z),
        key,
        _("z·√(L·σd² + d²·σL²) = {key:.1f}.").format(key=key),
        [
            Mistake(motivation.safety_stock(z, sd, lead), _("You left out that deliveries are early or late.")),
            Mistake(
                motivation.safety_stock(z, sd * lead, 1, d, lead_sd),
                _("Standard deviations do not add up week by week; variances do."),
            ),
            Mistake(z * d * lead_sd, _("You left out that demand varies from week to week.")),
            Mistake(d * lead + key, _("That is the reorder point; the safety stock is what it holds beyond d·L.")),
            Mistake(
                z * (np.sqrt(lead) * sd + d * lead_sd),
                _("You added the two standard deviations; add their squares and take the root."),
            ),
        ],
        unit=_("cases"),
        tolerance=0.004,
    )


def cash_discount(draw: Random) -> Exercise:
    """Annualise the cost of forgoing a cash discount."""
    rate, cash, net = draw.choice([1, 1.5, 2, 2.5, 3]), draw.choice([7, 10, 15]), draw.choice([30, 40, 45, 60])
    year = draw.choice([360, 365])
    key = 100 * discounts.annual_cost(rate / 100, cash, net, year)
    other = 100 * discounts.annual_cost(rate / 100, cash, net, 725 - year)
    days = net - cash
    return Exercise(
        _(
            "Terms are {rate}/{cash} net {net}. What does it cost a year to forgo the discount, simple interest and "
            "{year} days (in %)?"
        ).format(rate=rate, cash=cash, net=net, year=year),
        key,
        _("{rate} ÷ {rest} × {year} ÷ {days} = {key:.2f} %.").format(
            rate=rate, rest=100 - rate, year=year, days=days, key=key
        ),
        [
            Mistake(
                other,
                _("You counted the year with the other number of days; the question says {year}.").format(year=year),
            ),
            Mistake(
                rate * year / days, _("You divided by 100; the dealer keeps only what is left after the discount.")
            ),
            Mistake(
                100 * discounts.annual_cost(rate / 100, 0, net, year),
                _("You divided by all the days; the money is gained only from the end of the cash period."),
            ),
            Mistake(rate, _("That is the discount itself; it is won in a few days, so a year's rate is far higher.")),
        ],
        unit="%",
        tolerance=0.002,
    )


def in_the_case(draw: Random) -> Exercise:
    """Read a figure off the explorer, on the case's candidates."""
    weight = draw.choice([0, 30, 40, 50])
    slate = model.prepare(load("distributors"), load("factor_judgements"))

    def score(**inputs: Any) -> float:
        return round(model.headline(model.choose(slate, model.DistributorRule(**inputs)))["score"], 2)

    return Exercise(
        _(
            "In the explorer above, set the weight of finances to {weight} and leave the rest at its default. What is "
            "the winner's weighted score?"
        ).format(weight=weight),
        score(finances_weight=weight),
        _("The explorer and this check use the same function, {function}.").format(function="choose"),
        [
            Mistake(score(), _("That is the score with the default weights; move the slider first.")),
            Mistake(
                score(finances_weight=weight, panel="head_office"),
                _("You counted head office only; leave “Whose scores count” at its default."),
            ),
            Mistake(
                score(**{**model.STUDY.textbook, "finances_weight": weight}),
                _("Your other weights are those of the textbook case; press Reset first."),
            ),
        ],
        unit=_("points"),
        tolerance=0.0001,
    )


EXERCISES: dict[str, Maker] = {
    maker.__name__: apart(maker)
    for maker in (
        weighted_total,
        knocked_out,
        dethrone,
        consistency,
        closeness,
        entropy_zero,
        rebate_cliff,
        safety,
        cash_discount,
        in_the_case,
    )
}


def ask(name: str, seed: int = 0) -> Ask:
    """Return one of the chapter's exercises, by name."""
    return Ask(f"distributors.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: how many random weightings the leader wins."""
    slate = model.prepare(load("distributors"), load("factor_judgements"))
    won = model.headline(model.choose(slate, model.DistributorRule()))["share_won"]
    question = _(
        "Five candidates are scored on eight factors and one comes first. If the eight weights were drawn at random, "
        "in what share of the draws would it still come first?"
    )
    return Guess(question, won, 0, 100, "%", 0)

"""Exercises of the chapter on distributors. Every key comes from the chapter's model functions.

Mistakes bear the names of the misconceptions in ``casebook/items/distributors.yaml``.
"""

from collections.abc import Sequence
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.distributors.models import discounts, motivation
from crmlib.chapters.distributors.models import distributors as model
from crmlib.data import load
from crmlib.formulas import multicriteria as mc
from crmlib.i18n import _
from crmlib.practice.ask import Ask, Guess
from crmlib.practice.exercise import Exercise, Maker, Mistake, apart, products

LETTERS = ("A", "B", "C", "D")
Scores = Sequence[Sequence[int]]
"""A row of scores a candidate."""


def _some(draw: Random, n: int) -> list[str]:
    """Return the names of a few of the eight factors, translated."""
    return [_(name) for name in draw.sample(list(model.FACTORS.values()), n)]


def _table(scores: Scores) -> str:
    """Return the scores as text: A 80, 60, 70; B …"""
    rows = [_(", ").join(map(str, line)) for line in scores]
    return _("; ").join(f"{letter}: {row}" for letter, row in zip(LETTERS, rows, strict=False))


def weighted_total(draw: Random) -> Exercise:
    """Compute a weighted score with weights that do not add up to one."""
    scores, raw = [draw.choice(range(40, 96, 5)) for _i in range(3)], draw.sample(range(1, 7), 3)
    weighed, total = sum(r * s for r, s in zip(raw, scores, strict=True)), sum(raw)
    key = float(mc.weighted_scores(np.array([scores], float), np.array(raw) / total)[0])
    return Exercise(
        _(
            "A candidate scores {scores} on {factors}, with weights {weights} in this order. What is the weighted "
            "score?"
        ).format(
            scores=_(", ").join(map(str, scores)),
            factors=_(", ").join(_some(draw, 3)),
            weights=" : ".join(map(str, raw)),
        ),
        key,
        _("{products} = {weighed}; the weights add up to {total}; {weighed} ÷ {total} = {key:.2f}.").format(
            products=products(zip(raw, scores, strict=True)), weighed=weighed, total=total, key=key
        ),
        _weighing_mistakes(scores, raw, weighed),
        unit=_("points"),
        tolerance=0.002,
        hints=(
            _("Multiply each score by its own weight and add up. What must the sum be divided by?"),
            _("A weighted score lies between the lowest and the highest of the scores."),
        ),
    )


def _weighing_mistakes(scores: list[int], raw: list[int], weighed: int) -> list[Mistake]:
    total = sum(raw)
    backwards = sum(r * s for r, s in zip(raw[::-1], scores, strict=True)) / total
    wrong = (
        (
            weighed,
            "weights_not_normalised",
            _("You left the weighted sum as it is; divide it by the sum of the weights."),
        ),
        (
            weighed / 3,
            "divided_by_factors",
            _("You divided by the number of factors; divide by the sum of the weights."),
        ),
        (weighed / 10, "divided_by_ten", _("You divided by ten; the weights add up to {total:g}.").format(total=total)),
        (sum(scores) / 3, "weights_ignored", _("That is the plain mean: the weights have not been used.")),
        (
            backwards,
            "weights_misplaced",
            _("You used the weights in reverse order; match each with its own."),
        ),
        (
            scores[raw.index(max(raw))],
            "heaviest_alone",
            _("That is the score of the heaviest factor alone; the others count as well."),
        ),
        (
            (weighed - raw[-1] * scores[-1]) / total,
            "factor_left_out",
            _("You left the last factor out of the weighted sum."),
        ),
    )
    return [Mistake(answer, reply, name) for answer, name, reply in wrong]


def knocked_out(draw: Random) -> Exercise:
    """Find the winner where the best total fails the minimum of the first factor."""
    factors, least = _some(draw, 3), draw.choice([55, 60, 65])
    rows = _slate(draw, least)
    scores = np.array(rows, float)
    total, left = mc.weighted_scores(scores, np.full(3, 1 / 3)), scores[:, 0] >= least
    by_total = int(mc.ranks(total, np.ones(4, bool)).argmin())
    key = int(np.flatnonzero(mc.ranks(total, left) == 1)[0])
    return Exercise(
        _(
            "Four candidates score on {factors}: {table}. The factors weigh the same, and {factor} must be at least "
            "{least}. Who wins?"
        ).format(factors=_(", ").join(factors), table=_table(rows), factor=factors[0], least=least),
        key,
        _(
            "Totals: {totals}. {out} has the highest but is knocked out by {factor} ({scored} < "
            "{least}); of those left "
            "{win} scores most."
        ).format(
            totals=_("; ").join(
                f"{letter} {' + '.join(map(str, row))} = {sum(row)}" for letter, row in zip(LETTERS, rows, strict=True)
            ),
            out=LETTERS[by_total],
            factor=factors[0],
            scored=rows[by_total][0],
            least=least,
            win=LETTERS[key],
        ),
        [_wrong_winner(rows, least, by_total, n) for n in range(4) if n != key],
        list(LETTERS),
        hints=(
            _("Strike out first, compare afterwards: who falls short of the minimum?"),
            _("Add up the scores of those who are left; with equal weights the sum is enough."),
        ),
    )


def _slate(draw: Random, least: int) -> Scores:
    """Return four candidates: the best total is short in the first factor, the best in this factor does not win."""
    while True:
        rows = [draw.choices(range(40, 96, 5), k=3) for _row in range(4)]
        first, *rest = sorted(rows, key=sum, reverse=True)
        left = [row for row in rest if row[0] >= least]
        most = max(row[0] for row in left) if left else 0
        if first[0] < least and len({sum(row) for row in rows}) == 4 and left and left[0][0] < most:
            return rows


def _wrong_winner(rows: Scores, least: int, by_total: int, n: int) -> Mistake:
    """Return what leads to a candidate that does not win."""
    if n == by_total:
        said = _("That is the highest total, but it falls short of the minimum, which no total makes up.")
        return Mistake(n, said, "minimum_ignored")
    if rows[n][0] < least:
        said = _("This one falls short of the minimum as well. Check every candidate before you compare totals.")
        return Mistake(n, said, "minimum_checked_once")
    if rows[n][0] == max(row[0] for row in rows):
        said = _("You took the best in the factor with the minimum; that only knocks out, then the totals decide.")
        return Mistake(n, said, "minimum_decides")
    return Mistake(n, _("This one meets the minimum, but another one that does has a higher total."), "enough_is_best")


def dethrone(draw: Random) -> Exercise:
    """Find the change of one raw weight at which the runner-up draws level."""
    while True:
        ahead, behind = draw.sample(range(5, 40, 5), 2)
        r1, r2 = draw.choice(range(25, 75, 5)), draw.choice(range(10, 45, 5))
        if r1 * ahead > r2 * behind and r1 > r2:
            break
    rows = [[55 + ahead, 50], [55, 50 + behind]]
    key = float(mc.dethroning(np.array(rows, float), np.array([r1, r2], float), 0).change[1])
    lead = r1 * ahead - r2 * behind
    return Exercise(
        _(
            "Two factors weigh {r1} and {r2} points. A scores {a}, B scores {b}; A leads. By how many points must the "
            "weight of the second factor rise, the first unchanged, for B to draw level?"
        ).format(r1=r1, r2=r2, a=_(", ").join(map(str, rows[0])), b=_(", ").join(map(str, rows[1]))),
        key,
        _(
            "Before dividing by the sum A leads by {r1} × {ahead} − {r2} × {behind} = {lead}; each "
            "point of weight brings "
            "B {behind} closer: {lead} ÷ {behind} = {key:.2f}."
        ).format(r1=r1, ahead=ahead, r2=r2, lead=lead, behind=behind, key=key),
        _dethroning_mistakes(r1, r2, ahead, behind, key),
        unit=_("points"),
        tolerance=0.002,
        hints=(
            _("Work with the weighted sums: by how much does A lead before anything is divided?"),
            _("By how much does each point on the second weight shorten this lead?"),
        ),
    )


def _dethroning_mistakes(r1: int, r2: int, ahead: int, behind: int, key: float) -> list[Mistake]:
    lead = r1 * ahead - r2 * behind
    wrong = (
        (r2 + key, "new_weight_for_change", _("That is the new weight; the question asks for the change.")),
        (lead / (r1 + r2), "lead_for_change", _("That is A's lead in points of score, not a change of weight.")),
        (
            lead / ahead,
            "other_weight_moved",
            _("You divided by A's advantage on the first factor; the second one's weight moves."),
        ),
        (
            lead / (ahead + behind),
            "weight_sum_kept",
            _("You let the first weight fall by as much as the second rises; here the first does not change."),
        ),
        (
            r1 - r2,
            "weights_equalised",
            _("That makes the two weights equal; the candidates are level only where their weighted sums are."),
        ),
        (
            100 * key / r2,
            "percent_for_points",
            _("That is the rise in per cent of the old weight; the question asks for points."),
        ),
        (
            100 * (r2 + key) / (r1 + r2 + key),
            "share_for_points",
            _("That is the second factor's new share of all weight; the question asks for a change in points."),
        ),
    )
    return [Mistake(answer, reply, name) for answer, name, reply in wrong]


def consistency(draw: Random) -> Exercise:
    """Compute a consistency ratio from λ max and a table of random indices."""
    n, thousandths = draw.choice([4, 5, 6, 7]), draw.choice(range(30, 160))
    lam = round(n + thousandths * (n - 1) / 1000, 3)
    listed = [mc.RANDOM_INDEX["saaty"][size - 1] for size in range(3, 9)]
    ri, ci = mc.RANDOM_INDEX["saaty"][n - 1], (lam - n) / (n - 1)
    key = ci / ri
    return Exercise(
        _(
            "A matrix of {n} factors has the largest eigenvalue {lam:.3f}. Saaty's random index for 3 to 8 factors is "
            "{listed}. What is the consistency ratio (to three decimals at least)?"
        ).format(n=n, lam=lam, listed=_("; ").join(f"{value:.2f}" for value in listed)),
        key,
        _("CI = ({lam} − {n}) ÷ {less} = {ci:.4f}; {ci:.4f} ÷ {ri} = {key:.4f}; up to 0.10 is acceptable.").format(
            lam=lam, n=n, less=n - 1, ci=ci, ri=ri, key=key
        ),
        _consistency_mistakes(n, lam),
        tolerance=0.0006,
        hints=(
            _("The consistency index comes first: what is left of the eigenvalue once n is taken off, by n − 1."),
            _("Then divide by the random index that belongs to this number of factors."),
        ),
    )


def _consistency_mistakes(n: int, lam: float) -> list[Mistake]:
    below, ri, above = (mc.RANDOM_INDEX["saaty"][size - 1] for size in (n - 1, n, n + 1))
    over = lam - n
    ci = over / (n - 1)
    wrong_row = _("You took the random index of another number of factors; look up the one for {n}.").format(n=n)
    wrong = (
        (ci, "index_for_ratio", _("That is the consistency index; divide it by the random index.")),
        (over / n / ri, "divided_by_n", _("You divided by n; the consistency index divides by n − 1.")),
        (
            over / (n * (n - 1) / 2) / ri,
            "divided_by_pairs",
            _("You divided by the number of judgements; the consistency index divides by n − 1."),
        ),
        (over / ri, "excess_not_divided", _("You did not divide by n − 1 before you divided by the random index.")),
        (lam / ri, "n_not_subtracted", _("You divided the eigenvalue itself; first take n off it.")),
        (ci / below, "random_index_row", wrong_row),
        (ci / above, "random_index_row", wrong_row),
    )
    return [Mistake(answer, reply, name) for answer, name, reply in wrong]


def closeness(draw: Random) -> Exercise:
    """Compute a TOPSIS closeness from the two distances."""
    best, worst = draw.sample(range(4, 45), 2)
    key = worst / (best + worst)
    return Exercise(
        _(
            "TOPSIS finds a candidate at distance {best:.2f} from the ideal and {worst:.2f} from the worst point. What "
            "is its closeness (to two decimals at least)?"
        ).format(best=best / 100, worst=worst / 100),
        key,
        _("Distance from the worst ÷ sum of both: {worst:.2f} ÷ ({best:.2f} + {worst:.2f}) = {key:.4f}.").format(
            best=best / 100, worst=worst / 100, key=key
        ),
        _closeness_mistakes(best / 100, worst / 100),
        tolerance=0.006,
        hints=(
            _("A candidate at the ideal point itself must come out as one, at the worst point as zero."),
            _("Divide one of the two distances by the sum of both."),
        ),
    )


def _closeness_mistakes(best: float, worst: float) -> list[Mistake]:
    wrong = (
        (
            best / (best + worst),
            "closeness_reversed",
            _("You put the distance from the ideal on top; near the ideal must give near one."),
        ),
        (worst / best, "ratio_of_distances", _("That is the ratio of the distances; divide by their sum.")),
        (
            best / worst,
            "ratio_upside_down",
            _("That is the ratio of the distances, upside down too; divide by their sum."),
        ),
        (
            worst,
            "one_distance_alone",
            _("That is the distance from the worst point alone; the distance from the ideal counts as well."),
        ),
        (
            1 - best,
            "one_less_distance",
            _("You took the distance from the ideal off one; divide by the sum of both distances."),
        ),
        (
            worst**2 / (best**2 + worst**2),
            "squared_again",
            _("You squared the distances once more; they are distances already."),
        ),
        (
            abs(worst - best) / (best + worst),
            "difference_on_top",
            _("You put the difference of the distances on top; it is the distance from the worst point."),
        ),
    )
    return [Mistake(answer, reply, name) for answer, name, reply in wrong]


def entropy_zero(draw: Random) -> Exercise:
    """Say which factor gets entropy weight zero."""
    names, columns = _some(draw, 4), _columns(draw)
    order = draw.sample(range(4), 4)
    rows = [[columns[place][row] for place in order] for row in range(3)]
    weights = mc.entropy_weights(np.array(rows, float))
    assert weights is not None
    wrong = {
        1: ("entropy_reversed", _("That factor tells the candidates apart best, so entropy gives it the most weight.")),
        2: ("small_is_none", _("Small differences give a small weight, but not zero.")),
        3: (
            "level_for_difference",
            _("High or low scores as such do not matter to entropy; what counts is how far they differ."),
        ),
    }
    return Exercise(
        _("Three candidates score on {factors}: {table}. Which factor gets entropy weight zero?").format(
            factors=_(", ").join(names), table=_table(rows)
        ),
        int(weights.argmin()),
        _("All three score the same on it: it tells nobody apart, so its weight is zero, however important it is."),
        [Mistake(n, wrong[place][1], wrong[place][0]) for n, place in enumerate(order) if place],
        names,
        hints=(_("Entropy asks of each factor how far it tells the candidates apart."),),
    )


def _columns(draw: Random) -> list[list[int]]:
    """Return four factors: all alike, far apart, nearly alike, and all very high or all very low."""
    same, middle, near = draw.choice(range(55, 80, 5)), draw.choice([50, 55, 60]), draw.choice(range(55, 75))
    base = draw.choice([20, 88])
    return [
        [same] * 3,
        draw.sample([middle - draw.choice([25, 30]), middle, middle + draw.choice([25, 30])], 3),
        draw.sample([near, near + 2, near + draw.choice([4, 5])], 3),
        draw.sample([base, base + 3, base + 6], 3),
    ]


def rebate_cliff(draw: Random) -> Exercise:
    """Find the cheapest surplus cost that keeps a dealer from buying up to a step."""
    demand, price = draw.choice(range(800, 1500, 50)), draw.choice([80, 100, 120, 150, 200])
    step, rate = demand + draw.choice([100, 150, 200, 250, 300]), draw.choice([2, 3, 4])
    rule = motivation.LadderRule(
        step_1=step, rate_1=rate, step_2=3990, rate_2=rate, step_3=4000, rate_3=rate, price=price
    )
    jump = float(motivation.rebate(np.array([step]), rule)[0])
    key = jump / (step - demand)
    return Exercise(
        _(
            "A dealer can sell {demand} cases at {price} yuan. From {step} cases on he gets {rate}% on every case of "
            "the quarter. Up to what cost of a surplus case (yuan) does it pay him to order {step} all the same?"
        ).format(demand=demand, price=price, step=step, rate=rate),
        key,
        _(
            "Rebate: {step:,} × {price} × {rate}% = {jump:,.0f} yuan. Surplus: {step:,} − {demand:,} = "
            "{surplus} cases. "
            "{jump:,.0f} ÷ {surplus} = {key:.2f} yuan each."
        ).format(step=step, price=price, rate=rate, jump=jump, demand=demand, surplus=step - demand, key=key),
        _cliff_mistakes(rate * price / 100, demand, step, price),
        unit=_("yuan"),
        tolerance=0.002,
        hints=(
            _("How much rebate does he get at the step, and how much one case short of it?"),
            _("How many cases must he buy that he cannot sell? Spread the rebate over these."),
        ),
    )


def _cliff_mistakes(each: float, demand: int, step: int, price: int) -> list[Mistake]:
    jump, surplus = each * step, step - demand
    wrong = (
        (
            each,
            "rebate_on_one_case",
            _("That is the rebate on one case; the step pays it on all cases of the quarter."),
        ),
        (
            each * demand / surplus,
            "surplus_earns_nothing",
            _("You counted the rebate on what he sells; the surplus earns it too."),
        ),
        (
            jump / demand,
            "spread_over_sales",
            _("You spread the rebate over the cases he can sell; it must pay for the surplus."),
        ),
        (jump, "total_for_each", _("That is the whole rebate; divide it by the surplus cases.")),
        (
            price,
            "price_for_limit",
            _("That is the price of a case. The rebate, not the price, is what he gains by ordering more."),
        ),
        (
            4 * jump / surplus,
            "year_for_quarter",
            _("You counted the rebate of four quarters; the step is reached in one."),
        ),
    )
    return [Mistake(answer, reply, name) for answer, name, reply in wrong]


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
        _(
            "z·√(L·σd² + d²·σL²) = {z} × √({lead} × {sd}² + {d}² × {lead_sd}²) = {z} × √{under:,.0f} = {key:.1f}."
        ).format(z=z, lead=lead, sd=sd, d=d, lead_sd=lead_sd, under=lead * sd**2 + (d * lead_sd) ** 2, key=key),
        _safety_mistakes(d, sd, lead, lead_sd, z),
        unit=_("cases"),
        tolerance=0.004,
        hints=(
            _("Two things are uncertain: demand in the weeks until delivery, and how many weeks that is."),
            _("Independent variances add up; standard deviations do not."),
        ),
    )


def _safety_mistakes(d: int, sd: int, lead: int, lead_sd: float, z: float) -> list[Mistake]:
    stock, key = motivation.safety_stock, motivation.safety_stock(z, sd, lead, d, lead_sd)
    wrong = (
        (stock(z, sd, lead), "lead_time_certain", _("You left out that deliveries are early or late.")),
        (z * d * lead_sd, "demand_certain", _("You left out that demand varies from week to week.")),
        (key / z, "z_left_out", _("You left out z, which sets how sure the stock has to be.")),
        (
            stock(z, sd, 1, d, lead_sd),
            "one_week_only",
            _("You took one week's variance of demand; it varies in each week until delivery."),
        ),
        (
            stock(z, sd * lead, 1, d, lead_sd),
            "deviations_multiplied",
            _("Standard deviations do not add up week by week; variances do."),
        ),
        (
            z * (np.sqrt(lead) * sd + d * lead_sd),
            "deviations_added",
            _("You added the two standard deviations; add their squares and take the root."),
        ),
        (
            d * lead + key,
            "reorder_for_safety",
            _("That is the reorder point; the safety stock is what it holds beyond d·L."),
        ),
    )
    return [Mistake(float(answer), reply, name) for answer, name, reply in wrong]


def cash_discount(draw: Random) -> Exercise:
    """Annualise the cost of forgoing a cash discount."""
    rate, cash = draw.choice([1, 1.5, 2, 2.5, 3, 4]), draw.choice([5, 7, 10, 15, 20])
    net, year = draw.choice([30, 40, 45, 50, 60, 75, 90]), draw.choice([360, 365])
    key = 100 * discounts.annual_cost(rate / 100, cash, net, year)
    return Exercise(
        _(
            "Terms are {rate}/{cash} net {net}. What does it cost a year to forgo the discount, simple interest and "
            "{year} days (in %)?"
        ).format(rate=rate, cash=cash, net=net, year=year),
        key,
        _("{rate} ÷ {rest} × {year} ÷ {days} = {key:.2f}%.").format(
            rate=rate, rest=100 - rate, year=year, days=net - cash, key=key
        ),
        _discount_mistakes(rate, cash, net, year),
        unit="%",
        tolerance=0.002,
        hints=(
            _("By forgoing the discount the dealer gains time. How many days, and what does he pay for them?"),
            _("He pays the discount for the use of what is left after it; then count how often this fits in a year."),
        ),
    )


def _discount_mistakes(rate: float, cash: int, net: int, year: int) -> list[Mistake]:
    cost, each, days = discounts.annual_cost, rate / (100 - rate), net - cash
    wrong = (
        (
            100 * cost(rate / 100, cash, net, 725 - year),
            "other_year",
            _("You counted the year with the other number of days; the question says {year}.").format(year=year),
        ),
        (
            rate * year / days,
            "base_of_hundred",
            _("You divided by 100; the dealer keeps only what is left after the discount."),
        ),
        (
            100 * cost(rate / 100, 0, net, year),
            "all_days_counted",
            _("You divided by all the days; the money is gained only from the end of the cash period."),
        ),
        (
            100 * cost(rate / 100, 0, cash, year),
            "cash_days_counted",
            _("You divided by the days of the cash period; the money is gained after it."),
        ),
        (
            rate,
            "discount_for_annual",
            _("That is the discount itself; it is won in a few days, so a year's rate is far higher."),
        ),
        (
            1200 * each,
            "months_for_days",
            _("You multiplied by twelve months; count how often the days gained fit into the year."),
        ),
        (
            100 * each * year,
            "days_not_divided",
            _("You multiplied by the days of the year and did not divide by the days gained."),
        ),
        (
            100 * cost(rate / 100, cash, net, year, compound=True),
            "compounded",
            _("You took interest on interest; the question asks for simple interest."),
        ),
    )
    return [Mistake(answer, reply, name) for answer, name, reply in wrong]


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
            Mistake(score(), _("That is the score with the default weights; move the slider first."), "inputs_not_set"),
            Mistake(
                score(finances_weight=weight, panel="head_office"),
                _("You counted head office only; leave “Whose scores count” at its default."),
                "other_scorers",
            ),
            Mistake(
                score(**{**model.STUDY.textbook, "finances_weight": weight}),
                _("Your other weights are those of the textbook case; press Reset first."),
                "inputs_not_set",
            ),
        ],
        unit=_("points"),
        tolerance=0.0001,
        hints=(_("Press Reset, move one slider, then read the headline figures."),),
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


def ask(name: str, seed: int | None = None) -> Ask:
    """Return one of the chapter's exercises, by name; without a seed with numbers of the student's own."""
    return Ask(f"distributors.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: how many random weightings the leader wins."""
    slate = model.prepare(load("distributors"), load("factor_judgements"))
    won = model.headline(model.choose(slate, model.DistributorRule()))["share_won"]
    question = _(
        "Five candidates are scored on eight factors and one comes first. If the eight weights were drawn at random, "
        "in what share of the draws would it still come first?"
    )
    why = _("First place depends on the weights: other weights put forward a candidate that is strong elsewhere.")
    section = _("How safe is the first place?")
    return Guess(question, won, 0, 100, "%", why=why, section=section, memory="guess:distributors")

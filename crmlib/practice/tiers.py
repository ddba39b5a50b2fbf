"""Exercises of the chapter on classifying bank customers. Every key comes from the chapter's model functions.

Mistakes bear the names of the misconceptions in ``casebook/items/tiers.yaml``.
"""

from collections.abc import Iterable
from functools import cache
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.tiers.models import pareto, tiers
from crmlib.data import load
from crmlib.formulas.arrays import Floats
from crmlib.formulas.scores import tier_of
from crmlib.i18n import _
from crmlib.practice.ask import Ask, Guess
from crmlib.practice.exercise import Exercise, Maker, Mistake, apart, products

RESTRICTED, EXIT = tiers.TIERS.index("restricted"), tiers.TIERS.index("exit")


@cache
def _weights(raw: tuple[int, ...]) -> Floats:
    """Return four weights, given in tenths, as the policy uses them."""
    names = ("credit_weight", "size_weight", "financial_weight", "outlook_weight")
    given: dict[str, Any] = {name: tenths / 10 for name, tenths in zip(names, raw, strict=True)}
    return tiers.TierPolicy(**given).weights()


def _score(scores: Iterable[int], weights: Floats) -> float:
    """Return one firm's weighted score, rounded as the model rounds."""
    return float(tiers.score(np.array([list(scores)], float), weights)[0])


@apart
def weighted_score(draw: Random) -> Exercise:
    """Weigh four criteria with weights that do not add up to one."""
    scores = [draw.choice(range(40, 96, 5)) for _i in range(4)]
    raw = tuple(draw.sample(range(1, 6), 4))
    key = _score(scores, _weights(raw))
    listed = _(", ").join(f"{_(c)} {s}" for c, s in zip(tiers.CRITERIA, scores, strict=True))
    return Exercise(
        _(
            "A firm scores: {listed}. The weights are {weights}, in this order. What is its weighted score, to one "
            "decimal place?"
        ).format(listed=listed, weights=" : ".join(map(str, raw))),
        key,
        _("{products} = {weighed}; the weights add up to {total}; {weighed} ÷ {total} = {key}.").format(
            products=products(zip(raw, scores, strict=True)),
            weighed=sum(r * s for r, s in zip(raw, scores, strict=True)),
            total=sum(raw),
            key=key,
        ),
        _weighing_mistakes(scores, np.array(raw, float)),
        unit=_("points"),
        tolerance=0.002,
        hints=(
            _("Multiply each score by its weight and add up. By what must the sum be divided?"),
            _("The weights do not add up to one: divide by their sum."),
        ),
    )


def _weighing_mistakes(scores: list[int], raw: Floats) -> list[Mistake]:
    total, heaviest = raw.sum(), raw == raw.max()
    said = _("You divided by ten; the weights add up to {total:g}.").format(total=total)
    wrong = (
        (raw, "weights_not_normalised", _("You left the weighted sum as it is; divide it by the sum of the weights.")),
        (raw / 10, "divided_by_ten", said),
        (
            raw / 4,
            "divided_by_criteria",
            _("You divided by the number of criteria; divide by the sum of the weights."),
        ),
        (np.full(4, 0.25), "weights_ignored", _("That is the plain mean: the weights have not been used.")),
        (raw[::-1] / total, "weights_misplaced", _("You used the weights in reverse order; match each with its own.")),
        (heaviest * 1.0, "heaviest_alone", _("That is the score of the heaviest criterion alone; all four count.")),
        (raw * (1, 1, 1, 0) / total, "criterion_left_out", _("You left the last criterion out of the weighted sum.")),
    )
    return [Mistake(_score(scores, weights), reply, name) for weights, name, reply in wrong]


def _tier_options() -> list[str]:
    return [_(t) for t in tiers.TIERS]


def _listed_cutoffs(cutoffs: Iterable[float]) -> str:
    return _(", ").join(f"{_(t)} {c:g}" for t, c in zip(tiers.TIERS, cutoffs, strict=False))


@cache
def _default_cutoffs() -> Floats:
    return tiers.TierPolicy().cutoffs()


def veto(draw: Random) -> Exercise:
    """Place a firm that is overdue: mostly one that scores well and is over the limit, but not always."""
    limit, kind = draw.choice([60, 90, 120]), draw.choices(["capped", "low", "within"], [60, 20, 20])[0]
    points = draw.randrange(*{"capped": (130, 200), "low": (30, 70), "within": (100, 200)}[kind]) / 2
    days = draw.choice(range(limit // 2, limit + 1, 5) if kind == "within" else range(limit + 5, 300, 5))
    by_score = int(tier_of(np.array([points]), _default_cutoffs())[0])
    key = max(by_score, RESTRICTED) if days > limit else by_score
    said = {
        "capped": _(
            "The score alone says {tier}. {days} days are more than {limit}, so a veto caps the tier at restricted."
        ),
        "low": _(
            "The score alone says {tier}. {days} days are more than {limit}, but a veto caps a tier "
            "and never lifts one."
        ),
        "within": _("{days} days are not more than {limit}: no veto applies, and the score says {tier}."),
    }[kind].format(tier=_(tiers.TIERS[by_score]), days=days, limit=limit)
    return Exercise(
        _(
            "Cut-offs: {cuts}; a score equal to a cut-off belongs to the upper tier. A firm overdue for more than "
            "{limit} days cannot be above restricted. This firm scores {points:g} points and is {days} days overdue. "
            "Which tier is it in?"
        ).format(cuts=_listed_cutoffs(_default_cutoffs()), limit=limit, points=points, days=days),
        key,
        said,
        [_veto_mistake(t, by_score, days > limit, said) for t in range(len(tiers.TIERS)) if t != key],
        _tier_options(),
        hints=(
            _("Find the tier by the score first; then ask whether the veto applies."),
            _("A veto names the best tier a firm can still have."),
        ),
    )


def _veto_mistake(tier: int, by_score: int, over: bool, said: str) -> Mistake:
    """Return what leads to a wrong tier; ``said`` is the solution, ``over`` that the firm is over the limit."""
    if tier == by_score:
        return Mistake(tier, said, "veto_ignored")
    if tier == RESTRICTED and over:
        return Mistake(
            tier, _("A veto names the best tier a firm can have. It lifts no firm out of exit."), "veto_lifts"
        )
    if tier == RESTRICTED:
        return Mistake(
            tier, _("The veto begins above the limit; compare the days with it again."), "veto_limit_misread"
        )
    if tier == EXIT:
        reply = _("A veto caps the tier at restricted; it sends nobody to the exit tier by itself.")
        return Mistake(tier, reply, "veto_expels")
    if tier == by_score + 1:
        reply = _("A veto does not take a firm down by one tier; it caps the tier at restricted.")
        return Mistake(tier, reply, "veto_one_step")
    return Mistake(tier, _("Compare the score with the cut-offs once more, then apply the veto."), "cutoffs_misread")


CUTOFFS = (
    (80, 82, 84, 85, 86, 88, 90),
    (70, 72, 74, 75, 76, 78),
    (60, 62, 64, 65, 66, 68),
    (48, 50, 52, 54, 55),
    (30, 32, 35, 38, 40),
)
"""What each cut-off is drawn from, from gold down."""


def boundary(draw: Random) -> Exercise:
    """Place a firm that scores exactly a cut-off, the rule being given in words and by an example."""
    cuts = np.array([draw.choice(around) for around in CUTOFFS], float)
    side, (asked, told) = draw.choice(["upper", "lower"]), draw.sample(range(len(cuts)), 2)
    key, example = (int(place) for place in tier_of(cuts[[asked, told]], cuts, side))
    rule = _("belongs to the upper tier") if side == "upper" else _("belongs to the lower tier")
    other = 2 * asked + 1 - key
    reply = _("You used the other boundary rule: read again what an equal score does.")
    far = _("{cut:g} is where {upper} and {lower} meet; no other tier comes into question.").format(
        cut=cuts[asked], upper=_(tiers.TIERS[asked]), lower=_(tiers.TIERS[asked + 1])
    )
    return Exercise(
        _(
            "Cut-offs: {cuts}. A score equal to a cut-off {rule}; {told:g} points, for example, lead to tier {example} "
            "from the top. Which tier is a firm with {cut:g} points in?"
        ).format(cuts=_listed_cutoffs(cuts), rule=rule, told=cuts[told], example=example + 1, cut=cuts[asked]),
        key,
        _("{cut:g} is exactly the cut-off between {upper} and {lower}; an equal score {rule}: {tier}.").format(
            cut=cuts[asked],
            upper=_(tiers.TIERS[asked]),
            lower=_(tiers.TIERS[asked + 1]),
            rule=rule,
            tier=_(tiers.TIERS[key]),
        ),
        [
            Mistake(t, reply, "boundary_swapped") if t == other else Mistake(t, far, "cutoffs_misread")
            for t in range(len(tiers.TIERS))
            if t != key
        ],
        _tier_options(),
        hints=(_("Between which two tiers does this cut-off lie? The rule says which of the two it is."),),
    )


@apart
def credit_total(draw: Random) -> Exercise:
    """Tell a tier's total from the growth of its firms."""
    grew = [draw.choice(range(20, 110, 10)) for _i in range(draw.choice([2, 3]))]
    fell = [draw.choice(range(110, 240, 10)) for _i in range(6 - len(grew))]
    rows = [(draw.choice(range(300, 900, 50)), change) for change in (*grew, *(-x for x in fell))]
    draw.shuffle(rows)
    key, net = sum(grew), sum(grew) - sum(fell)
    pairs = _("; ").join(f"{before} → {before + change}" for before, change in rows)
    return Exercise(
        _(
            "Six restricted firms, exposure at the opening and closing date in ten thousand yuan: {pairs}. By how "
            "much together did the firms grow that should not have grown?"
        ).format(pairs=pairs),
        key,
        _(
            "The firms that grew did so by {grew} = {key}. The others fell by {fell}, so the total fell by {net}."
        ).format(grew=" + ".join(map(str, grew)), key=key, fell=" + ".join(map(str, fell)), net=-net),
        [
            Mistake(net, _("That is the change of the total. It hides the firms that grew."), "total_hides_firms"),
            Mistake(-net, _("That is how far the total fell. It hides the firms that grew."), "fall_for_growth"),
            Mistake(sum(fell), _("You added up the firms that fell; the question is who grew."), "falls_counted"),
            Mistake(
                key + sum(fell), _("You added up all changes, rising or falling; only growth counts."), "no_direction"
            ),
            Mistake(max(grew), _("You counted only one of the firms that grew."), "one_of_several"),
            Mistake(
                sum(before + change for before, change in rows if change > 0),
                _("That is what those firms owe at the closing date; the question asks by how much they grew."),
                "level_for_change",
            ),
            Mistake(
                len(grew),
                _("That is the number of firms that grew; the question asks by how much."),
                "count_for_amount",
            ),
        ],
        unit=_("× 10,000 yuan"),
        tolerance=0.001,
        hints=(_("Go through the firms one by one: which of them owe more than before?"),),
    )


@cache
def _default_probability(best: float, step: float, tier: int) -> float:
    """Return the default probability of a tier as a question shows it, rounded to a hundredth of a per cent."""
    return round(float(tiers.TierPolicy(pd_best=best, pd_step=step).default_probabilities()[tier]), 4)


@apart
def expected_loss(draw: Random) -> Exercise:
    """Compute the expected loss of one tier, with a number of firms and a collateral that do not belong into it."""
    tier = draw.choice([1, 2, 3, 4])
    pd = _default_probability(draw.choice([0.002, 0.003, 0.004]), draw.choice([1.5, 2.0, 2.5]), tier)
    lgd, firms = draw.choice([0.35, 0.4, 0.45, 0.55, 0.6, 0.65]), draw.choice([20, 25, 40, 50, 80])
    exposure = draw.choice(range(20_000, 90_000, 5_000))
    collateral = exposure * draw.choice([2, 3, 4, 5, 6]) // 10
    key = pd * lgd * exposure
    return Exercise(
        _(
            "The tier “{tier}” has {firms} firms with an exposure of {exposure:,} and collateral of {collateral:,} "
            "(both in ten thousand yuan). Default probability {pd:.2%}; loss given default {lgd:.0%}, which already "
            "allows for the collateral. What loss is to be expected of the tier in a year?"
        ).format(firms=firms, tier=_(tiers.TIERS[tier]), exposure=exposure, collateral=collateral, pd=pd, lgd=lgd),
        key,
        _("PD × LGD × exposure = {pd:.2%} × {lgd:.0%} × {exposure:,} = {key:,.1f}.").format(
            pd=pd, lgd=lgd, exposure=exposure, key=key
        ),
        [
            Mistake(pd * exposure, _("You left out the loss given default: not everything is lost."), "lgd_left_out"),
            Mistake(
                pd * (1 - lgd) * exposure,
                _("You used the recovery rate; the loss is LGD itself."),
                "recovery_for_loss",
            ),
            Mistake(
                lgd * exposure,
                _("That is the loss if all of them default; weigh it with the probability."),
                "certain_default",
            ),
            Mistake(
                100 * key, _("You read the percentage as a number: a per cent is one hundredth."), "percent_misread"
            ),
            Mistake(key / 10, _("You read per cent as per mille: a per cent is one hundredth."), "per_mille"),
            Mistake(
                key / firms, _("That is the loss of one firm on average; the question is about the tier."), "per_firm"
            ),
            Mistake(
                pd * lgd * (exposure - collateral),
                _("You took the collateral off as well; the loss given default already allows for it."),
                "collateral_twice",
            ),
        ],
        unit=_("× 10,000 yuan"),
        hints=(
            _("Expected loss is a product of three figures."),
            _("Default probability × loss given default × exposure; what else is given is not needed."),
        ),
    )


ABC_RULES = ((12, 75, 20), (12, 75, 15), (10, 80, 15), (10, 70, 20))
"""Customers, and the shares (%) of classes A and B: the course's rule and those of other books."""


def abc_count(draw: Random) -> Exercise:
    """Count class A under a stated boundary rule."""
    n, a, b = draw.choice(ABC_RULES)
    while True:
        sales = np.array(sorted(draw.sample(range(30, 400, 10), n - 3) + draw.sample(range(400, 900, 20), 3))[::-1])
        counts = _abc_counts(sales.astype(float), a / 100, b / 100)
        if counts["key"] != counts["crossing_left_out"]:
            break
    key = counts["key"]
    return Exercise(
        _(
            "{n} customers buy for: {listed}. Class A is the first {a}% of cumulative sales, class B the next {b}%; "
            "the customer that crosses a line belongs to the class above it. How many customers are in A?"
        ).format(n=n, listed=_(", ").join(map(str, sales)), a=a, b=b),
        key,
        _(
            "The line: {a}% × {total:,} = {line:,.1f}. The first {before}: {listed} = {sum_before:,}; with number {n}, "
            "{sum_before:,} + {next} = {sum_n:,}: it crosses the line and still counts."
        ).format(
            total=sales.sum(),
            a=a,
            line=a / 100 * sales.sum(),
            before=key - 1,
            listed=" + ".join(map(str, sales[: key - 1])),
            sum_before=sales[: key - 1].sum(),
            n=key,
            next=sales[key - 1],
            sum_n=sales[:key].sum(),
        ),
        _abc_mistakes(counts, draw),
        tolerance=0.0,
        hints=(
            _("Cumulate from the largest customer and compare with the line."),
            _("Which customer takes the sum over the line? That one still belongs to A."),
        ),
    )


def _abc_counts(descending: Floats, a: float, b: float) -> dict[str, int]:
    """Return how many customers class A holds, and how many it seems to hold by each misconception."""
    total, n = descending.sum(), len(descending)
    down, up = np.cumsum(descending) / total, np.cumsum(descending[::-1]) / total

    def in_a(cumulative: Floats, line: float, boundary: str = "above") -> int:
        return int((pareto.abc(cumulative, line, b, boundary) == 0).sum())

    return {
        "key": in_a(down, a),
        "crossing_left_out": in_a(down, a, "below"),
        "line_of_customers": round(a * n),
        "quoted_8020": round(0.2 * n),
        "b_counted": in_a(down, a + b),
        "smallest_first": in_a(up, a),
        "other_line": in_a(down, 0.55),
        "above_mean": int((descending > total / n).sum()),
    }


def _abc_mistakes(counts: dict[str, int], draw: Random) -> list[Mistake]:
    """Return one misconception for each wrong count, any of those that lead to it."""
    replies = {
        "crossing_left_out": _("You stopped before the customer that crosses the line."),
        "line_of_customers": _("You took the share of the customers; the line is a share of the sales."),
        "quoted_8020": _("You assumed 80/20. It is a rule of thumb: cumulate these sales."),
        "b_counted": _("You counted class B as well; A ends at its own line."),
        "smallest_first": _("You cumulated from the smallest customer; begin with the largest."),
        "other_line": _("You cut at 55%, as some books do; use the line that is given."),
        "above_mean": _("You counted the customers above the mean; A is cut by cumulative sales."),
    }
    found: dict[int, Mistake] = {}
    for name in draw.sample(sorted(replies), len(replies)):
        if counts[name] != counts["key"]:
            found.setdefault(counts[name], Mistake(counts[name], replies[name], name))
    return list(found.values())


TOP_RULES = ((10, 20), (15, 20), (8, 25), (12, 25), (16, 25))
"""Customers, and the share of them (%) asked about: always a whole number of customers."""


@apart
def top_share(draw: Random) -> Exercise:
    """Test 80/20 on a few customers, listed in no order."""
    n, top = draw.choice(TOP_RULES)
    sales = draw.sample(range(20, 80), n - 3) + draw.sample(range(80, 200, 5), 3)
    draw.shuffle(sales)
    ranked, total, k = sorted(sales, reverse=True), sum(sales), n * top // 100
    key = 100 * pareto.top_share(np.array(ranked, float), top / 100)

    def share(part: list[int]) -> float:
        return 100 * sum(part) / total

    return Exercise(
        _(
            "{n} customers buy for: {listed}. What share of the sales (in %) do the top {top}% of customers bring?"
        ).format(n=n, listed=_(", ").join(map(str, sales)), top=top),
        key,
        _(
            "{top}% of {n} are {k} customers: {largest} = {part:,}. All buy for {total:,}; {part:,} ÷ "
            "{total:,} = {key:.2f}%."
        ).format(
            top=top, n=n, k=k, largest=" + ".join(map(str, ranked[:k])), part=sum(ranked[:k]), total=total, key=key
        ),
        [
            Mistake(80.0, _("You quoted 80/20. It is a rule of thumb: compute it from these sales."), "quoted_8020"),
            Mistake(
                share(sales[:k]), _("You took the first in the list; rank the customers before you cut."), "not_ranked"
            ),
            Mistake(
                share(ranked[: k - 1]), _("You took one customer too few: {k} are meant.").format(k=k), "one_too_few"
            ),
            Mistake(
                share(ranked[: k + 1]), _("You took one customer too many: {k} are meant.").format(k=k), "one_too_many"
            ),
            Mistake(100 - key, _("That is what all the others bring."), "share_of_the_rest"),
            Mistake(
                100 * sum(ranked[:k]) / sum(ranked[k:]),
                _("You compared them with the others; a share is of the whole, the top included."),
                "base_of_the_rest",
            ),
            Mistake(
                float(top), _("That is the share of the customers; the question is about sales."), "share_of_heads"
            ),
        ],
        unit="%",
        tolerance=0.002,
        hints=(
            _("How many customers are that? Rank them and add up the largest."),
            _("Divide by the sales of all customers."),
        ),
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
            Mistake(
                gold(tiers.TierPolicy()),
                _("That is the number with the default cut-off; move the slider first."),
                "inputs_not_set",
            ),
            Mistake(
                at_opening,
                _("That is the number at the opening date; the question means the closing date."),
                "wrong_date",
            ),
            Mistake(
                gold(tiers.TierPolicy(gold_from=cut, **tiers.STUDY.textbook)),
                _("Your weights are those of the textbook case; press Reset first."),
                "inputs_not_set",
            ),
        ],
        unit=_("firms"),
        tolerance=0.0,
        hints=(_("Press Reset, move one slider, then read the headline figures."),),
    )


EXERCISES: dict[str, Maker] = {
    maker.__name__: maker
    for maker in (weighted_score, veto, boundary, credit_total, expected_loss, abc_count, top_share, in_the_book)
}


def ask(name: str, seed: int | None = None) -> Ask:
    """Return one of the chapter's exercises, by name; without a seed with numbers of the student's own."""
    return Ask(f"tiers.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: what the top fifth of the branch's customers bring."""
    shares = pareto.headline(pareto.classify(pareto.prepare(load("bank_loans")), pareto.AbcRule()))
    question = _("What share of the branch's income do its top 20% of firms bring?")
    why = _(
        "A few large firms carry most of the income: the curve rises steeply at first and is almost flat at the end."
    )
    section = _("80/20 and ABC")
    return Guess(question, shares["top_share"], 0, 100, "%", why=why, section=section, memory="guess:tiers")

"""Generators of the chapter on classifying bank customers. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/tiers.yaml``.
"""

from collections.abc import Iterable
from functools import cache
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.tiers.file_exercises import FILE_GENERATORS
from crmlib.chapters.tiers.models import pareto, tiers
from crmlib.chapters.tiers.value_exercises import VALUE_GENERATORS
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, products
from crmlib.core.i18n import _
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.formulas.arrays import Floats
from crmlib.formulas.scores import tier_of
from crmlib.tables.data import load

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


def weighted_score(draw: Random) -> Drawn:
    """Weigh four criteria with weights that do not add up to one."""
    scores = [draw.choice(range(40, 96, 5)) for _i in range(4)]
    raw = tuple(draw.sample(range(1, 6), 4))
    key = _score(scores, _weights(raw))
    values = {
        "listed": [f"{_(c)} {s}" for c, s in zip(tiers.CRITERIA, scores, strict=True)],
        "weights": " : ".join(map(str, raw)),
        "products": products(zip(raw, scores, strict=True)),
        "weighed": sum(r * s for r, s in zip(raw, scores, strict=True)),
        "total": sum(raw),
        "key": key,
    }
    return Drawn(values, key, _wrongly_weighed(scores, np.array(raw, float)))


def _wrongly_weighed(scores: list[int], raw: Floats) -> list[Distractor]:
    total, heaviest = raw.sum(), raw == raw.max()
    found = {
        "weights_not_normalised": raw,
        "divided_by_ten": raw / 10,
        "divided_by_criteria": raw / 4,
        "weights_ignored": np.full(4, 0.25),
        "weights_misplaced": raw[::-1] / total,
        "heaviest_alone": heaviest * 1.0,
        "criterion_left_out": raw * (1, 1, 1, 0) / total,
    }
    return distractors({name: _score(scores, weights) for name, weights in found.items()})


def _tier_options() -> list[str]:
    return [_(t) for t in tiers.TIERS]


def _listed_cutoffs(cutoffs: Iterable[float]) -> list[str]:
    return [f"{_(t)} {c:g}" for t, c in zip(tiers.TIERS, cutoffs, strict=False)]


CUTOFFS = (
    (80, 82, 84, 85, 86, 88, 90),
    (70, 72, 74, 75, 76, 78),
    (60, 62, 64, 65, 66, 68),
    (48, 50, 52, 54, 55),
    (30, 32, 35, 38, 40),
)
"""What each cut-off is drawn from, from gold down."""


def veto(draw: Random) -> Drawn:
    """Place a firm that is overdue: mostly one that scores well and is over the limit, but not always."""
    limit, kind = draw.choice([60, 90, 120]), draw.choices(["capped", "low", "within"], [60, 20, 20])[0]
    cuts = np.array([draw.choice(around) for around in CUTOFFS], float)
    least, most = {"capped": (cuts[2], 100), "low": (15, cuts[4]), "within": (cuts[3], 100)}[kind]
    points = draw.randrange(int(2 * least), int(2 * most)) / 2
    days = draw.choice(range(limit // 2, limit + 1, 5) if kind == "within" else range(limit + 5, 300, 5))
    by_score = int(tier_of(np.array([points]), cuts)[0])
    key = max(by_score, RESTRICTED) if days > limit else by_score
    values = {
        "cuts": _listed_cutoffs(cuts),
        "limit": limit,
        "points": points,
        "days": days,
        "kind": kind,
        "tier": _(tiers.TIERS[by_score]),
    }
    others = [Distractor(t, _veto_misread(t, by_score, days > limit)) for t in range(len(tiers.TIERS)) if t != key]
    return Drawn(values, key, others, _tier_options())


def _veto_misread(tier: int, by_score: int, over: bool) -> str:
    """Name what leads to a wrong tier; ``over`` says that the firm is over the limit."""
    if tier == by_score:
        return "veto_ignored"
    if tier == RESTRICTED:
        return "veto_lifts" if over else "veto_limit_misread"
    if tier == EXIT:
        return "veto_expels"
    return "veto_one_step" if tier == by_score + 1 else "cutoffs_misread"


def boundary(draw: Random) -> Drawn:
    """Place a firm that scores exactly a cut-off, the rule being given in words and by an example."""
    cuts = np.array([draw.choice(around) for around in CUTOFFS], float)
    side, (asked, told) = draw.choice(["upper", "lower"]), draw.sample(range(len(cuts)), 2)
    key, example = (int(place) for place in tier_of(cuts[[asked, told]], cuts, side))
    values = {
        "cuts": _listed_cutoffs(cuts),
        "side": side,
        "told": cuts[told],
        "example": example + 1,
        "cut": cuts[asked],
        "upper": _(tiers.TIERS[asked]),
        "lower": _(tiers.TIERS[asked + 1]),
        "tier": _(tiers.TIERS[key]),
    }
    other = 2 * asked + 1 - key
    others = [
        Distractor(t, "boundary_swapped" if t == other else "cutoffs_misread")
        for t in range(len(tiers.TIERS))
        if t != key
    ]
    return Drawn(values, key, others, _tier_options())


def credit_total(draw: Random) -> Drawn:
    """Tell a tier's total from the growth of its firms."""
    grew = [TEN_THOUSAND * draw.choice(range(20, 110, 10)) for _i in range(draw.choice([2, 3]))]
    fell = [TEN_THOUSAND * draw.choice(range(110, 240, 10)) for _i in range(6 - len(grew))]
    rows = [(TEN_THOUSAND * draw.choice(range(300, 900, 50)), change) for change in (*grew, *(-x for x in fell))]
    draw.shuffle(rows)
    key, net = sum(grew), sum(grew) - sum(fell)
    values = {
        "pairs": [f"{before:,} → {before + change:,}" for before, change in rows],
        "grew": " + ".join(f"{x:,}" for x in grew),
        "fell": " + ".join(f"{x:,}" for x in fell),
        "key": key,
        "net": -net,
    }
    found = {
        "total_hides_firms": net,
        "fall_for_growth": -net,
        "falls_counted": sum(fell),
        "no_direction": key + sum(fell),
        "one_of_several": max(grew),
        "level_for_change": sum(before + change for before, change in rows if change > 0),
        "largest_change": max(fell),
    }
    return Drawn(values, key, distractors(found))


@cache
def _default_probability(best: float, step: float, tier: int) -> float:
    """Return the default probability of a tier as a question shows it, rounded to a hundredth of a per cent."""
    return round(float(tiers.TierPolicy(pd_best=best, pd_step=step).default_probabilities()[tier]), 4)


def expected_loss(draw: Random) -> Drawn:
    """Compute the expected loss of one tier, with a number of firms and a collateral that do not belong into it."""
    tier = draw.choice([1, 2, 3, 4])
    pd = _default_probability(draw.choice([0.002, 0.003, 0.004]), draw.choice([1.5, 2.0, 2.5]), tier)
    lgd, firms = draw.choice([0.35, 0.4, 0.45, 0.55, 0.6, 0.65]), draw.choice([20, 25, 40, 50, 80])
    exposure = TEN_THOUSAND * draw.choice(range(20_000, 90_000, 5_000))
    collateral = exposure * draw.choice([2, 3, 4, 5, 6]) // 10
    key = pd * lgd * exposure
    values = {
        "tier": _(tiers.TIERS[tier]),
        "firms": firms,
        "exposure": exposure,
        "collateral": collateral,
        "pd": pd,
        "lgd": lgd,
        "key": key,
    }
    found = {
        "lgd_left_out": pd * exposure,
        "recovery_for_loss": pd * (1 - lgd) * exposure,
        "certain_default": lgd * exposure,
        "percent_misread": 100 * key,
        "per_mille": key / 10,
        "per_firm": key / firms,
        "collateral_twice": pd * lgd * (exposure - collateral),
    }
    return Drawn(values, key, distractors(found))


ABC_RULES = ((75, 20), (75, 15), (80, 15), (70, 20))
"""The shares (%) of classes A and B: the course's rule and those of other books."""


def abc_count(draw: Random) -> Drawn:
    """Count class A under a stated boundary rule."""
    n, (a, b) = draw.randrange(8, 15), draw.choice(ABC_RULES)
    while True:
        sales = np.array(sorted(draw.sample(range(30, 400, 10), n - 3) + draw.sample(range(400, 900, 20), 3))[::-1])
        counts = _abc_counts(sales.astype(float), a / 100, b / 100)
        if counts["key"] != counts["crossing_left_out"]:
            break
    key = counts["key"]
    values = {
        "n": n,
        "listed": sales.tolist(),
        "a": a,
        "b": b,
        "total": sales.sum(),
        "line": a / 100 * sales.sum(),
        "before": key - 1,
        "largest": " + ".join(map(str, sales[: key - 1])),
        "sum_before": sales[: key - 1].sum(),
        "place": key,
        "next": sales[key - 1],
        "sum_n": sales[:key].sum(),
    }
    return Drawn(values, key, _miscounted(counts, draw))


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


def _miscounted(counts: dict[str, int], draw: Random) -> list[Distractor]:
    """Return one misconception for each wrong count, any of those that lead to it."""
    names = sorted(set(counts) - {"key"})
    found: dict[int, Distractor] = {}
    for name in draw.sample(names, len(names)):
        if counts[name] != counts["key"]:
            found.setdefault(counts[name], Distractor(counts[name], name))
    return list(found.values())


TOP_RULES = ((10, 20), (15, 20), (8, 25), (12, 25), (16, 25))
"""Customers, and the share of them (%) asked about: always a whole number of customers."""


def top_share(draw: Random) -> Drawn:
    """Test 80/20 on a few customers, listed in no order."""
    n, top = draw.choice(TOP_RULES)
    sales = draw.sample(range(20, 80), n - 3) + draw.sample(range(80, 200, 5), 3)
    draw.shuffle(sales)
    ranked, total, k = sorted(sales, reverse=True), sum(sales), n * top // 100
    key = 100 * pareto.top_share(np.array(ranked, float), top / 100)

    def share(part: list[int]) -> float:
        return 100 * sum(part) / total

    values = {
        "n": n,
        "listed": sales,
        "top": top,
        "k": k,
        "largest": " + ".join(map(str, ranked[:k])),
        "part": sum(ranked[:k]),
        "total": total,
        "key": key,
    }
    found = {
        "quoted_8020": 80.0,
        "not_ranked": share(sales[:k]),
        "one_too_few": share(ranked[: k - 1]),
        "one_too_many": share(ranked[: k + 1]),
        "share_of_the_rest": 100 - key,
        "base_of_the_rest": 100 * sum(ranked[:k]) / sum(ranked[k:]),
        "share_of_heads": float(top),
    }
    return Drawn(values, key, distractors(found))


def in_the_book(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the branch's own book."""
    cut = draw.choice([80.0, 82.0, 83.0, 87.0, 88.0])
    book = tiers.prepare(load("bank_loans"))

    def gold(policy: tiers.TierPolicy) -> float:
        return tiers.headline(tiers.grade(book, policy))["gold_firms"]

    policy = tiers.TierPolicy(gold_from=cut)
    at_opening = float(tiers.firms_by_place(tiers.grade(book, policy).opening)[0])
    textbook = gold(tiers.TierPolicy(gold_from=cut, **tiers.STUDY.textbook))
    others = [
        Distractor(gold(tiers.TierPolicy()), "inputs_not_set", values={"left": "cutoff"}),
        Distractor(at_opening, "wrong_date"),
        Distractor(textbook, "inputs_not_set", values={"left": "weights"}),
    ]
    return Drawn({"cut": cut}, gold(policy), others)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        weighted_score,
        veto,
        boundary,
        credit_total,
        expected_loss,
        abc_count,
        top_share,
        *VALUE_GENERATORS,
        *FILE_GENERATORS,
        in_the_book,
    )
}

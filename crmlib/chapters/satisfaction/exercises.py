"""Generators of the chapter on satisfaction and service. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/satisfaction.yaml``.
"""

from functools import cache
from math import ceil
from random import Random

import numpy as np

from crmlib.chapters.satisfaction.models import blueprint, csi, gaps, kano, sampling
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered, products
from crmlib.core.i18n import _
from crmlib.tables.data import load

WEIGHTS = ((0.5, 0.3, 0.2), (0.4, 0.3, 0.3), (0.4, 0.4, 0.2), (0.6, 0.2, 0.2), (0.3, 0.5, 0.2))


def index_points(draw: Random) -> Drawn:
    """Turn the means of three questions on 1–10 into an index on 0–100."""
    means, weights = [draw.randrange(52, 92) / 10 for _i in range(3)], draw.choice(WEIGHTS)
    weighed = sum(w * x for w, x in zip(weights, means, strict=True))
    key = csi.acsi(np.array(means), np.array(weights))
    values = numbered(x=means, w=weights) | {
        "products": products(zip(weights, means, strict=True)),
        "weighed": weighed,
        "key": key,
    }
    found = {
        "divided_by_ten": 10 * weighed,
        "minimum_kept": 100 * weighed / 9,
        "range_of_ten": 10 * (weighed - 1),
        "weights_ignored": 100 * (sum(means) / 3 - 1) / 9,
        "first_alone": 100 * (means[0] - 1) / 9,
    }
    return Drawn(values, key, distractors(found))


def kano_class(draw: Random) -> Drawn:
    """Find the class of a pair of answers in the evaluation table."""
    wanted = draw.randrange(len(kano.CLASSES))
    present, absent = draw.choice([tuple(map(int, at)) for at in np.argwhere(np.equal(kano.TABLE, wanted))])
    key = int(kano.classes(np.array([present + 1.0]), np.array([absent + 1.0]))[0])
    without, alone = int(kano.TABLE[present, 2]), int(kano.TABLE[2, absent])

    def misread(place: int) -> str:
        if place == without:
            return "absence_ignored"
        if place == alone:
            return "presence_ignored"
        return {kano.R: "reverse_misread", kano.Q: "doubtful_misread"}.get(place, "table_misread")

    names = [_(name) for name in kano.CLASSES.values()]
    values = {
        "feature": draw.randrange(12),
        "present": _(kano.ANSWERS[present]),
        "absent": _(kano.ANSWERS[absent]),
        "name": names[key],
    }
    others = [Distractor(place, misread(place)) for place in range(len(names)) if place != key]
    return Drawn(values, key, others, names)


def better_worse(draw: Random) -> Drawn:
    """Compute better or worse from the counts of the six classes."""
    a, o, m, i = (draw.randrange(6, 60) for _class in range(4))
    r, q = draw.randrange(5, 25), draw.randrange(4, 12)
    better, worse = (float(values[0]) for values in kano.coefficients(np.array([[a, o, m, i, r, q]], float)))
    up = draw.random() < 0.5
    one, base = (a if up else m), a + o + m + i
    key, other = (better, -worse) if up else (-worse, better)
    values = {"a": a, "o": o, "m": m, "i": i, "r": r, "q": q, "up": up, "one": one, "part": one + o, "base": base}
    found = {
        "all_in_base": (one + o) / (base + r + q),
        "other_coefficient": other,
        "one_class_alone": one / base,
        "indifferent_left_out": (one + o) / (base - i),
        "three_added": (a + o + m) / base,
    }
    return Drawn(values | {"key": key}, key, distractors(found))


def sample_size(draw: Random) -> Drawn:
    """Compute how many answers a small population needs."""
    margin, percent = draw.choice([3, 3.5, 4, 4.5, 5, 6]), draw.choice([50, 45, 40, 35, 30, 25, 20])
    population = draw.randrange(400, 3000, 50)
    e, p = margin / 100, percent / 100
    infinite = 1.96**2 * p * (1 - p) / e**2
    key = sampling.needed(1.96, e, p, population)
    values = {
        "margin": margin,
        "percent": percent,
        "population": population,
        "e": e,
        "p": p,
        "rest": 1 - p,
        "infinite": infinite,
        "divisor": 1 + (infinite - 1) / population,
        "exact": infinite / (1 + (infinite - 1) / population),
        "key": key,
    }
    found = {
        "population_ignored": sampling.needed(1.96, e, p),
        "whole_width": sampling.needed(1.96, e / 2, p, population),
        "z_left_out": sampling.needed(1.0, e, p, population),
        "a_tenth": population / 10,
        "z_not_squared": ceil(infinite / 1.96),
    }
    return Drawn(values, key, distractors(found))


def invitations(draw: Random) -> Drawn:
    """From answers needed to invitations, with wrong addresses and non-response."""
    answers, rate, lost = (
        draw.choice(range(150, 420, 10)),
        draw.choice([20, 25, 30, 40, 50]),
        draw.choice([4, 5, 8, 10]),
    )
    reached = answers / (rate / 100)
    key = ceil(round(reached / (1 - lost / 100), 6))
    values = {"answers": answers, "rate": rate, "lost": lost, "reached": reached, "valid": 100 - lost, "key": key}
    values["exact"] = reached / (1 - lost / 100)
    found = {
        "rate_multiplied": answers * rate / 100,
        "silent_for_answering": answers / (1 - rate / 100) / (1 - lost / 100),
        "addresses_forgotten": reached,
        "silent_share_added": answers * (1 + (100 - rate) / 100),
        "rates_subtracted": answers / ((rate - lost) / 100),
    }
    return Drawn(values, key, distractors({name: float(ceil(round(sent, 6))) for name, sent in found.items()}))


def weighted_gap(draw: Random) -> Drawn:
    """Compute SERVQUAL's weighted gap of three dimensions."""
    weights = draw.choice(WEIGHTS)
    expected = [draw.randrange(74, 95) / 10 for _i in range(3)]
    found = [round(e + draw.choice([-20, -15, -12, -8, -5, 4, 6, 9]) / 10, 1) for e in expected]
    gap = [round(p - e, 1) for p, e in zip(found, expected, strict=True)]
    key = gaps.weighted_gap(np.array(gap), np.array(weights))
    values = numbered(p=found, e=expected, w=weights, g=gap) | {"key": key}
    wrong = {
        "expectation_first": -key,
        "weights_ignored": sum(gap) / 3,
        "signs_dropped": sum(w * abs(g) for w, g in zip(weights, gap, strict=True)),
        "largest_alone": min(gap),
        "gaps_added": sum(gap),
    }
    return Drawn(values, key, distractors(wrong))


def journey(draw: Random) -> Drawn:
    """Compute how many visits of three steps succeed, some failures being recovered."""
    fail, back = [draw.choice([10, 15, 20, 25, 30]) for _i in range(3)], draw.sample([20, 30, 40, 50, 60], 3)
    spoiling = blueprint.spoiled(np.array(fail) / 100, np.array(back) / 100)
    left = [round(100 - f * (100 - r) / 100, 2) for f, r in zip(fail, back, strict=True)]
    key = 100 * blueprint.success(spoiling)
    values = numbered(f=fail, r=back, s=left) | {"key": key}
    values |= numbered(k=[100 - r for r in back])
    found = {
        "recovery_ignored": 100 * blueprint.success(np.array(fail) / 100),
        "failures_added": 100 * (1 - float(spoiling.sum())),
        "weakest_alone": min(left),
        "steps_averaged": sum(left) / 3,
        "recovered_for_lost": 100 * blueprint.success(np.array(fail) * back / 10_000),
    }
    return Drawn(values, key, distractors(found))


def prevention(draw: Random) -> Drawn:
    """Compute the net gain of one measure of prevention."""
    visits, loss = draw.choice([5_000, 10_000, 15_000, 20_000]), draw.choice([20, 30, 40, 50, 60])
    spoil, rest, cut = draw.choice([4, 5, 6, 8, 10]), draw.choice([70, 75, 80, 85]), draw.choice([40, 50, 60, 80])
    worth = visits * loss
    gain = float(blueprint.gains(np.array([spoil / 100, 1 - rest / 100]), np.array([cut / 100, np.nan]), worth)[0])
    cost = 500 * draw.randrange(2, max(3, int(gain / 600)))
    key = gain - cost
    values = {
        "visits": visits,
        "loss": loss,
        "spoil": spoil,
        "rest": rest,
        "cut": cut,
        "cost": cost,
        "saved": gain / loss,
        "gain": gain,
        "key": key,
    }
    found = {
        "cost_forgotten": gain,
        "others_ignored": gain / (rest / 100) - cost,
        "all_prevented": gain / (cut / 100) - cost,
        "remaining_for_prevented": gain / cut * (100 - cut) - cost,
        "visits_for_yuan": gain / loss,
    }
    return Drawn(values, key, distractors(found))


def silent_share(draw: Random) -> Drawn:
    """Correct a share for those who did not answer and were called back."""
    rate, happy = draw.choice([20, 25, 30, 40, 45, 60]), draw.choice(range(70, 96, 2))
    silent = happy - draw.choice([12, 16, 20, 25, 30])
    off = float(sampling.nonresponse_bias(np.array([rate / 100]), happy - silent)[0])
    key = happy - off
    values = {"rate": rate, "rest": 100 - rate, "happy": happy, "silent": silent, "key": key}
    values |= {"answering": rate * happy / 100, "others": (100 - rate) * silent / 100}
    found = {
        "answers_alone": float(happy),
        "plain_mean": (happy + silent) / 2,
        "shares_swapped": (rate * silent + (100 - rate) * happy) / 100,
        "silent_alone": float(silent),
        "silent_as_unhappy": rate * happy / 100,
    }
    return Drawn(values, key, distractors(found))


@cache
def _avoided(budget: float, choose: str) -> tuple[float, float]:
    """Return spoiled journeys avoided and still spoiled in the hospital's blueprint."""
    given = {"budget": budget, "choose": choose}
    j = blueprint.STUDY.answer(load("service_steps"), **given)
    avoided = blueprint.headline(j)["avoided"]
    return avoided, (1 - j.then) * j.rule.journeys


def in_the_blueprint(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the hospital's blueprint."""
    budget, how = draw.choice([8_000, 15_000, 20_000, 22_000, 45_000]), draw.choice(["riskiest", "cheapest"])
    key, left = _avoided(budget, how)
    default = blueprint.BlueprintRule()
    choose = blueprint.BlueprintRule.setting_of("choose")
    others = [
        Distractor(_avoided(default.budget, how)[0], "inputs_not_set", values={"left": "budget"}),
        Distractor(_avoided(budget, default.choose)[0], "inputs_not_set", values={"left": "choose"}),
        Distractor(left, "left_for_avoided"),
    ]
    return Drawn({"budget": budget, "how": choose.shown(how)}, key, others)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        index_points,
        kano_class,
        better_worse,
        sample_size,
        invitations,
        weighted_gap,
        journey,
        prevention,
        silent_share,
        in_the_blueprint,
    )
}

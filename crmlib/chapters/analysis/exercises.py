"""Generators of the chapter on customer and product analysis. Every key comes from the chapter's model functions.

Misconceptions and texts are those of ``casebook/items/analysis.yaml``.
"""

from dataclasses import replace
from functools import cache
from random import Random

import numpy as np

from crmlib.chapters.analysis.models import change, ratios, trend
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors, numbered
from crmlib.core.i18n import _
from crmlib.tables.data import load


def turnover(draw: Random) -> Drawn:
    """Compute the turnover from opening and closing stock."""
    opening, closing = draw.choice(range(40, 100, 4)), draw.choice(range(20, 90, 4))
    while abs(opening - closing) < 12:
        closing = draw.choice(range(20, 90, 4))
    stock = (opening + closing) / 2
    sales = round(stock * draw.choice([4.5, 5.5, 6.5, 7.5, 8.5, 10.5, 12.5]))
    found = ratios.average_stock(np.array([[float(opening)]]), np.array([[float(closing)]]), "months")
    key = float(ratios.ratios(np.array([float(sales)]), np.zeros(1), found)["turnover"][0])
    values = {"sales": sales, "opening": opening, "closing": closing, "stock": stock, "key": key}
    wrong = {
        "closing_alone": sales / closing,
        "opening_alone": sales / opening,
        "not_halved": sales / (opening + closing),
        "upside_down": 365 * stock / sales,
    }
    return Drawn(values, key, distractors(wrong))


def cross_ratio(draw: Random) -> Drawn:
    """Compute the cross ratio from sales, cost and average stock."""
    sales, rate = draw.choice(range(200, 900, 20)), draw.choice([15, 20, 25, 30, 35, 40, 45])
    stock = draw.choice([20, 25, 40, 50, 80])
    cost = round(sales * (100 - rate) / 100, 2)
    figures = ratios.ratios(np.array([float(sales)]), np.array([cost]), np.array([float(stock)]))
    key = float(figures["cross"][0])
    values = {"sales": sales, "cost": cost, "stock": stock, "margin": (sales - cost) / sales, "times": sales / stock}
    wrong = {
        "added_for_multiplied": rate / 100 + sales / stock,
        "cost_for_sales": rate / 100 * cost / stock,
        "markup_for_margin": (sales - cost) / cost * sales / stock,
        "turnover_alone": sales / stock,
        "divided_by_turnover": rate / 100 / (sales / stock) * 100,
    }
    return Drawn(values | {"key": key}, key, distractors(wrong))


def contribution(draw: Random) -> Drawn:
    """Choose the product with the highest contribution ratio of three."""
    while True:
        sales = draw.sample([200, 300, 400, 500, 600, 800], 3)
        rates = draw.sample([10, 15, 20, 25, 30, 35, 40], 3)
        times = draw.sample([3, 4, 5, 6, 8, 10, 12], 3)
        figures = ratios.ratios(
            np.array(sales, float),
            np.array([s * (100 - r) / 100 for s, r in zip(sales, rates, strict=True)]),
            np.array([s / t for s, t in zip(sales, times, strict=True)]),
        )
        best = {name: ratios.highest(values.round(9)) for name, values in figures.items()}
        ranked = np.sort(figures["contribution"])
        others = {best["margin"], best["turnover"], best["cross"]} - {best["contribution"]}
        if len(others) == 2 and best["cross"] != best["contribution"] and ranked[-1] > 1.08 * ranked[-2]:
            break
    key = best["contribution"]
    wrong = [Distractor(best["cross"], "cross_for_contribution")]
    wrong += [
        Distractor(best[name], said)
        for name, said in (("margin", "margin_alone"), ("turnover", "turnover_alone"))
        if best[name] not in (key, best["cross"])
    ]
    names = [_(name) for name in ratios.PRODUCTS]
    wrong = [*{d.answer: d for d in reversed(wrong)}.values()]
    values = numbered(s=sales, r=rates, t=times, c=[float(v) for v in figures["contribution"]])
    values |= numbered(w=[s / sum(sales) for s in sales]) | {"name": names[key]}
    return Drawn(values, key, wrong, names)


def kpi_share(draw: Random) -> Drawn:
    """Compute the contribution index of a product: margin rate × share of sales."""
    total, sold = draw.choice([800, 1000, 1200, 1500, 2000]), draw.choice(range(90, 400, 10))
    rate, times = draw.choice([16, 18, 22, 24, 28, 32, 36, 42]), draw.choice([3, 4, 5, 6, 8])
    cost = round(sold * (100 - rate) / 100, 2)
    rest = total - sold
    figures = ratios.ratios(np.array([sold, rest], float), np.array([cost, 0.8 * rest]), np.ones(2))
    key = 100 * float(figures["kpi"][0])
    values = {"total": total, "sold": sold, "rate": rate, "times": times, "share": 100 * sold / total, "key": key}
    wrong = {
        "cross_for_index": rate * sold / total * times,
        "share_alone": 100 * sold / total,
        "margin_alone": float(rate),
        "cost_share": (100 - rate) * sold / total,
        "share_of_rest": rate * sold / rest,
    }
    return Drawn(values, key, distractors(wrong))


def own_share(draw: Random) -> Drawn:
    """Compute what is missing to the share aimed at."""
    bought, aim = draw.choice(range(300, 1300, 50)), draw.choice([30, 35, 40, 45, 50])
    now = aim - draw.choice([6, 8, 9, 11, 13, 14, 16, 18])
    ours = round(bought * now / 100, 2)
    key = bought * aim / 100 - ours
    values = {"bought": bought, "aim": aim, "ours": ours, "wanted": bought * aim / 100, "key": key}
    wrong = {
        "share_of_own": ours * aim / 100,
        "points_for_yuan": float(aim - now),
        "share_times_gap": ours * (aim - now) / 100,
        "aim_alone": bought * aim / 100,
        "all_the_rest": bought - ours,
    }
    known = [replace(d, as_it_is=d.misconception == "points_for_yuan") for d in distractors(wrong)]
    return Drawn(values, key, known)


def mix(draw: Random) -> Drawn:
    """Compute the mix effect of two products with prices that stay."""
    p1, p2 = draw.choice([5, 8, 10, 12]), draw.choice([20, 25, 30, 40])
    a0, b0 = draw.choice([200, 300, 400]), draw.choice([100, 200, 300])
    a1 = a0 + draw.choice([60, 100, 140, 180])
    b1 = b0 - draw.choice([30, 50, 70])
    q0, q1, price = np.array([a0, b0], float), np.array([a1, b1], float), np.array([p1, p2], float)
    parts = change.split(q0, q1, q0 * price, q1 * price, q0, q1).sum(axis=1)
    key, volume = float(parts[1]), float(parts[0])
    values = numbered(p=[p1, p2], a=[a0, a1], b=[b0, b1])
    values |= {"before": a0 * p1 + b0 * p2, "now": a1 * p1 + b1 * p2, "total": a0 + b0, "all": a1 + b1}
    values |= {"even": float((a0 * p1 + b0 * p2) * (a1 + b1) / (a0 + b0)), "key": key}
    wrong = {
        "mix_for_volume": volume,
        "change_for_mix": volume + key,
        "dear_alone": float((b1 - b0) * p2),
        "sign_turned": -key,
    }
    return Drawn(values, key, distractors(wrong))


def price_effect(draw: Random) -> Drawn:
    """Compute the price effect of one product, at new quantities."""
    q0 = draw.choice(range(400, 1200, 50))
    q1 = q0 + draw.choice([-150, -100, 100, 150, 200, 250])
    p0 = draw.choice([20, 24, 25, 30, 36, 40])
    p1 = p0 + draw.choice([-4, -3, -2, 2, 3, 4])
    both = (np.array([float(q)]) for q in (q0, q1))
    old, new = both
    parts = change.split(old, new, old * p0, new * p1, old, new).sum(axis=1)
    key = float(parts[2])
    values = {"q0": q0, "q1": q1, "p0": p0, "p1": p1, "new": q1 * p1, "old": q1 * p0, "key": key}
    wrong = {
        "old_quantity": float((p1 - p0) * q0),
        "volume_for_price": float((q1 - q0) * p0),
        "whole_change": float(q1 * p1 - q0 * p0),
        "sign_turned": -key,
    }
    return Drawn(values, key, distractors(wrong))


def without_season(draw: Random) -> Drawn:
    """Compare two months after the season is taken out: growth in percent."""
    one, other = draw.choice([0.8, 0.9, 1.25]), draw.choice([0.75, 1.2, 1.5, 1.6])
    level, grown = draw.choice([200, 240, 300, 360, 400]), draw.choice([-10, -5, 5, 8, 10, 12, 15])
    before, now = round(level * one, 2), round(level * other * (100 + grown) / 100, 2)
    key = trend.growth(now / other, before / one)
    values = {"one": one, "other": other, "before": before, "now": now, "key": key}
    values |= {"level": before / one, "then": now / other}
    wrong = {
        "season_left_in": 100 * (now - before) / before,
        "one_index": 100 * (now / other - before) / before,
        "indices_swapped": 100 * (now / one - before / other) / (before / other),
        "difference_for_growth": now / other - before / one,
    }
    return Drawn(values, key, distractors(wrong))


def moving(draw: Random) -> Drawn:
    """Compute a moving average of three months."""
    start = draw.choice(range(80, 200, 10))
    sold = [start + draw.choice(range(-30, 60, 3)) for _month in range(5)]
    while len({*sold}) < 5 or abs(sold[0] - sold[3]) < 12 or abs(sold[4] - sold[1]) < 12:
        sold = [start + draw.choice(range(-30, 60, 3)) for _month in range(5)]
    key = float(trend.moving_average(np.array(sold, float), 3)[4])
    values = numbered(v=sold) | {"sum": sum(sold[2:]), "key": key}
    wrong = {
        "whole_row": sum(sold) / 5,
        "one_month_off": sum(sold[1:4]) / 3,
        "last_two": sum(sold[3:]) / 2,
        "sum_for_mean": float(sum(sold[2:])),
    }
    return Drawn(values, key, distractors(wrong))


@cache
def _pushed(push_by: str, effect: str) -> tuple[float, float]:
    """Return what the push chosen and the best one bring on the food manufacturer's data, yuan."""
    tables = [load(name) for name in ratios.STUDY.datasets]
    figures = ratios.headline(ratios.STUDY.answer(*tables, push_by=push_by, effect=effect))
    return figures["gain"], figures["best_gain"]


def in_the_ratios(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the food manufacturer's data."""
    push_by, effect = draw.choice(["margin", "turnover", "cross"]), draw.choice(["yuan", "stock"])
    key, best = _pushed(push_by, effect)
    default = ratios.RatioRule()
    others = [
        Distractor(_pushed(default.push_by, effect)[0], "inputs_not_set", values={"left": "push_by"}),
        Distractor(_pushed(push_by, default.effect)[0], "inputs_not_set", values={"left": "effect"}),
        Distractor(best, "best_for_chosen"),
    ]
    kept = [d for d in others if abs(d.answer - key) > 0.02 * abs(key)]
    rule = ratios.RatioRule
    shown = {"push": rule.setting_of("push_by").shown(push_by), "effect": rule.setting_of("effect").shown(effect)}
    return Drawn(shown, key, kept)


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        turnover,
        cross_ratio,
        contribution,
        kpi_share,
        own_share,
        mix,
        price_effect,
        without_season,
        moving,
        in_the_ratios,
    )
}

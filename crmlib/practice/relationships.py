"""Exercises of the chapter on relationships. Every key comes from the chapter's model functions and tables."""

from collections.abc import Callable
from functools import cache
from random import Random

import numpy as np

from crmlib.chapters.relationships.models import ideas
from crmlib.chapters.relationships.models import relationships as model
from crmlib.chapters.relationships.models.service import best_mix
from crmlib.data import load
from crmlib.formulas.arrays import Floats, Ints
from crmlib.i18n import N_, _
from crmlib.practice.ask import Ask, Guess
from crmlib.practice.exercise import Exercise, Maker, Mistake, apart

RATES = (0.08, 0.10, 0.12)
"""Discount rates that are drawn."""


@cache
def _policy(discount: float = 0.10, years: str = "always") -> model.ServicePlan:
    return model.ServicePlan().replace(discount=discount, cost_years=years)


def lifetime_worth(draw: Random) -> Exercise:
    """Value a customer with the margin multiple."""
    margin, r, i = draw.choice(range(10, 61, 2)), draw.choice(range(60, 93, 2)) / 100, draw.choice(RATES)
    one = np.array(r)
    factor = float(model.multiple(one, i))
    return Exercise(
        _(
            "A customer brings a margin of {margin} (10,000 yuan) a year and stays each year with probability {r:.0%}; "
            "the discount rate is {i:.0%}. Margins fall at the end of each year, if the customer is still there. "
            "What is the customer worth?"
        ).format(margin=margin, r=r, i=i),
        margin * factor,
        _("Margin multiple: {r:g} ÷ (1 + {i:g} − {r:g}) = {factor:.4f}; {margin} × {factor:.4f} = {key:.2f}.").format(
            r=r, i=i, factor=factor, margin=margin, key=margin * factor
        ),
        [
            Mistake(
                margin * float(model.multiple(one, i, "now")),
                _("You let the first margin fall today for certain; the question puts it at the end of the year."),
                "first_margin_now",
            ),
            Mistake(
                margin / (1 - r),
                _("That is margin × mean life 1/(1 − r): nothing has been discounted."),
                "not_discounted",
            ),
            Mistake(margin * r / (1 - r), _("You left the discount rate out of the denominator."), "not_discounted"),
            Mistake(
                margin / i,
                _("That would be a customer who never leaves: the retention is missing."),
                "never_leaves",
            ),
            Mistake(
                margin * r / (1 + i),
                _("That is the first year's margin alone; the customer may stay for many more."),
                "one_year_only",
            ),
            Mistake(
                margin * (1 - r) / (i + r),
                _("You put the probability of leaving where the probability of staying belongs."),
                "leaving_is_staying",
            ),
            Mistake(
                margin * r / (1 + i + r),
                _("You added the retention in the denominator; it is taken away: 1 + i − r."),
                "sign_slip",
            ),
        ],
        unit=_("10,000 yuan"),
        hints=(
            _("Discount each year's margin and weigh it with the probability that the customer is still there."),
            _("The sum over all years is the margin times a multiple of retention r and discount rate i."),
        ),
    )


def risk_removed(draw: Random) -> Exercise:
    """Turn an effect on the risk of leaving into a retention."""
    removed = draw.choice([5, 10, 15, 20, 25, 30, 40])
    r, e = draw.choice(range(50, min(91, 100 - removed))) / 100, removed / 100  # adding the two stays below 100%
    closer = _(draw.choice(model.TYPES[1:]))
    risk = model.risk_by_type(np.array([1 - r]), np.array([0]), np.array([0.0, e]), np.zeros(1), 0.0)
    key = 100 * (1 - float(risk[0, 1]))
    return Exercise(
        _(
            "Under the basic type an account stays with probability {r:.0%}. The type “{closer}” removes {e:.0%} of "
            "the risk of leaving. What is the retention then (in %)?"
        ).format(r=r, e=e, closer=closer),
        key,
        _("Risk: 100% − {r:.0%} = {before:.0f}%; left of it {before:.0f}% × {left:.0%} = {after:.2f}%; {stay}.").format(
            r=r, before=100 * (1 - r), left=1 - e, after=100 - key, stay=f"100% − {100 - key:.2f}% = {key:.2f}%"
        ),
        [
            Mistake(
                100 * (r + e),
                _("You added the effect to the retention; it is a share of the risk of leaving."),
                "effect_on_retention",
            ),
            Mistake(
                100 * r * (1 + e),
                _("You raised the retention by that share; the effect lowers the risk."),
                "effect_on_retention",
            ),
            Mistake(
                100 - 100 * (1 - r) * e,
                _("You took the part that is removed for the risk that is left."),
                "removed_is_left",
            ),
            Mistake(
                100 * r * (1 - e),
                _("You lowered the retention by that share; it is the risk of leaving that falls."),
                "effect_on_retention",
            ),
            Mistake(
                100 - key,
                _("That is the risk that is left; the question asks for the retention."),
                "leaving_is_staying",
            ),
            Mistake(100 * e * (1 - r), _("That is the part of the risk that is removed."), "removed_is_left"),
        ],
        unit="%",
        tolerance=0.002,
        hints=(
            _("Work out the risk of leaving first: what does not stay leaves."),
            _("The type takes its share off that risk; what is left of it leaves, everything else stays."),
        ),
    )


def _types() -> list[str]:
    return [_(t) for t in model.TYPES]


Cell = tuple[int, int]
"""A cell of the matrix: its row of ``NUMBERS`` and its column of ``MARGINS``."""


@cache
def _borders(many: int, medium: int, high: int, low: int, boundary: str) -> model.ServicePlan:
    borders = {"many_from": many, "medium_from": medium, "high_margin": high, "medium_margin": low}
    return model.ServicePlan().replace(**borders, boundary=boundary)


def _drawn_borders(draw: Random, boundary: str = "upper") -> model.ServicePlan:
    many, medium = draw.choice([40, 50, 60, 80]), draw.choice([10, 15, 20, 30])
    return _borders(many, medium, draw.choice([30, 40, 50, 60]), draw.choice([10, 12, 15, 20]), boundary)


def _cell(number: int, margin: float, policy: model.ServicePlan) -> Cell:
    """Return the cell of the matrix in which a segment falls."""
    row = model.band(np.array([number]), (policy.many_from, policy.medium_from), policy.boundary)[0]
    column = model.band(np.array([margin]), (policy.high_margin, policy.medium_margin), policy.boundary)[0]
    return int(row), int(column)


def _misread(cell: Cell, policy: model.ServicePlan) -> list[Mistake]:
    """Return the types to which a wrong way of reading the matrix leads, the commonest way first."""
    (row, column), cells = cell, policy.matrix()
    ways = [
        (cells[row, 2 - column], _("You read the columns the wrong way round: high margins get more service.")),
        (cells[2 - row, column], _("You read the rows the wrong way round: many customers get less each.")),
        (cells[2 - row, 2 - column], _("You read rows and columns the wrong way round.")),
    ]
    one_sided = [
        (2 * row, _("You went by the number of customers alone; the margin per unit counts as well.")),
        (4 - 2 * column, _("You went by the margin per unit alone; the number of customers counts as well.")),
    ]
    found = [Mistake(int(to), reply, "matrix_reversed") for to, reply in ways]
    found += [Mistake(to, reply, "matrix_one_sided") for to, reply in one_sided]
    key = int(cells[cell])
    return list({m.answer: m for m in reversed(found) if m.answer != key}.values())


def _matrix_hints() -> tuple[str, ...]:
    return (
        _("Place the number in its row and the margin in its column; then read the cell."),
        _("From many to few customers each row is one type closer, from low to high margin each column too."),
    )


def matrix_cell(draw: Random) -> Exercise:
    """Read Kotler's matrix, on neither of its borders nor in the cell where every way of reading it agrees."""
    policy, cell = _drawn_borders(draw), (1, 1)
    while cell == (1, 1):
        number, margin = draw.choice(range(4, 131)), draw.choice(range(4, 96))
        if number not in (policy.many_from, policy.medium_from) and margin not in (
            policy.high_margin,
            policy.medium_margin,
        ):
            cell = _cell(number, margin, policy)
    key = int(policy.matrix()[cell])
    return Exercise(
        _(
            "A segment has {number} accounts and a margin of {margin} yuan per unit. Many customers begin at {many}, a "
            "medium number at {medium}; high margins at {high:g} yuan, medium ones at {low:g}. Which type does the "
            "matrix give? (Many customers at a low margin: basic.)"
        ).format(
            number=number,
            margin=margin,
            many=policy.many_from,
            medium=policy.medium_from,
            high=policy.high_margin,
            low=policy.medium_margin,
        ),
        key,
        _("{number}, {margin}: the matrix says {type}.").format(
            number=_(model.NUMBERS[cell[0]]), margin=_(model.MARGINS[cell[1]]), type=_(model.TYPES[key])
        ),
        _misread(cell, policy),
        _types(),
        hints=_matrix_hints(),
    )


def at_the_border(draw: Random) -> Exercise:
    """Place a segment whose number of accounts is exactly a border."""
    policy = _drawn_borders(draw, draw.choice(["upper", "lower"]))
    number = draw.choice([policy.many_from, policy.medium_from])
    margin = draw.choice([m for m in range(4, 96) if m not in (policy.high_margin, policy.medium_margin)])
    cell = _cell(number, margin, policy)
    other = policy.replace(boundary="lower" if policy.boundary == "upper" else "upper")
    by_other = int(policy.matrix()[_cell(number, margin, other)])
    rule = _("belongs above it") if policy.boundary == "upper" else _("belongs below it")
    return Exercise(
        _(
            "Many customers begin at {many} accounts, a medium number at {medium}; high margins at {high:g} yuan, "
            "medium ones at {low:g}. A figure equal to a border {rule}. A segment has {number} accounts and a margin "
            "of {margin} yuan per unit. Which type? (Many customers at a low margin: basic.)"
        ).format(
            many=policy.many_from,
            medium=policy.medium_from,
            high=policy.high_margin,
            low=policy.medium_margin,
            rule=rule,
            number=number,
            margin=margin,
        ),
        int(policy.matrix()[cell]),
        _("{number} is exactly a border, so the rule for borders decides.").format(number=number),
        [
            Mistake(by_other, _("You used the other rule for borders: read it again."), "border_rule"),
            *(m for m in _misread(cell, policy) if m.answer != by_other),
        ],
        _types(),
        hints=(_("The number equals a border: read first to which side the rule sends it."), *_matrix_hints()),
    )


def _raised(margin: float, low: float, high: float, cost: float) -> tuple[float, str, list[Mistake]]:
    """Return what a rise of retention adds to the worth of an account, worked, and the usual mistakes."""
    policy, once = _policy(), _policy(years="once")
    i, at, m = policy.discount, np.array([low, high]), np.array(margin)
    (factor_low, factor), (kept_low, kept) = model.multiple(at, i).tolist(), model.upkeep(at, i).tolist()
    without = float(model.worth(m, at[0], np.array(0.0), policy))
    whole, for_one_year = (float(model.worth(m, at[1], np.array(cost), p)) for p in (policy, once))
    key, earned = whole - without, margin * (factor - factor_low)
    worked = _(
        "Margin multiples: {r2:g} ÷ (1 + {i:g} − {r2:g}) = {high:.3f} and {r1:g} ÷ (1 + {i:g} − {r1:g}) = {low:.3f}; "
        "{margin:g} × ({high:.3f} − {low:.3f}) = {earned:.2f}. Service, from the first year on: {cost:.2f} × (1 + "
        "{high:.3f}) = {paid:.2f}. {earned:.2f} − {paid:.2f} = {key:.2f}."
    ).format(
        r1=low,
        r2=high,
        i=i,
        high=factor,
        low=factor_low,
        margin=margin,
        earned=earned,
        cost=cost,
        paid=cost * kept,
        key=key,
    )
    mistakes = [
        Mistake(earned, _("You left out what the service costs."), "cost_left_out"),
        Mistake(for_one_year - without, _("You paid for one year only; the service must go on."), "cost_once"),
        Mistake(whole, _("That is the whole worth; the question asks how much more it is."), "whole_not_added"),
        Mistake(
            earned - cost * kept_low,
            _("You counted the years of service at the old retention; who stays longer is served longer."),
            "cost_left_out",
        ),
        Mistake(
            margin * (high - low) - cost,
            _("That is the first year alone; the customer stays for more."),
            "one_year_only",
        ),
        Mistake(
            margin * float(model.multiple(at[1] - at[0], i)) - cost * kept,
            _("You put the difference of the retentions into the multiple; take the difference of the multiples."),
            "multiple_of_difference",
        ),
        Mistake(
            earned - cost * (1 + i) / i,
            _("You paid for the service for ever; it ends when the customer leaves."),
            "never_leaves",
        ),
        Mistake(
            earned - cost / (1 - high),
            _("You took the cost of service times the mean life: it has not been discounted."),
            "not_discounted",
        ),
        Mistake(
            key / (1 + i),
            _("You discounted the result once more; both multiples give present values already."),
            "discounted_twice",
        ),
    ]
    return key, worked, mistakes


def raise_pays(draw: Random) -> Exercise:
    """Work out what raising an account from basic brings, service paid every year; it does pay."""
    hours, rate = draw.choice([20, 30, 40, 50]), draw.choice([200, 250, 300, 400])
    key, mistakes = 0.0, list[Mistake]()
    while key < 1 or min(abs(m.answer) for m in mistakes) < 1:  # so that two decimals tell them apart
        margin, low = draw.choice(range(20, 81)), draw.choice(range(66, 85, 2)) / 100
        high = low + draw.choice([0.04, 0.06, 0.08])
        key, worked, mistakes = _raised(margin, low, high, hours * rate / model.YUAN)
    return Exercise(
        _(
            "An account brings {margin} (10,000 yuan) a year. {hours} hours a year at {rate:g} yuan raise its "
            "retention from {low:.0%} to {high:.0%}; they are paid at the start of every year it stays. Margins fall "
            "at the end of the year; the discount rate is {i:.0%}. How much more is the account worth (10,000 yuan)?"
        ).format(margin=margin, hours=hours, rate=rate, low=low, high=high, i=_policy().discount),
        key,
        worked,
        mistakes,
        unit=_("10,000 yuan"),
        tolerance=0.01,
        hints=(
            _("Take the margin multiple r/(1 + i − r) at both retentions; the margin earns the difference."),
            _("Off goes the yearly cost times (1 + i)/(1 + i − r), for it is paid at the start of each year it stays."),
        ),
    )


def break_even(draw: Random) -> Exercise:
    """Find the margin from which a service pays."""
    i = draw.choice(RATES)
    low = draw.choice(range(60, 87, 2)) / 100
    high = low + draw.choice([0.03, 0.04, 0.05, 0.06, 0.08])
    cost = draw.choice([1.2, 1.5, 1.6, 1.8, 2.0, 2.4, 2.5, 3.0, 3.6, 4.0])
    key = model.break_even_margin(low, high, cost, _policy(i))
    at = np.array([low, high])
    (factor_low, factor), (kept_low, kept) = model.multiple(at, i).tolist(), model.upkeep(at, i).tolist()
    return Exercise(
        _(
            "A service costs {cost:g} (10,000 yuan) at the start of every year and raises retention from {low:.0%} to "
            "{high:.0%}; the discount rate is {i:.0%}, margins fall at the end of the year. From which yearly margin "
            "(10,000 yuan) does it pay?"
        ).format(cost=cost, low=low, high=high, i=i),
        key,
        _(
            "Margin multiples r ÷ (1 + i − r): {f2:.4f} and {f1:.4f}, {more:.4f} apart. Service, from "
            "the first year on: "
            "{cost:g} × (1 + {f2:.4f}) = {paid:.3f}. {paid:.3f} ÷ {more:.4f} = {key:.2f}."
        ).format(f1=factor_low, f2=factor, more=factor - factor_low, cost=cost, paid=cost * kept, key=key),
        [
            Mistake(
                model.break_even_margin(low, high, cost, _policy(i, "once")),
                _("You paid for one year only; the service must go on as long as the customer stays."),
                "cost_once",
            ),
            Mistake(
                cost / (high - low),
                _("That is the first year alone; a customer kept brings later margins too."),
                "one_year_only",
            ),
            Mistake(
                cost * kept / factor,
                _("You compared with no customer at all; without the service most of them stay as well."),
                "no_comparison",
            ),
            Mistake(
                key * kept_low / kept,
                _("You counted the years of service at the old retention; who stays longer is served longer."),
                "cost_left_out",
            ),
            Mistake(
                key * (1 + i) / i / kept,
                _("You paid for the service for ever; it ends when the customer leaves."),
                "never_leaves",
            ),
            Mistake(
                cost * kept / (high - low),
                _("You set all years of service against the first year's margin; later margins count too."),
                "one_year_only",
            ),
            Mistake(
                cost * kept / float(model.multiple(at[1] - at[0], i)),
                _("You put the difference of the retentions into the multiple; take the difference of the multiples."),
                "multiple_of_difference",
            ),
            Mistake(
                cost * (1 - low) / (high - low),
                _("You left the discount rate out."),
                "not_discounted",
            ),
        ],
        unit=_("10,000 yuan"),
        tolerance=0.01,
        hints=(
            _("At break-even the added worth is zero: margin × difference of the margin multiples = cost of service."),
            _("The margin multiple is r/(1 + i − r); the cost counts (1 + i)/(1 + i − r) times, at the new retention."),
        ),
    )


PLANS = ((20, 50, (60, 70, 80, 90)), (10, 40, (40, 50, 60, 70)), (15, 45, (45, 60, 75)), (20, 60, (60, 80, 100)))
"""Hours of accountable, hours of partnership, and budgets that hold no two partnerships but three times accountable."""


def _largest_first(gains: Floats, hours: Ints, budget: int) -> float:
    """Return what comes of giving the best type to the largest gains first, and the lower one where hours are left."""
    total, left = 0.0, budget
    for row in gains[np.argsort(-gains[:, 2], kind="stable")]:
        level = 2 if hours[2] <= left else 1 if hours[1] <= left else 0
        total, left = total + row[level], left - int(hours[level])
    return float(total)


def hours_to_share(draw: Random) -> Exercise:
    """Share hours among three accounts; there are not enough for two partners, nor is the same for all best."""
    few, many, budgets = draw.choice(PLANS)
    hours, budget = np.array([0, few, many]), draw.choice(budgets)
    gains = np.zeros((3, 3))
    while gains[:, 2].argmax() == np.diff(gains)[:, 1].argmax():  # the largest is not where partnership adds most
        first = [draw.choice(range(4, 21)) for _i in range(3)]
        gains = np.array([[0.0, g, g + draw.choice(range(1, 25))] for g in first])
    best = best_mix(gains, hours, budget)
    two = np.sort(gains[:, 2])[1:].sum()
    smallest = gains[gains[:, 2].argmin(), 1]
    said = _("; ").join(
        _("{name} {low:g} and {high:g}").format(name=name, low=row[1], high=row[2])
        for name, row in zip("ABC", gains.tolist(), strict=True)
    )
    plan = _(", ").join(f"{name} {hours[level]}" for name, level in zip("ABC", best.level, strict=True))
    over = _("That takes {n} hours: the budget is exceeded.")
    return Exercise(
        _(
            "Three accounts; accountable takes {few} hours each, partnership {many}. What each would bring more than "
            "as basic (10,000 yuan), as accountable and as a partner: {said}. There are {budget} hours. What is the "
            "most they can bring together?"
        ).format(few=few, many=many, said=said, budget=budget),
        best.value,
        _("Hours: {plan}; together they bring {gains} = {key:g}.").format(
            plan=plan,
            gains=" + ".join(f"{row[level]:g}" for row, level in zip(gains, best.level, strict=True)),
            key=best.value,
        ),
        [
            Mistake(
                _largest_first(gains, hours, budget),
                _("You made the account with the largest gain a partner first; compare what an hour brings."),
                "largest_first",
            ),
            Mistake(
                float(gains[:, 1].sum()),
                _("You gave all the same; a mix of types brings more with these hours."),
                "same_for_all",
            ),
            Mistake(
                float(gains[:, 2].max()),
                _("That is one account alone; the hours left over can be used too."),
                "hours_left_over",
            ),
            Mistake(float(gains[:, 2].sum()), over.format(n=3 * many), "over_budget"),
            Mistake(float(two), over.format(n=2 * many), "over_budget"),
            Mistake(float(two + smallest), over.format(n=2 * many + few), "over_budget"),
        ],
        unit=_("10,000 yuan"),
        tolerance=0.0,
        hints=(
            _("Write down which mixes fit into the hours; there are only a few."),
            _("For each mix add up what the accounts bring, then take the largest sum."),
        ),
    )


GOODS = (
    (N_("seals"), N_("rubber compound"), N_("pump makers")),
    (N_("valves"), N_("cast iron"), N_("chemical works")),
    (N_("bearings"), N_("bearing steel"), N_("motor makers")),
    (N_("school desks"), N_("chipboard"), N_("schools")),
    (N_("wood paints"), N_("resin"), N_("furniture makers")),
    (N_("cables"), N_("copper rod"), N_("building firms")),
    (N_("cartons"), N_("kraft paper"), N_("fruit exporters")),
    (N_("weaving machines"), N_("sheet steel"), N_("textile mills")),
    (N_("sensors"), N_("silicon wafers"), N_("lift makers")),
    (N_("syringes"), N_("plastic granulate"), N_("hospitals")),
    (N_("lamps"), N_("aluminium sections"), N_("hotels")),
    (N_("tyres"), N_("natural rubber"), N_("bus companies")),
    (N_("labels"), N_("plastic film"), N_("breweries")),
    (N_("fertilisers"), N_("potash"), N_("farm cooperatives")),
    (N_("welding rods"), N_("steel wire"), N_("shipyards")),
    (N_("zip fasteners"), N_("nylon yarn"), N_("garment factories")),
    (N_("batteries"), N_("lithium salt"), N_("forklift makers")),
    (N_("water filters"), N_("activated carbon"), N_("dairies")),
    (N_("uniforms"), N_("cotton cloth"), N_("airlines")),
    (N_("cutting tools"), N_("tungsten carbide"), N_("gear makers")),
    (N_("shop scales"), N_("glass"), N_("supermarkets")),
    (N_("coffee machines"), N_("stainless steel"), N_("café chains")),
    (N_("brake pads"), N_("friction material"), N_("railway companies")),
    (N_("paper cups"), N_("cardboard"), N_("tea shops")),
)
"""What the firms in the examples make, what of, and for whom."""


def _which(
    draw: Random, table: ideas.Ideas, question: str, tells: int, confused: Callable[[int, int], str], hint: str
) -> Exercise:
    """Ask to which row of a table of knowledge an example belongs; a wrong answer is told what that row means.

    ``confused`` names the misconception that takes one row (the first) for another.
    """
    text, key = draw.choice(table.examples)
    goods, material, buyers = map(_, draw.choice(GOODS))
    names = [_(n) for n in table.names()]
    meaning = [_(row[tells]) for row in table.rows]
    example = _(text).format(goods=goods, material=material, buyers=buyers)
    return Exercise(
        question.format(goods=goods, text=example),
        key,
        _("{name}: {meaning}.").format(name=names[key], meaning=meaning[key]),
        [
            Mistake(i, _("“{name}” means: {meaning}. Here it is something else.").format(name=n, meaning=m), name)
            for i, (n, m) in enumerate(zip(names, meaning, strict=True))
            if (name := confused(key, i))
        ],
        names,
        hints=(hint,),
    )


CONFUSED_CONCEPTS = {(0, 1): "output_or_product", (2, 3): "selling_is_marketing", (3, 4): "marketing_is_relationship"}
CONFUSED_MARKETS = {(0, 1): "referral_is_customer", (3, 5): "recruits_are_staff"}


def _concepts_confused(key: int, chosen: int) -> str:
    """Name what confuses two concepts: neighbours by their own names; the first three start from the firm."""
    pair = (min(key, chosen), max(key, chosen))
    crossed = pair[0] <= 2 < pair[1]
    return "" if key == chosen else CONFUSED_CONCEPTS.get(pair, "inside_outside" if crossed else "making_or_selling")


def _markets_confused(key: int, chosen: int) -> str:
    pair = (min(key, chosen), max(key, chosen))
    return "" if key == chosen else CONFUSED_MARKETS.get(pair, "six_markets_mixed")


def _bonds_confused(key: int, chosen: int) -> str:
    return "" if key == chosen else "bond_too_high" if chosen > key else "bond_too_low"


def _types_confused(key: int, chosen: int) -> str:
    return "" if key == chosen else "type_too_close" if chosen > key else "type_too_loose"


def which_concept(draw: Random) -> Exercise:
    """Tell the marketing concept behind a sentence."""
    question = _("A maker of {goods}: “{text}” Which marketing concept speaks here?")
    hint = _("Where does the sentence start: output, product, stock, customers' needs, or a lasting relation?")
    return _which(draw, ideas.CONCEPTS, question, 3, _concepts_confused, hint)


def which_market(draw: Random) -> Exercise:
    """Tell which of the six markets a party belongs to."""
    question = _("A maker of {goods}. {text} Which of the six markets is this about?")
    hint = _("Ask what the other party does for the firm: buy, recommend, supply, apply, influence, or work within it?")
    return _which(draw, ideas.MARKETS, question, 1, _markets_confused, hint)


def which_bond(draw: Random) -> Exercise:
    """Tell the level of a bond with the customer."""
    question = _("A maker of {goods}: “{text}” On which level of relationship marketing is this?")
    hint = _("What would the customer lose by leaving: money, people it knows, or the way it works?")
    return _which(draw, ideas.BONDS, question, 2, _bonds_confused, hint)


def which_type(draw: Random) -> Exercise:
    """Tell the relationship type from what happens after the sale."""
    question = _("A maker of {goods}: “{text}” Which relationship type is this?")
    hint = _("Who speaks first once the goods are sold, and how often?")
    return _which(draw, ideas.DEFINITIONS, question, 1, _types_confused, hint)


def in_the_book(draw: Random) -> Exercise:
    """Read a figure off the explorer, on the supplier's own accounts."""
    budget = draw.choice([1500, 2000, 2500, 3000, 5000, 5500, 6500, 7000])
    accounts = model.prepare(load("accounts"))
    p = model.plan(accounts, model.ServicePlan(budget=budget))

    def partners(policy: model.ServicePlan) -> float:
        return model.headline(model.plan(accounts, policy))["partners"]

    return Exercise(
        _(
            "In the explorer above, set “Hours in the year” to {budget:,} and leave the rest at its default. How many "
            "partners are there in the best mix?"
        ).format(budget=budget),
        model.headline(p)["partners"],
        _("The explorer and this check use the same function, {function}.").format(function="plan"),
        [
            Mistake(
                partners(model.ServicePlan()),
                _("That is the number with the default hours; move the slider first."),
                "default_left",
            ),
            Mistake(
                float(model.by_type(p, p.matrix)[-1]),
                _("That is the number by the matrix; the question asks for the best mix."),
                "rule_for_mix",
            ),
            Mistake(
                float(model.partners_by_sheet(p).sum()),
                _("That is the number the sheet's rule picks; the question asks for the best mix."),
                "rule_for_mix",
            ),
        ],
        unit=_("accounts"),
        tolerance=0.0,
        hints=(_("Read the figure “{figure}” below the charts.").format(figure=_("Partners in the best mix")),),
    )


EXERCISES: dict[str, Maker] = {
    maker.__name__: apart(maker)
    for maker in (
        which_concept, which_market, which_bond, which_type, matrix_cell, at_the_border, lifetime_worth, risk_removed,
        raise_pays, break_even, hours_to_share, in_the_book,
    )
}  # fmt: skip


def ask(name: str, seed: int | None = None) -> Ask:
    """Return one of the chapter's exercises, by name; without a seed with numbers of the student's own."""
    return Ask(f"relationships.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: how many times today's hours a partnership for all would take."""
    p = model.plan(model.prepare(load("accounts")), model.ServicePlan())
    today = float(p.accounts.hours[p.accounts.known].sum())
    question = _("If every account got a partnership, how many times today's service hours would that take?")
    why = _("A partner takes many times the hours of an account that is served only when it asks.")
    answer, section = float(model.for_all(p)["hours"].iloc[-1]) / today, _("A partnership for all")
    return Guess(question, answer, 1, 100, _("times"), why=why, section=section, memory="guess:relationships")

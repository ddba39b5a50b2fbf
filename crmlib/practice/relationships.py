"""Exercises of the chapter on relationships. Every key comes from the chapter's model functions and tables."""

from random import Random

import numpy as np

from crmlib.data import load
from crmlib.i18n import _
from crmlib.models import marketing_ideas as ideas
from crmlib.models import relationships as model
from crmlib.models.arrays import Floats, Ints
from crmlib.models.service_mix import best_mix
from crmlib.practice.exercise import Ask, Exercise, Guess, Maker, Mistake, apart


def lifetime_worth(draw: Random) -> Exercise:
    """Value a customer with the margin multiple."""
    margin, r, i = draw.choice(range(4, 41, 2)), draw.choice(range(60, 93, 2)) / 100, draw.choice([0.08, 0.10, 0.12])
    one = np.array(r)
    factor = float(model.multiple(one, i))
    return Exercise(
        _(
            "A customer brings a margin of {margin} (10,000 yuan) a year and stays each year with probability {r:.0%}; "
            "the discount rate is {i:.0%}. Margins fall at the end of each year, if the customer is still there. "
            "What is the customer worth?"
        ).format(margin=margin, r=r, i=i),
        margin * factor,
        _("Margin multiple r/(1 + i − r) = {factor:.4f}, times {margin} is {key:.2f}.").format(
            factor=factor, margin=margin, key=margin * factor
        ),
        [
            Mistake(
                margin * float(model.multiple(one, i, "now")),
                _("You let the first margin fall today for certain; the question puts it at the end of the year."),
            ),
            Mistake(margin / (1 - r), _("That is margin × mean life 1/(1 − r): nothing has been discounted.")),
            Mistake(margin * r / (1 - r), _("You left the discount rate out of the denominator.")),
            Mistake(margin / i, _("That would be a customer who never leaves: the retention is missing.")),
        ],
        unit=_("10,000 yuan"),
    )


def risk_removed(draw: Random) -> Exercise:
    """Turn an effect on the risk of leaving into a retention."""
    r, e = draw.choice(range(60, 91, 2)) / 100, draw.choice([0.1, 0.2, 0.25, 0.3, 0.4])
    risk = model.risk_by_type(np.array([1 - r]), np.array([0]), np.array([0.0, e]), np.zeros(1), 0.0)
    key = 100 * (1 - float(risk[0, 1]))
    return Exercise(
        _(
            "Under the basic type an account stays with probability {r:.0%}. Being accountable removes {e:.0%} of the "
            "risk of leaving. What is the retention then (in %)?"
        ).format(r=r, e=e),
        key,
        _("The risk falls from {before:.1f} % to {after:.2f} %, so {key:.2f} % stay.").format(
            before=100 * (1 - r), after=100 - key, key=key
        ),
        [
            Mistake(100 * (r + e), _("You added the effect to the retention; it is a share of the risk of leaving.")),
            Mistake(100 * r * (1 + e), _("You raised the retention by that share; the effect lowers the risk.")),
            Mistake(100 - key, _("That is the risk that is left; the question asks for the retention.")),
            Mistake(100 * e * (1 - r), _("That is the part of the risk that is removed.")),
        ],
        unit="%",
        tolerance=0.002,
    )


def _types() -> list[str]:
    return [_(t) for t in model.TYPES]


def _matrix_type(number: int, margin: float, policy: model.ServicePlan) -> tuple[int, int, int]:
    """Return row, column and type of a cell of the matrix."""
    row = int(model.band(np.array([number]), (policy.many_from, policy.medium_from), policy.boundary)[0])
    column = int(model.band(np.array([margin]), (policy.high_margin, policy.medium_margin), policy.boundary)[0])
    return row, column, int(policy.matrix()[row, column])


def matrix_cell(draw: Random) -> Exercise:
    """Read Kotler's matrix."""
    policy = model.ServicePlan()
    number = draw.choice([8, 12, 30, 40, 70, 120])
    margin = draw.choice([5, 9, 60, 85] if 20 <= number < 50 else [5, 9, 20, 28, 60, 85])  # not the cell in the middle
    row, column, key = _matrix_type(number, margin, policy)
    cells = policy.matrix()
    wrong = {
        int(cells[row, 2 - column]): _("You read the columns the wrong way round: high margins get more service."),
        int(cells[2 - row, column]): _("You read the rows the wrong way round: many customers get less each."),
        int(cells[2 - row, 2 - column]): _("You read rows and columns the wrong way round."),
    }
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
            number=_(model.NUMBERS[row]), margin=_(model.MARGINS[column]), type=_(model.TYPES[key])
        ),
        [Mistake(t, reply) for t, reply in wrong.items() if t != key],
        _types(),
    )


def at_the_border(draw: Random) -> Exercise:
    """Place a segment whose number of accounts is exactly a border."""
    policy = model.ServicePlan(boundary=draw.choice(["upper", "lower"]))
    number = draw.choice([policy.many_from, policy.medium_from])
    margin = draw.choice([6, 25, 70])
    _row, _column, key = _matrix_type(number, margin, policy)
    other = policy.replace(boundary="lower" if policy.boundary == "upper" else "upper")
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
        key,
        _("{number} is exactly a border, so the rule for borders decides.").format(number=number),
        [
            Mistake(_matrix_type(number, margin, other)[2], _("You used the other rule for borders: read it again.")),
        ],
        _types(),
    )


def raise_pays(draw: Random) -> Exercise:
    """Work out what raising an account from basic brings, service paid every year."""
    policy = model.ServicePlan(cost_per_hour=draw.choice([200, 250, 300]))
    once = policy.replace(cost_years="once")
    margin, low = draw.choice(range(6, 31, 2)), draw.choice([0.70, 0.74, 0.78, 0.80])
    high = low + draw.choice([0.04, 0.06, 0.08])
    hours = draw.choice([20, 30, 40])
    cost = hours * policy.cost_per_hour / model.YUAN
    brings, m = np.array([low, high]), np.array(float(margin))

    def worth(r: float, c: float, p: model.ServicePlan = policy) -> float:
        return float(model.worth(m, np.array(r), np.array(c), p))

    key = worth(high, cost) - worth(low, 0)
    return Exercise(
        _(
            "An account brings {margin} (10,000 yuan) a year. {hours} hours a year at {rate:g} yuan raise its "
            "retention from {low:.0%} to {high:.0%}; they are paid at the start of every year it stays. Margins fall "
            "at the end of the year; the discount rate is {i:.0%}. How much more is the account worth (10,000 yuan)?"
        ).format(margin=margin, hours=hours, rate=policy.cost_per_hour, low=low, high=high, i=policy.discount),
        key,
        _("Margin × ({high:.3f} − {low:.3f}) − {cost:.2f} × {upkeep:.3f} = {key:.2f}.").format(
            high=model.multiple(brings, policy.discount)[1],
            low=model.multiple(brings, policy.discount)[0],
            cost=cost,
            upkeep=model.upkeep(brings, policy.discount)[1],
            key=key,
        ),
        [
            Mistake(worth(high, 0) - worth(low, 0), _("You left out what the service costs.")),
            Mistake(worth(high, cost, once) - worth(low, 0), _("You paid for one year only; the service must go on.")),
            Mistake(worth(high, cost), _("That is the whole worth; the question asks how much more it is.")),
            Mistake(margin * (high - low) - cost, _("That is the first year alone; the customer stays for more.")),
        ],
        unit=_("10,000 yuan"),
        tolerance=0.01,
    )


def break_even(draw: Random) -> Exercise:
    """Find the margin from which a service pays."""
    policy = model.ServicePlan()
    low = draw.choice([0.70, 0.75, 0.80, 0.85])
    high = low + draw.choice([0.02, 0.03, 0.05])
    cost = draw.choice([0.5, 0.75, 1.5, 3.0, 3.75])
    key = model.break_even_margin(low, high, cost, policy)
    factor = float(model.multiple(np.array(high), policy.discount))
    return Exercise(
        _(
            "A service costs {cost:g} (10,000 yuan) at the start of every year and raises retention from {low:.0%} to "
            "{high:.0%}; the discount rate is {i:.0%}, margins fall at the end of the year. From which yearly margin "
            "(10,000 yuan) does it pay?"
        ).format(cost=cost, low=low, high=high, i=policy.discount),
        key,
        _("Cost × upkeep multiple ÷ difference of the margin multiples = {key:.2f}.").format(key=key),
        [
            Mistake(
                model.break_even_margin(low, high, cost, policy.replace(cost_years="once")),
                _("You paid for one year only; the service must go on as long as the customer stays."),
            ),
            Mistake(cost / (high - low), _("That is the first year alone; a customer kept brings later margins too.")),
            Mistake(
                cost * float(model.upkeep(np.array(high), policy.discount)) / factor,
                _("You compared with no customer at all; without the service most of them stay as well."),
            ),
        ],
        unit=_("10,000 yuan"),
        tolerance=0.01,
    )


def _largest_first(gains: Floats, hours: Ints, budget: int) -> float:
    """Return what comes of giving the best type to the largest gains first, and the lower one where hours are left."""
    total, left = 0.0, budget
    for row in gains[np.argsort(-gains[:, 2], kind="stable")]:
        level = 2 if hours[2] <= left else 1 if hours[1] <= left else 0
        total, left = total + row[level], left - int(hours[level])
    return float(total)


def hours_to_share(draw: Random) -> Exercise:
    """Share hours among three accounts."""
    hours, budget = np.array([0, 20, 50]), draw.choice([60, 70, 80])
    first = [draw.choice(range(4, 21)) for _i in range(3)]
    gains = np.array([[0.0, g, g + draw.choice(range(1, 19))] for g in first])
    best = best_mix(gains, hours, budget)
    said = _("; ").join(
        _("{name} {low:g} and {high:g}").format(name=name, low=row[1], high=row[2])
        for name, row in zip("ABC", gains.tolist(), strict=True)
    )
    plan = _(", ").join(f"{name} {hours[level]}" for name, level in zip("ABC", best.level, strict=True))
    return Exercise(
        _(
            "Three accounts; accountable takes {few} hours each, partnership {many}. What each would bring more than "
            "as basic (10,000 yuan), as accountable and as a partner: {said}. There are {budget} hours. What is the "
            "most they can bring together?"
        ).format(few=hours[1], many=hours[2], said=said, budget=budget),
        best.value,
        _("Hours: {plan}; together they bring {key:g}.").format(plan=plan, key=best.value),
        [
            Mistake(
                _largest_first(gains, hours, budget),
                _("You made the account with the largest gain a partner first; compare what an hour brings."),
            ),
            Mistake(float(gains[:, 2].sum()), _("That takes {n} hours: the budget is exceeded.").format(n=150)),
            Mistake(float(gains[:, 2].max()), _("That is one account alone; the hours left over can be used too.")),
        ],
        unit=_("10,000 yuan"),
        tolerance=0.0,
    )


def _which(draw: Random, table: ideas.Ideas, question: str, tells: int) -> Exercise:
    """Ask to which row of a table of knowledge an example belongs; a wrong answer is told what that row means."""
    text, key = draw.choice(table.examples)
    names = [_(n) for n in table.names()]
    meaning = [_(row[tells]) for row in table.rows]
    return Exercise(
        question.format(text=_(text)),
        key,
        _("{name}: {meaning}.").format(name=names[key], meaning=meaning[key]),
        [
            Mistake(i, _("“{name}” means: {meaning}. Here it is something else.").format(name=n, meaning=m))
            for i, (n, m) in enumerate(zip(names, meaning, strict=True))
            if i != key
        ],
        names,
    )


def which_concept(draw: Random) -> Exercise:
    """Tell the marketing concept behind a sentence."""
    return _which(draw, ideas.CONCEPTS, _("“{text}” Which marketing concept speaks here?"), 3)


def which_market(draw: Random) -> Exercise:
    """Tell which of the six markets a party belongs to."""
    return _which(draw, ideas.MARKETS, _("A supplier of seals. {text} Which of the six markets is this?"), 1)


def which_bond(draw: Random) -> Exercise:
    """Tell the level of a bond with the customer."""
    return _which(draw, ideas.BONDS, _("“{text}” On which level of relationship marketing is this?"), 2)


def which_type(draw: Random) -> Exercise:
    """Tell the relationship type from what happens after the sale."""
    return _which(draw, ideas.DEFINITIONS, _("“{text}” Which relationship type is this?"), 1)


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
            ),
            Mistake(
                float(model.by_type(p, p.matrix)[-1]),
                _("That is the number by the matrix; the question asks for the best mix."),
            ),
            Mistake(
                float(model.partners_by_sheet(p).sum()),
                _("That is the number the sheet's rule picks; the question asks for the best mix."),
            ),
        ],
        unit=_("accounts"),
        tolerance=0.0,
    )


EXERCISES: dict[str, Maker] = {
    maker.__name__: apart(maker)
    for maker in (
        which_concept, which_market, which_bond, which_type, matrix_cell, at_the_border, lifetime_worth, risk_removed,
        raise_pays, break_even, hours_to_share, in_the_book,
    )
}  # fmt: skip


def ask(name: str, seed: int = 0) -> Ask:
    """Return one of the chapter's exercises, by name."""
    return Ask(f"relationships.{name}", EXERCISES[name], seed)


def guess() -> Guess:
    """Return the guess that opens the chapter: how many times today's hours a partnership for all would take."""
    p = model.plan(model.prepare(load("accounts")), model.ServicePlan())
    today = float(p.accounts.hours[p.accounts.known].sum())
    question = _("If every account got a partnership, how many times today's service hours would that take?")
    return Guess(question, float(model.for_all(p)["hours"].iloc[-1]) / today, 1, 40, _("times"), 0)

"""Which items make a paper: integer programming under the blueprint, parallel forms at once, no item twice.

Theory: van der Linden (2005), Linear Models for Optimal Test Design. Ties between papers that fit equally well are
broken by random weights drawn from the seed.
"""

from collections.abc import Iterator, Mapping, Sequence

from crmlib.core.errors import UserError
from crmlib.core.i18n import _, ngettext
from crmlib.exams.blueprint import Blueprint, Section
from crmlib.exams.solver import SECONDS, Alike, Program, Rule, Solution, solve
from crmlib.items.item import BLOOM, Item, TrueFalse, is_drawn

PRICES = {"section": 30_000.0, "band": 3_000.0, "time": 300.0, "share": 300.0, "alike": 30.0}
"""What a missing or surplus point or minute costs where the blueprint cannot be met: dearest where it would change what
the exam is, and least between forms."""
MOST_FORMS = 20
OUTWARDS = 0.999
"""What a share of a whole number of questions is given in hand, so that it is rounded outwards."""

Chosen = dict[str, list[str]]
"""For each section of a form, by name, the ids of its items."""
Pairs = Sequence[tuple[Section, Item]]


def assemble(
    items: Sequence[Item], blueprint: Blueprint, seed: int, forms: int = 1, varied: bool = False
) -> list[Chosen]:
    """Return the items of each form, section by section, in the order of the bank.

    Args:
        items: to choose from.
        blueprint: what a form must hold, and how far forms may differ.
        seed: the same seed and bank give the same forms.
        forms: how many parallel forms; no item stands in two of them.
        varied: whether the form is dealt out with numbers drawn for each paper, as the blueprint's ``vary`` says.

    Raises:
        UserError: the blueprint cannot be met; a sentence for each bound that cannot hold, and by how much.
    """
    if not 1 <= forms <= MOST_FORMS:
        raise UserError(_("--forms may be 1 to {most}.").format(most=MOST_FORMS))
    pairs = [(section, item) for section in blueprint.sections for item in items if item.type in section.kinds]
    program = _program(pairs, blueprint, forms, varied)
    solution = solve(program, seed)
    if solution is None:
        raise UserError(_("No paper was found in {seconds:g} seconds; ask for fewer forms.").format(seconds=SECONDS))
    if not solution.whole:
        raise UserError([*_shortages(program, solution), *_fewer(pairs, blueprint, forms, varied, seed)])
    return [_by_section(pairs, solution.taken[form], blueprint) for form in range(forms)]


def worth(section: Section, item: Item) -> float:
    """Return the points of an item in a section."""
    return section.each or item.points


# What a form must hold ------------------------------------------------------------------------------------------------


def _program(pairs: Pairs, blueprint: Blueprint, forms: int, varied: bool) -> Program:
    rules = [*_bands(pairs, blueprint), *_true_share(pairs, blueprint)]
    if varied:
        rules.append(_vary(pairs, blueprint))
    alikes = list(_alikes(pairs, blueprint)) if forms > 1 else []
    places = _places(pairs)
    return Program(len(pairs), forms, rules, alikes, list(_apart(pairs, places)), list(places.values()))


def _bands(pairs: Pairs, blueprint: Blueprint) -> Iterator[Rule]:
    """Yield the points of sections, topics and levels, and the time."""
    points = [worth(*pair) for pair in pairs]

    def rule(name: str, belongs: Sequence[bool], low: float, high: float, kind: str) -> Rule:
        weights = {n: points[n] for n, counted in enumerate(belongs) if counted}
        return Rule(name, weights, low, high, PRICES[kind])

    for section in blueprint.sections:
        name = _("section “{title}” ({points:g} points)").format(title=section.title, points=section.points)
        belongs = [one.name == section.name for one, _item in pairs]
        yield rule(name, belongs, section.points, section.points, "section")
    for topic, band in blueprint.bands(item.topic for _section, item in pairs).items():
        name = _("topic “{topic}” ({least:g} to {most:g} points)")
        name = name.format(topic=topic, least=band.least, most=band.most)
        yield rule(name, [item.topic == topic for _section, item in pairs], band.least, band.most, "band")
    for level, band in blueprint.bloom.items():
        name = _("level “{level}” ({least:g} to {most:g} points)")
        name = name.format(level=_(BLOOM[level]), least=band.least, most=band.most)
        yield rule(name, [item.bloom == level for _section, item in pairs], band.least, band.most, "band")
    name = _("time (at most {minutes:g} minutes)").format(minutes=blueprint.minutes)
    yield Rule(name, _minutes(pairs), 0, blueprint.minutes, PRICES["time"])


def _true_share(pairs: Pairs, blueprint: Blueprint) -> Iterator[Rule]:
    """Yield the bounds on true statements: ``Σ (true − share) x`` is at least, at most nought, rounded outwards."""
    share = blueprint.true_share
    stated = {n: float(item.answer) for n, (_section, item) in enumerate(pairs) if isinstance(item, TrueFalse)}
    said = _("true statements ({least:.0%} to {most:.0%} of the section)")
    name = said.format(least=share.least, most=share.most)
    if stated:
        yield Rule(name, {n: t - share.least for n, t in stated.items()}, -OUTWARDS, float("inf"), PRICES["share"])
        yield Rule(name, {n: t - share.most for n, t in stated.items()}, float("-inf"), OUTWARDS, PRICES["share"])


def _vary(pairs: Pairs, blueprint: Blueprint) -> Rule:
    said = _("questions with numbers of their own ({least:g} to {most:g})")
    name = said.format(least=blueprint.vary.least, most=blueprint.vary.most)
    return Rule(name, _drawn(pairs), blueprint.vary.least, blueprint.vary.most, PRICES["band"])


def _minutes(pairs: Pairs) -> dict[int, float]:
    return {n: item.minutes for n, (_section, item) in enumerate(pairs)}


def _drawn(pairs: Pairs) -> dict[int, float]:
    return {n: 1.0 for n, (_section, item) in enumerate(pairs) if is_drawn(item)}


# What forms must have in common ---------------------------------------------------------------------------------------


def _alikes(pairs: Pairs, blueprint: Blueprint) -> Iterator[Alike]:
    """Yield what may differ between forms, and by how much."""
    bounds, price = blueprint.parallel, PRICES["alike"]
    points = [worth(*pair) for pair in pairs]
    for topic in dict.fromkeys(item.topic for _section, item in pairs):
        weights = {n: points[n] for n, (_section, item) in enumerate(pairs) if item.topic == topic}
        name = _("topic “{topic}” (at most {most:g} points)").format(topic=topic, most=bounds.topic)
        yield Alike(name, weights, bounds.topic, 0, price)
    for level in dict.fromkeys(item.bloom for _section, item in pairs):
        weights = {n: points[n] for n, (_section, item) in enumerate(pairs) if item.bloom == level}
        name = _("level “{level}” (at most {most:g} points)").format(level=_(BLOOM[level]), most=bounds.bloom)
        yield Alike(name, weights, bounds.bloom, 0, price)
    hard = {n: points[n] * item.difficulty for n, (_section, item) in enumerate(pairs)}
    name = _("difficulty-weighted points (at most {most:.1%})").format(most=bounds.difficulty)
    yield Alike(name, hard, 0, bounds.difficulty, price)
    name = _("time (at most {minutes:g} minutes)").format(minutes=bounds.minutes)
    yield Alike(name, _minutes(pairs), bounds.minutes, 0, price)
    name = _("questions with drawn numbers (at most {most:g})").format(most=bounds.drawn)
    yield Alike(name, _drawn(pairs), bounds.drawn, 0, price)


def _places(pairs: Pairs) -> dict[str, list[int]]:
    """Return the places of each item: one for each section it could stand in."""
    places: dict[str, list[int]] = {}
    for n, (_section, item) in enumerate(pairs):
        places.setdefault(item.id, []).append(n)
    return places


def _apart(pairs: Pairs, places: Mapping[str, list[int]]) -> Iterator[list[int]]:
    """Yield the places of items of which one at most may stand on a form: those of two enemies."""
    items = {item.id: item for _section, item in pairs}
    for item in items.values():
        for enemy in item.enemies:
            if enemy in places and (item.id < enemy or item.id not in items[enemy].enemies):
                yield places[item.id] + places[enemy]


# What is said where it cannot be done ---------------------------------------------------------------------------------


def _shortages(program: Program, solution: Solution) -> Iterator[str]:
    """Yield a sentence for each rule that cannot be kept: over all forms, by how much it is missed."""
    for rule, missing, surplus in zip(program.rules, solution.missing, solution.surplus, strict=True):
        said = _("The bank cannot fill this blueprint: {name} is short by {by:g}.")
        if surplus > missing:
            said = _("The bank cannot fill this blueprint: {name} is exceeded by {by:g}.")
        if (by := round(max(missing, surplus), 2)) > 0:
            yield said.format(name=rule.name, by=by)
    for alike, unlike in zip(program.alikes, solution.unlike, strict=False):
        if (by := round(float(unlike), 2)) > 0:
            said = _("The forms cannot be made parallel: {name} is exceeded by {by:g}.")
            yield said.format(name=alike.name, by=by)


def _fewer(pairs: Pairs, blueprint: Blueprint, forms: int, varied: bool, seed: int) -> Iterator[str]:
    """Yield how many forms the bank can fill, where it can fill some."""
    for fewer in range(forms - 1, 0, -1):
        solution = solve(_program(pairs, blueprint, fewer, varied), seed, strict=True)
        if solution:
            said = ngettext(
                "The bank fills {n} form of this blueprint.", "The bank fills {n} forms of this blueprint.", fewer
            )
            yield said.format(n=fewer)
            return


def _by_section(pairs: Pairs, taken: Sequence[bool], blueprint: Blueprint) -> Chosen:
    chosen: Chosen = {section.name: [] for section in blueprint.sections}
    for (section, item), is_taken in zip(pairs, taken, strict=True):
        if is_taken:
            chosen[section.name].append(item.id)
    return chosen

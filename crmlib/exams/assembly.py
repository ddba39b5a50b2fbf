"""Which items make a paper: integer programming under the blueprint, parallel forms at once, no item twice.

Theory: van der Linden (2005), Linear Models for Optimal Test Design. Ties between papers that fit equally well are
broken by random weights drawn from the seed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import numpy as np

from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.exams.blueprint import Blueprint, Section
from crmlib.items.item import BLOOM, Item

PRICES = {"section": 30_000.0, "band": 3_000.0, "time": 300.0}
"""What a missing or surplus point or minute costs: so dear that it is used only where the blueprint cannot be met, and
dearest where it would change what the exam is."""
SECONDS = 30.0
MOST_FORMS = 20

Chosen = dict[str, list[str]]
"""For each section of a form, by name, the ids of its items."""


@dataclass(frozen=True)
class _Rule:
    """One line of the program: ``low ≤ Σ weight · x ≤ high`` for each form, with what to say if it cannot hold.

    ``places`` are positions among the candidates.
    """

    places: Sequence[int]
    weights: Sequence[float]
    low: float
    high: float
    name: str
    price: float


def assemble(items: Sequence[Item], blueprint: Blueprint, seed: int, forms: int = 1) -> list[Chosen]:
    """Return the items of each form, section by section, in the order of the bank.

    Args:
        items: to choose from.
        blueprint: what a form must hold.
        seed: the same seed and bank give the same forms.
        forms: how many parallel forms; no item stands in two of them.

    Raises:
        UserError: the blueprint cannot be met; a sentence for each section or band that is short, and by how much.
    """
    if not 1 <= forms <= MOST_FORMS:
        raise UserError(_("--forms may be 1 to {most}.").format(most=MOST_FORMS))
    pairs = [(section, item) for section in blueprint.sections for item in items if item.type in section.kinds]
    rules = list(_rules(pairs, blueprint))
    taken, slack = _solve(pairs, forms, rules, seed)
    if short := list(_shortages(rules, slack)):
        raise UserError(short)
    return [_by_section(pairs, taken[form], blueprint) for form in range(forms)]


def worth(section: Section, item: Item) -> float:
    """Return the points of an item in a section."""
    return section.each or item.points


Pairs = Sequence[tuple[Section, Item]]


def _rules(pairs: Pairs, blueprint: Blueprint) -> Iterator[_Rule]:
    def rule(belongs: Callable[[Section, Item], bool], low: float, high: float, name: str, kind: str) -> _Rule:
        places = [n for n, (section, item) in enumerate(pairs) if belongs(section, item)]
        return _Rule(places, [worth(*pairs[n]) for n in places], low, high, name, PRICES[kind])

    for section in blueprint.sections:
        said = _("section “{title}” ({points:g} points)").format(title=section.title, points=section.points)
        name = section.name
        yield rule(lambda s, i, n=name: s.name == n, section.points, section.points, said, "section")  # type: ignore[misc]
    for topic, band in blueprint.bands(item.topic for _section, item in pairs).items():
        said = _("topic “{topic}” ({least:g} to {most:g} points)")
        said = said.format(topic=topic, least=band.least, most=band.most)
        yield rule(lambda s, i, t=topic: i.topic == t, band.least, band.most, said, "band")  # type: ignore[misc]
    for level, band in blueprint.bloom.items():
        said = _("level “{level}” ({least:g} to {most:g} points)")
        said = said.format(level=_(BLOOM[level]), least=band.least, most=band.most)
        yield rule(lambda s, i, b=level: i.bloom == b, band.least, band.most, said, "band")  # type: ignore[misc]
    minutes = [item.minutes for _section, item in pairs]
    said = _("time (at most {minutes:g} minutes)").format(minutes=blueprint.minutes)
    yield _Rule(range(len(pairs)), minutes, 0, blueprint.minutes, said, PRICES["time"])


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


def _solve(pairs: Pairs, forms: int, rules: Sequence[_Rule], seed: int) -> tuple[Any, Any]:
    """Return which pair is taken on which form (forms × pairs), and the slack of each rule (forms × rules × 2).

    The first of a rule's two slacks is what is missing, the second what is too much.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    many, width = len(pairs), len(pairs) + 2 * len(rules)
    rows: list[tuple[list[int], list[float], float, float]] = []
    places_of = _places(pairs)
    apart = list(_apart(pairs, places_of))
    for form in range(forms):
        start = form * width
        for k, rule in enumerate(rules):
            slacks = [start + many + 2 * k, start + many + 2 * k + 1]
            rows.append(([start + n for n in rule.places] + slacks, [*rule.weights, 1, -1], rule.low, rule.high))
        rows += [([start + n for n in alone], [1.0] * len(alone), 0, 1) for alone in apart]
    for places in places_of.values():
        everywhere = [form * width + n for form in range(forms) for n in places]
        rows.append((everywhere, [1.0] * len(everywhere), 0, 1))
    at = [n for n, (places, *_rest) in enumerate(rows) for _place in places]
    matrix = csr_array(
        ([w for row in rows for w in row[1]], (at, [n for row in rows for n in row[0]])),
        shape=(len(rows), forms * width),
    )
    random = Random(f"assemble:{seed}")
    is_item = np.arange(forms * width) % width < many
    prices = [0.0] * many + [rule.price for rule in rules for _side in range(2)]
    cost = np.where(is_item, [random.random() for _n in range(forms * width)], prices * forms)
    found = milp(
        cost,
        integrality=is_item,
        bounds=Bounds(0, np.where(is_item, 1, np.inf)),
        constraints=LinearConstraint(matrix, [row[2] for row in rows], [row[3] for row in rows]),
        options={"time_limit": SECONDS, "mip_rel_gap": 1e-3},
    )
    if found.x is None:
        raise UserError(_("No paper was found in {seconds:g} seconds; ask for fewer forms.").format(seconds=SECONDS))
    solution = found.x.reshape(forms, width)
    return solution[:, :many] > 0.5, solution[:, many:].reshape(forms, len(rules), 2)


def _shortages(rules: Sequence[_Rule], slack: Any) -> Iterator[str]:
    """Yield a sentence for each rule that cannot be kept: over all forms, by how much it is missed."""
    for rule, (missing, surplus) in zip(rules, slack.sum(axis=0), strict=True):
        said = _("The bank cannot fill this blueprint: {name} is short by {by:g}.")
        if surplus > missing:
            said = _("The bank cannot fill this blueprint: {name} is exceeded by {by:g}.")
        if (by := round(max(missing, surplus), 2)) > 0:
            yield said.format(name=rule.name, by=by)


def _by_section(pairs: Pairs, taken: Any, blueprint: Blueprint) -> Chosen:
    chosen: Chosen = {section.name: [] for section in blueprint.sections}
    for (section, item), is_taken in zip(pairs, taken, strict=True):
        if is_taken:
            chosen[section.name].append(item.id)
    return chosen

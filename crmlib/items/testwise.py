"""How far somebody gets who knows nothing of the matter and goes by what a question tells of itself.

Each rule picks an option, or calls a statement true or false. Where it cannot tell it guesses: among options that tie
it has the expected share of the right ones, and a question in which all tie is none that it decides. An item counts
once; drawn ones are drawn with several seeds, and each draw counts as its part.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

import pandas as pd

from crmlib.core import i18n
from crmlib.core.i18n import N_, _
from crmlib.items.bank import Bank
from crmlib.items.compound import Corrected
from crmlib.items.item import Choice, Item, TrueFalse, is_drawn
from crmlib.items.learned import learned
from crmlib.items.tells import Tells, tells

SEEDS = 8
"""How many times a drawn item is drawn."""
MOST = {"choice": 1.2, "true_false": 1.12}
"""How often a rule may be right, as a multiple of chance: 30% of choices with four options, 56% of statements."""
FEWEST = 30
"""A rule that decides fewer items is judged by what chance would do instead."""
BY_CHANCE = 0.01
"""So improbable must the successes of a rule with few items be for a guesser, before they count against the bank."""
WORST = 5
KINDS = {"choice": N_("choices"), "true_false": N_("true or false")}

Scores = list[float]


@dataclass(frozen=True)
class Asked:
    """A question as the rules see it.

    Attributes:
        item: its id.
        kind: ``choice`` or ``true_false``.
        told: what each option tells, or the statement's one text.
        key: the place of the right option; of a statement 1 if it is true, else 0.
        weight: the part of an item that it is.
    """

    item: str
    kind: str
    told: tuple[Tells, ...]
    key: int
    weight: float


@dataclass(frozen=True)
class Rate:
    """How a rule did in one language.

    Attributes:
        rule: its name, not translated.
        kind, lang: of the questions.
        decided: how many items it decides.
        right: how many of these it gets right.
        chance: how many a guesser would.
        hits: what it gets right of each item, as a share of its draws; only of the items it decides.
    """

    rule: str
    kind: str
    lang: str
    decided: float
    right: float
    chance: float
    hits: Mapping[str, float]

    @property
    def share(self) -> float:
        """Share of the decided items that it gets right; nought where there are none."""
        return self.right / self.decided if self.decided else 0.0

    @property
    def most(self) -> float:
        """The share that it may not exceed."""
        return MOST[self.kind] * self.chance / self.decided if self.decided else 1.0

    @property
    def too_good(self) -> bool:
        """Whether it exceeds it, with enough items behind it or far beyond what a guesser would do."""
        if self.share <= self.most:
            return False
        from scipy.stats import binom

        guessed = binom.sf(ceil(self.right - 1e-9) - 1, ceil(self.decided - 1e-9), self.chance / self.decided)
        return self.decided >= FEWEST or bool(guessed < BY_CHANCE)


# The rules ------------------------------------------------------------------------------------------------------------


def _only(values: Scores) -> Scores:
    """Return 1 for the largest where it stands alone, and nothing to go by otherwise."""
    most = max(values)
    return [float(value == most) if values.count(most) == 1 else 0.0 for value in values]


CHOICES: dict[str, Callable[[Sequence[Tells]], Scores]] = {
    N_("longest option"): lambda told: [one.length for one in told],
    N_("only longest option"): lambda told: _only([one.length for one in told]),
    N_("shortest option"): lambda told: [-one.length for one in told],
    N_("most clauses"): lambda told: [one.clauses for one in told],
    N_("words of virtue"): lambda told: [one.virtues for one in told],
    N_("hedges"): lambda told: [one.hedges for one in told],
    N_("no absolutes"): lambda told: [-one.absolutes for one in told],
    N_("“still”"): lambda told: [one.still for one in told],
}
STATEMENTS: dict[str, Callable[[Tells, Tells], float]] = {
    N_("longer statements are true"): lambda one, usual: one.length - usual.length,
    N_("shorter statements are true"): lambda one, usual: usual.length - one.length,
    N_("more clauses are true"): lambda one, usual: one.clauses - usual.clauses,
    N_("words of virtue"): lambda one, usual: one.virtues,
    N_("hedges"): lambda one, usual: one.hedges,
    N_("no absolutes"): lambda one, usual: -one.absolutes,
    N_("“still”"): lambda one, usual: one.still,
    N_("denials are true"): lambda one, usual: one.denials - usual.denials,
}
TOGETHER = N_("all together")
LEARNED = N_("learned")
VOTERS = {
    "choice": ("longest option", "most clauses", "words of virtue", "hedges", "no absolutes", "“still”"),
    "true_false": (
        "longer statements are true",
        "more clauses are true",
        "words of virtue",
        "hedges",
        "no absolutes",
        "“still”",
    ),
}
"""The rules that vote where all are taken together; the others contradict or repeat one of these."""


def _picks(scores: Scores) -> Scores:
    """Return the probability of picking each option: even among the best; empty where all tie."""
    best = [score == max(scores) for score in scores]
    return [] if all(best) else [float(one) / sum(best) for one in best]


def _together(told: Sequence[Tells]) -> Scores:
    votes = [_picks(CHOICES[name](told)) for name in VOTERS["choice"]]
    return [sum(vote[n] for vote in votes if vote) for n in range(len(told))]


def _verdicts(asked: Sequence[Asked], kind: str) -> Iterator[tuple[str, list[Scores]]]:
    """Yield each rule with the probability that it gives to each answer of each question; empty where it has none."""
    if kind == "choice":
        for name, rule in (CHOICES | {TOGETHER: _together}).items():
            yield name, [_picks(rule(one.told)) for one in asked]
    else:
        usual = Tells(*(median(values) for values in zip(*(one.told[0] for one in asked), strict=True)))
        said = {name: [rule(one.told[0], usual) for one in asked] for name, rule in STATEMENTS.items()}
        signs = [[(value > 0) - (value < 0) for value in said[name]] for name in VOTERS[kind]]
        said[TOGETHER] = [float(sum(votes)) for votes in zip(*signs, strict=True)]
        yield from ((name, [_picks([-value, value]) for value in values]) for name, values in said.items())
    yield LEARNED, learned([one.told for one in asked], [one.key for one in asked], [one.item for one in asked])


# What they come to ----------------------------------------------------------------------------------------------------


def rates(bank: Bank, items: Iterable[Item], seeds: int = SEEDS) -> list[Rate]:
    """Return how each rule does over choices and statements, in each language.

    Args:
        bank: that the items are of.
        items: any; of those of other kinds nothing is asked.
        seeds: how many times a drawn item is drawn.
    """
    return [rate for lang in i18n.LANGUAGES for rate in _rates(list(_asked(bank, items, lang, seeds)), lang)]


def _rates(asked: Sequence[Asked], lang: str) -> Iterator[Rate]:
    for kind in KINDS:
        of = [one for one in asked if one.kind == kind]
        for rule, verdicts in _verdicts(of, kind) if of else ():
            decided, right, chance, hits = 0.0, 0.0, 0.0, defaultdict[str, float](float)
            for one, picks in zip(of, verdicts, strict=True):
                if picks:
                    decided += one.weight
                    chance += one.weight / len(picks)
                    right += one.weight * picks[one.key]
                    hits[one.item] += one.weight * picks[one.key]
            yield Rate(rule, kind, lang, decided, right, chance, dict(hits))


def _asked(bank: Bank, items: Iterable[Item], lang: str, seeds: int) -> Iterator[Asked]:
    with i18n.speaking(lang):
        for item in items:
            if isinstance(item, TrueFalse | Corrected):
                yield Asked(item.id, "true_false", (tells(str(item.stem), lang),), int(item.answer), 1.0)
            elif isinstance(item, Choice):
                many = seeds if is_drawn(item) else 1
                for seed in range(many):
                    drawn = bank.exercise(item, seed)
                    told = tuple(tells(option, lang) for option in drawn.options)
                    yield Asked(item.id, "choice", told, int(drawn.answer), 1 / many)


def faults(found: Iterable[Rate]) -> Iterator[str]:
    """Yield a sentence for each rule that gets too many right, with the items that it gets right."""
    for rate in found:
        if rate.too_good:
            said = _(
                "{kind} ({lang}): who goes by “{rule}” is right in {share:.1%} of {n:.0f} items, more than {most:.1%}; "
                "among them {items}."
            )
            worst = [item for item, hit in sorted(rate.hits.items(), key=lambda one: (-one[1], one[0])) if hit > 0.5]
            yield said.format(
                kind=_(KINDS[rate.kind]),
                lang=rate.lang,
                rule=_(rate.rule),
                share=rate.share,
                n=rate.decided,
                most=rate.most,
                items=", ".join(worst) or "–",
            )


def worst(found: Sequence[Rate]) -> Iterator[str]:
    """Yield for each kind and language the items that the most rules get right."""
    for kind in KINDS:
        for lang in i18n.LANGUAGES:
            hits = Counter[str]()
            for rate in found:
                if (rate.kind, rate.lang) == (kind, lang):
                    hits.update({item: 1 for item, hit in rate.hits.items() if hit > 0.5})
            most = sorted(hits.items(), key=lambda one: (-one[1], one[0]))[:WORST]
            if most:
                said = _("Most easily got right without knowledge, {kind} ({lang}): {items}.")
                named = ", ".join(f"{item} ({n})" for item, n in most)
                yield said.format(kind=_(KINDS[kind]), lang=lang, items=named)


def explained() -> str:
    """Return what stands below the table."""
    return _(
        "How often somebody is right who knows nothing and goes by one thing: chance is 25% of choices with four "
        "options, 50% of statements. In brackets the items in which the rule can tell answers apart."
    )


def table(found: Iterable[Rate]) -> pd.DataFrame:
    """Return the rates as a table, a row a rule and kind; in brackets how many items the rule decides."""
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for rate in found:
        shown = f"{rate.share:.1%} ({rate.decided:.0f})" if rate.decided else "–"
        rows.setdefault((rate.kind, rate.rule), {})[rate.lang] = shown + (" !" if rate.too_good else "")
    return pd.DataFrame(
        [
            (_(KINDS[kind]), _(rule), *(shown.get(lang, "–") for lang in i18n.LANGUAGES))
            for (kind, rule), shown in rows.items()
        ],
        columns=[_("Kind"), _("Who goes by"), *(_("right, {lang}").format(lang=lang) for lang in i18n.LANGUAGES)],
    )

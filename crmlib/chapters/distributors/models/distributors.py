"""Distributor selection: eight factors, weighted scoring, knock-out minimums, and how far the winner can be trusted.

The eight factors and the scoring method (score each candidate on each factor, weigh, add up, take the highest) are
those of the graduate paper, who give neither weights nor minimums nor figures: those here are teaching assumptions, and
every one is an input. Whatever else stands here (robustness, AHP, entropy weights, TOPSIS) comes from
:mod:`crmlib.formulas.multicriteria`, each with its source.

Scores run from 0 to 100, more is better in every factor. Who falls short of a minimum is out before anything is
compared: ideal points, entropies and ranks are those of the candidates left.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any, Literal

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _, language
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas import multicriteria as mc
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

FACTORS: Mapping[str, str] = {
    "coverage": N_("market coverage"),
    "reputation": N_("reputation"),
    "experience": N_("experience"),
    "willingness": N_("willingness"),
    "product_mix": N_("product mix"),
    "finances": N_("finances"),
    "location": N_("location"),
    "promotion": N_("promotion"),
}
"""Column of the data → name of the factor, in the order of the graduate paper."""
CANDIDATES = (N_("P"), N_("Q"), N_("R"), N_("S"))
"""Names of candidates in an exercise: no letters that stand before options."""
DEEDS = ("funds_kept", "staff_kept", "vans_kept")
"""Columns that say how much of what was promised has been done, in per cent."""
FACTS = ("name", "name_en", "city", "city_en", "relative", "yearly_sales", *DEEDS)
LOCAL = "area_manager"
"""The scorer who works on the spot."""
MOST = 300
"""Candidates a table may have."""
METHODS: Mapping[str, str] = {
    "given": N_("as given"),
    "ahp": N_("AHP"),
    "entropy": N_("by entropy"),
    "topsis": N_("TOPSIS"),
}


def _weight(default: float, label: str) -> Any:
    return setting(default, label, low=0, high=100, step=1)


def _least(label: str) -> Any:
    return setting(0, label, low=0, high=100, step=1, unit=N_("points"), group=N_("Vetoes"))


class Selection(Inputs):
    """How candidates are compared, whatever the factors; a subclass adds a weight and a minimum for each of them."""

    weights_from: Literal["given", "ahp", "entropy"] = setting(
        "given",
        N_("Weights come from"),
        choices={"given": N_("the sliders"), "ahp": N_("pairwise judgements (AHP)"), "entropy": N_("entropy")},
        help=N_("Sliders: your own. AHP: the judgements of the data. Entropy: how far the candidates differ."),
    )
    method: Literal["weighted", "topsis"] = setting(
        "weighted",
        N_("Rank by"),
        choices={"weighted": N_("weighted score"), "topsis": N_("TOPSIS")},
        help=N_("Robustness is always that of the weighted score."),
    )
    normalisation: Literal["vector", "range"] = setting(
        "vector",
        N_("TOPSIS brings scores to one scale by"),
        choices={"vector": N_("length of the column"), "range": N_("min–max scaling")},
        help=N_("Hwang and Yoon divide by the length of the column; minimum to maximum stretches small differences."),
    )

    def raw_weights(self) -> Floats:
        """Return the weights as given, of any sum."""
        return np.array([v for name, v in self.model_dump().items() if name.endswith("_weight")], dtype=np.float64)

    def minimums(self) -> Floats:
        """Return the least score of each factor."""
        return np.array([v for name, v in self.model_dump().items() if name.endswith("_min")], dtype=np.float64)

    def scorers(self, all_of_them: tuple[str, ...]) -> list[int]:
        """Return the places of the scorers whose scores count."""
        return list(range(len(all_of_them)))

    def priorities(self, judgements: Floats | None) -> mc.Priorities | None:
        """Return what AHP makes of the judgements; None where there are none."""
        return None if judgements is None else mc.ahp(judgements)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero."""
        if not self.raw_weights().sum():
            last = [s.name for s in self.settings() if s.name.endswith("_weight")][-1]
            yield last, _("All weights are zero. Give at least one factor a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by a sum other than 100, and what robustness is about."""
        raw, said = self.raw_weights(), []
        if abs(raw.sum() - 100) > 1e-9:
            said.append(_("The weights add up to {total:g}; each is divided by this sum.").format(total=raw.sum()))
        if self.method == "topsis":
            said.append(_("The two charts of robustness are about the weighted score, not about TOPSIS."))
        return said


class DistributorRule(Selection):
    """How a distributor is chosen by the eight factors."""

    panel: Literal["all", "head_office", "area_manager"] = setting(
        "all",
        N_("Whose scores count"),
        group=N_("Data"),
        choices={
            "all": N_("everybody's"),
            "head_office": N_("head office only"),
            "area_manager": N_("area manager only"),
        },
        help=N_("The mean of the scorers counts. Head office: all but the area manager."),
    )
    ahp_weights: Literal["eigenvector", "column_mean"] = setting(
        "eigenvector",
        N_("AHP takes weights from"),
        choices={"eigenvector": N_("principal eigenvector"), "column_mean": N_("mean of normalised columns")},
        help=N_("Saaty's own way is the eigenvector; the mean of the columns is the approximation by hand."),
    )
    random_index: Literal["saaty", "alonso_lamata"] = setting(
        "saaty",
        N_("AHP's table of random indices"),
        choices={"saaty": N_("Saaty (1980)"), "alonso_lamata": N_("Alonso and Lamata (2006)")},
        help=N_("The consistency index is divided by it; for eight factors 1.41 or 1.4056."),
    )
    coverage_weight: float = _weight(20, N_("Weight of market coverage"))
    reputation_weight: float = _weight(15, N_("Weight of reputation"))
    experience_weight: float = _weight(10, N_("Weight of experience"))
    willingness_weight: float = _weight(15, N_("Weight of willingness"))
    product_mix_weight: float = _weight(10, N_("Weight of product mix"))
    finances_weight: float = _weight(15, N_("Weight of finances"))
    location_weight: float = _weight(5, N_("Weight of location"))
    promotion_weight: float = _weight(10, N_("Weight of promotion"))
    coverage_min: float = _least(N_("Least market coverage"))
    reputation_min: float = _least(N_("Least reputation"))
    experience_min: float = _least(N_("Least experience"))
    willingness_min: float = _least(N_("Least willingness"))
    product_mix_min: float = _least(N_("Least product mix"))
    finances_min: float = _least(N_("Least finances"))
    location_min: float = _least(N_("Least location"))
    promotion_min: float = _least(N_("Least promotion"))

    def scorers(self, all_of_them: tuple[str, ...]) -> list[int]:
        """Return the places of the panel chosen; a panel that scored nobody raises ``DataError``."""
        local = self.panel == "area_manager"
        if found := [i for i, s in enumerate(all_of_them) if self.panel == "all" or (s == LOCAL) == local]:
            return found
        label = self.setting_of("panel").title()
        raise DataError(_("{label}: nobody of this panel has scored in this file; choose another.").format(label=label))

    def priorities(self, judgements: Floats | None) -> mc.Priorities | None:
        """Return what AHP makes of the judgements, by the method and table chosen."""
        return None if judgements is None else mc.ahp(judgements, self.ahp_weights, self.random_index)


@dataclass(frozen=True)
class Candidates:
    """The candidates with all that does not depend on the rule."""

    ids: Labels
    names_zh: Labels
    names_en: Labels
    facts: pd.DataFrame  # index ids
    factors: tuple[str, ...]  # names, untranslated
    scorers: tuple[str, ...]
    scores: Floats  # scorers × candidates × factors
    judgements: Floats | None  # factors × factors

    @property
    def names(self) -> list[str]:
        """The candidates' names in the language now spoken."""
        return [str(n) for n in (self.names_en if language() == "en" else self.names_zh)]


def prepare(distributors: pd.DataFrame, judgements: pd.DataFrame) -> Candidates:
    """Turn the scores (a row a candidate and scorer) and the judgements (a row a pair of factors) into arrays.

    Raises:
        DataError: a candidate lacks a scorer or is described in two ways, there are too many candidates, or the
            judgements are not one for each pair of factors.
    """
    first = distributors.drop_duplicates("candidate_id").set_index("candidate_id")
    scorers = tuple(distributors["scorer"].drop_duplicates())
    problems = list(_odd(distributors, first, scorers))
    if problems:
        raise DataError(problems)
    place = first.index.get_indexer(pd.Index(distributors["candidate_id"]))
    who = np.array([scorers.index(s) for s in distributors["scorer"]])
    scores = np.empty((len(scorers), len(first), len(FACTORS)))
    scores[who, place] = distributors[list(FACTORS)].to_numpy(np.float64)
    names_en = (first["name_en"].fillna(first["name"]) if "name_en" in first else first["name"]).to_numpy(object)
    facts = first[[c for c in FACTS if c in first]]
    names = first["name"].to_numpy(object)
    return Candidates(
        first.index.to_numpy(), names, names_en, facts, tuple(FACTORS.values()), scorers, scores, matrix(judgements)
    )


def _odd(rows: pd.DataFrame, first: pd.DataFrame, scorers: tuple[str, ...]) -> Iterator[str]:
    """Yield what is valid cell by cell and yet makes no candidates to choose among."""
    if not len(first):
        yield _("The file holds no candidate.")
    if len(first) > MOST:
        yield _("There are {n:,} candidates; at most {most} can be compared.").format(n=len(first), most=MOST)
        return
    for candidate, given in rows.groupby("candidate_id", sort=False):
        if missing := [s for s in scorers if s not in set(given["scorer"])]:
            said = _("Candidate “{id}” was not scored by: {scorers}. Everybody scores every candidate, or nobody does.")
            yield said.format(id=candidate, scorers=_(", ").join(missing))
        for column in (c for c in FACTS if c in given):
            if given[column].nunique(dropna=False) > 1:
                said = _("Candidate “{id}” has more than one value in column “{column}”.")
                yield said.format(id=candidate, column=column)


def matrix(judgements: pd.DataFrame) -> Floats:
    """Return the reciprocal matrix of the judgements, factors × factors in the order of :data:`FACTORS`.

    Args:
        judgements: a row a pair: factor, against, times (how many times as important factor is as against).

    Raises:
        DataError: a pair is missing, stands twice (either way round), or compares a factor with itself.
    """
    codes = list(FACTORS)
    rows = list(zip(judgements["factor"], judgements["against"], judgements["times"].tolist(), strict=True))
    found: dict[frozenset[str], int] = {}
    for factor, against, _times in rows:
        found[frozenset((factor, against))] = found.get(frozenset((factor, against)), 0) + 1
    problems = [
        _("Judgements: there must be one of “{a}” against “{b}”, either way round; there are {n}.").format(
            a=a, b=b, n=n
        )
        for a, b in combinations(codes, 2)
        if (n := found.get(frozenset((a, b)), 0)) != 1
    ]
    problems += [
        _("Judgements: “{a}” is compared with itself; leave this row out.").format(a=next(iter(pair)))
        for pair in found
        if len(pair) == 1
    ]
    if problems:
        raise DataError(problems)
    filled = np.eye(len(codes))
    for factor, against, times in rows:
        i, j = codes.index(factor), codes.index(against)
        filled[i, j], filled[j, i] = times, 1 / times
    return filled


@dataclass(frozen=True)
class Choice:
    """What :func:`choose` returns; arrays run over all candidates, those knocked out included.

    Attributes:
        scores: mean of the scorers that count, candidates × factors.
        failed: where a score is below its minimum, candidates × factors.
        left: who is still in.
        given: the weights of the sliders divided by their sum.
        weights: the weights in use, sum one.
        raw: the same in points: as given, or × 100.
        total: weighted score by the weights in use.
        closeness: of TOPSIS by the weights in use; zero for who is out.
        rank: by the method chosen; ties share a rank, zero for who is out.
        entropy: entropy weights of those left; None where nothing tells them apart.
    """

    candidates: Candidates
    rule: Selection
    scores: Floats
    failed: Bools
    left: Bools
    given: Floats
    weights: Floats
    raw: Floats
    total: Floats
    closeness: Floats
    rank: Ints
    priorities: mc.Priorities | None
    entropy: Floats | None

    @property
    def leaders(self) -> list[int]:
        """The rows of rank 1: one, several in a tie, none if everybody was knocked out."""
        return np.flatnonzero(self.rank == 1).tolist()

    @property
    def heaviest(self) -> int | None:
        """The row with the highest weighted score among those left, the first of several; None if nobody is left."""
        return int(np.where(self.left, self.total, -np.inf).argmax()) if self.left.any() else None


def choose(candidates: Candidates, rule: Selection) -> Choice:
    """Score, knock out, weigh and rank the candidates under one rule.

    Raises:
        DataError: nobody of the panel chosen has scored.
    """
    scores = candidates.scores[rule.scorers(candidates.scorers)].mean(axis=0)
    failed = scores < rule.minimums() - mc.DUST
    left = ~failed.any(axis=1)
    raw = rule.raw_weights()
    given = raw / raw.sum()
    priorities, entropy = rule.priorities(candidates.judgements), mc.entropy_weights(scores[left])
    weights = given
    if rule.weights_from == "ahp" and priorities:
        weights, raw = priorities.weights, 100 * priorities.weights
    elif rule.weights_from == "entropy":
        weights = np.full(len(raw), 1 / len(raw)) if entropy is None else entropy
        raw = 100 * weights
    total = mc.weighted_scores(scores, weights)
    closeness = _closeness(scores, left, weights, rule)
    rank = mc.ranks(closeness if rule.method == "topsis" else total, left)
    return Choice(
        candidates, rule, scores, failed, left, given, weights, raw, total, closeness, rank, priorities, entropy
    )


def _closeness(scores: Floats, left: Bools, weights: Floats, rule: Selection) -> Floats:
    """Return the closeness of those left; zero for who is out."""
    closeness = np.zeros(len(scores))
    if left.any():
        closeness[left] = mc.topsis(scores[left], weights, normalisation=rule.normalisation).closeness
    return closeness


def side_by_side(c: Choice) -> dict[str, Ints]:
    """Return the ranks by each of :data:`METHODS` that applies: AHP needs judgements, entropy a difference.

    TOPSIS takes the weights as given, so that it differs from the weighted score by its method alone.
    """
    values = {"given": mc.weighted_scores(c.scores, c.given)}
    if c.priorities:
        values["ahp"] = mc.weighted_scores(c.scores, c.priorities.weights)
    if c.entropy is not None:
        values["entropy"] = mc.weighted_scores(c.scores, c.entropy)
    values["topsis"] = _closeness(c.scores, c.left, c.given, c.rule)
    return {name: mc.ranks(value, c.left) for name, value in values.items()}


@dataclass(frozen=True)
class Reason:
    """Whom a method puts first, and the factor that speaks most for it against the first by the weights as given."""

    method: str
    first: tuple[int, ...]
    factor: int | None


def reasons(c: Choice) -> list[Reason]:
    """Say for each method whom it puts first and, where this is not who leads by the weights as given, why.

    With other weights w′ the new first n beats the old first o by Σ (w′ − w)(s_n − s_o) more than before: the factor
    with the largest term speaks most for n. With TOPSIS it is the factor in which o lies further from the ideal than
    n by most, in squared distance.
    """
    firsts = {name: tuple(np.flatnonzero(rank == 1).tolist()) for name, rank in side_by_side(c).items()}
    return [Reason(name, first, _speaks(c, name, first, firsts["given"])) for name, first in firsts.items()]


def _speaks(c: Choice, method: str, first: tuple[int, ...], base: tuple[int, ...]) -> int | None:
    if not first or set(first) & set(base):
        return None
    new, old = first[0], base[0]
    if method == "topsis":
        rows = np.flatnonzero(c.left)
        t = mc.topsis(c.scores[rows], c.given, normalisation=c.rule.normalisation)
        short = (t.best - t.values) ** 2
        return int((short[rows.tolist().index(old)] - short[rows.tolist().index(new)]).argmax())
    weights = c.priorities.weights if method == "ahp" and c.priorities else c.entropy
    assert weights is not None
    return int(((weights - c.given) * (c.scores[new] - c.scores[old])).argmax())


def robustness(c: Choice) -> mc.Dethroning | None:
    """Return what change of one weight dethrones the highest weighted score; None with nobody to compare it with."""
    if c.heaviest is None or c.left.sum() < 2:
        return None
    rows = np.flatnonzero(c.left)
    found = mc.dethroning(c.scores[rows], c.raw, rows.tolist().index(c.heaviest))
    return mc.Dethroning(found.change, np.where(found.rival >= 0, rows[found.rival], -1))


def shares_won(c: Choice) -> Floats:
    """Return the share of random weightings that each candidate wins; zero for who is out."""
    shares = np.zeros(len(c.scores))
    if c.left.any():
        scores = c.scores[c.left]
        shares[c.left] = _shares(scores.tobytes(), *scores.shape)
    return shares


@lru_cache(maxsize=64)
def _shares(scores: bytes, rows: int, columns: int) -> Floats:
    """Remember the shares of a table of scores: no weight moves them, so that most moves of a slider cost nothing."""
    return mc.shares_won(np.frombuffer(scores).reshape(rows, columns), mc.weightings(columns))


def favour(c: Choice) -> float:
    """Return by how many points the area manager favours his relatives, by the weights in use.

    His weighted score less the mean of the other scorers', averaged over his relatives, less the same over the rest:
    a scorer who is severe with everybody favours nobody. Zero where there is no relative, no other candidate, no area
    manager or no other scorer.
    """
    gap, relative = opinions(c)
    return float(gap[relative].mean() - gap[~relative].mean()) if gap.any() and 0 < relative.sum() < len(gap) else 0.0


def opinions(c: Choice) -> tuple[Floats, Bools]:
    """Return for each candidate the area manager's weighted score less that of the others, and who is a relative."""
    local = np.array([s == LOCAL for s in c.candidates.scorers])
    relative = (
        c.candidates.facts["relative"].to_numpy(bool)
        if "relative" in c.candidates.facts
        else np.zeros(len(c.scores), bool)
    )
    if local.all() or not local.any():
        return np.zeros(len(c.scores)), relative
    gap = c.candidates.scores[local].mean(axis=0) - c.candidates.scores[~local].mean(axis=0)
    return mc.weighted_scores(gap, c.weights), relative


def words_and_deeds(c: Choice, most_gap: float = 30) -> pd.DataFrame:
    """Set what candidates say against what they do: the course's first test of a distributor, initiative.

    Words are the score for willingness; deeds the mean of what was kept of promised funds, staff and vehicles, each
    counted to 100% at most. ``fake`` marks words that run more than ``most_gap`` points ahead of deeds.

    Returns:
        A row a candidate with any deeds on record; columns words, deeds, fake.
    """
    columns = [d for d in DEEDS if d in c.candidates.facts]
    kept = c.candidates.facts[columns].clip(upper=100).mean(axis=1) if columns else pd.Series(np.nan, c.candidates.ids)
    words = c.scores[:, list(FACTORS).index("willingness")]
    table = pd.DataFrame({"words": words, "deeds": kept.to_numpy(np.float64)}, index=pd.Index(c.candidates.ids))
    return table.assign(fake=table["words"] - table["deeds"] > most_gap).dropna()


def notes(c: Choice) -> list[str]:
    """Return translated sentences on what a reader must know before believing the ranking."""
    return [*_on_the_field(c), *_on_the_methods(c)]


def _on_the_field(c: Choice) -> Iterator[str]:
    names = c.candidates.names
    for row in np.flatnonzero(~c.left):
        by = _(", ").join(_(c.candidates.factors[k]) for k in np.flatnonzero(c.failed[row]))
        yield _("{name} is knocked out by: {factors}.").format(name=names[row], factors=by)
    if not c.leaders:
        yield _("Everybody is knocked out: there is no winner. Lower a minimum.")
    if len(c.leaders) > 1:
        yield _("Tie for the first place: {names}.").format(names=_(", ").join(names[row] for row in c.leaders))
    if c.left.sum() == 1:
        yield _("{name} is the only candidate left: it wins, and there is nobody to compare it with.").format(
            name=names[c.leaders[0]]
        )


def _on_the_methods(c: Choice) -> Iterator[str]:
    if c.left.sum() > 1 and c.entropy is None:
        yield _("No factor tells the candidates apart, so entropy gives no weights; equal ones stand in for them.")
    if c.priorities and not c.priorities.consistent():
        i, j = c.priorities.offender
        said = _(
            "The judgements contradict each other (consistency ratio {ratio:.2f}, at most {most:.2f} is acceptable). "
            "Furthest off is “{a}” against “{b}”: judged {times:.3g}, the weights imply {implied:.2g}."
        )
        times = float(c.candidates.judgements[i, j]) if c.candidates.judgements is not None else 1.0
        yield said.format(
            ratio=c.priorities.ratio,
            most=mc.ACCEPTABLE,
            a=_(c.candidates.factors[i]),
            b=_(c.candidates.factors[j]),
            times=times,
            implied=times / c.priorities.misfit,
        )


def listing(c: Choice) -> pd.DataFrame:
    """Return the candidates as a table to take home, the best first and those knocked out last.

    Returns:
        Index candidate_id; the facts, rank (0 is out), score, closeness, share_won (%), knocked_out_by (factors),
        dominated_by (ids), area_manager_gap (points).
    """
    below = mc.dominance(c.scores) & c.left[:, None] & c.left[None, :]
    codes = list(FACTORS) if c.candidates.factors == tuple(FACTORS.values()) else list(c.candidates.factors)
    table = c.candidates.facts.assign(
        rank=c.rank,
        score=c.total.round(2),
        closeness=c.closeness.round(4),
        share_won=(100 * shares_won(c)).round(2),
        knocked_out_by=[" ".join(codes[k] for k in np.flatnonzero(row)) for row in c.failed],
        dominated_by=[" ".join(str(i) for i in c.candidates.ids[column]) for column in below.T],
        area_manager_gap=opinions(c)[0].round(2),
    )
    order = np.argsort(np.where(c.rank == 0, len(c.rank) + 1, c.rank), kind="stable")
    return table.iloc[order].rename_axis("candidate_id")


def headline(c: Choice) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for names and units.

    A figure that does not exist is nan, shown as a dash: those of the winner with nobody left, the lead with nobody to
    compare, the smallest change where none dethrones. Of several leaders the first in the file stands for them. The
    lead is over the best of the others by weighted score; under TOPSIS it can be negative.
    """
    found = robustness(c)
    can = np.array([]) if found is None else np.abs(found.change[found.rival >= 0])
    return {
        "left": float(c.left.sum()),
        "knocked_out": float((~c.left).sum()),
        **_of_the_winner(c),
        "smallest_change": float(can.min()) if can.size else np.nan,
        "dethroning_factors": float(can.size),
        "favour": favour(c),
        "consistency": c.priorities.ratio if c.priorities else np.nan,
    }


def _of_the_winner(c: Choice) -> dict[str, float]:
    """Return the headline figures that belong to the winner."""
    if not c.leaders:
        return dict.fromkeys(("score", "lead", "share_won", "methods_agree"), np.nan)
    win = c.leaders[0]
    others = c.total[c.left & (np.arange(len(c.total)) != win)]
    return {
        "score": float(c.total[win]),
        "lead": float(c.total[win] - others.max()) if others.size else np.nan,
        "share_won": float(100 * shares_won(c)[win]),
        "methods_agree": float(sum(win in r.first for r in reasons(c))),
    }


STUDY = Study(
    name="distributors",
    title=N_("Distributor selection"),
    datasets=("distributors", "factor_judgements"),
    inputs=DistributorRule,
    prepare=prepare,
    run=choose,
    headline=headline,
    listing=listing,
    measures={
        "left": Measure(N_("Candidates left")),
        "knocked_out": Measure(N_("Candidates knocked out")),
        "score": Measure(N_("Winner's weighted score"), N_("points"), 2),
        "lead": Measure(N_("Lead over the next"), N_("points"), 2),
        "share_won": Measure(N_("Random weightings the winner wins"), "%", 1),
        "smallest_change": Measure(N_("Smallest change of a weight that dethrones it"), N_("points"), 1),
        "dethroning_factors": Measure(N_("Weights that can dethrone it")),
        "methods_agree": Measure(N_("Methods that put it first")),
        "favour": Measure(N_("Area manager's favour to relatives"), N_("points"), 1),
        "consistency": Measure(N_("AHP consistency ratio"), "", 5),
    },
    textbook={f"{code}_weight": 10 for code in FACTORS},
    first=("weights_from", "method", "coverage_weight", "finances_weight", "willingness_min"),
)

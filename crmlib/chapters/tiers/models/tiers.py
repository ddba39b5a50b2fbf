"""Bank customer tiers: four criteria, a weighted score, cut-offs, vetoes, and what the bank's loan policy demands.

The scheme is that of the Suzhou branch of the Agricultural Bank of China as the course describes it: corporate
customers are graded by credit standing, size, financial indicators and industry outlook into gold, key, prime,
ordinary, restricted and exit. The source gives neither weights nor cut-offs nor scoring bands nor default
probabilities: those here are teaching assumptions, and every one is either an input or a table shown in the chapter.

Money is in 万元 (10,000 yuan) throughout, scores run from 0 to 100.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints
from crmlib.formulas.scores import tier_of

S = TypeVar("S", bound=np.generic)

TIERS = (N_("gold"), N_("key"), N_("prime"), N_("ordinary"), N_("restricted"), N_("exit"))
MOST_DATES = 6
"""Dates of a loan book that a sentence names."""
UNRATED = len(TIERS)
"""Place of a firm that cannot be scored: it is kept apart and counted, never guessed at."""
ABSENT = UNRATED + 1
"""Place of a firm that was no customer at that date."""
PLACES = (*TIERS, N_("unrated"), N_("not a customer"))

LOAN_POLICY = (
    N_("loan plan approved on submission"),
    N_("loan plan submitted in advance and given priority"),
    N_("only by reallocation within the existing loan book, out of quota freed by repayments"),
    N_("no policy is given"),
    N_("total credit may only fall"),
    N_("total credit may only fall"),
)
MAY_ONLY_FALL = (TIERS.index("restricted"), TIERS.index("exit"))

CRITERIA = (N_("credit standing"), N_("size"), N_("financial indicators"), N_("industry outlook"))
CYCLICAL = ("property", "construction")
"""Industries whose outlook the input ``outlook_shock`` lowers."""

BANDS: Mapping[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "overdue_days": ((0, 30, 90, 180, 360), (100, 70, 40, 10, 0)),
    "years_with_bank": ((0, 2, 5, 10), (40, 60, 80, 100)),
    "sales": ((500, 2_000, 10_000, 50_000, 200_000), (20, 40, 60, 80, 100)),
    "total_assets": ((500, 2_000, 10_000, 50_000, 200_000), (20, 40, 60, 80, 100)),
    "debt_ratio": ((0.40, 0.55, 0.70, 0.85, 1.00), (100, 80, 50, 20, 0)),
    "current_ratio": ((0.5, 1.0, 1.5, 2.0), (0, 50, 80, 100)),
    "roa": ((-0.02, 0.0, 0.03, 0.08), (0, 30, 60, 100)),
}
"""Indicator → (values, points), straight lines between them and flat outside. Teaching assumption."""
LOGARITHMIC = ("sales", "total_assets")
"""Indicators whose points are interpolated on the logarithm: ten times the sales is a step up, wherever it starts."""
OVERDUE_SHARE = 0.7
"""Share of overdue days in credit standing; the rest is the length of the relation. Teaching assumption."""


class TierPolicy(Inputs):
    """How firms are graded and what the grading is used for."""

    credit_weight: float = setting(0.35, N_("Weight of credit standing"), low=0, high=1, step=0.05)
    size_weight: float = setting(0.20, N_("Weight of size"), low=0, high=1, step=0.05)
    financial_weight: float = setting(0.30, N_("Weight of financial indicators"), low=0, high=1, step=0.05)
    outlook_weight: float = setting(
        0.15,
        N_("Weight of industry outlook"),
        low=0,
        high=1,
        step=0.05,
        help=N_("The four weights are divided by their sum."),
    )
    gold_from: float = setting(85, N_("Cut-off for gold"), low=0, high=100, step=0.5, unit=N_("points"))
    key_from: float = setting(75, N_("Cut-off for key"), low=0, high=100, step=0.5, unit=N_("points"))
    prime_from: float = setting(65, N_("Cut-off for prime"), low=0, high=100, step=0.5, unit=N_("points"))
    ordinary_from: float = setting(50, N_("Cut-off for ordinary"), low=0, high=100, step=0.5, unit=N_("points"))
    restricted_from: float = setting(
        35,
        N_("Cut-off for restricted"),
        low=0,
        high=100,
        step=0.5,
        unit=N_("points"),
        help=N_("Firms that score less go to the exit tier. The five cut-offs must fall from gold to restricted."),
    )
    boundary: Literal["upper", "lower"] = setting(
        "upper",
        N_("A score equal to a cut-off"),
        choices={"upper": N_("belongs to the upper tier"), "lower": N_("belongs to the lower tier")},
        help=N_("Scores are rounded to one decimal before they meet a cut-off."),
    )
    overdue_veto: float = setting(
        90,
        N_("Restricted if overdue for more than"),
        low=0,
        high=360,
        step=5,
        unit=N_("days"),
        group=N_("Vetoes"),
        help=N_("Such a firm cannot be above restricted, whatever it scores."),
    )
    default_cap: Literal["restricted", "exit"] = setting(
        "restricted",
        N_("Best tier of a firm in default"),
        group=N_("Vetoes"),
        choices={"restricted": N_("restricted"), "exit": N_("exit")},
        help=N_("A firm in default cannot be above this tier, whatever it scores."),
    )
    insolvency_cap: Literal["none", "ordinary", "restricted"] = setting(
        "restricted",
        N_("Best tier of an insolvent firm"),
        group=N_("Vetoes"),
        choices={"none": N_("no veto"), "ordinary": N_("ordinary"), "restricted": N_("restricted")},
        help=N_("Insolvent: liabilities equal to or above assets."),
    )
    outlook_shock: float = setting(
        0,
        N_("Fall in the outlook of property and construction"),
        low=0,
        high=60,
        step=1,
        unit=N_("points"),
        group=N_("Risk"),
        help=N_("Taken off the outlook of these two industries at the closing date, not below zero."),
    )
    pd_best: float = setting(
        0.002,
        N_("Probability of default of a gold firm"),
        low=0.0005,
        high=0.02,
        step=0.0005,
        group=N_("Risk"),
        help=N_("Within one year. Teaching assumption."),
    )
    pd_step: float = setting(
        2.5,
        N_("Factor by which the probability of default rises with each tier"),
        low=1,
        high=4,
        step=0.1,
        group=N_("Risk"),
        help=N_("Teaching assumption. No probability exceeds one."),
    )
    lgd: float = setting(
        0.45,
        N_("Loss given default"),
        low=0,
        high=1,
        step=0.05,
        group=N_("Risk"),
        help=N_("Share of the exposure that is lost when a firm defaults."),
    )
    policy_date: Literal["opening", "closing"] = setting(
        "opening",
        N_("“May only fall” binds the tiers as graded at the"),
        group=N_("Risk"),
        choices={"opening": N_("opening date"), "closing": N_("closing date")},
        help=N_("Opening: who was restricted when the year began. Closing: who is restricted when it is checked."),
    )

    def weights(self) -> Floats:
        """Return the four weights divided by their sum, in the order of :data:`CRITERIA`."""
        return np.asarray(self.raw_weights() / self.raw_weights().sum())

    def raw_weights(self) -> Floats:
        """Return the four weights as given."""
        return np.array([self.credit_weight, self.size_weight, self.financial_weight, self.outlook_weight])

    def cutoffs(self) -> Floats:
        """Return the five cut-offs, from gold down."""
        return np.array([self.gold_from, self.key_from, self.prime_from, self.ordinary_from, self.restricted_from])

    def default_probabilities(self) -> Floats:
        """Return the one-year default probability of each tier: ``pd_best · pd_step**k``, at most one."""
        return np.asarray(np.minimum(self.pd_best * self.pd_step ** np.arange(len(TIERS)), 1.0))

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero and cut-offs that do not fall."""
        if not self.raw_weights().any():
            yield "outlook_weight", _("All four weights are zero. Give at least one criterion a weight.")
        cuts = [(s, getattr(self, s.name)) for s in self.settings() if s.name.endswith("_from")]
        for (upper, high), (lower, low) in pairwise(cuts):
            if high <= low:
                yield (
                    lower.name,
                    _("The cut-offs must fall: “{lower}” ({low:g}) must be below “{upper}” ({high:g}).").format(
                        lower=_(lower.label), low=low, upper=_(upper.label), high=high
                    ),
                )

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        return weights_remark(self.raw_weights().sum(), CRITERIA, self.weights())


@dataclass(frozen=True)
class Snapshot:
    """The book at one date, an entry a firm, in the order of :attr:`Book.firms`; absent firms hold nan or zero."""

    date: str
    present: Bools
    criteria: Floats  # firms × 4, 0–100, nan where an indicator is missing
    cyclical: Bools
    overdue_days: Floats
    insolvent: Bools
    defaulted: Bools
    exposure: Floats  # 万元


@dataclass(frozen=True)
class Book:
    """A loan book at two dates, scored on the four criteria: all that does not depend on the policy."""

    firms: pd.DataFrame  # index firm_id; columns firm_name, industry
    opening: Snapshot
    closing: Snapshot


@dataclass(frozen=True)
class Graded:
    """The grading at one date: score (nan where it cannot be computed) and place among :data:`PLACES`, a firm each."""

    score: Floats
    place: Ints
    vetoed: Bools


@dataclass(frozen=True)
class Grading:
    """What :func:`grade` returns."""

    book: Book
    policy: TierPolicy
    opening: Graded
    closing: Graded


def points(indicator: str, values: Floats) -> Floats:
    """Return the points (0–100) of an indicator's values by its band in :data:`BANDS`; nan stays nan.

    >>> points("overdue_days", np.array([0.0, 15.0, 400.0])).tolist()
    [100.0, 85.0, 0.0]
    """
    at, given = BANDS[indicator]
    if indicator in LOGARITHMIC:
        at, values = tuple(np.log10(at)), np.log10(np.maximum(values, 1e-9))
    return np.interp(values, at, given)


def criteria(loans: pd.DataFrame) -> Floats:
    """Return the four criteria scores, a row a loan: credit standing, size, financial indicators, industry outlook.

    Credit standing is 70% overdue days and 30% length of the relation; size the mean of sales and assets on a
    logarithmic scale; financial indicators the plain mean of debt ratio, current ratio and return on assets. A
    missing indicator makes its criterion nan: nothing is filled in.
    """
    return _criteria(lambda name: loans[name].to_numpy(float, na_value=np.nan))


def _criteria(number: Callable[[str], Floats]) -> Floats:
    def p(name: str) -> Floats:
        return points(name, number(name))

    outlook = number("industry_outlook")
    scores = np.empty((len(outlook), len(CRITERIA)))
    scores[:, 0] = OVERDUE_SHARE * p("overdue_days") + (1 - OVERDUE_SHARE) * p("years_with_bank")
    scores[:, 1] = (p("sales") + p("total_assets")) / 2
    scores[:, 2] = (p("debt_ratio") + p("current_ratio") + p("roa")) / 3
    scores[:, 3] = outlook
    return scores


def prepare(loans: pd.DataFrame) -> Book:
    """Turn a loan book in long form (a row a firm and date) into two aligned snapshots.

    Args:
        loans: the columns of ``data/bank_loans.yaml``.

    Raises:
        DataError: there are not exactly two dates.
    """
    dates = sorted(loans["as_of"].unique())
    if len(dates) != 2:
        rows = loans["as_of"].value_counts().sort_index()
        named = _(", ").join(f"{day:%Y-%m-%d} ({n:,})" for day, n in rows.head(MOST_DATES).items())
        said = _("The loan book must hold two dates to compare; column as_of holds {n} (with their rows): {dates}.")
        raise DataError(said.format(n=len(dates), dates=named + (" …" if len(rows) > MOST_DATES else "")))
    row, ids = _rows(loans["firm_id"])
    last = np.empty(len(ids), dtype=np.int64)
    last[row] = np.arange(len(loans))  # where a firm comes again, the later one stays
    firms = loans[[c for c in ("firm_name", "firm_name_en", "industry") if c in loans]].iloc[last].set_axis(ids)
    at_dates = [np.flatnonzero(loans["as_of"] == date) for date in dates]
    flagged = loans.assign(cyclical=loans["industry"].isin(CYCLICAL))
    opening, closing = (_snapshot(flagged, at, row[at], len(ids)) for at in at_dates)
    return Book(firms, opening, closing)


def _rows(firm_ids: pd.Series) -> tuple[Ints, pd.Index]:
    """Return the place of each loan's firm among the firms in order, and the firms."""
    ids = firm_ids.to_numpy()
    new = np.append(True, ids[1:] != ids[:-1])
    firms, found = ids[new], np.cumsum(new) - 1
    if not (firms[1:] > firms[:-1]).all():  # a book kept in the order of its firms needs no looking up
        found, firms = pd.factorize(ids)
        order = np.array(sorted(range(len(firms)), key=firms.tolist().__getitem__))  # on text faster than numpy's own
        place = np.empty(len(firms), dtype=np.int64)
        place[order] = np.arange(len(firms))
        found, firms = place[found], firms[order]
    return found, pd.Index(firms, dtype=firm_ids.dtype, name="firm_id")


def _snapshot(loans: pd.DataFrame, at: Ints, row: Ints, n: int) -> Snapshot:
    """Return the loans at the places ``at``, those of one date, each in the ``row`` of its firm among ``n``."""

    def column(values: NDArray[S], absent: object) -> NDArray[S]:
        aligned = np.full((n, *values.shape[1:]), absent, dtype=values.dtype)
        aligned[row] = values
        return aligned

    def number(name: str, missing: float = np.nan) -> Floats:
        return loans[name].to_numpy(float, na_value=missing)[at]

    return Snapshot(
        date=str(loans["as_of"].iloc[at[0]])[:10],
        present=column(np.ones(len(at), dtype=bool), False),
        criteria=column(_criteria(number), np.nan),
        cyclical=column(number("cyclical") > 0, False),
        overdue_days=column(number("overdue_days"), 0.0),
        insolvent=column(number("debt_ratio") >= 1, False),
        defaulted=column(number("defaulted", 0.0) > 0, False),
        exposure=column(number("exposure"), 0.0),
    )


def score(criteria_scores: Floats, weights: Floats) -> Floats:
    """Return the weighted score (0–100), rounded half up to one decimal; nan if a criterion with weight is missing.

    >>> score(np.array([[100.0, 50.0, 80.0, 60.0]]), np.array([0.35, 0.2, 0.3, 0.15])).tolist()
    [78.0]
    """
    used = weights > 0
    # The first rounding takes off floating-point dust, so that 84.95 is not decided by its last binary digit.
    return np.floor(np.round(10 * (criteria_scores[:, used] @ weights[used]), 5) + 0.5) / 10


def grade(book: Book, policy: TierPolicy) -> Grading:
    """Grade the book at both dates under one policy.

    A veto caps the tier, it never lifts one. A firm that cannot be scored stays unrated even where a veto would
    apply to it: a cap says what the firm cannot be, not what it is.
    """
    return Grading(
        book, policy, _graded(book.opening, policy, 0.0), _graded(book.closing, policy, policy.outlook_shock)
    )


def _graded(at: Snapshot, policy: TierPolicy, shock: float) -> Graded:
    given = at.criteria
    if shock:
        given = given.copy()
        given[at.cyclical, 3] = np.maximum(given[at.cyclical, 3] - shock, 0)
    scores = score(given, policy.weights())
    by_score = tier_of(scores, policy.cutoffs(), policy.boundary)
    tier = np.maximum(by_score, _caps(at, policy))
    place = np.where(np.isnan(scores), UNRATED, tier)
    return Graded(scores, np.where(at.present, place, ABSENT), at.present & ~np.isnan(scores) & (tier > by_score))


def _caps(at: Snapshot, policy: TierPolicy) -> Ints:
    """Return the best tier that the vetoes leave each firm (0 where none applies)."""
    best = np.zeros(len(at.present), dtype=np.int64)
    best[at.overdue_days > policy.overdue_veto] = TIERS.index("restricted")
    if policy.insolvency_cap != "none":
        best[at.insolvent] = np.maximum(best[at.insolvent], TIERS.index(policy.insolvency_cap))
    best[at.defaulted] = np.maximum(best[at.defaulted], TIERS.index(policy.default_cap))
    return best


def firms_by_place(graded: Graded) -> Ints:
    """Return the number of firms at each of :data:`PLACES`."""
    return np.bincount(graded.place, minlength=len(PLACES))


def exposure_by_place(graded: Graded, at: Snapshot) -> Floats:
    """Return the exposure (万元) at each of :data:`PLACES`."""
    return np.bincount(graded.place, weights=at.exposure, minlength=len(PLACES)).astype(np.float64)


def expected_loss(g: Grading) -> Floats:
    """Return the expected loss (万元) of each tier at the closing date: Σ PD · LGD · exposure.

    Convention: PD by tier from the policy, one for a firm already in default; exposure at default is the present
    exposure; collateral is already in LGD and is not subtracted again. Unrated firms have no PD and are not in the sum.
    Source: Basel Committee (2005), *An explanatory note on the Basel II IRB risk weight functions*.
    """
    rated = g.closing.place < UNRATED
    pd_tier = g.policy.default_probabilities()[g.closing.place[rated]]
    pd_firm = np.where(g.book.closing.defaulted[rated], 1.0, pd_tier)
    loss = pd_firm * g.policy.lgd * g.book.closing.exposure[rated]
    return np.bincount(g.closing.place[rated], weights=loss, minlength=len(TIERS)).astype(np.float64)


def migration(g: Grading) -> Ints:
    """Return the migration matrix, 8 × 8: row the place at the opening date, column the place at the closing date."""
    n = len(PLACES)
    return np.bincount(g.opening.place * n + g.closing.place, minlength=n * n).reshape(n, n)


def moved(g: Grading) -> tuple[int, int]:
    """Return how many firms rated at both dates rose and how many fell."""
    both = migration(g)[:UNRATED, :UNRATED]
    return int(np.tril(both, -1).sum()), int(np.triu(both, 1).sum())


def bound(g: Grading) -> Ints:
    """Return the place of each firm that the loan policy goes by: at the opening or the closing date."""
    return (g.opening if g.policy.policy_date == "opening" else g.closing).place


def credit_check(g: Grading) -> pd.DataFrame:
    """Check “total credit may only fall” for each tier it binds.

    Returns:
        A row a bound tier; columns ``opening``, ``closing``, ``change`` (万元, the same firms at both dates),
        ``kept`` (did the total not grow) and ``grew`` (number of its firms whose own exposure grew).
    """
    places, before, after = bound(g), g.book.opening.exposure, g.book.closing.exposure
    rows = []
    for tier in MAY_ONLY_FALL:
        of = places == tier
        opening, closing = before[of].sum(), after[of].sum()
        rows.append((TIERS[tier], opening, closing, closing - opening, closing <= opening, (after > before)[of].sum()))
    columns = ["tier", "opening", "closing", "change", "kept", "grew"]
    return pd.DataFrame(rows, columns=columns).set_index("tier")


def violations(g: Grading) -> pd.DataFrame:
    """List the firms that the policy binds and whose exposure grew all the same, the largest growth first.

    Returns:
        Index ``firm_id``; columns of :attr:`Book.firms`, ``tier``, ``score`` (at the date that binds), ``opening``,
        ``closing``, ``growth`` (万元). Equal growth is ordered by firm_id.
    """
    places, before, after = bound(g), g.book.opening.exposure, g.book.closing.exposure
    scores = (g.opening if g.policy.policy_date == "opening" else g.closing).score
    found = np.isin(places, MAY_ONLY_FALL) & (after > before)
    listed = g.book.firms[found].assign(
        tier=[TIERS[p] for p in places[found]],
        score=scores[found],
        opening=before[found],
        closing=after[found],
        growth=(after - before)[found],
    )
    return listed.sort_values("growth", ascending=False, kind="stable")


def tier_table(g: Grading) -> pd.DataFrame:
    """Return the tiers at a glance: firms and exposure at both dates, expected loss, defaults, loan policy.

    Returns:
        A row each of :data:`TIERS` and one for unrated; untranslated names in the index.
    """
    n = UNRATED + 1
    loss = np.append(expected_loss(g), np.nan)
    table = pd.DataFrame(
        {
            "firms_opening": firms_by_place(g.opening)[:n],
            "firms_closing": firms_by_place(g.closing)[:n],
            "exposure_opening": exposure_by_place(g.opening, g.book.opening)[:n],
            "exposure_closing": exposure_by_place(g.closing, g.book.closing)[:n],
            "expected_loss": loss,
            "defaults": np.bincount(g.closing.place[g.book.closing.defaulted], minlength=len(PLACES))[:n],
            "policy": [*LOAN_POLICY, N_("kept apart until it can be scored")],
        },
        index=pd.Index(PLACES[:n], name="tier"),
    )
    return table


def headline(g: Grading) -> dict[str, float]:
    """Return the headline figures of a grading, nan where nobody is rated; see :data:`STUDY` for their names."""
    up, down = moved(g)
    places, before, after = bound(g), g.book.opening.exposure, g.book.closing.exposure
    grew = np.isin(places, MAY_ONLY_FALL) & (after > before)
    closing = firms_by_place(g.closing)
    exposure = exposure_by_place(g.closing, g.book.closing)
    if not closing[:UNRATED].sum():  # where nobody is rated, nothing is known but that
        return dict.fromkeys(STUDY.measures, math.nan) | {"unrated_firms": float(closing[UNRATED])}
    return {
        "gold_firms": float(closing[0]),
        "bound_firms": float(closing[list(MAY_ONLY_FALL)].sum()),
        "unrated_firms": float(closing[UNRATED]),
        "vetoed_firms": float(g.closing.vetoed.sum()),
        "moved_up": float(up),
        "moved_down": float(down),
        "violating_firms": float(grew.sum()),
        "violating_growth": float((after - before)[grew].sum()),
        "expected_loss": float(expected_loss(g).sum()),
        "expected_loss_rate": float(100 * _ratio(expected_loss(g).sum(), exposure[:UNRATED].sum())),
    }


def _ratio(part: float, whole: float) -> float:
    """Return part ÷ whole, and zero where there is nothing to divide: no exposure carries no loss."""
    return part / whole if whole else 0.0


STUDY = Study(
    name="bank_tiers",
    title=N_("Bank customer tiers"),
    datasets=("bank_loans",),
    inputs=TierPolicy,
    prepare=prepare,
    run=grade,
    headline=headline,
    listing=violations,
    measures={
        "gold_firms": Measure(N_("Gold firms"), N_("firms")),
        "bound_firms": Measure(N_("Restricted and exit firms"), N_("firms")),
        "unrated_firms": Measure(N_("Firms that cannot be scored"), N_("firms")),
        "vetoed_firms": Measure(N_("Firms downgraded by a veto"), N_("firms")),
        "moved_up": Measure(N_("Firms that rose between the dates"), N_("firms")),
        "moved_down": Measure(N_("Firms that fell between the dates"), N_("firms")),
        "violating_firms": Measure(N_("Bound firms whose exposure grew"), N_("firms")),
        "violating_growth": Measure(N_("Exposure added at bound firms"), N_("10,000 yuan")),
        "expected_loss": Measure(N_("Expected loss"), N_("10,000 yuan")),
        "expected_loss_rate": Measure(N_("Expected loss over rated exposure"), "%", 2),
    },
    textbook={
        "credit_weight": 0.25,
        "size_weight": 0.25,
        "financial_weight": 0.25,
        "outlook_weight": 0.25,
    },
    first=("credit_weight", "size_weight", "gold_from", "overdue_veto", "lgd"),
)

"""What hypothesis draws: loan books as users may have them, and inputs within their declared bounds."""

from typing import Any

import pandas as pd
from hypothesis import strategies as st

from crmlib.chapters.tiers.models.tiers import TierPolicy
from crmlib.core.inputs import Inputs

DATES = tuple(pd.to_datetime(["2023-12-31", "2024-12-31", "2025-12-31"]))
PLAIN: dict[str, Any] = {
    "firm_name": "甲",
    "industry": "textiles",
    "industry_outlook": 60.0,
    "years_with_bank": 5.0,
    "sales": 10_000.0,
    "total_assets": 10_000.0,
    "debt_ratio": 0.55,
    "current_ratio": 1.5,
    "roa": 0.03,
    "overdue_days": 0,
    "defaulted": False,
    "exposure": 100.0,
    "deposits": 50.0,
    "income": 5.0,
    "products": 2,
}
"""A firm that scores 80 on credit standing and 60 on size, 80, 80 and 60 on its ratios, 60 on outlook."""


def loans(*rows: dict[str, Any]) -> pd.DataFrame:
    """Return a loan book; each row names its firm (``id``), its date (``at``, 0 to 2) and what is not as in PLAIN."""
    filled = [
        {"firm_id": row["id"], "as_of": DATES[row.get("at", 1)], **PLAIN, **{k: row[k] for k in row if k in PLAIN}}
        for row in rows
    ]
    numbers = ("sales", "debt_ratio", "current_ratio", "roa", "exposure", "deposits", "income")
    return pd.DataFrame(filled).astype(dict.fromkeys(numbers, "float64"))


def both(firm: str, **values: Any) -> list[dict[str, Any]]:
    """Return a firm's rows at the opening and the closing date; a pair of values is (opening, closing)."""
    return [
        {"id": firm, "at": at, **{k: v[at] if isinstance(v, tuple) else v for k, v in values.items()}} for at in (0, 1)
    ]


def amounts(most: float = 1e6, least: float = 0.0) -> st.SearchStrategy[float]:
    return st.one_of(st.just(max(least, 0.0)), st.floats(least, most).map(lambda x: round(x, 2)))


def maybe(values: st.SearchStrategy[float]) -> st.SearchStrategy[float | None]:
    return st.one_of(values, st.none())


FIRM = st.fixed_dictionaries(
    {
        "industry": st.sampled_from(["textiles", "property", "construction"]),
        "industry_outlook": amounts(100),
        "years_with_bank": amounts(40),
        "sales": maybe(amounts()),
        "total_assets": amounts(least=0.01),
        "debt_ratio": maybe(amounts(3)),
        "current_ratio": maybe(amounts(9)),
        "roa": maybe(amounts(1, -1)),
        "overdue_days": st.integers(0, 720),
        "defaulted": st.booleans(),
        "exposure": amounts(1e5),
        "deposits": amounts(1e5),
        "income": amounts(1e4, -1e3),
        "products": st.integers(1, 9),
    }
)


@st.composite
def books(draw: st.DrawFn, most: int = 8) -> pd.DataFrame:
    """Draw a loan book of two dates; its first firm is a customer at both, the others at one or both."""
    rows: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, most))):
        for at in draw(st.sampled_from([(0, 1), (0,), (1,)])) if n else (0, 1):
            rows.append({"id": f"F{n}", "at": at, **draw(FIRM)})
    return loans(*rows)


def values_of(kind: type[Inputs], *without: str) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a value within its bounds for each declared input; rules between inputs are not looked at."""
    return st.fixed_dictionaries(
        {
            s.name: st.sampled_from(s.choices)
            if s.choices
            else st.booleans()
            if s.kind is bool
            else st.integers(int(s.low or 0), int(s.high or 0))
            if s.kind is int
            else st.floats(s.low, s.high).map(lambda x: round(x, 6))
            for s in kind.settings()
            if s.name not in without
        }
    )


CUTS = ("gold_from", "key_from", "prime_from", "ordinary_from", "restricted_from")
WEIGHTS = ("credit_weight", "size_weight", "financial_weight", "outlook_weight")


@st.composite
def policies(draw: st.DrawFn) -> TierPolicy:
    """Draw a policy: weights not all zero, cut-offs that fall."""
    cuts = sorted(draw(st.lists(st.floats(0, 100).map(lambda x: round(x, 1)), min_size=5, max_size=5, unique=True)))
    weights = draw(st.lists(st.floats(0, 1).map(lambda x: round(x, 2)), min_size=4, max_size=4).filter(any))
    rest = draw(values_of(TierPolicy, *CUTS, *WEIGHTS))
    return TierPolicy(**dict(zip(CUTS, cuts[::-1], strict=True)), **dict(zip(WEIGHTS, weights, strict=True)), **rest)

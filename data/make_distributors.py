"""Make ``distributors.csv`` and ``factor_judgements.csv``: a small maker's five candidates in a new province.

Run ``python data/make_distributors.py``. Synthetic, seeded. Four people score each candidate: three of head office and
the area manager, one of whose relatives is among the candidates. The characters of the five are written down in
:data:`CANDIDATES`; a seed adds each scorer's own view. ``numpy.random.RandomState`` is used because its stream is
frozen; all scores are whole numbers, so that a rebuild is identical byte by byte.
"""

from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.random import RandomState

from crmlib.support.files import atomic_write

SEED = 20240815
FACTORS = ("coverage", "reputation", "experience", "willingness", "product_mix", "finances", "location", "promotion")
FACTS = ("name", "name_en", "city", "city_en", "relative", "yearly_sales")
SCORERS = ("sales_director", "finance_director", "logistics_head", "area_manager")
SPREAD = 3.0
"""Standard deviation of a scorer's own view, points."""
FAVOUR, SEVERITY = 24, -5
"""What the area manager adds to the scores of his relative, and to those of everybody else."""

CANDIDATES = pd.DataFrame(
    [
        # name, name in English, city, city in English, relative, sales (万元), eight scores,
        # promises kept in % of funds, staff and vehicles
        ("恒远商贸", "Hengyuan Trading", "省城", "provincial capital", 0, 9200,
         (90, 82, 90, 52, 60, 79, 76, 66), (70, 40, 60)),
        ("锐达渠道", "Ruida Channels", "新区", "new district", 0, 2600,
         (62, 64, 48, 92, 80, 58, 66, 86), (90, 110, 100)),
        ("众信配送", "Zhongxin Delivery", "中部市", "central city", 0, 4800,
         (76, 78, 72, 77, 72, 74, 70, 70), (100, 80, 90)),
        ("安和经贸", "Anhe Commerce", "南部市", "southern city", 1, 2100,
         (62, 60, 58, 84, 58, 55, 70, 58), (20, 50, 30)),
        ("百纺批发", "Baifang Wholesale", "省城", "provincial capital", 0, 5600,
         (70, 74, 70, 63, 66, 93, 82, 58), (100, 60, 80)),
    ],
    columns=[*FACTS, "scores", "kept"],
)  # fmt: skip

IMPORTANCE = (14, 10, 6, 28, 6, 22, 4, 10)
"""What the owner of the firm has at the back of the mind when judging pairs of factors."""
SWAY = 0.28
"""How far a judgement strays, standard deviation of its logarithm."""


def make(seed: int = SEED) -> pd.DataFrame:
    """Return the scores, a row a candidate and scorer (20 × 19)."""
    rng = RandomState(seed)
    rows = []
    for number, given in enumerate(CANDIDATES.to_dict("records"), start=1):
        facts = [given[column] for column in FACTS]
        for scorer in SCORERS:
            view = np.array(given["scores"]) + SPREAD * rng.standard_normal(len(FACTORS))
            if scorer == "area_manager":
                view += FAVOUR if given["relative"] else SEVERITY
            whole = np.clip(np.round(view), 0, 100).astype(int)
            rows.append([f"D{number}", *facts, scorer, *whole, *given["kept"]])
    return pd.DataFrame(
        rows, columns=["candidate_id", *FACTS, "scorer", *FACTORS, "funds_kept", "staff_kept", "vans_kept"]
    )


def make_judgements(seed: int = SEED) -> pd.DataFrame:
    """Return the owner's judgement of each pair of factors on Saaty's scale from 1/9 to 9 (28 × 3)."""
    rng = RandomState(seed + 1)
    scale = np.array([float(Fraction(1, k)) for k in range(9, 1, -1)] + [float(k) for k in range(1, 10)])
    rows = []
    for a, b in combinations(range(len(FACTORS)), 2):
        felt = np.log(IMPORTANCE[a] / IMPORTANCE[b]) + SWAY * rng.standard_normal()
        rows.append((FACTORS[a], FACTORS[b], round(float(scale[np.abs(np.log(scale) - felt).argmin()]), 4)))
    return pd.DataFrame(rows, columns=["factor", "against", "times"])


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name."""
    return {"distributors": make(seed), "factor_judgements": make_judgements(seed)}


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own scores and judgements; the five candidates keep their characters."""
    return tables(seed)


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

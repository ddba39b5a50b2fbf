"""100,000 random weightings of ten candidates on eight factors, against one plain numpy matrix product of that size.

Printed side by side: the shares won with the draws kept between moves, as the explorer keeps them; the same with the
draws made anew; and one move of a weight of the whole model, against the shares.
"""

import numpy as np
from measure import report, side_by_side

from crmlib.chapters.distributors.models import distributors as model
from crmlib.formulas import multicriteria as mc
from crmlib.tables.data import load

DRAWS, CANDIDATES, FACTORS = 100_000, 10, 8


def main() -> None:
    """Measure and print."""
    scores = np.random.RandomState(1).uniform(0, 100, (CANDIDATES, FACTORS))
    draws = mc.weightings(FACTORS, DRAWS)
    ours, plain = side_by_side(lambda: mc.shares_won(scores, draws), lambda: draws @ scores.T, 15)
    report("shares of 100,000 random weightings, draws kept, against a matrix product", ours, plain, "ms", 10)
    anew = mc.weightings.__wrapped__
    ours, plain = side_by_side(lambda: mc.shares_won(scores, anew(FACTORS, DRAWS)), lambda: draws @ scores.T, 5)
    report("the same with the draws made anew", ours, plain, "ms", 25)
    candidates = model.prepare(load("distributors"), load("factor_judgements"))
    weights = iter(range(10**6))

    def move() -> None:
        model.choose(candidates, model.DistributorRule(coverage_weight=next(weights) % 100 + 1))

    ours, plain = side_by_side(move, lambda: mc.shares_won(scores, draws), 30)
    report("one move of a weight, against 100,000 shares", ours, plain, "ms", 0.2)


if __name__ == "__main__":
    main()

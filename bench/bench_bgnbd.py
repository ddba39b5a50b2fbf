"""Fitting BG/NBD and gamma-gamma to the CDNOW sample against the package ``lifetimes``: the same parameters, sooner.

``lifetimes`` 0.11 is from 2020. Its fitters still run with today's pandas once its warnings are put aside; its data
sets are read by the tests' own reader.
"""

import sys
import warnings

import numpy as np
from measure import ROOT, report, side_by_side

sys.path.insert(0, str(ROOT))
from crmlib.chapters.customer_value.models import bgnbd, gamma_gamma
from tests import cdnow

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from lifetimes import BetaGeoFitter, GammaGammaFitter

CUSTOMERS = 500_000


def purchases() -> None:
    """Compare the fits of when customers buy."""
    table = cdnow.customers()
    past = bgnbd.history(table["x"].to_numpy(), table["t_x"].to_numpy(), table["T"].to_numpy())
    ours, theirs = bgnbd.fit(past).model.parameters, BetaGeoFitter().fit(table["x"], table["t_x"], table["T"]).params_
    print("r, α, a, b:", np.round(ours, 4).tolist(), "and", theirs.round(4).tolist())
    assert np.abs(np.array(ours) - theirs.to_numpy()).max() < 1e-3
    pair = side_by_side(lambda: bgnbd.fit(past), lambda: BetaGeoFitter().fit(table["x"], table["t_x"], table["T"]), 15)
    report("BG/NBD fitted, against lifetimes", *pair, "ms", 0.1)


def amounts() -> None:
    """Compare the fits of how much customers spend."""
    table = cdnow.customers()
    table = table[table["x"] > 0]
    spent = gamma_gamma.spending(table["x"].to_numpy(), table["zbar"].to_numpy())
    found = gamma_gamma.fit(spent).model
    theirs = GammaGammaFitter().fit(table["x"], table["zbar"]).params_
    print("p, q, γ:", np.round((found.p, found.q, found.gamma), 4).tolist(), "and", theirs.round(4).tolist())
    assert np.abs(np.array([found.p, found.q, found.gamma]) - theirs.to_numpy()).max() < 1e-3
    pair = side_by_side(lambda: gamma_gamma.fit(spent), lambda: GammaGammaFitter().fit(table["x"], table["zbar"]), 15)
    report("gamma-gamma fitted, against lifetimes", *pair, "ms", 0.1)


def many() -> None:
    """Compare what is expected of so many customers, prepared once, and the fit to them, with ``lifetimes``."""
    table = cdnow.customers().sample(CUSTOMERS, replace=True, random_state=1)
    past = bgnbd.history(table["x"].to_numpy(), table["t_x"].to_numpy(), table["T"].to_numpy())
    fitter = BetaGeoFitter().fit(table["x"], table["t_x"], table["T"])
    model = bgnbd.fit(past).model
    columns = table["x"].to_numpy(), table["t_x"].to_numpy(), table["T"].to_numpy()
    rows, where = past.distinct()
    pair = side_by_side(
        lambda: model.expected(rows, bgnbd.Span(39, "week"))[where],
        lambda: fitter.conditional_expected_number_of_purchases_up_to_time(39, *columns),
        3,
    )
    report(f"what {CUSTOMERS:,} customers are expected to buy, once prepared, against lifetimes", *pair, "ms", 0.1)
    pair = side_by_side(lambda: bgnbd.fit(past), lambda: BetaGeoFitter().fit(table["x"], table["t_x"], table["T"]), 3)
    report(f"BG/NBD fitted to {CUSTOMERS:,} customers, against lifetimes", *pair, "ms", 0.1)


if __name__ == "__main__":
    purchases()
    amounts()
    many()

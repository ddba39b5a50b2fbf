"""Chapter 9: one move of each explorer against ``interact`` with plotly express; a cube of 1,000,000 rows that is added
up once, and a move on it against computing from the rows anew.

A move is timed in a real kernel: the model on the manufacturer's cube, all figures, the messages. The other side draws
two figures from the same sums by pandas.
"""

import numpy as np
import pandas as pd
from measure import kernel, report, side_by_side

from crmlib.chapters.analysis.models import change, composition, cube, ratios, trend

ROWS, MONTHS, PRODUCTS, CUSTOMERS = 1_000_000, 36, 40, 2_000
OURS = """
import time, statistics
from crmlib.chapters.analysis.explorers import {explore}
explorer = {explore}()
def move(step):
    explorer.controls["{moved}"].value = {low} + {by} * step
"""
EXPRESS = """
import time, statistics, warnings
warnings.simplefilter("ignore")
import plotly.express as px
from ipywidgets import interactive, FloatSlider
from IPython.display import display
from crmlib.tables.data import load
sales, stock = load("sales_cube"), load("product_months")
def draw(lift):
    last = sales[sales["month"] >= "2025-01-01"].groupby("product_id")[["sales", "cost"]].sum()
    held = stock[stock["month"] >= "2025-01-01"].groupby("product_id")[["opening_stock", "closing_stock"]].mean()
    last["margin"] = 1 - last["cost"] / last["sales"]
    last["turnover"] = last["sales"] / held.mean(axis=1)
    last["gain"] = lift / 100 * (last["sales"] - last["cost"])
    display(px.scatter(last, x="margin", y="turnover", title="ratios"))
    display(px.bar(last, y="gain", title="gain"))
peers = interactive(draw, lift=FloatSlider(min=0, max=100, step=1, value=20))
display(peers)
def move(step):
    peers.children[0].value = 5 + step
"""
TIME = """
times = []
for step in range(30):
    start = time.perf_counter(); move(step); times.append((time.perf_counter() - start) * 1e3)
print(statistics.median(times))
"""
MOVES = (("explore", "capital", 1, 1), ("explore_composition", "a_share", 40, 1))


def moves() -> None:
    """Compare one move of two explorers with the same done by ``interact``."""
    with kernel() as theirs:
        theirs.run(EXPRESS)
        slow = float(theirs.run(TIME)[0])
    for explore, moved, low, by in MOVES:
        with kernel() as ours:
            ours.run(OURS.format(explore=explore, moved=moved, low=low, by=by))
            report(f"one move of {explore} against interact", float(ours.run(TIME)[0]), slow, "ms", 0.1)


def large() -> list[pd.DataFrame]:
    """Return a cube of so many rows with its products and customers."""
    rng = np.random.RandomState(1)
    cells = np.sort(rng.choice(MONTHS * PRODUCTS * CUSTOMERS, ROWS, replace=False))
    when, what, who = cells // (PRODUCTS * CUSTOMERS), cells // CUSTOMERS % PRODUCTS, cells % CUSTOMERS
    starts = pd.date_range("2023-01-01", periods=MONTHS, freq="MS")
    quantity = rng.gamma(2, 10, ROWS)
    sales = pd.DataFrame(
        {
            "month": starts[when],
            "customer_id": pd.Series(who).astype(str).radd("C"),
            "product_id": pd.Series(what).astype(str).radd("P"),
            "quantity": quantity,
            "sales": quantity * 50,
            "cost": quantity * rng.uniform(25, 45, ROWS),
        }
    )
    ids = np.repeat([f"P{k}" for k in range(PRODUCTS)], MONTHS)
    products = pd.DataFrame({"product_id": ids, "product": ids, "month": np.tile(starts, PRODUCTS)})
    products = products.assign(opening_stock=5e5, closing_stock=6e5, plan=1e6, promotion=False)
    names = [f"C{k}" for k in range(CUSTOMERS)]
    customers = pd.DataFrame({"customer_id": names, "customer": names, "kind": rng.choice(list(cube.KINDS), CUSTOMERS)})
    return [sales, products, customers.assign(purchases_before=1e6, purchases_last=1e6, target_share=40.0)]


def cubes() -> None:
    """Compare a move on the sums with computing from the rows anew, for each study."""
    tables = large()
    data = cube.prepare(*tables)
    for model in (ratios, change, composition, trend):
        study = model.STUDY
        inputs = study.inputs()

        def moved() -> None:
            study.headline(study.run(data, inputs))  # noqa: B023

        def anew() -> None:
            study.headline(study.run(cube.prepare(*tables), inputs))  # noqa: B023

        report(f"a move of {study.name} on {ROWS:,} rows against anew", *side_by_side(moved, anew, 5), "ms", 0.05)
    one = side_by_side(
        lambda: cube.prepare(*tables),
        lambda: tables[0].groupby(["customer_id", "product_id"]).sum(numeric_only=True),
        3,
    )
    report(f"adding up {ROWS:,} rows against one groupby", *one, "ms", 3)


if __name__ == "__main__":
    moves()
    cubes()

"""The explorers of chapter 1: one move against ``interact`` with plotly express; a panel of 1,000,000 rows against one
pandas groupby over the same rows.

A move is timed in a real kernel: the model on the chain's members, four figures, the messages. The other side draws two
of the same figures.
"""

import numpy as np
import pandas as pd
from measure import kernel, report, side_by_side

from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.chapters.foundations.models.panel import prepare
from crmlib.tables.data import load

ROWS, YEARS = 1_000_000, 7
OURS = """
import time, statistics
from crmlib.chapters.foundations.explorers import {explore}
explorer = {explore}()
def move(step):
    explorer.controls["{moved}"].value = {low} + step
"""
EXPRESS = """
import time, statistics, warnings
warnings.simplefilter("ignore")
import plotly.express as px
from ipywidgets import interactive, FloatSlider
from IPython.display import display
from crmlib.tables.data import load
from crmlib.chapters.foundations.models import life_cycle, winning
from crmlib.chapters.foundations.models.panel import prepare
panel = prepare(load("members"))
def draw(keep_share):
    answer = winning.run(panel, winning.BudgetPlan(keep_share=keep_share))
    display(px.line(x=winning.SHARES, y=answer.values, title="value"))
    display(px.line(y=answer.customers, title="customers"))
peers = interactive(draw, keep_share=FloatSlider(min=0, max=100, step=1, value=20))
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


def moves() -> None:
    """Compare one move of each explorer with the same done by ``interact``."""
    with kernel() as theirs:
        theirs.run(EXPRESS)
        slow = float(theirs.run(TIME)[0])
    for explore, moved, low in (("explore", "keep_share", 5), ("explore_life_cycle", "rise", 10)):
        with kernel() as ours:
            ours.run(OURS.format(explore=explore, moved=moved, low=low))
            report(f"one move of {explore} against interact", float(ours.run(TIME)[0]), slow, "ms", 0.1)


def large() -> pd.DataFrame:
    """Return a panel of so many rows: accounts of seven years each, two to a household."""
    rng, n = np.random.RandomState(1), ROWS // YEARS
    account = np.repeat(np.arange(n), YEARS)
    table = {
        "account_id": pd.Series(account).astype(str).radd("A"),
        "household_id": pd.Series(account // 2).astype(str).radd("H"),
        "year": np.tile(np.arange(2018, 2018 + YEARS), n),
        "joined": np.repeat(rng.randint(2010, 2019, n), YEARS),
        "channel": "walk_in",
        "revenue": rng.gamma(4, 500, n * YEARS),
        "refunds": 0.0,
        "service_cost": rng.gamma(4, 200, n * YEARS),
        "won_cost": rng.uniform(0, 300, n * YEARS),
    }
    return pd.DataFrame(table)


def panels() -> None:
    """Compare a panel of a million rows, prepared and worked out, with one groupby."""
    table = large()

    def ours() -> None:
        panel = prepare(table)
        life_cycle.headline(life_cycle.run(panel, life_cycle.LifeRule()))

    plain = side_by_side(ours, lambda: table.groupby(["account_id", "year"])["revenue"].sum(), 3)
    report(f"the life cycle from {ROWS:,} rows against one groupby", *plain, "ms", 3)
    panel = prepare(load("members"))
    plan = winning.BudgetPlan()
    one = side_by_side(lambda: winning.run(panel, plan), lambda: load("members").groupby("year")["revenue"].sum(), 15)
    report("one plan against a groupby of the chain's members", *one, "ms", 3)


if __name__ == "__main__":
    moves()
    panels()

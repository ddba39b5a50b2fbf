"""One slider move of the tiers explorer against the same done with ``interact`` and plotly express; bytes sent.

Both run in a real kernel: the model on the whole loan book, four figures, the messages.
"""

from measure import kernel, report

EXPLORER = """
import time, statistics
from crmlib.chapters.tiers.explorers import explore
explorer = explore()
def move(value):
    explorer.controls["gold_from"].value = value
"""
EXPRESS = """
import time, statistics, warnings
warnings.simplefilter("ignore")
import pandas as pd, plotly.express as px, numpy as np
from ipywidgets import interactive, FloatSlider
from IPython.display import display
from crmlib.tables.data import load
from crmlib.chapters.tiers.models import tiers as model
book = model.prepare(load("bank_loans"))
def draw(gold_from):
    g = model.grade(book, model.TierPolicy(gold_from=gold_from))
    table = model.tier_table(g).reset_index()
    long = table.melt(id_vars="tier", value_vars=["exposure_opening", "exposure_closing"])
    display(px.bar(long, x="tier", y="value", color="variable", barmode="group", title="exposure"))
    display(px.histogram(x=g.closing.score[~np.isnan(g.closing.score)], nbins=50, title="scores"))
    display(px.imshow(model.migration(g), text_auto=True, title="migration"))
    check = model.credit_check(g).reset_index().melt(id_vars="tier", value_vars=["opening", "closing"])
    display(px.bar(check, x="tier", y="value", color="variable", barmode="group", title="total"))
peers = interactive(draw, gold_from=FloatSlider(min=76, max=100, step=0.5, value=85))
display(peers)
def move(value):
    peers.children[0].value = value
"""
TIME = """
times = []
for step in range(30):
    start = time.perf_counter(); move(80 + step % 2 * 5 + step * 0.5); times.append((time.perf_counter() - start) * 1e3)
print(statistics.median(times))
"""
PLAIN = """
import plotly.graph_objects as go
from IPython.display import display
display(go.FigureWidget(go.Figure(go.Bar(y=[1, 2, 3]))))
"""
FOUR = """
from crmlib.chapters.tiers.explorers import explore, explore_pareto, explore_pyramid
from IPython.display import display
for explore in (explore, explore_pareto, explore_pyramid, explore):
    display(explore())
"""


def main() -> None:
    """Measure and print."""
    with kernel() as ours, kernel() as theirs:
        ours.run(EXPLORER)
        theirs.run(EXPRESS)
        ours.run(TIME), theirs.run(TIME)
        mine, peers = float(ours.run(TIME)[0]), float(theirs.run(TIME)[0])
        report("kernel time of one move, against interact + plotly express", mine, peers, "ms", 0.1)
        _said, weight = ours.run("move(90.0)")
        report("bytes of one move", weight / 1000, 20, "kB", 1)
    with kernel() as ours, kernel() as theirs:
        four, plain = ours.run(FOUR)[1], theirs.run(PLAIN)[1]
        report("four explorers on a page, against one plain FigureWidget", four / 1e6, plain / 1e6, "MB", 1.3)


if __name__ == "__main__":
    main()

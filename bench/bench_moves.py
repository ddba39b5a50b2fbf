"""One move of each explorer of chapters 3 and 7 against ``interact`` with plotly express.

A move is timed in a real kernel: the model, all figures of the explorer, the messages. The other side runs the same
model on tables that are prepared once, and draws two bar charts of the headline figures: less than the explorer draws.
"""

from typing import NamedTuple

from measure import kernel, report


class Move(NamedTuple):
    """An explorer, the input that is moved, from where and by how much."""

    topic: str
    study: str
    explore: str
    moved: str
    low: float
    step: float


MOVES = (
    Move("satisfaction", "blueprint", "explore", "recovery", 0, 5),
    Move("satisfaction", "csi", "explore_csi", "satisfied_weight", 0, 0.05),
    Move("satisfaction", "kano", "explore_kano", "grown", 0, 5),
    Move("satisfaction", "sampling", "explore_sampling", "margin", 1, 0.5),
    Move("satisfaction", "gaps", "explore_gaps", "better", 0, 0.1),
    Move("credit", "credit_policy", "explore", "growth", 2, 0.5),
    Move("credit", "credit_scorecard", "explore_credit_scorecard", "cut_off", 40, 1),
    Move("credit", "credit_limits", "explore_credit_limits", "net_cap", 5, 1),
    Move("credit", "receivables", "explore_receivables", "calls", 5, 5),
)
OURS = """
import time, statistics
from crmlib.chapters.{topic}.explorers import {explore}
explorer = {explore}()
def move(n):
    explorer.controls["{moved}"].value = type(explorer.controls["{moved}"].value)({low} + {step} * n)
"""
EXPRESS = """
import time, statistics, warnings
warnings.simplefilter("ignore")
import plotly.express as px
from ipywidgets import interactive, FloatSlider
from IPython.display import display
from crmlib.chapters.studies import STUDIES
from crmlib.tables.data import load
study = STUDIES["{study}"]
prepared = study.prepare(*map(load, study.datasets))
kind = type(study.inputs().{moved})
def draw(value):
    figures = study.headline(study.run(prepared, study.inputs(**{{"{moved}": kind(value)}})))
    display(px.bar(x=list(figures), y=list(figures.values()), title=study.name))
    display(px.bar(x=list(figures.values()), y=list(figures), orientation="h"))
peers = interactive(draw, value=FloatSlider(min={low}, max={low} + 40 * {step}, step={step}, value={low}))
display(peers)
def move(n):
    peers.children[0].value = {low} + {step} * n
"""
TIME = """
times = []
for n in range(1, 17):
    start = time.perf_counter(); move(n); times.append((time.perf_counter() - start) * 1e3)
print(statistics.median(times))
"""


def milliseconds(code: str) -> float:
    """Return the median time of a move that some code sets up."""
    with kernel() as one:
        one.run(code)
        return float(one.run(TIME)[0])


if __name__ == "__main__":
    for one in MOVES:
        ours, theirs = (milliseconds(code.format(**one._asdict())) for code in (OURS, EXPRESS))
        report(f"one move of {one.topic}.{one.explore} against interact", ours, theirs, "ms", 0.1)

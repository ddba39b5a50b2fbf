"""What a student waits for in a real JupyterLab: the first figure after Run, and the picture after a key.

The tiers explorer against ``interact`` with plotly express, both with four figures of the whole loan book, and against
a bare slider with a label, which is what Jupyter itself takes.
"""

import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench_explorer import EXPRESS
from measure import ROOT, report

sys.path.insert(0, str(ROOT / "tests"))

ROUNDS, KEYS = 3, 12
OURS = "from crmlib.chapters.tiers.explorers import explore\nexplore()"
FLOOR = """
from ipywidgets import FloatSlider, HTML, VBox
slider, label = FloatSlider(min=0, max=100, step=0.5, value=85), HTML("<b class='js-plotly-plot'>85</b>")
slider.observe(lambda change: setattr(label, "value", f"<b class='js-plotly-plot'>{change['new']}</b>"), "value")
VBox([slider, label])
"""
FIRST = """plot => new Promise(done => {
    const began = performance.now();
    const look = () => document.querySelector(plot) ? requestAnimationFrame(() => done(performance.now() - began))
                                                    : requestAnimationFrame(look);
    look();
})"""
PAINT = """async ([handle, place, keys]) => {
    const taken = [];
    for (let n = 0; n < keys; n++) {
        const began = performance.now();
        const seen = new Promise(done => {
            const eye = new MutationObserver(() => { eye.disconnect(); done(); });
            eye.observe(document.querySelector(place), {subtree: true, childList: true, characterData: true,
                attributeFilter: ["d", "y"]});
        });
        const key = n % 2 ? "ArrowLeft" : "ArrowRight";
        document.querySelector(handle).dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
        await seen;
        await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
        taken.push(performance.now() - began);
        await new Promise(done => setTimeout(done, 900));
    }
    return taken;
}"""
"""From the key to the paint of the first picture that moves; between two keys all comes to rest."""


def notebook(code: str, path: Path) -> None:
    """Write a notebook of one cell."""
    from crmlib.notebooks.jupyter import as_text, assembled, new_cell

    path.write_text(as_text(assembled([new_cell("code", code)], "bench")), "utf-8")


@contextmanager
def opened(chromium: Any, lab: str, name: str) -> Iterator[Any]:
    """Open a notebook, its kernel ready and its cell not run."""
    from browser import TOKEN, Visit

    with Visit.begin(chromium, "en") as visit:
        visit.page.goto(f"{lab}/lab/tree/mine/notebooks/en/{name}.ipynb?token={TOKEN}&reset")
        visit.idle()
        visit.page.locator(".jp-CodeCell .cm-content").first.click()
        yield visit.page


def seconds(chromium: Any, lab: str, name: str, plot: str) -> float:
    """Return how long it takes from Run to the first picture."""
    with opened(chromium, lab, name) as page:
        page.keyboard.press("Shift+Enter")
        return float(page.evaluate(FIRST, plot)) / 1000


def milliseconds(chromium: Any, lab: str, name: str, handle: str, place: str) -> float:
    """Return how long it takes from a key to the picture."""
    with opened(chromium, lab, name) as page:
        page.keyboard.press("Shift+Enter")
        page.locator(place).first.wait_for(state="attached")
        page.locator(handle).first.focus()
        page.wait_for_timeout(3000)
        return statistics.median(page.evaluate(PAINT, [handle, place, KEYS]))


def main() -> None:
    """Measure and print."""
    from browser import CHROMIUM, FLAGS, jupyterlab
    from playwright.sync_api import sync_playwright

    plot = ".jp-OutputArea-output .js-plotly-plot .point path"
    first, gold = ".crm-explorer .crm-figure .cartesianlayer", ".crm-explorer .crm-control:nth-of-type(1) .noUi-handle"
    with (
        tempfile.TemporaryDirectory(prefix="crm-") as folder,
        jupyterlab(Path(folder)) as lab,
        sync_playwright() as playwright,
    ):
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, code in (("ours", OURS), ("express", EXPRESS), ("floor", FLOOR)):
            notebook(code, Path(folder) / "mine" / "notebooks" / "en" / f"{name}.ipynb")
        waits = {
            name: statistics.median(seconds(chromium, lab, name, plot) for _round in range(ROUNDS))
            for name in ("ours", "express")
        }
        report("first figure after Run, against plotly express", waits["ours"], waits["express"], "s", 0.8)
        slider = ".jp-OutputArea-output .noUi-handle"
        ours = milliseconds(chromium, lab, "ours", gold, first)
        peers = milliseconds(chromium, lab, "express", slider, ".jp-OutputArea-output .widget-output")
        floor = milliseconds(chromium, lab, "floor", slider, ".jp-OutputArea-output .widget-html-content")
        report("from key to paint, against interact and plotly express", ours, peers, "ms", 0.15)
        report("from key to paint, against a slider and a label", ours, floor, "ms", 2.5)
        chromium.close()


if __name__ == "__main__":
    main()

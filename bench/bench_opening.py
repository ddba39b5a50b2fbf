"""From an empty kernel to the chapter's first explorer, against the bare libraries and an empty FigureWidget."""

import time

from measure import kernel, report

ROUNDS = 5
OURS = "from crmlib.chapters.tiers.explorers import explore\nfrom IPython.display import display\ndisplay(explore())"
THEIRS = (
    "import pandas, ipywidgets\nimport plotly.graph_objects as go\n"
    "from IPython.display import display\ndisplay(go.FigureWidget())"
)


def seconds(code: str) -> float:
    """Return how long the code takes in a fresh kernel."""
    with kernel() as fresh:
        start = time.perf_counter()
        fresh.run(code)
        return time.perf_counter() - start


def main() -> None:
    """Measure and print."""
    pairs = [(seconds(OURS), seconds(THEIRS)) for _round in range(ROUNDS)]
    ours, theirs = (sorted(column)[ROUNDS // 2] for column in zip(*pairs, strict=True))
    report("import and first explorer, against the bare libraries and an empty FigureWidget", ours, theirs, "s", 1.5)


if __name__ == "__main__":
    main()

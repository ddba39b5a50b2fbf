"""The look of every chart: fonts, colours and what they mean, plotly's template in the light and in the dark."""

from typing import Any

from crmlib.core.i18n import N_, TAGS, _, language

FONTS = (
    "Noto Sans SC, Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Hiragino Sans GB, Microsoft YaHei, "
    "WenQuanYi Micro Hei, Arial, sans-serif"
)
PAPERS = {"light": "#ffffff", "dark": "#111111"}
"""The backgrounds on which charts are drawn."""
QUIET, BLUE, ORANGE = "#858585", "#0072b2", "#d55e00"
"""What these mean in every chart of the book. Grey: what a figure is compared with (an earlier date, today's practice,
the base, who was not chosen or is out). Blue: what the chart is about (the latest date, the inputs now set, the best).
Orange: what needs attention. Series that are neither take the other colours."""
GREEN, PURPLE, VIOLET, TEAL = "#009e73", "#cc79a7", "#7d6bd6", "#0f8fa8"
OCHRE, MAGENTA, LIME, ROSE = "#b8860b", "#b5449c", "#5a9a1f", "#e0679a"
"""These only tell series apart. The first ones are of Okabe & Ito (2008). All colours are of middle lightness: at least
3:1 against white and against the dark paper, so that what is drawn need not change with the theme."""
ORDERED = (BLUE, GREEN, VIOLET, TEAL, ORANGE, PURPLE)
"""From best to worst; neighbours differ for colour-blind readers too."""
MANY = (TEAL, OCHRE, ROSE, LIME, VIOLET, GREEN, MAGENTA, PURPLE)
"""For up to eight pieces side by side; neighbours differ for colour-blind readers too."""
SHADES = {
    "light": ("#ffffff", "#d6e6f4", "#b4d2ea", "#8ebbe0", "#1f6fb0", "#08407a"),
    "dark": ("#111111", "#16304a", "#1d4a75", "#2a68a5", "#8ebbe0", "#d6e6f4"),
}
"""Cells of a heat map from nothing to most; each is light or dark enough for the number that plotly writes on it."""
HEIGHT = 320

WORDS = {
    "Download plot as a PNG": N_("Download the chart as a picture (PNG)"),
    "Zoom": N_("Zoom into a part"),
    "Pan": N_("Move the part shown"),
    "Zoom in": N_("Zoom in"),
    "Zoom out": N_("Zoom out"),
    "Reset axes": N_("Show all again"),
    "Double-click to zoom back out": N_("Double-click to show all again"),
    "Preparing image - this may take a few seconds": N_("The picture is being made; this may take a few seconds"),
    "Image download succeeded": N_("The picture is ready"),
    "Sorry, there was a problem downloading your image!": N_("The picture could not be saved."),
}
"""What plotly says itself, and how we say it."""


def _template(paper: str, ink: str, grid: str, line: str, shades: tuple[str, ...]) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "exponentformat": "none",
        "separatethousands": True,
        "gridcolor": grid,
        "zerolinecolor": line,
        "linecolor": line,
        "automargin": True,
        "title": {"standoff": 8, "font": {"size": 12}},
        "tickfont": {"size": 12},
    }
    apart = [{"marker": {"line": {"color": paper, "width": 1}}}]
    steps = [[place / len(shades[1:]), color] for step, color in enumerate(shades[1:]) for place in (step, step + 1)]
    return {
        "data": {"bar": apart, "scatter": apart},
        "layout": {
            "font": {"family": FONTS, "size": 13, "color": ink},
            "colorway": [BLUE, ORANGE, GREEN, PURPLE],
            "paper_bgcolor": paper,
            "plot_bgcolor": paper,
            "title": {"x": 0.01, "xref": "container", "xanchor": "left", "font": {"size": 14}},
            "margin": {"l": 56, "r": 12, "t": 12, "b": 48},
            "height": HEIGHT,
            "xaxis": axis,
            "yaxis": axis,
            "legend": {"orientation": "h", "x": 0, "y": 0, "yref": "container", "yanchor": "bottom"}
            | {"font": {"size": 12}},
            # plotly 7 would otherwise offer to upload the reader's chart to its vendor.
            "modebar": {"remove": ["sendChartToCloud", "lasso2d", "select2d", "autoScale2d"]},
            "hoverlabel": {"font": {"family": FONTS}},
            "shapedefaults": {"line": {"color": ink}},
            "coloraxis": {
                "colorscale": [[step / len(shades[1:]), color] for step, color in enumerate(shades)],
                "showscale": False,
            },
            "colorscale": {"sequential": steps, "sequentialminus": steps, "diverging": steps},
        },
    }


TEMPLATE = _template(PAPERS["light"], "#222222", "#e4e4e4", "#9a9a9a", SHADES["light"])
DARK = _template(PAPERS["dark"], "#e6e6e6", "#3a3a3a", "#8a8a8a", SHADES["dark"])
_CELLS = ("coloraxis", "colorscale")
WITHOUT_CELLS = TEMPLATE | {"layout": {k: v for k, v in TEMPLATE["layout"].items() if k not in _CELLS}}
"""What is stored with a chart that has no cells to colour."""


CONFIG = {"displaylogo": False, "responsive": True, "showSendToCloud": False}


def config() -> dict[str, Any]:
    """Return plotly's settings, with what it says itself in the language now spoken."""
    said = {"dictionary": {theirs: _(ours) for theirs, ours in WORDS.items()}}
    return {**CONFIG, "locale": TAGS[language()], "locales": {TAGS[language()]: said}}

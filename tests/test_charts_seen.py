"""Is every chart whole to the eye, on a phone and on a laptop, live and as a stored still?

Drawn without a lab, the way a page draws them: no text over text, none cut, no legend over the plot.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from everychart import TOPICS, charts_of
from playwright.sync_api import Browser, Page
from sight import violations

from crmlib.core import i18n
from crmlib.plotting.library import plotly_js
from crmlib.plotting.template import DARK, TEMPLATE, config
from crmlib.plotting.theme import Chart

pytestmark = [pytest.mark.browser, pytest.mark.shared(10)]
NARROW, WIDE = 360, 700
PAGE = """<!DOCTYPE html><title>Charts</title><style>body, figure { margin: 0 }</style><main></main>"""
DRAW = """async charts => {
    const main = document.querySelector("main");
    main.replaceChildren();
    for (const { title, data, layout, config, width } of charts) {
        const figure = document.createElement("figure");
        figure.className = "crm-figure";
        figure.style.width = `${width}px`;
        const caption = document.createElement("figcaption");
        caption.textContent = title;
        const plot = document.createElement("div");
        plot.className = "crm-plot";
        plot.style.height = `${layout.height}px`;
        figure.append(caption, plot);
        main.append(figure);
        await Plotly.newPlot(plot, data, layout, { ...config, displayModeBar: false });
    }
}"""
LEGENDS = """() => [...document.querySelectorAll(".crm-figure")].flatMap(figure => {
    const legend = figure.querySelector(".legend .bg")?.getBoundingClientRect();
    const plot = figure.querySelector(".plot")?.getBoundingClientRect();
    const over = legend && plot && legend.height && legend.top < plot.bottom - 1 && plot.top < legend.bottom;
    return over ? [`the key covers the plot of “${figure.firstChild.textContent}”`] : [];
})"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with chromium.new_context(viewport={"width": WIDE, "height": 900}) as window:
        page = window.new_page()
        page.set_content(PAGE)
        page.add_script_tag(content=plotly_js().decode())
        yield page


def live(chart: Chart, template: dict[str, Any], width: int) -> dict[str, Any]:
    """Return a chart as a page with a kernel draws it: the title stands above, the picture is as much lower."""
    layout = {name: part for name, part in chart.spec["layout"].items() if name != "title"}
    margin = {**template["layout"]["margin"], **layout.get("margin", {}), "t": 26}
    layout |= {"template": template, "margin": margin, "height": layout["height"] - 40, "width": width}
    return {"title": chart.title(), "data": chart.spec["data"], "layout": layout, "config": config(), "width": width}


def by_plotly(chart: Chart, width: int) -> dict[str, Any]:
    figure = json.loads(chart.figure.to_json())
    figure["layout"] |= {"width": width}
    return {"title": "", "data": figure["data"], "layout": figure["layout"], "config": config(), "width": width}


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_every_chart_is_whole_to_the_eye(page: Page, lang: str, topic: str, width: int) -> None:
    i18n.use(lang)
    charts = charts_of(topic, lang)
    if width == NARROW:
        drawn = [[live(chart, DARK, width) for chart in charts]]
    else:
        drawn = [[live(chart, TEMPLATE, width) for chart in charts], [by_plotly(chart, width) for chart in charts]]
    for figures in drawn:
        page.evaluate(DRAW, figures)
        assert violations(page, ".crm-figure") + page.evaluate(LEGENDS) == []

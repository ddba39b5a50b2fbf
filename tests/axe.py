"""axe-core: what keeps people out of a page, by the rules of WCAG 2.2 AA and good practice."""

from collections.abc import Sequence
from functools import cache

import npm
from playwright.sync_api import Page

PACKAGE, VERSION = "axe-core", "4.14.1"
SHA512 = "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ=="
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules whose answer depends on the theme."""
ASK = """async ([rules, places]) => {
    const include = places.filter(place => document.querySelector(place)).map(place => [place]);
    const options = {runOnly: rules, resultTypes: ["violations"]};
    // Pictures are hidden from screen readers, which get the title, the description and the table beside them. That
    // what a cell shows scrolls where it is wide, without a stop for the keyboard, is JupyterLab's doing.
    const context = {...(places.length ? {include} : {}), exclude: [[".main-svg[aria-hidden=true]"]]};
    const {violations} = await axe.run(context, options);
    const ofLab = (id, {target}) =>
        id === "scrollable-region-focusable" && document.querySelector(target.at(-1))?.matches(".jp-RenderedHTML");
    return violations.flatMap(({id, help, nodes}) => nodes.filter(node => !ofLab(id, node)).map(node => {
        const why = node.failureSummary.split("\\n").slice(1).map(line => line.trim()).join("; ");
        return `${id}: ${help}: ${node.target.join(" in ")} ${node.html.slice(0, 120)} (${why})`;
    }));
}"""


@cache
def source() -> str:
    return npm.file_of(PACKAGE, VERSION, SHA512, "axe.min.js").decode()


def barriers(page: Page, *places: str, rules: Sequence[str] = RULES) -> list[str]:
    """Return what axe finds, a sentence each with the selector of the element.

    Args:
        rules: tags or names of rules.
        places: selectors of what is looked at; without any, the whole page with the rules for whole pages.
    """
    if page.evaluate("typeof axe") == "undefined":
        page.evaluate(source())
    found: list[str] = page.evaluate(ASK, [list(rules), list(places)])
    return found

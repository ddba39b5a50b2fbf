"""The eye of the browser tests: pages with one fault of each kind, and one without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from sight import LAPTOP, changed, picture, unreachable, violations

pytestmark = pytest.mark.browser
STYLE = """
body { margin: 0; font: 14px sans-serif; } .crm-explorer { width: 900px; margin: 20px; } p { margin: 4px; }
.crm-figures { display: grid; grid-template-columns: 420px 420px; gap: 10px; }
.crm-figure { margin: 0; } .crm-plot { width: 420px; height: 200px; position: relative; } svg { display: block; }
"""
FIGURE = """<figure class="crm-figure"><figcaption>{title}</figcaption>
<div class="crm-plot js-plotly-plot"><svg class="main-svg" width="420" height="200">
<defs><clipPath id="{title}-frame"><rect x="40" y="20" width="340" height="140"/></clipPath></defs>
<g clip-path="url(#{title}-frame)"><text class="bartext" x="200" y="60">5.0</text></g>
<text class="xtick" x="60" y="180">gold</text>
<text class="xtick" x="160" y="180" transform="rotate(30 160 180)">key</text>
<text class="ytick" x="8" y="100">100</text>
</svg></div></figure>"""
CONTROLS = """<div class="crm-control"><div role="slider" tabindex="0" class="handle" aria-label="Weight (%)"
aria-valuenow="0.35" aria-valuetext="0.35">.</div></div><button>Reset</button>
<label class="choice"><input type="radio"> an answer</label>"""
ROOM = ".handle { width: 24px; height: 24px; } button, .choice { display: block; width: 90px; height: 30px; }"
RING = ":focus-visible { outline: 2px solid #1976d2; }"
BARRED = {
    "a target too small beside another": ("target", ".handle { height: 4px; } button { height: 10px; }", ""),
    "a slider without a name": ("name", "", 'handle.removeAttribute("aria-label")'),
    "a value with the dust of a computer": ("value", "", 'handle.ariaValueText = "0.0035000000000000005"'),
    "a slider with a second stop": ("stops", "", 'handle.parentElement.append(document.createElement("button"))'),
    "a ring that nobody sees": ("focus", ":focus-visible { outline-color: #eeeeee; }", ""),
    "what moves by itself": ("moves", "", "handle.animate([{opacity: 0}, {opacity: 1}], {duration: 1e6})"),
}
BODY = f"""<div class="crm-explorer"><p>Some words and a field: <select><option>upper</option></select>
<input value="a name"></p><div class="crm-figures">{FIGURE.format(title="first")}{FIGURE.format(title="second")}</div>
<p class="crm-remarks">A remark.</p></div>"""
FAULTS = {
    "a figure without height": (
        "size",
        ".crm-plot, figcaption { height: 0 !important; overflow: hidden; font-size: 0; }",
    ),
    "figures on one another": ("overlap", ".crm-figure + .crm-figure { margin-left: -100px; }"),
    "a figure that leaves its board": ("leaves", ".crm-figures { width: 500px; }"),
    "a part that leaves its figure": ("leaves", ".crm-figure { height: 120px; overflow: visible; }"),
    "a picture smaller than its place": ("svg", "svg { height: 100px; }"),
    "words cut at the side": ("cut", "p { width: 60px; white-space: nowrap; overflow: hidden; }"),
    "words cut at the foot": ("cut", "p { height: 9px; overflow: hidden; }"),
    "words wider than their place": ("cut", ".crm-remarks { margin-left: 870px; white-space: nowrap; }"),
    "a choice that cannot be read": ("cut", "select { width: 30px; }"),
    "a value that cannot be read": ("cut", "input { width: 20px; }"),
    "a label cut by the frame": ("cut", ".bartext { transform: translateY(-42px); }"),
    "a tick outside the picture": ("cut", ".ytick { transform: translateX(-20px); }"),
    "ticks on one another": (
        "covers",
        ".xtick { transform: translateX(0); } .xtick + .xtick { transform: translate(-92px); }",
    ),
    "words on one another": ("covers", "p { position: absolute; top: 0; left: 0; }"),
    "an explorer wider than its window": ("wide", ".crm-explorer { width: 1500px; } body { overflow: hidden; }"),
    "a box that scrolls in the page": ("scrolls", ".crm-figures { height: 120px; overflow-y: auto; }"),
    "a page wider than its window": ("leaves", "body { width: 2000px; }"),
}


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport=LAPTOP)
    yield page
    page.close()


def show(page: Page, style: str = "", body: str = BODY) -> None:
    page.set_content(f"<!doctype html><style>{STYLE}{style}</style>{body}")


def test_nothing_is_wrong_with_a_page_without_a_fault(page: Page) -> None:
    show(page)
    assert violations(page, ".crm-explorer") == []


@pytest.mark.parametrize("fault", FAULTS)
def test_each_fault_is_seen_and_named(page: Page, fault: str) -> None:
    kind, style = FAULTS[fault]
    show(page, style)
    found = violations(page, ".crm-explorer")
    assert kind in {sentence.partition(":")[0] for sentence in found}, found


def test_nothing_is_wrong_with_controls_that_everybody_reaches(page: Page) -> None:
    show(page, ROOM + RING, f'<div class="crm-explorer">{CONTROLS}</div>')
    assert unreachable(page, ".crm-explorer") == []


@pytest.mark.parametrize("fault", BARRED)
def test_each_barrier_is_seen_and_named(page: Page, fault: str) -> None:
    kind, style, change = BARRED[fault]
    show(page, ROOM + RING + style, f'<div class="crm-explorer">{CONTROLS}</div>')
    page.evaluate(f"() => {{ const handle = document.querySelector('.handle'); {change} }}")
    assert {sentence.partition(":")[0] for sentence in unreachable(page, ".crm-explorer")} == {kind}


def test_a_figure_that_was_not_drawn_is_seen(page: Page) -> None:
    show(page, body=BODY.replace('class="main-svg"', 'class="other"'))
    assert any("is not drawn" in sentence for sentence in violations(page, ".crm-explorer"))


def test_a_page_that_lacks_what_is_looked_at_is_not_taken_for_right(page: Page) -> None:
    show(page)
    assert violations(page, ".crm-elsewhere") == ["size: nothing on this page is .crm-elsewhere"]


def test_folded_and_spoken_text_is_not_looked_at(page: Page) -> None:
    hidden = """<details><summary>Values</summary><p style="width: 9px; overflow: hidden">folded away</p></details>
    <p style="position: absolute; clip-path: inset(50%); overflow: hidden; width: 1px; height: 1px">for the ear</p>"""
    show(page, body=BODY.replace("<p class", f"{hidden}<p class"))
    assert violations(page, ".crm-explorer") == []


def test_a_turned_label_beside_another_is_no_fault(page: Page) -> None:
    turned = "".join(
        f'<text x="{60 + 16 * i}" y="100" transform="rotate(-90 {60 + 16 * i} 100)">label</text>' for i in range(5)
    )
    show(page, body=BODY.replace('<text class="ytick"', f'{turned}<text class="ytick"', 1))
    assert violations(page, ".crm-explorer") == []


def test_what_has_changed_between_two_looks_is_told(page: Page) -> None:
    show(page)
    before = picture(page, ".crm-explorer")
    assert changed(page, before, picture(page, ".crm-explorer")) == []
    page.evaluate("document.querySelector('.crm-remarks').textContent = 'Another.'")
    page.evaluate("document.querySelector('.bartext').setAttribute('y', 70)")
    told = changed(page, before, picture(page, ".crm-explorer"))
    assert [line.partition(":")[0] for line in told] == ["0 remarks 0", "0 figures 0 svgs 0"]

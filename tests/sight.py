"""What is seen on a page: its geometry read by ``sight.js``, its state as text and as pixels."""

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from axe import COLOURS, RULES, barriers
from playwright.sync_api import Page

EYE = Path(__file__).with_name("sight.js").read_text("utf-8")
LAPTOP, TABLET, PHONE = (
    {"width": 1366, "height": 768},
    {"width": 820, "height": 1180},
    {"width": 390, "height": 844},
)
ZOOMED = {"width": 683, "height": 384}
"""A laptop at 200 %."""
WINDOWS = {"laptop": LAPTOP, "tablet": TABLET, "phone": PHONE, "zoomed": ZOOMED}


def look(page: Page, call: str, *arguments: Any) -> Any:
    """Call a function of ``sight.js`` in a page; it is put there when it is first asked for."""
    if page.evaluate("typeof sight") == "undefined":
        page.evaluate(EYE)
    return page.evaluate(f"given => sight.{call}(...given)", list(arguments))


def violations(page: Page, selector: str) -> list[str]:
    """Return what is wrong with what is seen in the places of a selector, a sentence each."""
    found: list[str] = look(page, "violations", selector)
    return found


def unreachable(page: Page, selector: str) -> list[str]:
    """Return what keeps hands and the keyboard from the controls in the places of a selector, a sentence each."""
    found: list[str] = look(page, "unreachable", selector)
    return found


def picture(page: Page, selector: str) -> int:
    """Note what is seen in the places of a selector; return the number of the note."""
    number: int = look(page, "picture", selector)
    return number


def still(page: Page, selector: str) -> None:
    """Wait until nothing moves in the places of a selector."""
    look(page, "still", selector)


def changed(page: Page, before: int, after: int) -> list[str]:
    """Return where two notes differ, a line each."""
    found: list[str] = look(page, "changed", before, after)
    return found


class Faults:
    """What was seen to be wrong, and when: the same fault is told once, with all the moments it was seen at."""

    def __init__(self) -> None:
        self.seen: dict[str, list[str]] = defaultdict(list)

    def note(self, when: str, sentences: list[str]) -> None:
        for sentence in sentences:
            self.seen[sentence].append(when)

    def tell(self) -> None:
        """Fail, if there is anything to tell, with a sentence a fault and nothing else."""
        moments = {
            sentence: when[:2] + [f"{len(when) - 2} times more"] * (len(when) > 2)
            for sentence, when in self.seen.items()
        }
        if self.seen:
            pytest.fail("\n".join(f"{one}\n    {', '.join(when)}" for one, when in moments.items()), pytrace=False)


def set_in(page: Page, style: str) -> None:
    """Have all that is opened from now on obey a style before anything of it is drawn."""
    sheet = "const sheet = new CSSStyleSheet(); sheet.replaceSync(style); document.adoptedStyleSheets.push(sheet)"
    page.add_init_script(f"(style => {{ {sheet} }})({json.dumps(style)})")


def seen_whole(visit: Any, place: str) -> None:
    """Look at a place of a notebook in both themes, on a phone and on a laptop: nothing cut, covered or barred."""
    faults = Faults()
    for theme, rules in (("JupyterLab Light", RULES), ("JupyterLab Dark", COLOURS)):
        visit.theme(theme)
        faults.note(theme, barriers(visit.page, place, rules=rules))
        for name, size in (("phone", PHONE), ("laptop", LAPTOP)):
            visit.page.set_viewport_size(size)
            visit.settle(place)
            faults.note(f"{theme}, {name}", violations(visit.page, place))
    visit.theme("JupyterLab Light")
    faults.tell()

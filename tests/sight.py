"""What is seen on a page: its geometry read by ``sight.js``, its state as text and as pixels."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

EYE = Path(__file__).with_name("sight.js").read_text("utf-8")
LAPTOP, TABLET, PHONE = (
    {"width": 1366, "height": 768},
    {"width": 820, "height": 1180},
    {"width": 390, "height": 844},
)
WINDOWS = {"laptop": LAPTOP, "tablet": TABLET, "phone": PHONE}


def look(page: Page, call: str, *arguments: Any) -> Any:
    """Call a function of ``sight.js`` in a page; it is put there when it is first asked for."""
    page.evaluate(EYE)
    return page.evaluate(f"([...given]) => sight.{call}(...given)", list(arguments))


def violations(page: Page, selector: str) -> list[str]:
    """Return what is wrong with what is seen in the places of a selector, a sentence each."""
    found: list[str] = look(page, "violations", selector)
    return found


def picture(page: Page, selector: str) -> Any:
    """Return what is seen in the places of a selector, to be compared with what is seen later."""
    return look(page, "picture", selector)


def still(page: Page, selector: str) -> None:
    """Wait until nothing moves in the places of a selector."""
    look(page, "still", selector)


def changed(before: Any, after: Any, at: str = "") -> list[str]:
    """Return where two pictures differ, a short line each."""
    if isinstance(before, dict) and isinstance(after, dict):
        return [line for key in before for line in changed(before[key], after.get(key), f"{at}.{key}")]
    if isinstance(before, list) and isinstance(after, list):
        if len(before) != len(after):
            return [f"{at}: {len(before)} of them before, {len(after)} after"]
        pairs = enumerate(zip(before, after, strict=True))
        return [line for i, (one, other) in pairs for line in changed(one, other, f"{at}[{i}]")]
    if before == after:
        return []
    if isinstance(before, str) and isinstance(after, str):
        here = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), 0)
        start = max(here - 60, 0)
        return [f"{at}: “…{before[start : here + 60]}…” is now “…{after[start : here + 60]}…”"]
    return [f"{at}: {before} is now {after}"]

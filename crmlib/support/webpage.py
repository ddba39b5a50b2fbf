"""A whole HTML file that fetches nothing."""

from pathlib import Path

from markupsafe import Markup

from crmlib.core.i18n import TAGS
from crmlib.support.markup import filled

INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Nothing on the page runs."""
LIVE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src blob:; connect-src data: blob:"
)
"""What stands on the page itself may run, as plotly.js does."""
BESIDE = LIVE.replace("script-src ", "script-src 'self' file: ")
"""So may what lies beside it."""


def document(title: str, lang: str, body: str, style: str, script: str = "", policy: str = INERT) -> str:
    """Return a page.

    Args:
        title: plain text.
        lang: ``"zh"`` or ``"en"``.
        body: HTML; what comes from files is escaped in it.
        style: CSS.
        script: JavaScript that runs before the body is there.
        policy: what the browser lets the page do; whatever it is, nothing leaves the page.
    """
    whole = f"<script>{script}</script>" if script else ""
    parts = {"body": body, "style": style, "script": whole, "policy": policy}
    html = {name: Markup(part) for name, part in parts.items()}
    return filled(Path(__file__).with_suffix(".html"), title=title, lang=TAGS[lang], **html) + "\n"

"""A whole HTML file that fetches nothing."""

from html import escape

from crmlib.i18n import TAGS

INERT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""Nothing on the page runs."""
LIVE = (
    "default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval' blob:; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:; worker-src blob:; connect-src data: blob:"
)
"""What stands on the page itself may run, as plotly.js does."""


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
    return (
        f'<!DOCTYPE html>\n<html lang="{TAGS[lang]}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n"
        f"{f'<script>{script}</script>' if script else ''}\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )

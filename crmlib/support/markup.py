"""HTML from templates that stand as files beside the code, and JSON that stands in it.

What a template is given is text and is escaped; what is HTML already is said to be, by ``Markup``.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, Template

ENVIRONMENT = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def _template(path: Path) -> Template:
    return ENVIRONMENT.from_string(path.read_text("utf-8"))


def filled(path: Path, **values: object) -> str:
    """Return a template with its values, without line breaks at its ends.

    Args:
        path: the template.
        values: text, or ``Markup`` for what is HTML already; a value that the template asks for must be there.
    """
    return _template(path).render(values).strip("\n")


def compact(value: Any) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def script_safe(value: Any) -> str:
    """Return JSON that cannot end the script it stands in."""
    return unending(json.dumps(value, ensure_ascii=False))


def unending(text: str) -> str:
    """Return JSON that cannot end the script it stands in."""
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028")

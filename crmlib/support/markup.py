"""HTML from templates that stand as files beside the code.

What a template is given is text and is escaped; what is HTML already is said to be, by ``Markup``.
"""

from functools import cache
from pathlib import Path

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

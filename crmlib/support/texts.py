"""Text in Markdown: that of a notebook's source, a language at a time, without executing anything; tables."""

import re
from pathlib import Path


def texts(source: Path, lang: str) -> list[str]:
    """Return the text cells of a source in a language, in order; code that follows one stands at its end."""
    cells = source.read_text("utf-8").split("\n+++ ")
    return [cell.partition("\n")[2] for cell in cells if f'"{lang}"' in cell.partition("\n")[0]]


def title(source: Path, lang: str) -> str:
    """Return the first heading of a source in a language."""
    lines = (line for text in texts(source, lang) for line in text.splitlines())
    return next(line.removeprefix("# ").strip() for line in lines if line.startswith("# "))


def matter(source: Path, lang: str) -> str:
    """Return the first heading of a source in a language without what numbers the chapter, as in “Chapter 8 · …”."""
    return re.split("\u3000| · ", title(source, lang), maxsplit=1)[-1]


def headings(source: Path, lang: str) -> list[str]:
    """Return the second-level headings of a source in a language."""
    return [found for text in texts(source, lang) for found in re.findall(r"^## (.+)$", text, re.MULTILINE)]


def markdown_table(rows: list[list[str]]) -> str:
    """Return a table in Markdown; the first row is its head."""
    head, *lines = (f"| {' | '.join(row)} |" for row in rows)
    return "\n".join([head, "|---" * len(rows[0]) + "|", *lines])

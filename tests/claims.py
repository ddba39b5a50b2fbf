"""Claims that texts make of the data: each stands in both languages as it is quoted, and is true."""

from collections.abc import Callable


def check(text: str, zh: str, en: str, holds: Callable[[], bool]) -> None:
    """Fail where a claim no longer stands in a text as it is quoted, or the data do not bear it out."""
    assert zh in text and en in text, "the sentence has changed: look at the check again"
    assert holds()

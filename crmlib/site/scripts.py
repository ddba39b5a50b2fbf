"""Scripts that lay values down for those of a page: a page from a folder may run a script, but not read a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmlib.plotting.partial import packed
from crmlib.support.markup import compact


def script(name: str, value: Mapping[str, Any] | Sequence[Any]) -> str:
    """Return a script that lays a value down under a name."""
    return f"globalThis.{name} = {compact(value)};\n"


def packed_script(name: str, key: str, text: str) -> str:
    """Return a script that lays a text down, packed, under a key among others of the same name."""
    return f'(globalThis.{name} ??= {{}})["{key}"] = "{packed(text)}";\n'

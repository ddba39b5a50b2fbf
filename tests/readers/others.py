"""A reader of QTI 2.1 that others wrote: the parser of onyx2moodle, through which banks of a German platform go.

Its Moodle side is for that platform; its parser reads any item: responses and their keys, interactions, feedback.
"""

import tempfile
from pathlib import Path

from onyx2moodle.parser import AssessmentItem, parse_item

from crmlib.support.files import unzipped


def items(content: bytes) -> dict[str, AssessmentItem]:
    """Return the items of a package by their names."""
    with tempfile.TemporaryDirectory(prefix="crm-qti-") as folder:
        found = {}
        for name, item in unzipped(content).items():
            if name.startswith("items/"):
                path = Path(folder) / Path(name).name
                path.write_bytes(item)
                found[path.stem] = parse_item(path)
    return found

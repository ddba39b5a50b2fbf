"""Keep the slowest part of Jupyter's imports out: import this module before nbformat.

nbformat → jsonschema imports ``rfc3987_syntax``, which compiles 38 grammars on import (more than a second) for a check
of international addresses that no notebook schema asks for; jsonschema treats the module as optional. Known upstream:
python-jsonschema/jsonschema issue 1428. ``tests/test_build.py`` says when this is no longer needed.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

"""Loaded by pytest before any other plugin: what takes long to warm up begins here.

nbval imports nbformat, so ``crmlib.lean`` has to come first; in a run that is all notebooks in one process, the process
that kernels are forked from warms up while pytest itself still starts.
"""

import sys

from crmlib import lean  # noqa: F401

if "-n0" in sys.argv and any(argument.endswith(".ipynb") for argument in sys.argv):
    from crmlib.runs import warm

    warm.install()

"""Run notebooks with what a browser would have, and nothing else: ``python -P alone.py ALLOWED NOTEBOOK…``.

ALLOWED is a file with the names of distributions, a line each. Of a notebook whose name ends with ``:imports`` only the
imports are run. A module of another distribution is not there. Says where crmlib is from.
"""

import ast
import json
import os
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from types import ModuleType

NOT_THERE = {"fcntl", "grp", "multiprocessing.popen_fork", "pwd", "resource", "termios"}
"""Of the standard library."""


class Absent:
    """Finds nothing; refuses what a browser does not have."""

    def __init__(self, allowed: set[str]):
        self.allowed, self.of = allowed, packages_distributions()

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        """Refuse a module that is not allowed; leave the others to be found."""
        top = name.partition(".")[0]
        owners = {one.lower().replace("_", "-") for one in self.of.get(top, ())}
        if name in NOT_THERE or (owners and top != "crmlib" and not owners & self.allowed):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def code(notebook: Path, imports: bool) -> list[str]:
    """Return the cells with code, or their imports."""
    cells = json.loads(notebook.read_text("utf-8"))["cells"]
    whole = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    if not imports:
        return whole
    lines = (line for cell in whole for line in ast.parse(cell).body)
    return [ast.unparse(line) for line in lines if isinstance(line, ast.Import | ast.ImportFrom)]


def main(allowed: str, *notebooks: str) -> None:
    """Run them, one after the other in one process; end at the first cell that fails."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell.instance()
    for name in NOT_THERE & {*sys.modules}:
        del sys.modules[name]
    sys.meta_path.insert(0, Absent({*Path(allowed).read_text("utf-8").split()}))  # type: ignore[arg-type]
    for notebook in notebooks:
        file, _colon, imports = notebook.partition(":")
        os.chdir(Path(file).parent)
        for cell in code(Path(file), bool(imports)):
            done = shell.run_cell(cell, silent=True)
            if not done.success:
                sys.exit(f"{file}: {cell}: {done.error_before_exec or done.error_in_exec!r}")
    import crmlib

    print(f"crmlib is {Path(crmlib.__file__ or '')}")


if __name__ == "__main__":
    main(*sys.argv[1:])

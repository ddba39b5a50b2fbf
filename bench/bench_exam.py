"""The exam: items drawn a second, papers assembled, papers of one's own against one papermill run, a PDF set."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from measure import ROOT, report

from crmlib.core import i18n
from crmlib.exams import papers, printing
from crmlib.exams.assembly import assemble
from crmlib.exams.blueprint import blueprint
from crmlib.items.audit import stress
from crmlib.items.bank import bank
from crmlib.items.item import BLOOM, Written

SEEDS, COPIES, ITEMS = 1000, 100, 500


def seconds_of(job: object) -> float:
    """Return how long a callable takes."""
    start = time.perf_counter()
    job()  # type: ignore[operator]
    return time.perf_counter() - start


def drawn() -> None:
    """Draw every item of the bank with many seeds, as ``crm exam check`` does."""
    items = [item for item in bank().items.values() if not isinstance(item, Written)]
    took = seconds_of(lambda: list(stress(bank(), items, SEEDS)))
    report("seconds for as many item-seeds as 500 a second allow", took, len(items) * SEEDS / 500, "s", 1)


def assembled() -> None:
    """Assemble the final from 500 items: the bank's own, and copies of them under other names and levels."""
    own = list(bank().items.values())
    levels = list(BLOOM)
    more = [
        item.model_copy(update={"id": f"{item.id}_{n}", "bloom": levels[(n + place) % len(levels)]})
        for n in range(ITEMS // len(own) + 1)
        for place, item in enumerate(own)
    ][:ITEMS]
    assemble(more, blueprint("mock"), 0)  # the solver's import is not the solver's time
    report(f"a paper from {ITEMS} items", seconds_of(lambda: assemble(more, blueprint("final"), 1)), 1, "s", 1)


def parallel() -> None:
    """Assemble two parallel forms of the final, the slowest of a few seeds."""
    known = list(bank().items.values())
    took = []
    for seed in range(20):
        start = time.process_time()
        assemble(known, blueprint("final"), seed, 2)
        took.append(time.process_time() - start)
    report("two parallel forms, the slowest of 20 seeds, seconds of the processor", max(took), 2, "s", 1)


def papermill(folder: str) -> None:
    """Run a case once with the papermill command."""
    notebook = ROOT / "notebooks" / "en" / "case_bank_tiers.ipynb"
    command = [sys.executable, "-m", "papermill", str(notebook), f"{folder}/out.ipynb", "--cwd", str(notebook.parent)]
    subprocess.run(command, check=True, capture_output=True)


def made() -> None:
    """Make papers of one's own with their keys as HTML, and set one as PDF."""
    names = [f"{n:03d}" for n in range(COPIES)]
    with tempfile.TemporaryDirectory() as folder:
        one = seconds_of(lambda: papermill(folder))
        ours = seconds_of(
            lambda: list(
                papers.write(papers.compose(bank(), blueprint("final"), 1, ["en"], 1, names), ["html"], Path(folder))
            )
        )
    report(f"{COPIES} papers with keys, against one papermill run", ours, one, "s", 10)
    for lang in i18n.LANGUAGES:
        paper = papers.compose(bank(), blueprint("final"), 1, [lang], 1).papers[0]
        printing._typesetter.cache_clear()
        for kind in printing.DOCUMENTS:
            took = seconds_of(lambda paper=paper, kind=kind: printing.pdf(paper, kind))
            report(f"PDF, {kind}, {lang}", took, 2, "s", 1)


if __name__ == "__main__":
    drawn()
    assembled()
    parallel()
    made()

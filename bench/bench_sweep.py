"""10,000 scenarios of a closed-form study by a sweep, against one papermill run of a case for each scenario.

Printed side by side, in milliseconds a scenario: the sweep, the papermill run, and what of the sweep is the study
itself.
"""

import tempfile
from pathlib import Path

from measure import report, side_by_side

from crmlib.chapters.distributors.models.discounts import STUDY, DiscountTerms
from crmlib.reruns.rerun import plan_rerun
from crmlib.sweeps.sweep import sweep

GRID = {"cash_rate": "0:9.9:0.1", "net_days": "61:160:1"}
SCENARIOS = 10_000


def by_papermill(folder: str) -> None:
    """Run the notebook of a case as ``papermill`` does."""
    from crmlib.notebooks.jupyter import kernel_config  # isort: skip
    import papermill

    job = plan_rerun("bank_tiers", "en").job()
    out = Path(folder) / "out.ipynb"
    options = {"kernel_name": "python3", "progress_bar": False, "config": kernel_config(folder)}
    papermill.execute_notebook(job.source, out, job.parameters, cwd=str(job.folder), **options)


def main() -> None:
    """Measure and print."""
    rows = len(sweep(STUDY, GRID))
    if rows != SCENARIOS:
        raise SystemExit(f"the grid has {rows} scenarios, not {SCENARIOS}")
    with tempfile.TemporaryDirectory(prefix="crm-") as folder:
        swept, run = side_by_side(lambda: sweep(STUDY, GRID), lambda: by_papermill(folder), rounds=5)
    report("a scenario of a sweep, against one of papermill", swept / SCENARIOS, run, "ms", 1 / 1000)
    print(f"that is {run * SCENARIOS / swept:,.0f} times as fast")
    terms = DiscountTerms()

    def bare() -> None:
        for _n in range(SCENARIOS):
            STUDY.headline(STUDY.run(None, terms))

    swept, alone = side_by_side(lambda: sweep(STUDY, GRID), bare, rounds=9)
    report("a sweep, against the study alone with inputs that are there", swept, alone, "ms", 10)


if __name__ == "__main__":
    main()

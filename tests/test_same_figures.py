"""The same inputs give the same figures in the explorer, in a direct call and in a rerun."""

import re

import pandas as pd
import pytest
from drawn import policies
from hypothesis import HealthCheck, Phase, given, settings

from crmlib import i18n
from crmlib.data import load
from crmlib.explorers.base import Explorer
from crmlib.explorers.tiers import explore
from crmlib.models import tiers
from crmlib.models.tiers import Book, Grading, TierPolicy
from crmlib.runs import rerun as runs
from crmlib.runs.kernels import running

LOANS = load("bank_loans")
Shown = Explorer[TierPolicy, Book, Grading]


@pytest.fixture(scope="module")
def explorer() -> Shown:
    i18n.use("en")
    made: Shown = explore()
    i18n._chosen = None
    return made


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(policies())
def test_explorer_and_direct_call_give_the_same_figures(explorer: Shown, english: None, policy: TierPolicy) -> None:
    explorer.set(**policy.model_dump())
    direct = tiers.STUDY.answer(LOANS, **policy.model_dump())
    assert explorer.inputs == policy
    assert tiers.headline(explorer.result) == tiers.headline(direct)
    pd.testing.assert_frame_equal(explorer.study.listing(explorer.result), tiers.violations(direct))
    assert [value for _label, value in explorer.board.facts] == tiers.STUDY.headline_table({"": direct})[""].tolist()


@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=[Phase.generate],  # a failing rerun is not run again and again to make it smaller
)
@given(policies())
def test_a_rerun_gives_the_same_figures_too(explorer: Shown, english: None, policy: TierPolicy) -> None:
    """Through text, as from a command line, papermill's cell, a kernel and back out of the notebook's table."""
    agreed = runs.plan("bank_tiers", "en", "base", [f"{name}={value}" for name, value in policy.changes().items()])
    assert agreed.inputs == policy
    with running([agreed.job()], 1, runs.LONGEST) as endings:
        ((_number, notebook),) = endings
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    table = next(o.data["text/html"] for cell in code for o in cell.outputs if "text/html" in o.get("data", {}))
    shown = re.findall(r"<td>([^<]*)</td>\s*</tr>", table)  # the last column: what this page was run with
    explorer.set(**policy.model_dump())
    assert shown == [value for _label, value in explorer.board.facts]

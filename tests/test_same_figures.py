"""The same inputs give the same figures in the explorer, in a direct call and in a rerun."""

import re
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import papermill
import pytest
from drawn import policies
from hypothesis import HealthCheck, Phase, given, settings

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.chapters.tiers.explorers import explore
from crmlib.chapters.tiers.models import tiers
from crmlib.chapters.tiers.models.tiers import Book, Grading, TierPolicy
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import NOTEBOOKS
from crmlib.explorer.base import Explorer
from crmlib.notebooks.kernels import Job, running
from crmlib.reruns import rerun as runs
from crmlib.tables.data import load

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
    agreed = runs.plan_rerun(
        "bank_tiers", "en", "base", [f"{name}={value}" for name, value in policy.changes().items()]
    )
    assert agreed.inputs == policy
    with running([agreed.job()], 1, runs.LONGEST) as endings:
        ((_number, notebook),) = endings
    shown = headlines(notebook)
    explorer.set(**policy.model_dump())
    assert shown == [value for _label, value in explorer.board.facts]


CASES = casebook.cases()


def headlines(notebook: Any) -> list[str]:
    """Return the headline figures that an executed case notebook shows of its own inputs."""
    cell = next(c for c in notebook.cells if "beside_default" in c.source)
    (output,) = cell.outputs
    return re.findall(r"<td>([^<]*)</td></tr>", output.data["text/html"])


def figures(case: str, **inputs: Any) -> list[str]:
    """Return the headline figures of a case by a direct call, as they are shown."""
    study = STUDIES[casebook.case(case).study]
    return study.headline_table({"": study.answer(*map(load, study.datasets), **inputs)})[""].tolist()


@pytest.mark.shared(7)
@pytest.mark.parametrize("case", CASES)
def test_a_scenario_named_in_the_notebook_is_that_scenario(case: str, english: None) -> None:
    """Every scenario, as ``papermill -p scenario NAME`` has it, gives the figures of its own inputs."""
    found = casebook.case(case)
    source, names = NOTEBOOKS / "en" / f"case_{case}.ipynb", found.order
    jobs = [Job(source, {"scenario": name}, source.parent, "en") for name in names]
    with running(jobs, 2, runs.LONGEST) as endings:
        shown = {names[number]: headlines(notebook) for number, notebook in endings}
    assert shown == {name: figures(case, **found.scenario(name).inputs) for name in names}
    assert len(set(map(tuple, shown.values()))) == len(names), "each scenario moves some headline figure"


def typed(name: str, folder: Path, **said: str) -> Path:
    """Return the bank case as it is after somebody has typed other values into its first cell."""
    notebook = nbformat.read(NOTEBOOKS / "zh" / "case_bank_tiers.ipynb", as_version=4)
    cell = next(c for c in notebook.cells if "parameters" in c.metadata.get("tags", []))
    for variable, value in said.items():
        cell.source, found = re.subn(rf"(?m)^({variable}: \w+ =) [^ ]+", rf"\1 {value}", cell.source)
        assert found == 1
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def test_a_parameter_that_the_papermill_command_sets_and_there_is_not_is_refused_by_its_name(
    tmp_path: Path, english: None
) -> None:
    notebook = NOTEBOOKS / "en" / f"case_{CASES[0]}.ipynb"
    with pytest.raises(papermill.exceptions.PapermillExecutionError) as stopped:
        papermill.execute_notebook(
            notebook, tmp_path / "o.ipynb", {"lgdd": 0.6}, cwd=notebook.parent, progress_bar=False
        )
    assert "The notebook has no parameter “lgdd”. Did you mean “lgd”?" in str(stopped.value)


def test_what_is_typed_beside_a_scenario_wins_and_is_said_and_no_scenario_is_refused(tmp_path: Path) -> None:
    beside = typed("beside", tmp_path, scenario='"tightening"', lgd="0.6", gold_from="85")
    unknown = typed("unknown", tmp_path, scenario='"tightning"')
    jobs = [Job(path, {}, NOTEBOOKS / "zh", "zh") for path in (beside, unknown)]
    with running(jobs, 2, runs.LONGEST) as endings:
        made = dict(endings)
    inputs = casebook.case("bank_tiers").scenario("tightening").inputs
    assert headlines(made[0]) == figures("bank_tiers", **{**inputs, "lgd": 0.6, "gold_from": 85})
    assert "收紧标准，其中 gold_from = 85；lgd = 0.6" in nbformat.writes(made[0])
    assert isinstance(made[1], UserError)
    assert all(name in str(made[1]) for name in ("tightning", "base", "tightening", "property_downturn"))

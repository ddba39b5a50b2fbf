"""Whatever a user types or writes into a file, the answer is a result or a sentence, and no file is half there.

Hundreds of inputs from a fixed seed; ``bench/fuzz_long.py`` goes on from other seeds for as long as one likes.
"""

from pathlib import Path

import pytest
from conftest import Crm
from early import taken
from fuzzing import KINDS, Case, cases, left_behind

COUNT = taken(96, 300)


@pytest.mark.parametrize("kind", KINDS)
def test_a_senseless_input_is_a_sentence_and_leaves_no_half_file(
    crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CRM_HOME", str(tmp_path / "home"))
    for case in cases(kind, seed=20, count=COUNT // len(KINDS), folder=tmp_path):
        tried(crm, case)


def tried(crm: Crm, case: Case) -> None:
    """Run one case; the command ends with a code of its own and leaves nothing half-written."""
    code, _said, refused = crm(*case.arguments)
    assert code in (0, 1, 2), (case, refused)
    assert "Traceback" not in refused and bool(refused) >= (code == 2), (case, refused)
    assert not left_behind(case.folder), case

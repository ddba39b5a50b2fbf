"""What is special to the department store's files; the rest is in test_every_data_set."""

from pathlib import Path

import pandas as pd
import pytest

from crmlib.core.errors import DataError
from crmlib.tables.data import load, read


def test_a_file_with_a_zero_expectation_is_turned_back_with_its_row(tmp_path: Path, lang: str) -> None:
    frame = load("loyalty_customers").head(5)
    frame.loc[3, "expect_service"] = 0
    path = tmp_path / "mine.csv"
    frame.to_csv(path, index=False)
    with pytest.raises(DataError) as refusal:
        read(path, "loyalty_customers")
    assert len(refusal.value.problems) == 1
    assert "5" in refusal.value.problems[0] and "expect_service" in refusal.value.problems[0]


def test_customers_join_leave_and_skip_questions() -> None:
    frame = load("loyalty_customers")
    waves = frame.groupby("customer_id")["wave"].agg(["min", "max"])
    assert ((waves["min"] == 2024).sum() > 100) and ((waves["max"] == 2023).sum() > 50)
    asked = frame.filter(like="expect_")
    assert asked.isna().all(axis=1).sum() > 10
    assert frame["joined"].max() <= pd.Timestamp("2024-12-31")

"""Are the department store's files what their generator makes, and do they fit their dictionaries?"""

import runpy
from pathlib import Path

import pandas as pd
import pytest

from crmlib.data import dictionary, load, read
from crmlib.errors import DataError
from crmlib.paths import DATA

GENERATOR = runpy.run_path(str(DATA / "make_loyalty.py"))
SEED, make, to_csv = (GENERATOR[name] for name in ("SEED", "make", "to_csv"))
NAMES = ("loyalty_customers", "loyalty_orders")


def test_a_rebuild_gives_the_same_bytes() -> None:
    for name, table in zip(NAMES, make(), strict=True):
        assert to_csv(table).encode() == (DATA / f"{name}.csv").read_bytes(), name


def test_another_seed_gives_other_customers() -> None:
    customers, _orders = make(SEED + 1)
    assert to_csv(customers).encode() != (DATA / "loyalty_customers.csv").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_file_fits_its_dictionary(name: str) -> None:
    frame = load(name)
    assert list(frame) == list(dictionary(name).columns)
    pd.testing.assert_frame_equal(read(DATA / f"{name}.csv", name).frame, frame)
    assert str(SEED) in dictionary(name).source["zh"] and str(SEED) in dictionary(name).source["en"]


def test_the_orders_stay_small() -> None:
    assert (DATA / "loyalty_orders.csv").stat().st_size < 1_200_000


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

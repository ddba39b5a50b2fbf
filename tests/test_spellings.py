"""Numbers and dates as spreadsheets write them: read where the column leaves no doubt, else refused."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from crmlib.core.paths import DATA
from crmlib.tables.data import Table, TableError, load, read
from crmlib.tables.dictionary import dictionary
from crmlib.tables.spellings import commas, spelled

NUMBERS = {
    "thousands": ("bank_loans", "sales", ["1,234", "12,345.5", "7"], ["1234", "12345.5", "7"]),
    "full width": ("bank_loans", "sales", ["１２３", "－4.5"], ["123", "-4.5"]),
    "brackets for minus": ("bank_loans", "income", ["(12.5)", "（3）", "1"], ["-12.5", "-3", "1"]),
    "a long minus": ("bank_loans", "income", ["−12.5"], ["-12.5"]),
    "yuan in a column of 10,000": ("bank_loans", "sales", ["350万元", "1.2亿元", "5000元"], ["350", "12000", "0.5"]),
    "all in 10,000 or 100 million": ("bank_loans", "sales", ["350万", "1.2亿"], ["350", "12000"]),
    "doubt between 10,000 and the column's own": ("bank_loans", "sales", ["350万", "12"], ["350万", "12"]),
    "10,000 in a column of yuan": ("loyalty_orders", "amount", ["1.2万", "¥300", "￥1,200"], ["12000", "300", "1200"]),
    "10,000 of things": ("depletions", "sold", ["1.2万", "300"], ["12000", "300"]),
    "a sign of money for 10,000 yuan": ("bank_loans", "sales", ["¥300"], ["¥300"]),
    "per cent throughout": ("bank_loans", "debt_ratio", ["58.1%", "６ ％", ""], ["0.581", "0.06", ""]),
    "per cent here and there": ("bank_loans", "debt_ratio", ["58.1%", "0.6"], ["58.1%", "0.6"]),
    "per cent where it is the unit": ("distributors", "funds_kept", ["70%", "80%"], ["70", "80"]),
    "per cent of money": ("bank_loans", "sales", ["5%"], ["5%"]),
    "no number": ("bank_loans", "sales", ["n/a", "1_000", "-"], ["n/a", "1_000", "-"]),
}  # fmt: skip


@pytest.mark.parametrize("what", NUMBERS)
def test_a_number_is_spelt_plainly_where_the_column_leaves_no_doubt(what: str) -> None:
    name, column, texts, plain = NUMBERS[what]
    assert spelled(texts, dictionary(name).columns[column]) == plain


@pytest.mark.parametrize(
    ("numbers", "semicolons", "meant"),
    [
        (["1,234", "5"], False, "thousands"), (["1,234"], True, ""), (["1,234", "1,234,567"], True, "thousands"),
        (["1,234.5"], True, "thousands"), (["0,581"], False, "decimal"), (["0,581", "1,234"], True, "decimal"),
        (["0,581", "1,234.5"], True, ""), (["0,581", "0.6"], True, ""), (["1,2,3"], False, ""),
    ],
)  # fmt: skip
def test_what_a_comma_stands_for_is_told_by_the_whole_column(numbers: list[str], semicolons: bool, meant: str) -> None:
    assert commas(numbers, semicolons, whole=False) == meant


DATES = {
    "serial numbers throughout": (["45291", "45657.0"], ["2023-12-31", "2024-12-31"]),
    "a serial number among dates": (["45291", "2024-12-31"], ["45291", "2024-12-31"]),
    "eight digits": (["20241231", "2024-01-01"], ["2024-12-31", "2024-01-01"]),
    "Chinese": (["2024年3月5日", "２０２４年３月５日"], ["2024年3月5日", "2024年3月5日"]),
    "midnight": (["2024-12-31 00:00:00", "2024/1/5T0:00"], ["2024-12-31", "2024/1/5"]),
    "another time of day": (["2024-12-31 09:30:00"], ["2024-12-31 09:30:00"]),
    "month or day first": (["03/04/2024"], ["03/04/2024"]),
}  # fmt: skip


@pytest.mark.parametrize("what", DATES)
def test_a_date_is_spelt_plainly_where_the_column_leaves_no_doubt(what: str) -> None:
    texts, plain = DATES[what]
    assert spelled(texts, dictionary("bank_loans").columns["as_of"]) == plain


def changed(folder: Path, sep: str = ",", **columns: list[str]) -> Path:
    """Write the first loans with some columns as they are given, from the first row on."""
    frame = pd.read_csv(DATA / "bank_loans.csv", dtype=str, keep_default_na=False).head(6)
    for column, texts in columns.items():
        frame[column] = [*texts, *frame[column].tolist()[len(texts) :]]
    path = folder / "mine.csv"
    frame.to_csv(path, index=False, sep=sep)
    return path


def test_what_was_read_so_is_said(tmp_path: Path, lang: str) -> None:
    path = changed(tmp_path, sales=["1,234"], as_of=["45291", "45657"] * 3)
    table = read(path, "bank_loans")
    assert table.frame["sales"][0] == 1234 and table.frame["as_of"][0] == datetime(2023, 12, 31)
    assert any("sales" in note and "1,234 = 1234" in note for note in table.notes)
    assert any("as_of" in note and "45291 = 2023-12-31" in note and "6" in note for note in table.notes)


def refusal(path: Path) -> str:
    with pytest.raises(TableError) as refused:
        read(path, "bank_loans")
    (sentence,) = refused.value.problems
    return sentence


def test_where_there_is_doubt_the_right_spelling_is_named(tmp_path: Path, lang: str) -> None:
    assert "2023-12-31" in refusal(changed(tmp_path, as_of=["45291"]))
    assert "2034-02-29" in refusal(changed(tmp_path, as_of=["2034-02-29"]))
    doubtful = refusal(changed(tmp_path, sep=";", total_assets=["1,234"]))
    assert "1,234" in doubtful and "1234" not in doubtful


def test_a_decimal_comma_in_a_file_with_semicolons_is_read(tmp_path: Path) -> None:
    ratios = ["0,581", "0,629", "0,7", "0,71", "0,72", "0,73"]
    table: Table = read(changed(tmp_path, sep=";", debt_ratio=ratios), "bank_loans")
    assert table.frame["debt_ratio"].tolist() == [0.581, 0.629, 0.7, 0.71, 0.72, 0.73]


@pytest.mark.parametrize("pattern", ["DD2024{:012d}", "2024030514332{:06d}", "{}"])
def test_order_numbers_are_text(tmp_path: Path, pattern: str) -> None:
    orders = load("loyalty_orders").head(50)
    orders["order_id"] = [pattern.format(n) for n in range(1, 51)]
    orders.to_csv(tmp_path / "orders.csv", index=False)
    assert read(tmp_path / "orders.csv", "loyalty_orders").frame["order_id"].tolist() == orders["order_id"].tolist()

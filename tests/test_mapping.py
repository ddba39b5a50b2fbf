"""Columns named otherwise are found where that is clear, proposed and never taken unasked."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.core import i18n
from crmlib.core.errors import DataError
from crmlib.core.paths import DATA
from crmlib.tables.columns import Match, bare_name, checked, known_as, options, parse, propose, told
from crmlib.tables.data import TableError, load, read
from crmlib.tables.dictionary import dictionary

NAME = "bank_loans"
HEADER = list(dictionary(NAME).columns)
DATASETS = sorted(path.stem for path in DATA.glob("*.yaml"))
every_dataset = pytest.mark.parametrize("name", DATASETS)


def headed(folder: Path, **names: str) -> Path:
    """Write the first loans with some columns under other names."""
    path = folder / "mine.csv"
    load(NAME).head(6).rename(columns=names).to_csv(path, index=False)
    return path


def labelled(name: str, lang: str) -> list[str]:
    """Return the header of a sheet whose columns are called as the dictionary explains them, units in brackets."""
    return [
        spec.meaning[lang] + (f"（{spec.unit[lang]}）" if spec.unit else "")
        for spec in dictionary(name).columns.values()
    ]


# What is proposed -----------------------------------------------------------------------------------------------------


@every_dataset
@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_a_sheet_headed_with_meanings_is_understood_whole(name: str, lang: str) -> None:
    header = labelled(name, lang)
    wanted = {column: Match(head, "name") for column, head in zip(dictionary(name).columns, header, strict=True)}
    assert propose(header[::-1], name) == wanted


@every_dataset
def test_no_name_is_known_for_two_columns(name: str) -> None:
    names = [known for column in dictionary(name).columns for known in known_as(name, column)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("theirs", "wanted", "certainty"),
    [
        ("sales", "sales", "exact"),
        ("SALES", "sales", "name"),
        (" Total Assets ", "total_assets", "name"),
        ("total-assets", "total_assets", "name"),
        ("ｔｏｔａｌ＿ａｓｓｅｔｓ", "total_assets", "name"),
        ("年销售额", "sales", "name"),
        ("年销售额（万元）", "sales", "name"),
        ("年销售额 (万元)", "sales", "name"),
        ("Sales in the year (10,000 yuan)", "sales", "name"),
        ("营业收入", "sales", "name"),
        ("revenue", "sales", "name"),
        ("企业编号（必填）", "firm_id", "name"),
        ("Deposit", "deposits", "near"),
        ("curent_ratio", "current_ratio", "near"),
        ("逾期的天数", "overdue_days", "near"),
    ],
)
def test_a_column_is_known_by_other_names(theirs: str, wanted: str, certainty: str) -> None:
    assert propose(["x", theirs, "y"], NAME) == {wanted: Match(theirs, certainty)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "theirs", ["x", "", "总资产（元）", "资产负债率（%）", "roa (%)", "年销售额[亿元]", "sales (USD)", "banana"]
)
def test_what_is_not_clear_or_in_another_unit_is_not_proposed(theirs: str) -> None:
    assert propose([theirs], NAME) == {}


def test_where_two_fit_alike_none_is_proposed() -> None:
    assert propose(["Sales", "年销售额"], NAME) == {}
    assert propose(["sales", "Sales", "年销售额"], NAME) == {"sales": Match("sales", "exact")}
    assert propose(["depositz", "depositx"], NAME) == {}
    assert propose(["rating_rival"], "loyalty_customers") == {}, "rival A or rival B?"


def test_the_nearer_of_two_is_proposed() -> None:
    assert propose(["deposit", "depozitz"], NAME) == {"deposits": Match("deposit", "near")}


@settings(max_examples=60, deadline=None)
@given(
    header=st.lists(st.sampled_from([*HEADER, *labelled(NAME, "zh"), "a", "sale", "Sales", ""]) | st.text(max_size=8))
)
def test_a_proposal_is_one_to_one_and_keeps_the_very_names(header: list[str]) -> None:
    found = propose(header, NAME)
    theirs = [match.column for match in found.values()]
    assert len(set(theirs)) == len(theirs) and set(theirs) <= set(header)
    for column in set(header) & set(HEADER):
        assert found[column] == Match(column, "exact")
    assert propose(header[::-1], NAME) == found


@given(name=st.text(max_size=30))
def test_a_plain_name_is_plain_already(name: str) -> None:
    assert bare_name(bare_name(name)) == bare_name(name)


# Saying yes -----------------------------------------------------------------------------------------------------------


def test_nothing_is_mapped_unasked_and_the_refusal_says_how_to_ask(tmp_path: Path, lang: str) -> None:
    path = headed(tmp_path, sales="年销售额（万元）", deposits="my deposits")
    with pytest.raises(TableError) as refusal:
        read(path, NAME)
    assert [(problem.column, problem.kind) for problem in refusal.value.found] == [
        ("sales", "like"),
        ("deposits", "like"),
    ]
    assert refusal.value.proposal["sales"] == Match("年销售额（万元）", "name")
    said = str(refusal.value).splitlines()
    assert "--map 'sales=年销售额（万元）'" in said[-1] and "--map auto" in said[-1]
    assert len(refusal.value.problems) == 2, "advice is no problem"


def test_a_mapping_gives_the_table_and_says_what_it_took(tmp_path: Path, lang: str) -> None:
    path = headed(tmp_path, sales="年销售额（万元）", deposits="q")
    table = read(path, NAME, {"sales": "年销售额（万元）", "deposits": "q"})
    pd.testing.assert_frame_equal(table.frame, load(NAME).head(6), check_exact=True)
    (note,) = table.notes
    assert "sales = 年销售额（万元）" in note and "deposits = q" in note
    assert list(table.extra) == []


def test_auto_takes_the_proposal_and_no_more(tmp_path: Path) -> None:
    assert len(read(headed(tmp_path, sales="Sales_", roa="总资产收益率"), NAME, "auto").frame) == 6
    with pytest.raises(TableError) as refusal:
        read(headed(tmp_path, sales="Sales_", roa="banana"), NAME, "auto")
    assert [problem.column for problem in refusal.value.found] == ["roa"]


@pytest.mark.parametrize(("wanted", "theirs"), [("roa", "净资产收益率"), ("sales", "月均销售额")])
def test_auto_says_which_columns_are_only_alike_by_name(tmp_path: Path, lang: str, wanted: str, theirs: str) -> None:
    path = headed(tmp_path, **{wanted: theirs, "deposits": "存款余额"})
    (first, *others) = read(path, NAME, "auto").notes
    assert f"{wanted} = {theirs}" in first and "auto" in first and "deposits" not in first
    assert read(path, NAME, {wanted: theirs, "deposits": "存款余额"}).notes == tuple(others)


def test_a_sheet_headed_with_meanings_in_chinese_reads_with_auto(tmp_path: Path) -> None:
    path = headed(tmp_path, **dict(zip(HEADER, labelled(NAME, "zh"), strict=True)))
    pd.testing.assert_frame_equal(read(path, NAME, "auto").frame, load(NAME).head(6), check_exact=True)


def test_columns_may_change_their_names_with_one_another(tmp_path: Path) -> None:
    path = headed(tmp_path, sales="deposits", deposits="sales")
    frame = read(path, NAME, {"sales": "deposits", "deposits": "sales"}).frame
    pd.testing.assert_frame_equal(frame, load(NAME).head(6), check_exact=True)


def test_a_problem_names_the_column_as_the_file_does(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    load(NAME).head(6).assign(sales="many").rename(columns={"sales": "年销售额"}).to_csv(path, index=False)
    with pytest.raises(TableError) as refusal:
        read(path, NAME, {"sales": "年销售额"})
    assert {problem.column for problem in refusal.value.found} == {"年销售额"}
    assert [problem.row for problem in refusal.value.found] == [2, 3, 4, 5, 6, 7]


def test_another_unit_is_said_with_the_unit_wanted(tmp_path: Path, lang: str) -> None:
    with pytest.raises(TableError) as refusal:
        read(headed(tmp_path, total_assets="总资产（元）"), NAME)
    (sentence,) = refusal.value.problems
    assert "总资产（元）" in sentence and {"zh": "万元", "en": "10,000 yuan"}[lang] in sentence
    assert not refusal.value.proposal


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"nothing": "sales"}, "nothing"),
        ({"sales": "gone"}, "gone"),
        ({"sales": "deposits"}, "deposits"),
        ({"sales": "q", "roa": "q"}, "q"),
        ("automatic", "auto"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(tmp_path: Path, lang: str, mapping: dict[str, str], said: str) -> None:
    with pytest.raises(DataError) as refusal:
        read(headed(tmp_path, exposure="q"), NAME, mapping)
    assert any(said in sentence for sentence in refusal.value.problems)
    assert all("{" not in sentence for sentence in refusal.value.problems)


def test_options_of_a_command_give_a_mapping_and_back() -> None:
    assert parse([]) is None and options(None) == []
    assert parse(["auto"]) == "auto" and options("auto") == ["auto"]
    assert parse(["sales=年 = 额", " roa = r"]) == {"sales": "年 = 额", "roa": "r"}
    assert parse(options({"sales": "a=b", "roa": "c"})) == {"sales": "a=b", "roa": "c"}


@pytest.mark.parametrize("given_", [["auto", "a=b"], ["a"], ["=b"], ["a="], ["a=b", "a=c"]])
def test_an_option_that_is_no_mapping_is_refused(lang: str, given_: list[str]) -> None:
    with pytest.raises(DataError):
        parse(given_)


def test_an_exact_mapping_needs_no_saying() -> None:
    assert checked({"sales": "sales"}, HEADER, NAME) == {}
    assert checked("auto", HEADER, NAME) == {}


# Options for several data sets ----------------------------------------------------------------------------------------

BOTH = ("loyalty_customers", "loyalty_orders")


def test_a_column_goes_to_the_data_set_that_wants_it() -> None:
    assert told(["amount=金额", "joined=入会"], BOTH) == {
        "loyalty_customers": {"joined": "入会"},
        "loyalty_orders": {"amount": "金额"},
    }


def test_a_column_that_both_want_goes_to_both_or_to_the_one_named() -> None:
    assert told(["customer_id=号"], BOTH) == {name: {"customer_id": "号"} for name in BOTH}
    assert told(["loyalty_orders.customer_id=号"], BOTH) == {
        "loyalty_customers": None,
        "loyalty_orders": {"customer_id": "号"},
    }


def test_auto_and_nothing_are_for_all() -> None:
    assert told(["auto"], BOTH) == dict.fromkeys(BOTH, "auto")
    assert told([], BOTH) == dict.fromkeys(BOTH) and told([], []) == {}


@pytest.mark.parametrize("option", ["nothing=a", "loyalty_customers.amount=a", "bank_loans.sales=a", ".=a"])
def test_a_column_that_no_data_set_has_is_refused_with_those_there_are(lang: str, option: str) -> None:
    with pytest.raises(DataError) as refusal:
        told([option], BOTH)
    (sentence,) = refusal.value.problems
    assert option.partition("=")[0] in sentence and "amount" in sentence


@pytest.mark.parametrize("option", ["auto", "amount=a"])
def test_columns_are_told_of_a_file_of_ones_own_only(lang: str, option: str) -> None:
    with pytest.raises(DataError) as refusal:
        told([option], [])
    assert "--data" in str(refusal.value)

"""What is readable and yet unlikely: refused where the figures would mean nothing, else said wherever they go."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from crmlib.chapters.loyalty.models import loyalty
from crmlib.chapters.tiers.models import tiers
from crmlib.core import i18n
from crmlib.core.errors import DataError, UserError
from crmlib.core.paths import DATA
from crmlib.reruns import batch
from crmlib.reruns import rerun as runs
from crmlib.reruns.trial import trial
from crmlib.sweeps import grid
from crmlib.sweeps.sweep import table as swept
from crmlib.sweeps.sweep_page import page as sweep_page
from crmlib.tables.data import Table, TableError, load, read
from crmlib.tables.dictionary import dictionary
from crmlib.tables.reading import Reading, told
from crmlib.tables.together import gather
from crmlib.tables.units import named, plain_unit, times

BANK = "bank_loans"
DATASETS = sorted(path.stem for path in DATA.glob("*.yaml"))
Change = Callable[[pd.DataFrame], pd.DataFrame | None]


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write a packaged table, changed, as a file of one's own."""

    def write(name: str, change: Change, **columns: str) -> Path:
        frame = pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)
        frame = changed if (changed := change(frame)) is not None else frame
        path = tmp_path / f"{name}.csv"
        frame.rename(columns=columns).to_csv(path, index=False)
        return path

    return write


def times_(column: str, factor: float) -> Change:
    """Return what multiplies a column's numbers."""

    def change(frame: pd.DataFrame) -> None:
        filled = frame[column] != ""
        frame.loc[filled, column] = (frame.loc[filled, column].astype(float) * factor).map("{:.12g}".format)

    return change


def refused(path: Path, name: str, *words: str) -> TableError:
    with pytest.raises(TableError) as refusal:
        read(path, name, told(words, [name])[name])
    return refusal.value


def own(path: Path, name: str, *words: str) -> Table:
    return read(path, name, told(words, [name])[name])


# What is usual --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DATASETS)
def test_nothing_of_a_packaged_table_is_unlikely(name: str) -> None:
    assert read(DATA / f"{name}.csv", name).notes == ()


# Units ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("资产负债率%", "%"), ("资产负债率 %", "%"), ("资产负债率百分比", "%"), ("debt_ratio_pct", "%"),
        ("debt ratio %", "%"), ("资产负债率（％）", "%"), ("Debt ratio in percent", "%"), ("总资产（元）", "元"),
        ("总资产亿元", "亿元"), ("总资产-元", "元"), ("总资产/元", "元"), ("总资产：亿元", "亿元"),
        ("总资产 RMB", "元"),
        ("total_assets_rmb", "元"), ("总资产（单位：元）", "元"), ("Total assets - million yuan", "百万元"),
        ("总资产_单位:亿元", "亿元"), ("sales in yuan", "元"), ("总资产万", "万元"), ("年销售额", ""), ("合作年限", ""),
        ("spend_rival_a", ""), ("market share", ""), ("现金流", ""),
    ],
)  # fmt: skip
def test_a_unit_is_told_from_a_header_however_it_is_written(header: str, unit: str) -> None:
    assert named(header)[1] == unit


def test_the_same_unit_may_be_written_in_several_ways() -> None:
    sales = dictionary(BANK).columns["sales"]
    assert [times(unit, sales) for unit in ("万元", "10,000 yuan", "人民币万元", "单位：万元")] == [1, 1, 1, 1]
    assert [times(unit, sales) for unit in ("元", "千元", "million yuan", "亿元")] == [1e-4, 0.1, 100, 1e4]
    assert times("天", sales) is None and plain_unit("1-10") == plain_unit("1–10") == plain_unit("1～10")


HEADERS = {
    "资产负债率%": ("debt_ratio", 100, "%"),
    "debt_ratio_pct": ("debt_ratio", 100, "%"),
    "总资产亿元": ("total_assets", 1e-4, "亿元"),
    "总资产（元）": ("total_assets", 1e4, "元"),
}


@pytest.mark.shared(2)
@pytest.mark.parametrize("header", HEADERS)
def test_a_header_in_another_unit_is_refused_until_the_unit_is_told(
    file: Callable[..., Path], lang: str, header: str
) -> None:
    column, factor, unit = HEADERS[header]
    path = file(BANK, times_(column, factor), **{column: header})
    for words in ((), ("auto",), (f"{column}={header}",)):
        (line,) = refused(path, BANK, *words).problems
        assert header in line and f"--unit {column}={unit}" in line.replace("'", "")
    table = own(path, BANK, f"{column}={header}", f"--unit={column}={unit}")
    pd.testing.assert_frame_equal(table.frame, load(BANK), rtol=1e-11)
    assert any(unit in note and column in note for note in table.notes)
    assert own(path, BANK, "auto", f"--unit={column}={unit}").frame.equals(table.frame)


UNSAID = {
    "percent": (BANK, "debt_ratio", 100, "%"),
    "percent of a small share": (BANK, "roa", 100, "%"),
    "percent where the dictionary has a bound": ("accounts", "retention", 100, "%"),
    "yuan for 10,000": (BANK, "total_assets", 1e4, "元"),
    "100 million for 10,000": (BANK, "deposits", 1e-4, "亿元"),
    "10,000 for yuan": ("loyalty_customers", "spend_us", 1e-4, "万元"),
    "ratio for percent": ("distributors", "funds_kept", 0.01, "1"),
}


@pytest.mark.shared(2)
@pytest.mark.parametrize("what", UNSAID)
def test_a_column_in_another_unit_under_its_right_name_is_refused(
    file: Callable[..., Path], lang: str, what: str
) -> None:
    name, column, factor, unit = UNSAID[what]
    path = file(name, times_(column, factor))
    typed = {"元": "yuan", "亿元": "100million", "万元": "10kyuan"}.get(unit, unit) if lang == "en" else unit
    (line,) = refused(path, name).problems
    assert f"--unit {column}={typed}" in line.replace("'", "")
    table = own(path, name, f"--unit={column}={typed}")
    assert table.frame[column].to_numpy() == pytest.approx(load(name)[column].to_numpy(), nan_ok=True)
    assert not trial(name, table, Reading(only_own=True)).refused


def test_what_is_told_to_be_right_is_taken_and_said(file: Callable[..., Path], lang: str) -> None:
    table = own(file(BANK, times_("deposits", 1e-4)), BANK, "--unit=deposits=万元")
    assert table.frame["deposits"].max() == pytest.approx(2.6089) and "deposits" in table.notes[0]


def test_amounts_that_are_large_and_possible_are_remarked_on_only(file: Callable[..., Path], lang: str) -> None:
    table = own(file(BANK, times_("deposits", 100)), BANK)
    assert "deposits" in table.notes[0] and "328" in table.notes[0]
    assert own(file(BANK, times_("deposits", 20)), BANK).notes == ()


@pytest.mark.parametrize(
    ("word", "named"),
    [("--unit=sales=天", "亿元"), ("--unit=sales", "sales"), ("--unit=gone=%", "gone"), ("--no-such", "--no-such")],
)
def test_a_way_of_reading_that_there_is_not_is_refused(lang: str, word: str, named: str) -> None:
    with pytest.raises(DataError, match=named):
        told([word], [BANK])


def test_a_way_of_reading_without_a_file_is_refused(lang: str) -> None:
    with pytest.raises(DataError, match="--trim-ids.*--data|--data.*--trim-ids"):
        told(["--trim-ids"], [])


def test_words_come_back_as_what_they_say() -> None:
    words = ["sales=年销售额", "--unit=total_assets=亿元", "--trim-ids", "--only-own"]
    reading = told(words, [BANK])[BANK]
    assert reading.words() == words
    assert reading.options("x")[:4] == ["--map", "x.sales=年销售额", "--unit", "x.total_assets=亿元"]


# Remarks --------------------------------------------------------------------------------------------------------------


def cell(column: str, text: str, rows: int = 2) -> Change:
    def change(frame: pd.DataFrame) -> None:
        frame.loc[frame.index[3 : 3 + rows], column] = text

    return change


def halved(frame: pd.DataFrame) -> None:
    """Put the answers of a survey on a scale from 1 to 5."""
    for column in ("found_quality", "found_price"):
        frame[column] = frame[column].map(lambda text: text and str((int(text) + 1) // 2))


REMARKS = {
    "a share that is a percentage": (BANK, cell("debt_ratio", "58.1"), ["debt_ratio", "58.1", "5", "6", "2"]),
    "an amount far above the rest": (BANK, cell("sales", "139380000"), ["sales", "139380000", "5", "6"]),
    "a date to come": (BANK, cell("as_of", "2098-12-31", 1), ["as_of", "2098-12-31", "5"]),
    "a date long past": ("loyalty_customers", cell("joined", "1900-01-05", 1), ["joined", "1900-01-05", "5"]),
    "a negative price": ("factor_judgements", lambda frame: None, []),
    "another scale": ("loyalty_customers", halved, ["found_quality", "found_price", "5", "10"]),
    "loose ids": ("accounts", cell("account_id", " K004", 1), ["account_id", "5", "--trim-ids"]),
}


@pytest.mark.shared(2)
@pytest.mark.parametrize("what", [what for what in REMARKS if REMARKS[what][2]])
def test_a_remark_names_column_rows_and_what_to_do(file: Callable[..., Path], lang: str, what: str) -> None:
    name, change, named_ = REMARKS[what]
    notes = own(file(name, change), name).notes
    assert len(notes) == 1 and all(part in notes[0] for part in named_), notes
    assert ("。" in notes[0]) == (lang == "zh")


def test_a_negative_number_where_none_is_usual_is_remarked_on(file: Callable[..., Path], lang: str) -> None:
    assert own(file("loyalty_orders", cell("amount", "-5")), "loyalty_orders").notes == (), "returns are usual"
    (note,) = own(file("loyalty_customers", cell("wave", "2024", 1)), "loyalty_customers").notes or ("none",)
    assert note == "none"


# Ids ------------------------------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
@pytest.mark.parametrize("odd", ["{} ", "\u00a0{}", "{}\u3000", "{}\u200b", "lower", "wide"])
def test_ids_that_only_the_computer_tells_apart_are_refused_until_they_are_trimmed(
    file: Callable[..., Path], lang: str, odd: str
) -> None:
    wide = str.maketrans({chr(sign): chr(sign + 0xFEE0) for sign in range(0x21, 0x7F)})
    spelt: dict[str, Callable[[str], str]] = {"lower": str.lower, "wide": lambda text: text.translate(wide)}

    def change(frame: pd.DataFrame) -> None:
        late = frame["as_of"].str.startswith("2024")
        frame.loc[late, "firm_id"] = frame.loc[late, "firm_id"].map(spelt.get(odd, odd.format))

    path = file(BANK, change)
    (line,) = refused(path, BANK).problems
    assert "firm_id" in line and "--trim-ids" in line and "3" in line and "5" in line
    made = runs.plan_rerun("bank_tiers", lang, files=[str(path)], columns=["--trim-ids"])
    assert tiers.STUDY.headline(made.answer()) == tiers.STUDY.headline(runs.plan_rerun("bank_tiers", lang).answer())


@pytest.mark.parametrize(
    ("ids", "kind"),
    [
        (["9.13E+17", "9.14E+17"], "rounded"),
        (["913204001234567000", "913204001234568000", "913204001234569000"], "digits"),
        (["7", "123", "8000123"], "zeros"),
    ],
)
def test_ids_that_went_through_a_spreadsheet_as_numbers_are_told(
    file: Callable[..., Path], lang: str, ids: list[str], kind: str
) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.head(len(ids)).assign(account_id=ids)

    path = file("accounts", change)
    if kind == "rounded":
        (problem,) = refused(path, "accounts").found
        assert problem.kind == kind and "9.13E+17" in str(problem)
    else:
        (note,) = own(path, "accounts").notes
        assert "account_id" in note and ids[0] in note


def test_ids_that_became_the_same_by_rounding_are_said_to_be_that(file: Callable[..., Path], lang: str) -> None:
    def change(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.head(3).assign(account_id=["913204001234567000", "913204001234567000", "913204001234569000"])

    (problem,) = refused(file("accounts", change), "accounts").found
    assert problem.kind == "digits_twice"


def test_a_class_list_with_rounded_student_numbers_is_refused(tmp_path: Path, lang: str) -> None:
    from crmlib.classes import class_list

    path = tmp_path / "list.csv"
    path.write_text("id,name\n2.023E+12,Ann\n2.024E+12,Bo\n", "utf-8")
    with pytest.raises(TableError, match=r"2\.023E\+12"):
        class_list.read(path)


# Tables that belong together ------------------------------------------------------------------------------------------


def strangers(frame: pd.DataFrame) -> None:
    frame["customer_id"] = frame["customer_id"].str.replace("K", "VIP")


def lower(frame: pd.DataFrame) -> None:
    frame["customer_id"] = frame["customer_id"].str.lower()


def unpadded(frame: pd.DataFrame) -> None:
    frame["customer_id"] = frame["customer_id"].str.replace(r"^K0*", "", regex=True)


def padded(frame: pd.DataFrame) -> None:
    frame["customer_id"] = frame["customer_id"].str.replace("K", "0")


def loyal(*files: str, words: tuple[str, ...] = ()) -> runs.Rerun:
    return runs.plan_rerun("loyalty", i18n.language(), files=files, columns=words)


def test_own_customers_are_not_put_beside_packaged_orders_unasked(file: Callable[..., Path], lang: str) -> None:
    path = file("loyalty_customers", strangers)
    with pytest.raises(UserError, match="--only-own") as refusal:
        loyal(str(path))
    assert len(refusal.value.problems) == 1
    table = read(path, "loyalty_customers")
    assert str(refusal.value) in trial("loyalty_customers", table, Reading()).refused["loyalty"][0]
    made = loyal(str(path), words=("--only-own",))
    assert "loyalty_orders" in made.notes[0]
    assert trial("loyalty_customers", table, Reading(only_own=True)).notes == made.notes


def test_a_packaged_table_with_other_figures_stays_with_the_other_packaged_one(file: Callable[..., Path]) -> None:
    assert loyal(str(file("loyalty_customers", cell("feeling", "7")))).notes == ()


@pytest.mark.shared(2)
@pytest.mark.parametrize(("change", "said"), [(lower, "--trim-ids"), (unpadded, "customer_id"), (strangers, "VIP")])
def test_ids_that_match_nobody_are_refused(file: Callable[..., Path], lang: str, change: Change, said: str) -> None:
    orders = file("loyalty_orders", change)
    customers = file("loyalty_customers", padded if change is unpadded else lambda frame: None)
    both = (f"loyalty_customers={customers}", f"loyalty_orders={orders}")
    with pytest.raises(UserError) as refusal:
        loyal(*both)
    assert len(refusal.value.problems) == 1 and said in str(refusal.value)
    if change is lower:
        made = loyalty.STUDY.headline(loyal(*both, words=("--trim-ids",)).answer())
        assert made == pytest.approx(loyalty.STUDY.headline(loyal().answer()))


@pytest.mark.shared(2)
def test_ids_of_which_most_match_nobody_are_counted(file: Callable[..., Path], lang: str) -> None:
    def most(frame: pd.DataFrame) -> None:
        late = frame["customer_id"] > "K0400"
        frame.loc[late, "customer_id"] = "X" + frame.loc[late, "customer_id"]

    both = (f"loyalty_orders={file('loyalty_orders', most)}", f"loyalty_customers={DATA / 'loyalty_customers.csv'}")
    (note,) = loyal(*both).notes
    assert "loyalty_orders" in note and "loyalty_customers" in note


@pytest.mark.shared(2)
def test_orders_outside_the_years_that_count_are_counted(file: Callable[..., Path], lang: str) -> None:
    def later(frame: pd.DataFrame) -> None:
        frame["date"] = frame["date"].str.replace("2022-", "2012-").str.replace("2023-", "2013-")

    n = int(load("loyalty_orders")["date"].dt.year.lt(2024).sum())
    (note,) = loyal(f"loyalty_orders={file('loyalty_orders', later)}").notes
    assert f"{n:,}" in note and "2022" in note and "2024" in note and "wave" in note


def test_a_table_of_one_study_is_gathered_with_what_is_said_of_each(file: Callable[..., Path], lang: str) -> None:
    paths = {name: file(name, cell("joined" if "c" in name[8:] else "date", "1900-01-05", 1)) for name in DATASETS[4:6]}
    tables = {name: read(path, name) for name, path in paths.items()}
    gathered = gather(list(tables), tables, {name: Reading() for name in tables})
    assert all(any(note.startswith(name) for note in gathered.notes) for name in tables)


# Where it is said -----------------------------------------------------------------------------------------------------


@pytest.fixture
def trimmed(file: Callable[..., Path], lang: str) -> runs.Rerun:
    def change(frame: pd.DataFrame) -> None:
        late = frame["as_of"].str.startswith("2024")
        frame.loc[late, "firm_id"] += " "

    return runs.plan_rerun("bank_tiers", lang, files=[str(file(BANK, change))], columns=["--trim-ids"])


@pytest.mark.shared(2)
def test_page_slides_and_notebook_say_how_the_data_were_read(trimmed: runs.Rerun, tmp_path: Path) -> None:
    (note,) = trimmed.notes
    files = runs.run(trimmed, tmp_path / "out", ["ipynb", "html", "slides"])
    for path in files:
        assert note in (
            path.read_text("utf-8") if path.suffix == ".html" else json.dumps(_shown(path), ensure_ascii=False)
        )


def _shown(path: Path) -> list[str]:
    cells = nbformat.read(path, as_version=4).cells
    return [str(output.get("data", {})) for cell in cells if cell.cell_type == "code" for output in cell.outputs]


def test_the_page_of_a_sweep_and_the_index_say_it_too(trimmed: runs.Rerun, tmp_path: Path) -> None:
    (note,) = trimmed.notes
    agreed = grid.plan_grid(trimmed.study(), {"lgd": "0.4,0.5"}, {}, None, 0)
    frame = swept(agreed, trimmed.prepared())
    assert note in sweep_page(agreed, trimmed.prepared(), frame, "x", ["gold_firms"], [], trimmed.notes)
    compared = batch.Compared([trimmed])
    assert note in batch.index_page([trimmed.scenario], [trimmed], compared, {}, ["html"])

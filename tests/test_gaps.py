"""Traditional characters, months for days, signs for nothing, ids merged downwards: said, never guessed."""

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crmlib.core.errors import DataError
from crmlib.core.paths import DATA
from crmlib.tables import gaps, header, saved, units
from crmlib.tables.columns import bare_name, propose, spelling
from crmlib.tables.data import Table, read
from crmlib.tables.dictionary import dictionaries, dictionary
from crmlib.tables.own_file import TableError
from crmlib.tables.periods import Period, period_of
from crmlib.tables.reading import told, ways
from crmlib.tables.traditional import SIMPLIFIED, TRADITIONAL, simplified

BANK = "bank_loans"
ROWS = 8
Change = Callable[[pd.DataFrame], None]


def frame() -> pd.DataFrame:
    return pd.read_csv(DATA / f"{BANK}.csv", dtype=str, keep_default_na=False).head(ROWS)


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., Path]:
    """Write the first rows of the packaged loan book, changed, as a file of one's own."""

    def write(change: Change, **columns: str) -> Path:
        made = frame()
        change(made)
        path = tmp_path / "mine.csv"
        made.rename(columns=columns).to_csv(path, index=False)
        return path

    return write


def own(path: Path, *words: str) -> Table:
    return read(path, BANK, told(words, [BANK])[BANK])


def refused(path: Path, *words: str) -> TableError:
    with pytest.raises(TableError) as refusal:
        own(path, *words)
    return refusal.value


def offered(refusal: TableError) -> list[tuple[str, ...]]:
    """Return the ways of reading that a refusal offers, each of which the explorer shows as a button."""
    return list(ways(refusal.problems).values())


def put(column: str, *texts: str) -> Change:
    def change(made: pd.DataFrame) -> None:
        made.loc[: len(texts) - 1, column] = texts

    return change


# Traditional characters -----------------------------------------------------------------------------------------------


def is_in(character: str, encoding: str) -> bool:
    try:
        return bool(character.encode(encoding))
    except UnicodeEncodeError:
        return False


def words_of(name: str) -> set[str]:
    book = dictionary(name)
    texts = [text for spec in book.columns.values() for text in (spec.meaning, spec.unit or {})]
    texts += [text for spec in book.columns.values() for text in spec.categories.values()]
    aliases = [alias for spec in book.columns.values() for alias in spec.aliases.get("zh", [])]
    return {text["zh"] for text in texts if text} | set(aliases)


@pytest.mark.parametrize("name", sorted(dictionaries()))
def test_every_character_of_a_dictionary_that_is_simplified_is_known(name: str) -> None:
    """Big5 has the characters of traditional Chinese: what it lacks is simplified, and must be one that is found."""
    alone = {
        sign for word in words_of(name) for sign in word if "\u4e00" <= sign <= "\u9fff" and not is_in(sign, "big5")
    }
    assert alone <= set(SIMPLIFIED), "add it and its traditional form to crmlib/tables/traditional.py"


def test_what_a_table_is_told_by_is_known_too() -> None:
    kept = "".join([*header.TOTALS, *(word for unit in units.MONEY.values() for word in unit[1]), *units.MONEY])
    alone = {sign for sign in kept if "\u4e00" <= sign <= "\u9fff" and not is_in(sign, "big5")}
    assert alone and alone <= set(SIMPLIFIED)


def test_each_pair_is_a_traditional_and_a_simplified_character() -> None:
    assert len(TRADITIONAL) == len(SIMPLIFIED) == len(set(TRADITIONAL))
    assert all(is_in(sign, "gb2312") for sign in SIMPLIFIED)
    assert not set(TRADITIONAL) & set(SIMPLIFIED), "done once, it is done"


@given(st.text())
def test_a_text_made_simplified_stays_so(text: str) -> None:
    assert simplified(simplified(text)) == simplified(text)
    assert len(simplified(text)) == len(text)


def test_traditional_headers_are_proposed() -> None:
    """企業代碼, 資產負債率 and 逾期天數 by name; the unit of 年銷售額（萬元） is told like that of 年销售额（万元）."""
    found = propose(["企業代碼", "資產負債率", "逾期天數", "年銷售額（萬元）", "總資產（元）"], BANK)
    assert {want: match.column for want, match in found.items()} == {
        "firm_id": "企業代碼",
        "debt_ratio": "資產負債率",
        "overdue_days": "逾期天數",
        "sales": "年銷售額（萬元）",
    }
    assert {match.certainty for match in found.values()} == {"name"}
    assert spelling("總資產（億元）") == spelling("总资产（亿元）")
    assert bare_name("客戶編號") == bare_name("客户编号")


def test_a_table_in_traditional_characters_is_read_like_one_in_simplified(tmp_path: Path, lang: str) -> None:
    """Headers and words of categories by the dictionary, every simplified character turned into a traditional one."""
    as_traditional = str.maketrans(dict(zip(SIMPLIFIED, TRADITIONAL, strict=True)))
    book = dictionary(BANK)
    made = frame()
    for column, spec in book.columns.items():
        if spec.categories:
            made[column] = [spec.categories[code]["zh"].translate(as_traditional) for code in made[column]]
    names = {column: book.columns[column].meaning["zh"].translate(as_traditional) for column in made}
    path = tmp_path / "mine.csv"
    path.write_bytes(made.rename(columns=names).to_csv(index=False).encode("utf-8"))
    table = own(path, "auto")
    assert any("industry" in note for note in table.notes)
    pd.testing.assert_frame_equal(table.frame, own(written(tmp_path)).frame)


def written(folder: Path) -> Path:
    path = folder / "plain.csv"
    frame().to_csv(path, index=False)
    return path


@pytest.mark.parametrize("word", ["總計", "小計", "合計", "彙總", "資料來源：本行信貸部門整理的數據"])
def test_totals_and_notes_are_told_in_traditional_characters(word: str) -> None:
    assert header.is_apart([word, "", ""], ["企業代碼", "總資產", "存款"])


def test_a_unit_above_the_table_is_told_in_traditional_characters() -> None:
    assert units.money_said(["金額單位：人民幣萬元"]) == "万元"


# Months and years -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2023年", Period(2023, 0, "")),
        ("2023", Period(2023, 0, "")),
        ("2023年度", Period(2023, 0, "")),
        ("2023年末", Period(2023, 0, "last")),
        ("2023年底", Period(2023, 0, "last")),
        ("２０２３年終", Period(2023, 0, "last")),
        ("2023年初", Period(2023, 0, "first")),
        ("2023年3月", Period(2023, 3, "")),
        ("2023 年 03 月份", Period(2023, 3, "")),
        ("2023年3月末", Period(2023, 3, "last")),
        ("2023-03", Period(2023, 3, "")),
        ("2023/3", Period(2023, 3, "")),
        ("2023.03", Period(2023, 3, "")),
        ("2023.1", None),
        ("2023年13月", None),
        ("2023年3月5日", None),
        ("45291", None),
        ("3月", None),
        ("", None),
    ],
)
def test_a_month_or_a_year_is_told(text: str, period: Period | None) -> None:
    assert period_of(text) == period


def test_the_day_of_a_period() -> None:
    assert [Period(2024, 2, "").day("last"), Period(2023, 2, "").day("last")] == ["2024-02-29", "2023-02-28"]
    assert [Period(2023, 0, "").day("first"), Period(2023, 11, "").day("first")] == ["2023-01-01", "2023-11-01"]
    assert Period(2023, 0, "last").day("first") == "2023-12-31", "what the cell says counts"
    assert Period(2023, 3, "").day("") is None


def test_the_end_of_a_year_is_its_last_day_and_said(file: Callable[..., Path], lang: str) -> None:
    """The packaged table has ends of years only, so that it can be written so throughout."""

    def change(made: pd.DataFrame) -> None:
        made["as_of"] = made["as_of"].str[:4] + "年末"

    table = own(file(change))
    assert table.frame["as_of"].dt.strftime("%Y-%m-%d").tolist() == frame()["as_of"].tolist()
    (note,) = table.notes
    assert "as_of" in note and "2023年末" in note + frame()["as_of"].str[:4].iloc[0] + "年末"


@pytest.mark.parametrize("text", ["2023年", "2023年3月", "2023-03", "2023"])
def test_a_month_or_a_year_is_refused_until_the_day_is_told(file: Callable[..., Path], lang: str, text: str) -> None:
    path = file(put("as_of", text))
    refusal = refused(path)
    (problem,) = refusal.found
    assert (problem.kind, problem.row, problem.column) == ("period", 2, "as_of") and text in str(problem)
    assert offered(refusal) == [("--day=last",), ("--day=first",)]
    last, first = (own(path, *words).frame["as_of"].iloc[0] for words in offered(refusal))
    assert (first.month, first.day) == (3 if "3月" in text or "-03" in text else 1, 1)
    assert (last.month, last.day) == ((3, 31) if first.month == 3 else (12, 31))


def test_a_day_that_is_neither_is_no_way_of_reading(lang: str) -> None:
    with pytest.raises(DataError, match="--day"):
        told(["--day=15"], [BANK])


# Signs for nothing ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sign", ["—", "－", "/", "无", "無", "N/A", "-", "——", "／", "\\", "null"])
def test_a_sign_for_nothing_is_refused_until_it_is_told(file: Callable[..., Path], lang: str, sign: str) -> None:
    path = file(put("sales", sign, sign))
    refusal = refused(path)
    assert [(problem.kind, problem.row, problem.column) for problem in refusal.found] == [
        ("sign", 2, "sales"),
        ("sign", 3, "sales"),
    ]
    assert sign in str(refusal.found[0])
    assert offered(refusal) == [("--empty-signs",)]
    table = own(path, "--empty-signs")
    assert table.frame["sales"].isna().tolist() == [True, True] + [text == "" for text in frame()["sales"][2:]]
    (note,) = table.notes
    assert "sales" in note and sign in note and "2" in note


def test_a_sign_where_a_value_must_stand_offers_nothing_that_does_not_help(
    file: Callable[..., Path], lang: str
) -> None:
    path = file(put("total_assets", "—"))
    for words in ((), ("--empty-signs",)):
        refusal = refused(path, *words)
        assert [problem.kind for problem in refusal.found] == ["number"]
        assert offered(refusal) == []


def test_no_is_no_sign_for_nothing_among_flags() -> None:
    spec = dictionary(BANK).columns["defaulted"].model_copy(update={"nullable": True})
    assert not gaps.is_sign("无", spec)


def test_a_code_that_is_a_sign_stays_a_code() -> None:
    texts = {"zh": "无", "en": "none"}
    spec = dictionary(BANK).columns["industry"].model_copy(update={"nullable": True, "categories": {"none": texts}})
    assert gaps.emptied(["无", "—"], ["none", "—"], spec) == ["none", ""]


def test_text_that_is_not_told_stays_as_it_is(file: Callable[..., Path]) -> None:
    """A name may be “无”: only the option reads it as empty, and only where a cell may be."""
    path = file(put("firm_name", "无"))
    assert own(path, "--empty-signs").frame["firm_name"].iloc[0] == "无"


# Ids merged downwards -------------------------------------------------------------------------------------------------


def pairs() -> pd.DataFrame:
    """Return the rows of three firms with two dates each."""
    whole = pd.read_csv(DATA / f"{BANK}.csv", dtype=str, keep_default_na=False).sort_values(["firm_id", "as_of"])
    twice = whole[whole["firm_id"].map(whole["firm_id"].value_counts()) >= 2]
    return twice[twice["firm_id"].isin(twice["firm_id"].unique()[:3])].groupby("firm_id").head(2)


def as_text(folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path = folder / "mine.csv"
    path.write_text(out.getvalue(), "utf-8")
    return path


def test_ids_in_the_first_row_of_several_are_one_problem_with_a_way(tmp_path: Path, lang: str) -> None:
    made = pairs().reset_index(drop=True)
    whole = made["firm_id"].tolist()
    made.loc[made["firm_id"].duplicated(), "firm_id"] = ""
    path = as_text(tmp_path, [made.columns.tolist(), *made.to_numpy().tolist()])
    refusal = refused(path)
    (problem,) = refusal.found
    assert (problem.kind, problem.row, problem.column) == ("gaps", 3, "firm_id")
    assert "3, 5, 7" in str(problem).replace("、", ", ")
    assert offered(refusal) == [("--fill-down",)]
    table = own(path, "--fill-down")
    assert table.frame["firm_id"].tolist() == whole
    assert any("firm_id" in note and "3" in note for note in table.notes)


def test_a_lone_gap_and_one_above_all_ids_are_no_merged_cells(file: Callable[..., Path], lang: str) -> None:
    def lone(made: pd.DataFrame) -> None:
        made.loc[3, "firm_id"] = ""

    def above(made: pd.DataFrame) -> None:
        made.loc[:1, "firm_id"] = ""

    for change, rows in ((lone, [5]), (above, [2, 3])):
        found = refused(file(change)).found
        assert [(problem.kind, problem.row) for problem in found] == [("not_nullable", row) for row in rows]


def test_an_id_that_is_the_whole_key_is_never_filled_down(tmp_path: Path, lang: str) -> None:
    made = pd.read_csv(DATA / "accounts.csv", dtype=str, keep_default_na=False).head(4)
    assert dictionary("accounts").key == ["account_id"]
    made.loc[1:2, "account_id"] = ""
    path = tmp_path / "accounts.csv"
    made.to_csv(path, index=False)
    with pytest.raises(TableError) as refusal:
        read(path, "accounts", told(["--fill-down"], ["accounts"])["accounts"])
    assert [problem.kind for problem in refusal.value.found] == ["not_nullable"] * 2


def merged(folder: Path, *boxes: str) -> Path:
    """Write the pairs as a workbook with merged cells, of which the first alone has a value."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    made = pairs()
    for row in [made.columns.tolist(), *made.to_numpy().tolist()]:
        sheet.append([cell or None for cell in row])
    for box in boxes:
        sheet.merge_cells(box)
    path = folder / "mine.xlsx"
    book.save(path)
    return path


def test_cells_merged_downwards_are_read_so_only_if_told(tmp_path: Path, lang: str) -> None:
    path = merged(tmp_path, "A2:A3", "A4:A5", "A6:A7")
    refusal = refused(path)
    (problem,) = refusal.found
    assert (problem.kind, problem.row) == ("merged_down", 2) and "A4:A5" in str(problem)
    assert offered(refusal) == [("--fill-down",)]
    table = own(path, "--fill-down")
    assert table.frame["firm_id"].tolist() == pairs()["firm_id"].tolist()
    assert any("A2:A3" in note for note in table.notes)


def test_cells_merged_over_several_columns_stay_a_problem(tmp_path: Path, lang: str) -> None:
    found = refused(merged(tmp_path, "A2:A3", "B4:C5"), "--fill-down").found
    assert "merged" in {problem.kind for problem in found}
    assert "merged_down" not in {problem.kind for problem in found}


# How it is kept -------------------------------------------------------------------------------------------------------


def test_the_ways_are_said_typed_and_kept(tmp_path: Path) -> None:
    words = ["--fill-down", "--empty-signs", "--day=last"]
    reading = told(words, [BANK])[BANK]
    assert reading.words() == words
    assert reading.options() == ["--fill-down", "--empty-signs", "--day", "last"]
    path = saved.save(tmp_path / "way.yaml", reading, own(written(tmp_path)))
    assert yaml.safe_load(path.read_text("utf-8")) == {"fill-down": True, "empty-signs": True, "day": "last"}
    assert saved.words(path) == words

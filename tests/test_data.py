"""The packaged data keep their promises, and a user's file is either read exactly or refused with every reason."""

import csv
import io
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import crmlib.core.i18n
import crmlib.tables.data
import crmlib.tables.dictionary
import crmlib.tables.own_file
import crmlib.tables.sheet
import crmlib.tables.values
from crmlib.core.errors import DataError
from crmlib.core.paths import DATA
from crmlib.support.files import atomic_write
from crmlib.tables.data import (
    SHOWN,
    Table,
    TableError,
    categories,
    csv_text,
    describe,
    dictionary,
    label,
    load,
    neutralise,
    read,
    spoken,
)
from crmlib.tables.dictionary import Column, DataDictionary

NAME = "bank_loans"
FILE = DATA / "bank_loans.csv"
LINES = FILE.read_text(encoding="utf-8").splitlines()
HEADER = LINES[0].split(",")
FEW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Speak each language in turn, then the one spoken before."""
    monkeypatch.setattr(crmlib.core.i18n, "_chosen", None)
    crmlib.core.i18n.use(request.param)
    return str(request.param)


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English where a test does not choose."""
    monkeypatch.setattr(crmlib.core.i18n, "_chosen", "en")


@pytest.fixture(scope="module")
def loans() -> pd.DataFrame:
    return load(NAME)


@pytest.fixture
def years(loans: pd.DataFrame) -> list[pd.DataFrame]:
    return [year for _, year in loans.groupby("as_of")]


@pytest.fixture
def moves(loans: pd.DataFrame) -> pd.DataFrame:
    """Firms of both dates that had credit at the first: columns 0 and 1 of exposure."""
    wide = loans.pivot(index="firm_id", columns="as_of", values="exposure").dropna().set_axis([0, 1], axis=1)
    return wide[wide[0] > 0]


# The data set


def test_the_file_is_sorted(loans: pd.DataFrame) -> None:
    assert loans.sort_values(["firm_id", "as_of"]).index.equals(loans.index)


def test_2000_firms_of_which_120_left_and_140_joined(loans: pd.DataFrame, years: list[pd.DataFrame]) -> None:
    before, after = (set(year["firm_id"]) for year in years)
    assert (len(before | after), len(before - after), len(after - before)) == (2000, 120, 140)
    assert loans.groupby("firm_id")[["firm_name", "firm_name_en"]].nunique().eq(1).all(axis=None)
    assert loans["firm_name"].nunique() == loans["firm_name_en"].nunique() == 2000


def test_sizes_are_lognormal_with_a_heavy_tail(loans: pd.DataFrame) -> None:
    assert loans["sales"].median() == pytest.approx(6000, rel=0.1)
    assert loans["sales"].gt(200_000).any() and not loans["sales"].gt(900_000).any()
    assert abs(np.log(loans["sales"]).skew()) < 0.3


def test_shares_of_the_loan_book_are_as_promised(years: list[pd.DataFrame]) -> None:
    for year, defaults in zip(years, (0.02, 0.03), strict=True):
        assert year["defaulted"].mean() == pytest.approx(defaults, abs=0.002)
        assert year["overdue_days"].gt(0).mean() == pytest.approx(0.12, abs=0.015)
        assert year["roa"].isna().mean() == pytest.approx(0.03, abs=0.01)
        assert year["income"].lt(0).mean() == pytest.approx(0.05, abs=0.015)
        assert 0.02 < year["exposure"].eq(0).mean() < 0.08
        assert 5 <= year["debt_ratio"].gt(1).sum() <= 40
        risky = year["industry"].isin(["property", "construction"])
        assert year.loc[risky, "defaulted"].mean() > 2.5 * year.loc[~risky, "defaulted"].mean()


def test_a_fifth_of_the_firms_brings_about_two_thirds_of_the_income(years: list[pd.DataFrame]) -> None:
    for year in years:
        best = year["income"].sort_values(ascending=False).head(round(len(year) / 5))
        assert 0.65 <= best.sum() / year["income"].sum() <= 0.75


def test_weak_firms_are_weak_in_every_ratio(loans: pd.DataFrame) -> None:
    signs = loans[["debt_ratio", "current_ratio", "roa", "overdue_days", "defaulted"]].corr("spearman")["debt_ratio"]
    assert list(np.sign(signs)) == [1, -1, -1, 1, 1]
    assert signs.abs().gt(0.15).all()


def test_small_firms_hide_their_figures_more_often(loans: pd.DataFrame) -> None:
    assert loans.loc[loans["roa"].isna(), "total_assets"].median() < 0.6 * loans["total_assets"].median()
    assert 0 < loans["sales"].isna().sum() < loans["roa"].isna().sum()


def test_quality_persists_between_the_dates(loans: pd.DataFrame) -> None:
    assert loans.pivot(index="firm_id", columns="as_of", values="debt_ratio").corr("spearman").to_numpy()[0, 1] > 0.75


def test_most_exposures_move_within_a_fifth_and_some_are_repaid_or_grow(moves: pd.DataFrame) -> None:
    change = moves[1] / moves[0]
    assert 0.65 < change.between(0.8, 1.2).mean() < 0.85
    assert change.lt(0.75).mean() > 0.05
    assert change.gt(1.25).mean() > 0.05


def test_the_outlook_belongs_to_the_industry_and_moves_as_the_story_goes(loans: pd.DataFrame) -> None:
    by = loans.groupby(["industry", "as_of"])["industry_outlook"]
    assert by.nunique().eq(1).all()
    change = by.first().unstack().diff(axis=1).iloc[:, -1]
    assert (change[["property", "construction", "textiles"]] < 0).all()
    assert (change[["biopharma", "software", "electronics"]] > 0).all()


def tiers(loans: pd.DataFrame) -> pd.Series:
    """Tiers 5 (gold) to 0 (exit) by the case's default rule, the financial criterion left out where unknown."""

    def points(column: str, xs: list[float], ys: list[float], log: bool = False) -> pd.Series:
        x = np.log10(loans[column]) if log else loans[column]
        return pd.Series(np.interp(x, np.log10(xs) if log else xs, ys), loans.index).where(loans[column].notna())

    size = ([500.0, 2000, 10000, 50000, 200000], [20.0, 40, 60, 80, 100], True)
    criteria = {
        0.35: 0.7 * points("overdue_days", [0, 30, 90, 180, 360], [100, 70, 40, 10, 0])
        + 0.3 * points("years_with_bank", [0, 2, 5, 10], [40, 60, 80, 100]),
        0.20: pd.concat([points("sales", *size), points("total_assets", *size)], axis=1).mean(axis=1),
        0.30: points("debt_ratio", [0.4, 0.55, 0.7, 0.85, 1], [100, 80, 50, 20, 0]) / 3
        + points("current_ratio", [0.5, 1, 1.5, 2], [0, 50, 80, 100]) / 3
        + points("roa", [-0.02, 0, 0.03, 0.08], [0, 30, 60, 100]) / 3,
        0.15: loans["industry_outlook"],
    }
    score = sum(w * c.fillna(0) for w, c in criteria.items()) / sum(w * c.notna() for w, c in criteria.items())
    return pd.Series(np.digitize(score, [35, 50, 65, 75, 85]), loans.index)


def test_every_tier_of_the_case_has_its_firms(loans: pd.DataFrame) -> None:
    share = tiers(loans).value_counts(normalize=True)
    bands = {5: (0.03, 0.05), 4: (0.11, 0.16), 3: (0.22, 0.30), 2: (0.33, 0.40), 1: (0.11, 0.15), 0: (0.02, 0.05)}
    assert {tier: share[tier] for tier, (low, high) in bands.items() if not low <= share[tier] <= high} == {}


def test_a_veto_has_cases_to_bite_on(loans: pd.DataFrame) -> None:
    assert 5 <= (loans["defaulted"] & tiers(loans).ge(2)).sum() <= 40


def test_some_restricted_firms_got_more_credit(loans: pd.DataFrame, moves: pd.DataFrame) -> None:
    last = loans.assign(tier=tiers(loans)).groupby("firm_id")["tier"].last()
    grew = moves.index[moves[1] > 1.05 * moves[0]]
    assert last[grew].le(1).sum() >= 20


# Dictionary, loading, labels


def test_changing_a_loaded_table_does_not_change_the_next() -> None:
    mine = load(NAME)
    mine.loc[0, "sales"] = -1
    assert load(NAME)["sales"].min() > 0


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"typo": 1}, "typo"),
        ({"key": ["nowhere"]}, "nowhere"),
        ({"title": {"en": "x"}}, "exactly"),
        ({"columns": {"a": {"type": "category", "meaning": {"zh": "甲", "en": "A"}}}}, "categories"),
        ({"columns": {"a": {"type": "text", "ge": 0, "meaning": {"zh": "甲", "en": "A"}}}}, "bounds"),
        ({"columns": {"a": {"type": "text", "nullable": True, "meaning": {"zh": "甲", "en": "A"}}}}, "nullable"),
    ],
)
def test_a_faulty_dictionary_is_refused(change: dict[str, object], why: str) -> None:
    text = {"zh": "甲", "en": "A"}
    good = {"title": text, "source": text, "key": ["a"], "columns": {"a": {"type": "text", "meaning": text}}}
    DataDictionary.model_validate(good)
    with pytest.raises(ValidationError, match=why):
        DataDictionary.model_validate(good | change)


def test_an_unknown_data_set_is_said_with_the_known_ones(lang: str) -> None:
    with pytest.raises(DataError, match=r"nothing.*bank_loans"):
        load("nothing")


def test_labels_speak_the_language_chosen() -> None:
    assert label(NAME, "deposits") == "Deposits (10,000 yuan)"
    assert label(NAME, "roa") == "Return on assets"
    assert categories(NAME, "industry")["property"] == "Property"
    crmlib.core.i18n.use("zh")
    assert label(NAME, "deposits") == "存款余额（万元）"
    assert categories(NAME, "industry")["property"] == "房地产"


def test_names_stand_in_the_language_now_spoken_where_the_file_has_them() -> None:
    names = pd.DataFrame({"name": ["甲", "乙", "丙"], "name_en": pd.array(["A", "", None], dtype="string")})
    assert spoken(names, "name").tolist() == ["A", "乙", "丙"]
    assert spoken(names[["name"]], "name").tolist() == ["甲", "乙", "丙"]
    crmlib.core.i18n.use("zh")
    assert spoken(names, "name").tolist() == ["甲", "乙", "丙"]


def test_the_described_dictionary_has_a_row_a_column(lang: str) -> None:
    table = describe(NAME)
    assert list(table.index) == HEADER
    assert table.notna().all(axis=None)
    assert has_chinese("".join(table.columns)) == (lang == "zh")


# The user's own file


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= sign <= "\u9fff" for sign in text)


def with_cell(row: int, column: str, text: str, lines: list[str] | None = None) -> list[str]:
    """Return the first lines of the packaged file with one cell changed; ``row`` counts the header as 1."""
    lines = list(lines or LINES[:9])
    cells = next(csv.reader([lines[row - 1]]))
    cells[HEADER.index(column)] = text
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    lines[row - 1] = out.getvalue()[:-1]
    return lines


def write(folder: Path, content: list[str] | bytes, encoding: str = "utf-8") -> Path:
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else "\n".join(content).encode(encoding))
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(DataError) as refusal:
        read(path, NAME)
    return refusal.value.problems


@pytest.mark.parametrize(
    ("column", "text", "said"),
    [
        ("sales", "unknown", "unknown"),
        ("sales", "x" * 60, "x" * 39 + "…"),
        ("sales", "12%", "12%"),
        ("sales", "1_000", "1_000"),
        ("sales", "0x10", "0x10"),
        ("sales", "NaN", "NaN"),
        ("sales", "-inf", "-inf"),
        ("sales", "1e999", "1e999"),
        ("sales", "-5", "-5"),
        ("total_assets", "0", "0"),
        ("deposits", "", ""),
        ("deposits", "\u3000", ""),
        ("products", "2.5", "2.5"),
        ("products", "10", "9"),
        ("products", "9" * 16, "9999"),
        ("industry", "banking", "banking"),
        ("industry", "", ""),
        ("as_of", "2024-02-30", "2024-02-30"),
        ("as_of", "31.12.2024", "31.12.2024"),
        ("as_of", "2034-02-29", "2034-02-29"),
        ("defaulted", "2", "2"),
        ("firm_name", "   ", ""),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_text(
    tmp_path: Path, lang: str, column: str, text: str, said: str
) -> None:
    (sentence,) = problems(write(tmp_path, with_cell(5, column, text)))
    assert "5" in sentence and column in sentence and said in sentence
    assert has_chinese(sentence.replace("第", "", 1)) == (lang == "zh")
    assert "\n" not in sentence and "{" not in sentence


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "mine.csv"),
        (b" \n\n", "mine.csv"),
        (b"\xef\xbb\xbf\n", "mine.csv"),
        (LINES[0].encode(), "mine.csv"),
        (b"PK\x03\x04\x14\x00\x06\x00", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Excel"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "CSV UTF-8"),
        (b"\n<!DOCTYPE html><html><body>Please log in</body></html>", "CSV"),
        (b"<table><tr><td>firm_id</td></tr></table>", "CSV"),
        ("<html>登录".encode("gbk"), "CSV"),
        (b"firm_id,firm_name\nSZ1,\xff\xff\xff\n", "UTF-8"),
        (b"some,other\n1,2\n", "firm_id, firm_name, as_of"),
        (LINES[0].encode() + b'\n"SZ1', "2"),
        (LINES[0].encode() + b"\nSZ1,x,2024-12-31", "3"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_in_one_sentence(
    tmp_path: Path, lang: str, content: bytes, said: str
) -> None:
    (sentence,) = problems(write(tmp_path, content))
    assert said in sentence and "{" not in sentence
    assert has_chinese(sentence) == (lang == "zh")


def test_a_path_without_a_file_is_said(tmp_path: Path, lang: str) -> None:
    for path in (tmp_path, tmp_path / "gone.csv", tmp_path / ("x" * 300), tmp_path / "nul\0.csv"):
        (sentence,) = problems(path)
        assert has_chinese(sentence) == (lang == "zh")


def test_a_missing_column_is_said_with_the_one_that_looks_like_it(tmp_path: Path, lang: str) -> None:
    header = LINES[0].replace("sales", "Sales_").replace("deposits", "存款余额").replace("income", "q")
    said = problems(write(tmp_path, [header, *LINES[1:9]]))
    assert len(said) == 3
    for sentence, (column, like) in zip(
        said, {"sales": "Sales_", "deposits": "存款余额", "income": ""}.items(), strict=True
    ):
        assert column in sentence and like in sentence


def test_a_column_named_twice_is_refused(tmp_path: Path, lang: str) -> None:
    (sentence,) = problems(write(tmp_path, [LINES[0] + ",sales", *(line + ",1" for line in LINES[1:9])]))
    assert "sales" in sentence and "1" in sentence


def test_a_repeated_key_names_both_rows(tmp_path: Path, lang: str) -> None:
    (sentence,) = problems(write(tmp_path, [*LINES[:9], LINES[3]]))
    assert {"en": "4, 10", "zh": "4、10"}[lang] in sentence and "firm_id + as_of" in sentence


def test_all_problems_are_listed_at_once_by_row(tmp_path: Path, lang: str) -> None:
    lines = with_cell(3, "sales", "many")
    lines = with_cell(7, "industry", "banking", with_cell(7, "as_of", "soon", lines))
    lines = [lines[0].replace("deposits", "savings"), *lines[1:], LINES[3], LINES[10] + ",1"]
    said = problems(write(tmp_path, lines))
    expected = [
        ("deposits",),
        ("3", "sales", "many"),
        ({"en": "4, 10", "zh": "4、10"}[lang],),
        ("7", "as_of"),
        ("7", "industry"),
        ("11", "19", "18"),
    ]
    assert len(said) == len(expected)
    for sentence, parts in zip(said, expected, strict=True):
        assert all(part in sentence for part in parts), sentence


def test_rows_are_numbered_as_a_spreadsheet_numbers_them(tmp_path: Path) -> None:
    lines = with_cell(4, "firm_name", "two\nlines", with_cell(6, "sales", "many"))
    lines = [*lines[:2], "," * 17, *lines[2:]]
    assert problems(write(tmp_path, lines)) == [
        "Row 7, column “sales”: “many” is not a number: write digits only, such as 1234.5, or nothing if it is unknown."
    ]


def test_a_bad_cell_is_not_said_to_be_missing_too(tmp_path: Path) -> None:
    assert len(problems(write(tmp_path, with_cell(2, "deposits", "much")))) == 1


def test_a_long_list_of_problems_is_kept_whole_and_shown_in_part(tmp_path: Path, lang: str) -> None:
    lines = [LINES[0]] + [with_cell(2, "sales", "many", [LINES[0], line])[1] for line in LINES[1 : SHOWN + 12]]
    with pytest.raises(TableError) as refusal:
        read(write(tmp_path, lines), NAME)
    shown = str(refusal.value).splitlines()
    assert len(refusal.value.problems) == SHOWN + 11
    assert len(shown) == SHOWN + 1 and "11" in shown[-1]
    assert shown == refusal.value._render_traceback_()


def test_a_message_shows_hostile_text_on_one_plain_line(tmp_path: Path) -> None:
    (sentence,) = problems(write(tmp_path, with_cell(2, "sales", "\x1b[31m\u202egnp\nnext")))
    assert "“[31m gnp next”" in sentence


@pytest.mark.parametrize(
    ("encoding", "note"), [("utf-8", ""), ("utf-8-sig", ""), ("gbk", "GBK"), ("gb18030", "GBK"), ("utf-16", "UTF-16")]
)
def test_the_encoding_is_found_and_said_if_it_is_not_utf8(tmp_path: Path, lang: str, encoding: str, note: str) -> None:
    table = read(write(tmp_path, LINES[:9], encoding), NAME)
    pd.testing.assert_frame_equal(table.frame, load(NAME).head(8))
    assert [note in said for said in table.notes] == [True] * bool(note)


@pytest.mark.parametrize("separator", [";", "\t"])
def test_semicolons_and_tabs_are_found_and_said(tmp_path: Path, lang: str, separator: str) -> None:
    table = read(write(tmp_path, [line.replace(",", separator) for line in LINES[:9]]), NAME)
    pd.testing.assert_frame_equal(table.frame, load(NAME).head(8))
    assert len(table.notes) == 1


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_and_empty_rows_are_read(tmp_path: Path, end: str) -> None:
    table = read(write(tmp_path, end.join([*LINES[:9], "", "," * 17, ""]).encode()), NAME)
    pd.testing.assert_frame_equal(table.frame, load(NAME).head(8))
    assert table.notes == ("2 empty rows were left out.",)


def test_unknown_columns_are_kept_apart_and_said(tmp_path: Path, lang: str) -> None:
    lines = [LINES[0] + ",remark,", *(f"{line},<b>{n}</b>," for n, line in enumerate(LINES[1:9]))]
    table = read(write(tmp_path, lines), NAME)
    assert list(table.frame) == HEADER
    assert table.extra["remark"].tolist() == [f"<b>{n}</b>" for n in range(8)]
    (note,) = table.notes
    assert {"en": "remark, #20", "zh": "remark、#20"}[lang] in note


def test_an_optional_column_may_be_absent_and_columns_may_change_places(tmp_path: Path) -> None:
    wanted = load(NAME).head(8).drop(columns="firm_name_en")
    path = write(tmp_path, wanted[wanted.columns[::-1]].assign(defaulted="never").to_csv(index=False).encode())
    assert len(problems(path)) == 8
    path = write(tmp_path, wanted[wanted.columns[::-1]].to_csv(index=False).encode())
    pd.testing.assert_frame_equal(read(path, NAME).frame, wanted)


@pytest.mark.parametrize("date", ["2024/12/31", "2024.12.31", "2024年12月31日", " 2024-12-31 "])
def test_a_date_as_excel_rewrites_it_is_understood(tmp_path: Path, date: str) -> None:
    assert read(write(tmp_path, with_cell(3, "as_of", date)), NAME).frame.loc[1, "as_of"] == pd.Timestamp("2024-12-31")


# Words for codes


@pytest.mark.parametrize(
    ("column", "word", "code"),
    [
        ("industry", "纺织服装", "textiles"),
        ("industry", "Textiles", "textiles"),
        ("industry", " REAL ESTATE ", None),
        ("industry", "ＴＥＸＴＩＬＥＳ", "textiles"),
        ("defaulted", "是", True),
        ("defaulted", "否", False),
        ("defaulted", "Yes", True),
        ("defaulted", "n", False),
        ("defaulted", "是的", None),
    ],
)
def test_a_word_for_a_code_is_taken_and_said(tmp_path: Path, lang: str, column: str, word: str, code: object) -> None:
    path = write(tmp_path, with_cell(4, column, word, with_cell(3, column, word)))
    if code is None:
        assert len(problems(path)) == 2
        return
    table = read(path, NAME)
    assert table.frame.loc[1:2, column].tolist() == [code, code]
    (note,) = table.notes
    assert column in note and "2" in note and word.strip() in note
    assert has_chinese(note.replace(word, "")) == (lang == "zh")


@pytest.mark.parametrize(("text", "plain"), [("45%", "0.45"), ("4.5 %", "0.045"), ("１２％", "0.12"), ("-3%", "-0.03")])
def test_a_percentage_is_told_how_to_be_written(tmp_path: Path, lang: str, text: str, plain: str) -> None:
    (sentence,) = problems(write(tmp_path, with_cell(5, "roa", text)))
    assert sentence.rstrip(".。").endswith(plain)


def test_a_percentage_in_a_column_of_percentages_is_told_otherwise(tmp_path: Path) -> None:
    lines = (DATA / "accounts.csv").read_text("utf-8").splitlines()[:3]
    path = write(tmp_path, [lines[0], lines[1].replace(",8.0,", ",8%,"), lines[2]])
    with pytest.raises(TableError) as refusal:
        read(path, "accounts")
    assert [problem.mend for problem in refusal.value.found] == ["write the number 8"]


# The problems as a table


def test_the_table_of_problems_has_a_row_a_problem(tmp_path: Path, lang: str) -> None:
    lines = with_cell(3, "sales", "=many", with_cell(7, "industry", "banking"))
    with pytest.raises(TableError) as refusal:
        read(write(tmp_path, [lines[0].replace("deposits", "savings"), *lines[1:]]), NAME)
    table = refusal.value.table()
    assert table.iloc[:, 0].tolist() == [1, 3, 7]
    assert table.iloc[:, 1].tolist() == ["deposits", "sales", "industry"]
    assert table.iloc[:, 2].tolist() == ["", "=many", "banking"]
    for sentence in table.iloc[:, 3:].to_numpy().ravel():
        assert sentence.endswith("。" if lang == "zh" else ".") and sentence[:1].upper() == sentence[:1]
    assert all(has_chinese(name) == (lang == "zh") for name in table.columns)
    assert sum(n for _kind, n in refusal.value.counts()) == 3
    back = pd.read_csv(atomic_write(tmp_path / "problems.csv", csv_text(table)))
    assert back.iloc[1, 2] == "'=many"


def test_a_list_without_end_is_counted_past_a_million(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crmlib.tables.own_file, "MOST_PROBLEMS", 5)
    lines = [LINES[0]] + [with_cell(2, "sales", "many", [LINES[0], line])[1] for line in LINES[1:13]]
    said = problems(write(tmp_path, lines))
    assert (
        len(said) == 6 and said[-1] == "There are 7 more problems in column “sales”. Mend those listed and try again."
    )


# What is too much


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (",".join(f"c{n}" for n in range(10_000)) + "\n", "10,000"),
        ("firm_id\n" + "x" * 1_100_000, "1,000,000"),
        ("a" * 1_100_000, "1,000,000"),
        ('"' * 1_100_000, "1,000,000"),
        ("firm_id\n" + '"' * 200_000 + "\n", ""),
        ("firm_id\n" + '"\n' * 200_001, ""),
    ],
    ids=["columns", "long line", "one line", "quotes", "quotes in a cell", "quotes in lines"],
)
def test_a_table_past_a_limit_is_refused_in_one_sentence(tmp_path: Path, lang: str, content: str, said: str) -> None:
    (*_others, sentence) = problems(write(tmp_path, content.encode()))
    assert said in sentence and has_chinese(sentence.replace("第", "")) == (lang == "zh")


def test_the_limits_on_rows_cells_and_bytes_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, LINES[:9])
    for limit, said in (("MOST_ROWS", "more than 8 rows"), ("MOST_CELLS", "more than 8 cells")):
        with monkeypatch.context() as less:
            less.setattr(crmlib.tables.sheet, limit, 8)
            assert said in problems(path)[0]
    monkeypatch.setattr(crmlib.tables.sheet, "MOST_MEGABYTES", 0)
    assert "0 MB" in problems(path)[0]


# Many cells at once as one by one


def one_by_one(texts: list[str], kind: str, unit: str) -> tuple[list[object], dict[int, str]]:
    found: list[object] = []
    refused: dict[int, str] = {}
    for place, text in enumerate(texts):
        try:
            found.append(crmlib.tables.values.value(text, kind, unit) if text.strip() else None)
        except ValueError as why:
            found.append(None)
            refused[place] = str(why)
    return found, refused


TEXTS = (
    st.from_regex(crmlib.tables.values.NUMBER, fullmatch=True)
    | st.from_regex(crmlib.tables.values.DATE, fullmatch=True)
    | st.floats().map(str)
    | st.sampled_from(["", " ", "nan", "1e999", "-1e999", "1,234", "45%", "１２", "true", "0", " 1 ", "1_0", "9" * 16])
    | st.text(max_size=8)
)


@settings(max_examples=200, deadline=None)
@given(
    texts=st.lists(TEXTS, max_size=12),
    kind=st.sampled_from(list(crmlib.tables.dictionary.KINDS)),
    unit=st.sampled_from(["", "%"]),
)
def test_many_cells_at_once_are_read_as_one_by_one(texts: list[str], kind: str, unit: str) -> None:
    found, refused = crmlib.tables.values.values(texts, kind, unit)
    assert (found, {place: str(why) for place, why in refused.items()}) == one_by_one(texts, kind, unit)


@FEW
@given(grid=st.lists(st.lists(TEXTS, min_size=18, max_size=18), min_size=1, max_size=5))
def test_any_table_of_text_is_a_table_or_problems_at_its_cells(tmp_path: Path, grid: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([HEADER, *grid])
    try:
        assert isinstance(read(write(tmp_path, out.getvalue().encode("utf-8", "ignore")), NAME), Table)
    except TableError as refusal:
        lines = 2 + sum(map(out.getvalue().count, "\n\r"))
        assert all(1 <= problem.row <= lines for problem in refusal.found)
        assert len(refusal.table()) == len(refusal.problems)
    except DataError as refusal:
        assert refusal.problems


# Files for a spreadsheet


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@A1", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", " =1+1", "\n=1"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text: str) -> None:
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["", "a=1", "1+1", "'=1", "昆山", "<script>"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert neutralise(text) == text


def test_an_export_is_harmless_and_opens_right_in_excel(tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"=cmd": ["=1+1", "<script>", None], "n": [-1.5, np.nan, 1e-7], "f": [True, False, True], "c": ["+a", "b", "b"]}
    ).astype({"c": "category"})
    raw = atomic_write(tmp_path / "out.csv", csv_text(frame)).read_bytes()
    assert raw.decode("utf-8").splitlines() == [
        '\ufeff"\'=cmd","n","f","c"', '"\'=1+1",-1.5,1,"\'+a"', '"<script>","",0,"b"', '"",1e-07,1,"b"',
    ]  # fmt: skip
    assert b"\r" not in raw


def test_an_export_leaves_the_table_alone(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["=1"]})
    atomic_write(tmp_path / "out.csv", csv_text(frame))
    assert frame.loc[0, "a"] == "=1"


@pytest.mark.parametrize("stop", [KeyboardInterrupt, OSError])
@pytest.mark.parametrize("where", ["fsync", "replace"])
def test_an_export_stopped_halfway_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException], where: str
) -> None:
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def fail(*_: object) -> None:
        raise stop

    monkeypatch.setattr(f"crmlib.support.files.os.{where}", fail)
    with pytest.raises(stop):
        atomic_write(path, csv_text(load(NAME)))
    assert [file.name for file in tmp_path.iterdir()] == ["out.csv"]
    assert path.read_text(encoding="utf-8") == "old"


def test_writing_keeps_bytes_and_line_ends(tmp_path: Path) -> None:
    assert atomic_write(tmp_path / "a", "客\r\n户\n").read_bytes() == "客\r\n户\n".encode()
    assert atomic_write(str(tmp_path / "a"), b"\xff").read_bytes() == b"\xff"


# Any table, any bytes

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
WORDS = st.text(LETTERS, min_size=1, max_size=12).filter(str.strip)


def cells(spec: Column) -> st.SearchStrategy[object]:
    low = max((bound for rule, bound in spec.bounds.items() if rule != "le"), default=-1e15)
    high = spec.bounds.get("le", 1e15)
    kinds: dict[str, st.SearchStrategy[object]] = {
        "text": WORDS,
        "date": st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)).map(lambda t: datetime(t.year, t.month, t.day)),
        "number": st.floats(low, high, exclude_min="gt" in spec.bounds),
        "integer": st.integers(max(int(low), -(10**15) + 1), min(int(high), 10**15 - 1)),
        "category": st.sampled_from(list(spec.categories) or [""]),
        "flag": st.booleans(),
    }
    return st.none() | kinds[spec.type] if spec.nullable else kinds[spec.type]


def tables() -> st.SearchStrategy[pd.DataFrame]:
    book = dictionary(NAME)
    row = st.fixed_dictionaries({name: cells(spec) for name, spec in book.columns.items()})
    rows = st.lists(row, min_size=1, max_size=6)
    return rows.map(
        lambda some: book.typed(
            pd.DataFrame([one | {"firm_id": f"F{n}"} for n, one in enumerate(some)], columns=list(book.columns))
        )
    )


@FEW
@given(table=tables())
def test_any_valid_table_survives_export_and_reading(tmp_path: Path, table: pd.DataFrame) -> None:
    back = read(atomic_write(tmp_path / "out.csv", csv_text(table)), NAME)
    for column in ("firm_name", "firm_name_en"):
        table[column] = table[column].map(neutralise, na_action="ignore").astype("str")
    pd.testing.assert_frame_equal(back.frame, table, check_exact=True)
    assert all("as_of" in note for note in back.notes), "dates of any century"


def damaged() -> st.SearchStrategy[bytes]:
    """A small good file with some of its bytes replaced by others."""
    good = "\n".join(LINES[:5]).encode()
    place = st.integers(0, len(good))
    return st.builds(
        lambda start, length, junk: good[:start] + junk + good[start + length :],
        place, st.integers(0, 60), st.binary(max_size=20) | st.sampled_from([b",", b'"', b"\n", b"\t", b";", b"\r"]),
    )  # fmt: skip


@FEW
@given(
    content=st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore")) | damaged()
)
def test_any_bytes_are_a_table_or_a_data_error(tmp_path: Path, content: bytes) -> None:
    try:
        assert isinstance(read(write(tmp_path, content), NAME), Table)
    except DataError as refusal:
        assert refusal.problems and all(refusal.problems)

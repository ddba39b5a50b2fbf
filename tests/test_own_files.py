"""Files as other programs write them: encodings, survey tools, templates filled in; ways of reading kept in a file."""

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import yaml

from crmlib.chapters.loyalty.charts import tables as lists
from crmlib.chapters.loyalty.models import loyalty
from crmlib.chapters.tiers.models import tiers
from crmlib.cli.common import reading_words
from crmlib.core import i18n
from crmlib.core.errors import DataError, UserError
from crmlib.core.paths import DATA
from crmlib.reruns import rerun as runs
from crmlib.reruns.trial import trial
from crmlib.tables.columns import propose
from crmlib.tables.data import load, read, read_bytes
from crmlib.tables.dictionary import dictionary, heading
from crmlib.tables.encodings import guess
from crmlib.tables.reading import Reading, told
from crmlib.tables.saved import save, words
from crmlib.tables.template import template

NAME = "bank_loans"


@pytest.fixture
def chinese() -> Iterator[None]:
    """Speak Chinese in this test."""
    i18n.use("zh")
    yield
    i18n._chosen = None


DATASETS = sorted(path.stem for path in DATA.glob("*.yaml"))

# Encodings ------------------------------------------------------------------------------------------------------------

TEXTS = {
    "gbk": "常熟芷桴装饰工程有限公司、昆山市电子信息制造，产业前景评分",
    "big5": "臺北市電子資訊製造股份有限公司、客戶編號，統計日期",
    "shift_jis": "東京のソフトウェア株式会社、お客様の番号とサービス",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_the_encoding_of_a_text_is_the_one_in_which_its_signs_are_common(encoding: str) -> None:
    found = {"gbk": "gb18030", "big5": "cp950", "shift_jis": "cp932"}[encoding]
    assert guess(TEXTS[encoding].encode(encoding)) == found
    assert guess(("firm,name\n" + TEXTS[encoding] * 50).encode(encoding)) == found


def test_every_chinese_name_of_the_packaged_tables_is_still_told_as_gbk() -> None:
    names = load(NAME)["firm_name"].unique()
    assert all(guess("\n".join(names[at : at + 5]).encode("gbk")) == "gb18030" for at in range(0, len(names), 5))


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("big5", "Big5"), ("shift_jis", "Shift-JIS"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16")],
)
def test_a_file_in_another_encoding_is_read_and_said(tmp_path: Path, lang: str, encoding: str, said: str) -> None:
    name = TEXTS.get(encoding, TEXTS["gbk"])
    frame = load(NAME).head(6).assign(firm_name=name)
    (tmp_path / "mine.csv").write_bytes(frame.to_csv(index=False).encode(encoding))
    table = read(tmp_path / "mine.csv", NAME)
    assert set(table.frame["firm_name"]) == {name} and any(said in note for note in table.notes)


def test_a_second_mark_before_the_header_is_not_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_bytes(b"\xef\xbb\xbf" * 2 + (DATA / "bank_loans.csv").read_bytes())
    assert read(path, NAME).notes == ()


# Survey tools ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "column"),
    [
        ("3、您对商品质量的期望是多少？", "expect_quality"),
        ("3、您对商品质量的期望（1-10分）[量表题]", "expect_quality"),
        ("Q7. 您对价格的体验（必填）", "found_price"),
        ("5、您的期望—商品质量", "expect_quality"),
        ("5、请为体验打分:购物环境体验", "found_store"),
        ("12.您有多大可能推荐给亲友（0~10）", "recommend"),
        ("How likely to recommend us to a friend? (0-10)", "recommend"),
        ("8. Overall satisfaction with rival A, from 1 to 10 *", "rating_rival_a"),
        ("Overall satisfaction with rival B (1 – 10) (required)", "rating_rival_b"),
    ],
)
def test_a_question_of_a_survey_tool_is_proposed_for_its_column(header: str, column: str) -> None:
    found = propose(["提交时间", header, "序号"], "loyalty_customers")
    assert {want: match.column for want, match in found.items()} == {column: header}


def test_a_question_on_another_scale_is_not_proposed() -> None:
    assert propose(["3、您对商品质量的期望（1-5）"], "loyalty_customers") == {}


# Templates ------------------------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
@pytest.mark.parametrize("name", DATASETS)
def test_a_chinese_template_has_chinese_headers_and_is_read_without_a_mapping(name: str, chinese: None) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(name)))
    assert [cell.value for cell in book.active[1]] == [heading(name, column) for column in dictionary(name).columns]
    for row in load(name).head(3).astype(object).where(lambda frame: frame.notna(), None).to_numpy().tolist():
        book.active.append([int(cell) if isinstance(cell, bool) else cell for cell in row])
    out = io.BytesIO()
    book.save(out)
    table = read_bytes(out.getvalue(), "x.xlsx", name)
    pd.testing.assert_frame_equal(table.frame, load(name).head(3))


# Ways of reading, kept ------------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
def test_a_way_of_reading_is_kept_and_used_again(tmp_path: Path, lang: str) -> None:
    path = tmp_path / "mine.csv"
    frame = load(NAME).assign(sales=lambda some: some["sales"] * 1e4).rename(columns={"sales": "营收", "roa": "Roa"})
    out = io.StringIO()
    csv.writer(out).writerow(["台账"])
    path.write_text(out.getvalue() + frame.to_csv(index=False), "utf-8")
    asked = ["auto", "--unit=sales=元", "--header-row=2"]
    with pytest.raises(DataError, match="sales"):
        read(path, NAME, told(asked, [NAME])[NAME])
    reading = told(["sales=营收", "roa=Roa", *asked[1:]], [NAME])[NAME]
    kept = save(tmp_path / "way.yaml", reading, read(path, NAME, reading))
    assert yaml.safe_load(kept.read_text("utf-8")) == {
        "columns": {"sales": "营收", "roa": "Roa"}, "units": {"sales": "元"}, "header-row": "2",
    }  # fmt: skip
    assert told(words(kept), [NAME])[NAME] == reading
    made = runs.plan_rerun("bank_tiers", lang, files=[str(path)], columns=reading_words([str(kept)]))
    assert "sales=营收" in made.parameters()["columns"], "the notebook needs no file but the data"
    assert made.study().headline(made.answer()) == tiers.STUDY.headline(runs.plan_rerun("bank_tiers", lang).answer())


@pytest.mark.parametrize(
    ("content", "named"), [("colums: {}", "colums"), ("columns: [1]", "columns"), ("{", "way.yaml")]
)
def test_a_file_that_keeps_no_way_of_reading_is_refused(tmp_path: Path, lang: str, content: str, named: str) -> None:
    (tmp_path / "way.yaml").write_text(content, "utf-8")
    with pytest.raises(UserError, match=named):
        reading_words([str(tmp_path / "way.yaml")])
    with pytest.raises(UserError, match=r"gone\.yaml"):
        reading_words([str(tmp_path / "gone.yaml")])


# What cannot be known -------------------------------------------------------------------------------------------------


def test_one_survey_tells_of_no_change(lang: str) -> None:
    customers = load("loyalty_customers").query("wave == 2024")
    found = loyalty.measure(loyalty.prepare(customers, load("loyalty_orders")), loyalty.LoyaltyPolicy())
    figures = loyalty.headline(found)
    assert [key for key, value in figures.items() if math.isnan(value)] == [
        "satisfaction_change", "index_change", "nps_change",
    ]  # fmt: skip
    assert str(len(customers)) in lists.gaps(found).iloc[:, 0].astype(str).tolist()


def test_without_orders_nothing_is_said_of_purchases(lang: str) -> None:
    orders = load("loyalty_orders")
    found = loyalty.measure(loyalty.prepare(load("loyalty_customers"), orders.head(0)), loyalty.LoyaltyPolicy())
    assert set(lists.repeat_rates(found).to_numpy().ravel()) == {"–"}
    late = orders.assign(date=orders["date"] + pd.DateOffset(years=20))
    gaps = lists.gaps(loyalty.measure(loyalty.prepare(load("loyalty_customers"), late), loyalty.LoyaltyPolicy()))
    assert len(orders) in gaps.iloc[:, 0].tolist()


def test_where_nobody_is_rated_only_that_is_known() -> None:
    loans = load(NAME).assign(sales=float("nan"))
    figures = tiers.headline(tiers.grade(tiers.prepare(loans), tiers.TierPolicy()))
    assert {key for key, value in figures.items() if not math.isnan(value)} == {"unrated_firms"}
    assert figures["unrated_firms"] > 0


@pytest.mark.parametrize("dates", [["2024-12-31"], ["2023-12-31", "2024-12-30", "2024-12-31"]])
def test_a_check_says_what_a_rerun_would_say_with_the_dates(tmp_path: Path, lang: str, dates: list[str]) -> None:
    loans = load(NAME).head(6)
    loans["as_of"] = pd.to_datetime([dates[n % len(dates)] for n in range(6)])
    loans["firm_id"] = [f"F{n}" for n in range(6)]
    path = tmp_path / "mine.csv"
    loans.to_csv(path, index=False)
    with pytest.raises(UserError) as refusal:
        runs.plan_rerun("bank_tiers", lang, files=[str(path)])
    (said,) = trial(NAME, read(path, NAME), Reading()).refused["bank_tiers"]
    assert str(refusal.value) in said and all(date in said for date in dates) and str(6 // len(dates)) in said

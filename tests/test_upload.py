"""An explorer shows a file of one's own as the study does by a direct call, or says why not and stays as it is."""

import asyncio
import io
import re
from base64 import b64decode
from codecs import BOM_UTF8
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crmlib.chapters import chapter_of
from crmlib.chapters.distributors.explorers import own_table
from crmlib.chapters.studies import STUDIES
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.explorer.base import Explorer
from crmlib.explorer.upload import Chooser, OwnData, Place
from crmlib.tables.data import csv_text, load, read_bytes
from crmlib.tables.dictionary import dictionary
from crmlib.tables.template import template

AnyExplorer = Explorer[Any, Any, Any]
CHINESE = re.compile("[一-鿿]")
TOPICS = [name for name, study in STUDIES.items() if study.datasets]
every_topic = pytest.mark.parametrize("topic", TOPICS)
LOANS = load("bank_loans")
HALF = LOANS[LOANS["firm_id"] < "SZ1000"]


def explore(topic: str, **inputs: Any) -> AnyExplorer:
    made: AnyExplorer = chapter_of(topic).explore(topic, **inputs)
    return made


def as_csv(frame: pd.DataFrame) -> bytes:
    return csv_text(frame).encode()


def part_of(name: str) -> pd.DataFrame:
    """Return fewer rows of a packaged data set, whole enough for its study: of its main one a part of what it names."""
    key, columns = dictionary(name).key, dictionary(name).columns
    frame, named = load(name), next((column for column in key if columns[column].type != "date"), key[0])
    if name not in {study.datasets[0] for study in STUDIES.values() if study.datasets}:
        return frame
    known = list(frame[named].drop_duplicates())
    return frame[frame[named].isin(known[: len(known) * 3 // 4])]


def place(explorer: AnyExplorer, dataset: str = "") -> Place:
    assert explorer._own_data is not None
    return explorer._own_data.places[dataset or explorer.study.datasets[0]]


def upload(
    explorer: AnyExplorer, content: bytes, file: str = "mine.csv", dataset: str = "", piece: int = 50_000
) -> None:
    """Choose a file as the page does: in pieces."""
    chooser = place(explorer, dataset).chooser
    for at in range(0, max(len(content), 1), piece):
        said = {"name": file, "size": len(content), "at": at}
        message = {"content": {"data": {"method": "custom", "content": said}}, "buffers": [content[at : at + piece]]}
        chooser._handle_msg(message)


def picture(explorer: AnyExplorer) -> dict[str, Any]:
    return {key: explorer.board.get_state(key)[key] for key in ("figures", "facts", "remarks")}


def shown(explorer: AnyExplorer) -> str:
    return str(explorer._own_data.shown.value if explorer._own_data else "")


def direct(explorer: AnyExplorer, *frames: pd.DataFrame) -> list[list[str]]:
    figures = explorer.study.headline(explorer.study.answer(*frames, **explorer.inputs.model_dump()))
    return [[m.title(), m.shown(figures[key])] for key, m in explorer.study.measures.items()]


@pytest.fixture
def tiers(english: None) -> AnyExplorer:
    return explore("bank_tiers")


# A file that fits -----------------------------------------------------------------------------------------------------


@pytest.mark.shared(10)
@every_topic
def test_every_explorer_shows_a_file_of_ones_own_as_a_direct_call_does(lang: str, topic: str) -> None:
    explorer = explore(topic)
    course = picture(explorer)
    frames = [part_of(name) for name in explorer.study.datasets]
    for name, frame in zip(explorer.study.datasets, frames, strict=True):
        upload(explorer, as_csv(frame), f"{name}.csv", name)
    assert explorer.board.facts == direct(explorer, *frames)
    assert explorer.board.figures != course["figures"]
    assert all(f"{name}.csv" in shown(explorer) for name in explorer.study.datasets)
    assert bool(CHINESE.search(shown(explorer))) == (lang == "zh")
    explorer._own_data.back.click()  # type: ignore[union-attr]
    assert picture(explorer) == course and shown(explorer) == "" and explorer.own == {}


@pytest.mark.shared(5)
@every_topic
def test_loading_from_python_is_the_same(topic: str, tmp_path: Path, english: None) -> None:
    explorer = explore(topic)
    frames = {name: part_of(name) for name in explorer.study.datasets}
    for name, frame in frames.items():
        (tmp_path / f"{name}.csv").write_bytes(as_csv(frame))
    assert explorer.load({name: tmp_path / f"{name}.csv" for name in frames}) == ()
    assert explorer.board.facts == direct(explorer, *frames.values())
    explorer.load({name: as_csv(frame) for name, frame in frames.items()})
    assert explorer.board.facts == direct(explorer, *frames.values())


def test_a_workbook_may_be_uploaded_too(tiers: AnyExplorer) -> None:
    out = io.BytesIO()
    HALF.to_excel(out, index=False)
    upload(tiers, out.getvalue(), "mine.xlsx")
    assert tiers.board.facts == direct(tiers, HALF)


def test_the_controls_work_on_the_data_shown(tiers: AnyExplorer) -> None:
    upload(tiers, as_csv(HALF))
    tiers.set(gold_from=95)
    assert tiers.board.facts == direct(tiers, HALF)
    for back in (tiers.reset, tiers.textbook):
        back()
        assert tiers.board.facts == direct(tiers, HALF) and "mine.csv" in shown(tiers)


def test_the_data_do_not_move_the_controls(tiers: AnyExplorer) -> None:
    tiers.set(gold_from=95)
    upload(tiers, as_csv(HALF))
    assert tiers.inputs.gold_from == 95 and tiers.board.facts == direct(tiers, HALF)
    tiers.show_own({})
    assert tiers.inputs.gold_from == 95 and tiers.board.facts == direct(tiers, LOANS)


def test_what_was_assumed_is_said(tiers: AnyExplorer) -> None:
    frame = HALF.astype({"industry": object}).replace({"industry": {"textiles": "纺织服装"}})
    upload(tiers, as_csv(frame))
    assert "纺织服装 = textiles" in place(tiers).said.value
    assert tiers.load(as_csv(frame)) == read_bytes(as_csv(frame), "x", "bank_loans").notes


# A file that does not -------------------------------------------------------------------------------------------------


def bad(rows: int = 80) -> bytes:
    return as_csv(LOANS.head(rows).assign(sales="<img src=x onerror=alert(1)>"))


def test_a_bad_file_shows_its_problems_and_keeps_the_picture(lang: str) -> None:
    explorer = explore("bank_tiers")
    good = picture(explorer)
    upload(explorer, bad(), "<b>x</b>.csv")
    html = place(explorer).said.value
    assert picture(explorer) == good and explorer.own == {}
    assert html.count("<tr>") == 1 + 50 and "80" in html
    assert "<img" not in html and "<b>" not in html
    assert bool(CHINESE.search(html)) == (lang == "zh")
    upload(explorer, as_csv(HALF), "<b>x</b>.csv")
    assert "<b>" not in shown(explorer) + place(explorer).said.value
    upload(explorer, bad())
    assert explorer.board.facts == direct(explorer, HALF), "the last good data stay"
    assert "x&lt;/b&gt;.csv" in shown(explorer)


@pytest.mark.shared(2)
@pytest.mark.parametrize("content", [b"", b"\x00", b"PK\x03\x04", b"some,other\n1,2\n"])
def test_what_is_no_table_is_said(lang: str, content: bytes) -> None:
    explorer = explore("bank_tiers")
    upload(explorer, content)
    assert 'role="alert"' in place(explorer).said.value
    assert bool(CHINESE.search(place(explorer).said.value)) == (lang == "zh")
    assert not explorer.own


def test_data_the_study_cannot_bear_are_refused_and_the_picture_stays(lang: str) -> None:
    explorer = explore("bank_tiers")
    good = picture(explorer)
    one_date = LOANS[LOANS["as_of"] == LOANS["as_of"].max()]
    upload(explorer, as_csv(one_date))
    assert picture(explorer) == good and explorer.own == {}
    assert 'role="alert"' in place(explorer).said.value
    with pytest.raises(UserError):
        explorer.load(as_csv(one_date))
    explorer.set(gold_from=90)
    assert explorer.board.facts == direct(explorer, LOANS)


@pytest.mark.parametrize("failure", [ZeroDivisionError("by zero"), KeyError("x"), ValueError("y")])
def test_a_study_that_stumbles_over_data_leaves_all_as_it_was(
    tiers: AnyExplorer, monkeypatch: pytest.MonkeyPatch, failure: Exception
) -> None:
    good = picture(tiers)

    def stumble(*_args: object) -> Any:
        raise failure

    monkeypatch.setattr(tiers, "draw", stumble)
    with pytest.raises(UserError):
        tiers.load(as_csv(HALF))
    monkeypatch.undo()
    assert picture(tiers) == good
    tiers.set(gold_from=90)
    assert tiers.board.facts == direct(tiers, LOANS)


def test_two_files_that_need_one_another_wait_for_one_another(english: None) -> None:
    explorer = explore("loyalty")
    own = {name: part_of(name).assign(customer_id=lambda f: "X" + f["customer_id"]) for name in explorer.study.datasets}
    customers, orders = own
    upload(explorer, as_csv(own[orders]), "o.csv", orders)
    upload(explorer, as_csv(own[customers]), "c.csv", customers)
    assert set(explorer.own) == {customers, orders}
    assert explorer.board.facts == direct(explorer, own[customers], own[orders])


def test_an_unknown_data_set_is_refused(tiers: AnyExplorer) -> None:
    with pytest.raises(UserError, match="bank_loans"):
        tiers.load(b"", "orders")


# Mapping and saving ---------------------------------------------------------------------------------------------------


def test_a_proposed_mapping_is_used_when_it_is_agreed_to(lang: str) -> None:
    explorer = explore("bank_tiers")
    upload(explorer, as_csv(HALF.rename(columns={"sales": "<i>Sales", "deposits": "存款余额（万元）"})))
    at = place(explorer)
    assert explorer.own == {} and "存款余额（万元）" in at.said.value and "<i>" not in at.said.value
    assert [button.description for button in at._tools.children[:2]] == [at.agree.description, at.save.description]
    at.agree.click()
    assert explorer.board.facts == direct(explorer, HALF)
    assert at._tools.children == ()


def test_a_file_without_a_proposal_has_no_button_for_it(tiers: AnyExplorer) -> None:
    upload(tiers, bad())
    assert place(tiers).agree not in place(tiers)._tools.children


def test_the_list_of_problems_is_saved_whole_when_asked_for(
    lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    explorer = explore("bank_tiers")
    for file in ("../../=cmd|x.csv", "../../=cmd|x.csv", ".csv"):
        upload(explorer, bad(), file)
        place(explorer).save.click()
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "cmd_x_problems.csv", "cmd_x_problems_2.csv", "csv_problems.csv",
    ]  # fmt: skip
    table = pd.read_csv(tmp_path / "cmd_x_problems.csv")
    assert len(table) == 80 and table.shape[1] == 5
    assert "csv_problems.csv" in place(explorer).saved.value


def test_nothing_is_written_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> None:
    monkeypatch.chdir(tmp_path)
    explorer = explore("bank_tiers")
    upload(explorer, bad())
    upload(explorer, as_csv(HALF))
    assert list(tmp_path.iterdir()) == []


# Scenarios and reports ------------------------------------------------------------------------------------------------


def test_a_saved_scenario_says_that_the_data_are_not_in_it(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmlib.casebook.save_scenario", lambda *_args, **_options: None)
    explorer = explore("bank_tiers")
    assert "--data" not in explorer.save("x")
    upload(explorer, as_csv(HALF), "my <loans>.csv")
    assert explorer.save("x") == "crm rerun bank_tiers --scenario x --data 'my <loans>.csv'"
    explorer.load(as_csv(HALF.rename(columns={"sales": "Umsatz"})), mapping={"sales": "Umsatz"})
    assert explorer.save("x").endswith("--data bank_loans --map sales=Umsatz")


def test_a_scenario_names_each_file(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crmlib.casebook.save_scenario", lambda *_args, **_options: None)
    explorer = explore("loyalty")
    for name in explorer.study.datasets:
        upload(explorer, as_csv(part_of(name)), f"{name[-3:]}.csv", name)
    assert explorer.save("x").endswith("--data ers.csv --data loyalty_orders=ers.csv")


def test_a_report_is_made_on_the_data_shown(tiers: AnyExplorer, monkeypatch: pytest.MonkeyPatch) -> None:
    handed: list[pd.DataFrame] = []

    async def rerun(*words: str, **_options: Any) -> Any:
        name, _equals, path = words[words.index("--data") + 1].partition("=")
        handed.append(read_bytes(Path(path).read_bytes(), "x", name).frame)
        return type("Done", (), {"returncode": 0, "communicate": staticmethod(lambda: done())})()

    async def done() -> tuple[bytes, bytes]:
        return b"page.html", b""

    monkeypatch.setattr("crmlib.casebook.save_scenario", lambda *_args, **_options: None)
    monkeypatch.setattr("asyncio.create_subprocess_exec", rerun)
    upload(tiers, as_csv(HALF))
    assert asyncio.run(tiers.report("x")) == "page.html"
    pd.testing.assert_frame_equal(handed[0], HALF.reset_index(drop=True), check_exact=True)


# The row itself -------------------------------------------------------------------------------------------------------


def test_the_row_is_folded_and_speaks_the_language(lang: str) -> None:
    explorer = explore("distributors")
    own = explorer._own_data
    assert own in explorer.children[0].children and own.fold.content.layout.display == "none"
    assert [p.chooser.label.endswith(i18n.pick(dictionary(n).title)) for n, p in own.places.items()] == [True, True]
    texts = [own.fold.opener.description, own.back.description, *(p.chooser.label for p in own.places.values())]
    assert all(bool(CHINESE.search(text)) == (lang == "zh") for text in texts)


def test_an_opened_row_offers_empty_sheets_to_save(lang: str) -> None:
    own = explore("loyalty")._own_data
    assert "href" not in own._hint.value, "not made before they are wanted"
    own.fold.opener.value = True
    link = r'<a class="crm-download" download="([a-z_.]+)" href="data:[^,]+,([^"]+)">([^<]+)</a>'
    links = re.findall(link, own._hint.value)
    assert [file for file, _packed, _label in links] == ["loyalty_customers.xlsx", "loyalty_orders.xlsx"]
    for file, packed, label in links:
        assert b64decode(packed) == template(Path(file).stem)
        assert bool(CHINESE.search(label)) == (lang == "zh")


def test_studies_without_data_have_no_row(english: None) -> None:
    without = [s.name for s in STUDIES.values() if not s.datasets]
    assert "discounts" in without and len(without) == 2, "the discounts and the value of one customer"
    made = own_table().explorer
    assert made is not None and made._own_data is None
    assert not [child for child in made.children[0].children if isinstance(child, OwnData)]
    with pytest.raises(UserError):
        made.load(b"x")


def test_pieces_that_do_not_follow_one_another_are_left_aside() -> None:
    taken: list[tuple[bytes, str]] = []
    chooser = Chooser("choose", lambda data, file: taken.append((data, file)))

    def piece(at: int, data: bytes) -> None:
        chooser._piece(chooser, {"name": "a.csv", "size": 4, "at": at}, [data])

    piece(0, b"ab"), piece(3, b"x"), piece(0, b"cd"), piece(2, b"ef"), piece(2, b"gh")
    assert taken == [(b"cdef", "a.csv")]


def test_a_move_says_nothing_about_the_data(tiers: AnyExplorer, monkeypatch: pytest.MonkeyPatch) -> None:
    says: list[object] = []
    monkeypatch.setattr(tiers._own_data, "says", says.append)
    prepare: Callable[..., Any] = lambda *_tables: pytest.fail("prepared again")  # noqa: E731
    monkeypatch.setattr("crmlib.chapters.tiers.models.tiers.prepare", prepare)
    tiers.set(gold_from=90)
    assert says == []


def buttons(explorer: AnyExplorer) -> dict[str, Any]:
    return {one.description: one for one in place(explorer)._tools.children if hasattr(one, "click")}


def press(explorer: AnyExplorer, words: str) -> None:
    next(made for said, made in buttons(explorer).items() if words in said).click()


def test_each_way_of_reading_that_a_refusal_offers_is_a_button(lang: str) -> None:
    """A title above the header, and below it amounts in another unit: the ways add up."""
    explorer = explore("bank_tiers")
    frame = HALF.assign(total_assets=HALF["total_assets"] * 10_000).rename(
        columns={"total_assets": "total_assets（元）"}
    )
    upload(explorer, "本行贷款,,\n".encode() + as_csv(frame).removeprefix(BOM_UTF8))
    press(explorer, "--header-row 2")
    assert explorer.own == {}
    press(explorer, "--map 'total_assets=total_assets（元）' --unit 'total_assets=元'")
    reading = explorer.own["bank_loans"].reading
    assert (reading.header, reading.units) == ("2", {"total_assets": "元"})
    assert explorer.board.facts == direct(explorer, HALF)
    assert buttons(explorer) == {}


def test_ids_merged_downwards_and_signs_for_nothing_have_buttons(lang: str) -> None:
    """Each firm's id stands in its first row only, and sales that are unknown are a dash: one press each."""
    explorer = explore("bank_tiers")
    whole = HALF.sort_values(["firm_id", "as_of"], ignore_index=True)
    whole["sales"] = whole["sales"].mask(whole.index == 0)
    shown = whole.assign(firm_id=whole["firm_id"].mask(whole["firm_id"].duplicated(), ""))
    shown["sales"] = shown["sales"].astype(object).mask(shown["sales"].isna(), "—")
    upload(explorer, as_csv(shown))
    assert explorer.own == {} and sum("--" in words for words in buttons(explorer)) == 2
    press(explorer, "--empty-signs")
    press(explorer, "--fill-down")
    reading = explorer.own["bank_loans"].reading
    assert reading.fill_down and reading.empty_signs
    assert explorer.board.facts == direct(explorer, whole)


def test_data_of_two_files_that_do_not_match_offer_a_way_too(english: None) -> None:
    explorer = explore("loyalty")
    names = [name for name in explorer.study.datasets if "customer_id" in dictionary(name).columns]
    frame = part_of(names[0])
    ids = frame["customer_id"].str.lower()
    upload(explorer, as_csv(frame.assign(customer_id=ids)), dataset=names[0])
    assert explorer.own == {} and "--trim-ids" in place(explorer, names[0]).said.value
    offered = place(explorer, names[0])._tools.children
    next(made for made in offered if "--trim-ids" in getattr(made, "description", "")).click()
    assert explorer.own[names[0]].reading.trim_ids

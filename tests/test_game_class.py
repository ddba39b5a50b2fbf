"""A class at the game: what is handed in, late, missing or impossible; pages, ranking, a folder taken up again."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from conftest import Crm

from crmlib.classes.class_list import Student
from crmlib.classes.class_list import read as read_students
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.game import contest, teams
from crmlib.game.decisions import LEVERS, QUARTERS, Decisions, decided
from crmlib.game.engine import begin, step
from crmlib.game.market import draw
from crmlib.game.policies import POLICIES
from crmlib.game.score import score
from crmlib.tables.dictionary import dictionary

SPITEFUL = '<img src=x onerror="alert(1)">=1+1'
ROSTER = f"id,name,group\n1,张三,红队\n2,Bo,红队\n3,{SPITEFUL.replace(chr(34), '')},蓝队\n4,Ann,\n"
SENSIBLE = POLICIES["sensible"].play
assert isinstance(SENSIBLE, np.ndarray)


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(ROSTER, "utf-8")
    return path


def handed(folder: Path, *rows: str, head: str = "") -> Path:
    """Write a file of decisions; a row is team, quarter and the levers in their order."""
    path = folder / "decisions.csv"
    path.write_text("\n".join([head or ",".join(["team", "quarter", *LEVERS]), *rows]), "utf-8")
    return path


def full(team: str, quarter: int, **changes: object) -> str:
    """Return a row of the sensible policy with some levers otherwise."""
    values = {**decided(SENSIBLE[quarter - 1]).model_dump(), **changes}
    return ",".join([team, str(quarter), *map(str, values.values())])


def test_the_columns_of_the_file_are_the_levers_and_are_called_as_on_the_page() -> None:
    columns = dictionary(teams.FORM).columns
    assert list(columns) == ["team", "quarter", *LEVERS]
    for s in Decisions.settings():
        for lang in i18n.LANGUAGES:
            with i18n.speaking(lang):
                assert columns[s.name].meaning[lang] == i18n._(s.label)


def test_a_group_is_a_team_and_who_has_none_plays_alone() -> None:
    found = teams.teams([Student("1", "a", "", "x"), Student("2", "b"), Student("3", "c", "", "x")])
    assert [(team.name, len(team.members)) for team in found] == [("x", 2), ("2", 1)]


def test_two_teams_with_one_folder_are_refused(english: None) -> None:
    with pytest.raises(UserError, match="Team “a/b” needs another name"):
        teams.teams([Student("1", "a", "", "a_b"), Student("2", "b", "", "a/b")])


# What is handed in ----------------------------------------------------------------------------------------------------


def settled(texts: dict[str, str] | None, before: Decisions | None = None) -> tuple[Decisions, list[str]]:
    state = begin(draw(1), 1)
    found = teams.settle(step(state, before) if before else state, 0, texts)
    return decided(found.row), list(found.notes)


def test_what_is_missing_keeps_what_stood_and_buys_nothing(english: None) -> None:
    before = Decisions(service_a=2, credit_days=60, training=10, module="base")
    got, notes = settled(None, before)
    assert got == Decisions(service_a=2, credit_days=60)
    assert notes == ["Nothing was handed in for this quarter: nothing is bought, service and credit stay as they were."]


def whole(**changes: str) -> dict[str, str]:
    """Return a row of texts in which no lever is empty."""
    values = Decisions().model_dump()
    return {name: str(value) for name, value in values.items()} | changes


@pytest.mark.parametrize(
    ("texts", "note", "want"),
    [
        ({"training": "99"}, "99 is out of range; it may be 0 to 60. In its place: 0.", {}),
        ({"training": "much"}, "“much” is not a whole number; it may be 0 to 60. In its place: 0.", {}),
        ({"training": "10.5"}, "is not a whole number; it may be 0 to 60. In its place: 0.", {}),
        ({"module": "portal"}, "The module “business-flow portal” needs the one before it: nothing is built.", {}),
        ({"report": "crystal ball"}, "is not one of: none, survey, credit, outlook. In its place: no report.", {}),
        ({"cleaning": ""}, "Left empty, so as the rules say: Data cleaning.", {}),
    ],
)
def test_what_cannot_be_used_is_a_sentence_and_a_default(
    texts: dict[str, str], note: str, want: dict[str, object], english: None
) -> None:
    got, notes = settled(whole(**texts))
    assert len(notes) == 1 and note in notes[0]
    assert got == Decisions(**want)  # type: ignore[arg-type]


def test_a_module_that_is_there_is_not_built_again(english: None) -> None:
    got, notes = settled(whole(module="base"), Decisions(module="base"))
    assert notes == ["The module “base information” is there already: nothing is built."]
    assert got.module == "none"


def test_what_costs_more_than_the_budget_is_said_with_both_sums(english: None) -> None:
    got, notes = settled(whole(**dict.fromkeys(("training", "incentive", "control", "cleaning", "acquisition"), "60")))
    assert notes == [
        "These decisions cost ¥3,000,000, the budget is ¥2,400,000: nothing is bought, service and credit stay as they "
        "were."
    ]
    assert got == Decisions()


def test_choices_and_numbers_are_read_as_people_write_them(lang: str) -> None:
    got, notes = settled(
        whole(module="基础信息", report="Satisfaction survey (¥100,000)", training="１６", cleaning="14 万元")
    )
    assert (got.module, got.report, got.training, got.cleaning, notes) == ("base", "survey", 16, 14, [])


# The whole way --------------------------------------------------------------------------------------------------------


def game(crm: Crm, roster: Path, out: Path, *words: str) -> tuple[int, str, str]:
    return crm("game", "company", "--teams", roster, "--out", out, *words)


def files(out: Path) -> set[str]:
    return {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()}


def test_a_game_is_set_up_played_and_taken_up_again(crm: Crm, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "game"
    assert game(crm, roster, out, "--lang", "en")[0] == 0
    names = {"红队", "蓝队", "4"}
    assert files(out) == {f"students/{name}/quarter-0.html" for name in names} | {
        f"instructor/{name}" for name in ("ranking-0.html", "ranking-0.csv", "decisions-1.csv", "played.json")
    }
    first = handed(tmp_path, full("红队", 1), full("蓝队", 1, training=99))
    code, _out, said = game(crm, roster, out, "--lang", "en", "--decisions", str(first))
    assert code == 0
    assert "Team 蓝队, quarter 1: Training and help (10,000 yuan), training: 99 is out of range" in said
    assert "Team 4, quarter 1: Nothing was handed in for this quarter" in said
    both = handed(tmp_path, full("红队", 1, training=0), full("红队", 2), full("蓝队", 2), full("4", 2, module="base"))
    code, _out, said = game(crm, roster, out, "--lang", "en", "--decisions", str(both))
    assert code == 0
    assert "Team 红队, quarter 1: This quarter has been played already; what came later is not used." in said
    played = json.loads((out / "instructor" / "played.json").read_text("utf-8"))["played"]
    assert played["红队"] == [decided(row).model_dump() for row in SENSIBLE[:2]]
    assert "quarter-2.html" in {path.name for path in (out / "students" / "4").iterdir()}
    code, _out, said = game(crm, roster, out, "--lang", "en", "--decisions", str(both))
    assert (code, said) == (
        2, "Quarter 2 has been played; hand in decisions for the next one, or name it with --through.\n"
    )  # fmt: skip


def test_eight_quarters_at_once_and_a_ranking_by_value(crm: Crm, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "game"
    rows = [full("红队", q) for q in range(1, QUARTERS + 1)]
    code, said, _err = game(
        crm, roster, out, "--lang", "both", "--seed", "7", "--decisions", str(handed(tmp_path, *rows))
    )
    assert (code == 0 and said.endswith("8。\n")) or "8" in said.splitlines()[-1]
    table = pd.read_csv(out / "instructor" / "ranking-8.csv", encoding="utf-8-sig")
    value = float(score(contest.play(_contest(tmp_path / "again", 7), teams.Handed({}), QUARTERS).states[-1]).value[0])
    assert table.iloc[0, 1] == "红队" and table.iloc[:, 0].tolist() == [1, 2, 2]
    assert table.iloc[1, 2] == pytest.approx(value, abs=0.06)
    assert table.iloc[0, -1] == 100 and table.iloc[1, -1] == 0
    for lang in i18n.LANGUAGES:
        assert (out / "students" / "红队" / f"quarter-8.{lang}.html").exists()


def _contest(out: Path, seed: int) -> contest.Contest:
    return contest.plan_game("company", [Student("1", "a")], out, ["en"], seed)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_what_is_said_of_decisions_stands_on_each_page_in_its_language(
    lang: str, crm: Crm, roster: Path, tmp_path: Path
) -> None:
    out, path = tmp_path / "game", handed(tmp_path, full("红队", 1, training=99), full("蓝队", 1), full("4", 1))
    with i18n.speaking(lang):
        students = read_students(roster).students
        agreed = contest.plan_game("company", students, out, i18n.LANGUAGES)
        outcome = contest.play(agreed, teams.read(path, agreed.teams))
        (told,) = contest.said(outcome)
        contest.make(agreed, outcome)
    said = {"zh": "培训和帮助", "en": "Training and help (10,000 yuan), training: 99 is out of range"}
    assert said[lang] in told
    for spoken in i18n.LANGUAGES:
        page = (out / "students" / "红队" / f"quarter-1.{spoken}.html").read_text("utf-8")
        (item,) = re.findall(r"<li>(.*99.*)</li>", page)
        assert said[spoken] in item and said[i18n.other(spoken)] not in item


def test_a_number_is_read_with_its_unit_in_either_language(lang: str) -> None:
    got, notes = settled(whole(credit_days="60 days", credit_line="45 分"))
    assert (got.credit_days, got.credit_line, notes) == (60, 45, [])
    assert settled(whole(credit_days="60 天", credit_line="45 points")) == (got, [])


def test_the_best_team_stands_among_the_policies(tmp_path: Path, english: None) -> None:
    agreed = _contest(tmp_path, 1)
    contest.make(agreed, contest.play(agreed, teams.Handed({}), QUARTERS))
    page = (tmp_path / "instructor" / "ranking-8.html").read_text("utf-8")
    (row,) = re.findall(r"<tr>(<th[^>]*>the best team</th>.*?)</tr>", page)
    assert "your game" not in page and "what you decided" not in page and "<td" in row


class Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_names_from_files_are_text_on_every_page_and_no_formula_in_a_spreadsheet(tmp_path: Path) -> None:
    agreed = contest.plan_game(
        "company", [Student("1", SPITEFUL, "", SPITEFUL), Student("2", "x", "", "=1+1")], tmp_path, ["en"]
    )
    outcome = contest.play(agreed, teams.Handed({}), 1)
    with i18n.speaking("en"):
        contest.make(agreed, outcome)
    pages = list(tmp_path.rglob("*.html"))
    assert len(pages) == 3
    for page in pages:
        parser = Tags()
        parser.feed(page.read_text("utf-8"))
        assert not [tag for tag, attrs in parser.found if tag in ("img", "script") or "onerror" in attrs]
    for sheet in tmp_path.rglob("*.csv"):
        assert '"\'=1+1"' in sheet.read_text("utf-8-sig")


def test_the_empty_file_can_be_read_back_for_every_team(tmp_path: Path, lang: str) -> None:
    known = teams.teams([Student("1", "a", "", "=1+1"), Student("2", "b", "", "红队")])
    path = tmp_path / "decisions.csv"
    path.write_text(teams.template(known, 3), "utf-8")
    found = teams.read(path, known)
    assert set(found.rows) == {("=1+1", 3), ("红队", 3)} and found.through == 3
    assert all(not any(texts.values()) for texts in found.rows.values())


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["绿队,1"], "no team of the class list is called “绿队”"),
        (["红队,9"], "9"),
        (["红队,1", "红队,1"], "Rows 2, 3 have the same team + quarter"),
    ],
)
def test_a_file_that_names_nobody_or_somebody_twice_is_refused_whole(
    rows: list[str], said: str, crm: Crm, roster: Path, tmp_path: Path
) -> None:
    out = tmp_path / "game"
    path = handed(tmp_path, *rows, head="team,quarter")
    code, _out, err = game(crm, roster, out, "--lang", "en", "--decisions", str(path))
    assert code == 2 and said in err and "Traceback" not in err
    assert not out.exists()


def test_another_game_in_the_folder_is_refused_and_nothing_changes(crm: Crm, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "game"
    assert game(crm, roster, out, "--lang", "en")[0] == 0
    before = files(out)
    code, _out, said = game(crm, roster, out, "--lang", "en", "--seed", "5", "--through", "1")
    assert (code, files(out)) == (2, before)
    assert said == f"{out} holds another game (not the same: seed); choose another folder for this one.\n"
    (out / "instructor" / "played.json").write_text('{"seed": 2026, "game": "company"}', "utf-8")
    assert game(crm, roster, out, "--lang", "en", "--through", "1")[0] == 2


@pytest.mark.parametrize(
    "kept",
    [
        *(
            f'"game": "company", "seed": {seed}, "teams": [], "played": {{}}'
            for seed in ("-1", "true", "4294967296", '"x"')
        ),
        '"game": "company", "seed": 1, "teams": ["红队", "蓝队", "4"], "played": {"红队": 3}',
        '"seed": 1',
    ],
)
def test_what_was_played_and_cannot_be_read_is_a_sentence(kept: str, crm: Crm, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "game"
    (out / "instructor").mkdir(parents=True)
    (out / "instructor" / "played.json").write_text(f"{{{kept}}}", "utf-8")
    code, _out, said = game(crm, roster, out, "--lang", "en", "--through", "1")
    assert (code, said) == (2, f"{out / contest.PLAYED} cannot be read; choose another folder.\n")


@pytest.mark.parametrize("part", ["students", "instructor"])
def test_a_folder_with_files_of_something_else_is_refused(part: str, crm: Crm, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "class"
    (out / part).mkdir(parents=True)
    (out / part / "manifest.json").write_text("{}", "utf-8")
    code, _out, said = game(crm, roster, out, "--lang", "en")
    assert (code, files(out)) == (2, {f"{part}/manifest.json"})
    assert said == f"{out} holds files that are not of a game; choose another folder.\n"


def test_a_file_of_decisions_may_be_called_anything(crm: Crm, roster: Path, tmp_path: Path) -> None:
    path = handed(tmp_path, "绿队,1", head="team,quarter").rename(tmp_path / "x{1}.csv")
    code, _out, said = game(crm, roster, tmp_path / "game", "--lang", "en", "--decisions", str(path))
    assert code == 2 and said.startswith("x{1}.csv: no team of the class list is called “绿队”.")


def test_how_a_file_is_read_is_said_of_the_decisions_alone(crm: Crm, roster: Path, tmp_path: Path) -> None:
    code, _out, said = game(crm, roster, tmp_path / "game", "--lang", "en", "--header-row", "2")
    assert (code, said) == (2, "“--header-row” is about the table of decisions; name it with --decisions.\n")
    assert not (tmp_path / "game").exists()


def test_columns_of_both_files_may_be_called_otherwise(crm: Crm, roster: Path, tmp_path: Path) -> None:
    out, theirs = tmp_path / "game", tmp_path / "theirs.csv"
    theirs.write_text("\n".join(["matriculation,called,side", *ROSTER.splitlines()[1:]]), "utf-8")
    maps = [word for one in ("id=matriculation", "name=called", "group=side") for word in ("--map", one)]
    code, _out, said = game(crm, theirs, out, "--lang", "en", *maps)
    assert code == 0 and {"students/红队/quarter-0.html", "students/4/quarter-0.html"} <= files(out)
    path = handed(tmp_path, full("红队", 1), head=",".join(["side of the table", "quarter", *LEVERS]))
    maps += ["--map", "team=side of the table", "--decisions", str(path)]
    code, _out, said = game(crm, theirs, out, "--lang", "en", *maps)
    assert code == 0 and "students/红队/quarter-1.html" in files(out)
    assert "Team 红队" not in said
    code, _out, said = game(crm, theirs, out, "--lang", "en", "--map", "side=x")
    assert code == 2 and "There is no column “side” to be mapped" in said


def test_what_the_instructor_has_can_be_read_by_nobody_else(tmp_path: Path) -> None:
    agreed = _contest(tmp_path, 1)
    contest.make(agreed, contest.play(agreed, teams.Handed({})))
    assert (tmp_path / "instructor").stat().st_mode & 0o077 == 0


def test_no_page_before_the_last_shows_what_is_hidden(tmp_path: Path) -> None:
    agreed = _contest(tmp_path, 1)
    with i18n.speaking("en"):
        contest.make(agreed, contest.play(agreed, teams.Handed({}), 7))
        hidden, page = "Hidden type", (tmp_path / "students" / "1" / "quarter-7.html").read_text("utf-8")
        assert hidden not in page and "Value created" not in page
        contest.make(later := _contest(tmp_path, 1), contest.play(later, teams.Handed({}), 8))
        assert hidden in (tmp_path / "students" / "1" / "quarter-8.html").read_text("utf-8")

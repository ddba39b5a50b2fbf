"""Is the workbook's own bank large enough, sound over many seeds, and fit for the course's exam?"""

import copy
import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import Crm
from early import taken
from test_items import MCQ, NUM, TF, both, change, topic, written

from crmlib.core.paths import NOTEBOOKS
from crmlib.exams.assembly import assemble
from crmlib.exams.blueprint import Parallel, blueprint
from crmlib.exams.paper import forms
from crmlib.items import prose
from crmlib.items.audit import Stress, stress, table
from crmlib.items.bank import bank, read_bank
from crmlib.items.enemies import GivenAway, given_away, repeated
from crmlib.items.generators import GENERATORS
from crmlib.items.item import Choice, Number, TrueFalse, texts_in

SEEDS = taken(30, 200)
OWN = ("--only-own", "--topic", "own", "--seeds", "5", "--lang", "en")
BANK = bank()


def test_every_chapter_with_exercises_has_its_topic() -> None:
    assert set(GENERATORS) <= set(BANK.topics)
    for name, parts in BANK.topics.items():
        built = (NOTEBOOKS / "zh" / f"{parts[0].chapter}.ipynb").exists()
        assert built == (name in GENERATORS)


@pytest.mark.parametrize("name", BANK.topics)
def test_every_item_is_sound_over_many_seeds(name: str, english: None) -> None:
    found = list(stress(BANK, BANK.of(name), SEEDS))
    assert [f"{one.item}: {fault}" for one in found for fault in one.faults] == []


@pytest.mark.shared(3)
@pytest.mark.parametrize("many", [1, 2, 3])
def test_the_final_can_be_filled_several_times_over(many: int) -> None:
    found = forms(BANK, blueprint("final"), 1, many)
    assert list(found) == list("ABC")[:many]


def test_five_finals_can_be_made_that_share_no_question() -> None:
    """As five years would have them: each by itself as the blueprint asks, not held to one another."""
    apart = Parallel(topic=100, difficulty=1, bloom=100, minutes=120, drawn=40)
    found = assemble(list(BANK.items.values()), blueprint("final").model_copy(update={"parallel": apart}), 1, 5)
    taken = [id for chosen in found for ids in chosen.values() for id in ids]
    assert len(found) == 5
    assert len(taken) == len(set(taken))


def test_statements_are_about_as_often_true_as_false() -> None:
    answers = [item.answer for item in BANK.items.values() if isinstance(item, TrueFalse)]
    assert 0.4 <= sum(answers) / len(answers) <= 0.6


GIVEN_AWAY = """
tiers.criteria: tiers.weighted_score
distributors.eight_factors: distributors.entropy_zero
distributors.eight_factors: distributors.knocked_out
distributors.eight_factors: distributors.weighted_total
relationships.tf_medium_medium: relationships.two_borders
"""
"""Found by hand: what the first asks stands in the others."""


def test_no_item_holds_the_key_of_another_that_is_not_its_enemy() -> None:
    assert list(given_away(BANK)) == []


REPEATED = """
relationships.matrix_cell: relationships.at_the_border
tiers.rank_agreement: tiers.rank_correlation
foundations.which_task: tiers.four_tasks
"""
"""Found by hand: the second asks nearly what the first asks, also across topics."""


def test_no_item_nearly_repeats_another_that_is_not_its_enemy() -> None:
    assert list(repeated(BANK)) == []


def test_an_item_that_nearly_repeats_another_is_found_across_topics() -> None:
    bare = {id: item.model_copy(update={"enemies": ()}) for id, item in BANK.items.items()}
    found = {frozenset(pair) for pair in repeated(replace(BANK, items=bare))}
    assert {frozenset(line.split(": ")) for line in REPEATED.split("\n") if line} <= found


def test_check_names_an_item_that_repeats_another(tmp_path: Path, crm: Crm) -> None:
    zh, en = "一家面包店把客户分成老客户和新客户", "A bakery divides its customers into regular and new ones"
    items = [
        change(TF, id="own.one", stem=both(f"{zh}，分别管理。", f"{en} and manages each group.")),
        change(TF, id="own.two", answer=False, stem=both(f"{zh}，一律管理。", f"{en} and manages all of them.")),
    ]
    written(tmp_path, topic(*items))
    code, _said, complaint = crm("exam", "check", *OWN, "--bank", tmp_path)
    assert code == 2
    assert "own.two nearly repeats own.one; name one of them among the “enemies” of the other." in complaint


def test_an_item_that_holds_the_key_of_another_is_found() -> None:
    bare = {id: item.model_copy(update={"enemies": ()}) for id, item in BANK.items.items()}
    found = set(given_away(replace(BANK, items=bare)))
    assert {GivenAway(*line.split(": ")) for line in GIVEN_AWAY.split("\n") if line} <= found


def test_check_names_an_item_that_gives_another_away_until_they_are_enemies(tmp_path: Path, crm: Crm) -> None:
    texts = [
        both("信用记录与抵押物", "credit history and collateral"),
        both("门店数目与店员人数", "number of shops and of people in them"),
        both("往来年限与广告费用", "years of dealing and cost of advertising"),
    ]
    options = [{**option, "text": text} for option, text in zip(MCQ["options"], texts, strict=True)]
    giver = change(TF, stem=both("银行看信用记录与抵押物。", "A bank looks at credit history and collateral."))
    written(tmp_path, topic(change(MCQ, options=options), giver))
    asked = ("exam", "check", *OWN[1:], "--bank", tmp_path)  # beside the workbook's own
    code, _said, complaint = crm(*asked)
    assert code == 2
    assert "own.holds: its text gives own.which away; name one of them among the “enemies” of the other." in complaint
    written(tmp_path, topic(change(MCQ, options=options, enemies=["own.holds"]), giver))
    code, said, _complaint = crm(*asked)
    assert code == 0
    assert "own.which" in said and "with 5 seeds each" in said


def test_an_option_that_reads_like_the_letter_before_one_is_found(tmp_path: Path, english: None) -> None:
    options = copy.deepcopy(MCQ["options"])
    options[0]["text"] = both("B", "B")
    known = read_bank(written(tmp_path, topic(change(MCQ, options=options))).parent)
    [found] = stress(known, known.of("own"), 3)
    assert found.faults == ("an option is a single letter, as those are that stand before options.",)


def test_a_negative_number_has_a_minus_sign_and_no_hyphen(lang: str) -> None:
    """In whatever is drawn or written, behind a blank or a bracket; ranges, names and formulas have hyphens."""
    hyphen = re.compile(r"(?:(?<=[ (（=÷×])|^)-\d")
    for item in BANK.items.values():
        if not isinstance(item, Choice | TrueFalse | Number):
            texts = {str(both) for _place, both in texts_in(item)}
        else:
            drawn = [BANK.exercise(item, seed) for seed in range(10)]
            texts = {
                text for e in drawn for text in (e.question, e.worked, *e.options, *(d.reply for d in e.distractors))
            }
        assert not [text for text in texts if hyphen.search(prose.write(text, str, lambda latex: "", str))], item.id


def test_conflicting_keys_are_said(english: None) -> None:
    assert sum(item.note is not None for item in BANK.items.values()) >= 3


def test_the_table_has_a_row_an_item(lang: str) -> None:
    found = [Stress("own.a", "mcq", 10, 3, (5, 5), 0.5, ()), Stress("own.b", "tf", 10, 1, (), float("nan"), ("bad",))]
    rows = table(found)
    assert rows.iloc[0].tolist()[3:6] == ["5/5", "0.0", "50%"]
    assert rows.iloc[1, -1] == "bad"


# The command ----------------------------------------------------------------------------------------------------------


def test_check_names_what_is_unsound(tmp_path: Path, crm: Crm) -> None:
    wrong = [{**copy.deepcopy(NUM["distractors"][0]), "answer": answer} for answer in (1.02, 1.021)]
    written(tmp_path, topic(TF, change(NUM, answer=1.0, distractors=wrong)))
    code, _said, complaint = crm("exam", "check", *OWN, "--bank", tmp_path)
    assert code == 2
    assert "own.sum: seed 0: two of the answers cannot be told apart" in complaint


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "--seeds", "0"], "--seeds may be 1 to 100,000"),
        (["check", "--topic", "teirs"], "There is no topic “teirs”. Did you mean “tiers”?"),
        (["check", "--bank", "/nowhere"], "/nowhere cannot be read: no such file or folder."),
        (["check", "--only-own"], "name a folder of your own with --bank"),
        (["check", "--bank", "名" * 100], "cannot be read: the name is too long."),
        (["make", "--blueprint", "finale"], "There is no blueprint “finale”. Did you mean “final”?"),
        (["make", "--to", "pdf,paper"], "“paper” is not a format: choose from pdf, docx, html, moodle, qti,"),
        (["make", "--forms", "0"], "--forms may be 1 to 20"),
        (["make", "--copies", "-1"], "Give either --roster or a --copies of 1 or more"),
        (["make", "--from", "/nowhere/m.json"], "/nowhere/m.json cannot be read"),
        (["make", "--roster", "/nowhere/r.csv"], "/nowhere/r.csv"),
        (
            ["make", "--from", "m.json", "--seed", "5", "--forms", "2"],
            "made again as they were; leave out --seed, --forms",
        ),
    ],
)
def test_what_is_asked_wrongly_is_one_sentence(crm: Crm, tmp_path: Path, arguments: list[str], said: str) -> None:
    more = ["--out", tmp_path / "out"] if arguments[0] == "make" else []
    code, _said, found = crm("exam", *arguments, *more, "--lang", "en")
    assert code == 2
    assert said in found
    assert "Traceback" not in found
    assert not (tmp_path / "out").exists()


def test_an_own_item_that_is_wrong_is_named_with_file_line_and_field(tmp_path: Path, crm: Crm) -> None:
    written(tmp_path, topic({**TF, "colour": "red"}))
    code, _said, said = crm("exam", "make", "--bank", tmp_path, "--lang", "en")
    assert code == 2
    assert "own.yaml, line" in said
    assert "there is no field “items.own.holds.colour”" in said


def test_a_paper_is_made_and_made_again(tmp_path: Path, crm: Crm) -> None:
    first, again = tmp_path / "first", tmp_path / "again"
    made = ["exam", "make", "--blueprint", "mock", "--seed", "4", "--lang", "both", "--to", "html,gift"]
    code, _said, seed = crm(*made, "--out", first)
    assert code == 0 and "4" in seed
    manifest = first / "instructor" / "manifest.json"
    assert crm("exam", "make", "--from", manifest, "--to", "html,gift", "--out", again)[0] == 0
    files = sorted(path.relative_to(first) for path in first.rglob("*.*"))
    assert len(files) == 11
    assert [file for file in files if (first / file).read_bytes() != (again / file).read_bytes()] == []


def test_a_roster_gives_each_student_a_paper(tmp_path: Path, crm: Crm) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text("学号,姓名\n2023001,张三\n2023002,李四\n", "utf-8")
    made = ["exam", "make", "--blueprint", "mock", "--roster", roster, "--to", "html", "--out", tmp_path]
    assert crm(*made, "--lang", "zh")[0] == 0
    names = sorted(path.name for path in (tmp_path / "students").iterdir())
    assert names == ["mock-A-2023001-zh.html", "mock-A-2023002-zh.html"]


def test_an_own_bank_reads_beside_the_workbooks(tmp_path: Path) -> None:
    written(tmp_path, topic(TF))
    assert set(read_bank(tmp_path).items) == {*BANK.items, "own.holds"}

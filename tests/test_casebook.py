"""Is every case complete and alike in both languages, and are a user's own scenarios safe to write and to read?"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import yaml
from each import each

from crmlib import casebook
from crmlib.casebook import Case, Question
from crmlib.chapters.studies import STUDIES
from crmlib.chapters.tiers.models.tiers import TierPolicy
from crmlib.core.errors import UserError
from crmlib.core.inputs import Inputs
from crmlib.core.paths import CASEBOOK, DATA, ROOT
from crmlib.support.strict_yaml import LOADER

SHIPPED = casebook.cases()
EVERY_YAML = sorted([*CASEBOOK.glob("**/*.yaml"), *DATA.glob("*.yaml")])
YAML = sorted(p for name in SHIPPED for kind in ("*.yaml", "scenarios/*.yaml") for p in (CASEBOOK / name).glob(kind))


@pytest.fixture(params=SHIPPED)
def shipped(request: pytest.FixtureRequest) -> Case:
    """Each case of the casebook in turn."""
    return casebook.case(request.param)


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A copy of the bank case in which a test may write."""
    for file in (CASEBOOK / "bank_tiers").rglob("*"):
        if file.is_file() and file.parent.name != "mine":
            copy = tmp_path / "casebook" / file.relative_to(CASEBOOK)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    monkeypatch.setattr(casebook, "CASEBOOK", tmp_path / "casebook")
    return casebook.case("bank_tiers")


def study_inputs(case: Case) -> type[Inputs]:
    """Return the class of the inputs of a case's study."""
    inputs: type[Inputs] = STUDIES[case.study].inputs
    return inputs


def own(case: Case, name: str, content: str) -> Path:
    path = case.folder / "mine" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(content, "utf-8")
    return path


# What is shipped ------------------------------------------------------------------------------------------------------


def test_every_case_can_be_read_in_both_languages(shipped: Case, lang: str) -> None:
    assert shipped.text().startswith("# ")
    assert shipped.teaching_note().startswith("# ")
    assert shipped.label() in shipped.text()
    assert len(shipped.questions_markdown()) < len(shipped.questions_markdown(marking=True))
    assert shipped.remarks() == [] or (shipped.folder / "mine").exists()


def test_the_inputs_of_every_scenario_are_accepted_by_the_study(shipped: Case) -> None:
    inputs = study_inputs(shipped)
    for name in shipped.order:
        scenario = shipped.scenario(name)
        assert scenario.why, name
        assert inputs(**scenario.inputs).model_dump().items() >= scenario.inputs.items()


def test_questions_are_told_apart_and_each_has_marks(shipped: Case) -> None:
    ids = [q.id for q in shipped.questions]
    assert len(set(ids)) == len(ids)
    for q in shipped.questions:
        assert sum(mark.points for mark in q.marking) == q.points
        assert q.mistakes, f"{q.id} has no usual wrong answer"


def test_the_five_questions_of_the_sheet_make_the_short_answer_part_of_the_exam() -> None:
    sheet = casebook.case("bank_tiers").questions[:5]
    assert [q.id for q in sheet] == ["basis", "classes", "vip", "ending", "purpose"]
    assert {q.kind for q in sheet} == {"short"}
    assert sum(q.points for q in sheet) == 20


@each("path", YAML)
def test_no_field_is_given_twice_in_a_file(path: Path) -> None:
    """YAML would silently keep the last of the two."""

    def walk(node: yaml.Node | None) -> None:
        if isinstance(node, yaml.MappingNode):
            keys = [key.value for key, _value in node.value]
            assert len(set(keys)) == len(keys), f"line {node.start_mark.line + 1}"
            for _key, value in node.value:
                walk(value)
        if isinstance(node, yaml.SequenceNode):
            for value in node.value:
                walk(value)

    walk(yaml.compose(path.read_text("utf-8"), yaml.SafeLoader))


@pytest.mark.shared(5)
@pytest.mark.parametrize("path", EVERY_YAML, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_is_read_without_libyaml_too_and_says_the_same(path: Path) -> None:
    """PyYAML's own loader is stricter: a “?” that ends a word in braces has to be quoted."""
    text = path.read_text("utf-8")
    assert yaml.load(text, Loader=yaml.SafeLoader) == yaml.load(text, Loader=LOADER)


def test_the_two_gaps_of_the_source_are_stated_and_not_filled(lang: str) -> None:
    text = casebook.case("bank_tiers").text()
    ordinary = next(line for line in text.splitlines() if line.startswith(("| 一般", "| Ordinary")))
    assert ordinary.split("|")[2].strip() in ("复习提纲没有写", "The review sheet says nothing")
    assert "调整" in text


# What users save ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mine-1", "a", "我的情景", "x" * 40, "收紧_2", "console", "null", "1e3"])
def test_a_saved_scenario_reads_back_as_the_same_inputs(workplace: Case, lang: str, name: str) -> None:
    inputs = TierPolicy(gold_from=88.5, boundary="lower", lgd=0.6)
    path = casebook.save_scenario("bank_tiers", name, inputs, title="  *我的* &a: !b # “c” {d}\nsecond line ")
    found = casebook.case("bank_tiers").scenario(name)
    assert path == workplace.folder / "mine" / f"{name}.yaml"
    assert TierPolicy(**found.inputs) == inputs
    assert set(found.inputs) == {"gold_from", "boundary", "lgd"}
    assert found.label() == "*我的* &a: !b # “c” {d}\nsecond line"
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_a_scenario_without_a_title_is_called_by_its_name_and_may_change_nothing(workplace: Case) -> None:
    casebook.save_scenario("bank_tiers", "一样", TierPolicy())
    found = workplace.scenario("一样")
    assert (str(found.title), found.inputs, found.why) == ("一样", {}, None)


def test_another_scenario_of_that_name_is_replaced_only_when_that_is_said(workplace: Case, lang: str) -> None:
    casebook.save_scenario("bank_tiers", "again", TierPolicy(lgd=0.5))
    casebook.save_scenario("bank_tiers", "again", TierPolicy(lgd=0.5))
    with pytest.raises(UserError, match="again") as refusal:
        casebook.save_scenario("bank_tiers", "again", TierPolicy(lgd=0.7))
    assert len(refusal.value.problems) == 1
    assert workplace.scenario("again").inputs == {"lgd": 0.5}
    casebook.save_scenario("bank_tiers", "again", TierPolicy(lgd=0.7), replace=True)
    assert workplace.scenario("again").inputs == {"lgd": 0.7}


def test_a_scenario_of_ones_own_may_tell_its_story(workplace: Case, lang: str) -> None:
    casebook.save_scenario("bank_tiers", "mine", TierPolicy(lgd=0.5), why=" 抵押物跌价。\n再看一遍。 ")
    casebook.save_scenario("bank_tiers", "mine", TierPolicy(lgd=0.5))
    assert str(workplace.scenario("mine").why) == "抵押物跌价。\n再看一遍。", "the same again takes no story away"


def test_a_renamed_scenario_keeps_all_but_its_name(workplace: Case) -> None:
    casebook.save_scenario("bank_tiers", "first", TierPolicy(lgd=0.5), why="why")
    casebook.save_scenario("bank_tiers", "titled", TierPolicy(lgd=0.6), title="A title")
    casebook.rename_scenario("bank_tiers", "first", "第二")
    casebook.rename_scenario("bank_tiers", "titled", "third")
    assert list(workplace.scenarios) == [*workplace.order, "third", "第二"]
    second, third = workplace.scenario("第二"), workplace.scenario("third")
    assert (str(second.title), second.inputs, str(second.why)) == ("第二", {"lgd": 0.5}, "why")
    assert (str(third.title), third.inputs) == ("A title", {"lgd": 0.6})


@pytest.mark.parametrize(("old", "new"), [("a", "b"), ("a", "base"), ("base", "x"), ("zzz", "x"), ("../a", "x")])
def test_a_rename_that_would_lose_something_is_refused(workplace: Case, lang: str, old: str, new: str) -> None:
    casebook.save_scenario("bank_tiers", "a", TierPolicy(lgd=0.5))
    casebook.save_scenario("bank_tiers", "b", TierPolicy(lgd=0.6))
    before = {path: path.read_bytes() for path in workplace.folder.rglob("*.yaml")}
    with pytest.raises(UserError) as refusal:
        casebook.rename_scenario("bank_tiers", old, new)
    assert len(refusal.value.problems) == 1
    assert {path: path.read_bytes() for path in workplace.folder.rglob("*.yaml")} == before


def test_ones_own_scenarios_can_be_deleted_even_damaged_and_those_of_the_case_cannot(workplace: Case) -> None:
    casebook.save_scenario("bank_tiers", "a", TierPolicy(lgd=0.5))
    own(workplace, "b", "name: [")
    for name in ("a", "b"):
        casebook.delete_scenario("bank_tiers", name)
    assert not list(workplace.mine.iterdir())
    for name in ("base", "a", "../scenarios/base"):
        with pytest.raises(UserError):
            casebook.delete_scenario("bank_tiers", name)
    assert list(workplace.scenarios) == workplace.order


# What a notebook asks for ---------------------------------------------------------------------------------------------


def test_a_name_is_its_scenario_and_inputs_set_beside_it_win_and_are_said(workplace: Case, english: None) -> None:
    tightening = workplace.scenario("tightening")
    unset = dict.fromkeys(TierPolicy.model_fields)
    plain = workplace.chosen(TierPolicy, {**unset, "scenario": "tightening"})
    assert (plain.inputs, plain.title) == (TierPolicy(**tightening.inputs), "Tightening")
    default = TierPolicy().gold_from
    beside = workplace.chosen(TierPolicy, {**unset, "scenario": "tightening", "lgd": 0.6, "gold_from": default})
    assert beside.inputs == TierPolicy(**{**tightening.inputs, "lgd": 0.6, "gold_from": default})
    assert beside.title == "Tightening, with gold_from = 85; lgd = 0.6"
    every = workplace.chosen(TierPolicy, {**TierPolicy().model_dump(), "scenario": "tightening"})
    assert (every.inputs, every.title) == (TierPolicy(), "Tightening, with 7 other inputs")
    assert workplace.chosen(TierPolicy, {"scenario": ""}).inputs == TierPolicy()


def test_what_was_chosen_is_shown_with_its_story_and_what_it_changes(workplace: Case, lang: str) -> None:
    casebook.save_scenario("bank_tiers", "mine", TierPolicy(lgd=0.6), title="<i>", why="<b>")
    for name in workplace.scenarios:
        chosen = workplace.chosen(TierPolicy, {"scenario": name})
        shown = chosen._repr_html_()
        assert "<i>" not in shown and "<b>" not in shown
        assert unescape(shown).count(str(chosen.scenario.why)) == 1
        assert shown.count('scope="row"') == len(chosen.inputs.changes())


def test_an_unknown_scenario_in_a_notebook_is_refused_with_the_names(workplace: Case, lang: str) -> None:
    with pytest.raises(UserError) as refusal:
        workplace.chosen(TierPolicy, {"scenario": "Tightening!"})
    assert len(refusal.value.problems) == 1
    assert all(name in str(refusal.value) for name in workplace.order)


def test_ones_own_scenarios_come_after_those_of_the_case(workplace: Case) -> None:
    casebook.save_scenario("bank_tiers", "aaa", TierPolicy())
    assert list(workplace.scenarios) == [*workplace.order, "aaa"]


BAD_NAMES = [
    "", " ", "..", "../x", "a/b", "a\\b", "/etc/passwd", "C:x", "a.yaml", "a b", "A", "é", "a\n", "a\0", "x" * 41,
    "con", "nul", "com1", "lpt9", "％", "１", "，", "𠀀", "base", "small_firms",
]  # fmt: skip


@pytest.mark.parametrize("name", BAD_NAMES, ids=ascii)
def test_a_name_that_is_no_plain_file_name_or_is_taken_is_refused(workplace: Case, lang: str, name: str) -> None:
    before = sorted(workplace.folder.parent.rglob("*"))
    with pytest.raises(UserError) as refusal:
        casebook.save_scenario("bank_tiers", name, TierPolicy())
    assert len(refusal.value.problems) == 1
    assert sorted(workplace.folder.parent.rglob("*")) == before


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence(workplace: Case, english: None) -> None:
    (workplace.folder / "mine").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="mine/x.yaml cannot be written"):
        casebook.save_scenario("bank_tiers", "x", TierPolicy())


GOOD = "name: x\ntitle: {zh: 一, en: one}\ninputs: {lgd: 0.5}\n"
DAMAGED = {
    "an alias": (GOOD + "why: &a {zh: 一, en: one}\n", "line 4: YAML anchors"),
    "a bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "line 1: YAML anchors"),
    "a tag": (GOOD.replace("0.5", "!!python/object/apply:os.getcwd []"), "line 3: YAML anchors"),
    "a plain tag": (GOOD.replace("0.5", "!!float 0.5"), "line 3: YAML anchors"),
    "no Chinese": (GOOD.replace("一", "''"), "“title.zh” is empty"),
    "blank English": (GOOD.replace("one", "'  '"), "“title.en” is empty"),
    "no English": (GOOD.replace(", en: one", ""), "“title.en” is missing"),
    "an unknown field": (GOOD + "colour: red\n", "no field “colour”"),
    "another name": (GOOD.replace("name: x", "name: y"), "“name” says “y”"),
    "a broken line": (GOOD + "why: {zh\n", "line"),
    "a list": ("- 1\n- 2\n", "does not hold the fields"),
    "inputs that are a list": (GOOD.replace("{lgd: 0.5}", "[1]"), "“inputs” cannot be “[1]”"),
    "two documents": (GOOD + "---\n" + GOOD, "not valid YAML"),
    "depth without end": ("[" * 5000, "too deep"),
    "depth by indents": ("".join(f"{' ' * n}a:\n" for n in range(1500)), "too deep"),
    "a number too long": ("name: " + "9" * 5000, "not valid YAML"),
    "a day that never was": ("name: 2024-13-45", "not valid YAML"),
    "nothing": ("", "is empty"),
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_a_damaged_scenario_is_named_and_leaves_the_others_alone(workplace: Case, english: None, damage: str) -> None:
    content, said = DAMAGED[damage]
    own(workplace, "x", content)
    casebook.save_scenario("bank_tiers", "sound", TierPolicy(lgd=0.3))
    assert list(workplace.scenarios) == [*workplace.order, "sound"]
    assert workplace.scenario("base").inputs == {}
    with pytest.raises(UserError) as refusal:
        workplace.scenario("x")
    assert "mine/x.yaml" in str(refusal.value)
    assert said in str(refusal.value)
    assert workplace.remarks() == refusal.value.problems


def test_a_scenario_saved_by_a_windows_editor_is_read(workplace: Case) -> None:
    own(workplace, "x", GOOD).write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert workplace.scenario("x").inputs == {"lgd": 0.5}


def test_a_scenario_in_another_encoding_is_refused(workplace: Case, english: None) -> None:
    own(workplace, "x", "").write_bytes(GOOD.replace("一", "情景").encode("gbk"))
    assert "is not saved as UTF-8" in workplace.remarks()[0]


def test_an_own_file_cannot_take_the_place_of_a_shipped_scenario(workplace: Case) -> None:
    own(workplace, "base", GOOD.replace("name: x", "name: base"))
    assert workplace.scenario("base").inputs == {}
    assert "base" in workplace.remarks()[0]


# What cannot be found, and what is wrong with a shipped file ----------------------------------------------------------


def test_a_topic_stands_for_its_case_where_it_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert casebook.case("tiers").name == casebook.named("tiers") == "bank_tiers"
    monkeypatch.setattr(casebook, "cases", lambda: ["bank_tiers", "bank_tiers"])
    with pytest.raises(UserError, match="bank_tiers"):
        casebook.case("tiers")


@pytest.mark.parametrize("name", ["bank_tier", "bank-tiers"])
def test_an_unknown_case_is_answered_with_the_nearest(lang: str, name: str) -> None:
    with pytest.raises(UserError) as refusal:
        casebook.case(name)
    assert name in str(refusal.value)
    assert str(refusal.value).count("bank_tiers") == 2


@pytest.mark.parametrize("name", ["../casebook/bank_tiers", "", ".", "zzz", "{near}", "items"])
def test_a_case_that_is_like_none_is_answered_with_the_list(lang: str, name: str) -> None:
    with pytest.raises(UserError, match="bank_tiers"):
        casebook.case(name)


def test_an_unknown_scenario_is_answered_with_the_nearest(workplace: Case, english: None) -> None:
    with pytest.raises(UserError, match="“tightning”. Did you mean “tightening”.*base, tightening, property_downturn"):
        workplace.scenario("tightning")
    with pytest.raises(UserError, match="^There is no scenario “zzz”. There are: base, "):
        workplace.scenario("zzz")


def test_a_shipped_file_that_is_missing_or_damaged_is_named(workplace: Case, english: None) -> None:
    readers: dict[str, Callable[[], object]] = {
        "text.en.md": workplace.text,
        "teaching.en.md": workplace.teaching_note,
        "scenarios/tightening.yaml": lambda: workplace.scenarios,
        "questions.yaml": lambda: workplace.questions,
        "case.yaml": lambda: casebook.case("bank_tiers"),
    }
    for name, read in readers.items():
        (workplace.folder / name).write_text("")
        with pytest.raises(UserError, match=f"bank_tiers/{name} is empty"):
            read()
        if name != "case.yaml":
            (workplace.folder / name).unlink()
            with pytest.raises(UserError, match=f"bank_tiers/{name} is missing"):
                read()


def test_marks_that_do_not_add_up_are_refused(workplace: Case, lang: str) -> None:
    path = workplace.folder / "questions.yaml"
    path.write_text(path.read_text("utf-8").replace("points: 4", "points: 5", 1), "utf-8")
    with pytest.raises(UserError) as refusal:
        _ = workplace.questions
    assert all(said in str(refusal.value) for said in ("questions.yaml", "basis", "4", "5"))


def test_an_empty_translation_is_named_with_its_line_and_question(workplace: Case, english: None) -> None:
    path = workplace.folder / "questions.yaml"
    path.write_text(re.sub(r"zh: 信用状况.*", "zh: ' '", path.read_text("utf-8"), count=1), "utf-8")
    with pytest.raises(UserError, match=r"questions.yaml, line 13: “basis.marking.1.text.zh” is empty"):
        _ = workplace.questions


def test_the_sheet_for_students_does_not_give_the_marking_away(shipped: Case, lang: str) -> None:
    sheet, key = shipped.questions_markdown(), shipped.questions_markdown(marking=True)
    for number, q in enumerate(shipped.questions, 1):
        assert q.markdown(number, marking=False) in sheet
        assert all(str(m.text) in key and str(m.text) not in sheet for m in q.marking)
        assert all(str(m.reply) in key and str(m.reply) not in sheet for m in q.mistakes)


def test_a_question_without_usual_mistakes_has_no_heading_for_them(english: None) -> None:
    text = {"zh": "问", "en": "Ask"}
    marking = [{"points": 2, "text": text}]
    q = Question(id="q", kind="short", points=2, minutes=3, question=text, marking=marking)  # type: ignore[arg-type]
    assert q.markdown(7, marking=True).splitlines()[0] == "**7. Short answer · points: 2 · minutes: 3**"
    assert "mistake" not in q.markdown(7, marking=True) and "wrong" not in q.markdown(7, marking=True)

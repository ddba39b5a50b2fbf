"""Items whose answer has several parts: read, refused, laid out, and marked in one place, part by part."""

import copy
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from compound import EACH, FILL, MATCH, MULTI, ORDER, TERM, TFC, changed
from hypothesis import given
from hypothesis import strategies as st
from test_items import Dict, both, refusal, topic, written

from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.exams.paper import Question, question
from crmlib.items import credit
from crmlib.items.audit import stress
from crmlib.items.bank import Bank, read_bank
from crmlib.items.compound import Corrected, Fill, Several
from crmlib.items.enemies import given_away
from crmlib.items.item import KINDS, Topic, Written, misconceptions_of
from crmlib.items.laying import Laid, Machine, lay
from crmlib.support.strict_yaml import read_yaml

MACHINE = ("multi", "fill", "order", "match")


def own_bank(folder: Path, *items: Dict) -> Bank:
    written(folder, topic(*items))
    return read_bank(folder, packaged=False)


def laid(kind: str, seed: int = 0, lang: str = "en") -> Laid:
    read = Topic.model_validate(topic(EACH[kind]))
    assert isinstance(read.items[0], Machine)
    with speaking(lang):
        return lay(read.items[0], seed)


# What is read and what is refused -------------------------------------------------------------------------------------


def test_each_kind_is_read_with_its_points(tmp_path: Path) -> None:
    read = read_yaml(written(tmp_path, topic(*EACH.values())), Topic)
    assert [item.type for item in read.items] == list(EACH)
    assert [item.points for item in read.items] == [2, 2, 4, 3, 4, 3]
    assert isinstance(read.items[2], Written)
    assert set(EACH) <= set(KINDS)
    assert [list(misconceptions_of(item)) for item in read.items[:2]] == [["mixed_up"], ["mixed_up"]]


def options(*changes: tuple[int, Dict]) -> Dict:
    item = copy.deepcopy(MULTI)
    for place, change in changes:
        item["options"][place].update(change)
    return item


WRONG = {"correct": False, "misconception": "mixed_up"}
REFUSED: dict[str, tuple[Dict, str]] = {
    "one key": (options((0, WRONG), (1, WRONG)), "1 of its options are right; a question with several keys"),
    "all right": (options((3, {"correct": True, "misconception": None})), "all of its options are right"),
    "three options": (changed(MULTI, options=MULTI["options"][1:]), "it has 3 options; it may have 4 to 6"),
    "twins": (options((3, {"text": both("甲", "Fourth")})), "two of its options read the same in zh"),
    "all of the above": (options((3, {"text": both("丁", "All of the above")})), "tests nothing"),
    "a key with a misconception": (options((0, {"misconception": "mixed_up"})), "the right ones have none"),
    "an unknown misconception": (options((3, {"misconception": "x"})), "no misconception “x” at the head"),
    "a negative": (changed(MULTI, stem=both("哪些不正确？", "Which hold?")), "put ** around it (zh)"),
    "nothing to correct": (changed(TFC, answer=True), "take “correction” out"),
    "no correction": (changed(TFC, correction=None), "say under “correction” how it reads"),
    "a correction that says the same": (
        changed(TFC, correction=both("不成立。", "It holds.")),
        "as its statement (zh)",
    ),
    "no verdict": (changed(TFC, answer=None), "answer"),
    "a blank too few": (changed(FILL, stem=both("[[1]]与[[2]]", "[[1]] to [[2]]")), "[[1]] to [[3]], each once (zh)"),
    "a blank twice": (
        changed(FILL, stem=both("[[1]]与[[2]]和[[3]]", "[[1]] to [[2]] and [[3]], [[3]]")),
        "[[1]] to [[3]], each once (en)",
    ),
    "blanks alone": (changed(FILL, stem=both("[[1]] [[2]] [[3]]", "[[1]] [[2]] [[3]]")), "nothing but blanks"),
    "nothing accepted": (changed(FILL, blanks=[{"accept": [], "why": both("一", "one")}]), "accept"),
    "one line": (changed(ORDER, sequence=ORDER["sequence"][:2]), "sequence"),
    "a line twice": (changed(ORDER, sequence=[*ORDER["sequence"], both("五", "One")]), "read the same in en"),
    "two pairs": (changed(MATCH, pairs=MATCH["pairs"][:2]), "pairs"),
    "a right side twice": (changed(MATCH, others=[both("汪", "baa")]), "right sides read the same in zh"),
    "a left side twice": (
        changed(MATCH, pairs=[*MATCH["pairs"], {"left": both("猫", "cow"), "right": both("哞", "moo")}]),
        "left sides read the same in zh",
    ),
    "a rubric that does not add up": (changed(TERM, points=5), "adds up to 4, not to 5"),
    "unlike numbers": (changed(ORDER, why=both("数到 4。", "Count to 5.")), "the numbers in zh and en differ"),
    "a field of nobody's": (changed(ORDER, answer=1), "answer"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_sound_item_is_refused_in_a_sentence(case: str, tmp_path: Path) -> None:
    item, said = REFUSED[case]
    with speaking("en"):
        assert said in refusal(written(tmp_path, topic(item)))
    with speaking("zh"):
        assert item["id"] in refusal(written(tmp_path, topic(item))) or "items" in refusal(
            written(tmp_path, topic(item))
        )


def test_an_author_may_write_points_and_hints_of_her_own(tmp_path: Path) -> None:
    item = changed(MATCH, points=1.5, hints=[both("听", "Listen")])
    read = read_yaml(written(tmp_path, topic(item)), Topic).items[0]
    assert (read.points, str(read.hints[0].en)) == (1.5, "Listen")


# Marks, derived by hand -----------------------------------------------------------------------------------------------

Q = Question("own.q", "multi", "own", "apply", 2, 1, "?")


class Key:
    """A right answer of which a test knows all."""

    def __init__(self, kind: str, keys: tuple[int, ...] = (), accept: tuple[tuple[str, ...], ...] = ()):
        self.kind, self.keys, self.accept = kind, keys, accept
        self.also: tuple[tuple[str, ...], ...] = tuple(() for _one in accept)


SEVERAL = Key("multi", (0, 2, 3))
IN_ORDER = Key("order", (2, 0, 1))
PAIRED = Key("match", (3, 1, 0))
GAPS = Key("fill", accept=(("sales", "sales volume"), ("80%",), ("¥600,000",)))
MARKS: tuple[tuple[Key, Any, float], ...] = (
    (SEVERAL, [0, 2, 3], 1),
    (SEVERAL, [3, 0, 2], 1),
    (SEVERAL, [0, 2], 0.5),
    (SEVERAL, [3], 0.5),
    (SEVERAL, [0, 1, 2, 3], 0),  # all options ticked: one of them is wrong
    (SEVERAL, [1], 0),
    (SEVERAL, [], 0),
    (SEVERAL, None, 0),
    (IN_ORDER, [2, 0, 1], 1),
    (IN_ORDER, [2, 1, 0], 1 / 3),  # the first alone stands where it should
    (IN_ORDER, [0, 1, 2], 0),  # each one place too late
    (IN_ORDER, None, 0),
    (PAIRED, [3, 1, 0], 1),
    (PAIRED, [3, 1, 2], 2 / 3),
    (PAIRED, [3, 3, 3], 1 / 3),
    (PAIRED, [None, 1, None], 1 / 3),
    (GAPS, ["sales", "80%", "600000"], 1),
    (GAPS, ["Sales  VOLUME", "0.8", "60 万元"], 1),
    (GAPS, ["ＳＡＬＥＳ", "80", "600"], 1 / 3),  # 80 is not 80%, and 600 not 600,000
    (GAPS, ["sale", "", ""], 0),
    (GAPS, ["sales"], 1 / 3),
)


@pytest.mark.parametrize("n", range(len(MARKS)))
def test_marks_are_those_derived_by_hand(n: int) -> None:
    key, answer, share = MARKS[n]
    assert credit.share(key, answer) == pytest.approx(share)


@pytest.mark.parametrize(
    ("true", "judged", "corrected", "share"),
    [
        (False, False, True, 1),
        (False, False, False, 0.5),
        (False, True, True, 0),  # a correction of what was held to be true says nothing
        (False, None, True, 0),
        (True, True, False, 1),
        (True, False, True, 0),
    ],
)
def test_a_verdict_earns_half_and_its_correction_the_other_half(
    true: bool, judged: bool | None, corrected: bool, share: float
) -> None:
    assert credit.of_verdict(true, judged, corrected) == share


@pytest.mark.parametrize(
    ("given", "known", "same"),
    [
        ("客户 终身价值", "客户终身价值", True),
        ("客户终身价值。", "客户终身价值", True),
        ("ＣＲＭ", "crm", True),
        ("1,200", "1200", True),
        ("1200.0", "1200", True),
        ("3 万元", "30,000 元", True),
        ("3", "3 万元", False),
        ("12%", "0.12", True),
        ("十二", "12", False),
        ("satisfied", "satisfaction", False),
        ("  ", "x", False),
    ],
)
def test_a_blank_takes_what_says_the_same(given: str, known: str, same: bool) -> None:
    assert credit.accepted(given, [known]) is same


def test_a_blank_takes_the_other_language_too() -> None:
    for lang in LANGUAGES:
        one = laid("fill", lang=lang)
        assert one.share(["sales", "成本", "80 %"]) == 1
        assert all(len(known) == len(other) for known, other in zip(one.accept, one.also, strict=True))
    assert laid("fill", lang="zh").accept[0] == ("销售", "销售额")


def test_a_blank_for_an_amount_takes_the_number_of_its_own_language_alone() -> None:
    blank = {"accept": [both("60", "600,000")], "why": both("平均。", "The mean.")}
    item = Fill(**changed(FILL, stem=both("平均 [[1]] 万元。", "On average ¥[[1]]."), blanks=[blank]))
    for lang, right, wrong in (("zh", "60", "600000"), ("en", "600000", "60")):
        with speaking(lang):
            one = lay(item, 0)
        assert (one.share([right]), one.share([wrong])) == (1, 0)


PARTS = st.one_of(st.none(), st.integers(-3, 9), st.text(max_size=6))
ANSWERS = st.one_of(st.none(), st.lists(PARTS, max_size=9), st.text(), st.integers())


@given(st.sampled_from(MACHINE), st.integers(0, 50), ANSWERS, st.sampled_from([0.5, 1, 1.5, 2, 3, 4, 5, 10, 20]))
def test_no_answer_earns_less_than_nothing_more_than_all_or_all_without_being_right(
    kind: str, seed: int, answer: Any, points: float
) -> None:
    one = laid(kind, seed)
    marks = credit.earned(points, one.share(answer))
    assert 0 <= marks <= points
    if marks == points:
        right = one.right
        assert isinstance(right, list)
        assert isinstance(answer, list)
        if kind == "multi":
            assert set(answer) == set(right)
        elif kind == "fill":
            assert all(credit.parts(one, answer))
        else:
            assert answer[: len(right)] == right


@given(st.sampled_from(MACHINE), st.integers(0, 10**6), st.sampled_from(LANGUAGES))
def test_the_right_answer_earns_all(kind: str, seed: int, lang: str) -> None:
    one = laid(kind, seed, lang)
    assert one.share(one.right) == 1
    assert one.check(one.right).verdict == "right"


@given(st.sampled_from(["order", "match", "fill"]), st.integers(0, 99), st.sets(st.integers(0, 3)))
def test_each_part_earns_the_same(kind: str, seed: int, lost: set[int]) -> None:
    one = laid(kind, seed)
    right = one.right
    assert isinstance(right, list)
    answer: list[Any] = [None if n in lost else part for n, part in enumerate(right)]
    wrong = len([n for n in lost if n < len(right)])
    assert one.share(answer) == pytest.approx(1 - wrong / len(right))


# How it is laid out ---------------------------------------------------------------------------------------------------


@given(st.sampled_from(["multi", "order", "match"]), st.integers(0, 10**6))
def test_both_languages_are_laid_out_alike(kind: str, seed: int) -> None:
    zh, en = laid(kind, seed, "zh"), laid(kind, seed, "en")
    assert (zh.keys, len(zh.options), zh.misconceptions) == (en.keys, len(en.options), en.misconceptions)


@given(st.integers(0, 10**6))
def test_an_order_is_never_shown_right_already(seed: int) -> None:
    one = laid("order", seed)
    assert one.share(list(range(len(one.options)))) < 1
    assert [one.options[n] for n in one.keys] == ["one", "two", "three", "four"]


def test_pairs_are_kept_and_others_belong_to_nothing() -> None:
    one = laid("match", 5)
    found = {left: one.options[key] for left, key in zip(one.lefts, one.keys, strict=True)}
    assert found == {"cat": "meow", "dog": "woof", "duck": "quack"}
    assert "baa" in one.options


def test_feedback_names_the_misconception_and_tells_no_key() -> None:
    one = laid("multi", 3)
    wrong = next(n for n in range(4) if n not in one.keys)
    with speaking("en"):
        said = one.check([wrong, one.keys[0]])
        assert (said.verdict, said.misconception) == ("mistake", "mixed_up")
        assert "fourth does not" in said.said
        assert "first holds" not in said.said
        assert "half of the points" in one.check([one.keys[0]]).said
        assert "Parts that are right: 1 of 3" in laid("fill").check(["sales", "x", ""]).said
        assert "blank (2), (3)" in laid("fill").check(["sales", "x", ""]).said
    for kind in ("order", "match"):
        with speaking("zh"):
            assert laid(kind, 1, "zh").worked not in laid(kind, 1, "zh").check(None).said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_question_of_each_kind_knows_its_key(lang: str, tmp_path: Path) -> None:
    bank = own_bank(tmp_path, *EACH.values())
    with speaking(lang):
        asked = {item.type: question(bank, item, 7) for item in bank.items.values()}
    assert [kind for kind, q in asked.items() if q.in_words] == ["tfc", "term"]
    assert asked["multi"].answer == "".join("ABCD"[n] for n in asked["multi"].keys)
    assert len(asked["order"].answer) == 4
    assert asked["fill"].answers[1] == ("(2) 成本" if lang == "zh" else "(2) Cost")
    assert asked["tfc"].letter == ("错" if lang == "zh" else "F")
    assert sum(mark.points for mark in asked["tfc"].rubric) == asked["tfc"].points


# The bank and its audit -----------------------------------------------------------------------------------------------


def test_the_audit_draws_each_kind_that_a_machine_marks(tmp_path: Path) -> None:
    bank = own_bank(tmp_path, *EACH.values())
    found = {one.kind: one for one in stress(bank, bank.items.values(), 400)}
    assert set(found) == set(MACHINE)
    assert not [fault for one in found.values() for fault in one.faults]
    assert sum(found["multi"].places) == 3 * 400
    assert found["order"].distinct == 23  # all orders of four but the right one


def test_a_text_that_holds_the_key_of_another_item_is_found(tmp_path: Path) -> None:
    tells = changed(TERM, id="own.tells", stem=both("大黄狗汪汪叫", "Why the yellow dog says woof"))
    pairs = [{"left": both("大黄狗", "yellow dog"), "right": both("汪汪叫", "says woof")}, *MATCH["pairs"][2:]]
    pairs.append({"left": both("花猫咪", "spotted cat"), "right": both("喵喵叫", "says meow")})
    bank = own_bank(tmp_path, changed(MATCH, pairs=pairs), tells)
    assert ("own.pairs", "own.tells") in [(pair.item, pair.by) for pair in given_away(bank)]
    other = tmp_path / "apart"
    other.mkdir()
    apart = own_bank(other, changed(MATCH, pairs=pairs, enemies=["own.tells"]), tells)
    assert not list(given_away(apart))


def test_kinds_of_the_bank_keep_their_order_of_a_paper() -> None:
    wanted = ["mcq", "multi", "tf", "tfc", "fill", "order", "match", "num", "term", "short", "essay", "case"]
    assert list(KINDS) == wanted


def test_a_bank_with_a_faulty_item_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="mend|correction"):
        own_bank(tmp_path, MULTI, changed(TFC, correction=None))


def test_models_stay_as_they_were_read(tmp_path: Path) -> None:
    item = own_bank(tmp_path, MULTI, TFC).items
    assert isinstance(item["own.several"], Several)
    assert isinstance(item["own.mend"], Corrected)
    assert yaml.safe_load(item["own.mend"].model_dump_json())["correction"]["en"] == "It holds."


def test_orders_come_from_the_seed_alone() -> None:
    random = Random(1)
    for _time in range(20):
        seed = random.randrange(10**6)
        assert laid("match", seed) == laid("match", seed)

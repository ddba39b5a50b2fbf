"""Does a paper keep its blueprint, and is what cannot be kept said by name and amount?"""

from collections import Counter
from copy import deepcopy
from itertools import groupby
from pathlib import Path
from random import Random
from typing import Any

import pytest
from early import taken
from hypothesis import given, settings
from hypothesis import strategies as st
from test_items import MCQ, SHORT, TF, both, change, topic, written

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.exams import papers
from crmlib.exams.assembly import assemble, worth
from crmlib.exams.blueprint import Band, Blueprint, KeyLetters, Parallel, TrueShare, blueprint
from crmlib.exams.dealing import deal
from crmlib.exams.paper import Paper, forms, paper
from crmlib.items.bank import bank, read_bank
from crmlib.items.item import BLOOM, Choice, Item, TrueFalse, Written, is_drawn

TOPICS = ("basics", "tiers", "mail", "music", "repair")
"""Made up, but for one: a bank knows no chapters."""


def items(many: int, seed: int = 0) -> list[Item]:
    """Return a bank of made-up items of all kinds, topics and levels."""
    random, found = Random(seed), []
    kinds: list[tuple[type, dict[str, Any]]] = (
        [(Choice, MCQ)] * 9 + [(TrueFalse, TF)] * 6 + [(Written, SHORT)] * 4
        + [(Written, change(SHORT, type="essay", points=10, rubric=[change(SHORT["rubric"][0], points=5)] * 2))] * 2
        + [(Written, change(SHORT, type="case", points=15, rubric=[change(SHORT["rubric"][0], points=5)] * 3))]
    )  # fmt: skip
    minutes = {"mcq": 1.5, "tf": 0.5, "short": 5, "essay": 12, "case": 20}
    for n in range(many):
        kind, fields = random.choice(kinds)
        id = f"{random.choice(TOPICS)}.n{n}"
        level = random.choice(list(BLOOM))
        fields = {**fields, "answer": n % 2 == 0} if kind is TrueFalse else fields
        found.append(kind(**{**fields, "id": id, "bloom": level, "minutes": minutes[fields["type"]]}))
    return found


def totals(
    chosen: dict[str, list[str]], bank: list[Item], plan: Blueprint
) -> tuple[dict[str, float], dict[str, float]]:
    """Return points by topic and by level, added up afresh."""
    known = {item.id: item for item in bank}
    topics: dict[str, float] = {}
    levels: dict[str, float] = {}
    for section in plan.sections:
        for id in chosen[section.name]:
            points = worth(section, known[id])
            topics[id.partition(".")[0]] = topics.get(id.partition(".")[0], 0) + points
            levels[known[id].bloom] = levels.get(known[id].bloom, 0) + points
    return topics, levels


@pytest.mark.shared(2)
@pytest.mark.parametrize("forms", [1, 3])
def test_a_paper_keeps_every_section_and_band(forms: int) -> None:
    bank, plan = items(500), blueprint("final")
    known = {item.id: item for item in bank}
    for chosen in assemble(bank, plan, 7, forms):
        for section in plan.sections:
            assert sum(worth(section, known[id]) for id in chosen[section.name]) == section.points
            assert all(known[id].type in section.kinds for id in chosen[section.name])
        topics, levels = totals(chosen, bank, plan)
        assert all(band.least <= topics.get(name, 0) <= band.most for name, band in plan.bands(TOPICS).items())
        assert all(band.least <= levels.get(name, 0) <= band.most for name, band in plan.bloom.items())
        assert sum(known[id].minutes for ids in chosen.values() for id in ids) <= plan.minutes


def test_the_seed_chooses_and_repeats() -> None:
    bank, plan = items(300), blueprint("final")
    assert assemble(bank, plan, 5) == assemble(bank, plan, 5)
    assert len({str(assemble(bank, plan, seed)) for seed in range(5)}) == 5


def test_what_is_short_is_said_by_how_much(english: None) -> None:
    bank = [item for item in items(500) if item.type != "short"]
    bank += [Written(**{**SHORT, "id": f"tiers.s{n}"}) for n in range(3)]
    with pytest.raises(UserError, match=r"section “Short answer” \(20 points\) is short by 5\.$"):
        assemble(bank, blueprint("final"), 0)


def test_a_topic_with_too_few_items_is_said(english: None) -> None:
    few = [item for item in items(500) if item.topic == "mail" and item.type == "tf"][:4]
    bank = [item for item in items(500) if item.topic != "mail"] + few
    with pytest.raises(UserError, match=r"topic “mail” \(10 to 35 points\) is short by 6"):
        assemble(bank, blueprint("final"), 0)


def test_a_topic_that_the_blueprint_names_and_the_bank_does_not_have_is_said(english: None) -> None:
    bank = [item for item in items(500) if item.topic != "mail"]
    plan = blueprint("final").model_copy(update={"topics": {"mail": Band(least=10, most=35)}})
    with pytest.raises(UserError, match=r"topic “mail” \(10 to 35 points\) is short by 10"):
        assemble(bank, plan, 0)


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 13))
def test_the_final_fits_any_number_of_topics(many: int) -> None:
    bands = blueprint("final").bands(f"topic{n}" for n in range(many))
    assert len(bands) == many
    assert sum(band.least for band in bands.values()) == pytest.approx(50, abs=0.1)
    assert all(band.most >= max(15, band.least) for band in bands.values()), "a case of 15 points fits into any topic"


def test_thirteen_topics_make_two_forms() -> None:
    bank = [
        item.model_copy(update={"id": f"topic{n % 13}.{item.id.partition('.')[2]}", "topic": f"topic{n % 13}"})
        for n, item in enumerate(items(800))
    ]
    for chosen in assemble(bank, blueprint("final"), 3, 2):
        topics, _levels = totals(chosen, bank, blueprint("final"))
        assert set(topics) == {f"topic{n}" for n in range(13)} and min(topics.values()) >= 3.85


def test_a_paper_that_takes_too_long_is_said(english: None) -> None:
    bank = [item.model_copy(update={"minutes": 10 * item.minutes}) for item in items(300)]
    with pytest.raises(UserError, match=r"time \(at most 120 minutes\) is exceeded by"):
        assemble(bank, blueprint("final"), 0)


def test_enemies_never_meet_on_a_form() -> None:
    pair = [TrueFalse(**change(TF, id="own.a", enemies=["own.b"])), TrueFalse(**change(TF, id="own.b"))]
    section = {"name": "tf", "title": {"zh": "判断", "en": "TF"}, "kinds": ["tf"], "points": 2, "each": 1}
    plan = Blueprint(name="x", title=pair[0].stem, minutes=100, sections=[section])
    third = TrueFalse(**change(TF, id="own.c"))
    for seed in range(10):
        (chosen,) = assemble([*pair, third], plan, seed)
        assert "own.c" in chosen["tf"]
        assert len(chosen["tf"]) == 2
    with pytest.raises(UserError):
        assemble(pair, plan, 0)


@settings(max_examples=taken(8, 25), deadline=None)
@given(st.integers(0, 120), st.integers(0, 10**6), st.integers(1, 3))
def test_any_bank_gives_a_paper_or_a_sentence(many: int, seed: int, forms: int) -> None:
    i18n.use("en")
    bank, plan = items(many, seed), blueprint("mock")
    try:
        found = assemble(bank, plan, seed, forms)
    except UserError as refusal:
        *short, last = refusal.problems
        assert short or "short by" in last or "exceeded by" in last
        assert all("short by" in said or "exceeded by" in said for said in short)
    else:
        assert len(found) == forms
        assert all(len(chosen["choice"]) == 8 for chosen in found)


@pytest.mark.parametrize("forms", [0, 21])
def test_a_senseless_number_of_forms_is_refused(english: None, forms: int) -> None:
    with pytest.raises(UserError, match="--forms may be 1 to 20"):
        assemble(items(10), blueprint("mock"), 0, forms)


def test_an_unknown_blueprint_is_named_with_the_nearest(english: None) -> None:
    with pytest.raises(UserError, match="There is no blueprint “finel”. Did you mean “final”?"):
        blueprint("finel")


def test_the_final_has_the_points_of_the_course() -> None:
    plan = blueprint("final")
    assert [section.points for section in plan.sections][:3] == [40, 15, 20]
    assert plan.points == 100


# Parallel forms -------------------------------------------------------------------------------------------------------


def figures(plan: Blueprint, chosen: dict[str, list[str]]) -> dict[str, Counter[str]]:
    """Return what parallel forms are held to, added up afresh."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ("topic", "bloom", "rest")}
    for section in plan.sections:
        for id in chosen[section.name]:
            item = bank().item(id)
            points = worth(section, item)
            found["topic"][item.topic] += points  # type: ignore[assignment]
            found["bloom"][item.bloom] += points  # type: ignore[assignment]
            rest = {"difficulty": points * item.difficulty, "minutes": item.minutes, "drawn": is_drawn(item)}
            found["rest"].update(rest | {"true": isinstance(item, TrueFalse) and item.answer})  # type: ignore[arg-type]
    return found


@pytest.mark.shared(6)
@pytest.mark.parametrize(("many", "seed"), [*((2, seed) for seed in range(8)), *((3, seed) for seed in range(3))])
def test_forms_of_the_workbooks_bank_are_parallel_and_hold_no_enemies(many: int, seed: int) -> None:
    """The bounds of the blueprint hold between any two forms, and each form has 6 to 9 true statements of 15.

    Two items are enemies though one alone names the other.
    """
    plan, enemies = blueprint("final"), {frozenset((i.id, e)) for i in bank().items.values() for e in i.enemies}
    made = forms(bank(), plan, seed, many)
    found = [figures(plan, chosen) for chosen in made.values()]
    for label, chosen in made.items():
        keys_are_spread(paper(bank(), plan, chosen, f"{seed}:{label}:", label, "en"))
        ids = {id for part in chosen.values() for id in part}
        assert not [pair for pair in enemies if pair <= ids]
    for kind in ("topic", "bloom"):
        for name in set().union(*(form[kind] for form in found)):
            points = [form[kind][name] for form in found]
            assert max(points) - min(points) <= 4, (seed, name)
    rest = [form["rest"] for form in found]
    hard, minutes, drawn = ([form[name] for form in rest] for name in ("difficulty", "minutes", "drawn"))
    assert max(hard) <= 1.03 * min(hard) + 1e-9
    assert max(minutes) - min(minutes) <= 4
    assert max(drawn) - min(drawn) <= 1
    assert all(6 <= form["true"] <= 9 for form in rest)


def test_how_many_forms_the_bank_fills_is_said(english: None) -> None:
    statements = [item for item in bank().items.values() if isinstance(item, TrueFalse)]
    left_out = {item.id for item in Random(1).sample(statements, len(statements) - 55)}
    with pytest.raises(UserError) as refusal:
        assemble([item for item in bank().items.values() if item.id not in left_out], blueprint("final"), 0, 5)
    first, last = refusal.value.problems
    assert first == ("The bank cannot fill this blueprint: section “True or false” (15 points) is short by 20.")
    assert last == "The bank fills 3 forms of this blueprint."


def test_a_large_bank_fills_five_forms_that_share_no_item() -> None:
    bank_, plan = items(500), blueprint("final")
    ids = [id for chosen in assemble(bank_, plan, 3, 5) for part in chosen.values() for id in part]
    assert len(ids) == len(set(ids)) and len(ids) >= 5 * 41


def small(kinds: list[str], points: float, **more: Any) -> Blueprint:
    section = {"name": "one", "title": both("题", "Section"), "kinds": kinds, "points": points, "each": 1}
    return Blueprint(name="x", title=both("卷", "Paper"), minutes=100, sections=[section], **more)


@pytest.mark.parametrize(
    ("fields", "bound", "said"),
    [
        ({"id": "other.b"}, {"topic": 0.5}, r"topic “own” \(at most 0.5 points\) is exceeded by 0.5"),
        ({"bloom": "create"}, {"bloom": 0}, r"level “create” \(at most 0 points\) is exceeded by 1"),
        ({"minutes": 9}, {"minutes": 4}, r"time \(at most 4 minutes\) is exceeded by 3"),
        ({"difficulty": 3}, {}, r"difficulty-weighted points \(at most 3.0%\) is exceeded by 1.97"),
    ],
)
def test_a_bound_between_forms_that_cannot_hold_is_said(
    english: None, fields: dict[str, Any], bound: dict[str, float], said: str
) -> None:
    """Two items, two forms of one question each: they differ in what the two items differ in."""
    pair = [TrueFalse(**change(TF, id="own.a")), TrueFalse(**{**TF, "id": "own.b", **fields})]
    with pytest.raises(UserError, match=f"The forms cannot be made parallel: {said}") as refusal:
        assemble(pair, small(["tf"], 1, parallel=Parallel(**bound)), 0, 2)
    assert refusal.value.problems[-1] == "The bank fills 1 form of this blueprint."


def test_true_statements_keep_their_share_or_it_is_said(english: None) -> None:
    stated = [TrueFalse(**change(TF, id=f"own.n{n}", answer=n < 9)) for n in range(12)]
    (chosen,) = assemble(stated, small(["tf"], 5), 0)
    assert sum(int(id.removeprefix("own.n")) < 9 for id in chosen["one"]) in (2, 3)
    with pytest.raises(UserError, match=r"true statements \(40% to 60% of the section\) is exceeded by 1"):
        assemble(stated[:9], small(["tf"], 5), 0)
    assert assemble(stated[:9], small(["tf"], 5, true_share=TrueShare(least=0, most=1)), 0)


# Keys -----------------------------------------------------------------------------------------------------------------


def longest_run(keys: list[str]) -> int:
    return max(len(list(run)) for _key, run in groupby(keys))


def keys_of(made: Paper) -> tuple[list[str], list[str]]:
    choice, true_false = made.parts[:2]
    return [q.answer for q in choice.questions], [q.answer for q in true_false.questions]


def keys_are_spread(made: Paper) -> None:
    letters, truths = keys_of(made)
    assert all(3 <= letters.count(letter) <= 7 for letter in "ABCD"), letters
    assert longest_run(letters) <= 3 and longest_run(truths) <= 3


def test_keys_form_no_pattern_and_their_places_stay_even_over_many_papers() -> None:
    """Of 20 choices each letter is the key of 3 to 7, and no key, true or false among them, stands over 3 in a row."""
    made = papers.compose(bank(), blueprint("final"), 1, ["zh"], 1, [f"{n:03d}" for n in range(100)])
    for one in made.papers:
        keys_are_spread(one)
    assert len({str(keys_of(one)) for one in made.papers}) == 100
    counts = Counter(letter for one in made.papers for letter in keys_of(one)[0])
    assert all(0.22 <= counts[letter] / 2000 <= 0.28 for letter in "ABCD"), counts


def test_keys_that_cannot_be_spread_are_said(tmp_path: Path, english: None) -> None:
    stated = [change(TF, id=f"own.n{n}") for n in range(4)]
    known, plan = read_bank(written(tmp_path, topic(*stated)).parent), small(["tf"], 4)
    found = known.of("own")
    with pytest.raises(UserError, match="Section “Section”: more than 3 keys in a row are the same in any order"):
        deal(known, plan.sections[0], found, "1", KeyLetters())
    assert len(deal(known, plan.sections[0], found, "1", KeyLetters(run=4))) == 4
    more = [{**deepcopy(MCQ["options"][1]), "text": both(word, word)} for word in ("d", "e", "f")]
    choices = [change(MCQ, id=f"own.c{n}", options=MCQ["options"] + (more if n < 4 else [])) for n in range(9)]
    found = read_bank(written(tmp_path, topic(*choices)).parent).of("own")
    with pytest.raises(UserError, match="its keys cannot be spread over the letters in this way; widen “key_letters”"):
        deal(read_bank(tmp_path), plan.sections[0], found, "1", KeyLetters(least=1))  # 3 of A to C, 1 of D to F
    assert len(deal(read_bank(tmp_path), plan.sections[0], found, "1", KeyLetters())) == 9


# Papers of one's own --------------------------------------------------------------------------------------------------


def test_so_many_questions_of_a_copy_vary_as_the_blueprint_asks() -> None:
    for seed in range(taken(2, 5)):
        first, other = papers.compose(bank(), blueprint("final"), seed, ["en"], 1, ["1", "2"]).papers
        drawn = {q.id for q in first.questions if is_drawn(bank().item(q.id))}
        assert len(drawn) >= 8
        assert {q.id for q in first.questions} == {q.id for q in other.questions}
        texts = [{q.id: q.text for q in one.questions} for one in (first, other)]
        assert sum(texts[0][id] != texts[1][id] for id in drawn) >= 7


def test_a_bank_in_which_too_little_varies_is_said_for_copies_alone(english: None) -> None:
    plan = blueprint("final")
    with pytest.raises(UserError, match=r"questions with numbers of their own \(8 to 1000\) is short by 8"):
        assemble(items(500), plan, 0, varied=True)
    assert assemble(items(500), plan, 0)


def test_copies_are_dealt_from_one_form(english: None) -> None:
    with pytest.raises(UserError, match="are all dealt from one form, to be fair; leave out --forms"):
        papers.compose(bank(), blueprint("mock"), 1, ["en"], 2, ["001"])


# A blueprint of one's own ---------------------------------------------------------------------------------------------

SECTION = "{name: one, title: {zh: 题, en: Section}, kinds: [tf], points: 5, each: 1}"
BARE = f"name: own\ntitle: {{zh: 卷, en: Paper}}\nminutes: 60\nsections: [{SECTION}]\n"


def test_a_blueprint_that_says_nothing_of_forms_has_the_bounds_of_the_final(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(BARE, "utf-8")
    plan, final = blueprint(str(tmp_path / "own.yaml")), blueprint("final")
    assert (plan.parallel, plan.true_share, plan.key_letters) == (final.parallel, final.true_share, final.key_letters)
    assert plan.vary.least == 0 and final.vary.least == 8


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("parallel: {topic: -1}", "“parallel.topic” cannot be “-1”"),
        ("parallel: {topics: 1}", "there is no field “parallel.topics”"),
        ("true_share: {least: 0.7, most: 0.6}", "at least 0.7 is more than at most 0.6"),
        ("key_letters: {run: 0}", "“key_letters.run” cannot be “0”"),
        ("vary: {least: 5, most: 2}", "at least 5 is more than at most 2"),
        ("vary: {least: 1.5}", "“vary.least” cannot be “1.5”"),
    ],
)
def test_a_bound_that_makes_no_sense_is_said_with_its_line(tmp_path: Path, english: None, line: str, said: str) -> None:
    (tmp_path / "own.yaml").write_text(BARE + line + "\n", "utf-8")
    with pytest.raises(UserError, match="own.yaml, line 5") as refusal:
        blueprint(str(tmp_path / "own.yaml"))
    assert said in str(refusal.value)

"""Does a paper keep its blueprint, and is what cannot be kept said by name and amount?"""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_items import MCQ, SHORT, TF, change

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.exams.assembly import assemble, worth
from crmlib.exams.blueprint import Band, Blueprint, blueprint
from crmlib.items.item import BLOOM, Choice, Item, TrueFalse, Written

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


def test_parallel_forms_share_no_item() -> None:
    forms = assemble(items(500), blueprint("final"), 1, 4)
    ids = [id for chosen in forms for part in chosen.values() for id in part]
    assert len(ids) == len(set(ids))


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


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 120), st.integers(0, 10**6), st.integers(1, 3))
def test_any_bank_gives_a_paper_or_a_sentence(many: int, seed: int, forms: int) -> None:
    i18n.use("en")
    bank, plan = items(many, seed), blueprint("mock")
    try:
        found = assemble(bank, plan, seed, forms)
    except UserError as refusal:
        assert all("short by" in said or "exceeded by" in said for said in refusal.problems)
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

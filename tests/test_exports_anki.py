"""Does every field of a paper survive in a deck, as Anki itself imports it?"""

import sys

import pytest
from hypothesis import HealthCheck, given, settings
from readers import anki as reader
from readers import found as want
from readers import rich

from crmlib.core.errors import UserError
from crmlib.core.i18n import _, speaking
from crmlib.exams.exports import EXPORTS
from crmlib.exams.paper import Paper, Part, Question, question
from crmlib.items.bank import bank
from crmlib.items.item import is_drawn


def deck(made: Paper) -> bytes:
    [(suffix, content)] = EXPORTS["anki"](made)
    assert suffix == "anki.apkg"
    return content


def read(made: Paper) -> dict[str, reader.Card]:
    with reader.collection() as into:
        assert reader.take_in(into, deck(made))["new"] == len(made.questions)
        found = reader.cards(into)
    assert len({card.guid for card in found}) == len(found) == len(made.questions)
    # a note bears no id of ours but its identity, so cards and questions are paired by what is asked
    with speaking(made.lang):
        ids = {str((want.asked(q), q.kind)): q.id for q in made.questions}
    assert len(ids) == len(made.questions)
    return {ids[str((rich.html(card.fields["Question"]), _kind(card)))]: card for card in found}


def _kind(card: reader.Card) -> str:
    return next(tag for tag in card.tags if tag in ("mcq", "tf", "num", "short", "essay", "case"))


def answer(q: Question) -> rich.Blocks:
    if q.kind == "mcq":
        return [want.meant(("text", f"{q.answer}. "), q.options[int(q.key or 0)])]
    if q.kind == "num":
        return want.all_meant(q.answer)
    return want.marking(q) if q.rubric else want.all_meant(q.options[int(q.key or 0)])


def why(q: Question) -> rich.Blocks:
    if q.kind == "mcq":
        return want.all_meant(*q.replies)
    if q.kind == "tf":
        return want.all_meant(q.replies[int(q.key or 0)])
    return want.all_meant(q.worked) + want.distractors(q)


def compare(made: Paper) -> None:
    known = read(made)
    with speaking(made.lang):
        for q in made.questions:
            card = known[q.id]
            shown = {name: rich.html(field) for name, field in card.fields.items()}
            check_sides(card)
            assert shown["Question"] == want.asked(q)
            truths = want.all_meant("对还是错？" if made.lang == "zh" else "True or false?")
            assert shown["Options"] == {"mcq": want.all_meant(*q.options), "tf": truths}.get(q.kind, [])
            assert (shown["Answer"], shown["Why"]) == (answer(q), why(q))
            assert shown["Source"] == want.origin(q)
            heads = [(("text", f"{_('Hint')} {n}"),) for n in range(1, len(q.hints) + 1)]
            told = [want.all_meant(hint) for hint in q.hints]
            assert shown["Hints"] == [block for head, hint in zip(heads, told, strict=True) for block in (head, *hint)]
            assert set(card.tags) == set(want.tags(q))
            assert card.deck.endswith(f" [{made.lang}]::{q.topic}") and card.deck.count("::") == 1


def check_sides(card: reader.Card) -> None:
    """Hold the front to question, options and hints; the back shows the front and all the rest."""
    assert card.front == card.fields["Question"].join(("<div class=asked>", "</div>")) + "".join(
        card.fields[name] for name in ("Options", "Hints")
    )
    assert card.back.startswith(card.front)
    assert all(card.fields[name] in card.back[len(card.front) :] for name in ("Answer", "Why", "Source"))


def test_every_field_survives(lang: str) -> None:
    compare(want.hostile_paper(lang))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(want.any_texts)
def test_any_text_survives(several: tuple[str, ...]) -> None:
    compare(want.paper_of("en", several, 1))


@pytest.mark.shared(2)
def test_the_whole_bank_survives(lang: str) -> None:
    compare(want.whole_bank(lang))


def test_a_second_import_adds_nothing_and_the_other_language_adds_its_own() -> None:
    made = want.paper_of("en", ("a",), 1)
    with reader.collection() as into:
        assert reader.take_in(into, deck(made)) == {"new": 6, "updated": 0, "duplicate": 0, "conflicting": 0}
        assert reader.take_in(into, deck(made)) == {"new": 0, "updated": 0, "duplicate": 6, "conflicting": 0}
        assert reader.take_in(into, deck(want.paper_of("zh", ("a",), 1)))["new"] == 6
        assert into.note_count() == into.card_count() == 12


def test_other_numbers_are_other_notes_and_an_item_without_any_is_one(english: None) -> None:
    """Decks of two seeds: what is drawn is another note, what is written the same, in any order of its options."""
    items = [item for item in bank().items.values() if item.type in ("mcq", "tf", "num")]
    drawn = sum(map(is_drawn, items))

    def deck_of(seed: int) -> tuple[Paper, bytes]:
        made = Paper("All", "A", "en", 9, "7", (Part("a", "A", "", tuple(question(bank(), i, seed) for i in items)),))
        return made, deck(made)

    (first, one), (second, other) = deck_of(12), deck_of(13)
    texts = [{q.id: (q.text, sorted(q.options)) for q in made.questions} for made in (first, second)]
    changed = sum(texts[0][id] != texts[1][id] for id in texts[0])
    assert 0.8 * drawn < changed <= drawn
    with reader.collection() as into:
        reader.take_in(into, one)
        assert reader.take_in(into, other)["new"] == changed
        assert into.note_count() == len(items) + changed


def test_the_same_paper_gives_the_same_bytes(lang: str) -> None:
    assert deck(want.hostile_paper(lang)) == deck(want.hostile_paper(lang))


def test_without_genanki_one_sentence_says_what_to_install(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    with pytest.raises(UserError, match=r'^Anki needs genanki: install it with pip install "crm-workbook\[exam\]"\.$'):
        deck(want.paper_of("en", ("a",), 1))

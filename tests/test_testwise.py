"""Can a question be got right by what it tells of itself? Banks that give themselves away are caught, ours is none."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from conftest import Crm
from test_items import MCQ, TF, both, change, topic, written

from crmlib.core import i18n
from crmlib.items.bank import Bank, read_bank
from crmlib.items.learned import learned
from crmlib.items.tells import Tells, tells
from crmlib.items.testwise import FEWEST, Rate, faults, rates, table, worst

SENTENCE = {
    "zh": "客户在店里买了东西以后又回来看看别的货",
    "en": "a customer comes back to the shop to look at other goods there",
}


def text(length: int, words: tuple[str, str] = ("", "")) -> dict[str, str]:
    """Return a text of about a length, of which a longer one is longer in both languages."""
    return {"zh": words[0] + SENTENCE["zh"][:length], "en": words[1] + " " + SENTENCE["en"][: 3 * length]}


def choice(n: int, lengths: list[int]) -> dict[str, Any]:
    """Return a choice whose first option is right, with options of these lengths."""
    options = [
        {"text": text(length), "why": both("因为", "because")}
        | ({"misconception": "mixed_up"} if k else {"correct": True})
        for k, length in enumerate(lengths)
    ]
    return change(MCQ, id=f"own.c{n}", options=options)


def statement(n: int, answer: bool, words: tuple[str, str] = ("", ""), length: int = 9) -> dict[str, Any]:
    return change(TF, id=f"own.t{n}", answer=answer, stem=text(length, words))


def planted(folder: Path, *items: dict[str, Any]) -> Bank:
    return read_bank(written(folder, topic(*items)).parent, packaged=False)


def rate(bank: Bank, rule: str, lang: str = "zh") -> Rate:
    found = rates(bank, bank.items.values())
    return next(one for one in found if (one.rule, one.lang) == (rule, lang))


def too_good(bank: Bank) -> set[str]:
    return {one.rule for one in rates(bank, bank.items.values()) if one.too_good}


def shuffled(seed: int) -> list[int]:
    """Return four different lengths of which the first, the key's, is as often the longest as any."""
    return Random(seed).sample([7, 8, 9, 10], 4)


# What a text tells ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "lang", "told"),
    [
        ("客户仍可能离开，也可能留下", "zh", {"length": 13, "clauses": 1, "hedges": 2, "still": 1, "absolutes": 0}),
        ("所有客户都必须一律对待", "zh", {"hedges": 0, "absolutes": 4}),
        ("未必", "zh", {"hedges": 1, "denials": 1}),
        ("It may still leave, or stay", "en", {"clauses": 1, "hedges": 1, "still": 1, "absolutes": 0}),
        ("It must **never** leave 1,200 alone", "en", {"clauses": 0, "absolutes": 3, "denials": 1}),
    ],
)
def test_lengths_clauses_and_words_are_counted(said: str, lang: str, told: dict[str, int]) -> None:
    counted = tells(said, lang)
    assert {name: getattr(counted, name) for name in told} == told


# Banks that give themselves away --------------------------------------------------------------------------------------


def test_keys_that_are_longest_are_caught_in_both_languages(tmp_path: Path) -> None:
    bank = planted(tmp_path, *(choice(n, [10, 7, 8, 9]) for n in range(FEWEST)))
    for lang in i18n.LANGUAGES:
        assert rate(bank, "longest option", lang).share == rate(bank, "only longest option", lang).share == 1
    assert {"longest option", "only longest option", "learned"} <= too_good(bank)


def test_keys_that_are_shortest_are_caught(tmp_path: Path) -> None:
    bank = planted(tmp_path, *(choice(n, [7, 8, 9, 10]) for n in range(FEWEST)))
    assert "shortest option" in too_good(bank)


def test_what_no_single_rule_sees_is_learned(tmp_path: Path) -> None:
    """The key is always neither the longest nor the shortest, the one time below and the other above the middle."""
    bank = planted(tmp_path, *(choice(n, [8, 7, 9, 10] if n % 2 else [9, 7, 8, 10]) for n in range(60)))
    assert too_good(bank) == {"learned"}


def test_a_word_that_only_true_statements_have_is_caught_in_a_few(tmp_path: Path) -> None:
    items = [statement(n, n % 2 == 0, ("仍", "still") if n % 2 == 0 else ("", "")) for n in range(16)]
    found = rate(planted(tmp_path, *items), "“still”")
    assert (found.decided, found.right) == (8, 8)
    assert found.too_good, "a guesser would get eight of eight right once in 256 times"


def test_two_right_of_two_are_chance(tmp_path: Path) -> None:
    items = [statement(n, n % 2 == 0, ("仍", "still") if n in {0, 2} else ("", "")) for n in range(16)]
    found = rate(planted(tmp_path, *items), "“still”")
    assert found.share == 1 and not found.too_good


@pytest.mark.parametrize(("words", "rule"), [(("可能", "may"), "hedges"), (("公平", "fair"), "words of virtue")])
def test_true_statements_in_soft_words_are_caught(tmp_path: Path, words: tuple[str, str], rule: str) -> None:
    items = [statement(n, n % 2 == 0, words if n % 2 == 0 else ("", "")) for n in range(40)]
    assert {rule, "all together"} <= too_good(planted(tmp_path, *items))


def test_false_statements_in_absolute_words_are_caught(tmp_path: Path) -> None:
    items = [statement(n, n % 2 == 0, ("必须", "must") if n % 2 else ("", "")) for n in range(40)]
    assert "no absolutes" in too_good(planted(tmp_path, *items))


def test_a_bank_without_a_pattern_passes(tmp_path: Path) -> None:
    """Every length is the key's equally often; half of the hedged statements are true."""
    lengths = [[key, *(one for one in (7, 8, 9, 10) if one != key)] for key in (7, 8, 9, 10) * 15]
    choices = [choice(n, one) for n, one in enumerate(lengths)]
    statements = [statement(n, n % 2 == 0, ("可能", "may") if n % 4 < 2 else ("", "")) for n in range(40)]
    assert too_good(planted(tmp_path, *choices, *statements)) <= {"learned"}
    assert rate(planted(tmp_path, *choices, *statements), "longest option").share == 0.25


# How it is counted ----------------------------------------------------------------------------------------------------


def test_a_tie_counts_as_a_guess_among_the_best(tmp_path: Path) -> None:
    bank = planted(tmp_path, choice(1, [10, 10, 8, 7]) | {"options": _tied(choice(1, [10, 9, 8, 7]))})
    found = rate(bank, "longest option")
    assert (found.decided, found.right, found.chance) == (1, 0.5, 0.25)
    assert rate(bank, "only longest option").decided == 0, "none is longest alone"


def _tied(item: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the options of a choice, the second as long as the first."""
    first, second, *others = item["options"]
    same = {lang: said[::-1] for lang, said in first["text"].items()}
    return [first, {**second, "text": same}, *others]


def test_a_question_in_which_all_tie_is_not_decided(tmp_path: Path) -> None:
    assert rate(planted(tmp_path, choice(1, [7, 8, 9, 10])), "hedges").decided == 0


def test_an_item_counts_once_however_often_it_is_drawn() -> None:
    bank = read_bank()
    one = bank.item("tiers.top_share")
    found = [one for one in rates(bank, [one], seeds=5) if one.rule == "longest option"]
    assert all(one.decided <= 1 for one in found)


def test_what_is_learned_is_tried_on_other_items_only() -> None:
    """Each item has a key of its own that no other has: who had seen it would know it, so nothing is to be learned."""
    random, told, keys = Random(5), [], []
    for _n in range(200):
        told.append([Tells(random.random() + 5, *([0.0] * 6)) for _k in range(4)])
        keys.append(random.randrange(4))
    picked = learned(told, keys, [f"i{n}" for n in range(200)])
    right = sum(one[key] for one, key in zip(picked, keys, strict=True)) / 200
    assert 0.15 < right < 0.35


# Our own bank ---------------------------------------------------------------------------------------------------------


def test_no_rule_gets_more_right_in_our_bank_than_it_may() -> None:
    bank = read_bank()
    assert list(faults(rates(bank, bank.items.values()))) == []


# The command ----------------------------------------------------------------------------------------------------------


def test_check_prints_the_rates_and_names_the_items(tmp_path: Path, crm: Crm, lang: str) -> None:
    items = [change(choice(n, [10, 7, 8, 9]), enemies=[]) for n in range(FEWEST)]
    written(tmp_path, topic(*items))
    code, said, complaint = crm("exam", "check", "--bank", tmp_path, "--only-own", "--seeds", "2", "--lang", lang)
    assert code == 2
    assert f"100.0% ({FEWEST}) !" in said
    assert "own.c0" in complaint and "100.0%" in complaint and "30.0%" in complaint
    assert {"zh": "最长的选项", "en": "longest option"}[lang] in complaint


def test_the_worst_items_are_those_that_most_rules_get_right(english: None) -> None:
    found = [
        Rate("longest option", "choice", "en", 2, 2, 0.5, {"own.a": 1.0, "own.b": 1.0}),
        Rate("hedges", "choice", "en", 2, 1, 0.5, {"own.a": 1.0, "own.b": 0.0}),
    ]
    assert list(worst(found)) == ["Most easily got right without knowledge, choices (en): own.a (2), own.b (1)."]
    assert table(found)["right, en"].tolist() == ["100.0% (2)", "50.0% (2)"]

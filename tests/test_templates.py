"""Can a template of an item reach anything but its values, and do text and generator belong together?"""

import ast
import inspect
from pathlib import Path
from random import Random
from typing import Any

import pytest
from each import each
from exercises import EXERCISES, TEXTS
from test_items import COMMON, DRAWN, both, change, refusal, topic, written

from crmlib.core.errors import UserError
from crmlib.core.exercise import Drawn, distractors
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.items import bank as bank_module
from crmlib.items.audit import differing, without_use
from crmlib.items.bank import bank, read_bank
from crmlib.items.generators import GENERATORS
from crmlib.items.item import Choice, Wording
from crmlib.items.templates import faults, fill, literal, names
from crmlib.support.strict_yaml import Texts

CHOICE: dict[str, Any] = {**COMMON, "id": "own.sum", "type": "mcq", **DRAWN}

ATTRIBUTE, CALL, PART, LOOP = "an attribute is not", "a call is not", "a part of a value is not", "a loop is not"
FILTER, ELSE, BRACE, CASE = (
    "a filter that is none of these",
    "something else is not",
    "a brace stands alone",
    "{% endif",
)
REFUSED = {
    "{{ a.b }}": ATTRIBUTE,
    "{{ a.__class__ }}": ATTRIBUTE,
    "{{ 'x'.upper() }}": "is not allowed",
    "{{ a() }}": CALL,
    "{{ range(9) }}": CALL,
    "{{ a['b'] }}": PART,
    "{{ a[0] }}": PART,
    "{% for x in a %}{{ x }}{% endfor %}": LOOP,
    "{{ a | upper }}": FILTER,
    "{{ a | attr('b') }}": FILTER,
    "{{ a | fixed(b) }}": FILTER,
    "{{ a | fixed(digits=2) }}": FILTER,
    "{{ self }}": ELSE,
    "{{ none }}": ELSE,
    "{{ 'x' * 999999999 }}": ELSE,
    "{{ a ~ b }}": ELSE,
    "{{ a is defined }}": "is not allowed",
    "{% set b = 1 %}": ELSE,
    "{% include 'x' %}": ELSE,
    "{% import 'x' as y %}": ELSE,
    "{% macro m() %}{% endmacro %}": ELSE,
    "{{ a }": BRACE,
    "{ a }}": BRACE,
    "{a}": BRACE,
    "{# a #}": BRACE,
    "{{ a": BRACE,
    "{% if a %}b": CASE,
    "{{ a b }}": CASE,
    "{{ }}": CASE,
    "{% nothing %}": CASE,
}


@pytest.mark.parametrize("source", REFUSED)
def test_what_is_more_than_a_value_is_refused(source: str, english: None) -> None:
    assert REFUSED[source] in "".join(faults(source))


@pytest.mark.parametrize("source", REFUSED)
def test_it_is_refused_when_the_file_is_read(source: str, tmp_path: Path, english: None) -> None:
    for field in ("stem", "worked"):
        said = refusal(written(tmp_path, topic(change(CHOICE, **{field: both("{{ a }}", source)}))))
        assert f"item own.sum: “{field}” (en): " in said and "own.yaml, line " in said
    said = refusal(written(tmp_path, topic(change(CHOICE, replies={"mixed_up": both(source, "{{ a }}")}))))
    assert "“replies.mixed_up” (zh): " in said


@pytest.mark.parametrize("source", REFUSED)
def test_it_is_refused_in_chinese_too(source: str) -> None:
    with speaking("zh"):
        assert any("一" <= letter <= "鿿" for fault in faults(source) for letter in fault)


GOOD = {
    "{{ a }} of {{ b | grouped(1) }}": "7 of 1,234.5",
    "{{ c | percent(1) }} {{ c | short }} {{ c | fixed(3) }}": "12.5% 0.125 0.125",
    '{{ d | joined("; ") }}': "3; x",
    "{% if a == 7 and not e %}yes{% elif a > 8 or e %}no{% endif %}": "yes",
    '{{ "high" if a >= 7 else "low" }}': "high",
    r"\( \frac{1}{2} \) is {{ a }}": r"\( \frac{1}{2} \) is 7",
    "{%- if e -%} one\n{%- else -%} two\n{%- endif %}": "two",
}


@pytest.mark.parametrize("source", GOOD)
def test_values_cases_and_filters_are_filled_in(source: str) -> None:
    assert list(faults(source)) == []
    values = {"a": 7, "b": 1234.5, "c": 0.125, "d": [3, "x"], "e": False}
    assert fill(Texts(zh=source, en=source), values, "here") == GOOD[source]
    assert names(source) <= set(values)


def test_a_value_that_is_not_there_or_of_the_wrong_kind_is_said(english: None) -> None:
    for source, said in (("{{ a }}", "here: there is no value “a”"), ("{{ b | fixed(2) }}", "a filter cannot take")):
        with pytest.raises(UserError, match=said):
            fill(Texts(zh=source, en=source), {"b": "x"}, "here")


@pytest.mark.parametrize("many", [120, 3000])
def test_cases_too_deep_are_said(many: int, english: None) -> None:
    for source in ("{% if a %}" * many + "{% endif %}" * many, "{{ " + "not " * many + "a }}"):
        text = Texts(zh=source, en=source)
        try:
            assert list(faults(source)) or fill(text, {"a": 1}, "here") in ("", "True")
        except UserError as said:
            assert "here: its cases stand too deep" in str(said)


def test_what_a_value_holds_is_never_read_as_a_template(english: None) -> None:
    text = Texts(zh="{{ a }}", en="{{ a }}")
    assert fill(text, {"a": "{{ b }} {% if %}"}, "here") == "{{ b }} {% if %}"


MISFITS = {
    "no English": ({"stem": {"zh": "{{ a }}"}}, "“items.own.sum.stem.en” is missing"),
    "numbers that differ": ({"worked": both("{{ a }} 加 3", "{{ a }} plus 4")}, "zh and en differ (3, 4)"),
    "a formula": ({"worked": both(r"\( {{ a }}^ \)", r"\( {{ a }}^ \)")}, "the formula “0^” cannot be read"),
    "no replies": ({"replies": {}}, "it has a generator, so it needs “replies”"),
    "no solution": ({"worked": None}, "it has a generator, so it needs “worked”"),
    "an unknown misconception": ({"replies": {"x": both("一", "one")}}, "no misconception “x” at the head"),
    "a hint": ({"hints": [both("{{ a", "{{ a }}")]}, "“hints.1” (zh): a brace"),
    "a word": ({"words": {"b": [both("{{ a }}", "{{ a.b }}")]}}, "“words.b.1” (en): "),
    "options as well": ({"options": [{"text": both("一", "one"), "why": both("一", "one")}]}, "written out as well"),
    "no generator": ({"generator": None, "options": []}, "neither a generator nor all"),
}


@pytest.mark.parametrize("what", MISFITS)
def test_what_does_not_belong_to_a_drawn_item_is_refused(what: str, tmp_path: Path, english: None) -> None:
    fields, said = MISFITS[what]
    assert said in refusal(written(tmp_path, topic(change(CHOICE, **fields))))


def test_an_exercise_that_is_no_item_is_held_to_the_same(tmp_path: Path, english: None) -> None:
    for fields, said in (
        ({"stem": both("{{ a }}", "{{ a.b }}")}, "sum: “stem” (en): "),
        (
            {"replies": {"x": both("一", "one")}},
            "no misconception “x”",
        ),
    ):
        content = {**topic(), "exercises": [{**DRAWN, **fields}]}
        assert said in refusal(written(tmp_path, content))


def test_words_of_a_topic_are_held_to_the_same(tmp_path: Path, english: None) -> None:
    for word, said in ((both("{{ a }}", "{{ a.b }}"), "“words.goods.1” (en): "), (both("3 个", "4"), "differ (3, 4)")):
        assert said in refusal(written(tmp_path, {**topic(), "words": {"goods": [word]}}))


def test_a_file_of_ones_own_holds_templates_only_with_generators_that_exist(tmp_path: Path, english: None) -> None:
    for content in (topic(CHOICE), {**topic(), "exercises": [DRAWN]}):
        with pytest.raises(UserError, match="item own.sum, “generator”: the topic has no generator “sum”"):
            read_bank(written(tmp_path, content).parent)


def test_an_exercise_has_its_text_once(tmp_path: Path, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bank_module, "GENERATORS", {"own": {"sum": lambda random: Drawn({}, 1)}})
    written(tmp_path, {**topic(CHOICE), "exercises": [DRAWN]})
    with pytest.raises(UserError, match="the exercise “own.sum” has its text twice"):
        read_bank(tmp_path)


def test_a_chapters_exercise_without_text_is_named(english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    more = {**GENERATORS["tiers"], "weighed_score": GENERATORS["tiers"]["weighted_score"]}
    monkeypatch.setattr(bank_module, "GENERATORS", {"tiers": more})
    with pytest.raises(UserError, match=r"no text for the exercise “weighed_score”. Did you mean “weighted_score”"):
        bank().exercises("tiers")


# All that there are ---------------------------------------------------------------------------------------------------


def test_every_exercise_has_its_text_and_every_text_its_exercise() -> None:
    assert set(TEXTS) == set(EXERCISES)


@each("name", EXERCISES)
def test_it_says_the_same_numbers_in_both_languages(name: str) -> None:
    for seed in range(3 if ".in_the_" in name else 40):
        shown = []
        for lang in LANGUAGES:
            with speaking(lang):
                e = EXERCISES[name](Random(f"{name}:{seed}"))
            texts = (e.question, e.worked, *e.hints, *(d.reply for d in e.distractors), *e.options, e.unit)
            assert not any(brace in text for text in texts for brace in "{}")
            shown.append(e)
        assert not differing(TEXTS[name], *shown), seed


@each("name", EXERCISES)
def test_no_value_is_without_use_and_no_reply_without_a_distractor(name: str) -> None:
    subject, _dot, generator = name.partition(".")
    generate, seeds = GENERATORS[subject][generator], 3 if ".in_the_" in name else 200
    text = TEXTS[name] if name not in bank().items else bank().items[name]
    assert isinstance(text, Wording)
    assert without_use(text, generate, min(seeds, 40)) == []
    drawn = {d.misconception for seed in range(seeds) for d in generate(Random(f"{name}:{seed}")).distractors}
    assert drawn == set(text.replies)


def test_a_value_without_use_is_found() -> None:
    item = Choice(**CHOICE)
    assert without_use(item, lambda random: Drawn({"a": 1, "b": 2}, 4, distractors({"mixed_up": 3}))) == ["b"]


def test_no_sentence_stands_in_a_generator() -> None:
    """Only names of things that a model declares are translated there, never a text written on the spot."""
    for name in GENERATORS:
        module = inspect.getmodule(next(iter(GENERATORS[name].values())))
        assert module
        calls = [node for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Call)]
        spoken = [c for c in calls if isinstance(c.func, ast.Name) and c.func.id in ("_", "N_", "ngettext")]
        assert [ast.unparse(c) for c in spoken if any(isinstance(n, ast.Constant | ast.JoinedStr) and isinstance(
            getattr(n, "value", ""), str) for n in c.args)] == []  # fmt: skip


def test_what_is_fixed_in_a_template_is_what_stands_outside_its_tags() -> None:
    assert literal("{% if a %}3{% else %}4{% endif %} of {{ b | fixed(2) }}", "x") == "34 of x"

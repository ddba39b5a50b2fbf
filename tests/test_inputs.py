"""From one declaration: every refusal is one clear sentence for its field, in the language spoken, and nothing else."""

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

import pytest
from drawn import values_of
from each import each
from early import taken
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.studies import STUDIES
from crmlib.chapters.tiers.models.tiers import TierPolicy
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.inputs import Inputs, Setting, setting, shorten

CHINESE = re.compile("[一-鿿]")
quick = settings(max_examples=taken(50, 150), deadline=None, derandomize=True)


class Every(Inputs):
    """One input of each kind."""

    share: float = setting(0.5, "Weight of size", low=0, high=1, step=0.1, unit="points")
    count: int = setting(3, "Firms", low=1, high=9, step=1, group="view")
    open_: bool = setting(True, "Firms")
    rule: Literal["above", "below"] = setting("above", "Tier", choices={"above": "gold", "below": "exit"})

    def problems(self) -> Iterator[tuple[str, str]]:
        if self.share == 1 and self.count == 9:
            yield "count", i18n._("All four weights are zero. Give at least one criterion a weight.")


def refusal(kind: type[Inputs] = Every, **values: Any) -> dict[str, str]:
    with pytest.raises(InputError) as refused:
        kind(**values)
    assert refused.value.problems == list(refused.value.fields.values())
    assert str(refused.value) == "\n".join(refused.value.problems)
    assert refused.value._render_traceback_() == refused.value.problems
    return refused.value.fields


def only(fields: dict[str, str], name: str, lang: str) -> str:
    """Return the one sentence, which must be about ``name``, in one line and in the language spoken."""
    assert list(fields) == [name]
    sentence = fields[name]
    assert "\n" not in sentence and sentence.endswith((".", "。", "?", "？"))
    assert bool(CHINESE.search(sentence)) == (lang == "zh"), sentence
    return sentence


@pytest.mark.parametrize("value", ["high", "", None, [1], {"a": 1}, True, False, "true", "1,5", "０x"])
def test_what_is_no_number_is_said_with_what_is_accepted(lang: str, value: Any) -> None:
    sentence = only(refusal(share=value), "share", lang)
    assert "share" in sentence and "0" in sentence and "1" in sentence and shorten(value) in sentence


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf"), "nan", "inf", "1e999"])
def test_nan_and_infinity_are_refused(lang: str, value: Any) -> None:
    assert "share" in only(refusal(share=value), "share", lang)


@pytest.mark.parametrize(
    ("name", "value"),
    [("share", -0.001), ("share", 1.001), ("count", 0), ("count", 10), ("share", "2"), ("count", "-1")],
)
def test_both_ends_of_the_range_are_kept(lang: str, name: str, value: Any) -> None:
    sentence = only(refusal(**{name: value}), name, lang)
    assert ("out of range" in sentence) or ("范围" in sentence) or lang == "zh"
    assert str(value) in sentence


def test_the_ends_themselves_are_accepted() -> None:
    assert (Every(share=0, count=1).share, Every(share=1, count=8).share, Every(count=9).count) == (0, 1, 9)


@pytest.mark.parametrize("value", [2.5, "2.5", "two", None, True])
def test_what_is_no_whole_number_is_said(lang: str, value: Any) -> None:
    sentence = only(refusal(count=value), "count", lang)
    assert "whole number" in sentence or "整数" in sentence


@pytest.mark.parametrize("value", ["maybe", 2, None, "2", 0.5])
def test_what_is_neither_true_nor_false_is_said(lang: str, value: Any) -> None:
    assert "open_" in only(refusal(open_=value), "open_", lang)


@pytest.mark.parametrize("value", ["middle", "ABOVE", "", None, True, 1, ["above"], "x" * 300])
def test_a_bad_choice_is_said_with_the_choices(lang: str, value: Any) -> None:
    sentence = only(refusal(rule=value), "rule", lang)
    assert "above" in sentence and "below" in sentence and len(sentence) < 150


def test_an_unknown_name_is_answered_with_the_nearest_or_with_all(lang: str) -> None:
    sentence = only(refusal(shear=1), "shear", lang)
    assert "“shear”" in sentence and "“share”" in sentence and "rule" not in sentence
    sentence = only(refusal(zzz=1), "zzz", lang)
    assert all(name in sentence for name in ("zzz", "share", "count", "open_", "rule"))


@pytest.mark.parametrize("name", ["self", "values", "cls", "model_config", "__init__", "", "a b", "{near}", "类"])
def test_odd_names_are_unknown_and_not_accidents(lang: str, name: str) -> None:
    assert list(refusal(**{name: 1})) == [name]


def test_several_fields_are_refused_at_once_with_one_sentence_each(lang: str) -> None:
    fields = refusal(share="x", count=99, rule="y", open_="z", other=1)
    assert sorted(fields) == ["count", "open_", "other", "rule", "share"]


def test_text_from_a_command_line_is_read_as_its_type() -> None:
    made = Every(share="0.25", count="7", open_="false", rule="below")
    assert made.model_dump() == {"share": 0.25, "count": 7, "open_": False, "rule": "below"}


def test_rules_between_fields_are_said_at_a_field(lang: str) -> None:
    only(refusal(share=1, count=9), "count", lang)


# The policy of the tiers ----------------------------------------------------------------------------------------------

CUTS = ("gold_from", "key_from", "prime_from", "ordinary_from", "restricted_from")
ZERO = dict.fromkeys(("credit_weight", "size_weight", "financial_weight", "outlook_weight"), 0)


def test_weights_all_zero_are_refused(lang: str) -> None:
    only(refusal(TierPolicy, **ZERO), "outlook_weight", lang)
    assert TierPolicy(**{**ZERO, "size_weight": 0.05}).weights().tolist() == [0, 1, 0, 0]


@pytest.mark.parametrize("k", range(4))
def test_cut_offs_out_of_order_are_said_at_the_lower_of_the_two(lang: str, k: int) -> None:
    policy = TierPolicy().model_dump()
    upper = policy[CUTS[k]]
    sentence = only(refusal(TierPolicy, **{CUTS[k + 1]: upper}), CUTS[k + 1], lang)
    labels = {s.name: i18n._(s.label) for s in TierPolicy.settings()}
    assert labels[CUTS[k]] in sentence and labels[CUTS[k + 1]] in sentence and sentence.count(f"{upper:g}") == 2


def test_all_cut_offs_alike_are_four_sentences() -> None:
    assert list(refusal(TierPolicy, **dict.fromkeys(CUTS, 50))) == list(CUTS[1:])


def test_fields_that_are_each_wrong_are_said_before_rules_between_them() -> None:
    assert list(refusal(TierPolicy, **ZERO, lgd=2)) == ["lgd"]


# What can be done with inputs -----------------------------------------------------------------------------------------


def test_gather_takes_its_own_names_and_leaves_the_others_alone() -> None:
    variables = {
        "share": 0.1,
        "rule": "below",
        "data": "x.csv",
        "scenario": "",
        "__name__": "__main__",
        "Inputs": Inputs,
    }
    assert Every.gather(variables).changes() == {"share": 0.1, "rule": "below"}
    assert Every.gather({}) == Every()
    with pytest.raises(InputError):
        Every.gather({"share": 7})


def test_replace_checks_anew_and_leaves_the_old_ones_as_they_were() -> None:
    first = Every(share=0.2)
    assert first.replace(count=5).changes() == {"share": 0.2, "count": 5}
    assert first.changes() == {"share": 0.2}
    assert list(refusal_of(first, count=0)) == ["count"]
    assert list(refusal_of(first, shear=0)) == ["shear"]
    with pytest.raises(ValueError, match="frozen"):
        first.share = 0.9


def refusal_of(inputs: Inputs, **changes: Any) -> dict[str, str]:
    with pytest.raises(InputError) as refused:
        inputs.replace(**changes)
    return refused.value.fields


def test_changes_and_defaults() -> None:
    assert Every().changes() == {}
    assert Every(**Every(share=0.3).changes()) == Every(share=0.3)
    assert Every(share=0.5).changes() == {}


def test_remarks_say_what_is_made_of_the_weights(lang: str) -> None:
    assert Every().remarks() == TierPolicy().remarks() == []
    (remark,) = TierPolicy(**{**ZERO, "credit_weight": 0.3, "size_weight": 0.1}).remarks()
    assert "0.40" in remark and "75.0%" in remark and "25.0%" in remark
    assert bool(CHINESE.search(remark)) == (lang == "zh")


def test_weights_with_binary_dust_are_no_remark() -> None:
    """0.1 + 0.2 + 0.3 + 0.4 and 0.35 + 0.2 + 0.3 + 0.15 are one but for the last digit."""
    weights = dict(zip(ZERO, (0.1, 0.2, 0.3, 0.4), strict=True))
    assert TierPolicy(**weights).remarks() == []


def test_choices_that_are_not_those_of_the_type_are_an_error_of_the_author() -> None:
    class Wrong(Inputs):
        rule: Literal["a", "b"] = setting("a", "Tier", choices={"a": "gold"})

    with pytest.raises(TypeError, match=r"Wrong\.rule"):
        Wrong.settings()


def test_one_setting_is_found_by_its_name() -> None:
    assert [TierPolicy.setting_of(s.name) for s in TierPolicy.settings()] == list(TierPolicy.settings())


@pytest.mark.parametrize("value", ["x" * 41, "x" * 4000])
def test_long_values_are_shortened_in_sentences(value: str) -> None:
    assert len(shorten(value)) == 40 and shorten(value).endswith("…")
    assert len(refusal(share=value)["share"]) < 150
    assert shorten("x" * 40) == "x" * 40


# Every study ----------------------------------------------------------------------------------------------------------

EVERY = [(name, s) for name, study in STUDIES.items() for s in study.inputs.settings()]
every_setting = each("study, s", EVERY, lambda one: f"{one[0]}-{one[1].name}")
every_study = pytest.mark.parametrize("study", STUDIES)


@every_setting
def test_a_declaration_is_complete_and_its_default_fits(study: str, s: Setting) -> None:
    assert s.label and s.group
    if s.choices:
        assert s.default in s.choices and len(s.choice_labels) == len(s.choices)
    elif s.kind is not bool:
        assert s.low is not None and s.high is not None and s.step
        assert s.low <= s.default <= s.high
    inputs = STUDIES[study].inputs
    assert inputs(**{s.name: s.default}) == inputs()


@every_setting
def test_every_input_refuses_nonsense_in_one_sentence(lang: str, study: str, s: Setting) -> None:
    outside = ["nonsense", None] if s.choices or s.kind is bool else ["nonsense", None, s.low - 1, s.high + 1, True]  # type: ignore[operator]
    for value in outside:
        sentence = only(refusal(STUDIES[study].inputs, **{s.name: value}), s.name, lang)
        assert s.name in sentence and s.title() in sentence


@every_study
def test_the_reference_table_says_all_of_the_declaration(lang: str, study: str) -> None:
    inputs = STUDIES[study].inputs
    table = inputs.reference()
    assert len(table) == len(inputs.settings())
    assert table.iloc[:, 0].tolist() == [s.name for s in inputs.settings()]
    assert table.iloc[:, 1].tolist() == [s.named(s.default) for s in inputs.settings()]
    assert table.index.tolist() == [s.title() for s in inputs.settings()]
    assert len(set(table.index)) == len(table), "two inputs called alike"
    for text in (*table.columns, table.index.name, *table.index):
        assert bool(CHINESE.search(text)) == (lang == "zh"), text


@every_study
def test_the_textbook_case_is_accepted(study: str) -> None:
    inputs = STUDIES[study].inputs(**STUDIES[study].textbook)
    assert inputs.model_dump().items() >= STUDIES[study].textbook.items()


# Whatever is given ----------------------------------------------------------------------------------------------------

anything = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=50), st.binary(max_size=5),
    st.complex_numbers(), st.decimals(), st.lists(st.integers(), max_size=2), st.just(Decimal("NaN")),
    st.just(object()), st.just(1e-320), st.integers(10**400, 10**401),
)  # fmt: skip


@quick
@given(st.dictionaries(st.one_of(st.sampled_from([s.name for s in TierPolicy.settings()]), st.text()), anything))
def test_any_mapping_makes_inputs_or_an_input_error(values: dict[str, Any]) -> None:
    try:
        made = TierPolicy(**values)
    except InputError as refused:
        assert refused.fields
        assert all(isinstance(s, str) and s and "\n" not in s for s in refused.fields.values())
        return
    assert TierPolicy(**made.model_dump()) == made


@pytest.mark.parametrize("study", STUDIES)
def test_values_within_their_bounds_are_accepted_or_refused_by_a_rule_between_them(study: str) -> None:
    inputs = STUDIES[study].inputs

    @quick
    @given(values_of(inputs))
    def holds(values: dict[str, Any]) -> None:
        try:
            made = inputs(**values)
        except UserError as refused:
            assert set(refused.fields) <= {s.name for s in inputs.settings()}  # type: ignore[attr-defined]
            return
        assert made.model_dump() == values
        assert all(isinstance(remark, str) and remark for remark in made.remarks())

    holds()

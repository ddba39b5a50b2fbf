"""Does the index have every key term, in the order a reader looks for, and lead to a section that there is?"""

import re

import pytest

from crmlib.chapters import chapters
from crmlib.core.i18n import LANGUAGES
from crmlib.items.summaries import key_terms
from crmlib.notebooks import index
from crmlib.notebooks.sections import anchor, every_section, sections_of
from crmlib.support.glossary import glossary

CHINESE = re.compile("[一-鿿]")


def lines(of: str, lang: str) -> list[list[str]]:
    text = index.index(of, lang)
    return [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ") and "](<" in line]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("of", LANGUAGES)
def test_every_key_term_leads_to_a_section_of_its_chapter(of: str, lang: str) -> None:
    found: dict[str, str] = {}
    for line in lines(of, lang):
        found[line[0]] = found.get(line[0], "") + line[-1]
    for notebook in (name for chapter in chapters().values() for name in chapter.notebooks):
        places = {f"(<{notebook}.ipynb#{anchor(section.heading[lang])}>)" for section in sections_of(notebook)}
        for key in key_terms(notebook):
            assert any(place in found[getattr(key.term, of)] for place in places), key.term


def test_every_term_of_the_glossary_is_there_with_a_section_or_without() -> None:
    places = {entry.name.zh: entry.places for entry in index.entries()}
    assert [term.zh for term in glossary().terms if term.zh not in places] == []
    assert places["顺周期"] == ()  # no section names it
    for lang in LANGUAGES:
        assert re.search(r"^\| 顺周期 \| procyclical \|  \|$", index.index("zh", lang), re.MULTILINE)


def test_a_term_that_goes_by_another_name_leads_to_a_section_that_uses_that() -> None:
    (place,) = next(entry.places for entry in index.entries() if entry.name.zh == "前台人员")
    assert "前台" in place.body["zh"] and "前台人员" not in place.body["zh"]


def test_known_terms_are_found_where_they_are_explained() -> None:
    where = {entry.name.en: [place.heading["en"] for place in entry.places] for entry in index.entries()}
    assert where["veto"] == ["Vetoes"]
    assert where["five components of loyalty"] == ["Five components"]
    assert where["migration matrix"] == ["Tiers change"]
    assert where["separation of duties"] == ["Separation of duties: who may do what"]
    assert where["must-be"] == ["Kano's model"]
    assert where["retention curve"] == ["Churn, seen and unseen"]  # and not where its explorer is
    assert where["expected loss"] == ["Expected loss", "Expected loss"]  # of two chapters
    assert where["confidence"] == ["How many answers are enough"]  # though chapter 5 speaks of confidence


def test_chinese_stands_in_the_order_of_its_syllables_read_as_the_word_has_them() -> None:
    words = ["重要", "重复", "行业", "行为", "长期", "成长", "调查", "调整", "ABC 分类", "“五倍”", "八个", "A+ 策略"]
    assert sorted(words, key=index.by_pinyin) == [
        "A+ 策略", "ABC 分类", "八个", "长期", "成长", "重复", "调查", "行业", "调整", "“五倍”", "行为", "重要",
    ]  # fmt: skip
    assert [index.first(index.by_pinyin(word)) for word in ("“五倍”", "2/10", "ABC", "重复")] == ["W", "0–9", "A", "C"]


def test_english_stands_in_the_order_of_its_letters_large_or_small() -> None:
    words = ["TOPSIS", "trust", "“five times”", "five components", "80/20 rule", "AHP", "ageing"]
    assert sorted(words, key=index.by_letter) == [
        "80/20 rule", "ageing", "AHP", "five components", "“five times”", "TOPSIS", "trust",
    ]  # fmt: skip


@pytest.mark.parametrize("of", LANGUAGES)
def test_both_pages_have_the_same_letters_each_once_and_in_order(of: str) -> None:
    zh, en = (re.findall("^### (.+)$", index.index(of, lang), re.MULTILINE) for lang in LANGUAGES)
    assert zh == en == sorted(set(zh))
    names = [line[0] for line in lines(of, "en")]
    assert names == sorted(names, key=index.ORDERS[of])
    assert all(CHINESE.search(name) for name in names if of == "zh" and not re.match("[A-Z0-9]", name))
    assert not [name for name in names if of == "en" and CHINESE.search(name)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_another_name_says_which_term_to_see_and_that_is_there(lang: str) -> None:
    pattern = {"zh": r"见“(.+)”", "en": r"see (.+)"}[lang]
    for of in LANGUAGES:
        names = {line[0] for line in lines(of, lang)}
        seen = re.findall(rf"^\| (.+?) \|  \| {pattern} \|$", index.index(of, lang), re.MULTILINE)
        assert len(seen) > 20
        assert not [(alias, term) for alias, term in seen if term not in names or alias in names]


def test_a_section_that_only_invites_to_an_explorer_explains_nothing() -> None:
    explains = {section.heading["en"]: section.explains for section in every_section()}
    assert not explains["Move the funnel"] or explains["The sales funnel"]
    assert not explains["Retention curve"] and explains["80/20 and ABC"] and explains["Credit grades"]

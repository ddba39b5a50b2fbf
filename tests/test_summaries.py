"""What a chapter comes down to: terms in both languages, formulas that can be set, pairs shown where they belong."""

import re
from itertools import product
from pathlib import Path

import pytest

from crmlib.chapters import Chapter, chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.items import prose, summaries
from crmlib.items.bank import bank
from crmlib.items.item import differing_numbers
from crmlib.items.summaries import key_terms, summary
from crmlib.notebooks import asked, contents

EACH = pytest.mark.parametrize("chapter", chapters().values(), ids=chapters())


@EACH
def test_each_chapter_has_key_terms_formulas_and_pairs(chapter: Chapter) -> None:
    known = summary(chapter.topic)
    assert known and known.topic == chapter.topic
    assert len(key_terms(*chapter.notebooks)) >= 8 and len(known.pairs) >= 6 and known.formulas


@EACH
def test_every_formula_can_be_set_and_both_languages_name_the_same_numbers(chapter: Chapter) -> None:
    known = summary(chapter.topic)
    assert known
    for formula in known.formulas:
        prose.formula(formula.latex)
    texts = [text for f in known.formulas for text in (f.name, f.where)]
    texts += [text for pair in known.pairs for text in (pair.one, pair.other, pair.difference)]
    assert [said for text in texts if (said := differing_numbers(text.zh, text.en))] == []


@EACH
def test_no_pair_stands_twice_and_none_is_of_one_notion(chapter: Chapter) -> None:
    known = summary(chapter.topic)
    assert known
    for lang in LANGUAGES:
        both = [frozenset((getattr(pair.one, lang), getattr(pair.other, lang))) for pair in known.pairs]
        assert len(set(both)) == len(both) and all(len(pair) == 2 for pair in both)


@EACH
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_chapter_shows_each_pair_once(chapter: Chapter, language: str) -> None:
    known = summary(chapter.topic)
    assert known
    said = []
    for name in chapter.notebooks:
        shown = contents.filled(f"a\n\n{contents.PAIRS}\n", language, name)
        rows = [line for line in shown.splitlines() if line.startswith("| ")][1:]
        assert len(rows) >= 5
        said += [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    texts = [[getattr(text, language) for text in (p.one, p.other, p.difference)] for p in known.pairs]
    assert sorted(said) == sorted(texts), "a bar within a text would make another cell of it"


def book(folder: Path, zh: str, en: str) -> None:
    heads = "|---|---|---|\n"
    text = f'+++ {{"tags": ["zh"]}}\n\n## 一分钟小结\n\n| 中文 | English | 一句话 |\n{heads}{zh}\n'
    text += f'+++ {{"tags": ["en"]}}\n\n## In one minute\n\n| English | 中文 | In a sentence |\n{heads}{en}\n'
    (folder / "77_own.md").write_text(text, "utf-8")


def test_terms_are_read_from_both_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summaries, "SOURCES", tmp_path)
    book(tmp_path, "| 否决 | veto | 封顶 |", "| veto | 否决 | caps |")
    (term,) = key_terms.__wrapped__("77_own")
    assert (term.term.zh, term.term.en, term.said.zh, term.said.en) == ("否决", "veto", "封顶", "caps")


@pytest.mark.parametrize("en", ["| weight | 否决 | caps |", "", "| veto | 否决 | caps |\n| weight | 权重 | costs |"])
def test_tables_that_differ_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None, en: str
) -> None:
    monkeypatch.setattr(summaries, "SOURCES", tmp_path)
    book(tmp_path, "| 否决 | veto | 封顶 |", en)
    with pytest.raises(UserError, match=re.escape("77_own.md: the tables “In one minute” do not hold the same terms")):
        key_terms.__wrapped__("77_own")


# What is asked --------------------------------------------------------------------------------------------------------


@EACH
def test_each_question_is_counted_in_one_section_and_both_languages_count_alike(chapter: Chapter) -> None:
    items = bank().of(chapter.topic)
    tables: dict[str, list[int]] = {lang: [] for lang in LANGUAGES}
    for lang, name in product(LANGUAGES, chapter.notebooks):
        with speaking(lang):
            line, rows = asked.told(chapter, name)
        assert f"{len(items)}" in line and "100" in line and rows
        here = [int(number) for _head, _kinds, number in rows]
        assert len(chapter.notebooks) == 1 or f"{sum(here)}" in line
        tables[lang] += here
        heads = [head for head, _body in asked.sections(name, lang)]
        assert [head for head, _kinds, _number in rows] == [head for head in heads if head in {row[0] for row in rows}]
    zh, en = tables.values()
    assert zh == en and sum(zh) == len(items)


@EACH
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_head_of_a_chapter_names_the_sections_asked_most_often(chapter: Chapter, lang: str) -> None:
    for name in chapter.notebooks:
        with speaking(lang):
            _line, rows = asked.told(chapter, name)
        most = sorted((int(number) for _head, _kinds, number in rows), reverse=True)[: asked.MOST]
        shown = contents.filled(contents.OFTEN, lang, name)
        assert [int(n) for n in re.findall(r"[(（](\d+)[)）]", shown)] == most
        assert sum(head in shown for head, _kinds, number in rows) >= len(most)


@EACH
def test_both_languages_have_the_same_sections(chapter: Chapter) -> None:
    for name in chapter.notebooks:
        zh, en = (asked.sections(name, lang) for lang in LANGUAGES)
        assert len(zh) == len(en) > 5
        assert not [body for _head, body in zh + en if "```" in body or "import " in body]


READ = """
tiers.veto: 一票否决
tiers.weighted_score: 由得分到等级
tiers.iron_layer: 客户价值金字塔
tiers.tf_consent: 客户档案与个人信息
loyalty.wallet_rule: 钱包份额与名次
loyalty.tf_two_rates: 重复购买率有两种
loyalty.zero_expectation: 满意度 c = b / a
relationships.which_market: 六个市场
relationships.tf_borders: 科特勒的矩阵
distributors.functional_discount: 五种折扣
distributors.consistency: 层次分析法（选学）
"""
"""Which section teaches what a question asks, by reading both."""


@pytest.mark.parametrize("line", READ.split("\n")[1:-1])
def test_a_question_is_counted_where_its_wording_is_closest(line: str) -> None:
    id, _colon, head = line.partition(": ")
    chapter = chapters()[id.partition(".")[0]]
    notebook, number = asked.places(chapter.topic, chapter.notebooks)[id]
    assert asked.sections(notebook, "zh")[number][0] == head

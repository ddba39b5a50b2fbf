"""Interface text: nothing untranslated, nothing that a translator could not reach, no Chinese in the code."""

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from each import each

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.paths import ROOT
from crmlib.notebooks import catalogue
from crmlib.support.files import atomic_write

FILES = sorted((ROOT / "crmlib").rglob("*.py"))
CHINESE = re.compile("[一-鿿]")
READ_AS_WRITTEN = {
    ROOT / "crmlib" / name
    for name in (
        "tables/values.py",
        "tables/units.py",
        "tables/header.py",
        "tables/spellings.py",
        "tables/gaps.py",
        "tables/periods.py",
        "tables/traditional.py",
        "chapters/company/models/firm_names.py",
        "casebook.py",
        "support/answers.py",
        "core/numbers.py",
        "notebooks/pairs.py",
        "items/base.py",
        "items/rounding.py",
        "items/tells.py",
        "exams/outline.py",
        "exams/exports/platform.py",
        "chapters/distributors/pasted.py",
    )
}
"""Files that read what people type: dates with 年 and 月, 年末 and 无, traditional characters, amounts with 万元,
names of firms, scenario names, 权重 in a pasted table, 以上都对 among options, 保留两位小数 in a question; one that
numbers the sections of a Chinese paper 一、二、三, and one that writes the marks (题型, 答案：) by which Chinese
platforms read a file."""
SAME_IN_BOTH = {"Saaty（1980）", "TOPSIS"}
"""Messages that are called alike in both languages."""
WORDS = re.compile(r"[^\W\d_]{4,}")
PLACES = re.compile(r"\{(\w*)[^{}]*\}")

messages = [message for message in catalogue.catalogue() if message.id]
every_file = each("path", FILES)


def forms(part: object) -> list[str]:
    return list(part) if isinstance(part, tuple | list) else [str(part)]


def test_the_catalogue_is_up_to_the_code_and_translated() -> None:
    assert list(catalogue.problems()) == []


def test_a_translation_has_the_places_of_its_message() -> None:
    for message in messages:
        wanted = {name for form in forms(message.id) for name in PLACES.findall(form)}
        for form in forms(message.string):
            assert set(PLACES.findall(form)) == wanted, message.id
            assert form.count("{") == form.count("}")


def test_a_translation_is_a_translation() -> None:
    for message in messages:
        for form in forms(message.string):
            words = WORDS.findall(re.sub(r"\{[^{}]*\}|<[^>]+>|`[^`]*`", "", form))
            assert form in SAME_IN_BOTH or CHINESE.search(form) or not words, f"{message.id!r} → {form!r}"


def test_chinese_is_punctuated_as_chinese() -> None:
    for message in messages:
        for form in forms(message.string):
            assert not re.search(r"[一-鿿][,;:?!](\s|$|[一-鿿])|[０-９Ａ-Ｚａ-ｚ]", form), form


def _translating_calls(tree: ast.AST) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "ngettext"):
            yield node


@every_file
def test_no_message_hides_in_an_f_string(path: Path) -> None:
    """Babel reads what stands within an f-string as text on Python 3.11 and would miss the message."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            hidden = [call for call in _translating_calls(node) if any(isinstance(a, ast.Constant) for a in call.args)]
            assert not hidden, f"line {node.lineno}"


@every_file
def test_messages_are_plain_text_formatted_after_translation(path: Path) -> None:
    for call in _translating_calls(ast.parse(path.read_text("utf-8"))):
        for argument in call.args[: 2 if call.func.id == "ngettext" else 1]:  # type: ignore[attr-defined]
            assert not isinstance(argument, ast.JoinedStr | ast.BinOp), f"line {call.lineno}"
            formatted = isinstance(argument, ast.Call) and getattr(argument.func, "attr", "") == "format"
            assert not formatted, f"line {call.lineno}"


@every_file
def test_the_code_holds_no_chinese_text(path: Path) -> None:
    if path in READ_AS_WRITTEN:
        return
    tree = ast.parse(path.read_text("utf-8"))
    notes = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}  # docstrings explain in either language
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes:
            shown = re.sub(r"\[目录\]|\[?中文\]?|一-鿿", "", node.value)  # what switches languages; a range of signs
            assert not CHINESE.search(shown), f"line {node.lineno}: {node.value[:40]}"


# The mechanism --------------------------------------------------------------------------------------------------------


def test_the_language_is_taken_from_what_was_said_the_variable_the_folder_or_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(i18n, "_chosen", None)
    for name in ("CRM_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    for system, spoken in {
        "zh_CN.UTF-8": "zh",
        "zh_TW": "zh",
        "Chinese_China.936": "zh",
        "de_DE": "en",
        "C": "en",
    }.items():
        monkeypatch.setenv("LANG", system)
        assert i18n.language() == i18n.system_language() == spoken
    (tmp_path / "zh").mkdir()
    monkeypatch.chdir(tmp_path / "zh")
    assert i18n.language() == "zh"
    monkeypatch.setenv("CRM_LANG", "en")
    assert i18n.language() == "en"
    i18n.use("zh")
    assert i18n.language() == "zh"
    with pytest.raises(ValueError, match="'fr'"):
        i18n.use("fr")


def test_text_is_translated_when_it_is_shown_and_counted_in_its_language(lang: str) -> None:
    assert i18n._("gold") == ("黄金" if lang == "zh" else "gold")
    assert i18n._("") == "" and i18n._("no such message") == "no such message"
    one, many = (i18n.ngettext("{n} empty row was left out.", "{n} empty rows were left out.", n) for n in (1, 2))
    assert (one == many) == (lang == "zh")
    assert i18n.pick({"zh": "一", "en": "one"}) == {"zh": "一", "en": "one"}[lang]


def test_a_catalogue_behind_the_code_is_found_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    po, mo = tmp_path / "crm.po", tmp_path / "crm.mo"
    atomic_write(po, catalogue.PO.read_bytes().replace(b'msgid "gold"', b'msgid "silver"', 1))
    atomic_write(mo, catalogue.MO.read_bytes())
    monkeypatch.setattr(catalogue, "PO", po)
    monkeypatch.setattr(catalogue, "MO", mo)
    monkeypatch.setattr(i18n, "_chosen", "en")
    found = list(catalogue.problems())
    assert any("crm.po is behind" in problem for problem in found)
    assert "Not translated: “gold”." in found
    assert "gold" in catalogue.update()
    assert "Not translated: “gold”." in list(catalogue.problems())
    atomic_write(po, po.read_bytes().replace(b'msgid "gold"\nmsgstr ""', 'msgid "gold"\nmsgstr "黄金"'.encode(), 1))
    assert "gold" not in catalogue.update()
    assert not [problem for problem in catalogue.problems() if "behind" in problem]


def test_each_thread_and_task_speaks_its_own_language_for_a_while(english: None) -> None:
    met = Barrier(2)

    def said(lang: str) -> list[str]:
        with i18n.speaking(lang):
            met.wait(20)
            first = i18n._("gold")
            met.wait(20)
            return [first, i18n._("gold")]

    with ThreadPoolExecutor(2) as threads:
        zh, en = threads.map(said, ("zh", "en"))
    assert (zh, en) == (["黄金"] * 2, ["gold"] * 2)
    assert i18n.language() == "en"


def test_a_word_with_several_meanings_is_translated_by_its_context(lang: str) -> None:
    assert i18n._(i18n.NC_("boxes", "cases")) == {"zh": "箱", "en": "cases"}[lang]
    assert i18n._(i18n.NC_("of a law court", "cases")) == "cases", "no translation: the word alone, without its context"


def test_an_error_speaks_in_sentences() -> None:
    assert UserError("one").problems == ["one"]
    assert str(UserError(["one", "two"])) == "one\ntwo"

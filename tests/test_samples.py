"""Are the sample papers what the bank says now, is each answer that of its question, and is what has changed said?"""

import json
import re
import sys
import tempfile
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
import yaml
from conftest import Crm

from crmlib.classroom import copies
from crmlib.cli.build import build as build_command
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, speaking
from crmlib.core.paths import CASEBOOK, NOTEBOOKS, ROOT
from crmlib.exams import samples
from crmlib.exams.blueprint import blueprint
from crmlib.exams.outline import quick
from crmlib.exams.paper import LABELS, Paper
from crmlib.items import bank as banks
from crmlib.items.bank import bank, read_bank
from crmlib.notebooks import build as notebooks
from crmlib.site import build

Forms = dict[str, dict[str, list[str]]]
LARGEST = 1_500_000
QUESTION = re.compile(
    r'<div class="question.*?(?=<div class="question|<div class="start|<div data-custom-style="Facts|\Z)', re.DOTALL
)
KNOWN = samples.samples()
PAGES = [(label, lang) for label in KNOWN.forms for lang in LANGUAGES]
every_paper = pytest.mark.parametrize(("label", "lang"), PAGES)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", "", html)).split())


def page(label: str, lang: str, kind: str) -> str:
    return (NOTEBOOKS / lang / samples.place(KNOWN, label, kind)).read_text("utf-8")  # type: ignore[arg-type]


def drawn(label: str, lang: str) -> Paper:
    return samples.drawn(KNOWN, bank(), label, lang)


def questions(html: str) -> list[str]:
    """Return the questions of a page as they stand there, without the brackets to write in and the points."""
    asked = [re.split(r"</p></div>", part, maxsplit=1)[0] for part in QUESTION.findall(html)]
    return [re.sub(r"[（(][\d.]+ ?(?:分|points?)[)）]$|^（ ）|^\( \) ", "", words(one)).strip() for one in asked]


# What is stored -------------------------------------------------------------------------------------------------------


def test_the_stored_pages_are_what_the_bank_says() -> None:
    assert samples.problems() == []


def test_there_are_three_whole_papers_without_a_common_question_and_all_is_small() -> None:
    assert len(KNOWN.forms) == samples.FORMS
    ids = [id for sections in KNOWN.forms.values() for of in sections.values() for id in of]
    assert len(ids) == len(set(ids))
    assert all(drawn(*one).points == blueprint(KNOWN.blueprint).points for one in PAGES)
    stored = list(NOTEBOOKS.glob(f"*/{samples.FOLDER}/*"))
    assert sum(path.stat().st_size for path in stored) <= LARGEST


@every_paper
def test_the_answers_are_to_the_questions_of_the_paper_in_its_order(label: str, lang: str) -> None:
    asked, answered = (questions(page(label, lang, kind)) for kind in ("paper", "key"))
    assert asked == answered and len(asked) == len(drawn(label, lang).questions)
    marked = questions(page(label, lang, "marking"))
    assert marked and marked == asked[-len(marked) :]


@pytest.mark.shared(2)
@every_paper
def test_each_letter_of_the_key_stands_before_the_option_that_the_bank_calls_right(label: str, lang: str) -> None:
    known = {}
    for path in sorted((CASEBOOK / "items").glob("*.yaml")):
        for item in yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))["items"]:
            known[item["id"]] = item
    told = words(re.search(r"<p><b>[^<]*</b> .*?</p>", page(label, lang, "key"), re.DOTALL)[0])  # type: ignore[index]
    letters = "".join(re.findall(r"\d+–\d+ (\S+)", told))
    asked, seen = QUESTION.findall(page(label, lang, "paper")), 0
    for number, q in enumerate(drawn(label, lang).questions):
        item = known[q.id]
        if item["type"] == "tf":
            assert letters[number] == {"zh": "错对", "en": "FT"}[lang][item["answer"]], q.id
        elif item["type"] == "mcq" and "options" in item:
            (right,) = (option["text"][lang] for option in item["options"] if option.get("correct"))
            options = re.findall(r"<li>(.*?)</li>", asked[number], re.DOTALL)
            assert words(options[LABELS.index(letters[number])]) == words(right.replace("**", "")), q.id
            seen += 1
    assert seen >= 5 and len(letters) == len([q for q in drawn(label, lang).questions if q.kind in ("mcq", "tf")])


MACHINE = {str(ROOT), str(ROOT.parent), str(Path.home()), sys.prefix, tempfile.gettempdir()} - {"/"}
"""Places of whatever machine the test runs on; no page may name one."""


@every_paper
def test_a_page_says_that_it_is_open_fetches_nothing_and_names_nothing_of_this_machine(label: str, lang: str) -> None:
    for kind in ("paper", "key", "marking"):
        html = page(label, lang, kind)
        assert {"zh": "样卷", "en": "Sample paper"}[lang] in words(html)
        assert not re.search(r"<script|https?://(?!www\.w3\.org)", html)
        assert not [place for place in MACHINE if place in html]
    with speaking(lang):
        assert not any(row["keys"] in page(label, lang, "paper") for row in quick(drawn(label, lang))[:4])


# What has changed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> Path:
    """The stored pages and the bank, in a folder where they may be changed."""
    folder = tmp_path / "notebooks"
    for path in [samples.CHOICE, *NOTEBOOKS.glob(f"*/{samples.FOLDER}/*")]:
        copy = folder / path.relative_to(NOTEBOOKS)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(samples, "NOTEBOOKS", folder)
    monkeypatch.setattr(samples, "CHOICE", folder / samples.CHOICE.name)
    return folder


def change_bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, topic: str = "tiers") -> None:
    """Let the bank be another one: the workbook's with a text of a topic replaced."""
    folder = tmp_path / "items"
    folder.mkdir()
    for path in banks.ITEMS.glob("*.yaml"):
        text = path.read_text("utf-8")
        assert path.stem != topic or old in text
        (folder / path.name).write_text(text.replace(old, new) if path.stem == topic else text, "utf-8")
    changed = read_bank(folder, packaged=False).for_practice()
    monkeypatch.setattr(samples, "bank", lambda: changed)


def a_choice() -> tuple[str, str]:
    """Return the label of a paper with a written choice on tiers, and the item's id."""
    return next(
        (label, id)
        for label, sections in KNOWN.forms.items()
        for id in sections["choice"]
        if id.startswith("tiers.") and not bank().item(id).generator  # type: ignore[union-attr]
    )


def test_a_changed_item_makes_the_pages_it_stands_on_stale_and_no_others_and_the_command_mends_them(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    label, id = a_choice()
    stem = bank().item(id).stem.zh  # type: ignore[union-attr]
    change_bank(tmp_path, monkeypatch, stem, f"新的说法：{stem}")
    said = samples.problems()
    assert [line.partition(":")[0] for line in said] == [
        f"notebooks/zh/papers/final-{label}.html",
        f"notebooks/zh/papers/final-{label}-key.html",
    ]
    assert all("run “crm exam samples”" in line for line in said)
    before = (workbook / "samples.yaml").read_bytes()
    _files, why = samples.write()
    assert why == [] and samples.problems() == []
    assert (workbook / "samples.yaml").read_bytes() == before
    assert "新的说法" in (workbook / f"zh/papers/final-{label}.html").read_text("utf-8")


def test_an_item_that_is_gone_is_named_with_the_command_which_chooses_anew_and_says_so(
    workbook: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crm: Crm
) -> None:
    label, id = a_choice()
    change_bank(tmp_path, monkeypatch, f"{id}\n", f"{id}_anew\n")
    (said,) = samples.problems()
    assert said.startswith(f"Sample paper {label}") and id in said and said.endswith("Run “crm exam samples”.")
    code, printed, told = crm("exam", "samples", "--lang", "en")
    assert code == 0 and "notebooks/zh/papers/final-A.html" in printed
    assert id in told and "Other questions were chosen" in told
    assert samples.problems() == []


def test_a_page_of_no_paper_and_a_lost_one_are_found_and_mended(workbook: Path) -> None:
    (workbook / "zh/papers/final-A.html").rename(workbook / "zh/papers/midterm-A.html")
    lost, stray = samples.problems()
    assert lost.startswith("notebooks/zh/papers/final-A.html") and stray.startswith(
        "notebooks/zh/papers/midterm-A.html"
    )
    samples.write()
    assert samples.problems() == []


def swapped(forms: Forms) -> None:
    """Let two sections of the first paper have each other's questions."""
    first = next(iter(forms.values()))
    first["choice"], first["true_false"] = first["true_false"], first["choice"]


def renamed(forms: Forms) -> None:
    """Let a section of the first paper be called as none of the blueprint."""
    first = next(iter(forms.values()))
    first["choices"] = first.pop("choice")


@pytest.mark.shared(2)
@pytest.mark.parametrize("change", [swapped, renamed])
def test_sections_that_are_not_those_of_the_blueprint_are_said_and_chosen_anew(
    workbook: Path, change: Callable[[Forms], None]
) -> None:
    content = KNOWN.model_dump(mode="json")
    change(content["forms"])
    samples.CHOICE.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")
    label = next(iter(KNOWN.forms))
    why = f"Sample paper {label}: Its sections are not those of the blueprint."
    assert samples.problems() == [f"{why} Run “crm exam samples”."]
    assert samples.write()[1] == [why, "Other questions were chosen for the sample papers."]
    assert samples.problems() == []


DAMAGE = {
    None: "is missing",
    "forms: {": "not valid YAML",
    "blueprint: final\nseed: 1\nforms: {}\n": "“forms” cannot be",
    "blueprint: nothing\nseed: 1\nforms: {A: {choice: [x]}}\n": "no blueprint",
}


def test_a_choice_that_is_lost_or_damaged_is_said_and_made_again_the_same(workbook: Path) -> None:
    choice = workbook / "samples.yaml"
    for content, said in DAMAGE.items():
        choice.unlink(missing_ok=True)
        if content is not None:
            choice.write_text(content, "utf-8")
        (problem,) = samples.problems()
        assert said in problem and problem.endswith("Run “crm exam samples”.")
    files, why = samples.write()
    assert said in why[0] and samples.problems() == []
    before = choice.read_bytes()
    assert samples.write() == (files, []) and choice.read_bytes() == before


def test_another_seed_chooses_other_questions(workbook: Path, crm: Crm) -> None:
    assert crm("exam", "samples", "--seed", "2", "--lang", "zh")[0] == 0
    found = samples.samples()
    assert found.seed == 2 and found.forms != KNOWN.forms
    assert samples.problems() == []


# Where they are found -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["00_start", "12_exam"])
def test_the_start_page_and_the_exam_chapter_link_to_every_page(name: str, lang: str) -> None:
    cells = json.loads((NOTEBOOKS / lang / f"{name}.ipynb").read_bytes())["cells"]
    linked = re.findall(r"\((papers/[^)]+)\)", "".join("".join(cell["source"]) for cell in cells))
    assert sorted(linked) == sorted(
        path.relative_to(NOTEBOOKS / lang).as_posix() for path in (NOTEBOOKS / lang / samples.FOLDER).iterdir()
    )


def test_they_come_with_a_students_copies_and_a_new_edition_takes_their_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workbook: Path
) -> None:
    home, name = tmp_path / "home", "notebooks/zh/papers/final-A.html"
    monkeypatch.setattr(copies, "NOTEBOOKS", workbook)
    assert home / name in copies.deliver(home) and copies.deliver(home) == []
    (workbook.parent / name).write_text("second edition", "utf-8")
    assert copies.deliver(home) == [home / name]
    (home / name).write_text("written in", "utf-8")
    (workbook.parent / name).write_text("third edition", "utf-8")
    assert copies.deliver(home) == [home / "notebooks/zh/papers/final-A.new.html"]


def test_the_site_has_them_where_it_has_the_exam_chapter(tmp_path: Path) -> None:
    build.write(tmp_path, ["exam"], cut=False, moving=(), every_scenario=False)
    stored = {path.relative_to(NOTEBOOKS).as_posix(): path for path in NOTEBOOKS.glob(f"*/{samples.FOLDER}/*")}
    for place, path in stored.items():
        assert (tmp_path / place).read_bytes() == path.read_bytes()
    kept = (tmp_path / "sw.js").read_text("utf-8")
    for lang in LANGUAGES:
        for page in ("index", "12_exam"):
            linked = set(re.findall(r'href="(papers/[^"]+)"', (tmp_path / lang / f"{page}.html").read_text("utf-8")))
            assert {f"{lang}/{place}" for place in linked} == {place for place in stored if place.startswith(lang)}
    assert all(place in kept for place in stored)


def test_the_check_of_the_whole_book_tells_of_stale_papers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(samples, "problems", lambda: ["A paper is stale."])
    monkeypatch.setattr(notebooks, "check", lambda _source, _lang: [])
    with pytest.raises(UserError, match="A paper is stale"):
        build_command(check=True)

"""An exam is never lost, mixed with another or written elsewhere; what students have with its key is said."""

import json
import shutil
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from conftest import Crm
from test_items import MCQ, NUM, TF, change, topic, written

from crmlib.core.errors import UserError
from crmlib.exams import papers, printing
from crmlib.exams.blueprint import BLUEPRINTS, blueprint
from crmlib.exams.manifest import as_json, make_manifest, read_manifest
from crmlib.items import bank as banks
from crmlib.items.bank import bank, read_bank

MAKE = ("exam", "make", "--blueprint", "mock", "--lang", "en", "--to", "html")


def tree(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the exam lies that each test has a copy of; the first that wants one makes it."""
    return tmp_path_factory.mktemp("kept") / "exam"


@pytest.fixture
def exam(kept: Path, crm: Crm, tmp_path: Path) -> Path:
    """An exam of two forms in a folder, with a file of the instructor's own beside it."""
    if not kept.exists():
        assert crm(*MAKE, "--seed", "1", "--forms", "2", "--out", kept)[0] == 0
    out = shutil.copytree(kept, tmp_path / "exam")
    (out / "instructor" / "mock-notes.txt").write_text("mine")
    return out


# A folder with an exam in it ------------------------------------------------------------------------------------------


def test_another_exam_does_not_take_its_place_unasked(crm: Crm, exam: Path) -> None:
    before = tree(exam)
    code, said, refused = crm(*MAKE, "--seed", "2", "--out", exam)
    assert (code, said) == (2, "") and "--replace" in refused and f"--from {exam}/instructor/manifest.json" in refused
    assert tree(exam) == before


def test_asked_to_replace_it_the_old_one_goes_whole_and_what_is_not_of_it_stays(crm: Crm, exam: Path) -> None:
    other = exam.parent / "other"
    assert crm(*MAKE, "--seed", "2", "--out", other)[0] == 0
    assert crm(*MAKE, "--seed", "2", "--out", exam, "--replace")[0] == 0
    assert tree(exam) == {**tree(other), "instructor/mock-notes.txt": b"mine"}


def test_another_format_of_it_stands_beside_the_first_in_the_same_manifest(crm: Crm, exam: Path) -> None:
    before = tree(exam)
    again = ("exam", "make", "--from", exam / "instructor" / "manifest.json", "--out", exam, "--lang", "en")
    assert crm(*again, "--to", "gift")[0] == 0
    after = tree(exam)
    assert {name for name in before if name in after and before[name] == after[name]} == set(before) - {
        "instructor/manifest.json"
    }
    new = {"instructor/mock-A-en-gift.txt", "instructor/mock-B-en-gift.txt"}
    assert set(after) - set(before) == new
    found = read_manifest(exam / "instructor" / "manifest.json")
    assert {*found.files, "instructor/manifest.json", "instructor/mock-notes.txt"} == set(after)
    assert crm(*again, "--to", "html")[0] == 0
    assert tree(exam) == after, "making the same again changes nothing"


def test_a_file_that_is_in_the_way_and_not_of_the_exam_stays(crm: Crm, exam: Path) -> None:
    (exam / "instructor" / "mock-A-en-gift.txt").write_text("mine")
    before = tree(exam)
    again = ("exam", "make", "--from", exam / "instructor" / "manifest.json", "--out", exam, "--lang", "en")
    code, _said, refused = crm(*again, "--to", "gift")
    assert code == 2 and "mock-A-en-gift.txt is there already; nothing was written" in refused
    assert tree(exam) == before


def test_a_folder_of_something_else_is_refused_even_if_replacing_is_asked_for(crm: Crm, exam: Path) -> None:
    (exam / "instructor" / "manifest.json").write_text('{"case": "bank_tiers", "students": {}}')
    before = tree(exam)
    code, _said, refused = crm(*MAKE, "--out", exam, "--replace")
    assert code == 2 and "choose another folder" in refused
    assert tree(exam) == before


def test_a_format_that_cannot_be_made_leaves_the_folder_as_it_was(
    crm: Crm, exam: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_paper: object, kind: str, _school: object) -> bytes:
        if kind == "marking":
            raise UserError("it needs the extra")
        return b"x"

    monkeypatch.setitem(printing.FORMATS, "pdf", fails)  # type: ignore[arg-type]
    before = tree(exam)
    for out in (exam, exam.parent / "fresh"):
        code, said, refused = crm(*MAKE[:-1], "html,pdf", "--seed", "9", "--out", out, "--replace")
        assert (code, said) == (2, "") and "it needs the extra" in refused
    assert tree(exam) == before and not (exam.parent / "fresh").exists()


def test_nobody_but_the_instructor_reads_keys_and_manifest(exam: Path) -> None:
    files = [path for path in (exam / "instructor").iterdir() if path.name != "mock-notes.txt"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((exam / "instructor").stat().st_mode) == 0o700


# From a manifest ------------------------------------------------------------------------------------------------------


def both() -> dict[str, Any]:
    """Return a manifest of a form in both languages, as its file holds it."""
    found: dict[str, Any] = json.loads(_both())
    return found


@cache
def _both() -> str:
    return as_json(papers.compose(bank(), blueprint("mock"), 3, ["zh", "en"], 1))


def test_the_language_that_is_asked_for_is_made_and_one_that_is_not_there_is_said(crm: Crm, tmp_path: Path) -> None:
    path, out = tmp_path / "m.json", tmp_path / "out"
    path.write_text(json.dumps(both()), "utf-8")
    again = ("exam", "make", "--from", path, "--to", "html", "--out", out)
    assert crm(*again, "--lang", "zh")[0] == 0
    assert sorted(path.name for path in (out / "students").iterdir()) == ["mock-A-zh.html"]
    assert crm(*again, "--lang", "both")[0] == 0
    assert sorted(path.name for path in (out / "students").iterdir()) == ["mock-A-en.html", "mock-A-zh.html"]
    content = both()
    del content["papers"][0]
    path.write_text(json.dumps(content), "utf-8")
    code, _said, refused = crm(*again[:-1], tmp_path / "zh", "--lang", "zh")
    assert code == 2 and "en" in refused and not (tmp_path / "zh").exists()


def test_a_bank_that_has_changed_is_said_and_the_papers_are_made_as_they_were(crm: Crm, tmp_path: Path) -> None:
    content = both()
    path = tmp_path / "m.json"
    for mark, said in ((content["bank"], ""), ("0" * 16, "has changed; they are made as they were")):
        path.write_text(json.dumps({**content, "bank": mark}), "utf-8")
        out = tmp_path / f"out{mark}"
        code, _said, note = crm("exam", "make", "--from", path, "--to", "html", "--out", out, "--lang", "en")
        assert code == 0 and said in note and bool(said) == bool(note)


Change = Callable[[dict[str, Any]], object]


def question_of(content: dict[str, Any], kind: str) -> dict[str, Any]:
    found = (q for part in content["papers"][0]["parts"] for q in part["questions"] if q["kind"] == kind)
    one: dict[str, Any] = next(found)
    return one


def setting(kind: str, /, **more: Any) -> Change:
    return lambda content: question_of(content, kind).update(more)


HOSTILE: dict[str, Change] = {
    "a blueprint elsewhere": lambda c: c.update(blueprint="../../x"),
    "a blueprint in a students' folder": lambda c: c.update(blueprint="../students/x"),
    "no blueprint": lambda c: c.update(blueprint=""),
    "a label elsewhere": lambda c: c["papers"][0].update(label="/../../x"),
    "a label with a backslash": lambda c: c["papers"][0].update(label="A\\x"),
    "a label with a line's end": lambda c: c["papers"][0].update(label="A\n"),
    "a label twice": lambda c: c["papers"].append(c["papers"][0]),
    "files elsewhere": lambda c: c.update(files=["students/../../x"]),
    "files at the root": lambda c: c.update(files=["/etc/x"]),
    "an unknown language": lambda c: c["papers"][0].update(lang="fr"),
    "a language elsewhere": lambda c: c["papers"][0].update(lang="../x"),
    "no paper": lambda c: c.update(papers=[]),
    "no part": lambda c: c["papers"][0].update(parts=[]),
    "too many parts": lambda c: c["papers"][0].update(parts=[{**c["papers"][0]["parts"][0], "questions": []}] * 11),
    "a question twice": lambda c: c["papers"][0]["parts"].append(c["papers"][0]["parts"][0]),
    "minutes without end": lambda c: c["papers"][0].update(minutes=float("inf")),
    "an unknown kind": setting("mcq", kind="drawing"),
    "a negative key": setting("mcq", key=-1),
    "a key beyond the options": setting("mcq", key=4),
    "a key between the options": setting("mcq", key=0.5),
    "no key": setting("mcq", key=None),
    "a key that is no number": setting("tf", key=float("nan")),
    "an option too few": lambda c: question_of(c, "mcq")["options"].pop(),
    "a reply too few": lambda c: question_of(c, "mcq")["replies"].pop(),
    "no options": setting("mcq", options=[], replies=[], misconceptions=[]),
    "a name of a misconception too many": setting("tf", misconceptions=["a", "b", "c"]),
    "a difficulty that there is not": setting("mcq", difficulty=4),
    "decimals without end": setting("mcq", decimals=99),
    "negative points": setting("essay", points=-1),
    "a key of an essay": setting("essay", key=1),
    "a formula that cannot be read": setting("mcq", text="\\( \\frac{ \\)"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_manifest_that_the_workbook_cannot_have_written_is_a_sentence(
    crm: Crm, tmp_path: Path, lang: str, what: str
) -> None:
    content = both()
    HOSTILE[what](content)
    folder = tmp_path / "a" / "b"
    folder.mkdir(parents=True)
    (folder / "m.json").write_text(json.dumps(content), "utf-8")
    arguments = ("exam", "make", "--from", folder / "m.json", "--to", "html,gift,qti", "--out", folder / "out")
    code, said, refused = crm(*arguments)
    assert (code, said, refused.count("\n")) == (2, "", 1) and "m.json" in refused
    assert list(tree(tmp_path)) == ["a/b/m.json"]


def test_what_the_workbook_writes_passes(tmp_path: Path) -> None:
    for langs, copies in ((["zh", "en"], []), (["en"], ["2023_001", "id_CON", "张三"])):
        made = papers.compose(bank(), blueprint("final"), 5, langs, 1 if copies else 2, copies)
        (tmp_path / "m.json").write_text(as_json(made), "utf-8")
        assert read_manifest(tmp_path / "m.json") == make_manifest(made.blueprint, made.seed, made.bank, made.papers)


# What students have, and a bank that they do not have -----------------------------------------------------------------


FOR_EXAM = {"use": "exam"}


def test_the_workbooks_items_are_said_to_be_open(crm: Crm, tmp_path: Path) -> None:
    for lang, said in (("en", "students can read them with their keys"), ("zh", "学生")):
        code, _said, note = crm(*MAKE[:4], "--to", "html", "--lang", lang, "--out", tmp_path / lang)
        assert code == 0 and said in note and "--only-own" in note
    assert "every student has the workbook's bank" in (BLUEPRINTS / "final.yaml").read_text("utf-8")


def own_blueprint(folder: Path) -> Path:
    section = "{name: all, title: {zh: 全部, en: All}, kinds: [mcq, tf, num], points: 5}"
    path = folder / "own_exam.yaml"
    path.write_text(f"name: own_exam\ntitle: {{zh: 试卷, en: Exam}}\nminutes: 60\nsections: [{section}]\n", "utf-8")
    return path


def test_an_own_bank_alone_makes_papers_and_nothing_is_said_of_open_questions(crm: Crm, tmp_path: Path) -> None:
    mine = tmp_path / "bank"
    mine.mkdir()
    enemy = next(id for id in bank().items)
    written(mine, topic(change(TF, **FOR_EXAM, enemies=[enemy]), change(NUM, **FOR_EXAM), change(MCQ, **FOR_EXAM)))
    made = ("exam", "make", "--bank", mine, "--only-own", "--blueprint", own_blueprint(tmp_path), "--to", "html")
    code, _said, note = crm(*made, "--seed", "1", "--lang", "en", "--out", tmp_path / "out")
    assert (code, note) == (0, "Seed: 1\n")
    found = read_manifest(tmp_path / "out" / "instructor" / "manifest.json")
    assert {q.topic for one in found.papers for q in one.questions} == {"own"}
    again = ("exam", "make", "--from", tmp_path / "out" / "instructor" / "manifest.json", "--bank", mine)
    code, _said, note = crm(*again, "--to", "gift", "--lang", "en", "--out", tmp_path / "out")
    assert code == 0
    assert "another one" not in note, "the bank is the one that they were drawn from"


def test_what_students_meet_leaves_out_what_is_for_the_exam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Practice, mock exam, overview and exercises read one bank, which has none of it; papers read all."""
    monkeypatch.setattr(banks, "ITEMS", tmp_path)
    written(tmp_path, topic(change(TF, **FOR_EXAM), NUM, change(MCQ, **FOR_EXAM)))
    assert list(banks.bank.__wrapped__().items) == [NUM["id"]]
    assert set(read_bank().items) == {TF["id"], NUM["id"], MCQ["id"]}


def test_a_drawn_item_for_the_exam_is_no_exercise_of_its_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_bank()
    name, *others = whole.exercises("tiers")
    id = f"tiers.{name}"
    parts = tuple(
        part.model_copy(update={"items": tuple(i.model_copy(update=FOR_EXAM) if i.id == id else i for i in part.items)})
        for part in whole.topics["tiers"]
    )
    closed = banks.replace(
        whole,
        topics={**whole.topics, "tiers": parts},
        items={**whole.items, id: whole.items[id].model_copy(update=FOR_EXAM)},
    )
    assert list(closed.for_practice().exercises("tiers")) == others
    assert list(closed.exercises("tiers")) == [name, *others]


def test_no_room_of_the_students_reads_another_bank() -> None:
    """The one with the exam's items in it is read by commands and by authors' checks alone."""
    readers = [
        path.relative_to(banks.ITEMS.parent.parent).as_posix()
        for path in (banks.ITEMS.parent.parent / "crmlib").rglob("*.py")
        if "read_bank(" in path.read_text("utf-8")
    ]
    assert sorted(readers) == ["crmlib/cli/exam.py", "crmlib/items/bank.py"]

"""Every student gets data and a sheet of their own; the key fits them, and nothing a student gets tells the key."""

import errno
import hmac
import json
import re
import shlex
import shutil
import stat
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from conftest import Crm
from pypdfium2 import PdfDocument

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.classes import handout, variants, worksheet
from crmlib.classes.class_list import Student
from crmlib.classes.handout import Class
from crmlib.classes.variants import Variant
from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.inputs import on_step
from crmlib.reruns import rerun as reruns
from crmlib.tables import data

if TYPE_CHECKING:
    from playwright.sync_api import Browser

CHINESE = re.compile("[一-鿿]")
CASES = casebook.cases()
SECRET = "9f3c5a7711d04e2b"
SPITEFUL = "<img src=x onerror=alert(1)> [b](javascript:alert(2)) *c* $d$ \\(e\\) | `f` www.example.org </title>"
STUDENTS = (Student("2024001", "张三", "", "1班"), Student("CON", SPITEFUL, "", "=1+1"), Student("../x", "O'Neil"))


def tree(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder with what is in them."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Class:
    """A class of three on the bank's case, in both languages."""
    with i18n.speaking("en"):
        agreed = handout.plan_class("bank_tiers", STUDENTS, tmp_path_factory.mktemp("class"), i18n.LANGUAGES, SECRET)
        handout.make(agreed)
    return agreed


@pytest.fixture
def class_list(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text("学号,姓名\n1,张三\n2,Bo\n", "utf-8")
    return path


# What lies where ------------------------------------------------------------------------------------------------------


def test_students_have_a_folder_each_and_the_instructor_the_rest(made: Class) -> None:
    sheets = {f"sheet.{lang}.{ending}" for lang in i18n.LANGUAGES for ending in ("html", "ipynb")}
    wanted = {f"students/{name}/{file}" for name in ("2024001", "id_CON", "x") for file in sheets | {"bank_loans.csv"}}
    keys = {f"instructor/{name}" for name in ("key.csv", "key.zh.html", "key.en.html", "manifest.json")}
    assert set(tree(made.out)) == wanted | keys


def test_one_language_needs_no_mark_in_the_name(tmp_path: Path, lang: str) -> None:
    agreed = handout.plan_class("distributors", STUDENTS[:1], tmp_path, [lang], SECRET)
    handout.make(agreed)
    files = set(tree(tmp_path / "students" / "2024001"))
    assert files == {"sheet.ipynb", "sheet.html", "distributors.csv", "factor_judgements.csv"}
    page = (tmp_path / "students" / "2024001" / "sheet.html").read_text("utf-8")
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    assert casebook.case("distributors").text().splitlines()[2].lstrip("# ") in page
    if lang == "en":
        assert not CHINESE.search(re.sub(r"张三|1班|（.*?）|\(.*?\)", "", page.partition("<h2")[0]))


def test_the_same_seed_and_list_give_the_same_bytes_wherever_they_are_made(made: Class, tmp_path: Path) -> None:
    handout.make(handout.plan_class("bank_tiers", STUDENTS, tmp_path / "again", i18n.LANGUAGES, SECRET))
    assert tree(tmp_path / "again") == tree(made.out)


def test_the_manifest_and_the_list_are_enough_to_make_it_again(made: Class, tmp_path: Path) -> None:
    manifest = json.loads((made.out / "instructor" / "manifest.json").read_text("utf-8"))
    again = handout.plan_class(manifest["case"], STUDENTS, tmp_path, manifest["languages"], manifest["seed"])
    assert again.made_from() == manifest
    assert manifest["students"] == {"2024001": "2024001", "CON": "id_CON", "../x": "x"}


def test_a_student_gets_the_same_whoever_else_is_in_the_class(made: Class, tmp_path: Path) -> None:
    others = (Student("new", "Ann"), STUDENTS[0])
    handout.make(handout.plan_class("bank_tiers", others, tmp_path, i18n.LANGUAGES, SECRET))
    assert tree(tmp_path / "students" / "2024001") == tree(made.out / "students" / "2024001")


def test_a_seed_that_is_not_given_is_drawn_long_and_anew() -> None:
    seeds = {handout.plan_class("bank_tiers", STUDENTS, Path("nowhere"), ["en"]).secret for _class in range(3)}
    assert len(seeds) == 3
    assert all(re.fullmatch("[0-9a-f]{32}", seed) for seed in seeds)


# Data and key ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_a_recipe_that_fits_its_study(case: str) -> None:
    study = STUDIES[casebook.case(case).study]
    recipe = variants.recipe(study)
    assert set(recipe.asked) <= set(study.measures)
    settings = {s.name: s for s in study.inputs.settings()}
    for name, (low, high) in recipe.drawn.items():
        s = settings[name]
        assert s.low is not None and s.high is not None and s.low <= low < high <= s.high
        assert s.step and on_step(low, s.low, s.step) and on_step(high, low, s.step)


@pytest.mark.shared(5)
@pytest.mark.parametrize("case", CASES)
def test_data_read_without_a_problem_and_differ_as_do_inputs_and_figures(case: str, tmp_path: Path) -> None:
    study = STUDIES[casebook.case(case).study]
    found = []
    for number in range(4):
        (folder := tmp_path / str(number)).mkdir()
        found.append(variants.make(study, SECRET, f"S{number}", folder))
        for name in study.datasets:
            table = data.read(folder / f"{name}.csv", name)
            assert (list(table.frame), table.notes) == (list(data.dictionary(name).columns), ())
            assert table.extra.empty and (folder / f"{name}.csv").stat().st_size < 250_000
    asked = variants.recipe(study).asked
    assert all(v.figures[name] == v.figures[name] for v in found for name in asked)
    assert len({tuple(v.figures[name] for name in asked) for v in found}) == 4
    assert len({tuple(v.inputs.model_dump().items()) for v in found}) == 4
    assert all(set(v.inputs.changes()) <= set(variants.recipe(study).drawn) for v in found)


def test_in_a_class_of_sixty_all_keys_differ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unchecked(path: Path, name: str) -> Any:  # that the files pass the check is tested above
        return SimpleNamespace(frame=data.dictionary(name).typed(pd.read_csv(path, parse_dates=["as_of"])))

    monkeypatch.setattr(variants.data, "read", unchecked)
    study = STUDIES["bank_tiers"]
    keys = []
    for number in range(60):
        (folder := tmp_path / str(number)).mkdir()
        figures = variants.make(study, SECRET, f"2024{number:03d}", folder).figures
        keys.append(tuple(study.measures[name].shown(figures[name]) for name in variants.recipe(study).asked))
    assert len(set(keys)) == 60
    assert max(len(set(column)) for column in zip(*keys, strict=True)) == 60, "no figure tells all of them apart"


def test_a_students_seed_is_a_keyed_hash_of_the_number() -> None:
    digest = hmac.new(SECRET.encode(), b"data bank_tiers\0S1", "sha256").digest()
    assert variants._seed(SECRET, "data bank_tiers", "S1") == int.from_bytes(digest, "big")


def test_the_key_is_what_a_rerun_of_the_students_own_files_gives(
    made: Class, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    monkeypatch.chdir(made.out)
    page = (made.out / "instructor" / "key.en.html").read_text("utf-8")
    commands = re.findall(r"<pre>crm rerun (.*?)</pre>", page)
    key = pd.read_csv(made.out / "instructor" / "key.csv", dtype=str)
    assert len(commands) == len(key) == 3
    for command, row in zip(commands, key.to_dict("records"), strict=True):
        case, *options = shlex.split(command)
        files = [value for option, value in zip(options[::2], options[1::2], strict=True) if option == "--data"]
        changes = [value for option, value in zip(options[::2], options[1::2], strict=True) if option == "--set"]
        figures = made.study.headline(reruns.plan_rerun(case, "en", "base", changes, files).answer())
        with i18n.speaking("zh"):
            for name, measure in made.asked.items():
                assert abs(figures[name] - float(row[measure.title()])) <= float(row[f"± {measure.title()}"])


def test_the_sheet_states_the_inputs_of_the_key(made: Class, tmp_path: Path, english: None) -> None:
    for student in STUDENTS:
        (folder := tmp_path / student.folder).mkdir()
        inputs = variants.make(made.study, SECRET, student.id, folder).inputs
        code = "".join(notebook_code(made.out / "students" / student.folder / "sheet.en.ipynb"))
        said = re.search(r"study\.inputs\((.*)\)", code)
        assert said and eval(f"dict({said[1]})") == inputs.model_dump(include=inputs.model_fields_set)


def test_the_key_has_a_row_a_student_and_runs_no_formula(made: Class) -> None:
    key = pd.read_csv(made.out / "instructor" / "key.csv", dtype=str, keep_default_na=False)
    assert key["学号"].tolist() == ["2024001", "CON", "../x"]
    assert key["班级"].tolist() == ["1班", "'=1+1", ""]
    assert SECRET not in (made.out / "instructor" / "key.csv").read_text("utf-8")


# What students cannot see ---------------------------------------------------------------------------------------------


def notebook_code(path: Path) -> list[str]:
    notebook = json.loads(path.read_text("utf-8"))
    assert all(
        (c["outputs"], c["execution_count"]) == ([], None) for c in notebook["cells"] if c["cell_type"] == "code"
    )
    return ["".join(c["source"]) + "\n" for c in notebook["cells"] if c["cell_type"] == "code"]


def test_a_sheet_is_written_without_looking_at_data_or_results(made: Class) -> None:
    class Unseen(dict[str, float]):
        def __getitem__(self, name: str) -> float:
            raise AssertionError("the sheet looked at a figure")

    student = STUDENTS[0]
    notebook = made.out / "students" / student.folder / "sheet.en.ipynb"
    said = re.search(r"study\.inputs\((.*)\)", "".join(notebook_code(notebook)))
    assert said
    blind = Variant(made.study.inputs(**eval(f"dict({said[1]})")), None, Unseen())
    with i18n.speaking("en"):
        written = handout.sheets(made, student, blind, "en")
    assert written["sheet.en.ipynb"] == notebook.read_text("utf-8")


def test_no_figure_of_the_key_stands_on_a_sheet_in_any_form(made: Class, tmp_path: Path) -> None:
    for student in STUDENTS:
        (folder := tmp_path / student.folder).mkdir()
        variant = variants.make(made.study, SECRET, student.id, folder)
        inputs = {float(value) for value in variant.inputs.model_dump(include=variant.inputs.model_fields_set).values()}
        sheets = [p.read_text("utf-8") for p in (made.out / "students" / student.folder).glob("sheet.*")]
        numbers = {n.replace(",", "") for text in sheets for n in re.findall(r"\d[\d,]*(?:\.\d+)?", text)}
        numbers = {number for number in numbers if float(number) not in inputs}  # these have to be shown
        for name, value in variant.figures.items():
            digits = made.study.measures[name].digits
            forms = {f"{value:.{d}f}" for d in range(digits, 5)} | {repr(value), f"{value / 100:.4f}", f"{value:g}"}
            long = {form.removeprefix("-") for form in forms if len(re.sub(r"\D", "", form).lstrip("0")) > 2}
            assert not long & numbers, name


def test_nothing_a_student_gets_holds_a_seed_or_another_student(made: Class) -> None:
    secrets = [SECRET, "seed", "种子"]
    for student in STUDENTS:
        secrets += [str(variants._seed(SECRET, f"{what} bank_tiers", student.id)) for what in ("data", "inputs")]
        secrets += [str(variants._seed(SECRET, "data bank_tiers", student.id) % 2**31)]
    for student in STUDENTS:
        for name, content in tree(made.out / "students" / student.folder).items():
            text = content.decode("utf-8-sig")
            assert not [secret for secret in secrets if secret in text], name
            assert not [other.name for other in STUDENTS if other != student and other.name in text], name


def test_a_notebook_has_no_metadata_but_its_kernel(made: Class) -> None:
    for path in (made.out / "students").rglob("*.ipynb"):
        notebook = json.loads(path.read_text("utf-8"))
        assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
        assert not [cell for cell in notebook["cells"] if cell["metadata"]]


class Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize("page", ["students/id_CON/sheet.en.html", "students/id_CON/sheet.zh.html"])
def test_a_page_stands_alone_and_shows_a_spiteful_name_as_it_is(made: Class, page: str) -> None:
    text = (made.out / page).read_text("utf-8")
    reader = Elements()
    reader.feed(text)
    tags = {tag for tag, _attributes in reader.found}
    assert not tags & {"script", "img", "a", "link", "iframe", "form", "object"}
    assert not [
        a for _tag, attributes in reader.found for a in attributes if a.startswith("on") or a in ("src", "href")
    ]
    assert "default-src 'none'" in text


def test_an_english_page_has_english_quotation_marks_and_names_stay_on_a_line(made: Class) -> None:
    for path in [made.out / "instructor" / "key.en.html", *made.out.glob("students/*/sheet.en.html")]:
        page = path.read_text("utf-8")
        assert '<html lang="en">' in page
        english = page[page.index(":lang(en) body {") :].partition("}")[0]
        assert english.index('Noto Sans"') < english.index("CJK"), "a Chinese font draws “ as wide as two letters"
        assert "text-align: left; white-space: nowrap" in page


def test_the_key_page_shows_a_spiteful_name_as_it_is(made: Class) -> None:
    reader = Elements()
    reader.feed((made.out / "instructor" / "key.en.html").read_text("utf-8"))
    assert not {tag for tag, _attributes in reader.found} & {"script", "img", "a", "link"}


@pytest.mark.parametrize("text", [SPITEFUL, "a|b", "# a", "http://x.y", "a_b_c", "$x$", "&lt;", "![a](b)", "~~a~~"])
def test_plain_text_stays_plain_in_markdown(text: str) -> None:
    reader, shown = Elements(), worksheet.html(f"x {worksheet.literal(text)}")
    reader.feed(shown)
    assert {tag for tag, _attributes in reader.found} <= {"p", "span"}
    spoken: list[str] = []
    reader.handle_data = spoken.append  # type: ignore[method-assign]
    reader.feed(shown)
    assert "".join(spoken).strip() == f"x {text}"


def test_the_sheet_runs_where_it_lies_and_speaks_its_language(made: Class) -> None:
    from crmlib.notebooks import kernels

    folder = made.out / "students" / "2024001"
    sheet = kernels.Job(folder / "sheet.zh.ipynb", {}, folder, "zh")
    with kernels.running([sheet], 1, 120) as ended:
        ((_number, done),) = ended
    shown = [output for cell in done.cells for output in cell.get("outputs", [])]
    assert [output.output_type for output in shown] == ["execute_result"]
    assert "列" in shown[0].data["text/plain"]


# What is there already, and what fails --------------------------------------------------------------------------------


def test_a_second_run_takes_up_the_seed_and_leaves_everything_as_it_is(made: Class) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in (made.out / "students").rglob("*.*")}
    again = handout.plan_class("bank_tiers", STUDENTS, made.out, i18n.LANGUAGES)
    assert again.secret == SECRET
    handout.make(again)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in before} == before


OTHERS: dict[str, tuple[str, tuple[Student, ...], tuple[str, ...], str]] = {
    "another case": (next(case for case in casebook.cases() if case != "bank_tiers"), STUDENTS, ("zh", "en"), SECRET),
    "another list": ("bank_tiers", STUDENTS[:2], ("zh", "en"), SECRET),
    "another name": ("bank_tiers", (Student("2024001", "李四"), *STUDENTS[1:]), ("zh", "en"), SECRET),
    "another language": ("bank_tiers", STUDENTS, ("zh",), SECRET),
    "another seed": ("bank_tiers", STUDENTS, ("zh", "en"), "x"),
}


@pytest.mark.parametrize("what", OTHERS)
def test_the_folder_of_another_class_is_refused(made: Class, lang: str, what: str) -> None:
    case, students, languages, seed = OTHERS[what]
    with pytest.raises(UserError) as refusal:
        handout.plan_class(case, students, made.out, languages, seed)
    assert len(refusal.value.problems) == 1
    assert made.out.name in str(refusal.value) and SECRET not in str(refusal.value)


def test_a_folder_with_other_things_in_it_is_refused(tmp_path: Path, lang: str) -> None:
    (tmp_path / "students").mkdir()
    (tmp_path / "students" / "essay.docx").write_text("x")
    with pytest.raises(UserError):
        handout.plan_class("bank_tiers", STUDENTS, tmp_path, ["en"])


@pytest.mark.parametrize("content", ["", "[]", "{", "null"])
def test_a_damaged_manifest_is_refused(tmp_path: Path, lang: str, content: str) -> None:
    (tmp_path / "instructor").mkdir()
    (tmp_path / "instructor" / "manifest.json").write_text(content)
    with pytest.raises(UserError, match="manifest.json"):
        handout.plan_class("bank_tiers", STUDENTS, tmp_path, ["en"])


@pytest.fixture
def small(tmp_path: Path) -> Class:
    """A class that is quick to make."""
    return handout.plan_class("distributors", STUDENTS, tmp_path / "class", ["en"], SECRET)


@pytest.mark.parametrize(
    ("failure", "seen"),
    [(OSError(errno.ENOSPC, "No space left on device"), UserError), (KeyboardInterrupt(), KeyboardInterrupt)],
)
def test_what_stops_it_leaves_nothing_and_a_second_run_makes_the_class(
    small: Class, monkeypatch: pytest.MonkeyPatch, failure: BaseException, seen: type[BaseException], english: None
) -> None:
    count, make = 0, variants.make

    def stops(*arguments: Any) -> Variant:
        nonlocal count
        count += 1
        if count == 2:
            raise failure
        return make(*arguments)

    monkeypatch.setattr(variants, "make", stops)
    with pytest.raises(seen) as stopped:
        handout.make(small)
    if seen is UserError:
        assert "the disk is full" in str(stopped.value)
    assert not list(small.out.parent.iterdir())
    monkeypatch.undo()
    handout.make(handout.plan_class("distributors", STUDENTS, small.out, ["en"], SECRET))
    handout.make(handout.plan_class("distributors", STUDENTS, small.out.parent / "whole", ["en"], SECRET))
    assert tree(small.out) == tree(small.out.parent / "whole")


def test_a_student_whose_folder_is_gone_gets_it_back(small: Class, english: None) -> None:
    handout.make(small)
    before = tree(small.out)
    shutil.rmtree(small.out / "students" / "x")
    handout.make(handout.plan_class("distributors", STUDENTS, small.out, ["en"]))
    assert tree(small.out) == before


def test_nobody_but_the_instructor_reads_the_key_and_all_may_read_the_sheets(small: Class, english: None) -> None:
    handout.make(small)
    instructor = small.out / "instructor"
    assert {stat.S_IMODE(path.stat().st_mode) for path in instructor.iterdir()} == {0o600}
    assert stat.S_IMODE(instructor.stat().st_mode) == 0o700
    (sheet,) = (small.out / "students" / "x").glob("*.html")
    assert stat.S_IMODE(sheet.stat().st_mode) & 0o400


def test_two_runs_at_once_make_one_class(small: Class, english: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one run draws its sheets another one comes and is faster: its class stays as it is."""
    other = handout.plan_class("distributors", STUDENTS, small.out, ["en"], "another")
    key = handout.key

    def slow(*arguments: Any) -> pd.DataFrame:
        monkeypatch.setattr(handout, "key", key)
        handout.make(other)
        return key(*arguments)

    monkeypatch.setattr(handout, "key", slow)
    with pytest.raises(UserError, match="is there already; nothing was written"):
        handout.make(small)
    made = tree(small.out)
    handout.make(handout.plan_class("distributors", STUDENTS, small.out.parent / "whole", ["en"], "another"))
    assert made == tree(small.out.parent / "whole")


@pytest.mark.shared(2)
def test_a_folder_that_was_changed_is_not_passed_over(small: Class, lang: str) -> None:
    handout.make(small)
    changed = small.out / "students" / "x" / "distributors.csv"
    changed.write_text("a,b\n")
    with pytest.raises(UserError, match=r"distributors\.csv"):
        handout.make(small)
    assert changed.read_text() == "a,b\n"


def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path, lang: str) -> None:
    (tmp_path / "taken").write_text("x")
    with pytest.raises(UserError, match="taken"):
        handout.make(handout.plan_class("distributors", STUDENTS, tmp_path / "taken", ["en"], SECRET))


@pytest.mark.browser
def test_on_paper_a_question_stands_with_its_lines(chromium: "Browser", tmp_path: Path) -> None:
    """The head of a question, or all of it, never ends a page with its lines on the next."""
    with i18n.speaking("zh"):
        handout.make(handout.plan_class("bank_tiers", STUDENTS[:1], tmp_path / "c", ["zh"], SECRET))
    page = chromium.new_page()
    page.goto((tmp_path / "c" / "students" / "2024001" / "sheet.html").as_uri())
    page.pdf(path=tmp_path / "sheet.pdf", prefer_css_page_size=True)
    page.close()
    ends = [
        sheet.get_textpage().get_text_range().strip().splitlines()[-1] for sheet in PdfDocument(tmp_path / "sheet.pdf")
    ]
    assert len(ends) > 5
    assert not [end for end in ends if re.fullmatch(r"\d+\. .+ · \d+ 分钟", end)]


# The command ----------------------------------------------------------------------------------------------------------


def test_the_command_makes_a_class_and_says_where(crm: Crm, class_list: Path, tmp_path: Path) -> None:
    code, said, complaint = crm(
        "class", "distributors", "--roster", class_list, "--out", tmp_path / "c", "--lang", "en"
    )
    assert (code, complaint) == (0, "")
    assert "key.csv" in said and "2 students" in said
    seed = json.loads((tmp_path / "c" / "instructor" / "manifest.json").read_text())["seed"]
    assert seed not in said


WRONG = {
    "an unknown case": (["bank_teirs", "--roster", "roster.csv", "--out", "c"], "bank_tiers"),
    "a list that is not there": (["bank_tiers", "--roster", "nowhere.csv", "--out", "c"], "nowhere.csv"),
    "no list": (["bank_tiers", "--out", "c"], "--help"),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_command_refuses_in_one_line(
    crm: Crm, class_list: Path, lang: str, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.chdir(class_list.parent)
    arguments, named = WRONG[what]
    code, said, complaint = crm("class", *arguments, "--lang", lang)
    assert (code, said, complaint.count("\n")) == (2, "", 1)
    assert named in complaint
    assert not Path("c").exists()

"""What holds for the explorer of every study: it shows what a direct call gives, and keeps its promises to the page.

Studies, inputs and cases are found, never named; :mod:`moved` says where each control can go.
"""

import json
import re
import shutil
from functools import cache
from pathlib import Path
from typing import Any

import ipywidgets as w
import pytest
from comm.base_comm import BaseComm
from moved import (
    AnyExplorer,
    Refusal,
    elsewhere,
    explore,
    move,
    opened,
    picture,
    places,
    press,
    problems,
    refusals,
    settings_of,
    tool,
    within,
)

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.inputs import Inputs, Setting
from crmlib.core.paths import UNATTENDED
from crmlib.explorer.base import FEW
from crmlib.explorer.controls import Fold
from crmlib.plotting.library import library, plotly_js
from crmlib.plotting.template import DARK, TEMPLATE, config
from crmlib.plotting.theme import unwrapped
from crmlib.support.mime import PLOTLY_MIME, WIDGET_MIME
from crmlib.tables.data import load

CHINESE = re.compile("[一-鿿]")
NO_FIGURE = re.compile(r"(?<![0-9A-Za-z)%])–|–(?![0-9A-Za-z(])|(?<![A-Za-z])(nan|inf)(?![A-Za-z])|∞", re.IGNORECASE)
"""What stands in place of a number that cannot be said; a dash stands close between letters or numbers (80–90)."""
LARGEST = 20_000
"""Bytes that a move may send."""
FULLEST = 60_000
"""Bytes that a board may send when it is first shown."""

every_study = pytest.mark.parametrize("study", STUDIES)
REFUSED = [(name, refusal) for name, study in STUDIES.items() for refusal in refusals(study.inputs)]


@pytest.fixture
def explorer(study: str, english: None) -> AnyExplorer:
    """The explorer of a study as it is at first, in English."""
    opened(study).reset()
    return opened(study)


@cache
def prepared(study: str) -> Any:
    return STUDIES[study].prepare(*map(load, STUDIES[study].datasets))


def direct(study: str, **inputs: Any) -> Any:
    """Return a study's result without an explorer."""
    return STUDIES[study].run(prepared(study), STUDIES[study].inputs(**inputs).replace())


def numbers(explorer: AnyExplorer) -> list[Setting]:
    """Return the inputs of the study that are numbers."""
    return [s for s in explorer.inputs.settings() if not s.choices and s.kind is not bool]


def of_study(explorer: AnyExplorer, s: Setting) -> bool:
    return s.name in {known.name for known in explorer.inputs.settings()}


def of_case() -> list[str]:
    """Return the studies whose explorer belongs to a case."""
    with_case = {casebook.case(name).study for name in casebook.cases()}
    return [study for study in STUDIES if study in with_case]


# Moving a control -----------------------------------------------------------------------------------------------------


@pytest.mark.shared(3)
@every_study
def test_a_moved_control_gives_the_result_of_a_direct_call(
    study: str, explorer: AnyExplorer, subtests: pytest.Subtests
) -> None:
    for s in settings_of(explorer):
        with subtests.test(s.name):
            explorer.reset()
            value = elsewhere(study, s.name)
            move(explorer.controls[s.name], value)
            shown = explorer.inputs if of_study(explorer, s) else explorer.view
            assert shown.changes() == {s.name: value}
            wanted = direct(study, **({s.name: value} if of_study(explorer, s) else {}))
            figures = explorer.study.headline(wanted)
            assert explorer.study.headline(explorer.result) == figures
            facts = [[m.title(), m.shown(figures[key])] for key, m in explorer.study.measures.items()]
            assert explorer.board.facts == facts
            assert explorer.summary().iloc[:, 0].tolist() == [value for _label, value in facts]
            drawn = [chart.spec for chart in explorer.draw(wanted, explorer.view)]
            assert json.dumps([chart.spec for chart in explorer.charts]) == json.dumps(drawn)


@pytest.mark.shared(3)
@every_study
def test_a_move_changes_the_picture_and_back_brings_the_old_one(
    study: str, explorer: AnyExplorer, subtests: pytest.Subtests
) -> None:
    before = picture(explorer)
    for s in settings_of(explorer):
        with subtests.test(s.name):
            explorer.reset()
            move(explorer.controls[s.name], elsewhere(study, s.name))
            told = any(i18n._(s.label) in remark for remark in explorer.board.remarks)
            assert told or picture(explorer) != before
            if not of_study(explorer, s):
                assert picture(explorer)["facts"] == before["facts"]
            move(explorer.controls[s.name], s.default)
            assert picture(explorer) == before


@pytest.mark.shared(9)
@every_study
def test_no_title_says_a_figure_that_there_is_not(study: str, lang: str, subtests: pytest.Subtests) -> None:
    """Each input as far down and as far up as it goes with the others as they are."""
    explorer = opened(study, lang)
    for s in numbers(explorer):
        explorer.reset()
        known = [*accepted(explorer.inputs, s), s.default]
        for value in {min(known), max(known)}:
            with subtests.test(f"{s.name} = {value}"):
                move(explorer.controls[s.name], value)
                assert problems(explorer) == {}
                titles = [unwrapped(chart.title()) for chart in explorer.charts]
                assert not [title for title in titles if NO_FIGURE.search(title)]


@pytest.mark.parametrize(
    "said", ["takes –% of it", "约–万元", "为 nan 元", "–5", "– now", "为nan元", "a – b", "∞ years", "–"]
)
def test_a_missing_figure_is_seen_in_either_language(said: str) -> None:
    assert NO_FIGURE.search(said)
    assert not NO_FIGURE.search("80–90%, Fader–Hardie, (2–3), −5.0%, the bank's finances, information, 8–9 家")


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any], int]]:
    """What the kernel sends to the page: comm id, message, size in bytes."""
    messages: list[tuple[str, dict[str, Any], int]] = []

    def send(self: BaseComm, data: Any = None, metadata: Any = None, buffers: Any = None) -> None:
        size = len(json.dumps(data, ensure_ascii=False, allow_nan=False).encode()) + sum(len(b) for b in buffers or ())
        messages.append((self.comm_id, data, size))

    monkeypatch.setattr(BaseComm, "send", send)
    return messages


@pytest.mark.shared(3)
@every_study
def test_a_move_is_one_message_that_is_small_and_plain(
    study: str, explorer: AnyExplorer, sent: list[tuple[str, dict[str, Any], int]], subtests: pytest.Subtests
) -> None:
    for s in settings_of(explorer):
        with subtests.test(s.name):
            explorer.reset()
            sent.clear()
            move(explorer.controls[s.name], elsewhere(study, s.name))
            updates = [(where, data) for where, data, _size in sent if data["method"] == "update"]
            assert [where for where, _data in updates] == [explorer.board.comm.comm_id]
            assert set(updates[0][1]["state"]) <= {"figures", "facts", "changes", "remarks", "turn", "tables"}
            assert sum(size for _where, _data, size in sent) <= LARGEST


@pytest.mark.shared(9)
@every_study
def test_a_reloaded_page_shows_what_a_fresh_explorer_with_those_inputs_shows(
    study: str, explorer: AnyExplorer, subtests: pytest.Subtests
) -> None:
    """The page draws from the state the kernel holds, so that state must be the present one."""
    for s in settings_of(explorer):
        with subtests.test(s.name):
            explorer.reset()
            move(explorer.controls[s.name], elsewhere(study, s.name))
            made = explore(study, **explorer.inputs.changes())
            for name, value in explorer.view.model_dump().items():
                move(made.controls[name], value)
            assert picture(made) == picture(explorer)
            assert {n: c.value for n, c in made.controls.items()} == {n: c.value for n, c in explorer.controls.items()}


@pytest.mark.shared(2)
@every_study
def test_setting_several_at_once_is_one_picture(
    study: str, explorer: AnyExplorer, sent: list[tuple[str, dict[str, Any], int]]
) -> None:
    values: dict[str, Any] = {}
    for s in numbers(explorer):
        try:
            explorer.inputs.replace(**values, **{s.name: elsewhere(study, s.name)})
        except InputError:
            continue
        values[s.name] = elsewhere(study, s.name)
        if len(values) == 3:
            break
    sent.clear()
    explorer.set(**values)
    boards = [data for where, data, _size in sent if where == explorer.board.comm.comm_id]
    assert len(boards) == 1
    assert explorer.inputs.changes() == values
    assert {name: explorer.controls[name].value for name in values} == pytest.approx(values)
    assert explorer.study.headline(explorer.result) == explorer.study.headline(direct(study, **values))


@every_study
def test_the_dust_of_a_slider_is_not_an_input(study: str, explorer: AnyExplorer) -> None:
    sliders = [s for s in numbers(explorer) if s.kind is float and s.default + s.step <= s.high]  # type: ignore[operator]
    for s in sliders[:1]:
        move(explorer.controls[s.name], s.default + 1e-13)
    assert explorer.inputs == explorer.study.inputs()


@every_study
def test_controls_stand_group_by_group_in_the_order_of_their_inputs(study: str, explorer: AnyExplorer) -> None:
    *column, last = explorer.children[1].children[0].children
    columns = [column, last.content.children] if isinstance(last, Fold) else [[*column, last]]
    groups = {s.name: s.group for s in settings_of(explorer)}
    declared = list(groups)
    names = {id(box): name for name, box in explorer._boxes.items()}
    shown = [[names[id(child)] for child in column if id(child) in names] for column in columns]
    of_groups = list(dict.fromkeys(groups.values()))
    for part in shown:
        assert part == sorted(part, key=lambda name: (of_groups.index(groups[name]), declared.index(name)))
    assert sorted(name for part in shown for name in part) == sorted(declared)
    assert len(shown[0]) <= FEW
    assert (len(shown) == 2) == (len(explorer.controls) > FEW)


@every_study
def test_what_a_fold_hides_is_shown_by_its_button(study: str, explorer: AnyExplorer) -> None:
    for fold in (c for c in explorer.children[1].children[0].children if isinstance(c, Fold)):
        assert fold.content.layout.display == "none"
        press(fold.opener, value=True)
        assert fold.content.layout.display is None
        press(fold.opener, value=False)
        assert fold.content.layout.display == "none"


@every_study
def test_headline_figures_say_what_they_were_before_the_control_was_touched(study: str, explorer: AnyExplorer) -> None:
    def figures() -> dict[str, float]:
        return explorer.study.headline(explorer.result)

    def changes(before: dict[str, float]) -> list[str]:
        now = figures()
        return [m.change(before[key], now[key]) for key, m in explorer.study.measures.items()]

    first, *others = numbers(explorer)
    before, turn = figures(), explorer.board.turn
    for value in accepted(explorer.study.inputs(), first)[:2]:
        move(explorer.controls[first.name], value)
        assert explorer.board.changes == changes(before)
        assert explorer.board.turn == turn + 1, "one control moved on is one comparison"
    for second in others[:1]:
        before = figures()
        move(explorer.controls[second.name], accepted(explorer.inputs, second)[0])
        assert explorer.board.changes == changes(before)


def accepted(inputs: Inputs, s: Setting) -> list[Any]:
    """Return the values of a setting that go with the other inputs."""
    found = []
    for value in places(s):
        try:
            inputs.replace(**{s.name: value})
        except InputError:
            continue
        found.append(value)
    return found


@pytest.mark.shared(3)
@every_study
def test_every_control_is_labelled_in_the_language_spoken(study: str, lang: str) -> None:
    explorer = opened(study, lang)
    for s in settings_of(explorer):
        control = explorer.controls[s.name]
        assert control.description == s.title()
        assert bool(CHINESE.search(control.description)) == (lang == "zh"), control.description
        if s.choices:
            labels = [label for label, _value in control.options]
            assert len(set(labels)) == len(labels)
            assert all(bool(CHINESE.search(label)) == (lang == "zh") for label in labels if not named(label)), labels
        elif s.kind is not bool:
            assert (control.min, control.max, control.step) == (s.low, s.high, s.step)
            steps = (s.default - s.low) / s.step  # type: ignore[operator]
            assert steps == pytest.approx(round(steps)), "the default must be a place where the slider can stand"


def named(label: str) -> bool:
    """Tell whether a label is called alike in both languages: it has no word in small letters, as a name or a year."""
    return not CHINESE.search(label) and not re.search(r"\b[a-z]{2,}", label)


# Refusing -------------------------------------------------------------------------------------------------------------


@every_study
def test_rules_between_inputs_are_met(study: str) -> None:
    """A study that has such rules has a move that they refuse, which the next test makes."""
    has_rules = STUDIES[study].inputs.problems is not Inputs.problems
    assert has_rules == (study in {name for name, _refusal in REFUSED})


@pytest.mark.parametrize(("study", "refusal"), REFUSED, ids=[f"{name}-{r.last[0]}" for name, r in REFUSED])
def test_a_refused_input_keeps_the_last_good_picture_and_says_why_under_its_control(
    study: str, refusal: Refusal, lang: str
) -> None:
    explorer = opened(study, lang)
    explorer.reset()
    explorer.set(**dict(refusal.before))
    name, value = refusal.last
    good, inputs = picture(explorer), explorer.inputs
    for _again in range(2):
        move(explorer.controls[name], value)
        assert (picture(explorer), explorer.inputs) == (good, inputs)
        assert set(problems(explorer)) == refusal.fields
        for line in problems(explorer).values():
            assert line.startswith('<span role="alert">') and line.count("role=") == 1
            assert bool(CHINESE.search(line)) == (lang == "zh")
        move(explorer.controls[name], inputs.model_dump()[name])
        assert problems(explorer) == {}
        assert (picture(explorer), explorer.inputs) == (good, inputs)
    move(explorer.controls[name], value)
    explorer.reset()
    assert problems(explorer) == {} and explorer.inputs == explorer.study.inputs()


def wrong(explorer: AnyExplorer) -> list[dict[str, Any]]:
    """Return values that an explorer refuses, each beside one that is good."""
    found: list[dict[str, Any]] = [{"no_such_input": 1}]
    for s in settings_of(explorer):
        bad = ["no such choice", 7] if s.choices else [7, "x"] if s.kind is bool else [s.high + s.step, True]  # type: ignore[operator]
        found += [{s.name: value} for value in (*bad, float("nan"))]
    good = next(s for s in explorer.inputs.settings())
    value = elsewhere(explorer.study.name, good.name)
    return [*found, *({good.name: value, **values} for values in found if good.name not in values)]


@every_study
def test_set_refuses_without_moving_anything(study: str, explorer: AnyExplorer) -> None:
    before, controls = picture(explorer), {n: c.value for n, c in explorer.controls.items()}
    for values in wrong(explorer):
        with pytest.raises(InputError):
            explorer.set(**values)
        assert {n: c.value for n, c in explorer.controls.items()} == controls, values
    assert picture(explorer) == before
    assert problems(explorer) == {}


@every_study
def test_what_if_moves_nothing(study: str, explorer: AnyExplorer) -> None:
    first, second = list(explorer.inputs.settings())[:2]
    explorer.set(**{first.name: elsewhere(study, first.name)})
    supposed = {second.name: accepted(explorer.inputs, second)[0] if second in numbers(explorer) else second.default}
    before = picture(explorer)
    asked = explorer.what_if(**supposed)
    figures = explorer.study.headline(direct(study, **explorer.inputs.changes(), **supposed))
    assert asked["What if"].tolist() == [m.shown(figures[key]) for key, m in explorer.study.measures.items()]
    assert asked["Now"].tolist() == explorer.summary().iloc[:, 0].tolist()
    assert picture(explorer) == before
    with pytest.raises(UserError):
        explorer.what_if(no_such_input=1)


# Reset, textbook, scenarios -------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
@every_study
def test_reset_and_textbook_bring_back_their_inputs(study: str, explorer: AnyExplorer) -> None:
    first = picture(explorer)
    s = numbers(explorer)[0]
    move(explorer.controls[s.name], elsewhere(study, s.name))
    tool(explorer, w.Button, "Reset").click()
    assert (explorer.inputs, picture(explorer)) == (explorer.study.inputs(), first)
    move(explorer.controls[s.name], elsewhere(study, s.name))
    tool(explorer, w.Button, "Textbook case").click()
    assert explorer.inputs == explorer.study.inputs(**explorer.study.textbook)
    shown = {**explorer.inputs.model_dump(), **type(explorer.view)().model_dump()}
    assert {n: c.value for n, c in explorer.controls.items()} == shown


@pytest.mark.shared(2)
@every_study
def test_reset_goes_back_to_what_the_explorer_began_with(study: str, english: None) -> None:
    first, second = settings_of(opened(study))[:2]
    begun = {first.name: elsewhere(study, first.name)}
    explorer = explore(study, **begun)
    move(explorer.controls[first.name], first.default)
    for s in explorer.view.settings():
        move(explorer.controls[s.name], elsewhere(study, s.name))
    explorer.reset()
    assert explorer.inputs.changes() == begun
    assert explorer.view == type(explorer.view)()
    with pytest.raises(InputError):
        explore(study, **{second.name: "no such value"})


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the casebook in which a test may save."""
    copy = tmp_path / "casebook"
    shutil.copytree(casebook.CASEBOOK, copy, ignore=shutil.ignore_patterns("mine"))
    monkeypatch.setattr(casebook, "CASEBOOK", copy)
    return copy


@pytest.mark.shared(3)
@pytest.mark.parametrize("study", of_case())
def test_a_chosen_scenario_gives_its_inputs(study: str, workplace: Path, lang: str) -> None:
    explorer = explore(study)
    choice = tool(explorer, w.Dropdown)
    case = casebook.case(str(explorer.case))
    assert case.study == study
    assert [label for label, _name in choice.options] == [case.scenario(name).label() for name in case.order]
    for name in (*case.order[1:], "base"):
        move(choice, name)
        assert explorer.inputs == explorer.study.inputs(**case.scenario(name).inputs)


@pytest.mark.shared(3)
@pytest.mark.parametrize("study", of_case())
def test_a_saved_scenario_can_be_chosen_read_and_rerun(study: str, workplace: Path, lang: str) -> None:
    explorer = explore(study)
    first, *_others, last = explorer.inputs.settings()
    explorer.set(**{first.name: elsewhere(study, first.name)})
    if (more := {last.name: elsewhere(study, last.name)}) and last in numbers(explorer):
        explorer.set(**more)
    chosen, case = explorer.inputs, str(explorer.case)
    tool(explorer, w.Text).value = "  mine-1 "
    tool(explorer, w.Button, i18n._("Save scenario")).click()
    said = explorer.scenarios.said.value  # type: ignore[union-attr]
    assert f"<code>crm rerun {case} --scenario mine-1</code>" in said
    assert bool(CHINESE.search(said)) == (lang == "zh")
    assert [path.name for path in (workplace / case / "mine").iterdir()] == ["mine-1.yaml"]
    saved = casebook.case(case).scenario("mine-1").inputs
    assert saved == chosen.changes() and explorer.study.inputs(**saved) == chosen
    choice = tool(explorer, w.Dropdown)
    assert choice.value == "mine-1"
    move(choice, "base")
    move(choice, "mine-1")
    assert explorer.inputs == chosen
    assert explorer.save("again") == f"crm rerun {case} --scenario again"


@pytest.mark.shared(2)
@every_study
def test_an_explorer_without_a_case_has_nowhere_to_save(study: str, english: None) -> None:
    """Nor has one that shows data of one's own: the case and its scenarios belong to the course data."""
    own = [load(name) for name in STUDIES[study].datasets]
    assert (opened(study).case is not None) == (study in of_case())
    if study in of_case() and not own:
        return
    explorer = explore(study, *own)
    assert explorer.case is None
    assert not [c for c in within(explorer.children[0]) if isinstance(c, w.Dropdown | w.Text)]
    with pytest.raises(UserError):
        explorer.save("mine")


# What was chosen last time --------------------------------------------------------------------------------------------


@pytest.mark.shared(9)
@every_study
def test_inputs_chosen_on_the_page_are_there_again(study: str, monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    s, *_others = opened(study).inputs.settings()
    value = elsewhere(study, s.name)
    for name in UNATTENDED:
        monkeypatch.delenv(name)
    first = explore(study)
    move(first.controls[s.name], value)
    again = explore(study)
    assert (again.inputs, again.view, again.controls[s.name].value) == (first.inputs, first.view, value)
    assert again.study.headline(again.result) == first.study.headline(first.result)
    assert again.board.remarks[-1] == i18n._("These are the inputs you chose last time; “Reset” goes back.")
    tool(again, w.Button, i18n._("Reset")).click()
    assert again.inputs == explore(study).inputs == again.study.inputs()


# What the page gets ---------------------------------------------------------------------------------------------------


@pytest.mark.shared(2)
@every_study
def test_a_bundle_has_the_widget_a_still_figure_and_text(study: str, lang: str) -> None:
    explorer = opened(study, lang)
    explorer.reset()
    bundle = explorer._repr_mimebundle_()
    assert bundle[WIDGET_MIME]["model_id"] == explorer.model_id
    assert unwrapped(bundle[PLOTLY_MIME]["layout"]["title"]["text"]) == explorer.charts[0].title()
    assert "Shift+Enter" in bundle["text/plain"]
    assert bool(CHINESE.search(bundle["text/plain"])) == (lang == "zh")


@every_study
def test_boards_share_one_library_carry_no_plotly_and_are_small(study: str, explorer: AnyExplorer) -> None:
    board = explorer.board
    assert board.library is library()
    assert len(library().packed) < 0.4 * len(plotly_js())
    state = board.get_state()
    assert state["library"] == f"IPY_MODEL_{library().model_id}"
    assert (state["light"], state["dark"], state["config"]) == (TEMPLATE, DARK, config())
    assert len(json.dumps(state, default=str)) < FULLEST
    assert all("template" not in figure["layout"] for figure in board.figures)
    assert all(figure["alt"] and figure["title"] for figure in board.figures)
    assert len(board.figures) == len(explorer.charts) > 0

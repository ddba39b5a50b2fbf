"""Does what moves on the page of a rerun show what the study says for the inputs and the data of that rerun?"""

import json
import random
import re
from base64 import b64decode
from dataclasses import replace
from gzip import decompress
from html import unescape
from pathlib import Path
from typing import Any

import nbformat
import pytest

from crmlib import casebook
from crmlib.chapters import chapter_of
from crmlib.chapters.tiers.models import tiers
from crmlib.core import i18n
from crmlib.core.errors import InputError, UserError
from crmlib.core.i18n import _
from crmlib.core.paths import DATA, NOTEBOOKS
from crmlib.explorer.states import every_stop, fewer_stops, settings
from crmlib.plotting.live import light
from crmlib.reruns import moving
from crmlib.reruns import rerun as runs
from crmlib.reruns.page import packed_plotly
from crmlib.reruns.rerun import Rerun

MOVES = 12
FEW = 200
"""States that are worked out where their number is not what is asked."""
CUT, MOST = 560_000, 1_500_000
"""Bytes of a page: its cut plotly.js, and all of it."""


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a page of few states."""
    monkeypatch.setattr(moving, "MOST", FEW)


def planned(case: str, lang: str, *changes: str, **more: Any) -> Rerun:
    return replace(runs.plan_rerun(case, lang, changes=changes, **more), moves=True)


def told(agreed: Rerun) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a page declares and what it holds packed."""
    assert agreed.moving is not None
    section = agreed.moving.section
    found = re.search(r'class="crm-declared">(.*?)</script>.*id="crm-moves">(.*?)</script>', section, re.DOTALL)
    assert found, section
    return json.loads(found[1]), json.loads(decompress(b64decode(found[2])))


def page(agreed: Rerun) -> str:
    notebook = nbformat.read(NOTEBOOKS / agreed.lang / f"{casebook.CASE}{agreed.case}.ipynb", as_version=4)
    return runs._as_page(notebook, agreed)


def permitted(case: str, lang: str, draws: random.Random) -> Rerun:
    """Return a rerun with inputs drawn within their bounds, on a slider's steps or beside them."""
    declared = runs.plan_rerun(case, lang).inputs.settings()
    while True:
        changes = []
        for s in draws.sample(declared, min(3, len(declared))):
            if s.choices or s.kind is bool:
                value = draws.choice(s.choices or ("true", "false"))
            else:
                assert s.low is not None and s.high is not None
                value = str(draws.randint(int(s.low), int(s.high)) if s.kind is int else draws.uniform(s.low, s.high))
            changes.append(f"{s.name}={value}")
        try:
            agreed = planned(case, lang, *changes)
            agreed.answer()
        except UserError:
            continue
        return agreed


@pytest.mark.shared(3)
@pytest.mark.parametrize("case", casebook.cases())
def test_a_move_on_a_page_is_a_call_of_the_study(case: str, few: None) -> None:
    draws = random.Random(case)
    i18n.use(draws.choice(i18n.LANGUAGES))
    agreed = permitted(case, i18n.language(), draws)
    study, (declared, packed) = agreed.study(), told(agreed)
    one = chapter_of(study.name).explore(study.name)
    values = {**agreed.inputs.model_dump(), **type(one.view)().model_dump()}
    stops = fewer_stops(one, values, FEW)
    assert stops is not None
    whole = settings(one)
    assert [stops[s.name][at] for s, at in zip(whole, declared["bases"][0][2], strict=True)] == list(values.values())
    assert (
        declared["first"][1]
        == packed["first"][1]
        == [m.shown(study.headline(agreed.answer())[key]) for key, m in study.measures.items()]
    )
    for _move in range(MOVES):
        s = draws.choice(whole)
        stop = draws.randrange(len(stops[s.name]))
        moved = {**values, s.name: stops[s.name][stop]}
        ours = {name: value for name, value in moved.items() if name in agreed.inputs.model_dump()}
        places, figures, words = packed["moved"][s.name][stop]
        try:
            result = study.run(agreed.prepared(), study.inputs(**ours))
        except InputError as refusal:
            assert (places, words) == (0, refusal.fields)
            continue
        except UserError as refusal:
            assert (places, words) == (0, refusal.problems)
            continue
        assert figures == [m.shown(study.headline(result)[key]) for key, m in study.measures.items()]
        one.inputs, one.result = study.inputs(**ours), result
        assert words == one.remarks()
        charts = one.draw(result, type(one.view)(**{k: v for k, v in moved.items() if k not in ours}))
        assert [packed["figures"][place] for place in places] == json.loads(json.dumps([light(c) for c in charts]))
    i18n._chosen = None


@pytest.mark.shared(2)
def test_a_refused_input_has_its_sentence_below_it(few: None, lang: str) -> None:
    agreed = planned("bank_tiers", lang)
    declared, packed = told(agreed)
    control = next(one for one in declared["controls"] if one["name"] == "gold_from")
    assert control["texts"][0] == "0.0"
    with pytest.raises(InputError) as refusal:
        agreed.inputs.replace(gold_from=0.0)
    assert packed["moved"]["gold_from"][0] == [0, 0, refusal.value.fields]


@pytest.mark.shared(2)
def test_the_states_are_those_of_the_users_own_table(few: None, lang: str, tmp_path: Path) -> None:
    rows = (DATA / "bank_loans.csv").read_text("utf-8").splitlines(keepends=True)
    own = tmp_path / "mine.csv"
    own.write_text("".join(rows[:1] + rows[1::2]), "utf-8")
    agreed = planned("bank_tiers", lang, files=[str(own)])
    _declared, packed = told(agreed)
    figures = tiers.headline(tiers.STUDY.run(agreed.prepared(), agreed.inputs.replace(boundary="lower")))
    choices = tiers.TierPolicy.setting_of("boundary").choices
    shown = packed["moved"]["boundary"][choices.index("lower")][1]
    assert shown == [m.shown(figures[key]) for key, m in tiers.STUDY.measures.items()]
    course = runs.plan_rerun("bank_tiers", lang)
    assert packed["first"][1] != [
        m.shown(tiers.headline(course.answer())[key]) for key, m in tiers.STUDY.measures.items()
    ]


def test_a_name_in_the_users_own_table_ends_no_script(few: None, tmp_path: Path) -> None:
    own = tmp_path / "mine.csv"
    own.write_text((DATA / "distributors.csv").read_text("utf-8").replace("恒远商贸", "</script><b>"), "utf-8")
    with i18n.speaking("zh"):
        agreed = planned("distributors", "zh", files=[str(own)])
        assert agreed.moving and agreed.moving.section.count("</script>") == 3
        drawn, tables = (json.dumps(told(agreed)[1][part]) for part in ("figures", "tables"))
    assert "</script><b>" in drawn and "</script><b>" not in tables and "&lt;/script&gt;&lt;b&gt;" in tables


@pytest.mark.shared(9)
@pytest.mark.parametrize("case", casebook.cases())
def test_a_page_is_small_and_says_where_all_move(case: str, lang: str) -> None:
    agreed = planned(case, lang)
    html = page(agreed)
    rest = html.replace(packed_plotly(frozenset()), "")
    assert len(rest.encode()) + CUT < MOST
    declared, _packed = told(agreed)
    fewer = _("To keep the page small, some sliders have fewer stops than in the notebook.")
    assert any("texts" in one for one in declared["controls"]) == (fewer in html)
    assert (
        casebook.case(case).chapter
        in json.loads(unescape(html.split('id="crm-words">')[1].split("</script>")[0]))["alone"]
    )
    still = page(replace(agreed, moves=False))
    main = still[still.index("<main>") + 7 : still.index("</main>")].strip()
    assert main in html, "the page shows all it shows without moves"


@pytest.mark.shared(2)
def test_the_same_page_is_the_same_bytes(few: None, lang: str) -> None:
    assert page(planned("county_hospital", lang)) == page(planned("county_hospital", lang))


def test_a_slider_with_fewer_stops_keeps_its_ends_and_where_it_stands() -> None:
    one = chapter_of("bank_tiers").explore("bank_tiers")
    values = {**one.inputs.replace(lgd=0.333).model_dump(), **one.view.model_dump()}
    whole = every_stop(one)
    for most in (1400, 700, 300, 150):
        found = fewer_stops(one, values, most)
        assert found is not None and sum(map(len, found.values())) <= most
        for s in settings(one):
            ours, all_of_them = found[s.name], whole[s.name]
            assert values[s.name] in ours
            if s.choices or s.kind is bool:
                assert ours == all_of_them
                continue
            assert ours == sorted(set(ours)) and (ours[0], ours[-1]) == (all_of_them[0], all_of_them[-1])
            assert set(ours) <= {*all_of_them, values[s.name]}
    assert fewer_stops(one, values, 40) is None


@pytest.mark.shared(2)
def test_a_page_that_would_become_too_large_says_so_and_leads_to_the_notebook(
    lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = _(
        "The inputs cannot be moved on this page: with so large a table it would become too large. "
        "In the notebook “{notebook}” they can."
    ).format(notebook="03_satisfaction")
    many = replace(planned("county_hospital", lang), grown=1000)
    assert many.moving and (many.moving.lead, many.moving.script) == ("", "") and said in many.moving.section
    asked = []
    monkeypatch.setattr(moving, "ROOM", 10)
    monkeypatch.setattr(moving, "packed", lambda text: asked.append(len(text)) or "x" * 11)
    large = planned("county_hospital", lang)
    assert said in page(large)
    assert asked == sorted(asked, reverse=True) and len(asked) > 2


def test_where_a_chart_cannot_be_drawn_the_reason_is_said(english: None) -> None:
    one = chapter_of("kano").explore("kano")
    drawn = one.draw

    def draw(result: Any, view: Any) -> Any:
        if one.inputs != one.initial:
            raise ValueError("no room")
        return drawn(result, view)

    one.draw = draw
    moved = moving.moving(one, one.initial, "03_satisfaction")
    packed = json.loads(decompress(b64decode(moved.section.split('id="crm-moves">')[1].split("</script>")[0])))
    refused = [words for places, _figures, words in packed["every"] if not places]
    assert len(refused) > 100 and all(words == ["The study cannot work on these data (no room)."] for words in refused)
    one.draw = lambda _result, _view: 1 / 0
    still = moving.moving(one, one.initial, "03_satisfaction")
    assert still.script == "" and "The study cannot work on these data (division by zero)." in still.section

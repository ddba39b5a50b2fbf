"""The site as it opens from a folder, without a network: read, searched, looked at in the light and in the dark."""

import json
import random
import shutil
from bisect import bisect
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from random import Random
from urllib.parse import unquote, urlsplit

import pytest
from browser import Visit
from conftest import needs
from moved import joined, unpacked
from pages import SIZES, TOPIC, Windows, check, served
from playwright.sync_api import Browser, Locator, expect
from sight import still

from crmlib.chapters.studies import STUDIES
from crmlib.core import i18n
from crmlib.core.figures import figure
from crmlib.core.i18n import _
from crmlib.core.numbers import decimals
from crmlib.core.study import Measure
from crmlib.explorer.states import every_stop, settings, stops
from crmlib.items import prose
from crmlib.items.bank import bank
from crmlib.learning import progress
from crmlib.site import exercises, states
from crmlib.site.pages import plain

pytestmark = [pytest.mark.browser, pytest.mark.shared(3)]
in_zh, in_en = (pytest.mark.one_language(lang) for lang in i18n.LANGUAGES)
"""Pages, search, exercises and explorers are asked in both languages each time, most tests in one of them."""
PAGE = "03_satisfaction"


@pytest.fixture(scope="module", autouse=True)
def cut() -> None:
    needs(shutil.which("npm"), "npm")


@pytest.fixture(params=SIZES)
def visit(request: pytest.FixtureRequest, windows: Windows, lang: str) -> Iterator[Visit]:
    with windows.lend(lang, request.param) as visit:
        yield visit


def test_the_book_opens_in_the_readers_language_and_leads_on(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/index.html")
    page.wait_for_url(f"{site}/{visit.lang}/index.html")
    check(visit)
    page.locator("main table a").first.click()
    page.wait_for_url(f"{site}/{visit.lang}/{PAGE}.html")
    page.get_by_role("link", name=_("Next page")).click()
    page.wait_for_url(f"{site}/{visit.lang}/case_county_hospital.html")


@in_zh
def test_a_chapter_is_whole_in_the_light_and_in_the_dark(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html")
    page.locator("main figure.crm-figure").first.evaluate("place => place.scrollIntoView()")
    expect(page.locator("main .main-svg").first).to_be_attached()
    colours = page.get_by_role("button", name=_("Colours: as the system"))
    colours.click()
    check(visit)
    page.get_by_role("button", name=_("Colours: light")).click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 17, 17)"
    check(visit)
    page.reload()
    expect(page.get_by_role("button", name=_("Colours: dark"))).to_be_visible()


@in_en
def test_the_other_language_opens_at_the_same_section(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html#s5")
    page.locator("#other").click()
    page.wait_for_url(f"{site}/{i18n.other(visit.lang)}/{PAGE}.html#s5")


def test_words_are_found_and_lead_to_their_section(visit: Visit, site: str) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/index.html")
    field = page.get_by_role("searchbox", name=_("Search the book"))
    field.fill("服务蓝图" if visit.lang == "zh" else "service blueprint")
    found = page.locator("#found")
    expect(found.get_by_role("link").first).to_be_visible()
    check(visit)
    field.fill("狮子老虎" if visit.lang == "zh" else "zebra")
    expect(found.get_by_role("status")).to_have_text(_("Nothing found"))
    field.fill("蓝图 失误" if visit.lang == "zh" else "blueprint failure")
    found.get_by_role("link").first.press("Enter")
    page.wait_for_url(f"{site}/{visit.lang}/*_*.html#s*")


def explorer(visit: Visit, site: str, study: str) -> Locator:
    """Open the chapter and return an explorer once its first picture is drawn; its predictions are skipped."""
    visit.page.evaluate("name => localStorage.setItem(name, true)", f"crm.predict.{study}.skipped")
    visit.page.goto(f"{site}/{visit.lang}/{PAGE}.html")
    found = visit.page.locator(f"[data-study={study}]")
    found.scroll_into_view_if_needed()
    expect(found.locator(".main-svg").first).to_be_attached()
    return found


@in_zh
def test_an_explorer_moves_by_the_keyboard_to_the_figures_of_the_study(visit: Visit, site: str) -> None:
    found = explorer(visit, site, "csi")
    one = states.explorer("csi")
    study, first = one.study, states.bases(one)["base"][1]
    numbers = [s for s in settings(one) if not s.choices and s.kind is not bool]

    def figures(**values: object) -> dict[str, float]:
        return study.headline(study.run(one.prepared, study.inputs(**{**first, **values})))

    before = figures()
    for s in numbers[:3]:
        control = found.locator(f"#csi-{s.name}")
        if not control.is_visible():
            found.locator(".crm-more > summary").press("Enter")
        control.focus()
        control.press("End")
        now = figures(**{s.name: stops(s)[-1]})
        measures = study.measures.items()
        expect(found.locator(".crm-value")).to_have_text([m.shown(now[key]) for key, m in measures])
        expect(found.locator(".crm-change")).to_have_text([m.change(before[key], now[key]) for key, m in measures])
        before = now
    back = _("“{label}” is back where it was.").format(label=numbers[1].title())
    expect(found.get_by_role("status").filter(has_text=back)).to_be_attached()
    check(visit, "[data-study=csi]")
    found.get_by_role("button", name=_("Reset")).press("Enter")
    now = figures()
    expect(found.locator(".crm-value")).to_have_text([m.shown(now[key]) for key, m in study.measures.items()])
    expect(found.locator(f"#csi-{numbers[2].name}")).to_have_value(str(stops(numbers[2]).index(first[numbers[2].name])))


@in_en
def test_a_choice_and_a_scenario_move_and_the_table_follows(visit: Visit, site: str) -> None:
    found = explorer(visit, site, "csi")
    one = states.explorer("csi")
    study, known = one.study, states.bases(one)
    found.get_by_label(_("Scenario")).select_option(label=known["textbook"][0])
    textbook = study.headline(study.run(one.prepared, study.inputs(**known["textbook"][1])))
    values = found.locator(".crm-value")
    expect(values).to_have_text([m.shown(textbook[key]) for key, m in study.measures.items()])
    found.get_by_text(_("Table of values")).first.press("Enter")
    expect(found.locator(".crm-values table").first).to_be_visible()
    s = next(s for s in settings(one) if s.choices)
    moved = {**known["textbook"][1], s.name: s.choices[-1]}
    found.locator(f"#csi-{s.name}").select_option(label=s.shown(s.choices[-1]))
    now = study.headline(study.run(one.prepared, study.inputs(**moved)))
    expect(values).to_have_text([m.shown(now[key]) for key, m in study.measures.items()])
    check(visit, "[data-study=csi]")


@in_zh
def test_a_long_name_of_a_scenario_makes_no_page_wider(visit: Visit, site: str) -> None:
    found = explorer(visit, site, "csi")
    longer = "all => all.forEach(one => (one.options[0].text = 'The name of a scenario that is long '.repeat(6)))"
    found.locator("select").evaluate_all(longer)
    check(visit, "[data-study=csi]")


@in_en
def test_where_there_are_few_states_all_inputs_move_together(visit: Visit, site: str) -> None:
    found = explorer(visit, site, "kano")
    one = states.explorer("kano")
    study, values = one.study, dict(states.bases(one)["base"][1])
    expect(found.locator(".crm-hint")).to_have_text(_("All inputs move together on this page, as in the notebook."))
    for s in settings(one):
        control = found.locator(f"#kano-{s.name}")
        if not control.is_visible():
            found.locator(".crm-more > summary").press("Enter")
        values[s.name] = stops(s)[-1]
        if s.choices:
            control.select_option(label=s.shown(values[s.name]))
        else:
            control.press("End")
        now = study.headline(study.run(one.prepared, study.inputs(**values)))
        expect(found.locator(".crm-value")).to_have_text([m.shown(now[key]) for key, m in study.measures.items()])
    check(visit, "[data-study=kano]")
    found.get_by_role("button", name=_("Reset")).press("Enter")
    first = study.headline(study.run(one.prepared, study.inputs()))
    expect(found.locator(".crm-value")).to_have_text([m.shown(first[key]) for key, m in study.measures.items()])


HELD = """() => {
    globalThis.brought = storedMoves;
    globalThis.held = [];
    globalThis.storedMoves = async (...names) => {
        if (names.length > 2) await new Promise(go => held.push(go));
        return brought(...names);
    };
}"""
OTHER = {
    "a part": "told => ({ ...told, of: 'another' })",
    "the states": "told => (told.every ? { ...told, every: told.every.slice(1) } : told)",
}
"""What another edition has instead of a part, and of what a move says."""
INSTEAD = """another => {
    globalThis.brought = storedMoves;
    globalThis.storedMoves = async (...names) => {
        const told = await brought(...names);
        return names.length > 2 || another.includes("every") ? eval(another)(told) : told;
    };
}"""
DRAWN = """() => [...document.querySelectorAll("[data-study=kano] .crm-plot")]
    .map(({ data }) => data.filter(trace => trace.hoverinfo !== "skip").map(({ x, y }) => [x, y]))"""
TOLD = "() => [...document.querySelectorAll('[data-study=kano] .crm-values table')].map(table => table.textContent)"
PUT = "(control, stop) => { control.value = stop; control.dispatchEvent(new Event('input', { bubbles: true })); }"


@in_zh
def test_headline_figures_answer_a_move_before_its_picture_which_is_its_own(visit: Visit, site: str) -> None:
    found, page = explorer(visit, site, "kano"), visit.page
    found_stops = every_stop(states.explorer("kano"))
    every = [*product(*(range(len(row)) for row in found_stops.values()))]
    folder = Path(unquote(urlsplit(site).path), "static", "moves", visit.lang)
    first = unpacked((folder / "kano.base.js").read_text("utf-8"))
    starts = json.loads(first)["starts"]
    rest = (unpacked((folder / f"kano.base.{n}.js").read_text("utf-8")) for n in range(len(starts)))
    known = joined([first, *rest])

    def parts(place: int) -> set[int]:
        return {bisect(starts, figure) for figure in known["every"][place][0]}

    page.evaluate(HELD)
    before = page.evaluate(DRAWN)
    for name in found_stops:
        control = found.locator(f"#kano-{name}")
        if not control.is_visible():
            found.locator(".crm-more > summary").press("Enter")
    for opener in found.locator(".crm-values > summary").all():
        opener.press("Enter")
    last = len(every) - 1
    spread = max(range(last), key=lambda place: len(parts(place)))
    assert parts(last) == {len(starts)} and len(parts(spread)) > 1
    for place, held in (last, True), (spread, False):
        for name, stop in zip(found_stops, every[place], strict=True):
            found.locator(f"#kano-{name}").evaluate(PUT, stop)
        places, values, *_words = known["every"][place]
        expect(found.locator(".crm-value")).to_have_text(values)
        if held:
            page.wait_for_function("held.length")
            assert page.evaluate(DRAWN) == before
            assert found.locator(".crm-late").count() == 1
            page.evaluate("held.forEach(go => go()); storedMoves = brought; null")
        expect(found.locator(".crm-late")).to_have_count(0)
        still(page, "[data-study=kano]")
        drawn = [[[trace.get("x"), trace.get("y")] for trace in known["figures"][n]["data"]] for n in places]
        assert page.evaluate(DRAWN) == drawn
        tables = "tables => tables.map(html => new DOMParser().parseFromString(html, 'text/html').body.textContent)"
        assert page.evaluate(TOLD) == page.evaluate(tables, [known["tables"][n] for n in places])
    check(visit, "[data-study=kano]")


@in_en
def test_a_refused_move_leaves_the_picture_of_the_one_before_to_come(visit: Visit, site: str) -> None:
    found, page = explorer(visit, site, "kano"), visit.page
    before = page.evaluate(DRAWN)
    page.evaluate(HELD)
    control = found.get_by_role("slider").first
    control.press("End")
    page.wait_for_function("held.length")
    page.evaluate("Explorer.prototype.state = () => [0, 0, ['No.']]")
    control.press("Home")
    expect(found.locator(".crm-remarks")).to_have_text("No.")
    page.evaluate("held.forEach(go => go())")
    expect(found.locator(".crm-late")).to_have_count(0)
    still(page, "[data-study=kano]")
    assert page.evaluate(DRAWN) != before
    expect(found.locator(".crm-remarks")).to_have_text("No.")


@in_zh
@pytest.mark.parametrize("what", OTHER)
def test_another_edition_is_not_shown_and_asked_for_again_with_the_next_move(
    what: str, visit: Visit, site: str
) -> None:
    found, page = explorer(visit, site, "kano"), visit.page
    before = page.evaluate(DRAWN)
    page.evaluate(INSTEAD, OTHER[what])
    control = found.get_by_role("slider").first
    control.press("End")
    late = _("The figures of this explorer could not be loaded; load the page again.")
    expect(found.locator(".crm-remarks > div").last).to_have_text(late)
    expect(found.locator(".crm-late")).to_have_count(1 if what == "a part" else 0)
    assert page.evaluate(DRAWN) == before
    page.evaluate("storedMoves = brought; null")
    control.press("ArrowLeft")
    expect(found.locator(".crm-remarks").get_by_text(late)).to_have_count(0)
    expect(found.locator(".crm-late")).to_have_count(0)
    still(page, "[data-study=kano]")
    assert page.evaluate(DRAWN) != before


@in_en
def test_how_much_a_figure_moved_is_said_as_in_the_notebook(visit: Visit, site: str) -> None:
    visit.page.goto(f"{site}/{visit.lang}/index.html")
    draws = random.Random(7)
    wanted, given = [], []
    for _pair in range(2000):
        measure = Measure("x", digits=draws.randrange(4))
        size = 10 ** draws.randrange(7)
        before, now = (draws.choice([round(draws.uniform(-size, size), 5), 0.0, float("nan")]) for _one in range(2))
        given.append([measure.shown(before), measure.shown(now)])
        wanted.append(measure.change(before, now))
    assert visit.page.evaluate("pairs => pairs.map(pair => changed(...pair))", given) == wanted


TYPED = (
    "",
    "about ten",
    "8,,5",
    "46,2",
    "1,000,0",
    "5 kg",
    "＝3",
    "1 000.5",
    "−5",
    "3 万元",
    "12%",
    "1e3",
    "1e25",
    "１２。５",
    "<b>1</b>",
)


@in_zh
def test_answers_are_read_and_marked_as_in_the_notebook(visit: Visit, site: str) -> None:
    visit.page.goto(f"{site}/{visit.lang}/index.html")
    draws = random.Random(11)
    for name, make in bank().exercises(TOPIC).items():
        for seed, drawn in enumerate(exercises.variants(TOPIC, name)[:8]):
            one = make(Random(f"{TOPIC}.{name}:{seed}"))
            near = [
                one.answer * 100,
                one.answer / 100,
                one.answer * 1e4,
                -one.answer,
                *(d.answer for d in one.distractors),
            ]
            given: list[str | int] = [f"{value:.{digits}f}" for value in [one.answer, *near] for digits in range(4)]
            given += [f"{one.answer:,.2f} {one.unit}", f"{draws.uniform(-1e3, 1e3):.4g}", *TYPED]
            given = list(range(len(one.options))) or [text for text in given if text]
            said = visit.page.evaluate("([drawn, given]) => given.map(one => marked(drawn, one))", [drawn, given])
            for answer, (verdict, words, misconception) in zip(given, said, strict=True):
                wanted = one.check(answer)
                assert (verdict, misconception) == (wanted.verdict, wanted.misconception), (name, seed, answer)
                assert plain(words).startswith(plain(prose.html(wanted.said))), (name, seed, answer)


@in_en
def test_an_exercise_is_answered_and_the_progress_kept_saved_and_taken_back(
    visit: Visit, site: str, tmp_path: Path
) -> None:
    page = visit.page
    page.goto(f"{site}/{visit.lang}/{PAGE}.html")
    place = f'[data-item="{TOPIC}.index_points"]'
    asked = page.locator(place)
    asked.scroll_into_view_if_needed()
    field = asked.get_by_role("textbox")
    expect(field).to_be_visible()
    seed = int(page.evaluate(f"localStorage.getItem('crm.seed.{TOPIC}.index_points')"))
    one = bank().exercises(TOPIC)["index_points"](Random(f"{TOPIC}.index_points:{seed}"))
    wrong = one.distractors[0]
    field.fill(f"{wrong.answer:.4f}")
    field.press("Enter")
    expect(asked.get_by_role("status")).to_contain_text(plain(prose.html(wrong.reply))[:20])
    check(visit, place)
    field.fill(f"{one.answer:.4f}")
    asked.get_by_role("button", name=_("Check")).press("Enter")
    expect(asked.locator(".right")).to_be_visible()
    check(visit, place)
    asked.get_by_role("button", name=_("Another one like this")).press("Enter")
    expect(field).to_be_focused()
    page.goto(f"{site}/{visit.lang}/index.html")
    kept = _("Answers kept in this browser: {n}; right: {right}.")
    expect(page.get_by_text(kept.format(n=1, right=0))).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("button", name=_("Save your progress")).press("Enter")
    file = tmp_path / "progress.jsonl"
    saved.value.save_as(file)
    (attempt,), damaged = progress.attempts(file)
    assert not damaged
    assert (attempt.item, attempt.seed, attempt.misconception) == (f"{TOPIC}.index_points", seed, wrong.misconception)
    page.evaluate("localStorage.clear()")
    page.reload()
    page.locator("#progress input").set_input_files(file)
    expect(page.get_by_text(_("The progress of the file is added."))).to_be_visible()
    expect(page.get_by_text(kept.format(n=1, right=0))).to_be_visible()
    file.write_text("no progress", "utf-8")
    page.locator("#progress input").set_input_files(file)
    expect(page.locator("#progress").get_by_role("status")).to_have_text(
        _("This file holds no progress; choose a progress.jsonl that the notebook or this page saved.")
    )
    check(visit)


def test_the_whole_book_is_kept_and_read_where_the_server_is_gone(chromium: Browser, site: str, english: None) -> None:
    folder = Path(unquote(urlsplit(site).path)).parent
    with Visit.begin(chromium, "en", locale="en-US") as visit:
        page = visit.page
        with served(folder) as address:
            place = f"{address}/{site.rsplit('/', 1)[1]}"
            page.goto(f"{place}/en/index.html")
            page.get_by_role("button", name=_("Keep the whole book for reading without a network")).click()
            expect(page.get_by_text(_("The whole book is kept on this device."))).to_be_visible()
        page.goto(f"{place}/zh/{PAGE}.html")
        page.goto(f"{place}/en/{PAGE}.html")
        page.evaluate("kept.set('predict.kano.skipped', true)")
        page.reload()
        found = page.locator("[data-study=kano]")
        found.scroll_into_view_if_needed()
        expect(found.locator(".main-svg").first).to_be_attached()
        still(page, "[data-study=kano]")
        before = page.evaluate(DRAWN)
        control = found.get_by_role("slider").first
        control.press("End")
        one = states.explorer("kano")
        first = states.bases(one)["base"][1]
        s = next(s for s in settings(one) if not s.choices and s.kind is not bool)
        now = one.study.headline(one.study.run(one.prepared, one.study.inputs(**{**first, s.name: stops(s)[-1]})))
        expect(found.locator(".crm-value")).to_have_text([m.shown(now[key]) for key, m in one.study.measures.items()])
        still(page, "[data-study=kano]")
        assert page.evaluate(DRAWN) != before
        assert (visit.elsewhere, visit.complaints) == ([], [])


SAID = """sliders => sliders.map(([low, step, digits, count]) => [...Array(count).keys()].map(stop => {
    const [input, output] = [element("input", { value: stop }), element("output")];
    Explorer.prototype.say({ kind: "number", input, output, low, step, digits });
    return output.textContent;
}))"""


@in_zh
def test_where_a_slider_stands_is_written_like_any_figure(visit: Visit, site: str) -> None:
    visit.page.goto(f"{site}/{visit.lang}/index.html")
    given, wanted = [], []
    sliders = (s for study in STUDIES.values() for s in study.inputs.settings() if not s.choices and s.kind is not bool)
    for s in sliders:
        digits = decimals(s.step or 1)
        given.append([s.low, s.step or 1, digits, len(stops(s))])
        wanted.append([figure(stop, digits) for stop in stops(s)])
    assert visit.page.evaluate(SAID, given) == wanted

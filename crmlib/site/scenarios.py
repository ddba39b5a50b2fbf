"""The scenarios of the cases as pages of the site, what compares them, and the slides of each case.

A case's own page is that of its base. The others are rerun when the site is built, a kernel each, on all cores.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

from crmlib import casebook
from crmlib.casebook import CASE
from crmlib.core.errors import UserError
from crmlib.core.i18n import LANGUAGES, NAMES, TAGS, _, other, speaking
from crmlib.core.paths import NOTEBOOKS
from crmlib.notebooks.jupyter import nbformat
from crmlib.notebooks.kernels import cores, running
from crmlib.reruns import index_page, page
from crmlib.reruns.compared import Compared
from crmlib.reruns.rerun import LONGEST, Rerun, plan_reruns
from crmlib.reruns.slides import last_slide, slides
from crmlib.site.pages import Sheet, Turn, executed, of_body
from crmlib.support.markup import filled


@dataclass(frozen=True)
class Told:
    """A page of the site that belongs to one of the book.

    Attributes:
        lang: ``"zh"`` or ``"en"``.
        within: the name of the page that it belongs to.
        turns: where it leads on.
    """

    lang: str
    sheet: Sheet
    within: str
    turns: tuple[Turn, ...] = ()


def cases(names: Iterable[str]) -> list[str]:
    """Return the cases among notebooks."""
    return [name.removeprefix(CASE) for name in names if name.startswith(CASE)]


@cache
def planned(case: str, lang: str) -> tuple[Rerun, ...]:
    """Return what there is to rerun of a case: the scenarios that come with it, the base first.

    Raises:
        UserError: one of them cannot be rerun.
    """
    agreed, refused = plan_reruns(case, lang, casebook.case(case).order)
    if refused:
        raise UserError(problem for refusal in refused.values() for problem in refusal.problems)
    return tuple(agreed)


def place(rerun: Rerun) -> str:
    """Return the name of a scenario's page."""
    base = rerun.scenario == planned(rerun.case, rerun.lang)[0].scenario
    return f"{CASE}{rerun.case}" if base else f"{CASE}{rerun.case}.{rerun.scenario}"


def compared_place(case: str) -> str:
    """Return the name of the page that compares a case's scenarios; no scenario may be called so."""
    return f"{CASE}{case}.all"


def deck_place(case: str) -> str:
    """Return the name of a case's slides."""
    return f"slides_{case}"


def links(case: str, lang: str, here: str, whole: bool) -> str:
    """Return as HTML where a page of a case leads: its other scenarios, what compares them, its slides.

    Args:
        here: the name of the page, which it does not lead to.
        whole: whether the scenarios have pages.
    """
    with speaking(lang):
        found = [(_("All scenarios compared"), compared_place(case))]
        found += [(rerun.title, place(rerun)) for rerun in planned(case, lang)]
        around = [(text, "" if name == here else f"{name}.html") for text, name in found if whole]
        deck = f"{deck_place(case)}.html"
        return filled(
            Path(__file__).with_name("case.html"),
            links=Markup(page.links_of(around)) if around else "",
            deck=deck,
            slides=_("Slides of this case"),
        )


def sheets(names: Iterable[str]) -> Iterator[Told]:
    """Rerun the scenarios of all cases among notebooks, in both languages, and yield their pages, in order.

    Raises:
        UserError: a scenario fails; it is named.
    """
    todo = [rerun for case in cases(names) for lang in LANGUAGES for rerun in planned(case, lang)[1:]]
    made: dict[int, Sheet] = {}
    with running([rerun.job() for rerun in todo], cores(), LONGEST) as endings:
        for number, ending in endings:
            rerun = todo[number]
            if isinstance(ending, UserError):
                said = _("{scenario}: {why}")
                raise UserError(said.format(scenario=place(rerun), why=problem) for problem in ending.problems)
            with speaking(rerun.lang):
                foot = page.colophon(rerun.inputs, rerun.sources())
                made[number] = executed(ending, place(rerun), rerun.lang, scenario=rerun.title, foot=foot)
    for number, rerun in enumerate(todo):
        with speaking(rerun.lang):
            yield Told(rerun.lang, made[number], f"{CASE}{rerun.case}", _turns(rerun))
    yield from (_compared(case, lang) for case in cases(names) for lang in LANGUAGES)


def _turns(rerun: Rerun) -> tuple[Turn, ...]:
    row = planned(rerun.case, rerun.lang)
    here = [one.scenario for one in row].index(rerun.scenario)
    turns = [Turn("prev", _("Previous scenario"), place(row[here - 1]), row[here - 1].title)]
    turns += [Turn("next", _("Next scenario"), place(one), one.title) for one in row[here + 1 : here + 2]]
    return tuple(turns)


def _compared(case: str, lang: str) -> Told:
    row = planned(case, lang)
    with speaking(lang):
        labels = [[(f"{place(rerun)}.html", _("Page"))] for rerun in row]
        labels[0].append((f"{deck_place(case)}.html", _("Slides")))
        listed = [index_page.listed(rerun.scenario, rerun, row[0], to) for rerun, to in zip(row, labels, strict=True)]
        body = f"<style>{index_page.STYLE}</style>\n{index_page.comparison(Compared(row), listed)}"
        return Told(lang, of_body(compared_place(case), body), f"{CASE}{case}")


def decks(names: Iterable[str], library: str) -> Iterator[tuple[str, str, str]]:
    """Yield the slides of each case in each language: language, name of the page, HTML.

    Args:
        names: of notebooks.
        library: address of the script that holds plotly.js.
    """
    for case in cases(names):
        for lang in LANGUAGES:
            yield lang, deck_place(case), _deck(planned(case, lang)[0], library)


def _deck(base: Rerun, library: str) -> str:
    lang, there = base.lang, other(base.lang)
    notebook = nbformat.read(NOTEBOOKS / lang / f"{CASE}{base.case}.ipynb", as_version=4)
    with speaking(lang):
        around: Sequence[tuple[str, str, str]] = [
            (_("Read the case"), f"{place(base)}.html", TAGS[lang]),
            (NAMES[there], f"../{there}/{deck_place(base.case)}.html", TAGS[there]),
        ]
        foot = last_slide(base.inputs, base.sources())
        return slides(notebook, base.heading(), lang, foot, base.title, around, library)

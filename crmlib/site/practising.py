"""The page on which to practise all chapters, turn cards and sit a mock exam, and the files that it reads."""

import json
from collections.abc import Iterator, Sequence

from markupsafe import escape

from crmlib.chapters import chapters
from crmlib.core.i18n import _, speaking
from crmlib.learning.flashcards import ANSWERS, faces
from crmlib.site import questions
from crmlib.site.pages import Sheet, of_body
from crmlib.site.scripts import packed_script, script

NAME = "practice"
"""The page is called so in both languages."""


def sheet(lang: str, topics: Sequence[str]) -> Sheet:
    """Return the page, for the chapters that are on the site, one at least."""
    known = chapters()
    with speaking(lang):
        title = _("Practice and mock exam")
        named = [[topic, f"{known[topic].number:02} {_(known[topic].title)}"] for topic in topics]
        data = escape(json.dumps(named, ensure_ascii=False))
        about = _(
            "What you answer here counts as it does in the chapters and is kept in this browser. Below it is saved as "
            "a file, which the notebooks read as well."
        )
        heads = [_("Questions by chapter"), _("Terms and cards"), _("Mock exam"), _("Your progress")]
        by_chapter, cards, exam, progress = (f"<h2>{escape(head)}</h2>" for head in heads)
        parts = [
            f"<h1>{escape(title)}</h1><p>{escape(about)}</p>",
            by_chapter,
            f'<div class="crm-practice" data-topic="{topics[0]}" data-topics="{data}"></div>',
            cards,
            f'<div class="crm-cards crm-progress" data-topics="{data}"></div>',
            exam,
            '<div class="crm-mock"></div>',
            f'<section id="progress">{progress}</section>',
        ]
        return of_body(NAME, "\n".join(parts))


def files(lang: str, topics: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the scripts of questions, papers and cards in a language, a file each: place and text."""
    with speaking(lang):
        for topic in topics:
            yield f"practice/{lang}/{topic}.js", packed_script("crmPractice", topic, questions.practice(topic))
        for n in range(questions.PAPERS):
            yield f"mock/{lang}/{n}.js", packed_script("crmMock", str(n), questions.mock(n))
        cards = {topic: [list(face) for face in faces(chapters()[topic])] for topic in topics}
        yield f"cards/{lang}.js", script("crmCards", cards)


def words() -> dict[str, object]:
    """Return what a page says around cards, in the language now spoken."""
    labels = {"right": _("Knew it"), "near": _("Half knew it"), "wrong": _("Did not know it")}
    return {
        "all": _("All chapters"),
        "turn": _("Turn the card"),
        "left": _("Cards to come: {n}"),
        "none": _("These were all cards."),
        "answers": {verdict: [label, ANSWERS[verdict]] for verdict, label in labels.items()},
    }

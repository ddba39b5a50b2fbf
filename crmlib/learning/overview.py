"""The student's page: what to practise today, her progress by chapter, what she mixes up."""

import ipywidgets as w

from crmlib.chapters import chapters
from crmlib.core.errors import UserError
from crmlib.core.i18n import _, language, ngettext
from crmlib.core.paths import SOURCES, own_folder
from crmlib.explorer.controls import Panel, button, download
from crmlib.items.bank import Bank, bank
from crmlib.learning import progress
from crmlib.learning.fields import Said, words
from crmlib.learning.mixups import named, shown
from crmlib.learning.practice import Practice, practice
from crmlib.learning.today import Today
from crmlib.plotting.theme import safe
from crmlib.support.files import folder, written
from crmlib.support.texts import matter
from crmlib.tables.data import csv_text

CSV = "progress.csv"
"""What all attempts are called as a table."""


class Overview(Panel):
    """The page: today's questions, the progress by chapter, the misconceptions, and buttons to practise and export."""

    def __init__(self, bank: Bank):
        self.bank = bank
        self._page, self._said, self._room = w.HTML(), Said(), w.VBox()
        self._topic = w.Dropdown(options=self._topics(), description=_("Topic"), layout={"width": "auto"})
        self._today = Today(bank, self._open)
        again, export, begin = button(_("Refresh")), button(_("Save as CSV")), button(_("Practise this topic"))
        again.on_click(lambda _button: self.look())
        export.on_click(lambda _button: self._export())
        begin.on_click(lambda _button: self._open(practice(self._topic.value)))
        tools = w.HBox([self._topic, begin, again, export])
        tools.add_class("crm-toolbar")
        super().__init__([self._today, self._page, tools, self._said, self._room])
        self.add_class("crm-progress")
        self.look()

    def _topics(self) -> list[tuple[str, str]]:
        """Return what can be chosen to practise: each topic, with the number of its questions, and all of them."""
        sizes = {str(parts[0].title): (topic, len(self.bank.of(topic))) for topic, parts in self.bank.topics.items()}
        sizes[_("All topics")] = ("", len(self.bank.items))
        said = [ngettext("{title} ({n} question)", "{title} ({n} questions)", n) for _topic, n in sizes.values()]
        named = zip(said, sizes.items(), strict=True)
        return [(text.format(title=title, n=f"{n:,}"), topic) for text, (title, (topic, n)) in named]

    def _open(self, session: Practice) -> None:
        self._room.children = (session,)
        session.focus()

    def look(self) -> None:
        """Read the progress afresh and show it."""
        self.attempts, remark = progress.so_far()
        self._today.look(self.attempts)
        title = safe(_("Your progress by chapter"))
        self._page.value = f"<h3>{title}</h3>{self._table()}{self._named()}"
        self._said.value = words(safe(remark))

    def _table(self) -> str:
        sizes = {topic: len(self.bank.of(topic)) for topic in self.bank.topics}
        heads = [_("Chapter"), _("Attempted"), _("Points earned"), _("Share of the points"), _("To review")]
        rows = [f"<tr>{''.join(f'<th scope=col>{safe(head)}</th>' for head in heads)}</tr>"]
        # an attempt at what is no longer in the bank is kept and exported, and counts for nothing here
        found = [attempt for attempt in self.attempts if attempt.item in self.bank.items]
        for row in progress.by_topic(found, sizes, progress.today()):
            cells = [
                _("{tried} of {items}").format(tried=row.tried, items=row.items),
                _("{earned:g} of {points:g}").format(earned=round(row.earned, 2), points=row.points),
                _share(row.earned, row.points),
                f"{row.due}",
            ]
            rows.append(
                f"<tr><th scope=row>{self._titled(row.topic)}</th>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
            )
        return f'<table class="crm-progress-table">{"".join(rows)}</table>'

    def _titled(self, topic: str) -> str:
        """Return a topic as a link to each notebook of its chapter; its title alone where there is no chapter yet."""
        if chapter := chapters().get(topic):
            titles = {chapter.notebook: _(chapter.title)}
            if len(chapter.notebooks) > 1:
                titles = {name: matter(SOURCES / f"{name}.md", language()) for name in chapter.notebooks}
            link = f'<a class="crm-page" href="{{name}}.ipynb">{chapter.number:02} {{title}}</a>'
            return "<br>".join(link.format(name=name, title=safe(title)) for name, title in titles.items())
        part = self.bank.topics[topic][0]
        return safe(f"{part.chapter.partition('_')[0]} {part.title}")

    def _named(self) -> str:
        """Return the misconceptions that showed most often, in words."""
        lines = named(self.bank, self.attempts, self.bank.topics)
        if not lines:
            return ""
        heading = safe(_("Mistakes to look at once more"))
        return f"<p><b>{heading}</b></p>{shown(lines)}"

    def _export(self) -> None:
        """Save all attempts as a table, and offer it to be downloaded."""
        self.look()
        table = csv_text(progress.as_table(self.attempts))
        try:
            written(folder(own_folder() / "mine") / CSV, table)
            said = _("Saved as {file} in your own folder.").format(file=f"mine/{CSV}")
        except UserError as refusal:
            said = str(refusal)
        link = download(_("Download {file}").format(file=CSV), CSV, table.encode(), "text/csv")
        self._said.value = words(f"{safe(said)} {link}")

    def __repr__(self) -> str:
        return _("Your progress [run this cell (Shift+Enter) to see it]")


def _share(earned: float, points: float) -> str:
    """Return a share of points as a bar with its number; a dash where there are none yet."""
    if not points:
        return "–"
    share = f"{earned / points:.0%}"
    return f'<meter min="0" max="1" value="{earned / points:.3f}" aria-hidden="true"></meter> {share}'


def overview() -> Overview:
    """Return the student's progress as a page."""
    return Overview(bank())

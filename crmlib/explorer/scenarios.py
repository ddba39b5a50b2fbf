"""The scenarios of an explorer's case: chosen, saved, renamed, deleted, and made into a report."""

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

import ipywidgets as w

from crmlib import casebook
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.core.paths import own_folder
from crmlib.explorer.controls import Fold, button, download
from crmlib.plotting.theme import safe


class Shown(Protocol):
    """What is asked of the explorer."""

    own: Mapping[str, Any]

    def put(self, inputs: Mapping[str, Any]) -> None:
        """Show the inputs of a scenario."""

    def save(self, name: str, replace: bool = False, why: str = "") -> str:
        """Save the inputs shown as a scenario and return the command that reruns it."""

    async def report(self, name: str) -> str:
        """Make a report of a scenario and return where it lies."""


class Scenarios:
    """The choice of a scenario, and a fold in which to look after one's own.

    What would destroy something is asked about first: a scenario of the same name, a scenario to be deleted.

    Args:
        case: whose scenarios they are.
        explorer: what shows them.
    """

    def __init__(self, case: str, explorer: Shown):
        self.case, self.explorer = case, explorer
        self.choice = w.Dropdown(description=_("Scenario"))
        self.name = w.Text(placeholder=_("name of a new scenario"), description=_("Name"), continuous_update=False)
        self.why = w.Text(
            placeholder=_("what it is about, if you like"), description=_("Story"), continuous_update=False
        )
        self.save, self.report = button(_("Save scenario")), button(_("Make report"))
        self.rename, self.delete = button(_("Rename the one chosen")), button(_("Delete the one chosen"))
        self.agree, self.leave = button(_("Yes")), button(_("No"))
        self.said = w.HTML()
        self.question = w.HBox()
        self._work: set[asyncio.Future[None]] = set()
        self._agreed: Callable[[], object] = lambda: None
        for pressed, act in (
            (self.save, lambda: self._try(self._save)),
            (self.rename, lambda: self._try(self._rename)),
            (self.delete, self._ask_to_delete),
            (self.report, self._start_report),
            (self.agree, self._go_on),
            (self.leave, lambda: self.say("")),
        ):
            pressed.on_click(lambda _button, act=act: act())
        self.choice.observe(self._chosen, "value")
        rows = [w.HBox(row) for row in ([self.name, self.why], [self.save, self.report, self.rename, self.delete])]
        for row in rows:
            row.add_class("crm-row")
        self.fold = Fold(_("Scenarios of your own, report"), rows)
        self.list(None)
        self.say(" ".join(casebook.case(case).remarks()))

    def list(self, chosen: str | None) -> None:
        """List the scenarios there are and mark one as chosen, without showing it."""
        found = casebook.case(self.case).scenarios
        self.choice.unobserve(self._chosen, "value")
        self.choice.options = [(scenario.label(), scenario.name) for scenario in found.values()]
        self.choice.value = chosen
        self.choice.observe(self._chosen, "value")
        self._offer()

    def say(self, sentence: object, role: str = "status", more: str = "") -> None:
        """Say a sentence, and more in HTML, and ask nothing."""
        self.said.value = f'<span role="{role}">{safe(sentence)}{more}</span>'
        self.question.children = ()

    def _chosen(self, change: Any) -> None:
        self._offer()
        if change["new"] is not None:
            self._try(lambda: self.explorer.put(casebook.case(self.case).scenario(change["new"]).inputs))

    def _offer(self) -> None:
        """Offer to rename and delete what the user has saved; what comes with the case stays as it is."""
        own = self.choice.value is not None and self.choice.value not in casebook.case(self.case).order
        self.rename.disabled = self.delete.disabled = not own

    def _try(self, act: Callable[[], object]) -> None:
        self.say("")
        try:
            act()
        except UserError as refusal:
            self.say(refusal, "alert")

    def _ask(self, question: str, agreed: Callable[[], object]) -> None:
        self.say(question, "alert")
        self._agreed = agreed
        self.question.children = (self.agree, self.leave)

    def _go_on(self) -> None:
        self._try(self._agreed)

    def _save(self, replace: bool = False) -> None:
        name = self.name.value.strip()
        if not replace and name in casebook.case(self.case).scenarios and self._is_own(name):
            question = _("There is a scenario “{name}” already. Replace it?").format(name=name)
            self._ask(question, lambda: self._save(replace=True))
            return
        command = self.explorer.save(name, replace, self.why.value)
        more = _("The scenario does not hold your own data; the command names the file.") if self.explorer.own else ""
        self.list(name)
        self.say(_("Saved. Rerun it with:"), more=f" <code>{safe(command)}</code> {safe(more)}")

    def _is_own(self, name: str) -> bool:
        return name not in casebook.case(self.case).order

    def _rename(self) -> None:
        new = self.name.value.strip()
        casebook.rename_scenario(self.case, self.choice.value, new)
        self.list(new)
        self.say(_("It is now called “{name}”.").format(name=new))

    def _ask_to_delete(self) -> None:
        name = self.choice.value
        self._ask(_("Delete the scenario “{name}”?").format(name=name), lambda: self._delete(name))

    def _delete(self, name: str) -> None:
        casebook.delete_scenario(self.case, name)
        self.list(None)
        self.say(_("The scenario “{name}” is deleted.").format(name=name))

    def _start_report(self) -> None:
        task = asyncio.ensure_future(self._report())
        self._work.add(task)  # the event loop alone would let it be collected
        task.add_done_callback(self._work.discard)

    async def _report(self) -> None:
        self.say(_("The report is being made; this takes a few seconds."))
        try:
            file = await self.explorer.report(self.name.value.strip())
            link = download(_("Save the report"), Path(file).name, (own_folder() / file).read_bytes(), "text/html")
            self.say(_("The report is ready: {file}").format(file=file), more=f" {link}")
        except (OSError, UserError) as refusal:
            self.say(refusal, "alert")
        self.list(self.choice.value)

"""A rubric to mark oneself by, as practice and the mock exam show it below the model answer."""

from collections.abc import Sequence

import ipywidgets as w

from crmlib.core.i18n import _
from crmlib.exams.paper import Mark
from crmlib.items import prose
from crmlib.learning.fields import Options, asked, heading


class Rubric(w.VBox):  # type: ignore[misc]
    """A rubric to mark oneself by: for each criterion its levels as options.

    Args:
        marks: what earns how many points, in some language.
    """

    def __init__(self, marks: Sequence[Mark]):
        self._said = [w.HTML() for _mark in marks]
        self._levels = [Options(f"crm-{said.model_id}") for said in self._said]
        self._title = w.HTML()
        pairs = zip(self._said, self._levels, strict=True)
        super().__init__([self._title, *(one for pair in pairs for one in pair)])
        self.show(marks)

    def show(self, marks: Sequence[Mark]) -> None:
        """Show the rubric in the language now spoken; the levels chosen stay."""
        self._title.value = heading(_("Mark yourself by the rubric")).value
        self._points = [[points for points, _text in levels(mark)] for mark in marks]
        for mark, said, field in zip(marks, self._said, self._levels, strict=True):
            text = _("{text} (at most {points:g})").format(text=mark.text, points=mark.points)
            said.value = asked(prose.html(text), field.question)
            field.offer([f"{points:g}  {text}".rstrip() for points, text in levels(mark)], field.value)

    def choose(self, places: Sequence[int]) -> None:
        """Choose a level for each criterion, by position; what was chosen in another rubric is left out."""
        if len(places) == len(self._levels) and all(
            0 <= n < len(one) for n, one in zip(places, self._points, strict=True)
        ):
            for field, place in zip(self._levels, places, strict=True):
                field.value = place

    def chosen(self) -> list[int]:
        """Return the positions of the levels chosen."""
        return [field.value for field in self._levels if field.value is not None]

    def earned(self) -> float | None:
        """Return the points given, or None while a criterion has none."""
        places = [field.value for field in self._levels if field.value is not None]
        if len(places) < len(self._levels):
            return None
        return sum((points[place] for points, place in zip(self._points, places, strict=True)), 0.0)

    def close_marks(self) -> None:
        """Take no further marks."""
        for field in self._levels:
            field.disabled = True

    def focus(self) -> None:
        """Put the keyboard's focus on the first criterion."""
        self._levels[0].focus()


def levels(mark: Mark) -> list[tuple[float, str]]:
    """Return what earns how much of a criterion, the most first; whole points where no levels are written."""
    found = list(mark.levels) or [(float(points), "") for points in range(int(mark.points), -1, -1)]
    return found if any(not points for points, _text in found) else [*found, (0.0, _("missing"))]

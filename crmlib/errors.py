"""What is said when the user's input cannot be used: one clear sentence a problem, never a traceback."""

from collections.abc import Iterable

from crmlib.i18n import _


class UserError(Exception):
    """Input that the user can mend.

    Args:
        problems: one translated sentence each: what is wrong, where, and what to do.
    """

    def __init__(self, problems: str | Iterable[str]):
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))

    def _render_traceback_(self) -> list[str]:
        """Show the sentences alone in a notebook (IPython calls this in place of a traceback)."""
        return self.problems


class InputError(UserError):
    """Inputs of a study that its declaration refuses. ``fields`` maps a field's name to the sentence about it."""

    def __init__(self, fields: dict[str, str]):
        self.fields = fields
        super().__init__(fields.values())


class DataError(UserError):
    """A data file that cannot be read or does not fit its dictionary."""


def missing_extra(what: str, extra: str) -> UserError:
    """Return the refusal of what needs an extra that is not installed."""
    said = _('{what} needs the extra “{extra}”: run “python3 work.py setup --all”, or pip install ".[{extra}]".')
    return UserError(said.format(what=what, extra=extra))

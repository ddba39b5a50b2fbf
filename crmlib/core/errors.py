"""What is said when the user's input cannot be used: one clear sentence a problem, never a traceback."""

import errno
from collections.abc import Iterable

from crmlib.core.i18n import N_, _

REASONS = {
    errno.EACCES: N_("not allowed"),
    errno.EPERM: N_("not allowed"),
    errno.EROFS: N_("the disk is read-only"),
    errno.ENOSPC: N_("the disk is full"),
    errno.EDQUOT: N_("the disk is full"),
    errno.ENOENT: N_("no such file or folder"),
    errno.ENOTDIR: N_("a file stands where a folder is wanted"),
    errno.EEXIST: N_("a file stands where a folder is wanted"),
    errno.EISDIR: N_("it is a folder"),
    errno.ENAMETOOLONG: N_("the name is too long"),
}
"""What the system says in English only, whatever language is spoken; where a file is read or written."""


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


def reason(refusal: OSError) -> str:
    """Return why the system refuses a file, translated where it is one of the common reasons."""
    known = REASONS.get(refusal.errno or 0)
    return _(known) if known else str(refusal.strerror or refusal)

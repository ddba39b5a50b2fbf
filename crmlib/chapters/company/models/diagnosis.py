"""The diagnosis board of company XX: symptom, problem, cause, remedy, and what remedies leave untreated.

Problems, causes and remedies are those of the paper on company XX, said afresh; to which cause a symptom belongs, and
which remedies answer it, is partly said there and partly read into it by this workbook. “More software” is no remedy of
the paper: it stands among the choices because firms choose it first.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats
from crmlib.tables.data import categories

REMEDIES = ("phases", "joint", "top", "front", "personal", "culture")


class Remedies(Inputs):
    """What the company does."""

    software: bool = setting(
        True, N_("Buy more software"), help=N_("The usual first choice. No symptom of the board has it as its remedy.")
    )
    phases: bool = setting(False, N_("Go in phases"), help=N_("Planned and step by step, in place of all at once."))
    joint: bool = setting(
        False, N_("A joint project team"), help=N_("Managers, users, technicians and the supplier design it together.")
    )
    top: bool = setting(False, N_("Top managers lead"), help=N_("A steering committee, and time for what pays late."))
    front: bool = setting(
        False, N_("Help the front line first"), help=N_("The system serves those who serve customers, then managers.")
    )
    personal: bool = setting(
        False, N_("Room for personal service"), help=N_("Fewer mechanical rules for the managers of customers.")
    )
    culture: bool = setting(
        False, N_("A customer-centred culture"), help=N_("Customers belong to the firm, and data are worth the work.")
    )

    enough: int = setting(
        100,
        N_("A symptom counts as treated from"),
        low=50,
        high=100,
        step=50,
        unit=N_("% of its remedies"),
        help=N_("Two remedies that belong together: are both needed, or is one enough?"),
    )

    def remarks(self) -> list[str]:
        """Say that more software changes nothing on the board, and what does nothing without a remedy."""
        said = []
        if self.software:
            said.append(_("“{software}” treats no symptom of the board: it costs money and is not among the causes."))
        if not any(getattr(self, name) for name in REMEDIES):
            said.append(_("No remedy of the board is taken: “{enough}” changes nothing."))
        names = {"software": _("Buy more software"), "enough": _("A symptom counts as treated from")}
        return [sentence.format(**names) for sentence in said]


@dataclass(frozen=True)
class Board:
    """The symptoms. ``needs``: symptoms × REMEDIES."""

    frame: pd.DataFrame
    needs: Bools


@dataclass(frozen=True)
class Diagnosis:
    """What :func:`diagnose` returns: which of the remedies needed are taken, symptoms × REMEDIES."""

    board: Board
    chosen: Remedies
    taken: Bools

    @property
    def share(self) -> Floats:
        """Of the remedies that each symptom needs, the share taken (%)."""
        return np.asarray(100 * self.taken.sum(axis=1) / self.board.needs.sum(axis=1))


def prepare(diagnosis: pd.DataFrame) -> Board:
    """Return the board with the remedies that each symptom needs.

    Raises:
        DataError: there is no symptom.
    """
    if not len(diagnosis):
        raise DataError(_("There is no symptom on the board."))
    needs = np.column_stack([(diagnosis["remedy"] == name) | (diagnosis["also"] == name) for name in REMEDIES])
    return Board(diagnosis, needs.astype(bool))


def diagnose(board: Board, chosen: Remedies) -> Diagnosis:
    """Say which of the remedies needed are taken."""
    return Diagnosis(board, chosen, board.needs & np.array([getattr(chosen, name) for name in REMEDIES]))


def treated(share: Floats, enough: float = 100) -> tuple[int, int, int]:
    """Return how many symptoms are treated, treated in part, and not at all.

    Args:
        share: of the remedies that each symptom needs, those taken (%).
        enough: share from which a symptom counts as treated.

    >>> treated(np.array([100.0, 0, 50]))
    (1, 1, 1)
    """
    return int((share >= enough).sum()), int(((share > 0) & (share < enough)).sum()), int((share == 0).sum())


def left(d: Diagnosis) -> Bools:
    """Tell which symptoms are not treated."""
    return np.asarray(d.share < d.chosen.enough)


def reach(board: Board) -> pd.DataFrame:
    """Return for each remedy how many symptoms need it, and how many it treats by itself; index its name."""
    alone = board.needs & (board.needs.sum(axis=1) == 1)[:, None]
    columns = {"needed": board.needs.sum(axis=0), "alone": alone.sum(axis=0)}
    return pd.DataFrame(columns, index=pd.Index(REMEDIES, name="remedy"))


def headline(d: Diagnosis) -> dict[str, float]:
    """Return the headline figures; see :data:`STUDY` for their names and units."""
    done, part, none = treated(d.share, d.chosen.enough)
    open_ = left(d)
    causes = d.board.frame["cause"].to_numpy(object)
    return {
        "treated": float(done),
        "in_part": float(part),
        "untreated": float(none),
        "causes": float(len({cause for cause, still in zip(causes, open_, strict=True) if still})),
    }


def listing(d: Diagnosis) -> pd.DataFrame:
    """List the symptoms with problem, cause, remedies and whether all of these are taken; index the number."""
    columns = ["symptom_id", "problem", "cause", "remedy", "also", "section"]
    return d.board.frame[columns].assign(treated=~left(d)).set_index("symptom_id")


def named(column: str, code: object) -> str:
    """Return a code of the table as a reader sees it; a dash where there is none."""
    return "–" if pd.isna(code) else str(categories("crm_diagnosis", column)[str(code)])  # type: ignore[call-overload]


STUDY = Study(
    name="crm_diagnosis",
    title=N_("The diagnosis board"),
    datasets=("crm_diagnosis",),
    inputs=Remedies,
    prepare=prepare,
    run=diagnose,
    headline=headline,
    listing=listing,
    measures={
        "treated": Measure(N_("Symptoms treated"), N_("symptoms")),
        "in_part": Measure(N_("Treated in part"), N_("symptoms")),
        "untreated": Measure(N_("Not treated at all"), N_("symptoms")),
        "causes": Measure(N_("Causes still at work"), N_("causes")),
    },
    textbook={"phases": True, "joint": True, "front": True, "culture": True},
    first=("software", "phases", "joint", "front", "culture"),
)

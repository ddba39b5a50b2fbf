"""The inputs of ageing, provision and collection, and the bands of age."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import numpy as np

from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.formulas.arrays import Floats

BAND_ENDS = np.array([0.0, 30, 60, 90, 180])
"""Last day of each band of age but the oldest."""
BANDS = ("≤ 0", "1–30", "31–60", "61–90", "91–180", "> 180")
"""Days past due; the first band is not due yet."""
PROVISION, QUEUE, LINE = N_("Provision"), N_("Collection calls"), N_("Warning line and DSO")


class AgeingRule(Inputs):
    """How receivables are aged, provided for and collected."""

    age_from: Literal["due", "issued"] = setting(
        "due",
        N_("Age is counted from"),
        choices={"due": N_("the due date"), "issued": N_("the invoice date")},
    )
    assumed_days: float = setting(
        30,
        N_("Period of an invoice without due date"),
        low=0,
        high=120,
        step=5,
        unit=N_("days"),
        help=N_("Such invoices count as due so many days after they were issued."),
    )
    credit_notes: Literal["deduct", "apart"] = setting(
        "deduct",
        N_("Credit notes are"),
        choices={"deduct": N_("taken off the receivables"), "apart": N_("left apart")},
        help=N_("In the band of their own age. Advance payments are a liability and never taken off."),
    )
    rate_0: float = setting(0.5, N_("Provision: not due"), low=0, high=100, step=0.5, unit="%", group=PROVISION)
    rate_30: float = setting(2, N_("Provision: 1–30 days"), low=0, high=100, step=0.5, unit="%", group=PROVISION)
    rate_60: float = setting(5, N_("Provision: 31–60 days"), low=0, high=100, step=0.5, unit="%", group=PROVISION)
    rate_90: float = setting(10, N_("Provision: 61–90 days"), low=0, high=100, step=0.5, unit="%", group=PROVISION)
    rate_180: float = setting(30, N_("Provision: 91–180 days"), low=0, high=100, step=0.5, unit="%", group=PROVISION)
    rate_older: float = setting(
        60,
        N_("Provision: more than 180 days"),
        low=0,
        high=100,
        step=0.5,
        unit="%",
        group=PROVISION,
        help=N_("Older receivables never need less provision than younger ones."),
    )
    assets: float = setting(
        15000, N_("Total assets of the firm"), low=1000, high=100000, step=500, unit=N_("10,000 yuan"), group=LINE
    )
    warning_line: float = setting(
        30,
        N_("Warning line: receivables over assets"),
        low=1,
        high=100,
        step=1,
        unit="%",
        group=LINE,
        help=N_("The source's own figure is lost; this one is only a starting point."),
    )
    dso_months: Literal["1", "3", "12"] = setting(
        "3",
        N_("DSO from the sales of the last"),
        group=LINE,
        choices={"1": N_("month"), "3": N_("three months"), "12": N_("twelve months")},
    )
    calls: int = setting(40, N_("Calls that can be made"), low=0, high=300, step=5, unit=N_("customers"), group=QUEUE)
    order: Literal["expected", "amount", "oldest"] = setting(
        "expected",
        N_("Whom to call first"),
        group=QUEUE,
        choices={
            "expected": N_("the most money per call"),
            "amount": N_("the most overdue"),
            "oldest": N_("the oldest debt"),
        },
    )
    brings: float = setting(
        40,
        N_("A call brings in, of debt 1–30 days overdue"),
        low=0,
        high=100,
        step=5,
        unit="%",
        group=QUEUE,
        help=N_("Teaching assumption."),
    )
    fades: float = setting(
        70,
        N_("Each older band brings, of the band before"),
        low=10,
        high=100,
        step=5,
        unit="%",
        group=QUEUE,
        help=N_("Teaching assumption: the older a debt, the less a call brings in."),
    )
    disputed: Literal["leave", "call"] = setting(
        "leave",
        N_("Disputed invoices"),
        group=QUEUE,
        choices={"leave": N_("are settled first, not dunned"), "call": N_("are dunned like the others")},
    )

    def rates(self) -> Floats:
        """Return the provision rates by band, shares."""
        names = ("rate_0", "rate_30", "rate_60", "rate_90", "rate_180", "rate_older")
        return np.array([getattr(self, name) for name in names]) / 100

    def uplift(self) -> Floats:
        """Return what share of the debt in each band a call brings in; nothing where it is not due."""
        fading = self.brings / 100 * (self.fades / 100) ** np.arange(len(BANDS) - 1)
        return np.concatenate([[0.0], fading])

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse provision rates that fall with age."""
        rates = [s for s in self.settings() if s.name.startswith("rate_")]
        for younger, older in pairwise(rates):
            if getattr(self, older.name) < getattr(self, younger.name):
                said = _("“{older}” must not be below “{younger}”.")
                yield older.name, said.format(older=_(older.label), younger=_(younger.label))

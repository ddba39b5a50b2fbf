"""What a credit limit goes by: method, caps, grades, ABC class and period. All shares are teaching assumptions."""

from collections.abc import Iterator
from typing import Literal

from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting

METHODS = {
    "parity": N_("parity of risk and return"),
    "working_capital": N_("share of net working capital"),
    "liquidation": N_("share of liquidation value"),
    "working_assets": N_("working-asset method"),
}
SHARES, GRADE, PERIOD = N_("Shares and caps"), N_("Grades"), N_("Period and overall limit")
CLASS = N_("ABC class")


class LimitRule(Inputs):
    """By which method a limit is set, what caps it, and how the period is reckoned."""

    method: Literal["parity", "working_capital", "liquidation", "working_assets", "smallest"] = setting(
        "parity",
        N_("Method"),
        choices={**METHODS, "smallest": N_("the smallest of the first three")},
    )
    margin: float = setting(
        15,
        N_("Contribution margin"),
        low=1,
        high=60,
        step=1,
        unit=N_("% of sales"),
        help=N_("Parity: a customer may owe no more than it brings in contribution in a year."),
    )
    capital_share: float = setting(
        20, N_("Share of net working capital"), low=0, high=100, step=1, unit="%", group=SHARES
    )
    liquidation_share: float = setting(
        15, N_("Share of liquidation value after debts"), low=0, high=100, step=1, unit="%", group=SHARES
    )
    stock_value: float = setting(
        50,
        N_("Stock and fixed assets bring in liquidation"),
        low=0,
        high=100,
        step=5,
        unit="%",
        group=SHARES,
        help=N_("Of their book value. Quick assets bring 90%."),
    )
    net_cap: float = setting(
        10,
        N_("Cap: share of net assets"),
        low=1,
        high=100,
        step=1,
        unit="%",
        group=SHARES,
        help=N_("Never above net assets, and usually a small part of them."),
    )
    current_cap: float = setting(
        10, N_("Cap: share of current assets"), low=1, high=100, step=1, unit="%", group=SHARES
    )
    by_class: bool = setting(
        False,
        N_("Limits by ABC class"),
        group=CLASS,
        help=N_("Class A goes by the method alone, without caps; class B has both caps; class C gets a part."),
    )
    class_a: float = setting(
        75, N_("Class A: share of sales up to"), low=1, high=98, step=1, unit=N_("% of all sales"), group=CLASS
    )
    class_b: float = setting(
        20,
        N_("Class B: share of sales after A"),
        low=1,
        high=98,
        step=1,
        unit=N_("% of all sales"),
        group=CLASS,
        help=N_("By yearly sales; the customer that crosses a line belongs to the class above it."),
    )
    class_c_part: float = setting(30, N_("Class C gets of its limit"), low=0, high=100, step=5, unit="%", group=CLASS)
    a_from: float = setting(80, N_("Grade A from"), low=0, high=100, step=1, unit=N_("points"), group=GRADE)
    b_from: float = setting(65, N_("Grade B from"), low=0, high=100, step=1, unit=N_("points"), group=GRADE)
    c_from: float = setting(
        50,
        N_("Grade C from"),
        low=0,
        high=100,
        step=1,
        unit=N_("points"),
        group=GRADE,
        help=N_("Below it, and without a score, is grade D: no credit."),
    )
    industry_dso: float = setting(50, N_("DSO of the industry"), low=5, high=180, step=1, unit=N_("days"), group=PERIOD)
    company_factor: float = setting(
        0.9,
        N_("Company factor"),
        low=0.2,
        high=2,
        step=0.05,
        group=PERIOD,
        help=N_("Below one if our own funds are short or we need not fight for sales."),
    )
    a_factor: float = setting(1.2, N_("Grade factor of A"), low=0, high=2, step=0.05, group=PERIOD)
    c_factor: float = setting(
        0.5,
        N_("Grade factor of C"),
        low=0,
        high=2,
        step=0.05,
        group=PERIOD,
        help=N_("That of B is 1. Teaching assumption."),
    )
    overall: float = setting(
        3000,
        N_("Overall limit of the firm"),
        low=100,
        high=20000,
        step=100,
        unit=N_("10,000 yuan"),
        group=PERIOD,
        help=N_(
            "From our own funds, sales policy, scale, stock and competition. Larger sums are cut down in proportion."
        ),
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse grades whose cut-offs do not fall, and classes that leave nothing for the last one."""
        named = {s.name: s.label for s in self.settings()}
        for upper, lower in (("a_from", "b_from"), ("b_from", "c_from")):
            if getattr(self, lower) >= getattr(self, upper):
                said = _("“{lower}” must be below “{upper}”.")
                yield lower, said.format(lower=_(named[lower]), upper=_(named[upper]))
        if self.class_a + self.class_b >= 100:
            said = _("“{a}” and “{b}” must leave something for class C: below 100% together.")
            a, b = (_(named[name]) for name in ("class_a", "class_b"))
            yield "class_b", said.format(a=a, b=b)

    def remarks(self) -> list[str]:
        """Say that the two sources disagree where limits go by class, and else which inputs change nothing."""
        if self.by_class:
            return [
                _("Class A has no cap here, as the chapter on managing customers says; the graduate paper caps all.")
            ]
        said = _("“{input}” changes nothing while limits do not go by ABC class.")
        idle = [s for s in self.settings() if s.name in ("class_b", "class_c_part")]
        return [said.format(input=_(s.label)) for s in idle if getattr(self, s.name) != s.default]

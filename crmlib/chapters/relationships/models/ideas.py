"""What the chapter on relationships teaches in words, as tables: concepts, contrasts, markets, bonds, types, steps.

Texts are msgids. Where the course review sheet and the literature differ, both stand here. The chapter says what the
workbook adds to the sheet: the societal marketing concept, the last contrast, and who speaks how often.
"""

from dataclasses import dataclass

from crmlib.core.i18n import N_


@dataclass(frozen=True)
class Ideas:
    """A table of knowledge: its column headings and its rows; the first cell names the row."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def names(self) -> tuple[str, ...]:
        """Return the first cell of each row."""
        return tuple(row[0] for row in self.rows)


CONCEPTS = Ideas(
    (N_("Concept"), N_("Date in the review sheet"), N_("Usual dating"), N_("Centre"), N_("Means"), N_("Profit from")),
    (
        (
            N_("production concept"),
            N_("early 19th to end of 20th century"),
            N_("late 19th century to the 1920s"),
            N_("what the factory can produce"),
            N_("more output, lower cost"),
            N_("volume sold"),
        ),
        (
            N_("product concept"),
            N_("early 19th to end of 20th century"),
            N_("beside the production concept, into the 1930s"),
            N_("the product itself"),
            N_("better and better quality"),
            N_("quality"),
        ),
        (
            N_("selling concept"),
            N_("early 20th century"),
            N_("1930s to 1950s"),
            N_("what has been made and must be sold"),
            N_("salespeople, advertising, persuasion"),
            N_("sales"),
        ),
        (
            N_("marketing concept"),
            N_("1950s"),
            N_("since the 1950s (Levitt 1960; Keith 1960)"),
            N_("the customer's needs"),
            N_("all departments working together"),
            N_("satisfied customers"),
        ),
        (
            N_("societal marketing concept"),
            N_("not listed"),
            N_("since the 1970s (Kotler 1972)"),
            N_("customer needs and the long-term good of society"),
            N_("profit, customers and society weighed together"),
            N_("satisfied customers, to the benefit of society"),
        ),
        (
            N_("relationship concept"),
            N_("no date given"),
            N_("since the 1980s (Berry 1983)"),
            N_("a lasting relationship with all parties"),
            N_("contact, service, trust"),
            N_("customers who stay, win–win"),
        ),
    ),
)

CONTRASTS = Ideas(
    (N_("Question"), N_("Transaction marketing"), N_("Relationship marketing")),
    (
        (N_("Focus"), N_("the single transaction"), N_("keeping the customer")),
        (N_("Service"), N_("expectations met within limits"), N_("a high level of service")),
        (N_("Contact"), N_("limited"), N_("close and frequent")),
        (N_("Markets"), N_("the customer market alone"), N_("six markets")),
        (N_("Aim"), N_("profit in the short term"), N_("harmony with all parties, win–win")),
        (
            N_("Measured by (added by this workbook)"),
            N_("market share"),
            N_("share of customer, customer lifetime value (CLV)"),
        ),
    ),
)

MARKETS = Ideas(
    (N_("Market"), N_("Who is in it"), N_("What the relationship brings")),
    (
        (N_("customer markets"), N_("buyers and users, present and possible"), N_("repeat purchases, growing share")),
        (
            N_("referral markets"),
            N_("customers and partners who recommend us"),
            N_("new customers who come with trust"),
        ),
        (N_("supplier markets"), N_("suppliers and partners upstream"), N_("quality, delivery, joint development")),
        (N_("recruitment markets"), N_("future employees, schools, agencies"), N_("people who can serve customers")),
        (N_("influence markets"), N_("authorities, banks, media, trade bodies"), N_("licences, credit, reputation")),
        (N_("internal markets"), N_("our own departments and employees"), N_("promises that are kept by everybody")),
    ),
)

BONDS = Ideas(
    (N_("Level"), N_("Bond"), N_("Means"), N_("How easily copied")),
    (
        (N_("level one: financial"), N_("money"), N_("discounts, rebates, points"), N_("at once")),
        (
            N_("level two: social"),
            N_("people"),
            N_("a contact who knows the customer, personal service, customer clubs"),
            N_("slowly, but it is lost when the person leaves"),
        ),
        (
            N_("level three: structural"),
            N_("ways of working"),
            N_("linked ordering and stock systems, joint development, built-in technology"),
            N_("hardly: leaving costs the customer too"),
        ),
    ),
)

DEFINITIONS = Ideas(
    (N_("Type"), N_("After the sale the firm …"), N_("Who speaks first")),
    (
        (N_("basic"), N_("has no more contact with the customer"), N_("nobody")),
        (N_("reactive"), N_("asks the customer to report questions and problems"), N_("the customer")),
        (N_("accountable"), N_("calls soon afterwards and asks for faults and ideas"), N_("the firm, once")),
        (N_("proactive"), N_("keeps calling with improvements and news of new products"), N_("the firm, regularly")),
        (N_("partnership"), N_("works with the customer all the time for its success"), N_("both, all the time")),
    ),
)

STEPS = Ideas(
    (N_("Step"), N_("What is done"), N_("What shows that it was done")),
    (
        (
            N_("1 pick partners"),
            N_("the five to ten largest first, then those whose business grows unexpectedly; profit today and outlook"),
            N_("a list with a reason for each name"),
        ),
        (
            N_("2 appoint relationship managers"),
            N_("a relationship manager for each, with one or a few customers, and a chief above them"),
            N_("a name, duties and criteria for each account"),
        ),
        (
            N_("3 plan"),
            N_("long-term and yearly plans: aims, strategy, actions, resources"),
            N_("a year's plan with hours and dates"),
        ),
        (
            N_("4 feedback and tracking"),
            N_("follow the customer's attitude, needs and changes in the relationship"),
            N_("a report that changes the next plan"),
        ),
    ),
)

PRINCIPLES = Ideas(
    (N_("Principle"), N_("For a supplier of seals")),
    (
        (
            N_("warmth"),
            N_("know the customer's people and plant; invest in the personal relationship, not only in machines"),
        ),
        (
            N_("convenience and choice"),
            N_("three ways to order, mixed sizes in a box, delivery while the line is stopped"),
        ),
        (N_("personal service"), N_("a file for each pump and a proposal that fits it")),
        (N_("fast response"), N_("an answer the same day, a spare seal before the next shift")),
    ),
)

TECHNIQUES = Ideas(
    (N_("Technique"), N_("Why it works"), N_("Where it goes wrong")),
    (
        (
            N_("introduction by an acquaintance"),
            N_("it shortens the way from stranger to trust"),
            N_("when it replaces the offer, or the acquaintance is paid in secret"),
        ),
        (
            N_("repeated visits"),
            N_("familiarity grows with each meeting"),
            N_("when visits are of no use to the customer and go on after a refusal"),
        ),
        (
            N_("personal character"),
            N_("people buy from those who keep their word"),
            N_("when it is a show: promises that production cannot keep"),
        ),
        (
            N_("small favours"),
            N_("a kindness invites another"),
            N_(
                "when a person receives it in secret in exchange for a decision: that is bribery, whatever it is called"
            ),
        ),
        (
            N_("common language"),
            N_("people like those who share something with them"),
            N_("when private details are collected without consent, or interests are faked"),
        ),
    ),
)

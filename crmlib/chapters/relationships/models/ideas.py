"""What the chapter on relationships teaches in words, as tables: concepts, contrasts, markets, bonds, types, steps.

Texts are msgids. Where the course sheet and the literature differ, both stand here.
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
    (N_("Concept"), N_("The sheet's date"), N_("Usual dating"), N_("Centre"), N_("Means"), N_("Profit from")),
    (
        (
            N_("production concept"),
            N_("early 19th to end of 20th century"),
            N_("late 19th century to the 1920s"),
            N_("what the factory can turn out"),
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
            N_("what the customer needs"),
            N_("all departments working together"),
            N_("satisfied customers"),
        ),
        (
            N_("relationship concept"),
            N_("no date given"),
            N_("since the 1980s (Berry 1983)"),
            N_("a lasting relation with all parties"),
            N_("contact, service, trust"),
            N_("customers who stay, a gain on both sides"),
        ),
    ),
)

CONTRASTS = Ideas(
    (N_("Question"), N_("Transaction marketing"), N_("Relationship marketing")),
    (
        (N_("What is looked at"), N_("the single deal"), N_("keeping the customer")),
        (N_("Service"), N_("expectations met within limits"), N_("a high level of service")),
        (N_("Contact"), N_("limited"), N_("close and frequent")),
        (N_("Markets"), N_("the customer market alone"), N_("six markets")),
        (N_("Aim"), N_("profit in the short term"), N_("harmony with all parties, a gain on both sides")),
        (N_("Measured by"), N_("share of the market"), N_("share of the customer, lifetime value")),
    ),
)

MARKETS = Ideas(
    (N_("Market"), N_("Who is in it"), N_("What the relation brings")),
    (
        (N_("customer market"), N_("buyers and users, present and possible"), N_("repeat purchases, growing share")),
        (N_("referral market"), N_("customers and partners who recommend us"), N_("new customers who come with trust")),
        (N_("supplier market"), N_("suppliers and partners upstream"), N_("quality, delivery, joint development")),
        (N_("recruitment market"), N_("future employees, schools, agencies"), N_("people who can serve customers")),
        (N_("influence market"), N_("authorities, banks, media, trade bodies"), N_("licences, credit, a good name")),
        (N_("internal market"), N_("our own departments and employees"), N_("promises that are kept by everybody")),
    ),
)

BONDS = Ideas(
    (N_("Level of the relation"), N_("Bond"), N_("Means"), N_("How easily copied")),
    (
        (N_("financial level"), N_("money"), N_("discounts, rebates, points"), N_("at once")),
        (
            N_("social level"),
            N_("people"),
            N_("a contact who knows the customer, personal service, customer clubs"),
            N_("slowly, but it leaves with the person"),
        ),
        (
            N_("structural level"),
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
        (N_("reactive"), N_("asks to be called if there is a question or a problem"), N_("the customer")),
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
            N_("the five to ten largest first, then those that grow unusually; profit today and outlook"),
            N_("a list with a reason for each name"),
        ),
        (
            N_("2 appoint managers"),
            N_("a relationship manager for each, with one or a few customers, and a chief above them"),
            N_("a name, duties and yardsticks for each account"),
        ),
        (
            N_("3 plan"),
            N_("long-term and yearly plans: aims, strategy, actions, resources"),
            N_("a year's plan with hours and dates"),
        ),
        (
            N_("4 feedback and tracking"),
            N_("follow the customer's attitude, its needs and changes in the relation"),
            N_("a report that changes the next plan"),
        ),
    ),
)

PRINCIPLES = Ideas(
    (N_("Principle"), N_("For a supplier of seals")),
    (
        (N_("warmth"), N_("know the customer's people and plant; invest in feeling, not only in machines")),
        (N_("convenience and choice"), N_("order in three ways, mix sizes in a box, deliver when the line stands")),
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
            N_("when the visit has no use for the customer and a no is not taken"),
        ),
        (
            N_("personal character"),
            N_("people buy from those who keep their word"),
            N_("when it is played: promises that production cannot keep"),
        ),
        (
            N_("small favours"),
            N_("a kindness invites another"),
            N_("when it buys a decision: that is bribery, whatever the amount is called"),
        ),
        (
            N_("common language"),
            N_("people like those who share something with them"),
            N_("when private details are collected without leave, or interests are faked"),
        ),
    ),
)

"""What the chapter on relationships teaches in words, as tables: concepts, contrasts, markets, bonds, types, steps.

Texts are msgids. Where the course sheet and the literature differ, both stand here. The
examples are the workbook's own; in them stand ``{goods}``, what is made of ``{material}`` and bought by ``{buyers}``.
"""

from dataclasses import dataclass

from crmlib.i18n import N_


@dataclass(frozen=True)
class Ideas:
    """A table of knowledge: its column headings, its rows (the first cell names the row), and examples of each row.

    ``examples`` are ``(text, row)`` pairs for exercises.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    examples: tuple[tuple[str, int], ...] = ()

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
    (
        (N_("Build another line and the unit cost falls by a fifth; cheap {goods} sell themselves."), 0),
        (N_("One size of {goods}, one colour, day and night: whoever turns out most wins the market."), 0),
        (N_("The {buyers} take whatever they can get; all our money goes into turning out more {goods}."), 0),
        (N_("Our {goods} last longer than anybody needs, so customers will come by themselves."), 1),
        (N_("The engineers have improved the {goods} again; nobody has asked the {buyers} what they lack."), 1),
        (N_("Put everything into still better {goods}: quality like ours needs no market research."), 1),
        (N_("The warehouse is full of {goods}: send more salespeople out and double the advertising."), 2),
        (N_("We make what we make; it is your job to talk the {buyers} into it."), 2),
        (N_("First the year's output of {goods} is fixed; then sales gets rid of it, with pressure if need be."), 2),
        (N_("First find out what the {buyers} need, then decide which {goods} to make."), 3),
        (N_("Purchasing, production and sales all start from one study of what the {buyers} need."), 3),
        (N_("If the {buyers} need other {goods} than ours, we change the {goods} and not the advertising."), 3),
        (N_("We plan the next five years together with the {buyers} and share with them what is saved."), 4),
        (N_("Delivery is where the work begins: the {buyers} are to stay with us, and both sides are to gain."), 4),
        (N_("With {buyers}, suppliers and our own staff we build ties for years; no single order decides."), 4),
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
    (
        (N_("Long-standing {buyers} order {goods} from it every quarter."), 0),
        (N_("A newly founded firm has just placed its first order of {goods} for its own use."), 0),
        (N_("There are {buyers} that use the {goods} of a rival and might change over to it."), 0),
        (N_("A consulting engineer names its {goods} to every client."), 1),
        (N_("Some {buyers} are so satisfied that they bring others of their trade to it."), 1),
        (N_("A firm that does not buy from it recommends its {goods} in a handbook for {buyers}."), 1),
        (N_("It buys its {material} from a works in the next town."), 2),
        (N_("Together with a partner upstream it develops a new kind of {material}."), 2),
        (N_("A wholesaler keeps {material} in stock for it."), 2),
        (N_("It would like to hire the graduates of a technical college."), 3),
        (N_("Experienced service engineers of other firms may apply for a job with it."), 3),
        (N_("An agency looks for new salespeople on its behalf."), 3),
        (N_("An office sets the safety standard for {goods}."), 4),
        (N_("A bank decides on its credit line."), 4),
        (N_("The trade press reports on tests of {goods}."), 4),
        (N_("Its salespeople promise dates that its warehouse has to keep."), 5),
        (N_("Its accounting department writes to {buyers} as well."), 5),
        (N_("Its workshop staff hear from its salespeople what has been promised to {buyers}."), 5),
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
    (
        (N_("Whoever buys more {goods} than last year gets 2% back at the year's end."), 0),
        (N_("Every order earns points that can be exchanged for {goods}."), 0),
        (N_("The {buyers} that pay within ten days may take a cash discount."), 0),
        (N_("Whoever orders a full pallet of {goods} pays less for each piece."), 0),
        (N_("The same engineer has looked after the customer for six years and knows everybody there."), 1),
        (N_("Twice a year {buyers} meet at our works and exchange what they have learnt."), 1),
        (N_("Our adviser knows the people at each customer by name and asks how the {goods} serve them."), 1),
        (N_("Our users' club for {buyers} has regular evenings at which members get to know one another."), 1),
        (N_("Our stock system reorders {goods} by itself when the customer's shelf runs low."), 2),
        (N_("Our engineers work in the customer's design office on its next product."), 2),
        (N_("The customer plans on software of ours that is linked to its own accounts."), 2),
        (N_("The customer's plant and its staff's training are built around our {goods} and their data."), 2),
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
    (
        (N_("The {goods} are paid for and delivered, and nobody ever calls."), 0),
        (N_("Once the {goods} are handed over the file is closed: no number to ring, no visit."), 0),
        (N_("After paying for the {goods} the buyer never hears from the firm again."), 0),
        (N_("A card in the box says: if anything is wrong with the {goods}, ring this number."), 1),
        (N_("On delivery the salesperson says: call us if you have questions. Then the firm waits."), 1),
        (N_("There is a hotline for {goods}: what buyers report is dealt with, but nobody rings them."), 1),
        (N_("A week after delivery the salesperson rings once and asks whether the {goods} are right."), 2),
        (N_("Soon after the sale the firm asks, this one time, for faults of the {goods} and for ideas."), 2),
        (N_("After the first use of the {goods} the buyer gets one call: what is lacking, what could be better?"), 2),
        (N_("Every quarter the salesperson brings suggestions and samples of new {goods}."), 3),
        (N_("Month after month the firm calls with hints for using the {goods} better and with news."), 3),
        (N_("Year in, year out the buyer hears from the firm of each improvement of the {goods}."), 3),
        (N_("The firm's engineer sits in the customer's weekly meeting to bring its costs down."), 4),
        (N_("A joint team works all the year on the customer's own success, beyond the {goods}."), 4),
        (N_("Side by side with the customer the firm solves its problems, even where the {goods} play no part."), 4),
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

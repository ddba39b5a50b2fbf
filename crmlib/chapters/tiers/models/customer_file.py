"""The customer file: how complete a customer's card is, how fresh, and whether it can be used.

The four kinds of data and the four principles (keep it up to date, stress key customers, use it flexibly, one person in
charge) are those of the chapter on managing customers. That chapter gives no measure: completeness, freshness, the days
after which a field is stale and the lines a card must reach are teaching assumptions, each an input.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting, weights_remark
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Bools, Floats, Ints, ratio

KINDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "basic": (N_("basic data"), ("contact", "owner", "people", "started")),
    "characteristics": (N_("characteristics"), ("area", "selling_power", "potential", "ideas")),
    "business": (N_("business data"), ("sales", "market_share", "competitiveness", "relation")),
    "transactions": (N_("transactions"), ("problems", "strategy", "reputation", "finances")),
}
"""The four kinds of data and the fields of each; their names stand in the data dictionary."""
FIELDS = tuple(field for _name, fields in KINDS.values() for field in fields)
KIND_OF = np.repeat(np.arange(len(KINDS)), [len(fields) for _name, fields in KINDS.values()])
FAULTS = {
    "incomplete": N_("incomplete"),
    "stale": N_("out of date"),
    "nobody": N_("nobody in charge"),
    "several": N_("several in charge"),
}
"""What can be wrong with a card; one card may have several faults."""
DUST = 1e-9


class FileRule(Inputs):
    """Which fields count, after how many days they are stale, and what a card must reach to be used."""

    days_later: int = setting(
        0,
        N_("Days after the latest entry"),
        low=0,
        high=720,
        step=10,
        unit=N_("days"),
        help=N_(
            "The as-of date is that of the latest entry in all cards, so many days later. Nobody updates in between."
        ),
    )
    basic_days: int = setting(730, N_("Basic data are fresh for"), low=10, high=1460, step=10, unit=N_("days"))
    characteristics_days: int = setting(
        370, N_("Characteristics are fresh for"), low=10, high=1460, step=10, unit=N_("days")
    )
    business_days: int = setting(180, N_("Business data are fresh for"), low=10, high=1460, step=10, unit=N_("days"))
    transactions_days: int = setting(
        90,
        N_("Transactions are fresh for"),
        low=10,
        high=1460,
        step=10,
        unit=N_("days"),
        help=N_("A field confirmed exactly so many days ago is still fresh."),
    )
    key_share: float = setting(
        100,
        N_("Key customers: of these days"),
        low=10,
        high=100,
        step=5,
        unit="%",
        help=N_("Below 100%, the cards of key customers must be confirmed more often."),
    )
    basic_weight: float = setting(0.25, N_("Weight of basic data"), low=0, high=1, step=0.05)
    characteristics_weight: float = setting(0.25, N_("Weight of characteristics"), low=0, high=1, step=0.05)
    business_weight: float = setting(0.25, N_("Weight of business data"), low=0, high=1, step=0.05)
    transactions_weight: float = setting(
        0.25,
        N_("Weight of transactions"),
        low=0,
        high=1,
        step=0.05,
        help=N_("A kind of data of weight zero does not count. The four weights are divided by their sum."),
    )
    complete_from: float = setting(75, N_("A card is complete from"), low=0, high=100, step=5, unit="%")
    fresh_from: float = setting(60, N_("A card is up to date from"), low=0, high=100, step=5, unit="%")
    one_in_charge: bool = setting(
        True,
        N_("Exactly one person must be in charge"),
        help=N_("Where several are in charge, nobody feels responsible."),
    )

    def raw_weights(self) -> Floats:
        """Return the weights of the four kinds of data as given."""
        return np.array(
            [self.basic_weight, self.characteristics_weight, self.business_weight, self.transactions_weight]
        )

    def weights(self) -> Floats:
        """Return the weights of the four kinds of data divided by their sum."""
        return np.asarray(self.raw_weights() / self.raw_weights().sum())

    def limits(self) -> Floats:
        """Return for how many days each kind of data is fresh."""
        return np.array([self.basic_days, self.characteristics_days, self.business_days, self.transactions_days], float)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Refuse weights that are all zero."""
        if not self.raw_weights().any():
            yield "transactions_weight", _("All four weights are zero. Give at least one kind of data a weight.")

    def remarks(self) -> list[str]:
        """Say so when the weights were divided by their sum."""
        return weights_remark(self.raw_weights().sum(), [name for name, _fields in KINDS.values()], self.weights())


@dataclass(frozen=True)
class Files:
    """The cards: what does not depend on a rule."""

    latest: pd.Timestamp  # date of the latest entry in all cards
    firms: pd.DataFrame  # index firm_id; names where there are any
    key: Bools
    in_charge: Ints
    age: Floats  # cards × fields: days from the entry to the latest one, nan where nothing is filled in


@dataclass(frozen=True)
class Reviewed:
    """What :func:`review` returns; arrays run over the cards."""

    files: Files
    rule: FileRule
    age: Floats  # cards × fields, days at the as-of date, nan where nothing is filled in
    fresh: Bools  # cards × fields
    completeness: Floats  # %
    freshness: Floats  # % of what is filled in
    faults: Bools  # cards × FAULTS


def prepare(files: pd.DataFrame) -> Files:
    """Return the cards with the age of each entry.

    Raises:
        DataError: no field of any card is filled in.
    """
    cards = files.sort_values("firm_id")
    dates = np.column_stack([cards[field].to_numpy("datetime64[D]") for field in FIELDS])
    if np.isnat(dates).all():
        raise DataError(_("No field of any card has a date: there is nothing to review."))
    latest = np.nanmax(dates)
    age = np.where(np.isnat(dates), np.nan, (latest - dates).astype("timedelta64[D]").astype(float))
    names = [column for column in ("firm_name", "firm_name_en") if column in cards]
    return Files(
        pd.Timestamp(latest),
        cards.set_index("firm_id")[names],
        (cards["level"] == "key").to_numpy(bool),
        cards["in_charge"].to_numpy(np.int64),
        age,
    )


def review(files: Files, rule: FileRule) -> Reviewed:
    """Score every card and say what is wrong with it.

    Convention: a card's figures are rounded to one decimal; a figure equal to its line reaches it. A card of which
    nothing that counts is filled in has a freshness of zero.
    """
    age = files.age + rule.days_later
    limit = rule.limits()[KIND_OF] * np.where(files.key, rule.key_share / 100, 1.0)[:, None]
    fresh = age <= limit + DUST
    completeness, freshness = scores(~np.isnan(age), fresh, rule.weights())
    faults = np.column_stack(
        [
            completeness < rule.complete_from,
            freshness < rule.fresh_from,
            (files.in_charge == 0) & rule.one_in_charge,
            (files.in_charge > 1) & rule.one_in_charge,
        ]
    )
    return Reviewed(files, rule, age, fresh, completeness, freshness, faults)


def scores(filled: Bools, fresh: Bools, weights: Floats) -> tuple[Floats, Floats]:
    """Return completeness and freshness of cards, both in %, rounded to one decimal.

    Completeness is the weighted mean, over the kinds of data, of the share of fields filled in. Freshness is the share
    of what is filled in that is fresh, weighted in the same way.

    Args:
        filled, fresh: cards × fields, in the order of :data:`FIELDS`; what is fresh is filled in.
        weights: of the four kinds of data, of sum one.

    >>> filled, fresh = np.arange(16)[None] < 12, np.arange(16)[None] < 6
    >>> [figure.tolist() for figure in scores(filled, fresh, np.full(4, 0.25))]
    [[75.0], [50.0]]
    """
    by_kind = [np.column_stack([of[:, k == KIND_OF].mean(axis=1) for k in range(len(KINDS))]) for of in (filled, fresh)]
    there, new = (shares @ weights for shares in by_kind)
    freshness = ratio(new, there, 0.0)
    return np.round(100 * there + DUST, 1), np.round(100 * freshness + DUST, 1)


def kind_table(r: Reviewed) -> pd.DataFrame:
    """Return for each kind of data the share of all its fields that is filled in, and that is fresh (%)."""
    filled = ~np.isnan(r.age)
    rows = {name: [100 * float(of[:, k == KIND_OF].mean()) for of in (filled, r.fresh)] for k, name in enumerate(KINDS)}
    return pd.DataFrame.from_dict(rows, orient="index", columns=["filled_pct", "fresh_pct"]).rename_axis("kind")


def fault_table(r: Reviewed) -> pd.DataFrame:
    """Return the number of cards that can be used, then of those with each fault; columns all and key customers."""
    usable = ~r.faults.any(axis=1)
    rows = np.column_stack([usable, r.faults])
    columns = {"all": rows.sum(axis=0), "key": rows[r.files.key].sum(axis=0)}
    return pd.DataFrame(columns, index=pd.Index(["usable", *FAULTS], name="state"))


def headline(r: Reviewed) -> dict[str, float]:
    """Return the headline figures of a review."""
    table, n, key = fault_table(r), len(r.files.key), int(r.files.key.sum())
    return {
        "usable": float(table["all"]["usable"]),
        "usable_pct": float(100 * table["all"]["usable"] / n),
        "key_unusable": float(key - table["key"]["usable"]),
        "incomplete": float(table["all"]["incomplete"]),
        "stale": float(table["all"]["stale"]),
        "not_one": float(table["all"]["nobody"] + table["all"]["several"]),
        "completeness": float(r.completeness.mean()),
        "freshness": float(r.freshness.mean()),
    }


def listing(r: Reviewed) -> pd.DataFrame:
    """List the cards that cannot be used: key customers first, then the worst; index the id, columns what is wrong."""
    bad = np.flatnonzero(r.faults.any(axis=1))
    said = [", ".join(name for name, wrong in zip(FAULTS, row, strict=True) if wrong) for row in r.faults]
    listed = r.files.firms.assign(
        key=r.files.key, completeness=r.completeness, freshness=r.freshness, in_charge=r.files.in_charge, faults=said
    )
    listed["score"] = r.completeness * r.freshness
    order = listed.iloc[bad].sort_values(["key", "score"], ascending=[False, True], kind="stable")
    return order.drop(columns="score")


STUDY = Study(
    name="customer_file",
    title=N_("Customer file"),
    datasets=("customer_files",),
    inputs=FileRule,
    prepare=prepare,
    run=review,
    headline=headline,
    listing=listing,
    measures={
        "usable": Measure(N_("Cards that can be used"), N_("cards")),
        "usable_pct": Measure(N_("Cards that can be used, share"), "%", 1),
        "key_unusable": Measure(N_("Key customers without a card that can be used"), N_("cards")),
        "incomplete": Measure(N_("Cards that are incomplete"), N_("cards")),
        "stale": Measure(N_("Cards that are out of date"), N_("cards")),
        "not_one": Measure(N_("Cards without exactly one person in charge"), N_("cards")),
        "completeness": Measure(N_("Completeness, mean of the cards"), "%", 1),
        "freshness": Measure(N_("Freshness, mean of the cards"), "%", 1),
    },
    first=("days_later", "business_days", "transactions_days", "complete_from", "fresh_from"),
)

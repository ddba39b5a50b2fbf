"""The CRM extract beside the books of finance: what can be told of each record before any rule is set.

A record is one line of the extract, a customer one line of the books. Two records are of one firm if they have the same
code, or the same name once spaces, capitals and the form of the company are taken off.
"""

import re
from dataclasses import dataclass
from unicodedata import normalize

import numpy as np
import pandas as pd

from crmlib.chapters.company.models.firm_names import cleaned, is_filler, is_test
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

FIELDS = {
    "customer_code": N_("customer code"),
    "phone": N_("telephone"),
    "people": N_("employees"),
    "need": N_("needs in a year"),
    "decides": N_("who decides"),
    "last_contact": N_("last contact"),
}
"""The fields that are audited, in the order of the extract."""
MOST_PEOPLE = 500_000


@dataclass(frozen=True)
class Records:
    """What does not depend on a rule. Arrays run over the records (n), those of ``left_*`` over customers without any.

    Attributes:
        people: the salespeople, sorted.
        seller: place of a record's salesperson in ``people``.
        missing, impossible: n × fields.
        age: days from the last update to the latest one in the extract.
        firms: for each way of matching, which firm a record is of: equal numbers, the same firm.
        test: typed to try the system; no firm at all.
        billed: of the record's customer in the year (10,000 yuan), 0 where finance does not know it.
        left_seller, left_billed: of customers in the books without a record.
    """

    frame: pd.DataFrame
    people: Labels
    seller: Ints
    missing: Bools
    impossible: Bools
    age: Floats
    firms: dict[str, Ints]
    test: Bools
    billed: Floats
    customer: Ints
    left: pd.DataFrame
    left_seller: Ints
    left_billed: Floats
    total_billed: float


def valid_phone(text: str) -> bool:
    """Tell whether a telephone number can be one: 11 digits that are not all alike.

    >>> valid_phone("13912345678"), valid_phone("11111111111"), valid_phone("13800")
    (True, False, False)
    """
    digits = re.sub(r"[\s\-+]", "", normalize("NFKC", text))
    return bool(re.fullmatch(r"\d{11}", digits)) and len(set(digits)) > 1


def groups(codes: Labels, names: Labels) -> Ints:
    """Return which firm each record is of, where the same code or the same name makes one firm.

    >>> groups(np.array(["K1", "", "K1"]), np.array(["a", "b", "b"])).tolist()
    [0, 0, 0]
    """
    found = np.arange(len(codes))
    while True:
        before = found.copy()
        for keys in (codes, names):
            known = np.array([bool(key) for key in keys])
            if known.any():
                place = pd.factorize(keys[known])[0]
                least = np.full(place.max() + 1, len(codes))
                np.minimum.at(least, place, found[known])
                found[known] = least[place]
        found = found[found]
        if (found == before).all():
            return found


def prepare(accounts: pd.DataFrame, customers: pd.DataFrame) -> Records:
    """Return the records beside the books.

    Raises:
        DataError: there is no record, or nothing was billed.
    """
    if not len(accounts):
        raise DataError(_("The extract has no record: there is nothing to audit."))
    if not customers["billed"].sum() > 0:
        raise DataError(_("Column {column}: no customer has sales above zero.").format(column="billed"))
    latest = accounts["updated"].max()
    codes = _texts(accounts["customer_code"])
    codes = np.where(_fillers(codes), "", codes).astype(object)
    names = np.array([cleaned(name) for name in accounts["firm_name"]], object)
    people = np.array(sorted({*accounts["salesperson"], *customers["salesperson"]}), object)
    place = {name: k for k, name in enumerate(people)}
    test = accounts["firm_name"].map(is_test).to_numpy(bool)
    customer = _customers(codes, names, customers)
    known = np.unique(customer[customer >= 0])
    left = customers.loc[~np.isin(np.arange(len(customers)), known)]
    billed = customers["billed"].to_numpy(float)
    empty = np.array([""] * len(accounts), object)
    return Records(
        accounts,
        people,
        accounts["salesperson"].map(place).to_numpy(np.int64),
        *_faults(accounts, codes, latest),
        (latest - accounts["updated"]).dt.days.to_numpy(float),
        {"code": groups(codes, empty), "name": groups(empty, names), "either": groups(codes, names)},
        test,
        np.where(customer >= 0, billed[customer], 0.0),
        customer,
        left,
        left["salesperson"].map(place).to_numpy(np.int64),
        left["billed"].to_numpy(float),
        float(billed.sum()),
    )


def _texts(column: "pd.Series[str]") -> Labels:
    """Return the cells of a column of text without blanks around them; nothing for an empty one."""
    return np.array(["" if pd.isna(cell) else str(cell).strip() for cell in column], object)


def _fillers(texts: Labels) -> Bools:
    return np.array([is_filler(text) for text in texts], bool)


def _customers(codes: Labels, names: Labels, customers: pd.DataFrame) -> Ints:
    """Return the place in the books of each record's customer, by code, else by name; −1 where there is none."""
    by_code = {code: k for k, code in enumerate(customers["customer_id"])}
    by_name = {cleaned(name): k for k, name in enumerate(customers["firm_name"])}
    found = [by_code.get(code, by_name.get(name, -1)) for code, name in zip(codes, names, strict=True)]
    return np.array(found, np.int64)


def _faults(accounts: pd.DataFrame, codes: Labels, latest: pd.Timestamp) -> tuple[Bools, Bools]:
    """Return which fields are missing and which hold what cannot be, n × fields."""
    phones, decides = _texts(accounts["phone"]), _texts(accounts["decides"])
    people, need = accounts["people"].astype("float64").to_numpy(), accounts["need"].to_numpy(float)
    contact = accounts["last_contact"]
    missing = {
        "customer_code": codes == "",
        "phone": _fillers(phones),
        "people": np.isnan(people),
        "need": np.isnan(need),
        "decides": decides == "",
        "last_contact": contact.isna().to_numpy(bool),
    }
    wrong = {
        "customer_code": np.zeros(len(accounts), bool),
        "phone": np.array([not valid_phone(text) for text in phones]) & ~missing["phone"],
        "people": (people < 1) | (people > MOST_PEOPLE),
        "need": need <= 0,
        "decides": np.zeros(len(accounts), bool),
        "last_contact": (contact > latest).to_numpy(bool),
    }
    return tuple(np.column_stack([of[name] for name in FIELDS]).astype(bool) for of in (missing, wrong))  # type: ignore[return-value]

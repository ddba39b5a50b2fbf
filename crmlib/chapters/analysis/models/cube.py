"""The sales cube, customer × product × month, added up once for all studies that read it.

Conventions, all said in the chapter: months run without a gap from the first to the last one named in either table, and
a month without a row has sales of zero; returns are negative and reduce sales in the month in which they come back; the
last year is the last twelve months, the year before the twelve before them. Money is in yuan, stock is valued at cost.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.formulas.arrays import Bools, Floats, Ints, Labels

KINDS = {
    "distributor": N_("distributors"),
    "retailer": N_("retailers"),
    "agent": N_("agents"),
    "end": N_("end customers"),
}
YEAR = 12
NAMED = 3
"""Rows that a sentence names."""


@dataclass(frozen=True)
class Cube:
    """The cube as sums; years run from the earliest whole one to the last.

    Attributes:
        months: year × 12 + month − 1, in a row.
        customers, customer_names: ids, and names in zh and en (customers × 2).
        kind: place in :data:`KINDS`.
        belongs: place of the customer of which this one is now a part; its own for all others.
        products, product_names: ids, and names in zh and en.
        renamed: place of the product that this one is now; its own for all others.
        quantity, sales, cost: kinds × products × months.
        bought: sales by customers × products × years.
        opening, closing, plan: products × months, nan where there is no row.
        promotion: products × months.
        purchases: customers × (year before, last year), yuan, nan where not known.
        target: share aimed at, 0–1, nan where none is.
        counted: what is unusual in the data, by name.
    """

    months: Ints
    customers: Labels
    customer_names: Labels
    kind: Ints
    belongs: Ints
    products: Labels
    product_names: Labels
    renamed: Ints
    quantity: Floats
    sales: Floats
    cost: Floats
    bought: Floats
    opening: Floats
    closing: Floats
    plan: Floats
    promotion: Bools
    purchases: Floats
    target: Floats
    counted: dict[str, int]

    def year(self, name: str) -> slice:
        """Return the months of the last year (``"last"``) or the year before it (``"before"``).

        Raises:
            DataError: the data do not reach so far back.
        """
        end = len(self.months) - (0 if name == "last" else YEAR)
        if end < YEAR:
            said = _("The data have {n} months; the year before needs 24 months in a row.")
            raise DataError(said.format(n=len(self.months)))
        return slice(end - YEAR, end)

    def sold(self, name: str, earlier: int = 0) -> Floats:
        """Return sales, customers × products, of a year as :meth:`year` names it, or of one so many years earlier.

        All are nan where the data begin later.
        """
        place = self.bought.shape[2] - (1 if name == "last" else 2) - earlier
        return self.bought[:, :, place] if place >= 0 else np.full(self.bought.shape[:2], np.nan)


def prepare(sales: pd.DataFrame, products: pd.DataFrame, customers: pd.DataFrame) -> Cube:
    """Check the three tables against one another and add the cube up.

    Args:
        sales: the columns of ``data/sales_cube.yaml``.
        products: the columns of ``data/product_months.yaml``.
        customers: the columns of ``data/customer_purchases.yaml``.

    Raises:
        DataError: there are fewer than twelve months, a row names an unknown product or customer, or a product is
            renamed (a customer merged) into one that there is not, or into itself by a detour.
    """
    when, listed = _month(sales["month"]), _month(products["month"])
    both = np.concatenate([when, listed])
    months = np.arange(both.min(), both.max() + 1) if len(both) else np.zeros(0, dtype=np.int64)
    if len(months) < YEAR:
        raise DataError(_("The data have {n} months; a year of twelve is needed.").format(n=len(months)))
    kept = products.drop_duplicates("product_id", keep="last").sort_values("product_id")
    what = _places(sales["product_id"], kept["product_id"], _("These products have no row of stock and plan: {names}."))
    who = _places(sales["customer_id"], customers["customer_id"], _("These customers are in no list: {names}."))
    kind = np.array([list(KINDS).index(name) for name in customers["kind"]], dtype=np.int64)
    shape = (len(KINDS), len(kept), len(months))
    code = (kind[who] * shape[1] + what) * shape[2] + (when - months[0])
    quantity, money, cost = (_added(code, sales[name], shape) for name in ("quantity", "sales", "cost"))
    opening, closing, plan, promotion = _monthly(products, kept["product_id"], listed - months[0], shape[1:])
    return Cube(
        months,
        customers["customer_id"].to_numpy(object),
        _names(customers, "customer"),
        kind,
        _follow(customers["customer_id"], _optional(customers, "merged_into")),
        kept["product_id"].to_numpy(object),
        _names(kept, "product"),
        _follow(kept["product_id"], _optional(kept, "renamed_to")),
        quantity,
        money,
        cost,
        _by_customer(sales, who, what, when - months[0], (len(customers), len(kept), len(months))),
        opening,
        closing,
        plan,
        np.nan_to_num(promotion) > 0,
        customers[["purchases_before", "purchases_last"]].to_numpy(float, na_value=np.nan),
        customers["target_share"].to_numpy(float, na_value=np.nan) / 100,
        _counted(sales, customers, kept, quantity),
    )


def _month(dates: pd.Series) -> Ints:
    return dates.to_numpy("datetime64[M]").astype(np.int64) + 1970 * YEAR


def label(month: int) -> str:
    """Return a month as text.

    >>> label(2025 * 12 + 5)
    '2025-06'
    """
    return f"{month // YEAR}-{month % YEAR + 1:02d}"


def _places(ids: pd.Series, known: pd.Series, said: str) -> Ints:
    code, names = pd.factorize(ids)
    place = pd.Index(known).get_indexer(pd.Index(names)).astype(np.int64)
    if (place < 0).any():
        lost = [str(name) for name in names[place < 0]]
        raise DataError(said.format(names=_(", ").join(lost[:NAMED]) + (" …" if len(lost) > NAMED else "")))
    return np.asarray(place[code] if len(code) else np.zeros(0, dtype=np.int64))


def _optional(table: pd.DataFrame, name: str) -> pd.Series:
    return table[name].fillna("") if name in table else pd.Series("", table.index)


def _follow(ids: pd.Series, to: pd.Series) -> Ints:
    """Return for each id the place of the one that it ends up as."""
    place = pd.Index(ids).get_indexer(pd.Index(to.where(to.ne(""), ids))).astype(np.int64)
    if (place < 0).any():
        said = _("Nothing has the number {name}, into which something was renamed or merged.")
        raise DataError(said.format(name=to.to_numpy(object)[place < 0][0]))
    end = place
    for _pass in range(len(place).bit_length()):  # each goes as far again as all before it
        end = end[end]
    if (place[end] != end).any():
        said = _("{name} was renamed or merged into itself; look at the column with the new numbers.")
        raise DataError(said.format(name=ids.to_numpy(object)[place[end] != end][0]))
    return np.asarray(end)


def _names(table: pd.DataFrame, column: str) -> Labels:
    own = table[column].astype(object)
    english = table[f"{column}_en"].astype(object) if f"{column}_en" in table else own
    return np.column_stack([own, english.where(english.notna() & english.ne(""), own)])


def _added(code: Ints, values: pd.Series, shape: tuple[int, ...]) -> Floats:
    total = np.bincount(code, values.to_numpy(float), int(np.prod(shape)))
    return np.asarray(total, dtype=float).reshape(shape)


def _by_customer(sales: pd.DataFrame, who: Ints, what: Ints, when: Ints, shape: tuple[int, int, int]) -> Floats:
    """Return sales by customer, product and whole year, counted back from the last month."""
    years = shape[2] // YEAR
    year = (when - (shape[2] - years * YEAR)) // YEAR
    inside = year >= 0
    code = ((who * shape[1] + what) * years + year)[inside]
    return _added(code, sales["sales"][inside], (shape[0], shape[1], years))


def _monthly(products: pd.DataFrame, ids: pd.Series, month: Ints, shape: tuple[int, int]) -> tuple[Floats, ...]:
    row = pd.Index(ids).get_indexer(pd.Index(products["product_id"]))
    found = []
    for name in ("opening_stock", "closing_stock", "plan", "promotion"):
        values = np.full(shape, np.nan)
        values[row, month] = products[name].to_numpy(float, na_value=np.nan)
        found.append(values)
    return tuple(found)


def _counted(sales: pd.DataFrame, customers: pd.DataFrame, products: pd.DataFrame, quantity: Floats) -> dict[str, int]:
    return {
        "rows": len(sales),
        "returns": int((sales["sales"] < 0).sum()),
        "merged": int(_optional(customers, "merged_into").ne("").sum()),
        "renamed": int(_optional(products, "renamed_to").ne("").sum()),
        "empty_months": int((quantity.sum(axis=(0, 1)) == 0).sum()),
    }


def chosen(name: str) -> list[int]:
    """Return the places in :data:`KINDS` of one kind of customer, or of all for ``"all"``.

    >>> chosen("retailer"), chosen("all")
    ([1], [0, 1, 2, 3])
    """
    return [place for place, kind in enumerate(KINDS) if name in ("all", kind)]


def fold(values: Floats, place: Ints, axis: int) -> Floats:
    """Return values with each slice added to that of its ``place``; slices that belong elsewhere become zero.

    >>> fold(np.array([1.0, 2.0, 4.0]), np.array([0, 2, 2]), 0).tolist()
    [1.0, 0.0, 6.0]
    """
    moved = np.moveaxis(values, axis, 0)
    total = np.zeros(moved.shape)
    np.add.at(total, place, moved)
    return np.moveaxis(total, 0, axis)


def fold_known(values: Floats, place: Ints) -> Floats:
    """Return :func:`fold` along the first axis, where nan adds nothing and stays where nothing is known."""
    known = fold((~np.isnan(values)).astype(float), place, 0)
    return np.where(known > 0, fold(np.nan_to_num(values), place, 0), np.nan)

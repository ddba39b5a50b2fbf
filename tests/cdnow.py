"""The CDNOW sample of the literature: 2,357 customers who first bought in early 1997, watched for 39 weeks.

It is not shipped with the workbook. It is read from the files of the package ``lifetimes``, which is not imported: its
own reader needs a part of setuptools that there no longer is.
"""

from functools import cache
from importlib.metadata import distribution

import pandas as pd

END = pd.Timestamp("1997-09-30")
"""The last day of the 39 weeks."""


@cache
def customers() -> pd.DataFrame:
    """Return x, t_x, T (weeks) and zbar, the mean amount of repeat purchases in dollars, a row a customer."""
    path = distribution("lifetimes").locate_file("lifetimes/datasets/cdnow_customers_summary_with_transactions.csv")
    return pd.read_csv(str(path), index_col="ID")


@cache
def orders() -> pd.DataFrame:
    """Return all orders of the sample, of 78 weeks: customer (1 to 2,357), day, amount in dollars."""
    path = distribution("lifetimes").locate_file("lifetimes/datasets/CDNOW_sample.txt")
    names = ["master", "customer", "day", "discs", "amount"]
    table = pd.read_csv(str(path), sep=r"\s+", names=names, dtype={"day": str})
    table["day"] = pd.to_datetime(table["day"], format="%Y%m%d")
    return table

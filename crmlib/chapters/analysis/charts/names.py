"""Names and figures as the charts and tables of this chapter write them."""

from collections.abc import Iterable

import numpy as np

from crmlib.chapters.analysis.models.cube import Cube
from crmlib.core.figures import figure, minus
from crmlib.core.i18n import language
from crmlib.core.numbers import TEN_THOUSAND
from crmlib.plotting.theme import safe


def products(cube: Cube, at: Iterable[int]) -> list[str]:
    """Return the names of products in the language now spoken, made safe for a chart."""
    column = 1 if language() == "en" else 0
    return [safe(cube.product_names[k, column]) for k in at]


def customers(cube: Cube, at: Iterable[int]) -> list[str]:
    """Return the names of customers in the language now spoken, made safe for a chart."""
    column = 1 if language() == "en" else 0
    return [safe(cube.customer_names[k, column]) for k in at]


def percent(value: float, digits: int = 1) -> str:
    """Return a share (0–1) in percent, a dash if it is not known."""
    return "–" if np.isnan(value) else minus(f"{100 * value:.{digits}f}%")


def wan(value: float, digits: int = 1) -> str:
    """Return yuan in units of 10,000 yuan."""
    return figure(value / TEN_THOUSAND, digits)

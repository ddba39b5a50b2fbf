"""Keys of the drawn exercises on customer and product analysis by arithmetic done here, from the numbers printed."""

from collections.abc import Callable


def turnover(n: list[float]) -> float:
    """Sales, opening stock, closing stock."""
    sales, opening, closing = n
    return sales * 2 / (opening + closing)


def cross_ratio(n: list[float]) -> float:
    """Sales, cost, average stock; the cross ratio at cost is gross margin ÷ stock."""
    sales, cost, stock = n
    return (sales - cost) / stock


def contribution(n: list[float]) -> float:
    """Three products, each with sales, margin rate in % and turnover: the place of the largest product of the three."""
    products = [n[k] * n[k + 1] * n[k + 2] for k in (0, 3, 6)]
    return float(products.index(max(products)))


def kpi_share(n: list[float]) -> float:
    """Sales in all, the product's sales, its margin rate in %, its turnover, which is not needed."""
    total, sold, rate, _times = n
    return sold * rate / total


def own_share(n: list[float]) -> float:
    """What the customer buys in all, our sales to it, the share aimed at in %."""
    bought, ours, aim = n
    return bought / 100 * aim - ours


def mix(n: list[float]) -> float:
    """Price and both quantities of two products: sales now less what the old mix would have brought."""
    p1, a0, a1, p2, b0, b1 = n
    old_mean = (p1 * a0 + p2 * b0) / (a0 + b0)
    return a1 * p1 + b1 * p2 - old_mean * (a1 + b1)


def price_effect(n: list[float]) -> float:
    """Quantity and price of the year before, then of this year."""
    _q0, p0, q1, p1 = n
    return q1 * p1 - q1 * p0


def without_season(n: list[float]) -> float:
    """Sales and index of the earlier month, then of the later one."""
    before, one, now, other = n
    return (now * one / (other * before) - 1) * 100


def moving(n: list[float]) -> float:
    """Five months; the window, 3, is printed too."""
    months = n[:5]
    return (months[2] + months[3] + months[4]) / 3


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        turnover,
        cross_ratio,
        contribution,
        kpi_share,
        own_share,
        mix,
        price_effect,
        without_season,
        moving,
    )
}
"""By the name of the generator."""

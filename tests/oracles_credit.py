"""Keys of the drawn exercises on credit once more, in plain arithmetic, from the numbers that stand in the question."""

from collections.abc import Callable


def carrying_cost(numbers: list[float]) -> float:
    old, new, old_days, new_days, cost, capital, year = numbers
    return (new * new_days - old * old_days) / year * cost / 100 * capital / 100


def policy_profit(numbers: list[float]) -> float:
    old, new, cost, carrying, bad, worse, collecting, dearer = numbers
    return (new - old) * (1 - cost / 100) - carrying - (worse - bad) - (dearer - collecting)


def mean_days(numbers: list[float]) -> float:
    sales, share, early, late, year = numbers
    return sales * (share * early + (100 - share) * late) / 100 / year


def credit_period(numbers: list[float]) -> float:
    dso, company, grade = numbers
    return dso * company * grade


def capped_limit(numbers: list[float]) -> float:
    sales, margin, net, net_cap, current, current_cap = numbers
    return min(sales * margin, net * net_cap, current * current_cap) / 100


def working_asset(numbers: list[float]) -> float:
    current, quick, short, debt, worth = numbers
    return current / short + quick / short - short / worth - debt / worth


def count_back(numbers: list[float]) -> float:
    first, first_days, second, second_days, third, third_days, balance = numbers
    left = balance - third - second
    assert 0 < left < first
    return third_days + second_days + left / first * first_days


def provision(numbers: list[float]) -> float:
    amounts, rates = numbers[::2], numbers[1::2]
    return sum(a * r for a, r in zip(amounts, rates, strict=True)) / 100


def band_profit(numbers: list[float]) -> float:
    good, bad, gain, lost = numbers
    return good * gain - bad * lost


def ks(numbers: list[float]) -> float:
    good, bad = numbers[2:10:2], numbers[3:10:2]
    assert (sum(good), sum(bad)) == (numbers[0], numbers[1])
    return max(abs(sum(good[:n]) / numbers[0] - sum(bad[:n]) / numbers[1]) for n in range(1, 5)) * 100


ORACLES: dict[str, Callable[[list[float]], float]] = {
    oracle.__name__: oracle
    for oracle in (
        carrying_cost, policy_profit, mean_days, credit_period, capped_limit, working_asset, count_back, provision,
        band_profit, ks,
    )
}  # fmt: skip

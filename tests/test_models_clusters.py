"""Do clusters and association rules say what the literature and a count by hand say?"""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from crmlib.chapters.customer_value.models import association, clusters
from crmlib.core.errors import DataError
from crmlib.formulas.arrays import Floats

patient = settings(deadline=None)
POINTS = hnp.arrays(float, st.tuples(st.integers(2, 25), st.integers(1, 3)), elements=st.integers(-8, 8).map(float))
BASKETS = st.lists(st.sets(st.sampled_from("abcde"), min_size=1), min_size=1, max_size=12)


def column(*values: float) -> Floats:
    return np.array(values)[:, None]


def lines(orders: list[set[str]] | list[str]) -> association.Baskets:
    pairs = [(f"N{place}", item) for place, order in enumerate(orders) for item in sorted(order)]
    return association.baskets(pd.Series([pair[0] for pair in pairs]), pd.Series([pair[1] for pair in pairs]))


# Clusters -------------------------------------------------------------------------------------------------------------


def test_figures_go_in_as_logarithms_and_standardised() -> None:
    """ln(1 + 0) = 0, ln(1 + 3) = ln 4; standardised −1 and 1; a figure that is the same for all becomes 0."""
    figures = clusters.log_rfm(np.array([0, 3]), np.array([1, 1]), np.array([100.0, 10_000]))
    assert figures[:, 0].tolist() == [0, math.log(4)]
    assert figures[:, 1].tolist() == [0, 0]
    assert clusters.standardise(figures).round(12).tolist() == [[-1, 0, -1], [1, 0, 1]]


def test_two_plain_groups_by_hand() -> None:
    """0, 1, 2 and 10, 12: means 1 and 11, squares 1 + 0 + 1 + 1 + 1 = 4; the larger group comes first."""
    found = clusters.k_means(column(10, 0, 1, 12, 2), 2, seed=1)
    assert found.label.tolist() == [1, 0, 0, 1, 0]
    assert found.centres.ravel().tolist() == [1, 11]
    assert (found.sizes.tolist(), found.within) == ([3, 2], 4)


def test_groups_of_a_size_are_in_order_of_their_centres() -> None:
    assert clusters.k_means(column(9, 10, 0, 1), 2, seed=1).label.tolist() == [1, 1, 0, 0]


def test_a_customer_far_from_all_others_is_a_group_of_one() -> None:
    found = clusters.k_means(column(0, 1, 2, 100), 2, seed=1)
    assert found.label.tolist() == [0, 0, 0, 1]
    assert found.of_one == [1]
    assert clusters.silhouette(column(0, 1, 2, 100), found.label)[3] == 0


def test_a_group_that_loses_everybody_takes_the_farthest() -> None:
    """From centres 0, 1 and 50, nobody is nearest to 50: 10, farthest from her own centre, goes there.

    The centres are then 0, 4.5 and 10. Nobody is nearest to 4.5: 8, farthest from her own, goes there. 0 and 1 stay.
    """
    label, within = clusters._search(column(0, 1, 8, 10), column(0, 1, 50))
    assert label.tolist() == [0, 0, 1, 2]
    assert within == 0.5


@patient
@given(POINTS, st.integers(1, 5), st.integers(0, 3))
def test_what_holds_for_every_grouping(points: Floats, k: int, seed: int) -> None:
    """No group is empty, each centre is its group's mean, each customer belongs to the nearest centre."""
    k = min(k, len(np.unique(points, axis=0)))
    found = clusters.k_means(points, k, seed)
    assert found.sizes.tolist() == np.bincount(found.label, minlength=k).tolist()
    assert found.sizes.min() >= 1
    assert (np.diff(found.sizes) <= 0).all()
    for group in range(k):
        assert found.centres[group] == pytest.approx(points[found.label == group].mean(axis=0))
    distance = ((points[:, None] - found.centres) ** 2).sum(axis=2)
    own = distance[np.arange(len(points)), found.label]
    assert own == pytest.approx(distance.min(axis=1), abs=1e-9)
    assert found.within == pytest.approx(own.sum(), abs=1e-9)
    again = clusters.k_means(points, k, seed)
    assert again.label.tolist() == found.label.tolist()


@patient
@given(hnp.arrays(float, st.tuples(st.integers(2, 6), st.just(1)), elements=st.integers(-8, 8).map(float)))
def test_no_grouping_is_tighter_than_the_tightest_of_all(points: Floats) -> None:
    """All ways to part up to six customers. k-means may miss the best of them, and is rarely far from it."""
    if len(np.unique(points)) < 2:
        return
    best = min(
        sum(float(((part - part.mean()) ** 2).sum()) for part in (points[mask], points[~mask]))
        for mask in (np.array(bits, dtype=bool) for bits in itertools.product([False, True], repeat=len(points)))
        if mask.any() and not mask.all()
    )
    assert best - 1e-9 <= clusters.k_means(points, 2, seed=0).within <= 2 * best + 1e-9


def test_too_few_different_customers_are_a_sentence(english: None) -> None:
    with pytest.raises(DataError, match="There are 2 customers that differ in these figures; choose from 1 to 2"):
        clusters.k_means(column(1, 1, 2), 3, seed=1)
    with pytest.raises(DataError, match="groups, not 0"):
        clusters.k_means(column(1, 2), 0, seed=1)


def test_customers_whose_amount_is_not_above_zero_are_to_be_set_apart(english: None) -> None:
    days, times, amount = np.array([1, 2, -1, 4]), np.array([1, 0, 1, 1]), np.array([100, 100, 100, -20.0])
    with pytest.raises(DataError, match="after returns: 3"):
        clusters.log_rfm(days, times, amount)


def test_silhouettes_by_hand() -> None:
    """0 and 2 against 8 and 10. Of 0: a = 2, b = (8 + 10)/2 = 9, (9 − 2)/9; of 2: b = 7, (7 − 2)/7; then mirrored."""
    found = clusters.silhouette(column(0, 2, 8, 10), np.array([0, 0, 1, 1]))
    assert found.tolist() == pytest.approx([7 / 9, 5 / 7, 5 / 7, 7 / 9])


def test_a_silhouette_is_negative_in_the_wrong_group() -> None:
    """0 and 10 against 9: of 10, a = 10, b = 1, (1 − 10)/10 = −0.9; the group of one has 0."""
    found = clusters.silhouette(column(0, 10, 9), np.array([0, 0, 1]))
    assert found.tolist() == pytest.approx([(9 - 10) / 10, -0.9, 0])


def test_there_is_no_silhouette_of_a_single_group() -> None:
    assert np.isnan(clusters.silhouette(column(0, 1), np.array([0, 0]))).all()


@patient
@given(POINTS, st.data())
def test_silhouettes_are_those_of_the_definition(points: Floats, data: st.DataObject) -> None:
    """One customer at a time, straight from Rousseeuw (1987), whatever the numbers of the groups."""
    label = np.array(data.draw(st.lists(st.integers(2, 5), min_size=len(points), max_size=len(points))))
    if len(set(label.tolist())) < 2:
        return
    found = clusters.silhouette(points, label)
    for i in range(len(points)):
        far = {g: [math.dist(points[i], points[j]) for j in np.flatnonzero(label == g) if j != i] for g in set(label)}
        own = far.pop(label[i])
        a, b = sum(own) / max(len(own), 1), min(sum(group) / len(group) for group in far.values())
        expected = (b - a) / max(a, b) if own and max(a, b) > 0 else 0.0
        assert found[i] == pytest.approx(expected, abs=1e-9)


def test_silhouettes_do_not_depend_on_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    points = np.random.RandomState(3).normal(size=(57, 3))
    label = clusters.k_means(points, 4, seed=1).label
    whole = clusters.silhouette(points, label)
    monkeypatch.setattr(clusters, "BLOCK", 10)
    assert clusters.silhouette(points, label) == pytest.approx(whole)


# Association ----------------------------------------------------------------------------------------------------------


def test_a_rule_by_hand() -> None:
    """Tea in 4 orders of 5, milk in 3, both in 3. Tea → milk: support 3/5, confidence 3/4, lift 3/4 ÷ 3/5 = 5/4."""
    found = {(rule.given, rule.then): rule for rule in association.rules(lines(["mt", "mt", "mt", "t", "x"]))}
    rule = found[("t",), "m"]
    assert (rule.orders, rule.support, rule.confidence, rule.lift) == (3, 3 / 5, 3 / 4, pytest.approx(5 / 4))
    assert found[("m",), "t"].confidence == 1
    assert (("x",), "t") not in found


def test_a_rule_of_three_products_by_hand() -> None:
    """a and b in 3 orders of 6, with c in 2 of them, c in 3: a + b → c: 2/6, 2/3, 2/3 ÷ 3/6 = 4/3."""
    found = {(rule.given, rule.then): rule for rule in association.rules(lines(["abc", "abc", "ab", "c", "a", "b"]))}
    rule = found[("a", "b"), "c"]
    assert (rule.orders, rule.support, rule.confidence, rule.lift) == (2, 2 / 6, 2 / 3, pytest.approx(4 / 3))


def test_a_high_confidence_may_say_nothing() -> None:
    """Bread is in 9 orders of 10, jam in 2, both in 1: confidence 1/2, and yet bread is bought less with jam: 5/9."""
    found = {(rule.given, rule.then): rule.lift for rule in association.rules(lines(["b"] * 8 + ["bj", "j"]))}
    assert found[("j",), "b"] == pytest.approx(5 / 9)


def test_a_product_twice_in_an_order_counts_once() -> None:
    found = association.baskets(pd.Series([7, 7, 7, 8]), pd.Series(["tea", "tea", "milk", "tea"]))
    assert found.items == ("milk", "tea")
    assert found.inside.tolist() == [[True, True], [False, True]]


@patient
@given(BASKETS, st.sampled_from([0.0, 0.2, 0.5]), st.sampled_from([0.0, 0.5, 1.0]), st.integers(1, 3))
def test_rules_are_those_of_counting_all_sets(
    orders: list[set[str]], support: float, confidence: float, most: int
) -> None:
    """Every set of products, counted order by order."""
    expected = {}
    for size in range(2, most + 2):
        for together in itertools.combinations("abcde", size):
            n = sum(set(together) <= order for order in orders)
            for then in together:
                given = tuple(item for item in together if item != then)
                before = sum(set(given) <= order for order in orders)
                if n and n >= support * len(orders) - 1e-9 and n / before >= confidence:
                    lift = n / before / (sum(then in order for order in orders) / len(orders))
                    expected[given, then] = (n, n / len(orders), n / before, pytest.approx(lift))
    found = association.rules(lines(orders), support, confidence, most)
    assert {(r.given, r.then): (r.orders, r.support, r.confidence, r.lift) for r in found} == expected
    assert [(-r.lift, -r.support, r.given, r.then) for r in found] == sorted(
        (-r.lift, -r.support, r.given, r.then) for r in found
    )


def test_lines_that_lack_something_are_refused(english: None) -> None:
    with pytest.raises(DataError, match="There are no order lines"):
        association.baskets(pd.Series([], dtype=str), pd.Series([], dtype=str))
    with pytest.raises(DataError, match="without an order or a product: 2"):
        association.baskets(pd.Series(["1", None, "3"]), pd.Series(["tea", "tea", None]))

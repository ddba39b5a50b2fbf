"""What the chapter and the case on bank tiers say of the loan book is true of it.

Each claim is quoted in both languages, so that a sentence that changes must be looked at again, and has a check that
computes it from the data.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check

from crmlib.casebook import case
from crmlib.chapters.tiers.models import customer_file, pareto, pyramid, scorecard
from crmlib.chapters.tiers.models import tiers as model
from crmlib.core.paths import CASEBOOK, SOURCES
from crmlib.formulas.multicriteria import weighted_scores
from crmlib.formulas.scores import tier_of
from crmlib.tables.data import load

TEXT = (SOURCES / "02_tiers.md").read_text("utf-8") + "".join(
    path.read_text("utf-8") for path in sorted((CASEBOOK / "bank_tiers").glob("*.*"))
)


@cache
def book() -> model.Book:
    return model.prepare(load("bank_loans"))


@cache
def graded(**inputs: object) -> model.Grading:
    return model.grade(book(), model.TierPolicy(**inputs))  # type: ignore[arg-type]


def scenario(name: str) -> model.Grading:
    return graded(**case("bank_tiers").scenario(name).inputs)


@cache
def customers() -> pareto.Customers:
    return pareto.prepare(load("bank_loans"))


def by_each_figure() -> list[dict[str, float]]:
    rules = (pareto.AbcRule(by=by) for by in ("income", "deposits", "exposure", "sales"))  # type: ignore[arg-type]
    return [pareto.headline(pareto.classify(customers(), rule)) for rule in rules]


def example_is_prime() -> bool:
    points = float(weighted_scores(np.array([[90.0, 60, 70, 50]]), np.array([0.35, 0.20, 0.30, 0.15]))[0])
    policy = model.TierPolicy()
    defaults = (policy.credit_weight, policy.size_weight, policy.financial_weight, policy.outlook_weight)
    place = tier_of(np.array([points]), policy.cutoffs(), policy.boundary)[0]
    return points == pytest.approx(72) and defaults == (0.35, 0.20, 0.30, 0.15) and model.TIERS[place] == "prime"


def totals_fell_and_firms_grew() -> bool:
    check = model.credit_check(graded())
    return bool(check["kept"].all() and (check["grew"] > 0).all())


def some_left_some_joined_some_unrated() -> bool:
    moves = model.migration(graded())
    return bool(moves[:-1, -1].sum() and moves[-1, :-1].sum() and moves[model.UNRATED].sum())


def similar_and_below_eighty() -> bool:
    shares, ginis = ([figures[name] for figures in by_each_figure()] for name in ("top_share", "gini"))
    return max(shares) < 80 and max(shares) - min(shares) < 5 and max(ginis) - min(ginis) < 0.05


def correlations_are_positive_and_below_one() -> bool:
    table = pareto.rank_correlations(customers()).to_numpy()
    apart = table[~np.eye(len(table), dtype=bool)]
    return bool((apart > 0).all() and (apart < 0.95).all())


def pyramid_depends_on_the_scale() -> bool:
    people = pyramid.prepare(load("bank_loans"))
    rank, spread = (pyramid.headline(pyramid.build(people, pyramid.PyramidRule(scale=s))) for s in ("rank", "range"))  # type: ignore[arg-type]
    return rank != spread


def loss_doubles_and_nobody_moves() -> bool:
    before, after = graded(), graded(lgd=2 * model.TierPolicy().lgd)
    same = (before.closing.place == after.closing.place).all()
    return bool(same) and model.expected_loss(after).sum() == pytest.approx(2 * model.expected_loss(before).sum())


def the_two_dates_disagree() -> bool:
    opening, closing = (model.credit_check(graded(policy_date=date))["kept"].all() for date in ("opening", "closing"))
    return bool(opening) and not bool(closing)


def downturn_moves_property_only() -> bool:
    base, worse = graded(), scenario("property_downturn")
    moved = base.closing.place != worse.closing.place
    rows = load("bank_loans")
    last = rows[rows["as_of"] == rows["as_of"].max()].set_index("firm_id")["industry"]
    return set(last.reindex(book().firms.index[moved])) <= set(model.CYCLICAL)


def tightening_raises_the_loss_and_binds_more() -> bool:
    base, tight = model.headline(graded()), model.headline(scenario("tightening"))
    return tight["expected_loss"] > base["expected_loss"] and tight["bound_firms"] > base["bound_firms"]


@cache
def card(**rule: object) -> scorecard.Scorecard:
    return scorecard.STUDY.answer(load("bank_loans"), load("value_ratings"), **rule)


def both_ways_three_each() -> bool:
    found = pareto.disagreements(customers())
    higher = (found["sales"] < found["income"]).tolist()
    return higher == [True] * 3 + [False] * 3


def potential_is_rarer_among_the_valuable() -> bool:
    n = scorecard.places(card())
    return bool(n[0] / (n[0] + n[1]) < n[2] / (n[2] + n[3]))


def example_is_high_on_both() -> bool:
    rule, asked = scorecard.ScorecardRule(), (np.array([[80.0, 60, 50, 90]]), np.array([0.3, 0.2, 0.3, 0.2]))
    sides = [float(scorecard.weighted(*asked, s)[0]) for s in (scorecard.CURRENT, scorecard.POTENTIAL, scorecard.ALL)]
    cuts = (rule.current_from, rule.potential_from)
    return sides == [72, 66, 69] and cuts == (60, 60) and rule.weights().tolist() == pytest.approx(asked[1].tolist())


def a_quarter_is_apart_mostly_new_or_unrated() -> bool:
    apart, book = card().ids[card().quadrant < 0], load("bank_loans")
    new = set(apart) - set(book.loc[book["as_of"] == book["as_of"].min(), "firm_id"])
    rated = set(load("value_ratings").dropna()["firm_id"])
    share = len(apart) / len(card().ids)
    return 0.2 < share < 0.3 and len(new | (set(apart) - rated)) > 0.5 * len(apart)


def far_fewer_are_left_over() -> bool:
    return bool((card(missing="known").quadrant < 0).sum() < 0.3 * (card().quadrant < 0).sum())


def some_are_not_rated_some_cells_empty_one_manager_gave_threes() -> bool:
    ratings, last = load("value_ratings"), load("bank_loans")
    last = last[last["as_of"] == last["as_of"].max()]
    threes = (ratings[["cooperation", "demands"]].fillna(3) == 3).all(axis=1).rolling(30).sum().max() == 30
    return len(ratings) < len(last) and bool(ratings.isna().any(axis=None)) and bool(threes)


@cache
def cards(**rule: object) -> customer_file.Reviewed:
    return customer_file.STUDY.answer(load("customer_files"), **rule)


def one_card_is_filled_and_largely_not_to_be_trusted() -> bool:
    place = cards().files.firms.index.get_loc("SZ0377")
    filled, fresh = int((~np.isnan(cards().age[place])).sum()), int(cards().fresh[place].sum())
    return filled >= 10 and fresh <= filled / 2 + 1 and len(cards().completeness) == 240


def basic_is_fullest_transactions_emptiest_and_oldest() -> bool:
    table = customer_file.kind_table(cards())
    fullest, emptiest = table["filled_pct"].idxmax(), table["filled_pct"].idxmin()
    return (fullest, emptiest, table["fresh_pct"].idxmin()) == ("basic", "transactions", "transactions")


def key_customers_are_hardly_better_off() -> bool:
    table, key = customer_file.fault_table(cards()), cards().files.key
    usable = table.loc["usable", "key"] / key.sum(), (table.loc["usable", "all"] / len(key))
    return bool(usable[0] < usable[1]) and bool(customer_file.listing(cards())["key"].head(5).all())


def three_months_cost_more_than_half() -> bool:
    before, after = (customer_file.headline(cards(days_later=days))["usable"] for days in (0, 90))
    return after < before / 2


def five_customers_in_classes() -> bool:
    shares = np.cumsum([40, 30, 15, 10, 5]) / 100
    return shares.tolist() == [0.4, 0.7, 0.85, 0.95, 1] and pareto.abc(shares, 0.75, 0.2).tolist() == [0, 0, 0, 1, 2]


def three_customers_and_five() -> bool:
    sales, profit = np.array([50.0, 40, 30, 20, 10]), np.array([4.0, 5, 2, 3, 1])
    gini, rho = pareto.gini(np.array([20.0, 30, 50])), pareto.rank_correlation(sales, profit)
    return (gini, rho) == (pytest.approx(0.2), pytest.approx(0.8))


def one_card_by_hand() -> bool:
    counts = ([4, 4, 3, 1], [4, 2, 0, 0])
    filled, fresh = (np.array([[place < n for n in kinds for place in range(4)]]) for kinds in counts)
    return [figure.tolist() for figure in customer_file.scores(filled, fresh, np.full(4, 0.25))] == [[75.0], [50.0]]


def six_tiers_divided_by_five_cutoffs() -> bool:
    names = ("gold", "key", "prime", "ordinary", "restricted", "exit")
    return names == model.TIERS and len(model.TierPolicy().cutoffs()) == 5


CLAIMS: list[tuple[str, str, Callable[[], bool]]] = [
    ("六级由高到低是黄金、重点、优质、一般、限制、淘汰，由五条分数线隔开",
     "gold, key, prime, ordinary, restricted and exit, divided by five cut-offs", six_tiers_divided_by_five_cutoffs),
    ("所以前三户是 A 类，第四户正好到 95%，是 B 类，第五户是 C 类",
     "so the first three are class A. The fourth ends exactly at 95% and is B, the fifth is C",
     five_customers_in_classes),
    ("ρ = 1 − 24 ÷ 120 = 0.8", "ρ = 1 − 24 ÷ 120 = 0.8", three_customers_and_five),
    ("新鲜度 6 ÷ 12 = 50%", "freshness is 6 ÷ 12 = 50%", one_card_by_hand),
    ("属于优质级", "so the firm is prime", example_is_prime),
    ("两个年末之间有企业离开，也有企业新来", "some firms left and others joined", some_left_some_joined_some_unrated),
    ("总量下降了，仍有企业在增长", "The totals fell, yet some firms grew", totals_fell_and_firms_grew),
    ("前 20% 的企业都占不到 80%，集中程度相近", "bring less than 80%, and the concentration is similar",
     similar_and_below_eighty),
    ("表中各对都是正的，但都不到 1", "All pairs here are positive and below 1",
     correlations_are_positive_and_below_one),
    ("约三分之一不在", "about one third are not in", lambda: 0.28 < 1 - pareto.shared_top(customers()) < 0.39),
    ("都取名次相差最大的三家", "the three with the largest difference each", both_ways_three_each),
    ("现实价值高的企业里，潜在价值高的比例反而较小",
     "Among the firms with high current value, high potential is rarer", potential_is_rarer_among_the_valuable),
    ("它就是“双高”客户", "the customer is high on both", example_is_high_on_both),
    ("四分之一左右的企业因为有指标不详而单列，多半是新客户和没有评分的客户",
     "About a quarter of the firms are kept apart because an indicator is not known, mostly new customers",
     a_quarter_is_apart_mostly_new_or_unrated),
    ("单列的就少了许多", "far fewer are left over", far_fewer_are_left_over),
    ("有的经理给谁都打 3 分", "one manager gave everybody a 3",
     some_are_not_rated_some_cells_empty_one_manager_gave_threes),
    ("填了不少，能信的并不多", "a good deal is filled in, but little of it can be trusted",
     one_card_is_filled_and_largely_not_to_be_trusted),
    ("基础资料填得最全，变化也慢；交易现状填得最少，过期也最快",
     "Basic data are the most complete and change slowly. Transactions are the least complete and age fastest",
     basic_is_fullest_transactions_emptiest_and_oldest),
    ("突出重点的原则在这里没有落实", "here the principle of focusing on key customers is not kept",
     key_customers_are_hardly_better_off),
    ("能用的卡片少了一半还多", "More than half of the usable cards are lost", three_months_cost_more_than_half),
    ("标准化方法会改变结论", "The way of scaling changes the result", pyramid_depends_on_the_scale),
    ("没有；预期损失同样加倍", "None does; expected loss doubles too", loss_doubles_and_nobody_moves),
    ("按年初还是按年末的等级检查，结论可能完全不同",
     "checking by the opening or the closing tier can turn the answer round", the_two_dates_disagree),
    ("直接降级的只有房地产和建筑业企业", "only property and construction firms are downgraded",
     downturn_moves_property_only),
    ("预期损失反而上升", "so expected loss rises", tightening_raises_the_loss_and_binds_more),
]  # fmt: skip


@pytest.mark.parametrize(("zh", "en", "holds"), CLAIMS, ids=[claim[1] for claim in CLAIMS])
def test_what_is_said_of_the_data_is_true_of_them(zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(TEXT, zh, en, holds)

"""What the case on a rebate on juice says of the record and of the scenarios is true of them."""

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from claims import check
from test_claims_answers import texts

from crmlib.casebook import case
from crmlib.chapters.distributors.models import motivation as model
from crmlib.core.paths import CASEBOOK
from crmlib.tables.data import load

FILES = sorted((CASEBOOK / "juice_rebate").glob("*.md"))
TEXT = "".join(path.read_text("utf-8") for path in FILES)
SHOWN = ("order", "extra", "stuffed", "rebate", "maker_gain")


@cache
def dealing(scenario: str = "base", **inputs: object) -> model.Motivation:
    given = {**case("juice_rebate").scenario(scenario).inputs, **inputs}
    return model.motivate(model.prepare(load("depletions")), model.LadderRule(**given))


def found(scenario: str = "base", **inputs: object) -> tuple[int, ...]:
    """Return order, sold by effort, not sold, rebate and the manufacturer's gain, to whole cases and yuan."""
    figures = model.headline(dealing(scenario, **inputs))
    return tuple(round(figures[name]) for name in SHOWN)


def every_quarter(received: int) -> bool:
    return bool((model.quarters(dealing().record)["received"] == received).all() and received == dealing().rule.step_2)


def gaps_after_the_last_delivery() -> bool:
    gaps, quarters = model.stock_check(dealing()), model.quarters(dealing().record)
    large = gaps[gaps["missing"] > 10]
    weeks = [min((week - last).days for last in quarters["last"] if week > last) for week in large["week"]]
    return sorted(large["missing"], reverse=True) == [130, 90] and weeks == [7, 7]


def as_the_text_says() -> bool:
    rule = model.LadderRule()
    return (
        rule.steps().tolist() == [1000, 1400, 1800]
        and (100 * rule.rates()).round(6).tolist() == [1, 2.5, 4]
        and (rule.price, rule.maker_margin, rule.holding, rule.dumping) == (200, 30, 8, 6)
        and rule.paid_on == "all"
    )


def rates_are_doubled() -> bool:
    return bool(np.allclose(dealing("double_rates").rule.rates(), 2 * dealing().rule.rates()))


def cliff() -> bool:
    below, at = model.rebate(np.array([dealing().reply.demand, 1400]), dealing().rule)
    return (round(below), round(at), round(at - below), round((at - below) / 47)) == (2706, 7000, 4294, 91)


def stock_by_hand() -> bool:
    r = dealing().record
    asked = (round(r.demand), round(r.demand_sd), round(r.lead, 2), round(r.lead_sd, 3)) == (104, 21, 1.97, 0.476)
    parts = (round(1.97 * 21**2), round(104**2 * 0.476**2))
    return asked and parts == (869, 2451) and round(1.645 * 3320**0.5) == 95 == round(dealing().safety)


def dumping_stops_mattering_at_the_cost_of_keeping() -> bool:
    below, at, above = (found(dumping=cost)[1] for cost in (7, 8, 16))
    return below < at == above


def effort_does_not_depend_on_the_rates() -> bool:
    return found("double_rates")[1] == found()[1] == found(rate_3=6)[1]


CLAIMS: list[tuple[str, str, str, Callable[[], bool]]] = [
    ("", "满 1,000 箱返 1%，满 1,400 箱返 2.5%，满 1,800 箱返 4%",
     "1% from 1,000 cases, 2.5% from 1,400 and 4% from 1,800", as_the_text_says),
    ("", "提货不多不少，都是 1,400 箱", "received 1,400 cases, neither more nor less", lambda: every_quarter(1400)),
    ("", "一共 52 周", "52 weeks in all", lambda: len(dealing().record.weeks) == 52),
    ("", "三级返利率都提高一倍", "double all rates of the rebate", rates_are_doubled),
    ("", "只拉动凑量", "the rebate only pulls the order up to a threshold", effort_does_not_depend_on_the_rates),
    ("", "厂家由亏转盈", "the loss becomes a gain", lambda: found()[4] < 0 < found("excess_only")[4]),
    ("", "超过压货的成本就不起作用了", "Above the cost of keeping it changes nothing",
     dumping_stops_mattering_at_the_cost_of_keeping),
    ("", "多四成左右", "About four tenths more",
     lambda: round(dealing("rarely_out").safety / dealing().safety, 1) == 1.4),
    ("", "付出的返利变成三倍，卖掉的货一箱也没有多", "three times as large, and not one case more is sold",
     lambda: (round(found("double_rates")[3] / found()[3]), found("double_rates")[1]) == (3, found()[1])),
    ("record", "130 箱和 90 箱", "of 130 and 90 cases", gaps_after_the_last_delivery),
    ("record", "都恰好是 1,400 箱", "exactly 1,400 cases", lambda: every_quarter(1400)),
    ("cliff", "4,294 ÷ 47 ≈ 91 元", "4,294 ÷ 47 ≈ ¥91", cliff),
    ("doubled", "2,706 箱，其中 1,150 箱没有卖掉", "2,706 cases, of which 1,150 are not sold",
     lambda: found("double_rates")[::2] == (2706, 1150, -31119)),
    ("doubled", "从 14,400 元涨到 43,296 元", "from ¥14,400 to ¥43,296",
     lambda: (found()[3], found("double_rates")[3]) == (14400, 43296)),
    ("two_exits", "多卖 203 箱，没有卖掉的 244 箱", "203 of them sold by effort. The 244 not sold",
     lambda: found() == (1800, 203, 244, 14400, -2223)),
    ("two_exits", "多卖 271 箱，176 箱压在仓库里", "271 are sold by effort, and 176 stay",
     lambda: found("diversion_controlled") == (1800, 271, 176, 14400, 1836)),
    ("two_exits", "447 箱全靠努力卖掉", "all 447 additional ones are sold by effort",
     lambda: found("both_closed") == (1800, 447, 0, 14400, 12420)),
    ("excess", "降到 1,438 箱", "falls to 1,438 cases", lambda: found("excess_only") == (1438, 85, 0, 990, 4110)),
    ("excess", "一分不返，厂家的净得是 0", "no rebate at all the gain is 0",
     lambda: found(rate_1=0, rate_2=0, rate_3=0)[3:] == (0, 0)),
    ("model_and_record", "降到 1,438 箱", "falls to 1,438 cases", lambda: found(capacity=110)[0] == 1438),
    ("stock", "869 + 2,451 = 3,320", "869 + 2,451 = 3,320", stock_by_hand),
    ("stock", "≈ 300 箱", "≈ 300 cases", lambda: round(104 * 1.97 + 95) == 300 == round(dealing().reorder)),
    ("plan", "净得 4,110 元，现行办法是 −2,223 元", "gains ¥4,110, while the present rebate brings −¥2,223",
     lambda: (found("excess_only")[4], found()[4]) == (4110, -2223)),
]  # fmt: skip


def said(place: str) -> str:
    """Return the texts of the case, or all that a question says with its model answer, mistakes and specimens."""
    if not place:
        return TEXT
    (q,) = (q for q in case("juice_rebate").questions if q.id == place)
    mistakes = "\n".join(f"{m.reply.zh}\n{m.reply.en}" for m in q.mistakes)
    return f"{texts('juice_rebate', place)}\n{mistakes}"


@pytest.mark.parametrize(("place", "zh", "en", "holds"), CLAIMS, ids=[one[2] for one in CLAIMS])
def test_what_the_case_says_is_true(place: str, zh: str, en: str, holds: Callable[[], bool]) -> None:
    check(said(place), zh, en, holds)

"""Does a life cycle read as it should, stage by stage and pattern by pattern, and is the time to stop the right one?"""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from gyms import chain, members, years
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlib.chapters.foundations.models import life_cycle
from crmlib.chapters.foundations.models import panel as source
from crmlib.core.errors import DataError
from crmlib.formulas.arrays import Floats

FEW = settings(max_examples=60, deadline=None)


def stages(*level: float, started: bool = True) -> list[str]:
    first = np.zeros((1, len(level)), bool)
    first[0, 0] = started
    found = life_cycle.told(np.array([level]), first, 0.15, 0.15, 0.75)[0]
    return [life_cycle.STAGES[stage] if stage >= 0 else "none" for stage in found]


def test_a_textbook_life_is_told_stage_by_stage() -> None:
    assert stages(0.4, 0.7, 1.0, 1.05, 1.0, 0.7, 0.5) == [
        "exploration", "formation", "formation", "stability", "stability", "decline", "decline",
    ]  # fmt: skip


def test_the_edges_of_the_rule_belong_to_the_change_and_a_low_level_depends_on_what_was() -> None:
    assert stages(0.5, 0.575) == ["exploration", "formation"]  # exactly 15% more
    assert stages(1.0, 0.85) == ["exploration", "decline"]  # exactly 15% less
    assert stages(0.5, 0.5) == ["exploration", "exploration"]  # never reached the line
    assert stages(0.8, 0.7) == ["exploration", "decline"]  # reached it once, below it now
    assert stages(1.0, 1.0, started=False) == ["stability", "stability"]
    assert stages(0.5, 0.5, started=False)[0] == "none"  # no year before, no beginning, a low level


def test_who_is_away_has_no_stage_and_comes_back_without_a_year_before() -> None:
    assert stages(1.0, float("nan"), 1.0, 1.0) == ["exploration", "none", "stability", "stability"]


@FEW
@given(st.lists(st.floats(10, 5000), min_size=2, max_size=6), st.floats(1.01, 2))
def test_a_rise_of_all_fees_moves_nobody(spent: list[float], rise: float) -> None:
    def told(factor: float) -> list[list[int]]:
        rows = [years(f"A{n}", year, revenue=fee * (factor if year > 2020 else 1)) for n, fee in enumerate(spent)
                for year in (2020, 2021)]  # fmt: skip
        panel = source.prepare(members(*(row for pair in rows for row in pair)))
        return life_cycle.run(panel, life_cycle.LifeRule()).stage.tolist()

    assert told(1.0) == told(rise)


E_, F_, S_, D_ = range(4)


@pytest.mark.parametrize(
    ("stage", "there", "profit", "pattern"),
    [
        ([E_, -1, -1, -1], 1, -300, life_cycle.EARLY),
        ([E_, F_, -1, -1], 2, 100, life_cycle.BROKEN),
        ([E_, F_, S_, -1], 3, 900, life_cycle.SOON),
        ([E_, S_, S_, -1], 3, 2000, life_cycle.LONG),
        ([E_, F_, S_, S_], 4, 2500, life_cycle.LONG),
        ([E_, S_, S_, -1], 3, -10, life_cycle.LOSS),
        ([E_, F_, F_, F_], 4, 500, life_cycle.OPEN),
        ([E_, F_, F_, F_], 4, -500, life_cycle.LOSS),
    ],
)
def test_each_pattern_by_hand(stage: list[int], there: int, profit: float, pattern: int) -> None:
    present = np.array([[n < there for n in range(4)]])
    assert life_cycle.patterns(np.array([stage]), present, np.array([profit]), 2)[0] == pattern


def test_after_decline_by_hand() -> None:
    """One in decline comes back with 700, one leaves; of those two years down one stays down with 200."""
    stage = np.array([[S_, D_, F_], [S_, D_, -1], [D_, D_, D_]])
    margin = np.array([[900.0, 500.0, 700.0], [900.0, 400.0, np.nan], [500.0, 300.0, 200.0]])
    lives = life_cycle.Lives(
        rule=life_cycle.LifeRule(), years=np.array([2020, 2021, 2022]), ids=np.array(["a", "b", "c"], object),
        start=np.array([2019.0] * 3), margin=margin, stage=stage, profit=np.zeros(3), pattern=np.full(3, -1),
        left_out=0,
    )  # fmt: skip
    table = life_cycle.after_decline(lives)
    assert table["customers"].tolist() == [3, 1, 0]
    assert table.loc[1, "profit"] == pytest.approx((700 + 0 + 300) / 3)  # c was one year down in 2020, and had 300
    assert table.loc[1, "back"] == pytest.approx(100 / 3) and table.loc[1, "left"] == pytest.approx(100 / 3)
    assert table.loc[2, "profit"] == 200 and np.isnan(table.loc[3, "profit"])


def test_when_to_stop_by_hand() -> None:
    expected: Floats = np.array([500.0, 350.0, 245.0])
    assert life_cycle.stop_after(expected, 250) == 3
    assert life_cycle.stop_after(expected, 600) == 1
    assert np.isnan(life_cycle.stop_after(expected, 100))
    assert life_cycle.stop_after(np.array([500.0, np.nan, np.nan]), 600) == 1


def test_customers_of_unknown_start_are_left_out_or_begin_when_first_seen() -> None:
    panel = chain()
    out, taken = (life_cycle.run(panel, life_cycle.LifeRule(unknown=u)) for u in ("left_out", "first_seen"))  # type: ignore[arg-type]
    unknown = np.isnan(panel.members["household"].start)
    assert out.left_out == unknown.sum() > 0 and taken.left_out == 0
    assert np.isnan(out.margin[unknown]).all() and (out.stage[unknown] == life_cycle.UNPLACED).all()
    first = [float(life_cycle.by_tenure(lives)["profit"].iloc[0]) for lives in (out, taken)]
    assert first[1] > first[0], "old members make the first year look better than it is"


def test_where_no_start_is_known_no_life_can_be_followed(lang: str) -> None:
    with pytest.raises(DataError, match="joined"):
        life_cycle.STUDY.answer(members(*years("A", 2020, 2021, joined=pd.NA)))


@FEW
@given(st.data())
def test_any_panel_is_worked_out_and_every_year_of_a_customer_has_one_stage_at_most(data: st.DataObject) -> None:
    money = st.one_of(st.just(0.0), st.floats(0, 5000).map(lambda x: round(x, 2)))
    rows: list[dict[str, Any]] = [*years("A", 2020, 2021, 2022)]
    for n in range(data.draw(st.integers(0, 6))):
        for year in data.draw(st.sets(st.sampled_from([2020, 2021, 2022]), min_size=1)):
            rows.append({
                "account_id": f"B{n}", "household_id": f"H{n % 3}", "year": year,
                "joined": data.draw(st.sampled_from([2019, 2020, pd.NA])), "revenue": data.draw(money),
                "refunds": data.draw(money), "service_cost": data.draw(money), "won_cost": data.draw(money),
            })  # fmt: skip
    panel = source.prepare(members(*rows))
    for unit in ("household", "account"):
        lives = life_cycle.run(panel, life_cycle.LifeRule(unit=unit))  # type: ignore[arg-type]
        assert set(np.unique(lives.stage)) <= {-1, 0, 1, 2, 3}
        assert life_cycle.by_stage(lives)["years"].sum() == (lives.stage >= 0).sum()
        assert set(life_cycle.headline(lives)) == set(life_cycle.STUDY.measures)

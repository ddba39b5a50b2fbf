"""The game: 30 teams × 8 quarters against five seconds of one core; a batch against single games; 1,000 markets.

Usage: bench_game.py [MARKETS]; the properties of ``tests/test_game_policies.py`` on so many markets.
"""

import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measure import report, side_by_side

from crmlib.classes.class_list import Student
from crmlib.core import i18n
from crmlib.game import contest, debrief
from crmlib.game.decisions import LEVERS, QUARTERS, decided
from crmlib.game.engine import play
from crmlib.game.market import draw, draw_all
from crmlib.game.policies import NEVER, POLICIES, WRONG, at_random, single, steady
from crmlib.game.score import score
from crmlib.game.teams import Handed

TEAMS, SECONDS = 30, 5.0


def handed() -> Handed:
    """Return decisions of all teams and quarters: each team's own random policy."""
    rows = {}
    for team in range(TEAMS):
        played = play(draw(2026), at_random(team))
        assert played.quarter == QUARTERS
        state = contest.begin(draw(2026))
        for quarter in range(1, QUARTERS + 1):
            move = at_random(team)(state)[0]
            rows[f"T{team}", quarter] = {name: str(value) for name, value in decided(move).model_dump().items()}
            state = contest.step(state, move)
    return Handed(rows)


def classes() -> None:
    """Play a class: rules alone, then with the pages and the debriefing."""
    students = [Student(str(n), f"S{n}", "", f"T{n}") for n in range(TEAMS)]
    given = handed()
    with tempfile.TemporaryDirectory() as folder, i18n.speaking("en"):
        agreed = contest.plan_game("company", students, Path(folder), ["en"])
        start = time.process_time()
        outcome = contest.play(agreed, given)
        played = time.process_time() - start
        contest.make(agreed, outcome)
        whole = time.process_time() - start
    report(f"{TEAMS} teams × {QUARTERS} quarters, decisions read and played", played, SECONDS, "s", 1.0)
    report("the same with every page and the debriefing", whole, SECONDS, "s", 1.0)


def batches() -> None:
    """Compare games played at once with games played one by one."""
    many, plan = draw_all(range(TEAMS)), POLICIES["sensible"].play
    one_by_one = [draw(seed) for seed in range(TEAMS)]
    fast, slow = side_by_side(lambda: play(many, plan), lambda: [play(one, plan) for one in one_by_one], 5)
    report(f"{TEAMS} games at once against one by one", fast, slow, "ms", 0.8)


def properties(markets: int) -> None:
    """Print how each policy does on so many markets."""
    market = draw_all(range(markets))
    best = score(play(market, POLICIES["sensible"].play)).value
    nothing = score(play(market, steady({}))).value
    for name in (*NEVER, *(name for name in WRONG if name not in NEVER)):
        values = score(play(market, POLICIES[name].play)).value
        points = 100 * (values - nothing).mean() / (best - nothing).mean()
        print(f"{name}: {points:.0f} points, wins on {(values >= best).sum()} of {markets} markets")
    lone = max(
        float((score(play(market, rows)).value - best).max()) for lever in LEVERS for rows in single(lever).values()
    )
    print(f"a single lever at its best: {lone:,.0f} (10,000 yuan) from the sensible policy")
    drawn = np.stack([score(play(market, at_random(seed))).value for seed in range(20)])
    points = 100 * ((drawn - nothing) / (best - nothing)).mean(axis=1)
    ahead = (drawn >= best).sum()
    print(f"20 random policies: {points.mean():.0f} points, the best {points.max():.0f}; ahead on {ahead} markets")
    print(f"share of the variance that is skill: {debrief.skill_share(40, 50):.2f}")


if __name__ == "__main__":
    classes()
    batches()
    properties(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)

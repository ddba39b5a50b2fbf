"""Generators of the chapter on the exam. A key comes from the chapter's model function where it has one.

Misconceptions and texts are those of ``casebook/items/exam.yaml``.
"""

from functools import cache
from math import ceil, comb
from random import Random
from typing import Any

import numpy as np

from crmlib.chapters.exam.models import guessing, minutes
from crmlib.chapters.exam.models.sittings import Sittings, prepare
from crmlib.core.exercise import Distractor, Drawn, Generator, distractors
from crmlib.core.i18n import _
from crmlib.tables.data import load


def minutes_by_points(draw: Random) -> Drawn:
    """Give a section its minutes in proportion to its points."""
    while True:
        total, kept = draw.choice(range(90, 181, 5)), draw.choice(range(5, 31, 5))
        points, sections = draw.choice([12, 15, 16, 24, 25, 30, 35, 40]), draw.choice([4, 6])
        if (total - kept) * points % 10 == 0:
            break
    key = (total - kept) * points / 100
    values = {"total": total, "kept": kept, "points": points, "sections": sections, "left": total - kept, "key": key}
    found = {
        "nothing_kept": total * points / 100,
        "equal_for_all": (total - kept) / sections,
        "points_for_minutes": float(points),
    }
    return Drawn(values, key, distractors(found))


def first_section(draw: Random) -> Drawn:
    """Choose among three sections the one in which a minute earns most."""
    while True:
        points = np.array(draw.sample(range(10, 45, 5), 3), float)
        share = np.array(draw.sample(range(30, 95, 5), 3), float)
        time = np.array(draw.sample(range(10, 55, 5), 3), float)
        rate = points * share / 100 / time
        key, most, sure = int(np.argmax(rate)), int(np.argmax(points)), int(np.argmax(share))
        if len({key, most, sure}) == len(minutes.ANY_SECTIONS) and rate[key] > 1.15 * np.sort(rate)[-2]:
            break
    names = [_(name) for name in minutes.ANY_SECTIONS]
    values: dict[str, object] = {"name": names[key]}
    for place, letter in enumerate("abc"):
        values |= {
            f"{letter}_points": float(points[place]),
            f"{letter}_share": float(share[place]),
            f"{letter}_time": float(time[place]),
            f"{letter}_rate": float(rate[place]),
        }
    return Drawn(values, key, [Distractor(most, "most_points_first"), Distractor(sure, "surest_first")], names)


def worth_of_guesses(draw: Random) -> Drawn:
    """Find what guesses add to a mark, some options being ruled out."""
    blanks, each = draw.choice(range(3, 13)), draw.choice([1.5, 2, 2.5, 3])
    options = draw.choice([4, 5, 6])
    ruled = draw.choice(range(1, options - 2))
    left = options - ruled
    key = blanks * each * guessing.worth(left)
    values = {"blanks": blanks, "each": each, "options": options, "ruled": ruled, "left": left, "key": key}
    found = {
        "none_ruled_out": blanks * each * guessing.worth(options),
        "guess_is_worth_all": blanks * each,
        "guess_is_even": blanks * each / 2,
    }
    return Drawn(values, key, distractors(found))


def known_by_correction(draw: Random) -> Drawn:
    """Estimate how many choices a student knows, luck set aside."""
    n, options = draw.choice(range(40, 81, 5)), draw.choice([3, 4, 5])
    wrong = (options - 1) * draw.choice(range(2, 7))
    blank = draw.choice(range(2, 9))
    right = n - wrong - blank
    key = float(guessing.corrected(np.array([float(right)]), np.array([float(wrong)]), options)[0])
    values = {
        "n": n,
        "right": right,
        "wrong": wrong,
        "blank": blank,
        "options": options,
        "lucky": wrong / (options - 1),
        "key": key,
    }
    found = {
        "right_is_known": float(right),
        "all_options_counted": right - wrong / options,
        "blank_is_wrong": right - (wrong + blank) / (options - 1),
        "wrong_taken_off_whole": float(right - wrong),
    }
    return Drawn(values, key, distractors(found))


def guess_with_penalty(draw: Random) -> Drawn:
    """Find what a guess is worth where wrong answers cost something."""
    while True:
        left, each, n = draw.choice([2, 3, 4, 5]), draw.choice([1.5, 2, 3, 4]), draw.choice(range(2, 10))
        off = draw.choice([0.5, 1, 1.5])
        key = n * each * guessing.worth(left, off / each)
        if abs(key) > 0.2:
            break
    gain, loss = each / left, off * (left - 1) / left
    values = {"n": n, "left": left, "each": each, "off": off, "gain": gain, "loss": loss, "key": key}
    found = {
        "penalty_forgotten": n * gain,
        "penalty_every_time": n * (gain - off),
        "penalty_alone": -n * off,
    }
    return Drawn(values, key, distractors(found))


def share_of_the_rest(draw: Random) -> Drawn:
    """Find which share of the remaining points is needed to pass."""
    done, need = draw.choice([45, 50, 55, 60, 70]), draw.choice([60, 65, 70])
    rest = 100 - done
    got = draw.choice(range(need - rest + 4, min(done, need) - 3))
    key = 100 * (need - got) / rest
    values = {"done": done, "got": got, "need": need, "rest": rest, "missing": need - got, "key": key}
    found = {
        "points_for_share": float(need - got),
        "pass_mark_for_share": float(need),
        "lost_for_got": 100 * (need - (done - got)) / rest,
    }
    return Drawn(values, key, distractors({name: value for name, value in found.items() if value > 0}))


def named_and_expanded(draw: Random) -> Drawn:
    """Mark a short answer whose points are partly named only."""
    n, name, reason = draw.choice(range(4, 9)), draw.choice([0.5, 1, 1.5]), draw.choice([0.5, 1, 1.5, 2])
    named = draw.choice(range(3, n + 1))
    expanded = draw.choice(range(1, named))
    key = named * name + expanded * reason
    values = {
        "n": n,
        "name": name,
        "reason": reason,
        "named": named,
        "expanded": expanded,
        "for_names": named * name,
        "for_reasons": expanded * reason,
        "key": key,
    }
    found = {
        "names_earn_all": named * (name + reason),
        "names_earn_nothing": expanded * (name + reason),
        "reasons_forgotten": named * name,
    }
    return Drawn(values, key, distractors(found))


def several_keys(draw: Random) -> Drawn:
    """Mark a section of multiple response by the course's rule."""
    full, part, wrong = draw.choice(range(2, 8)), draw.choice(range(1, 6)), draw.choice(range(1, 5))
    each = draw.choice([2, 3, 4])
    key = each * (full + part / 2)
    values = {
        "full": full,
        "part": part,
        "wrong": wrong,
        "each": each,
        "for_full": each * full,
        "for_part": each * part / 2,
        "key": key,
    }
    found = {
        "part_is_full": float(each * (full + part)),
        "part_is_nothing": float(each * full),
        "wrong_is_half": each * (full + part / 2 + wrong / 2),
    }
    return Drawn(values, key, distractors(found))


def days_of_review(draw: Random) -> Drawn:
    """Find how many days a review takes."""
    while True:
        number, each = draw.choice(range(80, 301, 10)), draw.choice([1.5, 2, 2.5])
        times, daily = draw.choice([2, 3]), draw.choice(range(25, 91, 5))
        whole = number * each * times
        if whole % daily and ceil(whole / daily) < 60:
            break
    key = float(ceil(whole / daily))
    values = {
        "number": number,
        "each": each,
        "times": times,
        "daily": daily,
        "whole": whole,
        "exact": whole / daily,
        "key": key,
    }
    found = {
        "once_is_enough": float(ceil(number * each / daily)),
        "rounded_down": key - 1,
        "questions_for_minutes": float(ceil(number * times / daily)),
    }
    return Drawn(values, key, distractors(found))


def luck_with_statements(draw: Random) -> Drawn:
    """Find the chance of enough lucky guesses among statements."""
    while True:
        n, known = draw.choice(range(8, 31)), draw.choice(range(3, 28))
        unknown = n - known
        lucky = draw.choice(range(1, 6))
        if 3 <= unknown <= 8 and 2 <= lucky < unknown:
            break
    ways = [comb(unknown, k) for k in range(lucky, unknown + 1)]
    key = 100 * sum(ways) / 2**unknown
    values = {
        "n": n,
        "known": known,
        "unknown": unknown,
        "need": known + lucky,
        "lucky": lucky,
        "good": sum(ways),
        "all": 2**unknown,
        "key": key,
    }
    found = {
        "exactly_for_at_least": 100 * ways[0] / 2**unknown,
        "one_way_only": 100 / 2**lucky,
        "fall_short": 100 - key,
    }
    return Drawn(values, key, distractors(found))


@cache
def _sittings() -> Sittings:
    return prepare(load("mock_sittings"))


@cache
def _mean(**inputs: Any) -> float:
    """Return the mean mark of the class as the explorer shows it."""
    return round(minutes.headline(minutes.run(_sittings(), minutes.MinutesPlan(**inputs)))["mean"], 1)


def in_the_mock(draw: Random) -> Drawn:
    """Read a figure off the explorer, on the class of the mock exam."""
    pace = float(draw.choice([70, 75, 85, 90, 115, 120]))
    key = _mean(pace=pace)
    others = {"inputs_not_set": _mean(), "other_order": _mean(pace=pace, order="written")}
    return Drawn({"pace": pace}, key, distractors(others))


GENERATORS: dict[str, Generator] = {
    generator.__name__: generator
    for generator in (
        minutes_by_points, first_section, worth_of_guesses, known_by_correction, guess_with_penalty, share_of_the_rest,
        named_and_expanded, several_keys, days_of_review, luck_with_statements, in_the_mock,
    )
}  # fmt: skip

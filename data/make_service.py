"""Make ``service_steps.csv`` and ``service_survey.csv``: blueprint and survey of a hospital's outpatient hall.

Run ``python data/make_service.py``. Synthetic, seeded. ``numpy.random.RandomState`` is used because its stream is
frozen; a rebuild is identical byte by byte.

How the numbers hang together: each patient has a latent mood. Experience of the five dimensions of service quality
follows mood and dimension; overall satisfaction follows above all responsiveness and reliability, although patients
say that reliability and assurance matter most. Whoever is asked on the spot answers more kindly. What patients feel
about seven features follows classes of Kano's model, which differ by age.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.random import RandomState
from numpy.typing import NDArray

from crmlib.support.files import atomic_write

Array = NDArray[np.float64]

SEED = 20251103
INVITED = 1200

STEPS = pd.DataFrame(
    [
        # name, zone, failure probability, recovered share, standard, evidence, measure, its monthly cost, its cut
        ("网上预约", "Book online", "customer", 0.040, 0.50, "3 步以内完成", "done in 3 taps at most",
         "预约页面、短信", "booking page, text message", "短信确认", "confirmation by text", 1500, 0.4),
        ("到院报到", "Check in", "front", 0.030, 0.70, "2 分钟以内", "within 2 minutes",
         "报到机、导诊台", "check-in machine, help desk", "增加导诊员", "one more guide", 10000, 0.6),
        ("排队候诊", "Wait to be called", "customer", 0.120, 0.20, "等候不超过 30 分钟", "30 minutes at most",
         "叫号屏、座椅", "call screen, seats", "分时段预约", "appointments by time slot", 18000, 0.6),
        ("调取病历", "Fetch the record", "back", 0.025, 0.60, "1 分钟以内", "within 1 minute",
         "", "", "", "", None, None),
        ("医生问诊", "See the doctor", "front", 0.035, 0.40, "不少于 6 分钟", "6 minutes at least",
         "诊室、白大褂", "consulting room, white coat", "问诊清单", "checklist of questions", 3000, 0.3),
        ("开检查单", "Order the tests", "front", 0.020, 0.60, "当面说明用途", "purpose explained in person",
         "检查单", "order form", "", "", None, None),
        ("缴费", "Pay", "customer", 0.060, 0.65, "等候不超过 5 分钟", "5 minutes at most",
         "收费窗口、发票", "counter, receipt", "诊间支付", "in-room payment", 8000, 0.7),
        ("抽血", "Take the sample", "front", 0.030, 0.50, "一次完成", "done at the first try",
         "采血台、标签", "sampling desk, label", "", "", None, None),
        ("检验出结果", "Analyse the sample", "back", 0.040, 0.25, "2 小时以内", "within 2 hours",
         "", "", "双人复核", "check by a second person", 9000, 0.5),
        ("系统传报告", "Send the report", "support", 0.050, 0.30, "10 分钟以内", "within 10 minutes",
         "", "", "接口改造", "mended interface", 12000, 0.8),
        ("复诊看报告", "Discuss the report", "front", 0.030, 0.40, "当天完成", "on the same day",
         "报告单", "printed report", "异常值标红", "abnormal values in red", 2500, 0.4),
        ("处方审核", "Check the prescription", "back", 0.015, 0.70, "5 分钟以内", "within 5 minutes",
         "", "", "", "", None, None),
        ("取药", "Collect the medicine", "front", 0.045, 0.50, "等候不超过 10 分钟", "10 minutes at most",
         "药房窗口、药袋", "pharmacy counter, bag", "条码核对", "check by barcode", 7000, 0.6),
        ("离院指引", "Leave with advice", "front", 0.080, 0.15, "人人有书面说明", "written advice for everybody",
         "告知单", "advice slip", "统一告知单", "one advice slip for all", 2000, 0.7),
    ],
    columns=["step", "step_en", "zone", "failure", "recovered", "standard", "standard_en", "evidence", "evidence_en",
             "measure", "measure_en", "cost", "cut"],
)  # fmt: skip

CHANNELS = {
    "phone": (0.28, 0.48, 0.0),
    "post": (0.17, 0.22, 0.0),
    "spot": (0.22, 0.78, 0.45),
    "web": (0.33, 0.31, -0.1),
}
"""Share of those invited, share that answers, and by how much answers are kinder than elsewhere."""
AGES = {"young": 0.35, "middle": 0.40, "old": 0.25}
DIMENSIONS = ("tangibles", "reliability", "responsiveness", "assurance", "empathy")
EXPECTED = np.array([7.3, 8.8, 8.5, 8.7, 7.7])
FOUND = np.array([8.1, 8.0, 6.6, 8.5, 7.3])
TRUE_WEIGHTS = np.array([0.06, 0.27, 0.41, 0.16, 0.10])
STATED = np.array([10, 31, 19, 25, 15])
OTHERS = {
    "city": (0.45, np.array([8.7, 8.7, 6.1, 9.0, 6.6])),
    "private": (0.30, np.array([8.3, 7.2, 8.4, 7.1, 8.3])),
    "township": (0.25, np.array([6.0, 7.0, 7.5, 6.8, 7.9])),
}
"""Other places: share of those who know one, and how patients find them in the five dimensions."""
CLASSES = ("A", "O", "M", "I", "R", "Q")
FEATURES = {
    # shares of Kano's classes among young, middle-aged and old patients
    "clean": ((3, 22, 62, 11, 0, 2), (3, 20, 64, 11, 0, 2), (4, 24, 58, 12, 0, 2)),
    "screen": ((6, 22, 46, 23, 1, 2), (6, 24, 46, 21, 1, 2), (12, 30, 36, 19, 1, 2)),
    "wait": ((14, 55, 21, 8, 0, 2), (14, 58, 19, 7, 0, 2), (18, 50, 21, 9, 0, 2)),
    "pay": ((20, 42, 24, 12, 0, 2), (30, 34, 14, 20, 0, 2), (16, 12, 6, 46, 18, 2)),
    "follow": ((52, 14, 4, 26, 2, 2), (58, 15, 4, 20, 1, 2), (62, 16, 5, 14, 1, 2)),
    "robot": ((30, 6, 2, 52, 8, 2), (14, 4, 2, 56, 22, 2), (4, 2, 2, 28, 62, 2)),
    "music": ((14, 3, 1, 72, 8, 2), (12, 3, 1, 74, 8, 2), (10, 2, 1, 71, 14, 2)),
}
MIDDLE = (2, 3, 4)


def make_steps(seed: int = 0) -> pd.DataFrame:
    """Return the blueprint, a row a step; with a seed its probabilities, recovery and costs differ a little."""
    steps = STEPS.copy()
    if seed:
        rng = RandomState(seed)
        n = len(steps)
        steps["failure"] = np.clip(steps["failure"] * rng.uniform(0.6, 1.5, n), 0.005, 0.3).round(3)
        steps["recovered"] = np.clip(steps["recovered"] + rng.uniform(-0.1, 0.1, n), 0.05, 0.9).round(2)
        steps["cost"] = (steps["cost"] * rng.uniform(0.7, 1.3, n) / 500).round() * 500
    steps["cost"] = steps["cost"].astype("Int64")
    steps.insert(0, "step_id", [f"S{number + 1:02d}" for number in range(len(steps))])
    return steps


def make_survey(seed: int = SEED, invited: int = INVITED) -> pd.DataFrame:
    """Return the survey, a row a patient invited; of who did not answer only channel, age and date are known."""
    rng = RandomState(seed)
    channel = pick(rng, {name: row[0] for name, row in CHANNELS.items()}, invited)
    age = pick(rng, AGES, invited)
    mood = rng.standard_normal(invited)
    answered = who_answers(rng, channel, age, mood)
    kinder = np.array([CHANNELS[name][2] for name in channel])
    days = np.where(channel == "spot", 0, np.ceil(rng.gamma(2.0, 1.0, invited) * delay(channel)))
    frame = pd.DataFrame(
        {
            "patient_id": [f"P{number + 1:05d}" for number in range(invited)],
            "channel": channel,
            "age": age,
            "answered": answered.astype(int),
            "days": days,
        }
    )
    answers = quality(rng, mood, kinder) | points(rng, invited) | kano(rng, age) | elsewhere(rng, invited)
    frame = frame.assign(**answers)
    return leave_gaps(rng, frame, answered)


def pick(rng: RandomState, shares: dict[str, float], n: int) -> NDArray[np.str_]:
    """Draw one of the names for each of n."""
    return rng.choice(list(shares), n, p=np.array(list(shares.values())) / sum(shares.values()))


def delay(channel: NDArray[np.str_]) -> Array:
    """Return about how many days half of a mean answer takes, by channel."""
    return np.array([{"phone": 0.6, "post": 6.0, "spot": 0.0, "web": 1.6}[name] for name in channel])


def who_answers(rng: RandomState, channel: NDArray[np.str_], age: NDArray[np.str_], mood: Array) -> NDArray[np.bool_]:
    """Say who answers: by channel; the old rarely on the web, more by phone and post; the unhappy answer less."""
    rate = np.array([CHANNELS[name][1] for name in channel])
    old = age == "old"
    rate = rate * np.where(old & (channel == "web"), 0.35, 1.0) * np.where(old & (channel == "post"), 1.4, 1.0)
    return np.asarray(rng.uniform(size=len(rate)) < np.clip(rate + 0.05 * mood, 0.02, 0.97))


def scale(values: Array, low: int = 1, high: int = 10) -> Array:
    """Round to the points of an answer scale."""
    return np.asarray(np.clip(np.round(values), low, high))


def quality(rng: RandomState, mood: Array, kinder: Array) -> dict[str, Array]:
    """Expectation and experience in five dimensions, and three overall questions, all 1 to 10."""
    n = len(mood)
    expected = scale(EXPECTED + 0.35 * rng.standard_normal((n, 1)) + 0.8 * rng.standard_normal((n, 5)))
    felt = (
        FOUND
        + 0.75 * mood[:, None]
        + kinder[:, None]
        + np.array([0.9, 0.9, 1.5, 0.8, 1.0]) * rng.standard_normal((n, 5))
    )
    found = scale(felt)
    level = felt @ TRUE_WEIGHTS
    gap = (felt - expected) @ TRUE_WEIGHTS
    overall = {
        "satisfied": scale(level + 0.2 + 0.6 * rng.standard_normal(n)),
        "met": scale(6.4 + 0.9 * gap + 0.25 * (level - 7) + 0.8 * rng.standard_normal(n)),
        "ideal": scale(level - 0.9 + 0.8 * rng.standard_normal(n)),
    }
    asked = {f"expect_{name}": expected[:, k] for k, name in enumerate(DIMENSIONS)}
    return asked | {f"found_{name}": found[:, k] for k, name in enumerate(DIMENSIONS)} | overall


def points(rng: RandomState, n: int) -> dict[str, Array]:
    """Importance as stated: 100 points dealt over the five dimensions in fives; a few people add up wrongly."""
    dealt = 5 * np.stack([rng.multinomial(20, STATED / 100) for _one in range(n)]).astype(float)
    slip = rng.uniform(size=n) < 0.05
    dealt[slip, 1] += rng.choice([-10.0, 10.0], slip.sum())
    return {f"points_{name}": np.maximum(dealt[:, k], 0) for k, name in enumerate(DIMENSIONS)}


def kano(rng: RandomState, age: NDArray[np.str_]) -> dict[str, Array]:
    """Answers (1 like … 5 dislike) to each feature's presence and absence, such that they fall into drawn classes."""
    group = np.array([list(AGES).index(name) for name in age])
    answers = {}
    for feature, shares in FEATURES.items():
        cumulative = np.cumsum(np.array(shares)[group], axis=1) / 100
        place = (rng.uniform(size=(len(age), 1)) > cumulative).sum(axis=1)
        pairs = np.array([pair(rng, CLASSES[k]) for k in np.minimum(place, len(CLASSES) - 1)], float)
        answers[f"with_{feature}"], answers[f"without_{feature}"] = pairs[:, 0], pairs[:, 1]
    return answers


def pair(rng: RandomState, kind: str) -> tuple[int, int]:
    """Draw a pair of answers that the evaluation table puts into a class."""
    one, other = (MIDDLE[rng.randint(3)] for _side in range(2))
    mixed = [(one, 1), (5, other), (5, 1)][rng.randint(3)]
    doubtful = [(1, 1), (5, 5)][rng.randint(2)]
    return {"A": (1, other), "O": (1, 5), "M": (one, 5), "I": (one, other), "R": mixed, "Q": doubtful}[kind]


def elsewhere(rng: RandomState, n: int) -> dict[str, Any]:
    """Return which other place a patient knows best, for three in five, and how its five dimensions are found."""
    place = pick(rng, {name: row[0] for name, row in OTHERS.items()}, n)
    means = np.stack([OTHERS[name][1] for name in place])
    found = scale(means + 0.6 * rng.standard_normal((n, 1)) + 1.0 * rng.standard_normal((n, 5)))
    knows = rng.uniform(size=n) < 0.6
    columns: dict[str, Any] = {"other_place": np.where(knows, place.astype(object), np.nan)}
    return columns | {f"other_{name}": np.where(knows, found[:, k], np.nan) for k, name in enumerate(DIMENSIONS)}


def leave_gaps(rng: RandomState, frame: pd.DataFrame, answered: NDArray[np.bool_]) -> pd.DataFrame:
    """Take out what was not answered: all of it, single answers, all expectations, or nearly everything.

    A few people tick ten throughout: they are in the data as they are.
    """
    n = len(frame)
    columns = frame.columns[4:]
    numbers = [name for name in columns if name != "other_place"]
    tens = rng.uniform(size=n) < 0.012
    both = [name for name in columns if name.startswith(("expect_", "found_"))]
    frame.loc[tens, both] = 10.0
    blank = pd.DataFrame(rng.uniform(size=(n, len(columns))) < 0.012, columns=columns)
    silent = rng.uniform(size=n) < 0.03
    blank.loc[silent, [name for name in columns if name.startswith("expect_")]] = True
    hurried = rng.uniform(size=n) < 0.015
    blank.loc[hurried, columns[6:]] = True
    blank["days"] = False
    blank["other_place"] = False
    blank.loc[~answered] = True
    frame[columns] = frame[columns].mask(blank)
    frame[numbers] = frame[numbers].astype("Int64")
    return frame


def tables(seed: int = SEED) -> dict[str, pd.DataFrame]:
    """Return each data set that is made here, by its name; the packaged blueprint is the hospital's as it stands."""
    return {"service_steps": make_steps(0 if seed == SEED else seed), "service_survey": make_survey(seed)}


def variant(seed: int) -> dict[str, pd.DataFrame]:
    """Return a student's own blueprint, and a survey of 300 invited."""
    return {"service_steps": make_steps(seed + 1), "service_survey": make_survey(seed, 300)}


def to_csv(table: pd.DataFrame) -> str:
    """Return the text of the file: UTF-8 when written, LF line ends."""
    return table.to_csv(index=False, lineterminator="\n")


if __name__ == "__main__":
    for name, table in tables().items():
        print(atomic_write(Path(__file__).with_name(f"{name}.csv"), to_csv(table)))

"""Choosing a survey: how many answers are needed, by which channel, at what cost, and what non-response does.

Response rates come from the hospital's last survey; cost and speed of the four channels are teaching assumptions.
"""

from dataclasses import dataclass
from math import ceil, sqrt
from statistics import NormalDist
from typing import Literal

import numpy as np
import pandas as pd

from crmlib.chapters.satisfaction.models.survey import CHANNELS
from crmlib.core.errors import DataError
from crmlib.core.i18n import N_, _
from crmlib.core.inputs import Inputs, setting
from crmlib.core.study import Measure, Study
from crmlib.formulas.arrays import Floats, ratio


@dataclass(frozen=True)
class Channel:
    """What a channel costs, how fast it is, and how many patients it can reach. Teaching assumptions."""

    invitation: float  # yuan an invitation
    answer: float  # yuan an answer
    days: float  # to field it
    reach: float  # share of the patients (0–1)


COSTS = {
    "phone": Channel(4.0, 6.0, 10, 0.92),
    "post": Channel(5.0, 3.0, 30, 0.97),
    "spot": Channel(1.0, 8.0, 7, 0.60),
    "web": Channel(0.2, 1.0, 5, 0.68),
}
"""Telephone: direct and fast, but it disturbs. Post: considered answers, slow and dear. On the spot: fast, but only who
comes that week. Web: cheap and fast, but only who is online."""


class SurveyRule(Inputs):
    """How exact the survey must be, what it may cost, and how those who stay silent differ."""

    margin: float = setting(
        5, N_("Margin of error"), low=1, high=15, step=0.5, unit=N_("± percentage points"), group=N_("Accuracy")
    )
    confidence: float = setting(95, N_("Confidence"), low=80, high=99, step=1, unit="%", group=N_("Accuracy"))
    share: float = setting(
        50,
        N_("Expected share of satisfied patients"),
        low=5,
        high=95,
        step=5,
        unit="%",
        group=N_("Accuracy"),
        help=N_("50% needs the most answers and is taken when nothing is known."),
    )
    population: float = setting(
        12_000,
        N_("Patients in all"),
        low=100,
        high=100_000,
        step=100,
        group=N_("Accuracy"),
        help=N_("Only a small population makes the sample noticeably smaller."),
    )
    budget: float = setting(
        6_000, N_("Budget of the survey"), low=0, high=30_000, step=500, unit=N_("yuan"), group=N_("Limits")
    )
    days: float = setting(14, N_("Time until the result"), low=1, high=60, step=1, unit=N_("days"), group=N_("Limits"))
    reach: float = setting(
        65, N_("Reach at least"), low=0, high=100, step=5, unit=N_("% of the patients"), group=N_("Limits")
    )
    silent: float = setting(
        10,
        N_("Silent patients are satisfied less often by"),
        low=-30,
        high=40,
        step=1,
        unit=N_("percentage points"),
        group=N_("Non-response"),
        help=N_("Never known from the answers alone; a few call-backs can give an idea."),
    )
    choose: Literal["cheapest", "fastest", "least_bias"] = setting(
        "cheapest",
        N_("Of the channels within the limits take"),
        group=N_("Limits"),
        choices={
            "cheapest": N_("the cheapest"),
            "fastest": N_("the fastest"),
            "least_bias": N_("that with the least bias"),
        },
    )


@dataclass(frozen=True)
class Response:
    """By channel, in the order of CHANNELS: patients invited and answers, in the last survey."""

    invited: Floats
    answered: Floats

    @property
    def rate(self) -> Floats:
        """Response rate; nan for a channel that was not used."""
        return ratio(self.answered, self.invited)


@dataclass(frozen=True)
class SurveyPlan:
    """What :func:`plan_survey` returns; arrays run over the channels."""

    rule: SurveyRule
    response: Response
    answers: int  # needed
    invitations: Floats  # to get them; nan where nobody answers
    cost: Floats
    bias: Floats  # percentage points
    fits: list[str]  # what speaks against a channel, msgids; empty where it fits
    chosen: int  # place of the channel, −1 where none fits


def prepare(survey: pd.DataFrame) -> Response:
    """Count invitations and answers by channel in a table with the columns of ``data/service_survey.yaml``.

    Raises:
        DataError: nobody answered by any channel.
    """
    answered = survey["answered"].to_numpy(bool)
    by = [survey["channel"].to_numpy(object) == name for name in CHANNELS]
    found = Response(
        np.array([one.sum() for one in by], float), np.array([(one & answered).sum() for one in by], float)
    )
    if not found.answered.any():
        raise DataError(_("Nobody answered the survey, so no response rate is known; look at the column answered."))
    return found


def z_of(confidence: float) -> float:
    """Return z of a two-sided confidence (0–1), such as 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def needed(z: float, margin: float, share: float, population: float = float("inf")) -> int:
    """Return how many answers estimate a share to within ± ``margin``: n₀ = z²·p·(1 − p) ÷ e², rounded up.

    Args:
        z: of the confidence, such as 1.96.
        margin: e, as a share (0.05 for 5 percentage points).
        share: p, expected; 0.5 asks for the most answers.
        population: N; the sample becomes n₀ ÷ (1 + (n₀ − 1) ÷ N). Not given: infinite.

    Simple random sampling; Cochran (1977). Krejcie & Morgan (1970) tabulate it for 95% and ± 5%.
    """
    n = z**2 * share * (1 - share) / margin**2
    return ceil(round(n / (1 + (n - 1) / population), 6))


def sample_size(margin: float, confidence: float = 0.95, share: float = 0.5, population: float = float("inf")) -> int:
    """Return :func:`needed` for a confidence (0–1).

    >>> sample_size(0.05), sample_size(0.05, population=1000)
    (385, 278)
    """
    return needed(z_of(confidence), margin, share, population)


def margin_of_error(n: float, confidence: float = 0.95, share: float = 0.5, population: float = float("inf")) -> float:
    """Return the margin of error (a share) of n answers: z·√(p·(1 − p) ÷ n · (N − n) ÷ (N − 1)).

    >>> round(margin_of_error(385), 4)
    0.0499
    """
    rest = 1.0 if population == float("inf") else max(population - n, 0) / max(population - 1, 1)
    return z_of(confidence) * sqrt(share * (1 - share) / n * rest)


def nonresponse_bias(rate: Floats, difference: float) -> Floats:
    """Return by how much the answers' mean is off: (1 − response rate) × (answering less silent).

    However many answers there are, this does not become smaller. Source: Cochran (1977).

    >>> nonresponse_bias(np.array([0.25]), 12.0).tolist()
    [9.0]
    """
    return (1 - rate) * difference


def plan_survey(response: Response, rule: SurveyRule) -> SurveyPlan:
    """Plan the survey by each channel and choose one.

    Convention: invitations are answers ÷ response rate, rounded up, and cannot be more than the patients a channel
    reaches; equal channels are taken in the order of CHANNELS.
    """
    answers = sample_size(rule.margin / 100, rule.confidence / 100, rule.share / 100, rule.population)
    rate = response.rate
    invitations = np.full(len(rate), np.nan)
    some = rate > 0
    invitations[some] = np.ceil(np.round(answers / rate[some], 6))
    each = list(COSTS.values())
    cost = invitations * [c.invitation for c in each] + answers * np.array([c.answer for c in each])
    bias = nonresponse_bias(rate, rule.silent)
    fits = [_against(rule, c, invitations[k], cost[k]) for k, c in enumerate(each)]
    key = {"cheapest": cost, "fastest": np.array([c.days for c in each]), "least_bias": np.abs(bias)}[rule.choose]
    able = [k for k, said in enumerate(fits) if not said]
    chosen = min(able, key=lambda k: key[k]) if able else -1
    return SurveyPlan(rule, response, answers, invitations, cost, bias, fits, chosen)


def _against(rule: SurveyRule, c: Channel, invitations: float, cost: float) -> str:
    if np.isnan(invitations):
        return N_("response rate not known")
    if 100 * c.reach < rule.reach:
        return N_("reaches too few")
    if invitations > c.reach * rule.population:
        return N_("too few")
    if c.days > rule.days:
        return N_("too slow")
    return N_("too dear") if cost > rule.budget else ""


def headline(p: SurveyPlan) -> dict[str, float]:
    """Return the headline figures; those of the channel chosen are nan where none fits."""
    none, k = float("nan"), p.chosen
    return {
        "answers": float(p.answers),
        "fitting": float(p.fits.count("")),
        "invitations": float(p.invitations[k]) if k >= 0 else none,
        "cost": float(p.cost[k]) if k >= 0 else none,
        "days": list(COSTS.values())[k].days if k >= 0 else none,
        "bias": float(p.bias[k]) if k >= 0 else none,
    }


def listing(p: SurveyPlan) -> pd.DataFrame:
    """List the channels: columns response rate (%), invitations, cost, days, reach (%), bias, what is wrong."""
    columns = {
        "response_pct": 100 * p.response.rate,
        "invitations": p.invitations,
        "cost": p.cost,
        "days": [c.days for c in COSTS.values()],
        "reach_pct": [100 * c.reach for c in COSTS.values()],
        "bias": p.bias,
        "against": p.fits,
    }
    return pd.DataFrame(columns, index=pd.Index(list(CHANNELS), name="channel"))


STUDY = Study(
    name="sampling",
    title=N_("Choice of a survey"),
    datasets=("service_survey",),
    inputs=SurveyRule,
    prepare=prepare,
    run=plan_survey,
    headline=headline,
    listing=listing,
    measures={
        "answers": Measure(N_("Answers needed")),
        "fitting": Measure(N_("Channels within the limits")),
        "invitations": Measure(N_("Invitations by the channel chosen")),
        "cost": Measure(N_("Cost by the channel chosen"), N_("yuan")),
        "days": Measure(N_("Days by the channel chosen")),
        "bias": Measure(N_("Bias by non-response"), N_("percentage points"), 1),
    },
    textbook={"margin": 5.0, "confidence": 95.0, "share": 50.0},
    first=("margin", "population", "budget", "days", "silent"),
)

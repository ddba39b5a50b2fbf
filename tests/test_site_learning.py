"""Predictions, questions, mock exams and cards of the site: what the notebook asks, and nothing of the exam's."""

import json

import pytest

from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import speaking
from crmlib.explorer import prediction
from crmlib.site import predictions, states


@pytest.mark.parametrize("name", STUDIES)
def test_three_predictions_at_least_stand_before_an_explorer_and_land_on_its_stops(name: str) -> None:
    one, both = states.explorer(name), []
    for lang in ("zh", "en"):
        with speaking(lang):
            both.append(json.loads(predictions.told(name)))
    asked = predictions.asked(name)
    assert len(asked) == len(both[0]) == len(both[1]) >= prediction.ROUND
    for (question, true), zh, en in zip(asked, *both, strict=True):
        assert true.visible and true.way in (prediction.UP, prediction.DOWN)
        assert [zh[key] for key in ("input", "stop", "way", "size")] == [
            en[key] for key in ("input", "stop", "way", "size")
        ]
        setting = one.initial.setting_of(question.input)
        assert states.stops(setting)[en["stop"]] == question.to
        after = one.study.headline(one.study.run(one.prepared, one.initial.replace(**{question.input: question.to})))
        assert en["after"] == after[question.measure]
        assert len(en["said"]) == 3 and "<" not in json.dumps(en["cause"])

"""What holds for every study of the workbook and every scenario of its case."""

import pytest

from crmlib import casebook
from crmlib.chapters.studies import STUDIES
from crmlib.core.inputs import on_step
from crmlib.tables.data import csv_text, load

CASES = {casebook.case(name).study: casebook.case(name) for name in casebook.cases()}


@pytest.mark.parametrize("name", STUDIES)
def test_values_that_a_slider_shows_lie_on_its_steps(name: str) -> None:
    study = STUDIES[name]
    scenarios = CASES[name].scenarios.values() if name in CASES else []
    for given in (study.textbook, *(scenario.inputs for scenario in scenarios)):
        inputs = study.inputs(**given).model_dump()
        for s in study.inputs.settings():
            assert not s.step or on_step(inputs[s.name], s.low or 0, s.step), s.name


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_has_a_measure_for_each_headline_figure_and_the_reverse(name: str, lang: str) -> None:
    study = STUDIES[name]
    result = study.answer(*(load(dataset) for dataset in study.datasets))
    assert set(study.headline(result)) == set(study.measures)
    shown = study.beside_default(result, result)
    assert shown.shape == (len(study.measures), 2)


@pytest.mark.parametrize("name", STUDIES)
def test_a_listing_can_be_taken_home(name: str) -> None:
    study = STUDIES[name]
    listed = study.listing(study.answer(*(load(dataset) for dataset in study.datasets)))
    assert csv_text(listed.reset_index()).count("\n") == len(listed) + 1


@pytest.mark.parametrize("name", STUDIES)
def test_figures_by_each_choice_of_an_input_are_those_of_the_study_run_with_it(name: str) -> None:
    study = STUDIES[name]
    how = next((s for s in study.inputs.settings() if s.choices), None)
    if how is None:
        return
    tables = [load(dataset) for dataset in study.datasets]
    key, measure = next(iter(study.measures.items()))
    found = study.by_choice(study.prepare(*tables), study.inputs(), how.name, key)
    assert found.index.name == how.title() and list(found) == [measure.title()]
    for one in how.choices:
        alone = study.headline(study.answer(*tables, **{how.name: one}))
        assert found.loc[how.shown(one), measure.title()] == measure.shown(alone[key])

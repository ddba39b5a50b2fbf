"""What holds for every data set: its file is what its generator makes, and fits its dictionary.

Data sets are the files in ``data/``, never named here.
"""

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from crmlib.chapters.studies import STUDIES
from crmlib.core.i18n import LANGUAGES
from crmlib.core.paths import DATA
from crmlib.tables.data import dictionary, load, read
from crmlib.tables.scripts import Script, maker_of, packaged, read_script, scripts, seeds

DATASETS = sorted(path.stem for path in DATA.glob("*.yaml"))
every_data_set = pytest.mark.parametrize("name", DATASETS)


def made(name: str) -> Script:
    """Return the generator of a data set."""
    found = maker_of(name)
    assert found, f"no script in data/ makes {name}"
    return found


def test_every_file_has_a_dictionary_a_generator_and_a_study() -> None:
    assert sorted(path.stem for path in DATA.glob("*.csv")) == DATASETS
    assert sorted(name for script in scripts() for name in packaged(script)) == DATASETS
    assert sorted({name for study in STUDIES.values() for name in study.datasets}) == DATASETS


@every_data_set
def test_a_rebuild_gives_the_same_bytes(name: str) -> None:
    assert made(name).to_csv(packaged(made(name).file)[name]).encode() == (DATA / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("script", scripts(), ids=lambda script: script.stem)
def test_another_seed_gives_other_data_of_the_same_shape(script: Path) -> None:
    ours = read_script(script)
    for name, other in ours.tables(ours.seed + 1).items():
        assert list(other) == list(dictionary(name).columns)
        assert ours.to_csv(other).encode() != (DATA / f"{name}.csv").read_bytes()


@every_data_set
def test_the_file_is_utf8_with_lf(name: str) -> None:
    raw = (DATA / f"{name}.csv").read_bytes()
    assert b"\r" not in raw and not raw.startswith(b"\xef\xbb\xbf") and raw.endswith(b"\n")
    assert raw.decode("utf-8")


@every_data_set
def test_the_dictionary_names_the_columns_of_the_file_in_order(name: str) -> None:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        assert list(dictionary(name).columns) == next(csv.reader(file))


@every_data_set
def test_the_file_fits_its_dictionary_and_reads_as_it_loads(name: str, lang: str) -> None:
    table = read(DATA / f"{name}.csv", name)
    pd.testing.assert_frame_equal(table.frame, load(name))
    assert table.notes == () and table.extra.shape == (len(load(name)), 0)
    assert not load(name).duplicated(dictionary(name).key).any()


@every_data_set
def test_loaded_columns_have_the_types_of_the_dictionary(name: str) -> None:
    frame = load(name)
    for column, spec in dictionary(name).columns.items():
        assert str(frame[column].dtype) == spec.dtype, column


@every_data_set
def test_the_dictionary_says_the_seed_and_speaks_both_languages(name: str) -> None:
    found = dictionary(name)
    assert all(seeds(made(name)) & set(re.findall(r"\d+", found.source[spoken])) for spoken in LANGUAGES)
    for spec in found.columns.values():
        for text in (spec.meaning, *([spec.unit] if spec.unit else []), *spec.categories.values()):
            assert all(text[spoken].strip() for spoken in LANGUAGES)
            assert not re.search("[一-鿿]", text["en"]), text

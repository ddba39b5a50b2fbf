"""A paragraph that changes in one language is flagged until somebody has looked at the other one."""

from pathlib import Path

import pytest

from crmlib.notebooks import build, pairs
from crmlib.support.files import atomic_write

SOURCE = """---
kernelspec:
  name: python3
  display_name: Python 3
  language: python
---

+++ {"tags": ["zh"]}

五家分行里有 2 家没有达标。

+++ {"tags": ["en"]}

Of five branches 2 did not reach the target.

```{code-cell} ipython3
1 + 1
```

+++ {"tags": ["zh"]}

平均 46.2 分。

+++ {"tags": ["en"]}

The mean is 46.2 points.
"""


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, english: None) -> Path:
    """A source whose pairs have been looked at."""
    monkeypatch.setattr(pairs, "LEDGER", tmp_path / "pairs.json")
    path = atomic_write(tmp_path / "13_trial.md", SOURCE)
    pairs.note(path)
    assert list(pairs.problems(path)) == []
    return path


def rewrite(source: Path, *changes: tuple[str, str]) -> None:
    text = source.read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    source.write_text(text, "utf-8")


@pytest.mark.parametrize(
    "change", [("平均 46.2 分", "大约是 46.2 分"), ("The mean is 46.2", "On average it is 46.2")], ids=["zh", "en"]
)
def test_a_paragraph_that_changed_alone_is_flagged_until_it_is_agreed(source: Path, change: tuple[str, str]) -> None:
    rewrite(source, change)
    for _built_again in range(2):
        (said,) = pairs.problems(source)
        assert "one language has changed and the other has not" in said and "--agreed 13_trial" in said
        pairs.note(source)
    pairs.note(source, agreed=True)
    assert list(pairs.problems(source)) == []


def test_going_back_to_what_was_agreed_ends_the_flag(source: Path) -> None:
    change = ("平均 46.2 分", "大约是 46.2 分")
    rewrite(source, change)
    pairs.note(source)
    rewrite(source, change[::-1])
    assert list(pairs.problems(source)) == []


@pytest.mark.parametrize(
    ("zh", "en", "said"),
    [
        ("平均 47.5 分", "The mean is 45.7", "these numbers stand in one language only: 45.7, 47.5"),
        ("平均不是 47.5 分", "The mean is 47.5", "one language denies something"),
        ("平均 1,200 分，多了", "The mean is 1200 more", ""),
        ("平均 47.5 分，见 `x = 3`", "The mean now is 47.5", ""),
    ],
)
def test_two_that_changed_together_are_compared_by_numbers_and_negations(
    source: Path, zh: str, en: str, said: str
) -> None:
    rewrite(source, ("平均 46.2 分", zh), ("The mean is 46.2", en))
    assert [said in problem for problem in pairs.problems(source)] == [True] * bool(said)
    pairs.note(source)
    assert bool(list(pairs.problems(source))) == bool(said)


def test_every_pair_of_the_workbook_has_been_looked_at(english: None) -> None:
    assert [problem for source in build.sources() for problem in pairs.problems(source)] == []


def test_a_word_that_the_glossary_replaces_is_told_though_the_pair_is_agreed(source: Path) -> None:
    rewrite(source, ("Of five branches 2", "Of five dealers 2"))
    pairs.note(source, agreed=True)
    (said,) = pairs.problems(source)
    assert "dealers" in said and "distributor" in said


def test_a_term_whose_english_name_is_missing_is_flagged_until_it_is_agreed(source: Path) -> None:
    rewrite(source, ("平均 46.2 分", "平均保留率 46.2 分"), ("The mean is 46.2", "The average rate is 46.2"))
    (said,) = pairs.problems(source)
    assert "保留率" in said
    rewrite(source, ("The average rate", "The average retention rate"))
    assert list(pairs.problems(source)) == []

"""Questions asked as one test: each is asked, and all that fail are told."""

import pytest
from each import each


def test_every_value_is_asked_and_all_that_fail_are_told_by_name() -> None:
    asked = []

    @each("number", [1, 2, 3], "the number {}".format)
    def odd(lang: str, number: int) -> None:
        asked.append((lang, number))
        assert number == 2

    with pytest.raises(ExceptionGroup) as failed:
        odd(lang="zh")
    assert asked == [("zh", 1), ("zh", 2), ("zh", 3)]
    assert [fault.__notes__ for fault in failed.value.exceptions] == [
        ["number: the number 1"],
        ["number: the number 3"],
    ]


@each("number, name", [(1, "one"), (2, "two")])
def test_other_parameters_are_fixtures(lang: str, number: int, name: str) -> None:
    assert lang in ("zh", "en") and ["one", "two"].index(name) == number - 1

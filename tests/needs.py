"""What a machine must have for a test: else it is left out and named at the end; in CI that is a failure."""

import pytest

MISSING = "not on this machine: "


def needs(there: object, what: str) -> None:
    """Leave the test out if something is not there; ``what`` it is, in a few words."""
    if not there:
        pytest.skip(MISSING + what)

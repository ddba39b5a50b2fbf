"""To be written: each formula of the chapter against a published figure or one worked by hand."""

from crmlib.chapters.key_accounts.models import key_accounts as model


def test_a_quarter_is_a_quarter() -> None:
    assert model.share_of(30, 120) == 0.25

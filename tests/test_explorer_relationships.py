"""What is special to the explorer of relationship types; the rest is in test_every_explorer."""

from crmlib.chapters.relationships.explorers import explore
from crmlib.tables.data import load


def test_own_accounts_are_explored_like_the_shipped_ones() -> None:
    explorer = explore(load("accounts").head(7), budget=100)
    assert explorer.result.mix.hours <= 100 and len(explorer.result.mix.level) == 7

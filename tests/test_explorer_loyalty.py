"""What is special to the explorer of loyalty; the rest is in test_every_explorer."""

from crmlib.chapters.loyalty.explorers import explore


def test_the_textbook_case_weighs_all_eight_alike() -> None:
    explorer = explore()
    explorer.textbook()
    assert set(explorer.inputs.weights().round(9)) == {0.125}
    assert explorer.board.remarks

"""The game on its board: a quarter played, undone, refused and kept; the debriefing has the figures of the rules."""

import numpy as np
import pytest

from crmlib.core import i18n
from crmlib.core.errors import UserError
from crmlib.core.i18n import _
from crmlib.game import ending, seen
from crmlib.game.board import Board, play_game
from crmlib.game.decisions import QUARTERS, Decisions, decided
from crmlib.game.ending import wide
from crmlib.game.engine import play
from crmlib.game.market import draw
from crmlib.game.policies import POLICIES
from crmlib.game.score import score
from crmlib.support import memory

SENSIBLE = POLICIES["sensible"].play
assert isinstance(SENSIBLE, np.ndarray)


@pytest.fixture
def board(lang: str) -> Board:
    return Board("company")


def decide(board: Board, one: Decisions) -> None:
    for name, value in one.model_dump().items():
        board.controls[name].value = value


def played_through(board: Board) -> Board:
    for row in SENSIBLE:
        decide(board, decided(row))
        board.next_quarter()
    return board


def text(board: Board) -> str:
    return f"{board._head.value}{board._cost.value}{board._facts.value}{board._books.value}{board._said.value}"


def test_the_next_quarter_follows_the_rules(board: Board) -> None:
    played_through(board)
    assert board.over and board.decisions().module == "none"
    assert board.result().value == score(play(draw(board.seed), SENSIBLE)).value


def test_a_change_is_undone_until_the_quarter_ends(board: Board) -> None:
    board.controls["training"].value = 10
    board.controls["training"].value = 20
    board.undo()
    assert board.decisions() == Decisions(training=10)
    board.undo()
    assert board.decisions() == Decisions() and board._undo.disabled
    board.undo()
    assert board.decisions() == Decisions()
    board.controls["training"].value = 10
    board.next_quarter()
    assert board._undo.disabled
    board.undo()
    assert board.decisions() == Decisions(training=10)


def test_a_module_that_was_chosen_stays_when_a_later_change_is_undone(board: Board) -> None:
    board.controls["module"].value = "base"
    board.controls["training"].value = 10
    board.undo()
    assert board.decisions() == Decisions(module="base")
    assert _("The last change is undone.") in board._said.value
    board.undo()
    assert board.decisions() == Decisions() and board._undo.disabled


def test_what_costs_more_than_the_budget_is_refused_and_the_quarter_stays(board: Board) -> None:
    decide(board, Decisions(service_a=4, service_b=4, service_c=4))
    board.next_quarter()
    assert board.state.quarter == 0 and not board.played
    assert seen.money(board.cost()) in board._said.value and seen.money(240) in board._said.value
    assert "crm-wrong" in board._cost.value


def test_only_modules_that_can_be_built_are_offered(board: Board) -> None:
    def offered() -> list[str]:
        return [name for _label, name in board.controls["module"].options]

    assert offered() == ["none", "base", "all"]
    board.controls["module"].value = "base"
    board.next_quarter()
    assert offered() == ["none", "applications", "all"]
    board.controls["module"].value = "all"
    board.next_quarter()
    assert offered() == ["none"]


def test_a_report_and_a_module_are_not_bought_again_unasked(board: Board) -> None:
    decide(board, Decisions(module="base", report="survey", training=4, credit_days=60))
    board.next_quarter()
    assert board.decisions() == Decisions(training=4, credit_days=60)


def test_a_game_goes_on_where_it_was_left(student: None, lang: str) -> None:
    first = Board("company")
    for row in SENSIBLE[:3]:
        decide(first, decided(row))
        first.next_quarter()
    second = Board("company")
    assert second.played == first.played and second.state.quarter == 3
    assert second.decisions().training == first.decisions().training
    assert _("You have played {n} of {all} quarters; the game goes on where you left it.").format(
        n=3, all=QUARTERS
    ) in second._said.value  # fmt: skip
    assert (second.state.share == first.state.share).all()


def test_what_was_kept_and_cannot_be_read_begins_anew(student: None, lang: str) -> None:
    odd = [{"seed": seed, "played": []} for seed in (-1, 2**32, True, "x")]
    for kept in ("nonsense", {"seed": 1, "played": [{"training": 1000}]}, {"seed": "x"}, *odd):
        memory.remember("game:company", kept)
        assert Board("company").played == []


@pytest.mark.parametrize("seed", [-1, 2**32, True, 1.5])
def test_a_seed_of_which_there_is_no_market_is_refused(seed: int, english: None) -> None:
    with pytest.raises(UserError, match=r"The seed .* cannot be used; it may be 0 to 4,294,967,295\."):
        play_game("company", seed=seed)


def test_after_the_last_market_comes_the_first(lang: str) -> None:
    board = Board("company", seed=2**32 - 1)
    board.again()
    assert board.seed == 0


def test_who_runs_unattended_is_reminded_of_nothing(student: None, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    decided_ = Board("company")
    decided_.next_quarter()
    monkeypatch.setenv("CRM_UNATTENDED", "1")
    assert Board("company").played == []


def test_another_market_begins_anew_and_is_kept(student: None, board: Board) -> None:
    seed = board.seed
    played_through(board).again()
    assert (board.seed, board.state.quarter, board.decisions()) == (seed + 1, 0, Decisions())
    assert Board("company").seed == seed + 1


def test_nothing_hidden_is_shown_before_the_end(board: Board) -> None:
    for row in SENSIBLE[:-1]:
        assert not board._end.children and _("True value a year") not in text(board)
        decide(board, decided(row))
        board.next_quarter()
    decide(board, decided(SENSIBLE[-1]))
    board.next_quarter()
    shown = "".join(str(getattr(one, "value", "")) for one in board._end.children[0].children)
    for heading in ("Result", "What each decision did", "Other policies on the same market", "What the records hid"):
        assert f"<h4>{_(heading)}</h4>" in shown
    assert seen.money(float(board.result().value[0])) in shown


def test_each_policy_can_be_run(board: Board) -> None:
    (end,) = played_through(board)._end.children
    for label, name in end.choice.options[1:]:
        end.choice.value = name
        assert label == _(POLICIES[name].label)
        assert _(POLICIES[name].belief) in end._policy.value
        assert wide(seen.books(play(draw(board.seed), POLICIES[name].play))) in end._policy.value


def test_the_search_is_shown_with_its_plan(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "SOON", 1)
    (end,) = played_through(board)._end.children
    end.find()
    assert _("Training and help") in end._best.value


def test_a_board_speaks_both_languages() -> None:
    said = {}
    for spoken in i18n.LANGUAGES:
        with i18n.speaking(spoken):
            said[spoken] = text(played_through(Board("company", seed=3)))
    assert said["zh"] != said["en"] and "第" not in said["en"]

"""What to do next, in the words of each door."""

import string

import pytest

from imagen_demo.domain.advice import Action, Door

EACH = pytest.mark.parametrize("action", Action, ids=[each.name for each in Action])
ABOUT = {"over": 3, "opens": "08:00 UTC", "successor": "Nano {0}"}
BUTTONS = [each for each in Door if each is not Door.PROGRAM]


@EACH
@pytest.mark.parametrize("door", Door)
def test_every_door_words_every_action_in_whole_sentences(action: Action, door: Door) -> None:
    said = door.advise(action, ABOUT)
    assert said[0].isupper()
    assert said[-1] in ".:"
    assert "{" not in said.replace("Nano {0}", "")


@EACH
def test_a_failure_has_to_say_no_more_than_these_three(action: Action) -> None:
    named = {name for _, name, _, _ in string.Formatter().parse(action) if name}
    assert named <= {*ABOUT, "retry", "retry_again", "do_retry"}


@pytest.mark.parametrize("door", BUTTONS)
def test_a_door_with_a_button_names_it_and_no_other(door: Door) -> None:
    assert door.advise(Action.RETRY, {}) == f"Press {door} to try again."
    assert door.advise(Action.WAIT, {}) == f"Wait half a minute, then press {door} again."
    said = " ".join(door.advise(each, ABOUT) for each in Action)
    assert not any(other in said for other in BUTTONS if other is not door)


@EACH
def test_programs_are_told_to_press_nothing(action: Action) -> None:
    assert "press" not in Door.PROGRAM.advise(action, ABOUT).lower()


def test_a_program_is_told_to_try_again_in_the_same_places() -> None:
    said = {each: Door.PROGRAM.advise(each, ABOUT) for each in Action}
    assert said[Action.RETRY] == "Try again."
    assert said[Action.WAIT] == "Wait half a minute, then try again."
    assert said[Action.CHECK_NETWORK] == "Check the network, then try again."
    assert said[Action.SHORTEN] == "Take out 3, then try again."
    assert said[Action.RETRY_IF_WANTED].endswith("by itself; try again if you want to.")

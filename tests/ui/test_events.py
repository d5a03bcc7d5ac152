"""What a browser says by itself agrees with what the server does."""

from imagen_demo.server.body_limits import LARGEST_CALL
from imagen_demo.ui.events import LARGEST_PROMPT


def test_the_longest_prompt_that_gets_through_leaves_room_for_the_rest_of_a_call() -> None:
    assert LARGEST_PROMPT == LARGEST_CALL - 4096

"""What to do about a failure, as data; each door puts it into its own words.

`errors` carry an action, and whoever tells one to somebody knows the door: `ui/messages` a tab's,
`endpoints` that of programs.
"""

from collections.abc import Mapping
from enum import StrEnum

from imagen_demo.domain.vendor import VENDOR


class Action(StrEnum):
    """The one thing to do next; what stands in braces is the door's or the failure's to say."""

    TRY_SOON = "Try again in a minute."
    TRY_LATER = "Try again in a few minutes."
    RETRY = "{do_retry}."
    RETRY_IF_WANTED = "It was not asked for again by itself; {retry} if you want to."
    WAIT = "Wait half a minute, then {retry_again}."
    WAIT_FOR = "It takes requests again {opens}: then {retry_again}."
    WAIT_UNTIL = "There is more from {opens} on."
    WAIT_OR_USE_OWN_KEY = (
        f"There is more from {{opens}} on. Your own {VENDOR.name} key works right away."
    )
    CHECK_NETWORK = "Check the network, then {retry_again}."
    CHECK_KEY = f"Check it for a missing character, or make a new one at {VENDOR.key_page}."
    CHECK_KEY_LIMITS = f"Look at the key's limits at {VENDOR.key_page}."
    USE_OWN_KEY = f"Paste your own {VENDOR.name} key: it works right away."
    USE_OWN_KEY_OR_TELL_HOST = f"Paste your own from {VENDOR.key_page}, or tell the demo's host."
    TOP_UP = f"Top up at {VENDOR.billing_page}."
    VERIFY_CARD = f"Verify it at {VENDOR.billing_page}."
    ASK_FOR_FEWER = "Ask for fewer, or tell the demo's host."
    TELL_HOST = "Tell the demo's host."
    CORRECT_SETTING = "Correct it and start again."
    CHANGE = "Change it and try again."
    CHANGE_NAMED = "Change what it names and try again."
    CHANGE_WORDS = "Try other words, or see what the filter looks at under Options."
    SHORTEN = "Take out {over}, then {retry_again}."
    CHOOSE_MODEL = "Choose another model under Options."
    CHOOSE_SUCCESSOR = "Choose its successor, {successor}, under Options."
    KNOW_SUCCESSOR = "Its successor is {successor}, which this demo does not know."
    OPEN_LINK = "Open its link before it expires:"


class Door(StrEnum):
    """Where a failure is told, by the button that is pressed there; programs have none."""

    CREATE = "Generate"
    COMPARE = "Compare"
    KEY_CHECK = "Check key"
    PROGRAM = ""

    def advise(self, action: Action, about: Mapping[str, object]) -> str:
        """Word an action in one sentence or two; `about` fills what the failure alone knows."""
        press, again = (f"press {self}", f"press {self} again") if self else ("try again",) * 2
        retry = f"Press {self} to try again" if self else "Try again"
        return action.format(retry=press, retry_again=again, do_retry=retry, **about)

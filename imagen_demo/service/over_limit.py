"""What a visitor is told who asks for more than the host allows, and how limits are worded.

`budget` and `sandbox_limit` raise it.
"""

from datetime import UTC, datetime

from limits import RateLimitItem

from imagen_demo.domain.errors import Limit, OverBudget
from imagen_demo.domain.wording import pictures as pictures_of

BY_HOST, BY_SANDBOX = "This demo's host pays for", "This demo's sandbox draws"


def over_all(opens_at: float | None) -> OverBudget:
    """Say that all visitors together had what there is; `opens_at` in seconds since 1970."""
    message = "What this demo's host pays for in a day does not allow this just now."
    return OverBudget(message, opens_at=_moment(opens_at), reason="day")


def over(  # noqa: PLR0913 - each is a word of the sentence
    gives: str,
    limit: RateLimitItem,
    left: int,
    opens_at: float | None,
    *,
    allowed: int,
    key_helps: bool = True,
) -> OverBudget:
    """Say what is left of a visitor's limit; `opens_at` is None for what it never allows."""
    if left:
        message = f"{gives} {pictures_of(left, more=True)} of yours for now: ask for fewer."
    elif not allowed:
        message = f"{gives} no pictures of visitors."
    else:
        message = (
            f"{gives} {pictures_of(allowed)} per {_time_of(limit)} for each address; "
            "yours has had that. A whole room may share one: its host can allow it more."
        )
    reason: Limit = "visitor" if gives == BY_HOST else "sandbox"
    return OverBudget(message, opens_at=_moment(opens_at), key_helps=key_helps, reason=reason)


def per_time(limit: RateLimitItem) -> str:
    """A limit in words: `10 pictures per hour`."""
    return f"{pictures_of(limit.amount)} per {_time_of(limit)}"


def _time_of(limit: RateLimitItem) -> str:
    name = limit.GRANULARITY.name
    return name if limit.multiples == 1 else f"{limit.multiples} {name}s"


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

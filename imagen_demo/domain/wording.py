"""How figures, dates and who drew something are worded, wherever they are said.

Plain text, which `ui` escapes; `file_names` has what files are called.
"""

from datetime import date, datetime, timedelta
from math import ceil
from typing import Literal

from imagen_demo.domain.catalog import MODELS, TOKENS_PER_USD


def day(when: date) -> str:
    """A date for people: `17 August 2026`."""
    return f"{when.day} {when:%B %Y}"


def minute(when: datetime) -> str:
    """A moment for the files, in UTC: `2026-08-17 09:05 UTC`."""
    return f"{when:%Y-%m-%d %H:%M} UTC"


def opening(when: datetime, now: datetime) -> str:
    """When something is there again, in UTC, with the day if it is far: `17 August, 09:05 UTC`."""
    minute = when + timedelta(seconds=59)  # the first full one
    far = f"{minute.day} {minute:%B}, " if when - now > timedelta(hours=12) else ""
    return f"{far}{minute:%H:%M} UTC"


def span(seconds: float) -> str:
    """How long something takes, as people say it: `40 seconds`, `about 24 hours`."""
    for unit, length, until in _UNITS:
        if seconds <= until:
            count = max(1, ceil(seconds / length))
            about = "about " if length > 1 else ""
            return f"{about}{count} {unit}{'' if count == 1 else 's'}"
    return f"about {ceil(seconds / _DAY)} days"


_HOUR = 60 * 60
_DAY = 24 * _HOUR
_UNITS = (("second", 1, 90), ("minute", 60, 90 * 60), ("hour", _HOUR, 2 * _DAY))
"""Name, seconds that one has, and seconds up to which it is told in them."""


def dollars(usd: float) -> str:
    """Dollars with the decimals they need: `$0.042`, `$1.50`."""
    whole, _, decimals = f"{usd:.6f}".rstrip("0").partition(".")
    return f"${whole}.{decimals:0<2}"


def tokens(count: int) -> str:
    """Tokens with their thousands apart: `84,000 tokens`."""
    return f"{count:,} tokens"


def price(count: int) -> str:
    """Tokens and what they are in dollars: `84,000 tokens ($0.042)`."""
    return f"{tokens(count)} ({dollars(count / TOKENS_PER_USD)})"


def pictures(count: int, *, more: bool = False) -> str:
    """Pictures, or pictures more: `1 picture`, `3 more pictures`."""
    return f"{count} {'more ' if more else ''}{'picture' if count == 1 else 'pictures'}"


def drawn_by(model: str, who: Literal["imagen", "sandbox"]) -> str:
    """What drew a picture: `Imagen 4`, or `Imagen 4, played by the sandbox`."""
    return f"{MODELS[model].label}{PLAYED if who == 'sandbox' else ''}"


PLAYED = ", played by the sandbox"
"""What follows the name of a model that the sandbox stood in for."""

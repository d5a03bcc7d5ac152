"""What a host turns while the demo runs: the day's budget, visitors' limits, the host's key.

`host` turns it, `budget` and `provider` act by it, and the page says it to visitors. Each ends by
itself, and outlives this process where several share a Redis.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.domain.wording import dollars, opening
from imagen_demo.domain.wording import pictures as pictures_of
from imagen_demo.logs import disguised
from imagen_demo.service.shared_table import LASTS, SharedTable

if TYPE_CHECKING:
    from redis import Redis

DAILY_TOKENS, VISITOR_LIMIT, KEY_OFF = "daily_tokens", "visitor_limit", "key_off"
EXAMPLE = "example:"
_ONE_VISITOR = f"{VISITOR_LIMIT}:"

LONGEST = LASTS
"""Seconds that anything stays turned."""


@dataclass(frozen=True, slots=True)
class Turned:
    """One thing that is turned.

    Attributes:
        value: Tokens a day, or pictures a visitor; 1 for what is only on.
        until: When it ends, in seconds since 1970.
    """

    value: int
    until: float


class Switches:
    """What is turned just now; safe for many threads."""

    def __init__(self, redis: "Redis | None" = None) -> None:
        """Nothing is turned in this process; `redis` may say more."""
        self._table = SharedTable("switches", redis)
        self.watch, self.close = self._table.watch, self._table.close

    def turn(self, name: str, value: int, until: float) -> None:
        """Turn something until then, and for a day at most.

        Raises:
            RedisError: The others cannot be told; nothing is turned.
        """
        self._table.put({name: json.dumps([value, min(until, time.time() + LONGEST)])})

    def end(self, name: str) -> None:
        """Turn something back.

        Raises:
            RedisError: The others cannot be told; it stays turned.
        """
        self._table.drop([name])

    def known(self) -> dict[str, Turned]:
        """All that is turned as far as it is known here, at once."""
        return _turned(self._table.known)

    def now(self) -> dict[str, Turned]:
        """All that is turned just now, by whomever."""
        return _turned(self._table.look())

    def daily_tokens(self, otherwise: int) -> Turned:
        """How many tokens the host pays for in a day; `otherwise` where nothing is turned."""
        return self.now().get(DAILY_TOKENS, Turned(otherwise, 0))

    def visitor_limit(self, visitor: str, otherwise: int) -> int:
        """How many pictures a visitor may have in the limit's time: the most that is allowed."""
        now = self.now()
        if not now:
            return otherwise
        names = (VISITOR_LIMIT, _ONE_VISITOR + disguised(visitor))
        return max([otherwise, *(now[name].value for name in names if name in now)])

    def key_is_off(self) -> bool:
        """Whether the host's key pays for nothing."""
        return KEY_OFF in self.now()

    def examples(self) -> frozenset[str]:
        """The file names of the examples of the day."""
        names = self.known()
        return frozenset(each.removeprefix(EXAMPLE) for each in names if each.startswith(EXAMPLE))


def _turned(table: Mapping[str, str]) -> dict[str, Turned]:
    """What has not ended of what was turned."""
    now = time.time()
    found = {name: Turned(*json.loads(each)) for name, each in table.items()}
    return {name: each for name, each in found.items() if each.until > now}


def of_visitor(name: str) -> str:
    """The switch of one visitor's limit, by the visitor's name in the log."""
    return _ONE_VISITOR + name


def said(turned: dict[str, Turned]) -> str:
    """What visitors should know of it, in a sentence or two; empty if nothing."""
    if off := turned.get(KEY_OFF):
        return f"This demo's host does not pay until {_when(off)}. Your own key works."
    sentences = []
    if day := turned.get(DAILY_TOKENS):
        sentences.append(
            f"This demo's host pays for pictures of up to {dollars(day.value / TOKENS_PER_USD)} "
            f"today, all visitors together."
            if day.value
            else f"This demo's host pays for no more pictures until {_when(day)}. "
            "Your own key works."
        )
    if room := turned.get(VISITOR_LIMIT):
        sentences.append(
            f"Until {_when(room)} this demo's host pays for {pictures_of(room.value)} of yours "
            "instead of the usual."
        )
    return " ".join(sentences)


def _when(turned: Turned) -> str:
    return opening(datetime.fromtimestamp(turned.until, UTC), datetime.now(UTC))

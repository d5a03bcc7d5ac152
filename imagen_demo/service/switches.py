"""What a host turns while the demo runs: the day's budget, visitors' limits, the host's key.

`host` turns it, `budget` and `provider` act by it, and the page says it to visitors. Each ends by
itself, and outlives this process where several share a Redis.
"""

import json
import logging
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.domain.wording import dollars, opening
from imagen_demo.domain.wording import pictures as pictures_of
from imagen_demo.logs import disguised
from imagen_demo.periodic import Periodic
from imagen_demo.service.shared_counters import PREFIX, unanswered

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("imagen_demo")

DAILY_TOKENS, VISITOR_LIMIT, KEY_OFF = "daily_tokens", "visitor_limit", "key_off"
EXAMPLE = "example:"
_ONE_VISITOR = f"{VISITOR_LIMIT}:"

LONGEST = 24 * 3600
"""Seconds that anything stays turned."""

_NAME = f"{PREFIX}:switches"

_EVERY = 1.0
"""Seconds after which the page knows what another process turned; who pays asks each time."""

_IN_VAIN = 2.0
"""Seconds for which a Redis that did not answer is not asked again: to wait takes as long."""


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
        self._redis = redis
        self._turned: dict[str, Turned] = {}
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._watch = Periodic("switches", self.look, every=_EVERY)

    def watch(self) -> None:
        """Begin to follow what others turn, where there are any."""
        if self._redis is not None:
            self._watch.start()

    def close(self) -> None:
        """Follow them no more."""
        self._watch.close()

    def turn(self, name: str, value: int, until: float) -> None:
        """Turn something until then, and for a day at most.

        Raises:
            RedisError: The others cannot be told; nothing is turned.
        """
        turned = Turned(value, min(until, time.time() + LONGEST))
        if self._redis is not None:
            said = json.dumps([turned.value, turned.until])
            pipe = self._redis.pipeline()
            pipe.hset(_NAME, name, said)
            pipe.expire(_NAME, LONGEST)
            pipe.execute()
        with self._lock:
            self._turned = {**self._turned, name: turned}

    def end(self, name: str) -> None:
        """Turn something back.

        Raises:
            RedisError: The others cannot be told; it stays turned.
        """
        if self._redis is not None:
            self._redis.hdel(_NAME, name)
        with self._lock:
            self._turned = {key: each for key, each in self._turned.items() if key != name}

    def known(self) -> dict[str, Turned]:
        """All that is turned as far as it is known here, at once."""
        now = time.time()
        return {name: each for name, each in self._turned.items() if each.until > now}

    def now(self) -> dict[str, Turned]:
        """All that is turned just now, by whomever."""
        self.look()
        return self.known()

    def look(self) -> None:
        """Ask the Redis; what was known stays where it does not answer."""
        if self._redis is None or time.monotonic() < self._not_before:
            return
        try:
            said = cast("dict[str, str]", self._redis.hgetall(_NAME))
        except unanswered() as error:
            log.warning("what is turned was not read: %s", type(error).__name__)
            self._not_before = time.monotonic() + _IN_VAIN
            return
        turned = {name: Turned(*json.loads(each)) for name, each in said.items()}
        with self._lock:
            self._turned = turned

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

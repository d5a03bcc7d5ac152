"""What the demo did in the last day, counted in one place: for `host`, and for `/metrics`.

`generate` notes every request. Counting is an addition in this process's memory; where several
processes share a Redis, what was added goes there every few seconds, and no click waits for it.
There is no prompt in it, no key and no address: visitors have the names that the log gives them.
"""

import logging
import secrets
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from imagen_demo.domain.errors import ImagenDemoError, OverBudget
from imagen_demo.domain.generation import Generation
from imagen_demo.logs import DRAWN, Entry, disguise_by, disguised
from imagen_demo.periodic import Periodic
from imagen_demo.service.shared_counters import PREFIX, unanswered

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("imagen_demo")

HOUR = 3600
HOURS = 24

_KEPT = (HOURS + 1) * HOUR
"""Seconds for which a Redis keeps an hour's counts."""

BOUNDS = (1, 2, 3, 5, 8, 13, 20, 30, 45, 60, 90, 180, inf)
"""Seconds up to which a request that was drawn counts for one; AI/ML API takes 5 to 45."""

_EVERY = 2.0
"""Seconds between two times that the others are told."""

_NAMES = 4000
"""Different counts of an hour; what a crowd of visitors would add beyond is left out."""

_MICRO = 10**6


@dataclass(frozen=True, slots=True)
class Count:
    """What is counted.

    Attributes:
        kind: Such as `request`, `pictures` or `seconds`.
        of: Whose or which, such as a model and an outcome.
    """

    kind: str
    of: tuple[str, ...] = ()

    def __str__(self) -> str:
        """As it is written in a Redis."""
        return "\t".join((self.kind, *self.of))

    @classmethod
    def read(cls, written: str) -> "Count":
        """What was written there."""
        kind, *of = written.split("\t")
        return cls(kind, tuple(of))


Counts = Mapping[Count, int]


class Figures:
    """Counts of the last day, by hours; safe for many threads."""

    def __init__(self, redis: "Redis | None" = None) -> None:
        """Count from zero here; `redis` is where the others' counts are."""
        self._redis = redis
        self._hours: dict[int, Counter[Count]] = {}
        self._untold: dict[int, Counter[Count]] = {}
        self._total: Counter[Count] = Counter()
        self._counting = threading.Lock()
        self._telling = threading.Lock()
        self._watch = Periodic("figures", self.tell, every=_EVERY)

    def watch(self) -> None:
        """Begin to tell the others, where there are any, and to call visitors as they do."""
        if self._redis is None:
            return
        name = f"{PREFIX}:names"
        with suppress(unanswered()):  # then this process has names of its own
            self._redis.set(name, secrets.token_hex(16), nx=True, ex=_KEPT)
            disguise_by(bytes.fromhex(str(self._redis.get(name))))
        self._watch.start()

    def close(self) -> None:
        """Tell them for the last time."""
        self._watch.close()
        self.tell()

    def note(self, entry: Entry, *, browser: str = "", came: object = None) -> None:
        """Count a request.

        Args:
            entry: What the log says of it.
            browser: Whose it is among those that one visitor's address may stand for.
            came: The generation, or the failure.
        """
        counts = Counter(_counts(entry, browser, came))
        hour = int(time.time()) // HOUR
        with self._counting:
            _add(self._hours.setdefault(hour, Counter()), counts)
            _add(self._total, {key: n for key, n in counts.items() if key.kind not in _OF_VISITORS})
            if self._redis is not None:
                _add(self._untold.setdefault(hour, Counter()), counts)
            for old in [each for each in self._hours if each <= hour - HOURS]:
                del self._hours[old]

    def total(self) -> Counter[Count]:
        """All that this process counted since it began, visitors aside."""
        with self._counting:
            return Counter(self._total)

    def day(self) -> tuple[list[Counter[Count]], bool]:
        """The last 24 hours, the present one last, and whether they are everybody's."""
        now = int(time.time()) // HOUR
        hours = range(now - HOURS + 1, now + 1)
        if self._redis is not None and self.tell():
            try:
                pipe = self._redis.pipeline(transaction=False)
                for hour in hours:
                    pipe.hgetall(_name(hour))
                return [
                    Counter({Count.read(name): int(n) for name, n in found.items()})
                    for found in pipe.execute()
                ], True
            except unanswered() as error:
                log.warning("the figures were not read: %s", type(error).__name__)
        with self._counting:
            return [Counter(self._hours.get(hour, ())) for hour in hours], False

    def tell(self) -> bool:
        """Add what the others do not know yet to what they know; say whether that went well."""
        if self._redis is None:
            return True
        with self._telling:
            with self._counting:
                untold, self._untold = self._untold, {}
            try:
                pipe = self._redis.pipeline()
                for hour, counts in untold.items():
                    for each, n in counts.items():
                        pipe.hincrby(_name(hour), str(each), n)
                    pipe.expire(_name(hour), _KEPT)
                pipe.execute()
            except unanswered():
                with self._counting:
                    for hour, counts in untold.items():
                        if hour > int(time.time()) // HOUR - HOURS:
                            _add(self._untold.setdefault(hour, Counter()), counts)
                return False
        return True


_OF_VISITORS = {"visitor", "refused visitor", "browser"}


def _add(to: Counter[Count], counts: Counts) -> None:
    for each, n in counts.items():
        if each in to or len(to) < _NAMES:
            to[each] += n


def _name(hour: int) -> str:
    return f"{PREFIX}:figures:{hour}"


def _counts(entry: Entry, browser: str, came: object) -> dict[Count, int]:
    visitor = disguised(entry.visitor)
    counts = {Count("request", (entry.model, entry.outcome)): 1}
    if entry.outcome == DRAWN:
        within = BOUNDS[bisect_left(BOUNDS, entry.seconds)]
        counts |= {
            Count("pictures", (entry.model,)): entry.pictures,
            Count("tokens", (entry.model,)): entry.tokens_used or 0,
            Count("seconds", (f"{within:g}",)): 1,
            Count("milliseconds"): round(entry.seconds * 1000),
            Count("visitor", (visitor,)): entry.pictures,
        }
        if isinstance(came, Generation):
            usd = came.usage.usd_spent or 0
            counts[Count("micro-dollars", (entry.model, came.drawn_by))] = round(usd * _MICRO)
    if isinstance(came, OverBudget):
        counts |= {
            Count("refused", (came.reason,)): 1,
            Count("refused visitor", (visitor,)): 1,
            Count("browser", (visitor, disguised(browser))): 1,
        }
    if isinstance(came, ImagenDemoError) and entry.status:
        counts[Count("status", (str(entry.status),))] = 1
    return {each: n for each, n in counts.items() if n}

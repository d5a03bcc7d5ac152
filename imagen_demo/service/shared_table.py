"""Names and their texts that all processes of a host share; of this process alone without a Redis.

`switches` and `stage` keep there what was turned and what is shown. It ends a day after the last
was written, and outlives a process where there is a Redis.
"""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, cast

from imagen_demo.periodic import Periodic
from imagen_demo.service.shared_counters import PREFIX, unanswered

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("imagen_demo")

LASTS = 24 * 3600
"""Seconds for which a Redis keeps it."""

_EVERY = 1.0
"""Seconds after which it is known here what another process wrote, by whoever does not ask."""

_IN_VAIN = 2.0
"""Seconds for which a Redis that did not answer is not asked again: to wait takes as long."""


class SharedTable:
    """Texts by their names; safe for many threads."""

    def __init__(self, name: str, redis: "Redis | None" = None) -> None:
        """Know nothing yet.

        Args:
            name: What it is called there, and in the log.
            redis: What the host's processes share; None where there is one of them.
        """
        self._name = name
        self._redis = redis
        self._known: dict[str, str] = {}
        self._not_before = 0.0
        self._lock = threading.Lock()
        self._watch = Periodic(name, self.look, every=_EVERY)

    def watch(self) -> None:
        """Begin to follow what others write, where there are any."""
        if self._redis is not None:
            self._watch.start()

    def close(self) -> None:
        """Follow them no more."""
        self._watch.close()

    @property
    def known(self) -> Mapping[str, str]:
        """All of it as far as it is known here, at once."""
        return self._known

    def look(self) -> Mapping[str, str]:
        """All of it, by whomever; what was known where the Redis does not answer."""
        if self._redis is None or time.monotonic() < self._not_before:
            return self._known
        try:
            said = cast("dict[str, str]", self._redis.hgetall(self._key))
        except unanswered() as error:
            log.warning("the %s were not read: %s", self._name, type(error).__name__)
            self._not_before = time.monotonic() + _IN_VAIN
            return self._known
        with self._lock:
            self._known = said
        return said

    def put(self, texts: Mapping[str, str]) -> None:
        """Write some.

        Raises:
            RedisError: The others cannot be told; nothing is written.
        """
        if self._redis is not None:
            pipe = self._redis.pipeline()
            pipe.hset(self._key, mapping=dict(texts))
            pipe.expire(self._key, LASTS)
            pipe.execute()
        with self._lock:
            self._known = {**self._known, **texts}

    def drop(self, names: Collection[str]) -> None:
        """Forget some.

        Raises:
            RedisError: The others cannot be told; nothing is forgotten.
        """
        if self._redis is not None and names:
            self._redis.hdel(self._key, *names)
        with self._lock:
            self._known = {name: each for name, each in self._known.items() if name not in names}

    @property
    def _key(self) -> str:
        return f"{PREFIX}:{self._name}"

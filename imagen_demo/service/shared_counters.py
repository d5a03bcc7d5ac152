"""The Redis in which several processes of a host keep what is everybody's, where there is one.

`budget` counts there through the library `limits`; `switches` and `figures` use it themselves. The
client is imported where there is one alone: it takes as long as all of `domain`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from redis import Redis

PATIENCE = 2.0
"""Seconds that it may take to answer: longer, and a visitor would wait for a refusal."""

PREFIX = "imagen-demo"
"""What all names there begin with."""


def shared(storage: str) -> "Redis | None":
    """Return the Redis that `IMAGEN_DEMO_LIMITS_STORAGE` names; it is not connected to yet."""
    if not storage.startswith("redis"):
        return None
    from redis import Redis  # noqa: PLC0415 - see above

    return Redis.from_url(
        storage, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True
    )


def unanswered() -> type[Exception]:
    """What is raised by a Redis that does not answer."""
    from redis.exceptions import RedisError  # noqa: PLC0415 - see above

    return RedisError

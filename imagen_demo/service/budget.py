"""What a host lets visitors have: so many pictures each, so many tokens a day together.

`provider` reserves here before it asks AI/ML API and settles afterwards; what a request may cost
says `domain/pricing`, and what the sandbox draws is only counted. Counting is the library `limits`,
in this process or in a Redis that several share.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import cast

from limits import RateLimitItem, RateLimitItemPerDay, parse
from limits.errors import StorageError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from imagen_demo.domain.errors import Charged, ImagenDemoError, OverBudget
from imagen_demo.domain.wording import pictures as pictures_of

log = logging.getLogger("imagen_demo")

_PATIENCE = 2.0
"""Seconds that a Redis may take to answer: longer, and a visitor would wait for a refusal."""

_CLOCKS_DIFFER = 2.0
"""Seconds before a limit begins anew in which nothing is given back: it could land behind that."""

_UNCOUNTED = "This demo cannot count what its host pays for just now, and so spends nothing."


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a host allows.

    Attributes:
        visitor_limit: Pictures a visitor, as `limits` writes it: `10/hour`.
        daily_tokens: Tokens that all visitors may spend together in 24 hours.
        storage: Where it is counted: `memory://`, or `redis://…` for several processes.
    """

    visitor_limit: RateLimitItem = field(default_factory=lambda: parse("10/hour"))
    daily_tokens: int = 2_000_000
    storage: str = field(default="memory://", repr=False)


@dataclass(slots=True)
class Spending:
    """One request's share, while it is being drawn.

    Attributes:
        pictures: How many were charged; all that were asked for until somebody knows better.
        tokens: What they cost; what was set aside until somebody knows better.
    """

    pictures: int
    tokens: int


class Budget:
    """Counts what the host's key pays for; safe for many threads, and for many processes."""

    def __init__(self, allowance: Allowance) -> None:
        """Connect to nothing yet."""
        self._visitor_limit = allowance.visitor_limit
        self._daily_tokens = RateLimitItemPerDay(allowance.daily_tokens)
        redis = allowance.storage.startswith("redis")
        patience = {"socket_timeout": _PATIENCE, "socket_connect_timeout": _PATIENCE}
        options: dict[str, float] = patience if redis else {}
        # Typed as if it could be asynchronous, which none of its names here asks for.
        self._storage = cast(
            "Storage", storage_from_string(allowance.storage, wrap_exceptions=True, **options)
        )
        # `limits` counts in memory and reads the count in two steps; Redis does it in one.
        self._counting: AbstractContextManager[object] = (
            nullcontext() if redis else threading.Lock()
        )

    @contextmanager
    def spending(
        self, visitor: str, *, pictures: int, tokens: int, least: int | None = None
    ) -> Iterator[Spending]:
        """Set aside what a request may cost while it is drawn, and give back what it did not.

        A failure that cost nothing gives everything back; one that may have been charged, such as
        a timeout, nothing.

        Args:
            visitor: Whoever asks, in a form that may be kept.
            pictures: How many are asked for.
            tokens: What they may cost.
            least: Tokens that must be left: where that much is, but not `tokens`, all that is left
                is set aside, so that nobody else comes in meanwhile. As many as `tokens` if None.

        Yields:
            What is set aside, to be set to what was charged.

        Raises:
            OverBudget: It is more than the host allows, or that cannot be counted just now.
        """
        least = tokens if least is None else least
        reserved = self._reserve(visitor, pictures=pictures, tokens=tokens, least=least)
        spending = Spending(*(share.amount for share in reserved))
        try:
            yield spending
        except ImagenDemoError as error:
            if error.charged is Charged.NO:
                spending.pictures = spending.tokens = 0
            raise
        finally:
            for share, spent in zip(reserved, (spending.pictures, spending.tokens), strict=True):
                self._settle(share, spent)

    def _reserve(
        self, visitor: str, *, pictures: int, tokens: int, least: int
    ) -> tuple["_Share", "_Share"]:
        share = self._take(self._visitor_limit, visitor, pictures, least=pictures)
        try:
            return share, self._take(self._daily_tokens, "everyone", tokens, least=least)
        except OverBudget:
            self._settle(share, 0)
            raise

    def _take(self, limit: RateLimitItem, whose: str, amount: int, *, least: int) -> "_Share":
        key, seconds = limit.key_for("imagen-demo", whose), limit.get_expiry()
        try:
            with self._counting:
                # All of it first, and what is not there back: whoever comes between finds too
                # little and never too much.
                left = limit.amount - (self._storage.incr(key, seconds, amount) - amount)
                opens_at = self._storage.get_expiry(key)
                taken = min(amount, left) if left >= least else 0
                if taken < amount:
                    self._storage.incr(key, seconds, taken - amount)
        except StorageError as cause:
            log.error("the budget cannot be counted: %s", type(cause.storage_error).__name__)  # noqa: TRY400 - no bug
            raise OverBudget(_UNCOUNTED) from cause
        if left < least:
            opens = None if least > limit.amount else opens_at
            everyone = whose == "everyone"
            raise _over_all(opens) if everyone else _over(_HOST, limit, max(0, left), opens)
        return _Share(key, seconds, taken, opens_at)

    def _settle(self, share: "_Share", spent: int) -> None:
        """Count what was spent instead of what was set aside, unless its time is over anyway."""
        if spent == share.amount or time.time() > share.until - _CLOCKS_DIFFER:
            return
        try:
            with self._counting:
                counted = self._storage.incr(share.key, share.seconds, spent - share.amount)
                if counted < 0:  # the storage has forgotten what was set aside
                    self._storage.incr(share.key, share.seconds, -counted)
        except StorageError as cause:
            log.error("the budget cannot be settled: %s", type(cause.storage_error).__name__)  # noqa: TRY400 - no bug


@dataclass(frozen=True, slots=True)
class _Share:
    """What was set aside of one limit.

    Attributes:
        key: The limit's name in the storage.
        seconds: How long it counts.
        amount: Pictures or tokens.
        until: When it begins anew, in seconds since 1970.
    """

    key: str
    seconds: int
    amount: int
    until: float


class SandboxLimit:
    """Counts what the sandbox draws for each visitor, in this process; safe for many threads."""

    def __init__(self, limit: RateLimitItem, *, key_helps: bool) -> None:
        """`key_helps` says whether a visitor's own key is a way around the sandbox."""
        self._limit = limit
        self._key_helps = key_helps
        self._counted = FixedWindowRateLimiter(MemoryStorage())
        self._counting = threading.Lock()

    def take(self, visitor: str, pictures: int) -> None:
        """Count what a visitor asks for, whatever becomes of it.

        Raises:
            OverBudget: It is more than the host allows.
        """
        with self._counting:
            if self._counted.test(self._limit, visitor, cost=pictures):
                self._counted.hit(self._limit, visitor, cost=pictures)
                return
            now = self._counted.get_window_stats(self._limit, visitor)
        opens = None if pictures > self._limit.amount else now.reset_time
        raise _over(_SANDBOX, self._limit, now.remaining, opens, key_helps=self._key_helps)


_HOST, _SANDBOX = "This demo's host pays for", "This demo's sandbox draws"


def _over_all(opens_at: float | None) -> OverBudget:
    message = "What this demo's host pays for in a day does not allow this just now."
    return OverBudget(message, opens_at=_moment(opens_at))


def _over(
    gives: str, limit: RateLimitItem, left: int, opens_at: float | None, *, key_helps: bool = True
) -> OverBudget:
    """Say what is left of a visitor's limit; `opens_at` is None for what it never allows."""
    if left:
        message = f"{gives} {pictures_of(left, more=True)} of yours for now: ask for fewer."
    elif not limit.amount:
        message = f"{gives} no pictures of visitors."
    else:
        name = limit.GRANULARITY.name
        per = name if limit.multiples == 1 else f"{limit.multiples} {name}s"
        message = f"{gives} {pictures_of(limit.amount)} of yours per {per}; you have had that."
    return OverBudget(message, opens_at=_moment(opens_at), key_helps=key_helps)


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)

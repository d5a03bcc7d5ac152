"""What a host lets visitors have: so many pictures each, so many tokens a day together.

`provider` reserves here before it asks AI/ML API and settles afterwards; what a request may cost
says `domain/pricing`. Counting is the library `limits`, in this process or in a Redis that several
share. What the sandbox draws is counted by `sandbox_limit`.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import cast

from limits import RateLimitItem, RateLimitItemPerDay, parse
from limits.errors import StorageError
from limits.storage import Storage, storage_from_string

from imagen_demo.domain.errors import Charged, ImagenDemoError, OverBudget
from imagen_demo.service.over_limit import BY_HOST, over, over_all
from imagen_demo.service.shared_counters import PATIENCE, PREFIX
from imagen_demo.service.switches import Switches

log = logging.getLogger("imagen_demo")

_CLOCKS_DIFFER = 2.0
"""Seconds before a limit begins anew in which nothing is given back: it could land behind that."""

_EVERYONE = "everyone"
"""Whose the tokens are; visitors are hashes."""

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

    def __init__(self, allowance: Allowance, switches: Switches | None = None) -> None:
        """Connect to nothing yet; `switches` are what the host turns meanwhile."""
        self._switches = switches or Switches()
        self._visitor_limit = allowance.visitor_limit
        self._daily_tokens = RateLimitItemPerDay(allowance.daily_tokens)
        redis = allowance.storage.startswith("redis")
        patience = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
        options: dict[str, float] = patience if redis else {}
        # Typed as if it could be asynchronous, which none of its names here asks for.
        self._storage = cast(
            "Storage", storage_from_string(allowance.storage, wrap_exceptions=True, **options)
        )
        # `limits` counts in memory and reads the count in two steps; Redis does it in one.
        self._counting: AbstractContextManager[object] = (
            nullcontext() if redis else threading.Lock()
        )

    def trouble(self) -> str:
        """Say in a few words why nothing can be counted; empty if it can."""
        try:
            there = self._storage.check()
        except StorageError:
            there = False
        return "" if there else "the Redis that counts does not answer, so no host's key is spent"

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
            return share, self._take(self._daily_tokens, _EVERYONE, tokens, least=least)
        except OverBudget:
            self._settle(share, 0)
            raise

    def today(self) -> "Today":
        """Say how the day stands, as far as it can be counted just now.

        Raises:
            OverBudget: It cannot.
        """
        limit = self._daily_tokens
        key = limit.key_for(PREFIX, _EVERYONE)
        try:
            spent, until = self._storage.get(key), self._storage.get_expiry(key)
        except StorageError as cause:
            raise OverBudget(_UNCOUNTED) from cause
        return Today(spent, self._allowed(limit, _EVERYONE)[0], until if spent else None)

    def _allowed(self, limit: RateLimitItem, whose: str) -> tuple[int, float | None]:
        """How much a limit allows as the host has turned it, and how long it is closed, if it is.

        The limit itself stays what it was: what has been counted by it goes on to count.
        """
        if whose != _EVERYONE:
            return self._switches.visitor_limit(whose, limit.amount), None
        day = self._switches.daily_tokens(limit.amount)
        return day.value, None if day.value else day.until or None

    def _take(self, limit: RateLimitItem, whose: str, amount: int, *, least: int) -> "_Share":
        key, seconds = limit.key_for(PREFIX, whose), limit.get_expiry()
        everyone = whose == _EVERYONE
        allowed, closed_until = self._allowed(limit, whose)
        try:
            with self._counting:
                # All of it first, and what is not there back: whoever comes between finds too
                # little and never too much.
                left = allowed - (self._storage.incr(key, seconds, amount) - amount)
                opens_at = self._storage.get_expiry(key)
                taken = min(amount, left) if left >= least else 0
                if taken < amount:
                    self._storage.incr(key, seconds, taken - amount)
        except StorageError as cause:
            log.error("the budget cannot be counted: %s", type(cause.storage_error).__name__)  # noqa: TRY400 - no bug
            raise OverBudget(_UNCOUNTED) from cause
        if left < least:
            opens = closed_until or (None if least > allowed else opens_at)
            if everyone:
                raise over_all(opens)
            raise over(BY_HOST, limit, max(0, left), opens, allowed=allowed)
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
class Today:
    """How the day of all visitors stands.

    Attributes:
        spent: Tokens, with those that are set aside.
        allowed: Tokens.
        until: When it begins anew, in seconds since 1970; None if it has not begun.
    """

    spent: int
    allowed: int
    until: float | None


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

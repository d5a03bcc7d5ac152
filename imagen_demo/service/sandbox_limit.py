"""What the sandbox draws for each visitor: free, but not for ever.

`provider` asks before it draws.
"""

import threading

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from imagen_demo.service.over_limit import BY_SANDBOX, over


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
        raise over(
            BY_SANDBOX,
            self._limit,
            now.remaining,
            opens,
            allowed=self._limit.amount,
            key_helps=self._key_helps,
        )

"""When a request is sent again: only what was certainly not begun, and only soon.

`transport` gives these policies to its sessions; `error_mapping` tells visitors how long to wait.
"""

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

from urllib3 import BaseHTTPResponse, Retry
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    InvalidHeader,
    MaxRetryError,
    NewConnectionError,
    ResponseError,
)

MAX_RETRY_AFTER = 5.0
"""Longest `Retry-After`, in seconds, that a visitor is kept waiting for without being told."""


MAX_TOLD = 366 * 24 * 60 * 60
"""Longest `Retry-After`, in seconds, that is told to anybody; beyond it the service errs."""


def seconds_of(retry_after: str, now: datetime | None = None) -> float | None:
    """Seconds that a `Retry-After` header asks to wait, as a number or a date [RFC 9110].

    Args:
        retry_after: What it says.
        now: The present, if it is to be another.

    Returns:
        None if it asks for nothing, or unintelligibly.
    """
    said = retry_after.strip()
    try:
        if re.fullmatch(r"[0-9]+(\.[0-9]+)?", said):
            wait = float(said)
        else:
            when = parsedate_to_datetime(said)
            in_utc = when if when.tzinfo else when.replace(tzinfo=UTC)
            wait = (in_utc - (now or datetime.now(UTC))).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return wait if 0 < wait <= MAX_TOLD else None


class _SafeRetry(Retry):
    """Retries within a few seconds, or not at all.

    What urllib3's own policy lacks: a wait before the first retry, a long `Retry-After` as a
    reason to give up (it would be slept through), a malformed one as none (it would raise), and
    a connect timeout as final (the visitor has waited long enough).
    """

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    def get_backoff_time(self) -> float:
        """Half a second, then a whole one, each with up to half a second of jitter."""
        waited = super().get_backoff_time() or self.backoff_factor
        return waited + random.random() * self.backoff_jitter  # noqa: S311 - spreads, guards nothing

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that the service asks to wait; None if it does not, or unintelligibly."""
        try:
            return super().get_retry_after(response)
        except (InvalidHeader, ValueError, OverflowError):
            return None

    def increment(
        self,
        method: str | None = None,
        url: str | None = None,
        response: BaseHTTPResponse | None = None,
        error: Exception | None = None,
        _pool: ConnectionPool | None = None,
        _stacktrace: TracebackType | None = None,
    ) -> Self:
        """Count one failure; give up at once where waiting would not help the visitor."""
        too_long = response is not None and (self.get_retry_after(response) or 0) > MAX_RETRY_AFTER
        timed_out = isinstance(error, ConnectTimeoutError) and not isinstance(
            error, NewConnectionError
        )
        if (too_long or timed_out) and _pool is not None:
            raise MaxRetryError(_pool, url or "", error or ResponseError("Retry-After is too long"))
        return super().increment(method, url, response, error, _pool, _stacktrace)


# A paid POST: again only after a refused connection, 429 and 503, none of which began the work.
# read=False raises a broken or silent connection as it is instead of asking twice.
SERVICE_RETRIES = _SafeRetry(
    total=2,
    read=False,
    other=0,
    redirect=False,
    allowed_methods=None,
    status_forcelist={429, 503},
    backoff_factor=0.5,
    backoff_jitter=0.25,
    raise_on_status=False,
)

# `picture_download` has its own: it also asks again when a picture breaks off half way.
NO_RETRIES = Retry(0, read=False)

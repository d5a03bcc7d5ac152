"""HTTP and nothing more: pooled, bounded in time and size, retried only where that is safe.

The only module that imports `requests`; `client` posts through it, `download` gets through it,
and neither meets an exception of a library underneath.
"""

import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import BaseHTTPResponse, Retry
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    InvalidHeader,
    MaxRetryError,
    NewConnectionError,
    ProxyError,
    ReadTimeoutError,
    ResponseError,
    SSLError,
)

from imagen_demo.errors import Charged, ServiceTimeout, ServiceUnreachable, UnusableReply
from imagen_demo.guard import GuardedPool, is_loopback

POOL_SIZE = 128
"""Connections kept per host: as many as visitors can wait at once (see `ui/launch.py`)."""

MAX_RETRY_AFTER = 5.0
"""Longest `Retry-After`, in seconds, that a visitor is kept waiting for without being told."""

MAX_PICTURE_READ = 30.0
"""Longest wait, in seconds, for a picture's bytes: a file that lies ready comes sooner."""


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait, in seconds: for a connection, and for the answer once it stands."""

    connect: float = 10.0
    read: float = 180.0


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP response, whole; the headers' names are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """One pooled session for one API, safe for many threads."""

    def __init__(self, origin: str, timeouts: Timeouts) -> None:
        """`origin` (scheme, host and port) is the API's own: trusted even at a private address."""
        self.timeouts = timeouts
        # A proxy of the environment is for the world outside, not for an API on this machine.
        by_proxy = not is_loopback(urlsplit(origin).hostname or "")
        self._service = _session(trust_env=by_proxy)
        self._service.mount(f"{origin}/", _PooledAdapter(max_retries=_SERVICE_RETRIES))
        self._pictures = _session(trust_env=by_proxy)
        self._pictures.mount("https://", _GuardedAdapter(max_retries=_NO_RETRIES))
        self._pictures.mount(f"{origin}/", _PooledAdapter(max_retries=_NO_RETRIES))

    def post(
        self, url: str, json: object, *, key: str, headers: Mapping[str, str], limit: int
    ) -> Answer:
        """Post once, with the key; sent again only if it certainly was not begun.

        Raises:
            ServiceUnreachable: No connection, or it broke.
            ServiceTimeout: No whole answer within the read timeout.
            UnusableReply: An answer of more than `limit` bytes.
        """
        options = {"json": json, "headers": dict(headers), "auth": _Bearer(key)}
        return self._send(self._service, "POST", url, limit, self.timeouts, options)

    def get(self, url: str, *, limit: int) -> Answer:
        """Get without any key; never follows a redirect, never enters a private network.

        Raises:
            ServiceUnreachable: No connection, or it broke.
            ServiceTimeout: No whole answer within the read timeout.
            UnusableReply: An answer of more than `limit` bytes, or a private address.
        """
        options = {"headers": {"Accept-Encoding": "identity"}, "auth": _Anonymous()}
        read = min(self.timeouts.read, MAX_PICTURE_READ)
        timeouts = Timeouts(connect=self.timeouts.connect, read=read)
        return self._send(self._pictures, "GET", url, limit, timeouts, options)

    def close(self) -> None:
        """Close every pooled connection."""
        self._service.close()
        self._pictures.close()

    @staticmethod
    def _send(  # noqa: PLR0913, PLR0917 - the two ways to send differ in all of these
        session: requests.Session,
        method: str,
        url: str,
        limit: int,
        timeouts: Timeouts,
        options: dict[str, Any],
    ) -> Answer:
        deadline = time.monotonic() + timeouts.connect + timeouts.read
        timeout = (timeouts.connect, timeouts.read)
        try:
            with session.request(
                method, url, timeout=timeout, stream=True, allow_redirects=False, **options
            ) as response:
                body = _read(response.raw, limit, deadline)
                lowered = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, lowered, body)
        except requests.ConnectTimeout as cause:
            raise ServiceUnreachable from cause
        except (requests.Timeout, ReadTimeoutError, TimeoutError) as cause:
            raise ServiceTimeout(f"No answer after {timeouts.read:g} s.") from cause
        except (requests.RequestException, HTTPError, OSError) as cause:
            unsent = _is_unsent(cause)
            raise ServiceUnreachable(
                "" if unsent else "The connection to AI/ML API broke.",
                charged=Charged.NO if unsent else Charged.POSSIBLY,
            ) from cause


def _is_unsent(cause: Exception) -> bool:
    """Whether a request certainly never left: no connection, or nobody trusted at its end."""
    failure = cause.args[0] if cause.args else None
    reason = failure.reason if isinstance(failure, MaxRetryError) else None
    if isinstance(reason, SSLError):
        return isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, (ConnectTimeoutError, ProxyError))


def _read(raw: BaseHTTPResponse, limit: int, deadline: float) -> bytes:
    """Read a body piece by piece, so that neither a large nor a dripping one holds a thread."""
    body = bytearray()
    while piece := raw.read1(1 << 16, decode_content=True):
        body += piece
        if len(body) > limit:
            raise UnusableReply(f"What came back is larger than {limit >> 20} MiB.")
        if time.monotonic() > deadline:
            raise TimeoutError
    return bytes(body)


class _Session(requests.Session):
    """Never looks where a redirect leads: requests would read its body without any limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Pretend there is none; `download` follows redirects itself."""


def _session(*, trust_env: bool) -> requests.Session:
    session = _Session()
    session.trust_env = trust_env
    # One session serves every visitor: a cookie set for one must not travel with the next.
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    # Only what is mounted below is reachable; in particular no plain http.
    session.adapters.clear()
    return session


class _Bearer(AuthBase):
    """Puts the key on one request; as `auth` it also keeps a .netrc from overriding it."""

    def __init__(self, key: str) -> None:
        self._key = key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class _Anonymous(AuthBase):
    """Sends no credentials, not even those of a .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _SafeRetry(Retry):
    """Retries within a few seconds, or not at all.

    What urllib3's own policy lacks: a wait before the first retry, a long `Retry-After` as a
    reason to give up (it would be slept through), a malformed one as none (it would raise), and
    a connect timeout as final (the visitor has waited long enough).
    """

    RETRY_AFTER_STATUS_CODES = frozenset({429, 503})

    def get_backoff_time(self) -> float:
        """0.5 s, then 1 s, each with up to half a second of jitter."""
        return super().get_backoff_time() or self.backoff_factor

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
_SERVICE_RETRIES = _SafeRetry(
    total=2,
    read=False,
    other=0,
    redirect=False,
    allowed_methods=None,
    status_forcelist={429, 503},
    backoff_factor=0.5,
    backoff_jitter=0.5,
    raise_on_status=False,
)

# `download` has its own: it also asks again when a picture breaks off half way.
_NO_RETRIES = Retry(0, read=False)


class _PooledAdapter(HTTPAdapter):
    def __init__(self, *, max_retries: Retry) -> None:
        super().__init__(pool_maxsize=POOL_SIZE, max_retries=max_retries)


class _GuardedAdapter(_PooledAdapter):
    """Never enters a private network. Behind a proxy, the proxy looks names up by its own rules."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own
        """Make the pool as usual, with connections that look whom they reached."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": GuardedPool}

"""HTTP and nothing more: pooled, bounded in time and size, retried only where that is safe.

The only module that imports `requests`; `client` posts through it, `picture_download` gets through
it, and neither meets an exception of a library underneath.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3 import BaseHTTPResponse, PoolManager, ProxyManager, Retry
from urllib3.connectionpool import ConnectionPool
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    MaxRetryError,
    ProxyError,
    ProxySchemeUnsupported,
    ReadTimeoutError,
    SSLError,
)

from imagen_demo.aimlapi.connections import POOLS
from imagen_demo.aimlapi.retries import NO_RETRIES, SERVICE_RETRIES
from imagen_demo.aimlapi.ssrf_guard import PRIVATE, GuardedPool, is_loopback, is_private
from imagen_demo.domain.errors import Charged, ServiceTimeout, ServiceUnreachable, UnusableReply
from imagen_demo.domain.vendor import VENDOR

POOL_SIZE = 256
"""Connections kept per host: as many as visitors can wait at once (`service/generate`). More are
opened where several columns of a comparison need them, and closed after it."""

MAX_QUICK_READ = 30.0
"""Longest wait, in seconds, for what takes the service no work: a file, a balance."""

MAX_PEEK = 3.0
"""Longest wait, in seconds, for what nobody is waiting for."""

_PIECE = 256 * 1024
"""Bytes that are read at once; each time, all other threads may have to be waited for."""


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
        self._service.mount(f"{origin}/", _PooledAdapter(max_retries=SERVICE_RETRIES))
        self._pictures = _session(trust_env=by_proxy)
        self._pictures.mount("https://", _GuardedAdapter(max_retries=NO_RETRIES))
        self._pictures.mount(f"{origin}/", _PooledAdapter(max_retries=NO_RETRIES))

    def post(
        self, url: str, json: object, *, api_key: str, headers: Mapping[str, str], limit: int
    ) -> Answer:
        """Post once, with the key; sent again only if it certainly was not begun.

        Raises:
            ServiceUnreachable: No connection, or it broke.
            ServiceTimeout: No whole answer within the read timeout.
            UnusableReply: An answer of more than `limit` bytes.
        """
        options = {"json": json, "headers": dict(headers), "auth": _Bearer(api_key)}
        return self._send(self._service, "POST", url, limit, self.timeouts, options)

    def ask(self, url: str, *, api_key: str, limit: int) -> Answer:
        """Get something small from the API's own host, with the key.

        Raises:
            ServiceUnreachable: No connection, or it broke.
            ServiceTimeout: No whole answer within the read timeout, or `MAX_QUICK_READ`.
            UnusableReply: An answer of more than `limit` bytes.
        """
        options = {"auth": _Bearer(api_key)}
        return self._send(self._service, "GET", url, limit, self._soon(), options)

    def peek(self, url: str, *, etag: str, limit: int) -> Answer:
        """Get something public from the API's own host, keyless; silence ends it after `MAX_PEEK`.

        Raises:
            ServiceUnreachable: No answer, or not soon enough.
            UnusableReply: An answer of more than `limit` bytes.
        """
        headers = {"If-None-Match": etag} if etag else {}
        options = {"headers": headers, "auth": _Anonymous()}
        timeouts = Timeouts(connect=MAX_PEEK, read=MAX_PEEK)
        return self._send(self._pictures, "GET", url, limit, timeouts, options)

    def get(self, url: str, *, limit: int) -> Answer:
        """Get without any key; never follows a redirect, never enters a private network.

        Raises:
            ServiceUnreachable: No connection, or it broke.
            ServiceTimeout: No whole answer within the read timeout.
            UnusableReply: An answer of more than `limit` bytes, or a private address.
        """
        options = {"headers": {"Accept-Encoding": "identity"}, "auth": _Anonymous()}
        return self._send(self._pictures, "GET", url, limit, self._soon(), options)

    def close(self) -> None:
        """Close every pooled connection."""
        self._service.close()
        self._pictures.close()

    def _soon(self) -> Timeouts:
        read = min(self.timeouts.read, MAX_QUICK_READ)
        return Timeouts(connect=self.timeouts.connect, read=read)

    @staticmethod
    def _send(  # noqa: PLR0913, PLR0917 - the ways to send differ in all of these
        session: requests.Session,
        method: str,
        url: str,
        limit: int,
        timeouts: Timeouts,
        options: dict[str, Any],
    ) -> Answer:
        timeout = (timeouts.connect, timeouts.read)
        try:
            with session.request(
                method, url, timeout=timeout, stream=True, allow_redirects=False, **options
            ) as response:
                body = _read(response.raw, limit)
                lowered = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, lowered, body)
        except requests.ConnectTimeout as cause:
            raise ServiceUnreachable from cause
        except (requests.Timeout, ReadTimeoutError, TimeoutError) as cause:
            raise ServiceTimeout(f"No answer after {timeouts.read:g} s.") from cause
        except (requests.RequestException, HTTPError, ProxySchemeUnsupported, OSError) as cause:
            unsent = _is_unsent(cause)
            raise ServiceUnreachable(
                "" if unsent else f"The connection to {VENDOR.name} broke.",
                charged=Charged.NO if unsent else Charged.POSSIBLY,
            ) from cause


def _is_unsent(cause: Exception) -> bool:
    """Whether a request certainly never left: no connection, or nobody trusted at its end."""
    if isinstance(cause, ProxySchemeUnsupported):  # the one of urllib3's that is no HTTPError
        return True
    failure = cause.args[0] if cause.args else None
    reason = failure.reason if isinstance(failure, MaxRetryError) else None
    if isinstance(reason, SSLError):
        return isinstance(reason.args[0], ssl.SSLCertVerificationError)
    return isinstance(reason, (ConnectTimeoutError, ProxyError))


def _read(raw: BaseHTTPResponse, limit: int) -> bytes:
    """Read a body piece by piece, so that a large one is given up before all of it is here."""
    body = bytearray()
    while piece := raw.read1(_PIECE, decode_content=True):
        body += piece
        if len(body) > limit:
            raise UnusableReply(f"What came back is larger than {limit >> 20} MiB.")
    return bytes(body)


class _Session(requests.Session):
    """Never looks where a redirect leads: requests would read its body without any limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Pretend there is none; `picture_download` follows redirects itself."""


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

    def __init__(self, api_key: str) -> None:
        self._key = api_key

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._key}"
        return request


class _Anonymous(AuthBase):
    """Sends no credentials, not even those of a .netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class _PooledAdapter(HTTPAdapter):
    def __init__(self, *, max_retries: Retry) -> None:
        super().__init__(pool_maxsize=POOL_SIZE, max_retries=max_retries)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> PoolManager:  # noqa: ANN401
        manager: PoolManager = super().proxy_manager_for(*args, **kwargs)
        # A SOCKS proxy is reached by classes of its own, and around it with any other.
        if isinstance(manager, ProxyManager):
            manager.pool_classes_by_scheme = POOLS
        return manager


class _GuardedAdapter(_PooledAdapter):
    """Never enters a private network. Behind a proxy, the proxy looks names up by its own rules."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - likewise
        """Make the pool as usual, with connections that look where a name leads."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": GuardedPool}

    def get_connection_with_tls_context(
        self,
        *args: Any,  # noqa: ANN401 - likewise
        **kwargs: Any,  # noqa: ANN401 - likewise
    ) -> ConnectionPool:
        """Judge the host as it will be written to a proxy, too: every spelling is undone by now."""
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if is_private(pool.host):
            raise UnusableReply(PRIVATE)
        return pool

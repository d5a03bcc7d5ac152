"""Connections whose answers end in time, and which are not used again when they may be dead.

Status, headers and body of an answer share one deadline.

`transport` gives them to its pools, direct or through a proxy; `ssrf_guard` adds whom they may
reach.
"""

import io
import math
import socket
import time
from http.client import HTTPResponse
from typing import Any

import urllib3
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection

KEPT = 3.0
"""Seconds after which a connection is not used again. A server hangs up on one that lies idle,
Node.js and Uvicorn after 5 seconds; a request that crosses with that is lost unanswered, and nobody
can say whether it was charged."""


class _Deadline(io.RawIOBase):
    """What a socket receives, until its timeout is over, counted from now and not anew a byte."""

    def __init__(self, received: io.RawIOBase, connected: socket.socket) -> None:
        self._received = received
        self._socket = connected
        self._timeout = connected.gettimeout() or 0.0
        self._until = time.monotonic() + self._timeout

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - as RawIOBase has it
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._socket.settimeout(left)
        try:
            return self._received.readinto(buffer)
        finally:
            # A proxy's answer is followed by a handshake, which has the whole timeout again.
            self._socket.settimeout(self._timeout)

    def close(self) -> None:
        self._received.close()
        super().close()


class _TimelyResponse(HTTPResponse):
    """An answer that is awaited from now on; one that is asked for again has a time of its own."""

    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_Deadline(self.fp.detach(), sock))


class _TimelyConnection(HTTPConnection):
    response_class = _TimelyResponse
    _answered = -math.inf  # when it last answered; a new one has nothing to lose

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override] # as urllib3 has it
        """Wait for an answer, and begin to age."""
        response = super().getresponse()
        self._answered = time.monotonic()
        return response

    @property
    def is_connected(self) -> bool:
        """Whether it can be asked again; a pool closes one that cannot, and opens it anew."""
        return super().is_connected and time.monotonic() - self._answered < KEPT


class TimelyHTTPSConnection(_TimelyConnection, HTTPSConnection):
    """The same over https."""


class _TimelyPool(HTTPConnectionPool):
    ConnectionCls = _TimelyConnection


class _TimelyHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = TimelyHTTPSConnection


POOLS = {"http": _TimelyPool, "https": _TimelyHTTPSPool}
"""By scheme, as urllib3's pool managers want them."""

"""Connections whose answers end in time: status, headers and body together under one deadline.

`transport` gives them to its pools, direct or through a proxy; `ssrf_guard` adds whom they may
reach.
"""

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection


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


class TimelyHTTPSConnection(HTTPSConnection):
    """A connection of https whose answers end in time."""

    response_class = _TimelyResponse


class _TimelyPool(HTTPConnectionPool):
    ConnectionCls = _TimelyConnection


class _TimelyHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = TimelyHTTPSConnection


POOLS = {"http": _TimelyPool, "https": _TimelyHTTPSPool}
"""By scheme, as urllib3's pool managers want them."""

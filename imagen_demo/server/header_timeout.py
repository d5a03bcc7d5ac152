"""Gives up on connections whose request begins too slowly or too large, before there is an app.

`gradio_patches` lets Uvicorn speak through it. Uvicorn closes a connection that is silent between
two requests, but waits without end for the first one, and for headers that drip; whoever opens a
few thousand of those leaves no file handle for anybody else. Its two parsers do the same work,
httptools in a fraction of the time; what h11 bounds by itself there, and httptools does not, stands
here [uvicorn 0.54, `H11Protocol` and `HttpToolsProtocol`].
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

SECONDS = 20.0
"""From a connection, or from a later request's first byte, to the end of its headers."""

_LARGEST = 64 * 1024
"""Bytes of a request's headers, as h11 has it."""

_AROUND = len(b": \r\n")

_AHEAD = 16
"""Requests that came before an earlier one was answered. Browsers send none."""


class TimelyProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type] # chosen when imported
    """HTTP as Uvicorn speaks it, by whichever parser is installed.

    It hangs up without a word: a browser keeps a connection in reserve, and would take a late 408
    for the answer to what it asks next.
    """

    _patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - asyncio's own
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait on for headers that are not whole; what follows them is `body_limits`' to bound."""
        super().data_received(data)
        if not self._is_awaited():
            self._wait_no_more()
        elif self._patience is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _is_awaited(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._patience = self.loop.call_later(SECONDS, self.transport.abort)

    def _wait_no_more(self) -> None:
        if self._patience:
            self._patience.cancel()
            self._patience = None


class BoundedProtocol(TimelyProtocol):
    """The same by httptools, which takes whatever fits into memory.

    What begins with `on_` is its parser's to call, and whatever is raised there is a 400.
    """

    _in_head = True
    _head = 0  # bytes of this request's headers so far
    _left = 0  # bytes of which nothing was made yet

    def data_received(self, data: bytes) -> None:
        """Hang up on what is neither a request nor a part of one's body."""
        self._left += len(data)
        super().data_received(data)
        if self._left > _LARGEST:
            self.transport.abort()

    def on_message_begin(self) -> None:
        """Begin a request."""
        self._in_head, self._head = True, 0
        super().on_message_begin()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; what comes behind a body would join those that were checked before it."""
        if not self._in_head:
            return
        self._head += len(name) + len(value) + _AROUND
        if self._head > _LARGEST:
            raise ValueError("the headers are too large")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Hand the request to the app."""
        self._in_head, self._left = False, 0
        hosts = [name for name, _ in self.headers].count(b"host")
        if hosts != 1 and (hosts or self.parser.get_http_version() == "1.1"):
            raise ValueError("a request has one host")
        if len(self.pipeline) >= _AHEAD:
            raise ValueError("too many requests at once")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Hand a part of a body to the app."""
        self._left = 0
        super().on_body(body)

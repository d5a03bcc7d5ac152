"""Gives up on connections whose request does not begin in time, before there is an app to ask.

`gradio_patches` lets Uvicorn speak through it. Uvicorn closes a connection that is silent between
two requests, but waits without end for the first one, and for headers that drip [uvicorn 0.54,
`H11Protocol`]; whoever opens a few thousand of those leaves no file handle for anybody else.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

SECONDS = 20.0
"""From a connection, or from a later request's first byte, to the end of its headers."""


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

"""The pages that are open: counted, and held at little cost.

One of the steps of `middleware`; `observed` has the count. The stream that every page stays
connected to costs some 20 KB for each in Gradio's route, as three tasks. So it is held here, and
Gradio hears of a page once that is closed, to put away what it has of it, if it has anything
[gradio 6.31, `heartbeat`].
"""

import asyncio
import re
from collections.abc import Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagen_demo.server.observed import Observed
from imagen_demo.server.routes import API, route_of

_LISTENS = re.compile(rf"{API}/heartbeat/(?P<session>[^/]+)")

_EVERY = 15.0
"""Seconds between two signs of life, as Gradio has it."""

_BEGIN: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream; charset=utf-8")],
}
_SIGN: Message = {"type": "http.response.body", "body": b"data: ALIVE\n\n", "more_body": True}
_END: Message = {"type": "http.response.body", "body": b""}
_GONE: Message = {"type": "http.disconnect"}


class OpenPages:
    """Holds each page that is open until it is closed, or the demo is."""

    def __init__(
        self, app: ASGIApp, observed: Observed, left_something: Callable[[str], bool]
    ) -> None:
        """Hold none yet.

        Args:
            app: Is told of those that were closed.
            observed: Has the count.
            left_something: Whether the app has anything of a page, by its session.
        """
        self._app = app
        self._observed = observed
        self._left_something = left_something
        self._held: set[asyncio.Timeout] = set()
        self._closing: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hold a page; pass everything else on."""
        request = Request(scope)
        page = _LISTENS.fullmatch(route_of(request)) if request.method == "GET" else None
        closed = getattr(scope.get("app"), "stop_event", None)
        if page is None or not isinstance(closed, asyncio.Event):
            await self._app(scope, receive, send)
            return
        self._closing = self._closing or asyncio.create_task(self._let_go(closed))
        self._observed.open_pages += 1
        try:
            await self._hold(receive, send, closed)
        finally:
            self._observed.open_pages -= 1
        if self._left_something(page["session"]):
            await _tell(self._app, scope)

    async def _hold(self, receive: Receive, send: Send, closed: asyncio.Event) -> None:
        await send(_BEGIN)
        while not closed.is_set():
            await send(_SIGN)
            with suppress(TimeoutError):
                async with asyncio.timeout(_EVERY) as waiting:
                    self._held.add(waiting)
                    try:
                        return await _left(receive)
                    finally:
                        self._held.discard(waiting)
        return await send(_END)

    async def _let_go(self, closed: asyncio.Event) -> None:
        """Let nobody wait for the pages when the demo is closed."""
        await closed.wait()
        for each in tuple(self._held):
            each.reschedule(0)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != _GONE["type"]:
        pass


async def _tell(app: ASGIApp, scope: Scope) -> None:
    """Let the app see a page come and go."""
    begun = asyncio.Event()

    async def leave() -> Message:
        await begun.wait()
        return _GONE

    async def see(message: Message) -> None:
        if message["type"] == _SIGN["type"]:
            begun.set()

    await app(scope, leave, see)

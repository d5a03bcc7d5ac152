"""Whether the demo is alive and whether it is able, for whoever runs it: Docker, a load balancer.

`middleware` puts it before anything else is asked of a request; `launch` hands in what must hold.
"""

import time
from asyncio import Lock
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo import NAMED
from imagen_demo.server.observed import Trouble
from imagen_demo.server.routes import route_of
from imagen_demo.server.shutdown import Shutdown

_FRESH = 2.0
"""Seconds for which an answer holds: to look writes to a disk, and anybody may ask."""


class Health:
    """Answers /healthz (alive: always `ok`) and /readyz (able: 200, or 503 and a reason)."""

    def __init__(self, app: ASGIApp, shutdown: Shutdown, troubles: Sequence[Trouble]) -> None:
        """Look at nothing yet; `troubles` may take their time, and are asked in a thread."""
        self._app = app
        self._shutdown = shutdown
        self._troubles = troubles
        self._looking = Lock()
        self._found = ""
        self._until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        route = route_of(Request(scope))
        if route == "/healthz":
            await PlainTextResponse("ok")(scope, receive, send)
        elif route == "/readyz":
            trouble = "stopping" if self._shutdown.begun else await self._trouble()
            said = f"not ready: {trouble}" if trouble else f"ready: {NAMED}"
            await PlainTextResponse(said, 503 if trouble else 200)(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _trouble(self) -> str:
        async with self._looking:
            if time.monotonic() >= self._until:
                self._found = await run_in_threadpool(self._look)
                self._until = time.monotonic() + _FRESH
            return self._found

    def _look(self) -> str:
        return next((said for each in self._troubles if (said := each())), "")

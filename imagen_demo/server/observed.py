"""What the steps of `middleware` notice of a demo's life, for its host.

`launch` hands it in; `health` tells, and the host's page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo.server.routes import API, route_of
from imagen_demo.server.sub_path import SubPath

Trouble = Callable[[], str]
"""Says in a few words why the demo cannot do its work just now; empty if it can."""

_LISTENS = f"{API}/heartbeat/"
"""What every open page is connected to for as long as it is open."""


@dataclass(slots=True)
class Observed:
    """What is known of the demo while it is served.

    Attributes:
        troubles: What keeps it from doing its work; each may take its time to say so.
        sub_path: Notices a path of which the demo was not told.
        open_pages: How many browsers have the page open, of this process.
    """

    troubles: Sequence[Trouble] = ()
    sub_path: SubPath = field(default_factory=SubPath)
    open_pages: int = 0


class OpenPages:
    """Counts the pages that are open."""

    def __init__(self, app: ASGIApp, observed: Observed) -> None:
        """`observed` has the count."""
        self._app = app
        self._observed = observed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        if not route_of(Request(scope)).startswith(_LISTENS):
            return await self._app(scope, receive, send)
        self._observed.open_pages += 1
        try:
            return await self._app(scope, receive, send)
        finally:
            self._observed.open_pages -= 1

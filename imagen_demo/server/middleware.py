"""What every request meets before the app sees it, as a list in this order.

`gradio_patches` puts it outermost, around Gradio's own middleware and its answer to a crash.
Each step is a module of this room.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import gettempdir

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from imagen_demo.server.access import Access
from imagen_demo.server.api_calls import ApiCalls, Calls
from imagen_demo.server.body_limits import BodyLimits
from imagen_demo.server.client_address import client_of
from imagen_demo.server.closed_routes import closed_routes
from imagen_demo.server.cross_origin import cross_origin, preflight
from imagen_demo.server.forwarded_headers import ForwardedHeaders
from imagen_demo.server.health import Health
from imagen_demo.server.host_check import host_check
from imagen_demo.server.login import Login, LoginForm
from imagen_demo.server.observed import Observed
from imagen_demo.server.open_pages import OpenPages
from imagen_demo.server.picture_caching import PictureCaching
from imagen_demo.server.ready_answers import Contents, ReadyAnswers
from imagen_demo.server.refusals import Refusals
from imagen_demo.server.security_headers import ContentPolicy, SecurityHeaders
from imagen_demo.server.shutdown import Shutdown
from imagen_demo.server.upload_limits import UploadLimits


def steps(  # noqa: PLR0913 - each decides about one or two of them
    access: Access,
    shutdown: Shutdown,
    calls: Calls,
    contents: Contents,
    *,
    observed: Observed | None = None,
    reloads: bool = False,
) -> list[Middleware]:
    """Return the steps, the first outermost.

    Args:
        access: What the host allows.
        shutdown: Says when the demo is on its way out.
        calls: What Gradio can be asked for.
        contents: What the page shows that changes.
        observed: What is known, and learned, of the demo while it is served.
        reloads: The demo starts again when its code changes (`gradio app.py`).
    """
    observed = observed or Observed()
    client = partial(client_of, trusted_proxies=access.trusted_proxies)
    policy = ContentPolicy(access.framing, contents.head)
    login = Login(access.accounts, client)
    is_public = not access.accounts
    ready = Middleware(ReadyAnswers, policy, contents, is_public=is_public)
    folders = (Path(gettempdir()), calls.uploads)
    return [
        Middleware(ForwardedHeaders, access.trusted_proxies),
        Middleware(SecurityHeaders, access.origins, policy),
        Middleware(Refusals),
        Middleware(Health, shutdown, observed.troubles),
        Middleware(
            Checks,
            observed.sub_path.notice,
            preflight,
            partial(closed_routes, reloads=reloads),
            *([host_check] if access.local else []),
            partial(cross_origin, access.origins),
            shutdown.refusal,
            *([login.refusal] if access.accounts else []),
            calls.answer,
        ),
        # What is edited while it is served is not the same for long.
        *([] if reloads else [ready]),
        Middleware(UploadLimits, client, folders),
        Middleware(BodyLimits),
        Middleware(Checks, shutdown.refusal),  # it may have begun while a body arrived
        *([Middleware(LoginForm, login)] if access.accounts else []),
        Middleware(ApiCalls, calls),
        Middleware(OpenPages, observed, calls.left_something),
        Middleware(PictureCaching),
    ]


class Checks:
    """Answers in the app's place as soon as a check has an answer."""

    def __init__(self, app: ASGIApp, *checks: Callable[[Request], Response | None]) -> None:
        """Each looks at what stands before a request's body, and answers what goes no further."""
        self._app = app
        self._checks = checks

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        request = Request(scope)
        for check in self._checks:
            if answer := check(request):
                return await answer(scope, receive, send)
        return await self._app(scope, receive, send)


def surround(app: ASGIApp, middleware: Sequence[Middleware]) -> ASGIApp:
    """Return an app with steps around it, put there as `Starlette.build_middleware_stack` does."""
    inside = app
    for step, args, kwargs in reversed(middleware):
        inside = step(inside, *args, **kwargs)

    async def entry(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # Gradio has none
            await WebSocketClose()(scope, receive, send)
        else:
            await (inside if scope["type"] == "http" else app)(scope, receive, send)

    return entry

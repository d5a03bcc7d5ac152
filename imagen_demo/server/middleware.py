"""The wall around the app: what every request must be before the app sees it.

`launch` puts it outermost, around Gradio's own middleware and its answer to a crash.
`upload_limits`, `body_limits` and `api_calls` see to what requests carry and ask for, `login` knows
who may come in, `forwarded_headers` whom to believe, `security_headers` is what answers say to
browsers, and `access` what the host decided.
"""

import ipaddress
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import IO
from urllib.parse import urlsplit

from gradio.routes import App
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from imagen_demo.server.access import Access
from imagen_demo.server.api_calls import Calls
from imagen_demo.server.body_limits import (
    LARGEST_CALL,
    LARGEST_MCP_CALL,
    Refused,
    read_whole,
    replay,
    spool,
)
from imagen_demo.server.forwarded_headers import Forwarded
from imagen_demo.server.login import Login
from imagen_demo.server.security_headers import Dressing
from imagen_demo.server.shutdown import LAST_WORDS, Stopping
from imagen_demo.server.spenders import Spenders
from imagen_demo.server.upload_limits import Turns

# What the page never calls. The first writes every component's value, the key's among them, to a
# file that anyone may fetch; the next two take files of any kind, and keep them. `run` and `api`
# are ways past the queue, `stream` and `proxy=` serve what this demo does not have, and an icon is
# drawn as large as whoever asks for it wants.
_CLOSED = re.compile(
    r"/gradio_api/(deep_link|process_recording|component_server|vibe-[a-z-]+|undo-vibe-edit)/?"
    r"|/gradio_api/((run|api|stream)/|proxy=).*|/pwa_icon/.*",
    re.DOTALL,
)

_MCP = "/gradio_api/mcp"

_UPLOAD = "/gradio_api/upload"

# Gradio itself calls it when it starts, over HTTP and without a login; it answers true or false.
_STARTING = "/gradio_api/startup-events"

_PREFLIGHT = "access-control-request-method"

_WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}

_OPEN = {("POST", "/login"), ("POST", "/logout"), ("GET", _STARTING)}
"""What is asked for without a login."""

_OWN = (".localhost", ".local", ".internal")

_MISLED = PlainTextResponse(
    "This demo is for its own machine, and does not go by this name there. "
    "Behind a proxy set IMAGEN_DEMO_TRUSTED_PROXIES.",
    421,
)

_STOPPING = PlainTextResponse(LAST_WORDS, 503)


class Wall:
    """Refuses what has no business here, and dresses every answer."""

    def __init__(
        self, app: ASGIApp, access: Access, stopping: Stopping, calls: Calls, head: str
    ) -> None:
        """Stand around `app`, whose page adds `head` to its own."""
        self._app = app
        self._calls = calls
        self._stopping = stopping
        self._forwarded = Forwarded(access.trusted_proxies)
        self._visitors = Spenders(access.trusted_proxies)
        self._login = Login(access.accounts, self._visitors)
        self._dressing = Dressing(access, head)
        self._origins = access.origins
        self._local = access.local
        self._turns = Turns()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] == "websocket":  # Gradio has none
            await WebSocketClose()(scope, receive, send)
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            scope = self._forwarded.believed(scope)
            asking, path = HTTPConnection(scope), _route(scope)
            send = self._dressing.on(asking, send)
            if answer := self._refusal(asking, path) or self._unanswerable(asking, path):
                await answer(scope, receive, send)
            elif scope["method"] in _WITHOUT_BODY:
                await self._app(scope, receive, send)
            else:
                await self._with_body(asking, path, receive, send)

    def _refusal(self, asking: HTTPConnection, path: str) -> Response | None:
        """The answer to whatever the app is not asked about."""
        if path == "/healthz":
            return PlainTextResponse(*(("stopping", 503) if self._stopping.begun else ("ok", 200)))
        if asking.scope["method"] == "OPTIONS" and _PREFLIGHT in asking.headers:
            return PlainTextResponse("")
        if answer := self._unwelcome(asking, path):
            return answer
        if self._login and (asking.scope["method"], path) not in _OPEN:
            return self._login.refusal(asking, path)
        return None

    def _unwelcome(self, asking: HTTPConnection, path: str) -> Response | None:
        """The answer to what nobody may ask, or not from where it comes, or not now."""
        if _CLOSED.fullmatch(path):
            return PlainTextResponse("Not found", 404)
        if self._local and not _is_this_machine(asking.headers.get("host", "")):
            return _MISLED
        if asking.scope["method"] in _WITHOUT_BODY:
            return None
        if self._is_foreign(asking):
            return PlainTextResponse("Other sites' pages may not call this demo.", 403)
        return _STOPPING if self._is_too_late(path) else None

    def _is_too_late(self, path: str) -> bool:
        # An MCP client that is given its pictures asks what the tool is, and loses them if that is
        # refused. So this door refuses for itself what is new.
        return self._stopping.begun and path.rstrip("/") != _MCP

    def _unanswerable(self, asking: HTTPConnection, path: str) -> Response | None:
        """The answer to what Gradio would fetch for anybody, or break over."""
        try:
            return self._calls.answer(asking.scope["method"], path, asking.query_params)
        except Refused as refused:
            return _said(refused, path)

    async def _with_body(
        self, asking: HTTPConnection, path: str, receive: Receive, send: Send
    ) -> None:
        """Let a request through once all of it is here and found to be in order."""
        upload = _is_upload(path)
        largest = LARGEST_MCP_CALL if path.rstrip("/") == _MCP else LARGEST_CALL
        turn = self._turns.taken(self._visitors.of(asking)) if upload else nullcontext()
        try:
            with turn, spool() as body:
                await read_whole(asking.headers, receive, body, upload=upload, largest=largest)
                await self._let_in(asking, path, body, receive, send)
        except Refused as refused:
            await _said(refused, path)(asking.scope, receive, send)
        except ClientDisconnect:
            return

    async def _let_in(
        self, asking: HTTPConnection, path: str, body: IO[bytes], receive: Receive, send: Send
    ) -> None:
        body.seek(0)
        if self._is_too_late(path):  # it may have begun while this arrived
            await _STOPPING(asking.scope, receive, send)
        elif self._login and path == "/login":
            await self._login.enter(asking, body.read())(asking.scope, receive, send)
        elif self._login and path == "/logout":
            await self._login.leave(asking)(asking.scope, receive, send)
        else:
            if not _is_upload(path):
                self._calls.check(path, body.read())
            await self._app(asking.scope, replay(body, receive), send)

    def _is_foreign(self, asking: HTTPConnection) -> bool:
        """Whether another site's page sent this, on which its visitor clicked unawares.

        As Go's `http.CrossOriginProtection` does: browsers say it in Sec-Fetch-Site, where that is
        missing (plain HTTP) in Origin; programs send neither.
        """
        origin = asking.headers.get("origin")
        site = asking.headers.get("sec-fetch-site")
        if origin in self._origins:
            return False
        if site is not None:
            return site not in {"same-origin", "none"}
        here = {asking.headers.get(each, "") for each in ("host", "x-forwarded-host")}
        return origin is not None and (urlsplit(origin).netloc or "null") not in here


def _said(refused: Refused, path: str) -> Response:
    """A refusal in the form in which whoever called looks for it."""
    if path.startswith("/gradio_api/") and not _is_upload(path):
        return JSONResponse({"detail": refused.sentence}, refused.status)
    return PlainTextResponse(refused.sentence, refused.status)


def _is_upload(path: str) -> bool:
    return path.rstrip("/").endswith(_UPLOAD)


def _is_this_machine(host: str) -> bool:
    """Whether a request's Host can only mean this machine.

    A page elsewhere may let its own name lead to 127.0.0.1, and is then this demo's own page to a
    browser here (DNS rebinding). Nobody elsewhere owns an address, a name without a dot, or one
    that is reserved for a network of one's own [RFC 6761, RFC 6762, ICANN on .internal].
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        return "." not in name or name.endswith(_OWN) or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def _route(scope: Scope) -> str:
    """The path as the app's routes see it, wherever the app is mounted [as in Starlette]."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path


def walled(
    access: Access, stopping: Stopping, calls: Calls, head: str
) -> Callable[[App], AbstractAsyncContextManager[None]]:
    """A lifespan that puts the wall outermost when the app starts.

    Middleware that is handed to Gradio stands inside of its own, which answers preflights by itself
    and adds its headers last, and inside of Starlette's answer to a crash.
    """

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        inside = app.middleware_stack
        if inside is None:  # it is what runs this
            raise RuntimeError("the app has started without its middleware")
        app.middleware_stack = Wall(inside, access, stopping, calls, head)
        yield

    return lifespan

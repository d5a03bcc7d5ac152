"""The wall around the app: what every request must be, and what every answer says to browsers.

`launch` puts it outermost, around Gradio's own middleware and its answer to a crash. `bodies` reads
what requests carry, `login` knows who may come in, `access` is what the host decided.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from urllib.parse import urlsplit

from gradio.routes import App
from starlette.datastructures import MutableHeaders
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from imagen_demo.access import Access
from imagen_demo.ui.bodies import Refused, read_whole, replay, spool
from imagen_demo.ui.login import Login
from imagen_demo.ui.stopping import Stopping

# Gradio writes the page's values into inline scripts, and runs what `js=` and `js_on_load=` hold by
# making functions of it. What it does not need are scripts in attributes, the one kind that text
# made into HTML can bring along: a script element that comes in that way does not run.
_POLICY = (
    "default-src 'none'",
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'self'",
    "form-action 'self'",
)

# What the page never calls. The first writes every component's value, the key's among them, to a
# file that anyone may fetch; the next two take files of any kind, and keep them.
_CLOSED = ("deep_link", "process_recording", "component_server", "vibe-edit", "vibe-code")

_UPLOAD = "/gradio_api/upload"

# Gradio itself calls it when it starts, over HTTP and without a login; it answers true or false.
_STARTING = "/gradio_api/startup-events"

_WITHOUT_BODY = {"GET", "HEAD", "OPTIONS"}


_STOPPING = PlainTextResponse("This demo is about to stop. Nothing was charged.", 503)


class Wall:
    """Refuses what has no business here, and dresses every answer."""

    def __init__(self, app: ASGIApp, access: Access, stopping: Stopping) -> None:
        """Stand around `app`."""
        self._app = app
        self._stopping = stopping
        self._login = Login(access.accounts)
        self._origins = access.origins
        self._said = {
            "content-security-policy": "; ".join(
                (*_POLICY, f"frame-ancestors {' '.join(access.framing)}")
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse or pass on."""
        if scope["type"] == "websocket":  # Gradio has none
            await WebSocketClose()(scope, receive, send)
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        else:
            asking = HTTPConnection(scope)
            send = self._dressed(asking, send)
            if answer := self._refusal(asking, _route(scope)):
                await answer(scope, receive, send)
            elif scope["method"] in _WITHOUT_BODY:
                await self._app(scope, receive, send)
            else:
                await self._with_body(asking, receive, send)

    def _refusal(self, asking: HTTPConnection, path: str) -> Response | None:
        """The answer to whatever the app is not asked about."""
        method = asking.scope["method"]
        if path == "/healthz":
            return PlainTextResponse(*(("stopping", 503) if self._stopping.begun else ("ok", 200)))
        if path.rstrip("/").endswith(tuple(f"/gradio_api/{each}" for each in _CLOSED)):
            return PlainTextResponse("Not found", 404)
        if method == "OPTIONS" and "access-control-request-method" in asking.headers:
            return PlainTextResponse("")
        if method not in _WITHOUT_BODY and (answer := self._unwelcome(asking)):
            return answer
        if self._login and not self._is_open(asking, path) and not self._login.admits(asking):
            return self._login.answer(asking, path)
        return None

    def _unwelcome(self, asking: HTTPConnection) -> Response | None:
        if self._is_foreign(asking):
            return PlainTextResponse("Other sites' pages may not call this demo.", 403)
        return _STOPPING if self._stopping.begun else None

    def _is_open(self, asking: HTTPConnection, path: str) -> bool:
        return (asking.scope["method"], path) in {("POST", "/login"), ("GET", _STARTING)}

    async def _with_body(self, asking: HTTPConnection, receive: Receive, send: Send) -> None:
        """Let a request through once all of it is here and found to be in order."""
        path = _route(asking.scope)
        with spool() as body:
            try:
                upload = path.rstrip("/").endswith(_UPLOAD)
                await read_whole(asking.headers, receive, body, upload=upload)
            except Refused as refused:
                answer = PlainTextResponse(refused.sentence, refused.status)
                await answer(asking.scope, receive, send)
                return
            except ClientDisconnect:
                return
            if self._stopping.begun:  # while it arrived
                await _STOPPING(asking.scope, receive, send)
            elif self._login and path == "/login":
                body.seek(0)
                await self._login.enter(asking, body.read())(asking.scope, receive, send)
            else:
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

    def _dressed(self, asking: HTTPConnection, send: Send) -> Send:
        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                for name in [each for each in headers if each.startswith("access-control-")]:
                    del headers[name]
                headers.update(self._said)
                self._allow(asking, headers)
                message = {**message, "headers": headers.raw}
            await send(message)

        return dressed

    def _allow(self, asking: HTTPConnection, headers: MutableHeaders) -> None:
        """Let a page read the answer if the host allowed its site; Gradio lets every page."""
        if not self._origins:
            return
        headers.add_vary_header("Origin")
        origin = asking.headers.get("origin")
        if origin not in self._origins:
            return
        headers["access-control-allow-origin"] = origin
        headers["access-control-allow-credentials"] = "true"
        if asking.scope["method"] == "OPTIONS":
            wanted = asking.headers.get("access-control-request-headers", "")
            headers["access-control-allow-headers"] = wanted
            headers["access-control-allow-methods"] = "GET, HEAD, POST, DELETE"


def _route(scope: Scope) -> str:
    """The path as the app's routes see it, wherever the app is mounted [as in Starlette]."""
    path, root = str(scope["path"]), str(scope.get("root_path", ""))
    return path.removeprefix(root) if root and path.startswith(f"{root}/") else path


def walled(
    access: Access, stopping: Stopping
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
        app.middleware_stack = Wall(inside, access, stopping)
        yield

    return lifespan

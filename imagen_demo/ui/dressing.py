"""What every answer says to browsers: what the page may load and run, and who may read or frame it.

`wall` puts it on whatever leaves the app, its own refusals included; `access` is what the host
decided.
"""

from http import HTTPStatus

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import Message, Send

from imagen_demo.access import Access

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


_FILE = "/gradio_api/file="

_KEPT_BY_THE_BROWSER = "private, max-age=3600"
"""A picture never changes at its address; an example may, if the host puts another in its place."""


class Dressing:
    """The headers that no answer goes without."""

    def __init__(self, access: Access) -> None:
        """Say what the host decided about frames and other sites."""
        self._origins = access.origins
        self._said = {
            "content-security-policy": "; ".join(
                (*_POLICY, f"frame-ancestors {' '.join(access.framing)}")
            ),
            "x-content-type-options": "nosniff",
            "referrer-policy": "same-origin",
        }

    def on(self, asking: HTTPConnection, send: Send) -> Send:
        """Return a `send` that says it."""

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=list(message.get("headers", ())))
                for name in [each for each in headers if each.startswith("access-control-")]:
                    del headers[name]
                headers.update(self._said)
                if _FILE in asking.scope["path"] and message["status"] == HTTPStatus.OK:
                    headers["cache-control"] = _KEPT_BY_THE_BROWSER
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

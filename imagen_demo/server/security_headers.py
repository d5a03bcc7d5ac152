"""What every answer says to browsers: what the page may load and run, and who may read or frame it.

`middleware` puts it on whatever leaves the app, its own refusals included; `access` is what the
host decided.
"""

import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagen_demo.server.routes import API

# Gradio runs what `js=` and `js_on_load=` hold by making functions of it, and writes the page's
# values into inline scripts. Those that the demo itself sends are named by their hashes, so that no
# other runs: neither what stands in an attribute or a javascript: link, nor in a frame's srcdoc,
# which inherits all of this. Text made into HTML by scripts may still bring styles along.
_SCRIPTS = "script-src 'self' 'unsafe-eval'"
_RULES = (
    "default-src 'none'",
    "script-src-attr 'none'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "manifest-src 'self'",
    "frame-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
)

POLICY = "content-security-policy"
"""The header's name; an answer that has one keeps it."""

_ALWAYS = {"x-content-type-options": "nosniff", "referrer-policy": "same-origin"}

# A step for each "<", not for each byte: one of a page's scripts has 190 KB.
_INLINE = re.compile(rb"<script(?![^>]*\ssrc=)[^>]*>([^<]*(?:<(?!/script>)[^<]*)*)</script>")


@dataclass(frozen=True)
class ContentPolicy:
    """What the page may load and run, as a header says it.

    Attributes:
        framing: Who may show it in a frame, sources of `frame-ancestors`.
        head: What scripts add to the page's head once it is there, scripts among it.
    """

    framing: Sequence[str]
    head: str

    def of_page(self, page: bytes) -> str:
        """Scripts may be files of the demo's, and what stands in the page."""
        hashes = map(_hash, _INLINE.findall(page + self.head.encode()))
        return f"{' '.join((_SCRIPTS, *dict.fromkeys(hashes)))}; {self._others}"

    @cached_property
    def of_anything_else(self) -> str:
        """There are no scripts in it."""
        return f"{_SCRIPTS}; {self._others}"

    @cached_property
    def of_file(self) -> str:
        """The policy of the page that loads it counts: so one line, of some eighty answers."""
        return f"default-src 'none'; {self._frames}"

    @cached_property
    def _others(self) -> str:
        return "; ".join((*_RULES, self._frames))

    @cached_property
    def _frames(self) -> str:
        return f"frame-ancestors {' '.join(self.framing)}"


class SecurityHeaders:
    """The headers that no answer goes without."""

    def __init__(self, app: ASGIApp, origins: frozenset[str], policy: ContentPolicy) -> None:
        """Say what the host decided about other sites and frames.

        Args:
            app: What answers.
            origins: Other sites whose pages may read it.
            policy: What its pages may load and run.
        """
        self._app = app
        self._origins = origins
        self._policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and put them on its answer."""
        await self._app(scope, receive, self._with_headers(Request(scope), send))

    def _with_headers(self, request: Request, send: Send) -> Send:
        page: Message | None = None  # held back until its scripts are known
        body = b""

        async def sending(message: Message) -> None:
            nonlocal page, body
            if message["type"] == "http.response.start":
                headers = self._headers(request, message)
                message = {**message, "headers": headers.raw}
                if POLICY not in headers:
                    if _is_page(request, headers):
                        page = message
                        return
                    headers[POLICY] = self._policy.of_anything_else
            elif page:
                body += message.get("body", b"")
                if message.get("more_body"):
                    return
                MutableHeaders(raw=page["headers"])[POLICY] = self._policy.of_page(body)
                await send(page)
                page, message = None, {**message, "body": body}
            await send(message)

        return sending

    def _headers(self, request: Request, message: Message) -> MutableHeaders:
        headers = MutableHeaders(raw=list(message.get("headers", ())))
        for name in [each for each in headers if each.startswith("access-control-")]:
            del headers[name]
        headers.update(_ALWAYS)
        self._allow(request, headers)
        return headers

    def _allow(self, request: Request, headers: MutableHeaders) -> None:
        """Let a page read the answer if the host allowed its site; Gradio lets every page."""
        if not self._origins:
            return
        headers.add_vary_header("Origin")
        origin = request.headers.get("origin")
        if origin not in self._origins:
            return
        headers["access-control-allow-origin"] = origin
        headers["access-control-allow-credentials"] = "true"
        if request.method == "OPTIONS":
            wanted = request.headers.get("access-control-request-headers", "")
            headers["access-control-allow-headers"] = wanted
            headers["access-control-allow-methods"] = "GET, HEAD, POST, DELETE"


def _is_page(request: Request, headers: MutableHeaders) -> bool:
    """Whether the answer is a page of the demo's own, and no file that somebody gave it."""
    is_html = headers.get("content-type", "").startswith("text/html")
    return is_html and f"{API}/" not in request.scope["path"]


def _hash(script: bytes) -> str:
    return f"'sha256-{b64encode(sha256(script).digest()).decode()}'"

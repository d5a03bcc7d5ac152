"""How long a browser keeps a picture, and how it learns that it is the same still, or gone.

Innermost of the steps of `middleware`: Gradio serves the file, with an ETag made of its size and
the time of its last change, and does not look at what the browser has already.
"""

import logging
import os
import re
from http import HTTPStatus

from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagen_demo.server.routes import API, route_of

FILE = f"{API}/file="
"""What the address of a file begins with, before its path."""

OF_A_BODY = frozenset(
    {b"content-length", b"content-type", b"content-encoding", b"content-disposition"}
)
"""Headers that an answer without a body goes without."""

_NEVER_CHANGES = re.compile(r".*/([A-Za-z0-9_-]{32}/[A-Za-z0-9_-]{32}|[0-9a-f]{64})/[^/]+")
"""What an album keeps lies in folders with random names, an upload in one with its hash's."""

_FOR_A_DAY = b"private, max-age=86400, immutable"
"""No longer, since a picture may be removed and a visitor may log out: nobody else's browser has
it, and this one forgets it."""

_FOR_AN_HOUR = b"private, max-age=3600"
"""The host may put another example in the place of one, under its name."""

log = logging.getLogger("imagen_demo")

GONE = (FileNotFoundError, RuntimeError)
"""What Gradio and Starlette raise when a file is removed just as they hand it out."""


def say_that_it_is_gone(request: Request, error: Exception) -> Response:
    """Answer for a file that went just now; any other error is a bug and stays one."""
    if not _is_gone(route_of(request)):
        raise error
    return JSONResponse({"detail": "This file is gone."}, HTTPStatus.NOT_FOUND)


class PictureCaching:
    """Says so on every file that is handed out, and sends none that a browser has already."""

    def __init__(self, app: ASGIApp) -> None:
        """`app` serves the files."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        request = Request(scope)
        route = route_of(request)
        if not route.startswith(FILE) or request.method not in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        lasts = _FOR_A_DAY if _NEVER_CHANGES.fullmatch(route) else _FOR_AN_HOUR
        known = request.headers.get("if-none-match", "")
        is_known = False

        async def sending(message: Message) -> None:
            nonlocal is_known
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.OK:
                is_known = has_it(known, Headers(raw=message["headers"]).get("etag", ""))
                left_out = {b"cache-control", *(OF_A_BODY if is_known else ())}
                headers = [each for each in message["headers"] if each[0] not in left_out]
                status = HTTPStatus.NOT_MODIFIED if is_known else HTTPStatus.OK
                headers.append((b"cache-control", lasts))
                message = {**message, "status": int(status), "headers": headers}
            elif is_known:
                message = {**message, "body": b""}
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except GONE:
            if not await run_sync(_is_gone, route):
                raise
            # It had begun. What was raised has the file's name, which tells a prompt.
            log.warning("a file went while it was handed out")


def _is_gone(route: str) -> bool:
    return route.startswith(FILE) and not os.path.exists(route.removeprefix(FILE))  # noqa: PTH110


def has_it(if_none_match: str, tag: str) -> bool:
    """Whether a browser has what goes by this ETag; a proxy on the way may have called it weak."""
    known = {each.strip().removeprefix("W/") for each in if_none_match.split(",")}
    return bool(tag) and not known.isdisjoint({tag, "*"})

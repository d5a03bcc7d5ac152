"""A request that goes no further, and the form in which whoever sent it is told why.

`upload_limits`, `body_limits` and `api_calls` raise it; `middleware` has it answered around them.
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo.server.routes import API, is_upload, route_of


class Refused(Exception):  # noqa: N818 - the answer to a request, not a fault of ours
    """A request that goes no further.

    Attributes:
        status: HTTP's number for it.
        sentence: Why, in words for a visitor.
    """

    def __init__(self, status: int, sentence: str) -> None:
        """Say why."""
        self.status = status
        self.sentence = sentence
        super().__init__(sentence)


class Refusals:
    """Turns what the steps within refuse into answers."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around those steps."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on."""
        try:
            await self._app(scope, receive, send)
        except Refused as refused:
            await _answer(refused, Request(scope))(scope, receive, send)


def _answer(refused: Refused, request: Request) -> Response:
    """A refusal in the form in which whoever called looks for it."""
    if route_of(request).startswith(f"{API}/") and not is_upload(request):
        return JSONResponse({"detail": refused.sentence}, refused.status)
    return PlainTextResponse(refused.sentence, refused.status)

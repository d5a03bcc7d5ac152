"""Reads what a request carries to its end, before Gradio sees any of it: size first, then kind.

`upload_limits` gives uploads their turn before, `api_calls` looks into other bodies after. Gradio
parses what arrives as it arrives, and an upload that breaks off leaves its piece in the folder of
temporary files for good.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from anyio import fail_after
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagen_demo.domain.errors import reason_of
from imagen_demo.server.refusals import Refused
from imagen_demo.server.routes import has_body, is_mcp, is_upload

LARGEST_PICTURE = 32 * 1024**2
"""Bytes; more than any picture of the API has."""

LARGEST_CALL = 64 * 1024
"""Bytes of any other request: a call with the longest prompt has a few thousand, one of the page's
own with a comparison in it some ten thousand."""

LARGEST_MCP_CALL = 1024**2
"""Bytes of what an assistant sends, which wraps a call into more words than a person would."""

_DAMAGED = "This upload is damaged. Try again."
_ONE_BY_ONE = "Only one picture can be opened at a time."
_WRAPPING = 64 * 1024  # a multipart body's own lines around one file
_IN_MEMORY = 1024**2
_PATIENCE = 60.0  # seconds for all of a body: 32 MB come in that time at 4.5 Mbit/s
_PIECE = 256 * 1024

_ENOUGH = 12  # bytes that tell one kind from another
_NO_PICTURE = "This is not a picture that can be opened here: only PNG, JPEG and WebP are."


class BodyLimits:
    """Lets a request through once all of it is here and found to be in order."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand around `app`, which parses what it gets as it gets it."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read what is carried; a request that carries nothing goes through as it is.

        Raises:
            Refused: As `read_whole` does.
        """
        request = Request(scope)
        if not has_body(request):
            await self._app(scope, receive, send)
            return
        upload, largest = is_upload(request), LARGEST_MCP_CALL if is_mcp(request) else LARGEST_CALL
        try:
            with SpooledTemporaryFile(max_size=_IN_MEMORY) as body:  # a large one is on disk
                await read_whole(request.headers, receive, body, upload=upload, largest=largest)
                await self._app(scope, replay(body, receive), send)
        except ClientDisconnect:
            return


class _Look(Protocol):
    """Looks at a body while it arrives."""

    def __call__(self, piece: bytes, /) -> None:
        """Raise `Refused` as soon as it is clear."""

    def finish(self) -> None:
        """Raise it when all of it was seen."""


class _Anything:
    """Lets everything through but files, for which there is one door."""

    def __init__(self, content_type: str) -> None:
        """Look at the header alone."""
        if content_type.lower().startswith("multipart/"):
            raise Refused(415, _NO_PICTURE)

    def __call__(self, piece: bytes, /) -> None:
        """Read on."""

    def finish(self) -> None:
        """It is in order."""


class _Pictures:
    """Holds an upload to one file that begins as a picture does, whatever its name says."""

    def __init__(self, content_type: str) -> None:
        """Take the boundary from the header."""
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary")
        if kind != b"multipart/form-data" or not boundary:
            raise Refused(415, _NO_PICTURE)
        self._start = b""
        self._parts = 0
        self._whole = False
        try:
            self._parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_part_data": self._more,
                    "on_part_end": self._judge,
                    "on_end": self._end,
                },
            )
        except FormParserError:  # of a boundary that is too long
            raise Refused(400, _DAMAGED) from None

    def __call__(self, piece: bytes, /) -> None:
        """Read on."""
        try:
            self._parser.write(piece)
        except FormParserError:
            raise Refused(400, _DAMAGED) from None

    def finish(self) -> None:
        """Refuse what breaks off: Gradio would keep it and know nothing of it."""
        if not self._whole:
            raise Refused(400, _DAMAGED)

    def _end(self) -> None:
        self._whole = True

    def _begin(self) -> None:
        self._start = b""
        self._parts += 1
        if self._parts > 1:
            raise Refused(400, _ONE_BY_ONE)

    def _more(self, data: bytes, start: int, end: int) -> None:
        if len(self._start) < _ENOUGH:
            self._start += data[start : min(end, start + _ENOUGH)]
            if len(self._start) >= _ENOUGH:
                self._judge()

    def _judge(self) -> None:
        if not _is_picture(self._start):
            raise Refused(415, _NO_PICTURE)


def _is_picture(start: bytes) -> bool:
    webp = start[:4] == b"RIFF" and start[8:12] == b"WEBP"
    return webp or start.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"))


async def read_whole(
    headers: Headers,
    receive: Receive,
    body: IO[bytes],
    *,
    upload: bool = False,
    largest: int = LARGEST_CALL,
) -> None:
    """Write what arrives into `body`, as far as it is allowed.

    Args:
        headers: The request's.
        receive: Where it comes from.
        body: Where it goes.
        upload: Whether it must be a picture, of which `LARGEST_PICTURE` is taken.
        largest: Bytes that are taken of anything else.

    Raises:
        Refused: It is too large, announced or not, or too slow, or an upload that is no picture.
        ClientDisconnect: Whoever sent it has gone.
    """
    largest = LARGEST_PICTURE + _WRAPPING if upload else largest
    announced = headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > largest:
        raise _too_large(largest)
    kind = headers.get("content-type", "")
    look: _Look = _Pictures(kind) if upload else _Anything(kind)
    try:
        with fail_after(_PATIENCE):
            await _read(receive, look, body, largest)
    except TimeoutError:
        raise Refused(408, "This took too long to arrive. Try again.") from None
    except OSError as error:
        raise no_room(error) from None
    look.finish()


async def _read(receive: Receive, look: _Look, body: IO[bytes], largest: int) -> None:
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size > largest:
            raise _too_large(largest)
        look(piece)
        body.write(piece)
        more = message.get("more_body", False)


def no_room(error: OSError) -> Refused:
    """What a visitor reads where the disk takes no upload."""
    return Refused(507, f"{reason_of(error)}, so nothing can be opened just now. Tell its host.")


def _too_large(largest: int) -> Refused:
    most = f"{largest // 1024**2} MB" if largest >= 1024**2 else f"{largest // 1024} KB"
    return Refused(413, f"This is too large: {most} at most are taken here. Nothing was charged.")


def replay(body: IO[bytes], receive: Receive) -> Receive:
    """Give a body out again as if it arrived just now; afterwards whatever else arrives."""
    body.seek(0)
    over = False

    async def again() -> Message:
        nonlocal over
        if over:
            return await receive()
        piece = body.read(_PIECE)
        over = len(piece) < _PIECE
        return {"type": "http.request", "body": piece, "more_body": not over}

    return again

"""Reads what a request carries to its end, before Gradio sees any of it: size first, then kind.

`middleware` does so for every request that has a body. Gradio parses what arrives as it arrives,
and an upload that breaks off leaves its piece in the folder of temporary files for good.
"""

from tempfile import SpooledTemporaryFile
from typing import IO, Protocol

from anyio import fail_after
from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from imagen_demo.domain.errors import reason_of

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


class Refused(Exception):  # noqa: N818 - the answer to a request, not a fault of ours
    """A body that goes no further.

    Attributes:
        status: HTTP's number for it.
        sentence: Why, in words for a visitor.
    """

    def __init__(self, status: int, sentence: str) -> None:
        """Say why."""
        self.status = status
        self.sentence = sentence
        super().__init__(sentence)


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
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_part_data": self._more,
                "on_part_end": self._judge,
                "on_end": self._end,
            },
        )
        self._whole = False

    def __call__(self, piece: bytes, /) -> None:
        """Read on."""
        try:
            self._parser.write(piece)
        except MultipartParseError:
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


def spool() -> IO[bytes]:
    """A file for one body: in memory, a large one on disk; gone when it is closed."""
    return SpooledTemporaryFile(max_size=_IN_MEMORY)


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

"""HTTP/1.1 as a browser speaks it to one server, and as little of it as the benchmark needs.

`visitors` talks through it. A library's client would do the same with several times the work, on
the very cores that are measured.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self
from urllib.parse import urlsplit

Json = dict[str, Any]

_BUFFER = 1 << 20
_UNPACKS = "Accept-Encoding: gzip, deflate, br\r\n"
_GONE = (asyncio.IncompleteReadError, ConnectionError)


@dataclass(slots=True)
class Connection:
    """One connection that is kept open, and opened again where the server has closed it.

    Attributes:
        cookie: The last one that was given, which is sent along.
    """

    host: str
    port: int
    cookie: str = ""
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    @classmethod
    def to(cls, url: str) -> Self:
        """Connect to nothing yet."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or 80)

    async def get(self, path: str) -> bytes:
        """Return what is there.

        Raises:
            RuntimeError: Nothing is.
        """
        return b"".join([piece async for piece in self._answer("GET", path)])

    async def post(self, path: str, body: Json) -> bytes:
        """Post JSON, and return the answer.

        Raises:
            RuntimeError: It was refused.
        """
        return b"".join([piece async for piece in self._answer("POST", path, body)])

    async def size(self, path: str) -> int:
        """Receive all of a file as it travels, packed or not, and keep none of it."""
        return sum([len(piece) async for piece in self._answer("GET", path, head=_UNPACKS)])

    async def events(self, path: str) -> AsyncIterator[Json]:
        """Yield each event of a stream as it comes, until the server ends it."""
        pending = b""
        async for piece in self._answer("GET", path):
            *whole, pending = (pending + piece).split(b"\n\n")
            for each in whole:
                if each.startswith(b"data:"):
                    yield json.loads(each.removeprefix(b"data:"))

    async def listen(self, path: str) -> None:
        """Open a stream that nobody reads."""
        await self._ask("GET", path, None, "")

    def close(self) -> None:
        """Hang up."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None

    async def _answer(
        self, method: str, path: str, body: Json | None = None, head: str = ""
    ) -> AsyncIterator[bytes]:
        reused = self._writer is not None
        try:
            reader, status, headers = await self._ask(method, path, body, head)
        except _GONE:
            if not reused:
                raise
            self.close()  # the server closed it just now, as it may after a few idle seconds
            reader, status, headers = await self._ask(method, path, body, head)
        if "chunked" in headers.get("transfer-encoding", ""):
            pieces = _chunks(reader)
        else:
            pieces = _pieces(reader, int(headers.get("content-length", 0)))
        if status != HTTPStatus.OK:
            said = b"".join([piece async for piece in pieces])
            raise RuntimeError(f"{method} {path}: {status} {said[:200].decode()}")
        async for piece in pieces:
            yield piece
        if headers.get("connection") == "close":
            self.close()

    async def _ask(
        self, method: str, path: str, body: Json | None, more: str
    ) -> tuple[asyncio.StreamReader, int, dict[str, str]]:
        """Send a request, and return what the answer's head says."""
        if self._reader is None or self._writer is None or self._reader.at_eof():
            self.close()
            self._reader, self._writer = await asyncio.open_connection(
                self.host, self.port, limit=_BUFFER
            )
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{more}"
        if self.cookie:
            head += f"Cookie: {self.cookie}\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n"
        self._writer.write(f"{head}\r\n".encode() + content)
        first, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().splitlines()
        pairs = (line.partition(":") for line in lines if line)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        self.cookie = headers.get("set-cookie", self.cookie).partition(";")[0]
        return self._reader, int(first.split()[1]), headers


async def _pieces(reader: asyncio.StreamReader, length: int) -> AsyncIterator[bytes]:
    while length:
        piece = await reader.read(min(length, _BUFFER))
        if not piece:
            raise ConnectionResetError("an answer ended before its end")
        length -= len(piece)
        yield piece


async def _chunks(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    while length := int(await reader.readline() or b"", 16):
        yield (await reader.readexactly(length + 2))[:-2]
    await reader.readline()

"""A room of phones that open the page in the same second, each for the first time.

`opening` and the scale test fill it; what each asks for is what a real browser asked for.
"""

import asyncio
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter

from benchmarks.chromium import Opening
from benchmarks.connection import Connection

_CONNECTIONS = 6
"""What browsers open to one server for files."""


@dataclass(slots=True)
class _Phone:
    """A browser that has never been here, and asks for what another one asked for."""

    url: str
    opening: Opening
    _session: str = field(default_factory=lambda: secrets.token_hex(6))
    _opened: list[Connection] = field(default_factory=list)

    async def open(self) -> None:
        """Fetch the page, then its files side by side, then send what it sends by itself."""
        first = self._connect()
        await first.size("/")
        left = iter(self.opening.files)
        others = [self._connect(first.cookie) for _ in range(_CONNECTIONS - 1)]
        await asyncio.gather(*(_fetch(each, left) for each in (first, *others)))
        if self.opening.has_heartbeat:
            await self._connect(first.cookie).listen(f"/gradio_api/heartbeat/{self._session}")
        for each in self.opening.events:
            await first.post("/gradio_api/queue/join?", {**each, "session_hash": self._session})
        if self.opening.events:
            async for _ in first.events(f"/gradio_api/queue/data?session_hash={self._session}"):
                pass

    def close(self) -> None:
        """Close it."""
        for each in self._opened:
            each.close()

    def _connect(self, cookie: str = "") -> Connection:
        connection = Connection.to(self.url)
        connection.cookie = cookie
        self._opened.append(connection)
        return connection


async def _fetch(connection: Connection, paths: Iterator[str]) -> None:
    for path in paths:
        await connection.size(path)


async def room(url: str, opening: Opening, number: int) -> float:
    """Open the page with so many phones; return the seconds until the last has all.

    Raises:
        RuntimeError: One of them did not get something.
    """
    phones = [_Phone(url, opening) for _ in range(number)]
    started = perf_counter()
    try:
        await asyncio.gather(*(each.open() for each in phones))
        return perf_counter() - started
    finally:
        for each in phones:
            each.close()

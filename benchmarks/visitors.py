"""Visitors: they open the page, press its button, and do what the page does after it.

The measuring modules send them; they speak through `connection` what Gradio's own page speaks. Both
demos have the same visitors: button, inputs and what follows are read from the page's `/config`.
"""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html import unescape
from time import perf_counter
from typing import Self
from urllib.parse import urlsplit

from benchmarks.connection import Connection, Json

PROMPT = "A racoon eating ice cream"

_OURS, _USUAL = "on_generate", "generate_image"

_IS_VISITOR = "remembered('visitor'"
"""What sets up the widget that says whose pictures are whose."""

_SHOWN = re.compile(r'data-place="\d+"><img src="([^"]+)"')
"""A picture in its place; the usual demo sends an object instead, and both small ones besides."""
_PATIENCE = 120


@dataclass(frozen=True, slots=True)
class Page:
    """A page as its server describes it.

    Attributes:
        url: The demo's address.
        openers: The events that the page sends by itself when it is opened.
        button: The event of the button that generates.
        followers: The events that the page sends by itself once that has ended.
        components: What stands on the page, by number.
        has_heartbeat: Whether the page keeps a second stream open as a sign that it is there.
    """

    url: str
    openers: tuple[Json, ...]
    button: Json
    followers: tuple[Json, ...]
    components: dict[int, Json]
    has_heartbeat: bool

    @classmethod
    async def open(cls, url: str) -> Self:
        """Read the page's description."""
        connection = Connection.to(url)
        config = json.loads(await connection.get("/config"))
        connection.close()
        every = config["dependencies"]
        events = [each for each in every if each["backend_fn"]]
        button = next(each for each in events if each["api_name"] in {_OURS, _USUAL})
        return cls(
            url,
            tuple(each for each in events if any(name == "load" for _, name in each["targets"])),
            button,
            _followers(every, button),
            {each["id"]: each for each in config["components"]},
            config["connect_heartbeat"],
        )

    def values(self, event: Json, visitor: str, pictures: int) -> list[object]:
        """What the page sends with an event: its widgets as they stand, filled in by a visitor."""
        filled = {"Prompt": PROMPT, "Number of pictures": pictures, "API key": ""}
        values: list[object] = []
        for number in event["inputs"]:
            component = self.components[number]
            props = component["props"]
            if _IS_VISITOR in (props.get("js_on_load") or ""):
                values.append(visitor)
            else:
                values.append(filled.get(props.get("label"), props.get("value")))
        return values


def _followers(events: Sequence[Json], button: Json) -> tuple[Json, ...]:
    """What the page sends because of a click: beside it, after it, or by what it changed."""
    reached = [button, *(each for each in events if each["targets"] == button["targets"])]
    for event in reached:  # which grows meanwhile
        changed = [[number, "change"] for number in event["outputs"]]
        reached += [
            each
            for each in events
            if each not in reached
            and not each["trigger_only_on_failure"]
            and (each["trigger_after"] == event["id"] or any(t in each["targets"] for t in changed))
        ]
    return tuple(each for each in reached if each["backend_fn"] and each["id"] != button["id"])


@dataclass(slots=True)
class Visitor:
    """One open page; `fetched` are the addresses of its pictures."""

    page: Page
    name: str = field(default_factory=lambda: secrets.token_hex(32))
    fetched: list[str] = field(default_factory=list)
    _session: str = field(default_factory=lambda: secrets.token_hex(6))
    _talk: Connection = field(init=False)
    _heartbeat: Connection = field(init=False)
    _files: list[Connection] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Connect to nothing yet."""
        self._talk, self._heartbeat = (Connection.to(self.page.url) for _ in range(2))

    async def open(self) -> None:
        """Open the page as a browser does, but for its scripts, styles and examples."""
        await self._talk.size("/")
        if self.page.has_heartbeat:
            await self._heartbeat.listen(f"/gradio_api/heartbeat/{self._session}")
        await self._send_all(self.page.openers)

    def close(self) -> None:
        """Close the page."""
        for each in (self._talk, self._heartbeat, *self._files):
            each.close()

    async def generate(self, pictures: int = 1) -> float:
        """Press the button; return the seconds from the click to the last picture's last byte.

        The page's other requests, which begin once the button's event has ended, are waited for,
        but do not count.

        Raises:
            RuntimeError: There are fewer pictures than asked for.
        """
        started = perf_counter()
        downloads: dict[str, asyncio.Task[float]] = {}
        async with asyncio.timeout(_PATIENCE):
            await self._send(self.page.button, pictures=pictures)
            async for event in self._events():
                for path in _files_in(event.get("output")):
                    if path not in downloads:
                        downloads[path] = asyncio.create_task(self._download(path))
            followed = asyncio.create_task(self._send_all(self.page.followers))
            ended = await asyncio.gather(*downloads.values())
            await followed
        if len(ended) != pictures:
            raise RuntimeError(f"{len(ended)} pictures of {pictures}")
        return max(ended) - started

    async def _send_all(self, events: tuple[Json, ...]) -> None:
        """Send what the page sends by itself, and wait until all of it has ended."""
        for event in events:
            await self._send(event, pictures=1)
        if events:
            async for _ in self._events():
                pass

    async def _send(self, event: Json, *, pictures: int) -> None:
        values = self.page.values(event, self.name, pictures)
        # What sent it is told, or Gradio does not know which of its events a session may send.
        click = {
            "data": values,
            "fn_index": event["id"],
            "session_hash": self._session,
            "trigger_id": event["targets"][0][0],
            "event_data": None,
        }
        await self._talk.post("/gradio_api/queue/join?", click)

    async def _events(self) -> AsyncIterator[Json]:
        async for event in self._talk.events(
            f"/gradio_api/queue/data?session_hash={self._session}"
        ):
            if event["msg"] == "unexpected_error" or event.get("success") is False:
                raise RuntimeError(json.dumps(event)[:500])
            yield event

    async def _download(self, path: str) -> float:
        """Fetch a picture; return when its last byte was here."""
        connection = self._files.pop() if self._files else Connection.to(self.page.url)
        await connection.size(path)
        ended = perf_counter()
        self.fetched.append(path)
        self._files.append(connection)
        return ended


@asynccontextmanager
async def visiting(page: Page, number: int) -> AsyncIterator[list[Visitor]]:
    """So many visitors, all of whom have the page open."""
    visitors = [Visitor(page) for _ in range(number)]
    try:
        for each in visitors:
            await each.open()
        yield visitors
    finally:
        for each in visitors:
            each.close()


def _files_in(said: object) -> Iterator[str]:
    """The addresses of the pictures anywhere in an event, without host and port."""
    if isinstance(said, str):
        for address in _SHOWN.findall(said):
            yield f"/{unescape(address)}"
    elif isinstance(said, dict):
        url = said.get("url")
        if isinstance(url, str) and "/file=" in url:
            yield urlsplit(url).path
        for value in said.values():
            yield from _files_in(value)
    elif isinstance(said, list):
        for value in said:
            yield from _files_in(value)

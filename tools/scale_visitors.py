"""The visitors of `make scale-test`: browsers that keep a cookie, and programs that keep none.

Each comes from an address of its own on loopback (127.0.0.2 and so on), and speaks what Gradio's
page and what `curl` speak, since which request goes where is what is tested.
"""

import json
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

Json = dict[str, Any]

_PATIENCE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a visitor got for one click.

    Attributes:
        files: Pictures: where they are on the disk, and the addresses that the page is given.
        refusal: What was said instead; empty if there are pictures, or nothing was said at all.
        broken: What was said, if anything, when the demo's side failed.
        first_event: Seconds until the page heard anything.
        seconds: Seconds until it was over.
    """

    files: tuple[tuple[Path, str], ...] = ()
    refusal: str = ""
    broken: str = ""
    first_event: float = 0
    seconds: float = 0


class Visitor:
    """Somebody with an address of their own."""

    def __init__(self, url: str, number: int, *, forging: bool = False) -> None:
        """Open no page yet.

        Args:
            url: nginx's address.
            number: The last part of the visitor's own.
            forging: Say to come from somewhere else in every request.
        """
        self.name = f"visitor-{number}"
        self._forging = forging
        transport = httpx.HTTPTransport(local_address=f"127.0.0.{number}")
        self._http = httpx.Client(
            base_url=url, transport=transport, timeout=_PATIENCE, trust_env=False
        )

    def replica(self) -> int:
        """Which process this visitor is with, by the number it drew at its start."""
        return int(self._get("/gradio_api/app_id").json()["app_id"])

    def file(self, address: str) -> bytes:
        """Fetch a picture; empty if it is not there."""
        answer = self._get(address)
        return answer.content if answer.is_success else b""

    def draw(self, subject: str) -> Answer:
        """Ask for one picture and wait for it; if the demo breaks, that is the answer."""
        started = time.monotonic()
        try:
            events = list(self._events(f"{self.name} sees {subject}"))
        except (httpx.HTTPError, KeyError, ValueError) as error:
            return Answer(broken=f"{type(error).__name__} {error}")
        if not events:
            return Answer(broken="the answer ended before it came")
        (first, _), (over, last) = events[0], events[-1]
        return replace(_read(last), first_event=first - started, seconds=over - started)

    def _events(self, prompt: str) -> Iterator[tuple[float, Json]]:
        raise NotImplementedError

    def _get(self, path: str) -> httpx.Response:
        return self._http.get(path, headers=self._headers())

    def _post(self, path: str, body: Json) -> Json:
        answer = self._http.post(path, json=body, headers=self._headers())
        said: Json = answer.raise_for_status().json()
        return said

    def _stream(self, path: str) -> Iterator[tuple[float, str]]:
        """Each line of an answer that comes bit by bit, with the time at which it was here."""
        with self._http.stream("GET", path, headers=self._headers()) as answer:
            answer.raise_for_status()
            for line in answer.iter_lines():
                yield time.monotonic(), line

    def _headers(self) -> dict[str, str]:
        if not self._forging:
            return {}
        self._http.cookies.clear()
        nobody = f"203.0.113.{uuid.uuid4().int % 256}"
        return {"X-Forwarded-For": nobody, "X-Real-IP": nobody, "Forwarded": f"for={nobody}"}


class Browser(Visitor):
    """Opens the page, keeps its cookie, and listens to one stream of events."""

    def open(self) -> None:
        """Open the page as it is before anything is clicked."""
        self._get("/").raise_for_status()
        entries = self._get("/config").raise_for_status().json()["dependencies"]
        self._function = next(each["id"] for each in entries if each["api_name"] == "generate")

    def _events(self, prompt: str) -> Iterator[tuple[float, Json]]:
        session = uuid.uuid4().hex
        click = {"fn_index": self._function, "data": [prompt], "session_hash": session}
        self._post("/gradio_api/queue/join", click)
        for when, line in self._stream(f"/gradio_api/queue/data?session_hash={session}"):
            event = json.loads(line.removeprefix("data:")) if line else {}
            if event:
                yield when, event
            if event.get("msg") == "process_completed":
                return


class Program(Visitor):
    """Posts, then asks for the result, and keeps no cookies, as `curl` does."""

    def _events(self, prompt: str) -> Iterator[tuple[float, Json]]:
        where = "/gradio_api/call/generate"
        event_id = self._post(where, {"data": [prompt]})["event_id"]
        self._http.cookies.clear()
        name = ""
        for when, line in self._stream(f"{where}/{event_id}"):
            if line.startswith("event:"):
                name = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                said = json.loads(line.removeprefix("data:"))
                if name == "complete":
                    yield when, {"success": True, "output": {"data": said}}
                elif name == "error":
                    yield when, {"success": False, "output": said}


def _read(event: Json) -> Answer:
    output = event.get("output") or {}
    if event.get("success"):
        files = ((Path(each["path"]), each["url"]) for each in output["data"][0])
        return Answer(files=tuple(files))
    error = output.get("error") if isinstance(output, dict) else output
    if error:
        return Answer(refusal=str(error))
    return Answer(broken=json.dumps(event)[:200])

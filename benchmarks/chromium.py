"""A real Chromium that opens a page for the first time, and what it asks for and waits for then.

`opening` counts it, and `room` is full of phones that ask for the same. Playwright drives it, which
comes with the tests (`make test`), not with the demo.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.connection import Json

if TYPE_CHECKING:
    from playwright.sync_api import Browser

_ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
_HEARTBEAT = "/gradio_api/heartbeat"
_STREAMS = ("/gradio_api/queue/data", _HEARTBEAT)
_JOIN = "/gradio_api/queue/join"
_PATIENCE = 60_000  # milliseconds
_MOMENT = 0.5
_REST = 0.02
"""Seconds of CPU time in a moment, at most, beyond what a demo takes that nobody has open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a cold browser asked a demo for.

    Attributes:
        files: The addresses of all files but the page itself, in order.
        events: What it sent by itself.
        has_heartbeat: Whether it keeps a stream open as a sign that it is there.
        requests: How many there were, of all kinds.
        size: Bytes that came, headers included.
        ready_in: Seconds until the button could be pressed.
    """

    files: tuple[str, ...]
    events: tuple[Json, ...]
    has_heartbeat: bool
    requests: int
    size: int
    ready_in: float


@contextmanager
def chromium() -> Iterator["Browser | None"]:
    """Start Debian's Chromium, or Playwright's; None where there is neither."""
    try:
        from playwright.sync_api import Error, sync_playwright  # noqa: PLC0415 - may be missing
    except ImportError:
        yield None
        return
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=_ARGS
            )
        except Error:
            yield None
            return
        try:
            yield browser
        finally:
            browser.close()


def cold_open(
    browser: "Browser", url: str, button: str, cpu: Callable[[], float], *, idle: float = 0
) -> Opening:
    """Open a page with nothing kept from before, and wait until all is quiet.

    Args:
        browser: Opens it.
        url: Where it is, without a slash at the end.
        button: What the button says that can be pressed then.
        cpu: Seconds of CPU time so far of what serves it.
        idle: Of them, those a second that it takes while nobody is there: Gradio looks for work a
            thousand times a second.
    """
    asked: list[Json] = []
    size = 0

    def note(event: Json) -> None:
        if event["request"]["url"].startswith(url):
            asked.append(event["request"])

    def weigh(event: Json) -> None:
        nonlocal size
        size += int(event["encodedDataLength"])

    context = browser.new_context()
    try:
        page = context.new_page()
        devtools: Any = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", note)
        devtools.on("Network.loadingFinished", weigh)
        started = time.perf_counter()
        page.goto(url, wait_until="commit")
        page.get_by_role("button", name=button, exact=True).wait_for(timeout=_PATIENCE)
        ready = time.perf_counter()
        busy = True
        while busy:
            at_work = cpu()
            page.wait_for_timeout(_MOMENT * 1000)
            busy = cpu() - at_work > _REST + idle * _MOMENT
    finally:
        context.close()
    paths = [each["url"].removeprefix(url) for each in asked if each["method"] == "GET"]
    return Opening(
        files=tuple(each for each in paths[1:] if not each.startswith(_STREAMS)),
        events=tuple(json.loads(each["postData"]) for each in asked if _JOIN in each["url"]),
        has_heartbeat=any(each.startswith(_HEARTBEAT) for each in paths),
        requests=len(asked),
        size=size,
        ready_in=ready - started,
    )

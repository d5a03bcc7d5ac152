"""An open page is held until it is closed, and whoever knows something of it hears of that."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace

import gradio as gr
import httpx
import pytest
from starlette.types import Message, Receive, Scope, Send

from imagen_demo.launch import serve
from imagen_demo.server import open_pages
from imagen_demo.server.access import Access
from imagen_demo.server.observed import Observed
from imagen_demo.server.open_pages import OpenPages
from imagen_demo.server.shutdown import Shutdown
from tests.loops import run

SIGN = b"data: ALIVE\n\n"


class Inside:
    """The app, with a stream of its own."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.left: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.asked.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": SIGN, "more_body": True})
        assert (await receive())["type"] == "http.disconnect"
        self.left.append(scope["path"])


class Browser:
    """One that has a page open."""

    def __init__(self, path: str = "/gradio_api/heartbeat/ann", method: str = "GET") -> None:
        self.heard: list[Message] = []
        self.signs = asyncio.Semaphore(0)
        self.closed = asyncio.Event()
        self.demo = SimpleNamespace(stop_event=asyncio.Event())
        self.scope = {"type": "http", "method": method, "path": path, "app": self.demo}

    async def receive(self) -> Message:
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.heard.append(message)
        if message.get("body") == SIGN:
            self.signs.release()


@asynccontextmanager
async def opened(step: OpenPages, browser: Browser) -> AsyncIterator[asyncio.Task[None]]:
    async with asyncio.timeout(60):
        task = asyncio.create_task(step(browser.scope, browser.receive, browser.send))
        await browser.signs.acquire()
        yield task
        await task


@pytest.mark.parametrize("left", [True, False])
def test_a_page_counts_while_it_is_open_and_its_app_hears_of_its_end(*, left: bool) -> None:
    async def visit() -> None:
        inside, observed, browser = Inside(), Observed(), Browser()
        step = OpenPages(inside, observed, lambda session: left and session == "ann")
        async with opened(step, browser):
            assert (observed.open_pages, inside.asked) == (1, [])
            browser.closed.set()
        assert observed.open_pages == 0
        assert inside.left == (["/gradio_api/heartbeat/ann"] if left else [])

    run(visit())


def test_a_page_hears_again_and_again_that_the_demo_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_pages, "_EVERY", 0.001)

    async def visit() -> None:
        browser = Browser()
        async with opened(OpenPages(Inside(), Observed(), lambda _: False), browser):
            await browser.signs.acquire()
            await browser.signs.acquire()
            browser.closed.set()

    run(visit())


def test_a_demo_that_is_closed_waits_for_no_page() -> None:
    async def visit() -> None:
        browser, observed = Browser(), Observed()
        async with opened(OpenPages(Inside(), observed, lambda _: False), browser):
            browser.demo.stop_event.set()
        assert browser.heard[-1] == {"type": "http.response.body", "body": b""}
        assert observed.open_pages == 0

    run(visit())


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/gradio_api/heartbeat/ann"), ("GET", "/gradio_api/heartbeat/ann/x"), ("GET", "/")],
)
def test_everything_else_is_the_apps(method: str, path: str) -> None:
    async def visit() -> None:
        inside, observed, browser = Inside(), Observed(), Browser(path, method)
        async with opened(OpenPages(inside, observed, lambda _: True), browser):
            assert (observed.open_pages, inside.asked) == (0, [path])
            browser.closed.set()

    run(visit())


def test_gradio_hears_which_of_its_sessions_has_ended() -> None:
    observed = Observed()
    with gr.Blocks(analytics_enabled=False) as page:
        gr.HTML("a page")
    try:
        url = serve(
            page, Access(), Shutdown(), observed=observed, prevent_thread_lock=True, quiet=True
        )
        session = page.state_holder["ann"]
        with httpx.stream("GET", f"{url}gradio_api/heartbeat/ann", timeout=60) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            signs = answer.iter_text()  # which hangs up when it is forgotten
            assert next(signs) == SIGN.decode()
            assert (observed.open_pages, session.is_closed) == (1, False)
        patience = time.monotonic() + 60
        while not session.is_closed and time.monotonic() < patience:
            time.sleep(0.01)
        assert (observed.open_pages, session.is_closed) == (0, True)
    finally:
        page.close(verbose=False)

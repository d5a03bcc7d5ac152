"""A real Chromium that looks at a real demo; every test also holds that the page is quiet."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.demos import sandbox_demo

# The other tests may run beside these, and keep the machine busy for a while.
expect.set_options(timeout=15_000)

# Background networking is Chromium's own; as root it needs --no-sandbox.
_ARGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium if it is there, else the one that Playwright installed."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=_ARGS)
        yield running
        running.close()


@pytest.fixture(scope="module")
def demo() -> Iterator[str]:
    """The demo as a newcomer finds it: no key, no setting."""
    with sandbox_demo() as url:
        yield url


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh visitor; fails the test if the page logs an error or calls anyone but its host."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    visited = context.new_page()
    complaints: list[str] = []

    def on_console(message: ConsoleMessage) -> None:
        # A test that closes its demo before its page, or reloads the page in the middle of an
        # event, leaves the page to complain of just that.
        expected = (
            *("net::ERR_", "Failed to fetch", "status of 503", "Server stopped"),
            "status of 415",  # a file that is no picture, which the page then says in its own words
            *("AbortError", "Connection errored out"),
        )
        left_alone = any(words in message.text for words in expected)
        # Gradio recalls even a call whose number it has not heard yet.
        left_alone |= message.location["url"].endswith(("/gradio_api/cancel", "/gradio_api/reset"))
        if message.type == "error" and not left_alone:
            complaints.append(message.text)

    def on_request(request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
            complaints.append(f"asked {request.url}")

    visited.on("console", on_console)
    visited.on("request", on_request)
    visited.on("pageerror", lambda error: complaints.append(str(error)))
    yield visited
    context.close()
    assert complaints == []

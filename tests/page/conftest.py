"""A real Chromium that looks at a real demo; every test also holds that the page is quiet."""

import shutil
from collections.abc import Iterator
from typing import Any, cast

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Frame,
    Page,
    Playwright,
    ViewportSize,
    expect,
    sync_playwright,
)

from imagen_demo.service.generate import Service
from tests.demos import running_demo, sandbox_demo
from tests.page.visit import Asking, Held
from tests.stand_ins import Fake

# Only a failure waits this long: a machine may be slow, and busy with other tests.
expect.set_options(timeout=60_000)

# Background networking is Chromium's own; as root it needs --no-sandbox. Whoever is not on this
# machine is not found, and Chromium complains of that: to hear of each request would cost more.
# No visit lasts long enough for optimized code to pay, which is a tenth of all work.
_ARGS = [
    *("--no-sandbox", "--disable-background-networking", "--disable-component-update"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--js-flags=--no-opt --no-maglev",
]
_WINDOW = ViewportSize(width=1440, height=900)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """The one that a process may have."""
    with sync_playwright() as running:
        yield running


def launched(playwright: Playwright, *, scrollbars: bool = False) -> Browser:
    """Start Debian's Chromium if it is there, else the one that Playwright installed.

    Without a window, which Playwright's is, it does the same with a fifth less work, and opens
    another visitor's context with half of it.

    Args:
        playwright: The one of this process.
        scrollbars: Whether it shows them, as on Windows and Linux.
    """
    return playwright.chromium.launch(
        executable_path=shutil.which("chromium-headless-shell") or shutil.which("chromium"),
        args=_ARGS,
        ignore_default_args=["--hide-scrollbars"] if scrollbars else None,
    )


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """A Chromium for all."""
    running = launched(playwright)
    yield running
    running.close()


@pytest.fixture(scope="session")
def demo() -> Iterator[str]:
    """The demo as a newcomer finds it: no key, no setting."""
    with sandbox_demo() as url:
        yield url


class Deputy:
    """A service that has another answer, which each test names."""

    def __init__(self) -> None:
        self.answers: Service = Fake()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a service has
        return getattr(self.answers, name)


@pytest.fixture(scope="session")
def asking() -> Iterator[Asking]:
    """A demo that asks whichever service it is given; it is built once, which takes its time."""
    deputy = Deputy()
    with running_demo(cast("Service", deputy)) as url:

        def ask(service: Service) -> str:
            deputy.answers = service
            return url

        yield ask


@pytest.fixture
def held(asking: Asking) -> Iterator[tuple[str, Held]]:
    """A demo whose service answers when it is told to."""
    service = Held()
    yield asking(service), service
    service.arrives.set()


class Tab:
    """A page that can be made a newcomer's again, and what was wrong with it meanwhile.

    Where the demo's scripts are compiled already, loading it costs a quarter of the work.
    """

    def __init__(self, browser: Browser) -> None:
        self._context = browser.new_context(viewport=_WINDOW)
        self._context.set_default_timeout(60_000)
        self.page = self._context.new_page()
        self._devtools = self._context.new_cdp_session(self.page)
        self._complaints: list[str] = []
        self._visits = 0
        self.page.on("console", self._on_console)
        self.page.on("framenavigated", self._on_frame)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))

    def _on_console(self, message: ConsoleMessage) -> None:
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
        left_alone &= "net::ERR_NAME_NOT_RESOLVED" not in message.text
        if message.type == "error" and not left_alone:
            self._complaints.append(f"{message.text} {message.location['url']}".strip())

    def _on_frame(self, frame: Frame) -> None:
        if frame.parent_frame and frame.url.startswith("chrome-error:"):  # no console tells of it
            self._complaints.append("asked elsewhere for a frame")

    def reset(self) -> list[str]:
        """Leave the demo, forget the visit, and return what was wrong with it."""
        page = self.page
        page.unroute_all(behavior="ignoreErrors")
        complaints = self._complaints[:]
        page.goto("about:blank")
        # Cookies and all kinds of storage, that of the tab too; the cache, which saves, it spares.
        self._devtools.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
        self._context.clear_permissions()
        page.emulate_media(color_scheme="null", reduced_motion="null")
        page.set_viewport_size(_WINDOW)
        page.mouse.move(0, 0)
        # What the visits left in memory would slow down the next ones; to look for it costs as much
        # as a fifth of a visit.
        self._visits += 1
        if self._visits % 10 == 0:
            self._devtools.send("HeapProfiler.collectGarbage")
        self._complaints.clear()
        return complaints

    def close(self) -> list[str]:
        """Close it for good, and return what was wrong with it."""
        self._context.close()
        return self._complaints


@pytest.fixture(scope="session")
def kept_tab(browser: Browser) -> Iterator[Tab]:
    """The one tab in which most visits take place."""
    tab = Tab(browser)
    yield tab
    tab.close()


@pytest.fixture
def page(kept_tab: Tab) -> Iterator[Page]:
    """A newcomer's page; fails the test if it logs an error or calls anyone but its host."""
    yield kept_tab.page
    assert kept_tab.reset() == []


@pytest.fixture
def fresh_page(browser: Browser) -> Iterator[Page]:
    """The same in a tab of its own, for what a reset would not undo: scripts, listeners, an end."""
    own = Tab(browser)
    yield own.page
    assert own.close() == []

"""One visitor with two browsers; every test also holds that the page is quiet in both."""

from collections.abc import Iterator

import pytest

from imagen_demo.ui.page_data import head
from tests.demos import running_demo, sandbox_demo
from tests.engines.browsers import BROWSERS
from tests.engines.visitor import LISTENING, Visitor
from tests.page.visit import Held


@pytest.fixture(scope="session", autouse=True)
def _listening() -> Iterator[None]:
    """Let each page begin with a script that hears what is wrong; no driver tells it all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SE_OFFLINE", "true")
        with_ears = f"<script>{LISTENING}</script>"
        patch.setattr("imagen_demo.launch.head", lambda *told: with_ears + head(*told))
        yield


@pytest.fixture(scope="session", params=BROWSERS)
def browser(request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """A window that is kept for all tests of one browser."""
    with BROWSERS[request.param]() as driver:
        yield Visitor(driver)


@pytest.fixture
def visitor(browser: Visitor) -> Iterator[Visitor]:
    """Somebody new; fails the test if the page complains."""
    browser.resize(1440, 900)
    yield browser
    assert browser.leave() == []


@pytest.fixture(scope="session")
def demo() -> Iterator[str]:
    """The demo as a newcomer finds it: no key, no setting."""
    with sandbox_demo() as url:
        yield url


@pytest.fixture
def held() -> Iterator[tuple[str, Held]]:
    """A demo whose service answers when it is told to."""
    service = Held()
    with running_demo(service) as url:
        yield url, service
        service.arrives.set()

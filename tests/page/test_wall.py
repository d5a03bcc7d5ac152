"""The wall as a browser holds to it: the login's form, scripts that came in as text, frames."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from imagen_demo.settings import Settings
from tests.conftest import Answer, Service
from tests.demos import sandbox_demo
from tests.page.visit import Visit


@pytest.fixture(scope="module")
def guarded() -> Iterator[str]:
    with sandbox_demo(Settings.from_env({"IMAGEN_DEMO_AUTH": "ann:hunter2"})) as url:
        yield url


@pytest.fixture
def stranger(browser: Browser) -> Iterator[Page]:
    """A page whose console may complain, as it does of whatever is refused."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def log_in(page: Page, password: str) -> None:
    page.get_by_label("User").fill("ann")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


def test_a_visitor_logs_in_and_draws_with_the_link_they_came_by(page: Page, guarded: str) -> None:
    page.goto(f"{guarded}?prompt=A+lake&aspect_ratio=16:9")
    log_in(page, "hunter2")
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("A lake")
    page.get_by_role("button", name="Generate").click()
    expect(page.get_by_label("Message", exact=True)).to_contain_text("Drawn here by the sandbox")
    page.goto(guarded)
    expect(page.get_by_label("Your pictures").get_by_role("button", name="A lake")).to_have_count(2)


def test_a_wrong_password_is_said_beside_the_form(stranger: Page, guarded: str) -> None:
    stranger.goto(guarded)
    log_in(stranger, "swordfish")
    expect(stranger.get_by_role("alert")).to_have_text("User and password do not fit.")
    log_in(stranger, "hunter2")
    expect(stranger.get_by_label("Prompt", exact=True)).to_be_visible()


def test_a_visitor_logs_out_below_the_page(stranger: Page, guarded: str) -> None:
    # Whose console may complain of what it was still loading: the session ends at once.
    stranger.goto(guarded)
    log_in(stranger, "hunter2")
    stranger.get_by_role("button", name="Log out").click()
    expect(stranger.get_by_role("heading", name="Log in")).to_be_visible()
    stranger.goto(guarded)
    expect(stranger.get_by_role("heading", name="Log in")).to_be_visible()


def test_without_a_login_there_is_nothing_to_log_out_of(page: Page, demo: str) -> None:
    page.goto(demo)
    expect(page.get_by_role("link", name="Get a key")).to_be_visible()
    expect(page.get_by_role("button", name="Log out")).to_have_count(0)


def test_text_that_became_html_runs_nothing_and_calls_nobody(
    stranger: Page, demo: str, service: Service
) -> None:
    Visit(stranger, demo)
    refused = stranger.evaluate(
        """async (elsewhere) => {
          const refused = [];
          document.addEventListener('securitypolicyviolation', (event) => {
            refused.push(event.effectiveDirective);
          });
          const place = document.body.appendChild(document.createElement('div'));
          place.innerHTML = `<img src="data:," onerror="window.ran = 1">
            <img src="${elsewhere}"><iframe src="${elsewhere}"></iframe>
            <object data="${elsewhere}"></object><script>window.ran = 2</script>
            <form action="${elsewhere}" method="post"><button></button></form>`;
          place.querySelector('form').submit();
          await fetch(elsewhere).catch(() => null);
          await new Promise((done) => setTimeout(done, 500));
          return [...refused, window.ran ?? 'nothing ran'];
        }""",
        service.url,
    )
    assert refused.pop() == "nothing ran"
    assert set(refused) == {
        *("script-src-attr", "img-src", "frame-src", "object-src", "form-action", "connect-src")
    }
    assert service.received == []


def test_no_script_runs_but_the_pages_own_not_even_by_a_frame_or_a_link(
    stranger: Page, demo: str
) -> None:
    Visit(stranger, demo)
    ran = stranger.evaluate(
        """async () => {
          const refused = [];
          document.addEventListener('securitypolicyviolation', (event) => {
            refused.push(event.effectiveDirective);
          });
          const place = document.body.appendChild(document.createElement('div'));
          place.innerHTML = `
            <iframe srcdoc="<script>parent.ran = 'srcdoc'</script>"></iframe>
            <iframe srcdoc="<img src='data:,' onerror='parent.ran = 0'>"></iframe>
            <iframe src="javascript:parent.ran = 'frame'"></iframe>
            <a href="javascript:window.ran = 'link'">a link</a>`;
          place.querySelector('a').click();
          const written = document.createElement('script');
          written.textContent = "window.ran = 'written'";
          document.head.appendChild(written);
          await new Promise((done) => setTimeout(done, 1000));
          return [window.ran ?? 'nothing ran', refused.length > 0];
        }"""
    )
    assert ran == ["nothing ran", True]


def test_another_sites_page_cannot_frame_it(stranger: Page, demo: str, service: Service) -> None:
    framing = f"<iframe src='{demo}'></iframe>".encode()
    service.script = lambda _: Answer(body=framing, headers={"content-type": "text/html"})
    said: list[str] = []
    stranger.on("console", lambda message: said.append(message.text))
    stranger.goto(service.url)
    stranger.wait_for_timeout(500)
    assert any(re.search("frame-ancestors", each) for each in said)

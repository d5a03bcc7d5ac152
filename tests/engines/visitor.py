"""What a visitor does and sees, in whatever browser WebDriver drives."""

import re
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from selenium.common.exceptions import NoSuchElementException, WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.engines import browsers
from tests.page.layout import COVERED, CUT_OFF, OVERLAPS, SHOWS_FOCUS, STICKS_OUT

LISTENING = """
window.complaints = [];
{
  const note = (...said) => window.complaints.push(said.map(String).join(' '));
  const complain = console.error;
  console.error = (...said) => { note(...said); complain(...said); };
  addEventListener('error', ({message, target}) => note(message ?? target.outerHTML), true);
  addEventListener('unhandledrejection', ({reason}) => note(reason));
  addEventListener('securitypolicyviolation', ({violatedDirective, blockedURI}) =>
    note(violatedDirective, blockedURI));
  if (location.hash === '#keeps-nothing') {
    Object.defineProperty(window, 'localStorage', {
      configurable: true,
      get() { throw new DOMException('blocked', 'SecurityError'); },
    });
  }
}
"""
"""Stands first in the page: it keeps what goes wrong. `#keeps-nothing` blocks the storage."""

_SHOWN = f"""
const done = arguments[0], until = Date.now() + 2000;
const look = () => {{
  const shown = ({SHOWS_FOCUS})(document.activeElement);
  if (shown || Date.now() > until) done(shown);
  else setTimeout(look, 50);
}};
look();
"""

_EXPECTED = re.compile(
    "AbortError|Connection errored out|Failed to fetch|Load failed|NetworkError|Server stopped"
)
"""What a page complains of that was left in the middle of an event."""

_SECONDS = 60
"""Only a failure waits this long: a machine may be slow, and busy with other tests."""


class Visitor:
    """Somebody in front of a browser."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver
        self._heard: list[str] = []
        driver.set_script_timeout(_SECONDS)

    def resize(self, width: int, height: int) -> int:
        """Returns the width in px that the page got: no window is as narrow as one likes."""
        return browsers.resize(self.driver, width, height)

    def visit(self, url: str) -> None:
        """Open the page, or another address of it, and wait for its last part."""
        self._listen()
        self.driver.get(url)
        self._until_open()

    def refresh(self) -> None:
        self._listen()
        self.driver.refresh()
        self._until_open()

    def leave(self) -> list[str]:
        """Forget the visit. Returns what was wrong with it."""
        self._listen()
        heard, self._heard = self._heard, []
        with suppress(WebDriverException):  # where it keeps nothing
            self.driver.execute_script("localStorage.clear(); sessionStorage.clear()")
        self.driver.get("about:blank")
        return heard

    def _until_open(self) -> None:
        self.until(lambda: self.button("Open a picture").is_displayed())
        # Gradio has set up the tiles, too: they answer a click.
        self.until(lambda: bool(self.js("return window.imagen?.messages?.create")))

    def _listen(self) -> None:
        heard = self.driver.execute_script("return window.complaints ?? []")
        self._heard += [each for each in heard if not _EXPECTED.search(each)]

    def js(self, script: str, *given: object) -> Any:  # noqa: ANN401 - whatever a script returns
        return self.driver.execute_script(script, *given)

    def until(self, holds: Callable[[], object]) -> None:
        """Wait for it; an element that is replaced meanwhile is looked for again."""

        def tried(_: WebDriver) -> bool:
            try:
                return bool(holds())
            except WebDriverException:
                return False

        WebDriverWait(self.driver, _SECONDS, poll_frequency=0.1).until(tried)

    def until_says(self, place: str, words: str) -> None:
        try:
            self.until(lambda: words in self.text(place))
        except WebDriverException:
            raise AssertionError(f"{words!r} is not in {self.text(place)!r}") from None

    def find(self, selector: str) -> WebElement:
        """The first that is seen."""
        every = self.driver.find_elements(By.CSS_SELECTOR, selector)
        for each in every:
            if each.is_displayed():
                return each
        raise NoSuchElementException(selector)

    def named(self, name: str) -> WebElement:
        """What has this name, for those who do not see it."""
        return self.find(f'[aria-label="{name}"]')

    def button(self, words: str) -> WebElement:
        every = self.driver.find_elements(By.XPATH, f"//button[normalize-space()='{words}']")
        for each in every:
            if each.is_displayed():
                return each
        raise NoSuchElementException(words)

    def press(self, words: str) -> None:
        self.until(lambda: self.button(words).is_enabled())
        self.click(self.button(words))

    def click(self, element: WebElement) -> None:
        """Click what may be below the window's edge."""
        self.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def text(self, name: str) -> str:
        return self.named(name).text

    def says(self) -> str:
        return self.text("Message")

    @property
    def prompt(self) -> WebElement:
        return self.find("#prompt textarea")

    def type(self, words: str, into: WebElement | None = None) -> None:
        """Replace what is there; WebKit's driver cannot type nothing."""
        box = into or self.prompt
        box.clear()
        if words:
            box.send_keys(words)

    def draw(self, prompt: str) -> None:
        self.type(prompt)
        self.press("Generate")
        self.until(lambda: "Drawn" in self.says() and prompt in self.says())

    def radio(self, value: str, group: str = "#ratio") -> WebElement:
        return self.find(f'{group} input[value="{value}"]')

    def options(self) -> None:
        button = self.button("Options ▼")
        if button.get_attribute("aria-expanded") != "true":
            self.click(button)
        self.until(lambda: self.find("#seed textarea").is_displayed())

    def focused(self) -> WebElement:
        return self.driver.switch_to.active_element

    def shows_focus(self) -> bool:
        """Whether one sees where the focus is, once it has faded in."""
        return bool(self.driver.execute_async_script(_SHOWN))

    def keys(self, *pressed: str) -> None:
        self.focused().send_keys(*pressed)

    def source(self) -> str:
        return str(self.js("return document.querySelector('#picture img').src"))

    def picture(self) -> bytes:
        with urllib.request.urlopen(self.source(), timeout=30) as answer:  # noqa: S310 - loopback
            return bytes(answer.read())

    def wrong(self) -> dict[str, object]:
        """What is wrong with the layout of what the window shows."""
        frames = "const done = arguments[0]; setTimeout(() => requestAnimationFrame(done), 300)"
        self.driver.execute_async_script(frames)  # the style has settled
        asked = {"over": OVERLAPS, "under": COVERED, "out": STICKS_OUT, "cut": CUT_OFF}
        found = {name: self.js(f"return {question}") for name, question in asked.items()}
        return {name: each for name, each in found.items() if each}


ESCAPE, RIGHT, TAB = Keys.ESCAPE, Keys.ARROW_RIGHT, Keys.TAB

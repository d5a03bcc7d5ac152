"""What a visitor can see and touch, found by label and role; and services that fail or wait."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from threading import Event
from typing import Literal

from PIL import Image
from playwright.sync_api import Locator, Page, expect

from imagen_demo.domain.generation import Balance, Generation, OnPicture
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.service.generate import Service
from imagen_demo.service.provider_settings import Payer
from tests.stand_ins import Fake

Asking = Callable[[Service], str]
"""Has a service answer, and returns the address of the demo that asks it."""


class Failing:
    """A service that fails as told."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def generate(
        self,
        request: GenerationRequest,  # noqa: ARG002
        *,
        api_key: str,  # noqa: ARG002
        on_picture: OnPicture,  # noqa: ARG002
        spender: str,  # noqa: ARG002
    ) -> Generation:
        raise self.failure

    def is_free(self, api_key: str) -> bool:  # noqa: ARG002
        return True

    without_key: Payer = "sandbox"

    def watch(self) -> None:
        """Follow nothing."""

    def trouble(self) -> str:
        return ""

    def check_key(self, api_key: str) -> Balance:  # noqa: ARG002
        raise self.failure

    def standing(self, model: str) -> None:
        """Know nothing."""


class Held(Fake):
    """A service that says when it was asked, and answers when told to.

    Args:
        at_first: Whether it answers at once, until `arrives` is cleared.
    """

    def __init__(self, *, at_first: bool = False) -> None:
        super().__init__()
        self.begun, self.arrives = Event(), Event()
        if at_first:
            self.arrives.set()
        self.when_asked = self._hold

    def _hold(self, _: GenerationRequest) -> None:
        self.begun.set()
        self.arrives.wait(60)


Scheme = Literal["light", "dark"]

SCHEMES: tuple[Scheme, ...] = ("light", "dark")

WIDTHS = (1440, 390)
"""A desk's and a phone's, in pixels of CSS."""


class Visit:
    """What a visitor can see and touch."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.prompt = page.get_by_label("Prompt", exact=True)
        self.key = page.get_by_label("API key")
        self.generate = page.get_by_role("button", name="Generate")
        self.rewritten = page.get_by_label("Rewritten prompt")
        self.used = self.rewritten.get_by_role("definition").last
        self.usage = page.get_by_label("Token usage")
        self.examples = page.get_by_label("Examples")
        self.strip = page.get_by_label("Your pictures")
        self.notice = page.get_by_label("Message", exact=True)
        # Gradio brings a page's parts as they load; this is the last. It is counted: each time that
        # `to_be_visible` looks for one in vain it describes the whole page, which takes its time.
        expect(page.get_by_role("button", name="Open a picture")).to_have_count(1)
        page.wait_for_function("imagen.state.visitor")  # what it recalls has come by then, too

    def resize(self, width: int, height: int) -> None:
        """Give the window a size, and wait for the page to have it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function("(width) => innerWidth === width", arg=width)

    def look(self, scheme: Scheme) -> None:
        """Prefer light or dark, and wait for the page to follow."""
        self.page.emulate_media(color_scheme=scheme)
        self.page.wait_for_function(
            "(scheme) => getComputedStyle(document.documentElement).colorScheme === scheme",
            arg=scheme,
        )

    def ratio(self, name: str) -> Locator:
        return self.page.get_by_role("radio", name=name, exact=True)

    def picture(self) -> Locator:
        return self.page.locator("#picture img")

    def picture_bytes(self) -> bytes:
        return self.page.request.get(self.source()).body()

    def source(self) -> str:
        """The address of the picture that is shown, in full."""
        address: str = self.picture().evaluate("(it) => it.src")
        return address

    def pixels(self) -> bytes:
        """The shown picture without what is written beside it."""
        with Image.open(BytesIO(self.picture_bytes())) as picture:
            return picture.tobytes()

    def draw(self, prompt: str) -> None:
        self.prompt.fill(prompt)
        self.generate.click()
        expect(self.notice).to_contain_text("Drawn")
        expect(self.notice).to_contain_text(prompt)

    def tile(self, prompt: str) -> Locator:
        """One of the visitor's own pictures, or all of this prompt."""
        name = re.compile(rf"^{re.escape(prompt)}(, \d+ of \d+)?$")
        return self.strip.get_by_role("button", name=name)

    def open(self, path: Path) -> None:
        """Choose a file by the button."""
        with self.page.expect_file_chooser() as choosing:
            self.page.get_by_role("button", name="Open a picture").click()
        choosing.value.set_files(path)

    def download(self) -> Path:
        """Save the picture that is shown, under the name that the page proposes."""
        with self.page.expect_download() as saving:
            self.page.locator("#picture").get_by_role("link").click()
        kept = Path(saving.value.path()).with_name(saving.value.suggested_filename)
        saving.value.save_as(kept)
        return kept

    def options(self) -> Locator:
        """Open them, where they are not open; a click on Generate closes them."""
        button = self.page.get_by_role("button", name="Options")
        if button.get_attribute("aria-expanded") != "true":
            button.click()
        successor = self.page.get_by_role("radio", name="Nano Banana 2.1", exact=True)
        expect(successor).to_be_visible()
        return self.page.locator("#options")

"""Takes pictures of the page: every state, seven sizes, light and dark: `make screenshots`.

Chromium shows them as on Windows and Linux, with its scrollbars; Firefox and WebKit, where they are
installed, show the plainest of them. All go to `screenshots/`, to be looked at; the two of the
README, and the stage, go to `docs/`.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import product
from os import environ
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from selenium.webdriver.remote.webdriver import WebDriver

from tests.engines.browsers import BROWSERS
from tests.engines.visitor import Visitor

ROOT = Path(__file__).parent.parent
EVERY, README = ROOT / "screenshots", ROOT / "docs"

SCHEMES = ("light", "dark")
SIZES = {
    "projector": (1920, 1080),
    "laptop": (1440, 900),
    "common-laptop": (1366, 768),
    "small-laptop": (1280, 720),
    "tablet": (820, 1180),
    "phone": (390, 844),
    "phone-sideways": (844, 390),
}
PROMPT = "Racoon eating ice-cream"


def _fresh(page: Page) -> None:
    expect(page.get_by_label("Examples").get_by_role("button").first).to_be_visible()


def _options(page: Page) -> None:
    page.get_by_role("button", name="Options").click()
    expect(page.get_by_role("radio", name="Nano Banana 2.1", exact=True)).to_be_visible()
    page.wait_for_timeout(500)


def _waiting(page: Page) -> None:
    _ask(page, PROMPT, key="sandbox-slow")
    expect(_message(page)).to_contain_text("2 s")


def _cancelled(page: Page) -> None:
    page.get_by_role("button", name="Cancel").click()
    expect(_message(page)).to_contain_text("Stopped waiting")


def _done(page: Page) -> None:
    # A new page: the request before this one is still on its way, for ten minutes.
    page.evaluate("localStorage.clear()")
    page.reload()
    _fresh(page)
    _ask(page, PROMPT)
    expect(_message(page)).to_contain_text("Drawn here by the sandbox")
    expect(page.get_by_label("Your pictures").get_by_role("button", name=PROMPT)).to_have_count(2)


def _code(page: Page) -> None:
    page.get_by_role("button", name="Code").click()
    expect(page.get_by_role("tab", name="cURL")).to_be_visible()
    page.wait_for_timeout(500)


def _several(page: Page) -> None:
    page.get_by_role("button", name="Code").click()
    _choose_number(page, "4")
    page.get_by_role("radio", name="1:1", exact=True).check()
    _ask(page, "A paper-cut city in autumn")
    expect(_message(page)).to_contain_text("Drawn here by the sandbox")


def _blocked(page: Page) -> None:
    _choose_number(page, "1")
    _ask(page, "A picture that the filter keeps back [blocked]")
    expect(_message(page)).to_contain_text("Nothing was charged")


def _failed(page: Page) -> None:
    _ask(page, PROMPT, key="sandbox-invalid")
    expect(_message(page)).to_contain_text("does not know this key")


def _compared(page: Page) -> None:
    page.get_by_label("API key").fill("")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_label("Comparison message")).to_contain_text("2 pictures", timeout=30_000)


def _on_stage(page: Page) -> None:
    page.get_by_role("button", name="Present").filter(visible=True).click()
    expect(page.get_by_role("dialog", name="On stage").get_by_role("img").first).to_be_visible()
    page.wait_for_timeout(4000)  # until its buttons are out of sight


STATES: tuple[Callable[[Page], None], ...] = (
    _fresh,
    _options,
    _waiting,
    _cancelled,
    _done,
    _code,
    _several,
    _blocked,
    _failed,
    _compared,
    _on_stage,
)
"""In this order on one page, each going on from the one before."""


def _choose_number(page: Page, number: str) -> None:
    options = page.get_by_role("button", name="Options")
    if options.get_attribute("aria-expanded") != "true":  # in a low window they stay open
        options.click()
    page.get_by_role("radio", name=number, exact=True).check()


def _ask(page: Page, prompt: str, *, key: str = "") -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_label("API key").fill(key)
    page.get_by_role("button", name="Generate").click()


def _message(page: Page) -> Locator:
    return page.get_by_label("Message", exact=True)


def take(browser: Browser, url: str, *, scheme: str, size: str) -> None:
    """Take every state of one visit, as the window shows it; of a phone's, the whole page."""
    width, height = SIZES[size]
    dark = scheme == "dark"
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light"
    )
    page = context.new_page()
    page.goto(url)
    for number, state in enumerate(STATES):
        state(page)
        page.mouse.move(0, 0)
        page.wait_for_timeout(300)  # for pictures to be decoded
        name = f"{size}-{number}{state.__name__}-{scheme}.png"
        page.evaluate("scrollTo(0, 0)")
        taken = page.screenshot(full_page=size == "phone", animations="disabled")
        (EVERY / name).write_bytes(taken)
        if size == "small-laptop" and scheme == "dark" and state is _done:
            _on_stage(page)
            with Image.open(BytesIO(page.screenshot(animations="disabled"))) as picture:
                picture.save(README / "stage.webp", quality=90, method=6)
            page.keyboard.press("Escape")
        if size == "laptop" and state is _done:
            taken = page.screenshot(style="html { scrollbar-width: none }", animations="disabled")
            with Image.open(BytesIO(taken)) as picture:  # a fifth of the PNG's bytes
                picture.save(README / f"page-{scheme}.webp", quality=90, method=6)
    context.close()


def take_in(name: str, driver: WebDriver, url: str, *, scheme: str) -> None:
    """Take the plainest states in another browser, down to its narrowest window."""
    visitor = Visitor(driver)
    for size in ("laptop", "common-laptop", "tablet", "phone"):
        visitor.resize(*SIZES[size])
        visitor.visit(f"{url}?__theme={scheme}")

        def take(state: str, size: str = size) -> None:
            visitor.wrong()  # once the style has settled
            driver.save_screenshot(EVERY / f"{name}-{size}-{state}-{scheme}.png")

        take("fresh")
        visitor.options()
        take("options")
        visitor.draw(PROMPT)
        take("done")
        visitor.leave()


@contextmanager
def _demo(folder: Path) -> Iterator[str]:
    """Serve the demo as a newcomer finds it, on loopback."""
    environ["GRADIO_TEMP_DIR"] = str(folder / "gradio")
    # Gradio reads its folder when it is imported.
    from imagen_demo.launch import build  # noqa: PLC0415
    from imagen_demo.service.provider import Provider  # noqa: PLC0415
    from imagen_demo.settings import Settings  # noqa: PLC0415

    settings = Settings(pictures=folder / "pictures")
    provider = Provider(settings, sandbox_latency=1.0)
    demo = build(settings, service=provider)
    try:
        yield demo.serve(prevent_thread_lock=True, quiet=True)
    finally:
        demo.page.close(verbose=False)
        provider.close()


def main() -> None:
    """Take them all; some five minutes."""
    expect.set_options(timeout=20_000)
    EVERY.mkdir(exist_ok=True)
    README.mkdir(exist_ok=True)
    with (
        TemporaryDirectory() as folder,
        _demo(Path(folder)) as url,
        sync_playwright() as playwright,
    ):
        # As root, Chromium needs it; and the page is our own.
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"],
            ignore_default_args=["--hide-scrollbars"],
        )
        for scheme, size in product(SCHEMES, SIZES):
            take(browser, url, scheme=scheme, size=size)
            print(f"{size}, {scheme}")
        browser.close()
        for name, start in BROWSERS.items():
            try:
                with start() as driver:
                    for scheme in SCHEMES:
                        take_in(name, driver, url, scheme=scheme)
            except pytest.skip.Exception as missing:
                print(missing)


if __name__ == "__main__":
    main()

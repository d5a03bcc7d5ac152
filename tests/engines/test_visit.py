"""The visit in Firefox and WebKit: `make test-engines`."""

from pathlib import Path

import axe_playwright_python
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.engines.visitor import ESCAPE, RIGHT, TAB, Visitor
from tests.page.layout import BARS
from tests.page.visit import Held

pytestmark = pytest.mark.engines

PROMPT = "A quiet lake"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")


def test_picture_rewrite_usage_and_what_a_refresh_keeps(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.draw(PROMPT)
    visitor.until_says("Token usage", "84,000 tokens")
    rewritten = visitor.text("Rewritten prompt")
    assert PROMPT in rewritten
    visitor.until(lambda: visitor.js("return document.querySelector('#picture img').naturalWidth"))
    assert visitor.wrong() == {}
    drawn = visitor.picture()
    visitor.type("A half-finished thou")
    visitor.js("return new Promise((done) => setTimeout(done, 500))")  # for it to be written down

    visitor.refresh()
    visitor.until(lambda: visitor.prompt.get_property("value") == "A half-finished thou")
    visitor.until_says("Rewritten prompt", PROMPT)
    assert visitor.picture() == drawn

    visitor.click(visitor.find('[aria-label="Examples"] [aria-label^="A lighthouse"]'))
    visitor.until_says("Message", "Nothing was spent.")
    value = visitor.prompt.get_property("value")
    assert isinstance(value, str)
    assert value.startswith("A lighthouse")
    visitor.press("Put my prompt back")
    visitor.until(lambda: visitor.prompt.get_property("value") == "A half-finished thou")
    visitor.press("Lock this rewrite")
    visitor.until_says("Message", "rewriting is off")


def test_whatever_a_keyboard_reaches_shows_it(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.draw(PROMPT)
    visitor.click(visitor.prompt)
    visitor.keys(TAB)
    assert visitor.focused() == visitor.radio("16:9")
    assert visitor.shows_focus()
    visitor.keys(RIGHT)
    visitor.until(visitor.radio("3:4").is_selected)
    assert visitor.focused() == visitor.radio("3:4")
    assert visitor.shows_focus()

    hidden, seen = [], set()
    for _ in range(60):
        visitor.keys(TAB)
        here = visitor.focused()
        if here.tag_name == "body" or here in seen:
            break
        seen.add(here)
        if not visitor.shows_focus():
            hidden.append(visitor.js("return arguments[0].outerHTML.slice(0, 120)", here))
    assert len(seen) > 20
    assert hidden == []


def test_options_and_a_seed(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.options()
    assert visitor.wrong() == {}
    seed = visitor.find("#seed textarea")
    visitor.type("4711", seed)
    visitor.until(lambda: not visitor.find("#options [type=checkbox]").is_selected())
    visitor.keys(ESCAPE)
    visitor.until(lambda: not seed.is_displayed())
    visitor.draw(PROMPT)
    visitor.until_says("Token usage", "seed 4711")
    visitor.until_says("Rewritten prompt", "Rewriting was off")


def test_a_comparison(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.type(PROMPT)
    visitor.press("Compare")  # the tab
    visitor.click(visitor.find("#compare-now"))
    visitor.until_says("Comparison message", "2 pictures")
    visitor.until(lambda: len(visitor.driver.find_elements(By.CSS_SELECTOR, "#columns img")) == 2)
    assert visitor.wrong() == {}


def test_a_picture_that_comes_after_cancel(visitor: Visitor, held: tuple[str, Held]) -> None:
    url, service = held
    visitor.visit(url)
    visitor.type("A late lake")
    visitor.press("Generate")
    assert service.begun.wait(60)
    visitor.until_says("Your pictures", "On its way")
    visitor.press("Cancel")
    visitor.until_says("Message", "Stopped waiting.")
    service.arrives.set()
    visitor.until(lambda: visitor.find('#yours [aria-label="A late lake"]').is_displayed())


def test_a_wrong_key_costs_nothing(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.type("sandbox-invalid", visitor.find("[type=password]"))
    visitor.type(PROMPT)
    visitor.press("Generate")
    visitor.until_says("Message", "AI/ML API does not know this key.")
    visitor.until_says("Message", "Nothing was charged.")
    assert visitor.prompt.get_property("value") == PROMPT
    assert visitor.wrong() == {}


def test_a_downloaded_picture_opens_again(visitor: Visitor, demo: str, tmp_path: Path) -> None:
    visitor.visit(demo)
    visitor.draw(PROMPT)
    kept = tmp_path / "kept.png"
    kept.write_bytes(visitor.picture())
    visitor.type("something else")
    visitor.driver.find_element(By.CSS_SELECTOR, "#yours input[type=file]").send_keys(str(kept))
    visitor.until(lambda: visitor.prompt.get_property("value") == PROMPT)
    visitor.until_says("Message", PROMPT)


def test_a_link_brings_the_settings(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.type("A 狐狸 & a lake")
    visitor.click(visitor.radio("3:4"))
    visitor.press("Copy link")
    visitor.until(lambda: "Link copied." in visitor.find(".keep-status").text)
    visitor.type("")
    visitor.prompt.send_keys(Keys.CONTROL, "v")
    visitor.until(lambda: "?prompt=" in str(visitor.prompt.get_property("value")))
    link = str(visitor.prompt.get_property("value"))
    visitor.visit(link)
    visitor.until(lambda: visitor.prompt.get_property("value") == "A 狐狸 & a lake")
    assert visitor.radio("3:4").is_selected()


def test_a_picture_fills_the_screen(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.draw(PROMPT)
    visitor.click(visitor.named("Full screen"))
    visitor.until(lambda: visitor.js("return document.fullscreenElement?.querySelector('img')"))
    measure = """const shown = document.querySelector('#picture img').getBoundingClientRect();
      return [shown.width - innerWidth, shown.height - innerHeight]"""
    visitor.until(lambda: visitor.js(measure) == [0, 0])
    visitor.js("return document.exitFullscreen()")
    visitor.until(lambda: not visitor.js("return document.fullscreenElement"))


def test_a_browser_that_keeps_nothing_draws_all_the_same(visitor: Visitor, demo: str) -> None:
    visitor.visit(f"{demo}#keeps-nothing")
    visitor.draw(PROMPT)
    visitor.until(lambda: visitor.find(f'#yours [aria-label="{PROMPT}"]').is_displayed())


@pytest.mark.parametrize("width", [1440, 1101, 900, 320])
def test_nothing_lies_over_anything_else_and_nothing_is_cut(
    visitor: Visitor, demo: str, width: int
) -> None:
    got = visitor.resize(width, 900)
    assert got == width or width < 500, "the narrowest window is wider than that"
    visitor.visit(demo)
    found = {"at first": visitor.wrong()}
    visitor.options()
    found["options"] = visitor.wrong()
    visitor.draw(PROMPT)
    found["drawn"] = visitor.wrong()
    for name in ("Code ▼", "Response ▼"):
        visitor.press(name)
    found["listings"] = visitor.wrong()
    for place in ("#yours", ".links"):
        visitor.js("arguments[0].scrollIntoView()", visitor.find(place))
        found[place] = visitor.wrong()
    visitor.js("scrollTo(0, 0)")
    visitor.press("Compare")
    found["compare"] = visitor.wrong()
    assert {state: each for state, each in found.items() if each} == {}


def test_only_a_row_that_goes_on_has_a_bar_and_a_thin_one(visitor: Visitor, demo: str) -> None:
    visitor.visit(f"{demo}?__theme=dark")
    visitor.draw(PROMPT)
    ((name, thick, down),) = visitor.js(f"return {BARS}")
    assert (name, down) == ("tiles", 0)
    assert thick <= 8
    assert visitor.js("return getComputedStyle(document.documentElement).colorScheme") == "dark"
    if "Firefox" in visitor.js("return navigator.userAgent"):  # the others are told another way
        bar = "return getComputedStyle(document.querySelector('.tiles')).scrollbarColor"
        assert visitor.js(bar) != "auto", "its bars are white where the system is light"


def test_axe_finds_nothing(visitor: Visitor, demo: str) -> None:
    visitor.visit(demo)
    visitor.draw(PROMPT)
    visitor.options()
    visitor.js("return new Promise((done) => setTimeout(done, 500))")  # half faded in is too pale
    visitor.js(AXE.read_text())
    report = visitor.driver.execute_async_script(
        "const done = arguments[0]; axe.run().then(({violations}) => done(violations.map("
        "({id, nodes}) => [id, ...nodes.map(({html}) => html.slice(0, 200))])))"
    )
    assert report == []

"""On stage in Firefox and WebKit: there and back by keyboard alone, readable, and the room's."""

from collections.abc import Iterator

import pytest
from selenium.webdriver.common.keys import Keys

from tests.engines.visitor import ESCAPE, RIGHT, Visitor
from tests.page.stage import CUT_OFF, LONG, SHORT, SIZES, SMALLEST_LETTERS
from tests.stage.served import PASSWORD, Served, served

pytestmark = pytest.mark.engines

SAYS = "document.querySelector('.stage [role=status]').textContent"


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo without examples, with a host."""
    folder = tmp_path_factory.mktemp("stage")
    (folder / "gallery").mkdir()
    with served(folder, gallery=folder / "gallery", host_password=PASSWORD) as running:
        yield running


def present(visitor: Visitor) -> None:
    visitor.js("document.querySelector('#ratio input:checked').focus()")
    visitor.keys("p")
    visitor.until(lambda: visitor.js("return document.querySelector('#stage img').naturalWidth"))


def told(visitor: Visitor, words: str) -> None:
    visitor.until(lambda: words in visitor.js(f"return {SAYS}"))


def test_there_and_back_by_keyboard_alone(visitor: Visitor, bare: Served) -> None:
    visitor.visit(bare.url)
    me = visitor.js("return imagen.state.visitor")
    for name in ("one", "two", "three"):
        bare.drawn(me, f"Number {name}")
    present(visitor)
    chosen = "#ratio input:checked"
    for key, name in (
        (RIGHT, "two"),
        (Keys.PAGE_DOWN, "one"),
        (Keys.PAGE_UP, "two"),
        (Keys.LEFT, "three"),
    ):
        visitor.keys(key)
        told(visitor, f"Number {name}")
    assert visitor.js("return document.activeElement.closest('#stage') !== null")
    visitor.keys(ESCAPE)
    visitor.until(lambda: not visitor.js("return document.querySelector('#stage')"))
    assert visitor.focused() == visitor.find(chosen)


def test_f_fills_the_screen_and_leaving_it_leads_back(visitor: Visitor, bare: Served) -> None:
    visitor.visit(bare.url)
    bare.drawn(visitor.js("return imagen.state.visitor"))
    present(visitor)
    visitor.keys("f")
    visitor.until(lambda: visitor.js("return document.fullscreenElement?.matches('.stage')"))
    # What Escape does there; WebKit's driver waits for ever for a key that leaves the full screen.
    visitor.js("return new Promise(requestAnimationFrame).then(() => document.exitFullscreen())")
    visitor.until(lambda: not visitor.js("return document.querySelector('#stage')"))


@pytest.mark.parametrize(
    ("width", "height", "rewritten"),
    [(1920, 1080, LONG), (1280, 720, SHORT), (1024, 768, LONG), (844, 390, LONG)],
    ids=["large", "short words", "4:3", "sideways"],
)
def test_the_last_row_reads_it_and_nothing_is_cut_off_without_a_sign(
    visitor: Visitor, bare: Served, width: int, height: int, rewritten: str
) -> None:
    visitor.resize(width, height)
    visitor.visit(bare.url)
    me = visitor.js("return imagen.state.visitor")
    for ratio, size in SIZES.items():
        bare.drawn(me, f"A fox, {ratio}", size, rewritten_prompt=rewritten)
    present(visitor)
    for ratio in reversed(SIZES):
        told(visitor, f"A fox, {ratio}")
        visitor.until(lambda: visitor.js("return document.querySelector('.stage img').complete"))
        assert visitor.js(f"return ({SMALLEST_LETTERS})()") >= 0.03
        assert visitor.js(f"return ({CUT_OFF})()") == []
        visitor.keys(RIGHT)
    visitor.keys(ESCAPE)


def test_before_and_after_ends_with_the_picture(visitor: Visitor, bare: Served) -> None:
    visitor.visit(bare.url)
    bare.drawn(visitor.js("return imagen.state.visitor"), "A fox", rewritten_prompt=SHORT)
    present(visitor)
    image = "document.querySelector('#stage img').checkVisibility()"
    story = "document.querySelector('#stage .slide').dataset.story"
    visitor.keys("b")
    assert not visitor.js(f"return {image}")
    visitor.until(lambda: visitor.js(f"return {story} === undefined"))
    assert visitor.js(f"return {image}")
    visitor.keys(ESCAPE)


def test_the_rooms_stage_shows_what_came_and_takes_down_what_was_withdrawn(
    visitor: Visitor, bare: Served
) -> None:
    visitor.driver.get(f"{bare.url}/stage")
    visitor.type(PASSWORD, visitor.find("input[type=password]"))
    visitor.keys(Keys.ENTER)
    visitor.until(bare.stage.is_open)
    bare.stage.ask_first(asks=False)
    bare.offered("f" * 64, "A fox for all")
    told(visitor, "A fox for all")
    assert visitor.js(f"return ({CUT_OFF})()") == []
    assert visitor.js(f"return ({SMALLEST_LETTERS})()") >= 0.03
    bare.stage.withdraw("f" * 64)
    told(visitor, "your picture comes up here")
    assert "A fox for all" not in visitor.driver.page_source

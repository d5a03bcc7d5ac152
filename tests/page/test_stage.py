"""On stage: the visitor's own pictures, as large as the screen allows, and the room's."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from imagen_demo.pictures.examples import examples
from tests.page.axe import violations
from tests.page.stage import CUT_OFF, LONG, SHORT, SIZES, SMALLEST_LETTERS
from tests.page.visit import SCHEMES, Visit
from tests.stage.served import PASSWORD, Served, served

pytestmark = pytest.mark.usefixtures("flat_pictures")

SCREENS = [(1920, 1080), (1280, 720), (1024, 768), (844, 390)]

HASTY = """() => {
  window.every ??= window.setInterval;
  window.setInterval = (does, milliseconds) => window.every(does, milliseconds / 10);
}"""
"""Lets a page look ten times as often what is new."""

GOES_ON = "document.querySelector('.stage .words').classList.contains('goes-on')"

APART = """() => {
  const words = document.querySelector('.words').getBoundingClientRect();
  const corner = document.querySelector('.address').getBoundingClientRect();
  return words.right <= corner.left + 1 || words.bottom <= corner.top + 1;
}"""

PICTURE = """() => {
  const image = document.querySelector('.stage .ground img'), box = image.getBoundingClientRect();
  const scale = Math.min(box.width / image.naturalWidth, box.height / image.naturalHeight);
  return scale * scale * image.naturalWidth * image.naturalHeight / (innerWidth * innerHeight);
}"""


@pytest.fixture(scope="module", autouse=True)
def _hasty() -> Iterator[None]:
    """Let pictures follow each other at once; `tests/service/test_stage.py` holds the rhythm."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("imagen_demo.service.stage.CALM", 0.0)
        yield


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("stage"), host_password=PASSWORD) as running:
        yield running


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A demo without examples: its page shows nothing that would come first."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "gallery").mkdir()
    with served(folder, gallery=folder / "gallery") as running:
        yield running


class OnStage(Visit):
    """A visitor who presents."""

    def __init__(self, page: Page, demo: Served, query: str = "") -> None:
        super().__init__(page, f"{demo.url}/{query}")
        self.demo = demo
        self.stage = page.get_by_role("dialog", name="On stage")
        self.image = self.stage.get_by_role("img")
        self.place = self.stage.get_by_role("status")
        self.me: str = page.evaluate("imagen.state.visitor")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def present(self) -> None:
        """Open the stage by its key, wherever nobody types."""
        self.page.evaluate(HASTY)
        self.page.evaluate("document.activeElement.blur()")
        self.press("p")
        expect(self.image.first).to_be_visible()

    def says(self, prompt: str) -> Locator:
        return self.stage.get_by_label("What was written and what was used").get_by_text(
            prompt, exact=True
        )


# There and back.


def test_through_the_examples_and_back_by_keyboard_alone(page: Page, demo: Served) -> None:
    visit = OnStage(page, demo)
    prompts = [each.recipe.request.prompt for each in examples()]
    button = page.get_by_role("button", name="Present")
    button.focus()
    page.evaluate("scrollTo(0, 120)")
    scrolled = page.evaluate("scrollY")
    visit.press("Enter")
    expect(visit.says(prompts[0]).first).to_be_visible()
    for key, place in (("ArrowRight", 1), ("PageDown", 2), ("PageUp", 1), ("ArrowLeft", 0)):
        visit.press(key)
        expect(visit.says(prompts[place]).first).to_be_visible()
        count = f"Picture {place + 1} of {len(prompts)}: {prompts[place]}"
        expect(visit.place).to_have_text(count)
    visit.press("ArrowLeft")  # round the corner
    expect(visit.says(prompts[-1]).first).to_be_visible()
    visit.press("Escape")
    expect(visit.stage).to_have_count(0)
    expect(button).to_be_focused()
    assert page.evaluate("scrollY") == scrolled


def test_p_is_a_letter_where_somebody_types_and_a_way_to_the_stage_elsewhere(
    page: Page, demo: Served
) -> None:
    visit = OnStage(page, demo)
    for box in (visit.prompt, visit.key):
        box.press("p")
        expect(box).to_have_value("p")
    page.get_by_label("16:9", exact=True).press("Control+p")
    expect(visit.stage).to_have_count(0)
    page.get_by_label("16:9", exact=True).press("p")
    expect(visit.stage).to_be_visible()
    visit.press("p", "p")  # is there already
    expect(visit.stage).to_have_count(1)
    visit.press("Escape")
    expect(page.get_by_label("16:9", exact=True)).to_be_focused()


def test_the_ordinary_page_loads_nothing_of_it(page: Page, demo: Served) -> None:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    try:
        visit = OnStage(page, demo)
        assert not [each for each in asked if "/stage/" in each]
        visit.present()
        assert len([each for each in asked if "/stage/files/" in each]) == 3
    finally:
        page.remove_listener("request", note)


def test_where_the_demo_does_not_answer_the_page_says_so(page: Page, demo: Served) -> None:
    visit = OnStage(page, demo)
    page.route("**/stage/**", lambda route: route.abort())
    page.get_by_role("button", name="Present").click()
    expect(page.get_by_text("The demo does not answer, so there is no stage.")).to_be_visible()
    page.unroute("**/stage/**")
    page.get_by_role("button", name="Present").click()
    expect(visit.image).to_be_visible()


def test_nothing_of_the_page_is_seen_or_reached(page: Page, demo: Served) -> None:
    visit = OnStage(page, demo)
    visit.key.fill("sandbox-secret-4711")
    visit.present()
    box = visit.stage.bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, 1440, 900)
    assert page.evaluate("getComputedStyle(document.querySelector('#stage')).backgroundColor") == (
        "rgb(16, 17, 20)"
    )
    for _ in range(12):
        visit.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('#stage')"
        )
    assert "4711" not in visit.stage.inner_html()
    assert visit.me not in visit.stage.inner_html()


# What is to be seen.


@pytest.mark.parametrize("rewritten", [SHORT, LONG], ids=["60 characters", "4000 characters"])
def test_the_last_row_reads_it_and_nothing_is_cut_off_without_a_sign(
    page: Page, bare: Served, rewritten: str
) -> None:
    visit = OnStage(page, bare)
    for ratio, size in SIZES.items():
        bare.drawn(visit.me, f"A fox, {ratio}", size, rewritten_prompt=rewritten)
    visit.present()
    for ratio in reversed(SIZES):
        expect(visit.says(f"A fox, {ratio}").first).to_be_visible()
        page.wait_for_function("document.querySelector('.stage img').complete")
        for width, height in SCREENS:
            page.set_viewport_size({"width": width, "height": height})
            page.evaluate("new Promise(requestAnimationFrame)")
            assert page.evaluate(SMALLEST_LETTERS) >= 0.03
            assert page.evaluate(CUT_OFF) == []
            shape = SIZES[ratio][0] / SIZES[ratio][1]
            most = min(shape / (width / height), (width / height) / shape)  # with no words at all
            assert page.evaluate(PICTURE) > 0.38 * most, (ratio, width)
        assert page.evaluate(GOES_ON) == (rewritten is LONG)
        visit.press("ArrowRight")


def test_a_long_rewrite_is_read_to_its_end_by_keys(page: Page, bare: Served) -> None:
    visit = OnStage(page, bare)
    bare.drawn(visit.me, rewritten_prompt=LONG)
    visit.present()
    end = visit.stage.get_by_text("Drawn by the sandbox, free")
    expect(end).not_to_be_in_viewport()
    for _ in range(30):
        visit.press("ArrowDown")
    page.wait_for_function(f"!({GOES_ON})")
    expect(end).to_be_in_viewport()


def test_held_upright_it_is_readable_too(page: Page, bare: Served) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit = OnStage(page, bare)
    bare.drawn(visit.me, "A fox", SIZES["16:9"], rewritten_prompt=LONG)
    visit.present()
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(SMALLEST_LETTERS) >= 0.03
    words = visit.stage.get_by_label("What was written and what was used").bounding_box()
    assert words
    for name in ("Previous picture", "Next picture"):
        way = visit.stage.get_by_role("button", name=name).bounding_box()
        assert way
        assert way["y"] + way["height"] <= words["y"]  # no word is below a button


def test_the_words_of_the_visitor_are_marked_and_the_price_stands_below(
    page: Page, bare: Served
) -> None:
    visit = OnStage(page, bare)
    bare.drawn(visit.me, "A red fox")
    visit.present()
    expect(visit.stage.locator("mark")).to_have_text("A red fox")
    expect(visit.stage.get_by_text("You wrote:")).to_be_visible()
    expect(visit.stage.get_by_text("$0.042 at Imagen 4's price")).to_be_visible()


def test_it_begins_with_the_picture_that_the_page_shows(page: Page, demo: Served) -> None:
    visit = OnStage(page, demo)
    demo.drawn(visit.me, "The first")
    demo.drawn(visit.me, "The second")
    page.reload()
    visit.strip.get_by_role("button", name="The first", exact=True).click()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value("The first")
    visit.present()
    expect(visit.says("The first").first).to_be_visible()
    visit.press("ArrowLeft")
    expect(visit.says("The second").first).to_be_visible()


def test_a_comparison_comes_first_side_by_side(page: Page, demo: Served) -> None:
    visit = OnStage(page, demo)
    visit.prompt.fill("A quiet lake")
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_label("Comparison message")).to_contain_text("all within")
    visit.present()
    expect(visit.image).to_have_count(2)
    expect(visit.stage.get_by_role("heading")).to_have_text(["Rewriting on", "Rewriting off"])
    one, other = (each.bounding_box() for each in visit.image.all())
    assert one
    assert other
    assert one["y"] == other["y"]
    assert one["width"] > 600
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(SMALLEST_LETTERS) >= 0.03
    visit.press("ArrowRight")
    expect(visit.image).to_have_count(1)
    assert violations(page) == ""


def test_five_columns_are_as_large_as_they_can_be(page: Page, bare: Served) -> None:
    visit = OnStage(page, bare)
    names = [bare.drawn(visit.me, "A fox", each) for each in SIZES.values()]
    visit.present()
    html = bare.get("/stage/slide", params={"picture": names, "label": [*SIZES]}).text
    page.evaluate("(html) => { document.querySelector('#stage .ground').innerHTML = html; }", html)
    page.wait_for_function("[...document.images].every((each) => each.complete)")
    for width, height in (*SCREENS, (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        page.evaluate("new Promise(requestAnimationFrame)")
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate(SMALLEST_LETTERS) >= 0.03


# The round, the story, the full screen.


def test_space_starts_and_stops_a_slow_round(fresh_page: Page, demo: Served) -> None:
    page = fresh_page
    page.clock.install()
    visit = OnStage(page, demo, "?round=20")
    prompts = [each.recipe.request.prompt for each in examples()]
    visit.present()
    tool = visit.stage.get_by_role("button", name="Slow round")
    expect(tool).to_have_attribute("aria-pressed", "false")
    visit.press(" ")
    expect(tool).to_have_attribute("aria-pressed", "true")
    page.clock.run_for(19_000)
    expect(visit.says(prompts[0]).first).to_be_visible()
    page.clock.run_for(1_100)
    expect(visit.says(prompts[1]).first).to_be_visible()
    page.clock.run_for(20_100)
    expect(visit.says(prompts[2]).first).to_be_visible()
    visit.press(" ")
    page.clock.run_for(60_000)
    expect(visit.says(prompts[2]).first).to_be_visible()


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_before_and_after_tells_it_in_three_steps(
    fresh_page: Page, bare: Served, motion: Literal["no-preference", "reduce"]
) -> None:
    page = fresh_page
    page.emulate_media(reduced_motion=motion)
    page.clock.install()
    visit = OnStage(page, bare)
    bare.drawn(visit.me, "A fox", rewritten_prompt=SHORT)
    visit.present()
    before = visit.stage.get_by_label("What was written").inner_text()
    visit.press("b")
    expect(visit.image).not_to_be_visible()
    expect(visit.says("A fox").first).to_be_visible()
    used = visit.stage.locator(".used")
    expect(used).not_to_be_visible()
    page.clock.run_for(1_400)
    expect(used).to_be_visible()
    expect(visit.image).not_to_be_visible()
    moving = "document.querySelector('.stage .added').getAnimations().length"
    assert bool(page.evaluate(moving)) == (motion == "no-preference")
    page.clock.run_for(2_700)
    expect(visit.image).to_be_visible()
    page.clock.run_for(1_000)
    assert visit.stage.get_by_label("What was written").inner_text() == before
    visit.press("b", "ArrowRight")  # whoever goes on does not wait for its end
    expect(visit.stage.get_by_role("img")).to_be_visible()


def test_f_fills_the_screen_and_leaving_it_leads_back(page: Page, demo: Served) -> None:
    visit = OnStage(page, demo)
    visit.present()
    full = "document.fullscreenElement?.classList.contains('stage') ?? false"
    visit.press("f")
    page.wait_for_function(full)
    visit.press("f")
    page.wait_for_function(f"!({full})")
    expect(visit.stage).to_be_visible()
    visit.stage.get_by_role("button", name="Full screen").click()
    page.wait_for_function(full)
    page.evaluate("new Promise(requestAnimationFrame)")  # so the page has heard of it
    page.evaluate("document.exitFullscreen()")  # what Escape does there, unheard by the page
    expect(visit.stage).to_have_count(0)


def test_the_screen_stays_awake_as_long_as_it_stands(fresh_page: Page, demo: Served) -> None:
    page = fresh_page
    page.add_init_script(
        """window.awake = 0;
        Object.defineProperty(navigator, 'wakeLock', {value: {request: async () => {
          window.awake += 1;
          return {release: () => { window.awake -= 1; }};
        }}});"""
    )
    visit = OnStage(page, demo)
    visit.present()
    page.wait_for_function("window.awake === 1")
    visit.press("Escape")
    page.wait_for_function("window.awake === 0")


def test_a_thumb_goes_through_it(browser: Browser, demo: Served) -> None:
    context = browser.new_context(
        viewport={"width": 844, "height": 390}, has_touch=True, is_mobile=True
    )
    page = context.new_page()
    visit = OnStage(page, demo)
    visit.present()
    devtools = context.new_cdp_session(page)

    def swipe(start: int, end: int) -> None:
        for kind, x in (("touchStart", start), ("touchMove", end), ("touchEnd", None)):
            points = [] if x is None else [{"x": x, "y": 150}]
            devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    prompts = [each.recipe.request.prompt for each in examples()]
    swipe(600, 200)
    expect(visit.says(prompts[1]).first).to_be_visible()
    swipe(200, 600)
    expect(visit.says(prompts[0]).first).to_be_visible()
    context.close()


# What comes and goes meanwhile.


def test_what_another_tab_draws_joins_and_what_it_removes_leaves(page: Page, bare: Served) -> None:
    visit = OnStage(page, bare)
    album = bare.demo.answering.drawing.album
    first = bare.drawn(visit.me, "The first")
    visit.present()
    second = bare.drawn(visit.me, "The second")
    expect(visit.says("The second").first).to_be_visible()  # by itself
    expect(visit.place).to_have_text("Picture 1 of 2: The second")
    expect(visit.image).to_have_js_property("complete", value=True)
    album.remove(second, visitor=visit.me)
    expect(visit.says("The first").first).to_be_visible()
    visit.press("ArrowRight")
    expect(visit.says("The first").first).to_be_visible()
    assert first


def test_whoever_looks_at_an_older_one_is_not_torn_away(page: Page, bare: Served) -> None:
    visit = OnStage(page, bare)
    for number in range(3):
        bare.drawn(visit.me, f"Number {number}")
    visit.present()
    visit.press("ArrowRight", "ArrowRight")
    expect(visit.place).to_have_text("Picture 3 of 3: Number 0")
    bare.drawn(visit.me, "News")
    for _ in range(2):  # by the second answer the first was taken in
        with page.expect_response(lambda answer: answer.url.endswith("/stage/own")):
            pass
    expect(visit.says("Number 0").first).to_be_visible()
    visit.press("ArrowLeft")
    expect(visit.place).to_have_text("Picture 3 of 4: Number 1")  # it has joined
    expect(visit.says("Number 1").first).to_be_visible()


def test_a_hundred_pictures(page: Page, bare: Served) -> None:
    visit = OnStage(page, bare)
    for number in range(100):
        bare.drawn(visit.me, f"Number {number}", (64, 36))
    visit.present()
    for number in reversed(range(9, 100, 10)):
        expect(visit.place).to_have_text(f"Picture {100 - number} of 100: Number {number}")
        visit.press(*["ArrowRight"] * 10)
    expect(visit.place).to_have_text("Picture 1 of 100: Number 99")


def test_with_the_network_down_it_shows_what_is_there(fresh_page: Page, bare: Served) -> None:
    page = fresh_page
    visit = OnStage(page, bare)
    for number in range(8):
        bare.drawn(visit.me, f"Number {number}")
    visit.present()
    visit.press("ArrowRight")
    expect(visit.says("Number 6").first).to_be_visible()
    page.context.set_offline(True)
    visit.press("ArrowLeft")
    expect(visit.says("Number 7").first).to_be_visible()
    for _ in range(8):
        visit.press("ArrowRight")
        expect(visit.image).to_be_visible()
    expect(visit.stage.get_by_text("The demo does not answer")).to_be_visible()
    page.context.set_offline(False)
    visit.press("ArrowRight", "ArrowRight")
    expect(visit.stage.get_by_text("The demo does not answer")).not_to_be_visible()


def test_axe_finds_nothing(page: Page, bare: Served) -> None:
    visit = OnStage(page, bare)
    bare.drawn(visit.me, "A fox", rewritten_prompt=LONG)
    visit.present()
    for scheme in SCHEMES:
        visit.look(scheme)
        assert violations(page) == ""


# The room's.


@pytest.fixture
def tab(browser: Browser, demo: Served) -> Iterator[Callable[..., Page]]:
    """Windows of people of their own; none of their pages may complain."""
    contexts, complaints = [], []

    def opened(path: str = "/", **look: Any) -> Page:  # noqa: ANN401 - Playwright's options
        context = browser.new_context(**look)
        context.add_init_script(f"({HASTY})()")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{demo.url}{path}")
        return page

    yield opened
    for each in contexts:
        each.close()
    demo.stage.ask_first(asks=True)
    for name in [each.name for each in (*demo.stage.seen().queue, *demo.stage.seen().waiting)]:
        demo.stage.take_off(name)
    if current := demo.stage.seen().current:
        demo.stage.take_off(current.name)
    assert complaints == []


def enter(page: Page) -> None:
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def projector(tab: Callable[..., Page], **look: Any) -> Page:  # noqa: ANN401 - likewise
    room = tab("/stage", **look)
    with room.expect_response(lambda answer: "/stage/now" in answer.url):  # so it is open
        enter(room)
    expect(room.get_by_role("article")).to_contain_text("your picture comes up here")
    return room


def phone(tab: Callable[..., Page], *, on: bool = True) -> Page:
    page = tab(viewport={"width": 390, "height": 844}, has_touch=True)
    switch = page.get_by_label("Show on stage")
    expect(switch).not_to_be_checked()
    if on:
        switch.check()
    return page


def draw(page: Page, prompt: str) -> None:
    page.get_by_label("Prompt", exact=True).fill(prompt)
    page.get_by_role("button", name="Generate").click()
    tile = page.get_by_label("Your pictures").get_by_role("button", name=prompt, exact=True)
    expect(tile).to_be_visible()


def test_two_phones_one_with_the_switch_and_one_without(
    tab: Callable[..., Page], demo: Served
) -> None:
    room = projector(tab)
    host = room.context.new_page()
    host.goto(f"{demo.url}/stage/host")
    shows, hides = phone(tab), phone(tab, on=False)
    draw(shows, "A fox for all")
    draw(hides, "A fox for me")
    expect(host.get_by_role("heading", name="Waiting for you: 1")).to_be_visible()
    expect(host.get_by_text("A fox for all")).to_be_visible()
    expect(room.get_by_role("img")).to_have_count(0)
    host.keyboard.press("Enter")
    expect(room.get_by_text("A fox for all", exact=True).first).to_be_visible()
    expect(room.get_by_text("Somebody here wrote:")).to_be_visible()
    assert "A fox for me" not in room.content() + host.content()
    secret = shows.evaluate("imagen.state.visitor")
    assert secret not in room.content() + host.content()
    expect(host.get_by_role("heading", name="Waiting for you", exact=True)).to_be_visible()


def test_a_switch_that_goes_off_takes_the_picture_down_while_it_is_shown(
    tab: Callable[..., Page], demo: Served
) -> None:
    room = projector(tab)
    demo.stage.ask_first(asks=False)
    shows = phone(tab)
    draw(shows, "A fox for a while")
    expect(room.get_by_text("A fox for a while", exact=True).first).to_be_visible()
    shows.get_by_label("Show on stage").uncheck()
    expect(room.get_by_role("article")).to_contain_text("your picture comes up here")
    assert "A fox for a while" not in room.content()
    room.keyboard.press("ArrowRight")
    assert "A fox for a while" not in room.content()


def test_the_browser_remembers_the_switch(tab: Callable[..., Page]) -> None:
    projector(tab)
    page = phone(tab)
    page.reload()
    expect(page.get_by_label("Show on stage")).to_be_checked()
    page.get_by_label("Show on stage").uncheck()
    page.reload()
    expect(page.get_by_label("Show on stage")).not_to_be_checked()


def test_one_key_takes_a_picture_off_for_good(tab: Callable[..., Page], demo: Served) -> None:
    room = projector(tab)
    demo.stage.ask_first(asks=False)
    demo.offered("f" * 64, "A rude word")
    expect(room.get_by_text("A rude word", exact=True).first).to_be_visible()
    room.keyboard.press("Delete")
    expect(room.get_by_role("article")).to_contain_text("your picture comes up here")
    demo.offered("f" * 64, "A kind word")
    expect(room.get_by_text("A kind word", exact=True).first).to_be_visible()
    room.keyboard.press("ArrowRight")
    assert "A rude word" not in room.content()


def test_a_comparison_comes_up_side_by_side(tab: Callable[..., Page], demo: Served) -> None:
    room = projector(tab, viewport={"width": 1280, "height": 720})
    demo.stage.ask_first(asks=False)
    shows = phone(tab)
    shows.get_by_label("Prompt", exact=True).fill("A quiet lake")
    shows.get_by_role("tab", name="Compare").click()
    shows.get_by_role("button", name="Compare", exact=True).click()
    expect(room.get_by_role("img")).to_have_count(2)
    assert room.evaluate(CUT_OFF) == []
    assert room.evaluate(SMALLEST_LETTERS) >= 0.03


def test_the_corner_covers_no_word_and_the_last_row_reads_it(
    tab: Callable[..., Page], demo: Served
) -> None:
    room = projector(tab)
    elsewhere = {"host": "imagen.example.org"}
    room.route(
        "**/stage",
        lambda route: route.fulfill(
            response=route.fetch(headers={**route.request.headers, **elsewhere})
        ),
    )
    room.reload()
    corner = room.get_by_label("Where to draw along")
    expect(corner.get_by_text("imagen.example.org")).to_be_visible()
    demo.stage.ask_first(asks=False)
    for size in (SIZES["16:9"], SIZES["9:16"]):
        name = demo.drawn("f" * 64, f"A fox {size}", size, rewritten_prompt=LONG)
        demo.stage.offer([demo.demo.answering.drawing.album.folder / name])
        expect(room.get_by_text(f"A fox {size}", exact=True).first).to_be_visible()
        for width, height in SCREENS:
            room.set_viewport_size({"width": width, "height": height})
            room.evaluate("new Promise(requestAnimationFrame)")
            assert room.evaluate(APART)
            assert room.evaluate(SMALLEST_LETTERS) >= 0.03
            assert room.evaluate(CUT_OFF) == []


def test_axe_finds_nothing_in_the_room_and_in_the_hosts_window(
    tab: Callable[..., Page], demo: Served
) -> None:
    room = projector(tab)
    assert violations(room) == ""
    demo.offered("f" * 64, "A fox")
    host = room.context.new_page()
    host.goto(f"{demo.url}/stage/host")
    expect(host.get_by_role("heading", name="Waiting for you: 1")).to_be_visible()
    for scheme in ("light", "dark"):
        host.emulate_media(color_scheme=scheme)
        assert violations(host) == ""
    host.get_by_role("button", name="Show: A fox").click()
    expect(room.get_by_text("A fox", exact=True).first).to_be_visible()
    assert violations(room) == ""


def test_a_restart_in_the_middle_leaves_the_picture_on_and_the_room_goes_on(
    browser: Browser, tmp_path: Path
) -> None:
    with served(tmp_path, host_password=PASSWORD) as demo:
        port = int(demo.url.rsplit(":", 1)[1])
        page = browser.new_context().new_page()
        page.add_init_script(f"({HASTY})()")
        page.goto(f"{demo.url}/stage")
        with page.expect_response(lambda answer: "/stage/now" in answer.url):
            enter(page)
        demo.stage.ask_first(asks=False)
        demo.offered("f" * 64, "Before it")
        expect(page.get_by_text("Before it", exact=True).first).to_be_visible()
    expect(page.get_by_text("The demo does not answer")).to_be_visible()
    expect(page.get_by_text("Before it", exact=True).first).to_be_visible()
    with served(tmp_path, port=port, host_password=PASSWORD) as demo:
        expect(page.get_by_text("The demo does not answer")).not_to_be_visible()
        expect(page.get_by_text("Before it", exact=True).first).to_be_visible()
        demo.stage.ask_first(asks=False)
        demo.offered("e" * 64, "After it")
        expect(page.get_by_text("After it", exact=True).first).to_be_visible()
        demo.stage.withdraw("e" * 64)
        expect(page.get_by_role("article")).to_contain_text("your picture comes up here")
        page.context.close()

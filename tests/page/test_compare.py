"""The Compare tab: one prompt, several ways to draw it, side by side."""

import json
import re
from base64 import b64encode
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from imagen_demo.server.body_limits import LARGEST_CALL
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import sandbox_demo
from tests.page.visit import Asking, Failing, Held, Visit

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


class Comparison:
    """The tab, as a visitor sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.get_by_role("tab", name="Compare").click()
        self.panel = page.locator("#compare")
        self.go = page.get_by_role("button", name="Compare", exact=True)
        self.notice = page.get_by_label("Comparison message")
        expect(self.go).to_be_visible()

    def preset(self, name: str) -> None:
        self.page.get_by_role("radio", name=name).check()

    def column(self, name: str) -> Locator:
        return self.panel.get_by_role("group", name=name, exact=True)

    def gone(self) -> Locator:
        """What stands in the place of a picture that was removed."""
        return self.panel.get_by_text("This picture is no longer here.").filter(visible=True)

    def picture(self, name: str) -> Locator:
        return self.column(name).get_by_role("img")


def test_rewriting_on_and_off_stand_side_by_side(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    expect(visit.generate).to_be_hidden()
    expect(page.get_by_text("About 168,000 tokens ($0.084) for 2 pictures")).to_be_visible()
    expect(compared.column("Rewriting on")).to_be_visible()
    visit.prompt.fill("A quiet lake")
    compared.go.click()

    for name in ("Rewriting on", "Rewriting off"):
        expect(compared.column(name)).to_contain_text("84,000 tokens $0.042")
        expect(compared.column(name)).to_contain_text("seconds")
        expect(compared.picture(name)).to_have_js_property("naturalWidth", 1408)
    expect(compared.column("Rewriting on").locator("mark")).to_have_text("A quiet lake")
    expect(compared.column("Rewriting off")).to_contain_text("Rewriting was off")
    expect(compared.notice).to_contain_text("Drawn here by the sandbox, free.")
    expect(compared.notice).to_contain_text("2 pictures, 168,000 tokens ($0.084)")
    # The rewritten prompt, else the prompt, is what a picture is described by.
    expect(compared.picture("Rewriting on")).to_have_attribute(
        "alt", re.compile("^A quiet lake, imagined")
    )
    expect(compared.picture("Rewriting off")).to_have_attribute("alt", "A quiet lake")
    expect(visit.tile("A quiet lake")).to_have_count(2)
    boxes = [compared.picture(name).bounding_box() for name in ("Rewriting on", "Rewriting off")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    assert boxes[0]["y"] == boxes[1]["y"]


def test_every_preset_says_its_price_and_its_columns_before_the_click(
    page: Page, demo: str
) -> None:
    Visit(page, demo)
    compared = Comparison(page)
    for preset, price, columns in (
        ("Fast, Standard, Ultra", "252,000 tokens ($0.126) for 3", ["Fast", "Standard", "Ultra"]),
        ("The five ratios", "420,000 tokens ($0.21) for 5", ["1:1", "9:16", "16:9", "3:4", "4:3"]),
        ("Three seeds", "252,000 tokens ($0.126) for 3", ["One seed", "The next"]),
        ("Rewriting on and off", "168,000 tokens ($0.084) for 2", ["Rewriting on"]),
    ):
        compared.preset(preset)
        expect(page.get_by_text(f"About {price} pictures")).to_be_visible()
        for name in columns:
            expect(compared.column(name)).to_be_visible()


def test_enter_compares_here_and_generates_there(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    compared.preset("Three seeds")
    visit.prompt.fill("A quiet lake")
    visit.prompt.press("Enter")
    expect(compared.notice).to_contain_text("3 pictures")
    expect(visit.tile("A quiet lake")).to_have_count(3)
    page.get_by_role("tab", name="Create").click()
    expect(visit.notice).to_contain_text("Type a line")
    visit.prompt.fill("A loud lake")
    visit.prompt.press("Enter")
    expect(visit.notice).to_contain_text("A loud lake")
    expect(visit.tile("A quiet lake")).to_have_count(3)
    expect(visit.usage).to_contain_text("Reported this visit: 4 pictures")


def test_the_five_ratios_have_five_shapes(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    compared.preset("The five ratios")
    visit.prompt.fill("A quiet lake")
    compared.go.click()
    for name, width, height in (
        *(("1:1", 1024, 1024), ("9:16", 768, 1408), ("16:9", 1408, 768)),
        *(("3:4", 896, 1280), ("4:3", 1280, 896)),
    ):
        expect(compared.picture(name)).to_have_js_property("naturalWidth", width)
        expect(compared.column(name)).to_contain_text(f"{width}×{height}")  # noqa: RUF001
    # A column's picture is one of the visitor's own: it opens with all its settings.
    page.get_by_role("button", name="Open 9:16").click()
    expect(page.get_by_role("tab", name="Create")).to_have_attribute("aria-selected", "true")
    expect(visit.notice).to_contain_text("Your picture of")
    expect(visit.ratio("9:16")).to_be_checked()
    expect(visit.picture()).to_have_js_property("naturalHeight", 1408)
    expect(visit.generate).to_be_visible()


@pytest.mark.usefixtures("pauses")
def test_a_column_that_fails_says_why_and_leaves_the_others(
    page: Page, browser: Browser, service: Service, tmp_path: Path
) -> None:
    service.script = lambda asked: without_ultra(service, asked)
    with sandbox_demo(Settings(host_key=KEY, base_url=service.url)) as url:
        visit = Visit(page, url)
        compared = Comparison(page)
        compared.preset("Fast, Standard, Ultra")
        visit.prompt.fill("A fox")
        compared.go.click()
        expect(compared.notice).to_contain_text("2 of 3 pictures are here.")
        expect(compared.notice).to_contain_text("2 pictures, 126,000 tokens ($0.063)")
        expect(compared.notice).to_contain_text("“A fox”, Fast, Standard, Ultra")
        failed = compared.column("Ultra").get_by_role("alert")
        expect(failed).to_contain_text("Nothing was charged.")
        expect(compared.column("Fast")).to_contain_text("42,000 tokens")
        expect(compared.column("Standard").locator("mark")).to_have_text(["A", "fox"])
        expect(visit.tile("A fox")).to_have_count(2)

        with page.expect_download() as saving:
            page.get_by_role("button", name="Download sheet").filter(visible=True).click()
        sheet = tmp_path / saving.value.suggested_filename
        saving.value.save_as(sheet)
        page.reload()
        compared = Comparison(page)
        expect(compared.column("Ultra")).to_contain_text("Nothing was charged.")
        expect(compared.picture("Fast")).to_have_js_property("naturalWidth", 8)
        expect(compared.notice).to_contain_text("2 of 3 pictures are here.")
        expect(page.get_by_role("radio", name="Fast, Standard, Ultra")).to_be_checked()
        expect(page.get_by_text("About 252,000 tokens")).to_be_visible()

    assert sheet.name.endswith("-compared.html")
    context = browser.new_context(offline=True)
    offline = context.new_page()
    offline.goto(sheet.as_uri())
    for words in ("Fast", "Standard", "Ultra", "42,000 tokens", "84,000 tokens", "A red fox"):
        expect(offline.get_by_text(words).first).to_be_visible()
    expect(offline.get_by_text("Nothing was charged.")).to_be_visible()
    pictures = offline.get_by_role("img")
    expect(pictures).to_have_count(2)
    expect(pictures.first).to_have_js_property("naturalWidth", 8)
    context.close()


def test_columns_fill_as_they_arrive_and_a_cancel_loses_none(page: Page, service: Service) -> None:
    service.script = lambda asked: slow_standard(service, asked)
    with sandbox_demo(Settings(host_key=KEY, base_url=service.url)) as url:
        visit = Visit(page, url)
        compared = Comparison(page)
        compared.preset("Fast, Standard, Ultra")
        visit.prompt.fill("A fox")
        compared.go.click()
        expect(compared.picture("Fast")).to_be_visible()
        expect(compared.picture("Ultra")).to_be_visible()
        expect(compared.column("Standard")).to_contain_text("Drawing…")
        expect(compared.notice).to_contain_text(re.compile(r"Drawing side by side… \d+ s\."))
        expect(compared.column("Standard").get_by_text("If it comes")).to_be_hidden()
        # Neither a click nor Enter asks again while it waits.
        compared.go.click(force=True)
        visit.prompt.press("Enter")
        # Meanwhile the other tab is free.
        page.get_by_role("tab", name="Create").click()
        expect(visit.notice).to_contain_text("Type a line")
        page.get_by_role("tab", name="Compare").click()
        page.get_by_role("button", name="Cancel").click()
        expect(compared.notice).to_contain_text("Stopped waiting.")
        expect(compared.column("Standard").get_by_text("Drawing")).to_be_hidden()
        expect(compared.column("Standard").get_by_text("If it comes")).to_be_visible()
        expect(compared.picture("Fast")).to_be_visible()
        expect(visit.strip.get_by_text("On its way")).to_have_count(1)
        service.pause.set()
        expect(visit.tile("A fox")).to_have_count(3)
    assert len([each for each in service.received if each.method == "POST"]) == 3


def test_after_a_cancel_the_next_comparison_is_asked_at_once(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    visit.prompt.fill("A quiet lake")
    visit.key.fill("sandbox-slow")  # no answer for ten minutes
    compared.go.click()
    expect(compared.column("Rewriting on")).to_contain_text("Drawing")
    page.get_by_role("button", name="Cancel").click()
    expect(compared.notice).to_contain_text("Stopped waiting.")
    visit.key.fill("")
    compared.go.click()
    expect(compared.notice).to_contain_text("2 pictures")
    expect(compared.picture("Rewriting off")).to_be_visible()
    # Several pictures likewise, of which some may have come.
    page.get_by_role("tab", name="Create").click()
    visit.options()
    page.get_by_role("radio", name="2", exact=True).check()
    visit.key.fill("sandbox-slow")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    page.get_by_role("button", name="Cancel").filter(visible=True).click()
    expect(visit.notice).to_contain_text("Stopped waiting.")
    visit.key.fill("")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawn here by the sandbox")


def test_if_all_fail_for_one_reason_it_is_said_once(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    visit.prompt.fill("A quiet lake")
    visit.key.fill("sandbox-invalid")
    compared.go.click()
    expect(compared.notice).to_contain_text("AI/ML API does not know this key.")
    expect(compared.column("Rewriting on")).to_contain_text("for the reason above")
    page.get_by_role("button", name="Download sheet").filter(visible=True).click()
    expect(page.get_by_text("There is no picture to put on a sheet yet.")).to_be_visible()


def test_a_picture_that_is_removed_leaves_its_column(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    visit.prompt.fill("A quiet lake")
    compared.go.click()
    expect(compared.notice).to_contain_text("2 pictures")
    expect(visit.tile("A quiet lake")).to_have_count(2)
    visit.strip.get_by_role("button", name="Remove A quiet lake").first.click()
    visit.strip.get_by_role("button", name="Really? Remove A quiet lake").click()
    expect(compared.notice).to_contain_text("Removed from this demo's disk.")
    expect(compared.gone()).to_have_count(1)
    expect(compared.panel.get_by_role("img")).to_have_count(1)


def test_the_longest_rewrites_are_not_sent_back_and_forth(
    fresh_page: Page, service: Service
) -> None:
    words = 'A <very> long & winding "rewrite" of $5 {lakes}, '
    entry = {"b64_json": b64encode(png()).decode(), "prompt": (words * 100)[:4_000]}
    service.script = lambda _: Answer(body=json.dumps({"data": [entry]}).encode())
    sizes: list[int] = []
    fresh_page.on("request", lambda asked: sizes.append(len(asked.post_data_buffer or b"")))
    with sandbox_demo(Settings(base_url=service.url, host_key=KEY)) as url:
        visit = Visit(fresh_page, url)
        compared = Comparison(fresh_page)
        compared.preset("The five ratios")
        visit.prompt.fill(words * 8)
        compared.go.click()
        expect(compared.notice).to_contain_text("5 pictures")
        shown = compared.panel.inner_html()
        compared.preset("Three seeds")
        fresh_page.get_by_role("tab", name="Create").click()
        fresh_page.get_by_role("tab", name="Compare").click()
        visit.strip.get_by_role("button", name=re.compile("^Remove A <very>")).first.click()
        visit.strip.get_by_role("button", name=re.compile("^Really. Remove A <very>")).click()
        expect(compared.gone()).to_have_count(1)
        expect(compared.panel.get_by_role("img")).to_have_count(4)
        for ratio in ("1:1", "9:16", "16:9", "3:4", "4:3"):
            expect(compared.column(ratio)).to_be_visible()
    assert len(shown) > LARGEST_CALL / 2, "else this shows nothing"
    assert max(sizes) < len(shown) / 4


def test_a_demo_that_breaks_says_so_here_and_lets_go(page: Page, asking: Asking) -> None:
    url = asking(Failing(RuntimeError("a bug")))
    visit = Visit(page, url)
    # What was cancelled in the other tab a moment ago excuses nothing here.
    page.evaluate("imagen.state.cancelledAt.create = Date.now()")
    compared = Comparison(page)
    visit.prompt.fill("A lake")
    compared.go.click()
    expect(compared.notice).to_contain_text("Something broke inside this demo")
    visit.prompt.fill("Another lake")
    compared.go.click()
    expect(compared.notice).to_contain_text("Something broke inside this demo")


def test_while_a_picture_is_drawn_open_shows_the_tab_that_waits(page: Page, asking: Asking) -> None:
    service = Held(at_first=True)
    url = asking(service)
    visit = Visit(page, url)
    compared = Comparison(page)
    visit.prompt.fill("A quiet lake")
    compared.go.click()
    expect(compared.notice).to_contain_text("Drawn")
    service.arrives.clear()
    page.get_by_role("tab", name="Create").click()
    visit.prompt.fill("A loud lake")
    visit.generate.click()
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Open Rewriting off").click()
    expect(visit.notice).to_contain_text("Drawing")
    expect(visit.prompt).to_have_value("A loud lake")
    service.arrives.set()


def test_on_a_phone_the_click_leads_to_what_it_asked_for(page: Page, demo: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit = Visit(page, demo)
    compared = Comparison(page)
    visit.prompt.fill("A quiet lake")
    compared.go.click()
    expect(compared.notice).to_be_in_viewport()
    expect(compared.notice).to_contain_text("2 pictures")
    page.get_by_role("button", name="Open Rewriting off").click()
    expect(visit.picture()).to_be_in_viewport()


def test_what_cannot_be_compared_says_so_and_loses_nothing(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    compared = Comparison(page)
    compared.go.click()
    expect(compared.notice).to_contain_text("The prompt is empty.")
    visit.prompt.fill("A quiet lake")
    compared.go.click()
    expect(compared.picture("Rewriting off")).to_be_visible()
    expect(compared.notice).to_contain_text("Drawn")
    visit.options()
    page.get_by_role("radio", name="Nano Banana 2.1").check()
    before_the_click = page.get_by_text("Nano Banana 2.1 does not rewrite prompts.")
    expect(before_the_click).to_be_visible()
    compared.go.click()
    expect(compared.notice).to_contain_text("Nano Banana 2.1 does not rewrite prompts.")
    expect(compared.picture("Rewriting off")).to_be_visible()
    expect(visit.prompt).to_have_value("A quiet lake")


def without_ultra(service: Service, asked: Received) -> Answer:
    """Draw by two models; the third is not there."""
    if asked.method == "GET":
        return Answer(200, png())
    said = json.loads(asked.body)
    if "ultra" in said["model"]:
        return Answer(503, b"")
    return picture_of(service, 42_000 if "fast" in said["model"] else 84_000)


def slow_standard(service: Service, asked: Received) -> Answer:
    """Two models at once, the third when the service is told so."""
    if asked.method == "GET":
        return Answer(200, png())
    answer = picture_of(service, 84_000)
    if json.loads(asked.body)["model"] == "google/imagen-4.0-generate-001":
        answer.seconds = 60
    return answer


def picture_of(service: Service, tokens: int) -> Answer:
    entry = {"url": f"{service.url}/1.png", "prompt": "A red fox"}
    said = {"data": [entry], "meta": {"usage": {"tokens_used": tokens}}}
    return Answer(200, json.dumps(said).encode())

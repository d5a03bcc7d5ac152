"""Pictures that are there already: kept, opened, removed, shared, through the page."""

import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from shutil import copytree, rmtree
from urllib.parse import parse_qs, urlsplit

import pytest
from gradio.utils import get_upload_folder
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from imagen_demo.domain.errors import ServiceUnreachable
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.examples import examples
from imagen_demo.pictures.metadata import read
from imagen_demo.service.provider import Provider
from imagen_demo.settings import Settings
from tests.conftest import png
from tests.demos import free_port, program, running_demo
from tests.page.visit import Asking, Failing, Held, Visit

pytestmark = pytest.mark.usefixtures("flat_pictures")

PROMPT = "Racoon eating ice-cream"
FOREIGN = (
    "a cat on a sofa\nNegative prompt: dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of one's own that may reload in the middle of things."""
    opened = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield opened
    opened.close()


@pytest.mark.host
def test_your_pictures_outlive_a_refresh_a_new_tab_and_a_restart(
    context: BrowserContext, tmp_path: Path
) -> None:
    port = free_port()
    page = context.new_page()
    with program(tmp_path, port=port) as running:
        visit = Visit(page, running.url)
        visit.draw("A first lake")
        visit.draw("A second lake")
        expect(visit.tile("A second lake")).to_be_visible()
        page.reload()
        expect(visit.tile("A first lake")).to_be_visible()
        other_tab = Visit(context.new_page(), running.url)
        expect(other_tab.tile("A first lake")).to_be_visible()
        other_tab.draw("A third lake")
        expect(other_tab.tile("A third lake")).to_be_visible()
        other_tab.page.close()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(visit.tile("A third lake")).to_be_visible()
    page.close()
    with program(tmp_path, port=port) as running:
        visit = Visit(context.new_page(), running.url)
        tiles = visit.strip.locator("[data-open]")
        expect(tiles).to_have_count(3)
        names = [tile.get_attribute("aria-label") for tile in tiles.all()]
        assert names == ["A third lake", "A second lake", "A first lake"]
        visit.tile("A first lake").click()
        expect(visit.used).to_have_text(re.compile("^A first lake, "))
        expect(visit.picture()).to_be_visible()


def test_another_browser_sees_nothing_of_them(page: Page, browser: Browser, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw("A private lake")
    expect(visit.tile("A private lake")).to_be_visible()
    other = browser.new_context()
    stranger = Visit(other.new_page(), demo)
    expect(stranger.strip).to_contain_text("each one you make is kept here")
    assert "private lake" not in stranger.page.content()
    other.close()


def test_a_tile_brings_back_picture_rewrite_receipt_and_every_setting(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("checkbox", name="Rewrite my prompt").uncheck()
    seed(page).fill("4711")
    page.get_by_role("radio", name="Strict").check()
    visit.ratio("9:16").check()
    visit.draw("A seeded lake")
    before = visit.picture_bytes()
    expect(visit.tile("A seeded lake")).to_be_visible()

    visit.options()
    page.get_by_role("checkbox", name="Rewrite my prompt").check()
    page.get_by_role("radio", name="Medium").check()
    visit.ratio("1:1").check()
    visit.draw("Something else")
    expect(seed(page)).to_have_value("")
    visit.tile("A seeded lake").click()

    expect(visit.notice).to_contain_text("Your picture of")
    expect(visit.prompt).to_have_value("A seeded lake")
    expect(visit.ratio("9:16")).to_be_checked()
    expect(seed(page)).to_have_value("4711")
    visit.options()
    expect(page.get_by_role("checkbox", name="Rewrite my prompt")).not_to_be_checked()
    expect(page.get_by_role("radio", name="Strict")).to_be_checked()
    expect(visit.usage).to_contain_text("84,000 tokens")
    expect(visit.usage).to_contain_text("seed 4711")
    expect(visit.usage).to_contain_text(re.compile("768.1408"))
    expect(visit.rewritten).to_contain_text("Rewriting was off")
    assert visit.picture_bytes() == before


def test_a_picture_is_served_from_where_it_lies_without_a_second_copy(
    page: Page, tmp_path: Path
) -> None:
    with demo_with_album(tmp_path / "album") as url:
        visit = Visit(page, url)
        visit.draw("A lake in one place only")
        (kept,) = files(tmp_path / "album")
        assert visit.picture_bytes() == kept.read_bytes()
        assert str(kept) in (visit.picture().get_attribute("src") or "")
        assert list(Path(get_upload_folder()).rglob(f"*{kept.name}*")) == []


def test_removing_takes_two_clicks_and_takes_it_from_the_disk(
    fresh_page: Page, tmp_path: Path
) -> None:
    page, album = fresh_page, tmp_path / "album"
    with demo_with_album(album) as url:
        page.clock.install()
        visit = Visit(page, url)
        visit.draw("A lake to keep")
        visit.draw("A lake to lose")
        expect(visit.tile("A lake to lose")).to_be_visible()
        source = visit.source()
        visit.strip.get_by_role("button", name="Remove A lake to lose").dblclick()
        page.wait_for_timeout(600)  # for what must not happen
        expect(visit.tile("A lake to lose")).to_be_visible()
        assert len(files(album)) == 2
        visit.strip.get_by_role("button", name="Really? Remove A lake to lose").click()
        expect(visit.tile("A lake to lose")).to_have_count(0)
        expect(visit.tile("A lake to keep")).to_be_visible()
        assert [each.name for each in files(album)] == ["a-lake-to-keep-16x9.png"]
        expect(visit.picture()).to_have_count(0)
        expect(visit.rewritten).to_contain_text("appears here")
        assert page.request.get(source).status == 403

        page.clock.run_for(4_200)  # until the button, which Gradio reuses, calms down again
        labels = [each.get_attribute("aria-label") for each in visit.strip.locator(".own *").all()]
        assert [each for each in labels if each] == ["A lake to keep", "Remove A lake to keep"]

        visit.strip.get_by_role("button", name="Remove all").click()
        visit.strip.get_by_role("button", name="Really? Remove all").click()
        expect(visit.strip).to_contain_text("each one you make is kept here")
        assert files(album) == []
        page.close()  # before its demo


def test_a_picture_that_comes_after_cancel_is_in_the_strip(page: Page, asking: Asking) -> None:
    service = Held()
    url = asking(service)
    visit = Visit(page, url)
    visit.prompt.fill("A late lake")
    visit.generate.click()
    expect(visit.strip).to_contain_text("On its way")
    assert service.begun.wait(15)
    page.get_by_role("button", name="Cancel").click()
    expect(visit.notice).to_contain_text("appears under Your pictures")
    page.wait_for_timeout(300)  # for the strip, as the demo knows it
    expect(visit.strip).to_contain_text("On its way")
    service.arrives.set()
    expect(visit.tile("A late lake")).to_be_visible()
    expect(visit.strip).not_to_contain_text("On its way")


def test_a_cancel_that_overtakes_its_click_hides_no_picture(page: Page, asking: Asking) -> None:
    service = Held()
    url = asking(service)
    visit = Visit(page, url)
    visit.prompt.fill("A late lake")
    expect(visit.examples.get_by_role("button").first).to_be_visible()
    clicks: list[Route] = []

    def hold_the_click(route: Route) -> None:
        if "A late lake" in (route.request.post_data or ""):
            clicks.append(route)
        else:
            route.continue_()

    page.route("**/queue/join*", hold_the_click)
    visit.generate.click()
    page.get_by_role("button", name="Cancel").click()
    expect(visit.notice).to_contain_text("appears under Your pictures")
    expect(visit.strip).not_to_contain_text("On its way")
    clicks[0].continue_()
    assert service.begun.wait(15)
    expect(visit.strip).to_contain_text("On its way")
    service.arrives.set()
    expect(visit.tile("A late lake")).to_be_visible()


# The hold ends by itself after these, which a slow machine may need for less.
NO_FIVE_SECONDS = """
const later = window.setTimeout;
window.setTimeout = (call, delay, ...rest) => delay === 5000 ? 0 : later(call, delay, ...rest);
"""


@pytest.mark.parametrize("pressed", ["Generate", "Compare"])
def test_nothing_can_be_clicked_until_the_recall_of_the_call_is_known(
    fresh_page: Page, pressed: str, asking: Asking
) -> None:
    fresh_page.add_init_script(NO_FIVE_SECONDS)
    service = Held()
    url = asking(service)
    visit = Visit(fresh_page, url)
    both = fresh_page.locator("#generate"), fresh_page.locator("#compare-now")
    recalls: list[Route] = []

    def hold_the_recall(route: Route) -> None:
        recalls.append(route)

    fresh_page.route("**/gradio_api/cancel", hold_the_recall)
    visit.prompt.fill("A recalled lake")
    if pressed == "Compare":
        fresh_page.get_by_role("tab", name="Compare").click()
    fresh_page.get_by_role("button", name=pressed, exact=True).click()
    assert service.begun.wait(15)
    with fresh_page.expect_request("**/gradio_api/cancel"):
        fresh_page.get_by_role("button", name="Cancel").click()
    for _ in range(2):
        for button in both:
            expect(button).to_be_disabled()
        fresh_page.wait_for_timeout(500)  # for what must not happen
    for each in recalls:
        each.continue_()
    for button in both:
        expect(button).to_be_enabled()
    service.arrives.set()


def test_each_picture_has_its_place_in_the_strip_before_it_arrives(
    page: Page, asking: Asking
) -> None:
    service = Held()
    url = asking(service)
    visit = Visit(page, url)
    visit.options()
    page.get_by_role("radio", name="3", exact=True).check()
    visit.prompt.fill("Three lakes")
    visit.generate.click()
    expect(visit.strip.get_by_text("On its way")).to_have_count(3)
    service.arrives.set()
    expect(visit.tile("Three lakes")).to_have_count(3)
    expect(visit.strip.get_by_text("On its way")).to_have_count(0)
    visit.prompt.fill("")
    visit.generate.click()
    expect(visit.notice).to_contain_text("The prompt is empty.")
    expect(visit.strip.get_by_text("On its way")).to_have_count(0)


@pytest.mark.parametrize("how", ["refreshed", "closed"])
def test_a_page_refreshed_or_closed_while_it_waits_finds_its_picture_later(
    context: BrowserContext, how: str, asking: Asking
) -> None:
    service = Held()
    url = asking(service)
    visit = Visit(context.new_page(), url)
    visit.prompt.fill("A late lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    assert service.begun.wait(15)
    if how == "refreshed":
        visit.page.reload()
        expect(visit.strip).to_contain_text("On its way")
        expect(visit.notice).to_contain_text("Your last picture is still being drawn.")
    else:
        visit.page.close()
        visit = Visit(context.new_page(), url)
    service.arrives.set()
    expect(visit.tile("A late lake")).to_be_visible()
    if how == "refreshed":
        expect(visit.notice).to_contain_text(
            "Your last picture is here, the first under Your pictures."
        )


def test_a_downloaded_picture_opens_again_in_another_browser(
    page: Page, browser: Browser, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.ratio("4:3").check()
    visit.draw(PROMPT)
    rewritten = visit.used.inner_text()
    kept = visit.download()
    assert kept.name == "racoon-eating-ice-cream-4x3.png"
    recipe = read(kept)
    assert isinstance(recipe, Recipe)
    assert recipe.rewritten_prompt == rewritten

    other = browser.new_context()
    stranger = Visit(other.new_page(), demo)
    stranger.prompt.fill("Something of my own")
    stranger.open(kept)
    expect(stranger.notice).to_contain_text("Opened: a picture of")
    expect(stranger.prompt).to_have_value(PROMPT)
    expect(stranger.ratio("4:3")).to_be_checked()
    expect(stranger.used).to_have_text(rewritten)
    expect(stranger.notice).to_contain_text("no copy of it is kept")
    expect(stranger.tile(PROMPT)).to_have_count(0)
    assert stranger.picture_bytes() == kept.read_bytes()
    stranger.page.get_by_role("button", name="Put my prompt back").click()
    expect(stranger.prompt).to_have_value("Something of my own")
    expect(stranger.ratio("16:9")).to_be_checked()
    other.close()


def test_a_typed_prompt_comes_back_however_many_examples_were_looked_at(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    first, second, *_ = visit.examples.get_by_role("button").all()
    first.click()
    expect(visit.notice).to_contain_text("Nothing was spent.")
    expect(visit.notice.get_by_role("button")).to_have_count(0)
    visit.prompt.fill("An hour's work")
    visit.ratio("1:1").check()
    for tile in (first, second):
        tile.click()
        expect(visit.prompt).to_have_value(tile.get_attribute("aria-label") or "")
    visit.open(examples()[2].path)
    expect(visit.notice).to_contain_text("Opened:")
    page.get_by_role("button", name="Put my prompt back").click()
    expect(visit.prompt).to_have_value("An hour's work")
    expect(visit.ratio("1:1")).to_be_checked()


def test_a_strip_that_was_opened_wide_stays_so(page: Page, tmp_path: Path) -> None:
    with demo_with_album(tmp_path / "album") as url:
        visit = Visit(page, url)
        visit.draw("A lake of many")
        expect(visit.tile("A lake of many")).to_be_visible()
        (kept,) = files(tmp_path / "album")
        for number in range(25):
            copytree(kept.parent, kept.parents[1] / f"{number:032}")
        page.reload()
        tiles = visit.strip.locator("[data-open]")
        expect(tiles).to_have_count(24)
        visit.strip.get_by_role("button", name="Show all 26").click()
        expect(tiles).to_have_count(26)
        lefts = [box["x"] for tile in tiles.all() if (box := tile.bounding_box())]
        assert max(lefts) < 1440, "they wrap instead of leaving the screen"
        visit.strip.get_by_role("button", name="Remove A lake of many").last.click()
        visit.strip.get_by_role("button", name="Really? Remove A lake of many").click()
        expect(tiles).to_have_count(25)
        visit.prompt.fill("One more")
        visit.generate.click()
        expect(visit.tile("One more")).to_be_visible()


def test_on_a_phone_a_tile_leads_to_its_picture(page: Page, demo: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit = Visit(page, demo)
    visit.examples.get_by_role("button").first.click()
    expect(visit.notice).to_contain_text("Nothing was spent.")
    expect(visit.picture()).to_be_in_viewport(ratio=1)
    expect(visit.notice).to_be_in_viewport(ratio=1)


def test_while_a_picture_is_awaited_no_tile_takes_its_place(page: Page, asking: Asking) -> None:
    service = Held()
    url = asking(service)
    visit = Visit(page, url)
    visit.prompt.fill("A lake to wait for")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    visit.examples.get_by_role("button").first.click()
    visit.prompt.press("Enter")
    page.wait_for_timeout(300)  # for what must not happen
    expect(visit.strip.get_by_text("On its way")).to_have_count(1)
    expect(visit.notice).to_contain_text("Drawing")
    expect(page.get_by_role("button", name="Cancel")).to_be_visible()
    service.arrives.set()
    expect(visit.notice).to_contain_text("Drawn by Imagen 4")
    expect(visit.prompt).to_have_value("A lake to wait for")


def test_a_file_may_be_dropped_anywhere_on_the_page(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    stream = BytesIO()
    info = PngInfo()
    info.add_text("parameters", FOREIGN)
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=info)
    dropped = page.evaluate_handle(
        """(bytes) => {
          const held = new DataTransfer();
          held.items.add(new File([new Uint8Array(bytes)], 'cat.png', {type: 'image/png'}));
          return held;
        }""",
        list(stream.getvalue()),
    )
    page.dispatch_event("#story", "dragover", {"dataTransfer": dropped})
    expect(page.locator("body.dropping")).to_have_count(1)
    page.dispatch_event("#story", "drop", {"dataTransfer": dropped})
    expect(visit.prompt).to_have_value("a cat on a sofa")
    expect(visit.notice).to_contain_text("made elsewhere")
    expect(page.locator("body.dropping")).to_have_count(0)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunk(kind: bytes, body: bytes) -> bytes:
    plain = png()
    return plain[:33] + chunk(kind, body) + plain[33:]


NO_PICTURE = "This is not a picture that can be opened here."


def hostile() -> dict[str, tuple[bytes, str]]:
    """Files by their names, and what is said to them."""
    text = b"parameters\0\0" + zlib.compress(bytes(100_000_000))
    return {
        "plain.png": (png(), "carries no recipe"),
        "drawing.svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", NO_PICTURE),
        "page.png": (b"<html><script>alert(1)</script>", NO_PICTURE),
        "truncated.png": (png(64, 64)[:90], NO_PICTURE),
        "empty.png": (b"", "carries no recipe|is not a picture|empty"),
        "bomb.png": (with_chunk(b"zTXt", text), NO_PICTURE),
        "huge.png": (png()[:16] + struct.pack(">II", 60_000, 60_000) + png()[24:], NO_PICTURE),
    }


def test_a_file_that_cannot_be_opened_gets_a_sentence_and_does_nothing(
    page: Page, demo: str, tmp_path: Path
) -> None:
    visit = Visit(page, demo)
    visit.draw("A lake that stays")
    shown = visit.picture().get_attribute("src") or ""
    told = page.get_by_label("Message", exact=True).or_(page.get_by_test_id("toast-body"))
    for name, (data, said) in hostile().items():
        # Nothing is said any more of the file before.
        for toast in page.get_by_test_id("toast-close").all():
            toast.click()
        visit.tile("A lake that stays").click()
        expect(visit.notice).to_contain_text("Your picture of")
        expect(told.filter(has_text=re.compile(said)), name).to_have_count(0)
        (tmp_path / name).write_bytes(data)
        visit.open(tmp_path / name)
        expect(told.filter(has_text=re.compile(said)), name).to_be_visible()
        expect(visit.prompt, name).to_have_value("A lake that stays")
        expect(visit.picture(), name).to_have_attribute("src", shown)
        expect(visit.tile("A lake that stays"), name).to_have_count(1)


def test_a_script_in_a_recipe_stays_text(page: Page, demo: str, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)> ${7*7} {{7*7}}"
    info = PngInfo()
    info.add_text("parameters", f"{hostile}\nSteps: 1")
    Image.new("RGB", (8, 8)).save(tmp_path / "evil.png", pnginfo=info)
    visit = Visit(page, demo)
    visit.open(tmp_path / "evil.png")
    expect(visit.prompt).to_have_value(hostile)
    visit.draw(hostile)
    expect(visit.tile(hostile)).to_be_visible()
    visit.tile(hostile).click()
    expect(visit.notice).to_contain_text(f"“{hostile}”")
    assert page.locator("img[src=x]").count() == 0


def test_an_example_shows_its_recording_with_the_service_unreachable(
    page: Page, asking: Asking
) -> None:
    example = next(each for each in examples() if each.recipe.request.aspect_ratio == "9:16")
    url = asking(Failing(ServiceUnreachable()))
    visit = Visit(page, url)
    visit.examples.get_by_role("button", name=example.recipe.request.prompt).click()
    expect(visit.notice).to_contain_text("Drawn by the sandbox, recorded")
    expect(visit.notice).to_contain_text("Nothing was spent.")
    expect(visit.used).to_have_text(example.recipe.rewritten_prompt or "-")
    expect(visit.usage).to_contain_text("84,000 tokens")
    expect(visit.usage).to_contain_text(re.compile("768.1408"))
    expect(visit.usage).not_to_contain_text("this visit")
    expect(visit.ratio("9:16")).to_be_checked()
    assert visit.picture_bytes() == example.path.read_bytes()
    page.reload()
    expect(visit.used).to_have_text(example.recipe.rewritten_prompt or "-")


def test_a_downloaded_picture_dropped_into_the_gallery_is_an_example(
    page: Page, demo: str, tmp_path: Path
) -> None:
    gallery = tmp_path / "gallery"
    gallery.mkdir()
    visit = Visit(page, demo)
    visit.draw("A lake worth showing")
    kept = visit.download()
    with running_demo(Failing(AssertionError()), gallery=gallery) as url:
        visit = Visit(page, url)
        expect(visit.examples.get_by_role("button")).to_have_count(0)
        (gallery / kept.name).write_bytes(kept.read_bytes())
        page.reload()
        tile = visit.examples.get_by_role("button", name="A lake worth showing")
        tile.click()
        expect(visit.used).to_have_text(re.compile("^A lake worth showing, "))


def test_a_link_carries_the_settings_and_never_the_key(
    page: Page, browser: Browser, demo: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit = Visit(page, demo)
    visit.options()
    visit.prompt.fill('A "lake" & a 狐狸 🦊')
    visit.key.fill("0123456789abcdef0123456789abcdef")
    visit.ratio("3:4").check()
    page.get_by_role("radio", name="Imagen 4 Ultra").check()
    seed(page).fill("7")
    expect(page.get_by_role("checkbox", name="Rewrite my prompt")).not_to_be_checked()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert parse_qs(urlsplit(link).query) == {
        "prompt": ['A "lake" & a 狐狸 🦊'],
        "aspect_ratio": ["3:4"],
        "model": ["google/imagen-4.0-ultra-generate-001"],
        "seed": ["7"],
        "enhance_prompt": ["false"],
    }

    other = browser.new_context()
    stranger = Visit(other.new_page(), link)
    expect(stranger.prompt).to_have_value('A "lake" & a 狐狸 🦊')
    expect(stranger.ratio("3:4")).to_be_checked()
    stranger.options()
    expect(stranger.page.get_by_role("radio", name="Imagen 4 Ultra")).to_be_checked()
    expect(seed(stranger.page)).to_have_value("7")
    other.close()


def test_a_link_is_read_once_and_what_it_does_not_know_is_ignored(page: Page, demo: str) -> None:
    query = "?prompt=A+linked+lake&aspect_ratio=7:5&api_key=secret&model=gpt&seed=-1&__theme=dark"
    visit = Visit(page, f"{demo}{query}")
    expect(visit.prompt).to_have_value("A linked lake")
    expect(visit.ratio("16:9")).to_be_checked()
    expect(visit.key).to_have_value("")
    page.wait_for_function("!location.search.includes('prompt')")
    assert "__theme=dark" in page.url
    visit.prompt.fill("What I typed since")
    page.wait_for_function("localStorage['imagen-demo-draft'].includes('typed since')")
    page.reload()
    expect(visit.prompt).to_have_value("What I typed since")


def test_a_link_does_not_cost_the_prompt_that_was_typed_before(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.prompt.fill("An hour's work")
    visit.ratio("4:3").check()
    page.wait_for_timeout(300)  # for the browser to remember it
    visit = Visit(page, f"{demo}?prompt=A+linked+lake")
    expect(visit.prompt).to_have_value("A linked lake")
    expect(visit.notice).to_contain_text("Filled in from a link.")
    page.get_by_role("button", name="Put my prompt back").click()
    expect(visit.prompt).to_have_value("An hour's work")
    expect(visit.ratio("4:3")).to_be_checked()


def test_where_the_clipboard_is_closed_the_link_can_be_copied_by_hand(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(1); }")
    visit.prompt.fill("A lake")
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_label("Link to copy")).to_have_value(re.compile(r"\?prompt=A\+lake&"))


@pytest.mark.parametrize("pictures", [1, 4])
def test_a_sheet_opens_offline_and_prints_on_one_page(
    page: Page, browser: Browser, demo: str, tmp_path: Path, pictures: int
) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("radio", name=str(pictures), exact=True).check()
    visit.ratio("3:4").check()
    visit.draw("A lake for the board")
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download sheet").click()
    assert saving.value.suggested_filename == "a-lake-for-the-board-3x4.html"
    sheet = tmp_path / saving.value.suggested_filename
    saving.value.save_as(sheet)

    offline = browser.new_context(offline=True, java_script_enabled=False)
    paper = offline.new_page()
    asked: list[str] = []
    paper.on("request", lambda request: asked.append(request.url.partition(":")[0]))
    paper.goto(sheet.as_uri())
    expect(paper.get_by_role("img")).to_have_count(pictures)
    for image in paper.get_by_role("img").all():
        expect(image).to_have_js_property("naturalWidth", 896)
    for words in ("A lake for the board", "imagined by the sandbox", "tokens", "$0.", "Free: "):
        assert words in paper.inner_text("body")
    assert set(asked) <= {"file", "data"}
    for paper_format in ("A4", "Letter"):
        printed = paper.pdf(format=paper_format)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    offline.close()


def test_a_sheet_without_a_picture_says_so(page: Page, demo: str) -> None:
    Visit(page, demo)
    page.get_by_role("button", name="Download sheet").click()
    expect(page.get_by_text("Make a picture or click one first")).to_be_visible()


def test_a_browser_that_keeps_nothing_draws_all_the_same(fresh_page: Page, demo: str) -> None:
    fresh_page.add_init_script(
        """Object.defineProperty(window, 'localStorage', {
          configurable: true,
          get() { throw new DOMException('blocked', 'SecurityError'); },
        })"""
    )
    visit = Visit(fresh_page, demo)
    fresh_page.reload()
    visit.draw("A forgotten lake")
    expect(visit.tile("A forgotten lake")).to_be_visible()


def test_a_disk_that_takes_no_picture_costs_the_visitor_nothing(page: Page, tmp_path: Path) -> None:
    with demo_with_album(tmp_path / "album") as url:
        visit = Visit(page, url)
        rmtree(tmp_path / "album")
        (tmp_path / "album").write_text("where a folder should be")
        visit.draw("A lake without a home")
        expect(visit.notice).to_contain_text("could not be kept")
        with Image.open(BytesIO(visit.picture_bytes())) as picture:
            assert picture.size == (1408, 768)
        assert visit.download().name == "a-lake-without-a-home-16x9.png"


@contextmanager
def demo_with_album(folder: Path) -> Iterator[str]:
    """Serve a demo without a key whose pictures lie in a given folder."""
    provider = Provider(Settings(), sandbox_latency=0)
    try:
        with running_demo(provider, album=folder) as url:
            yield url
    finally:
        provider.close()


def seed(page: Page) -> Locator:
    """The seed's box, whose label says more than its name."""
    return page.locator("#options").get_by_label("Seed")


def files(album: Path) -> list[Path]:
    return [each for each in album.rglob("*") if each.is_file()]

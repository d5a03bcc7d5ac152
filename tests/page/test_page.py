"""The page as a visitor meets it, found by label and role."""

import base64
import json
import re
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from imagen_demo.domain.errors import ServiceTimeout
from imagen_demo.pictures.examples import examples
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import running_demo, sandbox_demo
from tests.page.visit import Asking, Failing, Visit

KEY = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"


def test_a_newcomer_without_a_key_gets_picture_rewrite_and_usage_in_one_screen(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.prompt.fill("Racoon eating ice-cream")
    visit.ratio("16:9").check()
    visit.generate.click()

    expect(visit.usage).to_contain_text("84,000 tokens")
    expect(visit.usage).to_contain_text("$0.042")
    expect(visit.usage).to_contain_text("seconds")
    expect(visit.usage).to_contain_text(re.compile("1408.768"))
    expect(visit.used).to_have_text(re.compile("Racoon eating ice-cream, .*sandbox"))
    expect(visit.notice).to_contain_text("Drawn here by the sandbox, free.")
    expect(visit.notice.get_by_role("link").first).to_have_attribute(
        "href", "https://aimlapi.com/app/keys"
    )
    with Image.open(BytesIO(visit.picture_bytes())) as picture:
        assert (picture.format, picture.size) == ("PNG", (1408, 768))
    for seen in (visit.prompt, visit.picture(), visit.rewritten, visit.usage, visit.generate):
        expect(seen).to_be_in_viewport(ratio=1)
    boxes = [each.bounding_box() for each in (visit.prompt, visit.picture(), visit.rewritten)]
    assert all(boxes)
    lefts = [box["x"] for box in boxes if box]
    assert lefts == sorted(lefts), "ask, see and understand stand side by side"


def test_enter_generates_too(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.prompt.fill("A quiet lake")
    visit.prompt.press("Enter")
    expect(visit.used).to_have_text(re.compile("^A quiet lake, "))


def test_a_click_on_an_example_fills_every_input(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    example = next(each for each in examples() if each.recipe.request.aspect_ratio == "9:16")
    prompt = example.recipe.request.prompt
    tile = visit.examples.get_by_role("button", name=prompt)
    tile.click()
    expect(visit.prompt).to_have_value(prompt)
    expect(visit.ratio("9:16")).to_be_checked()

    visit.prompt.fill("something else")
    tile.focus()
    page.keyboard.press("Enter")
    expect(visit.prompt).to_have_value(prompt)
    page.get_by_role("button", name="Put my prompt back").click()
    expect(visit.prompt).to_have_value("something else")


def test_every_tile_shows_its_picture(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    tiles = visit.examples.get_by_role("button")
    expect(tiles).to_have_count(len(examples()))
    for image in tiles.locator("img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", value=True)
        assert image.evaluate("image => image.naturalWidth") > 0


def test_a_wrong_key_is_explained_and_nothing_is_lost(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw("A quiet lake")
    before = visit.picture().get_attribute("src")
    rewritten = visit.used.inner_text()
    visit.prompt.fill("A loud lake")
    visit.ratio("1:1").check()
    visit.key.fill("sandbox-invalid")
    visit.generate.click()

    expect(page.get_by_role("alert")).to_contain_text("AI/ML API does not know this key.")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was charged.")
    expect(page.get_by_role("alert")).to_contain_text("Played by the sandbox")
    expect(visit.picture()).to_have_attribute("src", before or "")
    expect(visit.used).to_have_text(rewritten)
    expect(visit.prompt).to_have_value("A loud lake")
    expect(visit.ratio("1:1")).to_be_checked()
    expect(visit.key).to_have_value("sandbox-invalid")
    assert "Traceback" not in page.content()


FAILURES = (
    ("", "", "The prompt is empty."),
    ("a" * 401, "", "Take out 1, then press Generate again."),
    ("A lake [blocked]", "", "The safety filter kept this picture back."),
    ("A lake", "sandbox-crash", "Try again in a few minutes."),
    ("A lake", "sandbox-no-credits", "Top up at aimlapi.com/app/billing."),
    ("A lake", "sandbox-unverified", "Verify it at aimlapi.com/app/billing."),
    ("A lake", "sandbox-withdrawn", "Choose its successor, Nano Banana 2.1"),
    ("A lake", "sandbox-html", "Try again in a few minutes."),
    ("A lake", "sandbox-empty", "It would have been charged."),
    ("A lake", "sandbox-garbage", "not a picture that can be shown"),
    ("A lake", "kéy with spaces", "There is a space or a line break in the middle"),
)
"""Prompt, key and what is said; none says the same as the one before."""


def test_every_failure_is_a_sentence_and_a_next_step(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    for prompt, key, said in FAILURES:
        visit.prompt.fill(prompt)
        visit.key.fill(key)
        visit.generate.click()
        expect(visit.notice).to_contain_text(said)
        expect(visit.notice).to_contain_text("charged")
        expect(visit.prompt).to_have_value(prompt)


def test_a_refresh_loses_neither_prompt_nor_ratio_nor_the_last_picture(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.ratio("3:4").check()
    visit.draw("A quiet lake")
    rewritten = visit.used.inner_text()
    shown = visit.picture_bytes()
    visit.prompt.fill("A half-finished thou")
    visit.key.fill(KEY)

    page.reload()
    expect(visit.prompt).to_have_value("A half-finished thou")
    expect(visit.ratio("3:4")).to_be_checked()
    expect(visit.used).to_have_text(rewritten)
    expect(visit.usage).to_contain_text(re.compile("896.1280"))
    expect(visit.key).to_have_value("")
    assert visit.picture_bytes() == shown


def test_two_quick_clicks_ask_once(page: Page, service: Service) -> None:
    entry = {"b64_json": base64.b64encode(png()).decode()}
    service.script = lambda _: Answer(body=json.dumps({"data": [entry]}).encode(), seconds=60)
    with sandbox_demo(Settings(base_url=service.url, host_key=KEY)) as url:
        visit = Visit(page, url)
        visit.prompt.fill("A lake")
        visit.generate.dblclick()
        expect(visit.notice).to_contain_text("Drawing")
        service.pause.set()
        expect(visit.notice).to_contain_text("Drawn by Imagen")
    assert len(service.received) == 1


def test_a_visitors_key_goes_to_the_service_as_a_bearer(page: Page, service: Service) -> None:
    entry = {"b64_json": base64.b64encode(png()).decode()}
    service.script = lambda _: Answer(body=json.dumps({"data": [entry]}).encode())
    with sandbox_demo(Settings(base_url=service.url)) as url:
        visit = Visit(page, url)
        visit.prompt.fill("A lake")
        visit.key.fill(KEY)
        visit.generate.click()
        expect(visit.notice).to_contain_text("Drawn by Imagen")
    asked = service.received[0]
    assert asked.path == "/v1/images/generations"
    assert asked.headers["authorization"] == f"Bearer {KEY}"
    assert json.loads(asked.body) == {
        "model": "google/imagen-4.0-generate-001",
        "prompt": "A lake",
        "aspect_ratio": "16:9",
    }


def test_foreign_words_stay_words(page: Page, service: Service) -> None:
    hostile = "<img src=x onerror=alert(1)> ${7*7} {{7*7}} <b>bold</b>"

    def script(asked: Received) -> Answer:
        if b"refuse" in asked.body:
            issue = {"path": ["prompt"], "message": hostile}
            body = {"error": {"data": [issue], "message": "no"}}
            return Answer(400, json.dumps(body).encode())
        entry = {"b64_json": base64.b64encode(png()).decode(), "prompt": hostile}
        return Answer(body=json.dumps({"data": [entry]}).encode())

    service.script = script
    with sandbox_demo(Settings(base_url=service.url, host_key=KEY)) as url:
        visit = Visit(page, url)
        visit.draw(hostile)
        expect(visit.used).to_have_text(hostile)
        expect(visit.picture()).to_have_attribute("alt", hostile)
        visit.prompt.fill("refuse this")
        visit.generate.click()
        expect(visit.notice).to_contain_text(hostile)
        assert page.locator("img[src=x]").count() == 0


def test_a_bug_says_so_and_keeps_the_prompt(page: Page, asking: Asking) -> None:
    url = asking(Failing(ZeroDivisionError("a bug")))
    visit = Visit(page, url)
    visit.prompt.fill("A lake")
    visit.key.fill(KEY)
    visit.generate.click()
    expect(visit.notice).to_contain_text("Something broke inside this demo,")
    expect(visit.prompt).to_have_value("A lake")
    assert "ZeroDivisionError" not in page.content()


def test_a_timeout_names_the_request_for_support(page: Page, asking: Asking) -> None:
    error = ServiceTimeout("No answer after 180 s.", reference="4f2c")
    url = asking(Failing(error))
    visit = Visit(page, url)
    visit.prompt.fill("A lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("No answer after 180 s.")
    expect(visit.notice).to_contain_text("may still have been charged")
    expect(visit.notice).to_contain_text("Request 4f2c for support.")


def test_a_quiet_line_leads_to_key_documentation_and_playground(page: Page, demo: str) -> None:
    links = Visit(page, demo).page.get_by_role("navigation", name="Links").get_by_role("link")
    assert [link.get_attribute("href") for link in links.all()] == [
        "https://aimlapi.com/app/keys",
        "https://docs.aimlapi.com/",
        "https://aimlapi.com/app/google/imagen-4-0-generate-001",
    ]


def test_no_screen_scrolls_sideways(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.draw("A quiet lake")
    for width in (390, 820, 1440, 1920):
        visit.resize(width, 900)
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize(
    ("without_key", "words"),
    [
        ("host", "this demo's host pays"),
        ("nobody", "paste a key"),
        ("always sandbox", "this demo's sandbox draws it"),
    ],
)
def test_the_page_says_at_first_who_will_draw(
    fresh_page: Page, without_key: str, words: str
) -> None:
    with running_demo(Failing(AssertionError()), without_key=without_key) as url:  # type: ignore[arg-type]
        expect(Visit(fresh_page, url).notice).to_contain_text(words)
        fresh_page.close()  # or it would complain that the demo is gone before it had loaded

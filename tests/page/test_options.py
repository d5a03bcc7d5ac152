"""Everything behind "Options", and what stands around the click: price, clock, cancel, key."""

import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradio.utils import get_upload_folder
from playwright.sync_api import Browser, Page, Route, expect

from imagen_demo.sandbox.server import Sandbox
from imagen_demo.service.provider import Provider
from imagen_demo.settings import Settings
from tests.demos import free_port, program, running_demo
from tests.page.visit import Held, Visit

pytestmark = pytest.mark.usefixtures("flat_pictures")

KEY = "abcdef0123456789abcdef0123456789"


def test_a_newcomer_meets_no_option_before_wanting_one(page: Page, demo: str) -> None:
    Visit(page, demo)
    expect(page.get_by_label("Seed")).to_be_hidden()


def leave_unanswered(_: Route) -> None:
    """A demo that is slow."""


def test_a_seed_and_rewriting_settle_visibly_who_yields(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    options = visit.options()
    seed, rewrite = page.get_by_label("Seed"), page.get_by_label("Rewrite my prompt")
    watermark = page.get_by_label("Invisible watermark")
    expect(visit.examples.get_by_role("button").first).to_be_visible()
    # In the browser alone: an answer from elsewhere could overtake what is done next.
    page.route("**/queue/join*", leave_unanswered)
    for switch in (rewrite, watermark):
        switch.check()
        seed.fill("42")
        expect(rewrite).not_to_be_checked()
        expect(watermark).not_to_be_checked()
        expect(options).to_contain_text("A seed only works without rewriting")
        switch.check()
        expect(seed).to_have_value("")
        expect(options).to_contain_text("so the seed is cleared")
        expect(options).not_to_contain_text("A seed only works")
        switch.uncheck()
        expect(options).not_to_contain_text("so the seed is cleared")


def test_a_seed_that_is_taken_out_again_takes_its_note_along(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    options, seed = visit.options(), page.get_by_label("Seed")
    for typed in (True, False):
        seed.fill("42")
        expect(options).to_contain_text("A seed only works without rewriting")
        if typed:
            seed.fill("")
        else:
            page.get_by_role("button", name="Random").click()
        expect(seed).to_have_value("")
        expect(options).not_to_contain_text("A seed only works")
        expect(page.get_by_label("Rewrite my prompt")).not_to_be_checked()
    page.get_by_label("Rewrite my prompt").check()
    seed.fill(" ")  # is none
    page.wait_for_timeout(300)  # for what must not happen
    expect(page.get_by_label("Rewrite my prompt")).to_be_checked()


def test_the_same_seed_makes_the_same_picture_and_the_last_one_can_be_reused(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_label("Rewrite my prompt").uncheck()
    visit.draw("A quiet lake")
    expect(visit.usage).to_contain_text(re.compile(r"seed \d+"))
    first = visit.pixels()
    visit.options()
    page.get_by_role("button", name="Reuse the last").click()
    expect(page.get_by_label("Seed")).to_have_value(re.compile(r"\d+"))
    before = visit.picture().get_attribute("src") or ""
    visit.generate.click()
    expect(visit.picture()).not_to_have_attribute("src", before)
    assert visit.pixels() == first
    visit.options()
    page.get_by_role("button", name="Random").click()
    expect(page.get_by_label("Seed")).to_have_value("")


def test_three_of_four_pictures_are_shown_and_the_fourth_is_explained(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("radio", name="4", exact=True).check()
    visit.draw("A quiet lake [blocked]")
    expect(visit.notice).to_contain_text("3 of 4 pictures. One was blocked by the safety filter")
    pictures = page.locator("#picture").get_by_role("img")
    expect(pictures).to_have_count(3)
    for picture in pictures.all():
        expect(picture).to_be_in_viewport(ratio=1)
    expect(visit.usage).to_contain_text("252,000 tokens")

    page.reload()
    expect(page.locator("#picture").get_by_role("img")).to_have_count(3)


def test_all_blocked_is_calm_and_free(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    visit.prompt.fill("A quiet lake [blocked]")
    visit.generate.click()
    expect(visit.notice).to_contain_text("The safety filter kept this picture back.")
    expect(visit.notice).to_have_attribute("role", "status")
    expect(page.get_by_role("alert")).to_have_count(0)


def test_changing_the_model_shows_its_options_and_keeps_what_still_applies(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("radio", name="3", exact=True).check()
    page.get_by_role("radio", name="Nano Banana 2.1").check()
    expect(page.get_by_label("Rewrite my prompt")).to_be_hidden()
    page.get_by_role("radio", name="2K").check()
    expect(visit.page.locator("#counter")).not_to_contain_text("/")
    expect(page.get_by_text("No price is documented for this model.").first).to_be_visible()
    visit.draw("A quiet lake")
    expect(visit.usage).to_contain_text("2816")
    visit.options()
    page.get_by_role("radio", name=re.compile("Imagen 4 Ultra")).check()
    expect(page.get_by_role("radio", name="3", exact=True)).to_be_checked()
    expect(page.get_by_text("About 378,000 tokens ($0.189)")).to_be_visible()


def test_the_price_stands_before_the_click_and_the_visits_total_after(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    expect(page.get_by_text("About 84,000 tokens ($0.042), documented")).to_be_visible()
    visit.draw("A quiet lake")
    visit.prompt.fill("A loud lake")
    visit.generate.click()
    expect(visit.usage).to_contain_text("Reported this visit: 2 pictures, 168,000 tokens ($0.084)")


def test_the_prompt_is_counted_live_and_turns_before_the_limit(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    counter = page.locator("#counter .count")
    visit.prompt.fill("Racoon eating ice-cream 🦝")
    expect(counter).to_have_text("25 / 400")
    for length, state in ((360, "count "), (361, "count near"), (401, "count over")):
        visit.prompt.fill("a" * length)
        expect(counter).to_have_attribute("class", state)


def test_what_the_service_may_count_otherwise_is_said_before_the_click(
    page: Page, demo: str
) -> None:
    visit = Visit(page, demo)
    counter = page.locator("#counter .count")
    for prompt, said, state in (
        ("🦝" * 200, "200 / 400", "count "),
        ("🦝" * 201, "201 / 400 (AI/ML API may count 402)", "count near"),
        ("a" * 380 + "🦝" * 20, "400 / 400 (AI/ML API may count 420)", "count near"),
        ("🦝" * 401, "401 / 400", "count over"),
        ("é" * 400, "400 / 400", "count near"),
    ):
        visit.prompt.fill(prompt)
        expect(counter).to_have_text(said)
        expect(counter).to_have_attribute("class", state)


def test_a_key_is_checked_in_one_click(page: Page, demo: str) -> None:
    visit = Visit(page, demo)
    for key, said in (
        ("sandbox-fine", "Key works, $10.07 left. Checking cost nothing."),
        ("sandbox-invalid", "AI/ML API does not know this key."),
        ("", "There is no key to check."),
    ):
        visit.key.fill(key)
        page.get_by_role("button", name="Check key").click()
        expect(page.get_by_label("Key check")).to_contain_text(said)
        expect(visit.notice).to_contain_text("Type a line")


def test_cancel_and_generate_back_to_back_is_no_fault(page: Page, held: tuple[str, Held]) -> None:
    visit = Visit(page, held[0])
    visit.prompt.fill("A quiet lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    page.get_by_role("button", name="Cancel").click()
    expect(visit.notice).to_contain_text("Stopped waiting.")
    visit.generate.click()
    page.wait_for_timeout(1_500)
    expect(visit.notice).to_contain_text("Drawing")
    held[1].arrives.set()
    expect(visit.notice).to_contain_text("Drawn by Imagen 4")


def test_waiting_counts_the_seconds_and_cancel_frees_the_page_at_once(
    page: Page, held: tuple[str, Held]
) -> None:
    visit = Visit(page, held[0])
    cancel = page.get_by_role("button", name="Cancel")
    expect(cancel).to_be_hidden()
    visit.prompt.fill("A lake nobody waited for")
    visit.generate.click()
    expect(visit.notice).to_contain_text("usually takes 8 to 15 seconds")
    expect(visit.notice).to_contain_text(re.compile("[1-9] s"))
    cancel.click()
    expect(visit.notice).to_contain_text("Stopped waiting.")
    page.wait_for_timeout(1_500)  # by now Gradio has reported the cancelled call as failed
    expect(visit.notice).to_contain_text("Stopped waiting.")
    expect(cancel).to_be_hidden()
    visit.prompt.fill("A quiet lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    page.wait_for_timeout(1_500)  # by now the cancelled call has reported its end
    expect(visit.notice).to_contain_text("Drawing")
    held[1].arrives.set()
    expect(visit.notice).to_contain_text("Drawn by Imagen 4")
    expect(visit.tile("A lake nobody waited for")).to_be_visible()
    kept = [path.name for path in Path(get_upload_folder()).rglob("*.png")]
    assert "a-lake-nobody-waited-for-16x9.png" in kept


@pytest.fixture(scope="module")
def withdrawn_demo() -> Iterator[str]:
    """A demo whose service, here a sandbox of its own, has withdrawn Imagen 4."""
    service = Sandbox.start(latency=0, imagen="withdrawn")
    provider = Provider(Settings(base_url=service.url, host_key=KEY))
    provider.lifecycle.look()
    with running_demo(provider, without_key="host") as url:
        yield url
    provider.close()
    service.close()


def test_from_a_withdrawn_model_to_its_successor_in_one_click(
    page: Page, withdrawn_demo: str
) -> None:
    visit = Visit(page, withdrawn_demo)
    visit.ratio("3:4").check()
    visit.prompt.fill("A quiet lake")
    visit.generate.click()
    expect(page.get_by_role("alert")).to_contain_text("since 17 August 2026")
    page.get_by_role("button", name="Use Nano Banana 2.1").click()
    expect(visit.notice).to_contain_text("Nano Banana 2.1 is chosen. Press Generate.")
    page.wait_for_timeout(500)  # for the browser to have written down what it is to remember
    page.reload()
    visit.options()
    successor = page.get_by_role("radio", name="Nano Banana 2.1", exact=True)
    expect(successor).to_be_checked()
    marked = re.compile(r"Imagen 4 Ultra\s[^;]*withdrawn 17 August 2026; use Nano Banana 2.1")
    expect(page.get_by_role("radio", name=marked)).to_be_visible()
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawn by Nano Banana 2.1.")
    expect(visit.prompt).to_have_value("A quiet lake")
    expect(visit.ratio("3:4")).to_be_checked()


@pytest.mark.host
def test_a_demo_that_comes_back_says_what_became_of_the_request(
    browser: Browser, tmp_path: Path
) -> None:
    # A context of its own, whose console may complain of the stream that was cut.
    context, port = browser.new_context(), free_port()
    page = context.new_page()
    with program(tmp_path, port=port) as running:
        visit = Visit(page, running.url)
        visit.prompt.fill("A quiet lake")
        visit.key.fill("sandbox-slow")
        visit.generate.click()
        expect(visit.notice).to_contain_text("Drawing")
        page.wait_for_timeout(500)  # for the browser to have written down what it is to remember
        os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()
    expect(visit.notice).to_contain_text("does not answer any more")
    with program(tmp_path, port=port):
        expect(visit.notice).to_contain_text("Your last request was interrupted.", timeout=20_000)
        expect(visit.prompt).to_have_value("A quiet lake")
        page.reload()
        expect(visit.notice).to_contain_text("Type a line and press Generate")
        context.close()


def test_a_picture_that_arrives_after_all_was_not_interrupted(
    page: Page, held: tuple[str, Held]
) -> None:
    visit = Visit(page, held[0])
    visit.prompt.fill("A quiet lake")
    page.route("**/app_id", lambda route: route.abort("connectionrefused"))
    visit.generate.click()
    expect(visit.notice).to_contain_text("does not answer any more")
    page.unroute("**/app_id")
    held[1].arrives.set()
    expect(visit.notice).to_contain_text("Drawn by Imagen 4")
    page.reload()
    expect(visit.notice).to_contain_text("Drawn by Imagen 4")
    page.wait_for_timeout(500)  # for what must not be said
    expect(visit.notice).to_contain_text("Drawn by Imagen 4")


def test_a_demo_that_dies_while_drawing_is_missed_aloud(
    fresh_page: Page, held: tuple[str, Held]
) -> None:
    visit = Visit(fresh_page, held[0])
    visit.prompt.fill("A quiet lake")
    visit.generate.click()
    expect(visit.notice).to_contain_text("Drawing")
    fresh_page.route("**/app_id", lambda route: route.abort("connectionrefused"))
    expect(fresh_page.get_by_role("alert")).to_contain_text("does not answer any more")
    expect(visit.prompt).to_have_value("A quiet lake")
    fresh_page.close()


def test_a_prompt_that_no_call_can_carry_is_named_and_stays(browser: Browser, demo: str) -> None:
    page = browser.new_page()  # whose console may complain of the refusal
    visit = Visit(page, demo)
    visit.options()
    page.get_by_role("radio", name="Nano Banana 2.1", exact=True).check()
    before = visit.picture().get_attribute("src")
    visit.prompt.fill("lakes " * 11_000)
    visit.generate.click()
    expect(visit.notice).to_contain_text("This prompt is longer than this demo can send.")
    expect(visit.notice).to_contain_text("Nothing was charged.")
    assert len(visit.prompt.input_value()) == len("lakes " * 11_000)
    assert visit.picture().get_attribute("src") == before
    page.get_by_role("tab", name="Compare").click()
    page.get_by_role("button", name="Compare", exact=True).click()
    notice = page.get_by_label("Comparison message")
    expect(notice).to_contain_text("This prompt is longer than this demo can send.")
    page.get_by_role("tab", name="Create").click()
    visit.draw("A quiet lake")
    page.close()

"""What a newcomer's browser asks for is what the first view needs, and no more."""

import re

from playwright.sync_api import Page, Request, expect

from tests.page.visit import Visit

NOT_NEEDED = re.compile(
    r"^(assets|static)/.*(iframeResizer|hls|video|code|gallery|dropdown|plot|mono)", re.IGNORECASE
)
"""Of files that Gradio's page asks for where it has other widgets, or stands in a frame."""


def test_a_newcomer_sends_nothing_and_loads_few_files(fresh_page: Page, demo: str) -> None:
    asked: list[Request] = []

    def note(request: Request) -> None:
        asked.append(request)

    fresh_page.on("request", note)
    visit = Visit(fresh_page, demo)
    expect(visit.examples.get_by_role("button").last).to_be_visible()
    assert {each.method for each in asked} == {"GET"}
    paths = [each.url.removeprefix(demo) for each in asked]
    assert len(paths) <= 80
    assert not [each for each in paths if NOT_NEEDED.match(each)]
    # The cipher of gr.BrowserState is a third of a megabyte.
    scripts = [each.url for each in asked if each.url.endswith(".js")]
    read = [fresh_page.request.get(each).text() for each in scripts]
    assert read
    assert not [each for each in read if "CryptoJS" in each]


def test_in_a_frame_the_page_can_say_how_tall_it_is(fresh_page: Page, demo: str) -> None:
    around = f"{demo.rstrip('/')}/around"
    framing = f"<iframe src='{demo}' width='900' height='600'></iframe>"
    fresh_page.route(around, lambda asked: asked.fulfill(body=framing, content_type="text/html"))
    with fresh_page.expect_request(re.compile("iframeResizer")):
        fresh_page.goto(around)
    expect(fresh_page.frame_locator("iframe").get_by_label("Prompt", exact=True)).to_be_visible()

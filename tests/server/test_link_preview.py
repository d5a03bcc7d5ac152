"""What is shown of a link to the page, and in the tab of a browser: this demo, and not Gradio."""

from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO

import pytest
import requests
from PIL import Image

from imagen_demo.server.access import Access
from imagen_demo.server.link_preview import LINE, described
from tests.demos import running_demo
from tests.stand_ins import Fake


class Head(HTMLParser):
    """What a page says of itself."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.said: list[tuple[str, str]] = []
        self.feed(source.split("<script", maxsplit=1)[0])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("property") or given.get("name")
        if tag == "meta" and name:
            self.said.append((name, given.get("content") or ""))


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with running_demo(Fake()) as url:
        yield url


def test_a_link_to_the_page_shows_its_name_its_line_and_its_card(url: str) -> None:
    said = Head(requests.get(url, timeout=10).text).said
    assert len(said) == len(dict(said))  # once each: the first word counts
    assert dict(said)["og:title"] == "Imagen 4"
    assert dict(said)["og:description"] == dict(said)["description"] == LINE
    assert "radio" not in str(said)
    card = requests.get(dict(said)["og:image"], timeout=10)
    assert dict(said)["og:image"].startswith(url)
    with Image.open(BytesIO(card.content)) as picture:
        assert (picture.format, picture.size) == ("PNG", (1280, 640))


def test_a_page_without_a_place_for_it_stays_as_it_is() -> None:
    page = '<body><meta property="og:title" content="Gradio"></body>'
    assert described(page) == page


@pytest.fixture(scope="module")
def behind_a_proxy() -> Iterator[str]:
    with running_demo(Fake(), access=Access(trusted_proxies=1)) as url:
        yield url


def test_the_card_is_found_where_the_page_was_asked_for(behind_a_proxy: str) -> None:
    there = {"X-Forwarded-Host": "demo.example", "X-Forwarded-Proto": "https"}
    said = dict(Head(requests.get(behind_a_proxy, headers=there, timeout=10).text).said)
    assert said["og:image"] == "https://demo.example/card.png"


def test_a_forged_address_stays_an_attribute(behind_a_proxy: str) -> None:
    forged = {"X-Forwarded-Host": 'x"><script>'}
    page = requests.get(behind_a_proxy, headers=forged, timeout=10).text
    assert 'x"><script>' not in page.split("<script", maxsplit=1)[0]
    assert dict(Head(page).said)["og:title"] == "Imagen 4"


def test_a_strangers_word_moves_no_card(url: str) -> None:
    there = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
    said = dict(Head(requests.get(url, headers=there, timeout=10).text).said)
    assert said["og:image"] == f"{url}card.png"


def test_the_tab_of_a_browser_has_the_demos_icon(url: str) -> None:
    icon = requests.get(f"{url}favicon.ico", timeout=10)
    with Image.open(BytesIO(icon.content)) as picture:
        assert picture.width == picture.height >= 64
        colours = picture.convert("RGBA").getcolors(2**24)
    assert colours
    assert len(colours) > 4  # painted

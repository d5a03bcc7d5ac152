"""A picture that its maker signed, in a real browser: seen, saved, compared, dropped again."""

import base64
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.conftest import png
from tests.demos import running_demo
from tests.page.visit import Visit
from tests.signing import is_valid, signed
from tests.stand_ins import Fake

SIGNED = (
    "Signed by its maker (Content Credentials). The file is left untouched; its recipe is kept "
    "here."
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    fake = Fake()
    fake.finish = signed
    with running_demo(fake, album=tmp_path_factory.mktemp("signed") / "album") as address:
        yield address


def pictures_on(sheet: Path) -> list[bytes]:
    found = re.findall(r'src="data:image/png;base64,([^"]+)"', sheet.read_text(encoding="utf-8"))
    return [base64.b64decode(each) for each in found]


def test_a_signed_picture_is_valid_wherever_it_is_seen_or_saved(page: Page, url: str) -> None:
    visit = Visit(page, url)
    visit.draw("A fox to be signed")
    expect(visit.usage).to_contain_text(SIGNED)
    assert is_valid(visit.picture_bytes())
    saved = visit.download()
    assert is_valid(saved.read_bytes())
    with page.expect_download() as saving:
        visit.usage.get_by_role("link", name="Download recipe").click()
    assert saving.value.suggested_filename == saved.with_suffix(".json").name
    recipe = json.loads(Path(saving.value.path()).read_text(encoding="utf-8"))
    assert recipe["prompt"] == "A fox to be signed"
    with page.expect_download() as saving:
        page.get_by_role("button", name="Download sheet").click()
    (on_sheet,) = pictures_on(Path(saving.value.path()))
    assert on_sheet == saved.read_bytes()

    visit.prompt.fill("")
    visit.open(saved)
    expect(visit.notice).to_contain_text("Opened: a picture of")
    expect(visit.prompt).to_have_value("A fox to be signed")
    expect(visit.usage).to_contain_text(SIGNED)
    assert visit.picture_bytes() == saved.read_bytes()


def test_a_comparison_of_signed_pictures_leaves_them_valid(page: Page, url: str) -> None:
    visit = Visit(page, url)
    page.get_by_role("tab", name="Compare").click()
    visit.prompt.fill("Two foxes")
    page.get_by_role("button", name="Compare", exact=True).click()
    columns = page.locator("#compare img")
    expect(columns).not_to_have_count(0)
    expect(page.get_by_label("Comparison message")).to_contain_text(re.compile("Drawn|drawn"))
    with page.expect_download() as saving:
        page.locator("#compare").get_by_role("button", name="Download sheet").click()
    found = pictures_on(Path(saving.value.path()))
    assert len(found) > 1
    assert all(map(is_valid, found))


def test_somebody_elses_signed_picture_is_not_found(page: Page, url: str, tmp_path: Path) -> None:
    visit = Visit(page, url)
    stranger = tmp_path / "fox.png"
    stranger.write_bytes(signed(png()))
    visit.open(stranger)
    expect(visit.notice).to_contain_text("carries no recipe")

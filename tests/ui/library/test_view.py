"""Rows of pictures are buttons named by prompts, and no prompt gets out of its tile."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest

from imagen_demo.ui.library import view as library_view
from imagen_demo.ui.library.view import Strip, Tile
from tests.stand_ins import NASTY, Page

FOX = Tile("t/p/a-fox-1x1.png", Path("/tiles/1.webp"), "A fox")
OWL = Tile("t/q/an-owl-1x1.png", Path("/tiles/2.webp"), "An owl")


def shown(strip: Strip) -> str:
    """The strip's HTML, without its frame and what is on the way."""
    return f"{strip['heading']}{strip['tiles']}"


def buttons(page: Page, attribute: str) -> list[dict[str, str | None]]:
    return [attrs for tag, attrs in page.tags if tag == "button" and attribute in attrs]


@pytest.mark.parametrize(
    "source",
    [
        library_view.gallery([FOX, OWL], by={"imagen"}),
        shown(library_view.own([FOX, OWL], total=2, on_the_way=0)),
    ],
    ids=["gallery", "own"],
)
def test_tiles_are_buttons_named_by_their_prompts_in_order(source: str) -> None:
    page = Page(source)
    tiles = buttons(page, "data-open")
    assert [each["aria-label"] for each in tiles] == ["A fox", "An owl"]
    assert [each["data-open"] for each in tiles] == [FOX.name, OWL.name]
    assert set(page.every("button", "type")) == {"button"}
    assert page.every("img", "alt") == ["", ""]
    assert page.every("img", "loading") == ["lazy", "lazy"]
    assert page.every("img", "src") == [
        "gradio_api/file=/tiles/1.webp",
        "gradio_api/file=/tiles/2.webp",
    ]


def test_pictures_of_one_prompt_are_told_apart() -> None:
    page = Page(shown(library_view.own([FOX, OWL, FOX], total=3, on_the_way=0)))
    names = [each["aria-label"] for each in buttons(page, "data-open")]
    assert names == ["A fox, 1 of 2", "An owl", "A fox, 2 of 2"]
    removing = buttons(page, "data-remove")
    assert [each["aria-label"] for each in removing] == [f"Remove {name}" for name in names]
    assert page.inside("span") == ["A fox", "An owl", "A fox"]


@pytest.mark.parametrize(
    "prompt", [NASTY, '"><button data-open="x">', "${document.cookie}", "{{}}"]
)
def test_a_hostile_prompt_stays_text(prompt: str) -> None:
    hostile = Tile(f"t/p/{prompt}", Path(f"/tiles/{prompt}.webp"), prompt)
    for source, plain in (
        (
            library_view.gallery([hostile], by={"imagen"}),
            library_view.gallery([FOX], by={"imagen"}),
        ),
        (
            shown(library_view.own([hostile], total=1, on_the_way=0)),
            shown(library_view.own([FOX], total=1, on_the_way=0)),
        ),
    ):
        page = Page(source)
        assert [tag for tag, _ in page.tags] == [tag for tag, _ in Page(plain).tags]
        assert [each["aria-label"] for each in buttons(page, "data-open")] == [prompt]
        assert page.given("data-open") == [f"t/p/{prompt}"]
        assert prompt in page.text
        assert page.given("data-remove") in ([], [f"t/p/{prompt}"])
        (address,) = page.every("img", "src")
        assert address
        assert unquote(address) == f"gradio_api/file=/tiles/{prompt}.webp"
        assert not set("?#\"'< ") & set(address), "or it would end there"


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ({"sandbox"}, "as the sandbox draws them"),
        ({"imagen"}, "recorded from Imagen; a click shows one, and spends nothing"),
        ({"imagen", "sandbox"}, "a click shows one, and spends nothing"),
        (set(), "a click shows one, and spends nothing"),
    ],
    ids=["sandbox", "imagen", "both", "none"],
)
def test_the_gallery_says_who_drew_it(by: set[str], said: str) -> None:
    page = Page(library_view.gallery([FOX], by=by))
    assert said in page.text
    assert ("Imagen" in page.text) is (len(by) == 1)
    assert page.given("data-remove") == page.given("data-all") == []


def test_an_empty_strip_says_what_it_is_for_and_has_nothing_to_click() -> None:
    page = Page(shown(library_view.own([], total=0, on_the_way=0)))
    assert "each one you make is kept here, for this browser" in page.text
    assert not [tag for tag, _ in page.tags if tag == "button"]


def test_each_own_picture_can_be_removed_in_two_clicks_and_all_of_them() -> None:
    page = Page(shown(library_view.own([FOX, OWL], total=2, on_the_way=0)))
    removing = buttons(page, "data-remove")
    assert [each["data-remove"] for each in removing] == [FOX.name, OWL.name]
    assert [each["aria-label"] for each in removing] == ["Remove A fox", "Remove An owl"]
    (all_of_them,) = buttons(page, "data-all")
    assert (all_of_them["data-all"], all_of_them["aria-label"]) == ("remove", "Remove all")
    assert [each["data-armed"] for each in (*removing, all_of_them)] == [
        *("remove", "remove", "remove all 2")
    ]
    assert "2, kept for this browser" in page.text


def test_pictures_on_their_way_count_as_none() -> None:
    strip = library_view.own([FOX], total=1, on_the_way=2)
    assert strip["coming"] == 2
    assert "1, kept for this browser" in Page(shown(strip)).text


def test_the_first_picture_on_its_way_has_nothing_beside_it() -> None:
    strip = library_view.own([], total=0, on_the_way=1)
    page = Page(shown(strip))
    assert strip["coming"] == 1
    assert page.text == "Your pictures "
    assert not [tag for tag, _ in page.tags if tag == "button"]


def test_a_strip_of_more_than_one_row_says_so() -> None:
    for count in (0, 1, library_view.NEWEST, library_view.NEWEST + 1):
        strip = library_view.own([FOX] * count, total=count, on_the_way=1)
        assert strip["whole"] is (count == library_view.NEWEST + 1)


def test_the_browser_puts_a_strip_together_with_those_on_their_way_first() -> None:
    source = library_view.own_template()
    fields = re.findall(r"value\.(\w+)", source)
    assert fields == ["heading", "whole", "coming", "tiles"]
    assert set(fields) == set(Strip.__annotations__)
    page = Page(re.sub(r"\$\{[^}]*\}", "", source))
    assert page.tags == [
        ("section", {"class": "strip", "role": "group", "aria-label": "Your pictures"}),
        ("div", {"class": "tiles"}),
    ]
    assert source.startswith("<section")
    assert source.endswith("</section>")
    assert "{{" not in source, "which Gradio would take for another kind of template"


def test_those_that_are_not_shown_are_one_click_away() -> None:
    page = Page(shown(library_view.own([FOX], total=31, on_the_way=0)))
    assert "Show all 31" in page.text
    assert page.given("data-all") == ["show", "remove"]
    assert "the newest 1 of 31" in page.text
    assert "Show all" not in Page(shown(library_view.own([FOX], total=1, on_the_way=0))).text

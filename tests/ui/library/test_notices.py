"""A picture that is there already says whose it is, of when, and what was filled in."""

import pytest

from imagen_demo.ui.library import notices
from imagen_demo.ui.messages import Notice
from tests.stand_ins import NASTY, Page, recipe_of


def shown(notice: Notice) -> Page:
    return Page(notice["html"])


EXAMPLE = recipe_of()
PLAYED_EXAMPLE = recipe_of(drawn_by="sandbox")
RECORDED = pytest.mark.parametrize(
    ("words", "said"),
    [
        (notices.example, "Recorded 2 January 2026, Imagen 4. Nothing was spent."),
        (notices.own_picture, "Your picture of 2 January 2026, drawn by Imagen 4."),
        (notices.opened, "Opened: a picture of 2 January 2026, drawn by Imagen 4."),
    ],
    ids=["example", "own", "opened"],
)


@RECORDED
def test_a_recorded_picture_names_its_day_its_model_and_its_prompt(
    words: notices.Recorded, said: str
) -> None:
    page = shown(words(EXAMPLE, undo=False))
    assert page.text.startswith(said)
    assert "A fox" in page.text
    assert "1:1" in page.text
    assert "sandbox" not in page.text


@RECORDED
def test_a_recorded_picture_of_the_sandboxs_says_so(words: notices.Recorded, said: str) -> None:
    page = shown(words(PLAYED_EXAMPLE, undo=False))
    assert "by the sandbox" in page.text
    assert "Imagen" not in page.text
    assert "2 January 2026" in page.text
    assert said not in page.text


@RECORDED
def test_a_recorded_pictures_prompt_stays_text(words: notices.Recorded, said: str) -> None:
    page = shown(words(recipe_of(NASTY, rewritten=NASTY), undo=False))
    assert page.text.startswith(said)
    assert NASTY in page.text
    assert page.tags == shown(words(EXAMPLE, undo=False)).tags


@pytest.mark.parametrize("undo", [True, False])
def test_only_a_prompt_that_made_way_can_be_put_back(*, undo: bool) -> None:
    said = [
        *(words(EXAMPLE, undo=undo) for words in (notices.example, notices.own_picture)),
        *(notices.opened(EXAMPLE, undo=undo), notices.foreign_picture("ComfyUI", undo=undo)),
        *(notices.bare_picture(undo=undo), notices.from_link(undo=undo)),
    ]
    for source in said:
        page = shown(source)
        assert len(page.given("data-undo")) == undo
        assert ("Put my prompt back" in page.text) is undo
        assert page.every("button", "type") == ["button"] * undo


def test_of_an_opened_file_no_copy_is_said_to_be_kept() -> None:
    text = shown(notices.opened(EXAMPLE, undo=False)).text
    assert "no copy of it is kept" in text
    assert "among your pictures" not in text


def test_a_picture_without_its_recipe_can_still_be_downloaded() -> None:
    page = shown(notices.bare_picture(undo=False))
    assert "Your picture, without its recipe." in page.text
    assert "you can download it" in page.text


def test_the_rewrite_is_said_to_be_used_and_what_was_typed_can_come_back() -> None:
    for notice in (notices.used(), notices.locked()):
        assert notice["kind"] == "done"
        assert shown(notice).given("data-undo") == [None]
    # The browser puts the seed there (`static/js/create.js`).
    assert shown(notices.locked()).text.count("the seed is SEED.") == 1

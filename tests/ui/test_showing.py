"""Results as updates of the page, and the browser's memory that brings them back."""

from pathlib import Path

import gradio as gr
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from imagen_demo.album import Album
from imagen_demo.catalog import MAX_NUM_IMAGES
from imagen_demo.inscription import read
from imagen_demo.recipe import Recipe
from imagen_demo.ui import markup
from imagen_demo.ui.drawing import Drawn, Result
from imagen_demo.ui.showing import NOTHING_SHOWN, Showing
from tests.ui.stand_ins import VISITOR, Page, inscribed, is_untouched, recipe_of


@pytest.fixture
def showing(tmp_path: Path) -> Showing:
    (tmp_path / "gallery").mkdir()
    return Showing(Album(tmp_path / "album"), tmp_path / "gallery")


def kept(showing: Showing, recipe: Recipe, number: int = 0) -> Drawn:
    return Drawn(number, recipe, showing.album.save(inscribed(recipe), recipe, visitor=VISITOR))


def example(showing: Showing, recipe: Recipe) -> Drawn:
    path = showing.gallery / "01-fox.png"
    path.write_bytes(inscribed(recipe).data)
    return Drawn(0, recipe, path)


def test_one_picture_is_shown_alone_with_its_rewrite_and_usage(showing: Showing) -> None:
    drawn = kept(showing, recipe_of())
    updates = showing.updates(Result([drawn]), notice="<p>Here.</p>", visit_tokens=168_000)
    picture, pictures, rewritten, usage, notice, memory = updates
    assert (picture["value"], picture["visible"]) == (str(drawn.path), True)
    assert picture["alt_text"] == rewritten["value"] == "A red fox"
    assert (pictures["value"], pictures["visible"]) == (None, False)
    assert "168,000 tokens" in Page(usage).text
    assert notice == "<p>Here.</p>"
    assert drawn.path
    assert memory == {"pictures": [showing.album.name(drawn.path)], "missing": []}


def test_several_pictures_stand_side_by_side_each_with_its_caption(showing: Showing) -> None:
    drawn = [
        kept(showing, recipe_of(num_images=2), 0),
        kept(showing, recipe_of(num_images=2, rewritten=None), 1),
    ]
    picture, pictures, *_, memory = showing.updates(Result(drawn, ("One was lost.",)), notice="")
    assert not picture["visible"]
    assert pictures["visible"]
    assert pictures["value"] == [(str(drawn[0].path), "A red fox"), (str(drawn[1].path), "A fox")]
    names = [showing.album.name(each.path) for each in drawn if each.path]
    assert memory == {"pictures": names, "missing": ["One was lost."]}


@pytest.mark.parametrize("count", [1, 2])
def test_pictures_without_a_file_leave_both_places_empty_and_no_memory(
    showing: Showing, count: int
) -> None:
    recipe = recipe_of(num_images=count)
    lost = [
        Drawn(number, recipe, None, kept=False, picture=inscribed(recipe))
        for number in range(count)
    ]
    picture, pictures, *_, memory = showing.updates(Result(lost), notice="")
    assert picture["value"] is None
    gr.Gallery().postprocess(pictures["value"])  # the page can show what it is given
    assert not pictures["value"]
    assert memory is None


def test_of_several_pictures_only_those_that_were_kept_are_remembered(
    showing: Showing, tmp_path: Path
) -> None:
    recipe = recipe_of(num_images=3)
    elsewhere = tmp_path / "elsewhere.png"
    drawn = [
        Drawn(0, recipe, elsewhere, kept=False),
        kept(showing, recipe, 1),
        Drawn(2, recipe, None, kept=False, picture=inscribed(recipe)),
    ]
    _, pictures, *_, memory = showing.updates(Result(drawn), notice="")
    assert [path for path, _ in pictures["value"]] == [str(elsewhere), str(drawn[1].path)]
    assert drawn[1].path
    assert memory == {"pictures": [showing.album.name(drawn[1].path)], "missing": []}


def test_nothing_is_shown_as_a_newcomer_meets_it(showing: Showing) -> None:
    picture, pictures, rewritten, usage, notice, memory = showing.nothing("<p>Gone.</p>")
    assert (picture["value"], picture["visible"], pictures["visible"]) == (None, True, False)
    assert rewritten["placeholder"] == markup.REWRITE_APPEARS_HERE
    assert (rewritten["value"], usage, notice, memory) == (
        "",
        markup.NO_USAGE,
        "<p>Gone.</p>",
        None,
    )
    assert all(map(is_untouched, NOTHING_SHOWN))
    assert len(NOTHING_SHOWN) == 6


# The memory.


def test_what_is_shown_is_remembered_from_names_alone(showing: Showing) -> None:
    result = Result([kept(showing, recipe_of("A fox", num_images=2)), kept(showing, recipe_of())])
    memory = showing.updates(result, notice="")[-1]
    again = showing.remembered(memory)
    assert again
    assert [each.path for each in again.pictures] == [each.path for each in result.pictures]
    assert [each.recipe for each in again.pictures] == [each.recipe for each in result.pictures]
    assert showing.updates(again, notice="")[-1] == memory


def test_an_example_is_remembered_too_by_its_files_name(showing: Showing) -> None:
    drawn = example(showing, recipe_of())
    memory = showing.updates(Result([drawn]), notice="")[-1]
    assert memory == {"pictures": ["01-fox.png"], "missing": []}
    assert showing.remembered(memory) == Result([drawn])


def test_a_picture_that_lost_its_recipe_is_not_remembered(showing: Showing) -> None:
    drawn = example(showing, recipe_of())
    assert drawn.path
    drawn.path.write_bytes(inscribed(recipe_of()).data[:60])
    assert showing.remembered({"pictures": ["01-fox.png"], "missing": []}) is None


def test_a_foreign_picture_in_the_gallery_is_not_remembered(showing: Showing) -> None:
    texts = PngInfo()
    texts.add_text("parameters", "A castle\nSteps: 20")
    path = showing.gallery / "01-castle.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=texts)
    assert read(path) == "A castle"
    assert showing.remembered({"pictures": ["01-castle.png"], "missing": []}) is None


def test_a_memory_of_more_pictures_than_a_request_may_have_is_none(showing: Showing) -> None:
    example(showing, recipe_of())
    most = {"pictures": ["01-fox.png"] * MAX_NUM_IMAGES, "missing": []}
    assert showing.remembered(most)
    # Each is a file to read, and a picture on the sheet.
    assert showing.remembered({**most, "pictures": ["01-fox.png"] * (MAX_NUM_IMAGES + 1)}) is None


# Names.


@pytest.mark.parametrize(
    "name",
    [
        *(None, 7, True, 1.5, [], ["01-fox.png"], {}, {"name": "01-fox.png"}, b"01-fox.png"),
        *("", ".", "..", "/", "*", "01-fox.png/", "./01-fox.png", "../gallery/01-fox.png"),
        *("/etc/passwd", "../../etc/passwd", "01-fox.png\0", "\ud800", "x" * 100_000),
        *("a" * 32 + "/" + "b" * 32 + "/c.png", "%30%31-fox.png", "01-FOX.png"),
    ],
    ids=lambda name: repr(name)[:30],
)
def test_a_forged_name_finds_nothing(showing: Showing, name: object) -> None:
    example(showing, recipe_of())
    assert showing.find(name) is None


def test_a_gallery_that_is_not_there_has_no_names(tmp_path: Path) -> None:
    showing = Showing(Album(tmp_path / "album"), tmp_path / "nowhere")
    assert showing.find("01-fox.png") is None

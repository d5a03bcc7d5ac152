"""The page says why a file was left as it came, and offers its recipe."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from imagen_demo.domain.generation import Picture
from imagen_demo.domain.receipt import Receipt, Total
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import inscribe
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.service.result import Drawn, Result
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.outputs import Showing
from imagen_demo.ui.recipe_beside import recipes_beside
from tests.conftest import png
from tests.signing import signed
from tests.stand_ins import FULL, NASTY, VISITOR, Page, inscribed, recipe_of
from tests.ui.test_outputs import showing

__all__ = ["showing"]

RECIPE = recipe_of(f"A fox {NASTY}"[:300])
SIGNED = (
    "Signed by its maker (Content Credentials). The file is left untouched; its recipe is kept "
    "here."
)


@pytest.fixture(scope="module")
def picture() -> Picture:
    return verify_picture(signed(png()), "A red fox")


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "album")


def said_of(pictures: Sequence[Drawn]) -> Page:
    """The panel that tells what they cost, and where the recipes are that no file has."""
    receipt = Receipt.of([each.recipe for each in pictures])
    return Page(create_view.usage(receipt, Total(), beside=recipes_beside(pictures)))


def drawn(album: Album, picture: Picture, recipe: Recipe = RECIPE, number: int = 0) -> Drawn:
    path = album.save(picture, recipe, visitor=VISITOR, recipe_beside=True)
    return Drawn(number, recipe, path)


def test_a_signed_picture_says_so_and_hands_out_its_recipe(album: Album, picture: Picture) -> None:
    each = drawn(album, picture)
    page = said_of([each])
    assert f"{SIGNED} Download recipe" in page.text
    (source,) = page.every("a", "href")
    assert source
    kind, _, written = source.partition(";base64,")
    assert kind == "data:application/json"
    assert each.path
    (lies,) = each.path.parent.glob("*.json")
    assert base64.b64decode(written) == lies.read_bytes()
    assert page.every("a", "download") == [lies.name]
    assert json.loads(lies.read_bytes())["prompt"] == RECIPE.request.prompt


def test_several_are_said_at_once_and_each_has_its_recipe(album: Album, picture: Picture) -> None:
    other = verify_picture(signed(png(9)), None)
    page = said_of([drawn(album, picture), drawn(album, other, number=1)])
    said = (
        "Signed by their maker (Content Credentials). The files are left untouched; their recipes "
    )
    assert f"{said}are kept here." in page.text
    assert len(page.every("a", "href")) == 2


def test_a_picture_that_no_album_took_leaves_its_recipe_to_be_downloaded(picture: Picture) -> None:
    page = said_of([Drawn(0, RECIPE, None, FULL, picture)])
    assert "The file is left untouched; download its recipe, too." in page.text
    assert len(page.every("a", "href")) == 1


def test_a_file_without_room_is_not_said_to_be_signed(album: Album) -> None:
    page = said_of([drawn(album, verify_picture(png(), None))])
    assert "The file is left untouched; its recipe is kept here. Download recipe" in page.text
    assert "Signed" not in page.text


def test_nothing_is_said_where_each_file_has_its_recipe(album: Album, tmp_path: Path) -> None:
    picture = inscribed(RECIPE)
    lies = album.save(picture, RECIPE, visitor=VISITOR)
    aside = tmp_path / "fox.png"
    aside.write_bytes(picture.data)
    assert recipes_beside([Drawn(0, RECIPE, lies)]) is None
    assert recipes_beside([Drawn(0, RECIPE, aside, "")]) is None
    assert recipes_beside([Drawn(0, RECIPE, None, FULL, picture)]) is None
    assert recipes_beside([Drawn(0, RECIPE, tmp_path / "gone.png", "")]) is None
    assert recipes_beside([]) is None


def test_the_page_says_it_below_what_the_picture_cost(showing: Showing, picture: Picture) -> None:
    each = drawn(showing.album, picture)
    told = showing.outputs(Result([each]), notice={"kind": "done", "html": ""})
    assert SIGNED in Page(told["token_usage"]).text
    again = showing.remembered(told["shown"])
    assert again
    assert again.pictures == [each]
    plain = inscribe(verify_picture(png(), None), RECIPE)
    path = showing.album.save(plain, RECIPE, visitor=VISITOR)
    told = showing.outputs(Result([Drawn(0, RECIPE, path)]), notice={"kind": "done", "html": ""})
    assert "Signed" not in told["token_usage"]

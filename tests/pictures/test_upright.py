"""A JPEG that says how it is turned is upright in tiles, and its size is that which is seen."""

import struct
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps

from imagen_demo.domain.receipt import Receipt
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import inscribe, open_picture, read
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.pictures.verify import upright_size, verify_picture
from imagen_demo.ui.sheet import sheet
from tests.pictures.metadata.samples import encoded, exif, jpeg_pieces, like_production, recipe_of

WIDE, HIGH = (40, 24), (24, 40)
ORIENTATIONS = {**dict.fromkeys((1, 2, 3, 4), WIDE), **dict.fromkeys((5, 6, 7, 8), HIGH)}
each_orientation = pytest.mark.parametrize(("turned", "size"), ORIENTATIONS.items())


def jpeg(turned: object, mode: str = "RGB") -> bytes:
    return encoded("JPEG", mode, exif=exif(Orientation=turned), quality=95)


@each_orientation
def test_sizes_are_those_of_the_picture_as_it_is_seen(turned: int, size: tuple[int, int]) -> None:
    picture = verify_picture(jpeg(turned), None)
    assert (picture.width, picture.height) == size
    recipe = recipe_of(picture)
    written = inscribe(picture, recipe)
    again = read(BytesIO(written.data))
    assert again == recipe
    assert isinstance(again, Recipe)
    receipt = Receipt.of([again])
    assert (receipt.width, receipt.height) == size
    assert f"{size[0]} x {size[1]} pixels" in sheet([(written, again)])
    opened, _ = open_picture(written.data)
    assert (opened.width, opened.height) == size


@each_orientation
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_tiles_are_upright(turned: int, size: tuple[int, int], mode: str, tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(jpeg(turned, mode))
    with Image.open(path) as image:
        upright = ImageOps.exif_transpose(image).convert("RGB")
    with Image.open(Thumbnails(tmp_path / "tiles").of(path)) as tile:
        assert tile.size == upright.size == size
        away = ImageChops.difference(tile.convert("RGB"), upright).convert("L")
        assert sum(away.tobytes()) / len(away.tobytes()) < 8
        assert not tile.getexif()


def test_a_large_tile_is_upright_too(tmp_path: Path) -> None:
    path = tmp_path / "picture.jpg"
    path.write_bytes(encoded("JPEG", size=(1408, 768), exif=exif(Orientation=6)))
    with Image.open(Thumbnails(tmp_path / "tiles").of(path)) as tile:
        assert tile.size == (196, 360)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_what_browsers_do_not_turn_is_not_turned_here(kind: str) -> None:
    with Image.open(BytesIO(encoded(kind, exif=exif(Orientation=6)))) as image:
        assert upright_size(image) == WIDE


@like_production
@pytest.mark.parametrize("said", [0, 9, 255], ids=repr)
def test_an_orientation_that_is_none_turns_nothing(said: object) -> None:
    picture = verify_picture(jpeg(said), None)
    assert (picture.width, picture.height) == WIDE


@like_production
@pytest.mark.parametrize("broken", [b"", b"MM\0*\xff\xff\xff\xff", b"XX"])
def test_broken_exif_data_turn_nothing(broken: bytes) -> None:
    start, *rest = jpeg_pieces(encoded("JPEG"))
    body = b"Exif\0\0" + broken
    data = b"".join([start, b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body, *rest])
    picture = verify_picture(data, None)
    assert (picture.width, picture.height) == WIDE

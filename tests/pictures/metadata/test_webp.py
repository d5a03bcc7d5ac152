"""A WebP gains one chunk and loses nothing."""

from io import BytesIO

import pytest

from imagen_demo.pictures.metadata import inscribe, read
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    FILES,
    encoded,
    exif,
    inscribed,
    picture_of,
    recipe_of,
    webp_of,
    webp_pieces,
)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("webp")])
def test_a_webp_gains_an_exif_chunk_and_loses_nothing(name: str) -> None:
    old, new = webp_pieces(FILES[name]), webp_pieces(inscribed(name))
    (first, header), *between, (last, _) = new
    assert (first, last) == (b"VP8X", b"EXIF")
    assert header[0] & 0x08
    assert [kind for kind, _ in between if kind in {b"VP8X", b"EXIF"}] == []
    if old[0][0] == b"VP8X":
        between.insert(0, (b"VP8X", bytes([header[0] & ~0x08]) + header[1:]))
    assert between == old
    assert webp_of(*between) == FILES[name]


def test_a_webp_header_that_is_new_tells_the_size_and_the_alpha_channel() -> None:
    for alpha, mode in ((False, "RGB"), (True, "RGBA")):
        data = encoded("WEBP", mode, size=(300, 5), lossless=True)
        picture = verify_picture(data, None)
        _, header = webp_pieces(inscribe(picture, recipe_of(picture)).data)[0]
        assert header == bytes([0x18 if alpha else 0x08, 0, 0, 0, 43, 1, 0, 4, 0, 0])


def test_what_stands_behind_a_webp_stays_there() -> None:
    picture = verify_picture(FILES["webp-lossy"] + b"behind the end", None)
    recipe = recipe_of(picture)
    written = inscribe(picture, recipe).data
    assert written == inscribe(picture_of("webp-lossy"), recipe).data + b"behind the end"
    assert read(BytesIO(written)) == recipe


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_with_exif_of_its_own_is_left_alone(mode: str) -> None:
    data = encoded("WEBP", mode, exif=exif(Artist="The service"))
    picture = verify_picture(data, None)
    assert inscribe(picture, recipe_of(picture)) == picture
    assert read(BytesIO(data)) is None

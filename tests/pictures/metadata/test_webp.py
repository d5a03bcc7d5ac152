"""A WebP gains two chunks and loses nothing."""

from io import BytesIO

import pytest
from PIL import Image
from PIL.ExifTags import Base

from imagen_demo.pictures.metadata import inscribe, read
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    FILES,
    encoded,
    exif,
    frames_of,
    inscribed,
    picture_of,
    recipe_of,
    webp_of,
    webp_pieces,
)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("webp")])
def test_a_webp_gains_exif_and_label_and_loses_nothing(name: str) -> None:
    old, new = webp_pieces(FILES[name]), webp_pieces(inscribed(name))
    (first, header), *rest = new
    assert first == b"VP8X"
    assert header[0] & 0x0C == 0x0C
    assert sorted(kind for kind, _ in rest if kind in {b"VP8X", b"EXIF", b"XMP "}) == [
        b"EXIF",
        b"XMP ",
    ]
    assert b"trainedAlgorithmicMedia" in dict(rest)[b"XMP "] or name == "webp-xmp"
    own = {kind for kind, _ in old}
    kept = [(kind, held) for kind, held in rest if kind in own or kind not in {b"EXIF", b"XMP "}]
    if old[0][0] == b"VP8X":
        flags = header[0] & ~0x08 & ~(0 if b"XMP " in own else 0x04)
        kept.insert(0, (b"VP8X", bytes([flags]) + header[1:]))
    assert kept == old
    assert webp_of(*kept) == FILES[name]


def test_a_webp_header_that_is_new_tells_the_size_and_the_alpha_channel() -> None:
    for alpha, mode in ((False, "RGB"), (True, "RGBA")):
        data = encoded("WEBP", mode, size=(300, 5), lossless=True)
        picture = verify_picture(data, None)
        _, header = webp_pieces(inscribe(picture, recipe_of(picture)).data)[0]
        assert header == bytes([0x1C if alpha else 0x0C, 0, 0, 0, 43, 1, 0, 4, 0, 0])


def test_what_stands_behind_a_webp_stays_there() -> None:
    picture = verify_picture(FILES["webp-lossy"] + b"behind the end", None)
    recipe = recipe_of(picture)
    written = inscribe(picture, recipe).data
    assert written == inscribe(picture_of("webp-lossy"), recipe).data + b"behind the end"
    assert read(BytesIO(written)) == recipe


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_with_exif_of_its_own_keeps_it_beside_the_recipe(mode: str) -> None:
    data = encoded("WEBP", mode, exif=exif(Artist="The service"))
    picture = verify_picture(data, None)
    written = inscribe(picture, recipe_of(picture)).data
    assert read(BytesIO(written)) == recipe_of(picture)
    with Image.open(BytesIO(written)) as image:
        assert image.getexif()[Base.Artist] == "The service"
    assert frames_of(written) == frames_of(data)


def test_a_webp_whose_exif_begins_as_in_a_jpeg_keeps_it() -> None:
    plain = exif(Artist="The service").tobytes()
    data = encoded("WEBP", exif=plain)
    long = webp_of(
        *[
            (kind, b"Exif\0\0" + held.removeprefix(b"Exif\0\0") if kind == b"EXIF" else held)
            for kind, held in webp_pieces(data)
        ]
    )
    picture = verify_picture(long, None)
    written = inscribe(picture, recipe_of(picture)).data
    assert read(BytesIO(written)) == recipe_of(picture)
    assert dict(webp_pieces(written))[b"EXIF"].startswith(b"Exif\0\0MM")

"""A picture that its maker signed stays byte for byte as it came; every other gains its recipe."""

import struct
from io import BytesIO

import pytest
from PIL.PngImagePlugin import PngInfo

from imagen_demo.pictures.metadata import (
    carries_recipe,
    inscribe,
    is_signed,
    open_picture,
    read,
    with_recipe,
)
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    chunk,
    encoded,
    every_file,
    inscribed,
    jpeg_pieces,
    picture_of,
    png_pieces,
    recipe_of,
    webp_of,
    webp_pieces,
)
from tests.signing import TYPES, is_valid, signed, signed_elsewhere

every_kind = pytest.mark.parametrize("kind", TYPES)
ELSEWHERE = "http://127.0.0.1:9/credentials.c2pa"


@every_kind
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_signed_picture_is_not_written_to(kind: str, mode: str) -> None:
    data = signed(encoded(kind, mode, size=(128, 96)))
    assert is_valid(data)
    assert is_signed(data)
    picture = verify_picture(data, None)
    written, is_in = with_recipe(picture, recipe_of(picture))
    assert (written, is_in) == (picture, False)
    assert is_valid(written.data)
    assert not carries_recipe(written.data)
    assert read(BytesIO(data)) is None
    assert open_picture(data)[0].data == data


@every_kind
def test_one_byte_more_and_a_signed_picture_is_valid_no_longer(kind: str) -> None:
    """What the rest of these tests rests on."""
    data = signed(encoded(kind, size=(128, 96)))
    if kind == "PNG":
        start, header, *rest = png_pieces(data)
        more = b"".join([start, header, chunk(b"tEXt", b"parameters\0A fox"), *rest])
    elif kind == "JPEG":
        start, *rest = jpeg_pieces(data)
        more = b"".join([start, b"\xff\xfe\x00\x07A fox", *rest])
    else:
        more = webp_of(*webp_pieces(data), (b"EXIF", b"MM\0*\0\0\0\x08\0\0\0\0\0\0"))
    assert is_valid(data)
    assert not is_valid(more)


@every_kind
def test_credentials_that_lie_elsewhere_hold_for_the_file_too(kind: str) -> None:
    data = signed_elsewhere(encoded(kind, size=(128, 96)), ELSEWHERE)
    assert ELSEWHERE.encode() in data
    assert is_signed(data)
    picture = verify_picture(data, None)
    assert inscribe(picture, recipe_of(picture)) == picture


@every_file
def test_a_picture_without_credentials_is_not_said_to_have_some(name: str) -> None:
    assert not is_signed(picture_of(name).data)
    assert not is_signed(inscribed(name, "Its provenance: c2pa, caBX, http://purl.org/dc/terms/"))


def test_another_box_in_a_jpeg_is_no_signature() -> None:
    body = (
        b"JP\0\1\0\0\0\1\0\0\0\x20jumb\0\0\0\x18jumdjson\0\x11\0\x10\x80\0\0\xaa\0\x38\x9b\x71\3a\0"
    )
    start, *rest = jpeg_pieces(encoded("JPEG"))
    box = b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body
    picture = verify_picture(b"".join([start, box, *rest]), None)
    written = inscribe(picture, recipe_of(picture)).data
    assert box in written
    assert carries_recipe(written)


def test_a_text_about_provenance_is_no_signature() -> None:
    texts = PngInfo()
    texts.add_itxt("XML:com.adobe.xmp", "<x>Of unknown provenance</x>")
    texts.add_text("Description", "caBX")
    assert not is_signed(encoded("PNG", pnginfo=texts))


@pytest.mark.parametrize("data", [b"", b"RIFF", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_what_is_no_whole_picture_is_not_signed(data: bytes) -> None:
    assert not is_signed(data)

"""Only whole pictures of a decent size are taken, and with their very bytes."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from imagen_demo.domain.errors import Charged, UnusableReply
from imagen_demo.pictures.verify import verify_picture


def encoded(name: str) -> bytes:
    stream = BytesIO()
    Image.radial_gradient("L").resize((24, 16)).convert("RGB").save(stream, name)
    return stream.getvalue()


@pytest.mark.parametrize(("name", "suffix"), [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")])
def test_a_picture_keeps_its_very_bytes(name: str, suffix: str) -> None:
    data = encoded(name)
    picture = verify_picture(data, "A fox")
    assert picture.data is data
    assert (picture.suffix, picture.width, picture.height) == (f".{suffix}", 24, 16)
    assert picture.rewritten_prompt == "A fox"


def refuse(data: bytes) -> str:
    with pytest.raises(UnusableReply) as caught:
        verify_picture(data, None)
    assert caught.value.charged is Charged.YES
    return caught.value.message


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("end", [1, 10, 40, 100, -100, -20])
def test_a_picture_cut_short_is_refused(name: str, end: int) -> None:
    refuse(encoded(name)[:end])


def test_a_png_with_one_wrong_byte_in_its_pixels_is_refused() -> None:
    data = encoded("PNG")
    at = data.index(b"IDAT") + 10
    refuse(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])


@pytest.mark.parametrize(
    "data",
    [
        *(b"", b"<!doctype html><title>Gone</title>", b'{"error": "gone"}', b"\x89PNG\r\n\x1a\n"),
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        *(encoded("GIF"), encoded("BMP"), encoded("TIFF"), encoded("EPS")),
    ],
    ids=lambda data: repr(data[:9]),
)
def test_anything_but_png_jpeg_and_webp_is_refused(data: bytes) -> None:
    refuse(data)


def claiming(width: int, height: int) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        size, checksum = (n.to_bytes(4, "big") for n in (len(body), zlib.crc32(name + body)))
        return size + name + body + checksum

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(b"\0"))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize("width", [64_001, 89_000, 144_000, 201_000, 2**31 - 1])
def test_a_header_that_claims_too_many_pixels_is_refused_unread(width: int) -> None:
    assert refuse(claiming(width, 1_000))


def test_a_png_without_pixels_is_refused_and_not_a_crash() -> None:
    whole = claiming(8, 8)
    assert refuse(whole[:33] + whole[-12:])


@pytest.mark.parametrize(("pixels", "taken"), [(24 * 16, True), (24 * 16 - 1, False)])
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_a_narrower_limit_of_pixels_is_kept_to(name: str, pixels: int, *, taken: bool) -> None:
    if taken:
        assert verify_picture(encoded(name), None, max_pixels=pixels).width == 24
        return
    with pytest.raises(UnusableReply):
        verify_picture(encoded(name), None, max_pixels=pixels)


@pytest.mark.parametrize(
    ("brand", "said"),
    [(b"avif", "AVIF"), (b"avis", "AVIF"), (b"heic", "HEIC"), (b"mif1", "HEIC")],
)
def test_a_picture_of_another_kind_is_called_by_its_name(brand: bytes, said: str) -> None:
    with pytest.raises(UnusableReply) as caught:
        verify_picture(b"\0\0\0\x1cftyp" + brand + bytes(60), None)
    assert (
        caught.value.message == f"The picture came back as {said}, which this demo does not show."
    )
    assert caught.value.charged is Charged.YES

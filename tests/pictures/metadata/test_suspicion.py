"""A hostile file is read without harm, or refused with one sentence."""

import struct
import time
import tracemalloc
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.ExifTags import IFD
from PIL.PngImagePlugin import PngInfo

from imagen_demo.domain.errors import Charged, InvalidRequest, UnusableReply
from imagen_demo.domain.generation import MAX_REWRITTEN
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import Foreign, inscribe, open_picture, read
from imagen_demo.pictures.metadata.a1111 import KIN
from imagen_demo.pictures.metadata.suspicion import (
    MAX_OPENED_PIXELS,
    MAX_PIECES,
    MAX_RECIPE,
    MAX_SCANS,
)
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    FILES,
    JPEG,
    NANO,
    PNG,
    WEBP,
    chunk,
    encoded,
    exif,
    frames_of,
    inscribed,
    like_production,
    picture_of,
    png_pieces,
    recipe_of,
    webp_of,
    webp_pieces,
    with_chunks,
)


@contextmanager
def bounded(*, megabytes: float, seconds: float = 10) -> Iterator[None]:
    """Hold that what happens inside is quick and takes no more than so much memory."""
    began = time.monotonic()
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < megabytes * 1_000_000
    assert time.monotonic() - began < seconds


def refusal_of(data: bytes) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        open_picture(data)
    assert caught.value.field == "picture"
    assert caught.value.advice == (
        "Drop a PNG, JPEG or WebP that this demo or AUTOMATIC1111 made, of up to 20 megapixels."
    )
    assert caught.value.charged is Charged.NO
    return caught.value


def archive() -> bytes:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as zipped:
        zipped.writestr("picture.png", FILES["png-RGB"])
    return stream.getvalue()


def declared(width: int, height: int) -> bytes:
    """A sound PNG whose header says another size."""
    start, header, *rest = png_pieces(FILES["png-RGB"])
    body = struct.pack(">II", width, height) + header[16:-4]
    return b"".join([start, chunk(b"IHDR", body), *rest])


def lying(length: int) -> bytes:
    """A text chunk that says it is longer or shorter than it is."""
    return struct.pack(">I", length) + chunk(b"tEXt", b"parameters\0A fox\nSteps: 20")[4:]


IDAT, SCAN = PNG.index(b"IDAT"), JPEG.index(b"\xff\xda")
NO_PICTURES = {
    "nothing": b"",
    "zeros": bytes(1000),
    "words": b"A fox",
    "svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "html": b"<!DOCTYPE html><script>alert(1)</script>",
    "gif": encoded("GIF", "P"),
    "bmp": encoded("BMP"),
    "tiff": encoded("TIFF"),
    "ico": encoded("ICO"),
    "ppm": encoded("PPM"),
    "zip": archive(),
    "pdf": b"%PDF-1.7\n%%EOF",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "half a png": PNG[: IDAT + 40],
    "half a jpeg": JPEG[: SCAN + 40],
    "half a webp": WEBP[:-20],
    "the start of a png": PNG[:33],
    "the signature of a png": PNG[:8],
    "two bytes of a jpeg": JPEG[:2],
    "the start of a webp": WEBP[:12],
    "a wrong checksum in a png's header": PNG[:29] + bytes(4) + PNG[33:],
    "a wrong checksum in a png's pixels": PNG[: IDAT + 40] + b"!" + PNG[IDAT + 41 :],
    "a wrong checksum of a png's text": with_chunks(
        chunk(b"tEXt", b"parameters\0A fox\nSteps: 20")[:-1] + b"!"
    ),
    "60000x60000": declared(60_000, 60_000),
    "2147483647x2147483647": declared(2**31 - 1, 2**31 - 1),
    "too many pixels": declared(MAX_OPENED_PIXELS // 1000 + 1, 1000),
    "no pixels": declared(0, 0),
    "a text longer than said": with_chunks(lying(5)),
    "a text shorter than said": with_chunks(lying(5000)),
    "a text as long as a number can say": with_chunks(lying(2**32 - 1)),
    "a negative length": with_chunks(lying(2**31)),
    "a webp said to be longer": WEBP[:4] + struct.pack("<I", 2**32 - 10) + WEBP[8:],
    "a webp chunk said to be longer": WEBP[:16] + b"\xff" * 4 + WEBP[20:],
    "a webp chunk said to be empty": WEBP[:16] + bytes(4) + WEBP[20:],
    "a webp without chunks": webp_of(),
    "a webp with a header alone": webp_of((b"VP8X", bytes(10))),
    "an endless jpeg segment": JPEG[:2] + b"\xff\xe1\xff\xff" + JPEG[2:],
}


@like_production
@pytest.mark.parametrize("case", NO_PICTURES)
def test_what_is_no_sound_picture_gets_a_sentence(case: str) -> None:
    refusal = refusal_of(NO_PICTURES[case])
    assert refusal.message == "This is not a picture that can be opened here."


@like_production
@pytest.mark.parametrize("case", NO_PICTURES)
def test_what_is_no_sound_picture_can_be_read_without_harm(case: str) -> None:
    said = read(BytesIO(NO_PICTURES[case]))
    assert said is None or said == Foreign("A fox", KIN)


@like_production
def test_a_truncated_file_gets_a_sentence() -> None:
    for name in ("png-RGB", "jpeg-RGB", "webp-lossy"):
        data = inscribed(name)
        # Of a PNG's last four bytes, its end's checksum, nobody misses one.
        for length in range(0, len(data) - 4, 7):
            refusal_of(data[:length])


def test_a_png_whose_pixels_are_noise_gets_a_sentence() -> None:
    start, header, *_, end, _ = png_pieces(PNG)
    refusal_of(b"".join([start, header, chunk(b"IDAT", b"no pixels at all"), end]))
    refusal_of(b"".join([start, header, end]))


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_may_be_as_large_as_the_limit_and_no_larger(kind: str) -> None:
    stream = BytesIO()
    Image.new("L", (5000, MAX_OPENED_PIXELS // 5000)).save(stream, kind)
    assert open_picture(stream.getvalue())[0].width == 5000
    stream = BytesIO()
    Image.new("L", (5000, MAX_OPENED_PIXELS // 5000 + 1)).save(stream, kind)
    refusal_of(stream.getvalue())


def test_a_decompression_bomb_is_refused_before_it_is_unpacked() -> None:
    start, header, *rest = png_pieces(declared(60_000, 60_000))
    bomb = chunk(b"IDAT", zlib.compress(bytes(50_000_000), 1))
    data = b"".join([start, header, bomb, *rest])
    with bounded(megabytes=10):
        refusal_of(data)


@pytest.mark.parametrize("name", ["png-RGB", "webp-lossy"])
def test_a_recipe_that_is_too_long_leaves_the_prompt(name: str) -> None:
    recipe = recipe_of(picture_of(name), "x" * MAX_RECIPE, model=NANO)
    written = inscribe(picture_of(name), recipe)
    assert len(recipe.to_text()) > MAX_RECIPE
    found = read(BytesIO(written.data))
    assert isinstance(found, Foreign)
    assert set(found.prompt) == {"x"}
    assert frames_of(written.data) == frames_of(FILES[name])


def test_a_recipe_may_be_as_long_as_the_limit_and_no_longer() -> None:
    picture = picture_of("png-RGB")
    rest = len(recipe_of(picture, "x", model=NANO).to_text()) - 1
    for length, whole in ((MAX_RECIPE - rest, True), (MAX_RECIPE - rest + 1, False)):
        recipe = recipe_of(picture, "x" * length, model=NANO)
        assert (read(BytesIO(inscribe(picture, recipe).data)) == recipe) is whole


def test_a_png_may_have_many_pieces_and_not_one_more() -> None:
    own = PNG.count(b"IHDR") + PNG.count(b"IDAT") + PNG.count(b"IEND")
    spare = MAX_PIECES - own
    assert open_picture(with_chunks(*[chunk(b"teSt", b"")] * spare))[0].suffix == ".png"
    refusal_of(with_chunks(*[chunk(b"teSt", b"")] * (spare + 1)))


def test_a_png_of_millions_of_empty_pieces_is_refused() -> None:
    data = with_chunks(chunk(b"teSt", b"") * 2_500_000)
    assert len(data) > 30_000_000
    with bounded(megabytes=1):
        assert refusal_of(data).message == "This is not a picture that can be opened here."


def test_a_large_png_as_libpng_writes_it_opens() -> None:
    """It cuts the pixels into pieces of 8 KB unless told otherwise: 10 MB are 1,200 of them."""
    stream = BytesIO()
    Image.effect_noise((4096, 2400), 90).save(stream, "PNG", compress_level=1)
    data, body, place = stream.getvalue(), b"", 33
    while place < len(data):
        (length,) = struct.unpack_from(">I", data, place)
        if data[place + 4 : place + 8] == b"IDAT":
            body += data[place + 8 : place + 8 + length]
        place += 12 + length
    pieces = [chunk(b"IDAT", body[at : at + 8192]) for at in range(0, len(body), 8192)]
    assert len(pieces) > 1_000
    picture, _ = open_picture(data[:33] + b"".join(pieces) + chunk(b"IEND", b""))
    assert (picture.width, picture.height) == (4096, 2400)


def progressive(scans: int) -> bytes:
    """A JPEG whose last scan is there so often that it has this many."""
    data = encoded("JPEG", progressive=True)
    last = data.rindex(b"\xff\xda")
    more = scans - data.count(b"\xff\xda")
    return data[:last] + data[last:-2] * (more + 1) + data[-2:]


@like_production
def test_a_jpeg_may_have_many_scans_and_not_hundreds() -> None:
    ordinary = encoded("JPEG", progressive=True)
    assert 1 < ordinary.count(b"\xff\xda") < MAX_SCANS
    assert open_picture(ordinary)[0].suffix == ".jpg"
    assert open_picture(progressive(MAX_SCANS))[0].suffix == ".jpg"
    for scans in (MAX_SCANS + 1, 500):
        refusal = refusal_of(progressive(scans))
        assert refusal.message == "This is not a picture that can be opened here."


@cache
def zipped(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(b"x" * 1_000_000) for _ in range(megabytes)) + packer.flush()


@pytest.mark.parametrize("keyword", [b"parameters", b"imagen-demo", b"Comment"])
@pytest.mark.parametrize("form", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_text_that_unpacks_to_200_megabytes_is_not_unpacked(form: bytes, keyword: bytes) -> None:
    between = b"\0\1\0\0\0" if form == b"iTXt" else b"\0\0"
    data = with_chunks(chunk(form, keyword + between + zipped(200)))
    with bounded(megabytes=10):
        assert read(BytesIO(data)) is None
    with bounded(megabytes=10):
        refusal_of(data)


def test_many_texts_that_unpack_are_counted_together() -> None:
    each = chunk(b"zTXt", b"parameters\0\0" + zipped(1))
    data = with_chunks(each * 200)
    with bounded(megabytes=80):
        refusal_of(data)


def test_a_text_of_70_megabytes_is_refused() -> None:
    data = with_chunks(chunk(b"tEXt", b"parameters\0" + b"fox " * 17_500_000))
    with bounded(megabytes=300):
        refusal_of(data)


@pytest.mark.parametrize("case", ["png", "webp"])
def test_a_long_text_takes_no_more_memory_than_a_few_times_its_length(case: str) -> None:
    settings = b"\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
    text = b"fox " * 250_000 + settings
    data = with_chunks(chunk(b"tEXt", b"parameters\0" + text))
    if case == "webp":
        data = encoded("WEBP", exif=exif(b"ASCII\0\0\0" + text))
    with bounded(megabytes=12):
        found = read(BytesIO(data))
    assert isinstance(found, Foreign)
    assert found.prompt == ("fox " * (MAX_REWRITTEN // 4)).strip()


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_no_more_of_a_text_is_looked_at_than_a_program_writes(kind: str) -> None:
    text = b"fox " * 1_000_000 + b"\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"
    data = with_chunks(chunk(b"tEXt", b"parameters\0" + text))
    if kind != "PNG":
        jpeg = kind == "JPEG"  # a segment of which is short
        data = encoded(kind, exif=exif(b"ASCII\0\0\0" + text[:60_000] if jpeg else text))
    with bounded(megabytes=40):
        assert read(BytesIO(data)) is None


@pytest.mark.parametrize("text", ["[" * 1_000_000, '{"a":' * 500_000, "[" * 150 + "]" * 150])
def test_deep_json_is_no_recipe(text: str) -> None:
    texts = PngInfo()
    texts.add_itxt("imagen-demo", text)
    data = encoded("PNG", pnginfo=texts)
    assert read(BytesIO(data)) is None
    assert open_picture(data)[1] is None


def tiff(*entries: tuple[int, int, int, int], following: int = 0) -> bytes:
    """Big-endian Exif data with one directory, as given."""
    listed = b"".join(struct.pack(">HHII", *entry) for entry in entries)
    return (
        b"MM\0*\0\0\0\x08" + struct.pack(">H", len(entries)) + listed + struct.pack(">I", following)
    )


UNDEFINED, LONG = 7, 4
EXIF, MAKER_NOTE, COMMENT = IFD.Exif.value, 0x927C, 0x9286
BROKEN_EXIF = {
    "empty": b"",
    "noise": bytes(range(256)),
    "another order": b"XX\0*\0\0\0\x08",
    "cut": b"MM\0*\0\0\0\x08\0",
    "more entries than there are": b"MM\0*\0\0\0\x08\xff\xff",
    "starts beyond the end": b"MM\0*\xff\xff\xff\xff",
    "starts in itself": b"MM\0*\0\0\0\0",
    "points to itself": tiff((EXIF, LONG, 1, 8), following=8),
    "points beyond the end": tiff((EXIF, LONG, 1, 0xFFFFFFFF)),
    "points to the start": tiff((EXIF, LONG, 1, 0)),
    "points to a text": tiff((EXIF, 2, 4, 0x41414141)),
    "follows itself": tiff(following=8),
    "a comment beyond the end": tiff((COMMENT, UNDEFINED, 50, 0xFFFFFFF0), (EXIF, LONG, 1, 8)),
    "a comment as long as can be": tiff((COMMENT, UNDEFINED, 2**32 - 1, 0), (EXIF, LONG, 1, 8)),
    "a recipe as long as can be": tiff((MAKER_NOTE, UNDEFINED, 2**32 - 1, 8), (EXIF, LONG, 1, 8)),
    "a recipe that is a number": tiff((MAKER_NOTE, LONG, 1, 7), (EXIF, LONG, 1, 8)),
    "an unknown type": tiff((COMMENT, 99, 9, 9), (EXIF, LONG, 1, 8)),
    "a thousand pointers": tiff(*[(EXIF, LONG, 1, 8)] * 1000),
}


@like_production
@pytest.mark.parametrize("case", BROKEN_EXIF)
def test_broken_exif_data_say_nothing_and_the_picture_opens(case: str) -> None:
    body = b"Exif\0\0" + BROKEN_EXIF[case]
    jpeg = JPEG[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + JPEG[2:]
    header = bytes([0x08, 0, 0, 0, 39, 0, 0, 23, 0, 0])
    (image,) = webp_pieces(WEBP)
    webp = webp_of((b"VP8X", header), image, (b"EXIF", BROKEN_EXIF[case]))
    for data in (jpeg, webp, with_chunks(chunk(b"eXIf", BROKEN_EXIF[case]))):
        with bounded(megabytes=10):
            picture, said = open_picture(data)
        assert (picture.data, said) == (data, None)


INSCRIBED = [inscribed(name) for name in FILES if len(FILES[name]) < 2000]
spoilt_files = st.builds(
    lambda data, changes, cut, more: spoilt(data, changes, cut) + more,
    st.sampled_from(INSCRIBED),
    st.lists(
        st.tuples(
            st.integers(0, 80) | st.integers(0, 2000),
            st.binary(min_size=1, max_size=4) | st.sampled_from([b"\xff" * 4, bytes(4)]),
            st.booleans(),
        ),
        max_size=6,
    ),
    st.none() | st.integers(1, 2000),
    st.just(b"") | st.binary(max_size=8),
)


def spoilt(data: bytes, changes: list[tuple[int, bytes, bool]], cut: int | None) -> bytes:
    for at, piece, replacing in changes:
        data = data[:at] + piece + data[at + len(piece) * replacing :]
    return data[:cut]


@like_production
@given(spoilt_files)
@settings(deadline=None, max_examples=600)
def test_a_spoilt_file_never_raises_but_with_a_sentence(data: bytes) -> None:
    said = read(BytesIO(data))
    assert said is None or isinstance(said, Foreign | Recipe)
    try:
        picture, opened = open_picture(data)
    except InvalidRequest:
        refusal_of(data)
    else:
        assert picture.data == data
        assert opened == said


@like_production
@given(spoilt_files)
@settings(deadline=None, max_examples=600)
def test_whatever_passes_for_a_picture_can_be_inscribed(data: bytes) -> None:
    try:
        picture = verify_picture(data, None)
    except UnusableReply:
        return
    written = inscribe(picture, recipe_of(picture))
    again = verify_picture(written.data, None)
    assert (again.width, again.height) == (picture.width, picture.height)
    if picture.suffix != ".png":
        assert frames_of(written.data) == frames_of(data)


@given(st.binary(max_size=300))
@settings(deadline=None, max_examples=100)
def test_noise_gets_a_sentence(data: bytes) -> None:
    assert read(BytesIO(data)) is None
    refusal_of(data)

"""A JPEG gains two segments and loses nothing, whatever has to be left out for them."""

import struct
from bisect import bisect_left
from dataclasses import replace
from io import BytesIO

import pytest
from PIL import Image

from imagen_demo.domain.generation import MAX_QUOTED
from imagen_demo.pictures.metadata import inscribe, open_picture, read
from imagen_demo.pictures.metadata.a1111 import parameters_of
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    FILES,
    JPEG,
    NANO,
    exif,
    frames_of,
    inscribed,
    jpeg_pieces,
    picture_of,
    recipe_of,
)


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("jpeg")])
def test_a_jpeg_gains_two_segments_behind_jfif_and_loses_nothing(name: str) -> None:
    old, new = jpeg_pieces(FILES[name]), jpeg_pieces(inscribed(name))
    place = 2 if old[1].startswith(b"\xff\xe0") else 1
    exif, label = sorted(new[place : place + 2], key=lambda piece: piece[4:])
    assert exif[:2] == label[:2] == b"\xff\xe1"
    assert exif[4:10] == b"Exif\0\0"
    assert label[4:].startswith(b"http://ns.adobe.com/xap/1.0/\0<?xpacket ")
    # Exif data of its own are in the one, before what is ours.
    own = [piece for piece in old if piece[4:10] == b"Exif\0\0"]
    assert all(piece[10:14] == exif[10:14] for piece in own)
    assert all(piece[18:] in exif for piece in own)
    assert new[:place] + new[place + 2 :] == [piece for piece in old if piece not in own]


@pytest.mark.parametrize("length", [20_000, 30_000, 64_000])
def test_a_jpeg_holds_a_long_recipe_if_need_be_alone(length: int) -> None:
    recipe = recipe_of(picture_of("jpeg-RGB"), "x" * length, model=NANO)
    written = inscribe(picture_of("jpeg-RGB"), recipe)
    assert read(BytesIO(written.data)) == recipe
    assert frames_of(written.data) == frames_of(FILES["jpeg-RGB"])
    assert (parameters_of(recipe).encode("utf-16-be") in written.data) == (length == 20_000)


@pytest.mark.parametrize("prompt", ["x" * 66_000, "狐" * 22_000, "x" * 1_000_000])
def test_a_jpeg_that_cannot_hold_the_recipe_gains_the_label_alone(prompt: str) -> None:
    picture = picture_of("jpeg-RGB")
    written = inscribe(picture, recipe_of(picture, prompt, model=NANO)).data
    old, new = jpeg_pieces(picture.data), jpeg_pieces(written)
    assert new[:2] + new[3:] == old
    assert b"trainedAlgorithmicMedia" in new[2]
    assert read(BytesIO(written)) is None


def test_a_jpeg_segment_may_be_full_to_the_last_byte() -> None:
    picture = picture_of("jpeg-RGB")

    def growth(length: int) -> int:
        recipe = recipe_of(picture, "x" * length, model=NANO)
        pieces = jpeg_pieces(inscribe(picture, recipe).data)
        ours = [piece for piece in pieces if piece[4:10] == b"Exif\0\0"]
        assert read(BytesIO(inscribe(picture, recipe).data)) == (recipe if ours else None)
        return len(b"".join(ours))

    too_long = bisect_left(range(66_000), x=True, lo=60_000, key=lambda n: not growth(n))
    assert growth(too_long) == 0
    # Two bytes of marker, and a segment's 65535 at most; Exif data come in pairs of bytes.
    assert growth(too_long - 1) in {65_536, 65_537}


def test_a_jpeg_segment_that_lies_about_its_length_does_no_harm() -> None:
    for lie in (0, 1):
        data = JPEG[:2] + b"\xff\xe0" + struct.pack(">H", lie) + JPEG[2:]
        picture = verify_picture(data, None)
        written = inscribe(picture, recipe_of(picture)).data
        assert frames_of(written) == frames_of(data)


def test_a_response_never_pushes_out_what_other_programs_read() -> None:
    picture = picture_of("jpeg-RGB")
    recipe = recipe_of(picture, "x" * 17_000, model=NANO)
    written = inscribe(picture, replace(recipe, response="y" * 14_000))
    assert written == inscribe(picture, recipe)
    assert parameters_of(recipe).encode("utf-16-be") in written.data


@pytest.mark.parametrize("length", [20_000, 30_000, 64_000])
def test_a_jpeg_with_a_long_prompt_has_no_room_for_a_response(length: int) -> None:
    picture = picture_of("jpeg-RGB")
    recipe = recipe_of(picture, "x" * length, model=NANO)
    written = inscribe(picture, replace(recipe, response="y" * MAX_QUOTED))
    assert written == inscribe(picture, recipe)
    assert read(BytesIO(written.data)) == recipe


def test_what_many_phones_write_is_a_jpeg() -> None:
    stream, small = BytesIO(), Image.new("RGB", (8, 8), "teal")
    Image.new("RGB", (40, 24), "gold").save(
        stream, "MPO", save_all=True, append_images=[small], exif=exif(Software="a phone")
    )
    data = stream.getvalue()
    with Image.open(BytesIO(data)) as image:
        assert image.format == "MPO"
    picture, recipe = open_picture(data)
    assert (picture.suffix, picture.width, picture.height) == (".jpg", 40, 24)
    assert (picture.data, recipe) == (data, None)
    ours = recipe_of(picture)
    assert read(BytesIO(inscribe(picture, ours).data)) == ours

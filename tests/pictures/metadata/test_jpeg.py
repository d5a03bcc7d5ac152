"""A JPEG gains one segment and loses nothing, whatever has to be left out for it."""

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
def test_a_jpeg_gains_one_segment_behind_jfif_and_loses_nothing(name: str) -> None:
    old, new = jpeg_pieces(FILES[name]), jpeg_pieces(inscribed(name))
    place = 2 if old[1].startswith(b"\xff\xe0") else 1
    assert new[:place] + new[place + 1 :] == old
    assert new[place].startswith(b"\xff\xe1")
    assert new[place][4:10] == b"Exif\0\0"


@pytest.mark.parametrize("length", [20_000, 30_000, 64_000])
def test_a_jpeg_holds_a_long_recipe_if_need_be_alone(length: int) -> None:
    recipe = recipe_of(picture_of("jpeg-RGB"), "x" * length, model=NANO)
    written = inscribe(picture_of("jpeg-RGB"), recipe)
    assert read(BytesIO(written.data)) == recipe
    assert frames_of(written.data) == frames_of(FILES["jpeg-RGB"])
    assert (parameters_of(recipe).encode("utf-16-be") in written.data) == (length == 20_000)


@pytest.mark.parametrize("prompt", ["x" * 66_000, "狐" * 22_000, "x" * 1_000_000])
def test_a_jpeg_that_cannot_hold_the_recipe_is_left_alone(prompt: str) -> None:
    picture = picture_of("jpeg-RGB")
    assert inscribe(picture, recipe_of(picture, prompt, model=NANO)) == picture
    assert read(BytesIO(picture.data)) is None


def test_a_jpeg_segment_may_be_full_to_the_last_byte() -> None:
    picture = picture_of("jpeg-RGB")

    def growth(length: int) -> int:
        recipe = recipe_of(picture, "x" * length, model=NANO)
        written = inscribe(picture, recipe)
        assert read(BytesIO(written.data)) == (recipe if written != picture else None)
        return len(written.data) - len(picture.data)

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

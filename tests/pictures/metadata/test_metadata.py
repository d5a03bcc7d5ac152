"""A recipe goes into any picture without touching a pixel, and comes out as it was."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageOps

from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.generation import MAX_QUOTED
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import (
    Foreign,
    carries_recipe,
    inscribe,
    open_picture,
    read,
    with_recipe,
)
from imagen_demo.pictures.metadata.suspicion import MAX_RECIPE
from imagen_demo.pictures.verify import verify_picture
from tests.pictures.metadata.samples import (
    FILES,
    NANO,
    PROMPTS,
    chunk,
    encoded,
    every_file,
    exif,
    frames_of,
    inscribed,
    one_of_a_kind,
    outside,
    picture_of,
    png_pieces,
    recipe_of,
)


@every_file
def test_a_recipe_comes_back_from_the_file_and_from_the_disk(name: str, tmp_path: Path) -> None:
    picture = picture_of(name)
    recipe = recipe_of(picture, num_images=2, seed=7, enhance_prompt=False)
    written = inscribe(picture, recipe)
    assert replace(written, data=picture.data) == picture
    assert read(BytesIO(written.data)) == recipe
    (tmp_path / "picture").write_bytes(written.data)
    assert read(tmp_path / "picture") == recipe
    assert open_picture(written.data) == (replace(written, rewritten_prompt=None), recipe)


@every_file
def test_every_frame_is_the_same_to_the_last_pixel(name: str) -> None:
    assert frames_of(inscribed(name)) == frames_of(FILES[name])


@every_file
def test_what_the_file_knew_besides_is_still_there(name: str) -> None:
    with Image.open(BytesIO(FILES[name])) as old, Image.open(BytesIO(inscribed(name))) as new:
        assert {**new.info, **old.info, "exif": 0} == {**new.info, "exif": 0}


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
def test_a_picture_that_its_file_turns_is_still_turned(kind: str) -> None:
    picture = verify_picture(encoded(kind, exif=exif(Orientation=6)), None)
    written = inscribe(picture, recipe_of(picture)).data
    with Image.open(BytesIO(picture.data)) as old, Image.open(BytesIO(written)) as new:
        turned = ImageOps.exif_transpose(new)
        assert turned.size == (24, 40)
        assert turned.tobytes() == ImageOps.exif_transpose(old).tobytes()


@one_of_a_kind
@pytest.mark.parametrize("prompt", PROMPTS, ids=lambda text: ascii(text)[:24])
def test_any_prompt_comes_back(name: str, prompt: str) -> None:
    recipe = recipe_of(picture_of(name), prompt)
    assert read(BytesIO(inscribed(name, prompt))) == recipe


@given(st.sampled_from(["png-RGB", "jpeg-RGB", "webp-lossy"]), st.text(min_size=1, max_size=400))
@settings(deadline=None, max_examples=150)
def test_whatever_can_be_asked_for_comes_back(name: str, prompt: str) -> None:
    picture = picture_of(name)
    try:
        recipe = recipe_of(picture, prompt)
    except InvalidRequest:
        return
    assert read(BytesIO(inscribe(picture, recipe).data)) == recipe


@pytest.mark.parametrize("name", ["png-RGB", "webp-lossy"])
def test_a_prompt_without_a_limit_fits_into_most_files(name: str) -> None:
    recipe = recipe_of(picture_of(name), "狐" * 20_000, model=NANO)
    written = inscribe(picture_of(name), recipe)
    assert read(BytesIO(written.data)) == recipe
    assert frames_of(written.data) == frames_of(FILES[name])


RESPONSES = {
    "plain": "x" * MAX_QUOTED,
    "lines": "a\n" * (MAX_QUOTED // 2),
    "Chinese": "狐" * MAX_QUOTED,
    "emoji": "🦊" * MAX_QUOTED,
    "quotes": '"' * MAX_QUOTED,
    "backslashes": "\\" * MAX_QUOTED,
    "zeros": "\0" * MAX_QUOTED,
    "json": json.dumps({"data": [{"prompt": 'A "red" fox\\ 狐'}] * 400}, ensure_ascii=False),
}


@one_of_a_kind
@pytest.mark.parametrize("prompt", ["A fox", "🦊" * 400], ids=ascii)
@pytest.mark.parametrize("response", RESPONSES.values(), ids=RESPONSES)
def test_a_long_response_comes_back_or_is_left_out(name: str, prompt: str, response: str) -> None:
    picture = picture_of(name)
    recipe = replace(recipe_of(picture, prompt), response=response)
    written = inscribe(picture, recipe)
    fits = len(recipe.to_text().encode()) <= MAX_RECIPE // 2
    assert read(BytesIO(written.data)) == (recipe if fits else replace(recipe, response=""))
    assert frames_of(written.data) == frames_of(FILES[name])
    assert outside(written.data)[0] == prompt


@one_of_a_kind
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200), st.integers(1, 80))
@settings(deadline=None, max_examples=100)
def test_whatever_the_service_answered_leaves_the_rest_readable(
    name: str, piece: str, times: int
) -> None:
    picture = picture_of(name)
    recipe = replace(recipe_of(picture), response=piece * times)
    said = read(BytesIO(inscribe(picture, recipe).data))
    assert said in (recipe, replace(recipe, response=""))


@one_of_a_kind
def test_a_recipe_with_its_response_takes_half_the_room_and_no_more(name: str) -> None:
    picture = picture_of(name)
    bare = replace(recipe_of(picture), rewritten_prompt="x" * 1_000)
    room = MAX_RECIPE // 2 - len(bare.to_text())
    for more, whole in ((0, True), (1, False)):
        marks = room + more - MAX_QUOTED  # a quotation mark takes two bytes in JSON
        recipe = replace(bare, response='"' * marks + "y" * (MAX_QUOTED - marks))
        assert (len(recipe.to_text()) == MAX_RECIPE // 2) is whole
        written = read(BytesIO(inscribe(picture, recipe).data))
        assert written == (recipe if whole else bare)


@every_file
def test_a_picture_without_any_of_it_gives_nothing(name: str) -> None:
    assert read(BytesIO(FILES[name])) is None
    picture, said = open_picture(FILES[name])
    assert (picture.data, said) == (FILES[name], None)


@one_of_a_kind
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"version": 1', b'"version": 2'),
        (b'"model": "google/imagen-4.0-', b'"model": "google/imagen-9.0-'),
        (b'"seconds": 3.25', b'"seconds": -3.2'),
    ],
    ids=str,
)
def test_a_recipe_that_cannot_be_followed_leaves_the_prompt(
    name: str, old: bytes, new: bytes
) -> None:
    data = inscribed(name)
    assert data.count(old) == 1
    if name.startswith("png"):
        start, header, ours, *rest = png_pieces(data)
        body = ours[8:-4].replace(old, new)
        changed = b"".join([start, header, chunk(b"iTXt", body), *rest])
    else:
        changed = data.replace(old, new)
    found = Foreign("A fox", "imagen demo")
    assert read(BytesIO(changed)) == found
    assert open_picture(changed)[1] == found


def test_a_markup_in_a_prompt_comes_back_as_it_is() -> None:
    prompt = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    for name in ("png-RGB", "jpeg-RGB", "webp-lossy"):
        recipe = read(BytesIO(inscribed(name, prompt)))
        assert isinstance(recipe, Recipe)
        assert recipe.request.prompt == prompt


def test_a_file_that_is_not_there_gives_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.png") is None
    assert read(tmp_path) is None


@every_file
def test_whether_a_recipe_is_in_the_file_is_said(name: str) -> None:
    picture = picture_of(name)
    written, is_in = with_recipe(picture, recipe_of(picture))
    assert written == inscribe(picture, recipe_of(picture))
    assert is_in is carries_recipe(written.data) is True


@one_of_a_kind
@pytest.mark.parametrize("length", [400, 20_000, 64_000, 66_000, 200_000])
def test_whether_a_long_recipe_is_in_the_file_is_said(name: str, length: int) -> None:
    picture = picture_of(name)
    written, is_in = with_recipe(picture, recipe_of(picture, "x" * length, model=NANO))
    assert is_in is carries_recipe(written.data) is (length < 65_000)

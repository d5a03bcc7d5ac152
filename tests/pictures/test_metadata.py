"""Recipes go into picture files without touching a pixel, and come out of hostile ones unharmed."""

import json
import struct
import time
import tracemalloc
import zipfile
import zlib
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo
from sd_parsers import ParserManager

from imagen_demo.domain.errors import Charged, InvalidRequest, UnusableReply
from imagen_demo.domain.generation import MAX_QUOTED, MAX_REWRITTEN, Picture, Usage
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.metadata import (
    MAX_OPENED_PIXELS,
    MAX_PIECES,
    MAX_RECIPE,
    MAX_SCANS,
    inscribe,
    open_picture,
    read,
)
from imagen_demo.pictures.verify import verify_picture

NANO = "google/gemini-nano-banana-2.1"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PROMPTS = [
    *("A fox", "Füchse im Schnee", "狐狸在雪中", "🦊👩‍🚀🇺🇦", "x" * 400, "🦊" * 400, "é" * 400),
    *('"quoted" \\ \'so\' {"a": [1]}', "<script>alert(1)</script>", "two\nlines\ttabs"),
    *("Steps: 3, Seed: 1", "A fox, Steps: 3, Sampler: x, CFG scale: 7, Seed: 1", "parameters"),
    *("Negative prompt: x", "A fox. Negative prompt: x"),
]

# What production sees: there, Pillow's warnings about odd files are no errors.
like_production = pytest.mark.filterwarnings("ignore")


def exif(comment: object = None, **tags: object) -> Image.Exif:
    data = Image.Exif()
    if comment is not None:
        data[IFD.Exif] = {Base.UserComment: comment}
    for name, value in tags.items():
        data[Base[name]] = value
    return data


def encoded(
    kind: str, mode: str = "RGB", size: tuple[int, int] = (40, 24), **options: object
) -> bytes:
    image = Image.radial_gradient("L").resize(size).convert(mode)
    if mode == "RGBA":
        image.putalpha(Image.linear_gradient("L").resize(size))
    stream = BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def with_chunks(*chunks: bytes) -> bytes:
    data = encoded("PNG")
    return data[:33] + b"".join(chunks) + data[33:]


def webp_of(*chunks: tuple[bytes, bytes]) -> bytes:
    body = b"WEBP" + b"".join(
        kind + struct.pack("<I", len(held)) + held + b"\0" * (len(held) % 2)
        for kind, held in chunks
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


def without_jfif(data: bytes) -> bytes:
    (length,) = struct.unpack_from(">H", data, 4)
    assert data[2:4] == b"\xff\xe0"
    return data[:2] + data[4 + length :]


def own_texts() -> PngInfo:
    texts = PngInfo()
    texts.add_text("Software", "The service", zip=True)
    texts.add_itxt("Title", "狐狸")
    return texts


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (9, 7), colour) for colour in ("teal", "gold", "navy")]
    stream = BytesIO()
    frames[0].save(stream, kind, save_all=True, append_images=frames[1:])
    return stream.getvalue()


FILES = {
    **{f"png-{mode}": encoded("PNG", mode) for mode in ("1", "L", "LA", "P", "RGB", "RGBA")},
    "png-16-bit": encoded("PNG", "I;16"),
    "png-large": encoded("PNG", size=(300, 400), compress_level=0),
    "png-own-chunks": encoded("PNG", dpi=(300, 300), icc_profile=PROFILE, pnginfo=own_texts()),
    "png-exif": encoded("PNG", exif=exif(Artist="The service")),
    "png-tail": encoded("PNG") + b"behind the end",
    "png-animated": animated("PNG"),
    **{f"jpeg-{mode}": encoded("JPEG", mode) for mode in ("L", "RGB", "CMYK")},
    "jpeg-progressive": encoded("JPEG", progressive=True),
    "jpeg-bare": without_jfif(encoded("JPEG")),
    "jpeg-exif": encoded("JPEG", exif=exif(Artist="The service")),
    "jpeg-bare-exif": without_jfif(encoded("JPEG", exif=exif(Artist="The service"))),
    "jpeg-profile": encoded("JPEG", icc_profile=PROFILE, dpi=(300, 300), comment=b"Hello"),
    "jpeg-tail": encoded("JPEG") + b"behind the end",
    "webp-lossy": encoded("WEBP"),
    "webp-lossy-alpha": encoded("WEBP", "RGBA"),
    "webp-lossless": encoded("WEBP", lossless=True),
    "webp-lossless-alpha": encoded("WEBP", "RGBA", lossless=True),
    "webp-one-pixel": encoded("WEBP", size=(1, 1)),
    "webp-wide": encoded("WEBP", size=(16383, 1), lossless=True),
    "webp-profile": encoded("WEBP", icc_profile=PROFILE),
    "webp-profile-alpha": encoded("WEBP", "RGBA", icc_profile=PROFILE, lossless=True),
    "webp-xmp": encoded("WEBP", xmp=b"<x:xmpmeta/>"),
    "webp-animated": animated("WEBP"),
    **{
        f"webp-lossless-{side}": encoded("WEBP", size=(side, 5), lossless=True)
        for side in range(2, 9)
    },
}
PNG, JPEG, WEBP = (FILES[name] for name in ("png-RGB", "jpeg-RGB", "webp-lossy"))
every_file = pytest.mark.parametrize("name", FILES)
one_of_a_kind = pytest.mark.parametrize("name", ["png-RGB", "jpeg-RGB", "webp-lossy"])


def picture_of(name: str) -> Picture:
    return verify_picture(FILES[name], "A red fox in deep snow")


def recipe_of(picture: Picture, prompt: str = "A fox", **said: object) -> Recipe:
    return Recipe(
        request=GenerationRequest(prompt=prompt, **said),  # type: ignore[arg-type]
        rewritten_prompt=picture.rewritten_prompt,
        width=picture.width,
        height=picture.height,
        usage=Usage(84_000, 0.042),
        seconds=3.25,
        created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        inference_id="01ABC:def-2.x_y",
        drawn_by="imagen",
    )


def inscribed(name: str, prompt: str = "A fox", **said: object) -> bytes:
    picture = picture_of(name)
    return inscribe(picture, recipe_of(picture, prompt, **said)).data


def frames_of(data: bytes) -> list[tuple[str, tuple[int, int], bytes]]:
    with Image.open(BytesIO(data)) as image:
        frames = []
        for number in range(getattr(image, "n_frames", 1)):
            image.seek(number)
            frames.append((image.mode, image.size, image.tobytes()))
        return frames


def png_pieces(data: bytes) -> list[bytes]:
    """The start, every chunk whole, and what stands behind the last."""
    pieces, at = [data[:8]], 8
    while data[at - 8 : at - 4] != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        pieces.append(data[at : at + length + 12])
        at += length + 12
    return [*pieces, data[at:]]


def jpeg_pieces(data: bytes) -> list[bytes]:
    """The start, every segment whole up to the first scan, and the rest."""
    pieces, at = [data[:2]], 2
    while data[at + 1] != 0xDA:
        (length,) = struct.unpack_from(">H", data, at + 2)
        pieces.append(data[at : at + length + 2])
        at += length + 2
    return [*pieces, data[at:]]


def webp_pieces(data: bytes) -> list[tuple[bytes, bytes]]:
    assert (data[:4], data[8:12]) == (b"RIFF", b"WEBP")
    assert struct.unpack_from("<I", data, 4) == (len(data) - 8,)
    pieces, at = [], 12
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at + 4)
        pieces.append((data[at : at + 4], data[at + 8 : at + 8 + length]))
        assert data[at + 8 + length : at + 8 + length + length % 2] in (b"", b"\0")
        at += 8 + length + length % 2
    assert at == len(data)
    return pieces


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


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("png")])
def test_a_png_gains_two_texts_behind_its_header_and_loses_nothing(name: str) -> None:
    old, new = png_pieces(FILES[name]), png_pieces(inscribed(name))
    assert old == new[:2] + new[4:]
    assert new[1][4:8] == b"IHDR"
    assert new[2][4:].startswith(b"iTXtimagen-demo\0")
    assert new[3][4:].startswith(b"tEXtparameters\0")
    for piece in new[1:-1]:
        assert zlib.crc32(piece[4:-4]).to_bytes(4) == piece[-4:]
    with Image.open(BytesIO(inscribed(name))) as image:
        image.verify()


@pytest.mark.parametrize("name", [name for name in FILES if name.startswith("jpeg")])
def test_a_jpeg_gains_one_segment_behind_jfif_and_loses_nothing(name: str) -> None:
    old, new = jpeg_pieces(FILES[name]), jpeg_pieces(inscribed(name))
    place = 2 if old[1].startswith(b"\xff\xe0") else 1
    assert new[:place] + new[place + 1 :] == old
    assert new[place].startswith(b"\xff\xe1")
    assert new[place][4:10] == b"Exif\0\0"


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


# The outside reader remembers its last picture by its address, so none may be freed.
_PARSED: list[Image.Image] = []


def outside(data: bytes) -> tuple[str, dict[str, str], str | None]:
    """Prompt, settings and model as another program reads them."""
    image = Image.open(BytesIO(data))
    _PARSED.append(image)
    info = ParserManager().parse(image)
    assert info is not None
    (sampler,) = info.samplers
    (prompt,) = sampler.prompts
    assert sampler.negative_prompts == []
    assert sampler.model is not None
    return prompt.value, {**sampler.parameters, **info.metadata}, sampler.model.name


@every_file
def test_another_program_reads_prompt_seed_size_and_model(name: str) -> None:
    picture = picture_of(name)
    data = inscribed(name, "A fox, in snow: 🦊", seed=7, enhance_prompt=False)
    prompt, said, model = outside(data)
    assert (prompt, model) == ("A fox, in snow: 🦊", "google/imagen-4.0-generate-001")
    assert (said["seed"], said["Size"]) == ("7", f"{picture.width}x{picture.height}")


@one_of_a_kind
@pytest.mark.parametrize(
    "prompt",
    [prompt for prompt in PROMPTS if "Negative prompt:" not in prompt],
    ids=lambda text: ascii(text)[:24],
)
def test_another_program_reads_any_prompt(name: str, prompt: str) -> None:
    # It takes a negative prompt out of any text that names one, so those two are left out.
    read_prompt, said, _ = outside(inscribed(name, prompt, seed=7, enhance_prompt=False))
    assert (read_prompt, said["seed"]) == (" ".join(prompt.split()), "7")


@pytest.mark.parametrize("name", ["png-RGB", "webp-lossy"])
def test_a_prompt_without_a_limit_fits_into_most_files(name: str) -> None:
    recipe = recipe_of(picture_of(name), "狐" * 20_000, model=NANO)
    written = inscribe(picture_of(name), recipe)
    assert read(BytesIO(written.data)) == recipe
    assert frames_of(written.data) == frames_of(FILES[name])


@pytest.mark.parametrize("length", [20_000, 30_000, 64_000])
def test_a_jpeg_holds_a_long_recipe_if_need_be_alone(length: int) -> None:
    recipe = recipe_of(picture_of("jpeg-RGB"), "x" * length, model=NANO)
    written = inscribe(picture_of("jpeg-RGB"), recipe)
    assert read(BytesIO(written.data)) == recipe
    assert frames_of(written.data) == frames_of(FILES["jpeg-RGB"])
    assert (recipe.parameters.encode("utf-16-be") in written.data) == (length == 20_000)


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


def test_a_response_never_pushes_out_what_other_programs_read() -> None:
    picture = picture_of("jpeg-RGB")
    recipe = recipe_of(picture, "x" * 17_000, model=NANO)
    written = inscribe(picture, replace(recipe, response="y" * 14_000))
    assert written == inscribe(picture, recipe)
    assert recipe.parameters.encode("utf-16-be") in written.data


@pytest.mark.parametrize("length", [20_000, 30_000, 64_000])
def test_a_jpeg_with_a_long_prompt_has_no_room_for_a_response(length: int) -> None:
    picture = picture_of("jpeg-RGB")
    recipe = recipe_of(picture, "x" * length, model=NANO)
    written = inscribe(picture, replace(recipe, response="y" * MAX_QUOTED))
    assert written == inscribe(picture, recipe)
    assert read(BytesIO(written.data)) == recipe


SETTINGS = "Steps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x512, Model: sd"
FOREIGN = {
    f"A fox\n{SETTINGS}": "A fox",
    f"A fox,\nin deep\nsnow\nNegative prompt: a dog,\na cat\n{SETTINGS}": "A fox, in deep snow",
    f"Füchse, 狐狸 🦊\r\nNegative prompt: x\r\n{SETTINGS}": "Füchse, 狐狸 🦊",
    "A fox": "A fox",
    f"A fox, Steps: 3 and Negative prompt: y\n{SETTINGS}": "A fox, Steps: 3 and Negative prompt: y",
    f"<script>alert(1)</script>\n{SETTINGS}": "<script>alert(1)</script>",
    "x" * 9_000: "x" * MAX_REWRITTEN,
    SETTINGS: None,
    f"\n{SETTINGS}": None,
    f"Negative prompt: a dog\n{SETTINGS}": None,
    " \n ": None,
}
foreign_texts = pytest.mark.parametrize(
    ("text", "prompt"), FOREIGN.items(), ids=lambda text: ascii(text)[:24]
)


@foreign_texts
@pytest.mark.parametrize("form", ["tEXt", "zTXt", "iTXt", "iTXt, compressed"])
def test_a_foreign_png_gives_its_prompt(form: str, text: str, prompt: str | None) -> None:
    texts = PngInfo()
    if form.startswith("iTXt"):
        texts.add_itxt("parameters", text, zip=form != "iTXt")
    else:
        plain = text.encode("latin-1", "replace").decode("latin-1")
        prompt = prompt and prompt.encode("latin-1", "replace").decode("latin-1")
        texts.add_text("parameters", plain, zip=form == "zTXt")
    data = encoded("PNG", pnginfo=texts)
    assert form[:4].encode() in data
    assert read(BytesIO(data)) == prompt
    assert open_picture(data) == (Picture(data, ".png", 40, 24, None), prompt)


@foreign_texts
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
@pytest.mark.parametrize(
    ("mark", "encoding"),
    [(b"UNICODE\0", "utf-16-be"), (b"ASCII\0\0\0", "ascii"), (b"ASCII\0\0\0", "utf-8")],
    ids=str,
)
def test_a_foreign_comment_gives_its_prompt(
    kind: str, mark: bytes, encoding: str, text: str, prompt: str | None
) -> None:
    if encoding == "ascii" and not text.isascii():
        text, prompt = "A fox", "A fox"
    data = encoded(kind, exif=exif(mark + text.encode(encoding)))
    assert read(BytesIO(data)) == prompt
    assert open_picture(data)[1] == prompt


BLANK_COMMENTS: list[object] = [
    *(b"", b"\0", b"\0" * 8, b"\0" * 264, b"ASCII\0\0\0", b"ASCII\0\0\0" + b"\0" * 50),
    *(b"ASCII\0\0\0" + b" " * 50, b"UNICODE\0", b"UNICODE\0" + b"\0" * 20, "", "A text", 7),
]


@like_production
@pytest.mark.parametrize("comment", BLANK_COMMENTS, ids=lambda comment: ascii(comment)[:24])
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_comment_that_a_camera_left_blank_is_no_prompt(kind: str, comment: object) -> None:
    assert read(BytesIO(encoded(kind, exif=exif(comment)))) is None


@pytest.mark.parametrize(
    "comment",
    [b"ASCII\0\0\0A \0fox\x1b[31m", b"UNICODE\0" + "A \0fox\x1b[31m".encode("utf-16-be")],
    ids=["ASCII", "UTF-16"],
)
def test_a_foreign_prompt_has_nothing_in_it_that_no_person_can_type(comment: bytes) -> None:
    assert read(BytesIO(encoded("JPEG", exif=exif(comment)))) == "A fox[31m"


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
    assert read(BytesIO(changed)) == "A fox"
    assert open_picture(changed)[1] == "A fox"


def test_a_markup_in_a_prompt_comes_back_as_it_is() -> None:
    prompt = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    for name in ("png-RGB", "jpeg-RGB", "webp-lossy"):
        recipe = read(BytesIO(inscribed(name, prompt)))
        assert isinstance(recipe, Recipe)
        assert recipe.request.prompt == prompt


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
    return struct.pack(">I", length) + chunk(b"tEXt", b"parameters\0A fox")[4:]


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
        chunk(b"tEXt", b"parameters\0A fox")[:-1] + b"!"
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
    assert said is None or said == "A fox"


def test_a_file_that_is_not_there_gives_nothing(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.png") is None
    assert read(tmp_path) is None


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
    prompt = read(BytesIO(written.data))
    assert isinstance(prompt, str)
    assert set(prompt) == {"x"}
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


def zipped(megabytes: int) -> bytes:
    packer = zlib.compressobj(1)
    return b"".join(packer.compress(b"x" * 1_000_000) for _ in range(megabytes)) + packer.flush()


BOMB = zipped(200)


@pytest.mark.parametrize("keyword", [b"parameters", b"imagen-demo", b"Comment"])
@pytest.mark.parametrize("form", [b"zTXt", b"iTXt", b"iCCP"])
def test_a_text_that_unpacks_to_200_megabytes_is_not_unpacked(form: bytes, keyword: bytes) -> None:
    between = b"\0\1\0\0\0" if form == b"iTXt" else b"\0\0"
    data = with_chunks(chunk(form, keyword + between + BOMB))
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
    text = b"fox " * 1_000_000
    data = with_chunks(chunk(b"tEXt", b"parameters\0" + text))
    if case == "webp":
        data = encoded("WEBP", exif=exif(b"ASCII\0\0\0" + text))
    with bounded(megabytes=40):
        prompt = read(BytesIO(data))
    assert isinstance(prompt, str)
    assert prompt.strip() == ("fox " * (MAX_REWRITTEN // 4)).strip()


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
    assert said is None or isinstance(said, str | Recipe)
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

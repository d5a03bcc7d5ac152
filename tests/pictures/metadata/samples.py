"""Picture files of every build, their pieces, and what another program reads in them."""

import struct
import zlib
from datetime import UTC, datetime
from io import BytesIO

import pytest
from PIL import Image, ImageCms
from PIL.ExifTags import IFD, Base
from PIL.PngImagePlugin import PngInfo
from sd_parsers import ParserManager

from imagen_demo.domain.generation import Picture, Usage
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.metadata import inscribe
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

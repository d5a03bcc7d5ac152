"""Recipes inside picture files: written without touching a pixel, read without trusting a byte.

`service/generate` inscribes every picture before `album` keeps it; the strip, the gallery and
dropped files are read back here. `domain/recipe` says what is written.
"""

import re
import struct
import unicodedata
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.ExifTags import IFD, Base

from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.generation import MAX_REWRITTEN, Picture
from imagen_demo.domain.recipe import Recipe, parse_recipe
from imagen_demo.pictures.verify import FORMATS, verify_picture

MAX_OPENED_PIXELS = 20_000_000
"""Largest picture a visitor may open: a little more than the API's own 4K."""

MAX_PIECES = 10_000
"""PNG chunks in a file that a visitor may open: some encoders begin a new one every 8 KB."""

MAX_SCANS = 40
"""Passes over the pixels in a JPEG that a visitor may open: encoders make about ten."""

MAX_RECIPE = 0xFFFF
"""Characters or bytes of a recipe that are read: no more fit into a JPEG."""

_EXIF_OVERHEAD = 256
"""More than the bytes around both texts in Exif data, a picture's orientation among them."""

_KEYWORD = "imagen-demo"
_EXIF_MARK = b"imagen-demo\0"
_UNICODE = b"UNICODE\0"  # how an Exif comment says that it is UTF-16

_NO_PICTURE = "This is not a picture that can be opened here."
_USE_ANOTHER = (
    "Drop a PNG, JPEG or WebP that this demo or AUTOMATIC1111 made, of up to 20 megapixels."
)


def inscribe(picture: Picture, recipe: Recipe) -> Picture:
    """Write a recipe into a picture's file, between the pieces that are there already.

    A file with an unusual build, or one that cannot hold so long a recipe, is returned as it is.
    """
    write = {".png": _into_png, ".jpg": _into_jpeg, ".webp": _into_webp}[picture.suffix]
    try:
        return replace(picture, data=write(picture.data, _fitting(recipe)))
    except (struct.error, IndexError, ValueError):  # it ends where a piece should begin, say
        return picture


def _fitting(recipe: Recipe) -> Recipe:
    """Leave the response out where it takes half the room, or that of other programs' text."""
    ours, theirs = recipe.to_text().encode(), recipe.parameters.encode("utf-16-be")
    room = MAX_RECIPE - _EXIF_OVERHEAD
    if len(ours) > MAX_RECIPE // 2 or len(ours) + len(theirs) > room:
        return replace(recipe, response="")
    return recipe


def read(source: Path | str | BytesIO) -> Recipe | str | None:
    """Return a picture's recipe; a foreign picture's prompt alone; None if it has neither.

    A recipe that this version cannot follow, say for a model it does not know, counts as foreign.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            written, parameters = _texts_of(image)
            size = image.size
    except Exception:  # noqa: BLE001 - a hostile file raises whatever it can
        return None
    short = written is not None and len(written) <= MAX_RECIPE
    if written is not None and short and (recipe := parse_recipe(written, *size)):
        return recipe
    return _prompt_of(parameters) or None


def open_picture(data: bytes) -> tuple[Picture, Recipe | str | None]:
    """Make sure that bytes from a visitor are a picture, and read its recipe as `read` does.

    Raises:
        InvalidRequest: They are no picture, a damaged one, or one that is too large.
    """
    try:
        if _is_laborious(data):
            raise ValueError("more pieces than a picture has")  # noqa: TRY301 - one way out
        picture = verify_picture(data, None, max_pixels=MAX_OPENED_PIXELS)
        if picture.suffix == ".png":
            with Image.open(BytesIO(data)) as image:
                image.load()  # what the service sends is trusted to have the pixels it promises
    except Exception as cause:
        raise InvalidRequest("picture", _NO_PICTURE, advice=_USE_ANOTHER) from cause
    return picture, read(BytesIO(data))


def _is_laborious(data: bytes) -> bool:
    """Whether a small file would keep a decoder busy for seconds."""
    if data.startswith(_PNG_START):
        place, pieces = 8, 0
        while place + 8 <= len(data) and pieces <= MAX_PIECES:
            place += 12 + int(struct.unpack_from(">I", data, place)[0])
            pieces += 1
        return pieces > MAX_PIECES
    return data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_SCANS


def _texts_of(image: Image.Image) -> tuple[str | bytes | None, str]:
    """Return our recipe as it stands in the file, and AUTOMATIC1111's parameters."""
    if image.format == "PNG":
        # Pillow bounds what a compressed text may grow to.
        return image.info.get(_KEYWORD), str(image.info.get("parameters", ""))
    exif = image.getexif().get_ifd(IFD.Exif)
    ours, comment = (_bytes(exif, tag) for tag in (Base.MakerNote, Base.UserComment))
    written = ours.removeprefix(_EXIF_MARK) if ours.startswith(_EXIF_MARK) else None
    return written, _comment(comment)


def _bytes(exif: Mapping[int, object], tag: int) -> bytes:
    value = exif.get(tag)
    return value if isinstance(value, bytes) else b""


def _comment(value: bytes) -> str:
    if value.startswith(_UNICODE):
        # Big-endian is the custom, whatever the rest of the Exif data says.
        return value.removeprefix(_UNICODE).decode("utf-16-be", "replace")
    return value.removeprefix(b"ASCII\0\0\0").decode("utf-8", "replace")


def _prompt_of(parameters: str) -> str:
    """Take the prompt out of AUTOMATIC1111's text: what stands before the line of settings."""
    start = parameters[: 4 * MAX_REWRITTEN]  # a hostile file may hold many megabytes
    prompt = re.split(r"^(?:Negative prompt|Steps): ", start, maxsplit=1, flags=re.MULTILINE)
    spaced = " ".join(prompt[0].split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs"})
    return kept[:MAX_REWRITTEN].strip()


_PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_PNG_HEADER = 33
_LONGEST_SEGMENT = 0xFFFF
_WEBP_HAS_EXIF, _WEBP_HAS_ALPHA = 0x08, 0x10


def _into_png(data: bytes, recipe: Recipe) -> bytes:
    if not data.startswith(_PNG_START):
        return data
    ours = _png_chunk(b"iTXt", _utf_8(_KEYWORD, recipe.to_text()))
    try:
        theirs = _png_chunk(b"tEXt", b"parameters\0" + recipe.parameters.encode("latin-1"))
    except UnicodeEncodeError:
        theirs = _png_chunk(b"iTXt", _utf_8("parameters", recipe.parameters))
    return b"".join((data[:_PNG_HEADER], ours, theirs, memoryview(data)[_PNG_HEADER:]))


def _utf_8(keyword: str, text: str) -> bytes:
    """What stands in an iTXt chunk: not compressed, in no language [PNG specification]."""
    return keyword.encode() + b"\0\0\0\0\0" + text.encode()


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _into_jpeg(data: bytes, recipe: Recipe) -> bytes:
    for exif in _exif_choices(recipe, turned=_orientation(data)):
        body = b"Exif\0\0" + exif
        if len(body) + 2 <= _LONGEST_SEGMENT:
            segment = b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
            place = _after_jfif(data)
            return data[:place] + segment + data[place:]
    return data


def _after_jfif(data: bytes) -> int:
    """Where Exif data belong: behind the first two bytes and JFIF's own segments."""
    place = 2
    while data[place : place + 2] == b"\xff\xe0":
        # A length counts its own two bytes; decoders read on behind one that says less.
        place += 2 + max(2, struct.unpack_from(">H", data, place + 2)[0])
    return place


def _orientation(data: bytes) -> int | None:
    """How the file itself turns the picture; our data stand before that and must not undo it."""
    try:
        with Image.open(BytesIO(data)) as image:
            said = image.getexif().get(Base.Orientation)
    except Exception:  # noqa: BLE001 - damaged Exif data raise whatever they can
        return None
    return said if said in range(2, 9) else None


def _into_webp(data: bytes, recipe: Recipe) -> bytes:
    """Append an Exif chunk, and announce it in the header of an extended file."""
    (size,) = struct.unpack_from("<I", data, 4)
    chunks, tail = data[12 : 8 + size], data[8 + size :]
    chunks += b"\0" * (len(chunks) % 2)
    if chunks[:4] != b"VP8X":
        chunks = _webp_header(chunks, recipe) + chunks
    if chunks[8] & _WEBP_HAS_EXIF:
        return data
    exif = next(iter(_exif_choices(recipe)))
    padded = exif + b"\0" * (len(exif) % 2)
    flags = bytes([chunks[8] | _WEBP_HAS_EXIF])
    body = chunks[:8] + flags + chunks[9:] + b"EXIF" + struct.pack("<I", len(exif)) + padded
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body + tail


def _webp_header(chunks: bytes, recipe: Recipe) -> bytes:
    """Build the VP8X chunk that a simple file lacks [WebP container specification]."""
    lossless = chunks[:4] == b"VP8L"
    alpha = lossless and struct.unpack_from("<I", chunks, 9)[0] >> 28 & 1
    sides = ((side - 1).to_bytes(3, "little") for side in (recipe.width, recipe.height))
    flags = bytes([_WEBP_HAS_ALPHA if alpha else 0])
    return b"VP8X" + struct.pack("<I", 10) + flags + bytes(3) + b"".join(sides)


def _exif_choices(recipe: Recipe, *, turned: int | None = None) -> Sequence[bytes]:
    """Exif data with everything, and with the recipe alone for where that is too long."""
    ours: dict[int, bytes] = {Base.MakerNote: _EXIF_MARK + recipe.to_text().encode()}
    theirs: dict[int, bytes] = {Base.UserComment: _UNICODE + recipe.parameters.encode("utf-16-be")}
    return [_exif(ours | theirs, turned), _exif(ours, turned)]


def _exif(tags: Mapping[int, bytes], turned: int | None) -> bytes:
    exif = Image.Exif()
    if turned:
        exif[Base.Orientation] = turned
    exif[IFD.Exif] = dict(tags)
    return exif.tobytes().removeprefix(b"Exif\0\0")

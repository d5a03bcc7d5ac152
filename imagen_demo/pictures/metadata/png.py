"""Both texts and the label in a PNG: chunks of text behind its header [PNG specification].

The package writes and reads through it; `jpeg` and `webp` are its siblings.
"""

import struct
import zlib
from dataclasses import dataclass, replace

from PIL import Image
from PIL.PngImagePlugin import iTXt

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import xmp
from imagen_demo.pictures.metadata.a1111 import parameters_of
from imagen_demo.pictures.metadata.exif import texts_of_exif
from imagen_demo.pictures.metadata.foreign.texts import Texts
from imagen_demo.pictures.metadata.splice import Edit, spliced

PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
"""How a PNG begins that has its header where it must be."""

_HEADER = 33
_KEYWORD = "imagen-demo"
_PARAMETERS = "parameters"
_PACKET = "XML:com.adobe.xmp"
_OLD_PACKET = "Raw profile type xmp"  # as ImageMagick used to write one
_CREDENTIALS = b"caBX"  # [C2PA 2.1, "Embedding manifests into PNG"]
_HEAD = struct.Struct(">I4s")
_TEXTS = {b"tEXt", b"zTXt", b"iTXt"}
_LONGEST_KEYWORD = 79


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a PNG, by where it begins and ends in the file.

    Attributes:
        keyword: What a text is called; empty for what is no text.
    """

    kind: bytes
    start: int
    end: int
    keyword: str


def chunks(data: bytes) -> list[Chunk]:
    """Every chunk of a PNG but those of its pixels, up to its end.

    Raises:
        struct.error: The file ends where a chunk should begin.
    """
    found, place, kind = [], 8, b""
    while kind != b"IEND":
        length, kind = _HEAD.unpack_from(data, place)
        end = place + 12 + length
        if kind == b"IDAT":  # there may be thousands
            place = end
            continue
        head = (
            data[place + 8 : min(end - 4, place + 8 + _LONGEST_KEYWORD)] if kind in _TEXTS else b""
        )
        found.append(Chunk(kind, place, end, head.partition(b"\0")[0].decode("latin-1")))
        place = end
    return found


def into_png(data: bytes, recipe: Recipe) -> tuple[bytes, bool]:
    """Put both texts and the label behind the header; what is there of them already stays.

    Returns:
        The file, and whether the recipe is in it: here it always is.

    Raises:
        ValueError, struct.error: The file is signed, or not built as a PNG is.
    """
    if not data.startswith(PNG_START):
        raise ValueError("no header at its place")
    pieces = chunks(data)
    if is_signed(data, pieces):
        raise ValueError("signed by its maker")
    known = {each.keyword for each in pieces if each.keyword}
    # A recipe of ours goes with its text for others: this one takes the place of both.
    old = {_KEYWORD, _PARAMETERS} if _KEYWORD in known else set()
    edits = [Edit(each.start, each.end, b"") for each in pieces if each.keyword in old]
    new = _chunk(b"iTXt", _utf_8(_KEYWORD, recipe.to_text().encode()))
    if _PARAMETERS not in known - old:
        new += _parameters(recipe)
    own = next((each for each in pieces if each.keyword == _PACKET), None)
    if own:
        edits.append(_extended(data, own, recipe))
    elif _OLD_PACKET not in known:
        new += _chunk(b"iTXt", _utf_8(_PACKET, xmp.packet_of(recipe.drawn_by)))
    return spliced(data, [Edit(_HEADER, _HEADER, new), *edits]), True


def is_signed(data: bytes, pieces: list[Chunk]) -> bool:
    """Whether Content Credentials are among a file's chunks, or lie where its XMP says."""
    packets = (_packet_in(data, each) for each in pieces if each.keyword == _PACKET)
    inside = any(each.kind == _CREDENTIALS for each in pieces)
    return inside or any(map(xmp.leads_to_credentials, packets))


def texts_of_png(image: Image.Image) -> tuple[str | bytes | None, Texts]:
    """Return our recipe as it stands in the file, and what else it says."""
    # Pillow bounds what a compressed text may grow to.
    said = {str(name): text for name, text in image.info.items() if isinstance(text, str)}
    written = said.pop(_KEYWORD, None)
    named = {name: _text(text) for name, text in said.items()}
    packet = named.get(_PACKET, "").encode("utf-8", "replace")
    # Pillow would decode the picture to look for Exif data behind its pixels.
    exif = texts_of_exif(image)[1] if "exif" in image.info else Texts()
    return written, replace(exif, named=named, packet=packet)


def _text(said: str) -> str:
    """A text as it really is: some programs write UTF-8 where Latin-1 belongs."""
    if isinstance(said, iTXt) or said.isascii():
        return str(said)
    try:
        return said.encode("latin-1").decode()
    except UnicodeError:
        return str(said)


def _packet_in(data: bytes, chunk: Chunk) -> bytes:
    """The XMP packet that a chunk of text holds; empty if it cannot be read, or is too long."""
    body = data[chunk.start + 8 : chunk.end - 4][len(chunk.keyword) + 1 :]
    if chunk.kind != b"iTXt":
        return b""
    # Two bytes of compression, then language and translated keyword, each up to a zero.
    text = body[2:].split(b"\0", 2)[-1]
    if not body.startswith(b"\1"):
        return text
    try:
        return zlib.decompressobj().decompress(text, xmp.MAX_PACKET + 1)
    except zlib.error:
        return b""


def _extended(data: bytes, own: Chunk, recipe: Recipe) -> Edit:
    """The file's own packet with the label in it; or as it is."""
    packet = _packet_in(data, own)
    longer = xmp.extended(packet, recipe.drawn_by)
    as_it_is = data[own.start : own.end]
    new = as_it_is if longer == packet else _chunk(b"iTXt", _utf_8(_PACKET, longer))
    return Edit(own.start, own.end, new)


def _parameters(recipe: Recipe) -> bytes:
    parameters = parameters_of(recipe)
    try:
        return _chunk(b"tEXt", _PARAMETERS.encode() + b"\0" + parameters.encode("latin-1"))
    except UnicodeEncodeError:
        return _chunk(b"iTXt", _utf_8(_PARAMETERS, parameters.encode()))


def _utf_8(keyword: str, text: bytes) -> bytes:
    """What stands in an iTXt chunk: not compressed, in no language [PNG specification]."""
    return keyword.encode() + b"\0\0\0\0\0" + text


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

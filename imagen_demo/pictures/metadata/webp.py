"""Both texts and the label in a WebP: chunks of Exif data and XMP at its end.

The package writes through it; `exif` and `xmp` have what stands in the chunks [WebP container
specification].
"""

import struct
from contextlib import suppress
from typing import NamedTuple

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import xmp
from imagen_demo.pictures.metadata.exif import exif_choices

_HAS_EXIF, _HAS_ALPHA, _HAS_XMP = 0x08, 0x10, 0x04
_LONG_START = b"Exif\0\0"  # some programs begin the chunk as they would in a JPEG
_BEGINNING = 12


class Chunk(NamedTuple):
    """A piece of a WebP: its name of four letters, and what it holds."""

    kind: bytes
    held: bytes


def chunks(data: bytes) -> list[Chunk]:
    """Every chunk of a WebP.

    Raises:
        ValueError, struct.error: One does not end where the file says that it does.
    """
    found, place, end = [], _BEGINNING, _end(data)
    while place < end:
        kind, size = struct.unpack_from("<4sI", data, place)
        if place + 8 + size > end:
            raise ValueError("a chunk beyond the end")
        found.append(Chunk(kind, data[place + 8 : place + 8 + size]))
        place += 8 + size + size % 2
    return found


def into_webp(data: bytes, recipe: Recipe) -> tuple[bytes, bool]:
    """Add both texts to the file's Exif data, and the label to its XMP.

    Returns:
        The file, and whether the recipe is in it.

    Raises:
        ValueError, struct.error: The file is signed, or not built as a WebP is.
    """
    found = chunks(data)
    if is_signed(found):
        raise ValueError("signed by its maker")
    if found[0].kind != b"VP8X":
        found.insert(0, _header(found[0], recipe))
    is_in = False
    with suppress(ValueError, struct.error):  # its own Exif data are not understood
        _put(found, b"EXIF", _HAS_EXIF, _exif(_held(found, b"EXIF"), recipe))
        is_in = True
    own = _held(found, b"XMP ")
    packet = xmp.extended(own, recipe.drawn_by) if own else xmp.packet_of(recipe.drawn_by)
    _put(found, b"XMP ", _HAS_XMP, packet)
    body = b"".join(map(_written, found))
    start = b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP"
    return b"".join((start, body, memoryview(data)[_end(data) :])), is_in


def is_signed(found: list[Chunk]) -> bool:
    """Whether Content Credentials are among a file's chunks, or lie where its XMP says."""
    inside = any(each.kind == b"C2PA" for each in found)
    return inside or xmp.leads_to_credentials(_held(found, b"XMP "))


def _end(data: bytes) -> int:
    return 8 + int(struct.unpack_from("<I", data, 4)[0])


def _held(found: list[Chunk], kind: bytes) -> bytes:
    return next((each.held for each in found if each.kind == kind), b"")


def _put(found: list[Chunk], kind: bytes, flag: int, held: bytes) -> None:
    """Put a chunk in the place of the file's own, or at its end; the header announces it."""
    header = found[0].held
    found[0] = Chunk(b"VP8X", bytes([header[0] | flag]) + header[1:])
    kinds = [each.kind for each in found]
    place = kinds.index(kind) if kind in kinds else len(found)
    found[place : place + 1] = [Chunk(kind, held)]


def _exif(own: bytes, recipe: Recipe) -> bytes:
    start = _LONG_START if own.startswith(_LONG_START) else b""
    return start + exif_choices(recipe, own.removeprefix(start))[0]


def _written(chunk: Chunk) -> bytes:
    size = len(chunk.held)
    return b"".join((chunk.kind, struct.pack("<I", size), chunk.held, b"\0" * (size % 2)))


def _header(first: Chunk, recipe: Recipe) -> Chunk:
    """Build the VP8X chunk that a simple file lacks."""
    lossless = first.kind == b"VP8L"
    alpha = lossless and struct.unpack_from("<I", first.held, 1)[0] >> 28 & 1
    sides = ((side - 1).to_bytes(3, "little") for side in (recipe.width, recipe.height))
    flags = bytes([_HAS_ALPHA if alpha else 0])
    return Chunk(b"VP8X", flags + bytes(3) + b"".join(sides))

"""Both texts in a WebP: a chunk of Exif data at its end [WebP container specification].

The package writes through it; `exif` has what stands in the chunk, and reads it back.
"""

import struct

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.exif import exif_choices

_HAS_EXIF, _HAS_ALPHA = 0x08, 0x10


def into_webp(data: bytes, recipe: Recipe) -> bytes:
    """Append an Exif chunk, and announce it in the header of an extended file.

    A file that has one already is returned as it is.
    """
    (size,) = struct.unpack_from("<I", data, 4)
    chunks, tail = data[12 : 8 + size], data[8 + size :]
    chunks += b"\0" * (len(chunks) % 2)
    if chunks[:4] != b"VP8X":
        chunks = _header(chunks, recipe) + chunks
    if chunks[8] & _HAS_EXIF:
        return data
    exif = next(iter(exif_choices(recipe)))
    padded = exif + b"\0" * (len(exif) % 2)
    flags = bytes([chunks[8] | _HAS_EXIF])
    body = chunks[:8] + flags + chunks[9:] + b"EXIF" + struct.pack("<I", len(exif)) + padded
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body + tail


def _header(chunks: bytes, recipe: Recipe) -> bytes:
    """Build the VP8X chunk that a simple file lacks [WebP container specification]."""
    lossless = chunks[:4] == b"VP8L"
    alpha = lossless and struct.unpack_from("<I", chunks, 9)[0] >> 28 & 1
    sides = ((side - 1).to_bytes(3, "little") for side in (recipe.width, recipe.height))
    flags = bytes([_HAS_ALPHA if alpha else 0])
    return b"VP8X" + struct.pack("<I", 10) + flags + bytes(3) + b"".join(sides)

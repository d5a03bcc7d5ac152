"""Both texts in a PNG: chunks of text behind its header [PNG specification].

The package writes and reads through it; `jpeg` and `webp` are its siblings.
"""

import struct
import zlib

from PIL import Image

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.a1111 import parameters_of

PNG_START = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
"""How a PNG begins that has its header where it must be."""

_HEADER = 33
_KEYWORD = "imagen-demo"


def into_png(data: bytes, recipe: Recipe) -> bytes:
    """Put both texts behind the header; a file that has none there is returned as it is."""
    if not data.startswith(PNG_START):
        return data
    ours = _chunk(b"iTXt", _utf_8(_KEYWORD, recipe.to_text()))
    parameters = parameters_of(recipe)
    try:
        theirs = _chunk(b"tEXt", b"parameters\0" + parameters.encode("latin-1"))
    except UnicodeEncodeError:
        theirs = _chunk(b"iTXt", _utf_8("parameters", parameters))
    return b"".join((data[:_HEADER], ours, theirs, memoryview(data)[_HEADER:]))


def texts_of_png(image: Image.Image) -> tuple[str | bytes | None, str]:
    """Return our recipe as it stands in the file, and AUTOMATIC1111's parameters."""
    # Pillow bounds what a compressed text may grow to.
    return image.info.get(_KEYWORD), str(image.info.get("parameters", ""))


def _utf_8(keyword: str, text: str) -> bytes:
    """What stands in an iTXt chunk: not compressed, in no language [PNG specification]."""
    return keyword.encode() + b"\0\0\0\0\0" + text.encode()


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)

"""Both texts in a JPEG: a segment of Exif data behind JFIF's own.

The package writes through it; `exif` has what stands in the segment, and reads it back.
"""

import struct
from io import BytesIO

from PIL import Image
from PIL.ExifTags import Base

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.exif import exif_choices

_LONGEST_SEGMENT = 0xFFFF


def into_jpeg(data: bytes, recipe: Recipe) -> bytes:
    """Add a segment of Exif data; a recipe too long for one leaves the file as it is."""
    for exif in exif_choices(recipe, turned=_orientation(data)):
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

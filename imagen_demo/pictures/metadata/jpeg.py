"""Both texts and the label in a JPEG: segments of Exif data and XMP behind JFIF's own.

The package writes through it; `exif` and `xmp` have what stands in the segments.
"""

import struct
from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile
from typing import NamedTuple

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import xmp
from imagen_demo.pictures.metadata.exif import exif_choices
from imagen_demo.pictures.metadata.splice import Edit, spliced

_LONGEST_SEGMENT = 0xFFFF
_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"

_APP0, _APP1, _APP11 = 0xE0, 0xE1, 0xEB
_SCAN, _END = 0xDA, 0xD9
_BOX = b"JP"  # how a segment begins that holds a box of ISO/IEC 19566-5
_NEAR = 64
"""Bytes in which such a box says what it holds."""

_WITHOUT_LENGTH = {0x01, *range(0xD0, 0xD9)}  # TEM, the restarts, the start


class Segment(NamedTuple):
    """A piece of a JPEG: where it begins, with its marker, where its body does, and its end."""

    marker: int
    start: int
    body: int
    end: int


def segments(data: bytes) -> list[Segment]:
    """The segments in front of the first scan.

    Raises:
        ValueError, struct.error: The file ends before it, or something else stands between them.
    """
    place = 2
    found: list[Segment] = []
    while True:
        start = place
        while data[place : place + 2] == b"\xff\xff":  # any number of these may fill
            place += 1
        mark, marker, length = struct.unpack_from(">BBH", data, place)
        if mark != 0xFF:  # noqa: PLR2004 - how a marker begins
            raise ValueError("no marker between the segments")
        if marker in {_SCAN, _END}:
            return found
        # A length counts its own two bytes; decoders read on behind one that says less.
        size = 0 if marker in _WITHOUT_LENGTH else max(2, length)
        place += 2 + size
        found.append(Segment(marker, start, place - size + 2, place))


def into_jpeg(data: bytes, recipe: Recipe) -> tuple[bytes, bool]:
    """Add both texts to the file's Exif data, and the label to its XMP, as far as they have room.

    Returns:
        The file, and whether the recipe is in it.

    Raises:
        ValueError, struct.error: The file is signed, or not built as a JPEG is.
    """
    found = segments(data)
    if is_signed(data, found):
        raise ValueError("signed by its maker")
    exif: list[Edit] = []
    with suppress(ValueError, struct.error):  # its own Exif data are not understood
        exif = _exif(data, found, recipe)
    return spliced(data, [*exif, *_xmp(data, found, recipe)]), bool(exif)


def is_signed(data: bytes, found: list[Segment]) -> bool:
    """Whether Content Credentials are among a file's segments, or lie where its XMP says."""
    boxes = (data[each.body : each.end][:_NEAR] for each in found if each.marker == _APP11)
    inside = any(box.startswith(_BOX) and b"c2pa" in box for box in boxes)
    packets = (data[each.body : each.end] for each in found if _is(data, each, _XMP))
    return inside or any(map(xmp.leads_to_credentials, packets))


def _exif(data: bytes, found: list[Segment], recipe: Recipe) -> list[Edit]:
    own = next((each for each in found if _is(data, each, _EXIF)), None)
    place = Edit(own.start, own.end, b"") if own else _behind(found, _is_jfif)
    before = data[own.body + len(_EXIF) : own.end] if own else b""
    for exif in exif_choices(recipe, before):
        if new := _segment(_EXIF + exif):
            return [place._replace(new=new)]
    return []


def _xmp(data: bytes, found: list[Segment], recipe: Recipe) -> list[Edit]:
    own = next((each for each in found if _is(data, each, _XMP)), None)
    if own is None:
        place = _behind(found, lambda each: _is_jfif(each) or _is(data, each, _EXIF))
        return [place._replace(new=_segment(_XMP + xmp.packet_of(recipe.drawn_by)))]
    more = b"".join(data[each.body : each.end] for each in found if _is(data, each, _MORE_XMP))
    packet = data[own.body + len(_XMP) : own.end]
    longer = xmp.extended(packet, recipe.drawn_by, beside=more)
    new = b"" if longer == packet else _segment(_XMP + longer)
    return [Edit(own.start, own.end, new)] if new else []


def _is(data: bytes, segment: Segment, name: bytes) -> bool:
    return segment.marker == _APP1 and data.startswith(name, segment.body)


def _segment(body: bytes) -> bytes:
    """A segment of an application's; empty if it would be too long."""
    length = len(body) + 2
    return b"\xff\xe1" + struct.pack(">H", length) + body if length <= _LONGEST_SEGMENT else b""


def _is_jfif(segment: Segment) -> bool:
    return segment.marker == _APP0


def _behind(found: list[Segment], is_first: Callable[[Segment], bool]) -> Edit:
    """The place behind the first two bytes, and behind the segments that are to stand first."""
    first = takewhile(is_first, found)
    place = max((each.end for each in first), default=2)
    return Edit(place, place, b"")

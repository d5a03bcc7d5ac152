"""What a file says besides its pixels, as text; `png` and `exif` collect it, `foreign` reads it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

_MARKS = (b"UNICODE\0", b"ASCII\0\0\0", b"JIS\0\0\0\0\0", bytes(8))
"""How an Exif comment says what it is written in [Exif 2.3]; often falsely, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Every text of one file.

    Attributes:
        named: A PNG's own texts, by keyword.
        comment: The user's comment of Exif data, as it stands.
        others: Exif's make, model, software and description, and a JPEG's own comment.
        packet: XMP, as it stands.
    """

    named: Mapping[str, str] = field(default_factory=dict)
    comment: bytes = b""
    others: tuple[str, ...] = ()
    packet: bytes = b""


def decodings(comment: bytes) -> Iterator[str]:
    """Everything that a user's comment may be; no sign of a format shows in what it is not.

    Its mark and its order of bytes are not to be relied on, so each is tried.
    """
    mark = next((each for each in _MARKS if comment.startswith(each)), b"")
    body = comment.removeprefix(mark)
    if not body.strip(b"\0 "):
        return
    try:
        yield body.decode().strip("\0")
    except UnicodeDecodeError:
        yield body.decode("latin-1").strip("\0")
    for order in ("utf-16-be", "utf-16-le"):
        yield body.decode(order, "replace").lstrip("\ufeff").strip("\0")

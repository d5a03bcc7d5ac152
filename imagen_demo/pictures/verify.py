"""Bytes as a `Picture`: made sure of, and never encoded again.

`aimlapi/client` asks it of what the service sent, `metadata` of what a visitor dropped.
"""

from io import BytesIO

from PIL import Image
from PIL.ExifTags import Base

from imagen_demo.domain.errors import Charged, UnusableReply
from imagen_demo.domain.generation import Picture

MAX_PIXELS = 64_000_000
"""Largest picture that is accepted; the API's own largest is about 4.6 million pixels."""

# MPO: what many phones' cameras write, a JPEG with more behind it.
_SUFFIX = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}

_OTHERS = {
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
    **dict.fromkeys((b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"), "HEIC"),
}
"""Pictures that some programs show, by their brand [ISO/IEC 14496-12]."""

FORMATS = ("PNG", "JPEG", "WEBP")
"""What Pillow may take a file for; its JPEG reader knows MPO."""

SUFFIXES = tuple(dict.fromkeys(_SUFFIX.values()))
"""How the file of a picture may end."""


def verify_picture(
    data: bytes, rewritten_prompt: str | None, *, max_pixels: int = MAX_PIXELS
) -> Picture:
    """Make sure that bytes are a picture of a decent size, without encoding it again.

    Raises:
        UnusableReply: Not a PNG, JPEG or WebP, cut short, or more than `max_pixels`.
    """
    try:
        width, height, suffix = _examine(data, max_pixels)
    except Exception as cause:
        raise UnusableReply(_what_it_is(data), charged=Charged.YES) from cause
    return Picture(data, suffix, width, height, rewritten_prompt)


def is_turned(image: Image.Image) -> bool:
    """Whether a JPEG says that it is to be turned or mirrored; browsers follow it, for no other."""
    return _orientation(image) in range(2, 9)


def upright_size(image: Image.Image) -> tuple[int, int]:
    """Width and height of a picture in pixels, as it is seen."""
    width, height = image.size
    return (height, width) if _orientation(image) in range(5, 9) else (width, height)


def _orientation(image: Image.Image) -> object:
    """How a JPEG's Exif data number the way it is turned [Exif 2.3]; 1 is upright."""
    if _SUFFIX.get(image.format or "") != ".jpg":
        return 1
    try:
        return image.getexif().get(Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - damaged Exif data raise whatever they can
        return 1


def _what_it_is(data: bytes) -> str:
    """Say what came back instead of a picture that this demo shows."""
    known = _OTHERS.get(data[8:12]) if data[4:8] == b"ftyp" else None
    if known:
        return f"The picture came back as {known}, which this demo does not show."
    return "What came back is not a picture that can be shown."


def _examine(data: bytes, max_pixels: int) -> tuple[int, int, str]:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ValueError(f"{width}x{height} pixels are too many")
        # PNG has a checksum for every piece, to be compared without decoding a pixel.
        image.verify() if image.format == "PNG" else image.load()
        return *upright_size(image), _SUFFIX[image.format or ""]

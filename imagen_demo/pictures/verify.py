"""Bytes as a `Picture`: made sure of, and never encoded again.

`aimlapi/client` asks it of what the service sent, `metadata` of what a visitor dropped.
"""

from io import BytesIO

from PIL import Image

from imagen_demo.domain.errors import Charged, UnusableReply
from imagen_demo.domain.generation import Picture

MAX_PIXELS = 64_000_000
"""Largest picture that is accepted; the API's own largest is about 4.6 million pixels."""

# MPO: what many phones' cameras write, a JPEG with more behind it.
_SUFFIX = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp"}

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
        raise UnusableReply(
            "What came back is not a picture that can be shown.", charged=Charged.YES
        ) from cause
    return Picture(data, suffix, width, height, rewritten_prompt)


def _examine(data: bytes, max_pixels: int) -> tuple[int, int, str]:
    with Image.open(BytesIO(data), formats=FORMATS) as image:
        width, height = image.size
        if width * height > max_pixels:
            raise ValueError(f"{width}x{height} pixels are too many")
        # PNG has a checksum for every piece, to be compared without decoding a pixel.
        image.verify() if image.format == "PNG" else image.load()
        return width, height, _SUFFIX[image.format or ""]

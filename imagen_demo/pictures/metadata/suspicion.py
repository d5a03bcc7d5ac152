"""What is believed of a file that came from elsewhere, and which one is not even decoded.

The package asks it before anything of such a file is used; `pictures/verify` looks at the pixels.
"""

import struct
from io import BytesIO

from PIL import Image

from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe, parse_recipe
from imagen_demo.pictures.metadata.png import PNG_START
from imagen_demo.pictures.verify import verify_picture

MAX_OPENED_PIXELS = 20_000_000
"""Largest picture a visitor may open: a little more than the API's own 4K."""

MAX_PIECES = 10_000
"""PNG chunks in a file that a visitor may open: some encoders begin a new one every 8 KB."""

MAX_SCANS = 40
"""Passes over the pixels in a JPEG that a visitor may open: encoders make about ten."""

MAX_RECIPE = 0xFFFF
"""Characters or bytes of a recipe that are read: no more fit into a JPEG."""

_NO_PICTURE = "This is not a picture that can be opened here."
_USE_ANOTHER = (
    "Drop a PNG, JPEG or WebP that this demo or AUTOMATIC1111 made, of up to 20 megapixels."
)


def verify_foreign(data: bytes) -> Picture:
    """Make sure that bytes from a visitor are a picture whose pixels are all there.

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
    return picture


def believed(written: str | bytes | None, size: tuple[int, int]) -> Recipe | None:
    """Return what stands in a file as our recipe; None if it is none, or longer than any of ours.

    Args:
        written: What stands there; None if nothing does.
        size: The picture's own, in pixels.
    """
    if written is None or len(written) > MAX_RECIPE:
        return None
    return parse_recipe(written, *size)


def _is_laborious(data: bytes) -> bool:
    """Whether a small file would keep a decoder busy for seconds."""
    if data.startswith(PNG_START):
        place, pieces = 8, 0
        while place + 8 <= len(data) and pieces <= MAX_PIECES:
            place += 12 + int(struct.unpack_from(">I", data, place)[0])
            pieces += 1
        return pieces > MAX_PIECES
    return data.startswith(b"\xff\xd8") and data.count(b"\xff\xda") > MAX_SCANS

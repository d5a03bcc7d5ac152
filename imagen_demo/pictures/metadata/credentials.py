"""Whether a picture's maker has signed it: Content Credentials, which no byte may be added to.

`png`, `jpeg` and `webp` write nothing into such a file, and know where they stand in one. The
signature covers the whole file but itself [C2PA 2.1, "Hard bindings"].
"""

import struct

from imagen_demo.pictures.metadata import jpeg, png, webp


def is_signed(data: bytes) -> bool:
    """Whether a file carries Content Credentials, or names where they lie."""
    try:
        if data.startswith(png.PNG_START):
            return png.is_signed(data, png.chunks(data))
        if data.startswith(b"\xff\xd8"):
            return jpeg.is_signed(data, jpeg.segments(data))
        return webp.is_signed(webp.chunks(data))
    except (ValueError, struct.error):
        return False

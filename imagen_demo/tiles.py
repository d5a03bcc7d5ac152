"""Small versions of pictures for strips and galleries: made when first looked at, then kept.

`ui/strips.py` shows them. They lie in Gradio's folder of temporary files, so that an album or a
gallery holds pictures and nothing else; any of them may vanish and is made again.
"""

import hashlib
import logging
import os
import secrets
from contextlib import suppress
from pathlib import Path

from PIL import Image

log = logging.getLogger("imagen_demo")

LONGEST_SIDE = 360
"""Pixels: about three times what the page shows, for dense screens."""


class Tiles:
    """A folder of small pictures, each named by a hash of its original's path."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not exist yet."""
        self._folder = folder

    def of(self, picture: Path) -> Path:
        """Return the picture's tile; the picture itself where no tile can be made or written."""
        tile = self._place(picture)
        unfinished = tile.with_suffix(f".{secrets.token_hex(8)}")
        try:
            changed = picture.stat().st_mtime_ns
            if tile.exists() and tile.stat().st_mtime_ns == changed:
                return tile
            self._folder.mkdir(parents=True, exist_ok=True)
            with Image.open(picture) as image:
                kind = "RGBA" if image.has_transparency_data else "RGB"
                small: Image.Image = image
                if image.mode.startswith("I"):  # 16 bits of grey, of which the upper 8 are seen
                    small = image.convert("I").point(lambda level: level / 256).convert("L")
                if small.mode != kind:
                    small = small.convert(kind)
                small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                small.save(unfinished, "WEBP", quality=82)
            os.utime(unfinished, ns=(changed, changed))
            unfinished.replace(tile)  # another visitor may be reading it just now
        except Exception as error:  # noqa: BLE001 - a damaged picture raises whatever it can
            log.warning("no tile made: %s", type(error).__name__)
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return picture
        return tile

    def forget(self, picture: Path) -> None:
        """Delete the tile of a picture that was removed."""
        try:
            self._place(picture).unlink(missing_ok=True)
        except OSError as error:
            log.warning("a tile could not be deleted: %s", error.strerror)

    def _place(self, picture: Path) -> Path:
        # An album's paths cannot be guessed, so neither can their hashes.
        return self._folder / f"{hashlib.sha256(str(picture).encode()).hexdigest()}.webp"

"""Small versions of pictures for strips and galleries: made when first looked at, then kept.

`ui/strips.py` shows them. They lie in Gradio's folder of temporary files, so that an album or a
gallery holds pictures and nothing else; any of them may vanish and is made again.
"""

import hashlib
import logging
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
            if tile.exists() and tile.stat().st_mtime >= picture.stat().st_mtime:
                return tile
            self._folder.mkdir(parents=True, exist_ok=True)
            with Image.open(picture) as image:
                image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                kind = "RGBA" if image.has_transparency_data else "RGB"
                image.convert(kind).save(unfinished, "WEBP", quality=82)
            unfinished.replace(tile)  # another visitor may be reading it just now
        except Exception as error:  # noqa: BLE001 - a damaged picture raises whatever it can
            log.warning("no tile made: %s", type(error).__name__)
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return picture
        return tile

    def forget(self, picture: Path) -> None:
        """Delete the tile of a picture that is being removed.

        Raises:
            OSError: The disk does not let go of it.
        """
        self._place(picture).unlink(missing_ok=True)

    def _place(self, picture: Path) -> Path:
        # An album's paths cannot be guessed, so neither can their hashes.
        return self._folder / f"{hashlib.sha256(str(picture).encode()).hexdigest()}.webp"

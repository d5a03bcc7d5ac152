"""Small versions of pictures for strips and galleries: made when they are needed, then kept.

`ui/library/view` shows them. They lie in Gradio's folder of temporary files, so that an album or a
gallery holds pictures and nothing else; any of them may vanish and is made again.
"""

import hashlib
import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue

from PIL import Image, ImageOps

from imagen_demo.periodic import Periodic
from imagen_demo.pictures.verify import is_turned

log = logging.getLogger("imagen_demo")

LONGEST_SIDE = 360
"""Pixels: about three times what the page shows, for dense screens."""

_FRESH = 60.0
"""Seconds in which a picture is in the browser of whoever drew it, as large as it is."""

_DELIVERY = 3.0
"""Seconds until a picture has reached that browser, and the machine has time for its thumbnail."""


class Thumbnails:
    """A folder of small pictures, each named by a hash of its original's path."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not exist yet."""
        self.folder = folder
        self._later: SimpleQueue[tuple[float, Path]] = SimpleQueue()
        self._awaited: set[Path] = set()
        self._waiting = threading.Lock()
        self._making = Periodic("thumbnails", self._make_next)
        self._started = False

    def soon(self, picture: Path) -> Path:
        """Return the picture's thumbnail, or the picture itself while it is fresh and has none.

        A thumbnail costs more than everything else that is done with a picture here, just when
        others wait for theirs: so it is made a little later, one after the other.
        """
        try:
            is_fresh = time.time() - picture.stat().st_mtime < _FRESH
        except OSError:
            return picture
        return self._later_of(picture) if is_fresh else self.of(picture)

    def _later_of(self, picture: Path) -> Path:
        thumbnail = self._place(picture)
        with suppress(OSError):
            if thumbnail.stat().st_mtime_ns == picture.stat().st_mtime_ns:
                return thumbnail
        with self._waiting:
            if picture not in self._awaited:
                self._awaited.add(picture)
                self._later.put((time.monotonic() + _DELIVERY, picture))
            if not self._started:
                self._started = True
                self._making.start()
        return picture

    def of(self, picture: Path) -> Path:
        """Return the picture's thumbnail; the picture itself where none can be made or written."""
        thumbnail = self._place(picture)
        unfinished = thumbnail.with_suffix(f".{secrets.token_hex(8)}")
        try:
            changed = picture.stat().st_mtime_ns
            if thumbnail.exists() and thumbnail.stat().st_mtime_ns == changed:
                return thumbnail
            self.folder.mkdir(parents=True, exist_ok=True)
            with Image.open(picture) as image:
                kind = "RGBA" if image.has_transparency_data else "RGB"
                small: Image.Image = image
                if image.mode.startswith("I"):  # 16 bits of grey, of which the upper 8 are seen
                    small = image.convert("I").point(lambda level: level / 256).convert("L")
                if small.mode != kind:
                    small = small.convert(kind)
                # Decoded hardly larger than needed: a third less work, and no eye sees it.
                small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), reducing_gap=1)
                if is_turned(image):
                    ImageOps.exif_transpose(small, in_place=True)
                small.save(unfinished, "WEBP", quality=75)
            os.utime(unfinished, ns=(changed, changed))
            unfinished.replace(thumbnail)  # another visitor may be reading it just now
        except Exception as error:  # noqa: BLE001 - a damaged picture raises whatever it can
            log.warning("no thumbnail made: %s", type(error).__name__)
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            return picture
        if not _is_there(picture):  # removed meanwhile, and with it what shows it
            self.forget(picture)
        return thumbnail

    def forget(self, picture: Path) -> None:
        """Delete the thumbnail of a picture that was removed."""
        try:
            self._place(picture).unlink(missing_ok=True)
        except OSError as error:
            log.warning("a thumbnail could not be deleted: %s", error.strerror)

    def _make_next(self) -> None:
        due, picture = self._later.get()
        time.sleep(max(0.0, due - time.monotonic()))
        if _is_there(picture):
            self.of(picture)
        with self._waiting:
            self._awaited.discard(picture)

    def _place(self, picture: Path) -> Path:
        # An album's paths cannot be guessed, so neither can their hashes.
        return self.folder / f"{hashlib.sha256(str(picture).encode()).hexdigest()}.webp"


def _is_there(picture: Path) -> bool:
    """Like `Path.exists`, which raises where a disk fails."""
    return os.path.exists(picture)  # noqa: PTH110 - see above

"""Who may send a picture just now: an upload takes its time, and room on everybody's disk.

`middleware` asks for a turn before `body_limits` reads.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from shutil import disk_usage
from tempfile import gettempdir

from gradio.utils import get_upload_folder

from imagen_demo.server.body_limits import LARGEST_PICTURE, Refused, no_room

_AT_ONCE = 16
_OF_ONE = 4

_SPARE = 256 * 1024**2
"""Bytes of the disk that uploads leave to whatever else is written there."""

_CROWDED = "Many pictures are being opened here just now. Try again in a moment."


class Turns:
    """So many at once, of one visitor a few, while there is room.

    A turn lasts until the app has answered: the picture is on the disk twice by then.
    """

    def __init__(self) -> None:
        """Nobody does."""
        self._taken: Counter[str] = Counter()

    @contextmanager
    def taken(self, visitor: str) -> Iterator[None]:
        """Take a turn.

        Args:
            visitor: Whoever sends, in a form that may be kept.

        Raises:
            Refused: Too many do already, or the disk has no room for another.
        """
        others = self._taken.total()
        if others >= _AT_ONCE or self._taken[visitor] >= _OF_ONE:
            raise Refused(503, _CROWDED)
        if _room() < _SPARE + 2 * LARGEST_PICTURE * (others + 1):
            raise no_room(OSError(ENOSPC, os.strerror(ENOSPC)))
        self._taken[visitor] += 1
        try:
            yield
        finally:
            self._taken -= Counter((visitor,))


def _room() -> int:
    """Bytes that are left where bodies wait, or where Gradio keeps them, whichever is less."""
    folders = {gettempdir(), get_upload_folder()}
    return min(disk_usage(each).free for each in folders if Path(each).exists())

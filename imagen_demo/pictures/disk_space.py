"""Room on the disk for pictures: its last gigabyte is not theirs, and what is paid for has its own.

`service/generate` asks before anything is paid for, and before a picture of the sandbox's is kept.
Of those in the `album` the oldest that the sandbox drew, as `metadata` reads it, make way.
"""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from errno import ENOSPC
from pathlib import Path
from shutil import disk_usage

from imagen_demo.domain.errors import NotKept, reason_of
from imagen_demo.domain.generation import MAX_PICTURE_BYTES
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album, Kept, delete
from imagen_demo.pictures.metadata import read

SPARE = 10**9
"""Bytes of the disk that are not for pictures."""

_MORE = 8 * 10**6
"""Bytes that make way beyond those that are needed: a dozen of the sandbox's pictures, so that not
every picture looks for some, and so few that hardly any is lost which somebody looks at."""

_IN_VAIN = 60.0
"""Seconds until pictures are looked through again, after all of the sandbox's were too few."""

log = logging.getLogger("imagen_demo")


class DiskSpace:
    """Looks after the room on the disk of an album; safe for many threads."""

    def __init__(self, album: Album, tell: Callable[[Path], None] | None = None) -> None:
        """`tell` hears of each picture that makes way."""
        self._album = album
        self._tell = tell
        self._held = 0
        self._holding = threading.Lock()
        self._making = threading.Lock()
        self._not_before = 0.0

    @contextmanager
    def held(self, pictures: int) -> Iterator[None]:
        """Hold room for pictures that will be paid for, until they are kept.

        Raises:
            NotKept: There is none, or nothing can be written there.
        """
        self._hold(pictures)
        try:
            try:
                self._see_to_it()
            except OSError as error:
                log.error("no picture is asked for: %s", error.strerror)  # noqa: TRY400 - no bug
                raise NotKept(f"{reason_of(error)}, so nothing was drawn.") from error
            yield
        finally:
            self._hold(-pictures)

    def make(self, size: int = 0) -> None:
        """See to room for so many bytes, beside what is held; the sandbox's oldest make way.

        Raises:
            OSError: There is none.
        """
        if self._missing(size) <= 0:
            return
        with self._making:
            missing = self._missing(size)  # another may have made some meanwhile
            if missing > 0:
                self._clear(missing)
                missing = self._missing(size)
        if missing > 0:
            raise OSError(ENOSPC, os.strerror(ENOSPC))

    def trouble(self) -> str:
        """Say in a few words why what is paid for could not be kept; empty if it could."""
        try:
            self._see_to_it()
        except OSError as error:
            return f"pictures cannot be kept: {error.strerror or type(error).__name__}"
        return ""

    def _see_to_it(self) -> None:
        self.make()
        self._album.try_writing()

    def _hold(self, pictures: int) -> None:
        with self._holding:
            self._held += pictures

    def _missing(self, size: int) -> int:
        self._album.folder.mkdir(parents=True, exist_ok=True)
        wanted = SPARE + self._held * MAX_PICTURE_BYTES + size
        return wanted - disk_usage(self._album.folder).free

    def _clear(self, missing: int) -> None:
        """Delete so many bytes of the sandbox's pictures; none where all of them are too few."""
        if time.monotonic() < self._not_before:
            return
        found: list[Kept] = []
        size = 0
        for each in self._album.oldest_first():
            if size >= missing + _MORE:
                break
            if _is_the_sandboxs(each.path):
                found.append(each)
                size += each.size
        if size < missing:
            self._not_before = time.monotonic() + _IN_VAIN
            return
        for each in found:
            with suppress(OSError):  # the disk does not let go of it; `_missing` looks again
                if delete(each.path) and self._tell:
                    self._tell(each.path)
        log.info("pictures of the sandbox made way: %d", len(found))


def _is_the_sandboxs(path: Path) -> bool:
    recipe = read(path)
    return isinstance(recipe, Recipe) and recipe.drawn_by == "sandbox"

"""How long pictures are kept: for ever, unless the host limits days or gigabytes.

`launch` starts it over the `album`, with the host's limits from `settings`.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from pathlib import Path

from imagen_demo.periodic import Periodic
from imagen_demo.pictures.album import Album

EVERY = 60
"""Seconds between two looks where there is a limit; an hour where there is none."""

_DAY = 24 * 60 * 60
_GB = 10**9

log = logging.getLogger("imagen_demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What may stay.

    Attributes:
        days: Pictures of at most this age.
        gb: At most so many gigabytes (10^9 bytes) in all, the newest.
    """

    days: float = inf
    gb: float = inf


class Retention:
    """Forgets the oldest pictures, once a minute after `watch` was called; never raises."""

    def __init__(
        self, album: Album, limits: Limits, tell: Callable[[Path], None] | None = None
    ) -> None:
        """Forget nothing yet.

        Args:
            album: Whose pictures.
            limits: None at all is fine: what a crash left behind is tidied up even then.
            tell: Hears of each picture that is deleted.
        """
        self._album = album
        self._limits = limits
        self._tell = tell
        every = 60 * EVERY if limits == Limits() else EVERY
        self._looking = Periodic("retention", self.look, every=every)

    def watch(self) -> None:
        """Look now, then once a minute, or once an hour where there is no limit."""
        self._looking.start()

    def close(self) -> None:
        """Stop looking."""
        self._looking.close()

    def look(self) -> None:
        """Forget what is too old or too much; a disk that does not let go is logged."""
        try:
            gone = self._album.forget(
                older_than=time.time() - self._limits.days * _DAY,
                more_than=self._limits.gb * _GB,
                tell=self._tell,
            )
        except OSError as error:
            log.warning("old pictures not deleted: %s", error.strerror or type(error).__name__)
            return
        if gone:
            log.info("old pictures deleted: %d", gone)

"""Which models are on their way out, as AI/ML API's own list says; asked for in the background.

`service/provider` starts the watch and the page marks its model picker by it. The list being out of
reach changes nothing on the page and is one line in the log.
"""

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.periodic import Periodic

log = logging.getLogger("imagen_demo")

EVERY = 6 * 60 * 60.0
"""Seconds between two looks at the list."""


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One answer of the list: its rows, None if nothing changed, and the tag to ask with next."""

    payload: object | None
    etag: str


def parse_deprecations(payload: object) -> dict[str, Standing]:
    """Read the list, by id and by every alias; rows that make no sense are left out."""
    rows = payload.get("data") if isinstance(payload, Mapping) else None
    standings: dict[str, Standing] = {}
    for row in rows if isinstance(rows, list) else []:
        if not isinstance(row, Mapping) or row.get("status") not in list(Status):
            continue
        replaced_by = row.get("replaced_by")
        standing = Standing(
            Status(str(row["status"])),
            _day(row.get("deprecated_at")),
            _day(row.get("shutdown_at")),
            replaced_by if isinstance(replaced_by, str) else None,
        )
        aliases = row.get("aliases")
        names = [row.get("id"), *(aliases if isinstance(aliases, list) else [])]
        standings |= dict.fromkeys((name for name in names if isinstance(name, str)), standing)
    return standings


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


class Lifecycle:
    """The list as last seen; asks again every six hours once `watch` was called.

    Attributes:
        looked_at: When it was last read, in seconds since 1970; None if it never was.
        trouble: Why the last look was in vain, as the failure's name; empty if it was not.
    """

    def __init__(self, ask: Callable[[str], Bulletin]) -> None:
        """`ask` takes the last tag, empty at first, and returns the list."""
        self._ask = ask
        self.looked_at: float | None = None
        self.trouble = "not looked yet"
        self._etag = ""
        self._standings: dict[str, Standing] = {}
        self._looking = Periodic("deprecations", self.look, every=EVERY)

    def standing(self, model: str) -> Standing | None:
        """What the list says of a model; None if it is in service, or nobody could tell yet."""
        return self._standings.get(model)

    def watch(self) -> None:
        """Look now and every six hours."""
        self._looking.start()

    def close(self) -> None:
        """Stop looking."""
        self._looking.close()

    def look(self) -> None:
        """Ask once; what is known stays if nobody answers."""
        try:
            bulletin = self._ask(self._etag)
        except ImagenDemoError as error:
            self.trouble = type(error).__name__
            log.info("deprecations not read: %s", self.trouble)
            return
        if bulletin.payload is not None:
            self._standings = parse_deprecations(bulletin.payload)
        self._etag = bulletin.etag
        self.looked_at, self.trouble = time.time(), ""

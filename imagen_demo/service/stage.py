"""The room's stage: whose pictures come up on the projector, which of them wait, which are off.

Visitors who turned on "Show on stage" offer theirs, the host lets them through, and whoever shows
the stage asks what is on now. Nobody writes what another one writes, so that two processes at a
time lose nothing: a visitor offers and withdraws, the host passes and takes off, time shows.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from imagen_demo.pictures.album import Album
from imagen_demo.service.shared_counters import unanswered
from imagen_demo.service.shared_table import SharedTable

if TYPE_CHECKING:
    from redis import Redis

log = logging.getLogger("imagen_demo")

CALM = 6.0
"""Seconds for which each picture is on at least."""

QUEUE = 20
"""Entries that wait at most, two minutes' worth; a newer one takes the oldest one's place."""

OF_ONE = 2
"""Of these, those of one visitor: somebody who draws without end keeps nobody else off."""

_REMEMBERED = 200
"""What was shown, or came to an end, that is known still."""

_OPEN = 60.0
"""Seconds for which a stage that nobody asks any more counts as open: a projector may reload."""

_ENTRY, _PASSED, _SHOWN = "entry:", "passed:", "shown:"
_OFF, _WITHDRAWN = "off:", "withdrawn:"
_STRAIGHT, _ASKED_AT = "straight through", "asked at"


@dataclass(frozen=True, slots=True)
class Entry:
    """What is shown at a time: a picture, or those of a comparison.

    Attributes:
        pictures: Their names in the album.
        labels: What the columns of a comparison are called; none for a picture alone.
        at: When it was offered, in seconds since 1970.
    """

    pictures: Sequence[str]
    labels: Sequence[str]
    at: float

    @property
    def name(self) -> str:
        """What it goes by: its first picture."""
        return self.pictures[0]

    @property
    def owner(self) -> str:
        """Whose it is, as the album has it."""
        return _owner(self.name)


@dataclass(frozen=True, slots=True)
class Now:
    """How the stage stands.

    Attributes:
        current: What is on; None if nothing is.
        gone: Whether what somebody still shows may be shown no more.
        queue: What comes next, newest first.
        waiting: What waits for the host, newest first.
        asks_first: Whether anything does.
    """

    current: Entry | None
    gone: bool
    queue: Sequence[Entry]
    waiting: Sequence[Entry]
    asks_first: bool


class Stage:
    """What is on, and what comes; safe for many threads and processes."""

    def __init__(
        self, album: Album, redis: "Redis | None" = None, clock: Callable[[], float] = time.time
    ) -> None:
        """Nothing is on.

        Args:
            album: Keeps the pictures; what it has no more is not shown.
            redis: What the host's processes share.
            clock: Seconds since 1970.
        """
        self._album = album
        self._table = SharedTable("stage", redis)
        self._clock = clock
        self.watch, self.close = self._table.watch, self._table.close

    def is_open(self) -> bool:
        """Whether somebody shows it just now, as far as it is known here, at once."""
        return self._clock() - float(self._table.known.get(_ASKED_AT, 0)) < _OPEN

    def offer(self, pictures: Iterable[Path], labels: Sequence[str] = ()) -> None:
        """Take what a visitor drew, each picture by itself; with labels, all as one comparison.

        Whatever cannot be taken costs the visitor's own page nothing. An hour later, a stage that
        was not open then must surprise nobody: so it takes nothing.
        """
        if not self.is_open():
            return
        now = self._clock()
        names = [self._album.name(each) for each in pictures]
        together = [names] if labels and names else [[each] for each in names]
        entries = [Entry(each, labels, now) for each in together]
        try:
            self._table.put({f"{_ENTRY}{each.name}": json.dumps(asdict(each)) for each in entries})
            self._tidy()
        except unanswered() as error:
            log.warning("a picture did not come to the stage: %s", type(error).__name__)

    def withdraw(self, visitor: str) -> bool:
        """Take down all that a visitor offered, what is on as well; says whether it is done."""
        owner = self._album.owner(visitor)
        table = self._table.look()
        try:
            if owner:
                self._table.put({f"{_WITHDRAWN}{owner}": str(self._clock())})
            self._drop(each for each in _entries(table) if each.owner == owner)
        except unanswered() as error:
            log.warning("a picture did not leave the stage: %s", type(error).__name__)
            return False
        return True

    def now(self, *, every: float = CALM, hold: bool = False, showing: str = "") -> Now:
        """What is on, for whoever shows it: the newest that nobody saw yet, for a while each.

        Args:
            every: Seconds for which each is on, `CALM` at least.
            hold: Let nothing new come up.
            showing: What the asker shows; it may have been taken down.

        Raises:
            RedisError: The others cannot be told.
        """
        now = self._clock()
        seen = self._seen(self._table.look())
        is_time = seen.current is None or now - seen.since >= max(CALM, every)
        turned = {_ASKED_AT: str(now)}
        if is_time and seen.queue and not hold:
            turned[f"{_SHOWN}{seen.queue[0].name}"] = str(now)
        self._table.put(turned)
        return self.seen(showing)

    def seen(self, showing: str = "") -> Now:
        """The same for whoever looks on: nothing new comes up by it."""
        table = self._table.look()
        seen = self._seen(table)
        gone = bool(showing) and not self._may_show(showing, table)
        return Now(seen.current, gone, seen.queue, seen.waiting, _STRAIGHT not in table)

    def let_through(self, name: str) -> None:
        """Let what waits come up.

        Raises:
            RedisError: The others cannot be told.
        """
        self._table.put({f"{_PASSED}{name}": str(self._clock())})

    def take_off(self, name: str) -> None:
        """Show something no more, neither what is on nor what waits.

        Raises:
            RedisError: The others cannot be told.
        """
        self._table.put({f"{_OFF}{name}": str(self._clock())})

    def ask_first(self, *, asks: bool) -> None:
        """Let everything wait for the host, or come up by itself.

        Raises:
            RedisError: The others cannot be told.
        """
        if asks:
            self._table.drop([_STRAIGHT])
        else:
            self._table.put({_STRAIGHT: "yes"})

    def entry(self, name: str) -> Entry | None:
        """Return what goes by a name, if it may be shown."""
        table = self._table.look()
        found = (each for each in _entries(table) if each.name == name)
        return next((each for each in found if self._may_show(name, table)), None)

    def _seen(self, table: Mapping[str, str]) -> "_Seen":
        shown = _times(table, _SHOWN)
        here = [each for each in _entries(table) if self._may_show(each.name, table)]
        last = max(shown, key=shown.__getitem__, default="")
        new = [each for each in here if each.name not in shown]
        passed = [each for each in new if _STRAIGHT in table or f"{_PASSED}{each.name}" in table]
        return _Seen(
            current=next((each for each in here if each.name == last), None),
            since=shown.get(last, 0),
            queue=passed,
            waiting=[each for each in new if each not in passed],
        )

    def _may_show(self, name: str, table: Mapping[str, str]) -> bool:
        """Whether nobody took a picture down, and it is still here: known as an entry or not."""
        picture = self._album.find(name)
        if picture is None or f"{_OFF}{name}" in table:
            return False
        try:
            saved_at = picture.stat().st_mtime
        except OSError:
            return False
        return saved_at > float(table.get(f"{_WITHDRAWN}{_owner(name)}", 0))

    def _tidy(self) -> None:
        """Keep no more than can be shown, and no more marks than anybody asks for."""
        table = self._table.known
        seen = self._seen(table)
        stay: list[Entry] = []
        for each in sorted((*seen.queue, *seen.waiting), key=_newest):
            if len(stay) < QUEUE and [one.owner for one in stay].count(each.owner) < OF_ONE:
                stay.append(each)
        shown = _times(table, _SHOWN)
        names = {each.name for each in stay} | {*_latest(shown)}
        self._drop(each for each in _entries(table) if each.name not in names)
        for kind in (_SHOWN, _OFF, _WITHDRAWN):
            marks = _times(table, kind)
            self._table.drop([f"{kind}{each}" for each in marks.keys() - {*_latest(marks)}])

    def _drop(self, entries: Iterable[Entry]) -> None:
        names = [each.name for each in entries]
        self._table.drop([f"{kind}{each}" for each in names for kind in (_ENTRY, _PASSED)])


@dataclass(frozen=True, slots=True)
class _Seen:
    current: Entry | None
    since: float
    queue: Sequence[Entry]
    waiting: Sequence[Entry]


def _entries(table: Mapping[str, str]) -> list[Entry]:
    """All of them, newest first."""
    found = [Entry(**json.loads(text)) for name, text in table.items() if name.startswith(_ENTRY)]
    return sorted(found, key=_newest)


def _newest(entry: Entry) -> float:
    return -entry.at


def _times(table: Mapping[str, str], kind: str) -> dict[str, float]:
    """When what happened, by the names of entries or owners."""
    return {
        name.removeprefix(kind): float(text)
        for name, text in table.items()
        if name.startswith(kind)
    }


def _latest(times: Mapping[str, float]) -> list[str]:
    return sorted(times, key=times.__getitem__)[-_REMEMBERED:]


def _owner(name: str) -> str:
    return name.partition("/")[0]

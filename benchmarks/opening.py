"""Somebody opens the page for the first time, and a room of phones does so in the same second.

`__main__` runs `opening` as a part. What phones ask for is what a real Chromium asked for in this
very run; where there is none, this part is left out and says so.
"""

import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import starmap
from statistics import median
from time import sleep

from benchmarks.chromium import Opening, chromium, cold_open
from benchmarks.demos import NOBODY, running_ours, running_peer
from benchmarks.figures import OURS_OVER_USUAL, Aim, Figure, Ratio, Unit
from benchmarks.processes import Running
from benchmarks.room import room

_OPENINGS = 5
_ROOMS = 3
_IN_A_ROW = 15
_PHONES = 40

_SETTLED, _IDLE = 2.0, 4.0
"""Seconds until a demo that was started has nothing left to do, and those it is watched then."""


@dataclass(frozen=True, slots=True)
class _Opened:
    """What opening one of the demos took, each time."""

    alone: list[Opening]
    rooms: list[float]
    cpu: list[float]

    def typical(self, of: Callable[[Opening], float]) -> float:
        return median(map(of, self.alone))


_Demo = tuple[Running, str]
"""One that runs, and what its button says."""


def _alone(demos: Sequence[_Demo]) -> list[list[Opening]]:
    """Open each page some times, in turns, so that whatever else the machine does meets both."""
    with chromium() as browser:
        if browser is None:
            return []
        idle = _idle([running for running, _ in demos])
        turns = [
            [
                cold_open(browser, running.url, button, running.cpu, idle=each)
                for (running, button), each in zip(demos, idle, strict=True)
            ]
            for _ in range(_OPENINGS + 1)
        ]
    return [list(each) for each in zip(*turns[1:], strict=True)]  # the first finds nothing ready


def _idle(demos: Sequence[Running]) -> list[float]:
    """Seconds of CPU time a second of demos that nobody has open."""
    sleep(_SETTLED)
    before = [each.cpu() for each in demos]
    sleep(_IDLE)
    return [(each.cpu() - then) / _IDLE for each, then in zip(demos, before, strict=True)]


def _together(demos: Sequence[_Demo], alone: Sequence[list[Opening]]) -> list[list[float]]:
    """The same with a room of phones, once Chromium is out of the way."""
    turns = [
        [
            asyncio.run(room(running.url, found[-1], _PHONES))
            for (running, _), found in zip(demos, alone, strict=True)
        ]
        for _ in range(_ROOMS)
    ]
    return [list(each) for each in zip(*turns, strict=True)]


def _work(demos: Sequence[_Demo], alone: Sequence[list[Opening]]) -> list[list[float]]:
    """Milliseconds of CPU time for each time that somebody opens the page.

    Many in a row, since the clock of a process has ticks of ten; and without a pause, in which a
    demo would look for work again and again that nobody has.
    """

    def of_one(running: Running, found: Opening) -> float:
        before = running.cpu()
        for _ in range(_IN_A_ROW):
            asyncio.run(room(running.url, found, 1))
        return 1000 * (running.cpu() - before) / _IN_A_ROW

    turns = [
        [of_one(running, found[-1]) for (running, _), found in zip(demos, alone, strict=True)]
        for _ in range(_ROOMS)
    ]
    return [list(each) for each in zip(*turns, strict=True)]


def opening() -> list[Figure]:
    """Measure a cold open in Chromium, and a room of them."""
    with running_ours(NOBODY) as ours, running_peer(NOBODY) as usual:
        demos = ((ours, "Generate"), (usual, "Submit"))
        alone = _alone(demos)
        if not alone:
            print("This part needs Chromium, and there is none: left out.", file=sys.stderr)
            return []
        together, work = _together(demos, alone), _work(demos, alone)
        mine, its = starmap(_Opened, zip(alone, together, work, strict=True))

    def compared(what: str, unit: Unit, of: Callable[[Opening], float], *aims: float) -> Figure:
        return _figure(what, unit, mine.typical(of), its.typical(of), *aims)

    opened = "a cold open in Chromium: "
    return [
        _figure(
            f"{opened}CPU time for all that it asks for",
            "ms",
            median(mine.cpu),
            median(its.cpu),
            0.25,
        ),
        compared(f"{opened}bytes that come", "KB", lambda it: it.size / 1000, 1.3),
        compared(f"{opened}requests", "requests", lambda it: it.requests, 1.2),
        compared(f"{opened}until the button can be pressed", "s", lambda it: it.ready_in, 1.05),
        _figure(
            f"{_PHONES} phones open the page at once, until the last has all",
            "s",
            median(mine.rooms),
            median(its.rooms),
            0.35,
        ),
    ]


def _figure(what: str, unit: Unit, ours: float, usual: float, at_most: float) -> Figure:
    return Figure(
        what=what,
        unit=unit,
        ours=ours,
        usual=usual,
        ratio=Ratio(ours / usual, OURS_OVER_USUAL),
        aims=(Aim("ratio", "at most", at_most),),
    )

"""Many visitors at once, and somebody who opens the page meanwhile.

`__main__` runs `crowds` as a part. Visitors and service have the same cores as the demo.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles
from time import perf_counter

from benchmarks.connection import Connection
from benchmarks.demos import running_ours, running_peer, warm_page
from benchmarks.figures import OVER_LATENCY, Aim, Figure, Ratio
from benchmarks.processes import Running, service
from benchmarks.visitors import Page, visiting

_LATENCY = 3.0
"""Seconds; the real service takes 5 to 45."""

_SIZES = (1, 5, 10, 50, 100, 200)
_AIMS = {100: 1.5, 200: 2.2}
_USUAL_SIZES = (1, 5)
"""What the usual demo is given: it serves one visitor after the other, so more only last longer."""

_WATCHED = 100
_WATCHES = 3
"""So many times, since one crowd holds too few loads of the page for a 95th percentile."""
_BETWEEN_LOADS = 0.1
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Loads:
    """What each load of the page took, in seconds.

    Attributes:
        waiting: Those begun while the service had not answered anybody.
        arriving: Those begun from then until every page was at rest.
    """

    waiting: list[float]
    arriving: list[float]


async def _crowd(page: Page, size: int) -> float:
    """Return the seconds from the first click until the last of them had their picture."""
    async with visiting(page, size) as visitors:
        return max(await asyncio.gather(*(each.generate() for each in visitors)))


async def _watched_crowd(page: Page, size: int) -> Loads:
    loads: list[tuple[float, float]] = []
    async with visiting(page, size) as visitors:
        started = perf_counter()
        over = asyncio.Event()
        watching = asyncio.create_task(_watch(page, loads, over))
        await asyncio.gather(*(each.generate() for each in visitors))
        over.set()
        await watching
    answered = started + _LATENCY
    return Loads(
        [took for when, took in loads if when <= answered],
        [took for when, took in loads if when > answered],
    )


async def _watch(page: Page, loads: list[tuple[float, float]], over: asyncio.Event) -> None:
    """Open the page at a steady pace, however long it takes; note when, and how long it took."""
    async with asyncio.TaskGroup() as loading:
        while not over.is_set():
            loading.create_task(_load(page, loads))
            await asyncio.sleep(_BETWEEN_LOADS)


async def _load(page: Page, loads: list[tuple[float, float]]) -> None:
    connection = Connection.to(page.url)
    started = perf_counter()
    await connection.size("/")
    loads.append((started, perf_counter() - started))
    connection.close()


async def _crowds(page: Page, sizes: Sequence[int]) -> dict[int, float]:
    return {size: await _crowd(page, size) for size in sizes}


async def _of_ours(running: Running) -> tuple[dict[int, float], Loads]:
    async with warm_page(running) as page:
        times = await _crowds(page, _SIZES)
        watched = [await _watched_crowd(page, _WATCHED) for _ in range(_WATCHES)]
    return times, Loads(
        [load for each in watched for load in each.waiting],
        [load for each in watched for load in each.arriving],
    )


async def _of_the_usual(running: Running) -> dict[int, float]:
    async with warm_page(running) as page:
        return await _crowds(page, _USUAL_SIZES)


def crowds() -> list[Figure]:
    """Measure how long a crowd waits, beside how long one visitor does."""
    with service(_LATENCY) as url:
        with running_ours(url) as running:
            ours, loads = asyncio.run(_of_ours(running))
        with running_peer(url) as running:
            usual = asyncio.run(_of_the_usual(running))
    return [
        *(_figure(size, seconds, usual) for size, seconds in ours.items()),
        *_load_figures(loads),
    ]


def _figure(size: int, seconds: float, usual: dict[int, float]) -> Figure:
    least, most = _USUAL_SIZES
    a_visitor = (usual[most] - usual[least]) / (most - least)
    measured = size in usual
    aim = _AIMS.get(size)
    return Figure(
        what=f"{size} at once, {_LATENCY:g} s each at the service: until all have a picture",
        unit="s",
        ours=seconds,
        usual=usual[size] if measured else usual[least] + a_visitor * (size - least),
        is_computed=not measured,
        ratio=Ratio(seconds / _LATENCY, OVER_LATENCY),
        aims=(Aim("ratio", "at most", aim),) if aim else (),
    )


def _load_figures(loads: Loads) -> list[Figure]:
    return [
        Figure(
            what=f"page's HTML while {_WATCHED} {doing}, 95th percentile",
            unit="ms",
            ours=quantiles(each, n=20, method="inclusive")[-1] * 1000,
            aims=aims,
        )
        for doing, each, aims in (
            ("wait", loads.waiting, (Aim("ours", "under", 100),)),
            ("get their pictures", loads.arriving, ()),
        )
        if len(each) > 1
    ]

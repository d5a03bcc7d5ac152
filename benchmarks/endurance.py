"""What generations cost in CPU time and memory, and what a thousand of them leave behind.

`__main__` runs `endurance` as a part. The service answers at once, so that nothing is measured but
work.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.demos import running_ours, running_peer, warm_page
from benchmarks.figures import USUAL_OVER_OURS, Aim, Figure, Ratio
from benchmarks.processes import Running, service
from benchmarks.visitors import Page, Visitor, visiting

_AT_ONCE = 10
_LEFT_FOR_LATER = 3.2
_MOMENT = 0.5
"""Seconds."""

_EACH = 10
"""Pictures that a visitor makes before another one comes."""


@dataclass(frozen=True, slots=True)
class Work:
    """What some generations took.

    Attributes:
        cpu: Seconds of CPU time for each generation, opening the page not counted.
        memory: Resident memory after them, in MB.
    """

    cpu: float
    memory: float


async def _works(running: Running, rounds: Sequence[int]) -> list[Work]:
    """Do some rounds, one after the other, of so many generations each."""
    async with warm_page(running) as page:
        return [await _work(running, page, number) for number in rounds]


async def _work(running: Running, page: Page, number: int) -> Work:
    started, opening = running.cpu(), 0.0
    for _ in range(number // (_AT_ONCE * _EACH)):
        before = running.cpu()
        async with visiting(page, _AT_ONCE) as visitors:
            opening += running.cpu() - before
            await asyncio.gather(*map(_visit, visitors))
    await _rest(running)
    return Work((running.cpu() - started - opening) / number, running.memory())


async def _rest(running: Running) -> None:
    """Wait until the process has done what it left for later: small pictures for the strip."""
    await asyncio.sleep(_LEFT_FOR_LATER)
    busy = True
    while busy:
        before = running.cpu()
        await asyncio.sleep(_MOMENT)
        busy = running.cpu() - before > _MOMENT / 5


async def _visit(visitor: Visitor) -> None:
    for _ in range(_EACH):
        await visitor.generate()


def endurance(many: int = 1000) -> list[Figure]:
    """Measure what one costs and what many leave behind; `many` is a multiple of 100 above it."""
    few = _AT_ONCE * _EACH
    with service(0) as url:
        with running_ours(url) as running:
            first, others = asyncio.run(_works(running, (few, many - few)))
        with running_peer(url) as running:
            (usual,) = asyncio.run(_works(running, (few,)))
    cpu, usual_cpu = ((each * 1000) for each in (others.cpu, usual.cpu))
    return [
        Figure(
            what="CPU time of the demo's process a generation, its small picture included",
            unit="ms",
            ours=cpu,
            usual=usual_cpu,
            ratio=Ratio(usual_cpu / cpu, USUAL_OVER_OURS),
        ),
        Figure(
            what=f"memory after {few} generations, {_AT_ONCE} at once",
            unit="MB",
            ours=first.memory,
            usual=usual.memory,
            ratio=Ratio(usual.memory / first.memory, USUAL_OVER_OURS),
        ),
        Figure(
            what=f"more memory after {many} generations than after {few}",
            unit="MB",
            ours=others.memory - first.memory,
            aims=(Aim("ours", "under", 40),),
        ),
    ]

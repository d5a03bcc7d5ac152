"""What one visitor waits for: the start, what is added to the service's time, four pictures.

`__main__` runs each function as a part; each starts the processes it needs, and warms them up.
"""

import asyncio
from statistics import median

from benchmarks.demos import NOBODY, running_hello, running_ours, running_peer, warm_page
from benchmarks.figures import OVER_HELLO, OVER_ONE, USUAL_OVER_OURS, Aim, Figure, Ratio
from benchmarks.processes import Running, service
from benchmarks.visitors import visiting

_SHORT = 0.2
"""Latency, in seconds, where only what is added to it counts."""

_USUAL = 3.0
"""Latency, in seconds, where it counts in proportion; the real service takes 5 to 45."""


def start(times: int = 4) -> list[Figure]:
    """Seconds from `python app.py` to the page, beside a Gradio hello world."""
    ours, hello = [], []
    for _ in range(times + 1):
        with running_ours(NOBODY) as running:
            ours.append(running.started_in)
        with running_hello() as running:
            hello.append(running.started_in)
    # The first of each fills the disk's cache.
    mine, least = median(ours[1:]), median(hello[1:])
    return [
        Figure(
            what="from the command to the page, beside a Gradio hello world",
            unit="s",
            ours=mine,
            usual=least,
            ratio=Ratio(mine / least, OVER_HELLO),
            aims=(Aim("ratio", "at most", 1.1),),
        )
    ]


def one_visitor(times: int = 30) -> list[Figure]:
    """What one visitor waits for beyond the service, this demo's and the usual one's in turns."""

    async def measure(ours: Running, peer: Running) -> tuple[list[float], list[float]]:
        async with (
            warm_page(ours) as page,
            warm_page(peer) as its_page,
            visiting(page, 1) as (mine,),
            visiting(its_page, 1) as (its,),
        ):
            pairs = [(await mine.generate(), await its.generate()) for _ in range(times)]
            return [each for each, _ in pairs], [each for _, each in pairs]

    with (
        service(_SHORT) as url,
        running_ours(url) as ours,
        running_peer(url) as peer,
    ):
        mine, its = asyncio.run(measure(ours, peer))
    added, usual = ((median(each) - _SHORT) * 1000 for each in (mine, its))
    return [
        Figure(
            what="added to the service's own time, click to the picture's last byte",
            unit="ms",
            ours=added,
            usual=usual,
            ratio=Ratio(usual / added, USUAL_OVER_OURS),
            aims=(Aim("ratio", "at least", 4), Aim("ours", "under", 35)),
        )
    ]


def four_pictures(times: int = 3) -> list[Figure]:
    """Four pictures in one request beside one."""

    async def measure(running: Running) -> tuple[list[float], list[float]]:
        async with warm_page(running) as page, visiting(page, 1) as (visitor,):
            pairs = [(await visitor.generate(1), await visitor.generate(4)) for _ in range(times)]
            return [each for each, _ in pairs], [each for _, each in pairs]

    with service(_USUAL) as url, running_ours(url) as running:
        ones, fours = asyncio.run(measure(running))
    one, four = median(ones), median(fours)
    return [
        Figure(
            what=f"four pictures at once, where one takes {one:.2f} s",
            unit="s",
            ours=four,
            ratio=Ratio(four / one, OVER_ONE),
            aims=(Aim("ratio", "at most", 1.3),),
        )
    ]

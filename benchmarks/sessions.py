"""What a page that is open costs the demo, and what a program that calls it once does.

`__main__` runs `sessions` as a part. Each page and each caller is a session of its own to Gradio.
"""

import asyncio
import json
import sys
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from time import perf_counter

from benchmarks.connection import Connection
from benchmarks.demos import running_ours, running_peer, warm_page
from benchmarks.figures import OURS_OVER_USUAL, USUAL_OVER_OURS, Aim, Figure, Ratio
from benchmarks.processes import Running, first_line_of, service
from benchmarks.visitors import PROMPT, Page, visiting

_FIRST, _PAGES = 20, 100
"""Pages that are opened and closed before any is measured, and those that are."""

_UNTIL_CLOSED = 5.0
"""Seconds: by then a page that is gone has been noticed, and what it had was given back."""

_CALLERS, _USUAL_CALLERS = 100, 20
"""The usual demo serves one after the other, so more only last longer."""

_KB = 1024  # in a MB as the kernel counts it


@dataclass(frozen=True, slots=True)
class _Cost:
    """Of one demo.

    Attributes:
        page: KB that a page takes while it is open.
        left: KB that a page took for good, since another one that is opened later takes more.
        callers: Seconds until each of many programs that call at once has its answer.
    """

    page: float
    left: float
    callers: float


async def _cost(running: Running, endpoint: str, callers: int) -> _Cost:
    async with warm_page(running) as page:
        taken, left = await _pages(running, page)
        await _call(running.url, endpoint)
        started = perf_counter()
        await asyncio.gather(*(_call(running.url, endpoint) for _ in range(callers)))
        return _Cost(taken, left, perf_counter() - started)


async def _pages(running: Running, page: Page) -> tuple[float, float]:
    """Open as many twice: what the first ones gave back, the others need no more of."""
    await _opened(running, page, _FIRST)
    before = running.memory()
    one, other = [await _opened(running, page, _PAGES) for _ in range(2)]
    return (one - before) * _KB / _PAGES, (other - one) * _KB / _PAGES


async def _opened(running: Running, page: Page, number: int) -> float:
    """Return the memory while so many pages are open, in MB, once they are closed again."""
    async with visiting(page, number):
        taken = running.memory()
    await asyncio.sleep(_UNTIL_CLOSED)
    return taken


async def _call(url: str, endpoint: str) -> None:
    """Ask for a picture as `curl` does, and hear that it is there."""
    connection = Connection.to(url)
    where = f"/gradio_api/call/{endpoint}"
    event = json.loads(await connection.post(where, {"data": [PROMPT, "16:9"]}))
    said = await connection.get(f"{where}/{event['event_id']}")
    connection.close()
    if b"event: complete" not in said:
        raise RuntimeError(f"{where}: {said[:500].decode()}")


def _new_session(whose: str) -> float:
    """Return milliseconds."""
    with TemporaryDirectory(prefix="bench-") as folder:
        settings = {"GRADIO_TEMP_DIR": folder, "IMAGEN_DEMO_PICTURES": f"{folder}/pictures"}
        command = (sys.executable, "-m", "benchmarks.session", whose)
        return float(first_line_of(command, settings))


def sessions() -> list[Figure]:
    """Measure what pages and callers cost, beside the usual demo's."""
    with service(0) as url:
        with running_ours(url) as running:
            mine = asyncio.run(_cost(running, "generate", _CALLERS))
        with running_peer(url) as running:
            its = asyncio.run(_cost(running, "generate_image", _USUAL_CALLERS))
    usual_callers = its.callers / _USUAL_CALLERS * _CALLERS
    session, its_session = _new_session("ours"), _new_session("usual")
    return [
        Figure(
            what="a new session, on the event loop",
            unit="ms",
            ours=session,
            usual=its_session,
            ratio=Ratio(session / its_session, OURS_OVER_USUAL),
            aims=(Aim("ours", "under", 1),),
        ),
        Figure(
            what=f"memory for each of {_PAGES} pages that are open",
            unit="KB",
            ours=mine.page,
            usual=its.page,
            aims=(Aim("ours", "under", 30),),
        ),
        Figure(
            what=f"more for each of {_PAGES} others, once those are closed",
            unit="KB",
            ours=mine.left,
            usual=its.left,
        ),
        Figure(
            what=f"{_CALLERS} programs that are new call at once, until all are answered",
            unit="s",
            ours=mine.callers,
            usual=usual_callers,
            is_computed=True,
            ratio=Ratio(usual_callers / mine.callers, USUAL_OVER_OURS),
        ),
    ]

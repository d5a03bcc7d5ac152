"""The three demos that are measured, each in a folder of its own, and their pages once warm.

The measuring modules start them; `processes` does the work.
"""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import Running, demo
from benchmarks.visitors import Page, visiting

_KEY = {"AIMLAPI_API_KEY": "key-of-the-host"}
_OURS = {
    **_KEY,
    "IMAGEN_DEMO_SANDBOX": "off",
    "IMAGEN_DEMO_VISITOR_LIMIT": "999999999/day",
    "IMAGEN_DEMO_DAILY_TOKENS": "999999999999",
}

NOBODY = "http://127.0.0.1:9"
"""A service's address where none is needed."""


@contextmanager
def running_ours(service_url: str) -> Iterator[Running]:
    """Run this demo as a host would, in a folder of its own."""
    with TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        settings = {
            **_OURS,
            "AIMLAPI_BASE_URL": service_url,
            "IMAGEN_DEMO_PICTURES": str(folder / "pictures"),
        }
        with demo(["app.py"], folder, settings) as running:
            yield running


@contextmanager
def running_peer(service_url: str) -> Iterator[Running]:
    """Run the usual demo."""
    settings = {**_KEY, "AIMLAPI_BASE_URL": service_url}
    with (
        TemporaryDirectory(prefix="bench-") as name,
        demo(["-m", "benchmarks.peer"], Path(name), settings) as running,
    ):
        yield running


@contextmanager
def running_hello() -> Iterator[Running]:
    """Run the least that Gradio can be asked to start."""
    with (
        TemporaryDirectory(prefix="bench-") as name,
        demo(["-m", "benchmarks.hello"], Path(name), {}) as running,
    ):
        yield running


@asynccontextmanager
async def warm_page(running: Running) -> AsyncIterator[Page]:
    """A demo's page, once a picture was made with it that is not measured."""
    page = await Page.open(running.url)
    async with visiting(page, 1) as (visitor,):
        await visitor.generate()
    yield page

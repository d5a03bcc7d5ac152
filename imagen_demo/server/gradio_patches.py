"""Every use of what is private to Gradio and Uvicorn, or one for the whole process, on one page.

`launch` calls it, and no other module of this room imports gradio. What must stand elsewhere:
`header_timeout` is a protocol of Uvicorn's, `ui/private_blocks` a `gr.Blocks` whose sessions keep
no copies of widgets, and `logs` empties Uvicorn's own `LOGGING_CONFIG`, which is public. All of it
was read in gradio 6.31, starlette 1.10 and uvicorn 0.54: look again at another version.
"""

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio import blocks, queueing
from gradio.routes import App, templates
from gradio.utils import get_upload_folder
from jinja2 import ChoiceLoader, DictLoader
from starlette.responses import FileResponse
from starlette.types import ASGIApp
from uvicorn.config import HTTP_PROTOCOLS

from imagen_demo.server import header_timeout
from imagen_demo.server.api_calls import Calls, Endpoint
from imagen_demo.server.link_preview import described

_PAGE = "frontend/index.html"

_LOADS_RESIZER = "document.head.appendChild(script);"
"""In a script of its own there: what tells a frame's page how tall its content is."""

_PIECE = 256 * 1024
"""Bytes that are read at once from a file on its way out: each piece is a trip to a thread and
back, more than twenty for a picture with Starlette's own 64 KB; and each is held in memory for
whoever is slow to take it."""

_LOOKS_AGAIN = 0.05
"""Seconds until a queue looks for work of which it was not told."""

_LOOKS_FOR_PROGRESS = 1.0
"""The same for a bar's length, which nothing here tells."""

log = logging.getLogger("imagen_demo")


def patch_process() -> None:
    """Set what is one for all demos of a process, and no option of `launch` reaches."""
    FileResponse.chunk_size = _PIECE
    _trust_no_proxy()
    _go_around_proxies_to_itself()
    _hang_up_on_the_slow()
    _describe_pages()
    _make_one_app()


def _trust_no_proxy() -> None:
    """Let Uvicorn leave `X-Forwarded-For` alone: whom to trust there is the host's to say.

    By default it puts the header's last word in place of any peer on this machine, and Gradio makes
    its server without a word of it [`uvicorn.Config`].
    """
    os.environ["FORWARDED_ALLOW_IPS"] = ""


def _go_around_proxies_to_itself() -> None:
    """Let Gradio find its own server, which it asks for at the start as it would any other.

    Where a proxy is set, and no word of this machine, that ends the start with a traceback, or with
    the advice to open a public link [`Blocks.launch`].
    """
    for name in ("no_proxy", "NO_PROXY"):
        said = {each.strip() for each in os.environ.get(name, "").split(",")} - {""}
        os.environ[name] = ",".join(sorted(said | {"127.0.0.1", "localhost"}))


def _hang_up_on_the_slow() -> None:
    """Let servers speak through `header_timeout`; Gradio starts its own, of the kind `auto`."""
    by_httptools = find_spec("httptools") is not None
    protocol = header_timeout.BoundedProtocol if by_httptools else header_timeout.TimelyProtocol
    HTTP_PROTOCOLS["auto"] = f"{protocol.__module__}:{protocol.__name__}"


@cache  # the template is one for all demos of a process
def _describe_pages() -> None:
    """Let Gradio's page name this demo, and load what only a frame needs in a frame alone.

    It speaks of Gradio, and loads, in a part that no option reaches.
    """
    loader = templates.env.loader
    if loader is None:
        return
    source, _, _ = loader.get_source(templates.env, _PAGE)
    page = described(source)
    if page == source:
        log.warning("Gradio's page has another head than it had: links to it show no card")
        return
    page = page.replace(_LOADS_RESIZER, f"if (window.parent !== window) {_LOADS_RESIZER}", 1)
    templates.env.loader = ChoiceLoader([DictLoader({_PAGE: page}), loader])


@cache
def _make_one_app() -> None:
    """Let Gradio make the app that it serves, and not another three that nobody asks anything.

    It makes one when a page is begun, when it is whole, and when its queue is, all in the same
    words; only `launch` has others [`Blocks.__exit__`, `Blocks.queue`].
    """
    make = App.create_app

    def made(page: gr.Blocks, **options: Any) -> App | None:  # noqa: ANN401 - Gradio's own
        return None if options == {"mcp_server": False} else make(page, **options)

    vars(blocks)["App"] = SimpleNamespace(create_app=made)


def outermost(
    surround: Callable[[ASGIApp], ASGIApp],
) -> Callable[[App], AbstractAsyncContextManager[None]]:
    """A lifespan that puts something around the whole app when it starts.

    Middleware that is handed to Gradio stands inside of its own, which answers preflights by itself
    and adds its headers last, and inside of Starlette's answer to a crash. So Starlette's finished
    stack is taken and another put in its place.
    """

    @asynccontextmanager
    async def lifespan(app: App) -> AsyncIterator[None]:
        inside = app.middleware_stack
        if inside is None:  # it is what runs this
            raise RuntimeError("the app has started without its middleware")
        app.middleware_stack = surround(inside)
        yield

    return lifespan


class _Nap(float):
    """How long a queue sleeps that has nothing to do, unless it is woken."""

    def __init__(self, _: float) -> None:
        self._woken = asyncio.Event()

    async def take(self) -> None:
        self._woken.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(self):
                await self._woken.wait()

    def waking(self, work: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same, which wakes the queue when it is done."""

        async def working(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - the work's own
            try:
                return await work(*args, **kwargs)
            finally:
                self._woken.set()

        return working


class _Asyncio:
    """As Gradio's queue knows it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - a module's
        return getattr(asyncio, name)

    @staticmethod
    async def sleep(delay: float) -> None:
        await (delay.take() if isinstance(delay, _Nap) else asyncio.sleep(delay))


def let_queue_rest(demo: gr.Blocks) -> None:
    """Let a demo's queue sleep until there is work: a call that came, or one that ended.

    By itself it looks a thousand times a second, and a hundred times for progress: some hundredths
    of a core, of a demo that nobody has open, too [`Queue.start_processing`].
    """
    queue: Any = demo._queue  # noqa: SLF001 - it alone knows
    queue.sleep_when_free = nap = _Nap(_LOOKS_AGAIN)
    queue.push, queue.process_events = nap.waking(queue.push), nap.waking(queue.process_events)
    queue.progress_update_sleep_when_free = _LOOKS_FOR_PROGRESS
    vars(queueing)["asyncio"] = _Asyncio()


def calls_of(demo: gr.Blocks) -> Calls:
    """What a demo can be asked for, and what of that its queue has not handed out yet."""
    endpoints = {
        name.removeprefix("/"): Endpoint(
            tuple(each["parameter_name"] for each in said["parameters"]),
            frozenset(
                each["parameter_name"]
                for each in said["parameters"]
                if each["parameter_has_default"]
            ),
        )
        for name, said in demo.get_api_info()["named_endpoints"].items()
    }
    events = frozenset(number for number, each in demo.fns.items() if each.fn)
    queue = demo._queue  # noqa: SLF001 - it alone knows

    def awaits_event(name: str) -> bool:
        unfetched = queue.pending_event_ids_session.values()
        return name in queue.event_ids_to_events or any(name in each for each in unfetched)

    def left_something(session: str) -> bool:
        return session in queue.pending_messages_per_session or session in demo.state_holder

    return Calls(
        endpoints=endpoints,
        events=events,
        uploads=Path(get_upload_folder()),
        knows_session=queue.pending_messages_per_session.__contains__,
        left_something=left_something,
        awaits_event=awaits_event,
    )

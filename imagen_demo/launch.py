"""Puts page, endpoints and server together, and serves them so that nothing leaks.

`app.py` and the tests build and launch through it, so that what is tested is what runs.
"""

from pathlib import Path
from typing import Any

import gradio as gr
from fastapi.exceptions import RequestValidationError
from gradio.utils import get_upload_folder
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

from imagen_demo.domain.pricing import Prices
from imagen_demo.endpoints.answer import Answering
from imagen_demo.endpoints.rest import Rest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.disk_space import Room
from imagen_demo.pictures.gallery import GALLERY
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.pictures.thumbnails import Tiles
from imagen_demo.server.access import Access
from imagen_demo.server.api_calls import Calls, Endpoint
from imagen_demo.server.body_limits import LARGEST_PICTURE
from imagen_demo.server.header_timeout import hang_up_on_the_slow
from imagen_demo.server.link_preview import ICON, LINE, card_route, describe_pages
from imagen_demo.server.middleware import walled
from imagen_demo.server.shutdown import LAST_WORDS, Stopping
from imagen_demo.server.spenders import Spenders
from imagen_demo.service.api_key import Payer
from imagen_demo.service.generate import VISITORS_AT_ONCE, Drawing, Service
from imagen_demo.settings import trust_no_proxy
from imagen_demo.ui.layout import build_page
from imagen_demo.ui.theme import build_theme

_PIECE = 256 * 1024
"""Bytes that are read at once from a file on its way out: each piece is a trip to a thread and
back, more than twenty for a picture with Starlette's own 64 KB; and each is held in memory for
whoever is slow to take it."""

_SESSIONS = 500
"""Open pages that Gradio remembers, at some 0.2 MB each. The one that was silent for longest goes
first, and loses the sum of its visit, no more."""

_STYLE = Path(__file__).parent / "ui/static/css/style.css"
_SCRIPT = Path(__file__).parent / "ui/static/js/page.js"


def build_demo(  # noqa: PLR0913 - the parts of a demo
    service: Service,
    album: Album,
    tiles: Tiles,
    *,
    without_key: Payer,
    gallery: Path = GALLERY,
    access: Access | None = None,
    stopping: Stopping | None = None,
) -> tuple[gr.Blocks, Answering]:
    """Return the page with the REST endpoint beside it, and whoever answers programs.

    Args:
        service: Answers requests; a `Provider`, or a test's fake.
        album: Where pictures are kept.
        tiles: Where their small versions are, below Gradio's folder of temporary files.
        without_key: Who answers when the visitor gives no key, for the page's words.
        gallery: The folder of the examples.
        access: Who may come in, and through how many proxies; the same that `launch` is given.
        stopping: Told what to wait for before the demo ends.
    """
    access = access or Access()
    drawing = Drawing(
        service,
        album,
        prices=Prices(),
        temporary=Temporary(Path(get_upload_folder())),
        room=Room(album, tiles.forget),
    )
    if stopping:
        stopping.wait_for(drawing.is_busy)
    spender_of = Spenders(access.trusted_proxies).of
    answering = Answering(drawing, spender_of)
    page = build_page(
        drawing,
        tiles,
        spender_of=spender_of,
        endpoint=Rest(answering).generate_image,
        without_key=without_key,
        gallery=gallery,
        line=LINE,
        log_out=bool(access.accounts),
    )
    return page, answering


def launch(
    demo: gr.Blocks,
    access: Access | None = None,
    *,
    mcp: Answering | None = None,
    stopping: Stopping | None = None,
    **more: Any,  # noqa: ANN401 - Gradio's own options
) -> str:
    """Serve the demo and return its address; host and port come from Gradio's own environment.

    Args:
        demo: The page that `build_demo` returned.
        access: Who may come in, and from where; everyone, and from nowhere else, by default.
        mcp: Answers MCP clients; without it they find no door.
        stopping: Says when the demo is on its way out.
        more: Further options of `gr.Blocks.launch`.
    """
    trust_no_proxy()
    hang_up_on_the_slow()
    describe_pages()
    FileResponse.chunk_size = _PIECE
    stopping = stopping or Stopping()
    head = f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script>"
    # Every visitor's request waits at the service, not for another visitor; and nobody may
    # slip past the queue by posting to /run/.
    demo.queue(default_concurrency_limit=None, api_open=False)
    _, local_url, _ = demo.launch(
        theme=build_theme(),
        css_paths=_STYLE,
        favicon_path=ICON,
        head=head,
        max_threads=VISITORS_AT_ONCE,
        state_session_capacity=_SESSIONS,
        run_history=False,  # it would write the key to the browser's storage in plain text
        app_kwargs={
            "lifespan": walled(access or Access(), stopping, _calls_of(demo), head),
            "exception_handlers": {RequestValidationError: _say_what_does_not_fit},
            "routes": [card_route(), *(_mcp_routes(mcp, stopping) if mcp else [])],
        },
        mcp_server=False,  # Gradio's own; `endpoints/mcp` says why not
        enable_monitoring=False,
        ssr_mode=False,
        footer_links=[],  # Gradio's API panel records the page's own calls, the key among them
        max_file_size=LARGEST_PICTURE,
        **more,
    )
    return local_url


def _calls_of(demo: gr.Blocks) -> Calls:
    """What a demo can be asked for, and what of that it has not handed out yet."""
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

    return Calls(
        endpoints=endpoints,
        events=events,
        uploads=Path(get_upload_folder()),
        knows_session=queue.pending_messages_per_session.__contains__,
        awaits_event=awaits_event,
    )


def _say_what_does_not_fit(_: Request, error: Exception) -> JSONResponse:
    """Answer as FastAPI does, but without repeating what was sent, which may hold a key."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    said = [{name: each[name] for name in ("type", "loc", "msg")} for each in found]
    return JSONResponse({"detail": said}, 422)


def _mcp_routes(answering: Answering, stopping: Stopping) -> list[Route]:
    # What it imports takes its time, and need not be there for those who do not want it.
    from imagen_demo.endpoints.mcp import mcp_routes  # noqa: PLC0415

    def refusal() -> str | None:
        return LAST_WORDS if stopping.begun else None

    return mcp_routes(answering, refusal)

"""Serves the page: what Gradio must be told so that nothing leaks and nobody waits in a row.

`app.py` and the tests launch through it, so that what is tested is what runs.
"""

from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi.exceptions import RequestValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from imagen_demo.server.access import Access
from imagen_demo.server.body_limits import LARGEST_PICTURE
from imagen_demo.server.gradio_patches import calls_of, outermost, patch_process
from imagen_demo.server.link_preview import card_route
from imagen_demo.server.middleware import steps, surround
from imagen_demo.server.shutdown import Shutdown
from imagen_demo.ui.cancellation import VISITORS_AT_ONCE
from imagen_demo.ui.theme import build_theme

_SESSIONS = 500
"""Open pages that Gradio remembers, at some 0.2 MB each. The one that was silent for longest goes
first, and loses the sum of its visit, no more."""

_STATIC = Path(__file__).parent / "ui/static"
_STYLE = _STATIC / "css/style.css"
_SCRIPT = _STATIC / "js/page.js"
_ICON = _STATIC / "img/icon.png"
_CARD = _STATIC / "img/card.png"


def launch(
    demo: gr.Blocks,
    access: Access | None = None,
    *,
    mcp: bool = False,
    stopping: Shutdown | None = None,
    **more: Any,  # noqa: ANN401 - Gradio's own options
) -> str:
    """Serve the demo and return its address; host and port come from Gradio's own environment.

    Args:
        demo: What `build_demo` returned.
        access: Who may come in, and from where; everyone, and from nowhere else, by default.
        mcp: Whether MCP clients are answered too.
        stopping: Says when the demo is on its way out.
        more: Further options of `gr.Blocks.launch`.
    """
    patch_process()
    stopping = stopping or Shutdown()
    head = f"<script>{_SCRIPT.read_text(encoding='utf-8')}</script>"
    # Every visitor's request waits at the service, not for another visitor; and nobody may
    # slip past the queue by posting to /run/.
    demo.queue(default_concurrency_limit=None, api_open=False)
    calls = calls_of(demo)  # of this queue: the one before is gone
    middleware = steps(access or Access(), stopping, calls, head=head)
    _, local_url, _ = demo.launch(
        theme=build_theme(),
        css_paths=_STYLE,
        favicon_path=_ICON,
        head=head,
        max_threads=VISITORS_AT_ONCE,
        state_session_capacity=_SESSIONS,
        run_history=False,  # it would write the key to the browser's storage in plain text
        app_kwargs={
            "lifespan": outermost(partial(surround, middleware=middleware)),
            "exception_handlers": {RequestValidationError: _say_what_does_not_fit},
            "routes": [card_route(_CARD), *(_mcp_door(demo, stopping) if mcp else [])],
        },
        mcp_server=False,  # Gradio's own; `mcp_door` says why not
        enable_monitoring=False,
        ssr_mode=False,
        footer_links=[],  # Gradio's API panel records the page's own calls, the key among them
        max_file_size=LARGEST_PICTURE,
        **more,
    )
    return local_url


def _say_what_does_not_fit(_: Request, error: Exception) -> JSONResponse:
    """Answer as FastAPI does, but without repeating what was sent, which may hold a key."""
    found = error.errors() if isinstance(error, RequestValidationError) else ()
    said = [{name: each[name] for name in ("type", "loc", "msg")} for each in found]
    return JSONResponse({"detail": said}, 422)


def _mcp_door(demo: gr.Blocks, stopping: Shutdown) -> list[Route]:
    # What it imports takes its time, and need not be there for those who do not want it.
    from imagen_demo.endpoints.mcp import mcp_door  # noqa: PLC0415

    return mcp_door(demo, stopping.notice)

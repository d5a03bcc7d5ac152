"""Serves the page: what Gradio must be told so that nothing leaks and nobody waits in a row.

`app.py` and the tests launch through it, so that what is tested is what runs.
"""

from pathlib import Path
from typing import Any

import gradio as gr
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo.ui.abandoning import VISITORS_AT_ONCE
from imagen_demo.ui.theme import build_theme

_LARGEST_UPLOAD = "32mb"
"""More than any picture of the API has; Gradio's upload route answers to anyone."""

_STYLE = Path(__file__).with_name("style.css")

# Answers with every component's value, the key's among them, as a file that anyone may fetch.
_CLOSED = "/gradio_api/deep_link"


class ClosedDeepLinks:
    """Answers 404 where Gradio would write the page's values, the key's too, to a public file."""

    def __init__(self, app: ASGIApp) -> None:
        """Wrap `app`."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on but the one route, wherever the app is mounted."""
        if scope["type"] == "http" and scope["path"].rstrip("/").endswith(_CLOSED):
            await PlainTextResponse("Not found", 404)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


# Where a browser keeps nothing, not even asking for its storage is allowed, and Gradio's page would
# not start: there the page remembers until it is closed.
_HEAD = """<script>
try { window.localStorage.length; } catch {
  const kept = new Map();
  Object.defineProperty(window, 'localStorage', {value: {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, String(value)),
    removeItem: (name) => kept.delete(name),
    key: (place) => [...kept.keys()][place] ?? null,
    clear: () => kept.clear(),
    get length() { return kept.size; },
  }});
}
</script>"""


def launch(demo: gr.Blocks, **more: Any) -> str:  # noqa: ANN401 - Gradio's own options
    """Serve the demo and return its address; host and port come from Gradio's own environment.

    Args:
        demo: What `build_demo` returned.
        more: Further options of `gr.Blocks.launch`.
    """
    # Every visitor's request waits at the service, not for another visitor; and nobody may
    # slip past the queue by posting to /run/.
    demo.queue(default_concurrency_limit=None, api_open=False)
    _, local_url, _ = demo.launch(
        theme=build_theme(),
        css_paths=_STYLE,
        head=_HEAD,
        max_threads=VISITORS_AT_ONCE,
        run_history=False,  # it would write the key to the browser's storage in plain text
        app_kwargs={"middleware": [Middleware(ClosedDeepLinks)]},
        enable_monitoring=False,
        ssr_mode=False,
        footer_links=[],  # Gradio's API panel records the page's own calls, the key among them
        max_file_size=_LARGEST_UPLOAD,
        **more,
    )
    return local_url

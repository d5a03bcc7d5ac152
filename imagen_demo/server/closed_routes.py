"""What Gradio offers and the page never calls: nobody gets it.

`middleware` asks before Gradio sees a request.
"""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from imagen_demo.server.routes import API, route_of

# The first writes every component's value, the key's among them, to a file that anyone may fetch;
# the next two take files of any kind, and keep them. `run` and `api` are ways past the queue,
# `stream`, `proxy=` and `custom_component` serve what this demo does not have (the last prints what
# it is asked for), and an icon is drawn as large as whoever asks for it wants.
_CLOSED = re.compile(
    rf"{API}/(deep_link|process_recording|component_server|vibe-[a-z-]+|undo-vibe-edit)/?"
    rf"|{API}/((run|api|stream|custom_component)/|proxy=).*|/pwa_icon/.*",
    re.DOTALL,
)

# Wakes twenty times a second for each who listens, for changes of code that only `gradio app.py`
# looks for.
_RELOADS = re.compile(rf"{API}/dev/reload/?")

_LONGEST_NAME = 255
"""Bytes of a file's name that a disk can have; asked for longer ones Gradio's routes crash."""


def closed_routes(request: Request, *, reloads: bool = False) -> Response | None:
    """The answer to whoever asks for one of them, or for what no disk can have.

    `reloads` says that the demo starts again when its code changes.
    """
    path = route_of(request)
    closed = _CLOSED.fullmatch(path) or (_RELOADS.fullmatch(path) and not reloads)
    closed = closed or any(len(each.encode()) > _LONGEST_NAME for each in path.split("/"))
    return PlainTextResponse("Not found", 404) if closed else None

"""What Gradio offers and the page never calls: nobody gets it.

`middleware` asks before Gradio sees a request.
"""

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from imagen_demo.server.routes import API, route_of

# The first writes every component's value, the key's among them, to a file that anyone may fetch;
# the next two take files of any kind, and keep them. `run` and `api` are ways past the queue,
# `stream` and `proxy=` serve what this demo does not have, and an icon is drawn as large as whoever
# asks for it wants.
_CLOSED = re.compile(
    rf"{API}/(deep_link|process_recording|component_server|vibe-[a-z-]+|undo-vibe-edit)/?"
    rf"|{API}/((run|api|stream)/|proxy=).*|/pwa_icon/.*",
    re.DOTALL,
)


def closed_routes(request: Request) -> Response | None:
    """The answer to whoever asks for one of them."""
    closed = _CLOSED.fullmatch(route_of(request))
    return PlainTextResponse("Not found", 404) if closed else None

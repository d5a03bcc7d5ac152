"""Whether the demo is well, for whoever runs it: Docker, a load balancer, a Space.

`middleware` answers with it before anything else is asked of a request; `shutdown` knows.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from imagen_demo.server.routes import route_of
from imagen_demo.server.shutdown import Shutdown


def health(shutdown: Shutdown, request: Request) -> Response | None:
    """The answer to /healthz: 200, or 503 once it is stopping."""
    if route_of(request) != "/healthz":
        return None
    return PlainTextResponse("stopping", 503) if shutdown.begun else PlainTextResponse("ok")

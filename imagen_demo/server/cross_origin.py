"""Other sites' pages: none makes its visitors spend here, but those that the host allows.

`middleware` asks; what a browser may read of an answer is for `security_headers` to say.
"""

from collections.abc import Collection

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from imagen_demo.server.routes import has_body

_PREFLIGHT = "access-control-request-method"


def preflight(request: Request) -> Response | None:
    """The answer to a browser that asks first: the headers around it say whether it may."""
    asks = request.method == "OPTIONS" and _PREFLIGHT in request.headers
    return PlainTextResponse("") if asks else None


def cross_origin(allowed: Collection[str], request: Request) -> Response | None:
    """The answer to what another site's page sent; `allowed` are the origins that may."""
    if not has_body(request) or not _is_foreign(allowed, request):
        return None
    return PlainTextResponse("Other sites' pages may not call this demo.", 403)


def _is_foreign(allowed: Collection[str], request: Request) -> bool:
    """Whether another site's page sent this, on which its visitor clicked unawares.

    As Go's `http.CrossOriginProtection` does: browsers say it in Sec-Fetch-Site, where that is
    missing (plain HTTP) in Origin; programs send neither.
    """
    origin = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if origin in allowed:
        return False
    if site is not None:
        return site not in {"same-origin", "none"}
    here = {request.headers.get(each, "") for each in ("host", "x-forwarded-host")}
    return origin is not None and (origin.partition("://")[2] or "null") not in here

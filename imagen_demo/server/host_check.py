"""A demo that is for its own machine alone answers to that machine's names, and to no other.

`middleware` asks where `access` says so.
"""

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_OWN = (".localhost", ".local", ".internal")


def host_check(request: Request) -> Response | None:
    """The answer to whoever asked for it by a name that is another's."""
    if _is_this_machine(request.headers.get("host", "")):
        return None
    return PlainTextResponse(
        "This demo is for its own machine, and does not go by this name there. "
        "Behind a proxy set IMAGEN_DEMO_TRUSTED_PROXIES.",
        421,
    )


@lru_cache(maxsize=64)
def _is_this_machine(host: str) -> bool:
    """Whether a request's Host can only mean this machine.

    A page elsewhere may let its own name lead to 127.0.0.1, and is then this demo's own page to a
    browser here (DNS rebinding). Nobody elsewhere owns an address, a name without a dot, or one
    that is reserved for a network of one's own [RFC 6761, RFC 6762, ICANN on .internal].
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        return "." not in name or name.endswith(_OWN) or bool(ipaddress.ip_address(name))
    except ValueError:
        return False

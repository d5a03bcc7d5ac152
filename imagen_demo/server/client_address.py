"""Who a visitor is to a host that pays: the peer's address, as far as proxies can be trusted.

The page's handlers, `login` and `upload_limits` ask; `service/budget` counts by the answer. Nothing
that a visitor can set counts: neither a session, nor a cookie, nor a header that no trusted proxy
wrote.
"""

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from typing import Protocol

from starlette.datastructures import Address

_WHOSE = 64
"""Bits of an IPv6 address that say whose it is."""


class Asking(Protocol):
    """What must be known of a request: Starlette's are so, and Gradio's."""

    @property
    def client(self) -> Address | None:
        """Who is connected to this process."""

    @property
    def headers(self) -> Mapping[str, str]:
        """In which a name may stand several times."""


def client_of(request: Asking | None, *, trusted_proxies: int = 0) -> str:
    """Return who asks, in a form that may be kept: a hash; empty where nobody knows.

    Args:
        request: What they sent.
        trusted_proxies: How many proxies stand before this process, each known to append whom it
            saw to `X-Forwarded-For`, so the last ones are the nearest proxies' own words.
    """
    if request is None or request.client is None:
        return ""
    # `get` would give the first header alone, which a visitor may have written.
    forwarded_for = ",".join(
        value for name, value in request.headers.items() if name.lower() == "x-forwarded-for"
    )
    said = [each.strip() for each in forwarded_for.split(",") if each.strip()]
    hops = [*said, request.client.host]
    # With fewer hops than proxies somebody came around one; the farthest is as good as any.
    address = hops[max(0, len(hops) - 1 - trusted_proxies)]
    return hashlib.sha256(_network_of(address).encode()).hexdigest()[:32]


def _network_of(address: str) -> str:
    """Of an IPv6 address its first half: a visitor may choose the other at will [RFC 6177]."""
    # Some proxies write the port, too: 192.0.2.1:4711, [2001:db8::1]:4711.
    if with_port := re.fullmatch(r"\[(.*)\](:[0-9]+)?|([^:]*):[0-9]+", address):
        address = with_port[1] or with_port[3] or ""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _WHOSE), strict=False))

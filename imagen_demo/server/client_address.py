"""Who a visitor is to a host that pays: the peer's address, as far as proxies can be trusted.

`ui/create/handlers` asks; `service/budget` counts by the answer. Nothing that a visitor can set
counts: neither a session, nor a cookie, nor a header that no trusted proxy wrote.
"""

import hashlib
import ipaddress
import re

_WHOSE = 64
"""Bits of an IPv6 address that say whose it is."""


def visitor_of(peer: str, forwarded_for: str, *, trusted_proxies: int) -> str:
    """Return a visitor's address in a form that may be kept: a hash of it.

    Args:
        peer: Who is connected to this process.
        forwarded_for: The `X-Forwarded-For` headers, joined by commas; each proxy appends whom it
            saw, so the last ones are the nearest proxies' own words.
        trusted_proxies: How many proxies stand before this process, each known to append.
    """
    hops = [each.strip() for each in forwarded_for.split(",") if each.strip()] + [peer]
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

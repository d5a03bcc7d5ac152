"""Whom a picture's link may reach: the open internet, never this machine or its network.

`download` asks about links before it follows them; `transport` connects through `GuardedPool`,
which looks again whom it really reached.
"""

import ipaddress
import socket

from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPSConnection

from imagen_demo.errors import UnusableReply

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet: not private, loopback or link-local.

    An IPv4 address inside an IPv6 one (mapped, NAT64, 6to4) is judged as what it stands for.

    Raises:
        ValueError: It is a name, or nothing at all.
    """
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else None
        inner = ip.ipv4_mapped or translated or ip.sixtofour
        if inner is None:
            return ip in _GLOBAL_UNICAST and ip.is_global
        ip = inner
    return ip.is_global and not ip.is_multicast


def is_loopback(host: str) -> bool:
    """Whether a host, by name or address, is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class _GuardedConnection(HTTPSConnection):
    """Refuses private addresses where it cannot be fooled: at the connected socket.

    A look-up before connecting could be answered differently the second time (DNS rebinding).
    """

    def _new_conn(self) -> socket.socket:
        connected = super()._new_conn()
        if is_public(str(connected.getpeername()[0])):
            return connected
        connected.close()
        raise UnusableReply("The link to the picture leads into a private network.")


class GuardedPool(HTTPSConnectionPool):
    """Connections of https that never enter a private network."""

    ConnectionCls = _GuardedConnection

"""Whom a picture's link may reach: the open internet, never this machine or its network.

`picture_download` asks about links as they are written; `transport` connects through `GuardedPool`,
which asks about the addresses that a name leads to.
"""

import ipaddress
import socket
from contextlib import suppress
from typing import Any
from urllib.parse import unquote

from urllib3 import HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import create_connection

from imagen_demo.aimlapi.connections import TimelyHTTPSConnection
from imagen_demo.domain.errors import UnusableReply

PRIVATE = "The link to the picture leads into a private network."

_Found = list[tuple[Any, ...]]
"""What `socket.getaddrinfo` finds."""

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


def is_private(host: str) -> bool:
    """Whether a host is written as an address that is not public, or as this machine's name.

    In any spelling that ends as such an address: 127.1, 0x7f000001, 2130706433, a trailing dot,
    percent escapes, full-width digits, a zone. No name is looked up.
    """
    bare = unquote(host).partition("%")[0].lower().rstrip(".")
    if bare == "localhost" or bare.endswith(".localhost"):
        return True
    try:
        found = socket.getaddrinfo(bare, None, flags=socket.AI_NUMERICHOST)
    except (socket.gaierror, UnicodeError):
        return False
    return not _are_public(found)


def _are_public(found: _Found) -> bool:
    return all(is_public(str(address[0])) for *_, address in found)


class _GuardedConnection(TimelyHTTPSConnection):
    """Looks a name up once, and connects to nothing but the addresses it then judged.

    A second look-up could be answered differently (DNS rebinding).
    """

    def _new_conn(self) -> socket.socket:
        try:
            *others, last = self._looked_up()
            for address in others:
                with suppress(OSError):
                    return self._connected(address)
            return self._connected(last)
        except socket.gaierror as cause:
            raise NameResolutionError(self.host, self, cause) from cause
        except TimeoutError as cause:
            raise ConnectTimeoutError(self, "No connection in time.") from cause
        except OSError as cause:
            raise NewConnectionError(self, f"No connection: {cause}") from cause

    def _looked_up(self) -> list[str]:
        try:
            found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
        except UnicodeError as cause:
            raise UnusableReply("The link to the picture is broken.") from cause
        if not _are_public(found):
            raise UnusableReply(PRIVATE)
        return [str(address[0]) for *_, address in found]

    def _connected(self, address: str) -> socket.socket:
        options = self.socket_options
        return create_connection((address, self.port), self.timeout, socket_options=options)


class GuardedPool(HTTPSConnectionPool):
    """Connections of https that never enter a private network."""

    ConnectionCls = _GuardedConnection

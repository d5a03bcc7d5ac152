"""Where the demo listens, and whether it can: said at the start, before anything is served.

`settings` reads it, `launch` serves there.
"""

import errno
import socket
from dataclasses import dataclass

from imagen_demo.domain.errors import ConfigurationError

PORT = 7860
"""Gradio's own."""


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """A host and a port of this machine.

    Attributes:
        host: A name or an address, in brackets or not; empty for this machine alone.
        port: 1 to 65535.
    """

    host: str = ""
    port: int = PORT

    @property
    def url(self) -> str:
        """How a browser on this machine finds it."""
        everywhere = self.host in {"", "0.0.0.0", "::", "[::]"}  # noqa: S104 - only looked at
        return f"http://{'127.0.0.1' if everywhere else self.host}:{self.port}/"

    def refuse_taken(self) -> None:
        """Try to listen there.

        Raises:
            ConfigurationError: It cannot be; names the variable, and why.
        """
        host = self.host.strip("[]") or "127.0.0.1"
        try:
            found = socket.getaddrinfo(host, self.port, type=socket.SOCK_STREAM)
            family, kind, protocol, _, place = found[0]
            with socket.socket(family, kind, protocol) as trying:
                # As Uvicorn does: what the last demo left behind for a minute is no other's.
                trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                trying.bind(place)
                trying.listen()  # without it two may bind, and the second learns of it later
        except OSError as cause:
            raise _refusal(self, cause) from cause


def _refusal(where: ServerAddress, cause: OSError) -> ConfigurationError:
    if cause.errno == errno.EADDRINUSE:
        return ConfigurationError(
            f"Port {where.port} is taken: something else listens there.",
            advice="Stop it, or set GRADIO_SERVER_PORT to another.",
        )
    if cause.errno == errno.EACCES:
        return ConfigurationError(
            f"GRADIO_SERVER_PORT is {where.port}, and the system does not let this user listen "
            "there.",
            advice="Take one from 1024 on.",
        )
    return ConfigurationError(
        "GRADIO_SERVER_NAME is no address of this machine.",
        advice="Leave it out for this machine alone, or set 0.0.0.0 for everybody.",
    )

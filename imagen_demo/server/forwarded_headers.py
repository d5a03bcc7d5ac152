"""What proxies say of the way to this demo, as far as the host trusts any.

The outermost step of `middleware`: nobody reads a request's headers before. Gradio believes the
first `X-Forwarded-Host` and `X-Forwarded-Proto`, and an `X-Gradio-Server`, whoever wrote them
[`get_request_origin`]: they become the addresses in the page.
"""

import logging
from collections.abc import Iterable

from starlette.types import ASGIApp, Receive, Scope, Send

_SAID_BY_PROXIES = (b"x-forwarded-host", b"x-forwarded-proto")
_SAID_BY_NOBODY = b"x-gradio-server"

log = logging.getLogger("imagen_demo")


class ForwardedHeaders:
    """Believes so many proxies, and nobody else."""

    def __init__(self, app: ASGIApp, trusted_proxies: int) -> None:
        """`trusted_proxies` stand before the demo, each of which appends its own word."""
        self._app = app
        self._trusted = trusted_proxies
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with only those headers that may be believed."""
        await self._app(self._believed(scope), receive, send)

    def _believed(self, scope: Scope) -> Scope:
        headers = scope["headers"]
        doubtful = {name for name, _ in headers}.intersection((*_SAID_BY_PROXIES, _SAID_BY_NOBODY))
        if not doubtful:
            return scope
        kept = [each for each in headers if each[0] not in doubtful]
        if self._trusted:
            kept += [
                (name, self._farthest(value for other, value in headers if other == name))
                for name in doubtful.intersection(_SAID_BY_PROXIES)
            ]
        else:
            self._warn()
        return {**scope, "headers": kept}

    def _farthest(self, values: Iterable[bytes]) -> bytes:
        """The word of the trusted proxy that is farthest away: what stands before it is hearsay."""
        said = [each.strip() for each in b",".join(values).split(b",")]
        return said[max(0, len(said) - self._trusted)]

    def _warn(self) -> None:
        if not self._warned:
            self._warned = True
            log.warning(
                "A request came with X-Forwarded headers, which are not believed. "
                "If a proxy stands before this demo, set IMAGEN_DEMO_TRUSTED_PROXIES."
            )

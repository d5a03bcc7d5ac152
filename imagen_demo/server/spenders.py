"""Whose share of the host's budget a click is: the visitor's address, as `client_address` sees it.

`ui/create/handlers` and `ui/compare/handlers` ask it of Gradio's request, `login` of any.
"""

from dataclasses import dataclass

import gradio as gr
from starlette.requests import HTTPConnection

from imagen_demo.server.client_address import visitor_of


@dataclass(frozen=True, slots=True)
class Spenders:
    """Tells visitors apart.

    Attributes:
        trusted_proxies: How many proxies stand before the demo.
    """

    trusted_proxies: int = 0

    def of(self, request: gr.Request | HTTPConnection | None) -> str:
        """Return who asks, in a form that may be kept; empty where nobody knows."""
        if request is None or request.client is None:
            return ""
        # `get` would give the first header alone, which a visitor may have written.
        forwarded_for = ", ".join(
            value for name, value in request.headers.items() if name.lower() == "x-forwarded-for"
        )
        peer = request.client.host
        return visitor_of(peer, forwarded_for, trusted_proxies=self.trusted_proxies)

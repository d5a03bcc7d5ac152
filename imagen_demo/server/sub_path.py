"""Notices a demo that a proxy serves below a path of which nobody told it.

`middleware` asks. The page itself opens there, since its scripts are found beside it; its pictures
and its calls are not, since their addresses begin at the root that the demo knows of.
"""

import logging
from urllib.parse import urlsplit

from starlette.requests import Request

from imagen_demo.server.routes import route_of

log = logging.getLogger("imagen_demo")

_ONLY_THE_PAGE_LOADS = ("/theme.css", "/assets/")


class SubPath:
    """Says once where the page is really opened."""

    def __init__(self, root_path: str = "") -> None:
        """`root_path` is what the demo was told: a path, or a whole address."""
        self._known = urlsplit(root_path).path.rstrip("/")
        self.found = ""

    def notice(self, request: Request) -> None:
        """Look at whose page asks for one of the page's own files [Referer, RFC 9110, 10.1.3]."""
        if self.found or not route_of(request).startswith(_ONLY_THE_PAGE_LOADS):
            return
        try:
            referer = urlsplit(request.headers.get("referer", ""))
        except ValueError:
            return
        hosts = {request.headers.get(each, "") for each in ("host", "x-forwarded-host")}
        # A file, such as a style sheet that asks for a font, has a name behind its last slash.
        below, _, name = referer.path.rpartition("/")
        if name or below == self._known or referer.netloc not in hosts or not below.isprintable():
            return
        self.found = below
        log.warning(
            "The page is opened at %s/, of which this demo does not know: its pictures are not "
            "found there. Set GRADIO_ROOT_PATH=%s",
            below,
            below,
        )

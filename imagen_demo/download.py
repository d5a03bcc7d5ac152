"""A picture's link as bytes: fetched at once, without the key, and with suspicion.

`client` hands it the links of a reply; every address and every redirect is checked here, and
`transport` checks again whom it really reached.
"""

import time
from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

from imagen_demo.errors import Charged, ServiceUnreachable, UnusableReply
from imagen_demo.transport import Answer, Transport, is_public

MAX_PICTURE_BYTES = 32 << 20
MAX_REDIRECTS = 3

# Asking for a file again costs nothing, and this one is paid for. 404 is among them because a
# link can be handed out before every server behind it has the file.
_AGAIN = {404, 429, 500, 502, 503, 504}
_WAITS = (0.3, 0.9)
"""Seconds before the second and the third attempt."""


class Downloader:
    """Fetches pictures for one API."""

    def __init__(self, transport: Transport, origin: str) -> None:
        """`origin` is the API's scheme, host and port; only there may plain http lead."""
        self._transport = transport
        self._origin = origin

    def fetch(self, url: str) -> bytes:
        """Fetch one picture's bytes; whether they are a picture is not looked at here.

        Raises:
            UnusableReply: The link leads where none should, or to nothing; it carries the link
                where a person could still open it.
        """
        try:
            for _ in range(1 + MAX_REDIRECTS):
                self._check(url)
                answer = self._get(url)
                if answer.status not in range(300, 400):
                    return self._body(answer)
                url = urljoin(url, answer.headers.get("location", ""))
        except ServiceUnreachable as cause:
            raise lost_picture(url, "The picture was made, but it could not be fetched.") from cause
        except UnusableReply as cause:
            raise lost_picture(url, cause.message) from cause
        raise lost_picture(url, "The link to the picture leads round in circles.")

    def _check(self, url: str) -> None:
        """Refuse a link by its looks alone, before any connection."""
        try:
            parts = urlsplit(url)
            host, origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
            _ = parts.port  # raises for a port that is no number
        except ValueError as cause:
            raise UnusableReply("The link to the picture is broken.") from cause
        if origin == self._origin:
            return
        if parts.scheme != "https" or not host:
            raise UnusableReply("The link to the picture is not an https address.")
        if _is_private_literal(host):
            raise UnusableReply("The link to the picture leads into a private network.")

    def _get(self, url: str) -> Answer:
        for wait in _WAITS:
            try:
                answer = self._transport.get(url, limit=MAX_PICTURE_BYTES)
            except ServiceUnreachable:
                pass
            else:
                if answer.status not in _AGAIN:
                    return answer
            time.sleep(wait)
        return self._transport.get(url, limit=MAX_PICTURE_BYTES)

    @staticmethod
    def _body(answer: Answer) -> bytes:
        if answer.status != HTTPStatus.OK:
            raise UnusableReply(f"The link to the picture answered with status {answer.status}.")
        return answer.body


def lost_picture(url: str, message: str) -> UnusableReply:
    """Say what is wrong with a picture that was paid for; keep a link that a browser can open."""
    openable = url.startswith("https://")
    return UnusableReply(
        message,
        advice="Open its link before it expires:" if openable else "",
        charged=Charged.YES,
        picture_urls=(url,) if openable else (),
    )


def _is_private_literal(host: str) -> bool:
    """Whether a host is written as a private address; names are judged once connected."""
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")

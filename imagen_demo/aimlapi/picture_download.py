"""A picture's link as bytes: fetched at once, without the key, and with suspicion.

`client` hands it the links of a reply; every link and every redirect is checked here, and
`transport` checks the addresses that its name leads to.
"""

import time
from contextlib import suppress
from http import HTTPStatus
from urllib.parse import quote, urljoin, urlsplit

from imagen_demo.aimlapi.ssrf_guard import PRIVATE, is_private
from imagen_demo.aimlapi.transport import Answer, Transport
from imagen_demo.domain.advice import Action
from imagen_demo.domain.errors import Charged, ServiceUnreachable, UnusableReply
from imagen_demo.domain.generation import MAX_PICTURE_BYTES

MAX_REDIRECTS = 3

# Asking for a file again costs nothing, and this one is paid for. 404 is among them because a
# link can be handed out before every server behind it has the file.
_AGAIN = {404, 429, 500, 502, 503, 504}
_WAITS = (0.3, 0.9)
"""Seconds before the second and the third attempt."""


PATIENCE = 60.0
"""Seconds after which a picture is not asked for once more."""


class Downloader:
    """Fetches pictures for one API."""

    def __init__(self, transport: Transport, origin: str) -> None:
        """`origin` is the API's scheme, host and port; only there may plain http lead."""
        self._transport = transport
        self._origin = origin

    def fetch(self, link: str) -> bytes:
        """Fetch one picture's bytes; whether they are a picture is not looked at here.

        Raises:
            UnusableReply: The link leads where none should, or to nothing; it carries the link
                where a person could still open it.
        """
        url, until = link, time.monotonic() + PATIENCE
        try:
            self._check(link)
            for _ in range(1 + MAX_REDIRECTS):
                answer = self._get(url, until)
                if answer.status not in range(300, 400):
                    return self._body(answer)
                url = _joined(url, answer.headers.get("location", ""))
                self._check(url)
        except ServiceUnreachable as cause:
            raise lost_picture(link, "The picture was made, but could not be fetched.") from cause
        except UnusableReply as cause:
            followed = "" if cause.message == PRIVATE else link
            raise lost_picture(followed, cause.message) from cause
        raise lost_picture(link, "The link to the picture leads round in circles.")

    def _check(self, url: str) -> None:
        """Refuse a link by its looks alone, before any connection."""
        try:
            parts = urlsplit(url)
            host, origin = parts.hostname or "", f"{parts.scheme}://{parts.netloc}"
            _ = parts.port  # raises for a port that is no number
        except ValueError as cause:
            raise _refused("The link to the picture is broken.") from cause
        if origin == self._origin:
            return
        if parts.scheme != "https" or not host:
            raise _refused("The link to the picture is not an https address.")
        if is_private(host):
            raise _refused(PRIVATE)

    def _get(self, url: str, until: float) -> Answer:
        for wait in _WAITS:
            try:
                answer = self._transport.get(url, limit=MAX_PICTURE_BYTES)
            except ServiceUnreachable:
                if time.monotonic() > until:
                    raise
            else:
                if answer.status not in _AGAIN or time.monotonic() > until:
                    return answer
            time.sleep(wait)
        return self._transport.get(url, limit=MAX_PICTURE_BYTES)

    @staticmethod
    def _body(answer: Answer) -> bytes:
        if answer.status != HTTPStatus.OK:
            raise UnusableReply(f"The link to the picture answered with status {answer.status}.")
        return answer.body


def _refused(message: str) -> UnusableReply:
    return UnusableReply(message, charged=Charged.YES)


def _joined(url: str, location: str) -> str:
    with suppress(UnicodeError):  # headers come as Latin-1, whatever was meant
        location = location.encode("latin-1").decode()
    try:
        return urljoin(url, location.strip())
    except ValueError:
        return ""


def lost_picture(link: str, message: str) -> UnusableReply:
    """Say what is wrong with a picture that was paid for; keep a link that a person can open."""
    url = openable(link)
    return UnusableReply(
        message,
        action=Action.OPEN_LINK if url else None,
        charged=Charged.YES,
        picture_urls=(url,) if url else (),
    )


def openable(link: str) -> str:
    """Return a link as a person may safely follow it, even where this demo may not; else nothing.

    It leads to a web page of the open internet, encrypted or not, and shows where.
    """
    url = link.strip()
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and {".", ":"} & set(host)
    if not is_web or {"@", "\\"} & set(parts.netloc) or is_private(host):
        return ""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")

"""The room's stage, /stage, for the host's projector; and /stage/host, where the host decides.

Both are behind the host's `door`, or behind the login where there is no such password. What is on,
and what comes, is `service/stage`'s.
"""

import io
import logging
from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import segno
from markupsafe import Markup
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from imagen_demo.host.door import NEVER_KEPT, Door, back, fields_of
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.service.shared_counters import unanswered
from imagen_demo.service.stage import Entry, Stage
from imagen_demo.stage.present import Present
from imagen_demo.stage.slides import Pictures, address_of, fill, slide

log = logging.getLogger("imagen_demo")

_FILES = Path(__file__).parent / "static"

_LONGEST = 600.0
"""Seconds for which a picture may be on before the next one comes."""


class Room:
    """Answers at /stage."""

    def __init__(
        self,
        stage: Stage,
        pictures: Pictures,
        thumbnails: Thumbnails,
        door: Door | None,
        address_of: Callable[[Request], str],
    ) -> None:
        """Bring together what is shown and who decides.

        Args:
            stage: What is on, and what comes.
            pictures: Those that may be shown.
            thumbnails: Their small versions.
            door: Lets the host in; None where a login has asked already.
            address_of: Says by which address the page is found, for phones.
        """
        self._stage = stage
        self._pictures = pictures
        self._thumbnails = thumbnails
        self._door = door
        self._address_of = address_of

    def routes(self) -> list[BaseRoute]:
        """What to add to the app."""
        return [
            Route("/stage", self._guarded(self.page), methods=["GET", "POST"]),
            Route("/stage/now", self._guarded(self.now)),
            Route("/stage/host", self._guarded(self.host), methods=["GET", "POST"]),
            Route("/stage/waiting", self._guarded(self.waiting)),
        ]

    def page(self, request: Request, _: Mapping[str, str]) -> Response:
        """What the projector shows; it asks for the rest by itself."""
        address = self._address_of(request)
        qr = None if _is_here_alone(urlsplit(address).hostname or "") else _qr(address)
        html = fill("room.html", address=address, qr=qr)
        return HTMLResponse(html, headers=NEVER_KEPT)

    def now(self, request: Request, _: Mapping[str, str]) -> Response:
        """Say what is on, for the projector: as a slide, where it does not know it yet."""
        asked = request.query_params
        now = self._stage.now(
            every=_seconds(asked.get("every", "")),
            hold="hold" in asked,
            showing=asked.get("showing", ""),
        )
        said: dict[str, object] = {"gone": now.gone}
        if now.current and now.current.name != asked.get("last"):
            said |= {"current": now.current.name, "slide": self._slide(now.current)}
        return JSONResponse(said, headers=NEVER_KEPT)

    def host(self, request: Request, given: Mapping[str, str]) -> Response:
        """Show what waits, or do what the host says."""
        if request.method == "GET":
            return HTMLResponse(fill("host.html", **self._waiting()), headers=NEVER_KEPT)
        name, action = given.get("name", ""), given.get("action")
        known = self._stage.entry(name)
        if action == "ask":
            self._stage.ask_first(asks=given.get("first") == "yes")
        elif known and action == "show":
            self._stage.let_through(name)
        elif known and action == "off":
            self._stage.take_off(name)
        else:
            return PlainTextResponse("That is not waiting any more.", 404)
        log.info("the host, on stage: %s", action)
        return back(request)

    def waiting(self, *_: object) -> Response:
        """The part of the host's window that changes."""
        return HTMLResponse(fill("waiting.html", **self._waiting()), headers=NEVER_KEPT)

    def _waiting(self) -> dict[str, object]:
        now = self._stage.seen()
        return {
            "waiting": [self._small(each) for each in now.waiting],
            "queue": [self._small(each) for each in now.queue],
            "current": self._small(now.current) if now.current else None,
            "asks_first": now.asks_first,
            "is_open": self._stage.is_open(),
        }

    def _small(self, entry: Entry) -> dict[str, object]:
        found = [self._pictures.find(each) for each in entry.pictures]
        sources = [address_of(self._thumbnails.soon(each)) for each in found if each]
        return {"name": entry.name, "sources": sources, "prompt": self._prompt(entry)}

    def _prompt(self, entry: Entry) -> str:
        recipe = self._pictures.recipe(entry.name)
        return recipe.request.prompt if recipe else ""

    def _slide(self, entry: Entry) -> str:
        return slide(self._pictures, entry.pictures, entry.labels, by="Somebody here wrote")

    def _guarded(
        self, answer: Callable[[Request, Mapping[str, str]], Response]
    ) -> Callable[[Request], object]:
        """Ask for the password first, and do the rest where disk and Redis keep nobody waiting."""

        async def guarded(request: Request) -> Response:
            given = fields_of(await request.body()) if request.method == "POST" else {}
            if self._door:
                passed = self._door.answer(request, given) if request.method == "POST" else None
                if passed := passed or self._door.refusal(request):
                    return passed
            try:
                return await run_in_threadpool(answer, request, given)
            except unanswered() as error:
                log.warning("the stage stands still: %s", type(error).__name__)
                return PlainTextResponse("The Redis that all share does not answer.", 503)

        return guarded


def stage_routes(pictures: Pictures, room: Room | None) -> list[BaseRoute]:
    """Return what `launch` adds: each visitor's own stage, and the room's where there is one."""
    files = Mount("/stage/files", StaticFiles(directory=_FILES))
    return [files, *Present(pictures).routes(), *(room.routes() if room else [])]


def _qr(address: str) -> Markup:
    """The address as a QR code: an SVG that scales."""
    written = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        written, kind="svg", xmldecl=False, svgns=False, omitsize=True, border=2
    )
    return Markup(written.getvalue().decode())  # noqa: S704 - made of an address here


def _is_here_alone(host: str) -> bool:
    """Whether an address is that of whoever asks for it, and nobody else's."""
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _seconds(said: str) -> float:
    try:
        return min(_LONGEST, float(said))  # so that nan is the longest
    except ValueError:
        return 0.0

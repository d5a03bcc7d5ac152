"""The host's page, /host, behind its `door`, and what is sent from its forms.

`launch` adds it where the host has set a password; without one there is no such page.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.host import page
from imagen_demo.host.door import NEVER_KEPT, Door, back, fields_of
from imagen_demo.host.overview import Sources, look
from imagen_demo.service import switches
from imagen_demo.service.shared_counters import unanswered
from imagen_demo.service.switches import LONGEST, Turned

log = logging.getLogger("imagen_demo")

_HOUR = 3600

_VISITOR = re.compile(r"[0-9a-f]{16}")
"""What a visitor is called, as `logs` has it."""


class _Wrong(Exception):  # noqa: N818 - of whoever sent the form
    """A form that makes no sense; says why."""


class Host:
    """Answers at /host."""

    def __init__(self, door: Door, sources: Sources) -> None:
        """Whoever comes through the door sees it all, and turns it."""
        self._door = door
        self._sources = sources

    def routes(self) -> list[Route]:
        """What to add to the app."""
        return [Route("/host", self.answer, methods=["GET", "HEAD", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Show the page, or do what a form says."""
        if request.method == "POST":
            return await self._act(request, await request.body())
        if refusal := self._door.refusal(request):
            return refusal
        part = page.figures if request.url.query == "figures" else page.page
        return await self._show(part)

    async def _show(self, part: Callable[..., str], status: int = 200, **more: str) -> Response:
        overview = await run_in_threadpool(look, self._sources)
        return HTMLResponse(part(overview, **more), status, headers=NEVER_KEPT)

    async def _act(self, request: Request, body: bytes) -> Response:
        given = fields_of(body)
        if passed := self._door.answer(request, given):
            return passed
        if refusal := self._door.refusal(request):
            return refusal
        try:
            done = await run_in_threadpool(self._turn, given)
        except _Wrong as wrong:
            return await self._show(page.page, 400, said=str(wrong))
        except unanswered() as error:
            log.error("the host turned nothing: %s", type(error).__name__)  # noqa: TRY400 - no bug
            said = "Nothing was turned: the Redis that others read it from does not answer."
            return await self._show(page.page, 503, said=said)
        log.info("the host: %s", done)
        return back(request)

    def _turn(self, given: Mapping[str, str]) -> str:
        """Do what a form says, and say what was done."""
        action, turn, now = given.get("action", ""), self._sources.switches, time.time()
        if action == "end":
            name = given.get("name", "")
            if name not in turn.now():
                raise _Wrong("That is not turned any more.")
            turn.end(name)
            return f"ended {name}"
        value, name, until = 1, "", now + LONGEST
        if action in {"budget", "close"}:
            name, until = switches.DAILY_TOKENS, self._sources.today().until or until
            cents = 0 if action == "close" else round(100 * _number(given, "dollars", 0.01, 10_000))
            value = cents * TOKENS_PER_USD // 100
        elif action == "limit":
            value, until = int(_number(given, "pictures", 1, 10_000)), now + _HOUR
            visitor = given.get("visitor", "")
            if visitor and not _VISITOR.fullmatch(visitor):
                raise _Wrong("That is not a visitor's name in the log.")
            name = switches.of_visitor(visitor) if visitor else switches.VISITOR_LIMIT
        elif action == "key":
            name, until = switches.KEY_OFF, now + _HOUR * _number(given, "hours", 1, 24)
        elif action == "example" and given.get("example") in self._sources.examples():
            name = switches.EXAMPLE + given["example"]
        else:
            raise _Wrong("That form is not one of this page's.")
        turn.turn(name, value, until)
        return page.described(name, Turned(value, until))


def _number(given: Mapping[str, str], field: str, least: float, most: float) -> float:
    said = given.get(field, "")
    if re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,4})?", said) and least <= float(said) <= most:
        return float(said)
    raise _Wrong(f"{field.capitalize()} must be a number from {least:g} to {most:g}.")

"""The host's door: /host, behind a password of its own, and what is sent from its forms.

`launch` adds it where the host has set a password; without one there is no such page.
"""

import logging
import re
import time
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.host import page
from imagen_demo.host.overview import Sources, look
from imagen_demo.server.access import Account
from imagen_demo.server.login import Login
from imagen_demo.service import switches
from imagen_demo.service.shared_counters import unanswered
from imagen_demo.service.switches import LONGEST, Turned

log = logging.getLogger("imagen_demo")

USER = "host"
"""Whom programs name that send the password by HTTP's Basic authentication."""

_HOUR = 3600
_FIELDS = 10
_NEVER_KEPT = {"Cache-Control": "no-store"}

_VISITOR = re.compile(r"[0-9a-f]{16}")
"""What a visitor is called, as `logs` has it."""


class _Wrong(Exception):  # noqa: N818 - of whoever sent the form
    """A form that makes no sense; says why."""


class Host:
    """Answers at /host."""

    def __init__(
        self, password: str, client_of: Callable[[Request], str], sources: Sources
    ) -> None:
        """`client_of` tells apart who guesses."""
        self._login = Login([Account(USER, password)], client_of, cookie="imagen-demo-host")
        self._sources = sources

    def routes(self) -> list[Route]:
        """What to add to the app."""
        return [Route("/host", self.answer, methods=["GET", "HEAD", "POST"])]

    async def answer(self, request: Request) -> Response:
        """Show the page, or do what a form says."""
        if request.method == "POST":
            return await self._act(request, await request.body())
        if refusal := self._refusal(request):
            return refusal
        part = page.figures if request.url.query == "figures" else page.page
        return await self._show(part)

    def _refusal(self, request: Request) -> Response | None:
        """What a stranger gets."""
        judged = self._login.judged(request)
        if judged is True:
            return None
        said = "" if judged is False else bytes(judged.body).decode()
        status = 401 if judged is False else judged.status_code
        return HTMLResponse(page.form(said=said), status, headers=_NEVER_KEPT)

    async def _show(self, part: Callable[..., str], status: int = 200, **more: str) -> Response:
        overview = await run_in_threadpool(look, self._sources)
        return HTMLResponse(part(overview, **more), status, headers=_NEVER_KEPT)

    async def _act(self, request: Request, body: bytes) -> Response:
        try:
            fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
        except ValueError:  # there are more
            fields = {}
        given = {name: values[0].strip() for name, values in fields.items()}
        if given.get("action") == "enter":
            return self._enter(request, given.get("password", ""))
        if refusal := self._refusal(request):
            return refusal
        if given.get("action") == "leave":
            return _back(self._login.leave(request))
        try:
            done = await run_in_threadpool(self._turn, given)
        except _Wrong as wrong:
            return await self._show(page.page, 400, said=str(wrong))
        except unanswered() as error:
            log.error("the host turned nothing: %s", type(error).__name__)  # noqa: TRY400 - no bug
            said = "Nothing was turned: the Redis that others read it from does not answer."
            return await self._show(page.page, 503, said=said)
        log.info("the host: %s", done)
        return _back()

    def _enter(self, request: Request, password: str) -> Response:
        entered = self._login.admit(request, USER, password)
        if "set-cookie" in entered.headers:
            return _back(entered)
        said = bytes(entered.body).decode()
        if entered.status_code == 401:  # noqa: PLR2004 - Unauthorized
            said = "That is not the password."
        return HTMLResponse(
            page.form(said=said),
            entered.status_code,
            headers=_NEVER_KEPT
            | {name: entered.headers[name] for name in ("retry-after",) if name in entered.headers},
        )

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


def _back(answer: Response | None = None) -> Response:
    """Show the page anew, so that a refresh sends no form again."""
    back = RedirectResponse("host", 303, headers=_NEVER_KEPT)
    if answer is not None and "set-cookie" in answer.headers:
        back.headers["set-cookie"] = answer.headers["set-cookie"]
    return back

"""The door of what is for the host alone: a password of its own, and the form that asks for it.

`routes` has it before /host, and `stage/room` before the room's stage.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from imagen_demo.host import page
from imagen_demo.server.access import Account
from imagen_demo.server.login import Login

USER = "host"
"""Whom programs name that send the password by HTTP's Basic authentication."""

_FIELDS = 10

NEVER_KEPT = {"Cache-Control": "no-store"}


class Door:
    """Lets the host in, and nobody else."""

    def __init__(self, password: str, client_of: Callable[[Request], str]) -> None:
        """`client_of` tells apart who guesses."""
        self._login = Login([Account(USER, password)], client_of, cookie="imagen-demo-host")

    def refusal(self, request: Request) -> Response | None:
        """What a stranger gets: the form, which comes back to where it was asked for."""
        judged = self._login.judged(request)
        if judged is True:
            return None
        said = "" if judged is False else bytes(judged.body).decode()
        status = 401 if judged is False else judged.status_code
        return _form(request, said, status)

    def answer(self, request: Request, given: Mapping[str, str]) -> Response | None:
        """Let somebody in or out, if that is what the form says."""
        action = given.get("action")
        if action == "leave":
            return back(request, self._login.leave(request))
        if action != "enter":
            return None
        entered = self._login.admit(request, USER, given.get("password", ""))
        if "set-cookie" in entered.headers:
            return back(request, entered)
        said = bytes(entered.body).decode()
        if entered.status_code == 401:  # noqa: PLR2004 - Unauthorized
            said = "That is not the password."
        names = {"retry-after"} & {*entered.headers}
        again = {name: entered.headers[name] for name in names}
        return _form(request, said, entered.status_code, **again)


def fields_of(body: bytes) -> dict[str, str]:
    """What a form says."""
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=_FIELDS)
    except ValueError:  # there are more
        fields = {}
    return {name: values[0].strip() for name, values in fields.items()}


def back(request: Request, answer: Response | None = None) -> Response:
    """Show the page anew, so that a refresh sends no form again."""
    there = RedirectResponse(_place(request), 303, headers=NEVER_KEPT)
    if answer is not None and "set-cookie" in answer.headers:
        there.headers["set-cookie"] = answer.headers["set-cookie"]
    return there


def _form(request: Request, said: str, status: int, **more: str) -> Response:
    form = page.form(said=said, place=_place(request))
    return HTMLResponse(form, status, headers=NEVER_KEPT | more)


def _place(request: Request) -> str:
    """Where a page is, relative to itself: a proxy may have taken off what stands before."""
    return request.url.path.rpartition("/")[2]

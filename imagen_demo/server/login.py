"""A login in front of everything: the form, a cookie for browsers, a header for programs.

`middleware` asks `Login` about every request, and `LoginForm` answers what the form sends. Gradio
has a login of its own (`launch(auth=…)`), and it leaves open what tells strangers something or lets
them do something: `/` carries the endpoints' names and parameters, and the heartbeat, `/cancel`,
`/reset`, streams and the mounted MCP server ask nobody.
"""

import hashlib
import hmac
import logging
import math
import secrets
import time
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import parse_qs

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo.logs import disguised
from imagen_demo.server.access import Account
from imagen_demo.server.routes import API, has_body, route_of

log = logging.getLogger("imagen_demo")

_SECONDS = 7 * 24 * 3600

_WRONG_TRIES = RateLimitItemPerMinute(10, multiples=5)
"""From one address; whoever knows the password types it wrong once or twice."""

_OPEN = {
    *(("POST", "/login"), ("POST", "/logout"), ("GET", f"{API}/startup-events")),
    *(("GET", "/host"), ("HEAD", "/host"), ("POST", "/host")),
}
"""What is asked for without a login; the third by Gradio itself when it starts, over HTTP, and it
answers true or false. The host's page has a password of its own."""

_FORM = (Path(__file__).parent / "templates" / "login.html").read_text(encoding="utf-8")


class Login:
    """Tells those who may come in from strangers, and remembers nobody but who guesses.

    A cookie is signed with what its account's password yields, so every process of a host knows it
    again, after a restart too, and a new password ends it.
    """

    def __init__(
        self,
        accounts: Iterable[Account],
        client_of: Callable[[Request], str],
        *,
        cookie: str = "imagen-demo-login",
    ) -> None:
        """Stretch each password once, so that a stolen cookie is no way to guess it.

        Args:
            accounts: Who may come in.
            client_of: Tells apart who tries.
            cookie: Its name.
        """
        self._cookie = cookie
        self._accounts = tuple(accounts)
        self._keys = {each.name: _stretched(each) for each in self._accounts}
        self._client_of = client_of
        self._tries = FixedWindowRateLimiter(MemoryStorage())
        self._left: dict[str, int] = {}

    def refusal(self, request: Request) -> Response | None:
        """What a stranger gets: the form in place of the page, nothing anywhere else.

        None for who has a cookie from here, or sends a user's name and password along, and for
        whoever is about to log in.
        """
        path = route_of(request)
        is_open = (request.method, path) in _OPEN
        if path == "/logout" and not is_open:  # Gradio has one, too, which knows nothing of ours
            return PlainTextResponse("Press Log out at the foot of the page.", 405)
        # First: a proxy's own login may send a header along that is not meant for here.
        if is_open or (judged := self.judged(request)) is True:
            return None
        if judged is not False:
            return judged
        if path in {"", "/"} and request.method in {"GET", "HEAD"}:
            return HTMLResponse(_FORM, headers={"Cache-Control": "no-store"})
        if path == "/manifest.json":  # which browsers ask for without their cookies
            return JSONResponse({})
        return PlainTextResponse("Log in first.", 401)

    def judged(self, request: Request) -> Response | bool:
        """Whether a cookie from here, or a name and a password, come along; else the refusal.

        False for whoever sends neither.
        """
        if self._signed(request.cookies.get(self._cookie, "")):
            return True
        sent = _basic(request.headers.get("authorization", ""))
        return False if sent is None else self._judged(request, *sent) or True

    def enter(self, request: Request, form: bytes) -> Response:
        """Check what the form or gradio_client's `auth=` sent, and give the cookie."""
        try:
            fields = parse_qs(form.decode("utf-8", "replace"), max_num_fields=10)
        except ValueError:  # it has more of them
            fields = {}
        name, password = (fields.get(each, [""])[0] for each in ("username", "password"))
        return self.admit(request, name.strip(), password)

    def admit(self, request: Request, name: str, password: str) -> Response:
        """Check who somebody is, and give the cookie."""
        if refusal := self._judged(request, name, password):
            return refusal
        until = int(time.time()) + _SECONDS
        cookie = self._sign(name, until, secrets.token_hex(8))
        answer = JSONResponse({"success": True})
        answer.headers["set-cookie"] = self._set(request, cookie, _SECONDS)
        return answer

    def leave(self, request: Request) -> Response:
        """Take the cookie back, let no copy of it in any more, and show the form.

        This process alone remembers it, until the cookie would have ended anyway.
        """
        cookie, now = request.cookies.get(self._cookie, ""), int(time.time())
        self._left = {each: until for each, until in self._left.items() if until > now}
        if self._signed(cookie):
            self._left[cookie] = now + _SECONDS
        answer = RedirectResponse("./", 303)
        answer.headers["set-cookie"] = self._set(request, "", 0)
        return answer

    def _judged(self, request: Request, name: str, password: str) -> Response | None:
        """Refuse what does not fit; after too much of that, what fits as well."""
        who = self._client_of(request)
        if not self._tries.test(_WRONG_TRIES, who):
            opens = self._tries.get_window_stats(_WRONG_TRIES, who).reset_time
            seconds = max(1, math.ceil(opens - time.time()))
            minutes = math.ceil(seconds / 60)
            return PlainTextResponse(
                "Too many tries did not fit. Try again in "
                + ("a minute." if minutes == 1 else f"{minutes} minutes."),
                429,
                headers={"Retry-After": str(seconds)},
            )
        if self._knows(name, password):
            return None
        self._tries.hit(_WRONG_TRIES, who)
        log.warning("a login did not fit, of visitor %s", disguised(who))
        return PlainTextResponse("User and password do not fit.", 401)

    def _knows(self, name: str, password: str) -> bool:
        """Compare with every account, in a time that tells nothing."""
        fits = False
        for each in self._accounts:
            same_name = hmac.compare_digest(name.encode(), each.name.encode())
            fits |= hmac.compare_digest(password.encode(), each.password.encode()) and same_name
        return fits

    def _set(self, request: Request, value: str, seconds: int) -> str:
        # In a Space the page is a frame of another site's, where only such a cookie comes back.
        frame = "SameSite=None; Secure; Partitioned" if _is_https(request) else "SameSite=Lax"
        # Without a path it is the one that the browser sees the demo under [RFC 6265, 5.1.4], which
        # a proxy may have taken off, and no other app's on this host.
        return f"{self._cookie}={value}; Max-Age={seconds}; HttpOnly; {frame}"

    def _sign(self, name: str, until: int, session: str) -> str:
        said = f"{name.encode().hex()}.{until}.{session}"
        return f"{said}.{hmac.new(self._keys[name], said.encode(), 'sha256').hexdigest()}"

    def _signed(self, cookie: str) -> bool:
        """Whether a cookie is from here, and nobody has logged out with it."""
        try:
            said, until, session, _ = cookie.split(".")
            name = bytes.fromhex(said).decode()
            genuine = self._sign(name, int(until), session)
        except (ValueError, KeyError):
            return False
        fits = hmac.compare_digest(cookie.encode(), genuine.encode())
        return fits and int(until) > time.time() and cookie not in self._left


class LoginForm:
    """Answers whoever logs in or out."""

    def __init__(self, app: ASGIApp, login: Login) -> None:
        """`login` judges what they send."""
        self._app = app
        self._login = login

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer that, and pass on everything else."""
        request = Request(scope, receive)
        if has_body(request) and route_of(request) == "/login":
            await self._login.enter(request, await request.body())(scope, receive, send)
        elif has_body(request) and route_of(request) == "/logout":
            await self._login.leave(request)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _stretched(account: Account) -> bytes:
    """A key that is slow to guess [RFC 7914: N=16384, r=8, p=1 take some 50 ms]."""
    salt = f"imagen-demo {account.name}".encode()
    return hashlib.scrypt(account.password.encode(), salt=salt, n=16384, r=8, p=1)


def _basic(header: str) -> tuple[str, str] | None:
    """The name and the password of an `Authorization: Basic` header [RFC 7617]."""
    kind, _, given = header.partition(" ")
    try:
        name, colon, password = b64decode(given, validate=True).decode().partition(":")
    except (NotBase64, ValueError):
        return None
    return (name, password) if kind.lower() == "basic" and colon else None


def _is_https(request: Request) -> bool:
    """Whether the browser came by HTTPS; `forwarded_headers` has looked at what proxies say."""
    forwarded = request.headers.get("x-forwarded-proto", "")
    return request.url.scheme == "https" or forwarded.startswith("https")

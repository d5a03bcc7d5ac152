"""Answers that are the same for everybody, made once: the page, and the files that it loads.

`middleware` puts it behind the login: whoever must log in has done so. What is kept was asked for
by a request of its own, which holds the answer's key and nothing else that a visitor sent, so that
no answer depends on anything else: no cookie, no query, no language, no range.

The key of a file is its path. The key of the page, and of what programs read in its place, is what
Gradio makes the addresses in it of [`get_root_url`]: scheme, host, path and root path, and the
forwarded host and scheme, of which `forwarded_headers` leaves what may be believed. All have the
encoding beside. A link's query (`?prompt=…`, `?__theme=dark`, `?view=…`) is read by the page's
scripts alone; what Gradio reads there (`deep_link`, `page`, `all_endpoints`) leads to what this
demo does not have.
"""

import re
from asyncio import Task, create_task, shield
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from anyio import sleep_forever
from anyio.to_thread import run_sync
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from imagen_demo.server.answer_store import Answer, AnswerStore, Key
from imagen_demo.server.body_limits import replay
from imagen_demo.server.content_encoding import NONE, packed, preferred_encoding
from imagen_demo.server.picture_caching import FILE, OF_A_BODY, has_it
from imagen_demo.server.routes import API, route_of
from imagen_demo.server.security_headers import POLICY, ContentPolicy

_ADDRESSED: Mapping[str, tuple[bytes, Sequence[str]]] = {
    "/": (b"", ()),
    "/config": (b"", ("page", "deep_link")),
    f"{API}/info": (b"page=", ("page", "all_endpoints")),
}
"""The page, and what programs read in its place: the query that the app is asked with, and the
parameters with which something else is asked for, which is not kept. Asked without a page, Gradio
puts into the last what the first who asked came by, for everybody."""

_FILES = re.compile(
    r"/(assets|static|svelte|stage/files)/.+|/(theme\.css|favicon\.ico|card\.png|manifest\.json)",
    re.DOTALL,
)
_NAMED_BY_CONTENT = re.compile(r"/assets/[^/]+-[A-Za-z0-9_-]{8}[0-9]*\.[a-z0-9]+")
"""Whatever Gradio's build has put there has a hash in its name."""

_ADDRESSES = frozenset({b"host", b"x-forwarded-host", b"x-forwarded-proto"})
"""Headers that Gradio makes addresses of."""

_FOR_EVER = "max-age=31536000, immutable"
_ASK_AGAIN = "no-cache"  # keep it, and ask each time whether it is still the same


@dataclass(frozen=True, slots=True)
class Contents:
    """What the page is made of, beside what Gradio makes of its widgets.

    Attributes:
        version: Says quickly which it is; at another one a page that was kept is made anew.
        refresh: Lets the app show what there is now, if it does not yet; called in a thread.
        pictures: The folders of pictures that it shows to everybody.
        head: What its scripts put into its head once it is there, scripts among it.
    """

    version: Callable[[], Hashable]
    refresh: Callable[[], None]
    pictures: frozenset[Path] = frozenset()
    head: str = ""


UNCHANGING = Contents(lambda: None, lambda: None)


class ReadyAnswers:
    """Answers with what is kept, and keeps what it had to ask for."""

    def __init__(
        self,
        app: ASGIApp,
        policy: ContentPolicy,
        contents: Contents,
        *,
        is_public: bool,
    ) -> None:
        """Keep nothing yet.

        Args:
            app: What makes the answers.
            policy: What a page may load and run, which its answer says.
            contents: What the page shows that changes.
            is_public: Whether everybody gets them, so that caches on the way may keep them, too.
        """
        self._app = app
        self._policy = policy
        self._contents = contents
        self._whose = "public" if is_public else "private"
        self._store = AnswerStore()
        self._being_made: dict[tuple[Key, Hashable], Task[Answer]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on what is not the same for everybody."""
        request = Request(scope)
        asked = self._asked(request)
        if asked is None:
            await self._app(scope, receive, send)
            return
        answer = self._store.get(*asked) or await self._made(*asked, scope)
        await _send(answer, request, send)

    def _asked(self, request: Request) -> tuple[Key, Hashable] | None:
        """What is asked for, and of which version it is now; None if it is not to be kept."""
        route = route_of(request)
        if request.method not in {"GET", "HEAD"}:
            return None
        encoding = preferred_encoding(request.headers.get("accept-encoding", ""))
        if addressed := _ADDRESSED.get(route.rstrip("/") or "/"):
            query, others = addressed
            if not request.query_params.keys().isdisjoint(others):
                return None
            return _by_address(request.scope, encoding, query), self._contents.version()
        key = Key(path=route, encoding=encoding)
        if _FILES.fullmatch(route):
            return key, None
        facts = self._facts_of(route)
        return (key, facts) if facts else None

    def _facts_of(self, route: str) -> tuple[int, int] | None:
        """What tells a picture from another one at its place; None if it is not everybody's."""
        path = Path(route.removeprefix(FILE))
        if path.parent not in self._contents.pictures:
            return None
        try:
            facts = path.stat()
        except (OSError, ValueError):
            return None
        return facts.st_mtime_ns, facts.st_size

    async def _made(self, key: Key, version: Hashable, scope: Scope) -> Answer:
        """Make an answer; whoever asks for the same meanwhile gets it as well."""
        task = self._being_made.get((key, version))
        if task is None:
            task = create_task(self._make(key, version, scope))
            self._being_made[key, version] = task
            task.add_done_callback(lambda _: self._being_made.pop((key, version)))
        return await shield(task)  # whoever gives up ends nobody else's

    async def _make(self, key: Key, version: Hashable, scope: Scope) -> Answer:
        if key.is_addressed:
            await run_sync(self._contents.refresh)
        asked = {
            **scope,
            "method": "GET",
            "query_string": key.query,
            "headers": list(key.headers),
            "client": None,
        }
        status, headers, body = await _answer_of(self._app, asked)
        if status != HTTPStatus.OK:
            return Answer(status=status, headers=headers.raw, body=body)
        answer = await run_sync(self._ready, key, headers, body)
        answer.version = version
        self._store.put(key, answer)
        return answer

    def _ready(self, key: Key, headers: Headers, body: bytes) -> Answer:
        small, encoding = packed(body, key.encoding)
        tag = f'"{sha256(body).hexdigest()[:32]}-{encoding}"'
        lasts = _FOR_EVER if _NAMED_BY_CONTENT.fullmatch(key.path) else _ASK_AGAIN
        said = {
            "content-type": headers["content-type"],
            "content-length": str(len(small)),
            "cache-control": headers.get("cache-control", f"{self._whose}, {lasts}"),
            "etag": tag,
            "vary": "Accept-Encoding",
        }
        if encoding != NONE:
            said["content-encoding"] = encoding
        if disposition := headers.get("content-disposition"):
            said["content-disposition"] = disposition
        if said["content-type"].startswith("text/html"):
            said[POLICY] = self._policy.of_page(body)
        elif _FILES.fullmatch(key.path):
            said[POLICY] = self._policy.of_file
        return Answer(status=HTTPStatus.OK, headers=Headers(said).raw, body=small, tag=tag)


def _by_address(scope: Scope, encoding: str, query: bytes) -> Key:
    return Key(
        path=scope["path"],
        encoding=encoding,
        query=query,
        is_addressed=True,
        root_path=scope.get("root_path", ""),
        scheme=scope["scheme"],
        server=scope.get("server"),
        headers=tuple(each for each in scope["headers"] if each[0] in _ADDRESSES),
    )


async def _answer_of(app: ASGIApp, asked: Scope) -> tuple[int, Headers, bytes]:
    start: Message = {}
    body = bytearray()

    async def collect(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            body.extend(message.get("body", b""))

    await app(asked, replay(BytesIO(), _nothing_comes), collect)
    return start["status"], Headers(raw=list(start["headers"])), bytes(body)


async def _nothing_comes() -> Message:
    while True:
        await sleep_forever()


async def _send(answer: Answer, request: Request, send: Send) -> None:
    status, headers, body = answer.status, answer.headers, answer.body
    if has_it(request.headers.get("if-none-match", ""), answer.tag):
        # The policy goes along: browsers take a 304's headers for those of what they kept.
        status, body = HTTPStatus.NOT_MODIFIED, b""
        headers = [each for each in headers if each[0] not in OF_A_BODY]
    # Of an answer to HEAD the server leaves the body out.
    await send({"type": "http.response.start", "status": int(status), "headers": headers})
    await send({"type": "http.response.body", "body": body})

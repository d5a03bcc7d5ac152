"""What a request may ask of Gradio: something that is there, whole, short, and without addresses.

`middleware` asks before Gradio reads any of it; `gradio_patches` says what there is. Gradio answers
a wrong call with a traceback in the host's log. And wherever a file may stand, at any depth of any
input, it fetches an address for whoever wrote one there, without a limit, before the function that
is called sees it [`Blocks.preprocess_data`]; its route of files does so, too
[`secure_url_stream_response`], and answers a range with all that it was asked with [`file_fetch`].
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from os.path import isfile, normpath
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from imagen_demo.server.body_limits import replay
from imagen_demo.server.refusals import Refused
from imagen_demo.server.routes import API, has_body, is_upload, route_of

_FILE = re.compile(rf"{API}/file[=/](?P<path>.*)", re.DOTALL)
_CALL = re.compile(rf"{API}/call/(?P<by_name>v2/)?(?P<name>[^/]+)/?")
_OUTCOME = re.compile(rf"{API}/call/(v2/)?(?P<name>[^/]+)/(?P<event>[^/]+)")
_EVENT = re.compile(rf"{API}/queue/join/?")
_MESSAGES = re.compile(rf"{API}/queue/data/?")
_HEARTBEAT = re.compile(rf"{API}/heartbeat/(?P<session>.+)", re.DOTALL)

_SESSION = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The page makes them of ten letters and digits, gradio_client of a UUID."""

_ADDRESS = re.compile(r"\s*[a-z][a-z0-9+.-]+:", re.IGNORECASE)
"""A scheme; one letter alone is a disk of Windows."""

_UPLOADED = re.compile(r"[0-9a-f]{64}")
"""The folder of an upload: the hash of what is in it [`upload_fn`]."""

_NO_TEXT = "What was sent is no text in UTF-8. Nothing was charged."

_PARAMETER = re.compile(r"[a-z_]{1,24}")
"""What may be quoted as a parameter's name; a key that stands in the wrong place is none."""

_NO_ADDRESS = "No address is fetched for a caller here. Nothing was charged."
_NO_FILE = "Only a file that was uploaded here can be used. Nothing was charged."
_NO_SESSION = "A session's name has at most 64 letters and digits. Nothing was charged."
_NO_EVENT = "There is no such event here. Reload the page. Nothing was charged."
_NO_OBJECT = "A call is a JSON object. Nothing was charged."
_NO_DATA = "The parameter data is missing: a list of what is given, in order. Nothing was charged."
_NO_OUTCOME = "Nothing is on its way by this id: it was fetched already, or never asked for."

# As Gradio says it, which then raises an error into the middle of its answer and the host's log.
_UNKNOWN_SESSION = Response(
    'data: {"msg": "unexpected_error", "message": "This session is not known here.", '
    '"session_not_found": true, "success": false, "event_id": null}\n\n',
    media_type="text/event-stream",
)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """What programs may call by name.

    Attributes:
        parameters: The names of its parameters, in order.
        optional: Those of them that may be left out.
    """

    parameters: tuple[str, ...]
    optional: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What there is to ask for.

    Attributes:
        endpoints: By name, without a slash.
        events: The numbers of the page's own.
        uploads: The folder that holds them.
        knows_session: Whether a page of this name has asked for something.
        left_something: Whether something of a page of this name is still to be put away.
        awaits_event: Whether what was asked for by this id is still to be fetched.
    """

    endpoints: Mapping[str, Endpoint]
    events: Collection[int]
    uploads: Path
    knows_session: Callable[[str], bool]
    left_something: Callable[[str], bool]
    awaits_event: Callable[[str], bool]

    def answer(self, request: Request) -> Response | None:
        """What is answered in Gradio's place, as far as an address tells.

        Raises:
            Refused: It asks for what nobody gets.
        """
        path, query = route_of(request), request.query_params
        session = _HEARTBEAT.fullmatch(path)
        for name in (query.get("session_hash"), session and session["session"]):
            _check_session(name)
        if (file := _FILE.fullmatch(path)) and _ADDRESS.match(file["path"]):
            raise Refused(403, _NO_ADDRESS)
        if request.method in {"GET", "HEAD"} and (outcome := _OUTCOME.fullmatch(path)):
            self._check_outcome(outcome["name"], outcome["event"])
        unknown = "session_hash" in query and not self.knows_session(query["session_hash"])
        return _UNKNOWN_SESSION if unknown and _MESSAGES.fullmatch(path) else None

    def check(self, path: str, body: bytes) -> None:
        """Look at what a request carries; what is no JSON is the app's to refuse.

        Raises:
            Refused: It is a wrong call, or would make Gradio fetch something.
        """
        try:
            said = json.loads(body)
        except UnicodeDecodeError:
            raise Refused(400, _NO_TEXT) from None
        except (ValueError, RecursionError):
            return
        call, event = _CALL.fullmatch(path), _EVENT.fullmatch(path)
        if (call or event) and not isinstance(said, dict):
            raise Refused(422, _NO_OBJECT)
        # What an event is about is not for Gradio to read: a picture of the page's own, for one.
        about = said.pop("event_data", None) if event else None
        for each in _files(about):
            _check_no_address(each)
        for each in _files(said):
            _check_no_address(each)
            self._check_uploaded(each["path"])
        if isinstance(said, dict) and not (call and call["by_name"]):
            _check_session(said.get("session_hash"))
        if call:
            self._check_call(call["name"], said, by_name=bool(call["by_name"]))
        elif event:
            self._check_event(said)

    def _check_event(self, said: Mapping[str, Any]) -> None:
        number = said.get("fn_index")
        if not isinstance(said.get("data"), list):
            raise Refused(422, _NO_DATA)
        if type(number) is not int or number not in self.events:  # True is 1 to Python
            raise Refused(404, _NO_EVENT)

    def _check_uploaded(self, path: str) -> None:
        file = Path(normpath(path))
        folder = file.parent
        is_upload = folder.parent == self.uploads and _UPLOADED.fullmatch(folder.name)
        # Whoever uploaded it was told its path as it is; with ".." in it another would be deleted.
        # `Path.is_file` raises where a name is too long.
        if not is_upload or str(file) != path or not isfile(path):  # noqa: PTH113
            raise Refused(422, _NO_FILE)

    def _check_outcome(self, name: str, event: str) -> None:
        if name not in self.endpoints:
            raise self._unknown()
        if not self.awaits_event(event):
            raise Refused(404, _NO_OUTCOME)

    def _check_call(self, name: str, said: Mapping[str, Any], *, by_name: bool) -> None:
        endpoint = self.endpoints.get(name)
        if endpoint is None:
            raise self._unknown()
        given = said if by_name else _in_order(name, endpoint, said)
        if unknown := [each for each in given if each not in endpoint.parameters]:
            known = ", ".join(endpoint.parameters)
            raise Refused(422, f"{_named(unknown[0])} is no parameter. Use only: {known}.")
        for each in endpoint.parameters:
            if each not in given and each not in endpoint.optional:
                raise Refused(422, f"The parameter {each} is missing. Nothing was charged.")

    def _unknown(self) -> Refused:
        known = ", ".join(f"/{each}" for each in self.endpoints)
        return Refused(404, f"There is no endpoint of this name here. There is: {known}.")


class ApiCalls:
    """Looks into what requests carry, uploads aside."""

    def __init__(self, app: ASGIApp, calls: Calls) -> None:
        """`calls` says what there is to ask for."""
        self._app = app
        self._calls = calls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is in order; a body is whole and short by now.

        Raises:
            Refused: As `Calls.check` does.
        """
        # Whoever serves files may ignore it (RFC 9110, 14.2). Gradio repeats a request's headers in
        # its answer to one, where a page's scripts could read what browsers keep from them.
        headers = [each for each in scope["headers"] if each[0] != b"range"]
        scope = {**scope, "headers": headers}
        request = Request(scope, receive)
        if has_body(request) and not is_upload(request):
            body = await request.body()
            self._calls.check(route_of(request), body)
            receive = replay(BytesIO(body), receive)
        await self._app(scope, receive, send)


def _check_session(name: object) -> None:
    if name is not None and not (isinstance(name, str) and _SESSION.fullmatch(name)):
        raise Refused(400, _NO_SESSION)


def _check_no_address(file: Mapping[str, Any]) -> None:
    url = file.get("url")
    elsewhere = isinstance(url, str) and _ADDRESS.match(url) and f"{API}/file=" not in url
    if elsewhere or _ADDRESS.match(file["path"]):
        raise Refused(422, _NO_ADDRESS)


def _files(said: object) -> Iterator[Mapping[str, Any]]:
    """Whatever Gradio could take for a file, at any depth."""
    left = [said]
    while left:
        each = left.pop()
        if isinstance(each, dict):
            left += each.values()
            if isinstance(each.get("path"), str):
                yield each
        elif isinstance(each, list):
            left += each


def _in_order(name: str, endpoint: Endpoint, said: Mapping[str, Any]) -> Collection[str]:
    """The parameters that a list without names gives."""
    data = said.get("data")
    if not isinstance(data, list):
        raise Refused(422, f"{_NO_DATA} To name them post to {API}/call/v2/{name}.")
    most = len(endpoint.parameters)
    if len(data) > most:
        raise Refused(422, f"/{name} takes at most {most} parameters. Nothing was charged.")
    return endpoint.parameters[: len(data)]


def _named(parameter: str) -> str:
    return parameter if _PARAMETER.fullmatch(parameter) else "One of the names"

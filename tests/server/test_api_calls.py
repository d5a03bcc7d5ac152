"""What a stranger may ask Gradio for, at every door and over real HTTP."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from gradio.utils import get_upload_folder
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from imagen_demo.server.api_calls import Calls, Endpoint
from imagen_demo.server.body_limits import LARGEST_CALL
from imagen_demo.server.refusals import Refused
from imagen_demo.settings import Settings
from tests.conftest import Service, png
from tests.demos import ROOT, program, sandbox_demo

FILE = {"_type": "gradio.FileData"}
NO_ADDRESS = "No address is fetched for a caller here. Nothing was charged."
NO_FILE = "Only a file that was uploaded here can be used. Nothing was charged."
KEY = "ca9a4704bbbb4111bbbb222233335555"
PARAMETERS = (
    *("prompt", "aspect_ratio", "model", "num_images", "seed", "enhance_prompt"),
    *("person_generation", "safety_setting", "add_watermark", "convert_base64_to_url"),
    *("resolution", "enable_web_search"),
)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sandbox_demo(Settings(mcp=True)) as address:
        yield address.rstrip("/")


def largest_event(url: str) -> dict[str, Any]:
    """The page's own event that sends most: Generate."""
    events = requests.get(f"{url}/config", timeout=10).json()["dependencies"]
    found: dict[str, Any] = max(events, key=lambda each: each["backend_fn"] * len(each["inputs"]))
    return found


def doors(url: str, given: object) -> dict[str, tuple[str, dict[str, Any]]]:
    """Every way in for a value: its address and the body around it."""
    event = largest_event(url)
    rest = [None] * (len(event["inputs"]) - 1)
    call = {"name": "generate_image", "arguments": {"prompt": given}}
    return {
        "page": (
            "queue/join",
            {"data": [given, *rest], "fn_index": event["id"], "session_hash": "a"},
        ),
        "page, last": (
            "queue/join",
            {"data": [*rest, given], "fn_index": event["id"], "session_hash": "a"},
        ),
        "page, about": (
            "queue/join",
            {"data": rest, "event_data": given, "fn_index": event["id"], "session_hash": "a"},
        ),
        "call": ("call/generate", {"data": [given]}),
        "call with a slash": ("call/generate/", {"data": [given]}),
        "call by name": ("call/v2/generate", {"prompt": given}),
        "MCP": ("mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}),
    }


def post(url: str, door: str, body: object, **headers: str) -> requests.Response:
    accepted = {"Accept": "application/json, text/event-stream", **headers}
    return requests.post(f"{url}/gradio_api/{door}", json=body, headers=accepted, timeout=20)


def nested(file: object) -> dict[str, object]:
    return {"bare": file, "in a list": [[file]], "in an object": {"a": [{"b": file}]}}


DOORS = ("page", "page, last", "call", "call with a slash", "call by name", "MCP")


@pytest.mark.parametrize("depth", nested(None))
@pytest.mark.parametrize("door", [*DOORS, "page, about"])
@pytest.mark.parametrize(
    "where",
    [
        {"path": "http://{}/huge"},
        {"path": "https://{}/huge"},
        {"path": "HTTP://{}/huge"},
        {"path": " http://{}/huge"},
        {"path": "ftp://{}/huge"},
        {"path": "/a.png", "url": "http://{}/huge"},
    ],
    ids=["http", "https", "capitals", "space", "ftp", "url"],
)
def test_no_address_is_fetched_for_a_caller(
    url: str, service: Service, door: str, depth: str, where: dict[str, str]
) -> None:
    here = service.url.removeprefix("http://")
    file = {name: said.format(here) for name, said in where.items()} | {"meta": FILE}
    answer = post(url, *doors(url, nested(file)[depth])[door])
    assert (answer.status_code, answer.json()) == (422, {"detail": NO_ADDRESS})
    assert service.received == []


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "README.md", "", "{}", "{}/a.png", "{}/tiles/a.png", "{}/../a/b"),
        "{}/" + "0" * 64,
        *(
            "{}/" + "0" * 64 + inside
            for inside in ("/..", "/../../a", "/./a", "//a", "/a/", "/\0", "/a")
        ),
        "{}/" + "0" * 64 + "/" + "a" * 300,
        "/tmp/" + "0" * 64 + "/a.png",  # noqa: S108 - one that is not the demo's
    ],
)
def test_only_what_was_uploaded_here_is_a_file(url: str, door: str, path: str) -> None:
    file = {"path": path.format(get_upload_folder()), "meta": FILE}
    answer = post(url, *doors(url, file)[door])
    assert (answer.status_code, answer.json()) == (422, {"detail": NO_FILE})


def test_what_was_uploaded_here_is_one(url: str) -> None:
    sent = {"files": ("a.png", png())}
    (path,) = requests.post(f"{url}/gradio_api/upload", files=sent, timeout=10).json()
    file = {"path": path, "url": f"{url}/gradio_api/file={path}", "meta": FILE}
    door, body = doors(url, file)["page"]
    assert post(url, door, body).status_code == 200


def test_a_page_may_say_which_of_its_pictures_was_picked(url: str) -> None:
    shown = {"path": "/app/pictures/a/b/fox.png", "url": f"{url}/gradio_api/file=/app/pictures/a"}
    door, body = doors(url, {"value": {"image": shown | {"meta": FILE}}})["page, about"]
    assert post(url, door, body).status_code == 200


@pytest.mark.parametrize("route", ["file=", "file/"])
@pytest.mark.parametrize("scheme", ["http", "https", "HTTP", "ftp"])
def test_no_address_is_served_as_a_file_either(
    url: str, service: Service, route: str, scheme: str
) -> None:
    address = service.url.replace("http", scheme)
    answer = requests.get(f"{url}/gradio_api/{route}{address}/huge", timeout=10)
    assert (answer.status_code, answer.json()) == (403, {"detail": NO_ADDRESS})
    assert service.received == []


# Wrong calls.

WRONG: dict[str, tuple[str, object, int, str]] = {
    "nothing": ("call/generate", {"data": []}, 422, "The parameter prompt is missing."),
    "nothing by name": ("call/v2/generate", {}, 422, "The parameter prompt is missing."),
    "no list": ("call/generate", {"prompt": "a"}, 422, "The parameter data is missing"),
    "text for a list": ("call/generate", {"data": "a"}, 422, "The parameter data is missing"),
    "too many": ("call/generate", {"data": ["a"] * 13}, 422, "at most 12 parameters"),
    "misspelt": (
        "call/v2/generate",
        {"prompt": "a", "negative_prompt": "b"},
        422,
        "negative_prompt is no parameter. Use only: prompt, aspect_ratio,",
    ),
    "a key as a name": ("call/v2/generate", {"prompt": "a", KEY: ""}, 422, "One of the names is"),
    "no object": ("call/v2/generate", ["a"], 422, "A call is a JSON object."),
    "no endpoint": ("call/nowhere", {"data": []}, 404, "There is: /generate."),
    "no endpoint by name": ("call/v2/nowhere", {}, 404, "There is: /generate."),
    "the page's own": ("call/on_open", {"data": []}, 404, "There is: /generate."),
    "a key as an endpoint": (f"call/{KEY}", {"data": []}, 404, "There is: /generate."),
    "no event": ("queue/join", {"data": [], "session_hash": "a"}, 404, "Reload the page."),
    "an unknown event": ("queue/join", {"data": [], "fn_index": 9999}, 404, "Reload the page."),
    "a negative event": ("queue/join", {"data": [], "fn_index": -1}, 404, "Reload the page."),
    "an event by name": ("queue/join", {"data": [], "fn_index": KEY}, 404, "Reload the page."),
    "an event of events": ("queue/join", {"data": [], "fn_index": [[]]}, 404, "Reload the page."),
    "true": ("queue/join", {"data": [], "fn_index": True}, 404, "Reload the page."),
    "an event without data": ("queue/join", {"key": KEY}, 422, "The parameter data is missing"),
    "a long session": (
        "queue/join",
        {"data": [], "fn_index": 1, "session_hash": "x" * 65},
        400,
        "at most 64 letters",
    ),
    "an odd session": ("call/generate", {"data": ["a"], "session_hash": "a b"}, 400, "at most 64"),
    "a number": ("call/generate", {"data": ["a"], "session_hash": 1}, 400, "at most 64"),
    "past the queue": ("run/generate", {"data": ["a"]}, 404, "Not found"),
    "past the queue by number": ("api/x", {"data": [], "fn_index": 999}, 404, "Not found"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_call_gets_a_sentence(url: str, kind: str) -> None:
    door, body, status, sentence = WRONG[kind]
    answer = post(url, door, body)
    assert answer.status_code == status
    assert sentence in answer.text
    assert KEY not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("call/generate/unknown", 404),
        ("call/v2/generate/unknown", 404),
        (f"call/{KEY}/unknown", 404),
        ("heartbeat/" + "x" * 65, 400),
        ("heartbeat/a b", 400),
        ("queue/data?session_hash=" + "x" * 65, 400),
        ("stream/a/1/2/playlist.m3u8", 404),
        ("proxy=https://example.org/", 404),
        ("custom_component/x/client/y/z%0aforged", 404),
        ("dev/reload", 404),
        ("../assets/" + "x" * 256, 404),
        ("../static/" + "%C3%A4" * 128, 404),
        ("../pwa_icon/20000", 404),
    ],
)
def test_a_wrong_address_gets_a_sentence(url: str, path: str, status: int) -> None:
    asking = requests.Request("GET", url).prepare()
    asking.url = f"{url}/gradio_api/{path}".replace("/gradio_api/..", "")
    with requests.Session() as session:
        answer = session.send(asking, timeout=10)
    assert answer.status_code == status
    assert answer.text
    assert KEY not in answer.text


@pytest.mark.parametrize("door", ["mcp", "call/generate", "queue/join", "cancel"])
def test_what_is_no_text_gets_a_sentence(url: str, door: str) -> None:
    headers = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    body = b'{"\xff": 1}'
    answer = requests.post(f"{url}/gradio_api/{door}", data=body, headers=headers, timeout=10)
    assert answer.status_code == 400
    assert "no text in UTF-8" in answer.text


@pytest.mark.parametrize(
    "asked", ["bytes=0-10", "bytes=0-1-2", "bytes=\u00b2-3", "bytes=0-" + "9" * 5000]
)
def test_no_answer_repeats_what_it_was_asked_with(url: str, asked: str) -> None:
    sent = {"files": ("a.png", png())}
    (path,) = requests.post(f"{url}/gradio_api/upload", files=sent, timeout=10).json()
    secrets = {"Cookie": f"login={KEY}", "X-AIMLAPI-Key": KEY, "Authorization": f"Bearer {KEY}"}
    headers = {name: each.encode("latin-1") for name, each in (secrets | {"Range": asked}).items()}
    for route in ("file=", "file/"):
        answer = requests.get(f"{url}/gradio_api/{route}{path}", headers=headers, timeout=10)
        assert (answer.status_code, answer.content) == (200, png())
        assert KEY not in str(answer.headers)


def test_a_body_that_does_not_fit_is_not_repeated(url: str) -> None:
    for route in ("cancel", "reset"):
        answer = post(url, route, {"api_key": KEY})
        assert answer.status_code == 422
        assert "Field required" in answer.text
        assert KEY not in answer.text


def test_a_page_of_another_process_learns_that_it_is_not_known(url: str) -> None:
    answer = requests.get(f"{url}/gradio_api/queue/data?session_hash=stranger", timeout=10)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert json.loads(answer.text.removeprefix("data: "))["session_not_found"] is True


def test_what_the_readme_says_in_two_calls_is_this_door(url: str) -> None:
    asked = {"prompt": "Racoon eating ice-cream", "aspect_ratio": "16:9"}
    event = post(url, "call/v2/generate", asked).json()["event_id"]
    heard = requests.get(f"{url}/gradio_api/call/generate/{event}", timeout=30).text
    assert "event: complete" in heard
    again = fetched_again(f"{url}/gradio_api/call/generate/{event}")
    assert (again.status_code, again.json()["detail"][:25]) == (404, "Nothing is on its way by ")


def fetched_again(address: str) -> requests.Response:
    """Ask until Gradio has noticed that it has told; until then it would wait for more to tell."""
    for _ in range(30):
        with suppress(requests.ConnectionError, requests.Timeout):
            return requests.get(address, timeout=2)
    raise AssertionError("it never noticed")


def test_only_what_must_be_given_must_be_given(url: str) -> None:
    for door, body in (
        ("call/generate", {"data": ["a fox"]}),
        ("call/v2/generate", {"prompt": "a fox", "seed": 1, "enhance_prompt": False}),
    ):
        assert post(url, door, body).status_code == 200


@pytest.mark.host
def test_no_wrong_call_leaves_a_traceback_in_the_log(tmp_path: Path) -> None:
    with program(tmp_path) as running:
        url = running.url.rstrip("/")
        for door, body, status, _ in WRONG.values():
            assert post(url, door, body).status_code == status
        for path in ("call/generate/unknown", "queue/data?session_hash=unknown"):
            requests.get(f"{url}/gradio_api/{path}", timeout=10)
    log = running.log.read_text()
    assert "Traceback" not in log
    assert KEY not in log


# Memory.


def test_an_ordinary_call_is_short(url: str) -> None:
    longest = "a" * (LARGEST_CALL - 200)
    assert post(url, "call/generate", {"data": [longest]}).status_code == 200
    for door in ("call/generate", "call/v2/generate", "queue/join", "cancel"):
        refused = post(url, door, {"data": [longest + 200 * "a"], "session_hash": "a"})
        assert refused.status_code == 413
        assert "64 KB at most" in refused.json()["detail"]


def test_an_assistants_call_may_be_longer(url: str) -> None:
    door, body = doors(url, "a" * 100_000)["MCP"]
    answer = post(url, door, body)
    assert answer.status_code == 200
    assert "at most 400" in answer.text
    assert post(url, *doors(url, "a" * 1024**2)["MCP"]).status_code == 413


# The same without a server: whatever else a stranger could write.

HERE = Calls(
    endpoints={"generate": Endpoint(PARAMETERS, frozenset(PARAMETERS[1:]))},
    events={1, 2},
    uploads=Path("/uploads"),
    knows_session="known".__eq__,
    left_something=lambda _: False,
    awaits_event="known".__eq__,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(JSON, st.sampled_from(["http://", "https://", "ftp://", "hTTp://"]), st.integers(0, 6))
def test_an_address_is_found_however_deep(other: Any, scheme: str, depth: int) -> None:  # noqa: ANN401 - JSON
    file: Any = {"path": f"{scheme}somewhere", "meta": FILE, "more": other}
    for level in range(depth):
        file = [other, file] if level % 2 else {"x": file, "y": other}
    for path in ("/gradio_api/call/v2/generate", "/gradio_api/mcp", "/gradio_api/queue/join", "/x"):
        with pytest.raises(Refused):
            HERE.check(path, json.dumps({"data": [file], "prompt": file}).encode())


@given(st.binary(max_size=200), st.sampled_from(["call/generate", "queue/join", "mcp", "cancel"]))
def test_no_body_breaks_the_check(body: bytes, path: str) -> None:
    with suppress(Refused):
        HERE.check(f"/gradio_api/{path}", body)


def test_a_body_nested_without_end_is_left_to_the_app() -> None:
    HERE.check("/gradio_api/queue/join", b"[" * LARGEST_CALL)


@given(st.text(max_size=80), st.sampled_from(["GET", "HEAD", "POST"]))
def test_no_address_breaks_the_check(name: str, method: str) -> None:
    for path in (f"/gradio_api/heartbeat/{name}", f"/gradio_api/file={name}", f"/{name}"):
        query = urlencode({"session_hash": name}).encode()
        scope = {"type": "http", "method": method, "path": path, "query_string": query}
        with suppress(Refused):
            HERE.answer(Request(scope))


# In a network of its own, where a public address is the test's own.


def in_a_network_of_its_own(script: Path, folder: Path) -> str:
    """Run a script as the only one in a new network namespace; skip where there can be none."""
    unshare = shutil.which("unshare")
    can = unshare and subprocess.run([unshare, "--net", "true"], check=False, capture_output=True)  # noqa: S603
    if not unshare or not can or can.returncode:
        pytest.skip("network namespaces are not allowed here")
    done = subprocess.run(  # noqa: S603 - the test's own script
        [unshare, "--net", sys.executable, script],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "GRADIO_TEMP_DIR": str(folder), "PYTHONPATH": str(ROOT)},
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.host
def test_a_public_address_is_not_fetched_through_any_door(tmp_path: Path) -> None:
    script = Path(__file__).with_name("strangers_address.py")
    said = json.loads(in_a_network_of_its_own(script, tmp_path))
    assert said["reachable"], "else this shows nothing"
    assert len(said["answers"]) > 30
    assert {status for _, status in said["answers"]} <= {403, 404, 422}
    assert said["asked"] == []
    assert said["kept"] == []


def test_headers_that_never_end_are_not_waited_for(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("imagen_demo.server.header_timeout.SECONDS", 0.5)
    host, port = url.removeprefix("http://").split(":")

    def begin(first: bytes) -> socket.socket:
        line = socket.create_connection((host, int(port)), timeout=60)
        line.sendall(first)
        return line

    for first in (b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nA: "):
        with begin(first) as line, suppress(ConnectionResetError):
            assert line.recv(100) == b""
    with begin(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HT") as line:
        heard = b""
        while piece := line.recv(1000):
            heard += piece
    assert heard.count(b"HTTP/1.1 200 OK") == 1

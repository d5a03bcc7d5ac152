"""All steps in their order, around a demo that is really served: what comes in, what goes out."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO

import gradio as gr
import pytest
import requests
from gradio.utils import get_upload_folder
from starlette.responses import PlainTextResponse

from imagen_demo.launch import serve
from imagen_demo.server.access import Access, Account
from imagen_demo.server.body_limits import LARGEST_CALL, LARGEST_PICTURE
from imagen_demo.server.shutdown import Shutdown
from tests.conftest import png

ALLOWED = "https://allowed.example"
EVIL = "https://evil.example"


def crash() -> None:
    raise RuntimeError("a bug")


async def speak() -> PlainTextResponse:
    return PlainTextResponse("a word", headers={"Access-Control-Allow-Origin": "*"})


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A demo with a route that crashes, and one that would talk to any site."""
    with served(Access(origins=frozenset({ALLOWED}))) as address:
        yield address


@pytest.fixture(scope="module")
def own() -> Iterator[str]:
    """A demo for this machine alone."""
    with served(Access(local=True)) as address:
        yield address


@dataclass
class served:  # noqa: N801 - used as a function
    """A small demo behind all of it."""

    access: Access
    root_path: str = ""

    def __enter__(self) -> str:
        with gr.Blocks(analytics_enabled=False) as self.demo:
            gr.UploadButton("Open")
        address = serve(
            self.demo,
            self.access,
            Shutdown(),
            prevent_thread_lock=True,
            quiet=True,
            root_path=self.root_path,
        )
        self.demo.app.add_api_route("/crash", crash)
        self.demo.app.add_api_route("/speak", speak)
        return address.rstrip("/")

    def __exit__(self, *_: object) -> None:
        self.demo.close(verbose=False)


def upload(url: str, data: bytes, name: str = "a.png") -> requests.Response:
    return requests.post(f"{url}/gradio_api/upload", files={"files": (name, data)}, timeout=30)


ANSWERS: dict[str, tuple[str, str, dict[str, Any], int]] = {
    "page": ("GET", "/", {}, 200),
    "no page's body": ("HEAD", "/", {}, 200),
    "asset": ("GET", "/theme.css", {}, 200),
    "health": ("GET", "/healthz", {}, 200),
    "readiness": ("GET", "/readyz", {}, 200),
    "events": ("GET", "/gradio_api/heartbeat/x", {}, 200),
    "upload": ("POST", "/gradio_api/upload", {"files": {"files": ("a.png", png())}}, 200),
    "redirect": ("GET", "/logout", {"allow_redirects": False}, 302),
    "foreign": ("POST", "/gradio_api/queue/join", {"headers": {"Origin": EVIL}}, 403),
    "forbidden file": ("GET", "/gradio_api/file=/etc/passwd", {}, 403),
    "not found": ("GET", "/nowhere", {}, 404),
    "closed": ("GET", "/gradio_api/deep_link?session_hash=x", {}, 404),
    "wrong method": ("DELETE", "/config", {}, 405),
    "too large": ("POST", "/login", {"data": b"x" * (LARGEST_CALL + 1)}, 413),
    "no picture": ("POST", "/gradio_api/upload", {"files": {"files": ("a.png", b"x")}}, 415),
    "unprocessable": ("POST", "/gradio_api/queue/join", {"json": {}}, 422),
    "crash": ("GET", "/crash", {}, 500),
    "preflight": ("OPTIONS", "/", {"headers": {"Access-Control-Request-Method": "GET"}}, 200),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_kind_of_answer_says_what_browsers_must_hold_to(url: str, kind: str) -> None:
    method, path, more, status = ANSWERS[kind]
    with requests.request(method, f"{url}{path}", timeout=10, stream=True, **more) as answer:
        assert answer.status_code == status
        said = answer.headers
    policy = said["content-security-policy"].split("; ")
    assert "default-src 'none'" in policy
    if kind != "asset":  # it may load nothing at all
        assert "script-src-attr 'none'" in policy
        assert "connect-src 'self'" in policy
    assert "frame-ancestors 'self' https://huggingface.co https://*.hf.space" in policy
    assert said["x-content-type-options"] == "nosniff"
    assert said["referrer-policy"] == "same-origin"


def test_a_stranger_is_told_so_with_the_same_headers() -> None:
    access = Access(accounts=(Account("ann", "hunter2"),), framing=("'none'",))
    with served(access) as url:
        for path in ("/", "/config"):
            said = requests.get(f"{url}{path}", timeout=10).headers
            assert said["content-security-policy"].endswith("; frame-ancestors 'none'")
            assert said["x-content-type-options"] == "nosniff"
        healthy = requests.get(f"{url}/healthz", timeout=10)
        assert (healthy.status_code, healthy.text) == (200, "ok")


@pytest.mark.parametrize("host", ["", "demo.example"])
@pytest.mark.parametrize("origin", [EVIL, "null", f"{ALLOWED}.evil.example", "http://localhost:1"])
@pytest.mark.parametrize("path", ["/", "/config", "/speak", "/nowhere", "/gradio_api/info"])
def test_no_other_sites_page_may_read_an_answer(
    url: str, path: str, origin: str, host: str
) -> None:
    headers = {"Origin": origin, **({"Host": host} if host else {})}
    for method in ("GET", "OPTIONS"):
        asked = {"Access-Control-Request-Method": "POST"} if method == "OPTIONS" else {}
        answer = requests.request(method, f"{url}{path}", headers=headers | asked, timeout=10)
        assert [name for name in answer.headers if name.lower().startswith("access-")] == []


def test_a_site_that_the_host_allows_may(url: str) -> None:
    answer = requests.get(f"{url}/config", headers={"Origin": ALLOWED}, timeout=10)
    assert answer.headers["access-control-allow-origin"] == ALLOWED
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert "Origin" in answer.headers["vary"]
    asked = {
        "Origin": ALLOWED,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type, x-aimlapi-key",
    }
    answer = requests.options(f"{url}/gradio_api/queue/join", headers=asked, timeout=10)
    assert answer.headers["access-control-allow-headers"] == "content-type, x-aimlapi-key"
    assert "POST" in answer.headers["access-control-allow-methods"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 422),
        ({"Origin": ALLOWED, "Sec-Fetch-Site": "cross-site"}, 422),
        ({"Origin": "https://demo.example", "Host": "demo.example"}, 422),
        ({"Origin": "https://demo.example", "Sec-Fetch-Site": "same-origin"}, 422),
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": EVIL, "Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://demo.example:8443", "Host": "demo.example"}, 403),
        ({"Origin": "https://demo.example", "X-Forwarded-Host": "demo.example"}, 403),
    ],
    ids=repr,
)
def test_no_other_sites_page_makes_a_visitor_spend(
    url: str, headers: dict[str, str], status: int
) -> None:
    answer = requests.post(f"{url}/gradio_api/queue/join", json={}, headers=headers, timeout=10)
    assert answer.status_code == status


FORWARDED = {
    "X-Forwarded-Host": "far.example, near.example",
    "X-Forwarded-Proto": "http, https",
    "X-Gradio-Server": "https://evil.example",
}


@pytest.mark.parametrize(
    ("proxies", "root"),
    [(0, "http://127.0.0.1:"), (1, "https://near.example"), (2, "http://far.example")],
)
def test_where_a_visitor_came_from_is_what_trusted_proxies_say(proxies: int, root: str) -> None:
    with served(Access(trusted_proxies=proxies)) as address:
        config = requests.get(f"{address}/config", headers=FORWARDED, timeout=10).json()
        assert config["root"].startswith(root)
        forged = dict.fromkeys(FORWARDED, "evil.example")
        behind = {**forged, **{name: f"evil, {said}" for name, said in FORWARDED.items()}}
        config = requests.get(f"{address}/config", headers=behind, timeout=10).json()
        assert config["root"].startswith(root), "a visitor's own word stands before the proxies'"
        same = {"Origin": f"https://{'near' if proxies == 1 else 'far'}.example"}
        answer = requests.post(
            f"{address}/gradio_api/queue/join", json={}, headers=FORWARDED | same, timeout=10
        )
        assert answer.status_code == (422 if proxies else 403)


def test_a_host_is_told_once_of_a_proxy_that_is_not_trusted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with served(Access()) as address:
        for _ in range(3):
            requests.get(f"{address}/config", headers=FORWARDED, timeout=10)
    said = [each.message for each in caplog.records if "X-Forwarded" in each.message]
    assert len(said) == 1
    assert "IMAGEN_DEMO_TRUSTED_PROXIES" in said[0]
    assert "example" not in said[0]


def test_a_body_too_large_is_refused_also_where_no_length_is_announced(url: str) -> None:
    pieces = (b"x" * 10_000 for _ in range(20))
    answer = requests.post(f"{url}/gradio_api/queue/join", data=pieces, timeout=10)
    sentence = "This is too large: 64 KB at most are taken here. Nothing was charged."
    assert (answer.status_code, answer.json()) == (413, {"detail": sentence})


def test_a_body_that_is_announced_too_large_is_not_waited_for(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(b"POST /config HTTP/1.1\r\nHost: x\r\nContent-Length: 9999999999\r\n\r\n")
        assert line.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_picture_is_taken_as_it_is(url: str) -> None:
    (path,) = upload(url, png(64, 64)).json()
    assert Path(path).read_bytes() == png(64, 64)


def test_an_upload_is_one_picture(url: str) -> None:
    two = [("files", ("a.png", png())), ("files", ("b.png", png()))]
    answer = requests.post(f"{url}/gradio_api/upload", files=two, timeout=10)
    assert (answer.status_code, answer.text) == (400, "Only one picture can be opened at a time.")
    assert left_over() == []


def left_over() -> list[Path]:
    return [path for path in Path(get_upload_folder()).glob("tmp*") if path.is_file()]


def test_what_is_refused_or_breaks_off_leaves_nothing_behind(url: str) -> None:
    assert upload(url, b"only words", "words.png").status_code == 415
    assert upload(url, png() + bytes(LARGEST_PICTURE + 100_000)).status_code == 413
    assert upload(url, png() + bytes(LARGEST_PICTURE)).status_code == 413
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(
            b"POST /gradio_api/upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            b"Content-Type: multipart/form-data; boundary=b\r\n\r\n--b\r\n"
            b'Content-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n' + png()
        )
    assert upload(url, png()).status_code == 200
    assert left_over() == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_under_a_root_path_it_is_the_same_wall(slash: str) -> None:
    access = Access(accounts=(Account("ann", "hunter2"),))
    with served(access, root_path="/imagen") as url:
        for root in ("", "/imagen"):
            address = f"{url}{root}"
            assert requests.get(f"{address}/healthz", timeout=10).text == "ok"
            assert "Log in</h1>" in requests.get(f"{address}/", timeout=10).text
            closed = f"{address}/gradio_api/deep_link{slash}?session_hash=x"
            for auth in (None, ("ann", "hunter2")):
                assert requests.get(closed, auth=auth, timeout=10).status_code == 404
            assert requests.get(f"{address}/config", timeout=10).status_code == 401
            form = {"username": "ann", "password": "hunter2"}
            assert requests.post(f"{address}/login", data=form, timeout=10).ok
            refused = requests.post(
                f"{address}/gradio_api/upload{slash}",
                files={"files": ("a.png", b"words")},
                auth=("ann", "hunter2"),
                timeout=10,
            )
            assert refused.status_code == 415


MINE = (
    "localhost",
    "localhost:7860",
    "127.0.0.1:7860",
    "[::1]:7860",
    "my-laptop",
    "192.168.1.5",
    "localhost.",
    "a.localhost",
    "studio.local",
    "host.docker.internal",
)
OTHERS = ("demo.example", "evil.example:7860", "127.0.0.1.evil.example", "a.b", "[x")


@pytest.mark.parametrize(
    ("host", "is_mine"), [(h, True) for h in MINE] + [(h, False) for h in OTHERS]
)
def test_a_demo_for_one_machine_goes_by_no_name_that_others_can_make_up(
    own: str, host: str, *, is_mine: bool
) -> None:
    headers = {"Host": host}
    answers = [
        requests.get(f"{own}/config", headers=headers, timeout=10),
        requests.post(f"{own}/gradio_api/queue/join", json={}, headers=headers, timeout=10),
    ]
    assert [each.status_code for each in answers] == ([200, 422] if is_mine else [421, 421])


WRONG_NAME, WRONG_PAGE = {"Host": "demo.example"}, {"Origin": EVIL}
ASKS_FIRST = {"Access-Control-Request-Method": "POST"}
JOIN, CLOSED = "/gradio_api/queue/join", "/gradio_api/deep_link"
ORDER: dict[str, tuple[str, str, dict[str, str], int]] = {
    "health before the name": ("GET", "/healthz", WRONG_NAME, 200),
    "preflight before what is closed": ("OPTIONS", CLOSED, ASKS_FIRST | WRONG_NAME, 200),
    "what is closed before the name": ("POST", CLOSED, WRONG_NAME | WRONG_PAGE, 404),
    "the name before the page": ("POST", JOIN, WRONG_NAME | WRONG_PAGE, 421),
    "the page before the session": ("POST", f"{JOIN}?session_hash=!", WRONG_PAGE, 403),
    "the session before the size": ("POST", f"{JOIN}?session_hash=!", {}, 400),
    "the size before the call": ("POST", JOIN, {}, 413),
}


@pytest.mark.parametrize(("method", "path", "headers", "status"), ORDER.values(), ids=ORDER)
def test_of_several_refusals_the_first_is_said(
    own: str, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    data = b"x" * (LARGEST_CALL + 1) if method == "POST" else None
    answer = requests.request(method, f"{own}{path}", headers=headers, data=data, timeout=10)
    assert answer.status_code == status


def test_a_demo_behind_a_proxy_goes_by_any_name(url: str) -> None:
    assert requests.get(f"{url}/config", headers={"Host": "demo.example"}, timeout=10).ok


class Sender:
    """Somebody at an address of their own, who begins uploads and does not end them."""

    def __init__(self, url: str, number: int) -> None:
        host, port = url.removeprefix("http://").split(":")
        self.to, self.source = (host, int(port)), (f"127.0.0.{number}", 0)

    @contextmanager
    def begin(self) -> Iterator[BinaryIO]:
        """Begin one; what is said to that is to go on, once it has a turn, or a refusal."""
        connected = socket.create_connection(self.to, timeout=30, source_address=self.source)
        with connected as line, line.makefile("rb") as answer:
            line.sendall(
                b"POST /gradio_api/upload HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                b"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 99999\r\n"
                b"Expect: 100-continue\r\n\r\n"
            )
            yield answer

    def has_a_turn(self) -> bool:
        """Whether one more would be let through, which is not sent."""
        with self.begin() as answer:
            return answer.readline() == GO_ON


GO_ON, REFUSED = b"HTTP/1.1 100 Continue\r\n", b"HTTP/1.1 503 Service Unavailable\r\n"


def test_there_are_only_so_many_uploads_at_once_and_fewer_of_one_visitor() -> None:
    with served(Access()) as url, ExitStack() as begun:
        ann, *others = (Sender(url, number) for number in range(2, 7))
        for each in (ann, *others[:3]):
            for _ in range(4):
                assert begun.enter_context(each.begin()).readline() == GO_ON
            for _ in range(2):  # to be refused gives no turn back
                with each.begin() as answer:
                    assert answer.readline() == REFUSED
                    assert answer.read().endswith(b"just now. Try again in a moment.")
        with others[3].begin() as answer:
            assert answer.readline() == REFUSED
        begun.close()
        until = time.monotonic() + 30
        while not ann.has_a_turn():  # the demo hears of it a little later
            assert time.monotonic() < until
        assert upload(url, png()).ok


def test_what_is_left_of_a_disk_is_not_for_uploads(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nearly = SimpleNamespace(free=300 * 1024**2)
    monkeypatch.setattr("imagen_demo.server.upload_limits.disk_usage", lambda _: nearly)
    refused = upload(url, png())
    assert (refused.status_code, refused.text) == (
        507,
        "This demo's disk is full, so nothing can be opened just now. Tell its host.",
    )
    assert requests.post(f"{url}/gradio_api/queue/join", json={}, timeout=10).status_code == 422
    nearly.free += 100 * 1024**2
    assert upload(url, png()).ok


def test_a_browser_keeps_no_refusal_of_a_file(url: str) -> None:
    refused = requests.get(f"{url}/gradio_api/file=/etc/passwd", timeout=10)
    assert refused.status_code == 403
    assert "max-age" not in refused.headers.get("cache-control", "")

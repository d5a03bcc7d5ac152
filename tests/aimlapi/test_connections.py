"""An answer has one deadline, of whatever part a drip is made; what lay idle is not asked again."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest
import uvicorn

from imagen_demo.aimlapi.connections import KEPT
from imagen_demo.aimlapi.transport import Answer as Got
from imagen_demo.aimlapi.transport import Timeouts, Transport
from imagen_demo.domain.errors import Charged, ServiceTimeout
from tests.conftest import MADE_UP, Answer, Service

TIMEOUTS = Timeouts(connect=20, read=0.5)
LASTING = 20.0
"""Seconds that a drip goes on, unless its test has ended."""

DRIPS = {
    "status line": (b"", b"H"),
    "headers": (b"HTTP/1.1 200 OK\r\nx-long: ", b"x"),
    "interim answers": (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "body": (b"HTTP/1.1 200 OK\r\ncontent-length: 9999\r\n\r\n", b"x"),
    "chunks": (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
}

Dripping = Callable[..., str]


class Drip:
    """Says `first` to whoever asks, and then `drop` again and again."""

    def __init__(self, first: bytes, drop: bytes, tls: ssl.SSLContext | None) -> None:
        """Listen on a port of its own."""
        self._first, self._drop, self._tls = first, drop, tls
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """End every drip."""
        self._ended.set()
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listening.accept()[0]
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        until = time.monotonic() + LASTING
        with suppress(OSError):
            if self._tls:
                connection = self._tls.wrap_socket(connection, server_side=True)
            with connection:
                connection.recv(1 << 16)
                connection.sendall(self._first)
                while time.monotonic() < until and not self._ended.wait(0.05):
                    connection.sendall(self._drop)


@pytest.fixture
def dripping() -> Iterator[Dripping]:
    """Start a service that drips; returns where."""
    drips: list[Drip] = []

    def start(first: bytes, drop: bytes, tls: ssl.SSLContext | None = None) -> str:
        drips.append(Drip(first, drop, tls))
        return f"{'https' if tls else 'http'}://127.0.0.1:{drips[-1].port}"

    yield start
    for drip in drips:
        drip.close()


def post(url: str, timeouts: Timeouts = TIMEOUTS) -> Got:
    transport = Transport(url, timeouts)
    try:
        return transport.post(f"{url}/v1", {}, api_key="k", headers={}, limit=1 << 20)
    finally:
        transport.close()


def get(url: str, timeouts: Timeouts = TIMEOUTS) -> Got:
    transport = Transport(url, timeouts)
    try:
        return transport.get(f"{url}/picture", limit=1 << 20)
    finally:
        transport.close()


@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
@pytest.mark.parametrize("way", [post, get])
def test_an_answer_that_drips_is_given_up_whatever_part_it_is(
    dripping: Dripping, way: Callable[[str], Got], drip: tuple[bytes, bytes]
) -> None:
    with pytest.raises(ServiceTimeout, match=r"No answer after 0\.5 s") as caught:
        way(dripping(*drip))
    assert caught.value.charged is Charged.POSSIBLY


def test_headers_and_body_share_one_deadline(service: Service) -> None:
    service.script = lambda _: Answer(body=bytes(20), seconds=0.7, drip=0.03)
    with pytest.raises(ServiceTimeout):
        post(service.url, Timeouts(connect=5, read=1))


@pytest.mark.usefixtures("pauses")
def test_a_refusal_that_drips_is_not_waited_for_before_the_next_attempt(
    dripping: Dripping,
) -> None:
    url = dripping(b"HTTP/1.1 503 Busy\r\ncontent-length: 9999\r\n\r\n", b"x")
    started = time.monotonic()
    with pytest.raises(ServiceTimeout):
        post(url)
    assert time.monotonic() - started < LASTING


@pytest.mark.usefixtures("made_up_name")
@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_through_a_proxy_is_given_up_too(
    dripping: Dripping, monkeypatch: pytest.MonkeyPatch, drip: tuple[bytes, bytes]
) -> None:
    monkeypatch.setenv("HTTP_PROXY", dripping(*drip))
    with pytest.raises(ServiceTimeout):
        post(f"http://{MADE_UP}")


@pytest.mark.parametrize("way", [post, get])
def test_a_proxy_that_drips_before_it_opens_the_way_is_given_up(
    dripping: Dripping, monkeypatch: pytest.MonkeyPatch, way: Callable[[str, Timeouts], Got]
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", dripping(*DRIPS["headers"]))
    with pytest.raises(ServiceTimeout):
        way(f"https://{MADE_UP}", Timeouts(connect=2, read=20))


@pytest.mark.usefixtures("made_up_name")
@pytest.mark.parametrize("drip", DRIPS.values(), ids=DRIPS)
def test_an_answer_that_drips_over_https_is_given_up_too(
    dripping: Dripping, tls: ssl.SSLContext, drip: tuple[bytes, bytes]
) -> None:
    url = dripping(*drip, tls).replace("127.0.0.1", MADE_UP)
    with pytest.raises(ServiceTimeout):
        post(url)


class KeepsAlive:
    """A service that answers as often as it is asked, and knows by which connection."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.connections: list[object] = []
        connections = self.connections

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _answer(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                connections.append(self.client_address)
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            do_GET = do_POST = _answer  # noqa: N815 - names the standard library looks for

            def log_message(self, *_: object) -> None:
                """Keep the test's output clean."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()


@pytest.fixture
def keeps_alive() -> Iterator[KeepsAlive]:
    """A service that hangs up on nobody."""
    running = KeepsAlive()
    yield running
    running.server.shutdown()
    running.server.server_close()


@pytest.mark.parametrize("way", ["post", "ask", "get"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.usefixtures("made_up_name")
def test_a_connection_that_lay_idle_is_not_asked_again(
    keeps_alive: KeepsAlive,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    scheme: str,
    way: str,
) -> None:
    if scheme == "https":
        tls: ssl.SSLContext = request.getfixturevalue("tls")
        keeps_alive.server.socket = tls.wrap_socket(keeps_alive.server.socket, server_side=True)
    now = 1000.0
    clock = SimpleNamespace(monotonic=lambda: now)
    monkeypatch.setattr("imagen_demo.aimlapi.connections.time", clock)
    origin = f"{scheme}://{MADE_UP}:{keeps_alive.server.server_port}"
    transport = Transport(origin, Timeouts(connect=20, read=20))
    ways: dict[str, Callable[[], Got]] = {
        "post": lambda: transport.post(origin, {}, api_key="k", headers={}, limit=9),
        "ask": lambda: transport.ask(origin, api_key="k", limit=9),
        "get": lambda: transport.get(origin, limit=9),
    }
    for pause in (0, KEPT * 0.9, KEPT * 0.9, KEPT * 1.1):
        now += pause
        ways[way]()
    transport.close()
    first, second, third, last = keeps_alive.connections
    assert first == second == third != last


def test_it_is_given_up_well_before_a_server_hangs_up() -> None:
    assert uvicorn.Config("").timeout_keep_alive - 2 >= KEPT

"""What a stranger writes instead of a request goes no further, whichever parser reads it."""

import json
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from threading import Thread
from time import sleep

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from imagen_demo.server import header_timeout
from imagen_demo.server.header_timeout import BoundedProtocol, TimelyProtocol

HOST = b"Host: 127.0.0.1\r\n"
POST = b"POST / HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


async def tell(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with what came, once all of it has."""
    request = Request(scope, receive)
    length = len(await request.body())
    await JSONResponse({"length": length, "headers": request.headers.keys()})(scope, receive, send)


def by_h11(monkeypatch: pytest.MonkeyPatch) -> type[TimelyProtocol]:
    """The protocol as it is where httptools is not installed."""
    monkeypatch.setitem(sys.modules, "httptools", None)
    monkeypatch.delitem(sys.modules, "uvicorn.protocols.http.auto")
    spec = spec_from_file_location("without_httptools", Path(header_timeout.__file__))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    protocol: type[TimelyProtocol] = module.TimelyProtocol
    assert "H11Protocol" in {each.__name__ for each in protocol.__mro__}
    return protocol


@pytest.fixture(params=["h11", "httptools"])
def port(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    protocol = by_h11(monkeypatch) if request.param == "h11" else BoundedProtocol
    yield from served(protocol)


@pytest.fixture
def port_by_httptools() -> Iterator[int]:
    yield from served(BoundedProtocol)


def served(protocol: type[TimelyProtocol]) -> Iterator[int]:
    config = uvicorn.Config(tell, port=0, http=protocol, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    running = Thread(target=server.run)
    running.start()
    while not server.started:
        assert running.is_alive()
        sleep(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    running.join()


def heard(port: int, said: bytes) -> bytes:
    """Return all that is answered until the server hangs up, as it is asked to at the latest."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
        answer = b""
        with suppress(ConnectionError):
            line.sendall(said)
            line.sendall(b"GET / HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n")
            while piece := line.recv(65536):
                answer += piece
        return answer


def told(port: int, said: bytes) -> dict[str, object]:
    """What the app tells of a request."""
    head, _, body = heard(port, said).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK")
    told, _ = json.JSONDecoder().raw_decode(body.decode())
    assert isinstance(told, dict)
    return told


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"A : b\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"A: b\rB: c\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"A: b\0c\r\n\r\n",
        POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\naaaaa",
        POST + b"Content-Length: -4\r\n\r\naaaa",
        POST + b"Content-Length: +4\r\n\r\naaaa",
        POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        CHUNKED + b"-1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(40),
        b"hello\r\n\r\n",
    ],
    ids=ascii,
)
def test_what_can_be_read_in_two_ways_is_read_in_none(port: int, said: bytes) -> None:
    answers = heard(port, said)
    assert b"200 OK" not in answers
    assert answers.count(b"HTTP/1.1 400 Bad Request") <= 1


@pytest.mark.parametrize(
    "said",
    [
        b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 1_000_000,
        b"GET / HTTP/1.1\r\n" + HOST + b"A: b\r\n" * 100_000 + b"\r\n",
        b"GET /" + b"a" * 1_000_000,
        CHUNKED + b"2\r\n{}\r\n0\r\n" + b"A: b\r\n" * 100_000,
        CHUNKED + b"2\r\n{}\r\n0\r\nA: " + b"a" * 1_000_000,
        CHUNKED + b"2;" + b"a" * 1_000_000,
    ],
    ids=["a value", "many", "a path", "many behind", "a value behind", "an extension"],
)
def test_headers_are_read_to_a_bound(port: int, said: bytes) -> None:
    assert b"200 OK" not in heard(port, said)


@pytest.mark.parametrize("lines", [b"A: " + b"a" * 100_000 + b"\r\n", b"A: b\r\n" * 20_000])
def test_headers_that_come_all_at_once_have_the_same_bound(
    port_by_httptools: int, lines: bytes
) -> None:
    assert b"200 OK" not in heard(port_by_httptools, b"GET / HTTP/1.1\r\n" + HOST + lines + b"\r\n")


def test_large_headers_within_it_are_none_too_many(port: int) -> None:
    assert told(port, b"GET / HTTP/1.1\r\n" + HOST + b"A: " + b"a" * 50_000 + b"\r\n\r\n")


def test_what_follows_a_body_joins_no_headers(port: int) -> None:
    said = told(port, CHUNKED + b"2\r\n{}\r\n0\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n")
    assert said == {"length": 2, "headers": ["host", "transfer-encoding"]}


@pytest.mark.parametrize(
    "said",
    [
        CHUNKED + b"1\r\na\r\n" * 100_000 + b"0\r\n\r\n",
        CHUNKED + b"186a0\r\n" + b"a" * 100_000 + b"\r\n0\r\n\r\n",
        POST + b"Content-Length: 100000\r\n\r\n" + b"a" * 100_000,
    ],
    ids=["bits", "a piece", "announced"],
)
def test_bodies_are_bounded_elsewhere(port: int, said: bytes) -> None:
    assert told(port, said)["length"] == 100_000


def test_several_requests_at_once_are_answered_in_order(port: int) -> None:
    ask = b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: %d\r\n\r\n%s"
    answers = heard(port, b"".join(ask % (each, b"a" * each) for each in (1, 2, 3)))
    places = [answers.index(b'"length":%d' % each) for each in (1, 2, 3)]
    assert places == sorted(places)


def test_thousands_are_not(port_by_httptools: int) -> None:
    ask = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
    assert heard(port_by_httptools, ask * 5_000).count(b"200 OK") < 100

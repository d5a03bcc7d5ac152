"""The HTTP underneath, against servers on loopback that misbehave on purpose."""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate
from pathlib import Path

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse

from imagen_demo.aimlapi import transport
from imagen_demo.aimlapi.transport import Answer as Got
from imagen_demo.aimlapi.transport import Timeouts, Transport
from imagen_demo.domain.errors import Charged, ServiceTimeout, ServiceUnreachable, UnusableReply
from tests.conftest import MADE_UP, Answer, Received, Service

TIMEOUTS = Timeouts(connect=5, read=5)
TINY = Timeouts(connect=0.1, read=0.3)


def post(url: str, *, key: str = "KEY", limit: int = 1 << 20, timeouts: Timeouts = TIMEOUTS) -> Got:
    transport = Transport(url, timeouts)
    try:
        return transport.post(
            f"{url}/v1", {"a": 1}, api_key=key, headers={"X-Id": "7"}, limit=limit
        )
    finally:
        transport.close()


def ask(url: str, *, limit: int = 1 << 20, timeouts: Timeouts = TIMEOUTS) -> Got:
    transport = Transport(url, timeouts)
    try:
        return transport.ask(f"{url}/v2", api_key="KEY", limit=limit)
    finally:
        transport.close()


def get(url: str, path: str = "/picture", *, limit: int = 1 << 20) -> Got:
    transport = Transport(url, TIMEOUTS)
    try:
        return transport.get(f"{url}{path}", limit=limit)
    finally:
        transport.close()


def in_turn(*answers: Answer) -> Callable[[Received], Answer]:
    """Give each answer once, and the last one from then on."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_any_status_comes_back_as_it_is_with_lower_case_headers(
    service: Service, status: int
) -> None:
    service.script = lambda _: Answer(status, b"body", {"X-Inference-Id": "i"})
    got = post(service.url)
    assert (got.status, got.body, got.headers["x-inference-id"]) == (status, b"body", "i")


def test_a_post_carries_the_key_the_json_and_its_headers(service: Service) -> None:
    post(service.url)
    (asked,) = service.received
    assert (asked.method, asked.path, asked.body) == ("POST", "/v1", b'{"a": 1}')
    assert asked.headers["authorization"] == "Bearer KEY"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["x-id"] == "7"


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_service_is_asked_at_most_twice_more(
    service: Service, pauses: list[float], status: int
) -> None:
    service.script = lambda _: Answer(status, b"why")
    assert (post(service.url).status, len(service.received)) == (status, 3)
    first, second = pauses
    assert 0.5 <= first <= second <= 1.5


def test_a_service_that_recovers_is_asked_no_more(service: Service, pauses: list[float]) -> None:
    service.script = in_turn(Answer(503), Answer(201))
    assert (post(service.url).status, len(service.received)) == (201, 2)
    assert len(pauses) == 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 413, 425, 500, 502, 504, 524])
@pytest.mark.parametrize("headers", [{}, {"Retry-After": "1"}], ids=["plain", "retry-after"])
def test_no_other_status_is_asked_again(
    service: Service, status: int, headers: dict[str, str]
) -> None:
    service.script = lambda _: Answer(status, headers=headers)
    assert (post(service.url).status, len(service.received)) == (status, 1)


def test_a_short_retry_after_is_honoured(service: Service, pauses: list[float]) -> None:
    service.script = in_turn(Answer(429, headers={"Retry-After": "2"}), Answer())
    assert post(service.url).status == 200
    assert pauses == [2]


@pytest.mark.parametrize(
    "after",
    ["20", formatdate(time.time() + 86_400, usegmt=True), "9" * 30],
    ids=["seconds", "date", "forever"],
)
def test_a_long_retry_after_is_the_answer(service: Service, after: str) -> None:
    service.script = lambda _: Answer(429, b"later", {"Retry-After": after})
    got = post(service.url)
    assert (got.status, got.body, len(service.received)) == (429, b"later", 1)


def test_a_malformed_retry_after_counts_as_none(service: Service, pauses: list[float]) -> None:
    malformed = [Answer(429, headers={"Retry-After": each}) for each in ("soon", "-1")]
    service.script = in_turn(*malformed, Answer())
    assert (post(service.url).status, len(service.received)) == (200, 3)
    first, second = pauses
    assert 0.5 <= first <= second <= 1.5


def test_a_silent_service_is_never_asked_twice(service: Service) -> None:
    service.script = lambda _: Answer(seconds=5)
    with pytest.raises(ServiceTimeout) as caught:
        post(service.url, timeouts=TINY)
    assert (caught.value.charged, len(service.received)) == (Charged.POSSIBLY, 1)


BROKEN = {
    "no answer": Answer(hang_up=True),
    "half a body": Answer(body=b"half", headers={"content-length": "8"}),
    "half a chunk": Answer(body=b"8\r\nhalf", headers={"transfer-encoding": "chunked"}),
    "no gzip": Answer(body=b"plain", headers={"content-encoding": "gzip"}),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_connection_that_breaks_after_the_request_is_never_asked_twice(
    service: Service, broken: Answer
) -> None:
    service.script = lambda _: broken
    with pytest.raises(ServiceUnreachable) as caught:
        post(service.url)
    assert not isinstance(caught.value, ServiceTimeout)
    assert (caught.value.charged, len(service.received)) == (Charged.POSSIBLY, 1)


def test_a_refused_connection_costs_nothing(pauses: list[float]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # bound and not listening: refused
        with pytest.raises(ServiceUnreachable) as caught:
            post(f"http://127.0.0.1:{silent.getsockname()[1]}")
    assert caught.value.charged is Charged.NO
    assert (len(pauses), sum(pauses) < 3) == (2, True)


def test_a_refused_connection_is_tried_again() -> None:
    def answer() -> None:
        time.sleep(0.2)  # the first attempt comes before, at once
        late.listen()
        with late.accept()[0] as connection:
            connection.recv(1 << 16)
            connection.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

    with socket.socket() as late:
        late.bind(("127.0.0.1", 0))
        serving = threading.Thread(target=answer, daemon=True)
        serving.start()
        assert post(f"http://127.0.0.1:{late.getsockname()[1]}").body == b"ok"
        serving.join(5)


@pytest.mark.parametrize("way", [post, ask, get])
def test_a_body_over_the_limit_is_refused(service: Service, way: Callable[..., Got]) -> None:
    service.script = lambda _: Answer(body=bytes(2 << 20))
    assert len(way(service.url, limit=2 << 20).body) == 2 << 20
    with pytest.raises(UnusableReply, match="larger than 1 MiB"):
        way(service.url, limit=(2 << 20) - 1)


def test_a_dripping_body_is_cut_at_the_deadline(service: Service) -> None:
    service.script = lambda _: Answer(body=bytes(200), drip=0.05)  # 10 s in all
    with pytest.raises(ServiceTimeout):
        post(service.url, timeouts=TINY)
    assert len(service.received) == 1


def test_a_refusals_time_is_not_taken_from_the_answer_after_it(service: Service) -> None:
    service.script = in_turn(Answer(503, seconds=2), Answer(body=b"ok", seconds=2))
    assert post(service.url, timeouts=Timeouts(connect=20, read=3.9)).body == b"ok"
    assert len(service.received) == 2


@pytest.mark.parametrize("way", ["ask", "get"])
def test_what_takes_no_work_is_not_waited_for_as_long_as_a_picture(
    service: Service, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    assert transport.MAX_QUICK_READ == 30
    monkeypatch.setattr(transport, "MAX_QUICK_READ", 0.2)
    service.script = lambda _: Answer(seconds=3)
    with pytest.raises(ServiceTimeout, match=r"after 0\.2 s"):
        (ask if way == "ask" else get)(service.url)


def test_a_small_question_carries_the_key_and_no_body(service: Service) -> None:
    service.script = lambda _: Answer(body=b"10")
    assert ask(service.url).body == b"10"
    (asked,) = service.received
    assert (asked.method, asked.path, asked.body) == ("GET", "/v2", b"")
    assert asked.headers["authorization"] == "Bearer KEY"


def test_a_cookie_is_not_sent_back(service: Service) -> None:
    service.script = lambda _: Answer(headers={"Set-Cookie": "visitor=1; Path=/"})
    transport = Transport(service.url, TIMEOUTS)
    for _ in range(2):
        transport.post(f"{service.url}/v1", {}, api_key="k", headers={}, limit=9)
        transport.get(f"{service.url}/picture", limit=9)
    transport.close()
    assert [asked.headers.get("cookie") for asked in service.received] == [None] * 4


@pytest.mark.usefixtures("made_up_name")
@pytest.mark.parametrize("host", ["127.0.0.1", MADE_UP])
def test_a_netrc_neither_replaces_the_key_nor_adds_to_pictures(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {host} login someone password secret\n", encoding="ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    url = service.url.replace("127.0.0.1", host)
    post(url)
    get(url)
    said = [asked.headers.get("authorization") for asked in service.received]
    assert said == ["Bearer KEY", None]


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_a_proxy_of_the_environment_is_not_for_this_machine(
    service: Service, other_service: Service, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, other_service.url)
    post(service.url)
    get(service.url)
    assert (len(service.received), len(other_service.received)) == (2, 0)


@pytest.mark.usefixtures("made_up_name")
def test_a_proxy_of_the_environment_is_for_the_world_outside(
    other_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", other_service.url)
    other_service.script = lambda _: Answer(201)
    assert post(f"http://{MADE_UP}").status == 201


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("way", [post, ask, get])
def test_no_redirect_is_followed(
    service: Service, other_service: Service, way: Callable[..., Got], status: int
) -> None:
    service.script = lambda _: Answer(status, headers={"Location": f"{other_service.url}/v1"})
    assert (way(service.url).status, len(service.received)) == (status, 1)
    assert other_service.received == []


@pytest.mark.parametrize("way", [post, ask, get])
@pytest.mark.parametrize("location", ["https://[::1", "//[", "\x00"])
def test_a_redirect_to_nonsense_is_an_answer_like_any_other(
    service: Service, way: Callable[..., Got], location: str
) -> None:
    service.script = lambda _: Answer(302, headers={"Location": location})
    assert way(service.url).status == 302


def test_the_body_of_a_redirect_is_limited_too(service: Service) -> None:
    service.script = lambda _: Answer(302, bytes(3 << 20), {"Location": "/"})
    with pytest.raises(UnusableReply, match="larger than 1 MiB"):
        get(service.url, limit=1 << 20)


# What the libraries underneath raise.

RAISED = {
    f"{module.__name__}.{name}": each
    for module in (requests.exceptions, urllib3.exceptions)
    for name, each in vars(module).items()
    if isinstance(each, type)
    and issubclass(each, Exception)
    and not issubclass(each, Warning)
    and each.__module__ == module.__name__
}
TOO_SLOW = {requests.Timeout, requests.ReadTimeout, urllib3.exceptions.ReadTimeoutError}


@pytest.mark.parametrize("kind", RAISED.values(), ids=RAISED)
@pytest.mark.parametrize(
    "where", [(HTTPAdapter, "send"), (HTTPResponse, "read1")], ids=["sending", "reading"]
)
def test_every_exception_of_the_libraries_has_its_place_in_our_tree(
    service: Service,
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[type, str],
    kind: type[Exception],
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise kind.__new__(kind, "Broken.")

    monkeypatch.setattr(*where, broken)
    with pytest.raises(ServiceUnreachable) as caught:
        post(service.url)
    assert type(caught.value) is (ServiceTimeout if kind in TOO_SLOW else ServiceUnreachable)
    assert isinstance(caught.value.__cause__, kind)


def test_the_libraries_exceptions_are_all_looked_at() -> None:
    assert len(RAISED) > 45
    assert requests.exceptions.SSLError in RAISED.values()
    assert urllib3.exceptions.ProxySchemeUnsupported in RAISED.values()


def test_forty_threads_share_one_transport(service: Service) -> None:
    everyone = threading.Barrier(40, timeout=20)

    def echo(asked: Received) -> Answer:
        everyone.wait()  # no answer until all are here: they are not served in a row
        said = asked.headers["x-number"] + asked.headers["authorization"].removeprefix("Bearer ")
        return Answer(body=said.encode())

    service.script = echo
    transport = Transport(service.url, Timeouts(20, 20))

    def ask(number: int) -> bytes:
        headers = {"X-Number": str(number)}
        return transport.post(
            service.url, {}, api_key=f"-key{number}", headers=headers, limit=99
        ).body

    with ThreadPoolExecutor(40) as threads:
        answers = list(threads.map(ask, range(40)))
    transport.close()
    assert answers == [f"{number}-key{number}".encode() for number in range(40)]


# A peek.


def peek(url: str, *, etag: str = "", limit: int = 1 << 20, timeouts: Timeouts = TIMEOUTS) -> Got:
    transport = Transport(url, timeouts)
    try:
        return transport.peek(f"{url}/list", etag=etag, limit=limit)
    finally:
        transport.close()


def test_a_peek_carries_no_key_no_body_and_no_tag_unless_there_is_one(service: Service) -> None:
    service.script = lambda _: Answer(body=b"list", headers={"ETag": '"1"'})
    got = peek(service.url)
    assert (got.status, got.body, got.headers["etag"]) == (200, b"list", '"1"')
    (asked,) = service.received
    assert (asked.method, asked.path, asked.body) == ("GET", "/list", b"")
    assert asked.headers.keys().isdisjoint({"authorization", "cookie", "if-none-match"})


def test_a_peek_asks_with_the_tag_it_is_given(service: Service) -> None:
    service.script = lambda _: Answer(304)
    assert (peek(service.url, etag='W/"a b"').status, peek(service.url).status) == (304, 304)
    tags = [asked.headers.get("if-none-match") for asked in service.received]
    assert tags == ['W/"a b"', None]


@pytest.mark.parametrize("status", [302, 404, 429, 500, 503])
def test_a_peek_is_never_repeated_nor_redirected(
    service: Service, other_service: Service, status: int
) -> None:
    headers = {"Location": f"{other_service.url}/list", "Retry-After": "1"}
    service.script = lambda _: Answer(status, headers=headers)
    assert (peek(service.url).status, len(service.received)) == (status, 1)
    assert other_service.received == []


def test_a_peek_that_gets_too_much_is_refused(service: Service) -> None:
    service.script = lambda _: Answer(body=bytes(2 << 20))
    with pytest.raises(UnusableReply, match="larger than 1 MiB"):
        peek(service.url)


def test_a_peek_that_breaks_is_never_repeated(service: Service) -> None:
    service.script = lambda _: Answer(hang_up=True)
    with pytest.raises(ServiceUnreachable):
        peek(service.url)
    assert len(service.received) == 1


def test_a_peek_gives_a_silent_service_up_soon_whatever_the_timeouts(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert transport.MAX_PEEK == 3
    monkeypatch.setattr(transport, "MAX_PEEK", 0.3)
    service.script = lambda _: Answer(seconds=60)
    with pytest.raises(ServiceTimeout, match=r"after 0\.3 s"):
        peek(service.url, timeouts=Timeouts(connect=60, read=180))
    assert len(service.received) == 1


@pytest.mark.usefixtures("made_up_name")
def test_a_netrc_adds_nothing_to_a_peek(
    service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {MADE_UP} login someone password secret\n", encoding="ascii")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    peek(service.url.replace("127.0.0.1", MADE_UP))
    assert "authorization" not in service.received[0].headers

"""Which addresses a picture's link may reach, and that no other is even knocked at."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.aimlapi import ssrf_guard
from imagen_demo.aimlapi.ssrf_guard import is_loopback, is_private, is_public
from imagen_demo.aimlapi.transport import Timeouts, Transport
from imagen_demo.domain.errors import Charged, ServiceUnreachable, UnusableReply
from tests.conftest import MADE_UP

PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NOT_PUBLIC = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"),
    *("169.254.169.254", "169.254.0.1", "100.64.0.1", "100.127.255.255", "0.1.2.3"),
    *("224.0.0.1", "239.1.1.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "240.0.0.1"),
    *("::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "2001:db8::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::ffff:224.0.0.1"),
    *("64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "::127.0.0.1", "fec0::1"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_open_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_any_other_address_is_not(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_loopback_is_this_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["10.0.0.1", "localhost.example.com", "example.com", ""])
def test_no_other_host_is(host: str) -> None:
    assert not is_loopback(host)


WRITTEN_PRIVATE = [
    *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "017700000001", "0x7f.1", "0177.0.0.1"),
    *("127.0.0.0x1", "10.0x1", "192.168.257", "0xa9fea9fe", "169.254.43518", "0", "0.0.0.0"),  # noqa: S104 - written, not listened on
    *("127.0.0.1.", "127.1.", "localhost", "LOCALHOST", "localhost.", "cdn.localhost."),
    *("\uff11\uff12\uff17.0.0.1", "\u2460\u2461\u2466.0.0.1", "127\u30020\u30020\u30021"),
    *("%31%32%37.0.0.1", "127%2e1", "%6cocalhost", "127.0.0.1%00", "1\u00ad27.0.0.1"),
    *("::1", "fe80::1%lo", "fe80::1%25eth0", "::ffff:127.0.0.1", "::ffff:7f00:1"),
    *("64:ff9b::7f00:1", "2002:7f00:1::", "fd00::1"),
]
NOT_WRITTEN_PRIVATE = [
    *("8.8.8.8", "134744072", "0x08080808", "2606:4700::1111", "::ffff:8.8.8.8", "2002:808:808::"),
    *("cdn.aimlapi.com", "localhost.example.com", "127.0.0.1.example.com", "x" * 70, "a..b", ""),
    *("a\0b", "%", "%zz", "\ud800", "99999999999", "[::1"),
]


@pytest.mark.parametrize("host", WRITTEN_PRIVATE, ids=ascii)
def test_a_private_address_is_known_in_any_spelling(host: str) -> None:
    assert is_private(host)


@pytest.mark.parametrize("host", NOT_WRITTEN_PRIVATE, ids=ascii)
def test_what_is_no_private_address_is_not_taken_for_one(host: str) -> None:
    assert not is_private(host)


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())) | st.text("0x127.[]:%aA\uff11\u3002\ud800\0"))
def test_any_host_is_judged(host: str) -> None:
    assert is_private(host) in {True, False}


HERE = "127.0.0.1"
OUTSIDE = "8.8.8.8"

LookUp = Callable[..., list[Any]]


def found(address: str, port: int) -> Any:  # noqa: ANN401 - as getaddrinfo finds it
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return (family, socket.SOCK_STREAM, 6, "", (address, port))


class Names:
    """A look-up of names that a test writes; it counts how often the made-up one is asked for."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.asked = 0
        self.answers: list[list[str]] = []
        self._real: LookUp = socket.getaddrinfo

    def look_up(self, host: str, port: int, *rest: Any, **more: Any) -> list[Any]:  # noqa: ANN401
        """Answer with each of `answers` in turn, and with the last one from then on."""
        if host != MADE_UP or more.get("flags") == socket.AI_NUMERICHOST:
            return self._real(host, port, *rest, **more)
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [found(each, port) for each in answer]


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    made = Names()
    monkeypatch.setattr(socket, "getaddrinfo", made.look_up)
    return made


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whom somebody tried to connect to; nobody is reached."""
    addresses: list[str] = []

    def refuse(address: tuple[str, int], *_: Any, **__: Any) -> socket.socket:  # noqa: ANN401
        addresses.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(ssrf_guard, "create_connection", refuse)
    return addresses


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport("https://api.test", Timeouts(5, 5))
    yield made
    made.close()


@pytest.mark.parametrize(
    "answer",
    [[HERE], [OUTSIDE, HERE], [HERE, OUTSIDE], ["2606:4700::1111", "fd00::1", OUTSIDE]],
    ids=str,
)
def test_a_name_with_one_private_address_is_refused_before_a_connection(
    names: Names, tried: list[str], transport: Transport, answer: list[str]
) -> None:
    names.answers = [answer]
    with pytest.raises(UnusableReply, match="private network"):
        transport.get(f"https://{MADE_UP}/picture", limit=9)
    assert (names.asked, tried) == (1, [])


def test_nobody_knocks_at_this_machine_for_a_name_that_leads_there(
    names: Names, transport: Transport
) -> None:
    names.answers = [[HERE]]
    with socket.create_server((HERE, 0)) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(UnusableReply, match="private network"):
            transport.get(f"https://{MADE_UP}:{port}/picture", limit=9)
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_second_look_up_cannot_be_answered_differently(
    names: Names, tried: list[str], transport: Transport
) -> None:
    names.answers = [[OUTSIDE, "1.1.1.1"], [HERE]]
    with pytest.raises(ServiceUnreachable) as caught:
        transport.get(f"https://{MADE_UP}/picture", limit=9)
    assert (names.asked, tried) == (1, [OUTSIDE, "1.1.1.1"])
    assert (type(caught.value), caught.value.charged) == (ServiceUnreachable, Charged.NO)


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "unknown"), ConnectionRefusedError()])
def test_a_name_that_leads_nowhere_is_a_host_that_is_not_reached(
    names: Names, monkeypatch: pytest.MonkeyPatch, transport: Transport, failure: OSError
) -> None:
    def fail(*_: Any, **__: Any) -> socket.socket:  # noqa: ANN401
        raise failure

    names.answers = [[OUTSIDE]]
    where = (
        (socket, "getaddrinfo")
        if isinstance(failure, socket.gaierror)
        else (ssrf_guard, "create_connection")
    )
    monkeypatch.setattr(*where, fail)
    with pytest.raises(ServiceUnreachable) as caught:
        transport.get(f"https://{MADE_UP}/picture", limit=9)
    assert (type(caught.value), caught.value.charged) == (ServiceUnreachable, Charged.NO)


def test_the_name_is_still_who_must_be_at_the_other_end(
    names: Names, transport: Transport, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def note(_: object, name: str, __: object) -> None:
        said.append(name)

    def answer() -> None:
        with suppress(OSError), tls.wrap_socket(listening.accept()[0], server_side=True) as one:
            said.append(one.recv(1 << 16).split(b"Host: ")[1].split(b"\r\n")[0].decode())
            one.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")

    tls.sni_callback = note
    names.answers = [[HERE]]
    monkeypatch.setattr(ssrf_guard, "is_public", bool)  # this machine stands for the world outside
    with socket.create_server((HERE, 0)) as listening:
        port = listening.getsockname()[1]
        serving = threading.Thread(target=answer, daemon=True)
        serving.start()
        assert transport.get(f"https://{MADE_UP}:{port}/picture", limit=9).body == b"ok"
        serving.join(5)
    assert (said, names.asked) == ([MADE_UP, f"{MADE_UP}:{port}"], 1)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "127.1.", "%31%32%37.1", "[::1]", "127.0.0.1\\.cdn.test"]
)
def test_no_proxy_is_asked_for_a_private_address_either(
    monkeypatch: pytest.MonkeyPatch, transport: Transport, host: str
) -> None:
    with socket.create_server((HERE, 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{HERE}:{proxy.getsockname()[1]}")
        with pytest.raises(UnusableReply, match="private network"):
            transport.get(f"https://{host}/picture", limit=9)
        proxy.settimeout(0)
        with pytest.raises(BlockingIOError):
            proxy.accept()

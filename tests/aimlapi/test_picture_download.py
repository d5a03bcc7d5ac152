"""Pictures fetched from links that may lead anywhere."""

import socket
from collections.abc import Callable, Iterator
from typing import Any, NoReturn

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.aimlapi.picture_download import Downloader, lost_picture
from imagen_demo.aimlapi.ssrf_guard import PRIVATE as PRIVATE_SAID
from imagen_demo.aimlapi.transport import Timeouts, Transport
from imagen_demo.domain.errors import Charged, UnusableReply
from imagen_demo.domain.generation import MAX_PICTURE_BYTES
from tests.conftest import MADE_UP, Answer, Received, Service, png

Fetch = Callable[[str], bytes]


@pytest.fixture
def fetch(service: Service) -> Iterator[Fetch]:
    """Fetch for an API that is the scripted service; a path leads to that service."""
    transport = Transport(service.url, Timeouts(5, 5))
    downloader = Downloader(transport, service.url)

    def fetch(link: str) -> bytes:
        own = link.startswith("/") and not link.startswith("//")
        return downloader.fetch(service.url + link if own else link)

    yield fetch
    transport.close()


def lost(fetch: Fetch, link: str) -> UnusableReply:
    with pytest.raises(UnusableReply) as caught:
        fetch(link)
    assert caught.value.charged is Charged.YES
    return caught.value


def hops(asked: Received) -> Answer:
    """Lead from /3 to /2 and so on, and at /0 to a picture."""
    left = int(asked.path.strip("/"))
    return Answer(302, headers={"Location": f"/{left - 1}"}) if left else Answer(body=png())


def test_the_bytes_come_untouched(service: Service, fetch: Fetch) -> None:
    service.script = lambda _: Answer(body=png() + b"and more")
    assert fetch("/picture.png") == png() + b"and more"


def test_no_credentials_travel_with_a_picture(service: Service, fetch: Fetch) -> None:
    service.script = hops
    fetch("/1")
    assert [asked.path for asked in service.received] == ["/1", "/0"]
    for asked in service.received:
        assert asked.headers.keys().isdisjoint({"authorization", "cookie", "proxy-authorization"})
        assert asked.headers["accept-encoding"] == "identity"


def test_three_redirects_are_followed_and_a_fourth_is_not(service: Service, fetch: Fetch) -> None:
    service.script = hops
    assert fetch("/3") == png()
    service.received.clear()
    assert "circles" in lost(fetch, "/4").message
    assert [asked.path for asked in service.received] == ["/4", "/3", "/2", "/1"]


PRIVATE = [
    *(
        "https://127.0.0.1:{}/p",
        "https://127.8.8.8:{}/p",
        "https://10.0.0.1/p",
        "https://[::1]:{}/",
    ),
    *("https://192.168.0.1/p", "https://169.254.169.254/latest", "https://100.64.0.1/p"),
    *("https://[::ffff:127.0.0.1]:{}/p", "https://[fe80::1%25eth0]/p", "https://[fd00::1]/p"),
    *("https://localhost:{}/p", "https://cdn.localhost:{}/p", "https://me:pw@127.0.0.1:{}/p"),
    *("https://2130706433:{}/p", "https://127.1:{}/p", "https://0x7f.1:{}/", "https://0177.1:{}/"),
    *("https://127.0.0.1.:{}/p", "https://localhost.:{}/p", "https://%31%32%37.0.0.1:{}/p"),
    *("https://127.0.0.1\\.cdn.test:{}/p", "https://[64:ff9b::7f00:1]/", "https://0:{}/p"),
]
INSECURE = [
    *("http://127.0.0.1:{}/p", "http://localhost:{}/p", "http://cdn.aimlapi.com/p.png"),
    *("ftp://cdn.aimlapi.com/p.png", "file:///etc/passwd", "data:image/png;base64,AAAA"),
    *("//cdn.aimlapi.com/p.png", "p.png", "", "https:///p.png"),
]
BROKEN = ["https://[::1", "https://cdn.aimlapi.com:port/p.png", "https://cdn.aimlapi.com:99999/p"]


@pytest.mark.parametrize("link", PRIVATE + INSECURE + BROKEN)
def test_a_link_that_leads_where_none_should_is_refused_unvisited(fetch: Fetch, link: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        error = lost(fetch, link.format(listening.getsockname()[1]))
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):  # nobody has connected
            listening.accept()
    said = (
        "private network" if link in PRIVATE else "not an https" if link in INSECURE else "broken"
    )
    assert said in error.message


@pytest.mark.parametrize("link", PRIVATE + INSECURE[:5] + BROKEN)
def test_a_redirect_is_checked_like_a_link(
    service: Service, other_service: Service, fetch: Fetch, link: str
) -> None:
    target = link.format(other_service.url.rpartition(":")[2])
    service.script = lambda _: Answer(302, headers={"Location": target})
    lost(fetch, "/picture.png")
    assert (len(service.received), len(other_service.received)) == (1, 0)


@pytest.mark.parametrize(
    "first",
    [
        Answer(404),
        Answer(429, headers={"Retry-After": "3600"}),
        Answer(503),
        Answer(hang_up=True),
        Answer(body=png()[:20], headers={"content-length": str(len(png()))}),
    ],
    ids=["404", "429", "503", "broken", "cut short"],
)
@pytest.mark.usefixtures("pauses")
def test_a_picture_that_fails_once_is_asked_for_again(
    service: Service, fetch: Fetch, first: Answer
) -> None:
    service.script = lambda _: first if len(service.received) == 1 else Answer(body=png())
    assert fetch("/picture.png") == png()
    assert len(service.received) == 2


def test_a_picture_is_asked_for_three_times_at_most(
    service: Service, fetch: Fetch, pauses: list[float]
) -> None:
    service.script = lambda _: Answer(404)
    assert "status 404" in lost(fetch, "/picture.png").message
    assert (len(service.received), len(pauses)) == (3, 2)


@pytest.mark.parametrize("status", [204, 206, 401, 403, 410])
def test_another_status_is_no_picture_and_final(
    service: Service, fetch: Fetch, status: int
) -> None:
    service.script = lambda _: Answer(status)
    assert f"status {status}" in lost(fetch, "/picture.png").message
    assert len(service.received) == 1


def test_a_picture_of_32_mib_is_taken_and_a_larger_one_is_not(
    service: Service, fetch: Fetch
) -> None:
    service.script = lambda asked: Answer(body=bytes(MAX_PICTURE_BYTES + len(asked.path) - 1))
    assert len(fetch("/")) == 32 << 20
    assert "larger than 32 MiB" in lost(fetch, "/1").message
    assert len(service.received) == 2


@pytest.mark.parametrize(
    ("link", "kept"),
    [
        *((each, True) for each in ("https://cdn.aimlapi.com/p.png", "http://cdn.aimlapi.com/p")),
        *((each, True) for each in ("https://8.8.8.8/p", "https://[2606:4700::1111]:8443/p")),
        *((each.format(80), False) for each in PRIVATE),
        *(
            (each.format(80), False)
            for each in INSECURE
            if each and "cdn.aimlapi.com/p.png" not in each
        ),
        *((each, False) for each in ("ftp://cdn.aimlapi.com/p.png", "//cdn.aimlapi.com/p.png")),
        *((each, False) for each in (*BROKEN, "https://intranet/p", "javascript:alert(1)")),
        *((each, False) for each in ("https://me:pw@cdn.aimlapi.com/p", "https://good@evil.test/")),
    ],
)
def test_a_lost_picture_keeps_a_link_that_a_browser_can_open(link: str, *, kept: bool) -> None:
    error = lost_picture(link, "Gone.")
    assert (error.message, error.charged) == ("Gone.", Charged.YES)
    assert error.picture_urls == ((link,) if kept else ())
    assert (link in str(error)) is kept


def test_a_link_is_handed_over_escaped() -> None:
    for link, handed in {
        ' https://cdn.test/a b"<>.png\n': "https://cdn.test/a%20b%22%3C%3E.png",
        "https://cdn.test/狐.png?a=1&b=%20#c": "https://cdn.test/%E7%8B%90.png?a=1&b=%20#c",
        "https://cdn.test/\u202egnp.exe": "https://cdn.test/%E2%80%AEgnp.exe",
    }.items():
        assert lost_picture(link, "Gone.").picture_urls == (handed,)


@pytest.mark.usefixtures("pauses")
def test_a_link_that_is_not_encrypted_is_handed_over_marked_and_unvisited(fetch: Fetch) -> None:
    error = lost(fetch, "http://cdn.aimlapi.com/p.png")
    assert error.message == "The link to the picture is not an https address."
    assert "Open its link before it expires: http://cdn.aimlapi.com/p.png (not encrypted)" in str(
        error
    )
    assert "encrypted" not in str(lost(fetch, "https://cdn.invalid/p.png"))


def test_a_redirect_in_raw_utf_8_is_followed(service: Service, fetch: Fetch) -> None:
    def script(asked: Received) -> Answer:
        raw = "/狐 1.png".encode().decode("latin-1")  # as it stands in a header
        found = asked.path == "/%E7%8B%90%201.png"
        return Answer(body=png()) if found else Answer(302, headers={"Location": f" {raw} "})

    service.script = script
    assert fetch("/picture.png") == png()


def test_a_redirect_in_latin_1_is_followed_too(service: Service, fetch: Fetch) -> None:
    def script(asked: Received) -> Answer:
        found = asked.path.startswith("/f")
        return Answer(body=png()) if found else Answer(302, headers={"Location": "/f\xfcchse.png"})

    service.script = script
    assert fetch("/picture.png") == png()


@pytest.mark.usefixtures("pauses")
def test_a_failed_fetch_from_elsewhere_keeps_its_link(fetch: Fetch) -> None:
    link = "https://cdn.invalid/p.png"
    assert lost(fetch, link).picture_urls == (link,)


def test_a_link_into_a_private_network_is_not_handed_to_a_visitor_either(fetch: Fetch) -> None:
    assert lost(fetch, "https://10.0.0.1/p.png").picture_urls == ()


@pytest.mark.usefixtures("made_up_name")
def test_a_name_that_leads_to_this_machine_is_refused_unvisited(
    service: Service, fetch: Fetch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        link = f"https://{MADE_UP}:{listening.getsockname()[1]}/p"
        service.script = lambda _: Answer(302, headers={"Location": link})
        assert "private network" in lost(fetch, link).message
        assert "private network" in lost(fetch, "/picture.png").message
        listening.settimeout(0)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_a_link_whose_name_leads_into_a_private_network_is_not_handed_over(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise UnusableReply(PRIVATE_SAID)

    monkeypatch.setattr("imagen_demo.aimlapi.transport.Transport.get", refuse)
    error = lost(fetch, "https://cdn.example/p.png")
    assert (error.message, error.picture_urls) == (PRIVATE_SAID, ())


@pytest.mark.parametrize("host", ["x" * 64 + ".test", "a..test"])
def test_a_link_to_a_host_that_cannot_be_is_broken(fetch: Fetch, host: str) -> None:
    assert lost(fetch, f"https://{host}/p.png").message == "The link to the picture is broken."


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=())) | st.text("0x127.[]:%aA@/\\#?\uff11\u3002\0"))
def test_any_link_is_a_sentence(rest: str) -> None:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise ConnectionRefusedError

    def look_up(*asked: Any, **more: Any) -> Any:  # noqa: ANN401
        return real(*asked, **{**more, "flags": socket.AI_NUMERICHOST})

    real = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", look_up)  # no name leads anywhere
        patch.setattr("imagen_demo.aimlapi.ssrf_guard.create_connection", refuse)
        patch.setattr("imagen_demo.aimlapi.picture_download._WAITS", ())
        transport = Transport("https://api.test", Timeouts(5, 5))
        with pytest.raises(UnusableReply):
            Downloader(transport, "https://api.test").fetch(f"https://{rest}")
        transport.close()

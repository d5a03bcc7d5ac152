"""Whose share a click is: through a running demo, forged headers and new sessions buy nothing."""

import base64
import http.client
import json
import threading
import urllib.request
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from limits import parse

from imagen_demo.server.access import Access
from imagen_demo.service.budget import Allowance
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, png
from tests.demos import program, sandbox_demo
from tests.redis_server import redis_server

pytestmark = pytest.mark.usefixtures("flat_pictures")

HOST, VISITOR = "host-key-1", "visitor-key-2"


@contextmanager
def demo(service: Service, *, trusted_proxies: int = 0, limit: str = "2/hour") -> Iterator[str]:
    """Serve a page whose host pays for two pictures of each visitor's an hour."""
    entry = {"b64_json": base64.b64encode(png()).decode()}
    service.script = lambda _: Answer(body=json.dumps({"data": [entry]}).encode())
    allowed = Settings(
        host_key=HOST,
        base_url=service.url,
        allowance=Allowance(parse(limit)),
        access=Access(trusted_proxies=trusted_proxies),
    )
    with sandbox_demo(allowed) as url:
        yield url


def drawn(url: str, headers: Iterable[tuple[str, str]] = ()) -> bool:
    """Ask for a picture in a session of its own; a library would join headers of one name."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=90)
    try:
        connection.putrequest("POST", "/gradio_api/call/generate")
        body = json.dumps({"data": ["A square"]}).encode()
        sent = [("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers]
        for name, value in sent:
            connection.putheader(name, value)
        connection.endheaders(body)
        event = json.load(connection.getresponse())["event_id"]
        connection.request("GET", f"/gradio_api/call/generate/{event}")
        said = connection.getresponse().read().decode()
    finally:
        connection.close()
    assert ("event: complete" in said) != ("event: error" in said), said
    return "event: complete" in said


def test_neither_a_new_session_nor_a_forged_header_buys_a_picture(service: Service) -> None:
    with demo(service) as url:
        assert [drawn(url) for _ in range(3)] == [True, True, False]
        for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP", "Cookie"):
            assert not drawn(url, [(name, "198.51.100.7")]), name
        assert not drawn(url, [("X-Forwarded-For", "198.51.100.7, 198.51.100.8")])
    assert len(service.received) == 2


FORGED = {
    "an address": "198.51.100.{}",
    "IPv6": "2001:db8:{}::1",
    "several": "198.51.100.{}, 192.0.2.1",
    "loopback last": "198.51.100.{}, 127.0.0.1",
    "nonsense": "nobody-{}",
}
FORGED_WITH_A_PORT = {"IPv4": "198.51.100.{}:4711", "IPv6": "[2001:db8:{}::1]:4711"}


@pytest.mark.parametrize("header", FORGED.values(), ids=FORGED)
def test_no_forged_header_buys_a_picture(service: Service, header: str) -> None:
    with demo(service) as url:
        asked = [[("X-Forwarded-For", header.format(number))] for number in range(4)]
        assert [drawn(url, each) for each in asked] == [True, True, False, False]
    assert len(service.received) == 2


@pytest.mark.parametrize("header", FORGED_WITH_A_PORT.values(), ids=FORGED_WITH_A_PORT)
def test_no_forged_header_with_a_port_buys_a_picture(service: Service, header: str) -> None:
    test_no_forged_header_buys_a_picture(service, header)


@pytest.mark.parametrize("headers", [1, 2], ids=["one header", "two headers"])
def test_behind_one_proxy_only_its_own_word_counts(service: Service, headers: int) -> None:
    def through_the_proxy(forged: str, seen: str) -> bool:
        said = [forged, seen] if headers == 2 else [f"{forged}, {seen}"]
        return drawn(url, [("X-Forwarded-For", each) for each in said])

    with demo(service, trusted_proxies=1) as url:
        visits = [through_the_proxy(f"198.51.100.{number}", "192.0.2.1") for number in range(4)]
        assert visits == [True, True, False, False]
        assert through_the_proxy("192.0.2.1", "192.0.2.2"), "another visitor"


def test_a_visitors_own_key_and_the_sandboxs_are_not_counted(service: Service) -> None:
    with demo(service) as url:
        for key in (VISITOR, "sandbox-anything"):
            assert [drawn(url, [("X-AIMLAPI-Key", key)]) for _ in range(3)] == [True] * 3
        assert [drawn(url) for _ in range(3)] == [True, True, False]
        assert drawn(url, [("X-AIMLAPI-Key", VISITOR)]), "when the host pays no more"
    keys = [each.headers["authorization"].removeprefix("Bearer ") for each in service.received]
    assert keys == [VISITOR] * 3 + [HOST] * 2 + [VISITOR]


@pytest.mark.parametrize("button", ["generate", "compare-now"])
def test_the_pages_buttons_are_counted_as_the_endpoint_is(service: Service, button: str) -> None:
    with demo(service, trusted_proxies=1, limit="3/hour") as url:
        columns = 1 if button == "generate" else 2
        for clicks in range(1, 6):
            click(url, button, f"session{clicks}", "198.51.100.7, 192.0.2.1")
            assert len(service.received) == min(3, clicks * columns), "new session, same visitor"
        click(url, button, "session6", "192.0.2.1, 192.0.2.2")
        assert len(service.received) == 3 + columns, "another visitor"


def click(url: str, button: str, session: str, forwarded_for: str) -> None:
    """Press a button as the page does, with what is chosen when it is opened."""
    with urllib.request.urlopen(f"{url}config", timeout=10) as answer:  # noqa: S310 - loopback
        config = json.load(answer)
    props = {each["id"]: each["props"] for each in config["components"]}
    pressed = next(
        each
        for each in config["dependencies"]
        if each["backend_fn"]
        and any(props.get(target, {}).get("elem_id") == button for target, _ in each["targets"])
    )
    # The prompt is the one field that a newcomer must fill; the page sends empty ones as text.
    shown = [
        "A square" if props[each].get("elem_id") == "prompt" else props[each].get("value")
        for each in pressed["inputs"]
    ]
    data = ["" if each is None else each for each in shown]
    asked = {"data": data, "fn_index": pressed["id"], "session_hash": session}
    headers = {"Content-Type": "application/json", "X-Forwarded-For": forwarded_for}
    join = urllib.request.Request(  # noqa: S310 - loopback
        f"{url}gradio_api/queue/join", json.dumps(asked).encode(), headers
    )
    with urllib.request.urlopen(join, timeout=10):  # noqa: S310
        pass
    listen = f"{url}gradio_api/queue/data?session_hash={session}"
    with urllib.request.urlopen(listen, timeout=30) as events:  # noqa: S310
        said = events.read().decode()
    assert '"success":true' in said, said


# At once, through the program that a host starts.

PRICE = 84_000


class Cashier:
    """An AI/ML API that charges visitors one token, and keeps the host's waiting until told."""

    def __init__(self, service: Service) -> None:
        self.came, self.go_on = threading.Semaphore(0), threading.Event()
        service.script = self.answer

    def answer(self, asked: Received) -> Answer:
        paid_by_host = asked.headers.get("authorization") == f"Bearer {HOST}"
        if paid_by_host:
            self.came.release()
            assert self.go_on.wait(100)
        entry = {"b64_json": base64.b64encode(png()).decode()}
        usage = {"tokens_used": PRICE if paid_by_host else 1}
        return Answer(body=json.dumps({"data": [entry], "meta": {"usage": usage}}).encode())


@contextmanager
def programs(folder: Path, service: Service, processes: int) -> Iterator[list[str]]:
    """Start the demo, in several processes with a Redis, on a budget of eleven pictures."""
    given = {
        "AIMLAPI_API_KEY": HOST,
        "AIMLAPI_BASE_URL": service.url,
        "IMAGEN_DEMO_VISITOR_LIMIT": "1000/hour",
        "IMAGEN_DEMO_DAILY_TOKENS": str(11 * PRICE),
    }
    with ExitStack() as stack:
        if processes > 1:
            given["IMAGEN_DEMO_LIMITS_STORAGE"] = stack.enter_context(redis_server(folder)).url
        urls = []
        for number in range(processes):
            own = folder / str(number)
            own.mkdir()
            urls.append(stack.enter_context(program(own, environment=given)).url)
        yield urls


@pytest.mark.host
@pytest.mark.parametrize("processes", [1, 2])
def test_sixty_clicks_at_once_after_a_visitors_cheap_picture_draw_what_the_budget_holds(
    service: Service, tmp_path: Path, processes: int
) -> None:
    cashier, together = Cashier(service), threading.Barrier(60)

    def press(url: str) -> bool:
        together.wait(60)
        allowed = drawn(url)
        if not allowed:
            cashier.came.release()
        return allowed

    with programs(tmp_path, service, processes) as urls, ThreadPoolExecutor(60) as visitors:
        for url in urls:
            assert drawn(url, [("X-AIMLAPI-Key", VISITOR)])
        clicks = [visitors.submit(press, url) for url in urls * (60 // processes)]
        for _ in clicks:  # each was let in or refused before anyone has a picture
            assert cashier.came.acquire(timeout=60)
        cashier.go_on.set()
        assert sum(each.result() for each in clicks) == 11
    payers = [each.headers.get("authorization") for each in service.received]
    assert payers.count(f"Bearer {HOST}") == 11

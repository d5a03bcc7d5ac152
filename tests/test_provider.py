"""Who answers, seen from both ends: a scripted AI/ML API, and a scripted server for a sandbox."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from imagen_demo.errors import ImagenDemoError, InvalidRequest, KeyRejected, RateLimited
from imagen_demo.generation import Generation
from imagen_demo.provider import Provider
from imagen_demo.request import GenerationRequest
from imagen_demo.sandbox.server import Sandbox
from imagen_demo.settings import SandboxMode, Settings
from imagen_demo.transport import Timeouts
from tests.conftest import Answer, Service, png

FOX = GenerationRequest(prompt="a fox")
AUTO, ONLY, OFF = SandboxMode.AUTO, SandboxMode.ONLY, SandboxMode.OFF

Make = Callable[..., Provider]


@pytest.fixture
def make(service: Service) -> Iterator[Make]:
    """Make providers whose AI/ML API is the scripted service; close them after the test."""
    made: list[Provider] = []
    draw(service)

    def make_one(mode: SandboxMode = AUTO, host_key: str = "") -> Provider:
        settings = Settings(
            host_key=host_key, base_url=service.url, sandbox=mode, timeouts=Timeouts(5, 10)
        )
        made.append(Provider(settings, sandbox_latency=0))
        return made[-1]

    yield make_one
    for each in made:
        each.close()


def draw(service: Service) -> None:
    reply = json.dumps({"data": [{"url": f"{service.url}/a.png"}]}).encode()
    service.script = lambda asked: Answer(body=reply if asked.method == "POST" else png())


def keys(service: Service) -> list[str]:
    """Return the keys that a service was asked with."""
    posts = [asked for asked in service.received if asked.method == "POST"]
    return [asked.headers["authorization"].removeprefix("Bearer ") for asked in posts]


def sandboxes() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if thread.name == "sandbox"}


HOST, VISITOR, TEST, NO_KEY = "host-key-1", "visitor-key-2", "sandbox-anything", "sandbox-visitor"
Who = tuple[SandboxMode, str, str]


@pytest.mark.parametrize(
    ("who", "paying"),
    [
        ((AUTO, "", VISITOR), VISITOR),
        ((AUTO, "", f"  Bearer {VISITOR}\n"), VISITOR),
        ((AUTO, HOST, ""), HOST),
        ((AUTO, HOST, " "), HOST),
        ((AUTO, HOST, VISITOR), VISITOR),
        ((OFF, "", VISITOR), VISITOR),
        ((OFF, HOST, ""), HOST),
        ((OFF, HOST, VISITOR), VISITOR),
        ((OFF, "", TEST), TEST),
        ((OFF, HOST, TEST), TEST),
    ],
    ids=str,
)
def test_the_service_answers_for_whoever_pays(
    make: Make, service: Service, who: Who, paying: str
) -> None:
    before = sandboxes()
    generation = make(*who[:2]).generate(FOX, visitor_key=who[2])
    assert (keys(service), generation.drawn_by) == ([paying], "imagen")
    assert sandboxes() == before, "no sandbox is started for nobody"


@pytest.fixture
def stand_in(other_service: Service, monkeypatch: pytest.MonkeyPatch) -> Service:
    """A scripted server in the sandbox's place: the real one does not tell which key it saw."""
    draw(other_service)
    monkeypatch.setattr(Sandbox, "start", lambda **_: other_service)
    return other_service


@pytest.mark.parametrize(
    ("who", "passed"),
    [
        ((AUTO, "", ""), NO_KEY),
        ((AUTO, "", "\t"), NO_KEY),
        ((AUTO, "", TEST), TEST),
        ((AUTO, HOST, TEST), TEST),
        ((ONLY, "", ""), NO_KEY),
        ((ONLY, HOST, ""), NO_KEY),
        ((ONLY, "", VISITOR), NO_KEY),
        ((ONLY, HOST, VISITOR), NO_KEY),
        ((ONLY, HOST, TEST), TEST),
    ],
    ids=str,
)
def test_the_sandbox_answers_and_sees_no_real_key(
    make: Make, service: Service, stand_in: Service, who: Who, passed: str
) -> None:
    generation = make(*who[:2]).generate(FOX, visitor_key=who[2])
    assert generation.drawn_by == "sandbox"
    assert (keys(stand_in), service.received) == ([passed], [])
    everything = repr([(asked.headers, asked.body) for asked in stand_in.received])
    assert HOST not in everything
    assert VISITOR not in everything


def test_without_any_key_the_real_sandbox_draws(make: Make, service: Service) -> None:
    generation = make().generate(FOX, visitor_key="")
    assert (generation.drawn_by, generation.receipt.tokens_used) == ("sandbox", 84_000)
    assert service.received == []


def test_without_a_key_and_without_the_sandbox_a_key_is_asked_for(
    make: Make, service: Service
) -> None:
    before = sandboxes()
    with pytest.raises(InvalidRequest) as caught:
        make(OFF).generate(FOX, visitor_key="")
    assert caught.value.field == "api_key"
    assert "aimlapi.com/app/keys" in str(caught.value)
    assert (service.received, sandboxes()) == ([], before)


@pytest.mark.parametrize("mode", SandboxMode)
@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\r\nX-Evil: 1", "x" * 257])
def test_a_key_that_cannot_be_one_is_refused_unsent_and_unrepeated(
    make: Make, service: Service, mode: SandboxMode, key: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        make(mode, HOST).generate(FOX, visitor_key=key)
    assert caught.value.field == "api_key"
    assert key not in str(caught.value)
    assert service.received == []


@pytest.mark.parametrize("mode", [AUTO, ONLY])
def test_a_failure_of_the_sandbox_says_who_played_it(make: Make, mode: SandboxMode) -> None:
    with pytest.raises(KeyRejected) as caught:
        make(mode, HOST).generate(FOX, visitor_key="sandbox-invalid")
    assert caught.value.from_sandbox
    assert "sandbox" in str(caught.value)


def test_a_failure_of_the_service_does_not(make: Make, service: Service) -> None:
    service.script = lambda _: Answer(429, headers={"Retry-After": "3600"})
    with pytest.raises(RateLimited) as caught:
        make().generate(FOX, visitor_key=VISITOR)
    assert not caught.value.from_sandbox
    assert "sandbox" not in str(caught.value)


@pytest.mark.parametrize(
    ("mode", "host_key", "who"),
    [
        (AUTO, "", "sandbox"),
        (AUTO, HOST, "host"),
        (ONLY, "", "always sandbox"),
        (ONLY, HOST, "always sandbox"),
        (OFF, "", "nobody"),
        (OFF, HOST, "host"),
    ],
)
def test_it_says_who_answers_without_a_key(
    make: Make, mode: SandboxMode, host_key: str, who: str
) -> None:
    assert make(mode, host_key).without_key == who


def test_twenty_visitors_at_once_start_one_sandbox(make: Make) -> None:
    provider, before, together = make(), sandboxes(), threading.Barrier(20)

    def visit(_: int) -> Generation | ImagenDemoError:
        together.wait(10)
        try:
            return provider.generate(FOX, visitor_key="sandbox-garbage")
        except ImagenDemoError as error:
            return error

    assert sandboxes() == before, "none before it is needed"
    with ThreadPoolExecutor(20) as threads:
        results = list(threads.map(visit, range(20)))
    assert len(sandboxes() - before) == 1
    assert [type(each).__name__ for each in results] == ["UnusableReply"] * 20


def test_closing_ends_the_sandbox_and_may_be_done_twice(make: Make) -> None:
    provider, before = make(), sandboxes()
    provider.close()  # also before it ever worked
    provider.generate(FOX, visitor_key="")
    assert sandboxes() > before
    provider.close()
    assert sandboxes() == before
    provider.close()

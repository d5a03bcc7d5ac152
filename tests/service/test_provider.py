"""Who answers, seen from both ends: a scripted AI/ML API, and a scripted server for a sandbox."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from limits import parse

from imagen_demo.aimlapi.picture_download import Downloader, lost_picture
from imagen_demo.aimlapi.replies import parse_reply
from imagen_demo.aimlapi.transport import Timeouts
from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import TOKENS_PER_USD
from imagen_demo.domain.errors import (
    AccessDenied,
    Charged,
    ImagenDemoError,
    InvalidRequest,
    KeyRejected,
    ModelWithdrawn,
    OverBudget,
    RateLimited,
    RequestRejected,
    ServiceFailed,
    ServiceRefused,
)
from imagen_demo.domain.generation import Balance, Generation
from imagen_demo.domain.model_status import Standing, Status
from imagen_demo.domain.pricing import BEYOND_REASON, UNKNOWN_PRICE, may_cost
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.sandbox.server import Sandbox
from imagen_demo.server.access import Access
from imagen_demo.service.budget import Allowance
from imagen_demo.service.provider import MAX_PAID_PROMPT, MAX_PLAYED, Provider
from imagen_demo.service.provider_settings import Payer, SandboxMode
from imagen_demo.settings import Settings
from tests.conftest import Answer, Received, Service, Told, png
from tests.demos import free_port

pytestmark = pytest.mark.usefixtures("flat_pictures")

FOX = GenerationRequest(prompt="a fox")
PRICE = may_cost(FOX)
SUCCESSOR = GenerationRequest(prompt="a fox", model="google/gemini-nano-banana-2.1")
AUTO, ONLY, OFF = SandboxMode.AUTO, SandboxMode.ONLY, SandboxMode.OFF

Make = Callable[..., Provider]


@pytest.fixture
def make(service: Service) -> Iterator[Make]:
    """Make providers whose AI/ML API is the scripted service; close them after the test."""
    made: list[Provider] = []
    draw(service)

    def make_one(
        mode: SandboxMode = AUTO,
        host_key: str = "",
        allowance: Allowance | None = None,
    ) -> Provider:
        settings = Settings(
            host_key=host_key,
            base_url=service.url,
            sandbox=mode,
            timeouts=Timeouts(5, 10),
            allowance=allowance or Allowance(),
        )
        made.append(Provider(settings, sandbox_latency=0))
        return made[-1]

    yield make_one
    for each in made:
        each.close()


def draw(service: Service) -> None:
    reply = json.dumps({"data": [{"url": f"{service.url}/a.png"}]}).encode()

    def answer(asked: Received) -> Answer:
        if asked.path == "/v2/billing":
            return Answer(body=b'{"current_balance": 3.5, "currency": "USD"}')
        return Answer(body=reply if asked.method == "POST" else png())

    service.script = answer


def ask(provider: Provider, key: str) -> Generation:
    return provider.generate(FOX, api_key=key, on_picture=Told())


def keys(service: Service) -> list[str]:
    """Return the keys that a service was asked with."""
    said = [asked.headers.get("authorization") for asked in service.received]
    return [each.removeprefix("Bearer ") for each in said if each]


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
        ((OFF, TEST, ""), TEST),
        ((AUTO, TEST, VISITOR), VISITOR),
    ],
    ids=str,
)
def test_the_service_answers_for_whoever_pays(
    make: Make, service: Service, who: Who, paying: str
) -> None:
    before = sandboxes()
    generation = ask(make(*who[:2]), who[2])
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
        ((AUTO, TEST, ""), TEST),
        ((AUTO, TEST, "sandbox-other"), "sandbox-other"),
        ((ONLY, TEST, ""), TEST),
        ((ONLY, TEST, VISITOR), NO_KEY),
    ],
    ids=str,
)
def test_the_sandbox_answers_and_sees_no_real_key(
    make: Make, service: Service, stand_in: Service, who: Who, passed: str
) -> None:
    generation = ask(make(*who[:2]), who[2])
    assert generation.drawn_by == "sandbox"
    assert (keys(stand_in), service.received) == ([passed], [])
    everything = repr([(asked.headers, asked.body) for asked in stand_in.received])
    assert HOST not in everything
    assert VISITOR not in everything


def test_without_any_key_the_real_sandbox_draws(make: Make, service: Service) -> None:
    generation = ask(make(), "")
    assert (generation.drawn_by, generation.usage.tokens_used) == ("sandbox", 84_000)
    assert service.received == []


def test_without_a_key_and_without_the_sandbox_a_key_is_asked_for(
    make: Make, service: Service
) -> None:
    before = sandboxes()
    with pytest.raises(InvalidRequest) as caught:
        ask(make(OFF), "")
    assert caught.value.field == "api_key"
    assert "aimlapi.com/app/keys" in str(caught.value)
    assert (service.received, sandboxes()) == ([], before)


@pytest.mark.parametrize("mode", SandboxMode)
@pytest.mark.parametrize("key", ["two words", "schlüssel", "a\r\nX-Evil: 1", "x" * 257])
def test_a_key_that_cannot_be_one_is_refused_unsent_and_unrepeated(
    make: Make, service: Service, mode: SandboxMode, key: str
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        ask(make(mode, HOST), key)
    assert caught.value.field == "api_key"
    assert key not in str(caught.value)
    assert service.received == []


@pytest.mark.parametrize("mode", [AUTO, ONLY])
def test_a_failure_of_the_sandbox_says_who_played_it(make: Make, mode: SandboxMode) -> None:
    with pytest.raises(KeyRejected) as caught:
        ask(make(mode, HOST), "sandbox-invalid")
    assert caught.value.from_sandbox
    assert "sandbox" in str(caught.value)


def test_a_picture_that_the_sandbox_lost_says_so_too(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch, links = Downloader.fetch, []

    def first_is_lost(self: Downloader, link: str) -> bytes:
        links.append(link)
        if link == links[0]:
            raise lost_picture(link, "It is lost.")
        return fetch(self, link)

    monkeypatch.setattr(Downloader, "fetch", first_is_lost)
    two = replace(FOX, num_images=2)
    generation = make().generate(two, api_key="", on_picture=Told())
    (lost,) = generation.lost
    assert len(generation.pictures) == 1
    assert str(lost).endswith("(Played by the sandbox; AI/ML API was not asked.)")


def test_a_failure_of_the_service_does_not(make: Make, service: Service) -> None:
    service.script = lambda _: Answer(429, headers={"Retry-After": "3600"})
    with pytest.raises(RateLimited) as caught:
        ask(make(), VISITOR)
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
    make: Make, mode: SandboxMode, host_key: str, who: Payer
) -> None:
    assert make(mode, host_key).without_key == who


@pytest.mark.parametrize("key", [VISITOR, ""], ids=["service", "sandbox"])
def test_whoever_answers_each_picture_is_told_of(make: Make, key: str) -> None:
    told = Told()
    generation = make().generate(FOX, api_key=key, on_picture=told)
    assert told.pictures == [(0, generation.pictures[0])]


REFUSED_KEYS: dict[int, type[ServiceRefused]] = {
    401: KeyRejected,
    402: AccessDenied,
    403: AccessDenied,
    429: RateLimited,
}


def refuse(service: Service, status: int) -> None:
    body = json.dumps({"message": "Limit of key host-key-1 of hunter2"}).encode()
    service.script = lambda _: Answer(status, body, {"Retry-After": "3600", "X-Inference-Id": "i"})


@pytest.mark.parametrize("status", REFUSED_KEYS)
@pytest.mark.parametrize("mode", [AUTO, OFF])
def test_a_hosts_key_that_fails_is_no_fault_of_the_visitors(
    make: Make, service: Service, mode: SandboxMode, status: int
) -> None:
    refuse(service, status)
    with pytest.raises(REFUSED_KEYS[status]) as caught:
        ask(make(mode, HOST), "")
    assert str(caught.value) == (
        "This demo's own key does not work just now. Nothing was charged. "
        "Paste your own from aimlapi.com/app/keys, or tell the demo's host."
    )
    assert (caught.value.status, caught.value.inference_id) == (status, "i")


@pytest.mark.parametrize("status", REFUSED_KEYS)
def test_a_visitors_key_that_fails_is_their_own_beside_a_hosts_too(
    make: Make, service: Service, status: int
) -> None:
    refuse(service, status)
    with pytest.raises(REFUSED_KEYS[status]) as caught:
        ask(make(AUTO, HOST), VISITOR)
    assert caught.value.message == REFUSED_KEYS[status].message


@pytest.mark.parametrize(
    ("status", "kind"), [(400, RequestRejected), (404, ModelWithdrawn), (500, ServiceFailed)]
)
def test_another_failure_is_not_blamed_on_the_hosts_key(
    make: Make, service: Service, status: int, kind: type[ServiceRefused]
) -> None:
    refuse(service, status)
    with pytest.raises(kind) as caught:
        ask(make(AUTO, HOST), "")
    assert "own key" not in str(caught.value)


def test_a_test_key_of_the_hosts_fails_in_the_sandboxs_words(make: Make, service: Service) -> None:
    with pytest.raises(KeyRejected) as caught:
        ask(make(AUTO, "sandbox-invalid"), "")
    assert caught.value.from_sandbox
    assert caught.value.message == KeyRejected.message
    assert service.received == []


@pytest.mark.parametrize(
    "who",
    [
        *((AUTO, "", VISITOR), (AUTO, HOST, VISITOR), (AUTO, TEST, f" Bearer {VISITOR}")),
        *((OFF, "", VISITOR), (OFF, HOST, VISITOR), (OFF, "", TEST), (OFF, HOST, TEST)),
    ],
    ids=str,
)
def test_the_service_checks_a_visitors_own_key(make: Make, service: Service, who: Who) -> None:
    before = sandboxes()
    assert make(*who[:2]).check_key(who[2]) == Balance(3.5, from_sandbox=False)
    assert (keys(service), sandboxes()) == ([who[2].split()[-1]], before)
    assert [asked.method for asked in service.received] == ["GET"]


@pytest.mark.parametrize(
    "who", [(AUTO, "", TEST), (AUTO, HOST, TEST), (ONLY, "", TEST), (ONLY, HOST, TEST)], ids=str
)
def test_the_sandbox_checks_a_test_key(
    make: Make, service: Service, stand_in: Service, who: Who
) -> None:
    assert make(*who[:2]).check_key(who[2]) == Balance(3.5, from_sandbox=True)
    assert (keys(stand_in), service.received) == ([TEST], [])


@pytest.mark.parametrize("mode", SandboxMode)
@pytest.mark.parametrize("host_key", ["", HOST, TEST])
@pytest.mark.parametrize("key", ["", " \n", "Bearer "])
def test_without_a_key_none_is_checked_and_the_hosts_least_of_all(
    make: Make, service: Service, mode: SandboxMode, host_key: str, key: str
) -> None:
    before = sandboxes()
    with pytest.raises(InvalidRequest, match="There is no key to check") as caught:
        make(mode, host_key).check_key(key)
    assert caught.value.field == "api_key"
    assert (service.received, sandboxes()) == ([], before)


@pytest.mark.parametrize("host_key", ["", HOST, TEST])
def test_where_only_the_sandbox_draws_a_real_key_is_checked_by_nobody(
    make: Make, service: Service, stand_in: Service, host_key: str
) -> None:
    with pytest.raises(InvalidRequest, match="sends no key anywhere") as caught:
        make(ONLY, host_key).check_key(VISITOR)
    assert caught.value.field == "api_key"
    assert (service.received, stand_in.received) == ([], [])


@pytest.mark.parametrize("mode", SandboxMode)
def test_what_cannot_be_a_key_is_not_checked(
    make: Make, service: Service, mode: SandboxMode
) -> None:
    with pytest.raises(InvalidRequest) as caught:
        make(mode).check_key("two words")
    assert "two words" not in str(caught.value)
    assert service.received == []


def test_a_test_key_that_the_sandbox_refuses_says_who_played_it(make: Make) -> None:
    with pytest.raises(AccessDenied) as caught:
        make().check_key("sandbox-no-credits")
    assert caught.value.from_sandbox


def test_a_key_that_the_service_refuses_is_the_visitors_own(make: Make, service: Service) -> None:
    refuse(service, 401)
    with pytest.raises(KeyRejected) as caught:
        make(AUTO, HOST).check_key(VISITOR)
    assert (caught.value.message, caught.value.from_sandbox) == (KeyRejected.message, False)


def test_twenty_visitors_at_once_start_one_sandbox(make: Make) -> None:
    provider, before, together = make(), sandboxes(), threading.Barrier(20)

    def visit(_: int) -> Generation | ImagenDemoError:
        together.wait(10)
        try:
            return ask(provider, "sandbox-garbage")
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
    ask(provider, "")
    assert sandboxes() > before
    provider.close()
    assert sandboxes() == before
    provider.close()


LIST = "/v1/models/deprecations"
MODEL = FOX.model


def publish(service: Service, answer: Answer) -> threading.Event:
    """Let the service answer for its list so; the event says that it was asked."""
    draw_otherwise, asked_for_list = service.script, threading.Event()

    def script(asked: Received) -> Answer:
        if asked.path != LIST:
            return draw_otherwise(asked)
        asked_for_list.set()
        return answer

    service.script = script
    return asked_for_list


def settled(provider: Provider, model: str = MODEL) -> Standing | None:
    """Wait until something is known of a model, at most 30 s."""
    for _ in range(3000):
        if provider.standing(model):
            break
        time.sleep(0.01)
    return provider.standing(model)


@pytest.mark.parametrize("mode", [AUTO, OFF])
@pytest.mark.parametrize("host_key", ["", HOST, TEST])
def test_the_services_list_is_followed_without_any_key(
    make: Make, service: Service, mode: SandboxMode, host_key: str
) -> None:
    row = {"id": MODEL, "aliases": [], "status": "superseded", "replaced_by": "b"}
    publish(service, Answer(body=json.dumps({"data": [row]}).encode()))
    before, provider = sandboxes(), make(mode, host_key)
    assert (provider.standing(MODEL), service.received) == (None, []), "nobody is asked unbidden"
    provider.watch()
    assert settled(provider) == Standing(Status.SUPERSEDED, None, None, "b")
    assert provider.standing("another") is None
    (asked,) = service.received
    assert (asked.method, asked.path, keys(service)) == ("GET", LIST, [])
    assert HOST not in repr(asked)
    assert sandboxes() == before


@pytest.mark.parametrize("host_key", ["", HOST])
def test_where_only_the_sandbox_draws_the_list_is_not_followed(
    make: Make, service: Service, host_key: str
) -> None:
    asked_for_list, provider = publish(service, Answer(body=b'{"data": []}')), make(ONLY, host_key)
    provider.watch()
    assert not asked_for_list.wait(0.3)
    assert (service.received, provider.standing(MODEL)) == ([], None)


SILENCE = 60
"""Seconds; the service that a test leaves waits no longer."""

UNREACHABLE = {
    "silent": Answer(seconds=SILENCE),
    "broken": Answer(hang_up=True),
    "crashed": Answer(500),
    "page": Answer(body=b"<html></html>"),
}


@pytest.mark.parametrize("answer", UNREACHABLE.values(), ids=UNREACHABLE)
def test_a_list_out_of_reach_neither_delays_nor_fails_a_request(
    make: Make, service: Service, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Otherwise it is given up so soon that whoever waited for it would hardly be seen to.
    monkeypatch.setattr("imagen_demo.aimlapi.transport.MAX_PEEK", SILENCE)
    asked_for_list, provider = publish(service, answer), make()
    started = time.monotonic()
    provider.watch()
    assert asked_for_list.wait(30)
    assert ask(provider, VISITOR).drawn_by == "imagen"
    assert time.monotonic() - started < SILENCE / 2
    assert (provider.standing(MODEL), keys(service)) == (None, [VISITOR])


def test_a_refused_model_is_told_of_as_the_list_has_it(make: Make, service: Service) -> None:
    row = {"id": MODEL, "aliases": [], "status": "withdrawn", "replaced_by": "b"}
    refuse(service, 404)
    publish(service, Answer(body=json.dumps({"data": [row]}).encode()))
    provider = make()
    provider.watch()
    assert settled(provider)
    with pytest.raises(ModelWithdrawn) as caught:
        ask(provider, VISITOR)
    assert "Its successor is b" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_closing_ends_the_following(make: Make, service: Service) -> None:
    before = set(threading.enumerate())
    asked_for_list, provider = publish(service, Answer(body=b'{"data": []}')), make()
    provider.watch()
    following = {each for each in threading.enumerate() if each.name == "deprecations"} - before
    assert asked_for_list.wait(30)
    provider.close()
    for thread in following:
        thread.join(30)
    assert [thread.is_alive() for thread in following] == [False]


# What the host pays for.


def pays(provider: Provider, *, key: str = "", spender: str = "someone", pictures: int = 1) -> bool:
    """Ask for pictures, and say whether they were allowed."""
    request = GenerationRequest(prompt="a fox", num_images=pictures)
    try:
        provider.generate(request, api_key=key, on_picture=Told(), spender=spender)
    except OverBudget:
        return False
    return True


def reply(service: Service, pictures: int = 1, **usage: float) -> None:
    """Let the service answer with so many pictures at such a price."""
    body = {"data": [{"url": f"{service.url}/a.png"}] * pictures, "meta": {"usage": usage}}
    answer = Answer(body=json.dumps(body).encode())
    service.script = lambda asked: answer if asked.method == "POST" else Answer(body=png())


def posts(service: Service) -> int:
    return sum(asked.method == "POST" for asked in service.received)


TWO = Allowance(parse("2/hour"))


@pytest.mark.parametrize("mode", [AUTO, OFF])
def test_the_hosts_key_pays_for_so_many_pictures_of_each_visitors(
    make: Make, service: Service, mode: SandboxMode
) -> None:
    provider = make(mode, HOST, TWO)
    assert [pays(provider) for _ in range(4)] == [True, True, False, False]
    assert [pays(provider, spender="another") for _ in range(3)] == [True, True, False]
    assert posts(service) == 4, "what is refused is not sent"


@pytest.mark.parametrize("mode", [AUTO, OFF])
def test_a_visitors_own_key_is_not_counted(make: Make, service: Service, mode: SandboxMode) -> None:
    provider = make(mode, HOST, TWO)
    assert [pays(provider, key=VISITOR) for _ in range(5)] == [True] * 5
    assert [pays(provider) for _ in range(3)] == [True, True, False]
    assert pays(provider, key=VISITOR), "after the host's limit too"
    assert keys(service) == [VISITOR] * 5 + [HOST] * 2 + [VISITOR]


def test_what_the_sandbox_draws_is_not_counted(make: Make, service: Service) -> None:
    nothing = Allowance(parse("0/hour"), 0)
    for who in ((AUTO, HOST, TEST), (AUTO, TEST, ""), (AUTO, "", ""), (ONLY, HOST, "")):
        provider = make(*who[:2], nothing)
        assert [pays(provider, key=who[2]) for _ in range(3)] == [True] * 3
    assert service.received == []


def test_a_test_key_that_is_sent_to_the_service_is_the_visitors_own(
    make: Make, service: Service
) -> None:
    provider = make(OFF, HOST, Allowance(parse("0/hour"), 0))
    assert pays(provider, key=TEST)
    assert not pays(provider)
    assert keys(service) == [TEST]


def test_a_redis_that_is_gone_stops_the_hosts_key_alone(
    make: Make, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    storage = f"redis://:hunter2@127.0.0.1:{free_port()}"
    provider = make(AUTO, HOST, Allowance(storage=storage))
    assert not pays(provider)
    assert posts(service) == 0
    assert [pays(provider, key=VISITOR), pays(provider, key=TEST)] == [True, True]
    assert pays(make(AUTO, "", Allowance(storage=storage)))
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize(
    ("asked", "charged", "granted"),
    [(2, (2, 2), 3), (2, (1, 1), 4), (2, (2, 5), 0), (2, (2, 0), 3), (1, (2, 3), 2)],
    ids=["as expected", "fewer", "dearer", "free", "more"],
)
def test_what_the_service_says_it_charged_counts(
    make: Make, service: Service, asked: int, charged: tuple[int, int], granted: int
) -> None:
    sent, prices = charged
    provider = make(AUTO, HOST, Allowance(parse("6/hour"), 5 * PRICE))
    reply(service, sent, tokens_used=prices * PRICE)
    assert pays(provider, pictures=asked)
    reply(service, 1, tokens_used=PRICE)
    by_pictures, by_tokens = 6 - min(sent, asked), 5 - (prices or sent)
    assert granted == min(by_pictures, by_tokens)
    assert [pays(provider) for _ in range(granted + 1)] == [True] * granted + [False]


SAYING_NOTHING: tuple[dict[str, float], ...] = (
    {},
    {"tokens_used": 0},
    {"usd_spent": 0},
    {"tokens_used": 0, "usd_spent": 0},
    {"tokens_used": BEYOND_REASON * 4 * PRICE + 1},
    {"tokens_used": PRICE, "usd_spent": 1e14},
)


@pytest.mark.parametrize("usage", SAYING_NOTHING, ids=str)
@pytest.mark.parametrize(("sent", "granted"), [(4, 6), (1, 9)])
def test_what_the_service_does_not_say_counts_as_expected(
    make: Make, service: Service, sent: int, granted: int, usage: dict[str, float]
) -> None:
    provider = make(AUTO, HOST, Allowance(parse("100/hour"), 10 * PRICE))
    reply(service, sent, **usage)
    assert pays(provider, pictures=4)
    reply(service)
    assert [pays(provider) for _ in range(granted + 1)] == [True] * granted + [False]


def test_a_model_of_unknown_price_sets_the_dearest_aside(make: Make, service: Service) -> None:
    for tokens, allowed in ((UNKNOWN_PRICE - 1, False), (UNKNOWN_PRICE, True)):
        provider = make(AUTO, HOST, Allowance(daily_tokens=tokens))
        before = posts(service)
        if allowed:
            assert provider.generate(SUCCESSOR, api_key="", on_picture=Told())
        else:
            with pytest.raises(OverBudget):
                provider.generate(SUCCESSOR, api_key="", on_picture=Told())
        assert posts(service) - before == allowed


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (Answer(400), 2),
        (Answer(401), 2),
        (Answer(500), 2),
        (Answer(body=b'{"data": []}'), 2),
        (Answer(504), 1),
        (Answer(hang_up=True), 1),
        (Answer(body=b"no JSON"), 1),
        (Answer(body=b'{"data": [], "meta": {"usage": {"tokens_used": 5}}}'), 1),
    ],
    ids=["rejected", "key", "failed", "blocked", "gateway", "hung up", "garbage", "charged"],
)
def test_a_failure_counts_unless_it_surely_cost_nothing(
    make: Make, service: Service, answer: Answer, left: int
) -> None:
    provider = make(AUTO, HOST, TWO)
    service.script = lambda _: answer
    with pytest.raises(ImagenDemoError) as caught:
        ask(provider, "")
    assert (caught.value.charged is Charged.NO) is (left == 2)
    draw(service)
    # `ask` names no spender, and so has the share of all who are unknown.
    assert [pays(provider, spender="") for _ in range(left + 1)] == [True] * left + [False]


def test_only_so_many_failures_are_played_at_once(make: Make) -> None:
    provider = make()
    on_stage, go_on = threading.Barrier(MAX_PLAYED + 1), threading.Event()

    class Held(Told):
        def __call__(self, number: int, so_far: Generation) -> None:
            super().__call__(number, so_far)
            on_stage.wait(120)
            assert go_on.wait(120)

    def play() -> Generation:
        return provider.generate(FOX, api_key="sandbox-anything", on_picture=Held())

    with ThreadPoolExecutor(MAX_PLAYED) as stage:
        playing = [stage.submit(play) for _ in range(MAX_PLAYED)]
        on_stage.wait(120)
        with pytest.raises(InvalidRequest, match="Too many test keys"):
            ask(provider, "sandbox-anything")
        assert ask(provider, "").drawn_by == "sandbox", "who has no key is not concerned"
        go_on.set()
        assert all(each.result().pictures for each in playing)
    assert ask(provider, "sandbox-anything").pictures


def test_the_host_pays_for_prompts_of_a_sane_length(make: Make, service: Service) -> None:
    provider = make(AUTO, HOST)
    long = replace(SUCCESSOR, prompt="x" * (MAX_PAID_PROMPT + 1))
    with pytest.raises(InvalidRequest, match="host pays for prompts of up to 4000"):
        provider.generate(long, api_key="", on_picture=Told())
    assert keys(service) == []
    assert provider.generate(long, api_key=VISITOR, on_picture=Told()).pictures


@pytest.mark.parametrize("more", [{}, {"resolution": "4K"}, {"enable_web_search": True}], ids=str)
def test_what_the_host_was_charged_for_a_plain_picture_sets_no_less_aside(
    make: Make, service: Service, more: dict[str, Any]
) -> None:
    provider = make(AUTO, HOST, Allowance(daily_tokens=UNKNOWN_PRICE + 499))
    reply(service, tokens_used=500)
    assert provider.generate(SUCCESSOR, api_key="", on_picture=Told())
    with pytest.raises(OverBudget):
        provider.generate(replace(SUCCESSOR, **more), api_key="", on_picture=Told())
    assert posts(service) == 1


# Figures that make no sense, and prices that change.


PLENTY = parse("1000/hour")


class Held:
    """Holds every answer for the host's key until told, and counts those that wait for it."""

    def __init__(self, service: Service) -> None:
        self.waiting, self.go_on = threading.Semaphore(0), threading.Event()
        script = service.script

        def answer(asked: Received) -> Answer:
            if asked.headers.get("authorization") == f"Bearer {HOST}":
                self.waiting.release()
                assert self.go_on.wait(60)
            return script(asked)

        service.script = answer


@pytest.mark.parametrize(
    "usage",
    [
        {"tokens_used": 0, "usd_spent": 0.042},
        {"tokens_used": 1, "usd_spent": 0.042},
        {"tokens_used": PRICE, "usd_spent": 0},
    ],
    ids=str,
)
def test_tokens_and_dollars_that_differ_do_not_make_pictures_free(
    make: Make, service: Service, usage: dict[str, float]
) -> None:
    provider = make(AUTO, HOST, Allowance(PLENTY, 3 * PRICE))
    reply(service, 1, **usage)
    assert [pays(provider) for _ in range(5)] == [True] * 3 + [False] * 2


def test_what_a_visitors_key_was_charged_decides_nothing_for_the_host(
    make: Make, service: Service
) -> None:
    for tokens in (1, 10 * PRICE):
        provider = make(AUTO, HOST, Allowance(PLENTY, 2 * PRICE))
        reply(service, tokens_used=tokens)
        assert pays(provider, key=VISITOR)
        reply(service, tokens_used=PRICE)
        held = Held(service)
        with ThreadPoolExecutor(2) as visitors:
            drawing = [visitors.submit(pays, provider) for _ in range(2)]
            for _ in range(2):
                assert held.waiting.acquire(timeout=30), "both are let in"
            assert not pays(provider)
            held.go_on.set()
            assert all(each.result() for each in drawing)


def test_what_the_hosts_key_was_charged_is_set_aside_if_it_is_more(
    make: Make, service: Service
) -> None:
    dear = PRICE + 20_000
    provider = make(AUTO, HOST, Allowance(PLENTY, 2 * dear + PRICE - 1))
    reply(service, tokens_used=dear)
    assert pays(provider)
    held = Held(service)
    with ThreadPoolExecutor(1) as visitors:
        drawing = visitors.submit(pays, provider)
        assert held.waiting.acquire(timeout=30)
        assert not pays(provider), "two documented prices would fit, and two real ones do not"
        held.go_on.set()
        assert drawing.result()


def test_after_a_dear_picture_the_rest_of_the_budget_is_spent_one_by_one(
    make: Make, service: Service
) -> None:
    provider = make(AUTO, HOST, Allowance(PLENTY, 23 * PRICE))
    reply(service, tokens_used=19 * PRICE)
    assert pays(provider)
    reply(service, tokens_used=PRICE)
    held = Held(service)
    with ThreadPoolExecutor(1) as visitors:
        drawing = visitors.submit(pays, provider)
        assert held.waiting.acquire(timeout=30), "a documented price is left, and so it is let in"
        assert not pays(provider), "it may be as dear as the last"
        held.go_on.set()
        assert drawing.result()
    assert [pays(provider) for _ in range(4)] == [True] * 3 + [False]


def test_a_figure_beyond_reason_is_logged_once_and_gives_nobody_away(
    make: Make, service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    provider = make(AUTO, HOST, Allowance(PLENTY, 3 * PRICE))
    reply(service, tokens_used=9 * 10**14)
    assert [pays(provider, spender="192.0.2.1") for _ in range(4)] == [True] * 3 + [False]
    warnings = [each.getMessage() for each in caplog.records if each.levelname == "WARNING"]
    assert (
        warnings
        == [
            f"{MODEL} was charged 900000000000000 tokens, which is beyond reason; 84000 are counted"
        ]
        * 3
    )
    assert not any(secret in caplog.text for secret in (HOST, FOX.prompt, "192.0.2.1"))


def test_more_pictures_than_were_asked_for_cost_no_more(make: Make, service: Service) -> None:
    provider = make(AUTO, HOST, Allowance(parse("3/hour"), 3 * PRICE))
    reply(service, 1000)
    assert [pays(provider) for _ in range(4)] == [True] * 3 + [False]


AMOUNTS = st.one_of(
    st.integers(-1, 2_000),
    st.integers(0, 25).map(PRICE.__mul__),
    st.integers(0, 10**16),
    st.floats(0, 1),
    st.floats(0, 1e16),
    st.sampled_from([None, "84000", "many", True, 10**400]),
)
USAGES = st.dictionaries(st.sampled_from(["tokens_used", "credits_used", "usd_spent"]), AMOUNTS)
ASKED = st.sampled_from(
    [FOX, replace(FOX, num_images=4), SUCCESSOR, replace(SUCCESSOR, resolution="4K")]
)


@given(usages=st.lists(USAGES, min_size=1, max_size=6), pictures=st.integers(1, 25))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_reported_no_more_is_spent_than_the_budget_and_one_request(
    make: Make, service: Service, usages: list[dict[str, Any]], pictures: int
) -> None:
    budget = pictures * PRICE
    provider, spent = make(AUTO, HOST, Allowance(PLENTY, budget)), 0
    for usage in usages:
        reply(service, **usage)
        before = posts(service)
        if pays(provider):
            assert spent + PRICE <= budget, "there was room for one request"
            spent += at_least(usage)
        assert posts(service) - before <= 1


def at_least(usage: dict[str, Any]) -> int:
    """Return what such a picture has cost, by the rules: the documented price where in doubt."""
    said = parse_reply({"data": [{"url": "x"}], "meta": {"usage": usage}}, {}).usage
    reported = max(said.tokens_used or 0, round((said.usd_spent or 0) * TOKENS_PER_USD))
    return reported if 0 < reported <= BEYOND_REASON * PRICE else PRICE


@given(usage=USAGES, first=ASKED)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_single_answer_stops_the_next_honest_one(
    make: Make, service: Service, usage: dict[str, Any], first: GenerationRequest
) -> None:
    price = may_cost(first)
    provider = make(AUTO, HOST, Allowance(PLENTY, (BEYOND_REASON + 1) * price))
    reply(service, first.num_images, **usage)
    assert provider.generate(first, api_key="", on_picture=Told())
    reply(service, first.num_images, tokens_used=price)
    assert provider.generate(first, api_key="", on_picture=Told()), "the dearest that may be"


# The sandbox's limit.


def limited(service: Service, said: str, **more: Any) -> Provider:  # noqa: ANN401
    settings = Settings(base_url=service.url, sandbox_limit=parse(said), **more)
    return Provider(settings, sandbox_latency=0)


def test_the_sandboxs_limit_is_each_visitors_own_and_counts_pictures(
    service: Service, stand_in: Service
) -> None:
    provider, four = limited(service, "5/hour"), replace(FOX, num_images=4)
    provider.generate(four, api_key="", on_picture=Told(), spender="ann")
    with pytest.raises(OverBudget) as caught:
        provider.generate(four, api_key=TEST, on_picture=Told(), spender="ann")
    assert caught.value.message == (
        "This demo's sandbox draws 1 more picture of yours for now: ask for fewer."
    )
    assert not caught.value.from_sandbox
    assert caught.value.opens_at
    provider.generate(FOX, api_key="", on_picture=Told(), spender="ann")
    provider.generate(four, api_key="", on_picture=Told(), spender="bob")
    assert [asked.method for asked in stand_in.received].count("POST") == 3
    provider.close()


@pytest.mark.parametrize(
    ("mode", "key", "said", "message", "advice"),
    [
        (AUTO, "", "0/day", "no pictures of visitors.", "Paste your own AI/ML API key: it works"),
        (ONLY, VISITOR, "0/day", "no pictures of visitors.", "Ask for fewer, or tell the demo's"),
    ],
)
def test_a_key_is_offered_as_the_way_out_where_it_is_one(  # noqa: PLR0913, PLR0917
    service: Service, mode: SandboxMode, key: str, said: str, message: str, advice: str
) -> None:
    provider = limited(service, said, sandbox=mode)
    with pytest.raises(OverBudget) as caught:
        ask(provider, key)
    assert caught.value.message == f"This demo's sandbox draws {message}"
    assert caught.value.advice_at(Door.CREATE).startswith(advice)


@pytest.mark.parametrize("key", [VISITOR, ""])
def test_the_sandboxs_limit_is_not_for_what_somebody_pays_for(service: Service, key: str) -> None:
    draw(service)
    provider = limited(service, "0/day", host_key=HOST)
    assert ask(provider, key).drawn_by == "imagen"
    provider.close()


@pytest.mark.parametrize("access", [Access(), Access(local=True)])
def test_fifty_at_once_get_no_more_than_the_sandboxs_limit(
    service: Service, stand_in: Service, access: Access
) -> None:
    provider = limited(service, "7/hour", access=access)

    def one(_: int) -> bool:
        try:
            ask(provider, "")
        except OverBudget:
            return False
        return True

    with ThreadPoolExecutor(50) as visitors:
        drawn = sum(visitors.map(one, range(50)))
    assert drawn == (50 if access.local else 7)
    assert [asked.method for asked in stand_in.received].count("POST") == drawn
    provider.close()


@pytest.mark.parametrize(
    ("who", "free"),
    [
        *(((AUTO, "", ""), True), ((AUTO, HOST, ""), False), ((AUTO, "", VISITOR), False)),
        *(((AUTO, HOST, TEST), True), ((AUTO, TEST, ""), True), ((ONLY, HOST, VISITOR), True)),
        *(((OFF, HOST, ""), False), ((OFF, "", TEST), False), ((OFF, "", VISITOR), False)),
    ],
    ids=str,
)
def test_it_says_for_whom_nobody_pays(make: Make, who: Who, *, free: bool) -> None:
    assert make(*who[:2]).is_free(who[2]) is free

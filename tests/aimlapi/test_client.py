"""The client against the real sandbox, and against services that answer as none should."""

import base64
import json
import re
import threading
import traceback
from collections.abc import Callable
from dataclasses import replace
from operator import itemgetter
from typing import Any

import pytest

from imagen_demo.aimlapi.client import ImagenClient
from imagen_demo.aimlapi.deprecations import Bulletin, parse_deprecations
from imagen_demo.aimlapi.transport import Timeouts
from imagen_demo.domain.errors import (
    AccessDenied,
    Blocked,
    Charged,
    ImagenDemoError,
    KeyRejected,
    ModelWithdrawn,
    RateLimited,
    RequestRejected,
    ServiceFailed,
    ServiceRefused,
    ServiceTimeout,
    ServiceUnreachable,
    UnusableReply,
)
from imagen_demo.domain.generation import Balance, DrawnBy, Generation, OnPicture, Usage
from imagen_demo.domain.model_status import Status
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.sandbox import contract
from imagen_demo.sandbox.server import Sandbox
from tests.conftest import Answer, Received, Script, Service, Told, png

KEY = "0123456789abcdef0123456789abcdef"
RACOON = GenerationRequest(prompt="Racoon eating ice-cream", aspect_ratio="16:9")
THREE = GenerationRequest(prompt="a fox", num_images=3)
FOUR = GenerationRequest(prompt="a fox", num_images=4)


def generate(
    url: str,
    request: GenerationRequest = RACOON,
    *,
    key: str = KEY,
    read: float = 10,
    on_picture: OnPicture | None = None,
) -> Generation:
    client = ImagenClient(url, timeouts=Timeouts(5, read))
    told = Told()
    try:
        generation = client.generate(
            request, api_key=key, on_picture=told if on_picture is None else on_picture
        )
    finally:
        client.close()
    in_place = tuple(picture for _, picture in sorted(told.pictures, key=itemgetter(0)))
    assert on_picture is not None or in_place == generation.pictures, (
        "every picture is told of once"
    )
    return generation


def failure(
    url: str, request: GenerationRequest = RACOON, *, key: str = KEY, read: float = 10
) -> ImagenDemoError:
    with pytest.raises(ImagenDemoError) as caught:
        generate(url, request, key=key, read=read, on_picture=never)
    return caught.value


def never(number: int, _: Generation) -> None:
    raise AssertionError(f"told of picture {number}, which nobody gets")


def balance(url: str, *, key: str = KEY, read: float = 10, drawn_by: DrawnBy = "imagen") -> Balance:
    client = ImagenClient(url, timeouts=Timeouts(5, read), drawn_by=drawn_by)
    try:
        return client.balance(api_key=key)
    finally:
        client.close()


def no_balance(url: str, *, key: str = KEY, read: float = 10) -> ImagenDemoError:
    with pytest.raises(ImagenDemoError) as caught:
        balance(url, key=key, read=read)
    return caught.value


def answering(
    service: Service,
    count: int = 1,
    *,
    picture: Script = lambda _: Answer(body=png()),
    headers: dict[str, str] | None = None,
) -> None:
    """Let a service answer with `count` links to pictures of its own."""
    links = [{"url": f"{service.url}/{number}.png"} for number in range(count)]
    reply = Answer(200, json.dumps({"data": links}).encode(), headers or {})
    service.script = lambda asked: reply if asked.method == "POST" else picture(asked)


# Against the sandbox.


def test_the_documented_request_gives_the_documented_picture_and_price(sandbox: Sandbox) -> None:
    generation = generate(sandbox.url)
    (picture,) = generation.pictures
    assert (picture.width, picture.height) == (1408, 768)
    assert generation.usage == Usage(84_000, 0.042)
    assert generation.request is RACOON
    assert picture.rewritten_prompt is not None
    assert picture.rewritten_prompt.startswith("Racoon eating ice-cream, ")
    assert (generation.charged, generation.missing, generation.drawn_by) == (1, (), "imagen")
    assert re.fullmatch(r"[A-Za-z0-9._:-]+", generation.inference_id)
    assert generation.seconds > 0


def test_four_pictures_come_with_four_rewritten_prompts(sandbox: Sandbox) -> None:
    generation = generate(sandbox.url, FOUR)
    assert len({picture.data for picture in generation.pictures}) == 4
    assert generation.usage.tokens_used == 4 * 84_000
    assert all(picture.rewritten_prompt for picture in generation.pictures)


def test_base64_gives_the_same_picture_as_a_link(sandbox: Sandbox) -> None:
    linked = GenerationRequest(prompt="a fox", seed=5, enhance_prompt=False)
    inside = replace(linked, convert_base64_to_url=False)
    assert generate(sandbox.url, inside).pictures == generate(sandbox.url, linked).pictures


SANDBOX_FAILURES: dict[str, tuple[type[ImagenDemoError], Charged, str]] = {
    "sandbox-invalid": (KeyRejected, Charged.NO, "does not know this key"),
    "sandbox-no-credits": (AccessDenied, Charged.NO, "out of credits"),
    "sandbox-unverified": (AccessDenied, Charged.NO, "not verified"),
    "sandbox-withdrawn": (ModelWithdrawn, Charged.NO, "Nano Banana 2.1, under Options"),
    "sandbox-busy": (RateLimited, Charged.NO, "too many requests"),
    "sandbox-down": (ServiceFailed, Charged.NO, "a problem of its own"),
    "sandbox-crash": (ServiceFailed, Charged.NO, "a problem of its own"),
    "sandbox-html": (ServiceFailed, Charged.POSSIBLY, "a problem of its own"),
    "sandbox-empty": (UnusableReply, Charged.YES, "sent no picture"),
    "sandbox-garbage": (UnusableReply, Charged.YES, "not a picture"),
    "sandbox-slow": (ServiceTimeout, Charged.POSSIBLY, "did not answer|No answer"),
}


def test_every_test_key_of_the_sandbox_is_in_the_table() -> None:
    named = {value for name, value in vars(contract).items() if name.endswith("_KEY")}
    assert named | contract.REFUSING_KEYS.keys() == SANDBOX_FAILURES.keys()


@pytest.mark.parametrize("key", SANDBOX_FAILURES)
@pytest.mark.usefixtures("pauses")
def test_a_test_key_fails_as_its_error(sandbox: Sandbox, key: str) -> None:
    kind, charged, words = SANDBOX_FAILURES[key]
    error = failure(sandbox.url, key=key, read=0.5 if key == "sandbox-slow" else 10)
    assert (type(error), error.charged) == (kind, charged)
    assert re.search(words, str(error))
    assert not error.from_sandbox, "that is for the provider to say"
    # Only where support could look something up: the answer broke, or never came.
    assert bool(error.reference) is (kind in {ServiceFailed, ServiceTimeout})


def test_one_blocked_of_several_is_said_and_not_charged(sandbox: Sandbox) -> None:
    generation = generate(sandbox.url, GenerationRequest(prompt="a [blocked] fox", num_images=3))
    assert len(generation.pictures) == 2
    (said,) = generation.missing
    assert said == "2 of 3 pictures. One was blocked by the safety filter and not charged."
    assert generation.usage.tokens_used == 2 * 84_000


def test_everything_blocked_is_no_fault_and_free(sandbox: Sandbox) -> None:
    error = failure(sandbox.url, GenerationRequest(prompt="a [blocked] fox"))
    assert (type(error), error.charged) == (Blocked, Charged.NO)


# Against a service that follows a script.


def test_the_key_goes_to_the_api_and_not_to_its_pictures(service: Service) -> None:
    answering(service, 2)
    generate(service.url, THREE)
    said = [asked.headers.get("authorization") for asked in service.received]
    assert said == [f"Bearer {KEY}", None, None]
    assert service.received[0].path == "/v1/images/generations"
    assert json.loads(service.received[0].body) == THREE.to_json()


def test_the_key_does_not_follow_a_redirect(service: Service, other_service: Service) -> None:
    service.script = lambda _: Answer(307, headers={"Location": f"{other_service.url}/v1"})
    assert "status 307" in failure(service.url).message
    assert other_service.received == []


def test_each_request_has_an_id_of_its_own(service: Service) -> None:
    answering(service)
    for _ in range(3):
        generate(service.url)
    ids = [a.headers["x-client-request-id"] for a in service.received if a.method == "POST"]
    assert len(set(ids)) == 3
    assert all(re.fullmatch(r"[A-Za-z0-9._:-]{1,128}", each) for each in ids)


def test_a_failure_of_the_service_names_the_id_it_was_sent_with(service: Service) -> None:
    service.script = lambda _: Answer(500)
    error = failure(service.url)
    assert error.reference == service.received[0].headers["x-client-request-id"]
    assert error.reference in str(error)


def test_a_broken_connection_names_the_id_too(service: Service) -> None:
    service.script = lambda _: Answer(hang_up=True)
    error = failure(service.url)
    assert (type(error), error.charged) == (ServiceUnreachable, Charged.POSSIBLY)
    assert error.reference == service.received[0].headers["x-client-request-id"]


@pytest.mark.parametrize("status", [200, 201, 202, 206])
def test_any_2xx_is_success_and_its_bytes_stay_as_they_are(service: Service, status: int) -> None:
    data = png(9, 7) + b"kept to the last byte"
    body = {"data": [{"b64_json": base64.b64encode(data).decode(), "url": None}], "meta": None}
    service.script = lambda _: Answer(status, json.dumps(body).encode())
    (picture,) = generate(service.url).pictures
    assert (picture.data, picture.width, picture.height) == (data, 9, 7)


def test_a_linked_pictures_bytes_stay_as_they_are(service: Service) -> None:
    data = png() + b"kept"
    answering(service, picture=lambda _: Answer(body=data, headers={"Content-Type": "text/html"}))
    assert [picture.data for picture in generate(service.url).pictures] == [data]


def test_the_cost_headers_count_where_the_body_says_nothing(service: Service) -> None:
    headers = {"X-AIMLAPI-Credits-Used": "52000", "X-Inference-Id": "inf:1"}
    answering(service, headers=headers)
    generation = generate(service.url)
    assert (generation.usage.tokens_used, generation.usage.usd_spent) == (52_000, 0.026)
    assert generation.inference_id == "inf:1"


MALFORMED = {
    "empty": b"",
    "a page": b"<html>It works!</html>",
    "cut short": b'{"data": [',
    "not utf-8": b'{"data": "\xff"}',
    "null": b"null",
    "a number": b"7",
    "text": b'"data"',
    "a list": b"[]",
    "no data": b'{"meta": {}}',
    "data is text": b'{"data": "none"}',
    "data is an object": b'{"data": {"url": "https://cdn.aimlapi.com/a.png"}}',
    "data is a number": b'{"data": 0}',
    "deep": b"[" * 200_000,
    "deep inside": b'{"data": ' + b'{"a":' * 100_000,
    "a huge number": b'{"data": ' + b"9" * 5000 + b"}",
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_success_that_is_no_reply_is_unusable(service: Service, body: bytes) -> None:
    service.script = lambda _: Answer(200, body)
    error = failure(service.url)
    assert (type(error), error.charged) == (UnusableReply, Charged.POSSIBLY)
    assert len(service.received) == 1


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_a_refusal_needs_no_envelope(service: Service, body: bytes) -> None:
    service.script = lambda _: Answer(400, body)
    error = failure(service.url)
    assert (type(error), error.charged) == (RequestRejected, Charged.NO)


@pytest.mark.parametrize(("said", "kept"), [("inf:1", "inf:1"), ("a b<>", ""), ("x" * 129, "")])
@pytest.mark.parametrize("fail", [failure, no_balance])
def test_a_refusal_carries_the_services_own_id(
    service: Service, fail: Callable[[str], ImagenDemoError], said: str, kept: str
) -> None:
    service.script = lambda _: Answer(403, headers={"X-Inference-Id": said})
    error = fail(service.url)
    assert isinstance(error, ServiceRefused)
    assert (error.inference_id, error.reference) == (kept, "")


@pytest.mark.parametrize("status", [502, 504, 524])
def test_a_gateway_that_gave_up_may_have_charged_and_is_asked_once(
    service: Service, status: int
) -> None:
    service.script = lambda _: Answer(status, b"<html>Bad gateway</html>")
    error = failure(service.url)
    assert (type(error), error.charged) == (ServiceFailed, Charged.POSSIBLY)
    assert "may still have been charged" in str(error)
    assert len(service.received) == 1


def test_a_page_in_the_place_of_the_api_is_no_withdrawn_model(service: Service) -> None:
    service.script = lambda _: Answer(404, b"<html>Not found</html>")
    error = failure(service.url)
    assert (type(error), error.charged) == (ServiceRefused, Charged.NO)
    assert "status 404" in error.message


@pytest.mark.parametrize("entry", [{}, {"url": None, "b64_json": None}, None, {"url": ""}, 7])
def test_an_entry_without_a_picture_is_a_blocked_one(service: Service, entry: object) -> None:
    service.script = lambda _: Answer(200, json.dumps({"data": [entry]}).encode())
    assert isinstance(failure(service.url), Blocked)


@pytest.mark.parametrize("b64", ["%%%", "aGVsbG8", "aGVsbG8=", "é"])
def test_damaged_base64_was_charged(service: Service, b64: str) -> None:
    service.script = lambda _: Answer(200, json.dumps({"data": [{"b64_json": b64}]}).encode())
    error = failure(service.url)
    assert (type(error), error.charged) == (UnusableReply, Charged.YES)


def test_several_pictures_are_fetched_side_by_side(service: Service) -> None:
    all_four = threading.Barrier(4, timeout=10)

    def serve(asked: Received) -> Answer:
        all_four.wait()  # no picture until all are asked for
        return Answer(body=png(int(asked.path[1]) + 1, 1))

    answering(service, 4, picture=serve)
    assert [picture.width for picture in generate(service.url, FOUR).pictures] == [1, 2, 3, 4]


def test_more_pictures_than_were_asked_for_are_neither_fetched_nor_counted(
    service: Service,
) -> None:
    answering(service, 1000)
    generation = generate(service.url, THREE)
    assert (len(generation.pictures), generation.charged, generation.missing) == (3, 3, ())
    assert len(service.received) == 1 + 3


def broken_but(*good: str) -> Script:
    return lambda asked: Answer(body=png()) if asked.path in good else Answer(410)


def test_one_broken_link_of_three_costs_one_picture_only(service: Service) -> None:
    answering(service, 3, picture=broken_but("/0.png", "/2.png"))
    generation = generate(service.url, THREE)
    assert len(generation.pictures) == 2
    (lost,) = generation.lost
    assert generation.missing == ("2 of 3 pictures.",)
    assert "status 410" in str(lost)
    assert "It was charged." in str(lost)


def test_a_broken_and_a_blocked_one_are_both_said(service: Service) -> None:
    answering(service, 2, picture=broken_but("/1.png"))
    generation = generate(service.url, THREE)
    (blocked,), (broken,) = generation.missing, generation.lost
    assert "blocked" in blocked
    assert "status 410" in str(broken)


def test_when_every_link_is_broken_the_error_says_it_was_charged(service: Service) -> None:
    answering(service, 3, picture=broken_but())
    error = failure(service.url, THREE)
    assert (type(error), error.charged) == (UnusableReply, Charged.YES)


@pytest.mark.usefixtures("pauses")
def test_links_that_cannot_be_fetched_are_all_handed_over(service: Service) -> None:
    links = [f"https://cdn{number}.invalid/p.png" for number in (1, 2)]
    body = json.dumps({"data": [{"url": link} for link in links]}).encode()
    service.script = lambda _: Answer(200, body)
    error = failure(service.url, THREE)
    assert error.picture_urls == tuple(links)
    assert all(link in str(error) for link in links)


@pytest.mark.parametrize(("brand", "name"), [(b"avif", "AVIF"), (b"heic", "HEIC")])
def test_a_picture_that_this_demo_does_not_show_is_handed_over_by_its_link(
    service: Service, monkeypatch: pytest.MonkeyPatch, brand: bytes, name: str
) -> None:
    link = "https://cdn.example/p.avif"
    service.script = lambda _: Answer(200, json.dumps({"data": [{"url": link}]}).encode())
    fetched = b"\0\0\0\x1cftyp" + brand + bytes(60)
    monkeypatch.setattr("imagen_demo.aimlapi.picture_download.Downloader.fetch", lambda *_: fetched)
    error = failure(service.url)
    assert error.message == f"The picture came back as {name}, which this demo does not show."
    assert error.picture_urls == (link,)
    assert str(error).endswith(f"It was charged. Open its link before it expires: {link}")


def test_what_an_entry_says_of_itself_is_told_and_counted(service: Service) -> None:
    body = {"data": [{"url": f"{service.url}/0.png"}, {"error": "render failed"}]}
    usage = {"meta": {"usage": {"tokens_used": 84_000}}}
    for more, charged in (({}, 2), (usage, 1)):

        def script(asked: Received, body: object = {**body, **more}) -> Answer:
            is_get = asked.method == "GET"
            return Answer(body=png() if is_get else json.dumps(body).encode())

        service.script = script
        generation = generate(service.url, THREE)
        assert generation.charged == charged
        (said,) = generation.missing
        assert said == (
            "1 of 3 pictures. One was blocked by the safety filter and not charged. "
            "One did not come, and may have been charged. The service said: “render failed”."
        )


def test_a_limit_of_a_whole_day_is_told_as_one(service: Service) -> None:
    service.script = lambda _: Answer(429, headers={"Retry-After": "86400"})
    assert "It takes requests again in about 24 hours: then try again." in str(failure(service.url))
    assert len(service.received) == 1


def test_more_pictures_than_asked_for_are_left_out(service: Service) -> None:
    answering(service, 6)
    generation = generate(service.url, THREE)
    assert (len(generation.pictures), generation.missing) == (3, ())
    assert len([asked for asked in service.received if asked.method == "GET"]) == 3


# Told of each picture as it arrives.


def test_a_picture_is_told_of_while_another_is_still_on_its_way(service: Service) -> None:
    second_is_told, told = threading.Event(), Told()

    def serve(asked: Received) -> Answer:
        if asked.path == "/0.png":
            second_is_told.wait(60)
        return Answer(body=png(int(asked.path[1]) + 1, 1))

    def on_picture(number: int, so_far: Generation) -> None:
        told(number, so_far)
        second_is_told.set()

    answering(service, 2, picture=serve)
    two = replace(THREE, num_images=2)
    first, second = generate(service.url, two, on_picture=on_picture).pictures
    assert told.pictures == [(1, second), (0, first)]


def test_a_single_picture_has_place_0(service: Service) -> None:
    answering(service)
    told = Told()
    generation = generate(service.url, on_picture=told)
    assert told.pictures == [(0, generation.pictures[0])]


def test_with_each_picture_all_that_is_known_of_the_request_is_told(sandbox: Sandbox) -> None:
    told = Told()
    whole = generate(sandbox.url, THREE, on_picture=told)
    assert len(told) == 3
    for _, so_far in told:
        assert 0 < so_far.seconds <= whole.seconds
        assert replace(so_far, pictures=whole.pictures, seconds=whole.seconds) == whole


def test_a_lost_picture_leaves_its_place_and_is_not_told_of(service: Service) -> None:
    answering(service, 3, picture=broken_but("/0.png", "/2.png"))
    told = Told()
    generate(service.url, THREE, on_picture=told)
    assert sorted(told.places) == [0, 2]


def test_a_page_in_a_pictures_place_is_not_told_of(service: Service) -> None:
    page = Answer(body=b"<html>Gone</html>")
    answering(service, 2, picture=lambda a: page if a.path == "/0.png" else Answer(body=png()))
    told = Told()
    generate(service.url, THREE, on_picture=told)
    assert told.places == [1]


def test_a_blocked_picture_is_not_told_of(sandbox: Sandbox) -> None:
    told, asked = Told(), replace(THREE, prompt="a [blocked] fox")
    generate(sandbox.url, asked, on_picture=told)
    assert sorted(told.places) == [0, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_a_bug_in_whoever_is_told_passes_through(service: Service, count: int) -> None:
    answering(service, count)
    with pytest.raises(AssertionError, match="told of picture"):
        generate(service.url, replace(THREE, num_images=count), on_picture=never)


# What the service answered, for whoever wants to see it.


def quote(generation: Generation) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(generation.response)
    return said


def test_the_answer_is_quoted_as_it_came(service: Service) -> None:
    said = {
        "meta": {"usage": {"tokens_used": 84_000, "usd_spent": 0.042}, "mood": [None, "狐 🦊"]},
        "created": 1_767_322_800,
        "data": [{"prompt": 'A "red"\\ fox', "url": f"{service.url}/0.png", "mime": None}],
    }
    reply = Answer(body=json.dumps(said, indent=4).encode())
    service.script = lambda asked: reply if asked.method == "POST" else Answer(body=png())
    generation = generate(service.url)
    assert generation.response == json.dumps(said, ensure_ascii=False)


def test_every_picture_that_is_told_of_carries_the_whole_answer(service: Service) -> None:
    answering(service, 3)
    told = Told()
    whole = generate(service.url, THREE, on_picture=told)
    assert quote(whole) == {"data": [{"url": f"{service.url}/{n}.png"} for n in range(3)]}
    assert [so_far.response for _, so_far in told] == [whole.response] * 3


@pytest.mark.parametrize("request_", [RACOON, THREE], ids=["one", "several"])
def test_the_sandbox_is_quoted_like_the_service(
    sandbox: Sandbox, request_: GenerationRequest
) -> None:
    generation = generate(sandbox.url, request_)
    said = quote(generation)
    assert [each["prompt"] for each in said["data"]] == [
        each.rewritten_prompt for each in generation.pictures
    ]
    assert said["meta"]["usage"]["tokens_used"] == generation.usage.tokens_used


def test_a_picture_inside_the_answer_is_not_quoted_whole(service: Service) -> None:
    data = png() + bytes(range(256)) * 99
    b64 = base64.b64encode(data).decode()
    body = {"data": [{"b64_json": b64, "prompt": "A red fox"}, {"b64_json": b64}]}
    service.script = lambda _: Answer(body=json.dumps(body).encode())
    generation = generate(service.url, replace(THREE, num_images=2))
    assert [picture.data for picture in generation.pictures] == [data] * 2
    cut = f"{b64[:60]}… ({len(b64):,} characters)"
    assert quote(generation) == {
        "data": [{"b64_json": cut, "prompt": "A red fox"}, {"b64_json": cut}]
    }


@pytest.mark.parametrize("key", [KEY, 'quo"ted\\key/with-marks'], ids=["usual", "with marks"])
def test_a_service_that_repeats_the_key_gets_it_into_no_quote(service: Service, key: str) -> None:
    entry = {"url": f"{service.url}/0.png", "prompt": f"a fox with {key}", "key": [key]}
    body = {"data": [entry], key: {"deep": {"b64": key + "A" * 2_000, "more": "A" * 40 + key * 99}}}
    reply = Answer(body=json.dumps(body).encode())
    service.script = lambda asked: reply if asked.method == "POST" else Answer(body=png())
    generation = generate(service.url, key=key)
    said = quote(generation)
    assert said["data"][0]["key"] == ["[key]"]
    assert said["data"][0]["prompt"] == "a fox with [key]"
    assert said["[key]"]["deep"]["b64"].startswith("[key]AAAA")
    for part in (key, json.dumps(key)[1:-1], key[:10]):
        assert part not in generation.response


@pytest.mark.parametrize(
    "more", [b'"seed": NaN', b'"words": "' + b"a " * 10_000 + b'"'], ids=["no number", "too long"]
)
def test_an_answer_that_cannot_be_quoted_still_gives_its_pictures(
    service: Service, more: bytes
) -> None:
    link = json.dumps([{"url": f"{service.url}/0.png"}]).encode()
    reply = Answer(body=b'{"data": ' + link + b", " + more + b"}")
    service.script = lambda asked: reply if asked.method == "POST" else Answer(body=png())
    generation = generate(service.url)
    assert (len(generation.pictures), generation.response) == (1, "")


# What is left on the account.


@pytest.mark.parametrize(("drawn_by", "from_sandbox"), [("imagen", False), ("sandbox", True)])
def test_the_documented_balance_is_read(
    sandbox: Sandbox, drawn_by: DrawnBy, *, from_sandbox: bool
) -> None:
    assert balance(sandbox.url, drawn_by=drawn_by) == Balance(10.07, from_sandbox=from_sandbox)


def test_the_balance_is_asked_for_with_the_key_in_the_header_alone(service: Service) -> None:
    service.script = lambda _: Answer(body=b'{"current_balance": 0}')
    assert balance(service.url).usd == 0
    (asked,) = service.received
    assert (asked.method, asked.path, asked.body) == ("GET", "/v2/billing", b"")
    assert [name for name, value in asked.headers.items() if KEY in value] == ["authorization"]
    assert asked.headers["authorization"] == f"Bearer {KEY}"


def test_the_key_does_not_follow_a_redirect_of_the_balance(
    service: Service, other_service: Service
) -> None:
    service.script = lambda _: Answer(302, headers={"Location": f"{other_service.url}/v2/billing"})
    assert "status 302" in no_balance(service.url).message
    assert (len(service.received), other_service.received) == (1, [])


@pytest.mark.parametrize("key", contract.REFUSING_KEYS)
@pytest.mark.usefixtures("pauses")
def test_a_test_key_that_is_refused_has_no_balance(sandbox: Sandbox, key: str) -> None:
    kind, _, words = SANDBOX_FAILURES[key]
    error = no_balance(sandbox.url, key=key)
    assert isinstance(error, ServiceRefused)
    assert (error.status, error.charged) == (contract.REFUSING_KEYS[key].status, Charged.NO)
    assert error.reference == "", "nothing that support would have to look up"
    if kind is not ModelWithdrawn:  # there is no model to be withdrawn here
        assert type(error) is kind
        assert re.search(words, str(error))


NO_AMOUNT = {
    "none": b'{"current_balance": null}',
    "not a number": b'{"current_balance": NaN}',
    "words": b'{"current_balance": "plenty"}',
    "true": b'{"current_balance": true}',
    "a list": b'[{"current_balance": 10.07}]',
    "an object": b'{"current_balance": {"usd": 10.07}}',
}


@pytest.mark.parametrize("body", [*MALFORMED.values(), *NO_AMOUNT.values()])
def test_an_answer_without_an_amount_is_no_balance(service: Service, body: bytes) -> None:
    service.script = lambda _: Answer(200, body)
    error = no_balance(service.url)
    assert (type(error), error.charged) == (UnusableReply, Charged.NO)
    assert "named no balance" in error.message


@pytest.mark.parametrize(
    ("answer", "kind", "read"),
    [
        (Answer(seconds=5), ServiceTimeout, 0.3),
        (Answer(body=bytes(99), drip=0.05), ServiceTimeout, 0.3),
        # What arrives is judged by itself, however slow the machine is.
        (Answer(hang_up=True), ServiceUnreachable, 30),
        (Answer(body=bytes(2 << 20)), UnusableReply, 30),
    ],
    ids=["silent", "dripping", "broken", "huge"],
)
def test_a_balance_that_never_comes_costs_nothing(
    service: Service, answer: Answer, kind: type[ImagenDemoError], read: float
) -> None:
    service.script = lambda _: answer
    error = no_balance(service.url, read=read)
    assert (type(error), error.charged) == (kind, Charged.NO)
    assert (error.reference, error.cost) == ("", "Nothing was charged.")


# A service that repeats the key.


def echo_in_message(key: str) -> Answer:
    issue = {"path": ["prompt", key], "message": f"key {key}"}
    error = {"message": [key], "data": [issue]}
    return Answer(400, json.dumps({"error": error, "message": key}).encode())


def echo_in_headers(key: str) -> Answer:
    named = {"x-inference-id": key, "x-client-request-id": key, "x-aimlapi-credits-used": key}
    return Answer(403, json.dumps({"message": f"no access for {key}"}).encode(), named)


ECHOES: dict[str, Callable[[str], Answer]] = {
    "message": echo_in_message,
    "headers": echo_in_headers,
    "text": lambda key: Answer(500, key.encode()),
    "success": lambda key: Answer(200, json.dumps({"data": key}).encode()),
    "link": lambda key: Answer(
        200, json.dumps({"data": [{"url": f"https://[::1]/{key}"}]}).encode()
    ),
    "redirect": lambda key: Answer(302, headers={"Location": f"http://127.0.0.1:1/{key}"}),
}


@pytest.mark.parametrize("key", [KEY, 'quo"ted\\key/with-marks'], ids=["usual", "with marks"])
@pytest.mark.parametrize("echo", ECHOES.values(), ids=ECHOES)
@pytest.mark.parametrize("fail", [failure, no_balance])
def test_a_service_that_repeats_the_key_gets_it_into_no_error(
    service: Service,
    echo: Callable[[str], Answer],
    key: str,
    fail: Callable[..., ImagenDemoError],
) -> None:
    service.script = lambda _: echo(key)
    error = fail(service.url, key=key)
    told = [str(error), repr(error), repr(error.args), repr(vars(error))]
    told += traceback.format_exception(error)
    assert not [text for text in told if key in text or repr(key)[1:-1] in text]


def test_a_service_that_repeats_the_key_gets_it_into_no_receipt(service: Service) -> None:
    data = [{"url": f"{service.url}/a.png", "prompt": f"a fox with {KEY}"}]
    reply = Answer(200, json.dumps({"data": data}).encode(), {"x-inference-id": KEY})
    service.script = lambda a: reply if a.method == "POST" else Answer(body=png())
    generation = generate(service.url)
    assert generation.pictures[0].rewritten_prompt == "a fox with [key]"
    assert KEY not in repr(generation)


# The list of deprecations.


def deprecations(url: str, etag: str = "") -> Bulletin:
    client = ImagenClient(url)
    try:
        return client.deprecations(etag)
    finally:
        client.close()


def test_the_sandboxs_list_is_read_and_unchanged_the_second_time(sandbox: Sandbox) -> None:
    first = deprecations(sandbox.url)
    standings = parse_deprecations(first.payload)
    assert standings["gpt-5.3-chat"] == standings["openai/gpt-5.3-chat"]
    assert standings["gpt-5.3-chat"].status is Status.WITHDRAWN
    assert first.etag
    assert deprecations(sandbox.url, first.etag) == Bulletin(None, first.etag)
    assert deprecations(sandbox.url, '"older"').payload is not None


def test_the_list_is_asked_for_without_a_key_and_with_the_tag_there_is(service: Service) -> None:
    body = b'{"object": "list", "data": []}'
    service.script = lambda _: Answer(body=body, headers={"ETag": '"2"'})
    bulletin = Bulletin({"object": "list", "data": []}, '"2"')
    assert [deprecations(service.url, tag) for tag in ("", '"1"')] == [bulletin] * 2
    assert [asked.headers.get("if-none-match") for asked in service.received] == [None, '"1"']
    for asked in service.received:
        assert (asked.method, asked.path) == ("GET", "/v1/models/deprecations")
        assert "authorization" not in asked.headers


def test_a_list_that_has_not_changed_keeps_its_tag(service: Service) -> None:
    service.script = lambda _: Answer(304)
    assert deprecations(service.url, 'W/"1"') == Bulletin(None, 'W/"1"')


def test_a_list_without_a_tag_is_asked_for_without_one(service: Service) -> None:
    service.script = lambda _: Answer(body=b'{"data": []}')
    assert deprecations(service.url, '"1"').etag == ""


NO_LISTS = {
    "crashed": Answer(500, b'{"data": []}'),
    "not found": Answer(404, b'{"message": "Cannot find that."}'),
    "no content": Answer(204),
    "moved": Answer(302, headers={"Location": "/v1/models/deprecations"}),
    "empty": Answer(),
    "null": Answer(body=b"null"),
    "page": Answer(body=b"<html>Just a moment...</html>", headers={"Content-Type": "text/html"}),
    "garbage": Answer(body=b'\xff{"data": ['),
    "deep": Answer(body=b"[" * 100_000),
    "huge": Answer(body=bytes(2 << 20)),
    "broken": Answer(hang_up=True),
}


@pytest.mark.parametrize("answer", NO_LISTS.values(), ids=NO_LISTS)
def test_what_is_no_list_is_an_error_and_asked_for_once(service: Service, answer: Answer) -> None:
    service.script = lambda _: answer
    with pytest.raises(ImagenDemoError):
        deprecations(service.url, '"1"')
    assert len(service.received) == 1


@pytest.mark.parametrize("body", [b"{}", b"[]", b'"ok"', b"7", b'{"data": null}', b'{"error": {}}'])
def test_json_that_is_no_list_is_an_error_too(service: Service, body: bytes) -> None:
    service.script = lambda _: Answer(body=body)
    with pytest.raises(ImagenDemoError):
        deprecations(service.url)

"""A refusal is known by its status and codes, whatever its body looks like."""

import json
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.aimlapi.error_mapping import refusal, tell_as_listed
from imagen_demo.aimlapi.redaction import read_payload
from imagen_demo.aimlapi.service_words import MAX_DETAIL
from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.errors import (
    AccessDenied,
    Charged,
    KeyRejected,
    ModelWithdrawn,
    RateLimited,
    RequestRejected,
    ServiceFailed,
    ServiceRefused,
)
from imagen_demo.domain.model_status import Standing, Status

TABLE = {
    RequestRejected: (400, 413, 422),
    KeyRejected: (401,),
    AccessDenied: (402, 403),
    ModelWithdrawn: (404, 410),
    RateLimited: (429,),
    ServiceFailed: (500, 501, 502, 503, 504, 524, 599, 999),
    ServiceRefused: (100, 300, 302, 304, 405, 408, 418, 499),
}
BAD_SIZE = {"code": "invalid_enum_value", "path": ["resolution"], "message": "Invalid value"}
NO_URL = {"path": ["images", 0, "url"], "message": "Required"}
BODIES: list[tuple[object, str]] = [
    ({"message": "Bad", "error": {"data": [BAD_SIZE]}}, "resolution: Invalid value"),
    ({"error": {"data": [NO_URL, BAD_SIZE]}}, "images.0.url: Required; resolution: Invalid value"),
    ({"statusCode": "400", "message": "Prompt too long"}, "Prompt too long"),
    ({"message": ["prompt is empty", 7, None, "seed is odd"]}, "prompt is empty; seed is odd"),
    ({"error": {"message": "Bad", "data": {"kind": "x"}}}, "Bad"),
    ({"error": {"message": "Bad", "data": [{"path": "prompt"}, 7]}}, "Bad"),
    ({"error": "teapot", "message": "Bad"}, "Bad"),
    ({"message": "Bad", "error": {"name": "NoMessage"}}, "Bad"),
    ({"error": {"message": "Bad", "data": [{"path": ["prompt"], "message": None}]}}, "Bad"),
    ({"error": {"data": [{"path": [], "message": "Bad"}]}}, "Bad"),
    *(({"message": {"text": "Bad"}}, ""), ({"message": None}, ""), ({}, ""), ([], ""), (7, "")),
    *((b"", ""), (b"<html>Bad</html>", ""), (b'{"message": "cut', ""), (b"\xff\xfe\xfd", "")),
    *((b"[" * 100_000, ""), (b'{"message":' + b"[" * 100_000, "")),
    ({"message": "\n\x1b[31mred\0 \u202eevil\u2028end\ud800\t"}, "[31mred   evil end?"),
    ({"error": "invalid_request", "error_description": "Too long"}, "Too long"),
    ({"error": "Prompt is too long"}, "Prompt is too long"),
    ({"detail": "Prompt is too long"}, "Prompt is too long"),
    (
        {"detail": [{"loc": ["body", "prompt"], "msg": "too long", "type": "value_error"}]},
        "prompt: too long",
    ),
    ({"detail": [{"loc": ["body", "images", 0], "msg": "bad"}, "x"]}, "images.0: bad"),
    ({"detail": ["Prompt is too long", "Seed is odd"]}, "Prompt is too long; Seed is odd"),
    ({"errors": [{"message": "Bad", "path": ["prompt"]}], "message": "Worse"}, "prompt: Bad"),
    ({"error": {"detail": "Prompt is too long"}}, "Prompt is too long"),
    ({"error": {"message": " "}, "message": "Bad"}, "Bad"),
    *(({"message": "x" * 300}, "x" * 300), ({"message": "x" * 301}, "x" * 299 + "…")),
]


def refused(
    status: int, body: object = b"", *, model: str = DEFAULT_MODEL, retry_after: str = ""
) -> ServiceRefused:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    payload = read_payload(raw, "")
    return refusal(
        status,
        payload,
        model=model,
        reference="ref-1",
        inference_id="inf:1",
        retry_after=retry_after,
    )


@pytest.mark.parametrize(
    ("status", "kind"), [(status, kind) for kind, row in TABLE.items() for status in row]
)
def test_a_status_means_one_class(status: int, kind: type[ServiceRefused]) -> None:
    said: dict[str, object] = {"message": "Model not found", "statusCode": 404}
    bodies = (said,) if kind is ModelWithdrawn else (said, b"", b"<html>429</html>")
    for body in bodies:
        error = refused(status, body)
        assert type(error) is kind
        assert (error.status, error.inference_id) == (status, "inf:1")
        assert error.reference == ("ref-1" if kind is ServiceFailed else "")
        assert kind is not ServiceRefused or str(status) in error.message
        perhaps = status in {502, 504, 524}
        assert error.charged is (Charged.POSSIBLY if perhaps else Charged.NO)


@pytest.mark.parametrize("status", [404, 410])
@pytest.mark.parametrize("body", [b"", b"<html>Not found</html>", [], "gone", 404, None, {}])
def test_only_the_api_itself_can_say_that_a_model_is_withdrawn(status: int, body: object) -> None:
    error = refused(status, body)
    assert type(error) is ServiceRefused
    assert f"status {status}" in error.message
    assert "Imagen" not in str(error)


@pytest.mark.parametrize(("body", "detail"), BODIES, ids=lambda each: ascii(each)[:40])
def test_a_detail_is_found_or_left_out(body: object, detail: str) -> None:
    assert refused(400, body).detail == detail


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("err_insufficent_credits", "This account is out of credits."),
        ("err_unverified_card", "This account's card is not verified yet."),
    ],
)
def test_a_403_of_a_known_kind_has_words_of_its_own(kind: str, words: str) -> None:
    error = refused(403, {"error": {"message": "Forbidden", "data": {"kind": kind}}})
    assert error.message == words
    assert "aimlapi.com/app/billing" in str(error)
    assert error.detail == ""


@pytest.mark.parametrize("data", [{"kind": "err_new"}, {"kind": None}, {"kind": []}, [], "x", None])
def test_a_403_of_an_unknown_kind_lets_the_service_speak(data: object) -> None:
    error = refused(403, {"error": {"message": "Limit of this key", "data": data}})
    assert error.message == AccessDenied.message
    assert error.detail == "Limit of this key"


@pytest.mark.parametrize("status", [401, 404, 429, 500, 418])
def test_no_other_refusal_repeats_the_services_words(status: int) -> None:
    assert "hunter2" not in str(refused(status, {"message": "hunter2"}))


@pytest.mark.parametrize("status", [400, 422])
@pytest.mark.parametrize("name", ["message", "error", "error_description", "detail"])
def test_a_field_that_is_wrong_is_named_wherever_it_is_said(status: int, name: str) -> None:
    assert refused(status, {name: "The prompt is too long"}).detail == "The prompt is too long"
    assert "The service said: “The prompt is too long”." in str(
        refused(status, {name: "The prompt is too long"})
    )


@pytest.mark.parametrize(
    ("retry_after", "told"),
    [
        ("86400", "It takes requests again in about 24 hours: then press Generate again."),
        ("30", "It takes requests again in 30 seconds: then press Generate again."),
        ("", "Wait half a minute, then press Generate again."),
        ("soon", "Wait half a minute, then press Generate again."),
        ("0", "Wait half a minute, then press Generate again."),
    ],
)
def test_a_limit_says_when_it_is_over(retry_after: str, told: str) -> None:
    assert refused(429, retry_after=retry_after).advice_at(Door.CREATE) == told


def test_a_service_that_is_down_says_when_it_is_back() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=5), usegmt=True)
    told = refused(503, retry_after=later).advice_at(Door.PROGRAM)
    assert told == "It takes requests again in about 5 hours: then try again."
    assert refused(503).advice_at(Door.PROGRAM) == "Try again in a few minutes."
    assert "again in" not in refused(401, retry_after="60").advice_at(Door.PROGRAM)


def test_a_404_says_since_when_and_names_the_successor() -> None:
    error = refused(404, {"message": "Not found"})
    assert "no longer offers Imagen 4: Google shut it down on 17 August 2026." in error.message
    assert error.advice_at(Door.CREATE) == "Choose its successor, Nano Banana 2.1, under Options."


def test_a_404_of_the_successor_invents_neither_a_date_nor_another_one() -> None:
    (successor,) = (each for each in MODELS.values() if each.successor is None)
    error = refused(404, {"message": "Not found"}, model=successor.id)
    assert error.message == "AI/ML API no longer offers Nano Banana 2.1."
    assert error.advice_at(Door.CREATE) == "Choose another model under Options."


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["error", "data", "message", "path", "kind", "detail", "loc", "msg", "errors"]
            ),
            inner,
        )
    ),
)


@settings(deadline=None)
@given(st.binary() | ANY_JSON, st.sampled_from([302, 400, 401, 403, 404, 418, 429, 500]))
def test_any_body_at_all_is_a_refusal_fit_to_be_shown(body: object, status: int) -> None:
    error = refused(status, body)
    assert error.status == status
    assert len(error.detail) <= MAX_DETAIL
    assert error.detail.isprintable()


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.WITHDRAWN, "AI/ML API has not offered Imagen 4 since 10 August 2031."),
        (Status.DEPRECATED, "AI/ML API no longer offers Imagen 4."),
        (Status.SUPERSEDED, "AI/ML API no longer offers Imagen 4."),
    ],
)
def test_a_model_that_is_gone_before_its_day_is_not_gone_since_a_day_to_come(
    status: Status, told: str
) -> None:
    error = ModelWithdrawn(404)
    tell_as_listed(error, DEFAULT_MODEL, Standing(status, None, date(2031, 8, 10), None))
    assert error.message == told
    error = ModelWithdrawn(404)
    tell_as_listed(error, DEFAULT_MODEL, Standing(status, None, None, None))
    assert error.message == "AI/ML API no longer offers Imagen 4."


FAST = "google/imagen-4.0-fast-generate-001"


@pytest.mark.parametrize(
    ("listed", "told"),
    [
        ("", "Choose another model under Options."),
        (FAST, f"Choose its successor, {MODELS[FAST].label}, under Options."),
        ("a/b", "Its successor is a/b, which this demo does not know."),
    ],
)
def test_the_successor_is_the_listed_one(listed: str, told: str) -> None:
    error = ModelWithdrawn(404, detail="teapot")
    standing = Standing(Status.WITHDRAWN, None, None, listed or None)
    tell_as_listed(error, DEFAULT_MODEL, standing)
    assert (error.successor, error.advice_at(Door.CREATE), error.detail) == (listed, told, "")

"""The policy by itself; `test_transport` sees it at work over HTTP."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from urllib3 import HTTPConnectionPool, HTTPResponse, Retry
from urllib3.connection import HTTPConnection
from urllib3.exceptions import (
    ConnectTimeoutError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
)

from imagen_demo.aimlapi.retries import (
    MAX_RETRY_AFTER,
    MAX_TOLD,
    NO_RETRIES,
    SERVICE_RETRIES,
    seconds_of,
)

POOL = HTTPConnectionPool("127.0.0.1")
REFUSED = NewConnectionError(HTTPConnection("127.0.0.1"), "refused")


def after(*failures: Exception | HTTPResponse, policy: Retry = SERVICE_RETRIES) -> Retry:
    """Return what is left of a policy after so many failures of a POST."""
    for each in failures:
        failed = {"response": each} if isinstance(each, HTTPResponse) else {"error": each}
        policy = policy.increment("POST", "/", **failed, _pool=POOL)
    return policy


def busy(retry_after: str | None = None, status: int = 429) -> HTTPResponse:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return HTTPResponse(status=status, headers=headers)


@pytest.mark.parametrize("method", ["POST", "GET"])
def test_of_all_statuses_only_429_and_503_are_asked_again(method: str) -> None:
    again = {status for status in range(100, 600) if SERVICE_RETRIES.is_retry(method, status)}
    assert again == {429, 503}
    assert not any(NO_RETRIES.is_retry(method, status) for status in range(100, 600))


@pytest.mark.parametrize(
    "failure",
    [REFUSED, busy(), busy(status=503), busy("1")],
    ids=["refused", "429", "503", "429, retry after"],
)
def test_a_third_failure_is_the_last(failure: Exception | HTTPResponse) -> None:
    assert after(failure, failure).total == 0
    with pytest.raises(MaxRetryError):
        after(failure, failure, failure)


def test_the_waits_are_half_a_second_and_a_second_and_a_little() -> None:
    assert 0.5 <= after(REFUSED).get_backoff_time() <= 1
    assert 1 <= after(REFUSED, REFUSED).get_backoff_time() <= 1.5


@pytest.mark.parametrize("status", [429, 503])
def test_a_retry_after_is_honoured_up_to_its_limit(status: int) -> None:
    assert MAX_RETRY_AFTER == 5
    assert after(busy("5", status)).total == 1
    assert SERVICE_RETRIES.get_retry_after(busy("5", status)) == 5
    with pytest.raises(MaxRetryError):
        after(busy("6", status))


@pytest.mark.parametrize("said", ["soon", "-1", "1.5", "", "9" * 5_000, "Mon, 99 Foo 2026 0:0 GMT"])
def test_an_unintelligible_retry_after_counts_as_none(said: str) -> None:
    assert SERVICE_RETRIES.get_retry_after(busy(said)) is None
    assert after(busy(said)).total == 1


def test_a_connection_that_times_out_is_final_and_a_refused_one_is_not() -> None:
    with pytest.raises(MaxRetryError) as caught:
        after(ConnectTimeoutError("slow"))
    assert isinstance(caught.value.reason, ConnectTimeoutError)
    assert after(REFUSED).total == 1


@pytest.mark.parametrize("policy", [SERVICE_RETRIES, NO_RETRIES], ids=["service", "none"])
@pytest.mark.parametrize(
    "failure", [ReadTimeoutError(POOL, "/", "silent"), ProtocolError("broken")], ids=repr
)
def test_what_breaks_after_sending_is_raised_as_it_is(policy: Retry, failure: Exception) -> None:
    with pytest.raises(type(failure)):
        after(failure, policy=policy)


def test_a_picture_is_not_retried_down_here() -> None:
    with pytest.raises(MaxRetryError):
        after(REFUSED, policy=NO_RETRIES)


NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *(("30", 30), (" 86400 ", 86_400), ("1.5", 1.5)),
        *(("Mon, 30 Nov 2026 12:01:00 GMT", 60), ("Tue, 01 Dec 2026 12:00:00 GMT", 86_400)),
        *(("Monday, 30-Nov-26 12:01:00 GMT", 60), ("Mon, 30 Nov 2026 13:01:00 +0100", 60)),
        ("Mon, 30 Nov 2026 12:01:00", 60),
    ],
)
def test_a_wait_is_read_in_seconds_or_as_a_date(said: str, seconds: float) -> None:
    assert seconds_of(said, NOON) == seconds


@pytest.mark.parametrize(
    "said",
    [
        *("", "0", "-5", "soon", "1e300", "9" * 400, "nan", "inf", "31622401", "0x10"),
        *("Mon, 30 Nov 2026 11:59:00 GMT", "Mon, 30 Nov 9999 12:01:00 GMT", "Mon, 99 Foo", "Mon,"),
        *("\u0663\u0660", "30 seconds", "Thu, 01 Jan 1970 00:00:00 GMT"),
    ],
)
def test_a_wait_that_is_none_is_not_told(said: str) -> None:
    assert seconds_of(said, NOON) is None


@given(st.text() | st.text("0123456789., :GMTNov"))
def test_any_wait_is_a_number_of_seconds_or_nothing(said: str) -> None:
    seconds = seconds_of(said, NOON)
    assert seconds is None or 0 < seconds <= MAX_TOLD

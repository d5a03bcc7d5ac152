"""Every failure says what happened, what it cost and what to do next."""

import os
import re
from datetime import UTC, datetime, timedelta
from errno import EACCES, EDQUOT, EIO, ENAMETOOLONG, ENOSPC, EPERM, EROFS

import pytest

from imagen_demo.domain import errors
from imagen_demo.domain.advice import Action, Door
from imagen_demo.domain.errors import (
    Charged,
    ConfigurationError,
    ImagenDemoError,
    InvalidRequest,
    OverBudget,
    ServiceFailed,
    ServiceRefused,
    ServiceTimeout,
    ServiceUnreachable,
    UnusableReply,
    reason_of,
)

CLASSES = {
    name: each
    for name, each in vars(errors).items()
    if isinstance(each, type) and issubclass(each, ImagenDemoError) and each is not ImagenDemoError
}
EACH = pytest.mark.parametrize("kind", CLASSES.values(), ids=CLASSES)
COST = {
    Charged.NO: "Nothing was charged.",
    Charged.POSSIBLY: "It may still have been charged.",
    Charged.YES: "It was charged.",
}
FULL = "This demo's disk is full"


def one(kind: type[ImagenDemoError]) -> ImagenDemoError:
    if issubclass(kind, ServiceRefused):
        return kind(418)
    return kind("seed", "It is odd.") if issubclass(kind, InvalidRequest) else kind()


def documented_parents() -> dict[str, str]:
    path, parents = ["ImagenDemoError"], {}
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r" {4}((?:│ )*)[├└] (\w+)", line):
            depth = len(found[1]) // 2 + 1
            path[depth:] = [found[2]]
            parents[found[2]] = path[depth - 1]
    return parents


def test_the_tree_of_the_docstring_is_the_tree_of_the_classes() -> None:
    assert len(CLASSES) == 15
    parents = {name: each.__bases__[0].__name__ for name, each in CLASSES.items()}
    assert parents == documented_parents()


@EACH
def test_every_failure_has_words_of_its_own_in_one_order(kind: type[ImagenDemoError]) -> None:
    error = one(kind)
    assert error.message.endswith(".")
    assert error.message != ImagenDemoError.message
    advice = error.advice_at(Door.CREATE)
    assert advice.endswith(".")
    assert error.cost == COST[error.charged]
    if kind is not ConfigurationError:
        assert error.told_at(Door.CREATE) == f"{error.message} {error.cost} {advice}"


@EACH
def test_only_what_may_have_arrived_may_have_been_charged(kind: type[ImagenDemoError]) -> None:
    possibly = kind in {ServiceTimeout, UnusableReply}
    assert one(kind).charged is (Charged.POSSIBLY if possibly else Charged.NO)


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 524, 599])
def test_a_gateway_that_stopped_waiting_may_have_been_charged_for(status: int) -> None:
    perhaps = status in {502, 504, 524}
    assert ServiceFailed(status).charged is (Charged.POSSIBLY if perhaps else Charged.NO)
    assert ServiceFailed.charged is Charged.NO


@pytest.mark.parametrize(
    ("charged", "said"),
    [
        (Charged.NO, "Nothing was charged."),
        (Charged.POSSIBLY, "It might have been charged."),
        (Charged.YES, "It would have been charged."),
    ],
)
def test_what_the_sandbox_plays_says_what_it_would_cost(charged: Charged, said: str) -> None:
    error = ImagenDemoError(charged=charged)
    error.from_sandbox = True
    assert error.cost == said


def test_everything_a_failure_knows_is_told_in_one_order() -> None:
    links = ("https://one", "https://two")
    error = ImagenDemoError(
        "It broke.", advice="Wait.", charged=Charged.YES, detail="teapot", picture_urls=links
    )
    error.reference = "abc"
    error.from_sandbox = True
    assert str(error) == (
        "It broke. The service said: “teapot”. It would have been charged. Wait. "
        "https://one https://two Request abc for support. "
        "(Played by the sandbox; AI/ML API was not asked.)"
    )


def test_one_failures_words_and_cost_do_not_change_its_class() -> None:
    assert ServiceUnreachable(charged=Charged.POSSIBLY).cost == COST[Charged.POSSIBLY]
    assert ServiceTimeout("Other.", advice="Other.", charged=Charged.NO).cost == COST[Charged.NO]
    assert ServiceTimeout().message == "AI/ML API did not answer in time."
    assert ServiceTimeout().charged is Charged.POSSIBLY


def test_a_refusal_keeps_its_status_and_an_invalid_request_its_field() -> None:
    refused = ServiceFailed(524, detail="teapot", reference="abc", inference_id="inf:1")
    assert (refused.status, refused.detail, refused.reference) == (524, "teapot", "abc")
    assert (refused.inference_id, ServiceFailed(524).inference_id) == ("inf:1", "")
    invalid = InvalidRequest("seed", "The seed is odd.", advice="Use 7.")
    assert invalid.field == "seed"
    assert str(invalid) == "The seed is odd. Nothing was charged. Use 7."


def test_a_configuration_error_speaks_to_the_terminal_and_not_of_cost() -> None:
    error = ConfigurationError("AIMLAPI_KEY does not hold an API key.")
    assert str(error) == "AIMLAPI_KEY does not hold an API key. Correct it and start again."


@EACH
def test_other_words_leave_the_facts_and_not_the_services_own_words(
    kind: type[ImagenDemoError],
) -> None:
    error = one(kind)
    error.detail, error.reference = "teapot", "abc"
    charged = error.charged
    error.reword("It broke.", Action.SHORTEN, over="{0}")
    assert error.told_at(Door.COMPARE) == (
        f"It broke. {error.cost} Take out {{0}}, then press Compare again. Request abc for support."
    )
    assert error.charged == charged
    assert "teapot" not in repr(error)


def test_who_is_over_budget_hears_when_there_is_more() -> None:
    soon = datetime.now(UTC).replace(second=0, microsecond=0) + timedelta(hours=1)
    error = OverBudget("It is used up.", opens_at=soon)
    assert error.opens_at == soon
    assert str(error) == (
        f"It is used up. Nothing was charged. There is more from {soon:%H:%M} UTC on. "
        "Your own AI/ML API key works right away."
    )


def test_what_opens_on_another_day_says_which() -> None:
    error = OverBudget(opens_at=datetime(2999, 1, 5, 7, 3, tzinfo=UTC))
    assert error.message == OverBudget.message
    assert "from 5 January, 07:03 UTC on" in str(error)


def test_where_nobody_knows_when_there_is_more_none_is_named() -> None:
    error = OverBudget("It cannot be counted.")
    assert (error.opens_at, error.action) == (None, Action.USE_OWN_KEY)
    assert "your own AI/ML API key" in str(error)


@pytest.mark.parametrize(
    ("number", "said"),
    [
        *((ENOSPC, FULL), (EDQUOT, FULL), (EROFS, "This demo's disk is read-only")),
        *((each, "This demo may not write to its disk") for each in (EACCES, EPERM)),
        (ENAMETOOLONG, "The file's name is too long for this demo's disk"),
        (EIO, f"This demo's disk says “{os.strerror(EIO)}”"),
    ],
)
def test_a_disk_that_takes_nothing_is_told_as_what_it_was(number: int, said: str) -> None:
    assert reason_of(OSError(number, os.strerror(number))) == said


def test_a_failure_without_a_number_has_a_name_at_least() -> None:
    assert reason_of(FileNotFoundError()) == "This demo's disk says “FileNotFoundError”"

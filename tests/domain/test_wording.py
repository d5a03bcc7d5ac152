"""Every figure and every date is worded in one way."""

from datetime import UTC, date, datetime, timedelta

import pytest

from imagen_demo.domain import wording

NOON = datetime(2026, 8, 17, 12, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("usd", "said"),
    [(0, "$0.00"), (0.042, "$0.042"), (1.5, "$1.50"), (12, "$12.00"), (0.0000005, "$0.00")],
)
def test_dollars_have_the_decimals_they_need(usd: float, said: str) -> None:
    assert wording.dollars(usd) == said


def test_tokens_are_said_with_their_price() -> None:
    assert wording.tokens(84_000) == "84,000 tokens"
    assert wording.price(84_000) == "84,000 tokens ($0.042)"


def test_one_picture_is_one() -> None:
    assert [wording.pictures(count) for count in (0, 1, 3)] == [
        *("0 pictures", "1 picture", "3 pictures")
    ]
    assert wording.pictures(1, more=True) == "1 more picture"
    assert wording.pictures(2, more=True) == "2 more pictures"


def test_a_day_is_for_people_and_a_minute_for_the_files() -> None:
    assert wording.day(date(2026, 8, 7)) == "7 August 2026"
    assert wording.minute(NOON) == "2026-08-17 12:00 UTC"


@pytest.mark.parametrize(
    ("hours", "said"), [(0, "12:01 UTC"), (12, "00:01 UTC"), (12.1, "18 August, 00:07 UTC")]
)
def test_what_opens_tomorrow_is_said_with_its_day(hours: float, said: str) -> None:
    assert wording.opening(NOON + timedelta(hours=hours), NOON) == said


def test_the_sandbox_never_passes_for_a_model() -> None:
    model = "google/imagen-4.0-generate-001"
    assert wording.drawn_by(model, "imagen") == "Imagen 4"
    assert wording.drawn_by(model, "sandbox") == "Imagen 4, played by the sandbox"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        *((0.2, "1 second"), (1, "1 second"), (30, "30 seconds"), (89.5, "90 seconds")),
        *((91, "about 2 minutes"), (300, "about 5 minutes"), (3_600, "about 60 minutes")),
        *((7_200, "about 2 hours"), (86_400, "about 24 hours"), (172_801, "about 3 days")),
    ],
)
def test_a_span_of_time_is_told_as_people_tell_it(seconds: float, said: str) -> None:
    assert wording.span(seconds) == said

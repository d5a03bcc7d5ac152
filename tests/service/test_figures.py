"""What the demo did is counted once, everybody's in a Redis, and tells nobody's secret."""

import time
from collections.abc import Iterator
from math import inf
from pathlib import Path
from types import SimpleNamespace

import pytest

from imagen_demo import logs
from imagen_demo.domain.errors import OverBudget, ServiceFailed
from imagen_demo.domain.generation import Generation, Usage
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.logs import DRAWN, Entry, disguised
from imagen_demo.service import figures as module
from imagen_demo.service.figures import BOUNDS, HOUR, Count, Figures
from imagen_demo.service.shared_counters import shared
from tests.redis_server import RedisServer, redis_server

MODEL = "google/imagen-4.0-generate-001"
PROMPT, VISITOR, BROWSER = "a secret lake", "5e7b" * 8, "b0a7" * 16


def entry(outcome: str = DRAWN, **more: object) -> Entry:
    said: dict[str, object] = {"seconds": 4.2, "pictures": 2, "tokens_used": 168_000, **more}
    return Entry(visitor=VISITOR, model=MODEL, outcome=outcome, prompt=PROMPT, **said)  # type: ignore[arg-type]


def drawn() -> Generation:
    return Generation(
        request=GenerationRequest(prompt=PROMPT),
        pictures=(),
        charged=2,
        missing=(),
        usage=Usage(168_000, 0.084),
        seconds=4.2,
        inference_id="",
        drawn_by="imagen",
    )


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as running:
        yield running


@pytest.fixture
def _own_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """What visitors are called is the process's, and comes back after the test."""
    monkeypatch.setattr(logs, "_salt", logs._salt)  # noqa: SLF001 - see above


def test_what_was_drawn_is_counted_by_model_and_hour() -> None:
    figures = Figures()
    figures.note(entry(), browser=BROWSER, came=drawn())
    figures.note(entry("ServiceFailed", status=502), came=ServiceFailed(502))
    (*before, now), everybody = figures.day()
    assert not everybody
    assert len(before) == 23
    assert not any(before)
    assert now[Count("request", (MODEL, DRAWN))] == 1
    assert now[Count("request", (MODEL, "ServiceFailed"))] == 1
    assert now[Count("pictures", (MODEL,))] == 2
    assert now[Count("tokens", (MODEL,))] == 168_000
    assert now[Count("micro-dollars", (MODEL, "imagen"))] == 84_000
    assert now[Count("seconds", ("5",))] == 1, "from 3 to 5"
    assert now[Count("visitor", (disguised(VISITOR),))] == 2
    assert now[Count("status", ("502",))] == 1


@pytest.mark.parametrize(("seconds", "bound"), [(0, "1"), (1, "1"), (1.01, "2"), (999, "inf")])
def test_a_request_counts_within_one_bound(seconds: float, bound: str) -> None:
    figures = Figures()
    figures.note(entry(seconds=seconds), came=drawn())
    assert [each for each in figures.total() if each.kind == "seconds"] == [
        Count("seconds", (bound,))
    ]
    assert float(bound) in BOUNDS
    assert float("inf") == inf


def test_a_refusal_is_counted_by_its_reason_its_visitor_and_the_browsers_behind_it() -> None:
    figures = Figures()
    for browser in (BROWSER, BROWSER, "another", ""):
        figures.note(entry("OverBudget"), browser=browser, came=OverBudget(reason="visitor"))
    now = figures.day()[0][-1]
    assert now[Count("refused", ("visitor",))] == 4
    assert now[Count("refused visitor", (disguised(VISITOR),))] == 4
    browsers = {each.of[1] for each in now if each.kind == "browser"}
    assert browsers == {disguised(BROWSER), disguised("another"), ""}


def test_no_figure_holds_a_prompt_an_address_or_a_browsers_secret() -> None:
    figures = Figures()
    figures.note(entry(), browser=BROWSER, came=drawn())
    figures.note(entry("OverBudget"), browser=BROWSER, came=OverBudget(reason="day"))
    said = repr((figures.day(), figures.total()))
    for secret in (PROMPT, VISITOR, BROWSER):
        assert secret not in said


def test_an_hour_of_the_day_before_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    figures, now = Figures(), time.time()
    for hours_ago in (25, 24, 23, 0):
        then = SimpleNamespace(time=lambda ago=hours_ago: now - ago * HOUR)
        monkeypatch.setattr("imagen_demo.service.figures.time", then)
        figures.note(entry(), came=drawn())
    counted = [hour[Count("pictures", (MODEL,))] for hour in figures.day()[0]]
    assert counted == [2, *[0] * 22, 2]
    assert figures.total()[Count("pictures", (MODEL,))] == 8


def test_a_crowd_of_visitors_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_NAMES", 20)
    figures = Figures()
    for number in range(100):
        figures.note(entry(), browser=str(number), came=OverBudget(reason="visitor"))
    now = figures.day()[0][-1]
    assert len(now) == 20
    assert now[Count("pictures", (MODEL,))] == 200, "what is known goes on to count"


@pytest.mark.host
def test_two_processes_see_each_others_figures(redis: RedisServer) -> None:
    one, other = (Figures(shared(redis.url)) for _ in range(2))
    one.note(entry(), came=drawn())
    other.note(entry(), came=drawn())
    for each in (one, other, one):
        one.tell()
        other.tell()
        hours, everybody = each.day()
        assert everybody
        assert hours[-1][Count("pictures", (MODEL,))] == 4
    assert one.total()[Count("pictures", (MODEL,))] == 2


@pytest.mark.host
@pytest.mark.usefixtures("_own_names")
def test_two_processes_call_a_visitor_the_same(redis: RedisServer) -> None:
    names = []
    for _ in range(2):
        logs.disguise_by(bytes(16))
        figures = Figures(shared(redis.url))
        figures.watch()
        figures.close()
        names.append(disguised(VISITOR))
    logs.disguise_by(bytes(16))
    assert names[0] == names[1] != disguised(VISITOR)


@pytest.mark.host
def test_what_a_redis_did_not_take_is_this_processs_own_and_is_told_later(
    redis: RedisServer,
) -> None:
    figures = Figures(shared(redis.url))
    redis.stop()
    figures.note(entry(), came=drawn())
    for _ in range(2):
        hours, everybody = figures.day()
        assert not everybody
        assert hours[-1][Count("pictures", (MODEL,))] == 2
    assert not figures.tell()

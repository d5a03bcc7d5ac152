"""What a host turns counts at once, for everybody, and ends by itself; nothing more is spent."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from limits import parse

from imagen_demo.domain.errors import OverBudget
from imagen_demo.logs import disguised
from imagen_demo.service.budget import Allowance, Budget
from imagen_demo.service.shared_counters import shared
from imagen_demo.service.switches import (
    DAILY_TOKENS,
    EXAMPLE,
    KEY_OFF,
    LONGEST,
    VISITOR_LIMIT,
    Switches,
    of_visitor,
    said,
)
from tests.demos import ROOT
from tests.redis_server import redis_server

SOON = 3600.0


class Host:
    """A budget of ten pictures an hour and ten in all, and what is turned."""

    def __init__(self, storage: str) -> None:
        self.switches = Switches(shared(storage))
        self.budget = Budget(Allowance(parse("10/hour"), 10, storage), self.switches)

    def turn(self, name: str, value: int, seconds: float = SOON) -> None:
        self.switches.turn(name, value, time.time() + seconds)

    def spent_by(self, visitor: str, tries: int = 60, tokens: int = 1) -> int:
        """Try so often, at once, and return how many there were."""
        together = threading.Barrier(tries)

        def one(_: int) -> bool:
            together.wait(30)
            try:
                with self.budget.spending(visitor, pictures=1, tokens=tokens):
                    return True
            except OverBudget:
                return False

        with ThreadPoolExecutor(tries) as crowd:
            return sum(crowd.map(one, range(tries)))


def test_a_raised_limit_goes_on_from_what_was_had(storage: str) -> None:
    host = Host(storage)
    host.turn(DAILY_TOKENS, 1000)
    assert host.spent_by("someone") == 10
    host.turn(VISITOR_LIMIT, 25)
    assert host.spent_by("someone") == 15
    assert host.spent_by("another") == 25


def test_one_visitors_limit_is_nobody_elses(storage: str) -> None:
    host = Host(storage)
    host.turn(DAILY_TOKENS, 1000)
    host.turn(of_visitor(disguised("room")), 30)
    assert host.spent_by("room") == 30
    assert host.spent_by("another") == 10


def test_a_limit_is_never_lowered_by_raising_it(storage: str) -> None:
    host = Host(storage)
    host.turn(DAILY_TOKENS, 1000)
    host.turn(VISITOR_LIMIT, 3)
    assert host.spent_by("someone") == 10


def test_a_raised_budget_goes_on_from_what_was_spent_and_is_held(storage: str) -> None:
    host = Host(storage)
    assert sum(host.spent_by(f"visitor {n}") for n in range(2)) == 10
    host.turn(DAILY_TOKENS, 17)
    assert sum(host.spent_by(f"more {n}") for n in range(3)) == 7
    assert host.budget.today().spent == 17


def test_a_closed_budget_spends_nothing_and_says_when_it_opens(storage: str) -> None:
    host = Host(storage)
    host.turn(DAILY_TOKENS, 0)
    assert host.spent_by("someone") == 0
    with pytest.raises(OverBudget) as caught, host.budget.spending("a", pictures=1, tokens=1):
        pass
    assert caught.value.opens_at is not None
    assert abs(caught.value.opens_at.timestamp() - time.time() - SOON) < 60
    host.switches.end(DAILY_TOKENS)
    assert host.spent_by("someone") == 10


def test_everything_ends_by_itself(storage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    host, now = Host(storage), time.time()
    for name in (DAILY_TOKENS, VISITOR_LIMIT, KEY_OFF, EXAMPLE + "a.png"):
        host.switches.turn(name, 1, now + 10 * LONGEST)
        assert name in host.switches.now()
    later = SimpleNamespace(time=lambda: now + LONGEST + 60, monotonic=time.monotonic)
    monkeypatch.setattr("imagen_demo.service.switches.time", later)
    assert host.switches.now() == {}


@pytest.mark.host
def test_it_outlives_a_restart_and_is_everybodys_where_there_is_a_redis(tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis:
        one = Switches(shared(redis.url))
        one.turn(KEY_OFF, 1, time.time() + SOON)
        other = Switches(shared(redis.url))
        assert other.key_is_off()
        other.end(KEY_OFF)
        assert not other.key_is_off()
        assert KEY_OFF in one.known(), "the page need not know yet"
        assert not one.key_is_off(), "but who pays asks"
        assert KEY_OFF not in one.known()


@pytest.mark.host
def test_without_its_redis_a_switch_stays_as_it_was_known_and_nothing_can_be_turned(
    tmp_path: Path,
) -> None:
    with redis_server(tmp_path) as redis:
        switches = Switches(shared(redis.url))
        switches.turn(KEY_OFF, 1, time.time() + SOON)
        redis.stop()
        assert switches.key_is_off()
        with pytest.raises(Exception, match=r"refused|closed|reset"):
            switches.turn(VISITOR_LIMIT, 100, time.time() + SOON)
        assert VISITOR_LIMIT not in switches.now()


@pytest.mark.parametrize(
    ("turned", "words"),
    [
        ({}, ""),
        ({DAILY_TOKENS: 0}, "pays for no more pictures until"),
        ({DAILY_TOKENS: 10_000_000}, "up to $5.00 today"),
        ({VISITOR_LIMIT: 30}, "pays for 30 pictures of yours instead of the usual"),
        ({KEY_OFF: 1, DAILY_TOKENS: 10_000_000}, "does not pay until"),
        ({of_visitor("abc"): 30, EXAMPLE + "a.png": 1}, ""),
    ],
)
def test_visitors_are_told_what_concerns_them(turned: dict[str, int], words: str) -> None:
    switches = Switches()
    for name, value in turned.items():
        switches.turn(name, value, time.time() + SOON)
    told: Any = said(switches.now())
    assert words in told
    assert bool(words) == bool(told)


@pytest.mark.host
def test_nobody_waits_for_the_client_of_a_redis_that_there_is_none_of() -> None:
    """It takes longer to import than all of `domain`."""
    asked = "import sys, imagen_demo.launch; sys.exit('redis' in sys.modules)"
    subprocess.run([sys.executable, "-c", asked], cwd=ROOT, check=True, timeout=60)  # noqa: S603

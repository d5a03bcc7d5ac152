"""Nobody spends more of the host's key than the host allows, at once, in turns or side by side."""

import logging
import random
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from limits import parse

from imagen_demo.domain.errors import (
    Blocked,
    Charged,
    ImagenDemoError,
    OverBudget,
    ServiceFailed,
    ServiceTimeout,
    UnusableReply,
)
from imagen_demo.service.budget import Allowance, Budget
from tests.demos import ROOT, free_port
from tests.redis_server import RedisServer, redis_server

PLENTY = 10**12
SHARED = (
    "for each address; yours has had that. A whole room may share one: its host can allow it more."
)
START = 1_800_000_000.25
"""The time that a frozen clock shows first: 2027-01-15, 08:00:00 UTC."""


def budget(limit: str = "10/hour", tokens: int = PLENTY, storage: str = "memory://") -> Budget:
    return Budget(Allowance(parse(limit), tokens, storage))


def spend(counted: Budget, pictures: int = 1, tokens: int = 1, *, visitor: str = "someone") -> bool:
    """Draw at the expected price, if the host allows it."""
    try:
        with counted.spending(visitor, pictures=pictures, tokens=tokens):
            return True
    except OverBudget:
        return False


def left(counted: Budget, *, visitor: str = "someone", tokens: int = 0) -> int:
    """Spend whatever is left, picture by picture, and return how many there were."""
    return sum(spend(counted, 1, tokens, visitor=visitor) for _ in range(50))


def tokens_left(counted: Budget) -> int:
    """Spend whatever is left of the day's tokens, one by one, and return how many there were."""
    return sum(spend(counted, 1, 1, visitor=f"another {number}") for number in range(500))


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = START

    def time(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    frozen = Clock()
    for reader in ("limits.storage.memory.time", "imagen_demo.service.budget.time"):
        monkeypatch.setattr(reader, SimpleNamespace(time=frozen.time))
    return frozen


def at(seconds: float) -> datetime:
    """Return the time that a frozen clock shows so long after the first."""
    return datetime.fromtimestamp(START + seconds, UTC)


# Many at once.


def test_a_hundred_at_once_spend_exactly_ten_pictures(storage: str) -> None:
    counted, together = budget(storage=storage), threading.Barrier(100)

    def visit(_: int) -> bool:
        together.wait(30)
        return spend(counted)

    with ThreadPoolExecutor(100) as visitors:
        granted = list(visitors.map(visit, range(100)))
    assert sum(granted) == 10


def test_a_hundred_visitors_at_once_spend_exactly_what_all_may_together(storage: str) -> None:
    counted, together = budget(tokens=10 * 84_000, storage=storage), threading.Barrier(100)

    def visit(number: int) -> bool:
        together.wait(30)
        return spend(counted, 1, 84_000, visitor=f"visitor {number}")

    with ThreadPoolExecutor(100) as visitors:
        granted = list(visitors.map(visit, range(100)))
    assert sum(granted) == 10
    assert left(counted, visitor="visitor of nothing yet") == 10, "a refusal costs nobody anything"


A_PROCESS = """
import sys, threading
from concurrent.futures import ThreadPoolExecutor
from limits import parse
from imagen_demo.service.budget import Allowance, Budget
from imagen_demo.domain.errors import OverBudget

budget = Budget(Allowance(parse("10/hour"), storage=sys.argv[1]))
together = threading.Barrier(50)

def visit(_):
    together.wait(30)
    try:
        with budget.spending("someone", pictures=1, tokens=1):
            return 1
    except OverBudget as error:
        return 0 if error.opens_at else sys.exit("it could not be counted")

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(50) as visitors:
    print(sum(visitors.map(visit, range(50))))
"""


@pytest.mark.host
def test_two_processes_share_ten_pictures_through_redis(tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis, ExitStack() as stack:
        processes = [
            stack.enter_context(
                subprocess.Popen(  # noqa: S603 - this very Python
                    [sys.executable, "-c", A_PROCESS, redis.url],
                    cwd=ROOT,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            )
            for _ in range(2)
        ]
        for each in processes:
            assert each.stdout
            assert each.stdout.readline() == "ready\n"
        # All wait for a line, so that neither is done before the other has begun.
        for each in processes:
            assert each.stdin
            each.stdin.write("go\n")
            each.stdin.flush()
        granted = [int(each.communicate(timeout=60)[0]) for each in processes]
        assert [each.returncode for each in processes] == [0, 0]
        assert sum(granted) == 10
        assert left(budget(storage=redis.url)) == 0, "a third process finds nothing"


@given(asked=st.lists(st.integers(1, 4), max_size=20), limit=st.integers(0, 20))
@settings(deadline=None)
def test_requests_of_any_size_one_after_another_never_overshoot(
    asked: list[int], limit: int
) -> None:
    counted, expected = budget(f"{limit}/hour"), 0
    for pictures in asked:
        granted = spend(counted, pictures)
        assert granted is (expected + pictures <= limit), "what fits is granted, nothing else"
        expected += pictures * granted
    assert left(counted) == limit - expected


def test_requests_of_any_size_at_once_never_overshoot(storage: str) -> None:
    seed = random.Random(4)  # noqa: S311 - not for secrets
    asked = [seed.randint(1, 4) for _ in range(60)]
    counted, together = budget("23/hour", storage=storage), threading.Barrier(len(asked))

    def visit(pictures: int) -> int:
        together.wait(30)
        return pictures * spend(counted, pictures)

    with ThreadPoolExecutor(len(asked)) as visitors:
        granted = sum(visitors.map(visit, asked))
    assert granted <= 23
    assert left(counted) == 23 - granted


def test_what_is_being_drawn_is_set_aside_already(storage: str) -> None:
    counted = budget("5/hour", storage=storage)
    with counted.spending("someone", pictures=4, tokens=1) as spending:
        assert (spending.pictures, spending.tokens) == (4, 1)
        assert not spend(counted, 2)
        spending.pictures = 1
    assert left(counted) == 4


# More set aside than is left.


@pytest.mark.parametrize(
    ("least", "tokens", "taken"),
    [(10, 80, 40), (40, 41, 40), (10, 40, 40), (10, 39, 39), (0, 10**9, 40)],
    ids=["all", "just enough", "as wanted", "less", "more than ever"],
)
def test_where_the_least_is_left_all_that_is_left_is_set_aside_and_no_more(
    storage: str, least: int, tokens: int, taken: int
) -> None:
    counted = budget(tokens=100, storage=storage)
    assert spend(counted, 1, 60)
    with counted.spending("another", pictures=1, tokens=tokens, least=least) as spending:
        assert (spending.pictures, spending.tokens) == (1, taken)
        assert not spend(counted, 1, 41 - taken), "nobody comes in meanwhile"
        spending.tokens = 25
    assert tokens_left(counted) == 15


def test_less_than_the_least_refuses_and_takes_nothing(storage: str) -> None:
    counted = budget(tokens=100, storage=storage)
    assert spend(counted, 1, 60)
    for _ in range(30):
        assert refusal(counted, 1, 80, 41).opens_at
    assert tokens_left(counted) == 40
    assert left(counted) == 9


def test_it_opens_for_whoevers_least_the_limit_ever_allows() -> None:
    counted = budget(tokens=100)
    assert spend(counted, 1, 60)
    assert refusal(counted, 1, 1000, 100).opens_at
    assert refusal(counted, 1, 1000, 101).opens_at is None


def test_requests_that_take_what_is_left_never_overshoot_at_once(storage: str) -> None:
    seed = random.Random(4)  # noqa: S311 - not for secrets
    asked = [(least, least * seed.choice((1, 3, 40))) for least in seed.choices(range(1, 9), k=60)]
    counted, together = budget("99/hour", 100, storage), threading.Barrier(len(asked))

    def visit(wanted: tuple[int, int]) -> int:
        together.wait(30)
        least, tokens = wanted
        with (
            suppress(OverBudget),
            counted.spending("someone", pictures=1, tokens=tokens, least=least) as spending,
        ):
            assert least <= spending.tokens <= tokens
            return spending.tokens
        return 0

    with ThreadPoolExecutor(len(asked)) as visitors:
        taken = sum(visitors.map(visit, asked))
    assert taken <= 100
    assert tokens_left(counted) == 100 - taken


# Settling.


def test_each_visitor_has_a_share_and_everyone_together_another() -> None:
    counted = budget("3/hour")
    assert [left(counted, visitor=each) for each in ("one", "two", "one", "")] == [3, 3, 0, 3]


@pytest.mark.parametrize(
    ("charged", "pictures_left", "expected_tokens_left"),
    [
        ((4, 40), 6, 60),
        ((1, 10), 9, 90),
        ((0, 0), 10, 100),
        ((4, 55), 6, 45),
        ((4, 7), 6, 93),
        ((6, 60), 4, 40),
    ],
    ids=["as expected", "fewer", "none", "dearer", "cheaper", "more"],
)
def test_what_was_charged_counts_and_not_what_was_set_aside(
    storage: str, charged: tuple[int, int], pictures_left: int, expected_tokens_left: int
) -> None:
    counted = budget("10/hour", 100, storage)
    with counted.spending("someone", pictures=4, tokens=40) as spending:
        spending.pictures, spending.tokens = charged
    assert tokens_left(counted) == expected_tokens_left
    assert left(counted) == pictures_left


def test_a_price_beyond_the_limit_counts_though_it_cannot_be_refused_any_more() -> None:
    counted = budget(tokens=100)
    with counted.spending("someone", pictures=1, tokens=40) as spending:
        spending.tokens = 130
    assert tokens_left(counted) == 0


@pytest.mark.parametrize(
    ("failure", "given_back"),
    [
        (Blocked(), True),
        (ServiceFailed(500), True),
        (ServiceTimeout(charged=Charged.NO), True),
        (ServiceFailed(504), False),
        (ServiceTimeout(), False),
        (UnusableReply(), False),
        (UnusableReply(charged=Charged.YES), False),
        (ZeroDivisionError("a bug"), False),
        (KeyboardInterrupt(), False),
    ],
    ids=repr,
)
def test_a_failure_gives_back_what_it_surely_did_not_cost(
    storage: str, failure: BaseException, *, given_back: bool
) -> None:
    counted = budget(tokens=10, storage=storage)
    with (
        pytest.raises(type(failure)) as caught,
        counted.spending("someone", pictures=4, tokens=4),
    ):
        raise failure
    assert caught.value is failure
    assert tokens_left(counted) == (10 if given_back else 6)
    assert left(counted) == (10 if given_back else 6)


# Refusals.


def refusal(
    counted: Budget, pictures: int = 1, tokens: int = 1, least: int | None = None
) -> OverBudget:
    with (
        pytest.raises(OverBudget) as caught,
        counted.spending("someone", pictures=pictures, tokens=tokens, least=least),
    ):
        raise AssertionError("it was granted")
    assert caught.value.charged is Charged.NO
    return caught.value


def test_the_days_tokens_alone_refuse_and_leave_the_visitor_their_pictures(storage: str) -> None:
    counted = budget("10/hour", 100, storage)
    assert spend(counted, 1, 60)
    for _ in range(30):
        assert "in a day" in refusal(counted, 4, 60).message
    assert left(counted) == 9


def test_a_visitors_refusal_leaves_everyone_the_days_tokens(storage: str) -> None:
    counted = budget("1/hour", 100, storage)
    assert spend(counted, 1, 1)
    for _ in range(30):
        refusal(counted, 1, 50)
    assert tokens_left(counted) == 99


@pytest.mark.parametrize(
    ("limit", "had", "asked", "message"),
    [
        (
            "10/hour",
            10,
            1,
            f"This demo's host pays for 10 pictures per hour {SHARED}",
        ),
        (
            "6/2 hours",
            6,
            4,
            f"This demo's host pays for 6 pictures per 2 hours {SHARED}",
        ),
        (
            "10/hour",
            9,
            2,
            "This demo's host pays for 1 more picture of yours for now: ask for fewer.",
        ),
        (
            "10/day",
            7,
            4,
            "This demo's host pays for 3 more pictures of yours for now: ask for fewer.",
        ),
    ],
)
def test_a_refusal_says_how_many_pictures_there_still_are(
    limit: str, had: int, asked: int, message: str
) -> None:
    counted = budget(limit)
    for _ in range(had):
        assert spend(counted)
    assert refusal(counted, asked).message.startswith(message)


@pytest.mark.parametrize("pictures", [1, 4])
@pytest.mark.parametrize(("limit", "tokens"), [("0/hour", PLENTY), ("10/hour", 0)])
def test_a_limit_of_zero_allows_nothing_ever(
    storage: str, limit: str, tokens: int, pictures: int
) -> None:
    counted = budget(limit, tokens, storage)
    for _ in range(5):
        refusal(counted, pictures, pictures)


# Time.


def test_a_day_later_there_is_as_much_again_and_not_before(clock: Clock) -> None:
    counted, day = budget("3/day", 30), 24 * 60 * 60
    assert spend(counted, 2, 20)
    clock.now += day - 1
    assert spend(counted, 1, 10)
    assert refusal(counted).opens_at == at(day)
    clock.now = START + day - 0.001
    assert refusal(counted).opens_at == at(day)
    clock.now = START + day
    assert [spend(counted, 3, 30), spend(counted)] == [True, False]
    assert refusal(counted).opens_at == at(2 * day)


def test_it_opens_when_the_limit_that_refused_begins_anew(clock: Clock) -> None:
    counted = budget("2/hour", 30)
    assert spend(counted, 2, 20)
    clock.now += 60
    assert refusal(counted, 1, 1).opens_at == at(3600), "the visitor's hour"
    clock.now += 3600
    assert refusal(counted, 1, 11).opens_at == at(24 * 3600), "everyone's day"
    assert "16 January, 08:00 UTC" in str(refusal(counted, 1, 11))
    assert spend(counted, 1, 10)


@pytest.mark.parametrize("spent", [0, 1, 9])
def test_nothing_is_given_back_behind_the_reset(clock: Clock, spent: int) -> None:
    counted = budget("4/hour")
    with counted.spending("someone", pictures=4, tokens=4) as spending:
        clock.now += 3600
        spending.pictures = spent
    assert left(counted) == 4, "neither more than anew, nor less"


def test_nothing_is_given_back_so_late_that_it_could_land_behind_the_reset(clock: Clock) -> None:
    counted = budget("4/hour")
    with counted.spending("someone", pictures=4, tokens=4) as spending:
        clock.now += 3599
        spending.pictures = 0
    assert left(counted) == 0
    clock.now += 1
    assert left(counted) == 4


def test_what_is_settled_within_its_time_does_not_move_the_reset(clock: Clock) -> None:
    counted = budget("4/hour")
    assert spend(counted, 1)
    with counted.spending("someone", pictures=3, tokens=3) as spending:
        clock.now += 1800
        spending.pictures = 2
    assert left(counted) == 1
    assert refusal(counted).opens_at == at(3600)
    clock.now = START + 3600
    assert left(counted) == 4


@pytest.mark.host
def test_in_redis_a_limit_ends_by_itself_and_begins_full(tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis:
        counted = budget("3/second", storage=redis.url)
        over: OverBudget | None = None
        for _ in range(10_000):  # until a second is used up
            try:
                with counted.spending("someone", pictures=1, tokens=0):
                    pass
            except OverBudget as error:
                over = error
                break
        assert over
        assert over.opens_at
        for _ in range(10_000):  # until the next begins; each refusal is a moment of its own
            if spend(counted, 3, 0):
                break
        else:
            pytest.fail("it never began anew")


# A Redis that is not there.


@pytest.fixture(autouse=True)
def _noticing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


def said(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
    return "\n".join(formatter.format(each) for each in caplog.records)


def gives_nothing_away(text: str, port: int) -> bool:
    return not any(secret in text for secret in ("hunter2", "127.0.0.1", str(port), "redis://"))


def test_a_redis_that_is_gone_refuses_and_the_log_gives_nothing_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    port = free_port()
    counted = budget(storage=f"redis://:hunter2@127.0.0.1:{port}")
    for _ in range(3):
        over = refusal(counted)
        assert (over.opens_at, over.message) == (
            None,
            "This demo cannot count what its host pays for just now, and so spends nothing.",
        )
        assert gives_nothing_away(str(over), port)
    log = said(caplog)
    assert log.count("imagen_demo ERROR the budget cannot be counted: ConnectionError") == 3
    assert gives_nothing_away(log, port)


@pytest.mark.host
def test_a_redis_with_another_password_refuses(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with redis_server(tmp_path, password="another") as redis:  # noqa: S106 - of a test
        over = refusal(budget(storage=f"redis://:hunter2@127.0.0.1:{redis.port}"))
        assert over.opens_at is None
        assert "the budget cannot be counted: AuthenticationError" in said(caplog)
        assert gives_nothing_away(said(caplog), redis.port)


def test_a_redis_that_never_answers_refuses(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = int(silent.getsockname()[1])
        assert refusal(budget(storage=f"redis://:hunter2@127.0.0.1:{port}")).opens_at is None
    assert "the budget cannot be counted: TimeoutError" in said(caplog)
    assert gives_nothing_away(said(caplog), port)


@pytest.mark.host
def test_a_redis_that_goes_while_a_picture_is_drawn_costs_no_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with redis_server(tmp_path) as redis:
        counted = budget(storage=redis.url)
        with counted.spending("someone", pictures=4, tokens=4) as spending:
            redis.stop()
            spending.pictures, spending.tokens = 1, 1
        assert said(caplog).count("the budget cannot be settled: ConnectionError") == 2
        assert refusal(counted).opens_at is None
        assert gives_nothing_away(said(caplog), redis.port)


@pytest.mark.host
def test_a_redis_that_goes_while_a_picture_fails_does_not_hide_the_failure(tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis, pytest.raises(Blocked):
        break_while_drawing(budget(storage=redis.url), redis)


def break_while_drawing(counted: Budget, redis: RedisServer) -> None:
    with counted.spending("someone", pictures=4, tokens=4):
        redis.stop()
        raise Blocked


def test_nothing_is_asked_before_somebody_spends() -> None:
    budget(storage=f"redis://:hunter2@127.0.0.1:{free_port()}")


def test_an_allowance_never_shows_where_is_counted() -> None:
    allowance = Allowance(storage="redis://:hunter2@192.0.2.1")
    assert "hunter2" not in repr(allowance)
    assert "192.0.2.1" not in repr(allowance)


def test_every_failure_is_weighed_by_what_it_may_have_cost() -> None:
    for charged in Charged:
        counted = budget("1/hour")
        with (
            pytest.raises(ImagenDemoError),
            counted.spending("someone", pictures=1, tokens=1),
        ):
            raise ImagenDemoError(charged=charged)
        assert left(counted) == (1 if charged is Charged.NO else 0)

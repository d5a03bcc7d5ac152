"""The room's stage shows what visitors offered and the host let through: calmly, and each once."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from secrets import token_hex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagen_demo.pictures.album import Album
from imagen_demo.service.shared_counters import shared
from imagen_demo.service.stage import CALM, OF_ONE, QUEUE, Stage
from tests.redis_server import redis_server

BEGIN = 1_900_000_000.0


@dataclass
class Evening:
    """A stage, a clock that is turned by hand, and people who draw."""

    folder: Path
    storage: str = "memory://"
    now: float = BEGIN
    stage: Stage = field(init=False)
    album: Album = field(init=False)

    def __post_init__(self) -> None:
        self.album = Album(self.folder)
        self.stage = self.another()

    def another(self) -> Stage:
        """A stage of another process, or of this one started again."""
        return Stage(self.album, shared(self.storage), lambda: self.now)

    def open(self, *, straight: bool = True) -> None:
        """Somebody shows it from now on."""
        self.stage.now()
        self.stage.ask_first(asks=not straight)

    def drawn(self, visitor: str, count: int = 1) -> list[Path]:
        """Pictures of a visitor's, saved now."""
        paths = []
        for _ in range(count):
            folder = self.folder / self.album.owner(visitor) / token_hex(16)
            folder.mkdir(parents=True)
            path = folder / "a-fox-1x1.png"
            path.write_bytes(b"picture")
            os.utime(path, (self.now, self.now))
            paths.append(path)
        self.now += 0.01
        return paths

    def offers(self, visitor: str, count: int = 1) -> list[str]:
        """Draw with the switch on, and return the entries' names."""
        paths = self.drawn(visitor, count)
        self.stage.offer(paths)
        return [self.album.name(each) for each in paths]

    def on_after(self, seconds: float, **asked: object) -> str | None:
        """What is on when so much time has passed."""
        self.now += seconds
        current = self.stage.now(**asked).current  # type: ignore[arg-type]
        return current.name if current else None


@pytest.fixture
def evening(tmp_path: Path, storage: str) -> Evening:
    return Evening(tmp_path / "album", storage)


@pytest.fixture
def alone(tmp_path: Path) -> Evening:
    return Evening(tmp_path / "album")


def somebody() -> str:
    return token_hex(32)


def test_what_is_offered_waits_for_the_host_at_first(evening: Evening) -> None:
    evening.stage.now()
    (name,) = evening.offers(somebody())
    assert evening.on_after(1) is None
    assert [each.name for each in evening.stage.seen().waiting] == [name]
    evening.stage.let_through(name)
    assert evening.on_after(1) == name
    assert not evening.stage.seen().waiting


def test_straight_through_asks_nobody_and_what_waits_comes_up(evening: Evening) -> None:
    evening.stage.now()
    (name,) = evening.offers(somebody())
    evening.stage.ask_first(asks=False)
    assert evening.on_after(1) == name
    evening.stage.ask_first(asks=True)
    (later,) = evening.offers(somebody())
    assert evening.on_after(2 * CALM) == name
    assert [each.name for each in evening.stage.seen().waiting] == [later]


def test_the_newest_comes_first_each_for_a_while_and_none_twice(evening: Evening) -> None:
    evening.open()
    offered = [evening.offers(somebody())[0] for _ in range(4)]
    shown = [evening.on_after(0)]
    for _ in range(3):
        before = shown[-1]
        assert evening.on_after(CALM - 0.5) == before
        shown.append(evening.on_after(0.5))
    assert shown == [*reversed(offered)]
    assert evening.on_after(100 * CALM) == offered[0]  # which stays, since nothing is new


def test_whoever_shows_it_may_want_it_slower_and_never_faster(alone: Evening) -> None:
    alone.open()
    first, second = (alone.offers(somebody())[0] for _ in range(2))
    assert alone.on_after(0, every=20) == second
    assert alone.on_after(19, every=20) == second
    assert alone.on_after(1, every=20) == first
    (third,) = alone.offers(somebody())
    assert alone.on_after(CALM - 1, every=0) == first
    assert alone.on_after(1, every=0) == third


def test_a_stage_that_is_held_lets_nothing_come_up(alone: Evening) -> None:
    alone.open()
    (name,) = alone.offers(somebody())
    assert alone.on_after(10 * CALM, hold=True) is None
    assert alone.on_after(0) == name


def test_what_was_taken_off_is_gone_for_good(evening: Evening) -> None:
    evening.open()
    first, second = (evening.offers(somebody())[0] for _ in range(2))
    assert evening.on_after(0) == second
    evening.stage.take_off(second)
    assert evening.stage.seen(second).gone
    assert evening.on_after(0.1) == first  # nobody waits in front of an empty stage
    evening.stage.take_off(first)
    assert evening.on_after(10 * CALM) is None
    evening.stage.let_through(first)
    assert evening.on_after(10 * CALM) is None


def test_a_switch_that_goes_off_takes_down_all_of_that_visitor_alone(evening: Evening) -> None:
    evening.open()
    one, other = somebody(), somebody()
    (stays,), (goes,) = evening.offers(other), evening.offers(one)
    assert evening.on_after(0) == goes
    evening.offers(one)
    assert evening.stage.withdraw(one)
    assert evening.stage.seen(goes).gone
    assert evening.on_after(0.1) == stays
    assert not evening.stage.seen().queue
    evening.now += 1
    (again,) = evening.offers(one)  # who turns it on again shows what is new
    assert evening.on_after(CALM) == again


def test_after_a_restart_a_switch_that_goes_off_takes_down_what_is_still_shown(
    alone: Evening,
) -> None:
    alone.open()
    visitor = somebody()
    (name,) = alone.offers(visitor)
    assert alone.on_after(0) == name
    alone.stage = alone.another()
    assert not alone.stage.now(showing=name).gone  # the projector keeps what it has
    alone.stage.withdraw(visitor)
    assert alone.stage.now(showing=name).gone


def test_a_picture_that_its_visitor_removed_is_on_no_stage(alone: Evening) -> None:
    alone.open()
    visitor = somebody()
    first, second = (alone.offers(visitor)[0] for _ in range(2))
    assert alone.on_after(0) == second
    alone.album.remove(second, visitor=visitor)
    assert alone.stage.seen(second).gone
    alone.album.remove(first, visitor=visitor)
    assert alone.on_after(CALM) is None
    assert not alone.stage.seen().queue


def test_nobody_shows_it_and_nothing_is_taken(alone: Evening) -> None:
    alone.offers(somebody())
    alone.open()
    assert alone.on_after(1) is None
    alone.now += 3600
    assert not alone.stage.is_open()
    alone.offers(somebody())
    assert alone.on_after(0) is None
    assert alone.stage.is_open()


def test_no_more_wait_than_can_be_shown_and_no_visitor_keeps_others_off(alone: Evening) -> None:
    alone.open()
    early = [alone.offers(somebody())[0] for _ in range(QUEUE)]
    flood = somebody()
    for _ in range(50):
        newest = alone.offers(flood)
    queue = [each.name for each in alone.stage.seen().queue]
    assert len(queue) == QUEUE
    assert queue[0] == newest[0]
    assert set(queue[OF_ONE:]) == set(early[OF_ONE:])


def test_a_comparison_comes_up_as_one(evening: Evening) -> None:
    evening.open()
    pictures = evening.drawn(somebody(), 3)
    evening.stage.offer(pictures, ["Fast", "Standard", "Ultra"])
    now = evening.stage.now().current
    assert now
    assert list(now.labels) == ["Fast", "Standard", "Ultra"]
    assert list(now.pictures) == [evening.album.name(each) for each in pictures]


def test_marks_do_not_grow_without_end(alone: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("imagen_demo.service.stage._REMEMBERED", 10)
    alone.open()
    for _ in range(60):
        alone.offers(somebody())
        alone.on_after(CALM)
        alone.stage.withdraw(somebody())
    alone.offers(somebody())
    assert len(alone.stage._table.known) < 60  # noqa: SLF001 - nobody else can tell


def test_a_room_of_forty_that_draws_for_five_minutes(alone: Evening) -> None:
    alone.open()
    room = [somebody() for _ in range(40)]
    shown: list[str] = []
    since: list[float] = []
    for second in range(300):
        alone.now = BEGIN + second
        if second % 15 < 8:
            alone.offers(room[(second * 7) % 40])
        on = alone.on_after(0)
        if on and shown[-1:] != [on]:
            shown.append(on)
            since.append(alone.now)
        assert len(alone.stage.seen().queue) <= QUEUE
    assert len(shown) == len(set(shown))
    assert len(shown) > 40
    assert min(after - before for before, after in pairwise(since)) >= CALM


@pytest.mark.host
def test_several_processes_share_one_stage_and_a_restart_ends_nothing(tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis:
        evening = Evening(tmp_path / "album", redis.url)
        evening.open()
        other = evening.another()
        assert not other.is_open()
        other.now()
        visitor = somebody()
        other.offer(evening.drawn(visitor))
        name = evening.on_after(0)
        assert name
        evening.stage = evening.another()
        assert evening.on_after(1) == name
        assert other.withdraw(visitor)
        assert evening.stage.now(showing=name).gone


@pytest.mark.host
def test_without_its_redis_a_visitor_loses_nothing_and_hears_what_failed(tmp_path: Path) -> None:
    with redis_server(tmp_path) as redis:
        evening = Evening(tmp_path / "album", redis.url)
        evening.open()
        visitor = somebody()
    evening.offers(visitor)  # raises nothing
    assert not evening.stage.withdraw(visitor)


def host_does(evening: Evening, does: Callable[[str], None], *, waiting: bool) -> None:
    """Let the host do something with the first that waits, or with the next that comes."""
    now = evening.stage.seen()
    for each in (now.waiting if waiting else now.queue)[:1]:
        does(each.name)


STEPS: dict[str, Callable[[Evening, str], object]] = {
    "offer": Evening.offers,
    "withdraw": lambda evening, visitor: evening.stage.withdraw(visitor),
    "pass": lambda evening, _: host_does(evening, evening.stage.let_through, waiting=True),
    "off": lambda evening, _: host_does(evening, evening.stage.take_off, waiting=False),
    "straight": lambda evening, _: evening.open(),
    "ask": lambda evening, _: evening.open(straight=False),
    "time": lambda evening, _: evening.on_after(CALM),
}


@given(st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 2)), max_size=40))
@settings(max_examples=60, deadline=None)
def test_whatever_happens_nothing_is_shown_that_somebody_took_back(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    evening = Evening(folder / "album")
    evening.stage.now()
    room = [somebody() for _ in range(3)]
    withdrawn: set[str] = set()
    seen: list[str] = []
    for step, who in steps:
        evening.now += 0.1
        if step == "withdraw":
            withdrawn |= {evening.album.name(each) for each in evening.album.of(room[who])}
        STEPS[step](evening, room[who])
        now = evening.stage.seen()
        if now.current and seen[-1:] != [now.current.name]:
            assert now.current.name not in seen
            seen.append(now.current.name)
        shown = [*now.queue, *now.waiting, *([now.current] if now.current else [])]
        assert withdrawn.isdisjoint(each.name for each in shown)

"""There is room, or the sandbox's oldest pictures make way, or nobody is asked to draw."""

import os
import threading
from collections.abc import Iterator
from errno import EACCES, ENOSPC, EROFS
from pathlib import Path
from types import SimpleNamespace

import pytest

from imagen_demo.domain.errors import Charged, NotKept, reason_of
from imagen_demo.domain.generation import DrawnBy, Picture
from imagen_demo.pictures import disk_space as room_module
from imagen_demo.pictures.album import Album, delete
from imagen_demo.pictures.disk_space import SPARE, DiskSpace
from tests.stand_ins import inscribed, recipe_of

LARGEST = 32 * 1024**2
FULL = "This demo's disk is full"
MEGABYTE = 10**6


class Disk:
    """A disk that has so many bytes left besides what an album holds."""

    def __init__(self, album: Album, free: int) -> None:
        self.album = album
        self.empty = free
        self.asked = 0

    def usage(self, _: Path) -> SimpleNamespace:
        self.asked += 1
        held = sum(each.size for each in self.album.oldest_first())
        return SimpleNamespace(free=self.empty - held)


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "album")


@pytest.fixture
def disk(album: Album, monkeypatch: pytest.MonkeyPatch) -> Disk:
    disk = Disk(album, 10 * SPARE)
    monkeypatch.setattr(room_module, "disk_usage", disk.usage)
    return disk


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    clock = [1_000.0]
    monkeypatch.setattr(room_module, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    return iter([clock])


def keep(album: Album, drawn_by: DrawnBy, saved_at: int, size: int = 100 * MEGABYTE) -> Path:
    """Keep a picture that seems to be as large, and is no larger than it must be."""
    picture = inscribed(recipe := recipe_of(drawn_by=drawn_by))
    path = album.save(Picture(picture.data, ".png", 8, 8, None), recipe, visitor="")
    os.truncate(path, size)  # sparse: no disk is filled
    os.utime(path, (saved_at, saved_at))
    return path


@pytest.mark.parametrize("pictures", [1, 4])
def test_what_is_paid_for_needs_room_for_the_largest_pictures_beside_the_last_gigabyte(
    album: Album, disk: Disk, pictures: int
) -> None:
    room = DiskSpace(album)
    disk.empty = SPARE + pictures * LARGEST
    with room.held(pictures):
        pass
    disk.empty -= 1
    with pytest.raises(NotKept) as caught, room.held(pictures):
        pytest.fail("it was asked for")
    assert str(caught.value) == (
        f"{FULL}, so nothing was drawn. Nothing was charged. Tell the demo's host."
    )
    assert caught.value.charged is Charged.NO


def test_what_is_on_its_way_has_its_room_until_it_is_here(album: Album, disk: Disk) -> None:
    disk.empty = SPARE + 3 * LARGEST
    room = DiskSpace(album)
    with room.held(2):
        with pytest.raises(NotKept), room.held(2):
            pytest.fail("it was asked for")
        with room.held(1), pytest.raises(OSError, match="No space left"):
            room.make(1)
    with pytest.raises(ZeroDivisionError), room.held(3):
        raise ZeroDivisionError
    with room.held(3):
        pass


def test_the_sandboxs_oldest_make_way_whoever_asked_for_them_and_nothing_else(
    album: Album, disk: Disk
) -> None:
    paid = [keep(album, "imagen", second) for second in (1, 3)]
    old, older = (keep(album, "sandbox", second, 300 * MEGABYTE) for second in (5, 2))
    newest = keep(album, "sandbox", 6)
    told: list[Path] = []
    disk.empty = SPARE + 900 * MEGABYTE  # as much as they hold
    DiskSpace(album, told.append).make(20 * MEGABYTE)
    assert told == [older]
    assert {each.path for each in album.oldest_first()} == {*paid, old, newest}


def test_more_makes_way_than_is_needed_so_that_the_next_one_need_not_look(
    album: Album, disk: Disk
) -> None:
    for second in range(100):
        keep(album, "sandbox", second, 2 * MEGABYTE)
    disk.empty = SPARE + 200 * MEGABYTE
    room = DiskSpace(album)
    room.make(MEGABYTE)
    left = len(album.oldest_first())
    assert left == 95
    room.make(8 * MEGABYTE)
    assert len(album.oldest_first()) == left


def test_where_all_of_the_sandboxs_are_too_few_none_of_them_is_lost_in_vain(
    album: Album, disk: Disk, now: Iterator[list[float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (clock,) = now
    paths = [keep(album, who, 1) for who in ("sandbox", "imagen")]
    looked: list[Path] = []
    monkeypatch.setattr(room_module, "read", looked.append)
    disk.empty = 0
    room = DiskSpace(album)
    for _ in range(3):
        with pytest.raises(OSError, match="No space left"):
            room.make(1)
    assert sorted(looked) == sorted(paths), "looked through once a minute, not for each picture"
    clock[0] += 61
    with pytest.raises(OSError, match="No space left"):
        room.make(1)
    assert len(looked) == 4
    assert {each.path for each in album.oldest_first()} == set(paths)


def test_a_picture_that_stays_costs_no_other_its_turn(
    album: Album, disk: Disk, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, goes = (keep(album, "sandbox", at, at * 30 * MEGABYTE) for at in (1, 2))

    def refuse(path: Path) -> bool:
        if path == stuck:
            raise PermissionError(EACCES, os.strerror(EACCES))
        return delete(path)

    monkeypatch.setattr(room_module, "delete", refuse)
    told: list[Path] = []
    disk.empty = SPARE + 60 * MEGABYTE
    DiskSpace(album, told.append).make(MEGABYTE)
    assert told == [goes]


def test_ten_at_once_clear_no_more_than_one_would(album: Album, disk: Disk) -> None:
    for second in range(10):
        keep(album, "sandbox", second)
    disk.empty = SPARE + 1_000 * MEGABYTE
    room = DiskSpace(album)
    threads = [threading.Thread(target=room.make, args=(MEGABYTE,)) for _ in range(10)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(album.oldest_first()) == 9


@pytest.mark.parametrize("number", [EACCES, EROFS, ENOSPC])
def test_a_disk_with_room_that_cannot_be_written_is_asked_for_nothing(
    album: Album, disk: Disk, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    assert disk.empty > SPARE
    monkeypatch.setattr(Path, "write_bytes", refuse)
    reason = reason_of(OSError(number, ""))
    with pytest.raises(NotKept, match=f"^{reason}, so nothing was drawn"), DiskSpace(album).held(1):
        pytest.fail("it was asked for")


def test_a_folder_that_is_gone_is_made_again(album: Album) -> None:
    album.folder.rmdir()
    with DiskSpace(album).held(1):
        assert album.folder.is_dir()

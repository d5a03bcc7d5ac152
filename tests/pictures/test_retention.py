"""Pictures stay for ever unless the host limits days or gigabytes; the oldest go first."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from imagen_demo.domain.generation import Picture, Usage
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.retention import EVERY, Limits, Retention

DAY = 24 * 60 * 60
VISITORS = ("a" * 32, "b" * 64, "")
NOBODY = 65534
RECIPE = Recipe(
    request=GenerationRequest(prompt="A secret fox"),
    rewritten_prompt=None,
    width=8,
    height=8,
    usage=Usage(),
    seconds=1,
    created_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    inference_id="",
    drawn_by="imagen",
)


@pytest.fixture
def album(tmp_path: Path) -> Album:
    return Album(tmp_path / "pictures")


def keep(album: Album, *, days: float = 0, size: int = 100, number: int = 0) -> Path:
    """Keep a picture that is so many days old."""
    picture = Picture(bytes(size), ".png", 8, 8, None)
    path = album.save(picture, RECIPE, visitor=VISITORS[number % len(VISITORS)])
    saved_at = time.time() - days * DAY
    os.utime(path, (saved_at, saved_at))
    return path


def files(album: Album) -> set[Path]:
    return {path for path in album.folder.rglob("*") if path.is_file()}


@contextmanager
def without_root() -> Iterator[None]:
    """Root deletes whatever it likes; anybody else is told no."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def watching() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "retention"]


def wait_until(seconds: float, *, gone: Path) -> bool:
    end = time.monotonic() + seconds
    while gone.exists() and time.monotonic() < end:
        time.sleep(0.01)
    return not gone.exists()


def test_without_limits_everything_stays(album: Album, caplog: pytest.LogCaptureFixture) -> None:
    paths = {keep(album, days=days, number=days, size=days) for days in (0, 400, 9_000, 20_000)}
    with caplog.at_level(logging.DEBUG):
        Retention(album, Limits()).look()
    assert files(album) == paths
    assert caplog.records == []
    assert Limits() == Limits(days=inf, gb=inf)


@pytest.mark.parametrize(
    ("days", "stay"), [(inf, 5), (30, 5), (9.99, 4), (2.5, 3), (1, 2), (0.01, 1), (1e300, 5)]
)
def test_pictures_over_the_limit_of_days_go(album: Album, days: float, stay: int) -> None:
    ages = (0, 0.5, 2, 9, 29)
    paths = [keep(album, days=age, number=number) for number, age in enumerate(ages)]
    Retention(album, Limits(days=days)).look()
    assert files(album) == set(paths[:stay])


def test_a_day_is_twenty_four_hours(album: Album) -> None:
    stays, goes = keep(album, days=7 - 60 / DAY), keep(album, days=7 + 1 / DAY)
    Retention(album, Limits(days=7)).look()
    assert files(album) == {stays}
    assert not goes.parent.exists()


@pytest.mark.parametrize(
    ("gb", "stay"), [(inf, 4), (400e-9, 4), (399e-9, 3), (150e-9, 1), (100e-9, 1), (99e-9, 0)]
)
def test_the_oldest_over_the_limit_of_gigabytes_go(album: Album, gb: float, stay: int) -> None:
    paths = [keep(album, days=age, number=age) for age in range(4)]
    Retention(album, Limits(gb=gb)).look()
    assert files(album) == set(paths[:stay])


def test_a_gigabyte_is_ten_to_the_ninth_bytes(album: Album) -> None:
    newest, oldest = keep(album), keep(album, days=1)
    os.truncate(newest, 10**9 - 100)  # sparse: no disk is filled
    os.utime(newest)
    Retention(album, Limits(gb=1)).look()
    assert files(album) == {newest, oldest}
    os.truncate(newest, 10**9 - 99)
    Retention(album, Limits(gb=1)).look()
    assert files(album) == {newest}


def test_both_limits_hold(album: Album) -> None:
    paths = [keep(album, days=age, number=age) for age in range(6)]
    Retention(album, Limits(days=3.5, gb=500e-9)).look()
    assert files(album) == set(paths[:4])
    Retention(album, Limits(days=3.5, gb=250e-9)).look()
    assert files(album) == set(paths[:2])


def test_what_a_crash_left_is_tidied_up_without_limits(album: Album) -> None:
    path = keep(album, days=99)
    left = path.parent.with_name("x" * 32)
    left.mkdir()
    (left / "unfinished").touch()
    os.utime(left, (0, 0))
    Retention(album, Limits()).look()
    assert files(album) == {path}
    assert not left.exists()


def test_what_was_deleted_is_counted_in_the_log_and_not_named(
    album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        keep(album, days=9, number=number)
    with caplog.at_level(logging.DEBUG):
        Retention(album, Limits(days=1)).look()
        Retention(album, Limits(days=1)).look()
    assert [record.getMessage() for record in caplog.records] == ["old pictures deleted: 3"]


def test_a_missing_folder_is_nothing_to_say(album: Album, caplog: pytest.LogCaptureFixture) -> None:
    album.folder.rmdir()
    with caplog.at_level(logging.DEBUG):
        Retention(album, Limits(days=1, gb=1)).look()
    assert caplog.records == []
    assert not album.folder.exists()


def test_a_picture_that_cannot_be_deleted_is_one_line_that_names_no_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with TemporaryDirectory() as place:
        Path(place).chmod(0o755)
        album = Album(Path(place) / "pictures")
        path = keep(album, days=9)
        path.parent.chmod(0o555)
        retention = Retention(album, Limits(days=1))
        with caplog.at_level(logging.DEBUG):
            with without_root():
                retention.look()
            assert path.exists()
            path.parent.chmod(0o755)
            retention.look()
        assert not path.exists()
    said = [record.getMessage() for record in caplog.records]
    assert said == ["old pictures not deleted: Permission denied", "old pictures deleted: 1"]
    assert not any(record.exc_info for record in caplog.records)
    assert "fox" not in caplog.text


def test_a_folder_that_cannot_be_read_is_one_line_too(
    album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    album.folder.rmdir()
    album.folder.symlink_to(album.folder)
    with caplog.at_level(logging.DEBUG):
        Retention(album, Limits(days=1)).look()
    (record,) = caplog.records
    assert record.getMessage().startswith("old pictures not deleted: Too many levels of ")
    assert str(album.folder) not in caplog.text


def test_watching_looks_at_once_in_a_thread_of_its_own_until_closed(album: Album) -> None:
    stays, goes = keep(album), keep(album, days=9)
    retention = Retention(album, Limits(days=1))
    assert watching() == []
    retention.watch()
    assert wait_until(5, gone=goes)
    (thread,) = watching()
    assert thread.daemon
    retention.close()
    thread.join(5)
    assert not thread.is_alive()
    assert files(album) == {stays}


def test_watching_goes_on_after_a_disk_that_did_not_let_go(
    album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    album.folder.rmdir()
    album.folder.symlink_to(album.folder)
    retention = Retention(album, Limits(days=1))
    retention.watch()
    (thread,) = watching()
    end = time.monotonic() + 5
    while not caplog.records and time.monotonic() < end:
        time.sleep(0.01)
    thread.join(0.05)
    assert thread.is_alive()
    retention.close()
    thread.join(5)
    assert watching() == []
    assert len(caplog.records) == 1


def test_closing_twice_or_unwatched_is_no_harm(album: Album) -> None:
    retention = Retention(album, Limits())
    retention.close()
    retention.close()
    retention.watch()
    for thread in watching():
        thread.join(5)
    assert watching() == []
    assert EVERY == 60


@pytest.mark.parametrize(
    ("limits", "every"),
    [(Limits(), 3_600), (Limits(days=1), 60), (Limits(gb=1), 60), (Limits(days=1, gb=1), 60)],
    ids=["none", "days", "gb", "both"],
)
def test_where_there_is_no_limit_it_looks_once_an_hour(
    album: Album, monkeypatch: pytest.MonkeyPatch, limits: Limits, every: int
) -> None:
    rhythms: list[float] = []

    def noted(_name: str, _do: Callable[[], object], *, every: float) -> None:
        rhythms.append(every)

    monkeypatch.setattr("imagen_demo.pictures.retention.Periodic", noted)
    Retention(album, limits)
    assert rhythms == [every]

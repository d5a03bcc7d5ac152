"""Every picture is kept with its recipe the moment it is here, and is on its way until then."""

import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from errno import ENOSPC
from pathlib import Path

import pytest

from imagen_demo.domain.catalog import DEFAULT_MODEL
from imagen_demo.domain.errors import Blocked, ImagenDemoError, ServiceTimeout
from imagen_demo.domain.pricing import Estimate, Prices
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.generate import Drawing
from imagen_demo.service.result import Drawn, Result
from tests.stand_ins import FULL, STRANGER, VISITOR, Fake, inscribed, lose_disk, recipe_of

ONE = GenerationRequest(prompt="A fox")
THREE = GenerationRequest(prompt="A fox", num_images=3)


def drawing_of(
    fake: Fake, folder: Path, *, gradios: Path | None = None, prices: Prices | None = None
) -> tuple[Drawing, Album]:
    album = Album(folder)
    temporary = Temporary(gradios or folder.parent / f"{folder.name}-gradio")
    return Drawing(fake, album, prices=prices or Prices(), temporary=temporary), album


def eventually(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


class Gate:
    """Lets pictures through one by one."""

    def __init__(self) -> None:
        self._open = threading.Semaphore(0)

    def __call__(self) -> None:
        assert self._open.acquire(timeout=10)

    def let(self, pictures: int = 1) -> None:
        self._open.release(pictures)


# What is kept.


def test_each_picture_is_kept_with_its_recipe_for_its_visitor_alone(tmp_path: Path) -> None:
    fake = Fake()
    drawing, album = drawing_of(fake, tmp_path)
    result = drawing.whole(THREE, api_key="key", visitor=VISITOR)
    assert [each.number for each in result.pictures] == [0, 1, 2]
    assert {each.path for each in result.pictures} == set(album.of(VISITOR))
    assert album.of(STRANGER) == []
    for each in result.pictures:
        assert each.path
        assert read(each.path) == each.recipe
        assert each.recipe.request == THREE
        assert each.recipe.rewritten_prompt == f"A teal square, take {each.number}"
        assert each.recipe.inference_id == "inference-1"
        assert (each.kept, each.picture) == (True, None)


def test_without_a_visitor_a_picture_is_kept_and_nobodys(tmp_path: Path) -> None:
    drawing, album = drawing_of(Fake(), tmp_path)
    (drawn,) = drawing.whole(ONE, api_key="").pictures
    assert drawn.path
    assert album.find(album.name(drawn.path)) == drawn.path
    assert album.of("") == []


def test_whoever_listens_hears_of_each_picture_once_it_is_on_disk(tmp_path: Path) -> None:
    drawing, album = drawing_of(Fake(), tmp_path)
    on_disk: list[tuple[int, int]] = []

    def tell(drawn: Drawn) -> None:
        on_disk.append((drawn.number, len(album.of(VISITOR))))

    drawing.whole(THREE, api_key="", visitor=VISITOR, tell=tell)
    assert on_disk == [(2, 1), (1, 2), (0, 3)]


def test_the_key_reaches_the_service_and_no_file(tmp_path: Path) -> None:
    fake = Fake()
    drawing, _ = drawing_of(fake, tmp_path)
    (drawn,) = drawing.whole(ONE, api_key="the-visitors-key", visitor=VISITOR).pictures
    assert [key for _, key in fake.asked] == ["the-visitors-key"]
    assert drawn.path
    written = drawn.path.read_bytes()
    assert b"the-visitors-key" not in written
    assert VISITOR.encode() not in written
    assert VISITOR not in str(drawn.path)


def test_a_seed_is_drawn_where_one_counts_and_is_in_the_recipe(tmp_path: Path) -> None:
    drawing, _ = drawing_of(Fake(), tmp_path)
    plain = GenerationRequest(prompt="A fox", enhance_prompt=False)
    first, second = (drawing.whole(plain, api_key="").pictures[0].recipe for _ in range(2))
    assert first.seed is not None
    assert first.seed != second.seed
    assert drawing.whole(ONE, api_key="").pictures[0].recipe.request.seed is None


def test_a_generation_tells_its_price_and_a_failure_none(tmp_path: Path) -> None:
    prices = Prices()
    drawing, _ = drawing_of(Fake(), tmp_path, prices=prices)
    drawing.whole(THREE, api_key="")
    assert prices.estimate(DEFAULT_MODEL) == Estimate(28_000, None)
    untold = Prices()
    drawing, _ = drawing_of(Fake(Blocked()), tmp_path, prices=untold)
    with pytest.raises(Blocked):
        drawing.whole(ONE, api_key="")
    assert untold.estimate(DEFAULT_MODEL) != Estimate(28_000, None)


def test_why_pictures_are_missing_is_in_the_result(tmp_path: Path) -> None:
    fake = Fake()
    fake.missing = ("One was blocked.",)
    drawing, _ = drawing_of(fake, tmp_path)
    result = drawing.whole(THREE, api_key="", visitor=VISITOR)
    assert (len(result.pictures), result.missing) == (2, ("One was blocked.",))


@pytest.mark.parametrize("pictures", [1, 3])
def test_whoever_asks_in_whichever_way_is_named_to_the_service(
    tmp_path: Path, pictures: int
) -> None:
    fake, request = Fake(), GenerationRequest(prompt="A fox", num_images=pictures)
    drawing, _ = drawing_of(fake, tmp_path)
    drawing.whole(request, api_key="", visitor=VISITOR, spender="a hash")
    list(drawing.as_they_come(request, api_key="", visitor=VISITOR, spender="another"))
    list(drawing.side_by_side([request] * 2, api_key="", visitor=VISITOR, spender="a third"))
    assert fake.spenders == ["a hash", "another", "a third", "a third"]


# As they come.


@pytest.mark.parametrize("request_", [ONE, THREE], ids=["one", "three"])
def test_the_last_that_comes_is_the_whole(tmp_path: Path, request_: GenerationRequest) -> None:
    drawing, album = drawing_of(Fake(), tmp_path)
    *so_far, last = drawing.as_they_come(request_, api_key="", visitor=VISITOR)
    assert isinstance(last, Result)
    assert [each.path for each in last.pictures if each.path not in album.of(VISITOR)] == []
    assert len(last.pictures) == request_.num_images
    steps = [[each.number for each in step] for step in so_far if isinstance(step, list)]
    assert steps == ([[2], [1, 2], [0, 1, 2]] if request_ is THREE else [])


def test_who_stops_waiting_still_gets_every_picture_into_the_album(tmp_path: Path) -> None:
    fake, gate = Fake(), Gate()
    fake.before_each = gate
    drawing, album = drawing_of(fake, tmp_path)
    waiting = drawing.as_they_come(THREE, api_key="", visitor=VISITOR)
    gate.let()
    next(waiting)
    waiting.close()  # type: ignore[attr-defined]
    assert (len(album.of(VISITOR)), drawing.on_the_way(VISITOR)) == (1, 2)
    gate.let(2)
    eventually(lambda: drawing.on_the_way(VISITOR) == 0)
    assert len(album.of(VISITOR)) == 3


@pytest.mark.parametrize("request_", [ONE, THREE], ids=["one", "three"])
def test_a_failure_comes_through(tmp_path: Path, request_: GenerationRequest) -> None:
    drawing, _ = drawing_of(Fake(ServiceTimeout("No answer after 180 s.")), tmp_path)
    with pytest.raises(ServiceTimeout):
        list(drawing.as_they_come(request_, api_key="", visitor=VISITOR))


# Side by side.

COLUMNS = [
    GenerationRequest(prompt="A fox", aspect_ratio=ratio) for ratio in ("1:1", "16:9", "9:16")
]


def test_every_request_settles_with_its_own_place_and_picture(tmp_path: Path) -> None:
    fake = Fake()
    drawing, album = drawing_of(fake, tmp_path)
    settled = dict(drawing.side_by_side(COLUMNS, api_key="the-key", visitor=VISITOR))
    assert sorted(settled) == [0, 1, 2]
    for place, outcome in settled.items():
        assert isinstance(outcome, Result)
        (drawn,) = outcome.pictures
        assert drawn.recipe.request == COLUMNS[place]
        assert drawn.path in album.of(VISITOR)
    assert {key for _, key in fake.asked} == {"the-key"}
    assert drawing.on_the_way(VISITOR) == 0


@pytest.mark.parametrize("count", [2, 5])
def test_all_requests_are_asked_at_the_same_time(tmp_path: Path, count: int) -> None:
    fake, all_here = Fake(), threading.Barrier(count)

    def meet(_: GenerationRequest) -> None:
        all_here.wait(timeout=10)  # breaks, unless as many wait as there are requests

    fake.when_asked = meet
    drawing, _ = drawing_of(fake, tmp_path)
    settled = list(drawing.side_by_side([ONE] * count, api_key="", visitor=VISITOR))
    assert sorted(place for place, _ in settled) == list(range(count))


def test_each_request_comes_as_it_settles(tmp_path: Path) -> None:
    fake = Fake()
    gates = {each.aspect_ratio: Gate() for each in COLUMNS}
    fake.when_asked = lambda request: gates[request.aspect_ratio]()
    drawing, album = drawing_of(fake, tmp_path)
    settling = drawing.side_by_side(COLUMNS, api_key="", visitor=VISITOR)
    for left, place in ((2, 2), (1, 0), (0, 1)):
        gates[COLUMNS[place].aspect_ratio].let()
        assert next(settling)[0] == place
        assert len(album.of(VISITOR)) == 3 - left
        eventually(lambda left=left: drawing.on_the_way(VISITOR) == left)  # type: ignore[misc]
    assert list(settling) == []


@pytest.mark.parametrize("error", [Blocked(), ServiceTimeout("No answer after 180 s.")])
def test_one_that_fails_leaves_the_others(tmp_path: Path, error: ImagenDemoError) -> None:
    fake = Fake()

    def fail_wide(request: GenerationRequest) -> None:
        if request.aspect_ratio == "16:9":
            raise error

    fake.when_asked = fail_wide
    drawing, album = drawing_of(fake, tmp_path)
    settled = dict(drawing.side_by_side(COLUMNS, api_key="", visitor=VISITOR))
    assert settled[1] is error
    assert [isinstance(settled[place], Result) for place in (0, 2)] == [True, True]
    assert (len(album.of(VISITOR)), drawing.on_the_way(VISITOR)) == (2, 0)


def test_a_bug_passes_through_and_the_others_are_kept_all_the_same(tmp_path: Path) -> None:
    fake = Fake()

    def break_wide(request: GenerationRequest) -> None:
        if request.aspect_ratio == "16:9":
            raise ZeroDivisionError("a bug")

    fake.when_asked = break_wide
    drawing, album = drawing_of(fake, tmp_path)
    with pytest.raises(ZeroDivisionError):
        list(drawing.side_by_side(COLUMNS, api_key="", visitor=VISITOR))
    eventually(lambda: len(album.of(VISITOR)) == 2)
    eventually(lambda: drawing.on_the_way(VISITOR) == 0)


def test_who_stops_waiting_for_several_at_once_still_gets_every_picture(tmp_path: Path) -> None:
    fake, gate = Fake(), Gate()
    fake.before_each = gate
    drawing, album = drawing_of(fake, tmp_path)
    settling = drawing.side_by_side(COLUMNS, api_key="", visitor=VISITOR)
    gate.let()
    next(settling)
    settling.close()  # type: ignore[attr-defined]
    eventually(lambda: drawing.on_the_way(VISITOR) == 2)
    gate.let(2)
    eventually(lambda: drawing.on_the_way(VISITOR) == 0)
    assert len(album.of(VISITOR)) == 3


# On the way.


def test_pictures_are_on_their_way_until_each_is_kept(tmp_path: Path) -> None:
    fake, gate = Fake(), Gate()
    fake.before_each = gate
    drawing, album = drawing_of(fake, tmp_path)
    with ThreadPoolExecutor(1) as elsewhere:
        answer = elsewhere.submit(drawing.whole, THREE, api_key="", visitor=VISITOR)
        for left in (3, 2, 1):
            eventually(lambda left=left: drawing.on_the_way(VISITOR) == left)  # type: ignore[misc]
            assert len(album.of(VISITOR)) == 3 - left
            assert drawing.on_the_way(STRANGER) == 0
            gate.let()
        answer.result(timeout=10)
    assert drawing.on_the_way(VISITOR) == 0


def test_two_requests_of_one_visitor_add_up(tmp_path: Path) -> None:
    fake, gate = Fake(), Gate()
    fake.before_each = gate
    drawing, _ = drawing_of(fake, tmp_path)
    with ThreadPoolExecutor(2) as elsewhere:
        answers = [
            elsewhere.submit(drawing.whole, request, api_key="", visitor=VISITOR)
            for request in (ONE, THREE)
        ]
        eventually(lambda: drawing.on_the_way(VISITOR) == 4)
        gate.let(4)
        for each in answers:
            each.result(timeout=10)
    assert drawing.on_the_way(VISITOR) == 0


def test_what_is_drawn_for_nobody_is_on_nobodys_way(tmp_path: Path) -> None:
    fake, gate = Fake(), Gate()
    fake.before_each = gate
    drawing, _ = drawing_of(fake, tmp_path)
    with ThreadPoolExecutor(1) as elsewhere:
        answer = elsewhere.submit(drawing.whole, ONE, api_key="")
        eventually(lambda: len(fake.asked) == 1)
        on_the_way = drawing.on_the_way("")
        gate.let()
        answer.result(timeout=10)
    assert on_the_way == 0


@pytest.mark.parametrize("request_", [ONE, THREE], ids=["one", "three"])
@pytest.mark.parametrize(
    "failure", [Blocked(), ServiceTimeout("No answer after 180 s."), ZeroDivisionError("a bug")]
)
def test_after_a_failure_nothing_is_on_its_way(
    tmp_path: Path, failure: Exception, request_: GenerationRequest
) -> None:
    drawing, _ = drawing_of(Fake(failure), tmp_path)
    with pytest.raises(type(failure)):
        drawing.whole(request_, api_key="", visitor=VISITOR)
    assert drawing.on_the_way(VISITOR) == 0


def test_a_failure_half_way_leaves_nothing_on_its_way_and_what_came(tmp_path: Path) -> None:
    fake, left = Fake(), [1, 1]

    def fail_at_the_third() -> None:
        if not left:
            raise ZeroDivisionError("a bug")
        left.pop()

    fake.before_each = fail_at_the_third
    drawing, album = drawing_of(fake, tmp_path)
    with pytest.raises(ZeroDivisionError):
        drawing.whole(THREE, api_key="", visitor=VISITOR)
    assert (drawing.on_the_way(VISITOR), len(album.of(VISITOR))) == (0, 2)


def test_a_bug_in_whoever_listens_leaves_nothing_on_its_way(tmp_path: Path) -> None:
    drawing, album = drawing_of(Fake(), tmp_path)

    def tell(_: Drawn) -> None:
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        drawing.whole(THREE, api_key="", visitor=VISITOR, tell=tell)
    assert (drawing.on_the_way(VISITOR), len(album.of(VISITOR))) == (0, 1)


def test_a_picture_that_is_missing_is_not_on_its_way_for_ever(tmp_path: Path) -> None:
    fake = Fake()
    fake.missing = ("One was blocked.",)
    drawing, _ = drawing_of(fake, tmp_path)
    drawing.whole(THREE, api_key="", visitor=VISITOR)
    assert drawing.on_the_way(VISITOR) == 0


# The log.


@pytest.mark.parametrize("failure", [None, Blocked()], ids=["drawn", "blocked"])
def test_the_log_has_one_line_without_prompt_key_or_visitor(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, failure: ImagenDemoError | None
) -> None:
    drawing, _ = drawing_of(Fake(failure), tmp_path)
    request = GenerationRequest(prompt="A secret fox")
    with caplog.at_level(logging.DEBUG):
        try:
            drawing.whole(request, api_key="the-visitors-key", visitor=VISITOR)
        except Blocked:
            assert failure
    (record,) = [each for each in caplog.records if each.name == "imagen_demo"]
    assert record.getMessage() == ("Blocked" if failure else f"{DEFAULT_MODEL} 1.2 s")
    assert record.exc_info is None


# A disk that does not take it.


def full(folder: Path) -> Path:
    """A path below which nothing can be written, by whomever."""
    blocker = folder / "full"
    blocker.write_bytes(b"")
    return blocker / "folder"


def test_a_picture_that_the_album_does_not_take_goes_to_gradios_folder(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fake = Fake()
    drawing, album = drawing_of(fake, tmp_path / "album", gradios=tmp_path / "not there yet")
    lose_disk(fake, album)
    request = GenerationRequest(prompt="A secret fox", num_images=2)
    result = drawing.whole(request, api_key="", visitor=VISITOR)
    assert [each.number for each in result.pictures] == [0, 1]
    assert len({each.path for each in result.pictures}) == 2
    for each in result.pictures:
        assert each.path
        assert each.path.is_relative_to(tmp_path / "not there yet")
        assert read(each.path) == each.recipe
        assert each.path.name == "a-secret-fox-1x1.png"
        assert (each.kept, each.picture) == (False, None)
        assert each.unkept == f"This demo's disk says “{os.strerror(20)}”"
    complaints = [each for each in caplog.records if each.levelno >= logging.WARNING]
    said = f"a picture could not be kept: {os.strerror(20)}"
    assert [each.getMessage() for each in complaints] == [said] * 2
    assert not any(each.exc_info for each in complaints)
    assert "secret" not in caplog.text


def test_pictures_set_aside_do_not_overwrite_each_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    drawing, _ = drawing_of(Fake(), tmp_path, gradios=tmp_path / "not there yet")
    recipe = recipe_of("A fox")
    picture = inscribed(recipe)
    first, second = (drawing.set_aside(picture, recipe, number=n, unkept=FULL) for n in (0, 2))
    assert first.path
    assert second.path
    assert first.path != second.path
    assert (second.number, second.unkept, second.picture) == (2, FULL, None)
    assert second.path.is_relative_to(tmp_path / "not there yet")
    assert second.path.read_bytes() == picture.data
    assert second.path.name == "a-fox-1x1.png"
    assert caplog.records == []


def test_a_disk_that_fills_up_half_way_keeps_nothing_of_a_picture_set_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing, _ = drawing_of(Fake(), tmp_path, gradios=tmp_path / "gradio")
    write = Path.write_bytes

    def fill(path: Path, data: bytes) -> int:
        write(path, data[:9])
        raise OSError(ENOSPC, os.strerror(ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", fill)
    recipe = recipe_of()
    assert drawing.set_aside(inscribed(recipe), recipe, unkept=FULL).path is None
    assert list((tmp_path / "gradio").iterdir()) == []


def test_a_picture_that_no_disk_takes_is_handed_over_itself(tmp_path: Path) -> None:
    fake = Fake()
    drawing, album = drawing_of(fake, tmp_path / "album", gradios=full(tmp_path))
    recipe = recipe_of()
    picture = inscribed(recipe)
    drawn = drawing.set_aside(picture, recipe)
    assert (drawn.path, drawn.kept, drawn.picture) == (None, False, picture)
    assert isinstance(drawn.recipe, Recipe)
    lose_disk(fake, album)
    (drawn,) = drawing.whole(ONE, api_key="", visitor=VISITOR).pictures
    assert (drawn.path, drawn.kept) == (None, False)
    assert drawn.picture

"""A visitor who stops waiting is let go at once; what they waited for goes on in its thread."""

import asyncio
import inspect
import threading
import time
from collections.abc import AsyncIterator, Iterator

import gradio as gr
import pytest

from imagen_demo.domain.errors import ServiceFailed
from imagen_demo.service.generate import VISITORS_AT_ONCE
from imagen_demo.ui.cancellation import cancellable
from tests.loops import run

_SOON = 30.0
"""Seconds after which a test has failed."""


async def _all(steps: AsyncIterator[object]) -> list[object]:
    return [step async for step in steps]


async def _reached(event: threading.Event) -> None:
    until = time.monotonic() + _SOON
    while not event.is_set():
        assert time.monotonic() < until
        await asyncio.sleep(0.005)


class Drawing:
    """A handler whose second step lasts until it is told to end."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.failure = failure
        self.waits, self.go_on = threading.Event(), threading.Event()
        self.drew, self.went_on, self.closed = (threading.Event() for _ in range(3))

    def on_click(self) -> Iterator[str]:
        try:
            yield "first"
            self.waits.set()
            assert self.go_on.wait(_SOON)
            self.drew.set()
            if self.failure:
                raise self.failure
            yield "second"
            self.went_on.set()
        finally:
            self.closed.set()


async def _until_it_waits(drawing: Drawing) -> tuple[AsyncIterator[str], asyncio.Task[str]]:
    steps = cancellable(drawing.on_click)()
    assert await anext(steps) == "first"
    waiting = asyncio.ensure_future(anext(steps))
    await _reached(drawing.waits)
    return steps, waiting


def test_steps_come_in_order_to_the_last() -> None:
    def handler() -> Iterator[object]:
        yield from (1, None, [], 0, "x", StopIteration, 1)

    expected: list[object] = [1, None, [], 0, "x", StopIteration, 1]
    assert run(_all(cancellable(handler)())) == expected


def test_a_handler_without_a_step_ends_at_once() -> None:
    def handler() -> Iterator[int]:
        yield from ()

    assert run(_all(cancellable(handler)())) == []


def test_each_step_is_taken_when_it_is_asked_for() -> None:
    taken = []

    def handler() -> Iterator[int]:
        for number in range(3):
            taken.append(number)
            yield number

    async def two() -> None:
        steps = cancellable(handler)()
        assert taken == []
        assert [await anext(steps), await anext(steps)] == [0, 1]
        assert taken == [0, 1]

    run(two())


def test_nothing_of_a_handler_runs_where_others_are_served() -> None:
    def handler() -> Iterator[int]:
        yield threading.get_ident()
        yield threading.get_ident()

    async def told() -> tuple[int, list[object]]:
        return threading.get_ident(), await _all(cancellable(handler)())

    others, steps = run(told())
    assert others not in steps


def test_one_handler_serves_many_clicks_and_loops_each_on_its_own() -> None:
    def handler(start: int) -> Iterator[int]:
        yield from range(start, start + 3)

    async def both() -> list[list[object]]:
        return await asyncio.gather(*(_all(wrapped(start)) for start in (0, 10)))

    wrapped = cancellable(handler)
    for _ in range(2):
        assert run(both()) == [[0, 1, 2], [10, 11, 12]]


@pytest.mark.parametrize(
    "failure",
    [ServiceFailed(503), ZeroDivisionError("a bug"), gr.Error("x"), OSError(28, "No space")],
    ids=lambda failure: type(failure).__name__,
)
@pytest.mark.parametrize("steps", [0, 2])
def test_what_a_handler_raises_passes_through(failure: Exception, steps: int) -> None:
    def handler() -> Iterator[int]:
        yield from range(steps)
        raise failure

    async def told() -> list[int]:
        wrapped = cancellable(handler)()
        here = [await anext(wrapped) for _ in range(steps)]
        with pytest.raises(type(failure)) as caught:
            await anext(wrapped)
        assert caught.value is failure
        return here

    assert run(told()) == [*range(steps)]


def test_arguments_arrive_as_they_are_given() -> None:
    def handler(one: int, *, two: str, **more: object) -> Iterator[object]:
        yield one, two, more

    steps = cancellable(handler)(1, two="2", three=[3])
    assert run(_all(steps)) == [(1, "2", {"three": [3]})]


def test_gradio_sees_the_handlers_own_name_and_parameters_and_steps_to_await() -> None:
    class Bound:
        def on_click(self, prompt: str, *, key: str = "", **chosen: int) -> Iterator[str]:
            """Say so."""
            yield f"{prompt}{key}{chosen}"

    handler = Bound().on_click
    wrapped = cancellable(handler)
    assert inspect.isasyncgenfunction(wrapped)
    assert not inspect.isgeneratorfunction(wrapped)
    assert inspect.signature(wrapped) == inspect.signature(handler)
    assert list(inspect.signature(wrapped).parameters) == ["prompt", "key", "chosen"]
    assert (wrapped.__name__, wrapped.__doc__) == ("on_click", "Say so.")


def test_who_stops_waiting_in_the_midst_of_a_step_is_let_go_and_the_step_ends_by_itself() -> None:
    drawing = Drawing()

    async def stop() -> None:
        _, waiting = await _until_it_waits(drawing)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert not drawing.drew.is_set()
        drawing.go_on.set()
        await _reached(drawing.drew)
        await _reached(drawing.closed)

    run(stop())
    assert not drawing.went_on.is_set()


def test_what_is_left_can_be_closed_at_once_while_its_step_goes_on() -> None:
    drawing = Drawing()

    async def stop() -> None:
        steps, waiting = await _until_it_waits(drawing)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.wait_for(steps.aclose(), _SOON)  # type: ignore[attr-defined]
        with pytest.raises(StopAsyncIteration):
            await anext(steps)
        assert not drawing.drew.is_set()
        drawing.go_on.set()
        await _reached(drawing.drew)

    run(stop())


def test_between_two_steps_a_handler_can_be_left_as_well() -> None:
    drawing = Drawing()

    async def stop() -> None:
        steps = cancellable(drawing.on_click)()
        assert await anext(steps) == "first"
        await asyncio.wait_for(steps.aclose(), _SOON)  # type: ignore[attr-defined]

    run(stop())
    assert drawing.closed.wait(_SOON)
    assert not drawing.waits.is_set()


def test_what_fails_when_nobody_waits_any_more_disturbs_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    drawing = Drawing(ServiceFailed(503))

    async def stop() -> list[object]:
        _, waiting = await _until_it_waits(drawing)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        drawing.go_on.set()
        await _reached(drawing.closed)
        return await _all(cancellable(Drawing.on_click)(_ready()))

    assert run(stop()) == ["first", "second"]
    assert caplog.records == []


def _ready() -> Drawing:
    drawing = Drawing()
    drawing.go_on.set()
    return drawing


def test_sixty_wait_side_by_side() -> None:
    many = 60
    assert many < VISITORS_AT_ONCE
    # Gradio's own threads, or anyio's default, are 40.
    everybody = threading.Barrier(many)

    def handler(number: int) -> Iterator[int]:
        everybody.wait(_SOON)
        yield number

    async def wait() -> list[list[object]]:
        wrapped = cancellable(handler)
        return await asyncio.gather(*(_all(wrapped(number)) for number in range(many)))

    assert run(wait()) == [[number] for number in range(many)]


def test_those_who_left_take_no_place_from_those_who_wait() -> None:
    release = threading.Event()

    def handler(*, quick: bool) -> Iterator[bool]:
        yield quick or release.wait(_SOON)

    async def leave() -> list[object]:
        wrapped = cancellable(handler)
        waiting = [
            asyncio.ensure_future(_all(wrapped(quick=False))) for _ in range(VISITORS_AT_ONCE)
        ]
        await asyncio.sleep(0.2)
        for each in waiting:
            each.cancel()
        left = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(each, asyncio.CancelledError) for each in left)
        try:
            return await asyncio.wait_for(_all(wrapped(quick=True)), _SOON / 2)
        finally:
            release.set()

    assert run(leave()) == [True]

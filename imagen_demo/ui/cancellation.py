"""Lets a visitor stop waiting at once, whatever their handler waits for.

`wiring` and `ui/compare/wiring` wrap the two handlers that draw, `launch` counts who waits.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial, wraps
from typing import ParamSpec, TypeVar, cast

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from imagen_demo.service.generate import VISITORS_AT_ONCE

_Args = ParamSpec("_Args")
_Step = TypeVar("_Step")
_END = object()


def cancellable(
    handler: Callable[_Args, Iterator[_Step]],
) -> Callable[_Args, AsyncIterator[_Step]]:
    """Let Gradio leave a handler between and in the midst of its steps.

    Gradio closes a generator that a visitor cancels, and until a step that waits has ended it tries
    again and again, for up to a minute, in which nobody else's can be closed. Here the step goes on
    in its thread, what it draws is kept, and nobody waits for it.
    """
    waiting = CapacityLimiter(VISITORS_AT_ONCE)

    @wraps(handler)
    async def steps(*args: _Args.args, **kwargs: _Args.kwargs) -> AsyncIterator[_Step]:
        left = handler(*args, **kwargs)
        take = partial(next, left, _END)
        while (step := await run_sync(take, abandon_on_cancel=True, limiter=waiting)) is not _END:
            yield cast("_Step", step)

    return steps

"""One way to run what is asynchronous, whatever ran in this worker before."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Returned = TypeVar("Returned")


def run(coroutine: Coroutine[Any, Any, Returned]) -> Returned:
    """Run it in a thread of its own: a browser's test may have left its loop in this one."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, coroutine).result()  # noqa: TID251 - the one that may

"""What is done again and again in the background, in a thread that never delays anybody.

`pictures/retention`, `pictures/thumbnails` and `aimlapi/deprecations` each have one.
"""

import threading
from collections.abc import Callable


class Periodic:
    """Does one thing, again and again, until it is closed or the process ends."""

    def __init__(self, name: str, do: Callable[[], object], *, every: float = 0) -> None:
        """Do nothing yet.

        Args:
            name: Of the thread.
            do: Must see to its own errors: one that it raises ends the thread.
            every: Seconds between two times; 0 for what waits by itself.
        """
        self._name = name
        self._do = do
        self._every = every
        self._closed = threading.Event()

    def start(self) -> None:
        """Begin at once."""
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def close(self) -> None:
        """Begin no more; what is being done just now goes on to its end."""
        self._closed.set()

    def _run(self) -> None:
        self._do()
        while not self._closed.wait(self._every):
            self._do()

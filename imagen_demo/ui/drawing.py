"""One request from its start to pictures on disk; both doors, page and endpoint, go through here.

`handlers` calls it; a `Provider` (or a test's fake) answers and the `Album` keeps what comes.
"""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Protocol

from imagen_demo.album import Album
from imagen_demo.errors import ImagenDemoError
from imagen_demo.generation import Balance, Generation, OnPicture, Picture, Receipt
from imagen_demo.lifecycle import Standing
from imagen_demo.prices import Prices
from imagen_demo.request import GenerationRequest

log = logging.getLogger("imagen_demo")


class Service(Protocol):
    """Whoever answers; `Provider` in the demo."""

    def generate(
        self, request: GenerationRequest, *, visitor_key: str, on_picture: OnPicture
    ) -> Generation:
        """Answer, or raise an `ImagenDemoError`."""

    def check_key(self, visitor_key: str) -> Balance:
        """Say what is left on a key's account, or raise an `ImagenDemoError`."""

    def standing(self, model: str) -> Standing | None:
        """Say whether a model is on its way out."""


@dataclass(frozen=True, slots=True, order=True)
class Arrived:
    """A picture that is here before the others are; sorts by its place among them."""

    number: int
    path: Path
    rewritten_prompt: str | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """Draws, keeps every picture the moment it is here, and remembers what it cost."""

    service: Service
    album: Album
    prices: Prices

    def whole(
        self,
        request: GenerationRequest,
        visitor_key: str,
        tell: Callable[[Arrived], None] | None = None,
    ) -> tuple[list[Path], Receipt]:
        """Return the pictures in their order, and the receipt; `tell` hears of each as it is kept.

        Raises:
            ImagenDemoError: Whatever the service raises.
        """
        paths: dict[int, Path] = {}

        def keep(number: int, picture: Picture) -> None:
            paths[number] = self.album.save(
                picture, prompt=request.prompt, aspect_ratio=request.aspect_ratio
            )
            if tell:
                tell(Arrived(number, paths[number], picture.rewritten_prompt))

        try:
            generation = self.service.generate(
                request.reproducible(), visitor_key=visitor_key, on_picture=keep
            )
        except ImagenDemoError as error:
            # The class says it all; a message may quote the service, and a prompt is private.
            log.warning(_log_line(error))
            raise
        self.prices.note(generation)
        log.info("%s %.1f s", request.model, generation.seconds)
        return [paths[number] for number in sorted(paths)], generation.receipt

    def as_they_come(
        self, request: GenerationRequest, visitor_key: str
    ) -> Iterator[list[Arrived] | tuple[list[Path], Receipt]]:
        """Yield the pictures so far whenever one of several is there; last, what `whole` returns.

        Should the visitor stop waiting, the drawing goes on and keeps what it gets.
        """
        if request.num_images == 1:
            yield self.whole(request, visitor_key)
            return
        arrivals: SimpleQueue[object] = SimpleQueue()
        pool = ThreadPoolExecutor(1)
        drawing = pool.submit(self.whole, request, visitor_key, arrivals.put)
        drawing.add_done_callback(arrivals.put)
        pool.shutdown(wait=False)
        here: list[Arrived] = []
        while isinstance(arrived := arrivals.get(), Arrived):
            here = sorted([*here, arrived])
            yield here
        yield drawing.result()


def _log_line(error: ImagenDemoError) -> str:
    said = {
        "status": getattr(error, "status", ""),
        "inference_id": getattr(error, "inference_id", ""),
        "request_id": error.reference,
    }
    known = (f"{name}={value}" for name, value in said.items() if value)
    return " ".join((type(error).__name__, *known))

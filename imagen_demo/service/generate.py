"""One request from its start to pictures on disk; page, REST and MCP all go through here.

`ui/create/handlers`, `ui/compare/handlers` and `endpoints/answer` call it, `ui/library/handlers`
asks what is on its way. `pictures/disk_space` says whether what comes can be kept, a `Provider` (or
a test's fake) answers, `pictures/metadata` writes the recipe into what comes, and the `Album` keeps
it; else `pictures/temporary`.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Protocol

from imagen_demo.domain.errors import ImagenDemoError, reason_of
from imagen_demo.domain.file_names import title
from imagen_demo.domain.generation import Balance, Generation, OnPicture, Picture
from imagen_demo.domain.model_status import Standing
from imagen_demo.domain.pricing import Prices
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.logs import DRAWN, Entry, write
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.disk_space import DiskSpace
from imagen_demo.pictures.metadata import with_recipe
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.figures import Figures
from imagen_demo.service.provider_settings import Payer
from imagen_demo.service.result import Drawn, Result
from imagen_demo.service.stage import Stage

log = logging.getLogger("imagen_demo")

VISITORS_AT_ONCE = 256
"""Generations that wait side by side. Not 40: at exactly its default, Gradio shares the threads
with the web routes, and a full house would make the page itself wait."""

SpenderOf = Callable[[Any], str]
"""Says of an HTTP request, Gradio's or Starlette's or None, whose share of the host's budget it is,
in a form that may be kept; empty where nobody knows."""


class Service(Protocol):
    """Whoever answers; `Provider` in the demo."""

    @property
    def without_key(self) -> Payer:
        """Who answers a visitor without a key, for the page's words."""

    def watch(self) -> None:
        """Begin to follow what changes by itself."""

    def trouble(self) -> str:
        """Say in a few words why it cannot count what it spends; empty if it can."""

    def generate(
        self,
        request: GenerationRequest,
        *,
        api_key: str,
        on_picture: OnPicture,
        spender: str,
    ) -> Generation:
        """Answer, or raise an `ImagenDemoError`."""

    def is_free(self, api_key: str) -> bool:
        """Say whether nobody would pay for a request with this key."""

    def check_key(self, api_key: str) -> Balance:
        """Say what is left on a key's account, or raise an `ImagenDemoError`."""

    def standing(self, model: str) -> Standing | None:
        """Say whether a model is on its way out."""


class Drawing:
    """Draws, keeps every picture the moment it is here, and remembers what it cost."""

    def __init__(  # noqa: PLR0913 - the parts of a drawing
        self,
        service: Service,
        album: Album,
        *,
        prices: Prices,
        temporary: Temporary,
        room: DiskSpace | None = None,
        figures: Figures | None = None,
        stage: Stage | None = None,
    ) -> None:
        """Bring together who answers and where pictures go.

        Args:
            service: Answers; a `Provider`, or a test's fake.
            album: Keeps the pictures.
            prices: Is told what each generation cost.
            temporary: Takes what the album does not.
            room: That of the album's disk.
            figures: Count what is asked for, and what comes of it.
            stage: Takes what visitors let everybody see.
        """
        self.service = service
        self.album = album
        self.prices = prices
        self.temporary = temporary
        self.figures = figures or Figures()
        self.stage = stage or Stage(album)
        self._room = room or DiskSpace(album)
        self._on_the_way: Counter[str] = Counter()
        self._counting = threading.Lock()

    def troubles(self) -> Sequence[Callable[[], str]]:
        """What may keep it from drawing, each asked in a few words; empty words if it does not."""
        return self._room.trouble, self.service.trouble

    def on_the_way(self, visitor: str) -> int:
        """How many of a visitor's pictures are being drawn just now; 0 for a visitor unknown."""
        return self._on_the_way[visitor] if visitor else 0

    def is_busy(self) -> bool:
        """Whether a picture is being drawn just now, anybody's, that is not kept yet."""
        return bool(self._on_the_way)

    def whole(
        self,
        request: GenerationRequest,
        *,
        api_key: str,
        visitor: str = "",
        spender: str = "",
        tell: Callable[[Drawn], None] | None = None,
    ) -> Result:
        """Return when every picture is there; `tell` hears of each as it is kept.

        Args:
            request: What to draw.
            api_key: Whose key pays; empty for the host's or the sandbox.
            visitor: Whose pictures they are; empty for nobody's.
            spender: Whose share of the host's budget it is, as `SpenderOf` says it.
            tell: Perhaps called from several threads at once.

        Raises:
            NotKept: It would be paid for and could not be kept; nobody was asked.
            ImagenDemoError: Whatever the service raises.
        """
        here: list[Drawn] = []

        def on_picture(number: int, so_far: Generation) -> None:
            drawn = self._kept(number, so_far, visitor)
            here.append(drawn)
            self._count(visitor, -1)
            if tell:
                tell(drawn)

        started = time.monotonic()
        entry = partial(Entry, visitor=spender, model=request.model, prompt=request.prompt)
        self._count(visitor, request.num_images)
        try:
            with self._room_for(request, api_key):
                generation = self.service.generate(
                    request.reproducible(),
                    api_key=api_key,
                    on_picture=on_picture,
                    spender=spender,
                )
        except ImagenDemoError as error:
            noted = _write_failure(entry, error, time.monotonic() - started)
            self.figures.note(noted, browser=visitor, came=error)
            raise
        finally:
            self._count(visitor, len(here) - request.num_images)
        self.prices.note(generation)
        noted = _write_success(entry, generation)
        self.figures.note(noted, browser=visitor, came=generation)
        return Result(sorted(here), generation.missing, generation.lost)

    def as_they_come(
        self, request: GenerationRequest, *, api_key: str, visitor: str, spender: str = ""
    ) -> Iterator[list[Drawn] | Result]:
        """Yield the pictures so far whenever one of several is there; last, what `whole` returns.

        Should the visitor stop waiting, the drawing goes on and keeps what it gets.
        """
        whole = partial(self.whole, request, api_key=api_key, visitor=visitor, spender=spender)
        if request.num_images == 1:
            yield whole()
            return
        arrivals: SimpleQueue[object] = SimpleQueue()
        pool = ThreadPoolExecutor(1)
        drawing = pool.submit(whole, tell=arrivals.put)
        drawing.add_done_callback(arrivals.put)
        pool.shutdown(wait=False)
        here: list[Drawn] = []
        while isinstance(arrived := arrivals.get(), Drawn):
            here = sorted([*here, arrived])
            yield here
        yield drawing.result()

    def side_by_side(
        self,
        requests: Sequence[GenerationRequest],
        *,
        api_key: str,
        visitor: str,
        spender: str = "",
    ) -> Iterator[tuple[int, Result | ImagenDemoError]]:
        """Draw several requests at once; yield each one's place and outcome as it settles.

        One that fails leaves the others; should the visitor stop waiting, all go on.
        """

        def draw(request: GenerationRequest) -> Result | ImagenDemoError:
            try:
                return self.whole(request, api_key=api_key, visitor=visitor, spender=spender)
            except ImagenDemoError as error:
                return error

        pool = ThreadPoolExecutor(len(requests))
        places = {pool.submit(draw, each): place for place, each in enumerate(requests)}
        pool.shutdown(wait=False)
        for settled in as_completed(places):
            yield places[settled], settled.result()

    def set_aside(
        self,
        picture: Picture,
        recipe: Recipe,
        *,
        number: int = 0,
        unkept: str = "",
        lies_at: Path | None = None,
    ) -> Drawn:
        """Give a picture a file for about an hour; without one, leave it to the page.

        `unkept` says why it is not kept, `lies_at` where it lies on the disk already.
        """
        name = f"{title(recipe)}{picture.suffix}"
        try:
            path = self.temporary.save(name, picture.data, lies_at=lies_at)
        except OSError:
            return Drawn(number, recipe, None, unkept, picture)
        return Drawn(number, recipe, path, unkept)

    def _room_for(self, request: GenerationRequest, api_key: str) -> AbstractContextManager[None]:
        """Hold room for what is paid for; what is free may be lost, and is seen to as it comes."""
        free = self.service.is_free(api_key)
        return nullcontext() if free else self._room.held(request.num_images)

    def _kept(self, number: int, so_far: Generation, visitor: str) -> Drawn:
        """Save a picture with its recipe in the album; where that fails, set it aside."""
        recipe = Recipe.of(so_far)
        picture, is_in = with_recipe(so_far.pictures[0], recipe)
        try:
            if recipe.drawn_by == "sandbox":
                self._room.make(len(picture.data))
            save = partial(self.album.save, picture, recipe, visitor=visitor)
            path = save() if is_in else save(recipe_beside=True)
            return Drawn(number, recipe, path)
        except OSError as error:
            # Not the file's name, which tells the prompt.
            log.error("a picture could not be kept: %s", error.strerror)  # noqa: TRY400 - no bug
            return self.set_aside(picture, recipe, number=number, unkept=reason_of(error))

    def _count(self, visitor: str, pictures: int) -> None:
        with self._counting:
            self._on_the_way[visitor] += pictures
            if not self._on_the_way[visitor]:
                del self._on_the_way[visitor]


def _write_success(entry: Callable[..., Entry], generation: Generation) -> Entry:
    noted = entry(
        outcome=DRAWN,
        seconds=round(generation.seconds, 2),
        pictures=len(generation.pictures),
        tokens_used=generation.usage.tokens_used,
        inference_id=generation.inference_id,
    )
    write(noted, f"{noted.model} {generation.seconds:.1f} s")
    return noted


def _write_failure(entry: Callable[..., Entry], error: ImagenDemoError, seconds: float) -> Entry:
    # The class says it all; a message may quote the service, and a prompt is private.
    noted = entry(
        outcome=type(error).__name__,
        seconds=round(seconds, 2),
        status=getattr(error, "status", None),
        inference_id=getattr(error, "inference_id", ""),
        request_id=error.reference,
    )
    names = ("status", "inference_id", "request_id")
    known = (f"{name}={getattr(noted, name)}" for name in names if getattr(noted, name))
    write(noted, " ".join((noted.outcome, *known)))
    return noted

"""What a request came to: pictures that can be shown, each with where it lies and its recipe.

`generate` yields them as they come; page and endpoints show them.
"""

from dataclasses import dataclass, field
from pathlib import Path

from imagen_demo.domain.advice import Door
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe


@dataclass(frozen=True, slots=True, order=True)
class Drawn:
    """A picture that can be shown, fresh or recorded; sorts by its place among those asked for.

    Attributes:
        path: Its file; None if no disk took it.
        unkept: Why it does not stay, as `reason_of` says it; empty if it was never to, and None if
            it stays.
        picture: Its bytes where there is no file.
    """

    number: int
    recipe: Recipe = field(compare=False)
    path: Path | None = field(compare=False)
    unkept: str | None = field(default=None, compare=False)
    picture: Picture | None = field(default=None, compare=False, repr=False)

    @property
    def kept(self) -> bool:
        """Whether it stays; if not, a refresh loses it."""
        return self.unkept is None


@dataclass(frozen=True, slots=True)
class Result:
    """What a request came to: its pictures in their order, and why some are missing.

    Attributes:
        missing: Why, in words that hold at every door.
        lost: Why, of those that were charged and did not arrive.
    """

    pictures: list[Drawn]
    missing: tuple[str, ...] = ()
    lost: tuple[ImagenDemoError, ...] = ()

    def missing_at(self, door: Door) -> tuple[str, ...]:
        """Why pictures are fewer than asked for, one sentence or more a reason."""
        return (*self.missing, *(each.told_at(door) for each in self.lost))

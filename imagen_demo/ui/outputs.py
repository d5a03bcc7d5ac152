"""Pictures and their receipt as the page's updates, whether drawn just now or recorded earlier.

`ui/create/handlers` and `ui/library/handlers` decide what is shown and in which words; this puts it
into the widgets.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
from pydantic import Field, TypeAdapter, ValidationError

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import MAX_NUM_IMAGES
from imagen_demo.domain.receipt import Receipt, Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.examples import examples
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.result import Drawn, Result
from imagen_demo.ui import messages
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.library import notices

Update = Any
"""A widget's new value, a `gr.update`, or `gr.skip()` to leave it as it is."""

NOTHING_SHOWN: list[Update] = [gr.skip()] * 10

_NO_VISIT = Visit()


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser remembers: the pictures' names in the album, and why some are missing."""

    pictures: Annotated[list[str], Field(max_length=MAX_NUM_IMAGES)]
    missing: Annotated[list[str], Field(max_length=MAX_NUM_IMAGES + 1)]


_SHOWN = TypeAdapter(Shown)


@dataclass(frozen=True, slots=True)
class Showing:
    """Turns results into updates: `Page.remembered`, in its order.

    Picture and pictures share a place; the one without a value hides (style.css). As updates of
    their visibility Gradio would build each of them anew, and the types of its values with it, for
    more time than all the rest takes.
    """

    album: Album
    gallery: Path
    temporary: Temporary

    def updates(self, result: Result, *, notice: str, visit: Visit = _NO_VISIT) -> list[Update]:
        """Show a result, in the midst of a visit."""
        missing = result.missing_at(Door.CREATE)
        receipt = Receipt.of([each.recipe for each in result.pictures], missing)
        first, several = result.pictures[0].recipe, len(result.pictures) > 1
        gallery = self.several(result.pictures)
        only = gallery[0][0] if gallery else None  # no file, if no disk took it
        # Beside whatever the notice says later: it may be a failure, and the example stays.
        whose = "of an example" if self.is_example(result.pictures[0].path) else ""
        return [
            None if several else only,
            gallery if several else None,
            create_view.rewrite(first, whose or place_of(0, result)),
            create_view.usage(receipt, visit.of(receipt.drawn_by), whose),
            notice,
            self.memory(result),
            *create_view.code(first),
        ]

    def at_first(self, sentence: str) -> list[Update]:
        """What a newcomer meets: the first example, under what the page says first."""
        found = examples(self.gallery)
        if not found:
            return self.nothing(messages.opening(sentence))
        first = Drawn(0, found[0].recipe, found[0].path)
        return self.updates(Result([first]), notice=notices.at_first(first.recipe, sentence))

    @staticmethod
    def nothing(notice: str) -> list[Update]:
        """Show an empty page."""
        return [
            None,
            None,
            create_view.NO_REWRITE,
            create_view.NO_USAGE,
            notice,
            None,
            *create_view.NO_CODE,
        ]

    @staticmethod
    def several(pictures: list[Drawn]) -> list[tuple[str, str]]:
        """Several pictures side by side, each with its caption; those that have a file."""
        return [
            (str(each.path), create_view.caption(each.recipe)) for each in pictures if each.path
        ]

    def remembered(self, memory: object) -> Result | None:
        """What a browser's memory stands for, as far as its pictures still exist."""
        try:
            shown = _SHOWN.validate_python(memory)
        except ValidationError:
            return None
        found = [self.drawn(name, number) for number, name in enumerate(shown.pictures)]
        pictures = [each for each in found if each]
        return Result(pictures, tuple(shown.missing)) if pictures else None

    def drawn(self, name: str, number: int = 0) -> Drawn | None:
        """Return a picture by its name, as far as it still exists and its recipe can be read."""
        path = self.find(name)
        recipe = read(path) if path else None
        return Drawn(number, recipe, path) if isinstance(recipe, Recipe) else None

    def shown_at(self, path: object) -> Drawn | None:
        """Return a picture by where it lies: in the album, or set aside where no album took it."""
        if not isinstance(path, str):
            return None
        try:
            if not self.temporary.holds(Path(path)):
                return self.drawn(self.album.name(Path(path)))
        except (ValueError, OSError, RuntimeError):  # outside the album, or no path at all
            return None
        recipe = read(path)
        return Drawn(0, recipe, Path(path), unkept="") if isinstance(recipe, Recipe) else None

    def memory(self, result: Result) -> dict[str, list[str]] | None:
        """What a browser is to remember of a result: its pictures that are kept, by name."""
        kept = [self.name(each.path) for each in result.pictures if each.kept and each.path]
        return (
            _SHOWN.dump_python(Shown(kept, list(result.missing_at(Door.CREATE)))) if kept else None
        )

    def find(self, name: object) -> Path | None:
        """Return the picture of this name, of the album or the gallery; None if there is none."""
        return self.album.find(name) or self._example(name)

    def is_example(self, path: Path | None) -> bool:
        """Whether a picture lies in the gallery."""
        return path is not None and path.parent == self.gallery

    def _example(self, name: object) -> Path | None:
        known = {each.name: each for each in self.gallery.glob("*")}
        return known.get(name) if isinstance(name, str) else None

    def name(self, path: Path) -> str:
        """What a picture of the album or the gallery is called towards the browser."""
        return path.name if self.is_example(path) else self.album.name(path)


def said(notice: str) -> list[Update]:
    """A result that changes nothing but the notice."""
    return [*NOTHING_SHOWN[:4], notice, *NOTHING_SHOWN[5:]]


def place_of(number: int, result: Result | None) -> str:
    """Which of several pictures one is, in words; nothing if it is alone.

    Args:
        number: Its place, from 0.
        result: All of them; None if the browser does not remember them.
    """
    several = len(result.pictures) if result else 0
    if several == 1 and number == 0:
        return ""
    # Where some are not kept, their number is not known any more.
    of = f" of {several}" if number < several else ""
    return f"picture {number + 1}{of}"

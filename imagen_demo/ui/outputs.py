"""What handlers change on the page, by name; and results as such changes, drawn now or earlier.

`ui/create/handlers` and `ui/library/handlers` decide what is shown and in which words; this puts it
into the widgets. `into` is how the wiring gives it to Gradio.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import wraps
from inspect import isgeneratorfunction
from pathlib import Path
from typing import Annotated, Any, TypedDict, cast

import gradio as gr
from gradio.blocks import Block
from pydantic import Field, TypeAdapter, ValidationError

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import MAX_NUM_IMAGES
from imagen_demo.domain.receipt import Receipt, Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.examples import Example, examples
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.result import Drawn, Result
from imagen_demo.ui import messages
from imagen_demo.ui.cancellation import cancellable
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.library import notices
from imagen_demo.ui.messages import Notice
from imagen_demo.ui.recipe_beside import recipes_beside

Update = Any
"""A widget's new value, a `gr.update`, or `gr.skip()` to leave it as it is."""


class Outputs(TypedDict, total=False):
    """What a handler changes; whatever it leaves out stays as it is.

    The names are those of the widgets in `Page` and its panels; `settings` has what the visitor
    sets, each of `rules.SETTINGS` by its own name.
    """

    picture: Update
    rewritten_prompt: Update
    token_usage: Update
    notice: Update
    shown: Update
    code: create_view.Code
    strip: Update
    prices: Update
    columns: Update
    compared: Update
    preset: Update
    seed_note: Update
    sheet_file: Update
    keep_status: Update
    settings: Mapping[str, Update]


Handler = Callable[..., Outputs] | Callable[..., Iterator[Outputs]]


def into(handler: Handler, widgets: Mapping[str, Block]) -> dict[str, Any]:
    """Return what an event of Gradio's needs to put a handler's outputs into widgets.

    Args:
        handler: Returns `Outputs`, or yields them.
        widgets: Those that it may change, by their names.
    """

    @wraps(handler)
    def returned(*args: Any, **kwargs: Any) -> list[Update]:  # noqa: ANN401 - the handler's own
        return listed(cast("Outputs", handler(*args, **kwargs)), widgets)

    @wraps(handler)
    def yielded(*args: Any, **kwargs: Any) -> Iterator[list[Update]]:  # noqa: ANN401
        for each in cast("Iterator[Outputs]", handler(*args, **kwargs)):
            yield listed(each, widgets)

    fn = cancellable(yielded) if isgeneratorfunction(handler) else returned
    return {"fn": fn, "outputs": list(widgets.values())}


_NO_VISIT = Visit()


def listed(outputs: Outputs, names: Iterable[str]) -> list[Update]:
    """Return what these widgets are to show, in their order.

    Raises:
        LookupError: Something else changes, too; Gradio would never show it.
    """
    named: dict[str, Update] = {**outputs}
    named |= named.pop("settings", {})
    values = [named.pop(name, gr.skip()) for name in names]
    if named:
        raise LookupError(f"nobody shows {', '.join(named)}")
    return values


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser remembers: the pictures' names in the album, and why some are missing."""

    pictures: Annotated[list[str], Field(max_length=MAX_NUM_IMAGES)]
    missing: Annotated[list[str], Field(max_length=MAX_NUM_IMAGES + 1)]


_SHOWN = TypeAdapter(Shown)


@dataclass(frozen=True, slots=True)
class Showing:
    """Turns results into outputs."""

    album: Album
    gallery: Path
    temporary: Temporary
    of_the_day: Callable[[], Collection[str]] = frozenset

    def examples(self) -> list[Example]:
        """The gallery as it is now, the day's first."""
        return examples(self.gallery, self.of_the_day())

    def outputs(self, result: Result, *, notice: Notice, visit: Visit = _NO_VISIT) -> Outputs:
        """Show a result, in the midst of a visit."""
        missing = result.missing_at(Door.CREATE)
        receipt = Receipt.of([each.recipe for each in result.pictures], missing)
        first = result.pictures[0].recipe
        # Beside whatever the notice says later: it may be a failure, and the example stays.
        whose = "of an example" if self.is_example(result.pictures[0].path) else ""
        return {
            "picture": self.pictures(result.pictures),
            "rewritten_prompt": create_view.rewrite(first, whose or place_of(0, result)),
            "token_usage": create_view.usage(
                receipt, visit.of(receipt.drawn_by), whose, recipes_beside(result.pictures)
            ),
            "notice": notice,
            "shown": self.memory(result),
            "code": create_view.code(first),
        }

    def at_first(self, sentence: str) -> Outputs:
        """What a newcomer meets: the first example, under what the page says first."""
        found = self.examples()
        if not found:
            return self.nothing(messages.opening(sentence))
        first = Drawn(0, found[0].recipe, found[0].path)
        return self.outputs(Result([first]), notice=notices.at_first(first.recipe, sentence))

    @staticmethod
    def nothing(notice: Notice) -> Outputs:
        """Show an empty page."""
        return {
            "picture": create_view.NO_PICTURE,
            "rewritten_prompt": create_view.NO_REWRITE,
            "token_usage": create_view.NO_USAGE,
            "notice": notice,
            "shown": None,
            "code": create_view.NO_CODE,
        }

    @staticmethod
    def pictures(drawn: list[Drawn]) -> str:
        """Show those pictures that have a file."""
        shots = [
            create_view.Shot(each.path, each.recipe.used_prompt) for each in drawn if each.path
        ]
        ratios = [each.recipe.request.aspect_ratio for each in drawn if each.path]
        return create_view.pictures(shots, *ratios[:1])

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

"""The pictures that are there already: examples, the visitor's own, and dropped files.

Each of them shows itself by the recipe in its file, fills the inputs for Generate, and spends
nothing. `layout` places the widgets, `wiring` connects them.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr

from imagen_demo.album import Album, title
from imagen_demo.errors import InvalidRequest
from imagen_demo.examples import examples
from imagen_demo.generation import Picture
from imagen_demo.inscription import open_picture, read
from imagen_demo.recipe import Recipe
from imagen_demo.sheet import sheet
from imagen_demo.tiles import Tiles
from imagen_demo.ui import choices, links, markup, recorded, strips
from imagen_demo.ui.drawing import Drawn, Result, keep
from imagen_demo.ui.showing import NOTHING_SHOWN, Showing, Update
from imagen_demo.ui.strips import Tile

_UNTOUCHED: list[Update] = [gr.skip()] * len(choices.SETTINGS)

_GONE = "This picture is no longer here. Nothing was spent."
_NOTHING_ON_SHEET = (
    '<p role="status">No picture that is kept here is shown: there is nothing to set.</p>'
)
_NOT_DELETED = "The disk did not let go of it. Try again in a minute."
_NO_RECIPE = (
    "This picture carries no recipe, so there is nothing to restore. "
    "Those that this demo draws do, and those of AUTOMATIC1111."
)


@dataclass(frozen=True, slots=True)
class Record:
    """The behaviour of strip, gallery, dropped files, sheet and link.

    Attributes:
        on_the_way: How many of a visitor's pictures are being drawn just now.
        gallery: The folder of the examples.
    """

    album: Album
    tiles: Tiles
    gallery: Path
    on_the_way: Callable[[str], int]

    @property
    def _showing(self) -> Showing:
        return Showing(self.album, self.gallery)

    def on_strip(self, visitor: str) -> str:
        """Show the visitor's newest pictures, and how many are on their way."""
        return self._strip(visitor, strips.NEWEST)

    def on_strip_whole(self, visitor: str) -> str:
        """Show all of them."""
        return self._strip(visitor, None)

    def on_gallery(self) -> str:
        """Show the examples as they lie in their folder now."""
        found = examples(self.gallery)
        tiles = [
            Tile(each.path.name, self.tiles.of(each.path), each.recipe.request.prompt)
            for each in found
        ]
        return strips.gallery(tiles, by={each.recipe.drawn_by for each in found})

    def on_example(self, prompt: str, event: gr.EventData) -> list[Update]:
        """Show an example's recorded picture. Returns a result and the settings."""
        return self._open(event, recorded.example, prompt)

    def on_open(self, prompt: str, event: gr.EventData) -> list[Update]:
        """Bring back one of the visitor's pictures. Returns a result and the settings."""
        return self._open(event, recorded.own_picture, prompt)

    def on_drop(self, data: bytes | None, prompt: str, visitor: str) -> list[Update]:
        """Open a picture from the visitor's disk. Returns a result, the settings and the strip.

        One that this demo made joins the visitor's own; of a foreign one only the prompt is taken.
        """
        try:
            picture, recipe = open_picture(data or b"")
        except InvalidRequest as error:
            return [*NOTHING_SHOWN[:4], markup.failure(error), gr.skip(), *_UNTOUCHED, gr.skip()]
        if recipe is None:
            return [*_told(_NO_RECIPE), *_UNTOUCHED, gr.skip()]
        if isinstance(recipe, str):
            return [*_foreign(recipe, prompt), gr.skip()]
        known = self._known(picture.data, visitor)
        drawn = (
            Drawn(0, recipe, known) if known else keep(self.album, picture, recipe, visitor=visitor)
        )
        return [
            *self._updates(
                drawn, recorded.opened if drawn.kept else recorded.opened_unkept, prompt
            ),
            self.on_strip(visitor),
        ]

    def on_remove(self, visitor: str, memory: object, event: gr.EventData) -> list[Update]:
        """Delete one of the visitor's pictures. Returns the strip and a result."""
        name = getattr(event, "name", None)
        path = self.album.find(name)
        return self._removed(visitor, memory, [path] if path else [])

    def on_remove_all(self, visitor: str, memory: object) -> list[Update]:
        """Delete all of the visitor's pictures. Returns the strip and a result."""
        return self._removed(visitor, memory, self.album.of(visitor))

    def on_sheet(self, memory: object) -> list[Update]:
        """Set the sheet of what is shown. Returns file name and HTML for the browser, and words."""
        result = self._showing.remembered(memory)
        if result is None:
            return [None, _NOTHING_ON_SHEET]
        pictures = [
            (_picture(each.path, each.recipe), each.recipe) for each in result.pictures if each.path
        ]
        name = f"{title(pictures[0][1])}.html"
        return [{"name": name, "html": sheet(pictures)}, '<p role="status">Sheet downloaded.</p>']

    def on_reuse(self, memory: object) -> list[Any]:
        """Take the shown picture's seed. Returns seed and a note."""
        result = self._showing.remembered(memory)
        return choices.reuse(result.pictures[0].recipe.seed if result else None)

    @staticmethod
    def on_link(request: gr.Request) -> list[Update]:
        """Fill in what the page's own address says. Returns the settings."""
        found = links.settings_of(dict(request.query_params))
        if "seed" in found:
            found["seed"] = str(found["seed"])
        return [found.get(name, gr.skip()) for name in choices.SETTINGS]

    def _strip(self, visitor: str, limit: int | None) -> str:
        paths = self.album.of(visitor)
        tiles = [
            Tile(self.album.name(path), self.tiles.of(path), _prompt_of(path))
            for path in paths[:limit]
        ]
        return strips.own(tiles, total=len(paths), on_the_way=self.on_the_way(visitor))

    def _open(self, event: gr.EventData, words: recorded.Recorded, typed: str) -> list[Update]:
        path = self._showing.find(getattr(event, "name", None))
        recipe = read(path) if path else None
        if not path or not isinstance(recipe, Recipe):
            return [*_told(_GONE), *_UNTOUCHED]
        return self._updates(Drawn(0, recipe, path), words, typed)

    def _updates(self, drawn: Drawn, words: recorded.Recorded, typed: str) -> list[Update]:
        recipe = drawn.recipe
        undo = _is_lost(typed, recipe.request.prompt)
        updates = self._showing.updates(Result([drawn]), notice=words(recipe, undo=undo))
        return [*updates, *choices.filled(recipe.request)]

    def _removed(self, visitor: str, memory: object, paths: list[Path]) -> list[Update]:
        shown = self._showing.remembered(memory)
        on_page = {each.path for each in shown.pictures} if shown else set()
        gone = set()
        try:
            for path in paths:
                if self.album.remove(self.album.name(path), visitor=visitor):
                    gone.add(path)
                    self.tiles.forget(path)
        except OSError:
            return [self.on_strip(visitor), *_told(_NOT_DELETED)]
        words = markup.opening("Removed, from this demo's disk too.")
        updates = self._showing.nothing(words) if on_page & gone else NOTHING_SHOWN
        return [self.on_strip(visitor), *updates]

    def _known(self, data: bytes, visitor: str) -> Path | None:
        """The visitor's own picture with these very bytes, if there is one."""
        for path in self.album.of(visitor):
            if path.stat().st_size == len(data) and path.read_bytes() == data:
                return path
        return None


def _told(sentence: str) -> list[Update]:
    """A result that changes nothing but the notice."""
    return [*NOTHING_SHOWN[:4], markup.opening(sentence), gr.skip()]


def _foreign(found: str, typed: str) -> list[Update]:
    notice = recorded.foreign_picture(undo=_is_lost(typed, found))
    return [*NOTHING_SHOWN[:4], notice, gr.skip(), found, *_UNTOUCHED[1:]]


def _is_lost(typed: str, filled: str) -> bool:
    """Whether filling in a prompt overwrites one that the visitor typed."""
    return bool(typed.strip()) and typed.strip() != filled


def _prompt_of(path: Path) -> str:
    recipe = read(path)
    return recipe.request.prompt if isinstance(recipe, Recipe) else recipe or path.stem


def _picture(path: Path, recipe: Recipe) -> Picture:
    return Picture(
        path.read_bytes(), path.suffix, recipe.width, recipe.height, recipe.rewritten_prompt
    )

"""The pictures that are there already: examples, the visitor's own, and dropped files.

Each of them shows itself by the recipe in its file, fills the inputs for Generate, and spends
nothing. `ui/layout` places the widgets, `ui/library/wiring` connects them.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import gradio as gr

from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.file_names import title
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import Foreign, open_picture, read
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.pictures.twins import twin_of
from imagen_demo.service.generate import Drawing
from imagen_demo.service.result import Drawn, Result
from imagen_demo.ui import messages
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.library import notices
from imagen_demo.ui.library import view as library_view
from imagen_demo.ui.library.view import Tile
from imagen_demo.ui.options import rules, share_link
from imagen_demo.ui.outputs import Outputs, Showing, Update
from imagen_demo.ui.sheet import sheet
from imagen_demo.ui.sheet_download import hand_out, picture_of

log = logging.getLogger("imagen_demo")

_GONE = "This picture is no longer here. Nothing was spent."
_NOTHING_ON_SHEET = messages.status("Make a picture or click one first: the sheet shows it.")
_REMOVED = "Removed from this demo's disk."
_NOT_REMOVED = "The disk did not let go of everything. Try again in a minute."
_NO_RECIPE = (
    "The file you opened carries no recipe, so there is nothing to restore. "
    "Pictures that this demo draws do; of AUTOMATIC1111's, ComfyUI's and their like the prompt is "
    "taken, where the file names it."
)


@dataclass(frozen=True, slots=True)
class Record:
    """The behaviour of strip, gallery, dropped files, sheet and link."""

    showing: Showing
    thumbnails: Thumbnails
    drawing: Drawing

    def on_strip(self, visitor: str) -> Update:
        """Show the visitor's newest pictures, and how many are on their way.

        A disk that fails costs the strip, and nothing that is shown beside it.
        """
        return self._strip_or_none(visitor, whole=False)

    def on_strip_again(self, visitor: str, event: gr.EventData) -> Update:
        """The same, or all of them, as the page says it shows or is to show."""
        return self._strip_or_none(visitor, whole=getattr(event, "whole", None) is True)

    def on_return(self, visitor: str) -> Update:
        """The same for a page that was just opened.

        A newcomer's stays as it is: Generate may be pressed by now, and the place of what comes is
        in it.
        """
        try:
            is_known = self.drawing.on_the_way(visitor) or self.showing.album.of(visitor)
        except OSError:
            return gr.skip()
        return self.on_strip(visitor) if is_known else gr.skip()

    def on_gallery(self) -> str:
        """Show the examples as they lie in their folder now."""
        found = self.showing.examples()
        with ThreadPoolExecutor() as pool:  # at the first start none of them has its thumbnail
            thumbnails = pool.map(self.thumbnails.of, [each.path for each in found])
        tiles = [
            Tile(each.path.name, thumbnail, each.recipe.request.prompt)
            for each, thumbnail in zip(found, thumbnails, strict=True)
        ]
        return library_view.gallery(tiles, by={each.recipe.drawn_by for each in found})

    def on_open(self, typed: str, event: gr.EventData) -> Outputs:
        """Show an example, or one of the visitor's own, with its settings."""
        path = self.showing.find(getattr(event, "name", None))
        recipe = read(path) if path else None
        is_example = self.showing.is_example(path)
        if path is None or (is_example and not isinstance(recipe, Recipe)):
            return Outputs(notice=messages.opening(_GONE))
        if not isinstance(recipe, Recipe):
            return self._without_recipe(path, recipe.prompt if recipe else "", typed)
        words = notices.example if is_example else notices.own_picture
        return self._outputs(Drawn(0, recipe, path), words, typed)

    def on_drop(
        self, uploaded: dict[str, Any] | None, typed: str | None, visitor: str = ""
    ) -> Outputs:
        """Open a picture from the visitor's disk, with its settings.

        One that this demo made shows all it knows; of a foreign one only the prompt is taken.
        Neither is kept.

        Args:
            uploaded: The file as Gradio put it on this disk (`gradio.FileData`).
            typed: The prompt that is in the box.
            visitor: Among whose pictures the very same file may have its recipe beside it.
        """
        path = Path(uploaded["path"]) if uploaded else None
        typed = str(typed or "")  # as the page sent it, like the file
        try:
            picture, recipe = open_picture(_bytes_of(path))
        except InvalidRequest as error:
            return Outputs(notice=messages.failure(error))
        if not isinstance(recipe, Recipe):
            recipe = self._recipe_of_twin(picture.data, visitor) or recipe
        if recipe is None:
            return Outputs(notice=messages.opening(_NO_RECIPE))
        if isinstance(recipe, Foreign):
            return self._foreign(recipe, typed)
        drawn = self.drawing.set_aside(picture, recipe, lies_at=path)
        return self._outputs(drawn, notices.opened, typed)

    def on_remove(self, visitor: str, memory: object, event: gr.EventData) -> Outputs:
        """Delete one of the visitor's pictures."""
        path = self.showing.album.find(getattr(event, "name", None))
        whole = getattr(event, "whole", None) is True
        return self._removed(visitor, memory, [path] if path else [], whole=whole)

    def on_remove_all(self, visitor: str, memory: object) -> Outputs:
        """Delete all of the visitor's pictures."""
        try:
            mine = self.showing.album.of(visitor)
        except OSError:
            return Outputs(notice=messages.opening(_NOT_REMOVED))
        return self._removed(visitor, memory, mine, whole=False)

    def on_sheet(self, memory: object) -> Outputs:
        """Set the sheet of what is shown."""
        result = self.showing.remembered(memory)
        if result is None:
            return Outputs(sheet_file=None, keep_status=_NOTHING_ON_SHEET)
        try:
            pictures = [(picture_of(each), each.recipe) for each in result.pictures]
        except OSError:  # removed in this very moment
            return Outputs(sheet_file=None, keep_status=_NOTHING_ON_SHEET)
        name = f"{title(pictures[0][1])}.html"
        return hand_out(sheet(pictures), name, temporary=self.showing.temporary)

    def on_reuse(self, memory: object) -> Outputs:
        """Take the shown picture's seed, if it has one; the browser makes way for it."""
        result = self.showing.remembered(memory)
        seed = result.pictures[0].recipe.seed if result else None
        if seed is None:
            return Outputs(seed_note=rules.NO_SEED_NOTE)
        return Outputs(settings={"seed": str(seed)})

    @staticmethod
    def on_link(draft: str, request: gr.Request) -> Outputs:
        """Fill in what the page's own address says.

        `draft` is the prompt that this browser remembered, which can be put back.
        """
        found = share_link.settings_of(dict(request.query_params))
        if "seed" in found:
            found["seed"] = str(found["seed"])
        undo = _is_lost(draft, found.get("prompt", ""))
        if not found and undo:
            return Outputs(notice=notices.useless_link(undo=undo))
        return Outputs(notice=notices.from_link(undo=undo), settings=found) if found else Outputs()

    def _strip_or_none(self, visitor: str, *, whole: bool) -> Update:
        try:
            return self._strip(visitor, whole=whole)
        except OSError as error:
            log.error("the strip could not be read: %s", error.strerror)  # noqa: TRY400 - no bug
            return gr.skip()

    def _strip(self, visitor: str, *, whole: bool) -> library_view.Strip:
        limit = None if whole else library_view.NEWEST
        paths = self.showing.album.of(visitor)
        tiles = [
            Tile(self.showing.album.name(path), self.thumbnails.soon(path), _prompt_of(path))
            for path in paths[:limit]
        ]
        coming = self.drawing.on_the_way(visitor)
        return library_view.own(tiles, total=len(paths), on_the_way=coming)

    def _outputs(self, drawn: Drawn, words: notices.Recorded, typed: str) -> Outputs:
        recipe = drawn.recipe
        undo = _is_lost(typed, recipe.request.prompt)
        outputs = self.showing.outputs(Result([drawn]), notice=words(recipe, undo=undo))
        return {**outputs, "settings": rules.filled(recipe.request)}

    def _recipe_of_twin(self, data: bytes, visitor: str) -> Recipe | None:
        """The recipe that lies beside the very same picture, among what the visitor may see."""
        try:
            mine = self.showing.album.of(visitor)
        except OSError:
            mine = []
        twin = twin_of(data, [*mine, *self.showing.gallery.glob("*")])
        recipe = read(twin) if twin else None
        return recipe if isinstance(recipe, Recipe) else None

    @staticmethod
    def _foreign(found: Foreign, typed: str) -> Outputs:
        """Take the prompt of a picture that another program made."""
        if not found.prompt:
            return Outputs(notice=notices.unnamed_prompt(found.program))
        notice = notices.foreign_picture(found.program, undo=_is_lost(typed, found.prompt))
        return Outputs(notice=notice, settings={"prompt": found.prompt})

    def _without_recipe(self, path: Path, prompt: str, typed: str) -> Outputs:
        """Show a picture whose recipe says nothing to this version, or is none."""
        undo = bool(prompt) and _is_lost(typed, prompt)
        return {
            **self.showing.nothing(notices.bare_picture(undo=undo)),
            "picture": create_view.pictures([create_view.Shot(path, prompt or path.stem)]),
            "settings": {"prompt": prompt} if prompt else {},
        }

    def _removed(self, visitor: str, memory: object, paths: list[Path], *, whole: bool) -> Outputs:
        album, shown = self.showing.album, self.showing.remembered(memory)
        words = _REMOVED
        for path in paths:
            try:
                if album.remove(album.name(path), visitor=visitor):
                    self.thumbnails.forget(path)
            except OSError:
                words = _NOT_REMOVED
        strip, notice = self._strip_or_none(visitor, whole=whole), messages.opening(words)
        before = shown.pictures if shown else []
        left = [each for each in before if each.path and each.path.exists()]
        if len(left) == len(before):
            return Outputs(strip=strip, notice=notice)
        if not left or shown is None:
            return {**self.showing.nothing(notice), "strip": strip}
        outputs = self.showing.outputs(Result(left, shown.missing), notice=notice)
        return {**outputs, "strip": strip}


def _bytes_of(path: Path | None) -> bytes:
    """What was dropped; nothing if it is gone by now, or never came."""
    with suppress(OSError):
        return path.read_bytes() if path else b""
    return b""


def _is_lost(typed: str, filled: str) -> bool:
    """Whether filling in a prompt overwrites one that the visitor typed."""
    return bool(typed.strip()) and typed.strip() != filled


def _prompt_of(path: Path) -> str:
    try:
        return _recorded_prompt(path)
    except LookupError as other:
        return str(other) or path.stem


@lru_cache(maxsize=512)  # what an album keeps never changes, and a strip has two dozen of them
def _recorded_prompt(path: Path) -> str:
    """Return the prompt that a picture's recipe has.

    Raises:
        LookupError: It cannot be read, or not now; what is known of the prompt all the same.
    """
    recipe = read(path)
    if isinstance(recipe, Recipe):
        return recipe.request.prompt
    raise LookupError(recipe.prompt if recipe else "")

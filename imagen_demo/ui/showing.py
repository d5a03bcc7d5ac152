"""Pictures and their receipt as the page's updates, whether drawn just now or recorded earlier.

`handlers` and `record` decide what is shown and in which words; this puts it into the widgets.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
from pydantic import Field, TypeAdapter, ValidationError

from imagen_demo.album import Album
from imagen_demo.catalog import MAX_NUM_IMAGES, MAX_WORDS_REWRITTEN, MODELS
from imagen_demo.inscription import read
from imagen_demo.recipe import Receipt, Recipe
from imagen_demo.ui import markup
from imagen_demo.ui.drawing import Drawn, Result

Update = Any
"""A widget's new value, a `gr.update`, or `gr.skip()` to leave it as it is."""

NOTHING_SHOWN: list[Update] = [gr.skip()] * 6


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser remembers: the pictures' names in the album, and why some are missing."""

    pictures: Annotated[list[str], Field(max_length=MAX_NUM_IMAGES)]
    missing: Annotated[list[str], Field(max_length=MAX_NUM_IMAGES + 1)]


_SHOWN = TypeAdapter(Shown)


@dataclass(frozen=True, slots=True)
class Showing:
    """Turns results into updates of picture, pictures, rewritten prompt, usage, notice, memory."""

    album: Album
    gallery: Path

    def updates(self, result: Result, *, notice: str, visit_tokens: int = 0) -> list[Update]:
        """Show a result."""
        receipt = Receipt.of([each.recipe for each in result.pictures], result.missing)
        first, several = result.pictures[0].recipe, len(result.pictures) > 1
        gallery = self.several(result.pictures)
        only = gallery[0][0] if gallery else None  # no file, if no disk took it
        return [
            gr.update(value=only, alt_text=caption(first), visible=not several),
            gr.update(value=gallery if several else None, visible=several),
            gr.update(value=first.rewritten_prompt or "", placeholder=_why_no_rewrite(first)),
            markup.usage(receipt, visit_tokens),
            notice,
            self._memory(result),
        ]

    @staticmethod
    def nothing(notice: str) -> list[Update]:
        """Show an empty page, as a newcomer meets it."""
        return [
            gr.update(value=None, visible=True),
            gr.update(value=None, visible=False),
            gr.update(value="", placeholder=markup.REWRITE_APPEARS_HERE),
            markup.NO_USAGE,
            notice,
            None,
        ]

    @staticmethod
    def several(pictures: list[Drawn]) -> list[tuple[str, str]]:
        """Several pictures side by side, each with its caption; those that have a file."""
        return [(str(each.path), caption(each.recipe)) for each in pictures if each.path]

    def remembered(self, memory: object) -> Result | None:
        """What a browser's memory stands for, as far as its pictures still exist."""
        try:
            shown = _SHOWN.validate_python(memory)
        except ValidationError:
            return None
        pictures = []
        for number, name in enumerate(shown.pictures):
            path = self.find(name)
            recipe = read(path) if path else None
            if isinstance(recipe, Recipe):
                pictures.append(Drawn(number, recipe, path))
        return Result(pictures, tuple(shown.missing)) if pictures else None

    def _memory(self, result: Result) -> dict[str, list[str]] | None:
        kept = [self._name(each.path) for each in result.pictures if each.kept and each.path]
        return _SHOWN.dump_python(Shown(kept, list(result.missing))) if kept else None

    def find(self, name: object) -> Path | None:
        """Return the picture of this name, of the album or the gallery; None if there is none."""
        return self.album.find(name) or self._example(name)

    def is_example(self, path: Path | None) -> bool:
        """Whether a picture lies in the gallery."""
        return path is not None and path.parent == self.gallery

    def _example(self, name: object) -> Path | None:
        known = {each.name: each for each in self.gallery.glob("*")}
        return known.get(name) if isinstance(name, str) else None

    def _name(self, path: Path) -> str:
        return path.name if self.is_example(path) else self.album.name(path)


def said(notice: str) -> list[Update]:
    """A result that changes nothing but the notice."""
    return [*NOTHING_SHOWN[:4], notice, gr.skip()]


def caption(recipe: Recipe) -> str:
    """What a picture is described by to those who do not see it."""
    return recipe.rewritten_prompt or recipe.request.prompt


def _why_no_rewrite(recipe: Recipe) -> str:
    model = MODELS[recipe.request.model]
    if "enhance_prompt" not in model.options:
        return f"None: {model.label} does not rewrite prompts."
    if not recipe.request.enhance_prompt:
        return "None: rewriting was off."
    if len(recipe.request.prompt.split()) >= MAX_WORDS_REWRITTEN:
        return f"None: prompts of {MAX_WORDS_REWRITTEN} words or more are drawn as they are."
    return "The service gave none back for this picture."

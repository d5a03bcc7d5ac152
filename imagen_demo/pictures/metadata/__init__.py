"""Recipes inside picture files: written without touching a pixel, read without trusting a byte.

`service/generate` inscribes every picture before `album` keeps it; the strip, the gallery and
dropped files are read back here. `domain/recipe` says what is written; `png`, `jpeg` and `webp`
know where in a file, `exif`, `tiff` and `xmp` how, `a1111` how other programs write it, and
`credentials` which file is left as it is: its recipe lies `beside` it. `foreign` has what other
programs wrote, `suspicion` what is believed.
"""

import struct
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.a1111 import parameters_of
from imagen_demo.pictures.metadata.beside import recipe_beside
from imagen_demo.pictures.metadata.credentials import is_signed
from imagen_demo.pictures.metadata.exif import EXIF_OVERHEAD, texts_of_exif
from imagen_demo.pictures.metadata.foreign import Foreign, foreign_of
from imagen_demo.pictures.metadata.jpeg import into_jpeg
from imagen_demo.pictures.metadata.png import into_png, texts_of_png
from imagen_demo.pictures.metadata.suspicion import MAX_RECIPE, believed, verify_foreign
from imagen_demo.pictures.metadata.webp import into_webp
from imagen_demo.pictures.verify import FORMATS, upright_size

__all__ = [
    "Foreign",
    "carries_recipe",
    "inscribe",
    "is_signed",
    "open_picture",
    "read",
    "with_recipe",
]


def inscribe(picture: Picture, recipe: Recipe) -> Picture:
    """Write a recipe into a picture's file, and what drew it, between the pieces that are there.

    A file that its maker has signed, or that has an unusual build, is returned as it is; one that
    cannot hold so long a recipe, or keeps something else in its place, gains the label alone.
    """
    return with_recipe(picture, recipe)[0]


def with_recipe(picture: Picture, recipe: Recipe) -> tuple[Picture, bool]:
    """Do the same, and say whether the recipe is in the file, so that `read` finds it there."""
    write = {".png": into_png, ".jpg": into_jpeg, ".webp": into_webp}[picture.suffix]
    fitting = _fitting(recipe)
    try:
        data, is_in = write(picture.data, fitting)
    except (struct.error, IndexError, ValueError):  # signed, or it ends where a piece should begin
        return picture, False
    return replace(picture, data=data), is_in and len(fitting.to_text().encode()) <= MAX_RECIPE


def _fitting(recipe: Recipe) -> Recipe:
    """Leave the response out where it takes half the room, or that of other programs' text."""
    ours, theirs = recipe.to_text().encode(), parameters_of(recipe).encode("utf-16-be")
    room = MAX_RECIPE - EXIF_OVERHEAD
    if len(ours) > MAX_RECIPE // 2 or len(ours) + len(theirs) > room:
        return replace(recipe, response="")
    return recipe


def read(source: Path | str | BytesIO) -> Recipe | Foreign | None:
    """Return a picture's recipe; a foreign picture's prompt alone; None if it has neither.

    The recipe may stand in the file, or beside it on the disk. One that this version cannot follow,
    say for a model it does not know, counts as foreign.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            in_png = image.format == "PNG"
            written, texts = texts_of_png(image) if in_png else texts_of_exif(image)
            size = upright_size(image)
    except Exception:  # noqa: BLE001 - a hostile file raises whatever it can
        return None
    if recipe := believed(written, size):
        return recipe
    beside = None if isinstance(source, BytesIO) else recipe_beside(Path(source), size)
    return beside or foreign_of(texts)


def carries_recipe(data: bytes) -> bool:
    """Whether a picture's own file has its recipe, so that nothing need lie beside it."""
    return isinstance(read(BytesIO(data)), Recipe)


def open_picture(data: bytes) -> tuple[Picture, Recipe | Foreign | None]:
    """Make sure that bytes from a visitor are a picture, and read its recipe as `read` does.

    Raises:
        InvalidRequest: They are no picture, a damaged one, or one that is too large.
    """
    return verify_foreign(data), read(BytesIO(data))

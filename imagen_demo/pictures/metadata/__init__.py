"""Recipes inside picture files: written without touching a pixel, read without trusting a byte.

`service/generate` inscribes every picture before `album` keeps it; the strip, the gallery and
dropped files are read back here. `domain/recipe` says what is written; `png`, `jpeg` and `webp`
know where in a file, `a1111` how other programs write it, `suspicion` what is believed.
"""

import struct
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.a1111 import parameters_of, prompt_of
from imagen_demo.pictures.metadata.exif import EXIF_OVERHEAD, texts_of_exif
from imagen_demo.pictures.metadata.jpeg import into_jpeg
from imagen_demo.pictures.metadata.png import into_png, texts_of_png
from imagen_demo.pictures.metadata.suspicion import MAX_RECIPE, believed, verify_foreign
from imagen_demo.pictures.metadata.webp import into_webp
from imagen_demo.pictures.verify import FORMATS


def inscribe(picture: Picture, recipe: Recipe) -> Picture:
    """Write a recipe into a picture's file, between the pieces that are there already.

    A file with an unusual build, or one that cannot hold so long a recipe, is returned as it is.
    """
    write = {".png": into_png, ".jpg": into_jpeg, ".webp": into_webp}[picture.suffix]
    try:
        return replace(picture, data=write(picture.data, _fitting(recipe)))
    except (struct.error, IndexError, ValueError):  # it ends where a piece should begin, say
        return picture


def _fitting(recipe: Recipe) -> Recipe:
    """Leave the response out where it takes half the room, or that of other programs' text."""
    ours, theirs = recipe.to_text().encode(), parameters_of(recipe).encode("utf-16-be")
    room = MAX_RECIPE - EXIF_OVERHEAD
    if len(ours) > MAX_RECIPE // 2 or len(ours) + len(theirs) > room:
        return replace(recipe, response="")
    return recipe


def read(source: Path | str | BytesIO) -> Recipe | str | None:
    """Return a picture's recipe; a foreign picture's prompt alone; None if it has neither.

    A recipe that this version cannot follow, say for a model it does not know, counts as foreign.
    """
    try:
        with Image.open(source, formats=FORMATS) as image:
            texts_of = texts_of_png if image.format == "PNG" else texts_of_exif
            written, parameters = texts_of(image)
            size = image.size
    except Exception:  # noqa: BLE001 - a hostile file raises whatever it can
        return None
    return believed(written, size) or prompt_of(parameters) or None


def open_picture(data: bytes) -> tuple[Picture, Recipe | str | None]:
    """Make sure that bytes from a visitor are a picture, and read its recipe as `read` does.

    Raises:
        InvalidRequest: They are no picture, a damaged one, or one that is too large.
    """
    return verify_foreign(data), read(BytesIO(data))

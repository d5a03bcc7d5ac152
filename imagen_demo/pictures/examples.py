"""The examples: every picture in `gallery/` that has a recipe, and nothing else.

The page shows them as tiles; drop a downloaded picture into the folder and it is an example.
`tools/draw_gallery.py` draws all of them again.
"""

import logging
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.verify import SUFFIXES

_PACKAGE = Path(__file__).parent.parent

GALLERY = _PACKAGE / "gallery" if (_PACKAGE / "gallery").is_dir() else _PACKAGE.parent / "gallery"
"""Beside `app.py`; in the package where it was installed as one."""

_ENDINGS = (*SUFFIXES, ".jpeg")

log = logging.getLogger("imagen_demo")


@dataclass(frozen=True, slots=True)
class Example:
    """A recorded picture and what it was made with."""

    path: Path
    recipe: Recipe


def names(folder: Path = GALLERY) -> list[str]:
    """Name the gallery's pictures, without reading any."""
    found = sorted(each.name for each in folder.glob("*"))
    return [each for each in found if Path(each).suffix.lower() in _ENDINGS]


def examples(folder: Path = GALLERY, first: Collection[str] = ()) -> list[Example]:
    """Read the gallery as it is now, in the order of the files' names.

    Args:
        folder: Where it is.
        first: The names of those that come before all others.
    """
    found = []
    for name in sorted(names(folder), key=lambda each: each not in first):
        path = folder / name
        recipe = read(path)
        if isinstance(recipe, Recipe):
            found.append(Example(path, recipe))
        else:
            log.warning("%s has no recipe and is left out of the gallery", path.name)
    return found


def version(folder: Path = GALLERY) -> tuple[tuple[str, int, int], ...]:
    """Tell a changed gallery from the one before, without reading any picture.

    Returns:
        Name, time of the last change and size of each file; nothing if the folder cannot be read.
    """
    try:
        with os.scandir(folder) as entries:
            facts = [(each.name, each.stat()) for each in entries]
    except OSError:
        return ()
    return tuple(sorted((name, each.st_mtime_ns, each.st_size) for name, each in facts))

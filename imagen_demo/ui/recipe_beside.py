"""Which of the pictures shown have no recipe in their files: why, and where it is.

`ui/outputs` has it said below what the pictures cost. Signed files are left as they came
(`pictures/metadata/credentials`).
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass

from imagen_demo.domain.file_names import title
from imagen_demo.pictures.metadata import carries_recipe, is_signed
from imagen_demo.pictures.metadata.beside import SUFFIX, lies_beside, recipe_file
from imagen_demo.service.result import Drawn


@dataclass(frozen=True, slots=True)
class RecipeFile:
    """A recipe to download: what it is called, and all of it as an address."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class RecipesBeside:
    """What is said of them, and the recipes."""

    sentence: str
    files: Sequence[RecipeFile]


def recipes_beside(pictures: Sequence[Drawn]) -> RecipesBeside | None:
    """One quiet sentence and the recipes to download; None where each file has its own."""
    found = [(drawn, data) for drawn in pictures if (data := _bytes_without_recipe(drawn))]
    if not found:
        return None
    one = len(found) == 1
    why = ""
    if all(is_signed(data) for _, data in found):
        why = f"Signed by {'its' if one else 'their'} maker (Content Credentials). "
    left = "The file is left untouched; " if one else "The files are left untouched; "
    kept = "its recipe is kept here." if one else "their recipes are kept here."
    if any(drawn.unkept for drawn, _ in found):
        kept = "download its recipe, too." if one else "download their recipes, too."
    return RecipesBeside(why + left + kept, [_file(*each) for each in found])


def _bytes_without_recipe(drawn: Drawn) -> bytes:
    """The bytes of a picture whose file does not have its recipe; else nothing."""
    try:
        if drawn.path and drawn.kept and not lies_beside(drawn.path):
            return b""
        held = drawn.picture.data if drawn.picture else b""
        data = drawn.path.read_bytes() if drawn.path else held
    except OSError:  # removed in this very moment
        return b""
    return b"" if carries_recipe(data) else data


def _file(drawn: Drawn, data: bytes) -> RecipeFile:
    written = b64encode(recipe_file(drawn.recipe, data)).decode()
    return RecipeFile(f"{title(drawn.recipe)}{SUFFIX}", f"data:application/json;base64,{written}")

"""Sheets on their way to the visitor: pictures read back from disk, a file set aside for download.

`record` and `compare` hand out theirs through it.
"""

from imagen_demo.generation import Picture
from imagen_demo.ui.drawing import Drawn, set_aside_as
from imagen_demo.ui.showing import Update

DISK_FULL = '<p role="status">This demo\'s disk is full: no sheet could be made.</p>'
_DONE = '<p role="status">Sheet downloaded.</p>'


def picture_of(drawn: Drawn) -> Picture:
    """Return the bytes of a picture that has a file.

    Raises:
        OSError: The file is gone meanwhile.
    """
    if drawn.path is None:
        raise FileNotFoundError
    recipe = drawn.recipe
    data, suffix = drawn.path.read_bytes(), drawn.path.suffix
    return Picture(data, suffix, recipe.width, recipe.height, recipe.rewritten_prompt)


def hand_out(page: str, name: str) -> list[Update]:
    """Set a sheet aside for about an hour. Returns its file and words.

    Raises:
        OSError: The disk has no room.
    """
    place = set_aside_as(name)
    place.write_text(page, encoding="utf-8")
    return [str(place), _DONE]

"""Sheets on their way to the visitor: pictures read back from disk, a file set aside for download.

`ui/library/handlers` and `ui/compare/handlers` hand out theirs through it.
"""

from imagen_demo.domain.errors import reason_of
from imagen_demo.domain.generation import Picture
from imagen_demo.pictures.temporary import Temporary
from imagen_demo.service.result import Drawn
from imagen_demo.ui import messages
from imagen_demo.ui.outputs import Outputs


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


def hand_out(page: str, name: str, *, temporary: Temporary) -> Outputs:
    """Set a sheet aside for about an hour; say so, or that no disk took it."""
    try:
        place = temporary.save(name, page.encode())
    except OSError as error:
        said = messages.status(f"{reason_of(error)}: no sheet could be made.")
        return Outputs(sheet_file=None, keep_status=said)
    return Outputs(sheet_file=str(place), keep_status=messages.status("Sheet downloaded."))

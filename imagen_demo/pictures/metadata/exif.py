"""Both texts as Exif data: ours as the maker's note, AUTOMATIC1111's as the user's comment.

`jpeg` and `webp` put them into their files; the package reads them back from either.
"""

from collections.abc import Mapping, Sequence

from PIL import Image
from PIL.ExifTags import IFD, Base

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.a1111 import parameters_of

EXIF_OVERHEAD = 256
"""More than the bytes around both texts in Exif data, a picture's orientation among them."""

_MARK = b"imagen-demo\0"
_UNICODE = b"UNICODE\0"  # how an Exif comment says that it is UTF-16


def exif_choices(recipe: Recipe, *, turned: int | None = None) -> Sequence[bytes]:
    """Exif data with everything, and with the recipe alone for where that is too long.

    Args:
        recipe: What is written.
        turned: How the file turns its picture, as Exif numbers it; None if it does not.
    """
    ours: dict[int, bytes] = {Base.MakerNote: _MARK + recipe.to_text().encode()}
    comment = _UNICODE + parameters_of(recipe).encode("utf-16-be")
    theirs: dict[int, bytes] = {Base.UserComment: comment}
    return [_exif(ours | theirs, turned), _exif(ours, turned)]


def texts_of_exif(image: Image.Image) -> tuple[str | bytes | None, str]:
    """Return our recipe as it stands in the file, and AUTOMATIC1111's parameters."""
    exif = image.getexif().get_ifd(IFD.Exif)
    ours, comment = (_bytes(exif, tag) for tag in (Base.MakerNote, Base.UserComment))
    written = ours.removeprefix(_MARK) if ours.startswith(_MARK) else None
    return written, _comment(comment)


def _exif(tags: Mapping[int, bytes], turned: int | None) -> bytes:
    exif = Image.Exif()
    if turned:
        exif[Base.Orientation] = turned
    exif[IFD.Exif] = dict(tags)
    return exif.tobytes().removeprefix(b"Exif\0\0")


def _bytes(exif: Mapping[int, object], tag: int) -> bytes:
    value = exif.get(tag)
    return value if isinstance(value, bytes) else b""


def _comment(value: bytes) -> str:
    if value.startswith(_UNICODE):
        # Big-endian is the custom, whatever the rest of the Exif data says.
        return value.removeprefix(_UNICODE).decode("utf-16-be", "replace")
    return value.removeprefix(b"ASCII\0\0\0").decode("utf-8", "replace")

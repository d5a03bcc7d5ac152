"""Both texts as Exif data: ours as the maker's note, AUTOMATIC1111's as the user's comment.

`jpeg` and `webp` put them into their files; the package reads them back from either. Both tags are
of type UNDEFINED [Exif 2.3], or other programs do not read them.
"""

from collections.abc import Mapping, Sequence

from PIL import Image
from PIL.ExifTags import IFD, Base

from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata.a1111 import parameters_of
from imagen_demo.pictures.metadata.foreign.texts import Texts
from imagen_demo.pictures.metadata.tiff import Tiff

EXIF_OVERHEAD = 256
"""More than the bytes around both texts in Exif data of ours."""

_MARK = b"imagen-demo\0"
_UNICODE, _ASCII = b"UNICODE\0", b"ASCII\0\0\0"  # how an Exif comment says what it is
_BIG_ENDIAN = b"\xfe\xff"
_WORDS = (Base.Make, Base.Model, Base.Software, Base.ImageDescription)


def exif_choices(recipe: Recipe, own: bytes = b"") -> Sequence[bytes]:
    """Exif data with everything, and with the recipe alone for where that is too long.

    Args:
        recipe: What is written.
        own: The file's own Exif data, which are kept: its comment too, if it has one.

    Raises:
        ValueError, struct.error: Those are broken, or their maker's note is somebody else's.
    """
    data = Tiff(own)
    note, said = data.get(Base.MakerNote), data.get(Base.UserComment)
    if note and not note.startswith(_MARK):
        raise ValueError("somebody else's maker's note")
    ours: dict[int, bytes] = {Base.MakerNote: _MARK + recipe.to_text().encode()}
    alone = data.extended(ours)
    is_blank = not said.removeprefix(_UNICODE).removeprefix(_ASCII).strip(b"\0 ")
    if not note and not is_blank:
        return [alone]
    comment = {Base.UserComment: _written(parameters_of(recipe), data.order)}
    return [data.extended(ours | comment), alone]


def texts_of_exif(image: Image.Image) -> tuple[str | bytes | None, Texts]:
    """Return our recipe as it stands in the Exif data of a file, and what else these say."""
    try:
        exif = image.getexif()
        inner = exif.get_ifd(IFD.Exif)
    except Exception:  # noqa: BLE001 - damaged Exif data raise whatever they can
        exif, inner = Image.Exif(), {}
    ours, comment = (_bytes(inner, tag) for tag in (Base.MakerNote, Base.UserComment))
    written = ours.removeprefix(_MARK) if ours.startswith(_MARK) else None
    others = [exif.get(tag) for tag in _WORDS] + [_decoded(image.info.get("comment"))]
    packet = image.info.get("xmp")
    return written, Texts(
        comment=comment,
        others=tuple(each for each in others if isinstance(each, str)),
        packet=packet if isinstance(packet, bytes) else b"",
    )


def _decoded(said: object) -> object:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _written(text: str, order: str) -> bytes:
    """A comment as those programs read it: always big-endian, whatever the rest of the data is.

    exiv2 reads it in the order of the rest, unless a mark says otherwise.
    """
    if order == ">":
        return _UNICODE + text.encode("utf-16-be")
    if text.isascii():
        return _ASCII + text.encode()
    return _UNICODE + _BIG_ENDIAN + text.encode("utf-16-be")


def _bytes(exif: Mapping[int, object], tag: int) -> bytes:
    value = exif.get(tag)
    return value if isinstance(value, bytes) else b""

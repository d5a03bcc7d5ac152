"""What files about a picture are called: its prompt's words, as far as the file system spells them.

`pictures/album` names pictures by it, `ui` the sheets and downloads.
"""

import re
import sys
from functools import partial
from unicodedata import category, normalize

from imagen_demo.domain.recipe import Recipe

MAX_BYTES = 120
"""Bytes that the name of a file about a picture has at most, whatever its prompt was."""

_MAX_CHARACTERS = 60
_MAX_WORDS = MAX_BYTES - 20
"""Bytes; the longest that follows is `-compared.html`."""

_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
"""Letters and marks that show nothing [Unicode, Default_Ignorable_Code_Point]."""


def title(recipe: Recipe) -> str:
    """What a file about a picture is called, without its ending: `a-fox-in-snow-16x9`."""
    return f"{_slug(recipe.request.prompt)}-{recipe.request.aspect_ratio.replace(':', 'x')}"


def _slug(prompt: str) -> str:
    """Turn a prompt into a file name that a person recognises."""
    visible = _INVISIBLE.sub("", normalize("NFC", prompt.casefold()))
    # Letters, numbers and marks: in Hindi the vowels are marks.
    kept = "".join(char if category(char)[0] in "LNM" else " " for char in visible)
    encoding = sys.getfilesystemencoding()
    spelt = "".join(map(partial(_spelt, encoding=encoding), kept))
    slug = "-".join(spelt.split())[:_MAX_CHARACTERS]
    while len(slug.encode(encoding)) > _MAX_WORDS:
        slug = slug[:-1]
    is_read = any(category(char)[0] in "LN" for char in slug)
    return slug.rstrip("-") if is_read else "picture"


def _spelt(char: str, *, encoding: str) -> str:
    """Return a character, or its plain letters, or nothing, as an encoding can spell it."""
    if _can_be_spelt(char, encoding):
        return char
    plain = "".join(each for each in normalize("NFKD", char) if category(each)[0] in "LN")
    return plain if _can_be_spelt(plain, encoding) else ""


def _can_be_spelt(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

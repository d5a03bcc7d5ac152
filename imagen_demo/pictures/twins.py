"""A picture found again by its bytes: one that was downloaded here and is dropped on the page.

`ui/library/handlers` asks it, among what the visitor may see, where a file itself says nothing of
its recipe.
"""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from imagen_demo.pictures.metadata.beside import hash_of


def twin_of(data: bytes, among: Iterable[Path]) -> Path | None:
    """Return the picture of these very bytes; None if none of them is."""
    wanted = hashlib.sha256(data).hexdigest()
    for picture in among:
        with suppress(OSError):  # removed in this very moment
            if picture.stat().st_size == len(data) and hash_of(picture) == wanted:
                return picture
    return None

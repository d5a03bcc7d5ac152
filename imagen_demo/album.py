"""Pictures on disk: the very bytes that came, below folders whose names nobody can guess.

The page and the `/generate` endpoint save here and serve from here; a name that comes back from
a browser is looked up with `find`.
"""

import re
import secrets
from pathlib import Path
from unicodedata import category

from imagen_demo.generation import Picture

_MAX_TITLE = 60
_TOKEN_BYTES = 24
_NAME = re.compile(r"[A-Za-z0-9_-]{32}/[^/\\\0]{1,255}")


class Album:
    """A folder of pictures, one unguessable folder for each."""

    def __init__(self, folder: Path) -> None:
        """`folder` need not exist yet."""
        self.folder = folder

    def save(self, picture: Picture, *, prompt: str, aspect_ratio: str) -> Path:
        """Write a picture whole or not at all, as `racoon-eating-ice-cream-16x9.png`.

        Raises:
            OSError: The disk is full or the folder cannot be written.
        """
        folder = self.folder / secrets.token_urlsafe(_TOKEN_BYTES)
        folder.mkdir(parents=True)
        shape = aspect_ratio.replace(":", "x")
        path = folder / f"{_slug(prompt)}-{shape}{picture.suffix}"
        unfinished = folder / "unfinished"
        unfinished.write_bytes(picture.data)
        unfinished.rename(path)
        return path

    def name(self, path: Path) -> str:
        """What a browser may keep of a saved picture, to ask for it again."""
        return path.relative_to(self.folder).as_posix()

    def find(self, name: str) -> Path | None:
        """Return the picture of this name; None if it is gone, or if this is no such name."""
        if not _NAME.fullmatch(name):
            return None
        path = self.folder / name
        try:
            return path if path.is_file() else None
        except OSError:  # a name that is too long for the disk
            return None


def _slug(prompt: str) -> str:
    """Turn a prompt into a file name that a person recognises."""
    # Letters, numbers and marks: in Hindi the vowels are marks.
    kept = "".join(char if category(char)[0] in "LNM" else " " for char in prompt.casefold())
    return "-".join(kept.split())[:_MAX_TITLE].rstrip("-") or "picture"

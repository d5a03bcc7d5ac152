"""Pictures on disk: whole files, in a folder for each visitor, under names nobody can guess.

`service/generate` saves here whatever `metadata` wrote a recipe into, or left as it was: then the
recipe lies beside it, in the picture's own folder, and goes with it. The strip lists the pictures,
and what comes back from a browser as a name is looked up with `find`. The files are all there is:
no index.
"""

import hashlib
import os
import re
import secrets
import shutil
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from math import inf
from operator import attrgetter
from pathlib import Path

from imagen_demo.domain.errors import ConfigurationError
from imagen_demo.domain.file_names import title
from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.pictures.metadata import beside
from imagen_demo.pictures.verify import SUFFIXES

_TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}")
_NAME = re.compile(rf"{_TOKEN.pattern}/{_TOKEN.pattern}/[^/\\\0]{{1,255}}")
_VISITOR = re.compile(r"[0-9a-f]{32,64}")
_UNFINISHED = "unfinished"
_OF_THE_SYSTEM = {".DS_Store", ".gitkeep", "Thumbs.db", "desktop.ini", "lost+found"}

_ABANDONED_AFTER = 3600
"""Seconds after which nobody can still be writing a picture."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture on disk, as the disk tells it.

    Attributes:
        size: Bytes, with those of a recipe beside it.
        saved_at: Seconds since 1970.
    """

    path: Path
    size: int
    saved_at: float


class Album:
    """A folder of pictures: `visitor/picture/racoon-eating-ice-cream-16x9.png`.

    The visitor's folder is named by a hash of what only that visitor's browser knows, so that
    whoever is given a picture's address learns nothing of the others.
    """

    def __init__(self, folder: Path) -> None:
        """Make the folder, and see by writing that it takes pictures.

        What is in it must be an album's, since all of it is served.

        Raises:
            ConfigurationError: Something else is kept there, or nothing can be.
        """
        self.folder = folder.absolute()
        try:
            found = _entries(self.folder)
            if not all(
                _TOKEN.fullmatch(each.name) or each.name in _OF_THE_SYSTEM for each in found
            ):
                raise ConfigurationError(
                    "IMAGEN_DEMO_PICTURES must be a folder that holds nothing but this demo's "
                    "pictures."
                )
            self.try_writing()
        except OSError as cause:
            raise ConfigurationError(
                "IMAGEN_DEMO_PICTURES must be a folder that this demo can read and write; the "
                f"system says: {cause.strerror}."
            ) from cause

    def try_writing(self) -> None:
        """Write a small file where a picture would stand, and delete it.

        Raises:
            OSError: It cannot be written.
        """
        owner = self.folder / secrets.token_urlsafe(_TOKEN_BYTES)
        folder = owner / secrets.token_urlsafe(_TOKEN_BYTES)
        try:
            folder.mkdir(parents=True)
            (folder / _UNFINISHED).write_bytes(bytes(4096))
        finally:
            shutil.rmtree(owner, ignore_errors=True)

    def save(
        self,
        picture: Picture,
        recipe: Recipe,
        *,
        visitor: str = "",
        recipe_beside: bool = False,
    ) -> Path:
        """Write a picture whole or not at all, as `racoon-eating-ice-cream-16x9.png`.

        Args:
            picture: What to keep.
            recipe: What the file is called after.
            visitor: Whose it is; anything but 32 to 64 hex digits is nobody.
            recipe_beside: Keep the recipe too, as a file of its own: the picture's has none.

        Raises:
            OSError: The disk is full or the folder cannot be written.
        """
        owner = self.owner(visitor) or secrets.token_urlsafe(_TOKEN_BYTES)
        folder = self.folder / owner / secrets.token_urlsafe(_TOKEN_BYTES)
        name = title(recipe)
        path = folder / f"{name}{picture.suffix}"
        try:
            folder.mkdir(parents=True)
            if recipe_beside:
                _write(folder / f"{name}{beside.SUFFIX}", beside.recipe_file(recipe, picture.data))
            _write(path, picture.data)  # last: a folder without a picture is none
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return path

    def of(self, visitor: str) -> list[Path]:
        """The visitor's own pictures, newest first."""
        owner = self.owner(visitor)
        kept = self._kept(self.folder / owner) if owner else ()
        return [each.path for each in sorted(kept, key=attrgetter("saved_at"), reverse=True)]

    @staticmethod
    def owner(visitor: object) -> str:
        """The name of a visitor's folder, from which nobody learns the visitor's own secret."""
        if not isinstance(visitor, str) or not _VISITOR.fullmatch(visitor):
            return ""
        return urlsafe_b64encode(hashlib.sha256(visitor.encode()).digest()[:_TOKEN_BYTES]).decode()

    def name(self, path: Path) -> str:
        """What a browser may keep of a saved picture, to ask for it again."""
        return path.relative_to(self.folder).as_posix()

    def find(self, name: object) -> Path | None:
        """Return the picture of this name; None if it is gone, or if this is no such name."""
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            return None
        path = self.folder / name
        try:
            known = path.suffix in SUFFIXES and path.is_file()
            linked = any(each.is_symlink() for each in (path, *path.parents[:2]))
        except OSError:  # a name that is too long for the disk
            return None
        return path if known and not linked else None

    def remove(self, name: object, *, visitor: str) -> bool:
        """Delete one of the visitor's own pictures; says whether it was there.

        Raises:
            OSError: The disk does not let go of it.
        """
        path = self.find(name)
        owner = self.owner(visitor)
        if path is None or not owner or path.parent.parent.name != owner:
            return False
        return delete(path)

    def forget(
        self,
        *,
        older_than: float = 0,
        more_than: float = inf,
        tell: Callable[[Path], None] | None = None,
    ) -> int:
        """Delete the oldest pictures of all visitors, and what a crash left; says how many.

        Args:
            older_than: Seconds since 1970; what was saved before that goes.
            more_than: Bytes that may stay in all.
            tell: Hears of each picture that is deleted.

        Raises:
            OSError: The disk did not let go of some; the others are deleted.
        """
        stays, gone, stuck = 0, 0, None
        for each in reversed(self.oldest_first()):
            stays += each.size
            if each.saved_at < older_than or stays > more_than:
                try:
                    gone += delete(each.path)
                except OSError as error:
                    stuck = error
                    continue
                if tell:
                    tell(each.path)
        for owner in _folders(self.folder):
            _clear(Path(owner))
        if stuck:
            raise stuck
        return gone

    def oldest_first(self) -> list[Kept]:
        """The pictures of all visitors."""
        owners = map(Path, _folders(self.folder))
        kept = (each for owner in owners for each in self._kept(owner))
        return sorted(kept, key=attrgetter("saved_at"))

    @staticmethod
    def _kept(owner: Path) -> Iterator[Kept]:
        """Every picture of one visitor; what a crash left unfinished is none."""
        for folder in _folders(owner):
            entries = _entries(Path(folder))
            for entry in entries:
                if entry.name.endswith(SUFFIXES) and entry.is_file(follow_symlinks=False):
                    try:
                        facts = entry.stat(follow_symlinks=False)
                        more = sum(each.stat().st_size for each in entries if _is_recipe(each))
                    except FileNotFoundError:  # its visitor has just removed it
                        continue
                    yield Kept(Path(entry), facts.st_size + more, facts.st_mtime)


def _is_recipe(entry: os.DirEntry[str]) -> bool:
    return entry.name.endswith(beside.SUFFIX)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    with (path.parent / _UNFINISHED).open("wb") as unfinished:
        unfinished.write(data)
        unfinished.flush()
        os.fsync(unfinished.fileno())  # or a power cut could leave the name without bytes
    (path.parent / _UNFINISHED).rename(path)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _folders(folder: Path) -> list[os.DirEntry[str]]:
    """The folders in a folder; whoever links to another place means that to stay."""
    return [entry for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)]


def delete(path: Path) -> bool:
    """Delete a picture with its folder; says whether it was there and nobody was faster.

    Raises:
        OSError: The disk does not let go of it.
    """
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    _drop(path.parent)
    return True


def _drop(folder: Path) -> None:
    with suppress(FileNotFoundError):  # somebody else has just done so
        shutil.rmtree(folder)


def _clear(owner: Path) -> None:
    """Delete what a crash left of one visitor's pictures, then the visitor's folder if empty."""
    before = time.time() - _ABANDONED_AFTER
    for entry in _folders(owner):
        entries = _entries(Path(entry))
        left = all(each.name == _UNFINISHED or _is_recipe(each) for each in entries)
        with suppress(FileNotFoundError):
            if left and entry.stat().st_mtime < before:
                shutil.rmtree(entry)
    with suppress(FileNotFoundError):
        if not _entries(owner) and owner.stat().st_mtime < before:
            owner.rmdir()

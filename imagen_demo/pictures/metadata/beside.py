"""A recipe beside its picture, as a file of JSON: where the picture's own file takes none.

`album` writes it and deletes it with the picture; the package reads it back. A host puts both into
the gallery, under whatever names: what ties them is the hash of the picture's bytes.
"""

import hashlib
import json
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from imagen_demo.domain.recipe import Recipe, parse_recipe

SUFFIX = ".json"

_MAX_BYTES = 1 << 20
"""Of a recipe: more than any has whose prompt was not sent in vain."""

_HASH = "sha256"


def recipe_file(recipe: Recipe, data: bytes) -> bytes:
    """What stands in the file beside a picture of these bytes."""
    said = {**recipe.to_json(), _HASH: hashlib.sha256(data).hexdigest()}
    return json.dumps(said, ensure_ascii=False, indent=2).encode() + b"\n"


def recipe_beside(picture: Path, size: tuple[int, int]) -> Recipe | None:
    """Return the recipe that lies beside a picture; None if there is none for these very bytes.

    Args:
        picture: Its file.
        size: In pixels.
    """
    written = _written_beside(picture)
    return parse_recipe(written, *size) if written else None


def lies_beside(picture: Path) -> bool:
    """Whether a recipe lies beside a picture, which says that it is of these very bytes."""
    return bool(_written_beside(picture))


def hash_of(picture: Path) -> str:
    """The hash of a file's bytes, which is remembered for as long as the file is the same.

    Raises:
        OSError: It cannot be read.
    """
    facts = picture.stat()
    return _hash_of(picture, facts.st_mtime_ns, facts.st_size)


@lru_cache(maxsize=1024)
def _hash_of(picture: Path, _changed: int, _size: int) -> str:
    with picture.open("rb") as file:
        return hashlib.file_digest(file, _HASH).hexdigest()


def _written_beside(picture: Path) -> bytes:
    with suppress(OSError):
        for candidate in sorted(_candidates(picture.parent)):
            written = candidate.read_bytes()
            if _named_in(written) == hash_of(picture):
                return written
    return b""


def _candidates(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [
            Path(entry)
            for entry in entries
            if entry.name.endswith(SUFFIX)
            and entry.is_file()
            and entry.stat().st_size <= _MAX_BYTES
        ]


def _named_in(written: bytes) -> str:
    """The hash of the picture that a file says it belongs to; empty if it says nothing of it."""
    try:
        said = json.loads(written)
    except (ValueError, RecursionError):
        return ""
    return str(said.get(_HASH, "")) if isinstance(said, dict) else ""

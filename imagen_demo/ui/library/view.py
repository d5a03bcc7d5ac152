"""Rows of small pictures: the examples, and the visitor's own.

`handlers` fills them. The words are in `templates/library.html`.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from imagen_demo.ui.render import address_of, frame, macros

_SHOW = macros("library")

NEWEST = 24
"""Own pictures that stand in one row; more come at a click, in several."""


@dataclass(frozen=True, slots=True)
class Tile:
    """One small picture.

    Attributes:
        name: What a click tells the server.
        picture: The small picture's file.
        prompt: What it shows.
    """

    name: str
    picture: Path
    prompt: str

    @property
    def source(self) -> str:
        """The file's address in the page."""
        return address_of(self.picture)


class Strip(TypedDict):
    """The visitor's own row, as its widget has it; `own_template` puts it together.

    Attributes:
        heading: What it is called, and the buttons beside that.
        tiles: The pictures, newest first.
        coming: How many are still being drawn; their places stand before the others.
        whole: Whether more are shown than one row holds.
    """

    heading: str
    tiles: str
    coming: int
    whole: bool


def gallery(tiles: Sequence[Tile], *, by: set[str]) -> str:
    """The examples; `by` says who drew them."""
    whose = {
        frozenset({"sandbox"}): "as the sandbox draws them; Imagen does better",
        frozenset({"imagen"}): "recorded from Imagen; a click shows one, and spends nothing",
    }.get(frozenset(by), "a click shows one, and spends nothing")
    return str(_SHOW.gallery(_named(tiles), whose))


def own(tiles: Sequence[Tile], *, total: int, on_the_way: int) -> Strip:
    """The visitor's own pictures, newest first, behind those that are still being drawn."""
    return {
        "heading": str(_SHOW.own_heading(len(tiles), total, on_the_way)),
        "tiles": str(_SHOW.own_tiles(_named(tiles))),
        "coming": on_the_way,
        "whole": len(tiles) > NEWEST,
    }


def own_template() -> str:
    """What makes HTML of a `Strip`, in the browser."""
    return frame("own_strip")


def _named(tiles: Sequence[Tile]) -> list[tuple[Tile, str]]:
    """Each with what it is called: its prompt, and which of those of one prompt it is."""
    several, so_far = Counter(tile.prompt for tile in tiles), Counter[str]()
    named = []
    for tile in tiles:
        so_far[tile.prompt] += 1
        number, count = so_far[tile.prompt], several[tile.prompt]
        which = f", {number} of {count}" if count > 1 else ""
        named.append((tile, f"{tile.prompt}{which}"))
    return named

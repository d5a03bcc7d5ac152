"""What the page says of a picture that is there already: whose it is, of when, and that it is free.

`handlers` chooses the words, which are in `templates/notices.html`.
"""

from typing import Protocol

from imagen_demo.domain import wording
from imagen_demo.domain.recipe import Recipe
from imagen_demo.ui.messages import Notice, label, places
from imagen_demo.ui.render import macros

_SAY = macros("notices")


class Recorded(Protocol):
    """What the page says when a recorded picture is shown."""

    def __call__(self, recipe: Recipe, *, undo: bool) -> Notice:
        """`undo` says whether a prompt that was typed made way for the picture's."""


def at_first(recipe: Recipe, sentence: str) -> Notice:
    """What the page says first, and which example it shows meanwhile."""
    said = _SAY.at_first(places(sentence), recipe, _drawn_by(recipe), _day(recipe))
    return {"kind": "opening", "html": said}


def example(recipe: Recipe, *, undo: bool) -> Notice:
    """Of the gallery: whose work it is, and that it was free to look at."""
    said = _SAY.example(recipe, label(recipe.request.model), _day(recipe), undo)
    return {"kind": "done", "html": said}


def own_picture(recipe: Recipe, *, undo: bool) -> Notice:
    """One of the visitor's own, back from the strip."""
    said = _SAY.own_picture(recipe, _drawn_by(recipe), _day(recipe), undo)
    return {"kind": "done", "html": said}


def opened(recipe: Recipe, *, undo: bool) -> Notice:
    """A file that this demo once made."""
    said = _SAY.opened(recipe, _drawn_by(recipe), _day(recipe), undo)
    return {"kind": "done", "html": said}


def bare_picture(*, undo: bool) -> Notice:
    """A picture that is kept here, and whose recipe this version of the demo cannot follow."""
    return {"kind": "done", "html": _SAY.bare_picture(undo)}


def from_link(*, undo: bool) -> Notice:
    """Settings that came with the page's address."""
    return {"kind": "opening", "html": _SAY.from_link(undo)}


def useless_link(*, undo: bool) -> Notice:
    """An address that names settings, and none that the page knows."""
    return {"kind": "opening", "html": _SAY.useless_link(undo)}


def foreign_picture(program: str, *, undo: bool) -> Notice:
    """A file that another program made, with a prompt in it."""
    return {"kind": "done", "html": _SAY.foreign_picture(program, undo)}


def unnamed_prompt(program: str) -> Notice:
    """A file that another program made, whose prompt it does not name."""
    return {"kind": "opening", "html": _SAY.unnamed_prompt(program)}


def used() -> Notice:
    """What the page says once the rewrite stands in the prompt box."""
    return {"kind": "done", "html": _SAY.used()}


def locked() -> Notice:
    """What the page says once the rewrite is locked; it puts the seed in the place of `SEED`."""
    return {"kind": "done", "html": _SAY.locked()}


def _drawn_by(recipe: Recipe) -> str:
    return "the sandbox" if recipe.drawn_by == "sandbox" else label(recipe.request.model)


def _day(recipe: Recipe) -> str:
    return wording.day(recipe.created_at)

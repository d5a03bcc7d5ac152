"""What the page says of a picture that is there already: whose it is, of when, and that it is free.

`handlers` chooses the words, `ui/messages` gives them their shape.
"""

from typing import Protocol

from imagen_demo.domain import wording
from imagen_demo.domain.recipe import Recipe
from imagen_demo.ui.messages import UNDO, asked_for, escape, label, notice, opening


class Recorded(Protocol):
    """What the page says when a recorded picture is shown."""

    def __call__(self, recipe: Recipe, *, undo: bool) -> str:
        """`undo` says whether a prompt that was typed made way for the picture's."""


def at_first(recipe: Recipe, sentence: str) -> str:
    """What the page says first, and which example it shows meanwhile."""
    before = f"Above, drawn by {_drawn_by(recipe)} on {_day(recipe)}: "
    asked = asked_for(recipe.request.prompt, recipe.request.aspect_ratio, before=before)
    return opening(sentence, after=asked)


def example(recipe: Recipe, *, undo: bool) -> str:
    """Of the gallery: whose work it is, and that it was free to look at."""
    day = _day(recipe)
    if recipe.drawn_by == "sandbox":
        whose = f"<strong>Drawn by the sandbox,</strong> recorded {day}. No model&rsquo;s work."
    else:
        whose = f"<strong>Recorded {day}, {escape(label(recipe.request.model))}.</strong>"
    return _words(recipe, f"{whose} Nothing was spent. Generate draws it anew.", undo=undo)


def own_picture(recipe: Recipe, *, undo: bool) -> str:
    """One of the visitor's own, back from the strip."""
    first = f"<strong>Your picture of {_day(recipe)},</strong> drawn by {_drawn_by(recipe)}."
    return _words(recipe, f"{first} Its settings are filled in.", undo=undo)


def opened(recipe: Recipe, *, undo: bool) -> str:
    """A file that this demo once made."""
    first = f"<strong>Opened: a picture of {_day(recipe)},</strong> drawn by {_drawn_by(recipe)}."
    return _words(recipe, f"{first} Its settings are filled in; no copy of it is kept.", undo=undo)


def bare_picture(*, undo: bool) -> str:
    """A picture that is kept here, and whose recipe this version of the demo cannot follow."""
    sentence = (
        "<strong>Your picture, without its recipe.</strong> This version of the demo cannot follow "
        "what the file says of its settings. The picture is whole: you can download it."
    )
    return notice("done", f"<p>{sentence}{UNDO if undo else ''}</p>")


def from_link(*, undo: bool) -> str:
    """Settings that came with the page's address."""
    sentence = "<strong>Filled in from a link.</strong> Press Generate to draw it."
    return notice("opening", f"<p>{sentence}{UNDO if undo else ''}</p>")


def useless_link(*, undo: bool) -> str:
    """An address that names settings, and none that the page knows."""
    sentence = "<strong>That link says nothing this page knows.</strong>"
    return notice("opening", f"<p>{sentence}{UNDO if undo else ''}</p>")


def foreign_picture(*, undo: bool) -> str:
    """A file that another program made, with a prompt in it."""
    sentence = (
        "<strong>The file you opened was made elsewhere.</strong> Its prompt is filled in; its "
        "other settings mean nothing to Imagen. Press Generate."
    )
    return notice("done", f"<p>{sentence}{UNDO if undo else ''}</p>")


def _words(recipe: Recipe, sentence: str, *, undo: bool) -> str:
    asked = asked_for(recipe.request.prompt, recipe.request.aspect_ratio)
    return notice("done", f"<p>{sentence}{UNDO if undo else ''}</p>{asked}")


def _drawn_by(recipe: Recipe) -> str:
    return "the sandbox" if recipe.drawn_by == "sandbox" else escape(label(recipe.request.model))


def _day(recipe: Recipe) -> str:
    return wording.day(recipe.created_at)

"""A picture's sheet: one HTML file for a stakeholder that opens offline and prints on one page.

`ui/library/handlers` offers it for download; everything on it comes from the pictures' recipes. The
words are in `templates/sheet.html`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from imagen_demo.domain import wording
from imagen_demo.domain.catalog import MODELS, OPTIONS
from imagen_demo.domain.comparison import name_of
from imagen_demo.domain.generation import Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.ui.render import macros

_SHOW = macros("sheet")

_LABELS = {
    name: option.sheet_label or option.label
    for name, option in OPTIONS.items()
    if option.label and name != "seed"  # which the picture's own facts name
}

_ROOM = 1_000
"""Characters of prompts that a page holds at full size; more are set smaller, to stay on it."""

_ROOM_OF_A_COMPARISON = 1_100
"""Characters of prompts that fit at full size on a page, all columns together."""


def sheet(pictures: Sequence[tuple[Picture, Recipe]]) -> str:
    """Set the pictures of one request, at least one, with prompts, settings and cost."""
    first = pictures[0][1]
    words = len(first.request.prompt) + sum(
        len(each.rewritten_prompt or "") for _, each in pictures
    )
    # What a text covers goes with the square of its size.
    size = 10 * min(1, sqrt(_ROOM / words))
    page = _SHOW.sheet(
        first,
        pictures,
        drawn_by=wording.drawn_by(first.request.model, first.drawn_by),
        day=wording.day(first.created_at),
        size=size,
        price=_price(first),
        model=MODELS[first.request.model].label,
        settings=_settings(first, max(each.seconds for _, each in pictures)),
    )
    return str(page)


@dataclass(frozen=True, slots=True)
class _Column:
    """A comparison's column: a picture with what there is to say of it, or why there is none."""

    label: str
    said: str
    picture: Picture | None = None
    recipe: Recipe | None = None
    price: str = ""
    asked: str = ""


def comparison_sheet(columns: Sequence[tuple[str, tuple[Picture, Recipe] | str]]) -> str:
    """Set a comparison, of which at least one picture was drawn, on one page.

    Args:
        columns: What is special about each, and its picture, or why there is none.
    """
    drawn = [each for _, each in columns if not isinstance(each, str)]
    first = drawn[0][1]
    longest = max(len(_said(each)) for _, each in columns)
    words = longest * len(columns) + len(first.request.prompt)
    size = 10 * min(1, sqrt(_ROOM_OF_A_COMPARISON / words))
    page = _SHOW.comparison(
        prompt=first.request.prompt,
        columns=[_column(*each) for each in columns],
        name=name_of(recipe.request.model for _, recipe in drawn),
        day=wording.day(first.created_at),
        size=size,
        sandbox=first.drawn_by == "sandbox",
    )
    return str(page)


def _column(label: str, column: tuple[Picture, Recipe] | str) -> _Column:
    said = _said(column)
    if isinstance(column, str):
        return _Column(label, said)
    picture, recipe = column
    return _Column(label, said, picture, recipe, _price(recipe), _asked(recipe))


def _asked(recipe: Recipe) -> str:
    seed = "" if recipe.seed is None else f", seed {recipe.seed}"
    return f"{MODELS[recipe.request.model].label}, {recipe.request.aspect_ratio}{seed}"


def _said(column: tuple[Picture, Recipe] | str) -> str:
    """What stands below a column's picture, or in its place."""
    if isinstance(column, str):
        return column
    return column[1].rewritten_prompt or column[1].why_not_rewritten


def _price(recipe: Recipe) -> str:
    tokens, usd = recipe.usage.tokens_used, recipe.usage.usd_spent
    said = [wording.tokens(tokens)] if tokens is not None else []
    said += [wording.dollars(usd)] if usd is not None else []
    asked = recipe.request.num_images
    together = f" for {asked} pictures together" if asked > 1 and said else ""
    return (" · ".join(said) or "Cost not reported") + together


def _settings(recipe: Recipe, seconds: float) -> list[tuple[str, str]]:
    sent = recipe.request.to_json()
    asked = {label: _value(sent[name]) for name, label in _LABELS.items() if name in sent}
    if "enhance_prompt" in MODELS[recipe.request.model].options:
        asked[_LABELS["enhance_prompt"]] = _value(recipe.request.enhance_prompt)
    facts = {
        "Seed": "" if recipe.seed is None else str(recipe.seed),
        "Size": f"{recipe.width} x {recipe.height} pixels",
        "Time": f"{seconds:.1f} seconds",
        "Request": recipe.inference_id,
        "Drawn": wording.minute(recipe.created_at),
    }
    return [(name, value) for name, value in (asked | facts).items() if value]


def _value(value: object) -> str:
    return ("on" if value else "off") if isinstance(value, bool) else str(value)

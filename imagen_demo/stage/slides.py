"""A picture, or a comparison's, as the stage shows it: HTML with what was written and made of it.

`present` and `room` send it, `static/stage.js` places it. The words are in `templates`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from imagen_demo.domain import wording
from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.prompt_diff import Piece, diff
from imagen_demo.domain.recipe import Recipe
from imagen_demo.markup import templates
from imagen_demo.pictures.album import Album
from imagen_demo.pictures.examples import names
from imagen_demo.pictures.metadata import read
from imagen_demo.pictures.temporary import Temporary

_ENVIRONMENT = templates(Path(__file__).parent / "templates")


@dataclass(frozen=True, slots=True)
class Shown:
    """One picture on a slide.

    Attributes:
        source: Its address, relative to the page's.
        rewritten: Its rewritten prompt, taken apart; None if there is none.
        price: What it cost, and who drew it.
        label: What its column is called; empty for a picture alone.
    """

    recipe: Recipe
    source: str
    model: str
    rewritten: Sequence[Piece] | None
    price: str
    label: str


@dataclass(frozen=True, slots=True)
class Pictures:
    """Those that may be shown: kept ones, examples, and what a visitor dropped on the page."""

    album: Album
    gallery: Path
    temporary: Temporary

    def find(self, picture: str) -> Path | None:
        """Return one by the name that the page has for it, or by where it lies."""
        path = Path(picture)
        try:
            if self.temporary.holds(path) and path.is_file():
                return path
        except (ValueError, OSError, RuntimeError):  # no path at all
            return None
        name = self.name(path) if path.is_absolute() else picture
        return self.album.find(name) or self._example(name)

    def recipe(self, picture: str) -> Recipe | None:
        """What one was made with; None if it is not here any more."""
        path = self.find(picture)
        recipe = read(path) if path else None
        return recipe if isinstance(recipe, Recipe) else None

    def name(self, path: Path) -> str:
        """What the page calls a picture."""
        if path.is_relative_to(self.album.folder):
            return self.album.name(path)
        return path.name if path.parent == self.gallery else str(path)

    def of(self, visitor: str, most: int) -> list[str]:
        """The names of the visitor's own, newest first; of the examples where there are none."""
        mine = [self.album.name(each) for each in self.album.of(visitor)[:most]]
        return mine or names(self.gallery)

    def _example(self, name: str) -> Path | None:
        return self.gallery / name if name in names(self.gallery) else None


def slide(pictures: Pictures, asked: Sequence[str], labels: Sequence[str], *, by: str) -> str:
    """Show a picture, or several as columns; empty if none of them can be shown any more.

    Args:
        pictures: Where they are.
        asked: Which.
        labels: What the columns are called; none for a picture alone.
        by: Whose words come first: `You wrote`.
    """
    columns = [*labels, *[""] * len(asked)]
    found = [_shown(pictures, *each) for each in zip(asked, columns, strict=False)]
    here = [each for each in found if each]
    if not here:
        return ""
    by = "The example" if pictures.find(asked[0]) in _of(pictures.gallery) else by
    return fill("slide.html", shown=here, by=by, compared=len(asked) > 1)


def fill(name: str, **values: Any) -> str:  # noqa: ANN401 - what a template takes
    """Fill a template of the stage's."""
    return _ENVIRONMENT.get_template(name).render(**values)


def address_of(file: Path) -> str:
    """Return a file's address, relative to the page's."""
    return f"gradio_api/file={quote(str(file))}"


def _of(gallery: Path) -> list[Path]:
    return [gallery / each for each in names(gallery)]


def _shown(pictures: Pictures, name: str, label: str) -> Shown | None:
    path, recipe = pictures.find(name), pictures.recipe(name)
    if path is None or recipe is None:
        return None
    rewritten = recipe.rewritten_prompt
    return Shown(
        recipe=recipe,
        source=address_of(path),
        model="The sandbox" if recipe.drawn_by == "sandbox" else MODELS[recipe.request.model].label,
        rewritten=diff(recipe.request.prompt, rewritten).rewritten if rewritten else None,
        price=_price(recipe),
        label=label,
    )


def _price(recipe: Recipe) -> str:
    """What a picture cost, as the service says it, and what it would have."""
    usd, count = recipe.usage.usd_spent, recipe.request.num_images
    price = "" if usd is None else wording.dollars(usd)
    if price and count > 1:
        price = f"{price} for {wording.pictures(count)}"
    if recipe.drawn_by == "sandbox":
        return f"{price} at {MODELS[recipe.request.model].label}'s price" if price else ""
    return price or "no price reported"

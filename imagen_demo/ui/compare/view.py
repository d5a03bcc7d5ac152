"""A comparison: one column for each way the prompt was drawn.

`handlers` fills it. The words are in `templates/compare.html`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from imagen_demo.domain import wording
from imagen_demo.domain.advice import Door
from imagen_demo.domain.comparison import LABELS, PRESETS, name_of
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.file_names import title
from imagen_demo.domain.receipt import Receipt, Total
from imagen_demo.domain.recipe import Recipe
from imagen_demo.service.result import Drawn
from imagen_demo.ui.create.view import Marked, marked
from imagen_demo.ui.messages import Notice, failure, safe_links
from imagen_demo.ui.render import macros

_SHOW = macros("compare")

GONE = "This picture is no longer here."
_SAID_ABOVE = "No picture, for the reason above."


@dataclass(frozen=True, slots=True)
class Cell:
    """What has become of one column so far.

    Attributes:
        label: What is special about it.
        aspect_ratio: The shape that is awaited.
        drawn: Its picture; None while it is awaited, and if it failed.
        name: The picture's in the album; empty if it is not kept.
        error: Why there is no picture.
        failure: The same as plain text, all that a browser remembers of it.
        reason: Its first words: what happened, and whether it cost anything.
        links: To pictures that were paid for and could not be fetched.
    """

    label: str
    aspect_ratio: str = "1:1"
    drawn: Drawn | None = None
    name: str = ""
    error: ImagenDemoError | None = None
    failure: str = ""
    reason: str = ""
    links: Sequence[str] = ()

    @property
    def receipt(self) -> Receipt | None:
        """What its picture cost; None if there is none."""
        return Receipt.of([self.drawn.recipe]) if self.drawn else None


@dataclass(frozen=True, slots=True)
class _Picture:
    """A column's picture as it is shown; `rewritten` is None if its prompt was not."""

    recipe: Recipe
    source: str
    file_name: str
    dollars: str
    rewritten: list[Marked] | None


@dataclass(frozen=True, slots=True)
class _Shown:
    """A column as it is shown: a picture, a failure, what is remembered of one, or a place."""

    cell: Cell
    picture: _Picture | None
    failed: Notice | None
    links: list[str]


def previews() -> str:
    """What the columns will be, before anything was compared: of each preset, the first shown."""
    return str(_SHOW.previews([(each, _empty(each)) for each in PRESETS]))


def _empty(preset: str) -> list[_Shown]:
    shapes = LABELS["ratios"] if preset == "ratios" else ["16:9"] * len(LABELS[preset])
    return [_shown(Cell(*each)) for each in zip(LABELS[preset], shapes, strict=True)]


def columns(cells: Sequence[Cell], *, awaited: bool) -> str:
    """The columns side by side; an empty one says whether its picture is awaited."""
    if _common_reason(cells):  # which the notice says, once
        cells = [replace(each, error=None, failure=_SAID_ABOVE) for each in cells]
    return str(_SHOW.columns([_shown(each) for each in cells], awaited, GONE))


def _shown(cell: Cell) -> _Shown:
    return _Shown(
        cell,
        picture=_picture(cell.drawn) if cell.drawn else None,
        failed=failure_here(cell.error) if cell.error else None,
        links=safe_links(cell.links),
    )


def _picture(drawn: Drawn) -> _Picture:
    recipe, held = drawn.recipe, drawn.picture
    if drawn.path:
        source, file_name = f"gradio_api/file={quote(str(drawn.path))}", drawn.path.name
    else:  # no disk took it
        source, suffix = (held.data_url, held.suffix) if held else ("", "")
        file_name = f"{title(recipe)}{suffix}"
    usd = recipe.usage.usd_spent
    dollars = "" if usd is None else wording.dollars(usd)
    return _Picture(recipe, source, file_name, dollars, marked(recipe))


def summary(preset: str, cells: Sequence[Cell]) -> Notice:
    """What the comparison came to, once every column has settled."""
    if reason := _common_reason(cells):
        return failure_here(reason)
    drawn = [each.drawn for each in cells if each.drawn]
    receipts = [each.receipt for each in cells if each.receipt]
    total = Total()
    for receipt in receipts:
        total = total.plus(receipt)
    said = _SHOW.summary(
        here=len(drawn),
        asked=len(cells),
        name=name_of(each.model for each in receipts) if receipts else "",
        sandbox=bool(receipts) and receipts[0].drawn_by == "sandbox",
        price=total.price,
        seconds=max((each.seconds for each in receipts), default=0),
        unkept=next((each.unkept for each in drawn if each.unkept), ""),
        prompt=drawn[0].recipe.request.prompt if drawn else "",
        compared=PRESETS[preset],
    )
    return {"kind": "done", "html": said}


def failure_here(error: ImagenDemoError) -> Notice:
    """What this tab says of a failure."""
    return failure(error, door=Door.COMPARE, offers=False)


def _common_reason(cells: Sequence[Cell]) -> ImagenDemoError | None:
    """Why all columns failed, if all did for the same reason."""
    errors = [each.error for each in cells if each.error and not each.error.picture_urls]
    told = {(each.message, each.cost, each.detail, each.advice_at(Door.COMPARE)) for each in errors}
    return errors[0] if len(errors) == len(cells) and len(told) == 1 else None

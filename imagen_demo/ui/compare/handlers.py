"""What the Compare tab does: one prompt drawn in several ways at once, each in a column of its own.

`panel` has its widgets, `domain/comparison` says what each column asks, `service/generate` asks,
`view` shows it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Literal, cast

import gradio as gr
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from imagen_demo.domain.advice import Door
from imagen_demo.domain.comparison import columns_of
from imagen_demo.domain.errors import ImagenDemoError, is_web_address
from imagen_demo.domain.file_names import title
from imagen_demo.domain.generation import Picture
from imagen_demo.domain.receipt import Visit
from imagen_demo.domain.recipe import Recipe
from imagen_demo.service.generate import Drawing, SpenderOf
from imagen_demo.service.result import Result
from imagen_demo.ui import messages
from imagen_demo.ui.compare.panel import FIRST
from imagen_demo.ui.compare.view import (
    GONE,
    Cell,
    columns,
    failure_here,
    summary,
)
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.outputs import Outputs, Showing, Update
from imagen_demo.ui.sheet import comparison_sheet
from imagen_demo.ui.sheet_download import hand_out, picture_of

_MAX_FAILURE = 2_000
_MAX_LINKS = 4
_Link = Annotated[str, StringConstraints(max_length=_MAX_FAILURE, pattern="^https?://")]

_ELSEWHERE = "Not here yet when the page was left. Look under Your pictures."
_UNDER_WAY = "Your last comparison was still being drawn. Its pictures are under Your pictures."
_NO_PICTURE = "No picture."
_NOTHING_ON_SHEET = messages.status("There is no picture to put on a sheet yet.")


@dataclass(frozen=True, slots=True)
class Compared:
    """One column as a browser remembers it: a picture's name, or why there is none.

    Attributes:
        failure: All that is known of it, for the visitor.
        reason: What happened and whether it cost anything, for a sheet.
        links: To pictures that were paid for and could not be fetched.
    """

    label: Annotated[str, StringConstraints(max_length=100)]
    name: Annotated[str, StringConstraints(max_length=500)] = ""
    failure: Annotated[str, StringConstraints(max_length=_MAX_FAILURE)] = ""
    reason: Annotated[str, StringConstraints(max_length=_MAX_FAILURE)] = ""
    links: Annotated[list[_Link], Field(max_length=_MAX_LINKS)] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Comparison:
    """A comparison as a browser remembers it."""

    preset: Literal["rewriting", "models", "ratios", "seeds"]
    columns: Annotated[list[Compared], Field(min_length=1, max_length=5)]


_COMPARISON = TypeAdapter(Comparison)


@dataclass(frozen=True, slots=True)
class Comparing:
    """What the tab does."""

    drawing: Drawing
    showing: Showing
    pricing: Pricing
    record: Record
    spender_of: SpenderOf

    def on_compare(  # noqa: PLR0913 - what the page knows
        self,
        request: gr.Request | None = None,
        *,
        preset: str,
        api_key: str,
        visitor: str,
        visit: Visit,
        on_stage: bool = False,
        **chosen: object,
    ) -> Iterator[Outputs]:
        """Draw all columns at once; each is shown as soon as it settles.

        Yields:
            The columns, and what the browser remembers; at the end notice, strip and prices.
        """
        try:
            asked = columns_of(preset, rules.request_of(chosen))
        except ImagenDemoError as error:
            yield Outputs(notice=failure_here(error), strip=self.record.on_strip(visitor))
            return
        cells = [Cell(each.label, each.request.aspect_ratio) for each in asked]
        yield _so_far(preset, cells)
        requests = [each.request for each in asked]
        settled = self.drawing.side_by_side(
            requests, api_key=api_key, visitor=visitor, spender=self.spender_of(request)
        )
        for place, outcome in settled:
            cells[place] = self._settled(cells[place], outcome)
            if receipt := cells[place].receipt:
                visit.add(receipt)
            yield _so_far(preset, cells)
        if on_stage:
            self._offer(cells)
        yield Outputs(
            columns=columns(cells, awaited=False),
            notice=summary(preset, cells),
            strip=self.record.on_strip(visitor),
            prices=self.pricing.of_each({each.model for each in requests}),
        )

    def on_return(self, memory: object) -> Outputs:
        """Bring back the browser's last comparison; `memory` is nothing where one is shown."""
        preset, cells = self._remembered(memory)
        if cells:
            notice = summary(preset, cells)
            return Outputs(preset=preset, columns=columns(cells, awaited=False), notice=notice)
        return Outputs(notice=messages.opening(_UNDER_WAY)) if _was_under_way(memory) else Outputs()

    def on_removed(self, memory: object) -> Update:
        """Let the browser forget the pictures that were removed from its comparison."""
        try:
            compared = _COMPARISON.validate_python(memory)
        except ValidationError:
            return gr.skip()
        left = [
            replace(each, name="", failure=GONE, reason=GONE)
            if each.name and not self.showing.find(each.name)
            else each
            for each in compared.columns
        ]
        return _COMPARISON.dump_python(replace(compared, columns=left), mode="json")

    def on_sheet(self, memory: object) -> Outputs:
        """Set the sheet of the comparison."""
        _, cells = self._remembered(memory)
        shown = [(each.label, _on_sheet(each)) for each in cells]
        first = next((each[1] for _, each in shown if not isinstance(each, str)), None)
        if first is None:
            return Outputs(sheet_file=None, keep_status=_NOTHING_ON_SHEET)
        # Without the ratio, which is the first column's.
        name = f"{title(first).rpartition('-')[0]}-compared.html"
        return hand_out(comparison_sheet(shown), name, temporary=self.showing.temporary)

    def _offer(self, cells: Sequence[Cell]) -> None:
        """Let the room's stage have what was kept, side by side."""
        kept = [(each.drawn.path, each.label) for each in cells if each.name and each.drawn]
        paths = [path for path, _ in kept if path]
        self.drawing.stage.offer(paths, [label for _, label in kept])

    def _settled(self, cell: Cell, outcome: Result | ImagenDemoError) -> Cell:
        if isinstance(outcome, ImagenDemoError):
            reason = f"{outcome.message} {outcome.cost}"[:_MAX_FAILURE]
            links = [each for each in outcome.picture_urls if is_web_address(each)]
            links = [each for each in links if len(each) <= _MAX_FAILURE][:_MAX_LINKS]
            failure = outcome.told_at(Door.COMPARE)[:_MAX_FAILURE]
            return replace(cell, error=outcome, failure=failure, reason=reason, links=links)
        (drawn,) = outcome.pictures
        if not (drawn.kept and drawn.path):
            said = f"Drawn, and not kept. {drawn.unkept}."
            return replace(cell, drawn=drawn, failure=said, reason=said)
        return replace(cell, drawn=drawn, name=self.showing.name(drawn.path))

    def _remembered(self, memory: object) -> tuple[str, list[Cell]]:
        """What a browser's memory stands for; no columns if none of its pictures is left."""
        try:
            compared = _COMPARISON.validate_python(memory)
        except ValidationError:
            return FIRST, []
        cells = [
            Cell(
                each.label,
                drawn=self.showing.drawn(each.name),
                name=each.name,
                failure=each.failure or (GONE if each.name else _ELSEWHERE),
                reason=each.reason or (GONE if each.name else _NO_PICTURE),
                links=each.links,
            )
            for each in compared.columns
        ]
        return compared.preset, cells if any(each.drawn for each in cells) else []


def _so_far(preset: str, cells: Sequence[Cell]) -> Outputs:
    return Outputs(columns=columns(cells, awaited=True), compared=_memory(preset, cells))


def _on_sheet(cell: Cell) -> tuple[Picture, Recipe] | str:
    """What the sheet shows of a column; a picture removed in this very moment is gone, too."""
    if cell.drawn is None:
        return cell.reason
    try:
        return picture_of(cell.drawn), cell.drawn.recipe
    except OSError:
        return GONE


def _was_under_way(memory: object) -> bool:
    """Whether the page was left before the first column of a comparison had settled."""
    try:
        compared = _COMPARISON.validate_python(memory)
    except ValidationError:
        return False
    return not any(each.name or each.failure for each in compared.columns)


def _memory(preset: str, cells: Sequence[Cell]) -> Any:  # noqa: ANN401 - JSON
    compared = [
        Compared(each.label, each.name, each.failure, each.reason, list(each.links))
        for each in cells
    ]
    # The radio offers no other presets.
    return _COMPARISON.dump_python(Comparison(cast("Any", preset), compared), mode="json")

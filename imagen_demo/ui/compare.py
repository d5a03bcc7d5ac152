"""The Compare tab: one prompt drawn in several ways at once, each in a column of its own.

`layout` places it, `comparison` says what each column asks, `drawing` asks, `columns` shows it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any, Unpack

import gradio as gr
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from imagen_demo.album import title
from imagen_demo.comparison import PRESETS, models_of
from imagen_demo.comparison import columns as columns_of
from imagen_demo.errors import ImagenDemoError
from imagen_demo.generation import Picture
from imagen_demo.key import Payer
from imagen_demo.prices import Prices
from imagen_demo.receipt import Visit
from imagen_demo.recipe import Recipe
from imagen_demo.sheet import comparison_sheet
from imagen_demo.ui import choices, markup
from imagen_demo.ui.choices import Chosen
from imagen_demo.ui.columns import COLUMN_CLICKS, Cell, columns, is_preview, preview, summary
from imagen_demo.ui.create import CLOCK, html
from imagen_demo.ui.drawing import Drawing, Result
from imagen_demo.ui.sheets import DISK_FULL, hand_out, picture_of
from imagen_demo.ui.showing import Showing, Update

FIRST = next(iter(PRESETS))
"""What is chosen when the page is opened."""

_MAX_FAILURE = 2_000

_GONE = "This picture is no longer here."
_ELSEWHERE = "Not here yet when the page was left, or not kept. Look under Your pictures."
_NOTHING_ON_SHEET = '<p role="status">Compare something first: the sheet shows it.</p>'

_OPENING = (
    "The same prompt, drawn in several ways at once. Choose what to compare, then press Compare."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """The tab's widgets."""

    preset: gr.Radio
    columns: gr.HTML
    notice: gr.HTML
    cancel: gr.Button
    sheet: gr.Button
    sheet_file: gr.DownloadButton
    keep_status: gr.HTML


@dataclass(frozen=True, slots=True)
class Compared:
    """One column as a browser remembers it: a picture's name, or why there is none."""

    label: Annotated[str, StringConstraints(max_length=100)]
    name: Annotated[str, StringConstraints(max_length=500)] = ""
    failure: Annotated[str, StringConstraints(max_length=_MAX_FAILURE)] = ""


_COMPARED = TypeAdapter(Annotated[list[Compared], Field(min_length=1, max_length=5)])


def place_compare() -> Compare:
    """Put the tab's widgets here."""
    preset = gr.Radio(
        [(label, name) for name, label in PRESETS.items()],
        value=FIRST,
        label="What to compare",
        elem_id="preset",
    )
    with gr.Row(elem_classes="outcome"):
        notice = html(markup.opening(_OPENING, label=markup.COMPARISON), js_on_load=CLOCK)
        cancel = gr.Button("Cancel", size="sm", elem_classes="cancel")
    shown = html(preview(FIRST), js_on_load=COLUMN_CLICKS)
    with gr.Row(elem_classes="quiet-row"):
        sheet = gr.Button("Download sheet", size="sm", min_width=0)
        keep_status = html("", elem_classes="keep-status")
    return Compare(
        preset=preset,
        columns=shown,
        notice=notice,
        cancel=cancel,
        sheet=sheet,
        sheet_file=gr.DownloadButton(visible=False),
        keep_status=keep_status,
    )


@dataclass(frozen=True, slots=True)
class Comparing:
    """What the tab does."""

    drawing: Drawing
    showing: Showing
    prices: Prices
    without_key: Payer

    def on_compare(
        self, *, preset: str, api_key: str, visitor: str, visit: Visit, **chosen: Unpack[Chosen]
    ) -> Iterator[list[Update]]:
        """Draw all columns at once; each is shown as soon as it settles.

        Yields:
            The columns, the notice, what the browser remembers, and the visit so far.
        """
        try:
            asked = columns_of(preset, choices.request_of(chosen))
        except ImagenDemoError as error:
            told = markup.failure(_here(error), label=markup.COMPARISON, offers=False)
            yield [gr.skip(), told, gr.skip(), gr.skip()]
            return
        cells = [Cell(each.label, each.request.aspect_ratio) for each in asked]
        yield [columns(cells, awaited=True), gr.skip(), _memory(cells), gr.skip()]
        requests = [each.request for each in asked]
        settled = self.drawing.side_by_side(requests, visitor_key=api_key, visitor=visitor)
        for place, outcome in settled:
            cells[place] = self._settled(cells[place], outcome)
            if receipt := cells[place].receipt:
                visit = visit.plus(receipt)
            yield [columns(cells, awaited=True), gr.skip(), _memory(cells), visit]
        yield [columns(cells, awaited=False), summary(cells), gr.skip(), gr.skip()]

    def on_price(self, preset: str, model: str) -> str:
        """Say what the next comparison will probably cost, all of its columns together."""
        models = models_of(preset, model)
        drawn_here = self.without_key in {"sandbox", "always sandbox"}
        price = self.prices.together(models)
        return markup.estimate(price, sandbox=drawn_here, pictures=len(models))

    @staticmethod
    def on_preset(preset: str, shown: str) -> Update:
        """Show what the columns will be, unless a comparison is shown."""
        return preview(preset) if is_preview(shown) else gr.skip()

    def on_return(self, memory: object, shown: str) -> Update:
        """Bring back the browser's last comparison, unless one is shown already."""
        cells = self._remembered(memory) if is_preview(shown) else []
        return columns(cells, awaited=False) if cells else gr.skip()

    def on_sheet(self, memory: object) -> list[Update]:
        """Set the sheet of the comparison. Returns its file and words."""
        cells = self._remembered(memory)
        if not cells:
            return [None, _NOTHING_ON_SHEET]
        first = next(each.drawn.recipe for each in cells if each.drawn)
        page = comparison_sheet([(each.label, _on_sheet(each)) for each in cells])
        try:
            # Without the ratio, which is the first column's; a name may have 255 bytes.
            return hand_out(page, f"{title(first).rpartition('-')[0]}-compared.html")
        except OSError:
            return [None, DISK_FULL]

    def _settled(self, cell: Cell, outcome: Result | ImagenDemoError) -> Cell:
        if isinstance(outcome, ImagenDemoError):
            error = _here(outcome)
            return replace(cell, error=error, failure=str(error)[:_MAX_FAILURE])
        (drawn,) = outcome.pictures
        name = self.showing.name(drawn.path) if drawn.kept and drawn.path else ""
        return replace(cell, drawn=drawn, name=name)

    def _remembered(self, memory: object) -> list[Cell]:
        """What a browser's memory stands for; nothing if none of its pictures is left."""
        try:
            compared = _COMPARED.validate_python(memory)
        except ValidationError:
            return []
        cells = [
            Cell(
                each.label,
                drawn=self.showing.drawn(each.name),
                name=each.name,
                failure=each.failure or (_GONE if each.name else _ELSEWHERE),
            )
            for each in compared
        ]
        return cells if any(each.drawn for each in cells) else []


def _here(error: ImagenDemoError) -> ImagenDemoError:
    """Name this tab's button in an error's advice."""
    error.advice = re.sub(r"([Pp]ress) Generate", r"\1 Compare", error.advice)
    return error


def _on_sheet(cell: Cell) -> tuple[Picture, Recipe] | str:
    """What the sheet shows of a column; a picture removed in this very moment is gone, too."""
    if cell.drawn is None:
        return cell.failure
    try:
        return picture_of(cell.drawn), cell.drawn.recipe
    except OSError:
        return _GONE


def _memory(cells: Sequence[Cell]) -> Any:  # noqa: ANN401 - JSON
    return _COMPARED.dump_python(
        [Compared(each.label, each.name, each.failure) for each in cells], mode="json"
    )

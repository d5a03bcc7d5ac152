"""The Compare tab's widgets; no logic.

`ui/layout` places them, `handlers` has what they do, `view` what they show.
"""

from dataclasses import dataclass

import gradio as gr

from imagen_demo.domain.comparison import PRESETS
from imagen_demo.ui import messages
from imagen_demo.ui.compare.view import previews
from imagen_demo.ui.widgets import html, message, on_load, present_button

FIRST = next(iter(PRESETS))
"""What is chosen when the page is opened."""

_OPENING = (
    "The same prompt, drawn in several ways at once. Choose what to compare, then press Compare."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compare:
    """The tab's widgets."""

    preset: gr.Radio
    preview: gr.HTML
    columns: gr.HTML
    notice: gr.HTML
    cancel: gr.Button
    sheet: gr.Button
    sheet_file: gr.HTML
    present: gr.Button
    keep_status: gr.HTML


def place_compare() -> Compare:
    """Put the tab's widgets here."""
    preset = gr.Radio(
        [(label, name) for name, label in PRESETS.items()],
        value=FIRST,
        label="What to compare",
        info="Each column is rewritten on its own; with rewriting off, all of them share a seed.",
        elem_id="preset",
    )
    with gr.Row(elem_classes="outcome"):
        notice = message("compare", "Comparison message", messages.opening(_OPENING))
        cancel = gr.Button("Cancel", size="sm", elem_classes="cancel")
    preview = html(previews(), elem_id="preview")
    shown = html("", elem_id="columns", js_on_load=on_load("columns", "select"))
    with gr.Row(elem_classes="quiet-row"):
        sheet = gr.Button("Download sheet", size="sm", min_width=0)
        present = present_button()
        keep_status = html("", elem_classes="keep-status")
    return Compare(
        preset=preset,
        preview=preview,
        columns=shown,
        notice=notice,
        cancel=cancel,
        sheet=sheet,
        sheet_file=html(None, html_template="", visible="hidden"),
        present=present,
        keep_status=keep_status,
    )

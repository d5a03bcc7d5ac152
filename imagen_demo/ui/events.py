"""What the wiring of every panel shares: how its events look, and how they reach the scripts.

`wiring`, `ui/compare/wiring` and `ui/library/wiring` connect the widgets with it.
"""

from typing import Any

import gradio as gr

from imagen_demo.ui.compare.panel import Compare
from imagen_demo.ui.create.panel import Create
from imagen_demo.ui.outputs import Handler, into

# The notice says that something goes on, so no spinner does; and none of this is for programs.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}


def call(name: str, *first: str) -> str:
    """A function of `static/js`, for Gradio to call in the browser.

    Args:
        name: The function's, of the object `imagen`.
        first: What it is given before what Gradio gives it.
    """
    given = ", ".join((*(f"'{each}'" for each in first), "...given"))
    return f"(...given) => imagen.{name}({given})"


def in_the_browser(name: str, *first: str) -> dict[str, Any]:
    """The same for an event that no server hears of."""
    return {"fn": None, "js": call(name, *first), "api_visibility": "private"}


def wire_sheet(tab: Create | Compare, on_sheet: Handler, memory: gr.HTML) -> None:
    """Let a tab's button make the sheet of what the browser remembers, and download it."""
    widgets = {"sheet_file": tab.sheet_file, "keep_status": tab.keep_status}
    made = tab.sheet.click(inputs=memory, **into(on_sheet, widgets), **QUIET)
    made.then(inputs=tab.sheet_file, **in_the_browser("download"))


def wire_present(tab: Create | Compare) -> None:
    """Let a tab's button lead to the stage."""
    tab.present.click(outputs=tab.keep_status, **in_the_browser("present"))

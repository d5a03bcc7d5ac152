"""The widgets of `gr.HTML` that several panels have, each with what its value is put into."""

from typing import Any

import gradio as gr

from imagen_demo.ui.messages import Notice
from imagen_demo.ui.render import frame


def html(value: object, **options: Any) -> gr.HTML:  # noqa: ANN401 - Gradio's own options
    """Place HTML that the style sheets alone give its looks."""
    # Gradio's own styles for prose would fight them over every margin.
    return gr.HTML(value, apply_default_css=False, **options)


def message(tab: str, called: str, first: Notice) -> gr.HTML:
    """Place a tab's message, the answer to a click there; a failure is read out at once.

    Args:
        tab: The name that the scripts know it by.
        called: What those who listen hear of it.
        first: What it says at first.
    """
    setup = on_load("message", "select", "undo", first=tab)
    return html(first, html_template=frame("message"), called=called, js_on_load=setup)


def present_button() -> gr.Button:
    """Place the quiet way to the stage; the key P presses the one that is seen."""
    return gr.Button("Present", size="sm", min_width=0, elem_classes="present")


def remembered(name: str) -> gr.HTML:
    """Place what the browser remembers under a name, as JSON, for the demo to be told and to set.

    Whoever sits down at the browser can read it, so nothing secret may go in here.
    """
    setup = on_load("remembered", first=name)
    return html(None, html_template="", visible="hidden", js_on_load=setup)


def on_load(name: str, *events: str, first: str = "") -> str:
    """A function of `static/js` that sets up a widget once it stands.

    Args:
        name: The function's, of the object `imagen`.
        events: What it may trigger; Gradio looks for their names in quotes.
        first: What it is given before the element, what triggers events, the widget's values, and
            what watches these.
    """
    told = f"'{first}', " if first else ""
    names = ", ".join(f"'{each}'" for each in events)
    return f"imagen.{name}({told}element, trigger, props, watch); // {names}"

"""What a browser remembers of its visitor, and how a page that is opened again gets it back.

`wiring` connects it. `page` names what the demo is told of it: `visitor` and `shown`, and
`compared`, which `compare/wiring` fills; `static/js/memory` keeps it.
"""

import gradio as gr

from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.events import QUIET, in_the_browser
from imagen_demo.ui.outputs import into
from imagen_demo.ui.page import Page


def wire_memory(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    """Connect what the browser keeps: who it is, what was typed, what is shown."""
    # Not the key: what a browser remembers, whoever sits down at it next can read.
    inputs = list(page.settings.values())
    gr.on(
        # Gradio adds the events to its components at run time.
        [each.change for each in inputs],  # type: ignore[attr-defined]
        inputs=inputs,
        **in_the_browser("remember"),
    )
    memory = [page.visitor, page.shown, page.compared]
    recalled = demo.load(inputs=inputs, outputs=[*memory, *inputs], **in_the_browser("recall"))
    demo.load(outputs=page.on_stage, **in_the_browser("wasOnStage"))
    # It triggers the next, the one event that opening the page sends; a newcomer's sends none.
    recalled.then(
        inputs=[page.visitor, page.shown], outputs=page.visitor, **in_the_browser("arrive")
    )
    brought = page.arrival.submit(
        inputs=[page.shown, page.visitor],
        **into(handlers.on_arrival, {**page.result, **page.settings, "strip": page.strip}),
        **QUIET,
    )
    notice = page.create.notice
    told = brought.then(inputs=notice, outputs=notice, **in_the_browser("interrupted"))
    told.then(inputs=page.prompt, **in_the_browser("forgetLink"))

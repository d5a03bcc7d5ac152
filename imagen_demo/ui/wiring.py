"""Which event of the page calls what; whatever can be answered in the browser is answered there.

`layout` calls `wire` once the widgets of `page` stand; the Python side is in `ui/create/handlers`,
the browser's in `static/js`. The Compare tab and the strips have modules of their own,
`ui/compare/wiring` and `ui/library/wiring`.
"""

import gradio as gr

from imagen_demo.ui.browser_memory import wire_memory
from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.compare.wiring import wire_compare
from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.events import QUIET, in_the_browser
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.library.wiring import wire_record
from imagen_demo.ui.options.panel import wire_options
from imagen_demo.ui.outputs import into
from imagen_demo.ui.page import Page


def wire(
    demo: gr.Blocks, page: Page, handlers: Handlers, record: Record, comparing: Comparing
) -> None:
    """Connect everything."""
    _wire_generate(page, handlers, record)
    _wire_before_the_click(demo, page, handlers)
    wire_options(page.options, page.shown, record.on_reuse)
    _wire_rewrite(page)
    wire_record(page, record, comparing)
    wire_compare(page, comparing, record)
    wire_memory(demo, page, handlers)


def _wire_generate(page: Page, handlers: Handlers, record: Record) -> None:
    create, num_images = page.create, page.options.widgets["num_images"]
    page.prompt.submit(**in_the_browser("press"))
    page.generate.click(
        inputs=[page.options.model, num_images, page.strip, create.notice],
        outputs=[create.notice, page.strip, create.keep_status],
        **in_the_browser("generate"),
    )
    generated = page.generate.click(
        inputs_kwargs=page.asked,
        **into(handlers.on_generate, {**page.result, "strip": page.strip, "prices": page.prices}),
        **QUIET,
    )
    # Nobody waits any more: what is still being drawn is on its way then.
    create.cancel.click(record.on_strip, page.visitor, page.strip, **QUIET)
    generated.failure(
        inputs=create.notice, outputs=create.notice, **in_the_browser("failed", "create")
    )
    create.cancel.click(
        outputs=create.notice, cancels=generated, **in_the_browser("cancel", "create")
    )
    generated.then(**in_the_browser("release"))
    switched = page.on_stage.input(inputs=page.on_stage, **in_the_browser("noteOnStage"))
    left = {"on_stage": page.on_stage, "keep_status": create.keep_status}
    switched.then(
        inputs=[page.on_stage, page.visitor], **into(handlers.on_stage_switch, left), **QUIET
    )
    create.picture.select(handlers.on_pick, page.shown, create.rewritten_prompt, **QUIET)


def _wire_before_the_click(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    model, num_images = page.options.model, page.options.widgets["num_images"]
    gr.on(
        [demo.load, page.prompt.change, model.change],
        inputs=[page.prompt, model],
        outputs=page.counter,
        **in_the_browser("count"),
    )
    gr.on(
        [
            demo.load,
            page.prices.change,
            model.change,
            num_images.change,
            page.compare.preset.change,
        ],
        inputs=[page.prices, model, num_images, page.compare.preset],
        outputs=[page.price, page.compare_price],
        **in_the_browser("prices"),
    )
    notice = page.create.notice
    notice.select(**into(handlers.on_use, {"model": model, "notice": notice}), **QUIET)
    # What another tab drew, removed, or paid another price for.
    looked = page.strip.tick(
        inputs=page.visitor,
        **into(
            handlers.on_tick,
            {"strip": page.strip, "prices": page.prices, "on_stage": page.on_stage},
        ),
        **QUIET,
    )
    looked.then(inputs=[notice, page.strip], outputs=notice, **in_the_browser("arrived"))
    page.check_key.click(handlers.on_check_key, page.api_key, page.key_status, **QUIET)


def _wire_rewrite(page: Page) -> None:
    settings, create = page.settings, page.create
    create.rewritten_prompt.select(
        inputs=list(settings.values()),
        outputs=[page.prompt, create.notice],
        **in_the_browser("use"),
    )
    locked = ("model", "prompt", "enhance_prompt", "add_watermark", "seed")
    create.rewritten_prompt.submit(
        inputs=list(settings.values()),
        outputs=[*(settings[name] for name in locked), create.notice],
        **in_the_browser("lock"),
    )

"""Which event of the strips, the sheet and the link calls what; Python's side is in `handlers`."""

import gradio as gr

from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.events import QUIET, call, in_the_browser, wire_present, wire_sheet
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.outputs import into
from imagen_demo.ui.page import Page


def wire_record(page: Page, record: Record, comparing: Comparing) -> None:
    """Connect the strips, dropped files, sheet and link."""
    _wire_tiles(page, record)
    _wire_removing(page, record, comparing)
    wire_sheet(page.create, record.on_sheet, page.shown)
    wire_present(page.create)
    page.create.copy_link.click(
        inputs=list(page.settings.values()),
        outputs=page.create.keep_status,
        **in_the_browser("copyLink"),
    )


def _wire_tiles(page: Page, record: Record) -> None:
    strips = (page.examples, page.strip, page.compare.columns)
    settings = list(page.settings.values())
    gr.on(
        [*(each.select for each in strips), page.open_picture.upload],
        inputs=settings,
        **in_the_browser("noteTyped"),
    )
    opened = {**page.result, **page.settings}
    fills = [
        strip.select(inputs=page.prompt, js=call("typed"), **into(record.on_open, opened), **QUIET)
        for strip in strips
    ]
    fills += [
        page.open_picture.upload(
            inputs=[page.open_picture, page.prompt, page.visitor],
            js=call("typedBeside"),
            **into(record.on_drop, opened),
            # Gradio would leave an empty file behind for each [gradio 6.31, `UploadButton`].
            preprocess=False,
            # A hostile file may cost a moment of work; not so many moments at once.
            concurrency_limit=2,
            **QUIET,
        )
    ]
    for filled in fills:
        filled.then(
            inputs=page.prompt,
            outputs=[page.create.keep_status, page.tabs],
            **in_the_browser("noteFilled"),
        )
    page.create.notice.undo(outputs=[*settings, page.create.notice], **in_the_browser("putBack"))


def _wire_removing(page: Page, record: Record, comparing: Comparing) -> None:
    mine, left = [page.visitor, page.shown], {"strip": page.strip, **page.result}
    there = page.compare.notice
    for removed in (
        page.strip.delete(inputs=mine, **into(record.on_remove, left), **QUIET),
        page.strip.clear(inputs=mine, **into(record.on_remove_all, left), **QUIET),
    ):
        removed.then(comparing.on_removed, page.compared, page.compared, **QUIET).then(
            inputs=page.compared, **in_the_browser("markRemoved")
        ).then(
            inputs=[page.create.notice, there],
            outputs=there,
            **in_the_browser("sayThereToo"),
        )
    page.strip.expand(record.on_strip_again, page.visitor, page.strip, **QUIET)

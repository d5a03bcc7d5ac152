"""Which event of the Compare tab calls what; the Python side is in `handlers`."""

import json

import gradio as gr

from imagen_demo.domain.comparison import PRESETS, models_of
from imagen_demo.ui import messages
from imagen_demo.ui.cancellation import cancellable
from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.compare.view import BEGINNING
from imagen_demo.ui.events import (
    IN_THE_BROWSER,
    LOOK_THERE,
    QUIET,
    RELEASE,
    broken,
    cancel,
    wire_sheet,
)
from imagen_demo.ui.library import view as library_view
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options.price_tags import OF_COMPARISON
from imagen_demo.ui.page import Page


def wire_compare(page: Page, comparing: Comparing, record: Record) -> None:
    """Connect the Compare tab."""
    tab = page.compare
    places = json.dumps({name: len(models_of(name, "")) for name in PRESETS})
    waiting = f"""(preset, strip, notice) =>
      document.querySelector('#compare .notice.waiting') ? [notice, strip, ''] : [
        ({LOOK_THERE})('#compare .outcome') ??
        {json.dumps(messages.waiting_for_several())},
        ({library_view.MAKE_ROOM})(strip, ({places})[preset]),
        '',
      ]"""
    page.compare_now.click(
        js=waiting,
        inputs=[tab.preset, page.strip, tab.notice],
        outputs=[tab.notice, page.strip, tab.keep_status],
        **IN_THE_BROWSER,
    )
    compared = page.compare_now.click(
        cancellable(comparing.on_compare),
        inputs_kwargs={"preset": tab.preset, **page.asked},
        outputs=[tab.columns, tab.notice, page.compared, page.strip, page.prices],
        **QUIET,
    )
    tab.cancel.click(record.on_strip, page.visitor, page.strip, **QUIET)
    compared.failure(
        js=broken(messages.COMPARISON), inputs=tab.notice, outputs=tab.notice, **IN_THE_BROWSER
    )
    tab.cancel.click(
        js=cancel(messages.COMPARISON), outputs=tab.notice, cancels=compared, **IN_THE_BROWSER
    )
    compared.then(js=RELEASE, **IN_THE_BROWSER)
    gr.on(
        [page.prices.change, tab.preset.change, page.options.model.change],
        js=OF_COMPARISON,
        inputs=[page.prices, tab.preset, page.options.model],
        outputs=page.compare_price,
        **IN_THE_BROWSER,
    )
    tab.preset.change(
        comparing.on_preset, [tab.preset, tab.columns], tab.columns, js=BEGINNING, **QUIET
    )
    page.compare_tab.select(
        comparing.on_return,
        [page.compared, tab.columns],
        [tab.preset, tab.columns, tab.notice],
        js=BEGINNING,
        **QUIET,
    )
    wire_sheet(tab, comparing.on_sheet, page.compared)

"""Which event of the Compare tab calls what; the Python side is in `handlers`."""

from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.events import QUIET, call, in_the_browser, wire_present, wire_sheet
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.outputs import into
from imagen_demo.ui.page import Page


def wire_compare(page: Page, comparing: Comparing, record: Record) -> None:
    """Connect the Compare tab."""
    tab = page.compare
    page.compare_now.click(
        inputs=[tab.preset, page.strip, tab.notice],
        outputs=[tab.notice, page.strip, tab.keep_status],
        **in_the_browser("compare"),
    )
    shown = {"columns": tab.columns, "notice": tab.notice}
    drawn = {"compared": page.compared, "strip": page.strip, "prices": page.prices}
    compared = page.compare_now.click(
        inputs_kwargs={"preset": tab.preset, **page.asked},
        **into(comparing.on_compare, {**shown, **drawn}),
        **QUIET,
    )
    tab.cancel.click(record.on_strip, page.visitor, page.strip, **QUIET)
    compared.failure(inputs=tab.notice, outputs=tab.notice, **in_the_browser("failed", "compare"))
    tab.cancel.click(outputs=tab.notice, cancels=compared, **in_the_browser("cancel", "compare"))
    compared.then(**in_the_browser("release"))
    tab.preset.change(inputs=tab.preset, **in_the_browser("preview"))
    page.compare_tab.select(
        inputs=page.compared,
        js=call("unlessShown"),
        **into(comparing.on_return, {"preset": tab.preset, **shown}),
        **QUIET,
    )
    wire_present(tab)
    wire_sheet(tab, comparing.on_sheet, page.compared)

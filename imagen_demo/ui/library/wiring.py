"""Which event of the strips, the sheet and the link calls what; Python's side is in `handlers`."""

import json

import gradio as gr

from imagen_demo.ui import messages
from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.compare.view import WITHOUT_REMOVED
from imagen_demo.ui.events import EDIT_PROMPT, IN_THE_BROWSER, NOTE_TYPED, QUIET, TYPED, wire_sheet
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options import share_link
from imagen_demo.ui.page import CREATE, Page

# On a phone the picture is a screen away from the tile that was touched.
_NOTE_FILLED = """(prompt) => {
  window.filled = prompt;
  setTimeout(() => {  // once its tab is the open one
    if (document.activeElement === document.body) document.querySelector('#create-button').focus();
    const see = document.querySelector('#see'), top = see.getBoundingClientRect().top;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (top < 0 || top > innerHeight / 2) see.scrollIntoView({behavior: calm ? 'auto' : 'smooth'});
  }, 100);
  return ['', {__type__: 'update', selected: CREATE}];
}""".replace("CREATE", json.dumps(CREATE))
_BACK = json.dumps(messages.opening("Your prompt and settings are back."))
_PUT_BACK = f"() => {{ {EDIT_PROMPT} return [...window.typed, {_BACK}]; }}"


# The strip is below both tabs, and its words are in the one.
_SAY_THERE_TOO = f"""(said, there) => document.querySelector('#compare .notice.waiting')
  ? there : said.replace('aria-label="Message"', 'aria-label="{messages.COMPARISON}"')"""


def wire_record(page: Page, record: Record, comparing: Comparing) -> None:
    """Connect the strips, dropped files, sheet and link."""
    _wire_tiles(page, record, comparing)
    wire_sheet(page.create, record.on_sheet, page.shown)
    page.create.copy_link.click(
        js=share_link.COPY_LINK,
        inputs=page.settings,
        outputs=page.create.keep_status,
        **IN_THE_BROWSER,
    )


def _wire_tiles(page: Page, record: Record, comparing: Comparing) -> None:
    opened = [*page.remembered, *page.settings]
    gr.on(
        [
            page.examples.select,
            page.strip.select,
            page.compare.columns.select,
            page.open_picture.upload,
        ],
        js=NOTE_TYPED,
        inputs=page.settings,
        **IN_THE_BROWSER,
    )
    fills = [
        strip.select(record.on_open, page.prompt, opened, js=TYPED, **QUIET)
        for strip in (page.examples, page.strip, page.compare.columns)
    ]
    fills += [
        page.open_picture.upload(
            record.on_drop,
            [page.open_picture, page.prompt],
            opened,
            js=f"(file, prompt) => [file, ({TYPED})(prompt)]",
            # Gradio would leave an empty file behind for each [gradio 6.31, `UploadButton`].
            preprocess=False,
            # A hostile file may cost a moment of work; not so many moments at once.
            concurrency_limit=2,
            **QUIET,
        )
    ]
    for filled in fills:
        filled.then(
            js=_NOTE_FILLED,
            inputs=page.prompt,
            outputs=[page.create.keep_status, page.tabs],
            **IN_THE_BROWSER,
        )
    page.create.notice.undo(
        js=_PUT_BACK, outputs=[*page.settings, page.create.notice], **IN_THE_BROWSER
    )
    mine, removed = [page.visitor, page.shown], [page.strip, *page.remembered]
    for cleared in (
        page.strip.delete(record.on_remove, mine, removed, **QUIET),
        page.strip.clear(record.on_remove_all, mine, removed, **QUIET),
    ):
        cleared.then(comparing.on_removed, page.compared, page.compared, **QUIET).then(
            js=WITHOUT_REMOVED,
            inputs=[page.compared, page.compare.columns],
            outputs=page.compare.columns,
            **IN_THE_BROWSER,
        ).then(
            js=_SAY_THERE_TOO,
            inputs=[page.create.notice, page.compare.notice],
            outputs=page.compare.notice,
            **IN_THE_BROWSER,
        )
    page.strip.expand(record.on_strip_again, page.visitor, page.strip, **QUIET)

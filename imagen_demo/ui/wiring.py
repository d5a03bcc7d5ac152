"""Which event of the page calls what; whatever can be answered in the browser is answered there.

`layout` calls `wire` once the widgets of `page` stand; the Python side is in `ui/create/handlers`.
The Compare tab and the strips have modules of their own, `ui/compare/wiring` and
`ui/library/wiring`.
"""

import json

import gradio as gr

from imagen_demo.domain.catalog import MAX_SEED, MODELS
from imagen_demo.ui import messages
from imagen_demo.ui.browser_memory import wire_memory
from imagen_demo.ui.cancellation import cancellable
from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.compare.wiring import wire_compare
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.events import (
    EDIT_PROMPT,
    IN_THE_BROWSER,
    LOOK_THERE,
    NOTE_TYPED,
    QUIET,
    RELEASE,
    broken,
    cancel,
)
from imagen_demo.ui.library import view as library_view
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.library.wiring import wire_record
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.panel import wire_options
from imagen_demo.ui.options.price_tags import OF_PICTURES
from imagen_demo.ui.page import Page

_LIMITS = json.dumps({each.id: each.prompt_limit for each in MODELS.values()})

_USE = f"""(...settings) => {{
  ({NOTE_TYPED})(...settings);
  {EDIT_PROMPT}
  return [window.filled = window.rewrite.prompt, {json.dumps(create_view.used())}];
}}"""
# A seed that is there already is the visitor's choice. The model must be one that takes it.
_LOCK = f"""(...settings) => {{
  ({NOTE_TYPED})(...settings);
  const place = {json.dumps(rules.SETTINGS)}, {{prompt, model}} = window.rewrite;
  const typed = settings[place.indexOf('seed')].trim();
  const any = crypto.getRandomValues(new Uint32Array(1))[0];
  const seed = /^[0-9]+$/.test(typed) && Number(typed) <= {MAX_SEED} ? typed : String(any);
  const notice = {json.dumps(create_view.locked("SEED"))}.replace('SEED', seed);
  {EDIT_PROMPT}
  return [model, window.filled = prompt, false, false, seed, notice];
}}"""

# Counts what a person counts: code points, and no space around them.
_COUNT = """(prompt, model) => {
  const limit = LIMITS[model], count = [...(prompt ?? '').trim()].length;
  const state = limit && count > limit ? 'over' : limit && count > limit * 0.9 ? 'near' : '';
  return `<p class="count ${state}">${count}${limit ? ' / ' + limit : ''}</p>`;
}""".replace("LIMITS", _LIMITS)


# Enter in the prompt presses the button of the tab that is open.
_PRESS = """() => [...document.querySelectorAll('#generate, #compare-now')]
  .find((button) => button.checkVisibility())?.click()"""


_ARRIVED = f"""(notice, strip) =>
  notice === {json.dumps(messages.still_drawing())} && !strip.includes('class="coming"')
    ? {json.dumps(messages.arrived())} : notice"""


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
    wire_memory(demo, page, handlers, record)


def _wire_generate(page: Page, handlers: Handlers, record: Record) -> None:
    page.prompt.submit(js=_PRESS, **IN_THE_BROWSER)
    drawn_here = handlers.pricing.sandbox_draws
    words = {each.id: messages.waiting(each, sandbox=drawn_here) for each in MODELS.values()}
    several = [each.id for each in MODELS.values() if "num_images" in each.options]
    # A click while one is awaited already draws nothing, and so must say nothing.
    waiting = f"""(model, pictures, strip, notice) =>
      document.querySelector('#create .notice.waiting') ? [notice, strip, ''] : [
        ({LOOK_THERE})('#see') ?? ({json.dumps(words)})[model],
        ({library_view.MAKE_ROOM})(strip, {json.dumps(several)}.includes(model) ? pictures : 1),
        '',
      ]"""
    page.generate.click(
        js=waiting,
        inputs=[
            page.options.model,
            page.options.widgets["num_images"],
            page.strip,
            page.create.notice,
        ],
        outputs=[page.create.notice, page.strip, page.create.keep_status],
        **IN_THE_BROWSER,
    )
    generated = page.generate.click(
        cancellable(handlers.on_generate),
        inputs_kwargs=page.asked,
        outputs=[*page.remembered, page.strip, page.prices],
        **QUIET,
    )
    # Nobody waits any more: what is still being drawn is on its way then.
    page.create.cancel.click(record.on_strip, page.visitor, page.strip, **QUIET)
    generated.failure(
        js=broken("Message"),
        inputs=page.create.notice,
        outputs=page.create.notice,
        **IN_THE_BROWSER,
    )
    page.create.cancel.click(
        js=cancel("Message"),
        outputs=page.create.notice,
        cancels=generated,
        **IN_THE_BROWSER,
    )
    generated.then(js=RELEASE, **IN_THE_BROWSER)
    page.create.pictures.select(
        handlers.on_pick,
        page.shown,
        page.create.rewritten_prompt,
        **QUIET,
    )


def _wire_before_the_click(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    gr.on(
        [demo.load, page.prompt.change, page.options.model.change],
        js=_COUNT,
        inputs=[page.prompt, page.options.model],
        outputs=page.counter,
        **IN_THE_BROWSER,
    )
    gr.on(
        [page.prices.change, page.options.model.change, page.options.widgets["num_images"].change],
        js=OF_PICTURES,
        inputs=[page.prices, page.options.model, page.options.widgets["num_images"]],
        outputs=page.price,
        **IN_THE_BROWSER,
    )
    demo.load(
        handlers.on_open,
        None,
        [page.options.model, page.prices, page.examples],
        **QUIET,
    )
    page.create.notice.select(
        handlers.on_use,
        outputs=[page.options.model, page.create.notice],
        **QUIET,
    )
    # What another tab drew, removed, or paid another price for.
    looked = page.strip.tick(handlers.on_tick, page.visitor, [page.strip, page.prices], **QUIET)
    looked.then(
        js=_ARRIVED,
        inputs=[page.create.notice, page.strip],
        outputs=page.create.notice,
        **IN_THE_BROWSER,
    )
    page.check_key.click(
        handlers.on_check_key,
        page.api_key,
        page.key_status,
        **QUIET,
    )


def _wire_rewrite(page: Page) -> None:
    settings, options = page.settings, page.options
    page.create.rewritten_prompt.select(
        js=_USE,
        inputs=settings,
        outputs=[page.prompt, page.create.notice],
        **IN_THE_BROWSER,
    )
    locked = [options.widgets[name] for name in ("enhance_prompt", "add_watermark", "seed")]
    page.create.rewritten_prompt.submit(
        js=_LOCK,
        inputs=settings,
        outputs=[options.model, page.prompt, *locked, page.create.notice],
        **IN_THE_BROWSER,
    )

"""Which event of the page calls what; whatever can be answered in the browser is answered there.

`layout` calls `wire` once the widgets of `page` stand; the Python side is in `handlers`.
"""

import json
from typing import Any

import gradio as gr

from imagen_demo.catalog import MODELS
from imagen_demo.ui import links, markup, strips
from imagen_demo.ui.handlers import Handlers
from imagen_demo.ui.options import wire_options
from imagen_demo.ui.page import Page
from imagen_demo.ui.record import Record

_LIMITS = json.dumps({each.id: each.prompt_limit for each in MODELS.values()})

# The notice says that something goes on, so no spinner does; and none of this is for programs.
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_IN_THE_BROWSER: dict[str, Any] = {"fn": None, "api_visibility": "private"}

_REMEMBER_INPUTS = "(...inputs) => [inputs]"  # one output, whose value is a list
# Whoever types faster than the page loads keeps what they typed; what an older page remembered,
# or a model that is no longer offered, is forgotten. Prompt first, ratio second, model third.
_RECALL_INPUTS = """(draft, ...current) =>
  Array.isArray(draft) && draft.length === current.length && draft[2] in LIMITS && !current[0]
    ? (IS_LINK ? (window.typed = draft, current) : draft) : current""".replace(
    "LIMITS", _LIMITS
).replace("IS_LINK", links.IS_LINK)

# Only this browser knows it: whose pictures are whose. Long enough that nobody guesses one.
_INTRODUCE = """(visitor) => visitor || [...crypto.getRandomValues(new Uint8Array(32))]
  .map((byte) => byte.toString(16).padStart(2, '0')).join('')"""

# A picture that fills in its settings must not cost a prompt that took an hour to write. What a
# picture filled in is nothing typed: whoever clicks through ten examples gets their own back.
_TYPED = "(prompt) => prompt === window.filled ? window.typed[0] : prompt"
_NOTE_TYPED = """(...settings) => {
  if (settings[0] !== window.filled) window.typed = settings;
}"""
# On a phone the picture is a screen away from the tile that was touched.
_NOTE_FILLED = """(prompt) => {
  window.filled = prompt;
  const see = document.querySelector('#see'), top = see.getBoundingClientRect().top;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  if (top < 0 || top > innerHeight / 2) see.scrollIntoView({behavior: calm ? 'auto' : 'smooth'});
  return '';
}"""
_PUT_BACK = (
    f"() => [...window.typed, {json.dumps(markup.opening('Your prompt and settings are back.'))}]"
)

_DOWNLOAD = """(sheet) => {
  if (!sheet) return;
  const link = document.createElement('a');
  link.href = sheet.url;
  link.download = sheet.orig_name;
  link.click();
}"""

# Counts what a person counts: code points, and no space around them.
_COUNT = """(prompt, model) => {
  const limit = LIMITS[model], count = [...(prompt ?? '').trim()].length;
  const state = limit && count > limit ? 'over' : limit && count > limit * 0.9 ? 'near' : '';
  return `<p class="count ${state}">${count}${limit ? ' / ' + limit : ''}</p>`;
}""".replace("LIMITS", _LIMITS)

# To Gradio a cancelled call has failed, too; the page has already said better what happened.
_CANCEL = f"() => {{ window.cancelledAt = Date.now(); return {json.dumps(markup.cancelled())}; }}"
_BROKEN = (
    "(notice) => Date.now() - (window.cancelledAt ?? 0) < 5000"
    f" ? notice : {json.dumps(markup.broken())}"
)


def wire(demo: gr.Blocks, page: Page, handlers: Handlers, record: Record) -> None:
    """Connect everything."""
    _wire_generate(page, handlers, record)
    _wire_before_the_click(demo, page, handlers)
    wire_options(page.options, page.shown, record.on_reuse)
    _wire_record(page, record)
    _wire_sheet_and_link(page, record)
    _wire_memory(demo, page, handlers, record)


def _wire_generate(page: Page, handlers: Handlers, record: Record) -> None:
    go = [page.generate.click, page.prompt.submit]
    drawn_here = handlers.without_key in {"sandbox", "always sandbox"}
    words = {each.id: markup.waiting(each, sandbox=drawn_here) for each in MODELS.values()}
    several = [each.id for each in MODELS.values() if "num_images" in each.options]
    # A click while one is awaited already draws nothing, and so must say nothing.
    waiting = f"""(model, pictures, strip, notice) =>
      document.querySelector('.notice.waiting') ? [notice, strip, ''] : [
        ({json.dumps(words)})[model],
        ({strips.MAKE_ROOM})(strip, {json.dumps(several)}.includes(model) ? pictures : 1),
        '',
      ]"""
    gr.on(
        go,
        js=waiting,
        inputs=[page.options.model, page.options.num_images, page.strip, page.notice],
        outputs=[page.notice, page.strip, page.keep_status],
        **_IN_THE_BROWSER,
    )
    generated = gr.on(
        go,
        handlers.on_generate,
        inputs_kwargs={
            "prompt": page.prompt,
            "aspect_ratio": page.aspect_ratio,
            "api_key": page.api_key,
            "visitor": page.visitor,
            "visit": page.visit,
            **page.options.inputs,
        },
        outputs=page.result,
        **_QUIET,
    )
    # Also when nobody waits any more: what is still being drawn is on its way then.
    for settled in (generated.then, page.cancel.click):
        settled(
            record.on_strip,
            page.visitor,
            page.strip,
            **_QUIET,
        )
    generated.failure(
        js=_BROKEN,
        inputs=page.notice,
        outputs=page.notice,
        **_IN_THE_BROWSER,
    )
    page.cancel.click(
        js=_CANCEL,
        outputs=page.notice,
        cancels=generated,
        **_IN_THE_BROWSER,
    )
    page.pictures.select(
        handlers.on_pick,
        None,
        page.rewritten_prompt,
        **_QUIET,
    )


def _wire_before_the_click(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    gr.on(
        [demo.load, page.prompt.change, page.options.model.change],
        js=_COUNT,
        inputs=[page.prompt, page.options.model],
        outputs=page.counter,
        **_IN_THE_BROWSER,
    )
    gr.on(
        [
            demo.load,
            page.options.model.change,
            page.options.num_images.change,
            page.token_usage.change,
        ],
        handlers.on_price,
        [page.options.model, page.options.num_images],
        page.price,
        **_QUIET,
    )
    demo.load(
        handlers.on_models,
        None,
        page.options.model,
        **_QUIET,
    )
    page.notice.select(
        handlers.on_use,
        outputs=[page.options.model, page.notice],
        **_QUIET,
    )
    page.check_key.click(
        handlers.on_check_key,
        page.api_key,
        page.key_status,
        **_QUIET,
    )


def _wire_record(page: Page, record: Record) -> None:
    opened = [*page.remembered, *page.settings]
    gr.on(
        [page.examples.select, page.strip.select, page.open_picture.upload],
        js=_NOTE_TYPED,
        inputs=page.settings,
        **_IN_THE_BROWSER,
    )
    fills = [
        strip.select(record.on_open, page.prompt, opened, js=_TYPED, **_QUIET)
        for strip in (page.examples, page.strip)
    ]
    fills += [
        page.open_picture.upload(
            record.on_drop,
            [page.open_picture, page.prompt],
            opened,
            js=f"(file, prompt) => [file, ({_TYPED})(prompt)]",
            # A hostile file may cost a moment of work; not so many moments at once.
            concurrency_limit=2,
            **_QUIET,
        )
    ]
    for filled in fills:
        filled.then(
            js=_NOTE_FILLED,
            inputs=page.prompt,
            outputs=page.keep_status,
            **_IN_THE_BROWSER,
        )
    page.notice.undo(js=_PUT_BACK, outputs=[*page.settings, page.notice], **_IN_THE_BROWSER)
    mine, removed = [page.visitor, page.shown], [page.strip, *page.remembered]
    page.strip.delete(record.on_remove, mine, removed, **_QUIET)
    page.strip.clear(record.on_remove_all, mine, removed, **_QUIET)
    page.strip.expand(record.on_strip_again, page.visitor, page.strip, **_QUIET)
    page.strip.tick(record.on_strip_again, page.visitor, page.strip, **_QUIET)


def _wire_sheet_and_link(page: Page, record: Record) -> None:
    page.sheet.click(
        record.on_sheet,
        page.shown,
        [page.sheet_file, page.keep_status],
        **_QUIET,
    ).then(
        js=_DOWNLOAD,
        inputs=page.sheet_file,
        **_IN_THE_BROWSER,
    )
    page.copy_link.click(
        js=links.COPY_LINK,
        inputs=page.settings,
        outputs=page.keep_status,
        **_IN_THE_BROWSER,
    )


def _wire_memory(demo: gr.Blocks, page: Page, handlers: Handlers, record: Record) -> None:
    # Not the key: what a browser remembers, whoever sits down at it next can read.
    inputs = page.settings
    gr.on(
        # Gradio adds the events to its components at run time.
        [each.change for each in inputs],  # type: ignore[attr-defined]
        js=_REMEMBER_INPUTS,
        inputs=inputs,
        outputs=page.draft,
        **_IN_THE_BROWSER,
    )
    demo.load(
        js=_RECALL_INPUTS,
        inputs=[page.draft, *inputs],
        outputs=inputs,
        **_IN_THE_BROWSER,
    )
    restored = demo.load(handlers.on_load, [page.shown, page.visitor], page.remembered, **_QUIET)
    # After that, since both have something to say.
    linked = restored.then(
        record.on_link,
        page.prompt,
        [page.notice, *inputs],
        js="() => window.typed?.[0] ?? ''",
        **_QUIET,
    )
    linked.then(js=links.FORGET_LINK, inputs=page.prompt, **_IN_THE_BROWSER)
    demo.load(record.on_gallery, None, page.examples, **_QUIET)
    demo.load(
        js=_INTRODUCE,
        inputs=page.visitor,
        outputs=page.visitor,
        **_IN_THE_BROWSER,
    ).then(record.on_strip, page.visitor, page.strip, **_QUIET)

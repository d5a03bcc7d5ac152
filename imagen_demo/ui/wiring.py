"""Which event of the page calls what; whatever can be answered in the browser is answered there.

`layout` calls `wire` once the widgets of `page` stand; the Python side is in `handlers`.
"""

import json

import gradio as gr

from imagen_demo.catalog import MODELS
from imagen_demo.ui import markup
from imagen_demo.ui.handlers import Handlers
from imagen_demo.ui.options import wire_options
from imagen_demo.ui.page import Page

_REMEMBER_INPUTS = "(prompt, aspect_ratio) => ({prompt, aspect_ratio})"
# Whoever types faster than the page loads keeps what they typed.
_RECALL_INPUTS = (
    "(draft, prompt, aspect_ratio) => prompt || !draft"
    " ? [prompt, aspect_ratio] : [draft.prompt ?? '', draft.aspect_ratio ?? aspect_ratio]"
)

# Counts what a person counts: code points, and no space around them.
_LIMITS = json.dumps({each.id: each.prompt_limit for each in MODELS.values()})
_COUNT = """(prompt, model) => {
  const limit = LIMITS[model], count = [...(prompt ?? '').trim()].length;
  const state = limit && count > limit ? 'over' : limit && count > limit * 0.9 ? 'near' : '';
  return `<p class="count ${state}">${count}${limit ? ' / ' + limit : ''}</p>`;
}""".replace("LIMITS", _LIMITS)

# To Gradio a cancelled call has failed, too; the page has already said better what happened.
_BROKEN = (
    f"(notice) => notice === {json.dumps(markup.cancelled())}"
    f" ? notice : {json.dumps(markup.broken())}"
)


def wire(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    """Connect everything."""
    _wire_generate(page, handlers)
    _wire_before_the_click(demo, page, handlers)
    _wire_examples(page, handlers)
    wire_options(page.options, page.shown)
    _wire_memory(demo, page, handlers)


def _wire_generate(page: Page, handlers: Handlers) -> None:
    go = [page.generate.click, page.prompt.submit]
    drawn_here = handlers.without_key in {"sandbox", "always sandbox"}
    words = {each.id: markup.waiting(each, sandbox=drawn_here) for each in MODELS.values()}
    waiting = f"(model) => ({json.dumps(words)})[model]"
    gr.on(
        go,
        fn=None,
        js=waiting,
        inputs=page.options.model,
        outputs=page.notice,
        api_visibility="private",
    )
    generated = gr.on(
        go,
        handlers.on_generate,
        inputs_kwargs={
            "prompt": page.prompt,
            "aspect_ratio": page.aspect_ratio,
            "api_key": page.api_key,
            "visit": page.visit,
            **page.options.inputs,
        },
        outputs=page.result,
        show_progress="hidden",  # the notice says it in words, and style.css shows it
        api_visibility="private",
    )
    generated.failure(
        fn=None,
        js=_BROKEN,
        inputs=page.notice,
        outputs=page.notice,
        api_visibility="private",
    )
    page.cancel.click(
        fn=None,
        js=_says(markup.cancelled()),
        outputs=page.notice,
        cancels=generated,
        api_visibility="private",
    )
    page.pictures.select(
        handlers.on_pick,
        page.shown,
        page.rewritten_prompt,
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_before_the_click(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    gr.on(
        [demo.load, page.prompt.change, page.options.model.change],
        fn=None,
        js=_COUNT,
        inputs=[page.prompt, page.options.model],
        outputs=page.counter,
        api_visibility="private",
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
        show_progress="hidden",
        api_visibility="private",
    )
    demo.load(
        handlers.on_models,
        None,
        page.options.model,
        show_progress="hidden",
        api_visibility="private",
    )
    page.notice.select(
        handlers.on_use,
        outputs=page.options.model,
        show_progress="hidden",
        api_visibility="private",
    )
    page.check_key.click(
        handlers.on_check_key,
        page.api_key,
        page.notice,
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_examples(page: Page, handlers: Handlers) -> None:
    page.examples.select(
        handlers.on_example,
        outputs=[page.prompt, page.aspect_ratio],
        show_progress="hidden",
        api_visibility="private",
    )


def _wire_memory(demo: gr.Blocks, page: Page, handlers: Handlers) -> None:
    inputs = [page.prompt, page.aspect_ratio]
    gr.on(
        [page.prompt.change, page.aspect_ratio.change],
        fn=None,
        js=_REMEMBER_INPUTS,
        inputs=inputs,
        outputs=page.draft,
        api_visibility="private",
    )
    demo.load(
        fn=None,
        js=_RECALL_INPUTS,
        inputs=[page.draft, *inputs],
        outputs=inputs,
        api_visibility="private",
    )
    demo.load(
        handlers.on_load,
        inputs=page.shown,
        outputs=page.remembered,
        show_progress="hidden",
        api_visibility="private",
    )


def _says(text: str) -> str:
    """Return JavaScript that returns a fixed text, so that the page answers before the server."""
    return f"() => {json.dumps(text)}"

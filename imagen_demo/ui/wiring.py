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

_LIMITS = json.dumps({each.id: each.prompt_limit for each in MODELS.values()})

_REMEMBER_INPUTS = "(...inputs) => [inputs]"  # one output, whose value is a list
# Whoever types faster than the page loads keeps what they typed; what an older page remembered,
# or a model that is no longer offered, is forgotten. Prompt first, ratio second, model third.
_RECALL_INPUTS = """(draft, ...current) =>
  Array.isArray(draft) && draft.length === current.length && draft[2] in LIMITS && !current[0]
    ? draft : current""".replace("LIMITS", _LIMITS)

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
        js=_CANCEL,
        outputs=page.notice,
        cancels=generated,
        api_visibility="private",
    )
    page.pictures.select(
        handlers.on_pick,
        None,
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
        outputs=[page.options.model, page.notice],
        show_progress="hidden",
        api_visibility="private",
    )
    page.check_key.click(
        handlers.on_check_key,
        page.api_key,
        page.key_status,
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
    # Not the key: what a browser remembers, whoever sits down at it next can read.
    inputs = [page.prompt, page.aspect_ratio, *page.options.inputs.values()]
    gr.on(
        # Gradio adds the events to its components at run time.
        [each.change for each in inputs],  # type: ignore[attr-defined]
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

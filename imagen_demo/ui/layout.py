"""The page's widgets and their wiring, and the API endpoint beside them; no logic.

`handlers` has the behaviour, `theme.py` and `style.css` the looks, `launch` what Gradio needs to
serve it well.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr
from gradio.components import Component
from gradio.events import api

from imagen_demo.album import Album
from imagen_demo.catalog import ASPECT_RATIOS, DEFAULT_MODEL, MODELS
from imagen_demo.examples import EXAMPLES, GALLERY
from imagen_demo.ui import markup
from imagen_demo.ui.handlers import Generate, Handlers

Payer = Literal["sandbox", "host", "nobody", "always sandbox"]
"""Who answers when the visitor gives no key; the last one answers whatever they give."""

_KEY_INFO: dict[Payer, str] = {
    "sandbox": "Optional. Without one, the sandbox draws.",
    "host": "Optional. Without one, this demo's host pays.",
    "nobody": "Needed here. It is used for your request only, and never kept.",
    "always sandbox": "Not needed: this demo draws with its sandbox.",
}

_OPENING: dict[Payer, str] = {
    "sandbox": "Type a line and press Generate: the sandbox on this machine draws it, free. "
    "For real Imagen 4 pictures paste a key from aimlapi.com/app/keys.",
    "host": "Type a line and press Generate: Imagen 4 draws it, and this demo's host pays.",
    "nobody": "Type a line, paste a key from aimlapi.com/app/keys and press Generate.",
    "always sandbox": "Type a line and press Generate: this demo's sandbox draws it, free. "
    "It shows the way Imagen 4 works, not its pictures.",
}

_LINKS = """
<nav class="links" aria-label="Links">
<a href="https://aimlapi.com/app/keys" target="_blank" rel="noopener">Get a key</a>
<a href="https://docs.aimlapi.com/" target="_blank" rel="noopener">Imagen&nbsp;4 documentation</a>
<a href="https://aimlapi.com/app/google/imagen-4-0-generate-001" target="_blank" rel="noopener"
>AI/ML API&rsquo;s playground</a>
</nav>
"""

_HEADER = """
<header class="masthead"><h1>Imagen&nbsp;4</h1>
<p>Type a line, see what Google&rsquo;s model makes of it.</p></header>
"""

_CIPHER = "imagen-demo"

_FIRST_RATIO = "16:9"
"""What a newcomer finds chosen: it fills a projector best. The API's own default is 1:1."""

_REMEMBER_INPUTS = "(prompt, aspect_ratio) => ({prompt, aspect_ratio})"
# Whoever types faster than the page loads keeps what they typed.
_RECALL_INPUTS = (
    "(draft, prompt, aspect_ratio) => prompt || !draft"
    " ? [prompt, aspect_ratio] : [draft.prompt ?? '', draft.aspect_ratio ?? aspect_ratio]"
)

_TILE_CLICK = """
element.addEventListener('click', (event) => {
  const tile = event.target.closest('button[data-index]');
  if (tile) trigger('select', {index: Number(tile.dataset.index)});
});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The widgets that do something."""

    prompt: gr.Textbox
    aspect_ratio: gr.Radio
    api_key: gr.Textbox
    generate: gr.Button
    picture: gr.Image
    notice: gr.HTML
    rewritten_prompt: gr.Textbox
    token_usage: gr.HTML
    examples: gr.HTML
    draft: gr.BrowserState
    shown: gr.BrowserState

    @property
    def result(self) -> list[Component]:
        """What `Handlers.on_generate` returns, in its order."""
        return [self.picture, self.rewritten_prompt, self.token_usage, self.notice, self.shown]


def build_demo(generate: Generate, album: Album, *, without_key: Payer) -> gr.Blocks:
    """Return the demo, ready for `launch`.

    Args:
        generate: Answers a request; `Provider.generate`, or a test's fake.
        album: Where pictures are kept.
        without_key: Who answers when the visitor gives no key, for the page's words.
    """
    handlers = Handlers(generate, album)
    gr.set_static_paths([GALLERY])
    demo = gr.Blocks(title="Imagen 4", analytics_enabled=False, fill_width=True)
    with demo:
        page = _place(without_key)
        _wire_generate(page, handlers)
        _wire_examples(page, handlers)
        _wire_memory(demo, page, handlers)
        api(handlers.generate_image, api_name="generate")
    return demo


def _place(without_key: Payer) -> Page:
    _html(_HEADER)
    with gr.Row(elem_id="story"):
        with gr.Column(elem_id="ask"):
            with gr.Group():
                prompt, aspect_ratio, api_key = _ask(_KEY_INFO[without_key])
            generate = gr.Button("Generate", variant="primary", size="lg")
        with gr.Column(elem_id="see"):
            picture = gr.Image(
                label="Picture",
                show_label=False,
                type="filepath",
                interactive=False,
                buttons=["download", "fullscreen"],
                elem_id="picture",
            )
            notice = _html(markup.opening(_OPENING[without_key]))
        with gr.Column(elem_id="understand"):
            rewritten_prompt, token_usage = _understand()
    examples = _html(markup.tiles(EXAMPLES), js_on_load=_TILE_CLICK)
    _html(_LINKS)
    return Page(
        prompt=prompt,
        aspect_ratio=aspect_ratio,
        api_key=api_key,
        generate=generate,
        picture=picture,
        notice=notice,
        rewritten_prompt=rewritten_prompt,
        token_usage=token_usage,
        examples=examples,
        # A fixed name and cipher, or the browser's memory would not outlive a restart. The
        # cipher is in the page for all to see, so nothing secret may go in here.
        draft=gr.BrowserState(storage_key="imagen-demo-draft", secret=_CIPHER),
        shown=gr.BrowserState(storage_key="imagen-demo-shown", secret=_CIPHER),
    )


def _ask(key_info: str) -> tuple[gr.Textbox, gr.Radio, gr.Textbox]:
    prompt = gr.Textbox(
        label="Prompt",
        placeholder="Racoon eating ice-cream",
        lines=1,  # with one line, Enter generates; the box still grows
        max_lines=8,
        elem_id="prompt",
    )
    aspect_ratio = gr.Radio(
        list(ASPECT_RATIOS), value=_FIRST_RATIO, label="Aspect ratio", elem_id="ratio"
    )
    api_key = gr.Textbox(
        label="API key",
        type="password",
        info=key_info,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=False),
    )
    return prompt, aspect_ratio, api_key


def _understand() -> tuple[gr.Textbox, gr.HTML]:
    rewritten_prompt = gr.Textbox(
        label="Rewritten prompt",
        placeholder="Before it draws, the model rewrites your prompt. Its version appears here.",
        interactive=False,
        lines=7,
        max_lines=14,
        # No copy button: Gradio puts it inside the label, which then names the button and
        # leaves the text without a name.
    )
    return rewritten_prompt, _html(markup.NO_USAGE)


def _html(value: str, **options: Any) -> gr.HTML:  # noqa: ANN401 - Gradio's own options
    # Gradio's own styles for prose would fight style.css over every margin.
    return gr.HTML(value, apply_default_css=False, **options)


def _wire_generate(page: Page, handlers: Handlers) -> None:
    go = [page.generate.click, page.prompt.submit]
    waiting = _says(markup.waiting(MODELS[DEFAULT_MODEL]))
    gr.on(go, fn=None, js=waiting, outputs=page.notice, api_visibility="private")
    generated = gr.on(
        go,
        handlers.on_generate,
        inputs_kwargs={
            "prompt": page.prompt,
            "aspect_ratio": page.aspect_ratio,
            "api_key": page.api_key,
        },
        outputs=page.result,
        show_progress="hidden",  # the notice says it in words, and style.css shows it
        api_visibility="private",
    )
    broken = _says(markup.broken())
    generated.failure(fn=None, js=broken, outputs=page.notice, api_visibility="private")


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
        outputs=page.result,
        show_progress="hidden",
        api_visibility="private",
    )


def _says(text: str) -> str:
    """Return JavaScript that returns a fixed text, so that the page answers before the server."""
    return f"() => {json.dumps(text)}"

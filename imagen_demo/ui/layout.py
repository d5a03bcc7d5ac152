"""The page's widgets in their places, and the API endpoint beside them; no logic.

`wiring` says what they do, `page` names them, `theme.py` and `style.css` give them their looks, and
`launch` serves them.
"""

import json
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.events import api

from imagen_demo.album import Album
from imagen_demo.catalog import ASPECT_RATIOS
from imagen_demo.examples import GALLERY
from imagen_demo.key import Payer
from imagen_demo.prices import Prices
from imagen_demo.tiles import Tiles
from imagen_demo.ui import markup, strips
from imagen_demo.ui.discreet import DiscreetBlocks
from imagen_demo.ui.drawing import Drawing, Service
from imagen_demo.ui.handlers import Handlers, Visit
from imagen_demo.ui.options import place_options
from imagen_demo.ui.page import Page
from imagen_demo.ui.record import Record
from imagen_demo.ui.showing import Showing
from imagen_demo.ui.wiring import wire

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

_UPLOADS_ARE_DELETED = (600, 3600)
"""Seconds: every ten minutes, whatever was dropped on the page more than an hour ago."""

_FIRST_RATIO = "16:9"
"""What a newcomer finds chosen: it fills a projector best. The API's own default is 1:1."""

# Seconds so far, beside what is usual; the span is there only while something is waited for.
# Now and then it asks whether the demo is still there: Gradio tells no listener when it is not.
_CLOCK = """
let since = null;
setInterval(() => {
  const clock = element.querySelector('.clock');
  since = clock ? since ?? Date.now() : null;
  if (!clock) return;
  const seconds = Math.round((Date.now() - since) / 1000);
  clock.textContent = `${seconds} s. `;
  if (seconds % 3 === 2) fetch('gradio_api/app_id').catch(() => {
    const notice = element.querySelector('.notice.waiting');
    if (notice) notice.outerHTML = GONE;
  });
}, 1000);
""".replace("GONE", json.dumps(markup.gone()))

# The buttons that offer a successor, and the prompt that was typed.
_NOTICE_CLICKS = """
element.addEventListener('click', (event) => {
  const {model, undo} = event.target.closest('button')?.dataset ?? {};
  if (model) trigger('select', {model});
  if (undo !== undefined) trigger('undo');
});
"""


def build_demo(
    service: Service,
    album: Album,
    tiles: Tiles,
    *,
    without_key: Payer,
    gallery: Path = GALLERY,
) -> gr.Blocks:
    """Return the demo, ready for `launch`.

    Args:
        service: Answers requests; a `Provider`, or a test's fake.
        album: Where pictures are kept.
        tiles: Where their small versions are, below Gradio's folder of temporary files.
        without_key: Who answers when the visitor gives no key, for the page's words.
        gallery: The folder of the examples.
    """
    prices = Prices()
    drawing = Drawing(service, album, prices)
    showing = Showing(album, gallery)
    handlers = Handlers(service, drawing, showing, prices, without_key)
    record = Record(showing, tiles, drawing)
    gr.set_static_paths([gallery, album.folder])  # served from where they lie
    demo: gr.Blocks = DiscreetBlocks(
        title="Imagen 4",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=_UPLOADS_ARE_DELETED,
    )
    with demo:
        page = _place(without_key, record.on_gallery())
        wire(demo, page, handlers, record)
        api(handlers.generate_image, api_name="generate")
    return demo


def _place(without_key: Payer, gallery: str) -> Page:
    _html(_HEADER)
    with gr.Row(elem_id="story"):
        with gr.Column(elem_id="ask"):
            with gr.Group():
                prompt, counter, aspect_ratio, api_key = _ask(_KEY_INFO[without_key])
                check_key = gr.Button("Check key", size="sm", elem_id="check-key")
                key_status = _html("", elem_id="key-status")
            generate = gr.Button("Generate", variant="primary", size="lg", elem_id="generate")
            price = _html("")
            options = place_options()  # below Generate, which stays in reach when this opens
        with gr.Column(elem_id="see"):
            picture, pictures = _see()
            with gr.Row(elem_id="outcome"):
                notice = _html(
                    markup.opening(_OPENING[without_key]), js_on_load=_CLOCK + _NOTICE_CLICKS
                )
                cancel = gr.Button("Cancel", size="sm", elem_id="cancel")
            with gr.Row(elem_id="keep"):
                sheet = gr.Button("Download sheet", size="sm", min_width=0)
                copy_link = gr.Button("Copy link", size="sm", min_width=0)
                keep_status = _html("", elem_id="keep-status")
        with gr.Column(elem_id="understand"):
            rewritten_prompt, token_usage = _understand()
    examples = _html(gallery, js_on_load=strips.STRIP_CLICKS)
    with gr.Column(elem_id="yours"):
        strip = _html(
            strips.own([], total=0, on_the_way=0),
            js_on_load=strips.STRIP_CLICKS + strips.ON_THE_WAY + strips.DROPS,
        )
        open_picture = gr.UploadButton(
            "Open a picture", size="sm", type="binary", elem_id="open-picture", min_width=0
        )
    _html(_LINKS)
    return Page(
        prompt=prompt,
        counter=counter,
        aspect_ratio=aspect_ratio,
        api_key=api_key,
        check_key=check_key,
        key_status=key_status,
        options=options,
        generate=generate,
        cancel=cancel,
        price=price,
        picture=picture,
        pictures=pictures,
        notice=notice,
        rewritten_prompt=rewritten_prompt,
        token_usage=token_usage,
        sheet=sheet,
        copy_link=copy_link,
        keep_status=keep_status,
        sheet_file=gr.DownloadButton(visible=False),
        examples=examples,
        strip=strip,
        open_picture=open_picture,
        # A fixed name and cipher, or the browser's memory would not outlive a restart. The
        # cipher is in the page for all to see, so nothing secret may go in here.
        visitor=gr.BrowserState("", storage_key="imagen-demo-visitor", secret=_CIPHER),
        draft=gr.BrowserState(storage_key="imagen-demo-draft", secret=_CIPHER),
        shown=gr.BrowserState(storage_key="imagen-demo-shown", secret=_CIPHER),
        visit=gr.State(Visit()),
    )


def _ask(key_info: str) -> tuple[gr.Textbox, gr.HTML, gr.Radio, gr.Textbox]:
    prompt = gr.Textbox(
        label="Prompt",
        placeholder="Racoon eating ice-cream",
        lines=1,  # with one line, Enter generates; the box still grows
        max_lines=8,
        elem_id="prompt",
    )
    counter = _html("", elem_id="counter")
    aspect_ratio = gr.Radio(
        list(ASPECT_RATIOS), value=_FIRST_RATIO, label="Aspect ratio", elem_id="ratio"
    )
    api_key = gr.Textbox(
        label="API key",
        type="password",
        info=key_info,
        html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=False),
    )
    return prompt, counter, aspect_ratio, api_key


def _see() -> tuple[gr.Image, gr.Gallery]:
    picture = gr.Image(
        label="Picture",
        show_label=False,
        type="filepath",
        interactive=False,
        buttons=["download", "fullscreen"],
        elem_id="picture",
    )
    pictures = gr.Gallery(
        label="Pictures",
        show_label=False,
        interactive=False,
        visible=False,
        columns=2,
        object_fit="contain",
        buttons=["download", "fullscreen"],
        elem_id="pictures",
    )
    return picture, pictures


def _understand() -> tuple[gr.Textbox, gr.HTML]:
    rewritten_prompt = gr.Textbox(
        label="Rewritten prompt",
        placeholder=markup.REWRITE_APPEARS_HERE,
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

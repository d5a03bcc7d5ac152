"""The page's widgets in their places, and the endpoint that it is given beside them; no logic.

What to ask for stands at the left, `ui/create/panel` and `ui/compare/panel` beside it, and below
those the pictures that are there already.

`wiring` says what they do, `page` names them, `theme` and `static/css` give them their looks, and
`launch` hands in what answers, and serves them.
"""

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

import gradio as gr
from gradio.events import api

from imagen_demo import NAMED
from imagen_demo.domain.catalog import ASPECT_RATIOS
from imagen_demo.domain.receipt import Visit
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.pictures.thumbnails import Thumbnails
from imagen_demo.service.generate import Drawing, SpenderOf
from imagen_demo.service.provider_settings import Payer
from imagen_demo.ui.compare.handlers import Comparing
from imagen_demo.ui.compare.panel import place_compare
from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.create.panel import place_create
from imagen_demo.ui.current import Current
from imagen_demo.ui.library import view as library_view
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options.panel import place_options
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.outputs import Showing
from imagen_demo.ui.page import COMPARE, CREATE, Page
from imagen_demo.ui.private_blocks import PrivateBlocks
from imagen_demo.ui.render import frame, macros
from imagen_demo.ui.widgets import html, on_load, remembered
from imagen_demo.ui.wiring import wire

_KEY_INFO: dict[Payer, str] = {
    "sandbox": "Optional. Without one, the sandbox draws.",
    "host": "Optional. Without one, this demo's host pays.",
    "nobody": "Needed here. It is used for your request only, and never kept.",
    "always sandbox": "Not needed: this demo draws with its sandbox.",
}

_OPENING: dict[Payer, str] = {
    "sandbox": "Type a line and press Generate: the sandbox on this machine draws it, free. "
    f"For real Imagen 4 pictures paste a key from {VENDOR.key_page}.",
    "host": "Type a line and press Generate: Imagen 4 draws it, and this demo's host pays.",
    "nobody": f"Type a line, paste a key from {VENDOR.key_page} and press Generate.",
    "always sandbox": "Type a line and press Generate: this demo's sandbox draws it, free. "
    "It shows the way Imagen 4 works, not its pictures.",
}

_ON_STAGE = (
    "Your next pictures come up on the screen in this room, with your prompt and without your "
    "name. Off takes them down again."
)

_SHOW = macros("page")

_UPLOADS_ARE_DELETED = (600, 3600)
"""Seconds: every ten minutes, whatever was dropped on the page more than an hour ago."""

_FIRST_RATIO = "16:9"
"""What a newcomer finds chosen: it fills a projector best. The API's own default is 1:1."""


def build_page(  # noqa: PLR0913 - the parts of a page
    drawing: Drawing,
    tiles: Thumbnails,
    *,
    spender_of: SpenderOf,
    endpoint: Callable[..., object],
    without_key: Payer,
    gallery: Path,
    line: str,
    log_out: bool,
    host_says: Callable[[], str] = str,
    of_the_day: Callable[[], Collection[str]] = frozenset,
) -> tuple[gr.Blocks, Current]:
    """Return the page, ready for `launch`, and what keeps it current.

    Args:
        drawing: Answers requests and keeps pictures.
        tiles: Where their small versions are, below Gradio's folder of temporary files.
        spender_of: Says whose share of the host's budget a click is.
        endpoint: Answers programs, beside the page, as `/generate`.
        without_key: Who answers when the visitor gives no key, for the page's words.
        gallery: The folder of the examples.
        line: What the demo is, under its name.
        log_out: Whether visitors logged in, and so may log out.
        host_says: What the host turned that visitors should know; empty if nothing.
        of_the_day: The file names of the examples that come first.
    """

    def masthead() -> str:
        return str(_SHOW.masthead(line, host_says()))

    album = drawing.album
    showing = Showing(album, gallery, drawing.temporary, of_the_day)
    record, pricing = Record(showing, tiles, drawing), Pricing(drawing.prices, without_key)
    handlers = Handlers(drawing.service, drawing, showing, pricing, record, spender_of)
    comparing = Comparing(drawing, showing, pricing, record, spender_of)
    gr.set_static_paths([gallery, album.folder])  # served from where they lie
    demo: gr.Blocks = PrivateBlocks(
        title="Imagen 4",
        analytics_enabled=False,
        fill_width=True,
        delete_cache=_UPLOADS_ARE_DELETED,
    )
    with demo:
        page = _place(without_key, record.on_gallery(), pricing, showing, masthead())
        html(str(_SHOW.links(VENDOR, log_out, NAMED)))
        wire(demo, page, handlers, record, comparing)
        api(endpoint, api_name="generate")
    first = partial(showing.at_first, _OPENING[without_key])
    return demo, Current(demo=demo, page=page, handlers=handlers, first=first, masthead=masthead)


def _place(
    without_key: Payer, gallery: str, pricing: Pricing, showing: Showing, masthead: str
) -> Page:
    with gr.Row(elem_id="story"):
        with gr.Column(elem_id="ask"):
            head = html(masthead)
            with gr.Column(elem_id="given"):
                prompt, counter, aspect_ratio, api_key = _ask(_KEY_INFO[without_key])
                check_key = gr.Button("Check key", size="sm", elem_id="check-key")
                key_status = html(
                    {"kind": "empty", "html": ""},
                    html_template=frame("message"),
                    called="Key check",
                    elem_id="key-status",
                )
            # The tab that is open decides which of the two is seen; see the style sheets.
            with gr.Column(elem_id="go"):
                generate = gr.Button("Generate", variant="primary", size="lg", elem_id="generate")
                price = html("", html_template=frame("quiet"))
            with gr.Column(elem_id="go-compare"):
                compare_now = gr.Button(
                    "Compare", variant="primary", size="lg", elem_id="compare-now"
                )
                compare_price = html("", html_template=frame("quiet"))
            # Seen while a stage is open (`current`), which it may never be.
            on_stage = gr.Checkbox(
                label="Show on stage", info=_ON_STAGE, visible=False, elem_id="on-stage"
            )
            # Here for the browser to read, and for nobody to see.
            prices = html(pricing.of_each(), html_template="", visible="hidden")
            setup = on_load("arrival", "submit")
            arrival = html(None, html_template="", visible="hidden", js_on_load=setup)
            options = place_options()  # below Generate, which stays in reach when this opens
        with gr.Tabs(elem_id="work") as tabs:
            with gr.Tab("Create", id=CREATE, elem_id="create"):
                create = place_create(showing.at_first(_OPENING[without_key]))
            with gr.Tab("Compare", id=COMPARE, elem_id="compare") as compare_tab:
                compare = place_compare()
        with gr.Column(elem_id="strips"):
            examples = html(gallery, js_on_load=on_load("tiles", "select"))
            with gr.Column(elem_id="yours"):
                strip = html(
                    library_view.own([], total=0, on_the_way=0),
                    html_template=frame("own_strip"),
                    js_on_load=on_load("ownTiles", "select", "delete", "clear", "expand", "tick"),
                )
                open_picture = gr.UploadButton(
                    "Open a picture", size="sm", elem_id="open-picture", min_width=0
                )
    return Page(
        prompt=prompt,
        counter=counter,
        aspect_ratio=aspect_ratio,
        api_key=api_key,
        check_key=check_key,
        key_status=key_status,
        options=options,
        generate=generate,
        on_stage=on_stage,
        price=price,
        prices=prices,
        arrival=arrival,
        masthead=head,
        tabs=tabs,
        create=create,
        compare_now=compare_now,
        compare_price=compare_price,
        compare_tab=compare_tab,
        compare=compare,
        examples=examples,
        strip=strip,
        open_picture=open_picture,
        visitor=remembered("visitor"),
        shown=remembered("shown"),
        compared=remembered("compared"),
        visit=gr.State(Visit()),
    )


def _ask(key_info: str) -> tuple[gr.Textbox, gr.HTML, gr.Radio, gr.Textbox]:
    prompt = gr.Textbox(
        label="Prompt",
        placeholder="For example: Racoon eating ice-cream",
        lines=1,  # with one line, Enter generates; the box still grows
        max_lines=8,
        elem_id="prompt",
    )
    empty = {"state": "", "text": ""}
    counter = html(empty, html_template=frame("count"), elem_id="counter")
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

"""The Create tab: the picture, what was done with the prompt, and what it cost.

`ui/layout` places it, `ui/wiring` says what it does, `handlers` and `ui/outputs` fill it.
"""

from dataclasses import dataclass

import gradio as gr

from imagen_demo.ui.create.view import Code
from imagen_demo.ui.outputs import Outputs
from imagen_demo.ui.render import frame
from imagen_demo.ui.widgets import html, message, on_load, present_button

_LANGUAGES = {"python": "Python", "javascript": "JavaScript", "curl": "cURL"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """The tab's widgets."""

    picture: gr.HTML
    notice: gr.HTML
    cancel: gr.Button
    sheet: gr.Button
    sheet_file: gr.HTML
    copy_link: gr.Button
    present: gr.Button
    keep_status: gr.HTML
    code: gr.HTML
    rewritten_prompt: gr.HTML
    token_usage: gr.HTML


def place_create(first: Outputs) -> Create:
    """Put the tab's widgets here; `first` is what they show a newcomer (see `Showing.at_first`)."""
    with gr.Column(elem_id="see"):
        shots = on_load("pictures", "select")
        picture = html(first["picture"], elem_id="picture", js_on_load=shots)
        with gr.Row(elem_classes="outcome"):
            notice = message("create", "Message", first["notice"])
            cancel = gr.Button("Cancel", size="sm", elem_classes="cancel")
        with gr.Row(elem_classes="quiet-row"):
            sheet = gr.Button("Download sheet", size="sm", min_width=0)
            copy_link = gr.Button("Copy link", size="sm", min_width=0)
            present = present_button()
            code = _code(first["code"])
            keep_status = html("", elem_classes="keep-status")
    with gr.Column():
        rewrites = on_load("rewrites", "select", "submit")
        rewritten_prompt = html(first["rewritten_prompt"], js_on_load=rewrites)
        token_usage = html(first["token_usage"], js_on_load=on_load("copies"))
    return Create(
        picture=picture,
        notice=notice,
        cancel=cancel,
        sheet=sheet,
        sheet_file=html(None, html_template="", visible="hidden"),
        copy_link=copy_link,
        present=present,
        keep_status=keep_status,
        code=code,
        rewritten_prompt=rewritten_prompt,
        token_usage=token_usage,
    )


def _code(first: Code) -> gr.HTML:
    """Place the listings, closed. Returns what they all read from, which nobody sees itself."""
    with gr.Accordion("Code", open=False, elem_id="code"), gr.Tabs():
        for name, language in _LANGUAGES.items():
            with gr.Tab(language):
                _listing(name, f"Request in {language}")
    with gr.Accordion("Response", open=False, elem_id="response"):
        _listing("response", "Response")
    return html(first, html_template="", js_on_load=on_load("code"), visible="hidden")


def _listing(name: str, called: str) -> None:
    setup = on_load("listing", first=name)
    html(None, html_template=frame("listing"), called=called, js_on_load=setup)

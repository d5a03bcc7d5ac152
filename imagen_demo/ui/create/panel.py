"""The Create tab: the picture, what was done with the prompt, and what it cost.

`ui/layout` places it, `ui/wiring` says what it does, `handlers` and `ui/outputs` fill it.
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

import gradio as gr

from imagen_demo.ui import messages
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.outputs import Update

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
"""

# The buttons that offer a successor, and the prompt that was typed.
_NOTICE_CLICKS = """
element.addEventListener('click', (event) => {
  const {model, undo} = event.target.closest('button')?.dataset ?? {};
  if (model) trigger('select', {model});
  if (undo !== undefined) trigger('undo');
});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """The tab's widgets."""

    picture: gr.Image
    pictures: gr.Gallery
    notice: gr.HTML
    cancel: gr.Button
    sheet: gr.Button
    sheet_file: gr.DownloadButton
    copy_link: gr.Button
    keep_status: gr.HTML
    python: gr.Code
    javascript: gr.Code
    curl: gr.Code
    response: gr.Code
    rewritten_prompt: gr.HTML
    token_usage: gr.HTML


def place_create(first: list[Update]) -> Create:
    """Put the tab's widgets here; `first` is what they show a newcomer (see `Showing.at_first`)."""
    shown, _, rewrite, usage, opening, _, *listings = first
    with gr.Column(elem_id="see"):
        picture, pictures = _see(shown)
        with gr.Row(elem_classes="outcome"):
            notice = html(opening, js_on_load=clock("Message") + _NOTICE_CLICKS)
            cancel = gr.Button("Cancel", size="sm", elem_classes="cancel")
        with gr.Row(elem_classes="quiet-row"):
            sheet = gr.Button("Download sheet", size="sm", min_width=0)
            copy_link = gr.Button("Copy link", size="sm", min_width=0)
            python, javascript, curl = _code(*listings[:3])
            with gr.Accordion("Response", open=False, elem_id="response"):
                response = _listing("json", "Response", listings[3])
            keep_status = html("", elem_classes="keep-status")
    with gr.Column(elem_id="understand"):
        rewritten_prompt = html(rewrite, js_on_load=create_view.USES + create_view.DESCRIBES)
        token_usage = html(usage, js_on_load=create_view.COPIES)
    return Create(
        picture=picture,
        pictures=pictures,
        notice=notice,
        cancel=cancel,
        sheet=sheet,
        sheet_file=gr.DownloadButton(visible=False),
        copy_link=copy_link,
        keep_status=keep_status,
        python=python,
        javascript=javascript,
        curl=curl,
        response=response,
        rewritten_prompt=rewritten_prompt,
        token_usage=token_usage,
    )


def clock(label: str) -> str:
    """In the browser: let the clock of the notice of this name tick."""
    return _CLOCK.replace("GONE", json.dumps(messages.gone(label)))


def _see(shown: str | None) -> tuple[gr.Image, gr.Gallery]:
    picture = gr.Image(
        shown,
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
        columns=2,
        object_fit="contain",
        buttons=["download", "fullscreen"],
        elem_id="pictures",
    )
    return picture, pictures


def _code(python: str, javascript: str, curl: str) -> tuple[gr.Code, gr.Code, gr.Code]:
    with gr.Accordion("Code", open=False, elem_id="code"), gr.Tabs():
        with gr.Tab("Python"):
            in_python = _listing("python", "Request in Python", python)
        with gr.Tab("JavaScript"):
            in_javascript = _listing("javascript", "Request in JavaScript", javascript)
        with gr.Tab("cURL"):
            in_curl = _listing("shell", "Request with cURL", curl)
    return in_python, in_javascript, in_curl


_Language = Literal["python", "javascript", "shell", "json"]


def _listing(language: _Language, label: str, value: str) -> gr.Code:
    return gr.Code(
        value,
        language=language,
        label=label,
        show_label=False,
        interactive=False,
        wrap_lines=True,
        show_line_numbers=False,
        max_lines=20,
        elem_classes="listing",
        buttons=["copy"],
    )


def html(value: str, **options: Any) -> gr.HTML:  # noqa: ANN401 - Gradio's own options
    """Place HTML that `style.css` alone gives its looks."""
    # Gradio's own styles for prose would fight it over every margin.
    return gr.HTML(value, apply_default_css=False, **options)

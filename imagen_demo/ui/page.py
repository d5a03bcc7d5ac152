"""The page as a whole, once its widgets stand: what `layout` places and `wiring` connects."""

from dataclasses import dataclass

import gradio as gr
from gradio.components import Component

from imagen_demo.ui.options import Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The widgets that do something."""

    prompt: gr.Textbox
    aspect_ratio: gr.Radio
    api_key: gr.Textbox
    counter: gr.HTML
    check_key: gr.Button
    key_status: gr.HTML
    options: Options
    generate: gr.Button
    cancel: gr.Button
    price: gr.HTML
    picture: gr.Image
    pictures: gr.Gallery
    notice: gr.HTML
    rewritten_prompt: gr.Textbox
    token_usage: gr.HTML
    sheet: gr.Button
    copy_link: gr.Button
    keep_status: gr.HTML
    sheet_file: gr.DownloadButton
    examples: gr.HTML
    strip: gr.HTML
    open_picture: gr.UploadButton
    visitor: gr.BrowserState
    draft: gr.BrowserState
    shown: gr.BrowserState
    visit: gr.State

    @property
    def settings(self) -> list[Component]:
        """Everything that a visitor sets but the key; `choices.SETTINGS`, in its order."""
        return [self.prompt, self.aspect_ratio, *self.options.inputs.values()]

    @property
    def remembered(self) -> list[Component]:
        """What `Handlers.on_load` returns, in its order."""
        return [
            self.picture,
            self.pictures,
            self.rewritten_prompt,
            self.token_usage,
            self.notice,
            self.shown,
        ]

    @property
    def result(self) -> list[Component]:
        """What `Handlers.on_generate` yields, in its order."""
        return [*self.remembered, self.visit]

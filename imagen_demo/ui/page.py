"""The page as a whole, once its widgets stand: what `layout` places and `wiring` connects."""

from dataclasses import dataclass

import gradio as gr
from gradio.blocks import Block
from gradio.components import Component

from imagen_demo.ui.compare.panel import Compare
from imagen_demo.ui.create.panel import Create
from imagen_demo.ui.options.panel import Options

CREATE, COMPARE = "create", "compare"
"""The tabs."""


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
    on_stage: gr.Checkbox
    price: gr.HTML
    prices: gr.HTML
    tabs: gr.Tabs
    create: Create
    compare_now: gr.Button
    compare_price: gr.HTML
    compare_tab: gr.Tab
    compare: Compare
    examples: gr.HTML
    strip: gr.HTML
    open_picture: gr.UploadButton
    arrival: gr.HTML
    masthead: gr.HTML
    visitor: gr.HTML
    shown: gr.HTML
    compared: gr.HTML
    visit: gr.State

    @property
    def settings(self) -> dict[str, Component]:
        """Everything that a visitor sets but the key; `rules.SETTINGS`, in its order."""
        asked = {"prompt": self.prompt, "aspect_ratio": self.aspect_ratio}
        return {**asked, **self.options.inputs}

    @property
    def asked(self) -> dict[str, Block]:
        """What a handler that draws is given, by the names of its parameters."""
        beside = {"api_key": self.api_key, "visitor": self.visitor, "visit": self.visit}
        return {**self.settings, **beside, "on_stage": self.on_stage}

    @property
    def result(self) -> dict[str, Component]:
        """What shows a result, each by its name in `Outputs`."""
        shown = ("picture", "rewritten_prompt", "token_usage", "notice", "code")
        return {"shown": self.shown, **{name: getattr(self.create, name) for name in shown}}

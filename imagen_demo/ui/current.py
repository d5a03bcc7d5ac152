"""What the page shows that changes while it is served, put into what newcomers are sent.

`launch` hands it to `server/ready_answers`, which keeps the page: the examples, the first of them
in the picture's place, the prices, how the models stand, and whether there is a stage. So a
newcomer's page need not ask.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from imagen_demo.pictures.examples import version
from imagen_demo.ui.create.handlers import Handlers
from imagen_demo.ui.options import panel as options_panel
from imagen_demo.ui.outputs import Outputs
from imagen_demo.ui.page import Page


@dataclass(slots=True, kw_only=True)
class Current:
    """The page as it is to be sent now.

    Attributes:
        demo: What sends it.
        page: Its widgets.
        handlers: What they are told.
        first: What the Create tab shows a newcomer.
        masthead: What the page begins with, and what the host turned that visitors should know.
    """

    demo: gr.Blocks
    page: Page
    handlers: Handlers
    first: Callable[[], Outputs]
    masthead: Callable[[], str]
    _shown: Hashable = field(init=False, default=None)  # not even how the models stand

    def version(self) -> Hashable:
        """What it depends on: another value, and it is outdated. Asked for each time it opens."""
        prices = (str(each) for each in self.handlers.pricing.of_each().values())
        showing = self.handlers.showing
        turned = (self.masthead(), self._stage_is_open(), *sorted(showing.of_the_day()))
        return (version(showing.gallery), *turned, *self._models(), *prices)

    def refresh(self) -> None:
        """Let the demo send what there is now, if that is something else."""
        now = self.version()
        if now == self._shown:
            return
        shown: dict[str, Any] = {**self.first(), "prices": self.handlers.pricing.of_each()}
        del shown["shown"]  # which is for the browser to remember once something was chosen
        widgets = {**self.page.result, "prices": self.page.prices}
        for name, value in shown.items():
            widgets[name].value = value
        self.page.masthead.value = self.masthead()
        self.page.on_stage.visible = self._stage_is_open()
        self.page.examples.value = self.handlers.record.on_gallery()
        self.page.options.model.choices = [*self._models()]
        self.demo.config = self.demo.get_config_file()
        self._shown = now

    def _stage_is_open(self) -> bool:
        return self.handlers.drawing.stage.is_open()

    def _models(self) -> list[tuple[str, str]]:
        return options_panel.described(self.handlers.service.standing)

"""What the widgets do: values in, values out, and failures as words instead of pictures lost.

`ui/wiring` connects them, `service/provider` (or a test's fake) answers, `pictures/album` keeps the
pictures. Here an `ImagenDemoError` ends; anything else is a bug and passes through.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import gradio as gr

from imagen_demo.domain.advice import Door
from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.receipt import Receipt, Visit
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.service.generate import Drawing, Service, SpenderOf
from imagen_demo.service.result import Drawn, Result
from imagen_demo.ui import messages
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.library import notices
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options import panel as options_panel
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.outputs import NOTHING_SHOWN, Showing, Update, place_of, said


@dataclass(frozen=True, slots=True)
class Handlers:
    """The page's behaviour, bound to whoever answers and to where pictures are kept."""

    service: Service
    drawing: Drawing
    showing: Showing
    pricing: Pricing
    record: Record
    spender_of: SpenderOf

    def on_generate(
        self,
        request: gr.Request | None = None,
        *,
        api_key: str,
        visitor: str,
        visit: Visit,
        **chosen: object,
    ) -> Iterator[list[Update]]:
        """Draw for the page; several pictures appear as they arrive.

        Yields:
            Picture, pictures, rewritten prompt, token usage, notice, what the browser remembers,
            the request in three languages, the response; and at the end the visitor's strip and
            the list of prices. After a failure only notice and strip change.
        """
        try:
            asked = rules.request_of(chosen)
            drawing = self.drawing.as_they_come(
                asked, api_key=api_key, visitor=visitor, spender=self.spender_of(request)
            )
            while isinstance(step := next(drawing), list):
                yield [*self._so_far(step, asked), gr.skip(), gr.skip()]
        except ImagenDemoError as error:
            yield [*said(messages.failure(error)), self.record.on_strip(visitor), gr.skip()]
            return
        receipt = Receipt.of([each.recipe for each in step.pictures], step.missing_at(Door.CREATE))
        visit.add(receipt)
        shown = self._show(step, receipt, visit)
        yield [*shown, self.record.on_strip(visitor), self.pricing.everything()]

    def on_check_key(self, api_key: str) -> str:
        """Say whether the visitor's key works, and what is left."""
        try:
            return messages.balance(self.service.check_key(api_key))
        except ImagenDemoError as error:
            return messages.bad_key(error)

    def on_pick(self, memory: object, event: gr.SelectData) -> Update:
        """Show what the rewrite did for the one of several pictures that was picked."""
        value = event.value if isinstance(event.value, dict) else {}
        image = value.get("image")
        drawn = self.showing.shown_at(image.get("path") if isinstance(image, dict) else None)
        if drawn is None or not isinstance(event.index, int):
            return gr.skip()
        result = self.showing.remembered(memory)
        # What is not kept is not remembered; then their number is not known here.
        all_here = result and len(result.pictures) == drawn.recipe.request.num_images
        return create_view.rewrite(
            drawn.recipe, place_of(event.index, result if all_here else None)
        )

    def on_open(self) -> list[Update]:
        """Tell a page that was just opened what is known only now.

        Returns:
            The models, those marked that are on their way out; the list of prices; the examples.
        """
        models = gr.update(choices=options_panel.described(self.service.standing))
        return [models, self.pricing.everything(), self.record.on_gallery()]

    def on_tick(self, visitor: str, event: gr.EventData) -> list[Update]:
        """Tell a page that was out of sight what happened meanwhile. Returns strip and prices."""
        return [self.record.on_strip_again(visitor, event), self.pricing.everything()]

    @staticmethod
    def on_use(event: gr.EventData) -> list[Update]:
        """Choose the model that a notice offers in place of a withdrawn one, and say so."""
        model = getattr(event, "model", None)
        if not isinstance(model, str) or model not in MODELS:
            return [gr.skip(), gr.skip()]
        return [model, messages.opening(f"{MODELS[model].label} is chosen. Press Generate.")]

    def on_load(self, remembered: object, visitor: str = "") -> list[Update]:
        """Bring back what this browser remembers of its last picture, if it still exists.

        Args:
            remembered: What `on_generate` gave the browser to keep; anything else is ignored.
            visitor: Whose pictures may still be on their way, from before a refresh.

        Returns:
            The same as `on_generate`, but the prices.
        """
        return [*self._remembered(remembered, visitor), self.record.on_return(visitor)]

    def _remembered(self, remembered: object, visitor: str) -> list[Update]:
        result = self.showing.remembered(remembered)
        if self.drawing.on_the_way(visitor):
            coming = messages.still_drawing()
            return self.showing.updates(result, notice=coming) if result else said(coming)
        if result is None:
            return NOTHING_SHOWN
        first = result.pictures[0]
        if self.showing.is_example(first.path):
            return self.showing.updates(result, notice=notices.example(first.recipe, undo=False))
        receipt = Receipt.of([each.recipe for each in result.pictures], result.missing)
        return self._show(result, receipt, Visit())

    def _so_far(self, here: list[Drawn], request: GenerationRequest) -> list[Update]:
        notice = messages.arriving(
            len(here),
            request.num_images,
            MODELS[request.model],
            sandbox=self.pricing.sandbox_draws,
        )
        return [
            None,
            self.showing.several(here),
            create_view.rewrite(here[0].recipe),
            create_view.NO_USAGE,
            notice,
            self.showing.memory(Result(here)),
            *create_view.code(here[0].recipe),
        ]

    def _show(self, result: Result, receipt: Receipt, visit: Visit) -> list[Update]:
        notice = messages.success(
            receipt,
            key_helps=self.pricing.without_key != "always sandbox",
            unkept=[each for each in result.pictures if not each.kept],
        )
        return self.showing.updates(result, notice=notice, visit=visit)

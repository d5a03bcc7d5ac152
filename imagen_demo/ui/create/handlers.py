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
from imagen_demo.ui.messages import Notice
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.outputs import Outputs, Showing, Update, place_of

_STILL_ON_STAGE = messages.status(
    "The stage could not be reached, so your pictures are still on it. Switch it off again."
)


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
        on_stage: bool = False,
        **chosen: object,
    ) -> Iterator[Outputs]:
        """Draw for the page; several pictures appear as they arrive.

        Yields:
            A result; the last one with the visitor's strip and the model's price. After a failure
            only notice and strip change.
        """
        try:
            asked = rules.request_of(chosen)
            drawing = self.drawing.as_they_come(
                asked, api_key=api_key, visitor=visitor, spender=self.spender_of(request)
            )
            while isinstance(step := next(drawing), list):
                yield self._so_far(step, asked)
        except ImagenDemoError as error:
            yield Outputs(notice=messages.failure(error), strip=self.record.on_strip(visitor))
            return
        receipt = Receipt.of([each.recipe for each in step.pictures], step.missing_at(Door.CREATE))
        visit.add(receipt)
        if on_stage:
            self.drawing.stage.offer(each.path for each in step.pictures if each.path and each.kept)
        yield {
            **self._show(step, receipt, visit),
            "strip": self.record.on_strip(visitor),
            "prices": self.pricing.of_each([asked.model]),
        }

    def on_check_key(self, api_key: str) -> Notice:
        """Say whether the visitor's key works, and what is left."""
        try:
            return messages.balance(self.service.check_key(api_key))
        except ImagenDemoError as error:
            return messages.bad_key(error)

    def on_stage_switch(self, on_stage: bool, visitor: str) -> Outputs:  # noqa: FBT001 - a widget's
        """Take the visitor's pictures off the room's stage at once, when the switch goes off."""
        if on_stage or self.drawing.stage.withdraw(visitor):
            return Outputs(keep_status="")
        return Outputs(settings={"on_stage": True}, keep_status=_STILL_ON_STAGE)

    def on_pick(self, memory: object, event: gr.EventData) -> Update:
        """Show what the rewrite did for the one of several pictures that was picked."""
        drawn = self.showing.shown_at(getattr(event, "path", None))
        place = getattr(event, "place", None)
        if drawn is None or not isinstance(place, int):
            return gr.skip()
        result = self.showing.remembered(memory)
        # What is not kept is not remembered; then their number is not known here.
        all_here = result and len(result.pictures) == drawn.recipe.request.num_images
        return create_view.rewrite(drawn.recipe, place_of(place, result if all_here else None))

    def on_tick(self, visitor: str, event: gr.EventData) -> Outputs:
        """Tell a page that was out of sight what happened meanwhile, a stage that opened too."""
        return {
            "strip": self.record.on_strip_again(visitor, event),
            "prices": self.pricing.of_each(),
            "settings": {"on_stage": gr.update(visible=self.drawing.stage.is_open())},
        }

    @staticmethod
    def on_use(event: gr.EventData) -> Outputs:
        """Choose the model that a notice offers in place of a withdrawn one, and say so."""
        model = getattr(event, "model", None)
        if not isinstance(model, str) or model not in MODELS:
            return Outputs()
        said = messages.opening(f"{MODELS[model].label} is chosen. Press Generate.")
        return Outputs(settings={"model": model}, notice=said)

    def on_arrival(
        self, remembered: object, visitor: str, request: gr.Request, event: gr.EventData
    ) -> Outputs:
        """Bring back what is known of whoever was here before, and fill in what a link says.

        Args:
            remembered: What `on_generate` gave the browser to keep; anything else is ignored.
            visitor: Whose pictures may still be on their way, from before a refresh.
            request: Has the page's own address.
            event: Has the prompt that the browser remembered, as `typed`, where a link replaces it.
        """
        return {
            **self._remembered(remembered, visitor),
            "strip": self.record.on_return(visitor),
            **self.record.on_link(str(getattr(event, "typed", "") or ""), request),
        }

    def _remembered(self, remembered: object, visitor: str) -> Outputs:
        result = self.showing.remembered(remembered)
        if self.drawing.on_the_way(visitor):
            coming = messages.still_drawing()
            return self.showing.outputs(result, notice=coming) if result else Outputs(notice=coming)
        if result is None:
            return Outputs()
        first = result.pictures[0]
        if self.showing.is_example(first.path):
            return self.showing.outputs(result, notice=notices.example(first.recipe, undo=False))
        receipt = Receipt.of([each.recipe for each in result.pictures], result.missing)
        return self._show(result, receipt, Visit())

    def _so_far(self, here: list[Drawn], request: GenerationRequest) -> Outputs:
        notice = messages.arriving(
            len(here),
            request.num_images,
            MODELS[request.model],
            sandbox=self.pricing.sandbox_draws,
        )
        return {
            "picture": self.showing.pictures(here),
            "rewritten_prompt": create_view.rewrite(here[0].recipe),
            "token_usage": create_view.NO_USAGE,
            "notice": notice,
            "shown": self.showing.memory(Result(here)),
            "code": create_view.code(here[0].recipe),
        }

    def _show(self, result: Result, receipt: Receipt, visit: Visit) -> Outputs:
        notice = messages.success(
            receipt,
            key_helps=self.pricing.without_key != "always sandbox",
            unkept=[each for each in result.pictures if not each.kept],
        )
        return self.showing.outputs(result, notice=notice, visit=visit)

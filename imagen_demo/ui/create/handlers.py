"""What the widgets do: values in, values out, and failures as words instead of pictures lost.

`ui/wiring` connects them, `service/provider` (or a test's fake) answers, `pictures/album` keeps the
pictures. The only place where an `ImagenDemoError` ends; anything else is a bug and passes through.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Unpack, cast

import gradio as gr
from gradio.data_classes import FileData

from imagen_demo.domain.catalog import DEFAULT_MODEL, MODELS
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.receipt import Receipt, Visit
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.service.generate import Drawing, Drawn, Result, Service
from imagen_demo.ui import messages
from imagen_demo.ui.create import view as create_view
from imagen_demo.ui.library import notices
from imagen_demo.ui.library.handlers import Record
from imagen_demo.ui.options import panel as options_panel
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.options.rules import Chosen
from imagen_demo.ui.outputs import NOTHING_SHOWN, Showing, Update, place_of, said

# gr.Header has no value of its own for a header that is not there.
_NO_KEY = gr.Header("")


@dataclass(frozen=True, slots=True)
class Handlers:
    """The page's behaviour, bound to whoever answers and to where pictures are kept."""

    service: Service
    drawing: Drawing
    showing: Showing
    pricing: Pricing
    record: Record
    spender_of: Callable[[gr.Request | None], str]

    def on_generate(
        self,
        request: gr.Request | None = None,
        *,
        api_key: str,
        visitor: str,
        visit: Visit,
        **chosen: Unpack[Chosen],
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
                asked, visitor_key=api_key, visitor=visitor, spender=self.spender_of(request)
            )
            while isinstance(step := next(drawing), list):
                yield [*self._so_far(step, asked), gr.skip(), gr.skip()]
        except ImagenDemoError as error:
            yield [*said(messages.failure(error)), self.record.on_strip(visitor), gr.skip()]
            return
        receipt = Receipt.of([each.recipe for each in step.pictures], step.missing)
        visit.add(receipt)
        shown = self._show(step, receipt, visit)
        yield [*shown, self.record.on_strip(visitor), self.pricing.everything()]

    def generate_image(  # noqa: PLR0913, PLR0917 - the API's own fields
        self,
        prompt: str,
        aspect_ratio: str = "1:1",
        model: str = DEFAULT_MODEL,
        num_images: int = 1,
        seed: int | None = None,
        enhance_prompt: bool = True,  # noqa: FBT001, FBT002
        person_generation: str = "allow_adult",
        safety_setting: str = "block_medium_and_above",
        add_watermark: bool = False,  # noqa: FBT001, FBT002
        convert_base64_to_url: bool = True,  # noqa: FBT001, FBT002
        resolution: str = "1K",
        enable_web_search: bool = False,  # noqa: FBT001, FBT002
        # Last, or Gradio shifts the parameters after them by one.
        x_aimlapi_key: gr.Header = _NO_KEY,
        asking: gr.Request | None = None,
    ) -> tuple[list[FileData], dict[str, Any]]:
        """Generate pictures with Google's Imagen 4 from a text prompt.

        Args:
            prompt: What the pictures should show, at most 400 characters.
            aspect_ratio: 1:1, 9:16, 16:9, 3:4 or 4:3.
            model: google/imagen-4.0-generate-001, its fast or its ultra sibling, or the successor
                google/gemini-nano-banana-2.1, which takes resolution and enable_web_search only.
            num_images: 1 to 4.
            seed: 0 to 4294967295; has an effect only when enhance_prompt is false.
            enhance_prompt: Let an LLM rewrite the prompt first.
            person_generation: dont_allow or allow_adult.
            safety_setting: block_low_and_above, block_medium_and_above or block_only_high.
            add_watermark: Add an invisible watermark; excludes a seed.
            convert_base64_to_url: Whether the service sends links or the pictures themselves;
                either way they arrive here as files.
            resolution: 1K, 2K or 4K; of Nano Banana 2.1 only.
            enable_web_search: Let it look things up first; of Nano Banana 2.1 only.
            x_aimlapi_key: The `X-AIMLAPI-Key` header; without it the host's key pays, or the
                sandbox draws.
            asking: Who asks, as Gradio knows it.

        Returns:
            The pictures as files, and the receipt: model, prompt, rewritten_prompt, aspect_ratio,
            width, height, tokens_used, usd_spent, seconds, inference_id and more. Where it says
            that kept is false, save the pictures within the hour: the demo does not keep them.
        """
        try:
            request = GenerationRequest(
                prompt=prompt,
                model=model,
                aspect_ratio=aspect_ratio,
                num_images=num_images,
                seed=seed,
                enhance_prompt=enhance_prompt,
                person_generation=person_generation,
                safety_setting=safety_setting,
                add_watermark=add_watermark,
                convert_base64_to_url=convert_base64_to_url,
                resolution=resolution,
                enable_web_search=enable_web_search,
            )
            result = self.drawing.whole(
                request, visitor_key=x_aimlapi_key or "", spender=self.spender_of(asking)
            )
        except ImagenDemoError as error:
            raise gr.Error(str(error), print_exception=False) from None
        here = [each for each in result.pictures if each.path]
        lost = dict.fromkeys(_lost(each) for each in result.pictures if not each.path)
        if not here:
            raise gr.Error(" ".join(lost), print_exception=False)
        receipt = Receipt.of(
            [each.recipe for each in here],
            (*result.missing, *lost),
            kept=all(each.kept for each in result.pictures),
        )
        # Gradio takes the API's documented types from the annotation and wants plain dicts.
        files = [FileData(path=str(each.path)).model_dump() for each in here]
        return cast("list[FileData]", files), receipt.to_json()

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


def _lost(drawn: Drawn) -> str:
    """What a program is told of a picture that no disk took."""
    cost = "" if drawn.recipe.drawn_by == "sandbox" else ", and may have been charged"
    return f"{drawn.unkept}. A picture was drawn{cost}, and is lost. Tell the demo's host."

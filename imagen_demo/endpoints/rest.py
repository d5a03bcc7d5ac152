"""REST: the endpoint `/generate`, for Gradio's clients and for plain HTTP.

`launch` puts it beside the page; `answer` does what is asked, as it does for `mcp`.
"""

from dataclasses import dataclass
from typing import Any, cast

import gradio as gr
from gradio.data_classes import FileData

from imagen_demo.domain.catalog import DEFAULT_MODEL
from imagen_demo.domain.errors import ImagenDemoError
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.endpoints.answer import Answering

# gr.Header has no value of its own for a header that is not there.
_NO_KEY = gr.Header("")


@dataclass(frozen=True, slots=True)
class Rest:
    """The endpoint's function, bound to whoever answers."""

    answering: Answering

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
            answer = self.answering.answer(request, api_key=x_aimlapi_key or "", caller=asking)
        except ImagenDemoError as error:
            raise gr.Error(str(error), print_exception=False) from None
        # Gradio takes the API's documented types from the annotation and wants plain dicts.
        files = [FileData(path=str(each)).model_dump() for each in answer.files]
        return cast("list[FileData]", files), answer.receipt.to_json()

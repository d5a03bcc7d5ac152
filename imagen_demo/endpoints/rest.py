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
    """The endpoint's function, bound to whoever answers.

    Its parameters are the request's fields, which `domain/catalog` describes: Gradio tells callers
    their types and defaults alone. Without the header `X-AIMLAPI-Key` the host's key pays, or the
    sandbox draws.
    """

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

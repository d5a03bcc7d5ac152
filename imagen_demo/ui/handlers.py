"""What the widgets do: values in, values out, and failures as words instead of pictures lost.

`layout` wires them, `provider` (or a test's fake) answers, `album` keeps the pictures. The only
place where an `ImagenDemoError` ends; anything else is a bug and passes through.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, cast

import gradio as gr
from gradio.data_classes import FileData
from pydantic import TypeAdapter, ValidationError

from imagen_demo.album import Album
from imagen_demo.catalog import DEFAULT_MODEL, MAX_WORDS_REWRITTEN
from imagen_demo.errors import ImagenDemoError
from imagen_demo.examples import EXAMPLES
from imagen_demo.generation import Generation, Receipt
from imagen_demo.request import GenerationRequest
from imagen_demo.ui import markup

log = logging.getLogger("imagen_demo")

Update = Any
"""A widget's new value, a `gr.update`, or `gr.skip()` to leave it as it is."""

# gr.Header has no value of its own for a header that is not there.
_NO_KEY = gr.Header("")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a browser remembers: the picture's name in the album, and its receipt."""

    picture: str
    receipt: Receipt


_SHOWN = TypeAdapter(Shown)


class Generate(Protocol):
    """Whoever answers a request; `Provider.generate` in the demo."""

    def __call__(self, request: GenerationRequest, *, visitor_key: str) -> Generation:
        """Answer, or raise an `ImagenDemoError`."""


@dataclass(frozen=True, slots=True)
class Handlers:
    """The page's behaviour, bound to whoever answers and to where pictures are kept."""

    generate: Generate
    album: Album

    def on_generate(self, prompt: str, aspect_ratio: str, api_key: str) -> list[Update]:
        """Draw one picture for the page.

        Returns:
            Picture, rewritten prompt, token usage, notice, and what the browser remembers. After
            a failure only the notice changes.
        """
        try:
            request = GenerationRequest(prompt=prompt, aspect_ratio=aspect_ratio)
            generation = self._draw(request, api_key)
        except ImagenDemoError as error:
            return [gr.skip(), gr.skip(), gr.skip(), markup.failure(error), gr.skip()]
        path = self._keep(generation)[0]
        return self._show(path, generation.receipt)

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
        # Last, or Gradio shifts the parameters after it by one.
        x_aimlapi_key: gr.Header = _NO_KEY,
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

        Returns:
            The pictures as files, and the receipt: model, prompt, rewritten_prompt, aspect_ratio,
            width, height, tokens_used, usd_spent, seconds, inference_id and more.
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
            generation = self._draw(request, x_aimlapi_key or "")
        except ImagenDemoError as error:
            raise gr.Error(str(error), print_exception=False) from None
        files = [FileData(path=str(path), orig_name=path.name) for path in self._keep(generation)]
        # Gradio takes the API's documented types from the annotation and wants plain dicts.
        plain = [file.model_dump() for file in files]
        return cast("list[FileData]", plain), generation.receipt.to_json()

    @staticmethod
    def on_example(event: gr.EventData) -> list[Update]:
        """Fill prompt and ratio from the tile that was clicked."""
        example = EXAMPLES[event.index]
        return [example.prompt, example.aspect_ratio]

    def on_load(self, remembered: object) -> list[Update]:
        """Bring back what this browser remembers of its last picture, if it still exists.

        Args:
            remembered: What `on_generate` gave the browser to keep; anything else is ignored.

        Returns:
            The same as `on_generate`.
        """
        nothing = [gr.skip()] * 5
        try:
            shown = _SHOWN.validate_python(remembered)
        except ValidationError:
            return nothing
        path = self.album.find(shown.picture)
        return self._show(path, shown.receipt) if path else nothing

    def _draw(self, request: GenerationRequest, visitor_key: str) -> Generation:
        try:
            generation = self.generate(request, visitor_key=visitor_key)
        except ImagenDemoError as error:
            # The class says it all; a message may quote the service, and a prompt is private.
            log.warning("%s %s", type(error).__name__, error.reference or "-")
            raise
        log.info("%s %.1f s", generation.request.model, generation.seconds)
        return generation

    def _keep(self, generation: Generation) -> list[Path]:
        return [
            self.album.save(
                picture,
                prompt=generation.request.prompt,
                aspect_ratio=generation.request.aspect_ratio,
            )
            for picture in generation.pictures
        ]

    def _show(self, path: Path, receipt: Receipt) -> list[Update]:
        rewritten = receipt.rewritten_prompt
        return [
            gr.update(value=str(path), alt_text=rewritten or receipt.prompt),
            gr.update(value=rewritten or "", placeholder=_why_no_rewrite(receipt)),
            markup.usage(receipt),
            markup.success(receipt),
            {"picture": self.album.name(path), "receipt": receipt.to_json()},
        ]


def _why_no_rewrite(receipt: Receipt) -> str:
    words = len(receipt.prompt.split())
    if words >= MAX_WORDS_REWRITTEN:
        return f"None: prompts of {MAX_WORDS_REWRITTEN} words or more are drawn as they are."
    return "The service gave none back for this picture."

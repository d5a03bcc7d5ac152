"""Draws every example's tile again: `make gallery`. With a key by Imagen, else by the sandbox.

One paid picture an example, through the same client as the page.
"""

import sys
from io import BytesIO

from PIL import Image

from imagen_demo.errors import ImagenDemoError
from imagen_demo.examples import EXAMPLES
from imagen_demo.generation import Picture
from imagen_demo.provider import Provider
from imagen_demo.request import GenerationRequest
from imagen_demo.settings import Settings

TILE = (480, 480)
"""Longest sides in pixels: twice what the page shows, for dense screens."""


def _ignore(_number: int, _picture: Picture) -> None:
    """Wait for the whole generation: there is nobody to show a picture to meanwhile."""


def main() -> None:
    """Draw them one after the other, and stop at the first failure with its words."""
    provider = Provider(Settings.from_env(), sandbox_latency=0)
    try:
        for example in EXAMPLES:
            request = GenerationRequest(prompt=example.prompt, aspect_ratio=example.aspect_ratio)
            generation = provider.generate(request, visitor_key="", on_picture=_ignore)
            with Image.open(BytesIO(generation.pictures[0].data)) as picture:
                picture.thumbnail(TILE)
                picture.convert("RGB").save(example.tile, quality=85, optimize=True)
            print(f"{example.tile.name}: drawn by {generation.drawn_by}")
    except ImagenDemoError as error:
        sys.exit(str(error))
    finally:
        provider.close()


if __name__ == "__main__":
    main()

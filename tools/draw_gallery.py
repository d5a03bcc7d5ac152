"""Draws every example again by its own recipe: `make gallery`; without a key, by the sandbox.

One paid picture an example, through the same client as the page. Each is kept as a JPEG, so that
the folder stays small enough to ship; its recipe stays with it.
"""

import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from imagen_demo.domain.errors import ConfigurationError, ImagenDemoError
from imagen_demo.domain.generation import Generation, Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.examples import examples
from imagen_demo.pictures.metadata import inscribe
from imagen_demo.pictures.verify import verify_picture
from imagen_demo.service.provider import Provider
from imagen_demo.settings import Settings

QUALITY = 88


def _ignore(_number: int, _so_far: Generation) -> None:
    """Wait for the whole generation: there is nobody to show a picture to meanwhile."""


def draw(provider: Provider, request: GenerationRequest, place: Path) -> Recipe:
    """Draw one example and keep it at `place`, as a JPEG.

    Raises:
        ImagenDemoError: Whatever the service raises.
    """
    one = replace(request, num_images=1) if request.num_images > 1 else request
    generation = provider.generate(one, api_key="", on_picture=_ignore)
    picture = _as_jpeg(generation.pictures[0])
    recipe = Recipe.of(replace(generation, pictures=(picture,)))
    place.write_bytes(inscribe(picture, recipe).data)
    return recipe


def _as_jpeg(picture: Picture) -> Picture:
    if picture.suffix == ".jpg":
        return picture
    smaller = BytesIO()
    with Image.open(BytesIO(picture.data)) as image:
        image.convert("RGB").save(smaller, "JPEG", quality=QUALITY, optimize=True)
    return verify_picture(smaller.getvalue(), picture.rewritten_prompt)


def main() -> None:
    """Draw them one after the other, and stop at the first failure with its words."""
    try:
        provider = Provider(Settings.from_env(), sandbox_latency=0)
    except ConfigurationError as error:
        sys.exit(str(error))
    try:
        for example in examples():
            is_jpeg = example.path.suffix.lower() in {".jpg", ".jpeg"}
            place = example.path if is_jpeg else example.path.with_suffix(".jpg")
            if not is_jpeg and place.exists():
                sys.exit(f"{place.name} and {example.path.name} differ by their ending alone.")
            recipe = draw(provider, example.recipe.request, place)
            if not is_jpeg:
                example.path.unlink()
            print(f"{place.name}: drawn by {recipe.drawn_by}")
    except ImagenDemoError as error:
        sys.exit(str(error))
    finally:
        provider.close()


if __name__ == "__main__":
    main()

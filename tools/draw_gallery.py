"""Draws every example again by its own recipe: `make gallery`; without a key, by the sandbox.

One paid picture an example, through the same client as the page. Each is kept as a WebP, since the
first of them is what every visitor waits for, and its recipe with it; but a picture that its maker
signed is kept as it came, with the recipe beside it.
"""

import sys
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from PIL import Image

from imagen_demo.domain.errors import ConfigurationError, ImagenDemoError
from imagen_demo.domain.generation import Generation, Picture
from imagen_demo.domain.recipe import Recipe
from imagen_demo.domain.request import GenerationRequest
from imagen_demo.pictures.examples import examples
from imagen_demo.pictures.metadata import is_signed, with_recipe
from imagen_demo.pictures.metadata.beside import SUFFIX, recipe_file
from imagen_demo.pictures.verify import SUFFIXES, verify_picture
from imagen_demo.service.provider import Provider
from imagen_demo.settings import Settings

QUALITY = 85


def _ignore(_number: int, _so_far: Generation) -> None:
    """Wait for the whole generation: there is nobody to show a picture to meanwhile."""


def draw(provider: Provider, request: GenerationRequest, place: Path) -> Recipe:
    """Draw one example and keep it at `place`, as a WebP; a signed one by its own ending.

    Raises:
        ImagenDemoError: Whatever the service raises.
    """
    one = replace(request, num_images=1) if request.num_images > 1 else request
    generation = provider.generate(one, api_key="", on_picture=_ignore)
    picture = _as_webp(generation.pictures[0])
    recipe = Recipe.of(replace(generation, pictures=(picture,)))
    written, is_in = with_recipe(picture, recipe)
    kept, beside = place.with_suffix(picture.suffix), place.with_suffix(SUFFIX)
    kept.write_bytes(written.data)
    for other in {place, *_places(place), beside} - {kept}:
        other.unlink(missing_ok=True)
    if not is_in:
        beside.write_bytes(recipe_file(recipe, written.data))
    return recipe


def _as_webp(picture: Picture) -> Picture:
    if picture.suffix == ".webp" or is_signed(picture.data):
        return picture
    smaller = BytesIO()
    with Image.open(BytesIO(picture.data)) as image:
        image.convert("RGB").save(smaller, "WEBP", quality=QUALITY, method=6)
    return verify_picture(smaller.getvalue(), picture.rewritten_prompt)


def _places(place: Path) -> set[Path]:
    """Wherever an example may be kept; after it was drawn, it is in one of them."""
    return {place.with_suffix(each) for each in SUFFIXES}


def main() -> None:
    """Draw them one after the other, and stop at the first failure with its words."""
    try:
        provider = Provider(Settings.from_env(), sandbox_latency=0)
    except ConfigurationError as error:
        sys.exit(str(error))
    try:
        found = examples()
        for one, other in pairwise(each.path for each in found):
            if one.stem == other.stem:
                sys.exit(f"{one.name} and {other.name} differ by their ending alone.")
        for example in found:
            recipe = draw(provider, example.recipe.request, example.path)
            (kept,) = (each for each in _places(example.path) if each.exists())
            print(f"{kept.name}: drawn by {recipe.drawn_by}")
    except ImagenDemoError as error:
        sys.exit(str(error))
    finally:
        provider.close()


if __name__ == "__main__":
    main()

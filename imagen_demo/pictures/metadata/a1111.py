"""What AUTOMATIC1111 and its kin write into pictures: a prompt, and below it one line of settings.

`png` and `exif` write it beside our own recipe; the package reads it where there is no such recipe.
"""

import re
import unicodedata

from imagen_demo.domain.generation import MAX_REWRITTEN
from imagen_demo.domain.recipe import Recipe


def parameters_of(recipe: Recipe) -> str:
    """The recipe as those programs read it.

    Imagen has no steps, sampler or scale to name, but readers look for that line by them.
    """
    settings = {
        "Steps": 0,
        "Sampler": "none",
        "CFG scale": 0,
        "Seed": -1 if recipe.seed is None else recipe.seed,
        "Size": f"{recipe.width}x{recipe.height}",
        "Model": recipe.request.model,
    }
    listed = ", ".join(f"{name}: {value}" for name, value in settings.items())
    return f"{recipe.request.prompt}\n{listed}"


def prompt_of(parameters: str) -> str:
    """Take the prompt out of what any program wrote: what stands before the line of settings."""
    start = parameters[: 4 * MAX_REWRITTEN]  # a hostile file may hold many megabytes
    prompt = re.split(r"^(?:Negative prompt|Steps): ", start, maxsplit=1, flags=re.MULTILINE)
    spaced = " ".join(prompt[0].split())
    kept = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs"})
    return kept[:MAX_REWRITTEN].strip()

"""What AUTOMATIC1111 and its kin write into pictures: a prompt, and below it one line of settings.

`png` and `exif` write it beside our own recipe; `foreign` reads it where there is no such recipe.
"""

import re

from imagen_demo.domain.recipe import Recipe

KIN = "AUTOMATIC1111 or a program like it"
"""Whose a text is that says no more of it."""

_SETTINGS = re.compile(r"^Steps: \d+(?:,.*)?$", re.MULTILINE)
_NEGATIVE = re.compile(r"^Negative prompt:", re.MULTILINE)
_PAIR = re.compile(r"(?:^|, )[A-Z][\w ]{0,40}: ")
_FEWEST_PAIRS = 3
"""As many as AUTOMATIC1111 asks for, where no name of the text says whose it is."""

_FIRST_PAIRS = 400
"""Characters of the line in which they are looked for."""

# What stands in the line of settings, and whose it is then; the first that is found counts.
_MAKERS = {
    re.compile(r"\bCivitai (?:resources|metadata): "): "Civitai",
    re.compile(r"\bVersion: Fooocus"): "Fooocus",
    re.compile(r"\bVersion: ComfyUI"): "ComfyUI",
    re.compile(r"\bVersion: f\d"): "Forge",
    re.compile(r"\bApp: SD\.Next"): "SD.Next",
    re.compile(r"\bSampler: none, .*\bModel: google/"): "imagen demo",
    re.compile(r"\bVersion: v\d"): "AUTOMATIC1111",
}


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


def prompt_of(parameters: str, *, named: bool = False) -> tuple[str, str] | None:
    """Return the prompt and whose program it is; None if no line of settings says that it is one.

    The prompt is empty where there is none before that line.

    Args:
        parameters: Any text.
        named: It is called `parameters` in its file; then a short line will do.
    """
    fewest = 1 if named else _FEWEST_PAIRS
    lines = [each for each in _SETTINGS.finditer(parameters) if _pairs(each[0]) >= fewest]
    if not lines:
        return None
    line = lines[-1]
    before = parameters[: line.start()]
    negative = _NEGATIVE.search(before)
    makers = (name for sign, name in _MAKERS.items() if sign.search(line[0]))
    return before[: negative.start()] if negative else before, next(makers, KIN)


def _pairs(line: str) -> int:
    return len(_PAIR.findall(line[:_FIRST_PAIRS]))

"""One prompt, several ways to draw it: what each preset makes of a visitor's request.

`ui/compare/handlers` draws the columns side by side; every column is an ordinary request.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from imagen_demo.domain.catalog import ASPECT_RATIOS, MAX_SEED, MODELS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.request import GenerationRequest

PRESETS = {
    "rewriting": "Rewriting on and off",
    "models": "Fast, Standard, Ultra",
    "ratios": "The five ratios",
    "seeds": "Three seeds",
}
"""What can be compared, by the name that the page sends."""

_IMAGEN_4 = {
    "Fast": "google/imagen-4.0-fast-generate-001",
    "Standard": "google/imagen-4.0-generate-001",
    "Ultra": "google/imagen-4.0-ultra-generate-001",
}
_OTHER_MODEL = "Choose an Imagen 4 model under Options."


LABELS = {
    "rewriting": ("Rewriting on", "Rewriting off"),
    "models": tuple(_IMAGEN_4),
    "ratios": ASPECT_RATIOS,
    "seeds": ("One seed", "The next", "The one after"),
}
"""What the columns are called before they are asked for; seeds are known only then."""


@dataclass(frozen=True, slots=True)
class Column:
    """One way to draw the prompt: what is special about it, and the request for one picture."""

    label: str
    request: GenerationRequest


def models_of(preset: str, model: str) -> Sequence[str]:
    """Say which models a comparison asks, one for each column; `model` is the visitor's choice."""
    return tuple(_IMAGEN_4.values()) if preset == "models" else [model] * len(LABELS[preset])


def hindrance(preset: str, model: str) -> InvalidRequest | None:
    """Say why a model has nothing to compare that way; None if it has."""
    needed = {"rewriting": "enhance_prompt", "seeds": "seed"}.get(preset)
    if needed is None or needed in MODELS[model].options:
        return None
    lacks = "does not rewrite prompts" if preset == "rewriting" else "takes no seed"
    return InvalidRequest(needed, f"{MODELS[model].label} {lacks}.", advice=_OTHER_MODEL)


def columns_of(preset: str, asked: GenerationRequest) -> list[Column]:
    """Return two to five requests that differ in one thing, and are alike in all others.

    Where a seed has an effect all columns share one, so that chance is not compared as well.

    Args:
        preset: One of `PRESETS`.
        asked: What the visitor would generate; one picture is drawn for each column.

    Raises:
        InvalidRequest: The model has nothing to compare that way, or does not read the prompt.
    """
    if hindered := hindrance(preset, asked.model):
        raise hindered
    one = _with_model(asked, asked.model)
    match preset:
        case "rewriting":
            rewritten = replace(one, enhance_prompt=True, seed=None)
            as_it_is = replace(one, enhance_prompt=False).reproducible()
            return list(map(Column, LABELS[preset], (rewritten, as_it_is)))
        case "models":
            alike = _with_model(one, _IMAGEN_4["Standard"]).reproducible()
            return [Column(name, replace(alike, model=id_)) for name, id_ in _IMAGEN_4.items()]
        case "ratios":
            alike = one.reproducible()
            return [Column(each, replace(alike, aspect_ratio=each)) for each in ASPECT_RATIOS]
        case "seeds":
            first = replace(one, enhance_prompt=False, add_watermark=False).reproducible()
            seeds = [
                ((first.seed or 0) + step) % (MAX_SEED + 1) for step in range(len(LABELS[preset]))
            ]
            return [Column(f"Seed {each}", replace(first, seed=each)) for each in seeds]
    raise InvalidRequest("preset", "Nothing is compared that way.")


def name_of(models: Iterable[str]) -> str:
    """What the models of a comparison are called together."""
    each = set(models)
    return MODELS[each.pop()].label if len(each) == 1 else "Imagen 4"


def _with_model(asked: GenerationRequest, model: str) -> GenerationRequest:
    """The request for one picture by a model, with those options that it takes."""
    taken = {"prompt", "aspect_ratio"} | (MODELS[model].options - {"num_images"})
    same = {each.name: getattr(asked, each.name) for each in fields(asked) if each.name in taken}
    return GenerationRequest(**same, model=model)

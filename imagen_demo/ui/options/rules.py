"""How the options depend on each other: on the model, and on the seed.

Pure functions that `panel` wires to its widgets; what depends on the seed the browser settles
(`static/js/options.js`).
"""

import re
from collections.abc import Mapping
from typing import Any

import gradio as gr

from imagen_demo.domain import catalog
from imagen_demo.domain.catalog import MAX_SEED, MODELS
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.request import GenerationRequest

OPTIONS = tuple(
    name for name, option in catalog.OPTIONS.items() if option.models is not None and option.label
)
"""The options on the page, in the API's order; each model takes some of them."""

SETTINGS = ("prompt", "aspect_ratio", "model", *OPTIONS)
"""Everything that a visitor sets but the key, in the order of the page's inputs."""

NO_NOTE = ""
NO_SEED_NOTE = "The last picture had no seed: without rewriting and watermark each gets one."


def fit(model: str) -> list[dict[str, Any]]:
    """Show only what the model takes; what is hidden keeps its value for a model that does.

    Returns:
        An update for each of `OPTIONS`, then for the seed's two buttons and its note.
    """
    taken_here = MODELS[model].options
    beside_the_seed = ["seed"] * 3  # two buttons and a note
    return [gr.update(visible=name in taken_here) for name in (*OPTIONS, *beside_the_seed)]


def taken(model: str, options: dict[str, Any]) -> dict[str, Any]:
    """Return the options that the model takes."""
    return {name: value for name, value in options.items() if name in MODELS[model].options}


def filled(request: GenerationRequest) -> dict[str, Any]:
    """Return the page's settings for a request, each of `SETTINGS` by its name."""
    values = {name: getattr(request, name) for name in SETTINGS}
    # A seed beside rewriting has no effect; on the page it would switch rewriting off.
    has_seed = request.seed is not None and not request.enhance_prompt
    values["seed"] = str(request.seed) if has_seed else ""
    return values


def request_of(chosen: Mapping[str, Any]) -> GenerationRequest:
    """Return the request that a visitor's settings come to: only what the model takes.

    Args:
        chosen: What they set, as the page's widgets have it: `SETTINGS`, by their names.

    Raises:
        InvalidRequest: One of them is outside its limits.
    """
    options = {name: chosen[name] for name in OPTIONS}
    options["seed"] = parse_seed(chosen["seed"])
    if options["seed"] is not None:
        # The page settles this too, but a quick click may overtake it.
        options |= {"enhance_prompt": False, "add_watermark": False}
    return GenerationRequest(
        prompt=chosen["prompt"],
        aspect_ratio=chosen["aspect_ratio"],
        model=chosen["model"],
        **taken(chosen["model"], options),
    )


def parse_seed(typed: str | None) -> int | None:
    """Read the seed box; empty means none.

    Raises:
        InvalidRequest: It is no whole number.
    """
    digits = (typed or "").strip()  # a box in a closed accordion has no value at all
    if not digits:
        return None
    if not re.fullmatch(r"[0-9]{1,20}", digits):
        raise InvalidRequest(
            "seed",
            "The seed is not a whole number.",
            advice=f"Use one from 0 to {MAX_SEED}, or leave it empty for a random one.",
        )
    return int(digits)

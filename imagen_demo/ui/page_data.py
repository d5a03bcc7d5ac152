"""What the page's scripts know and say, and the scripts themselves; both stand in its head.

`static/js` reads it as `imagen.data`. It is the same for every visitor and holds no secret.
"""

import json
from pathlib import Path
from typing import Any

from markupsafe import Markup

from imagen_demo.domain.catalog import MAX_SEED, MODELS, OPTIONS, TOKENS_PER_USD, Model
from imagen_demo.domain.comparison import PRESETS, hindrance, models_of
from imagen_demo.domain.vendor import VENDOR
from imagen_demo.ui import messages
from imagen_demo.ui.library import notices
from imagen_demo.ui.options import rules
from imagen_demo.ui.options.price_tags import Pricing
from imagen_demo.ui.page import CREATE
from imagen_demo.ui.render import macros

_SCRIPTS = Path(__file__).parent / "static/js"
_ORDER = ("storage", "imagen", "messages", "create", "prices", "options", "library", "compare")
_LAST = ("memory", "stage", "widgets")

LARGEST_PROMPT = 60 * 1024
"""Bytes. With more, `server/body_limits` refuses the call; the rest of one has 4 KB."""


def head(pricing: Pricing) -> str:
    """Return what a page's head holds: the data, then the scripts that read it."""
    written = json.dumps(data(pricing), separators=(",", ":")).replace("<", "\\u003c")
    scripts = "\n".join(
        (_SCRIPTS / f"{name}.js").read_text(encoding="utf-8") for name in (*_ORDER, *_LAST)
    )
    # Both are the project's own; in data no tag can end the script.
    return str(macros("head").head(Markup(written), Markup(scripts)))  # noqa: S704


def data(pricing: Pricing) -> dict[str, Any]:
    """Return what the scripts know, as JSON has it."""
    return {
        "settings": rules.SETTINGS,
        "defaults": {each.name: each.default for each in OPTIONS.values() if each.name != "prompt"},
        "models": {each.id: _known_of(each, pricing) for each in MODELS.values()},
        "presets": {each: _known_of_preset(each) for each in PRESETS},
        "sandboxDraws": pricing.sandbox_draws,
        "tokensPerDollar": TOKENS_PER_USD,
        "maxSeed": MAX_SEED,
        "largestPrompt": LARGEST_PROMPT,
        "createTab": CREATE,
        "vendor": VENDOR.name,
        "seedNotes": {
            "none": rules.NO_NOTE,
            "seed": "A seed only works without rewriting and watermark, so both are off.",
            "cleared": "With this on a seed has no effect, so the seed is cleared.",
        },
        "notices": {
            "arrived": messages.arrived(),
            "ended": messages.ended(),
            "back": messages.opening("Your prompt and settings are back."),
            "broken": messages.broken(),
            "cancelled": messages.cancelled(),
            "gone": messages.gone(),
            "interrupted": messages.interrupted(),
            "locked": notices.locked(),
            "tooLong": messages.too_long(),
            "used": notices.used(),
            "waitingForSeveral": messages.waiting_for_several(),
        },
        "statuses": {
            "linkCopied": messages.status("Link copied. It has the settings, never the key."),
            "linkToCopy": messages.link_to_copy(),
            "noStage": messages.status("The demo does not answer, so there is no stage."),
        },
    }


def _known_of(model: Model, pricing: Pricing) -> dict[str, Any]:
    return {
        "limit": model.prompt_limit,
        "takes": sorted(model.options),
        "price": pricing.of(model.id),
        "waiting": messages.waiting(model, sandbox=pricing.sandbox_draws),
    }


def _known_of_preset(preset: str) -> dict[str, Any]:
    """Which models it asks, an empty one being the visitor's choice; and for whom it is nothing."""
    hindered = {model: hindrance(preset, model) for model in MODELS}
    return {
        "models": models_of(preset, ""),
        "hindrances": {
            model: f"{each.message} {each.advice}" for model, each in hindered.items() if each
        },
    }

"""What AI/ML API documents about Imagen 4, and the sandbox's own test keys, as data.

`validation` checks requests by it, `replies` answers them. Written from the vendor's pages, not
from the client's catalogue.
"""

from dataclasses import dataclass
from typing import Literal

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the request: its JSON type and its limits, where it has any."""

    kind: Literal["string", "integer", "boolean"]
    options: tuple[str, ...] = ()
    minimum: int | None = None
    maximum: int | None = None
    required: bool = False


TOKENS_PER_PICTURE: dict[str, int | None] = {
    "google/imagen-4.0-generate-001": 84_000,
    "google/imagen-4.0-fast-generate-001": 42_000,
    "google/imagen-4.0-ultra-generate-001": 126_000,
    "google/gemini-nano-banana-2.1": None,  # no price is documented
}
TOKENS_PER_USD = 2_000_000

SIZES = {
    "1:1": (1024, 1024),
    "9:16": (768, 1408),
    "16:9": (1408, 768),
    "3:4": (896, 1280),
    "4:3": (1280, 896),
}

SCALES = {"1K": 1, "2K": 2, "4K": 4}
"""How much larger than `SIZES`; the exact sizes of 2K and 4K are not documented."""

_ANY_MODEL = {
    "model": Field("string", options=tuple(TOKENS_PER_PICTURE), required=True),
    "aspect_ratio": Field("string", options=tuple(SIZES)),
}

IMAGEN_FIELDS = _ANY_MODEL | {
    "prompt": Field("string", maximum=400, required=True),
    "num_images": Field("integer", maximum=4),
    "seed": Field("integer", minimum=0, maximum=2**32 - 1),
    "enhance_prompt": Field("boolean"),
    "person_generation": Field("string", options=("dont_allow", "allow_adult")),
    "safety_setting": Field(
        "string", options=("block_low_and_above", "block_medium_and_above", "block_only_high")
    ),
    "add_watermark": Field("boolean"),
    "convert_base64_to_url": Field("boolean"),
}

NANO_BANANA = "google/gemini-nano-banana-2.1"
IMAGEN_MODELS = frozenset(TOKENS_PER_PICTURE) - {NANO_BANANA}
NANO_BANANA_FIELDS = _ANY_MODEL | {
    "prompt": Field("string", required=True),
    "resolution": Field("string", options=tuple(SCALES)),
    "enable_web_search": Field("boolean"),
}

IMAGEN_STATUSES = ("deprecated", "superseded", "withdrawn")
"""What the list of deprecations can say of Imagen 4, where it names it at all."""

DEPRECATIONS: tuple[Json, ...] = (
    {
        "id": "openai/gpt-5.3-chat",
        "aliases": ["gpt-5.3-chat"],
        "status": "withdrawn",
        "deprecated_at": "2026-08-10",
        "shutdown_at": "2026-08-10",
        "replaced_by": "openai/gpt-5.3-codex",
        "reason": "provider_delisted",
    },
)

MAX_WORDS_REWRITTEN = 30
"""Google gives the rewritten prompt back only for prompts of fewer words than this."""

BLOCKED_MARK = "[blocked]"
"""A prompt with this in it meets the sandbox's safety filter."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """How a test key fails: status, exception name and message of today's envelope."""

    status: int
    name: str
    message: str
    kind: str | None = None


REFUSING_KEYS = {
    "sandbox-invalid": Refusal(
        401, "UnauthorizedException", "This request requires a valid API key."
    ),
    "sandbox-no-credits": Refusal(
        403,
        "ForbiddenException",
        "You have run out of credits.",
        kind="err_insufficent_credits",  # the vendor's own spelling
    ),
    "sandbox-unverified": Refusal(
        403, "ForbiddenException", "Your card is not verified.", kind="err_unverified_card"
    ),
    "sandbox-withdrawn": Refusal(404, "NotFoundException", "This model is no longer available."),
    "sandbox-busy": Refusal(429, "TooManyRequestsException", "Too many requests."),
    "sandbox-down": Refusal(503, "ServiceUnavailableException", "Service unavailable."),
    "sandbox-crash": Refusal(500, "InternalServerErrorException", "Internal server error."),
}

HTML_KEY = "sandbox-html"
EMPTY_KEY = "sandbox-empty"
GARBAGE_KEY = "sandbox-garbage"
SLOW_KEY = "sandbox-slow"
SLOW_SECONDS = 600.0
"""Longer than any read timeout one would set."""

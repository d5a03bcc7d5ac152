"""The models as data: the one place that says what each takes, costs and is called.

`request` checks against these rows; the page and the errors take their words from them.
"""

from dataclasses import dataclass
from datetime import date

TOKENS_PER_USD = 2_000_000
"""One US dollar buys two million tokens [AI/ML API documentation]."""

ASPECT_RATIOS = ("1:1", "9:16", "16:9", "3:4", "4:3")
PERSON_GENERATION = ("dont_allow", "allow_adult")
SAFETY_SETTINGS = ("block_low_and_above", "block_medium_and_above", "block_only_high")
MAX_NUM_IMAGES = 4
MAX_SEED = 2**32 - 1
RESOLUTIONS = ("1K", "2K", "4K")
MAX_WORDS_REWRITTEN = 30
"""From this many words on, no rewritten prompt comes back [Google's documentation]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of AI/ML API.

    Attributes:
        id: What the API calls it.
        label: What a visitor reads.
        prompt_limit: Longest prompt, in characters (code points); None if none is documented.
        options: The request fields it takes besides `model`, `prompt` and `aspect_ratio`.
        tokens_per_picture: The documented price, in tokens; None if none is documented.
        priced_on: When that price was documented.
        usual_seconds: From and to, how long one picture takes as a rule; None if unknown.
        withdrawn_on: The day Google shut it down, if it did.
        successor: The id of the model that replaces it.
    """

    id: str
    label: str
    prompt_limit: int | None
    options: frozenset[str]
    tokens_per_picture: int | None
    priced_on: date | None
    usual_seconds: tuple[int, int] | None
    withdrawn_on: date | None
    successor: str | None


_IMAGEN_4_OPTIONS = frozenset(
    {
        "num_images",
        "seed",
        "enhance_prompt",
        "person_generation",
        "safety_setting",
        "add_watermark",
        "convert_base64_to_url",
    }
)


def _imagen_4(variant: str, label: str, *, tokens: int, seconds: tuple[int, int]) -> Model:
    return Model(
        id=f"google/imagen-4.0-{variant}generate-001",
        label=label,
        prompt_limit=400,
        options=_IMAGEN_4_OPTIONS,
        tokens_per_picture=tokens,
        priced_on=date(2025, 9, 18),  # the day of the documentation's own example
        usual_seconds=seconds,
        # Google's last day in the Gemini API; a reseller may differ, so this only words a 404.
        withdrawn_on=date(2026, 8, 17),
        successor=_NANO_BANANA.id,
    )


_NANO_BANANA = Model(
    id="google/gemini-nano-banana-2.1",
    label="Nano Banana 2.1",
    prompt_limit=None,
    options=frozenset({"resolution", "enable_web_search"}),
    tokens_per_picture=None,
    priced_on=None,
    usual_seconds=None,
    withdrawn_on=None,
    successor=None,
)

MODELS = {
    model.id: model
    for model in (
        _imagen_4("", "Imagen 4", tokens=84_000, seconds=(8, 15)),
        _imagen_4("fast-", "Imagen 4 Fast", tokens=42_000, seconds=(5, 6)),
        _imagen_4("ultra-", "Imagen 4 Ultra", tokens=126_000, seconds=(20, 45)),
        _NANO_BANANA,
    )
}

DEFAULT_MODEL = "google/imagen-4.0-generate-001"

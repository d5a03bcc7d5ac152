"""Models and options as data: the one place that says what each is, takes, costs and is called.

`request` checks against these rows; the page, the endpoints and the errors take their words from
them.
"""

from dataclasses import dataclass, field, fields
from datetime import date

from imagen_demo.domain.option import Option

TOKENS_PER_USD = 2_000_000
"""One US dollar buys two million tokens [AI/ML API documentation]."""

ASPECT_RATIOS = ("1:1", "9:16", "16:9", "3:4", "4:3")
MAX_NUM_IMAGES = 4
MAX_SEED = 2**32 - 1
MAX_WORDS_REWRITTEN = 30
"""From this many words on, no rewritten prompt comes back [Google's documentation]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model of AI/ML API.

    Attributes:
        id: What the API calls it.
        label: What a visitor reads.
        prompt_limit: Longest prompt, in characters (code points); None if none is documented.
        tokens_per_picture: The documented price, in tokens; None if none is documented.
        priced_on: When that price was documented.
        usual_seconds: From and to, how long one picture takes as a rule; None if unknown.
        withdrawn_on: The day Google shut it down, if it did.
        successor: The id of the model that replaces it.
    """

    id: str
    label: str
    prompt_limit: int | None
    tokens_per_picture: int | None
    priced_on: date | None
    usual_seconds: tuple[int, int] | None
    withdrawn_on: date | None
    successor: str | None

    @property
    def options(self) -> frozenset[str]:
        """The names of the options it takes, besides the fields that every model takes."""
        return frozenset(each.name for each in OPTIONS.values() if self.id in (each.models or ()))


def _imagen_4(variant: str, label: str, *, tokens: int, seconds: tuple[int, int]) -> Model:
    return Model(
        id=f"google/imagen-4.0-{variant}generate-001",
        label=label,
        prompt_limit=400,
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
    tokens_per_picture=None,
    priced_on=None,
    usual_seconds=None,
    withdrawn_on=None,
    successor=None,
)

_IMAGEN_4 = (
    _imagen_4("", "Imagen 4", tokens=84_000, seconds=(8, 15)),
    _imagen_4("fast-", "Imagen 4 Fast", tokens=42_000, seconds=(5, 6)),
    _imagen_4("ultra-", "Imagen 4 Ultra", tokens=126_000, seconds=(20, 45)),
)

MODELS = {model.id: model for model in (*_IMAGEN_4, _NANO_BANANA)}

DEFAULT_MODEL = "google/imagen-4.0-generate-001"

_OF_IMAGEN_4 = frozenset(model.id for model in _IMAGEN_4)
_OF_NANO_BANANA = frozenset({_NANO_BANANA.id})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFields:
    """The table of what can be asked for: a row a field, in the API's order.

    The names, defaults and limits are the API's [AI/ML API documentation, three Imagen 4 pages and
    Nano Banana 2.1's]. What else can be said of a field is explained at `Option`.
    """

    prompt: str = field(
        metadata={
            "help": "What the pictures should show, at most "
            f"{MODELS[DEFAULT_MODEL].prompt_limit} characters."
        },
    )
    model: str = field(
        default=DEFAULT_MODEL,
        metadata={
            "choices": tuple(MODELS),
            "label": "Model",
            "help": f"{DEFAULT_MODEL}, its fast or its ultra sibling, or the successor "
            f"{_NANO_BANANA.id}, which takes resolution and enable_web_search only.",
        },
    )
    aspect_ratio: str = field(
        default="1:1", metadata={"choices": ASPECT_RATIOS, "label": "Aspect ratio"}
    )
    num_images: int = field(
        default=1,
        metadata={
            "limits": (1, MAX_NUM_IMAGES),
            "label": "Number of pictures",
            "models": _OF_IMAGEN_4,
        },
    )
    seed: int | None = field(
        default=None,
        metadata={
            "limits": (0, MAX_SEED),
            "label": "Seed",
            "info": "The same seed and prompt make the same picture.",
            "help": "{values}; has an effect only when enhance_prompt is false.",
            "models": _OF_IMAGEN_4,
        },
    )
    enhance_prompt: bool = field(
        default=True,
        metadata={
            "label": "Rewrite my prompt",
            "sheet_label": "Rewriting",
            "help": "Let an LLM rewrite the prompt first.",
            "models": _OF_IMAGEN_4,
        },
    )
    person_generation: str = field(
        default="allow_adult",
        metadata={
            "choices": ("dont_allow", "allow_adult"),
            "words": {"allow_adult": "Adults", "dont_allow": "Nobody"},
            "label": "People",
            "models": _OF_IMAGEN_4,
        },
    )
    safety_setting: str = field(
        default="block_medium_and_above",
        metadata={
            "choices": ("block_low_and_above", "block_medium_and_above", "block_only_high"),
            "words": {
                "block_low_and_above": "Strict",
                "block_medium_and_above": "Medium",
                "block_only_high": "Few blocks",
            },
            "label": "Safety filter",
            "models": _OF_IMAGEN_4,
        },
    )
    add_watermark: bool = field(
        default=False,
        metadata={
            "label": "Invisible watermark",
            "sheet_label": "Watermark",
            "help": "Add an invisible watermark; excludes a seed.",
            "models": _OF_IMAGEN_4,
        },
    )
    convert_base64_to_url: bool = field(
        default=True,
        metadata={
            "help": "Whether the service sends links or the pictures themselves; either way they "
            "arrive here as files.",
            "models": _OF_IMAGEN_4,
        },
    )
    resolution: str = field(
        default="1K",
        metadata={
            "choices": ("1K", "2K", "4K"),
            "label": "Resolution",
            "help": "{values}; of Nano Banana 2.1 only.",
            "priced": True,
            "models": _OF_NANO_BANANA,
        },
    )
    enable_web_search: bool = field(
        default=False,
        metadata={
            "label": "Search the web first",
            "sheet_label": "Web search",
            "help": "Let it look things up first; of Nano Banana 2.1 only.",
            "priced": True,
            "models": _OF_NANO_BANANA,
        },
    )


OPTIONS = {
    each.name: Option(name=each.name, default=each.default, **each.metadata)
    for each in fields(RequestFields)
}
"""Every field of a request by its name."""

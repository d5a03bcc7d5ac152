"""What is asked for: one frozen request, checked against every documented limit before HTTP.

The page and the `/generate` endpoint build it, `aimlapi/client` sends it; the limits are
`catalog`'s.
"""

import secrets
import unicodedata
from dataclasses import dataclass, fields, replace
from typing import Self

from imagen_demo.domain.advice import Action
from imagen_demo.domain.catalog import (
    ASPECT_RATIOS,
    DEFAULT_MODEL,
    MAX_NUM_IMAGES,
    MAX_SEED,
    MODELS,
    PERSON_GENERATION,
    RESOLUTIONS,
    SAFETY_SETTINGS,
    Model,
)
from imagen_demo.domain.errors import InvalidRequest

JsonValue = str | int | bool

_ALWAYS_SENT = {"model", "prompt", "aspect_ratio"}
_YES_OR_NO = ("enhance_prompt", "add_watermark", "convert_base64_to_url", "enable_web_search")


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest:
    """One request for pictures, valid from the moment it exists.

    The names, defaults and limits are the API's [AI/ML API documentation, three Imagen 4 pages and
    Nano Banana 2.1's]. The prompt is kept as it will be sent: control characters gone, no space
    around it. A field that the model does not take must be left at its default.

    Raises:
        InvalidRequest: A field is outside its limits; it names the field and says what to do.
    """

    prompt: str
    model: str = DEFAULT_MODEL
    aspect_ratio: str = "1:1"
    num_images: int = 1
    seed: int | None = None
    enhance_prompt: bool = True
    person_generation: str = "allow_adult"
    safety_setting: str = "block_medium_and_above"
    add_watermark: bool = False
    convert_base64_to_url: bool = True
    resolution: str = "1K"
    enable_web_search: bool = False

    def __post_init__(self) -> None:
        """Check every field, in the order in which a visitor meets them."""
        _one_of("model", self.model, tuple(MODELS))
        object.__setattr__(self, "prompt", clean_prompt(self.prompt))
        _check_prompt(self.prompt, MODELS[self.model])
        _one_of("aspect_ratio", self.aspect_ratio, ASPECT_RATIOS)
        _between("num_images", self.num_images, 1, MAX_NUM_IMAGES)
        if self.seed is not None:
            _between("seed", self.seed, 0, MAX_SEED)
        _one_of("person_generation", self.person_generation, PERSON_GENERATION)
        _one_of("safety_setting", self.safety_setting, SAFETY_SETTINGS)
        _one_of("resolution", self.resolution, RESOLUTIONS)
        for name in _YES_OR_NO:
            _true_or_false(name, getattr(self, name))
        for name in sorted(self._chosen() - MODELS[self.model].options):
            raise _not_taken(name, MODELS[self.model])
        if self.seed is not None and self.add_watermark:
            # Google's documentation: a request with both is rejected.
            raise InvalidRequest(
                "seed",
                "A seed and the watermark exclude each other.",
                advice="Leave out the seed, or switch the watermark off.",
            )

    def to_json(self) -> dict[str, JsonValue]:
        """The body to send: model, prompt and ratio always, the rest where it is no default."""
        sent = _ALWAYS_SENT | self._chosen()
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name in sent}

    def reproducible(self) -> Self:
        """The same request with a seed drawn, where one has an effect and none was given.

        Google's documentation: a seed has no effect while the prompt is rewritten, and excludes
        the watermark.
        """
        free = self.seed is None and not self.enhance_prompt and not self.add_watermark
        if not free or "seed" not in MODELS[self.model].options:
            return self
        return replace(self, seed=secrets.randbelow(MAX_SEED + 1))

    def _chosen(self) -> set[str]:
        """The options that differ from their defaults."""
        differing = {each.name for each in fields(self) if getattr(self, each.name) != each.default}
        return differing - _ALWAYS_SENT


def clean_prompt(prompt: object) -> str:
    """Turn tabs and line ends into spaces and drop what no person can see or type."""
    if not isinstance(prompt, str):
        raise InvalidRequest("prompt", "The prompt must be text.")
    spaced = "".join(" " if char in "\t\r\n\v\f\x85\u2028\u2029" else char for char in prompt)
    # Cc: control characters. Cs: halves of a surrogate pair, which no UTF-8 text can carry.
    kept = "".join(char for char in spaced if unicodedata.category(char) not in {"Cc", "Cs"})
    return kept.strip()


def _check_prompt(prompt: str, model: Model) -> None:
    # Z: spaces, C: invisible format characters such as a zero-width joiner on its own.
    if all(unicodedata.category(char)[0] in "ZC" for char in prompt):
        raise InvalidRequest(
            "prompt",
            "The prompt is empty.",
            advice="Type what the picture should show, or click an example.",
        )
    limit = model.prompt_limit
    if limit is not None and len(prompt) > limit:
        over = len(prompt) - limit
        raise InvalidRequest(
            "prompt",
            f"The prompt has {len(prompt)} characters; {model.label} reads at most {limit}.",
            action=Action.SHORTEN,
            about={"over": over},
        )


def _not_taken(name: str, model: Model) -> InvalidRequest:
    return InvalidRequest(
        name,
        f"{model.label} does not take {name}.",
        advice="Leave it out, or choose another model.",
    )


def _one_of(name: str, value: object, choices: tuple[str, ...]) -> None:
    if value not in choices:
        listed = ", ".join(choices)
        raise InvalidRequest(
            name,
            f"{name} has a value that the model does not take.",
            advice=f"Use one of: {listed}.",
        )


def _between(name: str, value: object, low: int, high: int) -> None:
    # bool is an int to Python and a mistake here.
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidRequest(
            name, f"{name} is out of range.", advice=f"Use a whole number from {low} to {high}."
        )


def _true_or_false(name: str, value: object) -> None:
    if not isinstance(value, bool):
        raise InvalidRequest(name, f"{name} is a yes or no.", advice="Use true or false.")

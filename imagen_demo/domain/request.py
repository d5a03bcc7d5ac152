"""What is asked for: one frozen request, checked against every documented limit before HTTP.

The page and the `/generate` endpoint build it, `aimlapi/client` sends it; the limits are
`catalog`'s.
"""

import secrets
import unicodedata
from dataclasses import dataclass, fields, replace
from operator import attrgetter
from typing import Self

from imagen_demo.domain.advice import Action
from imagen_demo.domain.catalog import MAX_SEED, MODELS, OPTIONS, Model, RequestFields
from imagen_demo.domain.errors import InvalidRequest
from imagen_demo.domain.option import Option

JsonValue = str | int | bool

_ALWAYS_SENT = {each.name for each in OPTIONS.values() if each.models is None}
_SWITCHES_LAST = sorted(OPTIONS.values(), key=attrgetter("is_switch"))


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationRequest(RequestFields):
    """One request for pictures, valid from the moment it exists.

    The prompt is kept as it will be sent: control characters gone, no space around it. A field that
    the model does not take must be left at its default.

    Raises:
        InvalidRequest: A field is outside its limits; it names the field and says what to do.
    """

    def __post_init__(self) -> None:
        """Check every field: the model and the prompt, the choices and figures, the switches."""
        _check(OPTIONS["model"], self.model)
        object.__setattr__(self, "prompt", clean_prompt(self.prompt))
        _check_prompt(self.prompt, MODELS[self.model])
        for option in _SWITCHES_LAST:
            _check(option, getattr(self, option.name))
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


def _check(option: Option, value: object) -> None:
    if option.choices and value not in option.choices:
        raise InvalidRequest(
            option.name,
            f"{option.name} has a value that the model does not take.",
            advice=f"Use one of: {', '.join(option.choices)}.",
        )
    if option.is_switch and not isinstance(value, bool):
        raise InvalidRequest(
            option.name, f"{option.name} is a yes or no.", advice="Use true or false."
        )
    is_left_out = value is None and option.default is None
    if option.limits and not is_left_out:
        _check_limits(option.name, value, *option.limits)


def _check_limits(name: str, value: object, low: int, high: int) -> None:
    # bool is an int to Python and a mistake here.
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise InvalidRequest(
            name, f"{name} is out of range.", advice=f"Use a whole number from {low} to {high}."
        )

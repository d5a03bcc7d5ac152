"""What a picture may cost, as documented, and what it was last charged.

`service/generate` notes every generation for the page, and `service/provider` those that the host
paid for.
"""

from dataclasses import dataclass
from datetime import date

from imagen_demo.domain.catalog import MODELS, OPTIONS
from imagen_demo.domain.generation import Generation
from imagen_demo.domain.request import GenerationRequest

UNKNOWN_PRICE = 5 * max(each.tokens_per_picture or 0 for each in MODELS.values())
"""Tokens that a picture of no documented price may cost: far more than any documented one."""

BEYOND_REASON = 20
"""A figure of more than so many times what a request may cost is a mistake, and no price."""


_PRICED = [each for each in OPTIONS.values() if each.priced]

_Kind = tuple[object, ...]
"""What a picture's price depends on: the model, and each option that changes it."""


def _plain(model: str) -> _Kind:
    return (model, *(each.default for each in _PRICED))


def _kind(request: GenerationRequest) -> _Kind:
    return (request.model, *(getattr(request, each.name) for each in _PRICED))


_DOCUMENTED = {
    _plain(model.id): model.tokens_per_picture
    for model in MODELS.values()
    if model.tokens_per_picture is not None
}


def may_cost(request: GenerationRequest) -> int:
    """Return the tokens that a request costs as documented, else by `UNKNOWN_PRICE`."""
    return _DOCUMENTED.get(_kind(request), UNKNOWN_PRICE) * request.num_images


def believed(generation: Generation) -> int:
    """Return the tokens that were charged; 0 if none were named, or more than can be."""
    tokens = generation.usage.tokens_counted
    return tokens if tokens <= BEYOND_REASON * may_cost(generation.request) else 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price before the fact.

    Attributes:
        tokens: Tokens for one picture.
        documented_on: The day of the documented figure; None if this process saw it charged.
    """

    tokens: int
    documented_on: date | None


class Prices:
    """Tokens per picture of each kind, as last charged; safe for many threads."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._seen: dict[_Kind, int] = {}

    def note(self, generation: Generation) -> None:
        """Remember what AI/ML API charged, if it can be believed; the sandbox's is no news."""
        tokens = believed(generation)
        if tokens and generation.drawn_by == "imagen":
            self._seen[_kind(generation.request)] = round(tokens / generation.charged)

    def at_most(self, request: GenerationRequest) -> int:
        """Return the tokens to set aside: what it may cost, or the last charge if that is more."""
        return max(may_cost(request), self._seen.get(_kind(request), 0) * request.num_images)

    def estimate(self, model: str) -> Estimate | None:
        """Return what one plain picture will probably cost; None if nobody knows."""
        row = MODELS[model]
        seen = self._seen.get(_plain(model))
        if seen is not None:
            return Estimate(seen, None)
        if row.tokens_per_picture is None:
            return None
        return Estimate(row.tokens_per_picture, row.priced_on)

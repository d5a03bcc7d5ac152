"""What a picture costs, in words; and will probably cost: as last seen, else as documented.

`ui/handlers.py` notes every receipt here and asks before the click.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from imagen_demo.catalog import MODELS, TOKENS_PER_USD
from imagen_demo.generation import Generation


def dollars(usd: float) -> str:
    """Dollars with the decimals they need: `$0.042`, `$1.50`."""
    whole, _, decimals = f"{usd:.6f}".rstrip("0").partition(".")
    return f"${whole}.{decimals:0<2}"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A price before the fact.

    Attributes:
        tokens: Tokens for all pictures asked for.
        documented_on: The day of the documented figure; None if this process saw it charged.
    """

    tokens: int
    documented_on: date | None

    @property
    def usd(self) -> float:
        """The same in US dollars."""
        return self.tokens / TOKENS_PER_USD


class Prices:
    """Tokens per picture by model, as last seen; safe for many threads."""

    def __init__(self) -> None:
        """Nothing has been seen yet."""
        self._seen: dict[str, int] = {}

    def note(self, generation: Generation) -> None:
        """Remember what AI/ML API charged; the sandbox's figures are no news."""
        tokens = generation.usage.tokens_used
        request = generation.request
        # A larger or a searching picture may cost more; its price is none for the plain one.
        plain = request.resolution == "1K" and not request.enable_web_search
        if tokens and plain and generation.drawn_by == "imagen":
            self._seen[request.model] = round(tokens / generation.charged)

    def estimate(self, model: str, num_images: int) -> Estimate | None:
        """Return what so many pictures will probably cost; None if nobody knows."""
        row = MODELS[model]
        seen = self._seen.get(model)
        if seen is not None:
            return Estimate(seen * num_images, None)
        if row.tokens_per_picture is None:
            return None
        return Estimate(row.tokens_per_picture * num_images, row.priced_on)

    def together(self, models: Sequence[str]) -> Estimate | None:
        """Return what one picture of each model will probably cost; None if nobody knows."""
        known = [price for each in models if (price := self.estimate(each, 1))]
        if len(known) < len(models):
            return None
        days = [each.documented_on for each in known if each.documented_on]
        return Estimate(sum(each.tokens for each in known), min(days, default=None))

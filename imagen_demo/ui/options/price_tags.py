"""What a picture of each model will probably cost, as figures; `static/js/prices.js` words them.

`ui/create/handlers` and `ui/compare/handlers` send along what may have changed. The page looks
things up by itself, where no answer can overtake another.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypedDict

from imagen_demo.domain.catalog import MODELS
from imagen_demo.domain.pricing import Prices
from imagen_demo.service.provider_settings import DRAWN_HERE, Payer


class Price(TypedDict):
    """One plain picture's; `documented` is the day of that figure, None if it was charged here."""

    tokens: int
    documented: str | None


@dataclass(frozen=True, slots=True)
class Pricing:
    """Tells the page prices."""

    prices: Prices
    without_key: Payer

    @property
    def sandbox_draws(self) -> bool:
        """Whether a click without a key is free."""
        return self.without_key in DRAWN_HERE

    def of(self, model: str) -> Price | None:
        """Say what one plain picture of a model will probably cost; None if nobody knows."""
        price = self.prices.estimate(model)
        if price is None:
            return None
        day = price.documented_on
        return {"tokens": price.tokens, "documented": day.isoformat() if day else None}

    def of_each(self, models: Iterable[str] = MODELS) -> dict[str, Price | None]:
        """Say so of several."""
        return {model: self.of(model) for model in models}

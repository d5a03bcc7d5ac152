"""What the next click will probably cost, for every choice there is, so that the page knows it.

`ui/create/handlers` and `ui/compare/handlers` send the list along when a price may have changed;
`ui/wiring` and `ui/compare/wiring` look things up in it in the browser, where no answer can
overtake another.
"""

import json
from dataclasses import dataclass

from imagen_demo.domain.catalog import MAX_NUM_IMAGES, MODELS
from imagen_demo.domain.comparison import PRESETS, hindrance, models_of
from imagen_demo.domain.pricing import Prices
from imagen_demo.service.provider_settings import DRAWN_HERE, Payer
from imagen_demo.ui import messages

OF_PICTURES = "(list, model, pictures) => JSON.parse(list).pictures[model][pictures - 1]"
"""In the browser: what so many pictures of a model cost, in words."""

OF_COMPARISON = "(list, preset, model) => JSON.parse(list).comparison[model][preset]"
"""In the browser: what all columns of a comparison cost together, in words."""


@dataclass(frozen=True, slots=True)
class Pricing:
    """Puts prices into the page's words."""

    prices: Prices
    without_key: Payer

    @property
    def sandbox_draws(self) -> bool:
        """Whether a click without a key is free."""
        return self.without_key in DRAWN_HERE

    def of_pictures(self, model: str, num_images: int) -> str:
        """Say what the next generation will probably cost."""
        several = "num_images" in MODELS[model].options
        price = self.prices.estimate(model, num_images if several else 1)
        return messages.estimate(price, sandbox=self.sandbox_draws)

    def of_comparison(self, preset: str, model: str) -> str:
        """Say what the next comparison will probably cost, all together, or why there is none."""
        if hindered := hindrance(preset, model):
            return messages.quiet(f"{hindered.message} {hindered.advice}")
        models = models_of(preset, model)
        price = self.prices.together(models)
        return messages.estimate(price, sandbox=self.sandbox_draws, pictures=len(models))

    def everything(self) -> str:
        """List all of it, as JSON that is text to a browser and no markup."""
        pictures = {
            model: [self.of_pictures(model, number + 1) for number in range(MAX_NUM_IMAGES)]
            for model in MODELS
        }
        comparison = {
            model: {preset: self.of_comparison(preset, model) for preset in PRESETS}
            for model in MODELS
        }
        said = json.dumps({"pictures": pictures, "comparison": comparison})
        return said.replace("<", "\\u003c").replace("&", "\\u0026")
